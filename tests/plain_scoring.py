"""Concept BM25F with dictionaries, in float64: what the scorer over arrays is compared with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from searcher import Document, Token, analyze
from searcher.expansion import Expander, add_near_spellings
from searcher.filters import DATE, LANGUAGE, Filter, fold_value
from searcher.query import Boolean, Clause, Concept, Operand, Query, Variant
from searcher.ranking import (
    EXACT_SHARE,
    TITLE_FREQUENCY,
    TITLE_SHARE,
    ConceptStatistics,
    concept_weights,
    length_norm,
    saturate,
)
from searcher.suggestions import Speller, find_unknown
from searcher.words import find_words, fold


class PlainScorer:
    """Scores documents that have a language each, one after the other."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self.documents = {document.id: document for document in documents}
        self.languages = {document.id: document.language or "" for document in documents}
        self._titles = {id: analyze(document.title, self.languages[id]) for id, document in self.documents.items()}
        self._texts = {id: analyze(document.text, self.languages[id]) for id, document in self.documents.items()}
        held = [{token.exact for token in tokens} for part in (self._titles, self._texts) for tokens in part.values()]
        self._vocabulary = Counter(word for words in held for word in words)
        self._counts = Counter(self.languages.values())
        lengths = {id: len(self._titles[id]) + len(self._texts[id]) for id in self.languages}
        totals = Counter[str]()
        for id, length in lengths.items():
            totals[self.languages[id]] += length
        self._norms = {
            id: length_norm(lengths[id], totals[code] / self._counts[code]) for id, code in self.languages.items()
        }

    def has_field(self, name: str) -> bool:
        """Tell whether a document has a metadata field."""
        return any(
            fold_value(name) == fold_value(other) for document in self.documents.values() for other in document.metadata
        )

    def expand(self, query: Query) -> Query:
        """Let every word also stand for the words of the documents that are meant by it."""
        return Expander(self, lambda _: {}).expand(query)

    def expand_unknown(self, query: Query) -> Query:
        """Let the words that no document holds also stand for those that are spelled nearly so."""
        unknown = find_unknown(query, lambda clause: bool(self._shares(clause)))
        return add_near_spellings(query, unknown, Speller(self.find_spellings, self.find_beginning).spell_near)

    def find_names(self, word: str) -> list[str]:
        """Return nothing: names are not what is compared."""
        return []

    def count_word(self, word: str) -> int:
        """Return how many documents hold a word."""
        return self._vocabulary[word]

    def find_spellings(self, word: str) -> list[str]:
        return sorted(other for other in self._vocabulary if fold(other) == word)

    def find_beginning(self, beginning: str) -> dict[str, int]:
        return {word: count for word, count in self._vocabulary.items() if fold(word).startswith(beginning)}

    def score(self, query: Query) -> dict[str, float]:
        """Return the score of every document that a query asks for, by id."""
        shares = [self._shares(clause) for clause in query.clauses]
        statistics = [self._describe(clause) for clause in query.clauses]
        weights = concept_weights(statistics, self._counts)
        selective = [weight.is_selective for weight in weights] + [True] * len(query.excluded)
        sets = [set(self._shares(clause)) for clause in (*query.clauses, *query.excluded)]
        found = self._match(query.root, sets, selective) if query.root != Boolean() else set()
        return {
            id: sum(weight.weight * by_id.get(id, 0.0) for weight, by_id in zip(weights, shares, strict=True))
            for id in found
        }

    def _match(self, asked: Boolean, sets: Sequence[set[str]], selective: Sequence[bool]) -> set[str]:
        def find(operand: Operand) -> set[str]:
            if isinstance(operand, Filter):
                return {id for id, document in self.documents.items() if _passes(operand, document)}
            return sets[operand] if isinstance(operand, int) else self._match(operand, sets, selective)

        found = set(self.documents)
        for operand in asked.must:
            found &= find(operand)
        if asked.should and all(map(_is_filter, asked.must)):
            telling = [one for one in asked.should if not isinstance(one, int) or selective[one]]
            found &= set[str]().union(*map(find, telling or asked.should))
        return found.difference(*map(find, asked.must_not))

    def _describe(self, clause: Clause) -> ConceptStatistics:
        if not isinstance(clause, Concept):
            return ConceptStatistics(Counter(map(self.languages.__getitem__, self._shares(clause))))
        full = [variant for variant in clause.variants if variant.weight == 1]
        holders = {
            id for variant in full or clause.variants for id in self.documents if any(self._count(clause, variant, id))
        }
        counts = Counter(map(self.languages.__getitem__, holders))
        return ConceptStatistics(counts, clause.function_word_in, clause.count)

    def _count(self, clause: Concept, variant: Variant, id: str) -> tuple[int, int]:
        """Count the words of a variant in title and text."""
        terms = variant.terms.get(self.languages[id], ())
        title = sum(token.term in terms for token in self._titles[id])
        return title, 0 if clause.in_title else sum(token.term in terms for token in self._texts[id])

    def _shares(self, clause: Clause) -> dict[str, float]:
        """Return the share that a clause earns in each document that holds it."""
        shares = {}
        for id, norm in self._norms.items():
            title, text, exact = 0.0, 0.0, 0.0
            if isinstance(clause, Concept):
                for variant in clause.variants:
                    in_title, in_text = self._count(clause, variant, id)
                    title += variant.weight * in_title
                    text += variant.weight * in_text
                exact_title = sum(token.exact in clause.exacts for token in self._titles[id])
                exact_text = sum(token.exact in clause.exacts for token in self._texts[id])
                exact = TITLE_FREQUENCY * exact_title + exact_text * (not clause.in_title)
            else:
                title = _count_places(clause.words, self._titles[id])
                text = 0 if clause.in_title else _count_places(clause.words, self._texts[id])
            if title or text:
                share = saturate(TITLE_FREQUENCY * title + text, norm) + TITLE_SHARE * saturate(title, 1.0)
                shares[id] = share + EXACT_SHARE * saturate(exact, norm)
        return shares


def _count_places(words: Sequence[frozenset[str]], tokens: Sequence[Token]) -> int:
    """Count where a phrase begins; of one word, how often it stands there in one of its forms."""
    if len(words) == 1:
        return sum(token.exact in words[0] for token in tokens)
    places = [{token.position for token in tokens if token.exact in forms} for forms in words]
    return sum(all(begin + n in here for n, here in enumerate(places)) for begin in places[0])


def _is_filter(operand: Operand) -> bool:
    if isinstance(operand, Boolean):
        return all(map(_is_filter, (*operand.must, *operand.should, *operand.must_not)))
    return isinstance(operand, Filter)


def _passes(asked: Filter, document: Document) -> bool:
    if asked.field == LANGUAGE:
        return document.language == asked.first
    if asked.field == DATE:
        day = f"{document.date or ''}-01-01"[:10]
        return document.date is not None and asked.first <= day and (not asked.last or day <= asked.last)
    named = (value for name, value in document.metadata.items() if fold_value(name) == fold_value(asked.field))
    return any(asked.first in keys for value in named for keys in _keys(value))


def _keys(value: Any) -> Iterable[set[str]]:
    """Yield what each of the values of a field is found by."""
    if isinstance(value, list):
        for inner in value:
            yield from _keys(inner)
    elif isinstance(value, str):
        yield {fold_value(value), *(fold(word.exact) for word in find_words(value))}
    elif value is not None and not isinstance(value, Mapping):
        yield from _keys(str(value).lower() if isinstance(value, bool) else str(value))
