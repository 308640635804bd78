"""Analysis: here is a text, give me its terms and where they stand.

    text -> chunks -> words -> tokens

A chunk is a run of letters and digits with the marks that may join them ("l’Île-de-France", "U.S", "1,234.5"). It is
split into words by the rules of all packs together, so that a text has the same words in every language; what differs
is the term: the stem, folded, and how a number is read. Distinct chunks are analysed once.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import NamedTuple, Protocol

from searcher.languages import UNDETERMINED, get_language, get_languages

MAX_TERM_LENGTH = 255
"""Characters; what a longer word has beyond them is not compared (texts without spaces, encoded data)."""

CACHED_CHUNK_LENGTH = 64
"""Characters; longer chunks are rarely seen twice."""

CACHED_CHUNKS = 300_000
"""Distinct chunks that an analyzer remembers, about 100 MB; then it forgets them all."""


class Token(NamedTuple):
    """One word of a text as the index sees it; `text[start:end]` is the word as written."""

    term: str
    """What is indexed: the stem in the text's language, without accents."""

    exact: str
    """The word itself, lower case, with its accents."""

    start: int
    end: int
    position: int
    """Words before it; a compound stands at the position of its first part."""


class Word(NamedTuple):
    """A word of a chunk before its language is known; offsets and position count from the chunk's."""

    exact: str
    base: str
    """What is stemmed: like `exact`, without the marks that join a compound."""
    start: int
    end: int
    position: int
    kind: str = "word"
    """"word", "number" (read in the language's way) or "literal" (never stemmed: addresses)."""


class Stemmer(Protocol):
    """What is used of a Snowball stemmer."""

    def stemWord(self, word: str, /) -> str: ...  # noqa: N802 - the library's name


APOSTROPHES = "'’‘ʼ′＇"
HYPHENS = "-‐‑"
SPACES_IN_NUMBERS = " \u00a0\u2009\u202f"
IGNORED = "\u00ad\u200c\u200d\u200e\u200f\u2060\ufeff\u061c\u202a-\u202e\u2066-\u2069"
"""Soft hyphen, joiners, direction marks, byte order mark: invisible, no part of a word."""

# Python counts combining marks among the non-letters: the blocks whose words hold some.
MARKS = "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1-\u05c7\u0610-\u061a\u064b-\u0669\u0670\u06d6-\u06ed"
MARKS += "\u0711\u0730-\u074a\u0900-\u0963\u0966-\u0dff\u0e31-\u0e3a\u0e47-\u0eff\u0f18-\u0fbc\u1000-\u109f"
MARKS += "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\ufe20-\ufe2f"

LETTER = r"[^\W_ʼ]"
RUN = rf"{LETTER}(?:{LETTER}|[{MARKS}{IGNORED}])*+"
SPACED_NUMBER = rf"(?<![\w.,])\d{{1,3}}(?:[{SPACES_IN_NUMBERS}]\d{{3}})++(?![\w])(?:[.,]\d++)?+"
ADDRESS = r"(?:https?|ftp)://[^\s<>\"«»]*[^\s<>\"«».,;:!?)\]}'’]"

CHUNK = re.compile(
    rf"{SPACED_NUMBER}|{ADDRESS}"
    rf"|{RUN}(?:(?:[{APOSTROPHES}\-‐‑.@_]|(?<=\d),(?=\d)){RUN})*+(?:(?<=\.{LETTER})\.)?+",
    re.IGNORECASE,
)
WORD_RUN = re.compile(RUN)
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
ACRONYM = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]\.?")
HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
MAIL = re.compile(r"[^@]+@[^@]+\.[^@]+")
APOSTROPHE = re.compile(f"[{APOSTROPHES}]")
JOINER = re.compile(f"[{HYPHENS}_]")

_STRAIGHTEN = str.maketrans(dict.fromkeys(APOSTROPHES, "'") | dict.fromkeys("‐‑", "-") | {"œ": "oe", "æ": "ae"})
_INVISIBLE = re.compile(f"[{IGNORED}]")
_UNJOINED = str.maketrans("", "", "'-_.")
_LETTERS_WITHOUT_DECOMPOSITION = str.maketrans(
    {"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "œ": "oe", "æ": "ae"}
)
_ACCENTS = re.compile("[\u0300-\u036f]")


def normalize(word: str) -> str:
    """Return a word in lower case and one spelling: NFKC, straight apostrophe, œ as oe, nothing invisible."""
    if word.isascii():
        return word.lower()
    word = unicodedata.normalize("NFKC", _INVISIBLE.sub("", word))
    return unicodedata.normalize("NFKC", word.lower()).translate(_STRAIGHTEN)


def fold(word: str) -> str:
    """Return a normalised word without accents; letters of other scripts keep what makes them letters."""
    if word.isascii():
        return word
    bare = _ACCENTS.sub("", unicodedata.normalize("NFD", word)).translate(_LETTERS_WITHOUT_DECOMPOSITION)
    return unicodedata.normalize("NFC", bare)


def find_words(text: str) -> Iterator[Word]:
    """Yield the words of a text, with offsets and positions in it; the same for every language."""
    base = 0
    for match in CHUNK.finditer(text):
        words, width = split_chunk(match.group())
        start = match.start()
        for word in words:
            yield word._replace(start=start + word.start, end=start + word.end, position=base + word.position)
        base += width


def split_chunk(chunk: str) -> tuple[list[Word], int]:
    """Return the words of a chunk, and how many positions they take."""
    if chunk.isascii() and chunk.isalpha():
        return [_word(chunk, 0, len(chunk), 0)], 1
    if "://" in chunk or MAIL.fullmatch(chunk):
        return _split_address(chunk)
    if NUMBER.fullmatch(chunk):
        return [_word(chunk, 0, len(chunk), 0, kind="number")], 1
    if chunk[0].isdigit() and any(space in chunk for space in SPACES_IN_NUMBERS):
        groups = re.finditer(r"[\d.,]+", chunk)
        parts = [_word(chunk, *group.span(), n, kind="number") for n, group in enumerate(groups)]
        return [_word(chunk, 0, len(chunk), 0, kind="number"), *parts], len(parts)
    if "." in chunk or "@" in chunk:
        return _split_dotted(chunk)
    return _split_joined(chunk, 0)


def _word(chunk: str, start: int, end: int, position: int, kind: str = "word") -> Word:
    exact = normalize(chunk[start:end])[:MAX_TERM_LENGTH]
    base = exact.translate(_UNJOINED) if kind == "word" else exact
    return Word(exact, base, start, end, position, kind)


def _split_address(chunk: str) -> tuple[list[Word], int]:
    """An address is found whole and by its words; the scheme is none of them."""
    first = chunk.find("://") + 3 if "://" in chunk else 0
    runs = WORD_RUN.finditer(chunk, first)
    parts = [_word(chunk, *run.span(), position) for position, run in enumerate(runs)]
    return [_word(chunk, 0, len(chunk), 0, kind="literal"), *parts], max(len(parts), 1)


def _split_dotted(chunk: str) -> tuple[list[Word], int]:
    """Full stops inside: an acronym is one word, a host or file name is also found by its parts."""
    start, elided = _skip_elisions(chunk, 0)
    if ACRONYM.fullmatch(chunk, start):
        acronym = _word(chunk, start, len(chunk), 0)
        return [acronym._replace(exact=acronym.base)], 1
    words: list[Word] = []
    position = 0
    if HOST.fullmatch(chunk, start):
        words.append(_word(chunk, start, len(chunk), 0, kind="literal"))
    for part in re.finditer(r"[^.@]+", chunk[start:] if elided else chunk):
        kept, width = split_chunk(part.group())
        offset = start + part.start()
        words += [
            word._replace(start=offset + word.start, end=offset + word.end, position=position + word.position)
            for word in kept
        ]
        position += width
    return words, position


def _split_joined(chunk: str, first: int) -> tuple[list[Word], int]:
    """Apostrophes and hyphens inside: elided articles and enclitics go, a compound is found whole and by its parts."""
    start, _ = _skip_elisions(chunk, first)
    end = _skip_endings(chunk, start)
    bounds = [start, *(match.end() for match in JOINER.finditer(chunk, start, end)), end + 1]
    if len(bounds) == 2:
        return _split_apostrophe(chunk, start, end)
    parts: list[Word] = []
    position = 0
    for part_start, next_start in pairwise(bounds):
        inner_start, _ = _skip_elisions(chunk, part_start)
        kept, width = _split_apostrophe(chunk, inner_start, next_start - 1)
        parts += [word._replace(position=position + word.position) for word in kept]
        position += width
    return [_word(chunk, start, end, 0), *parts], position


def _split_apostrophe(chunk: str, start: int, end: int) -> tuple[list[Word], int]:
    """One word, or a name like O'Brien: found whole and by the name."""
    whole = _word(chunk, start, end, 0)
    pieces = whole.exact.split("'")
    if len(pieces) == 1 or whole.exact in _rules().whole_words or pieces[-1] in _rules().contracted_endings:
        return [whole], 1
    cuts = [start, *(match.end() for match in APOSTROPHE.finditer(chunk, start, end)), end + 1]
    parts = [(cut, following - 1) for cut, following in pairwise(cuts) if following - cut > 2]
    return [whole, *(_word(chunk, *span, n) for n, span in enumerate(parts))], max(len(parts), 1)


def _skip_elisions(chunk: str, start: int) -> tuple[int, bool]:
    """Return where the word begins behind its elided articles, and whether there are any."""
    begin = start
    for match in APOSTROPHE.finditer(chunk, start):
        rest = normalize(JOINER.split(chunk[begin:], maxsplit=1)[0])
        if rest in _rules().whole_words or normalize(chunk[begin : match.start()]) not in _rules().elisions:
            break
        begin = match.end()
    return begin, begin > start


def _skip_endings(chunk: str, start: int) -> int:
    """Return where the word ends before a possessive or an enclitic."""
    end = len(chunk)
    for match in APOSTROPHE.finditer(chunk, start):
        if normalize(chunk[match.end() :]) in _rules().possessive_endings:
            end = match.start()
    for match in JOINER.finditer(chunk, start, end):
        if normalize(chunk[match.end() : end]) in _rules().enclitics:
            return match.start()
    return end


class _Rules(NamedTuple):
    """What the packs say about the parts of words, all languages together."""

    elisions: frozenset[str]
    possessive_endings: frozenset[str]
    contracted_endings: frozenset[str]
    whole_words: frozenset[str]
    enclitics: frozenset[str]


@cache
def _rules() -> _Rules:
    packs = get_languages()
    return _Rules(*(frozenset().union(*(getattr(pack, name) for pack in packs)) for name in _Rules._fields))


def read_number(number: str, decimal_mark: str) -> str:
    """Return a number with a decimal point and no thousands marks: 1 234,5 and 1,234.5 are 1234.5.

    The last of two different marks is the decimal one; a single mark before three digits is read in the language's
    way; anything else that repeats (versions, dates) stays as written.
    """
    digits = "".join(part for part in re.split(f"[{SPACES_IN_NUMBERS}]", number))
    marks = re.findall("[.,]", digits)
    if len(marks) == 1:
        whole, decimals = re.split("[.,]", digits)
        is_group = marks[0] == "," != decimal_mark and len(decimals) == 3 and len(whole) < 4
        return whole + decimals if is_group else f"{whole}.{decimals}"
    if len(set(marks)) == 2 and marks.count(marks[-1]) == 1:
        return digits.replace(marks[0], "").replace(marks[-1], ".")
    if len(set(marks)) == 1 and re.fullmatch(r"\d{1,3}([.,]\d{3})+", digits):
        return digits.replace(marks[0], "")
    return digits


class Analyzer:
    """Turns texts of one language into tokens; threads may share it."""

    def __init__(self, code: str) -> None:
        self.code = code
        language = None if code == UNDETERMINED else get_language(code)
        self._decimal_mark = language.decimal_mark if language else "."
        self._letters = frozenset(language.letters) if language else frozenset()
        self._stemmer = _load_stemmer(language.stemmer) if language else None
        self._lock = threading.Lock()  # compiled stemmers keep state in a word
        self._chunks: dict[str, tuple[tuple[Token, ...], int]] = {}

    def stem(self, word: str) -> str:
        """Return the Snowball stem of a lower-case word, accents kept; the word itself where the language has none."""
        if self._stemmer is None:
            return word
        with self._lock:
            return self._stemmer.stemWord(word)

    def term(self, word: Word) -> str:
        """Return what a word is indexed as in this language."""
        if word.kind == "number":
            return read_number(word.base, self._decimal_mark)
        return fold(word.base if word.kind == "literal" else self.stem(self._fold_foreign(word.base)))

    def _fold_foreign(self, word: str) -> str:
        """Take the accents off letters that are not of this alphabet: its stemmer knows none of them."""
        if word.isascii():
            return word
        return "".join(letter if letter in self._letters else fold(letter) for letter in word)

    def analyze(self, text: str) -> list[Token]:
        """Return the tokens of a text in order; offsets point into the text as given."""
        tokens: list[Token] = []
        base = 0
        for match in CHUNK.finditer(text):
            chunk = match.group()
            known = self._chunks.get(chunk)
            pieces, width = known if known is not None else self._analyze_chunk(chunk)
            start = match.start()
            for term, exact, piece_start, piece_end, position in pieces:
                tokens.append(Token(term, exact, start + piece_start, start + piece_end, base + position))
            base += width
        return tokens

    def _analyze_chunk(self, chunk: str) -> tuple[tuple[Token, ...], int]:
        words, width = split_chunk(chunk)
        pieces = tuple(Token(self.term(word), *word[:1], *word[2:5]) for word in words)
        if len(chunk) <= CACHED_CHUNK_LENGTH:
            if len(self._chunks) >= CACHED_CHUNKS:
                self._chunks.clear()
            self._chunks[chunk] = pieces, width
        return pieces, width


def _load_stemmer(algorithm: str) -> Stemmer:
    import snowballstemmer

    stemmer: Stemmer = snowballstemmer.stemmer(algorithm)
    return stemmer


@cache
def get_analyzer(code: str) -> Analyzer:
    """Return the one analyzer of a language, or of `und`; KeyError for another code."""
    return Analyzer(code)


def analyze(text: str, language: str) -> list[Token]:
    """Return the tokens of a text as an index of that language sees them.

    `language`: the code of a pack, or "und" (words are folded, not stemmed); KeyError for another.
    """
    return get_analyzer(language).analyze(text)


def stemmer_version() -> str:
    """Name the release of Snowball whose stems these are; the compiled stemmers have the version of theirs."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        release = version("PyStemmer")
    except PackageNotFoundError:
        release = version("snowballstemmer")
    return "snowball" + ".".join(release.split(".")[:2])
