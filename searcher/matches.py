"""Matches: where in this text does it say what was asked?

    query, text -> pieces that hold a term of the query -> Match

A piece is what stands between white space. Which terms a piece holds is learned once for all texts of a language, so
that most texts need no analysis to be looked through.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from searcher.analysis import Token, get_analyzer
from searcher.languages import UNDETERMINED, function_words_of, language_codes
from searcher.query import Concept, Phrase, Query
from searcher.words import SPACED_NUMBER

REMEMBERED_PIECES = 200_000
"""Distinct pieces of a language whose words are remembered, about 100 MB; then they are all forgotten."""

REMEMBERED_TEXTS = 200_000
"""Texts of a language that are remembered to have no unknown piece."""

LONGEST_PIECE = 255
"""Characters; a text with a longer piece is analysed each time."""

SHORTEST_COMMON_PART = 4
"""Characters; shorter ones stand in too many other words."""

DIGITS_OF_A_GROUP = re.compile(r"\d{3}(?!\w)(?:[.,]\d++)?+")
"""What may belong to a number written with spaces: what follows is then another chunk."""


class Match(NamedTuple):
    """A place in a text that holds a clause of the query: `text[start:end]`."""

    start: int
    end: int
    clause: int
    """Which of the query's clauses, counted from 0."""


def find_matches(query: Query, tokens: Sequence[Token], language: str) -> list[Match]:
    """Return where the clauses of a query stand in the tokens of a text of that language, in order of the text.

    Function words of that language (of any, for "und") are left out where the text holds anything else that was asked.
    """
    wanted = _get_wanted(query, language)
    telling: list[Match] = []
    others: list[Match] = []
    for place, token in enumerate(tokens):
        for index in wanted.concepts.get(token.term, ()):
            (others if token.exact in wanted.grammar else telling).append(Match(token.start, token.end, index))
        for index, phrase in wanted.phrases.get(token.exact, ()):
            end = _phrase_end(phrase, tokens, place)
            if end is not None:
                telling.append(Match(token.start, end, index))
    return telling or others


def spot_matches(query: Query, text: str, language: str) -> list[Match]:
    """Return what `find_matches` does for the tokens of a text, from what is known of its pieces.

    Phrases, and numbers written with spaces, look beyond a piece: then the whole text is analysed.
    """
    wanted = _get_wanted(query, language)
    known = None if wanted.phrases else _learn(text, language)
    places = _find_pieces(text, known.marks_of(wanted.concepts)) if known else {}
    has_digits = wanted.has_digits or any(piece[0].isdigit() for piece in places.values())
    if known is None or (has_digits and SPACED_NUMBER.search(text)):
        return find_matches(query, get_analyzer(language).analyze(text), language)
    telling: list[Match] = []
    others: list[Match] = []
    for place in sorted(places):
        for term, exact, start, end, _ in known.tokens.get(places[place], ()):
            for index in wanted.concepts.get(term, ()):
                (others if exact in wanted.grammar else telling).append(Match(place + start, place + end, index))
    return telling or others


def _find_pieces(text: str, marks: Iterable[str]) -> dict[int, str]:
    """Return the pieces of a text that hold any of the marks, by where they begin."""
    pieces: dict[int, str] = {}
    length = len(text)
    for mark in marks:
        place = text.find(mark)
        while place >= 0:
            start, end = place, place + len(mark)
            while start and not text[start - 1].isspace():
                start -= 1
            while end < length and not text[end].isspace():
                end += 1
            pieces[start] = text[start:end]
            place = text.find(mark, end)
    return pieces


class _PieceTerms:
    """The terms of the pieces of texts of one language, as far as they were learned; threads may share it."""

    def __init__(self, language: str) -> None:
        self._analyzer = get_analyzer(language)
        self._holding: dict[str, list[str]] = {}
        """The pieces that hold each term."""
        self._marks: dict[str, tuple[int, list[str]]] = {}
        self._texts: set[int] = set()
        """Hashes of the texts whose pieces were all learned."""
        self.tokens: dict[str, tuple[Token, ...]] = {}
        """Of each piece."""

    def learn(self, text: str) -> bool:
        """Learn the terms of the pieces of a text; False where one is too long."""
        if hash(text) in self._texts:
            return True
        unknown = set(text.split()).difference(self.tokens)
        if any(len(piece) > LONGEST_PIECE for piece in unknown):
            return False
        for piece in unknown:
            tokens = tuple(self._analyzer.analyze(piece))
            terms = {token.term for token in tokens}
            if group := DIGITS_OF_A_GROUP.match(piece):
                terms.update(token.term for token in self._analyzer.analyze(piece[group.end() :]))
            for term in terms:
                self._holding.setdefault(term, []).append(piece)
            self.tokens[piece] = tokens  # last: other threads look there
        if len(self._texts) >= REMEMBERED_TEXTS:
            self._texts.clear()
        self._texts.add(hash(text))
        return True

    def marks_of(self, terms: Iterable[str]) -> Iterator[str]:
        """Yield what is common to the pieces that hold a term: each has one of the marks."""
        for term in terms:
            pieces = self._holding.get(term, [])
            count = len(pieces)
            known_count, marks = self._marks.get(term, (0, []))
            if known_count < count:
                marks = find_common_parts(pieces)
                self._marks[term] = count, marks
            yield from marks


_piece_terms: dict[str, _PieceTerms] = {}


def _learn(text: str, language: str) -> _PieceTerms | None:
    """Return what is known of pieces, all those of a text among them; None where one is too long."""
    known = _piece_terms.get(language)
    if known is None or len(known.tokens) >= REMEMBERED_PIECES:
        known = _piece_terms[language] = _PieceTerms(language)
    return known if known.learn(text) else None


def find_common_parts(words: Iterable[str]) -> list[str]:
    """Return a few strings of which each word has one.

    >>> find_common_parts(["station", "Station", "stationed,", "l’été", "été"])
    ['été', 'tation']
    """
    parts: list[str] = []
    for word in sorted(words, key=len):
        if any(part in word for part in parts):
            continue
        for number, part in enumerate(parts):
            common = max(
                _common_start(part, word), _common_start(part, word[1:]), _common_start(part[1:], word[1:]), key=len
            )
            if len(common) >= SHORTEST_COMMON_PART:
                parts[number] = common
                break
        else:
            parts.append(word)
    return parts


def _common_start(one: str, other: str) -> str:
    length = 0
    for letter, other_letter in zip(one, other, strict=False):
        if letter != other_letter:
            break
        length += 1
    return one[:length]


class _Wanted:
    """What a query looks for in texts of one language."""

    def __init__(self, query: Query, language: str) -> None:
        self.query = query
        self.concepts: dict[str, list[int]] = {}
        """The clauses of each term."""
        self.phrases: dict[str, list[tuple[int, Phrase]]] = {}
        """The phrases that begin with each exact form."""
        for index, clause in enumerate(query.clauses):
            if isinstance(clause, Concept):
                for term in clause.terms.get(language, ()):
                    self.concepts.setdefault(term, []).append(index)
            else:
                for form in clause.words[0]:
                    self.phrases.setdefault(form, []).append((index, clause))
        self.grammar = _function_words(language)
        self.has_digits = any(map(str.isdigit, "".join(self.concepts)))


@cache
def _function_words(language: str) -> frozenset[str]:
    return function_words_of(*(language_codes() if language == UNDETERMINED else (language,)))


_recent: dict[str, _Wanted] = {}
"""What was wanted last in each language: the hits of a search are looked through one after the other."""


def _get_wanted(query: Query, language: str) -> _Wanted:
    wanted = _recent.get(language)
    if wanted is None or wanted.query is not query:
        wanted = _recent[language] = _Wanted(query, language)
    return wanted


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
