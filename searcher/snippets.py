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
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from searcher.analysis import Token, get_analyzer
from searcher.languages import UNDETERMINED, function_words_of, language_codes
from searcher.query import Concept, Phrase, Query
from searcher.sentences import Span, find_sentences, lay_out
from searcher.words import SPACED_NUMBER

SNIPPET_LENGTH = 300
"""Characters of all fragments together."""

MAX_FRAGMENTS = 3
ELLIPSIS = "…"

CLAUSE_START = re.compile(r"[,;:)»”–—] ")
WORD_START = re.compile(r" (?:[.,;:!?…)\]»”–—-]+ )*")
FLAG_LETTER = re.compile("[\U0001f1e6-\U0001f1ff]")
"""Two of them make a flag."""

NO_ENDING = " ,;:([{«“–—-\u00a0\u202f"


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

    Function words of that language (of any, for "und") are left out where the text holds anything else that was asked.
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
    grammar = function_words_of(*(language_codes() if language == UNDETERMINED else (language,)))
    telling: list[Match] = []
    others: list[Match] = []
    for place, token in enumerate(tokens):
        for index in concepts.get(token.term, ()):
            (others if token.exact in grammar else telling).append(Match(token.start, token.end, index))
        for index, phrase in phrases.get(token.exact, ()):
            end = _phrase_end(phrase, tokens, place)
            if end is not None:
                telling.append(Match(token.start, end, index))
    return telling or others


def spot_matches(query: Query, text: str, language: str) -> list[Match]:
    """Return what `find_matches` does for the tokens of a text, analysing only the pieces that hold what was asked.

    Phrases, and numbers written with spaces, look beyond a piece: then the whole text is analysed.
    """
    analyzer = get_analyzer(language)
    if query.phrases or SPACED_NUMBER.search(text):
        return find_matches(query, analyzer.analyze(text), language)
    wanted = {term for concept in query.concepts for term in concept.terms.get(language, ())}
    pieces = {piece for piece in set(text.split()) if not wanted.isdisjoint(analyzer.piece_terms[piece])}
    tokens = [
        token._replace(start=start + token.start, end=start + token.end)
        for start, piece in sorted((start, piece) for piece in pieces for start in _occurrences(text, piece))
        for token in analyzer.analyze(piece)
    ]
    return find_matches(query, tokens, language)


def _occurrences(text: str, piece: str) -> Iterator[int]:
    """Yield where a piece stands between white space, or at an end of the text."""
    start = text.find(piece)
    while start >= 0:
        end = start + len(piece)
        if (start == 0 or text[start - 1].isspace()) and (end == len(text) or text[end].isspace()):
            yield start
            start = text.find(piece, end)
        else:
            start = text.find(piece, start + 1)


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
    page = _Page(text, matches)
    return _join(page, _widen(page, _choose(page, length), length)) if page.sentences else Snippet("")


def _place_matches(line: str, move: Callable[[int], int], matches: Iterable[Match]) -> list[Match]:
    """Return the matches of a text where they are in the line that shows it, in order."""
    found = []
    for match in matches:
        start, end = move(max(match.start, 0)), min(move(match.end), len(line))
        start += line[start : start + 1].isspace()
        end -= line[end - 1 : end].isspace()
        if start < end:
            found.append(Match(start, end, match.clause))
    return sorted(set(found))


class _Page:
    """A text as it can be shown, with its sentences and matches, from which parts can be cut."""

    def __init__(self, text: str, matches: Iterable[Match]) -> None:
        line, move = lay_out(text)
        self.matches = _place_matches(line, move, matches)
        self.sentences = find_sentences(line, self.matches)
        self.line = line.replace("\n", " ")
        self.sentence_starts = [start for start, _ in self.sentences]
        self.match_starts = [match.start for match in self.matches]
        self.owners = [self.sentence_at(start) for start in self.match_starts]

    def sentence_at(self, place: int) -> int:
        """Return the number of the sentence that a place is in."""
        return max(bisect_right(self.sentence_starts, place) - 1, 0)

    def matches_in(self, part: Span) -> list[Match]:
        """Return the matches that lie in a part from their first letter to their last."""
        found = self.matches[bisect_left(self.match_starts, part[0]) : bisect_left(self.match_starts, part[1])]
        return [match for match in found if match.end <= part[1]]

    def cut(self, part: Span, room: int) -> Span:
        """Return the sentences around a part where they fit into `room`, else as many of the words around it."""
        sentence_start = self.sentence_starts[self.sentence_at(part[0])]
        sentence_end = self.sentences[self.sentence_at(part[1] - 1)][1]
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
        first, last = self.sentence_at(start), self.sentence_at(end - 1)
        if (start, end) != (self.sentence_starts[first], self.sentences[last][1]):
            return start, end
        while self._is_sentence(last + 1) and self.sentences[last + 1][1] - start <= room:
            last += 1
        end = self.sentences[last][1]
        while self._is_sentence(first - 1) and end - self.sentence_starts[first - 1] <= room:
            first -= 1
        start = self.sentence_starts[first]
        if end - start < room // 3:  # a heading, say, before a long sentence
            end = self._word_end(start + room, end)
        return start, end

    def _is_sentence(self, number: int) -> bool:
        """Tell whether there is a sentence of that number, and neither a heading nor an entry of a list."""
        return 0 <= number < len(self.sentences) and not self.line[self.sentences[number][1] - 1].isalnum()

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
    beginning = page.sentence_starts[0]
    return best or [((beginning, beginning + 1), 0)]


def _densest(page: _Page, wanted: set[int], room: int) -> Span:
    """Return the part of a page with most wanted clauses whose sentences, or else whose words, fit into `room`."""
    matches, owners = page.matches, page.owners
    reach = list(accumulate((match.end for match in matches), max))

    def is_whole(first: int, last: int) -> bool:
        return page.sentences[owners[last]][1] - page.sentence_starts[owners[first]] <= room

    best, best_score = (0, 0), (-1, False)
    inside: Counter[int] = Counter()
    kinds = first = 0
    for last, match in enumerate(matches):
        inside[match.clause] += 1
        kinds += match.clause in wanted and inside[match.clause] == 1
        while first < last and not is_whole(first, last):
            if owners[first] == owners[last] and reach[last] - matches[first].start <= room * 3 // 4:
                break
            dropped = matches[first].clause
            inside[dropped] -= 1
            kinds -= dropped in wanted and not inside[dropped]
            first += 1
        score = kinds, is_whole(first, last)
        if score > best_score:
            best, best_score = (first, last), score
        if score == (len(wanted), True):
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
    text = "" if fragments[0][0] in set(page.sentence_starts) else f"{ELLIPSIS} "
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
    if all(end != fragments[-1][1] for _, end in page.sentences):
        text += f" {ELLIPSIS}"
    return Snippet(text, tuple(highlights))
