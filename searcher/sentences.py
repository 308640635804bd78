"""Sentences: how does this text stand on one line, and where do its sentences end?"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from searcher.languages import function_words_of, get_languages, language_codes

Span = tuple[int, int]
"""Start and end of a part of a text."""

# Controls, halves of surrogate pairs, marks of direction, soft hyphens, tags. The two joiners are not among them,
# because they hold emoji and the letters of some scripts together.
HIDDEN = "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b\u200e"
HIDDEN += "\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000110bd\U000110cd\U00013430-\U0001343f"
HIDDEN += "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f"
UNCLEAN = re.compile(rf"[\s{HIDDEN}](?:[\s{HIDDEN}]++|(?<=[\t-\r\x1c-\x1f\x85\u2028\u2029{HIDDEN}])|(?<=\A\s)|\Z)")
"""Any of these, and white space that is more than one space: a run, a line end, the text's own ends."""
SPACE = re.compile(r"\s")
GAP = re.compile("  ++")

LIST_MARK = r"(?:[-–—*•·] )"
LIST_ENTRY = re.compile(LIST_MARK)
LIST_ENTRIES = re.compile(f"{LIST_MARK}*")
NEW_ENTRY = re.compile(f"\n{LIST_MARK}")
WITHIN_PARAGRAPH = re.compile(f"\n(?!{LIST_MARK})")
EMPTY_LINE = re.compile(r"(?>\r\n|[\n\r\x85])[^\n\r\x85]*[\n\r\x85]|\u2029")

MARKS = ".!?…"
CLOSING = "\"'”’»)]"
BOUNDARY = re.compile(
    rf"[{MARKS}\n](?:(?<=\n)(?P<entry>{LIST_MARK}*+)"
    rf"|[{MARKS}]*+(?:[{re.escape(CLOSING)}]|[ \u00a0\u202f]»)*+(?P<gap>\n{LIST_MARK}*+|\s)?+)"
)
"""A line end with the marks of a list behind it, or all the marks that may end a sentence, with the gap behind them."""
MARK_LETTERS = f"{MARKS}{CLOSING} \u00a0\u202f"
BLOCK_LENGTH = 100
"""Characters before a place in which its sentence is looked for at first."""

LAST_WORD = re.compile(r"[\w.-]*\w$")
ABBREVIATION_LENGTH = 12
NEVER_FIRST = ".,;:!?…%)]}»”"
FIRST_LETTER = re.compile(r"\W*(\w)")


def clean_line(text: str) -> str:
    """Return a text on one line, without what controls a terminal or turns the direction of writing."""
    return lay_out(text)[0].replace("\n", " ")


def lay_out(text: str) -> tuple[str, Callable[[int], int] | None]:
    """Return a text as it is shown, and what moves an offset from the text into it, None where they are the same.

    Nothing hidden is left, words part at one space, paragraphs at \\n.
    """
    line = WITHIN_PARAGRAPH.sub(" ", text) if NEW_ENTRY.search(text) else text.replace("\n", " ")
    plain = text.replace("\n", " ").replace("\u00a0", " ").replace("\u202f", " ")
    if plain.isprintable():  # then all else is white space, and each line end that stands alone is shown
        spans = _find_gaps(plain)
        if not spans:
            return line, None
    else:
        line = text
        spans = [run.span() for run in UNCLEAN.finditer(text)]
    pieces: list[str] = []
    runs = [(0, 0, 0, 0)]  # what is not kept as written: its start and end in the text, then in the line
    for start, end in spans:
        pieces.append(line[runs[-1][1] : start])
        kept = ""
        if start > 0 and end < len(text) and SPACE.search(text, start, end):
            is_entry = "\n" in text[start:end] and LIST_ENTRY.match(text, end)
            kept = "\n" if is_entry or EMPTY_LINE.search(text, start, end) else " "
        pieces.append(kept)
        place = runs[-1][3] + start - runs[-1][1]
        runs.append((start, end, place, place + len(kept)))

    def move(offset: int) -> int:
        start, end, line_start, line_end = runs[bisect_left(runs, (offset + 1,)) - 1]
        return line_start if start <= offset < end else line_end + offset - end

    return "".join((*pieces, line[runs[-1][1] :])), move


def _find_gaps(plain: str) -> list[Span]:
    """Return where a text whose white space is spaces has more than one, or one at an end."""
    gaps = [gap.span() for gap in GAP.finditer(plain)]
    if plain[:1] == " " != plain[1:2]:
        gaps.insert(0, (0, 1))
    if plain[-1:] == " " != plain[-2:-1] and len(plain) > 1:
        gaps.append((len(plain) - 1, len(plain)))
    return gaps


class Sentences:
    """The sentences of a line that is not empty; the line is read only around the places that are asked for.

    None ends within a part that is whole: `starts` are theirs, in order, `reaches` the greatest end of each and those
    before it.
    """

    def __init__(self, line: str, starts: Sequence[int], reaches: Sequence[int]) -> None:
        self._line = line
        self._starts = starts
        self._reaches = reaches
        entries = LIST_ENTRIES.match(line)
        self.first = entries.end() if entries and not self._is_within(0, entries.end()) else 0
        """Where the first begins."""
        self._low = 0
        self._step = BLOCK_LENGTH
        self._boundaries_after: Iterator[Span] | None = None
        self._ends: list[int] = []
        """Of the sentences that end in what was read, from `_low` on."""
        self._next_starts: list[int] = []
        """Of the sentences behind them."""

    def at(self, place: int) -> Span:
        """Return the sentence that a place is in, or that the gap at this place follows."""
        if place < self.first:
            place = self.first
        number = bisect_right(self._next_starts, place)
        while not 0 < number < len(self._ends):
            if number == len(self._ends):
                self._read_after(place)
            else:
                self._read_before()
            number = bisect_right(self._next_starts, place)
        return self._next_starts[number - 1], self._ends[number]

    def before(self, start: int) -> Span | None:
        """Return the sentence before the one that `at` gave that start."""
        return self.at(start - 1) if start > self.first else None

    def after(self, end: int) -> Span | None:
        """Return the sentence after the one that `at` gave that end."""
        return self.at(self._next_starts[bisect_left(self._ends, end)]) if end < len(self._line) else None

    def _read_before(self) -> None:
        self._step *= 2  # so that time grows with the line alone where it has no sentences
        low = max(self._low - self._step, 0)
        boundaries = list(self._find_boundaries(low, self._low))
        self._ends[:0] = [end for end, _ in boundaries]
        self._next_starts[:0] = [next_start for _, next_start in boundaries]
        self._begin(low)

    def _read_after(self, place: int) -> None:
        """Read as far as the next end of a sentence; the first time it is one around the place."""
        if self._boundaries_after is None:
            self._begin(max(place - BLOCK_LENGTH, 0))
            self._boundaries_after = self._find_boundaries(self._low, len(self._line))
        end, next_start = next(self._boundaries_after, (len(self._line), len(self._line) + 1))
        self._ends.append(end)
        self._next_starts.append(next_start)

    def _begin(self, low: int) -> None:
        """Let the first sentence of the line follow one that is not there."""
        self._low = low
        if low == 0:
            self._ends.insert(0, -1)
            self._next_starts.insert(0, self.first)

    def _find_boundaries(self, low: int, high: int) -> Iterator[Span]:
        """Yield the ends of sentences from `low` to before `high`, each with the start of the sentence behind it."""
        line = self._line
        place = low
        while place and line[place - 1] in MARK_LETTERS:
            place -= 1
        for match in BOUNDARY.finditer(line, place):
            kind = match.lastgroup
            end, next_start = match.span()
            if end >= high:
                return
            if kind is None:
                continue
            if kind == "gap":
                mark, end = end, match.start(kind)
                if line[end] != "\n" and _goes_on(line, mark, end, next_start):
                    continue
            if low <= end < high and not self._is_within(end, next_start):
                yield end, next_start

    def _is_within(self, end: int, next_start: int) -> bool:
        """Tell whether a boundary lies in a part that is whole."""
        number = bisect_left(self._starts, next_start)
        return number > 0 and self._reaches[number - 1] > end


def _goes_on(line: str, mark: int, end: int, next_start: int) -> bool:
    """Tell whether a sentence goes on behind the marks from `mark` to `end`, which end others."""
    following = line[next_start]
    if not following.isalnum():
        first = FIRST_LETTER.match(line, next_start, next_start + ABBREVIATION_LENGTH)
        if following in NEVER_FIRST or (first and first[1].islower()):
            return True
    elif following.islower():
        return True
    if line[mark:end] != ".":
        return False
    word = line[line.rfind(" ", 0, mark) + 1 : mark]
    if word.isalpha() and len(word) > 1:  # most are
        last = word.casefold()
        return last in _abbreviations() and _is_abbreviated(last, following)
    found = LAST_WORD.search(line, max(mark - ABBREVIATION_LENGTH, 0), mark)
    if found is None:
        return False
    last = found.group().casefold()
    if last in _abbreviations():
        return _is_abbreviated(last, following)
    if last.isdigit():
        return found.start() == 0 or line[found.start() - 1] == "\n"  # the number of a heading or an entry
    letter = re.split("[.-]", found.group())[-1]
    return len(letter) == 1 and letter.isalpha() and (letter.isupper() or "." in last)  # J. Dupont, J.-C., U.S., p.m.


def _is_abbreviated(word: str, following: str) -> bool:
    """Tell "no. 5" from "She said no. Then"."""
    return word not in _function_words() or following.isdigit()


@cache
def _function_words() -> frozenset[str]:
    return function_words_of(*language_codes())


@cache
def _abbreviations() -> frozenset[str]:
    return frozenset().union(*(pack.abbreviations for pack in get_languages()))
