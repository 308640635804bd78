"""Texts: how are the documents' own texts kept small, one by one?

Zstandard with a dictionary of what the texts of an index have in common, so that a short text is as small as if it were
compressed together with others, and is still read alone. Each ends with a checksum of its own.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

import zstandard

if TYPE_CHECKING:
    from searcher.engines.whoosh.segments import SegmentReader

LEVEL = 3
"""Of 1 to 22; 6 saves 8 % of the texts for twice the time."""

DICTIONARY_SIZE = 100 * 1024
"""Bytes."""

ENOUGH = 7 * DICTIONARY_SIZE
"""Bytes of texts from which on a dictionary pays for itself; the first batch of an index has more."""

SAMPLES = 1_000
SAMPLE_LENGTH = 4_000
"""Texts, and bytes of each, that a dictionary is made from."""

EMPTY_LENGTH = 13
"""Bytes of an empty text, compressed; any other is longer."""


class DamagedTextError(ValueError):
    """A compressed text is not as it was written."""


class TextCodec:
    """Compresses texts with one dictionary; threads may share it."""

    def __init__(self, dictionary: bytes = b"") -> None:
        self.dictionary = dictionary
        self._local = threading.local()  # zstandard's own objects are for one thread each

    def __reduce__(self) -> tuple[object, ...]:
        return TextCodec, (self.dictionary,)

    def _dictionary(self) -> zstandard.ZstdCompressionDict | None:
        return zstandard.ZstdCompressionDict(self.dictionary) if self.dictionary else None

    def compress(self, text: bytes) -> bytes:
        """Return a text compressed, with its checksum."""
        compressor = getattr(self._local, "compressor", None)
        if compressor is None:
            compressor = self._local.compressor = zstandard.ZstdCompressor(
                level=LEVEL, dict_data=self._dictionary(), write_checksum=True, write_dict_id=False
            )
        compressed: bytes = compressor.compress(text)
        return compressed

    def decompress(self, compressed: bytes) -> bytes:
        """Return a text; DamagedTextError where it is not as it was written."""
        decompressor = getattr(self._local, "decompressor", None)
        if decompressor is None:
            decompressor = self._local.decompressor = zstandard.ZstdDecompressor(dict_data=self._dictionary())
        try:
            text: bytes = decompressor.decompress(compressed, allow_extra_data=False)
        except (zstandard.ZstdError, MemoryError) as error:  # a changed size may be a huge one
            raise DamagedTextError(str(error)) from error
        if not text and len(compressed) != EMPTY_LENGTH:  # nothing is read or checked where the size says 0
            raise DamagedTextError("it is not empty, as its size says")
        return text


def train_dictionary(texts: Sequence[bytes]) -> bytes:
    """Return what some texts have in common, nothing where they are too few; the same texts give the same."""
    samples: list[bytes | bytearray | memoryview] = [
        text[:SAMPLE_LENGTH] for text in texts[:: max(1, len(texts) // SAMPLES)] if text
    ]
    if sum(map(len, samples)) < ENOUGH:
        return b""
    try:
        return zstandard.train_dictionary(DICTIONARY_SIZE, samples, k=1024, d=8, f=20).as_bytes()
    except zstandard.ZstdError:  # texts that have nothing in common
        return b""


def choose_dictionary(segments: Sequence[SegmentReader], documents: Sequence[tuple[SegmentReader, int]]) -> bytes:
    """Return the dictionary for the documents of several segments: one that they have, or a new one."""
    known = next((segment.codec.dictionary for segment in segments if segment.codec.dictionary), b"")
    if known:
        return known
    some = documents[:: max(1, len(documents) // SAMPLES)]
    return train_dictionary([segment.text(number).encode() for segment, number in some])
