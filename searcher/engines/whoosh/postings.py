"""Postings as arrays: which documents hold a term, how often, and where?

Of each field: the terms, sorted by their bytes; where the postings of each term begin; the documents, ascending within
a term; how often each holds it; and, for fields with positions, where.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from searcher.engines.whoosh.columns import Array, Columns, smallest


@dataclass(frozen=True, slots=True)
class Occurrences:
    """The words of a field as they come: one entry for each place, in any order.

    `terms`: sorted, distinct; `numbers`: (places,) index into them; `documents`: (places,); `positions`: (places,) or
    None where only how often is kept.
    """

    terms: Sequence[bytes]
    numbers: Array
    documents: Array
    positions: Array | None


@dataclass(frozen=True, slots=True)
class Postings:
    """What one term has: documents ascending, (n,), how often each, (n,), all positions in that order or None."""

    documents: Array
    frequencies: Array
    positions: Array | None = None


def arrange(occurrences: Occurrences) -> dict[str, Array]:
    """Return the columns of a field, by their short names, from its words.

    One sort of packed numbers: term, document and position, most significant first, as many bits as each needs.
    """
    terms, numbers = occurrences.terms, occurrences.numbers
    places = [numbers, occurrences.documents]
    if occurrences.positions is not None:
        places.append(occurrences.positions)
    sorted_places = _sort_together(places)
    numbers, documents = sorted_places[:2]
    is_first = np.ones(len(numbers), bool)
    is_first[1:] = (numbers[1:] != numbers[:-1]) | (documents[1:] != documents[:-1])
    firsts = np.flatnonzero(is_first)
    columns = pack_terms(terms)
    columns["starts"] = _starts(numbers[firsts], len(terms))
    columns["documents"] = smallest(documents[firsts])
    columns["frequencies"] = smallest(np.diff(firsts, append=len(numbers)))
    if occurrences.positions is not None:
        columns["positions"] = smallest(sorted_places[2])
        columns["position_starts"] = _starts(numbers, len(terms))
    return columns


def _sort_together(columns: Sequence[Array]) -> list[Array]:
    """Return columns of equal length sorted by the first, then the second, and so on."""
    bits = [int(column.max()).bit_length() if column.size else 0 for column in columns]
    if sum(bits) > 63:
        order = np.lexsort(tuple(reversed(columns)))
        return [column[order] for column in columns]
    packed = np.zeros(len(columns[0]), np.int64)
    for column, width in zip(columns, bits, strict=True):
        packed <<= width
        packed |= column
    packed.sort()
    unpacked = []
    for width in reversed(bits):
        unpacked.append(packed & ((1 << width) - 1))
        packed >>= width
    return unpacked[::-1]


def _starts(sorted_numbers: Array, count: int) -> Array:
    """Return where each of the numbers 0 to `count` begins in a sorted array, (count + 1,)."""
    starts = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(sorted_numbers, minlength=count), out=starts[1:])
    return smallest(starts)


def pack_terms(terms: Sequence[bytes]) -> dict[str, Array]:
    """Return the columns that hold terms: their bytes one after the other, and where each begins."""
    offsets = np.zeros(len(terms) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, terms), np.int64, len(terms)), out=offsets[1:])
    return {"terms": np.frombuffer(b"".join(terms), np.uint8), "offsets": smallest(offsets)}


class FieldReader:
    """The postings of one field of a segment."""

    def __init__(self, columns: Columns, name: str) -> None:
        self._columns = columns
        self.name = name
        self._terms = columns.array(f"{name}.terms").tobytes()
        self._offsets = columns.array(f"{name}.offsets").data  # gives plain integers, twice as fast
        self._starts = columns.array(f"{name}.starts")
        self.has_positions = f"{name}.positions" in columns
        self.count = len(self._offsets) - 1

    def term(self, number: int) -> bytes:
        """Return a term by its number, its place in the order of all."""
        return self._terms[self._offsets[number] : self._offsets[number + 1]]

    def bisect(self, term: bytes) -> int:
        """Return the number of the first term that is not before this one."""
        low, high = 0, self.count
        terms, offsets = self._terms, self._offsets
        while low < high:
            middle = (low + high) // 2
            if terms[offsets[middle] : offsets[middle + 1]] < term:
                low = middle + 1
            else:
                high = middle
        return low

    def find(self, term: bytes) -> int:
        """Return the number of a term, -1 where the field has none such."""
        number = self.bisect(term)
        return number if number < self.count and self.term(number) == term else -1

    def postings(self, number: int, *, with_positions: bool = False) -> Postings:
        """Return what a term has; positions only where they are asked for and kept."""
        part = slice(int(self._starts[number]), int(self._starts[number + 1]))
        documents = self._columns.array(f"{self.name}.documents")[part]
        frequencies = self._columns.array(f"{self.name}.frequencies")[part]
        if not (with_positions and self.has_positions):
            return Postings(documents, frequencies)
        starts = self._columns.array(f"{self.name}.position_starts")
        places = slice(int(starts[number]), int(starts[number + 1]))
        return Postings(documents, frequencies, self._columns.array(f"{self.name}.positions")[places])

    def count_documents(self, number: int) -> int:
        """Return how many documents hold a term, deleted ones among them."""
        return int(self._starts[number + 1]) - int(self._starts[number])

    def occurrences(self, new_numbers: NDArray[np.int64]) -> Occurrences:
        """Return the words of the field with new document numbers; -1 leaves a document out."""
        documents = self._columns.array(f"{self.name}.documents")
        frequencies = self._columns.array(f"{self.name}.frequencies")
        positions = self._columns.array(f"{self.name}.positions") if self.has_positions else None
        numbers = np.repeat(np.arange(self.count), self._starts[1:] - self._starts[:-1])
        numbers, owners = np.repeat(numbers, frequencies), np.repeat(new_numbers[documents], frequencies)
        kept = owners >= 0
        terms = [self.term(number) for number in range(self.count)]
        return Occurrences(terms, numbers[kept], owners[kept], None if positions is None else positions[kept])


def merge_occurrences(parts: Iterable[Occurrences]) -> Occurrences:
    """Return the words of one field in several segments as those of one."""
    parts = list(parts)
    used = [np.unique(part.numbers) for part in parts]
    terms = sorted({part.terms[number] for part, numbers in zip(parts, used, strict=True) for number in numbers})
    place: Mapping[bytes, int] = {term: number for number, term in enumerate(terms)}
    renumbered = []
    for part, numbers in zip(parts, used, strict=True):
        table = np.zeros(len(part.terms), np.int64)
        table[numbers] = [place[part.terms[number]] for number in numbers]
        renumbered.append(table[part.numbers])
    positions = [part.positions for part in parts if part.positions is not None]
    return Occurrences(
        terms,
        np.concatenate(renumbered),
        np.concatenate([part.documents for part in parts]),
        np.concatenate(positions) if len(positions) == len(parts) else None,
    )
