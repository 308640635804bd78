"""Postings: which documents hold a term, how often, and where?

A field is kept as its terms, sorted by their bytes, and for each term three lists: gaps between its documents, how
often each holds it beyond once, and gaps between its positions in each. A field of stems keeps no postings: the forms
of a word are posted, and a stem names its forms (see `stems`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from searcher.engines.whoosh.columns import Array, Columns
from searcher.engines.whoosh.packing import (
    WIDTHS,
    pack_bytes,
    pack_counts,
    pack_lists,
    packed_sizes,
    unpack_bytes,
    unpack_counts,
    unpack_list,
    unpack_lists,
)


@dataclass(frozen=True, slots=True)
class Postings:
    """What one term has: documents ascending, (n,), how often each, (n,), all positions in that order or None."""

    documents: Array
    frequencies: Array
    positions: Array | None = None


class FieldReader(Protocol):
    """The terms of a field of a segment, by their numbers in the order of their bytes, and what each has."""

    @property
    def count(self) -> int:
        """How many terms there are."""

    @property
    def has_positions(self) -> bool: ...

    def term(self, number: int) -> bytes:
        """Return a term by its number."""

    def bisect(self, term: bytes) -> int:
        """Return the number of the first term that is not before this one."""

    def find(self, term: bytes) -> int:
        """Return the number of a term, -1 where the field has none such."""

    def postings(self, number: int, *, with_positions: bool = False) -> Postings:
        """Return what a term has; positions only where they are asked for and kept."""

    def count_documents(self, number: int) -> int:
        """Return how many documents hold a term, deleted ones among them."""


STRIDE = 32


class Terms:
    """The sorted terms of a field."""

    def __init__(self, columns: Columns, name: str) -> None:
        self._bytes = columns.array(f"{name}.terms").data
        self._ends = ends(read_counts(columns, f"{name}.term_sizes")).data  # gives plain integers, twice as fast
        self.count = len(self._ends) - 1

    def term(self, number: int) -> bytes:
        return self._bytes[self._ends[number] : self._ends[number + 1]].tobytes()

    @cached_property
    def _every(self) -> list[bytes]:
        """Every term whose number is a multiple of `STRIDE`: most of a bisection is done on these."""
        return [self.term(number) for number in range(0, self.count, STRIDE)]

    def bisect(self, term: bytes) -> int:
        place = bisect_left(self._every, term)
        low, high = max(place - 1, 0) * STRIDE, min(place * STRIDE, self.count)
        terms, ends = self._bytes, self._ends
        while low < high:
            middle = (low + high) // 2
            if terms[ends[middle] : ends[middle + 1]].tobytes() < term:
                low = middle + 1
            else:
                high = middle
        return low

    def find(self, term: bytes) -> int:
        number = self.bisect(term)
        return number if number < self.count and self.term(number) == term else -1

    def between(self, first: int, end: int) -> list[str]:
        """Return the terms with the numbers from `first` up to `end`, decoded."""
        start = self._ends[first]
        joined = self._bytes[start : self._ends[end]].tobytes()
        places = [place - start for place in self._ends[first : end + 1]]
        return [joined[a:b].decode() for a, b in pairwise(places)]

    def all(self) -> list[bytes]:
        """Return every term."""
        joined, ends = self._bytes.tobytes(), self._ends.tolist()
        return [joined[start:end] for start, end in pairwise(ends)]


def ends(sizes: Array) -> Array:
    """Return where each of some runs begins and the last ends, (len(sizes) + 1,)."""
    found = np.zeros(len(sizes) + 1, np.uint32 if int(sizes.sum(dtype=np.int64)) < 2**32 else np.int64)
    np.cumsum(sizes, out=found[1:])
    return found


def read_counts(columns: Columns, name: str) -> NDArray[np.uint32]:
    """Return numbers that `pack_counts` made columns of."""
    return unpack_counts(*(columns.array(f"{name}{part}") for part in ("", ".places", ".large")))


def pack_terms(terms: Sequence[bytes]) -> dict[str, Array]:
    """Return the columns that hold terms: their bytes one after the other, and how many each has."""
    sizes = np.fromiter(map(len, terms), np.int64, len(terms))
    return {"terms": np.frombuffer(b"".join(terms), np.uint8), **_named("term_sizes", pack_counts(sizes))}


def _named(name: str, columns: dict[str, Array]) -> dict[str, Array]:
    return {f"{name}{part}": values for part, values in columns.items()}


@dataclass(frozen=True, slots=True)
class Posted:
    """All postings of a field: term after term, documents ascending within each.

    `terms`: sorted, distinct; `counts`: (terms,) documents of each; `documents`, `frequencies`: (postings,);
    `positions`: (places,) ascending within a posting, or None.
    """

    terms: Sequence[bytes]
    counts: Array
    documents: Array
    frequencies: Array
    positions: Array | None

    def columns(self) -> dict[str, Array]:
        """Return the columns of the field, by their short names."""
        firsts = (np.cumsum(self.counts, dtype=np.int64) - self.counts)[self.counts > 0]
        document_widths, documents = pack_lists(_to_gaps(self.documents, firsts, 1), self.counts)
        frequency_widths, frequencies = pack_lists(self.frequencies - 1, self.counts)
        codes = np.searchsorted(WIDTHS, document_widths) | np.searchsorted(WIDTHS, frequency_widths) << 4
        columns = {
            **pack_terms(self.terms),
            **_named("counts", pack_counts(self.counts)),
            "widths": codes.astype(np.uint8),
            "documents": documents,
            "frequencies": frequencies,
        }
        if self.positions is not None:
            place_ends = ends(self.frequencies)
            packed, sizes = pack_bytes(_to_gaps(self.positions, place_ends[:-1], 0))
            sizes_of_terms = np.diff(ends(sizes)[place_ends[ends(self.counts)]].astype(np.int64))
            columns |= {"positions": packed, **_named("position_sizes", pack_counts(sizes_of_terms))}
        return columns


def _to_gaps(values: Array, firsts: Array, least: int) -> NDArray[np.uint32]:
    """Return by how much each value is greater than the one before, `least` taken off; the first of a list whole."""
    gaps = values.astype(np.uint32)
    gaps[1:] -= gaps[:-1] + np.uint32(least)  # wraps around at the first of a list, which is put right below
    gaps[firsts] = values[firsts]
    return gaps


_ASCENDING = np.arange(4096, dtype=np.uint32)


class PostedField:
    """A field whose postings are kept; see `FieldReader`."""

    def __init__(self, columns: Columns, name: str) -> None:
        self._columns = columns
        self.name = name
        self.has_positions = f"{name}.positions" in columns

    @cached_property
    def _terms(self) -> Terms:
        return Terms(self._columns, self.name)

    @property
    def count(self) -> int:
        return self._terms.count

    def term(self, number: int) -> bytes:
        return self._terms.term(number)

    def bisect(self, term: bytes) -> int:
        return self._terms.bisect(term)

    def find(self, term: bytes) -> int:
        return self._terms.find(term)

    def terms(self) -> list[bytes]:
        """Return every term, in order."""
        return self._terms.all()

    def words(self, first: int, end: int) -> list[str]:
        """Return the terms with the numbers from `first` up to `end`, as words."""
        return self._terms.between(first, end)

    def _array(self, name: str) -> Array:
        return self._columns.array(f"{self.name}.{name}")

    @cached_property
    def counts(self) -> NDArray[np.uint32]:
        """(terms,) documents that hold each, deleted ones among them."""
        return read_counts(self._columns, f"{self.name}.counts")

    @cached_property
    def _document_widths(self) -> NDArray[np.uint8]:
        return np.take(WIDTHS, self._array("widths") & 0xF)

    @cached_property
    def _frequency_widths(self) -> NDArray[np.uint8]:
        return np.take(WIDTHS, self._array("widths") >> 4)

    @cached_property
    def _document_ends(self) -> Array:
        return ends(packed_sizes(self._document_widths, self.counts))

    @cached_property
    def _frequency_ends(self) -> Array:
        return ends(packed_sizes(self._frequency_widths, self.counts))

    @cached_property
    def _position_ends(self) -> Array:
        return ends(read_counts(self._columns, f"{self.name}.position_sizes"))

    def count_documents(self, number: int) -> int:
        return int(self.counts[number])

    def count_among(self, is_counted: NDArray[np.bool_]) -> NDArray[np.uint32]:
        """Return how many documents hold each term of those that are marked, (terms,); `is_counted`: (documents,)."""
        sums = np.zeros(int(self.counts.sum()) + 1, np.uint32)
        np.cumsum(is_counted[self._every_document()], out=sums[1:])
        return np.diff(sums[ends(self.counts)])

    @cached_property
    def _lists(self) -> tuple[tuple[memoryview, memoryview, memoryview], ...]:
        """Of documents and of frequencies: the packed bytes, where each list ends, and its width; as plain integers."""
        return (
            (self._array("documents").data, self._document_ends.data, self._document_widths.data),
            (self._array("frequencies").data, self._frequency_ends.data, self._frequency_widths.data),
        )

    def postings(self, number: int, *, with_positions: bool = False) -> Postings:
        count = int(self.counts[number])
        gaps, frequencies = (
            unpack_list(packed[ends[number] : ends[number + 1]], widths[number], count)
            for packed, ends, widths in self._lists
        )
        documents = gaps.cumsum(dtype=np.uint32)
        documents += _ASCENDING[:count] if count <= len(_ASCENDING) else np.arange(count, dtype=np.uint32)
        frequencies = frequencies + np.uint32(1)
        if not (with_positions and self.has_positions):
            return Postings(documents, frequencies)
        places = slice(int(self._position_ends[number]), int(self._position_ends[number + 1]))
        positions = _from_gaps(unpack_bytes(self._array("positions")[places]), frequencies)
        return Postings(documents, frequencies, positions)

    def posted(self) -> Posted:
        """Return all postings at once."""
        counts, documents = self.counts, self._every_document()
        frequencies = unpack_lists(self._array("frequencies"), self._frequency_widths, counts) + np.uint32(1)
        positions = _from_gaps(unpack_bytes(self._array("positions")), frequencies) if self.has_positions else None
        return Posted(self.terms(), counts, documents, frequencies, positions)

    def _every_document(self) -> NDArray[np.uint32]:
        """Return the documents of all terms, one term after the other."""
        counts = self.counts
        gaps = unpack_lists(self._array("documents"), self._document_widths, counts)
        gaps += np.uint32(1)
        starts = np.cumsum(counts, dtype=np.int64) - counts
        gaps[starts[counts > 0]] -= 1
        return _from_gaps(gaps, counts)


def _from_gaps(gaps: Array, counts: Array) -> NDArray[np.uint32]:
    """Return the running sums of gaps, begun anew for each list; what wraps around on the way is taken off again."""
    sums = np.cumsum(gaps, dtype=np.uint32)
    filled = counts[counts > 0]
    starts = np.cumsum(filled, dtype=np.int64) - filled
    before = sums[starts] - gaps[starts].astype(np.uint32)
    sums -= np.repeat(before, filled)
    return sums


def arrange(terms: Sequence[bytes], places: list[Array]) -> Posted:
    """Return the postings of a field from its words as they come.

    `terms`: sorted, distinct; `places`: of each word, (places,), which term, document and position; the list is emptied
    to save memory. One sort of packed numbers, most significant first, as many bits as each needs.
    """
    numbers, documents, positions = _sort_together(places)
    is_first = np.ones(len(numbers), bool)
    is_first[1:] = (numbers[1:] != numbers[:-1]) | (documents[1:] != documents[:-1])
    firsts = np.flatnonzero(is_first)
    counts = np.bincount(numbers[firsts], minlength=len(terms))
    frequencies = np.diff(firsts, append=len(numbers)).astype(np.int32)
    return Posted(terms, counts, documents[firsts], frequencies, positions)


def _sort_together(columns: list[Array]) -> list[Array]:
    """Return columns of equal length sorted by the first, then the second, and so on; empties the list."""
    bits = [int(column.max()).bit_length() if column.size else 0 for column in columns]
    kinds = [column.dtype for column in columns]
    if sum(bits) > 63:
        order = np.lexsort(tuple(reversed(columns)))
        return [columns.pop(0)[order] for _ in bits]
    packed = columns.pop(0).astype(np.int64)
    for width in bits[1:]:
        packed <<= width
        packed |= columns.pop(0)
    packed.sort()
    unpacked = []
    for kind, width in zip(reversed(kinds), reversed(bits), strict=True):
        column = np.empty(len(packed), kind)
        np.bitwise_and(packed, (1 << width) - 1, out=column, casting="unsafe")
        unpacked.append(column)
        packed >>= width
    return unpacked[::-1]


def merge_posted(parts: Sequence[Posted], numbers: Sequence[Array]) -> Posted:
    """Return the postings of one field in several segments as those of one.

    `numbers`: for each part, the new number of each of its documents, ascending from part to part; -1 leaves it out.
    Terms without documents are left out.
    """
    kept = [new[part.documents] >= 0 for part, new in zip(parts, numbers, strict=True)]
    owners = [
        np.repeat(np.arange(len(part.terms)), part.counts)[is_kept] for part, is_kept in zip(parts, kept, strict=True)
    ]
    used = [np.unique(owner) for owner in owners]
    terms = sorted({part.terms[n] for part, some in zip(parts, used, strict=True) for n in some.tolist()})
    place = {term: number for number, term in enumerate(terms)}
    renumbered = []
    for part, some, owner in zip(parts, used, owners, strict=True):
        table = np.zeros(len(part.terms), np.int64)
        table[some] = [place[part.terms[number]] for number in some.tolist()]
        renumbered.append(table[owner])
    owner = np.concatenate(renumbered)
    order = np.argsort(owner, kind="stable")
    documents = np.concatenate(
        [new[part.documents[is_kept]] for part, new, is_kept in zip(parts, numbers, kept, strict=True)]
    )
    frequencies = np.concatenate([part.frequencies[is_kept] for part, is_kept in zip(parts, kept, strict=True)])
    positions = None
    if all(part.positions is not None for part in parts):
        places = np.concatenate(
            [
                part.positions[np.repeat(is_kept, part.frequencies)]
                for part, is_kept in zip(parts, kept, strict=True)
                if part.positions is not None
            ]
        )
        sizes = frequencies[order]
        kind = np.int32 if len(places) < 2**31 else np.int64
        shifts = ends(frequencies)[:-1][order].astype(kind) - ends(sizes)[:-1].astype(kind)
        sources = np.repeat(shifts, sizes)
        sources += np.arange(len(places), dtype=kind)
        positions = places[sources]
    counts = np.bincount(owner, minlength=len(terms))
    return Posted(terms, counts, documents[order], frequencies[order], positions)
