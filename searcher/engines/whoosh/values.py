"""Values: what is known of the documents beside their words? Languages, dates and metadata, as arrays.

Stored documents are read when a query first asks for what they hold, metadata fields one by one.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from searcher.engines import StoredDocument
from searcher.engines.whoosh.segments import SegmentReader
from searcher.filters import DATE, Filter, fold_value
from searcher.words import find_words, fold

UNDATED = -(2**62)
"""Before all moments."""

Numbers = NDArray[np.intp]

_read_json = json.JSONDecoder().raw_decode
"""A third of the time of `json.loads`, for what we wrote."""


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

    @cached_property
    def _stored(self) -> tuple[NDArray[np.int64], NDArray[np.int32], dict[int, str]]:
        """Moments, days and metadata of all documents; the last as JSON, where there are any."""
        moments = np.full(len(self._alive), UNDATED)
        days = np.zeros(len(self._alive), np.int32)
        metadata: dict[int, str] = {}
        for number, document in self._read():
            if document.metadata != "{}":
                metadata[number] = document.metadata
            if document.date:
                moments[number] = _moment(document.date)
                days[number] = _day(document.date)
        return moments, days, metadata

    def _read(self) -> Iterator[tuple[int, StoredDocument]]:
        base = 0
        for segment in self._segments:
            for inner in np.flatnonzero(self._alive[base : base + segment.count]).tolist():
                yield base + inner, segment.stored(inner)
            base += segment.count

    @property
    def moments(self) -> NDArray[np.int64]:
        """(documents,) seconds, in the order of time; UNDATED where there is no date."""
        return self._stored[0]

    @property
    def years(self) -> NDArray[np.int32]:
        """(documents,) as written, 0 where there is no date."""
        return self._stored[1] // 10_000

    @cached_property
    def id_ranks(self) -> Numbers:
        """(documents,) the place of each document's id in the order of all."""
        ids = [segment.id(inner) for segment in self._segments for inner in range(segment.count)]
        ranks = np.empty(len(ids), np.intp)
        ranks[sorted(range(len(ids)), key=ids.__getitem__)] = np.arange(len(ids))
        return ranks

    @cached_property
    def _names(self) -> dict[str, set[str]]:
        """The names of metadata fields by their folded forms."""
        names: dict[str, set[str]] = {}
        known = set[str]()
        for metadata in self._stored[2].values():
            for name in _read_json(metadata)[0]:
                if name not in known:
                    known.add(name)
                    names.setdefault(fold_value(name), set()).add(name)
        return names

    def has_field(self, name: str) -> bool:
        """Tell whether a document has a metadata field."""
        return fold_value(name) in self._names

    def find(self, asked: Filter) -> Numbers:
        """Return the documents that have a date or a value of metadata, ascending."""
        if asked.field == DATE:
            days = self._stored[1]
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
            self._fields[folded] = self._read_field(self._names.get(folded, set()))
        return self._fields[folded]

    def _read_field(self, names: set[str]) -> FieldValues:
        known: dict[str, int] = {}
        documents: list[int] = []
        numbers: list[int] = []
        for number, metadata in self._stored[2].items():
            loaded = _read_json(metadata)[0] if names else {}
            values = dict.fromkeys(text for name in sorted(names) if name in loaded for text in _texts(loaded[name]))
            documents += [number] * len(values)
            numbers += [known.setdefault(value, len(known)) for value in values]
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


def _texts(value: Any) -> Iterator[str]:
    """Yield the values of a metadata field as texts: each of a list, none of a mapping."""
    if isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, str):
        yield value
    elif value is not None and not isinstance(value, dict):
        yield json.dumps(value)


def _day(date: str) -> int:
    """Return a day as a number, 20250323; the first of a year or month.

    >>> _day("2025-03")
    20250301
    """
    day = date[:10]
    return int((day + "-01-01"[len(day) - 4 :]).replace("-", ""))


def _moment(date: str) -> int:
    """Return the seconds from a fixed moment to a date; what names no time zone is in UTC."""
    moment = datetime.datetime.fromisoformat(date + "-01-01"[len(date) - 4 :])
    offset = moment.utcoffset() or datetime.timedelta()
    return (moment.toordinal() * 86_400 + moment.hour * 3_600 + moment.minute * 60 + moment.second) - int(
        offset.total_seconds()
    )
