"""Segments: here is a column file, give me its documents and the postings of its fields."""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from searcher.engines import StoredDocument
from searcher.engines.whoosh.columns import Array, Columns, DamagedColumnsError
from searcher.engines.whoosh.postings import FieldReader

DIGEST_LENGTH = 16
"""Bytes."""

_read_json = json.JSONDecoder().raw_decode
"""A third of the time of `json.loads`, for a line that we wrote."""


def encode_stored(document: StoredDocument) -> bytes:
    """Return what is kept of a document beside its text, as a line of JSON."""
    values = (document.id, document.title, document.language, document.source, document.date, document.metadata)
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()


class SegmentReader:
    """One segment; documents are numbered from 0, deleted ones among them. Threads may share it."""

    def __init__(self, path: Path, deleted: Collection[int]) -> None:
        """Open a column file; DamagedColumnsError where it can't be read."""
        self.columns = Columns(path)
        self.count: int = self.columns.about["documents"]
        self.alive: NDArray[np.bool_] | None = None
        """(count,), or None where nothing is deleted."""
        if deleted:
            self.alive = np.ones(self.count, bool)
            self.alive[list(deleted)] = False
        self._fields: dict[str, FieldReader | None] = {}

    def field(self, name: str) -> FieldReader | None:
        """Return the postings of a field, None where no document has words in it."""
        if name not in self._fields:
            self._fields[name] = FieldReader(self.columns, name) if f"{name}.starts" in self.columns else None
        return self._fields[name]

    def field_names(self) -> list[str]:
        """List the fields that have terms."""
        ending = ".starts"
        return [name.removesuffix(ending) for name in self.columns.about["arrays"] if name.endswith(ending)]

    @property
    def languages(self) -> Array:
        """(count,) index into the schema's LANGUAGE_CODES."""
        return self.columns.array("languages")

    @cached_property
    def lengths(self) -> NDArray[np.int64]:
        """(count,) words of title and text."""
        titles, texts = (self.columns.array(f"{part}_lengths") for part in ("title", "text"))
        return titles.astype(np.int64) + texts

    @cached_property
    def _id_places(self) -> NDArray[np.int64]:
        """(count,) the place of each document's id among the sorted ids."""
        field = self._ids
        places = np.zeros(self.count, np.int64)
        starts = self.columns.array("id.starts").astype(np.int64)
        places[self.columns.array("id.documents")] = np.repeat(np.arange(field.count), np.diff(starts))
        return places

    @property
    def _ids(self) -> FieldReader:
        field = self.field("id")
        if field is None:
            raise DamagedColumnsError("there are no ids")
        return field

    def id(self, number: int) -> str:
        """Return the id of a document."""
        return self._ids.term(int(self._id_places[number])).decode()

    def find(self, id: str) -> int | None:
        """Return the number of the document of an id, None where there is none that is not deleted."""
        term = self._ids.find(id.encode())
        for number in self._ids.postings(term).documents if term >= 0 else ():
            if self.alive is None or self.alive[number]:
                return int(number)
        return None

    def holds(self, field: FieldReader, word: str) -> bool:
        """Tell whether a document that is not deleted has a word in a field."""
        term = field.find(word.encode())
        return term >= 0 and (self.alive is None or bool(self.alive[field.postings(term).documents].any()))

    def digest(self, number: int) -> str:
        """Return the digest that a document was put with."""
        return self.columns.array("digests")[number * DIGEST_LENGTH : (number + 1) * DIGEST_LENGTH].tobytes().hex()

    def stored(self, number: int) -> StoredDocument:
        """Return a document."""
        lines, offsets = self._stored_lines
        return StoredDocument(*_read_json(str(lines[offsets[number] : offsets[number + 1]], "utf-8"))[0])

    @cached_property
    def _stored_lines(self) -> tuple[memoryview, memoryview]:
        """The lines of all documents, and where each begins; plain views are read twice as fast as arrays."""
        return self.columns.array("stored").data, self.columns.array("stored.offsets").data

    def text(self, number: int) -> str:
        """Return the text of a document."""
        try:
            return zlib.decompress(self.compressed(number)).decode()
        except zlib.error as error:
            raise DamagedColumnsError(f"the text of document {number} is changed") from error

    def stored_line(self, number: int) -> bytes:
        """Return what `encode_stored` made of a document."""
        return self._slice("stored", number)

    def compressed(self, number: int) -> bytes:
        """Return the compressed text of a document."""
        return self._slice("texts", number)

    def _slice(self, name: str, number: int) -> bytes:
        offsets = self.columns.array(f"{name}.offsets")
        return self.columns.array(name)[int(offsets[number]) : int(offsets[number + 1])].tobytes()
