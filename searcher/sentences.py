"""Sentences: how does this text stand on one line, and where do its sentences end?"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
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

LIST_MARK = r"(?:[-–—*•·] )"
LIST_ENTRY = re.compile(LIST_MARK)
EMPTY_LINE = re.compile(r"(?>\r\n|[\n\r\x85])[^\n\r\x85]*[\n\r\x85]|\u2029")

MARK = r"(?<![.!?…])[.!?…]++(?:[\"'”’»)\]]|[ \u00a0\u202f]»)*+"
SENTENCE_END = re.compile(rf"(?P<mark>{MARK})(?:\n{LIST_MARK}*+|\s)|\n{LIST_MARK}*+|\A{LIST_MARK}++")
LAST_WORD = re.compile(r"[\w.-]*\w$")
ABBREVIATION_LENGTH = 12
NEVER_FIRST = ".,;:!?…%)]}»”"
FIRST_LETTER = re.compile(r"\W*(\w)")


def clean_line(text: str) -> str:
    """Return a text on one line, without what controls a terminal or turns the direction of writing."""
    return lay_out(text)[0].replace("\n", " ")


def lay_out(text: str) -> tuple[str, Callable[[int], int]]:
    """Return a text as it is shown, and what moves an offset from the text into it.

    Nothing hidden is left, words part at one space, paragraphs at \\n.
    """
    plain = text.replace("\u00a0", " ").replace("\u202f", " ")
    if plain.isprintable() and "  " not in plain and plain == plain.strip():
        return text, lambda offset: offset
    pieces: list[str] = []
    runs = [(0, 0, 0, 0)]  # what is not kept as written: its start and end in the text, then in the line
    for run in UNCLEAN.finditer(text):
        pieces.append(text[runs[-1][1] : run.start()])
        kept = ""
        if run.start() > 0 and run.end() < len(text) and SPACE.search(run.group()):
            is_entry = "\n" in run.group() and LIST_ENTRY.match(text, run.end())
            kept = "\n" if is_entry or EMPTY_LINE.search(run.group()) else " "
        pieces.append(kept)
        place = runs[-1][3] + run.start() - runs[-1][1]
        runs.append((*run.span(), place, place + len(kept)))

    def move(offset: int) -> int:
        start, end, line_start, line_end = runs[bisect_left(runs, (offset + 1,)) - 1]
        return line_start if start <= offset < end else line_end + offset - end

    return "".join((*pieces, text[runs[-1][1] :])), move


def find_sentences(line: str, whole: Sequence[tuple[int, ...]]) -> list[Span]:
    """Return where the sentences of a line stand, in order; none ends within a part that is `whole`, given by start."""
    ends = [
        (match.end("mark") if match["mark"] else match.start(), match.end())
        for match in SENTENCE_END.finditer(line)
        if "\n" in match.group() or not match["mark"] or not _goes_on(line, match)
    ]
    sentences: list[Span] = []
    start = reach = number = 0
    for end, next_start in (*ends, (len(line), len(line))):
        while number < len(whole) and whole[number][0] < next_start:
            reach = max(reach, whole[number][1])
            number += 1
        if reach <= end:
            if start < end:
                sentences.append((start, end))
            start = next_start
    return sentences


def _goes_on(line: str, mark: re.Match[str]) -> bool:
    """Tell whether a sentence goes on behind a mark that ends others."""
    end, next_start = mark.span()  # the next sentence's start
    first = FIRST_LETTER.match(line, next_start, next_start + ABBREVIATION_LENGTH)
    if line[next_start] in NEVER_FIRST or (first and first[1].islower()):
        return True
    word = LAST_WORD.search(line, max(end - ABBREVIATION_LENGTH, 0), end) if mark["mark"] == "." else None
    if word is None:
        return False
    last = word.group().casefold()
    if last in _abbreviations():
        # "no. 5", but "She said no. Then"
        return last not in function_words_of(*language_codes()) or line[next_start].isdigit()
    if last.isdigit():
        return word.start() == 0 or line[word.start() - 1] == "\n"  # the number of a heading or an entry
    letter = re.split("[.-]", word.group())[-1]
    return len(letter) == 1 and letter.isalpha() and (letter.isupper() or "." in last)  # J. Dupont, J.-C., U.S., p.m.


@cache
def _abbreviations() -> frozenset[str]:
    return frozenset().union(*(pack.abbreviations for pack in get_languages()))
