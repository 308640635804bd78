"""Contents: which segments does a generation of the index have?

Whoosh's table of contents is a header, the pickled schema, the generation and the pickled segments. Here its pickles
are read as plain values: the schema is passed over, and of the segments only the attributes are taken. Behind what
Whoosh reads stand 8 bytes more, "CRC1" and the CRC-32 of everything before (big-endian, as all numbers of the file), so
any changed or missing byte is noticed.
"""

from __future__ import annotations

import os
import pickle
import re
import zlib
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from io import BytesIO
from pathlib import Path
from struct import pack
from typing import Any

from whoosh.codec.base import Segment
from whoosh.fields import Schema
from whoosh.filedb.filestore import RamStorage
from whoosh.filedb.structfile import StructFile
from whoosh.index import TOC

CHECKSUM_MARK = b"CRC1"
HEADER = b"\x04\x08\x04" + pack("!ii", -12345, -111)
"""How Whoosh 2 and 3 begin: sizes of numbers, byte order, version of the format."""

KINDS = {
    ("searcher.engines.whoosh.codec", "ColumnarSegment"),
    ("whoosh.codec.whoosh3", "W3Segment"),
    ("whoosh.codec.whoosh3", "W3Codec"),
}
"""(module, name) of the classes that a table of contents may name."""

BUILTINS = {("collections", "defaultdict"): defaultdict, ("builtins", "int"): int}  # field lengths of W3Segment
SCALARS = {type(None), bool, int, float, str, bytes}
SEGMENT_ID = re.compile(r"[A-Za-z0-9]+_[0-9a-z]+")  # begins names of files: must not lead out of the folder


class ContentsError(ValueError):
    """A table of contents that was cut or changed, or holds what no segment does."""


class ForeignContentsError(ContentsError):
    """A table of contents without a checksum, as other programs write them."""


class _Reader(pickle.Unpickler):
    """Unpickles with stand-ins for the known classes, so that no method of a class runs; any other name is an error."""

    def __init__(self, pickled: bytes) -> None:
        super().__init__(BytesIO(pickled))
        self._kinds: dict[type, tuple[str, str]] = {}  # of each stand-in

    def find_class(self, module: str, name: str) -> type:
        if (module, name) in BUILTINS:
            return BUILTINS[module, name]
        if (module, name) not in KINDS:
            raise ContentsError(f"it names {module}.{name}, which is no segment")
        stand_in = type(name, (), {})
        self._kinds[stand_in] = module, name
        return stand_in

    def revive(self, value: Any, depth: int = 2) -> Any:
        """Return a value with real objects for stand-ins; a segment holds a codec, which holds plain values only."""
        if _is_plain(value):
            return value
        if type(value) not in self._kinds or not depth:
            raise ContentsError(f"it holds a {type(value).__name__}")
        module, name = self._kinds[type(value)]
        kind = getattr(import_module(module), name)
        revived = kind.__new__(kind)
        for attribute, held in vars(value).items():
            if hasattr(kind, attribute):  # no method is replaced
                raise ContentsError(f"{name}.{attribute} is no value")
            setattr(revived, attribute, self.revive(held, depth - 1))
        return revived


def _is_plain(value: Any) -> bool:
    """Tell whether a value is a scalar or a collection of scalars."""
    if type(value) in (dict, defaultdict):
        return {type(part) for pair in value.items() for part in pair} <= SCALARS
    return type(value) in SCALARS or (type(value) in (set, frozenset, list, tuple) and set(map(type, value)) <= SCALARS)


def read_contents_file(path: Path) -> tuple[int, list[Segment]]:
    """Return the generation and the segments that a table of contents names; raises ContentsError or OSError."""
    data = path.read_bytes()
    body, mark, checksum = data[:-8], data[-8:-4], data[-4:]
    if mark != CHECKSUM_MARK:
        kind = ForeignContentsError if data.startswith(HEADER) and data.endswith(pickle.STOP) else ContentsError
        raise kind("it has no checksum: cut, or written by another program")
    if checksum != pack("!I", zlib.crc32(body)):
        raise ContentsError("its checksum is another")
    return _parse(body)


def _parse(body: bytes) -> tuple[int, list[Segment]]:
    stream = StructFile(BytesIO(body))
    if stream.read(len(HEADER)) != HEADER:
        raise ContentsError("its beginning is not that of a table of contents")
    try:
        for _ in range(3):  # the release of Whoosh
            stream.read_varint()
        stream.skip_string()  # the schema
        generation = stream.read_int()
        stream.read_int()
        reader = _Reader(stream.read())
        segments = [reader.revive(segment) for segment in reader.load()]
        if not all(SEGMENT_ID.fullmatch(segment.segment_id()) for segment in segments):
            raise ContentsError("a segment has no proper name")
    except Exception as error:  # a pickle can fail in any way
        raise ContentsError(f"it can't be read: {error}") from error
    return generation, segments


def write_contents_file(path: Path, schema: Schema, segments: Sequence[Segment], generation: int) -> None:
    """Write a table of contents for Whoosh and us, all of it or nothing; what it names must be on disk before.

    Raises OSError, and ContentsError where a segment holds other things than plain values.
    """
    memory = RamStorage()
    TOC(schema, list(segments), generation).write(memory, "MAIN")
    body = bytes(memory.files[TOC._filename("MAIN", generation)])
    _parse(body)  # nothing is written that couldn't be read
    draft = path.with_name(f"{path.name}.new")
    try:
        draft.write_bytes(body + CHECKSUM_MARK + pack("!I", zlib.crc32(body)))
        flush(draft)
        draft.replace(path)
    except BaseException:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise
    with suppress(OSError):  # some network file systems can't flush a folder
        flush(path.parent)


def flush(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on disk."""
    if path.is_dir() and os.name == "nt":
        return  # Windows opens no folders
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
