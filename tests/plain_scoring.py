"""Concept BM25F with dictionaries, in float64: what the scorer over arrays is compared with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from searcher import Document, Token, analyze
from searcher.expansion import add_spellings
from searcher.query import Clause, Concept, Phrase, Query
from searcher.ranking import (
    EXACT_SHARE,
    TITLE_FREQUENCY,
    TITLE_SHARE,
    ConceptStatistics,
    concept_weights,
    length_norm,
    saturate,
)
from searcher.words import fold


class PlainScorer:
    """Scores documents that have a language each, one after the other."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self.languages = {document.id: document.language or "" for document in documents}
        self._titles = {id: analyze(document.title, self.languages[id]) for id, document in _by_id(documents)}
        self._texts = {id: analyze(document.text, self.languages[id]) for id, document in _by_id(documents)}
        self._vocabulary = {
            token.exact for tokens in (*self._titles.values(), *self._texts.values()) for token in tokens
        }
        self._counts = Counter(self.languages.values())
        lengths = {id: len(self._titles[id]) + len(self._texts[id]) for id in self.languages}
        totals = Counter[str]()
        for id, length in lengths.items():
            totals[self.languages[id]] += length
        self._norms = {
            id: length_norm(lengths[id], totals[code] / self._counts[code]) for id, code in self.languages.items()
        }

    def add_accents(self, query: Query) -> Query:
        """Let every word without accents also stand for the words of the documents that have some."""

        def spell(word: str) -> list[str]:
            return sorted(other for other in self._vocabulary if word.isalpha() and fold(other) == word)

        def add(clause: Clause) -> Clause:
            if isinstance(clause, Concept):
                return add_spellings(clause, [spelling for word in clause.exacts for spelling in spell(word)])
            return replace(clause, words=tuple(forms.union(*map(spell, forms)) for forms in clause.words))

        return replace(query, clauses=tuple(map(add, query.clauses)))

    def score(self, query: Query) -> dict[str, float]:
        """Return the score of every document that a query asks for, by id."""
        held = [self._hold(clause) for clause in query.clauses]
        statistics = [_describe(clause, Counter(map(self.languages.__getitem__, by_id))) for clause, by_id in held]
        weights = concept_weights(statistics, self._counts)
        scores = {
            id: 0.0 for (_, by_id), weight in zip(held, weights, strict=True) if weight.is_selective for id in by_id
        }
        for (clause, by_id), weight in zip(held, weights, strict=True):
            for id, (title, text) in by_id.items():
                if id in scores:
                    scores[id] += weight.weight * self._share(clause, id, title, text)
        return scores

    def _hold(self, clause: Clause) -> tuple[Clause, dict[str, tuple[int, int]]]:
        """Return how often each document holds a clause, in title and text."""
        pairs = {
            id: (_count(clause, code, self._titles[id]), _count(clause, code, self._texts[id]))
            for id, code in self.languages.items()
        }
        return clause, {id: pair for id, pair in pairs.items() if any(pair)}

    def _share(self, clause: Clause, id: str, title: int, text: int) -> float:
        norm = self._norms[id]
        share = saturate(TITLE_FREQUENCY * title + text, norm) + TITLE_SHARE * saturate(title, 1.0)
        if isinstance(clause, Concept):
            title = sum(token.exact in clause.exacts for token in self._titles[id])
            text = sum(token.exact in clause.exacts for token in self._texts[id])
            share += EXACT_SHARE * saturate(TITLE_FREQUENCY * title + text, norm)
        return share


def _by_id(documents: Sequence[Document]) -> list[tuple[str, Document]]:
    return [(document.id, document) for document in documents]


def _describe(clause: Clause, counts: Counter[str]) -> ConceptStatistics:
    if isinstance(clause, Phrase):
        return ConceptStatistics(counts)
    return ConceptStatistics(counts, clause.function_word_in, clause.count)


def _count(clause: Clause, code: str, tokens: Sequence[Token]) -> int:
    """Count the tokens that are of a concept, or where a phrase begins."""
    if isinstance(clause, Concept):
        return sum(token.term in clause.terms[code] for token in tokens)
    places = [{token.position for token in tokens if token.exact in forms} for forms in clause.words]
    return sum(all(begin + n in here for n, here in enumerate(places)) for begin in places[0])
