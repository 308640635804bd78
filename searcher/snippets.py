"""Snippets: where does this document say what was asked?

    text, matches -> one clean line -> sentences -> the fragments that show most clauses -> Snippet

Everything here is pure: a text and the places of its matches in, a snippet out.
"""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from searcher.matches import Match
from searcher.sentences import Sentences, Span, lay_out

SNIPPET_LENGTH = 300
"""Characters of all fragments together."""

MAX_FRAGMENTS = 3
ELLIPSIS = "…"

CLAUSE_START = re.compile(r"[,;:)»”–—] ")
WORD_START = re.compile(r" (?:[.,;:!?…)\]»”–—-]+ )*")
FLAG_LETTER = re.compile("[\U0001f1e6-\U0001f1ff]")
"""Two of them make a flag."""

NO_ENDING = " ,;:([{«“–—-\u00a0\u202f"


@dataclass(frozen=True, slots=True)
class Snippet:
    """What is shown of a document: one line of text, and where in it the matches are."""

    text: str
    """One to three fragments; ellipses where something was left out; no control characters."""

    highlights: tuple[tuple[int, int], ...] = ()
    """(start, end) of each match in `text`, in order, not overlapping."""

    def to_text(self) -> str:
        """Return the snippet without marks."""
        return self.text

    def to_ansi(self) -> str:
        """Return the snippet for a terminal, matches bold and underlined."""
        return self._mark("\x1b[1;4m", "\x1b[22;24m", str)

    def to_html(self) -> str:
        """Return the snippet as HTML: escaped, then matches in <mark>."""
        return self._mark("<mark>", "</mark>", html.escape)

    def _mark(self, before: str, after: str, write: Callable[[str], str]) -> str:
        parts: list[str] = []
        done = 0
        for start, end in self.highlights:
            parts += write(self.text[done:start]), before, write(self.text[start:end]), after
            done = end
        parts.append(write(self.text[done:]))
        return "".join(parts)


def make_snippet(text: str, matches: Iterable[Match], *, length: int = SNIPPET_LENGTH) -> Snippet:
    """Cut the fragments of a text that together show the most distinct clauses, and mark the matches in them.

    Fragments begin and end with sentences where these are short enough. Without a match it is the beginning of the
    text. `length`: characters of all fragments together, at least 20; a single match may be longer.
    """
    line, move = lay_out(text)
    if not line:
        return Snippet("")
    page = _Page(line, _place_matches(line, move, matches))
    return _join(page, _widen(page, _choose(page, length), length))


def _place_matches(line: str, move: Callable[[int], int] | None, matches: Iterable[Match]) -> list[Match]:
    """Return the matches of a text where they are in the line that shows it, in order."""
    found = set()
    for match in matches:
        start, end, clause = match
        if move is not None:
            start, end = move(max(start, 0)), move(end)
        if start < 0:
            start = 0
        if end > len(line):
            end = len(line)
        if start < end:
            start += line[start].isspace()
            end -= line[end - 1].isspace()
            if start < end:
                found.add(Match(start, end, clause))
    return sorted(found)


class _Page:
    """A text as it can be shown, with its sentences and matches, from which parts can be cut."""

    def __init__(self, line: str, matches: list[Match]) -> None:
        self.line = line.replace("\n", " ")
        self.matches = matches
        self.match_starts = [match.start for match in matches]
        self.reaches = list(accumulate([match.end for match in matches], max))
        """The greatest end of each match and those before it."""
        self.sentences = Sentences(line, self.match_starts, self.reaches)
        self._owners: list[Span | None] = [None] * len(matches)

    def owner(self, number: int) -> Span:
        """Return the sentence that a match begins in."""
        owner = self._owners[number]
        if owner is None:
            owner = self._owners[number] = self.sentences.at(self.match_starts[number])
        return owner

    def matches_in(self, part: Span) -> list[Match]:
        """Return the matches that lie in a part from their first letter to their last."""
        found = self.matches[bisect_left(self.match_starts, part[0]) : bisect_left(self.match_starts, part[1])]
        return [match for match in found if match.end <= part[1]]

    def cut(self, part: Span, room: int) -> Span:
        """Return the sentences around a part where they fit into `room`, else as many of the words around it."""
        sentence_start = self.sentences.at(part[0])[0]
        sentence_end = self.sentences.at(part[1] - 1)[1]
        if sentence_end - sentence_start <= room:
            return sentence_start, sentence_end
        # What is written without spaces: "l’espace," with its article and its comma.
        start, end = self.line.rfind(" ", 0, part[0]) + 1, self.line.find(" ", part[1]) % (len(self.line) + 1)
        if end - start > room:
            start, end = part
        spare = max(room - (end - start), 0)
        if end - sentence_start <= room - spare // 6:
            start = sentence_start
        else:
            start = self._word_start(min(start - spare // 3, sentence_end - room), start)
        return start, min(self._word_end(max(start + room, end), end), sentence_end)

    def extend(self, part: Span, room: int) -> Span:
        """Return what `cut` does, with the sentences before and after it that fit as well."""
        start, end = self.cut(part, room)
        if (start, end) != (self.sentences.at(start)[0], self.sentences.at(end - 1)[1]):
            return start, end
        while (after := self.sentences.after(end)) and after[1] - start <= room and self._is_sentence(after):
            end = after[1]
        while (before := self.sentences.before(start)) and end - before[0] <= room and self._is_sentence(before):
            start = before[0]
        if end - start < room // 3:  # a heading, say, before a long sentence
            end = self._word_end(start + room, end)
        return start, end

    def _is_sentence(self, span: Span) -> bool:
        """Tell a sentence from a heading or an entry of a list."""
        return not self.line[span[1] - 1].isalnum()

    def _word_start(self, place: int, limit: int) -> int:
        """Return the next beginning of a clause or else a word, not behind `limit`."""
        beginning = CLAUSE_START.search(self.line, place, min(place + 40, limit)) or WORD_START.search(
            self.line, place - 1, limit
        )
        if beginning:
            return beginning.end()
        while place < limit and _is_torn(self.line, place):
            place += 1
        return place

    def _word_end(self, place: int, limit: int) -> int:
        """Return the last end of a word, not before `limit`."""
        if place >= len(self.line):
            return len(self.line)
        space = self.line.rfind(" ", limit, place + 1)
        if space >= 0:
            return limit + len(self.line[limit:space].rstrip(NO_ENDING))
        while place > limit and _is_torn(self.line, place):
            place -= 1
        return place


def _is_torn(line: str, place: int) -> bool:
    """Tell whether a cut would part an accent from its letter, or the parts of an emoji."""
    before, after = line[place - 1], line[place]
    if "\u200d" in (before, after) or "\U0001f3fb" <= after <= "\U0001f3ff":  # zero-width joiner, skin tones
        return True
    flags = place
    while flags and FLAG_LETTER.match(line, flags - 1):
        flags -= 1
    if (place - flags) % 2 and FLAG_LETTER.match(after):
        return True
    return unicodedata.category(after).startswith("M")


def _choose(page: _Page, length: int) -> list[tuple[Span, int]]:
    """Return the parts of a page, best first, that show most clauses, and the room for each; few rather than many."""
    asked = {match.clause for match in page.matches}
    best: list[tuple[Span, int]] = []
    best_shown: set[int] = set()
    for count in range(1, MAX_FRAGMENTS + 1):
        chosen: list[tuple[Span, int]] = []
        shown: set[int] = set()
        left = length
        while shown < asked and len(chosen) < count:
            room = left - (count - len(chosen) - 1) * length // MAX_FRAGMENTS
            part = _densest(page, asked - shown, room)
            start, end = page.cut(part, room)
            if chosen and end - start > left:
                break
            chosen.append((part, end - start))
            left -= end - start
            shown.update(match.clause for match in page.matches_in((start, end)))
        if len(shown) > len(best_shown):
            best, best_shown = chosen, shown
        if best_shown == asked:
            break
    beginning = page.sentences.first
    return best or [((beginning, beginning + 1), 0)]


def _densest(page: _Page, wanted: set[int], room: int) -> Span:
    """Return the part of a page with most wanted clauses whose sentences, or else whose words, fit into `room`."""
    matches = page.matches

    def is_whole(first: int, last: int) -> bool:
        if matches[last].end - matches[first].start > room:
            return False
        return page.owner(last)[1] - page.owner(first)[0] <= room

    def is_close(first: int, last: int) -> bool:
        return page.reaches[last] - matches[first].start <= room * 3 // 4 and page.owner(first) == page.owner(last)

    best, best_score = (0, 0), (0, True)
    inside = dict.fromkeys(wanted, 0)
    kinds = first = 0
    for last, (_, _, clause) in enumerate(matches):
        if clause not in wanted:
            continue
        kinds += not inside[clause]
        inside[clause] += 1
        if (kinds, True) <= best_score:
            continue  # dropping matches makes it no better
        while not (whole := is_whole(first, last)) and first < last and not is_close(first, last):
            dropped = matches[first].clause
            if dropped in wanted:
                inside[dropped] -= 1
                kinds -= not inside[dropped]
            first += 1
        if (kinds, whole) > best_score:
            best, best_score = (first, last), (kinds, whole)
            if best_score == (len(wanted), True):
                break
    first, last = best
    clauses = [match.clause for match in matches[first : last + 1]]
    while clauses[0] not in wanted or clauses[0] in clauses[1:]:
        del clauses[0]
    first = last + 1 - len(clauses)
    return matches[first].start, max(match.end for match in matches[first : last + 1])


def _widen(page: _Page, chosen: Sequence[tuple[Span, int]], length: int) -> list[Span]:
    """Return the fragments around the parts, in order; the best takes what room is left first."""
    spare = length - sum(size for _, size in chosen)
    spans: list[Span] = []
    for part, size in chosen:
        start, end = page.extend(part, size + max(spare, 0))
        spare -= end - start - size
        spans.append((start, end))
    fragments: list[Span] = []
    for start, end in sorted(spans):
        if fragments and not page.line[fragments[-1][1] : start].strip(" -–—*•·"):
            fragments[-1] = fragments[-1][0], max(fragments[-1][1], end)
        else:
            fragments.append((start, end))
    return fragments


def _join(page: _Page, fragments: Sequence[Span]) -> Snippet:
    """Put the fragments into one text, with ellipses where something of a sentence is missing, and mark the matches."""
    text = "" if page.sentences.at(fragments[0][0])[0] == fragments[0][0] else f"{ELLIPSIS} "
    highlights: list[Span] = []
    for number, (start, end) in enumerate(fragments):
        text += f" {ELLIPSIS} " if number else ""
        for match in page.matches_in((start, end)):
            place = len(text) + match.start - start, len(text) + match.end - start
            if highlights and place[0] < highlights[-1][1]:
                highlights[-1] = highlights[-1][0], max(highlights[-1][1], place[1])
            else:
                highlights.append(place)
        text += page.line[start:end]
    if page.sentences.at(fragments[-1][1] - 1)[1] != fragments[-1][1]:
        text += f" {ELLIPSIS}"
    return Snippet(text, tuple(highlights))
