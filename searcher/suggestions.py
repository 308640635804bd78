"""Suggestions: which word of the index was meant by this one, and which may it become?

Pure logic over words and how many documents hold each. Near spellings are told apart by what fingers do: miss a key,
hit it twice, too early, or the one beside it. The only importer of rapidfuzz, imported where words are compared.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice, pairwise

from searcher.grammar import find_plain_parts
from searcher.languages import get_language, get_languages, language_codes
from searcher.query import Clause, Concept, Query
from searcher.words import find_words, fold

SHORTEST = 4
"""Letters of a word that another is suggested for; shorter ones are near to too many."""

SHORTEST_TRIED = 5
"""Letters of a word that others are tried for without being asked."""

MOST_TRIED = 3
"""Words that are tried in the place of one."""

MOST_CORRECTED = 8
"""Words of a query; in one that has more of them unknown the others are left alone."""

SECOND_SLIP = 7
"""Letters of a word that may have two wrong ones, where no other word has one."""

SLIP, BESIDE, ERROR = 1.0, 1.25, 1.5
"""What a wrong letter counts: a key missed, hit twice or too early; one of the keys beside it; any other."""

FREQUENCY = 0.15
"""Of a slip, what ten times as many documents make up for."""

OVERSHADOWED = 4
"""Times: a spelling is left out where another one of the same letters has so many more documents."""

REMEMBERED_WORDS = 1_000
"""With what they may become, and what was meant by them."""


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of an index that have the same first letter, accents left aside."""

    counts: Mapping[str, int]
    """Of each, the documents that hold it, whatever its accents."""

    spellings: Mapping[str, Sequence[tuple[str, int]]]
    """Of those that are written with accents: how, and in how many documents, most first."""

    by_length: Mapping[int, Sequence[str]]

    ranked: str
    """A line for each, most documents first: those that begin so are found in no time."""

    def spell(self, word: str) -> Sequence[tuple[str, int]]:
        """Return how a word is written, and in how many documents, most first."""
        return self.spellings.get(word) or ((word, self.counts[word]),)


class Speller:
    """Knows how words are spelled in one generation of an index; it reads those of a first letter once.

    `find_spellings` and `find_beginning`: as those of `searcher.engines.Snapshot`.
    """

    def __init__(
        self,
        find_spellings: Callable[[str], Sequence[str]],
        find_beginning: Callable[[str], Mapping[str, int]],
    ) -> None:
        self._find_spellings = find_spellings
        self._find_beginning = find_beginning
        self._words: dict[str, _Words] = {}
        self._complete = lru_cache(REMEMBERED_WORDS)(self._find_completions)
        self.find_near = lru_cache(REMEMBERED_WORDS)(self._find_near)

    def complete(self, text: str, limit: int) -> list[str]:
        """Return a text with its last word completed in at most `limit` ways, most documents first."""
        words = list(find_words(text))
        if not words or words[-1].end < len(text):
            return []
        start = words[-1].start
        found = self._complete(words[-1].exact, limit)
        return [text[:start] + copy_capitals(text[start:], word) for word in found]

    def correct(self, word: str, language: str | None = None) -> str | None:
        """Return the word that was most likely meant by one that no document holds, None where none is near.

        `language`: the one that decides between spellings that differ in accents alone.
        """
        folded = fold(word)
        if not is_correctable(folded):
            return None
        near = self.find_near(folded)
        if not near or measure_slips(folded, near[0]) > SLIP:
            near = self._rank(folded, [*near[:1], *self._find_other_beginnings(folded)])
        return self._spell(near[0], language) if near else None

    def spell_near(self, word: str) -> list[str]:
        """Return the words to be tried where no document holds one, likeliest first; they begin like it.

        Those that take a slip more than the likeliest are none.
        """
        folded = fold(word)
        near = self.find_near(folded) if folded.isalpha() and len(folded) >= SHORTEST_TRIED else []
        most = measure_slips(folded, near[0]) + ERROR - SLIP if near else 0
        likely = (other for other in near if measure_slips(folded, other) <= most)
        return [self._spell(other, None) for other in islice(likely, MOST_TRIED)]

    def _find_near(self, word: str) -> list[str]:
        """Return the words with few other letters and the same first one, likeliest first; all without accents."""
        by_length = self._read(word[0]).by_length
        for slips in (1, 2) if len(word) >= SECOND_SLIP else (1,):
            groups = [by_length.get(length, ()) for length in range(len(word) - slips, len(word) + slips + 1)]
            found = [others[place] for others in groups for place, _ in find_near(word, others, slips)]
            if found:
                return self._rank(word, found)
        return []

    def _rank(self, word: str, others: Iterable[str]) -> list[str]:
        """Return words in the order of how likely they were meant by this one."""

        def measure(other: str) -> float:
            return measure_slips(word, other) - FREQUENCY * math.log10(self._read(other[0]).counts[other])

        return sorted(others, key=lambda other: (measure(other), other))

    def _find_other_beginnings(self, word: str) -> Iterator[str]:
        """Yield the words that a slip in the first letter makes this one of; all without accents."""
        letters = [chr(code) for code in range(ord("a"), ord("z") + 1)]
        others = {word[1:], word[1] + word[0] + word[2:], *(letter + word for letter in letters)}
        others.update(letter + word[1:] for letter in letters if letter + word[0] in _beside())
        for other in others:
            # To read all words of a letter takes longer than to look a few up, and all are hardly ever needed.
            if (other[0] in self._words or self._find_spellings(other)) and other in self._read(other[0]).counts:
                yield other

    def _spell(self, word: str, language: str | None) -> str:
        spellings = self._read(word[0]).spell(word)
        if language not in language_codes():
            return spellings[0][0]
        has_accents = bool(get_language(language).letters)
        return next((spelling for spelling, _ in spellings if (spelling != word) == has_accents), spellings[0][0])

    def _find_completions(self, beginning: str, limit: int) -> list[str]:
        folded = fold(beginning)
        if not folded:
            return []
        words = self._read(folded[0])
        found = (
            spelling
            for word in _find_lines(words.ranked, folded)
            for spelling, _ in words.spell(word)
            if folded == beginning or spelling.startswith(beginning)
        )
        return list(islice(found, limit))

    def _read(self, letter: str) -> _Words:
        if letter not in self._words:
            self._words[letter] = _arrange(self._find_beginning(letter))
        return self._words[letter]


def _arrange(found: Mapping[str, int]) -> _Words:
    written = {word: count for word, count in found.items() if word.isalpha()}
    counts: dict[str, int] = {}
    spellings: dict[str, list[tuple[str, int]]] = {}
    for word, count in written.items():
        folded = fold(word)
        counts[folded] = counts.get(folded, 0) + count
        if folded != word:
            spellings.setdefault(folded, []).append((word, count))
    by_length: dict[int, list[str]] = {}
    for folded in counts:
        by_length.setdefault(len(folded), []).append(folded)
    for folded, spelled in spellings.items():
        if folded in written:
            spelled.append((folded, written[folded]))
        spelled.sort(key=lambda pair: (-pair[1], pair[0]))
        spellings[folded] = [pair for pair in spelled if pair[1] * OVERSHADOWED > spelled[0][1]]
    ranked = sorted(counts, key=lambda folded: (-counts[folded], folded))
    return _Words(counts, spellings, by_length, "\n".join(("", *ranked, "")))


def find_unknown(query: Query, holds: Callable[[Clause], bool]) -> list[Concept]:
    """Return the words of a query that may be mistyped: neither numbers nor grammar, and no document holds them.

    `holds`: tells whether a document holds what a clause asks for.
    """
    words = [
        concept
        for concept in query.concepts
        if not (concept.function_word_in or concept.in_title or concept.is_loose) and is_correctable(concept.exacts[0])
    ]
    return [concept for concept in words if not holds(concept)][:MOST_CORRECTED]


def is_correctable(word: str) -> bool:
    """Tell whether another word may be suggested for one: it is long enough, and all letters."""
    return len(word) >= SHORTEST and word.isalpha()


def find_near(word: str, others: Sequence[str], slips: int) -> list[tuple[int, int]]:
    """Return the places of the words that differ from one by so many letters at most, and by how many each does.

    Two letters that change places are one.
    """
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extract

    near = extract(word, others, scorer=OSA.distance, score_cutoff=slips, limit=None)
    return [(place, gap) for _, gap, place in near]


def measure_slips(typed: str, meant: str) -> float:
    """Return what it takes to type one word where another is meant, at least `SLIP` for each wrong letter.

    The edit distance with transpositions of neighbours (optimal string alignment), with weights.
    """
    typed, meant = _cut_common(typed, meant)
    typed, meant = _cut_common(typed[::-1], meant[::-1])
    before: list[float] = []
    row = [SLIP * place for place in range(len(meant) + 1)]
    for i, letter in enumerate(typed):
        around = typed[max(i - 1, 0) : i] + typed[i + 1 : i + 2]
        extra = min((_measure_key(letter, other) or SLIP for other in around), default=ERROR)
        above, row = row, [row[0] + extra]
        for j, other in enumerate(meant):
            best = min(above[j] + _measure_key(letter, other), above[j + 1] + extra, row[j] + SLIP)
            if i and j and letter == meant[j - 1] and typed[i - 1] == other:
                best = min(best, before[j - 1] + SLIP)
            row.append(best)
        before = above
    return row[-1]


def _cut_common(typed: str, meant: str) -> tuple[str, str]:
    """Return two words without the letters that they begin with alike, but for the last of these."""
    common = next(
        (n for n, (a, b) in enumerate(zip(typed, meant, strict=False)) if a != b), min(len(typed), len(meant))
    )
    start = max(common - 1, 0)
    return typed[start:], meant[start:]


def _measure_key(letter: str, other: str) -> float:
    """Return what one key in the place of another counts."""
    return 0.0 if letter == other else BESIDE if letter + other in _beside() else ERROR


@cache
def _beside() -> frozenset[str]:
    """Return the pairs of keys that are neighbours."""
    pairs = set[str]()
    for rows in (pack.keyboard for pack in get_languages()):
        for row in rows:
            pairs.update(map("".join, pairwise(row)))
        for upper, lower in pairwise(rows):
            pairs.update(map("".join, zip(upper, lower, strict=False)))
            pairs.update(map("".join, zip(upper[1:], lower, strict=False)))
    return frozenset(pairs | {pair[::-1] for pair in pairs})


def _find_lines(lines: str, beginning: str) -> Iterator[str]:
    """Yield the lines that begin so; all of them have a line feed on both sides."""
    start = lines.find(f"\n{beginning}")
    while start >= 0:
        end = lines.index("\n", start + 1)
        yield lines[start + 1 : end]
        start = lines.find(f"\n{beginning}", end)


def replace_words(text: str, words: Mapping[str, str]) -> str:
    """Return a query with other words in the place of some, which are given as they are indexed.

    What is quoted, in a field, excluded or has a sign of its own stays, and so do capitals.
    """
    pieces, done = [], 0
    for start, end in find_plain_parts(text):
        for word in find_words(text[start:end]):
            first, last = start + word.start, start + word.end
            if word.exact in words and first >= done:
                pieces += [text[done:first], copy_capitals(text[first:last], words[word.exact])]
                done = last
    return "".join((*pieces, text[done:]))


def copy_capitals(written: str, word: str) -> str:
    """Return a word with capitals where another has them: everywhere, or as its first letter.

    >>> copy_capitals("Espce", "espace")
    'Espace'
    """
    if written.isupper() and len(written) > 1:
        return word.upper()
    return word[:1].upper() + word[1:] if written[:1].isupper() else word
