"""Similarity: what would one ask for to find documents like this one?

title, text -> concepts -> the telling ones, by how often they stand there and how rare they are -> Query
"""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from searcher.analysis import get_analyzer
from searcher.languages import UNDETERMINED
from searcher.query import Boolean, Clause, Concept, Query, make_concepts
from searcher.ranking import TITLE_FREQUENCY, TITLE_SHARE, idf, saturate

MAX_CONCEPTS = 25
"""That a query has."""

MAX_CANDIDATES = 40
"""Words of a document that are looked up with all that they mean: those that seem to tell most as they are."""

CHARACTERS = 50_000
"""Of a text that are read: what a document is about, it says in its beginning."""

SHORTEST = 2
"""Characters; a letter says nothing."""


def make_similar_query(
    title: str,
    text: str,
    language: str,
    *,
    count_word: Callable[[str], int],
    expand: Callable[[Query], Query],
    count_holders: Callable[[Iterable[Clause]], Sequence[Mapping[str, int]]],
    document_counts: Mapping[str, int],
) -> Query:
    """Return the query of the concepts that tell most of a document of the index.

    `count_word`: tells how many documents hold a word as it is. `expand`: adds to a query what the index knows of its
    words. `count_holders`: tells how many documents of each language hold each of some concepts.
    """
    total = sum(document_counts.values())

    def promise(candidate: tuple[Concept, float]) -> tuple[bool, float]:
        """Tell how much a word may tell: before all else, whether another document has it."""
        concept, share = candidate
        held = sum(map(count_word, concept.exacts))
        return held > 1, share * idf(min(held, total), total)

    candidates = sorted(find_concepts(title, text, language), key=promise, reverse=True)[:MAX_CANDIDATES]
    concepts = expand(Query(title, tuple(concept for concept, _ in candidates))).concepts
    weighed = [
        (share * idf(holders.get(language, 0), document_counts[language]), replace(concept, count=round(share, 2)))
        for concept, (_, share), holders in zip(concepts, candidates, count_holders(concepts), strict=True)
        if sum(holders.values()) > 1
    ]
    best = sorted(weighed, key=operator.itemgetter(0), reverse=True)[:MAX_CONCEPTS]
    return Query(title, tuple(concept for _, concept in best), root=Boolean(should=tuple(range(len(best)))))


def find_concepts(title: str, text: str, language: str) -> list[tuple[Concept, float]]:
    """Return the concepts of a document that are no function words, and the share that each earns in it, most first.

    Of words with the same stem, the most frequent stands for all.
    """
    analyze = get_analyzer(language).analyze
    counts: dict[str, tuple[Counter[str], list[int]]] = {}
    for place, part in enumerate((title, text[:CHARACTERS])):
        for token in analyze(part):
            forms, frequencies = counts.setdefault(token.term, (Counter(), [0, 0]))
            forms[part[token.start : token.end]] += 1
            frequencies[place] += 1
    shares = {term: _share(*frequencies) for term, (_, frequencies) in counts.items() if len(term) >= SHORTEST}
    found: list[tuple[Concept, float]] = []
    for term, share in sorted(shares.items(), key=lambda pair: -pair[1]):
        [(written, _)] = counts[term][0].most_common(1)
        concept = make_concepts(written, True)[0]
        if concept.variants[0].terms[language] == (term,) and not _is_grammar(concept, language):
            found.append((concept, share))
    return found


def _share(in_title: int, in_text: int) -> float:
    """Return what a document of average length earns by a word."""
    return saturate(TITLE_FREQUENCY * in_title + in_text, 1.0) + TITLE_SHARE * saturate(in_title, 1.0)


def _is_grammar(concept: Concept, language: str) -> bool:
    known = concept.function_word_in
    return bool(known) if language == UNDETERMINED else language in known
