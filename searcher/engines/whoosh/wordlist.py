"""Word list: which words do the documents have?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from searcher.engines.whoosh.postings import PostedField
from searcher.engines.whoosh.schema import EXACT, text_field, title_field
from searcher.engines.whoosh.segments import SegmentReader
from searcher.languages import get_languages
from searcher.names import name_keys
from searcher.words import fold

AFTER_ALL_LETTERS = b"\xff"
"""No byte of UTF-8 comes after it."""


class WordList:
    """The exact words in the titles and texts of all segments; those of deleted documents alone are none."""

    def __init__(self, segments: Sequence[SegmentReader]) -> None:
        self._segments = segments
        self._letters = _accented_letters()

    def count(self, word: str) -> int:
        """Return how many documents hold a word, counted like those of `find_beginning`."""
        encoded = word.encode()
        found = ((field, field.find(encoded)) for _, field in self._fields)
        return sum(field.count_documents(number) for field, number in found if number >= 0)

    def find_spellings(self, word: str) -> set[str]:
        """Return the words that are this one, given without accents, where accents are left aside."""
        return {
            spelling
            for segment, field in self._fields
            for spelling in self._spell(field, "", word)
            if segment.holds(field, spelling)
        }

    def find_beginning(self, beginning: str) -> dict[str, int]:
        """Return the words that begin so, given without accents, where accents are left aside, and how often each is.

        How often: documents, counted once for the title and once for the text.
        """
        found: dict[str, int] = {}
        for (_, field), counts in zip(self._fields, self._counts, strict=True):
            for spelling in self._spell(field, "", beginning):
                encoded = spelling.encode()
                first, end = field.bisect(encoded), field.bisect(encoded + AFTER_ALL_LETTERS)
                for word, count in zip(field.words(first, end), counts[first:end].tolist(), strict=True):
                    if count:
                        found[word] = found.get(word, 0) + count
        return found

    def find_names(self, word: str) -> set[str]:
        """Return other spellings of a word that are names in the documents, where it is no ordinary word of them."""
        keys = [key.encode() for key in name_keys(word)]
        if not keys or self._is_anywhere_ordinary(word):
            return set()
        found: set[str] = set()
        for segment, field in self._fields:
            names = segment.names(field.name)
            if names is not None:
                numbers = filter(lambda number: number >= 0, map(names.terms.find, keys))
                spellings = {field.term(form).decode() for number in numbers for form in names.forms(number)}
                found.update(spelling for spelling in spellings if segment.holds(field, spelling))
        return {name for name in found - {word} if not self._is_anywhere_ordinary(name)}

    def _is_anywhere_ordinary(self, word: str) -> bool:
        """Tell whether a segment has a word that is no name in it, in a document that may be deleted by now."""
        return any(self._is_ordinary(word.encode(), *place) for place in self._fields)

    def _is_ordinary(self, word: bytes, segment: SegmentReader, field: PostedField) -> bool:
        """Tell whether a segment has a word that is no name in it."""
        number, names = field.find(word), segment.names(field.name)
        return number >= 0 and (names is None or number not in names.all_forms())

    @cached_property
    def _fields(self) -> list[tuple[SegmentReader, PostedField]]:
        names = (title_field(EXACT), text_field(EXACT))
        fields = ((segment, segment.posted(name)) for segment in self._segments for name in names)
        return [(segment, field) for segment, field in fields if field is not None]

    @cached_property
    def _counts(self) -> list[NDArray[np.uint32]]:
        """Of each field, (terms,) documents that hold each word and are not deleted."""
        return [
            field.counts if segment.alive is None else field.count_among(segment.alive)
            for segment, field in self._fields
        ]

    def _spell(self, field: PostedField, done: str, rest: str) -> Iterator[str]:
        """Yield what words of a field may begin with, `done` first, and then `rest`, accents left aside.

        Letter by letter, only as far as some word of the field begins so.
        """
        if not rest:
            yield done
            return
        for letter in self._letters.get(rest[0], rest[0]):
            begun = done + letter
            encoded = begun.encode()
            number = field.bisect(encoded)
            if number < field.count and field.term(number).startswith(encoded):
                yield from self._spell(field, begun, rest[1:])


def _accented_letters() -> dict[str, str]:
    """Return for each letter all that fold to it in the alphabets of the packs, itself among them."""
    letters: dict[str, str] = {}
    for pack in get_languages():
        for letter in pack.letters:
            folded = fold(letter)
            if len(folded) == 1 and letter not in letters.setdefault(folded, folded):
                letters[folded] += letter
    return letters
