"""Expansion: which words of the index are meant by those of a query?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from searcher.analysis import get_analyzer
from searcher.query import Clause, Concept, Query
from searcher.words import find_words, fold

REMEMBERED_CLAUSES = 10_000
"""Of queries, with what they mean in an index."""


class Expander:
    """Adds to queries what one generation of an index knows of their words; it remembers the clauses it has seen.

    `find_spellings`: gives the words of the documents that are a word without accents but for their accents.
    """

    def __init__(self, find_spellings: Callable[[str], Sequence[str]]) -> None:
        self._find_spellings = find_spellings
        self._known: dict[Clause, Clause] = {}

    def expand(self, query: Query) -> Query:
        """Let every word that was typed without accents also find the words of the index that have some."""
        return replace(query, clauses=tuple(map(self._expand, query.clauses)))

    def _expand(self, clause: Clause) -> Clause:
        known = self._known.get(clause)
        if known is None:
            if len(self._known) >= REMEMBERED_CLAUSES:
                self._known.clear()
            known = self._known[clause] = self._add_accents(clause)
        return known

    def _add_accents(self, clause: Clause) -> Clause:
        if isinstance(clause, Concept):
            return add_spellings(clause, [spelling for word in clause.exacts for spelling in self._spell(word)])
        return replace(clause, words=tuple(forms.union(*map(self._spell, forms)) for forms in clause.words))

    def _spell(self, word: str) -> Sequence[str]:
        return self._find_spellings(word) if word.isalpha() and fold(word) == word else ()


def add_spellings(concept: Concept, spellings: Iterable[str]) -> Concept:
    """Return a concept that is also met where its word is spelled otherwise, with accents say.

    Its exact forms stay: only the word as typed counts as typed.
    """
    others = [word for spelling in spellings if spelling not in concept.exacts for word in find_words(spelling)]
    if not others:
        return concept
    terms = {
        code: tuple(dict.fromkeys((*known, *(get_analyzer(code).term(word) for word in others))))
        for code, known in concept.terms.items()
    }
    return replace(concept, terms=terms)
