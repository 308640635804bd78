"""Values: what is known of the documents beside their words? Languages, dates and metadata, as arrays.

Stored documents are read when a query first asks for what they hold, metadata fields one by one, and no more of their
lines than is asked for.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from searcher.engines.whoosh.segments import SegmentReader
from searcher.filters import DATE, Filter, fold_value
from searcher.words import find_words, fold

UNDATED = -(2**62)
"""Before all moments."""

Numbers = NDArray[np.intp]

BATCH = 1_000
"""Documents whose metadata are read at once, in half the time that each by itself takes."""

_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_BEGINNING = re.compile(rb'\[%b,%b,(?:null|%b),(?:null|"([^"]*)"),' % (_STRING, _STRING, _STRING))
"""What `encode_stored` writes before the metadata, with the date."""


@dataclass(frozen=True, slots=True)
class FieldValues:
    """One metadata field: document `documents[n]` has the value `values[numbers[n]]`."""

    values: Sequence[str]
    documents: Numbers
    numbers: Numbers
    places: dict[str, list[int]]
    """The values that are equal to a folded text, or have it among their words."""


class Values:
    """The dates and metadata of the documents of all segments, numbered one after the other."""

    def __init__(self, segments: Sequence[SegmentReader], alive: NDArray[np.bool_]) -> None:
        self._segments = segments
        self._alive = alive
        self._fields: dict[str, FieldValues] = {}
        self._names: frozenset[str] | None = None
        """Of all metadata fields, folded; None before one was read."""

    @cached_property
    def _stored(self) -> tuple[dict[int, str], dict[int, bytes]]:
        """Dates and metadata of the documents that have any; the latter as the JSON of a text of JSON."""
        dates: dict[int, str] = {}
        metadata: dict[int, bytes] = {}
        for number, line in self._read():
            beginning = _BEGINNING.match(line)
            assert beginning is not None
            date, end = beginning[1], beginning.end()
            if date:
                dates[number] = date.decode()
            if line[end:] != b'"{}"]':
                metadata[number] = line[end:-1]
        return dates, metadata

    @cached_property
    def _metadata(self) -> dict[int, str]:
        """The metadata of the documents that have any, as JSON."""
        encoded = self._stored[1]
        decoded = {number: _decode(text) for number, text in encoded.items()}
        encoded.clear()  # one copy is enough
        return decoded

    def _read(self) -> Iterator[tuple[int, bytes]]:
        base = 0
        for segment in self._segments:
            for inner in np.flatnonzero(self._alive[base : base + segment.count]).tolist():
                yield base + inner, segment.stored_line(inner)
            base += segment.count

    def _measure_dates(self, measure: Callable[[str], int], undated: int) -> NDArray[np.int64]:
        dates = self._stored[0]
        numbers = np.full(len(self._alive), undated, np.int64)
        measured = {date: measure(date) for date in set(dates.values())}
        numbers[list(dates)] = [measured[date] for date in dates.values()]
        return numbers

    @cached_property
    def moments(self) -> NDArray[np.int64]:
        """(documents,) seconds, in the order of time; UNDATED where there is no date."""
        return self._measure_dates(_moment, UNDATED)

    @cached_property
    def _days(self) -> NDArray[np.int64]:
        """(documents,) 20250323, 0 where there is no date."""
        return self._measure_dates(_day, 0)

    @property
    def years(self) -> NDArray[np.int64]:
        """(documents,) as written, 0 where there is no date."""
        return self._days // 10_000

    @cached_property
    def id_ranks(self) -> Numbers:
        """(documents,) the place of each document's id in the order of all."""
        ids: list[bytes] = []
        documents: list[Numbers] = []
        base = 0
        for segment in self._segments:  # each has its ids in order
            field = segment.posted("id")
            if field is not None:
                posted = field.posted()
                ids += [
                    id for id, count in zip(posted.terms, posted.counts.tolist(), strict=True) for _ in range(count)
                ]
                documents.append(posted.documents.astype(np.intp) + base)
            base += segment.count
        ranks = np.zeros(len(self._alive), np.intp)
        ranks[np.concatenate(documents)[sorted(range(len(ids)), key=ids.__getitem__)]] = np.arange(len(ids))
        return ranks

    def _read_metadata(self) -> Iterator[tuple[int, Mapping[str, Any]]]:
        """Yield the documents that have metadata, with these."""
        rest = iter(self._metadata.items())
        while batch := dict(islice(rest, BATCH)):
            yield from zip(batch, json.loads(f"[{','.join(batch.values())}]"), strict=True)

    def has_field(self, name: str) -> bool:
        """Tell whether a document has a metadata field."""
        if self._names is None:
            self.field(name)
        return fold_value(name) in (self._names or ())

    def find(self, asked: Filter) -> Numbers:
        """Return the documents that have a date or a value of metadata, ascending."""
        if asked.field == DATE:
            days = self._days
            first, last = _day(asked.first) if asked.first else 1, _day(asked.last) if asked.last else 99_999_999
            return np.flatnonzero((days >= first) & (days <= last))
        field = self.field(asked.field)
        is_met = np.zeros(len(self._alive), bool)
        is_met[field.documents[np.isin(field.numbers, field.places.get(asked.first, []))]] = True
        return np.flatnonzero(is_met)

    def field(self, name: str) -> FieldValues:
        """Return the values of a metadata field, none where no document has it."""
        folded = fold_value(name)
        if folded not in self._fields:
            self._fields[folded] = self._read_field(folded)
        return self._fields[folded]

    def _read_field(self, folded: str) -> FieldValues:
        """Read the values of a field, and on the way the names of all."""
        is_none = self._names is not None and folded not in self._names
        names: dict[tuple[str, ...], list[str]] = {}
        """Of all names that some document has, those that are meant."""
        known: dict[str, int] = {}
        documents: list[int] = []
        numbers: list[int] = []
        for number, metadata in () if is_none else self._read_metadata():
            every = tuple(metadata)
            meant = names.get(every)
            if meant is None:
                meant = names[every] = sorted(name for name in every if fold_value(name) == folded)
            if meant:
                values = dict.fromkeys([text for name in meant for text in _texts(metadata[name])])
                documents += [number] * len(values)
                numbers += [known.setdefault(value, len(known)) for value in values]
        if not is_none:
            self._names = frozenset(map(fold_value, set[str]().union(*names)))
        places: dict[str, list[int]] = {}
        for value, place in known.items():
            for key in _keys(value):
                places.setdefault(key, []).append(place)
        return FieldValues(list(known), np.array(documents, np.intp), np.array(numbers, np.intp), places)


def _keys(value: str) -> set[str]:
    """Return what a value is found by: the whole of it and its words, folded."""
    if value.isascii() and value.isalnum():
        return {value.lower()}
    return {fold_value(value), *(fold(word.exact) for word in find_words(value))}


def _texts(value: Any) -> list[str]:
    """Return the values of a metadata field as texts: each of a list, none of a mapping."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [text for inner in value for text in _texts(inner)]
    return [] if value is None or isinstance(value, dict) else [json.dumps(value)]


def _decode(encoded: bytes) -> str:
    """Return a text from JSON as `encode_stored` writes it; most have no other escapes than quotation marks."""
    text = encoded[1:-1].replace(b'\\"', b'"')
    return str(json.loads(encoded)) if b"\\" in text else text.decode()


def _day(date: str) -> int:
    """Return a day as a number, 20250323; the first of a year or month.

    >>> _day("2025-03")
    20250301
    """
    digits = date[:10].replace("-", "")
    return int(digits + "0101"[len(digits) - 4 :])


def _moment(date: str) -> int:
    """Return the seconds from a fixed moment to a date; what names no time zone is in UTC."""
    moment = datetime.datetime.fromisoformat(date + "-01-01"[len(date) - 4 :])
    offset = moment.utcoffset() or datetime.timedelta()
    return (moment.toordinal() * 86_400 + moment.hour * 3_600 + moment.minute * 60 + moment.second) - int(
        offset.total_seconds()
    )
