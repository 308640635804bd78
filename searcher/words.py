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
from itertools import chain, groupby
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
    codes = chain(range(0x300, 0x3100), range(0xA600, 0xAC00), range(0xFB00, 0x10000))  # no Han, no Hangul
    marks = (code for code in codes if unicodedata.category(chr(code)) in ("Mn", "Mc"))
    runs = groupby(enumerate(marks), key=lambda pair: pair[1] - pair[0])
    ends = ([code for _, code in run] for _, run in runs)
    return "".join(f"{chr(codes[0])}-{chr(codes[-1])}" for codes in ends)


MARKS = _find_marks()
LETTER = r"[^\W_ʼ]"
RUN = rf"{LETTER}++(?:[{IGNORED}]*+(?:{LETTER}++|[{MARKS}]))*+"
SPACED_DIGITS = rf"[0-9]{{1,3}}(?:[{SPACES_IN_NUMBERS}][0-9]{{3}}(?!\w))++(?:[.,][0-9]++)?+"
NOT_IN_ADDRESS = rf"\s<>\"«»“”`|…\u200b—{APOSTROPHES}"
ADDRESS = rf"(?i:https?|ftp)://[^{NOT_IN_ADDRESS}]*[^{NOT_IN_ADDRESS}.,;:!?)\]}}]"

CHUNK = re.compile(
    rf"(?<![\w.,])(?:[^\W\d_ʼ](?:[^\W\d_ʼ]|[{MARKS}]){{0,9}}+[{APOSTROPHES}])?+{SPACED_DIGITS}|{ADDRESS}"
    rf"|{RUN}(?:[{IGNORED}]*+(?:[{JOINERS}]|(?<=\d),(?=\d)){RUN})*+"
    # The last full stop of an acronym, and what may follow it: U.S.’s.
    rf"(?:(?:(?<=\.{LETTER})|(?<=\.{LETTER}[{MARKS}]))\.(?:[{APOSTROPHES}]{RUN})?+)?+"
)
"""What may hold several words; matched from left to right over a text."""

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_GROUPS = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+")
SPACED_NUMBER = re.compile(SPACED_DIGITS)
"""ASCII digits in groups of three with spaces between them: the one chunk that holds white space."""
_ACRONYM = re.compile(rf"(?:[^\W\d_][{MARKS}]*\.)+[^\W\d_][{MARKS}]*\.?")
_HOST = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\.[a-z][a-z0-9]+")
_MAIL = re.compile(r"[^@]+@[^@]+\.[^@]+")
_WORD_RUN = re.compile(RUN)
_DIGITS = re.compile(r"[\d.,]+")
_BETWEEN_APOSTROPHES = re.compile("[^']+")
_BETWEEN_COMMAS = re.compile("[^,]+")
_BETWEEN_HYPHENS = re.compile("[^-_]+")
_BETWEEN_STOPS = re.compile(r"[^.]+")
_NUMBER_OR_BETWEEN_STOPS = re.compile(r"\d+(?:[.,]\d+)+|[^.@,]+")

_STRAIGHT = tuple((mark, marks[0]) for marks in (APOSTROPHES, HYPHENS) for mark in marks[1:])
_INVISIBLE = re.compile(f"[{IGNORED}]")
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
    word = _straighten(word)
    if not word.isalnum():
        word = _INVISIBLE.sub("", word)
    word = unicodedata.normalize("NFKC", word)
    lower = word.lower()
    if lower != word:
        lower = unicodedata.normalize("NFKC", lower)
    lower = lower.replace("œ", "oe").replace("æ", "ae")
    return lower if lower.isalnum() else "".join(lower.split())


def _straighten(text: str) -> str:
    """Return a text with a straight mark in the place of every apostrophe and hyphen."""
    if text.isascii() or (text.isalnum() and "ʼ" not in text):  # the one apostrophe among the letters
        return text
    for mark, straight in _STRAIGHT:
        text = text.replace(mark, straight)
    return text


def fold(word: str) -> str:
    """Return a normalised word without accents; letters of other scripts keep what makes them letters.

    >>> fold("évaluée")
    'evaluee'
    """
    if word.isascii():
        return word
    return word.translate(_folded_letters) if word.isalnum() else _fold(word)


def _fold(word: str) -> str:
    bare = unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", word)))
    return bare.translate(_LETTERS_OF_TWO)


class _FoldedLetters(dict[int, str]):
    """What the letters seen so far are without their accents, by code point."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold(chr(code))
        return folded


_folded_letters = _FoldedLetters()


def find_words(text: str) -> Iterator[Word]:
    """Yield the words of a text, with offsets and positions in it."""
    before = 0
    for match in CHUNK.finditer(text):
        words, width = split_chunk(match.group())
        offset = match.start()
        for exact, base, start, end, position, kind in words:
            yield Word(exact, base, offset + start, offset + end, before + position, kind)
        before += width


def split_chunk(chunk: str) -> tuple[list[Word], int]:
    """Return the words of a chunk, and how many positions they take."""
    words: list[Word] = []
    width = _split(_straighten(chunk), 0, len(chunk), 0, words)
    return words, width


def _split(chunk: str, start: int, end: int, position: int, words: list[Word]) -> int:
    """Add the words of a part of a straightened chunk to `words`; return the position behind them.

    The rules are in the order in which they apply. Each asks first for the mark that it is about: to see that a part
    holds none is much cheaper than to match a pattern in vain.
    """
    part = chunk[start:end]
    if not part.isalnum():
        if "://" in part or ("@" in part and _MAIL.fullmatch(part)):
            return _split_address(chunk, start, end, position, words)
        if "'" in part:
            start = _skip_elisions(chunk, start, end)
            end = _skip_ending(_rules().possessive, chunk, start, end)
        if "-" in part:
            end = _skip_ending(_rules().enclitic, chunk, start, end)
        part = chunk[start:end]
    if part.isalnum():
        words.append(_word(part, start, position, "number" if part.isdecimal() else "word"))
        return position + 1
    if part[0].isdecimal():
        if SPACED_NUMBER.fullmatch(part):
            return _split_spaced_number(chunk, start, end, position, words)
        if _NUMBER.fullmatch(part):
            if _is_list(part):
                return _split_at(_BETWEEN_COMMAS, chunk, start, end, position, words)
            words.append(_word(part, start, position, "number"))
            return position + 1
    if "." in part:
        if _ACRONYM.fullmatch(part):
            words.append(_word(part, start, position, "acronym"))
            return position + 1
        if part[-1] == ".":  # that of a sentence
            return _split(chunk, start, end - 1, position, words)
        if _HOST.fullmatch(part):
            words.append(_word(part, start, position, "literal"))
            return _split_at(_BETWEEN_STOPS, chunk, start, end, position, words)
    if "-" in part or "_" in part:
        words.append(_word(part, start, position))
        return _split_at(_BETWEEN_HYPHENS, chunk, start, end, position, words)
    if "." in part or "," in part or "@" in part:
        return _split_at(_NUMBER_OR_BETWEEN_STOPS, chunk, start, end, position, words)
    return _split_apostrophes(chunk, start, end, position, words)


def _is_list(number: str) -> bool:
    """Tell 1,2,3 from the one number 1,234,567."""
    return number.count(",") > 1 and not _GROUPS.fullmatch(number.partition(".")[0])


def _split_at(between: re.Pattern[str], chunk: str, start: int, end: int, position: int, words: list[Word]) -> int:
    for part in between.finditer(chunk, start, end):
        position = _split(chunk, part.start(), part.end(), position, words)
    return position


def _split_address(chunk: str, start: int, end: int, position: int, words: list[Word]) -> int:
    scheme = chunk.find("://", start, end)
    first = start if scheme < 0 else scheme + 3
    end -= chunk[end - 1] == "."
    whole = _word(chunk[start:end], start, position, "literal")
    return _add_parts(whole, (_word(run.group(), run.start()) for run in _WORD_RUN.finditer(chunk, first, end)), words)


def _split_spaced_number(chunk: str, start: int, end: int, position: int, words: list[Word]) -> int:
    whole = _word(chunk[start:end], start, position, "number")
    groups = _DIGITS.finditer(chunk, start, end)
    return _add_parts(whole, (_word(group.group(), group.start(), kind="number") for group in groups), words)


def _split_apostrophes(chunk: str, start: int, end: int, position: int, words: list[Word]) -> int:
    """Add one word, or a name like O'Brien whole and by the name."""
    word = _word(chunk[start:end], start, position)
    if not word.exact:
        return position
    _, apostrophe, last = word.exact.rpartition("'")
    if not apostrophe or word.exact in _rules().whole_words:
        words.append(word)
    elif last in _rules().contracted_endings:
        words.append(word._replace(base=word.exact))  # she'll is not shell
    else:
        parts = [_word(piece.group(), piece.start()) for piece in _BETWEEN_APOSTROPHES.finditer(chunk, start, end)]
        return _add_parts(word, (part for part in parts if len(part.exact) > 1 or part.exact.isdigit()), words)
    return position + 1


def _add_parts(whole: Word, parts: Iterable[Word], words: list[Word]) -> int:
    """Add a word, and its parts from its position on; return the position behind them."""
    words.append(whole)
    position = whole.position
    for part in parts:
        words.append(part._replace(position=position))
        position += 1
    return max(position, whole.position + 1)


def _word(written: str, start: int, position: int = 0, kind: str = "word") -> Word:
    exact = base = normalize(written)[:MAX_WORD_LENGTH]
    if kind == "acronym":
        exact = base = exact.replace(".", "")
    elif not exact.isalnum():
        exact = base = exact.replace(" ", "")
        if kind == "word":
            base = exact.replace("'", "").replace("-", "").replace("_", "")
    return Word(exact, base, start, start + len(written), position, kind)


def _skip_elisions(chunk: str, start: int, end: int) -> int:
    """Return where a word begins behind its elided articles."""
    rules = _rules()
    while (match := rules.elision.match(chunk, start, end)) and not rules.whole_word.match(chunk, start, end):
        start = match.end()
    return start


def _skip_ending(ending: re.Pattern[str], chunk: str, start: int, end: int) -> int:
    """Return where a word ends before a possessive ending or an enclitic."""
    match = ending.search(chunk, max(start + 1, end - _LONGEST_ENDING), end)
    return match.start() if match else end


_LONGEST_ENDING = 12
"""Characters in which an ending is looked for, so that time grows with the text alone."""


class _Rules(NamedTuple):
    """What the packs say about the parts of words, all languages together; patterns match straightened texts."""

    elision: re.Pattern[str]
    whole_word: re.Pattern[str]
    possessive: re.Pattern[str]
    enclitic: re.Pattern[str]
    whole_words: frozenset[str]
    contracted_endings: frozenset[str]


@cache
def _rules() -> _Rules:
    packs = get_languages()
    elisions = _alternatives(pack.elisions for pack in packs)
    whole_words = _alternatives(pack.whole_words for pack in packs)
    possessives = _alternatives(pack.possessive_endings for pack in packs)
    enclitics = _alternatives(pack.enclitics for pack in packs)

    def compiled(pattern: str) -> re.Pattern[str]:
        return re.compile(pattern, re.IGNORECASE)

    return _Rules(
        elision=compiled(rf"{elisions}[{IGNORED}]*'(?={LETTER})(?!{possessives}\Z)"),
        whole_word=compiled(rf"{whole_words}(?![\w{MARKS}])"),
        possessive=compiled(rf"'{possessives}\Z"),
        enclitic=compiled(rf"-{enclitics}\Z"),
        whole_words=frozenset(normalize(word) for pack in packs for word in pack.whole_words),
        contracted_endings=frozenset().union(*(pack.contracted_endings for pack in packs)),
    )


def _alternatives(words: Iterable[Iterable[str]]) -> str:
    """Return a pattern for any of the words, composed or decomposed."""
    spellings = {unicodedata.normalize(form, word) for some in words for word in some for form in ("NFC", "NFD")}
    return f"(?:{'|'.join(sorted(spellings, key=lambda word: (-len(word), word)))})" if spellings else r"(?!)"
