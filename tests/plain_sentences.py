"""Sentences found in the obvious way: over the whole line, from its beginning."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from searcher.languages import function_words_of, get_languages, language_codes
from searcher.sentences import Span

LIST_MARK = r"(?:[-–—*•·] )"
MARK = r"(?<![.!?…])[.!?…]++(?:[\"'”’»)\]]|[ \u00a0\u202f]»)*+"
SENTENCE_END = re.compile(rf"(?P<mark>{MARK})(?:\n{LIST_MARK}*+|\s)|\n{LIST_MARK}*+|\A{LIST_MARK}++")
LAST_WORD = re.compile(r"[\w.-]*\w$")
WORD_LENGTH = 12
NEVER_FIRST = ".,;:!?…%)]}»”"
ABBREVIATIONS = frozenset().union(*(pack.abbreviations for pack in get_languages()))


def find_sentences(line: str, whole: Sequence[tuple[int, ...]]) -> list[Span]:
    """Return where the sentences of a line stand, in order; none ends within a part that is `whole`, given by start."""
    ends = [
        (match.end("mark") if match["mark"] else match.start(), match.end())
        for match in SENTENCE_END.finditer(line)
        if "\n" in match.group() or not match["mark"] or not goes_on(line, match)
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


def find_sentence(sentences: Sequence[Span], place: int) -> Span:
    """Return the sentence that a place is in, or that the gap at this place follows."""
    return sentences[max(bisect_right([start for start, _ in sentences], place) - 1, 0)]


def goes_on(line: str, mark: re.Match[str]) -> bool:
    """Tell whether a sentence goes on behind a mark that ends others."""
    end, next_start = mark.span()
    first = re.compile(r"\W*(\w)").match(line, next_start, next_start + WORD_LENGTH)
    if line[next_start] in NEVER_FIRST or (first and first[1].islower()):
        return True
    word = LAST_WORD.search(line, max(end - WORD_LENGTH, 0), end) if mark["mark"] == "." else None
    if word is None:
        return False
    last = word.group().casefold()
    if last in ABBREVIATIONS:
        return last not in function_words_of(*language_codes()) or line[next_start].isdigit()
    if last.isdigit():
        return word.start() == 0 or line[word.start() - 1] == "\n"
    letter = re.split("[.-]", word.group())[-1]
    return len(letter) == 1 and letter.isalpha() and (letter.isupper() or "." in last)
