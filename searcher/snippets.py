"""Snippets: where does this document say what was asked?

    text, matches -> one clean line -> sentences -> the fragments that show most clauses -> Snippet

Everything here is pure: a text and the places of its matches in, a snippet out.
"""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import NamedTuple

from searcher.analysis import Token
from searcher.languages import UNDETERMINED, get_languages
from searcher.query import Clause, Concept, Phrase, Query

SNIPPET_LENGTH = 300
"""Characters of all fragments together."""

MAX_FRAGMENTS = 3
ELLIPSIS = "…"

# Controls, halves of surrogate pairs, marks of direction, soft hyphens, tags. The two joiners are not among them,
# because they hold emoji and the letters of some scripts together.
HIDDEN = "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b\u200e"
HIDDEN += "\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000110bd\U000110cd\U00013430-\U0001343f"
HIDDEN += "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f"
UNCLEAN = re.compile(rf"[\s{HIDDEN}]{{2,}}|[\t-\r\x1c-\x1f\x85\u2028\u2029{HIDDEN}]|\A\s|\s\Z")
SPACE = re.compile(r"\s")

LIST_MARK = r"(?:[-–—*•·] )"
LIST_ENTRY = re.compile(LIST_MARK)
EMPTY_LINE = re.compile(r"(?>\r\n|[\n\r\x85])[^\n\r\x85]*[\n\r\x85]|\u2029")

SENTENCE_END = re.compile(
    rf"(?P<mark>[.!?…]++(?:[\"'”’»)\]]|[ \u00a0\u202f]»)*+)(?:\n{LIST_MARK}*+|\s)|\n{LIST_MARK}*+|\A{LIST_MARK}++"
)
LAST_WORD = re.compile(r"[\w.-]*\w$")
ABBREVIATION_LENGTH = 12
NEVER_FIRST = ".,;:!?…%)]}»”"
FIRST_LETTER = re.compile(r"\W*(\w)")

NO_BEGINNING = re.compile(r"(?:[.,;:!?…)\]»”–—-]+ )*")
NO_ENDING = " ,;:([{«“–—-\u00a0\u202f"

Span = tuple[int, int]


class Match(NamedTuple):
    """A place in a text that holds a clause of the query: `text[start:end]`."""

    start: int
    end: int
    clause: int
    """Which of the query's clauses, counted from 0."""


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
        return "".join(f"\x1b[1;4m{part}\x1b[22;24m" if is_match else part for part, is_match in self._parts())

    def to_html(self) -> str:
        """Return the snippet as HTML: escaped, then matches in <mark>."""
        return "".join(
            f"<mark>{html.escape(part)}</mark>" if is_match else html.escape(part) for part, is_match in self._parts()
        )

    def _parts(self) -> Iterator[tuple[str, bool]]:
        done = 0
        for start, end in self.highlights:
            yield self.text[done:start], False
            yield self.text[start:end], True
            done = end
        yield self.text[done:], False


def find_matches(query: Query, tokens: Sequence[Token], language: str) -> list[Match]:
    """Return where the clauses of a query stand in the tokens of a text of that language, in order of the text.

    The function words of that language are left out where the text holds anything else that was asked.
    """
    concepts: dict[str, list[int]] = {}
    phrases: dict[str, list[tuple[int, Phrase]]] = {}
    for index, clause in enumerate(query.clauses):
        if isinstance(clause, Concept):
            for term in clause.terms.get(language, ()):
                concepts.setdefault(term, []).append(index)
        else:
            for form in clause.words[0]:
                phrases.setdefault(form, []).append((index, clause))
    matches: list[Match] = []
    for place, token in enumerate(tokens):
        for index in concepts.get(token.term, ()):
            matches.append(Match(token.start, token.end, index))
        for index, phrase in phrases.get(token.exact, ()):
            end = _phrase_end(phrase, tokens, place)
            if end is not None:
                matches.append(Match(token.start, end, index))
    telling = [match for match in matches if not _is_function_word(query.clauses[match.clause], language)]
    return telling or matches


def _is_function_word(clause: Clause, language: str) -> bool:
    """Tell whether a clause is grammar in a text of that language, of any language where it is undetermined."""
    if isinstance(clause, Phrase):
        return False
    return bool(clause.function_word_in) if language == UNDETERMINED else language in clause.function_word_in


def _phrase_end(phrase: Phrase, tokens: Sequence[Token], place: int) -> int | None:
    """Return where a phrase ends that begins with the token at `place`, None where it does not go on."""
    first = tokens[place].position
    end = tokens[place].end
    for distance, forms in enumerate(phrase.words[1:], start=1):
        while place < len(tokens) and tokens[place].position < first + distance:
            place += 1
        here = place
        while here < len(tokens) and tokens[here].position == first + distance and tokens[here].exact not in forms:
            here += 1
        if here >= len(tokens) or tokens[here].position != first + distance:
            return None
        end = max(end, tokens[here].end)
    return end


def make_snippet(text: str, matches: Iterable[Match], *, length: int = SNIPPET_LENGTH) -> Snippet:
    """Cut the fragments of a text that together show the most distinct clauses, and mark the matches in them.

    Fragments begin and end with sentences where these are short enough. Without a match it is the beginning of the
    text. `length`: characters of all fragments together, at least 20; a single match may be longer.
    """
    line, found = _clean(text, matches)
    sentences = _find_sentences(line, found)
    line = line.replace("\n", " ")
    if not sentences:
        return Snippet("")
    cutter = _Cutter(line, sentences)
    cores = _choose_cores(cutter, found, length) or [(sentences[0][0],) * 2]
    return _join(cutter, _widen(cutter, cores, length), found)


def clean_line(text: str) -> str:
    """Return a text on one line, without what controls a terminal or turns the direction of writing."""
    return _clean(text, ())[0].replace("\n", " ")


def _clean(text: str, matches: Iterable[Match]) -> tuple[str, list[Match]]:
    """Return a text as it is shown, with the matches in it, in order; paragraphs part at \\n, words at one space."""
    pieces: list[str] = []
    starts, ends, places = [0], [0], [(0, 0)]  # of each run left out, and where it was in the line
    size = 0
    for run in UNCLEAN.finditer(text):
        pieces.append(text[ends[-1] : run.start()])
        size += len(pieces[-1])
        kept = ""
        if run.start() > 0 and run.end() < len(text) and SPACE.search(run.group()):
            is_entry = "\n" in run.group() and LIST_ENTRY.match(text, run.end())
            kept = "\n" if is_entry or EMPTY_LINE.search(run.group()) else " "
        pieces.append(kept)
        starts.append(run.start())
        ends.append(run.end())
        places.append((size, size + len(kept)))
        size += len(kept)
    line = "".join((*pieces, text[ends[-1] :]))

    def move(offset: int) -> int:
        run = bisect_right(starts, offset) - 1
        return places[run][0] if offset < ends[run] else places[run][1] + offset - ends[run]

    found = []
    for match in matches:
        start, end = move(max(match.start, 0)), min(move(match.end), len(line))
        start += line[start : start + 1].isspace()
        end -= line[end - 1 : end].isspace()
        if start < end:
            found.append(Match(start, end, match.clause))
    return line, sorted(set(found))


def _find_sentences(line: str, matches: Sequence[Match]) -> list[Span]:
    """Return where the sentences of a line stand, in order; one does not end within a match."""
    sentences: list[Span] = []
    start = reach = following = 0
    for end, next_start in _sentence_ends(line):
        while following < len(matches) and matches[following].start < next_start:
            reach = max(reach, matches[following].end)
            following += 1
        if reach <= end:
            if start < end:
                sentences.append((start, end))
            start = next_start
    return sentences


def _sentence_ends(line: str) -> Iterator[Span]:
    """Yield where a sentence ends and where the next one begins, the last with the line."""
    for match in SENTENCE_END.finditer(line):
        mark = match["mark"]
        end = match.end("mark") if mark else match.start()
        if "\n" in match.group() or not mark or not _goes_on(line, match.start(), mark, match.end()):
            yield end, match.end()
    yield len(line), len(line)


def _goes_on(line: str, end: int, mark: str, next_start: int) -> bool:
    """Tell whether a sentence goes on behind a mark that ends others."""
    first = FIRST_LETTER.match(line, next_start, next_start + ABBREVIATION_LENGTH)
    if line[next_start] in NEVER_FIRST or (first and first[1].islower()):
        return True
    word = LAST_WORD.search(line, max(end - ABBREVIATION_LENGTH, 0), end) if mark == "." else None
    if word is None:
        return False
    last = word.group().casefold()
    if last in _abbreviations():
        # "no. 5", but "She said no. Then"
        return last not in _function_words() or line[next_start].isdigit()
    if last.isdigit():
        return word.start() == 0 or line[word.start() - 1] == "\n"  # the number of a heading or an entry
    letter = re.split("[.-]", word.group())[-1]
    return len(letter) == 1 and letter.isalpha() and (letter.isupper() or "." in last)  # J. Dupont, J.-C., U.S., p.m.


@cache
def _abbreviations() -> frozenset[str]:
    return frozenset().union(*(pack.abbreviations for pack in get_languages()))


@cache
def _function_words() -> frozenset[str]:
    return frozenset().union(*(pack.function_words for pack in get_languages()))


class _Cutter:
    """A line and its sentences: widens parts of it to whole sentences, or to words where these are too long."""

    def __init__(self, line: str, sentences: Sequence[Span]) -> None:
        self.line = line
        self.sentences = sentences
        self.starts = [start for start, _ in sentences]

    def sentence_of(self, place: int) -> int:
        """Return the number of the sentence that a place is in."""
        return max(bisect_right(self.starts, place) - 1, 0)

    def cut(self, core: Span, room: int) -> Span:
        """Return the sentences around a part where they fit into `room`, else the words around it."""
        start = self.sentences[self.sentence_of(core[0])][0]
        end = self.sentences[self.sentence_of(core[1] - 1)][1]
        return (start, end) if end - start <= room else self._cut_words(core, (start, end), room)

    def extend(self, core: Span, room: int) -> Span:
        """Return what `cut` does, with the sentences before and after it that fit as well."""
        start, end = self.cut(core, room)
        first, last = self.sentence_of(start), self.sentence_of(end - 1)
        if (start, end) != (self.starts[first], self.sentences[last][1]):
            return start, end
        while last + 1 < len(self.sentences) and self.sentences[last + 1][1] - start <= room:
            last += 1
        end = self.sentences[last][1]
        while first and end - self.starts[first - 1] <= room:
            first -= 1
        start = self.starts[first]
        if end - start < room // 3 and last + 1 < len(self.sentences):  # little beside a long sentence
            end = self._word_end(start + room, end)
        return start, end

    def _cut_words(self, core: Span, sentence: Span, room: int) -> Span:
        start, end = self._chunk(core)
        if end - start > room:
            start, end = core
        spare = max(room - (end - start), 0)
        if end - sentence[0] <= room - spare // 6:
            low = sentence[0]
        else:
            low = max(start - spare // 2, min(start, sentence[1] - room))
        low = self._word_start(low, start) if low > sentence[0] else low
        high = min(max(low + room, end), sentence[1])
        return low, self._word_end(high, end) if high < sentence[1] else high

    def _chunk(self, core: Span) -> Span:
        """Widen a part to what is written without spaces: "l’espace," with its article and comma."""
        start = self.line.rfind(" ", 0, core[0]) + 1
        end = self.line.find(" ", core[1])
        return start, end if end >= 0 else len(self.line)

    def _word_start(self, place: int, limit: int) -> int:
        """Return the next beginning of a word, not behind `limit`."""
        space = self.line.find(" ", place - 1, limit)
        if space >= 0:
            beginning = NO_BEGINNING.match(self.line, space + 1, limit)
            return beginning.end() if beginning else space + 1
        while place < limit and _is_torn(self.line, place):
            place += 1
        return place

    def _word_end(self, place: int, limit: int) -> int:
        """Return the last end of a word, not before `limit`."""
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
    flags = re.search("[\U0001f1e6-\U0001f1ff]*$", line[max(place - 64, 0) : place])  # two letters each
    is_half_flag = "\U0001f1e6" <= after <= "\U0001f1ff" and flags is not None and len(flags.group()) % 2 == 1
    return is_half_flag or unicodedata.category(after).startswith("M")


def _choose_cores(cutter: _Cutter, matches: Sequence[Match], length: int) -> list[Span]:
    """Return the parts of a line, best first, that show most clauses: as few parts as show as many."""
    asked = {match.clause for match in matches}
    cores: list[Span] = []
    shown: set[int] = set()
    for count in range(1, MAX_FRAGMENTS + 1):
        if shown < asked:
            others, others_shown = _choose_some_cores(cutter, matches, asked, count, length)
            if len(others_shown) > len(shown):
                cores, shown = others, others_shown
    return cores


def _choose_some_cores(
    cutter: _Cutter, matches: Sequence[Match], asked: set[int], count: int, length: int
) -> tuple[list[Span], set[int]]:
    """Return up to `count` parts that share `length` characters, and the clauses that they show."""
    starts = [match.start for match in matches]
    cores: list[Span] = []
    shown: set[int] = set()
    room = length
    for left in range(count, 0, -1):
        core = _densest(cutter, matches, asked - shown, room // left)
        start, end = cutter.cut(core, room // left)
        if cores and end - start > room:
            break
        cores.append(core)
        room -= end - start
        inside = matches[bisect_left(starts, start) : bisect_left(starts, end)]
        shown |= {match.clause for match in inside if match.end <= end}
        if shown >= asked:
            break
    return cores, shown


def _densest(cutter: _Cutter, matches: Sequence[Match], wanted: set[int], room: int) -> Span:
    """Return the part of a line with most wanted clauses whose sentences, or else whose words, fit into `room`."""
    owners = [cutter.sentence_of(match.start) for match in matches]
    reach = list(accumulate((match.end for match in matches), max))
    sentences = cutter.sentences

    def fits(first: int, last: int) -> bool:
        if sentences[owners[last]][1] - sentences[owners[first]][0] <= room:
            return True
        return owners[first] == owners[last] and reach[last] - matches[first].start <= room * 3 // 4

    best, best_score = (0, 0), (-1, False)
    inside: Counter[int] = Counter()
    kinds = first = 0
    for last, match in enumerate(matches):
        inside[match.clause] += 1
        kinds += match.clause in wanted and inside[match.clause] == 1
        while first < last and not fits(first, last):
            inside[matches[first].clause] -= 1
            kinds -= matches[first].clause in wanted and not inside[matches[first].clause]
            first += 1
        start, end = sentences[owners[first]][0], sentences[owners[last]][1]
        score = kinds, end - start <= room
        if score > best_score:
            best, best_score = (first, last), score
    first, last = best
    clauses = [match.clause for match in matches[first : last + 1]]
    while clauses[0] not in wanted or clauses[0] in clauses[1:]:
        del clauses[0]
        first += 1
    return matches[first].start, max(match.end for match in matches[first : last + 1])


def _widen(cutter: _Cutter, cores: Sequence[Span], length: int) -> list[Span]:
    """Return the fragments around the cores, in order; what room is left goes to the best first."""
    sizes = []
    room = length
    for left, core in zip(range(len(cores), 0, -1), cores, strict=True):
        start, end = cutter.cut(core, room // left)
        sizes.append(end - start)
        room -= end - start
    spans: list[Span] = []
    for core, size in zip(cores, sizes, strict=True):
        start, end = cutter.extend(core, max(size, size + room))
        room -= end - start - size
        spans.append((start, end))
    fragments: list[Span] = []
    for start, end in sorted(spans):
        if fragments and not cutter.line[fragments[-1][1] : start].strip(" -–—*•·"):
            fragments[-1] = fragments[-1][0], max(fragments[-1][1], end)
        else:
            fragments.append((start, end))
    return fragments


def _join(cutter: _Cutter, fragments: Sequence[Span], matches: Sequence[Match]) -> Snippet:
    """Put the fragments into one text, with ellipses where sentences were cut, and mark the matches in it."""
    ends = {end for _, end in cutter.sentences}
    text = "" if fragments[0][0] in set(cutter.starts) else f"{ELLIPSIS} "
    highlights: list[Span] = []
    for number, (start, end) in enumerate(fragments):
        text += f" {ELLIPSIS} " if number else ""
        for match in matches:
            if start <= match.start and match.end <= end:
                place = len(text) + match.start - start, len(text) + match.end - start
                if highlights and place[0] < highlights[-1][1]:
                    highlights[-1] = highlights[-1][0], max(highlights[-1][1], place[1])
                else:
                    highlights.append(place)
        text += cutter.line[start:end]
    if fragments[-1][1] not in ends:
        text += f" {ELLIPSIS}"
    return Snippet(text, tuple(highlights))
