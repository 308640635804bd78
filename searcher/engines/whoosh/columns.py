"""Column files: named arrays in one file, mapped into memory and checked before their first use.

    "SEARCHER" | length of the header | CRC-32 of the header | header | arrays, each at a multiple of 64 bytes

The header is JSON: what the writer says of the file, and of each array its type, count, place and CRC-32. All numbers
are little-endian. An array that checks itself (compressed texts) has no CRC-32.
"""

from __future__ import annotations

import json
import mmap
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

MAGIC = b"SEARCHER"
PREFIX = struct.Struct("<8sII")
ALIGNMENT = 64
"""Bytes; a line of the processor's cache."""

TYPES = frozenset({"<u1", "|u1", "<u2", "<u4", "<u8"})

Array = NDArray[Any]


class DamagedColumnsError(ValueError):
    """The file is cut or changed, or none of ours."""


def write_columns(
    stream: BinaryIO, arrays: Mapping[str, Array], about: Mapping[str, Any], *, unchecked: frozenset[str]
) -> None:
    """Write arrays of unsigned integers, in order; `about` is JSON, `unchecked` are those that check themselves."""
    described: dict[str, Any] = {}
    offset = 0
    for name, array in arrays.items():
        offset = -(-offset // ALIGNMENT) * ALIGNMENT
        checksum = None if name in unchecked else zlib.crc32(_bytes_of(array))
        described[name] = [array.dtype.newbyteorder("<").str, array.size, offset, checksum]
        offset += array.nbytes
    header = json.dumps({**about, "arrays": described}, separators=(",", ":")).encode()
    stream.write(PREFIX.pack(MAGIC, len(header), zlib.crc32(header)) + header)
    start = _start_of_arrays(len(header))
    stream.write(bytes(start - PREFIX.size - len(header)))
    done = 0
    for name, array in arrays.items():
        place = described[name][2]
        stream.write(bytes(place - done))
        stream.write(_bytes_of(array))
        done = place + array.nbytes


def _bytes_of(array: Array) -> memoryview:
    little = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
    return memoryview(little.data).cast("B") if little.size else memoryview(b"")


def _start_of_arrays(header_length: int) -> int:
    return -(-(PREFIX.size + header_length) // ALIGNMENT) * ALIGNMENT


class Columns:
    """An open column file. Arrays are read-only views of the map; threads may share it."""

    def __init__(self, path: Path) -> None:
        """Open a file; DamagedColumnsError where the header does not check or the file is cut, OSError as usual."""
        with path.open("rb") as stream:
            prefix = stream.read(PREFIX.size)
            if len(prefix) < PREFIX.size:
                raise DamagedColumnsError(f"{path.name} is cut")
            magic, length, checksum = PREFIX.unpack(prefix)
            size = path.stat().st_size
            if magic != MAGIC or length > size:
                raise DamagedColumnsError(f"{path.name} is no column file")
            header = stream.read(length)
            if zlib.crc32(header) != checksum:
                raise DamagedColumnsError(f"the header of {path.name} is changed")
            self.about: dict[str, Any] = json.loads(header)
            self._map = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        self._name = path.name
        self._start = _start_of_arrays(length)
        self._described: dict[str, list[Any]] = self.about["arrays"]
        self._arrays: dict[str, Array] = {}
        for kind, count, offset, _ in self._described.values():
            if kind not in TYPES or self._start + offset + count * np.dtype(kind).itemsize > size:
                raise DamagedColumnsError(f"{path.name} is cut")

    def __contains__(self, name: str) -> bool:
        return name in self._described

    def array(self, name: str) -> Array:
        """Return an array; DamagedColumnsError where it is not as it was written."""
        known = self._arrays.get(name)
        if known is not None:
            return known
        kind, count, offset, checksum = self._described[name]
        array: Array = np.frombuffer(self._map, np.dtype(kind), count, self._start + offset)
        if checksum is not None and zlib.crc32(_bytes_of(array)) != checksum:
            raise DamagedColumnsError(f"{name} in {self._name} is changed")
        self._arrays[name] = array
        return array


def smallest(values: Array) -> Array:
    """Return unsigned values in the smallest type that holds them."""
    highest = int(values.max()) if values.size else 0
    return values.astype(np.min_scalar_type(highest), copy=False)
