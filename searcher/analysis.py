"""Analysis: here is a text in a language, give me its terms and where they stand.

    text -> words -> tokens

The words are the same in every language; a term is the stem in the text's language, without accents, or a number in
one form. Distinct chunks of text are analysed once.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple, Protocol

from searcher.languages import UNDETERMINED, get_language
from searcher.words import CHUNK, Word, fold, split_chunk

CACHED_CHUNK_LENGTH = 64
"""Characters; longer chunks are rarely seen twice."""

CACHED_CHUNKS = 300_000
"""Distinct chunks that an analyzer remembers, about 100 MB; then it forgets them all."""

NOT_STEMMED = frozenset({"number", "literal"})
"""Kinds of words that are no words of a language."""

GROUPS = r"[1-9]\d{0,2}([.,]\d{3})+"
"""Digits with thousands marks."""


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


class Stemmer(Protocol):
    """What is used of a Snowball stemmer."""

    def stemWord(self, word: str, /) -> str: ...  # noqa: N802 - the library's name
    def stemWords(self, words: list[str], /) -> list[str]: ...  # noqa: N802


def read_number(number: str, decimal_mark: str) -> str:
    """Return a number with a decimal point and no thousands marks: 1 234,5 and 1,234.5 are 1234.5.

    The last of two different marks is the decimal one; a single mark before three digits is read in the language's
    way; anything else that repeats (versions, dates) stays as written.
    """
    digits = "".join(number.split())
    marks = re.findall("[.,]", digits)
    if len(marks) == 1:
        whole, decimals = re.split("[.,]", digits)
        is_group = marks[0] == "," != decimal_mark and re.fullmatch(GROUPS, digits)
        return whole + decimals if is_group else f"{whole}.{decimals}"
    if len(set(marks)) == 2 and marks.count(marks[-1]) == 1:
        return digits.replace(marks[0], "").replace(marks[-1], ".")
    if len(set(marks)) == 1 and (marks[0] == "," or marks[0] != decimal_mark) and re.fullmatch(GROUPS, digits):
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
        if word.kind in NOT_STEMMED:
            return self._unstemmed(word.base, word.kind)
        return fold(self.stem(self._fold_foreign(word.base)))

    def terms(self, words: Sequence[tuple[str, str, str]]) -> list[str]:
        """Return what words of these `Word.exact`, `.base` and `.kind` are indexed as in this language, all at once."""
        stemmable = [self._fold_foreign(base) for _, base, kind in words if kind not in NOT_STEMMED]
        if self._stemmer is not None:
            with self._lock:
                stemmable = self._stemmer.stemWords(stemmable)
        stems = map(fold, stemmable)
        return [self._unstemmed(base, kind) if kind in NOT_STEMMED else next(stems) for _, base, kind in words]

    def _unstemmed(self, base: str, kind: str) -> str:
        return read_number(base, self._decimal_mark) if kind == "number" else fold(base)

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
        pieces = tuple(Token(self.term(word), word.exact, word.start, word.end, word.position) for word in words)
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
    """Return the one analyzer of a language, or of `und`; UnknownLanguageError for another code."""
    return Analyzer(code)


def analyze(text: str, language: str) -> list[Token]:
    """Return the tokens of a text as an index of that language sees them.

    `language`: the code of a pack, or "und" (words are folded, not stemmed); UnknownLanguageError for another.
    """
    return get_analyzer(language).analyze(text)


def stemmer_version() -> str:
    """Name the release of Snowball whose stems these are; the compiled stemmers have their own."""
    try:
        import Stemmer

        release = str(Stemmer.version())
    except ImportError:
        from importlib.metadata import version

        release = version("snowballstemmer")
    return "snowball" + ".".join(release.split(".")[:2])
