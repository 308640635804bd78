"""Words: which words does this text have, and where? The same in every language.

    text -> chunks -> words

A chunk is a run of letters and digits with the marks that may join them ("l’Île-de-France", "U.S.", "1,234.5"). It is
split by the rules of all packs together: elided articles and enclitics go, a compound is found whole and by its parts.
Everything here takes time in proportion to the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import groupby, pairwise
from typing import NamedTuple

from searcher.languages import get_languages

MAX_WORD_LENGTH = 255
"""Characters; what a longer word has beyond them is not compared (texts without spaces, encoded data)."""


class Word(NamedTuple):
    """One word, as written at `start` to `end` of its text or chunk."""

    exact: str
    """Lower case, with accents."""

    base: str
    """What is stemmed: like `exact`, without the marks that join a compound."""

    start: int
    end: int
    position: int
    """Words before it; a compound stands at the position of its first part."""

    kind: str = "word"
    """"word", "number" (read in the language's way), "acronym" or "literal" (never stemmed: addresses)."""


APOSTROPHES = "'’‘ʼ′´＇"
HYPHENS = "-‐‑－"
JOINERS = re.escape(f"{APOSTROPHES}{HYPHENS}.@_")
SPACES_IN_NUMBERS = " \u00a0\u2009\u202f"

IGNORED = "\u00ad\u034f\u061c\u180e\u200c-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff"
"""Soft hyphen, joiners, direction marks, variation selectors, byte order mark: invisible, no part of a word."""


def _find_marks() -> str:
    """Return the ranges of combining marks, which Python's regular expressions count among the non-letters."""
    marks = (code for code in range(0x300, 0x10000) if unicodedata.category(chr(code)) in ("Mn", "Mc"))
    runs = groupby(enumerate(marks), key=lambda pair: pair[1] - pair[0])
    ends = ([code for _, code in run] for _, run in runs)
    return "".join(f"{chr(codes[0])}-{chr(codes[-1])}" for codes in ends)


MARKS = _find_marks()
LETTER = r"[^\W_ʼ]"
RUN = rf"{LETTER}(?:[{IGNORED}]*+(?:{LETTER}|[{MARKS}]))*+"
SPACED_DIGITS = rf"\d{{1,3}}(?:[{SPACES_IN_NUMBERS}]\d{{3}})++(?!\w)(?:[.,]\d++)?+"
NOT_IN_ADDRESS = rf"\s<>\"«»“”`|…\u200b—{APOSTROPHES}"
ADDRESS = rf"(?:https?|ftp)://[^{NOT_IN_ADDRESS}]*[^{NOT_IN_ADDRESS}.,;:!?)\]}}]"

CHUNK = re.compile(
    rf"(?<![\w.,])(?:[^\W\d_](?:[^\W\d_]|[{MARKS}]){{0,9}}[{APOSTROPHES}])?{SPACED_DIGITS}|{ADDRESS}"
    rf"|{RUN}(?:[{IGNORED}]*+(?:[{JOINERS}]|(?<=\d),(?=\d)){RUN})*+"
    # The last full stop of an acronym, and what may follow it: U.S.’s.
    rf"(?:(?:(?<=\.{LETTER})|(?<=\.{LETTER}[{MARKS}]))\.(?:[{APOSTROPHES}]{RUN})?+)?+",
    re.IGNORECASE,
)
"""What may hold several words; matched from left to right over a text."""

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_GROUPS = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+")
SPACED_NUMBER = re.compile(SPACED_DIGITS)
"""Digits in groups of three with spaces between them: the one chunk that holds white space."""
_ACRONYM = re.compile(rf"(?:[^\W\d_][{MARKS}]*\.)+[^\W\d_][{MARKS}]*\.?")
_HOST = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\.[a-z][a-z0-9]+")
_MAIL = re.compile(r"[^@]+@[^@]+\.[^@]+")
_APOSTROPHE = re.compile(f"[{APOSTROPHES}]")
_HYPHEN = re.compile(f"[{HYPHENS}_]")
_STOP = re.compile(r"[.@,]")
_COMMA = re.compile(",")
_BETWEEN_STOPS = re.compile(r"\d+(?:[.,]\d+)+|[^.@,]+")
_WORD_RUN = re.compile(RUN)
_DIGITS = re.compile(r"[\d.,]+")

_STRAIGHTEN = str.maketrans(dict.fromkeys(APOSTROPHES, "'") | dict.fromkeys(HYPHENS, "-"))
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae"})
_INVISIBLE = re.compile(f"[{IGNORED}]")
_JOINED = str.maketrans("", "", "'-_")
_LETTERS_OF_TWO = str.maketrans(
    {"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "œ": "oe", "æ": "ae", "ё": "е"}
)
_ACCENTS = re.compile("(?<=[\0-\u03ff\u1f00-\u1fff])[\u0300-\u036f]+")
"""Of Latin and Greek letters; in other scripts a mark may make another letter, as in й."""


def normalize(word: str) -> str:
    """Return a word in lower case and one spelling: NFKC, straight apostrophe, œ as oe, nothing invisible.

    >>> normalize("L’Œuvre")
    "l'oeuvre"
    """
    if word.isascii():
        return word.lower()
    word = unicodedata.normalize("NFKC", _INVISIBLE.sub("", word).translate(_STRAIGHTEN))
    return "".join(unicodedata.normalize("NFKC", word.lower()).translate(_LIGATURES).split())


def fold(word: str) -> str:
    """Return a normalised word without accents; letters of other scripts keep what makes them letters.

    >>> fold("évaluée")
    'evaluee'
    """
    if word.isascii():
        return word
    bare = unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", word)))
    return bare.translate(_LETTERS_OF_TWO)


def find_words(text: str) -> Iterator[Word]:
    """Yield the words of a text, with offsets and positions in it."""
    position = 0
    for match in CHUNK.finditer(text):
        words, width = split_chunk(match.group())
        start = match.start()
        for word in words:
            yield word._replace(start=start + word.start, end=start + word.end, position=position + word.position)
        position += width


def split_chunk(chunk: str) -> tuple[list[Word], int]:
    """Return the words of a chunk, and how many positions they take."""
    if chunk.isalpha() and "ʼ" not in chunk:  # most are: the rules below would find nothing to cut
        word = _word(chunk, 0, len(chunk))
        return ([word], 1) if word.exact else ([], 0)
    return _split(chunk, 0, len(chunk))


def _split(chunk: str, start: int, end: int) -> tuple[list[Word], int]:
    """Return the words of a part of a chunk, with offsets in the chunk and positions from 0."""
    whole = chunk[start:end]
    if "://" in whole or _MAIL.fullmatch(whole):
        first = start + whole.find("://") + 3 if "://" in whole else start
        end -= chunk[end - 1] == "."
        runs = _WORD_RUN.finditer(chunk, first, end)
        return _whole_and_parts(_word(chunk, start, end, "literal"), [_word(chunk, *run.span()) for run in runs])
    start = _skip_elisions(chunk, start, end)
    end = _skip_endings(chunk, start, end)
    whole = chunk[start:end]
    if SPACED_NUMBER.fullmatch(whole):
        groups = [_word(chunk, *group.span(), "number") for group in _DIGITS.finditer(chunk, start, end)]
        return _whole_and_parts(_word(chunk, start, end, "number"), groups)
    if _NUMBER.fullmatch(whole) and not _is_list(whole):
        return [_word(chunk, start, end, "number")], 1
    if _ACRONYM.fullmatch(whole):
        return [_word(chunk, start, end, "acronym")], 1
    if _HOST.fullmatch(whole):
        words, width = _split_at(chunk, _cut(_STOP, chunk, start, end))
        return [_word(chunk, start, end, "literal"), *words], width
    if _HYPHEN.search(whole):
        words, width = _split_at(chunk, _cut(_HYPHEN, chunk, start, end))
        return [_word(chunk, start, end), *words], width
    if _NUMBER.fullmatch(whole):
        return _split_at(chunk, _cut(_COMMA, chunk, start, end))
    if _STOP.search(whole):
        return _split_at(chunk, [match.span() for match in _BETWEEN_STOPS.finditer(chunk, start, end)])
    return _split_apostrophes(chunk, start, end)


def _is_list(number: str) -> bool:
    """Tell 1,2,3 from the one number 1,234,567."""
    return number.count(",") > 1 and not _GROUPS.fullmatch(number.partition(".")[0])


def _split_at(chunk: str, spans: Iterable[tuple[int, int]]) -> tuple[list[Word], int]:
    words: list[Word] = []
    position = 0
    for start, end in spans:
        kept, width = _split(chunk, start, end)
        words += [word._replace(position=position + word.position) for word in kept]
        position += width
    return words, position


def _split_apostrophes(chunk: str, start: int, end: int) -> tuple[list[Word], int]:
    """Return one word, or a name like O'Brien whole and by the name."""
    word = _word(chunk, start, end)
    if not word.exact:
        return [], 0
    *_, last = pieces = word.exact.split("'")
    if len(pieces) == 1 or word.exact in _rules().whole_words:
        return [word], 1
    if last in _rules().contracted_endings:
        return [word._replace(base=word.exact)], 1  # she'll is not shell
    parts = [_word(chunk, *span) for span in _cut(_APOSTROPHE, chunk, start, end)]
    return _whole_and_parts(word, [part for part in parts if len(part.exact) > 1 or part.exact.isdigit()])


def _whole_and_parts(whole: Word, parts: Iterable[Word]) -> tuple[list[Word], int]:
    placed = [part._replace(position=position) for position, part in enumerate(parts)]
    return [whole, *placed], max(len(placed), 1)


def _cut(mark: re.Pattern[str], chunk: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the spans between the marks of a part of a chunk."""
    bounds = [start - 1, *(match.start() for match in mark.finditer(chunk, start, end)), end]
    return [(before + 1, after) for before, after in pairwise(bounds)]


def _word(chunk: str, start: int, end: int, kind: str = "word") -> Word:
    exact = normalize(chunk[start:end])[:MAX_WORD_LENGTH]
    if kind == "number":
        exact = exact.replace(" ", "")
    elif kind == "acronym":
        exact = exact.replace(".", "")
    return Word(exact, exact.translate(_JOINED) if kind == "word" else exact, start, end, 0, kind)


def _skip_elisions(chunk: str, start: int, end: int) -> int:
    """Return where a word begins behind its elided articles."""
    rules = _rules()
    while (match := rules.elision.match(chunk, start, end)) and not rules.whole_word.match(chunk, start, end):
        start = match.end()
    return start


def _skip_endings(chunk: str, start: int, end: int) -> int:
    """Return where a word ends before a possessive ending and an enclitic."""
    for ending in (_rules().possessive, _rules().enclitic):
        if match := ending.search(chunk, max(start + 1, end - _LONGEST_ENDING), end):
            end = match.start()
    return end


_LONGEST_ENDING = 12
"""Characters in which an ending is looked for, so that time grows with the text alone."""


class _Rules(NamedTuple):
    """What the packs say about the parts of words, all languages together; patterns match texts as written."""

    elision: re.Pattern[str]
    whole_word: re.Pattern[str]
    possessive: re.Pattern[str]
    enclitic: re.Pattern[str]
    whole_words: frozenset[str]
    contracted_endings: frozenset[str]


@cache
def _rules() -> _Rules:
    packs = get_languages()
    apostrophe, hyphen = f"[{APOSTROPHES}]", f"[{HYPHENS}]"
    elisions = _alternatives(pack.elisions for pack in packs)
    whole_words = _alternatives(pack.whole_words for pack in packs)
    possessives = _alternatives(pack.possessive_endings for pack in packs)
    enclitics = _alternatives(pack.enclitics for pack in packs)

    def compiled(pattern: str) -> re.Pattern[str]:
        return re.compile(pattern, re.IGNORECASE)

    return _Rules(
        elision=compiled(rf"{elisions}[{IGNORED}]*{apostrophe}(?={LETTER})(?!{possessives}\Z)"),
        whole_word=compiled(rf"{whole_words}(?![\w{MARKS}])"),
        possessive=compiled(rf"{apostrophe}{possessives}\Z"),
        enclitic=compiled(rf"{hyphen}{enclitics}\Z"),
        whole_words=frozenset(normalize(word) for pack in packs for word in pack.whole_words),
        contracted_endings=frozenset().union(*(pack.contracted_endings for pack in packs)),
    )


def _alternatives(words: Iterable[Iterable[str]]) -> str:
    """Return a pattern for any of the words, composed or decomposed, with any apostrophe or hyphen."""
    spellings = {unicodedata.normalize(form, word) for some in words for word in some for form in ("NFC", "NFD")}
    escaped = (word.replace("'", f"[{APOSTROPHES}]").replace("-", f"[{HYPHENS}]") for word in spellings)
    return f"(?:{'|'.join(sorted(escaped, key=lambda word: (-len(word), word)))})" if spellings else r"(?!)"
