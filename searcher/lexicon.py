"""A lexicon: on which pairs of words do several glossaries agree?

A dictionary of the two languages has two votes. Two that share a third language, the pivot, have one together for each
pair of words that a term of the pivot links; so a pair that one pivot confuses (bank, bench) is told from one that
several confirm.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

from searcher.glossaries import Glossary
from searcher.translations import Translations

DIRECT_VOTES = 2
"""Of a glossary of the two languages themselves; also the fewest that make a pair sure."""

MOST_UNSURE = 3
"""Candidates; a word with more of them and no sure one has none."""

WIDEST_LINK = 20
"""Words of one language that a term of a pivot may lead to; one that leads to more says nothing."""

_Words = tuple[str, str]

_Ways = defaultdict[str, set[str]]
"""From a term of a pivot to the words of a language that it translates."""


class Pair(NamedTuple):
    """Two words that translate each other, and how many votes say so."""

    source: str
    target: str
    votes: int


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Pairs of single words in two languages, the surest first."""

    source: str
    target: str
    pairs: tuple[Pair, ...]

    def to_terms(self, source_term: Callable[[str], str], target_term: Callable[[str], str]) -> Lexicon:
        """Return the pairs as an index spells them, by their stems; of pairs that become one, the surest stays.

        A word whose term is "" is left out.
        """
        source_term, target_term = cache(source_term), cache(target_term)
        votes: dict[_Words, int] = {}
        for source, target, count in self.pairs:
            votes.setdefault((source_term(source), target_term(target)), count)
        return replace(self, pairs=tuple(Pair(*pair, count) for pair, count in votes.items() if all(pair)))

    def reverse(self) -> Lexicon:
        """Return the same pairs for the other direction."""
        return Lexicon(self.target, self.source, tuple(Pair(target, source, n) for source, target, n in self.pairs))

    def tabulate(self, limit: int = 5) -> Translations:
        """Return the translations of each word, the surest `limit` of them, for looking up."""
        rows: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
        for source, target, votes in self.pairs:
            if len(rows[source]) < limit:
                rows[source].append((target, votes))
        return Translations.build(self.source, self.target, rows)


def join_glossaries(glossaries: Iterable[Glossary], source: str, target: str) -> Lexicon:
    """Join glossaries of two languages, and pairs of glossaries that link them through a third.

    A pair is kept where it is sure. A word without a sure one keeps the few candidates that it has.
    """
    votes, links = _count_votes(glossaries, source, target)
    sure = [pair for pair, count in votes.items() if count >= DIRECT_VOTES]
    unsure = [pair for pair, count in votes.items() if count < DIRECT_VOTES]
    kept = [*sure, *_back_off(sure, unsure)]
    kept.sort(key=lambda pair: (-votes[pair], -links[pair], pair))
    return Lexicon(source, target, tuple(Pair(*pair, votes[pair]) for pair in kept))


def _count_votes(glossaries: Iterable[Glossary], source: str, target: str) -> tuple[Counter[_Words], Counter[_Words]]:
    """Count the votes for each pair, and the glossaries and terms of pivots that say so."""
    direct: Counter[_Words] = Counter()
    pivots: defaultdict[str, tuple[_Ways, _Ways]] = defaultdict(lambda: (defaultdict(set), defaultdict(set)))
    for glossary in glossaries:
        if {glossary.source, glossary.target} == {source, target}:
            direct.update(pair for pair in glossary.pairs_from(source) if not _has_phrase(pair))
            continue
        for side, language in enumerate((source, target)):
            if language in (glossary.source, glossary.target):
                pivot = glossary.target if glossary.source == language else glossary.source
                for word, term in glossary.pairs_from(language):
                    pivots[pivot][side][term].add(word)
    votes = Counter(dict.fromkeys(direct, DIRECT_VOTES))
    links = direct.copy()
    for to_source, to_target in pivots.values():
        linked = Counter(pair for pair in _link(to_source, to_target) if not _has_phrase(pair))
        votes.update(linked.keys())
        links.update(linked)
    return votes, links


def _link(to_source: _Ways, to_target: _Ways) -> Iterator[_Words]:
    for term in to_source.keys() & to_target.keys():
        if max(len(to_source[term]), len(to_target[term])) <= WIDEST_LINK:
            yield from ((source, target) for source in to_source[term] for target in to_target[term])


def _has_phrase(pair: _Words) -> bool:
    return " " in pair[0] or " " in pair[1]


def _back_off(sure: list[_Words], unsure: list[_Words]) -> Iterator[_Words]:
    """Yield the unsure pairs of words that have a few of those and nothing else."""
    wanting = []
    for side in (0, 1):
        settled = {pair[side] for pair in sure}
        counts = Counter(pair[side] for pair in unsure)
        wanting.append({word for word, count in counts.items() if count <= MOST_UNSURE} - settled)
    return (pair for pair in unsure if pair[0] in wanting[0] or pair[1] in wanting[1])
