"""Segments: here is a column file, give me its documents and the postings of its fields."""

from __future__ import annotations

import json
from collections.abc import Collection
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from searcher.engines import StoredDocument
from searcher.engines.whoosh.columns import Array, Columns, DamagedColumnsError
from searcher.engines.whoosh.postings import FieldReader, PostedField, ends, read_counts
from searcher.engines.whoosh.schema import EXACT, LANGUAGE_CODES
from searcher.engines.whoosh.stems import FormGroups, StemField
from searcher.engines.whoosh.texts import TextCodec

DIGEST_LENGTH = 16
"""Bytes."""

_read_json = json.JSONDecoder().raw_decode
"""A third of the time of `json.loads`, for a line that we wrote."""


def encode_stored(document: StoredDocument) -> bytes:
    """Return what is kept of a document beside its language and text, as a line of JSON."""
    values = (document.id, document.title, document.source, document.date, document.metadata)
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()


def names_of(field: str) -> str:
    """Name the columns of the keys of names in a field of words."""
    return f"{field}.names"


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
            self._fields[name] = self._open_field(name)
        return self._fields[name]

    def _open_field(self, name: str) -> FieldReader | None:
        if f"{name}.counts" in self.columns:
            return PostedField(self.columns, name)
        part, _, code = name.partition("_")
        forms = self.posted(f"{part}_{EXACT}") if f"{name}.forms" in self.columns else None
        if forms is None:
            return None
        return StemField(FormGroups(self.columns, name), forms, self.languages == LANGUAGE_CODES.index(code))

    def posted(self, name: str) -> PostedField | None:
        """Return a field whose postings are kept, None where no document has words in it."""
        field = self.field(name)
        return field if isinstance(field, PostedField) else None

    def names(self, name: str) -> FormGroups | None:
        """Return the keys of the names among the words of a field, None where it has no words."""
        place = names_of(name)
        return FormGroups(self.columns, place) if f"{place}.forms" in self.columns else None

    def field_names(self) -> list[str]:
        """List the fields that have terms."""
        columns = (name.split(".") for name in self.columns.about["arrays"])
        return [field for field, *column in columns if column == ["terms"]]

    @property
    def languages(self) -> Array:
        """(count,) index into the schema's LANGUAGE_CODES."""
        return self.columns.array("languages")

    @cached_property
    def lengths(self) -> NDArray[np.uint32]:
        """(count,) words of title and text."""
        titles, texts = (self.columns.array(f"{part}_lengths") for part in ("title", "text"))
        return titles.astype(np.uint32) + texts

    @cached_property
    def _id_places(self) -> NDArray[np.uint32]:
        """(count,) the place of each document's id among the sorted ids."""
        places = np.zeros(self.count, np.uint32)
        posted = self._ids.posted()
        places[posted.documents] = np.repeat(np.arange(self._ids.count), posted.counts)
        return places

    @property
    def _ids(self) -> PostedField:
        field = self.posted("id")
        if field is None:
            raise DamagedColumnsError("there are no ids")
        return field

    def id(self, number: int) -> str:
        """Return the id of a document."""
        return self._ids.term(int(self._id_places[number])).decode()

    def find(self, id: str) -> int | None:
        """Return the number of the document of an id, None where there is none that is not deleted."""
        term = self._ids.find(id.encode("utf-8", "surrogatepass"))  # no id that is kept has any
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
        lines, ends = self._stored_lines
        id, title, source, date, metadata = _read_json(str(lines[ends[number] : ends[number + 1]], "utf-8"))[0]
        return StoredDocument(id, title, LANGUAGE_CODES[self.languages[number]], source, date, metadata)

    @cached_property
    def _stored_lines(self) -> tuple[memoryview, memoryview]:
        """The lines of all documents, and where each ends; plain views are read twice as fast as arrays."""
        return self.columns.array("stored").data, ends(read_counts(self.columns, "stored.sizes")).data

    @cached_property
    def codec(self) -> TextCodec:
        """What compressed the texts."""
        return TextCodec(self.columns.array("dictionary").tobytes())

    def text(self, number: int) -> str:
        """Return the text of a document; DamagedTextError where it is changed."""
        return self.codec.decompress(self.compressed(number)).decode()

    def stored_line(self, number: int) -> bytes:
        """Return what `encode_stored` made of a document."""
        lines, ends = self._stored_lines
        return bytes(lines[ends[number] : ends[number + 1]])

    @cached_property
    def _text_ends(self) -> Array:
        return ends(self.columns.array("texts.sizes"))

    def compressed(self, number: int) -> bytes:
        """Return the compressed text of a document."""
        ends = self._text_ends
        return self.columns.array("texts")[int(ends[number]) : int(ends[number + 1])].tobytes()
