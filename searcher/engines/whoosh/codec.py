"""Codec: our segments as Whoosh sees them, so that its own queries, collectors and merges work on them.

Whoosh walks postings one by one in Python; ranking here never does (see `scoring`). Whoosh's writers read this codec
and merge it into segments of their own; ours are written by `building`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from whoosh.codec import base
from whoosh.columns import Column, ColumnReader
from whoosh.formats import Format
from whoosh.matching import ListMatcher
from whoosh.reading import TermInfo, TermNotFound

from searcher.engines.whoosh.columns import Array
from searcher.engines.whoosh.postings import FieldReader
from searcher.engines.whoosh.schema import EXACT, LANGUAGE_CODES, encode_value
from searcher.engines.whoosh.segments import SegmentReader


class ColumnarSegment(base.Segment):  # type: ignore[misc]
    """One column file of an index. Pickled in the table of contents: it stays here and is never renamed."""

    def __init__(self, indexname: str, fingerprint: str, count: int) -> None:
        super().__init__(indexname)
        self.fingerprint = fingerprint
        self.count = count
        self.deleted: set[int] = set()

    def codec(self) -> ColumnarCodec:
        return ColumnarCodec()

    def should_assemble(self) -> bool:
        return False

    def set_doc_count(self, count: int) -> None:
        self.count = count

    def doc_count_all(self) -> int:
        return self.count

    def deleted_count(self) -> int:
        return len(self.deleted)

    def deleted_docs(self) -> Iterator[int]:
        return iter(sorted(self.deleted))

    def delete_document(self, number: int, delete: bool = True) -> None:
        (self.deleted.add if delete else self.deleted.discard)(number)

    def is_deleted(self, number: int) -> bool:
        return number in self.deleted

    def file_name(self) -> str:
        """Name the segment's one file."""
        return str(self.make_filename(".columns"))

    def open(self, folder: Path) -> SegmentReader:
        """Open the segment's file in the folder of its index."""
        return SegmentReader(folder / self.file_name(), self.deleted)


class ColumnarCodec(base.Codec):  # type: ignore[misc]
    """Reads column files for Whoosh."""

    def terms_reader(self, storage: Any, segment: ColumnarSegment) -> _TermsReader:
        return _TermsReader(segment.open(Path(storage.folder)))

    def per_document_reader(self, storage: Any, segment: ColumnarSegment) -> _DocumentReader:
        return _DocumentReader(segment.open(Path(storage.folder)), segment)

    def new_segment(self, storage: Any, indexname: str) -> ColumnarSegment:
        raise NotImplementedError("segments of this codec are written by searcher alone")


class _TermsReader(base.TermsReader):  # type: ignore[misc]
    """The terms of a segment, one field after the other."""

    def __init__(self, segment: SegmentReader) -> None:
        self._segment = segment

    def _find(self, fieldname: str, text: bytes) -> tuple[FieldReader, int]:
        field = self._segment.field(fieldname)
        number = -1 if field is None else field.find(text)
        if field is None or number < 0:
            raise TermNotFound(f"No term {fieldname}:{text!r}")
        return field, number

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        field = self._segment.field(term[0])
        return field is not None and field.find(term[1]) >= 0

    def cursor(self, fieldname: str, fieldobj: Any) -> _Cursor:
        return _Cursor(self._segment.field(fieldname), fieldobj)

    def indexed_field_names(self) -> list[str]:
        return self._segment.field_names()

    def terms(self) -> Iterator[tuple[str, bytes]]:
        for fieldname in sorted(self._segment.field_names()):
            yield from self.terms_from(fieldname, b"")

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        field = self._segment.field(fieldname)
        if field is not None:
            for number in range(field.bisect(prefix), field.count):
                yield fieldname, field.term(number)

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        for fieldname, text in self.terms():
            yield (fieldname, text), self.term_info(fieldname, text)

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        for name, text in self.terms_from(fieldname, prefix):
            yield (name, text), self.term_info(name, text)

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        field, number = self._find(fieldname, text)
        postings = field.postings(number)
        return TermInfo(
            weight=float(postings.frequencies.sum()),
            df=len(postings.documents),
            minlength=1,
            maxlength=int(self._segment.lengths[postings.documents].max()),
            maxweight=float(postings.frequencies.max()),
            minid=int(postings.documents[0]),
            maxid=int(postings.documents[-1]),
        )

    def frequency(self, fieldname: str, text: bytes) -> float:
        return float(self.term_info(fieldname, text).weight()) if (fieldname, text) in self else 0.0

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        return int(self.term_info(fieldname, text).doc_frequency()) if (fieldname, text) in self else 0

    def matcher(self, fieldname: str, text: bytes, format_: Format, scorer: Any = None) -> ListMatcher:
        field, number = self._find(fieldname, text)
        postings = field.postings(number, with_positions=True)
        frequencies: list[int] = postings.frequencies.tolist()
        ends = postings.frequencies.cumsum(dtype="int64").tolist()
        positions = [] if postings.positions is None else postings.positions.tolist()
        values = [
            encode_value(format_, frequency, positions[end - frequency : end])
            for frequency, end in zip(frequencies, ends, strict=True)
        ]
        return ListMatcher(
            postings.documents.tolist(),
            [float(frequency) for frequency in frequencies],
            values=values,
            format=format_,
            scorer=scorer,
            term=(fieldname, text),
            terminfo=self.term_info(fieldname, text),
        )


class _Cursor(base.FieldCursor):  # type: ignore[misc]
    """A place among the terms of a field."""

    def __init__(self, field: FieldReader | None, fieldobj: Any) -> None:
        self._field = field
        self._fieldobj = fieldobj
        self._number = 0

    def is_valid(self) -> bool:
        return self._field is not None and self._number < self._field.count

    def text(self) -> Any:
        term = self.term()
        return None if term is None else self._fieldobj.from_bytes(term)

    def term(self) -> bytes | None:
        return self._field.term(self._number) if self._field is not None and self.is_valid() else None

    def first(self) -> Any:
        self._number = 0
        return self.text()

    def find(self, string: str | bytes) -> Any:
        term = string if isinstance(string, bytes) else self._fieldobj.to_bytes(string)
        self._number = 0 if self._field is None else self._field.bisect(term)
        return self.text()

    def next(self) -> Any:
        self._number += 1
        return self.text()

    def term_info(self) -> TermInfo | None:
        return None


class _DocumentReader(base.PerDocumentReader):  # type: ignore[misc]
    """The documents of a segment."""

    def __init__(self, reader: SegmentReader, segment: ColumnarSegment) -> None:
        self._reader = reader
        self._segment = segment

    def doc_count(self) -> int:
        return int(self._segment.doc_count())

    def doc_count_all(self) -> int:
        return self._segment.count

    def has_deletions(self) -> bool:
        return bool(self._segment.deleted)

    def is_deleted(self, number: int) -> bool:
        return number in self._segment.deleted

    def deleted_docs(self) -> Iterator[int]:
        return self._segment.deleted_docs()

    def supports_columns(self) -> bool:
        return True

    def has_column(self, _fieldname: str) -> bool:
        return False

    def column_reader(self, fieldname: str, _column: Column) -> ColumnReader:
        raise ValueError(f"No column {fieldname!r}")

    def _lengths(self, fieldname: str) -> Array | None:
        """Return the words of each document in a field, (count,), None where there are none."""
        part, _, code = fieldname.partition("_")
        if code not in (EXACT, *LANGUAGE_CODES):
            return None
        lengths = self._reader.columns.array(f"{part}_lengths")
        return lengths if code == EXACT else lengths * (self._reader.languages == LANGUAGE_CODES.index(code))

    def doc_field_length(self, number: int, fieldname: str, default: int = 0) -> int:
        lengths = self._lengths(fieldname)
        return default if lengths is None else int(lengths[number])

    def field_length(self, fieldname: str) -> int:
        lengths = self._lengths(fieldname)
        if lengths is not None:
            return int(lengths.sum())
        return 0 if self._reader.field(fieldname) is None else self._segment.count

    def min_field_length(self, _fieldname: str) -> int:
        return 0

    def max_field_length(self, fieldname: str) -> int:
        lengths = self._lengths(fieldname)
        return 0 if lengths is None else int(lengths.max(initial=0))

    def stored_fields(self, number: int) -> dict[str, Any]:
        values = {**self._reader.stored(number)._asdict(), "text": self._reader.text(number)}
        return {name: value for name, value in values.items() if value is not None}
