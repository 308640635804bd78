"""Packing: lists of small numbers in few bytes, taken apart with array operations.

Two forms. `pack_lists`: each list at the narrowest of five widths that holds its largest number, so that one list is
read by a view and documents of frequent words, whose gaps are small, take a byte or less. `pack_bytes`: each number in
as many bytes as it needs, seven bits in each, for lists with a few large numbers among many small ones (positions).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from searcher.engines.whoosh.columns import Array

WIDTHS = np.array([0, 4, 8, 16, 32], np.uint8)
"""Bits of a number; a list of zeros takes nothing."""

_LIMITS = np.array([0, 2**4 - 1, 2**8 - 1, 2**16 - 1], np.int64)
"""Greatest number of each width but the last."""

MORE = 0x80
"""Set in each byte of a number but its last."""

Bytes = NDArray[np.uint8]
Numbers = NDArray[np.int64]


def packed_sizes(widths: Array, counts: Array) -> Numbers:
    """Return the bytes of each list."""
    sizes: Numbers = (widths.astype(np.int64) * counts + 7) // 8
    return sizes


def pack_lists(values: Array, counts: Array) -> tuple[Bytes, Bytes]:
    """Return the width of each list and all lists as bytes; `values`: below 2^32, list after list, as `counts` says."""
    owners = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    highest = np.zeros(len(counts), np.int64)
    filled = counts > 0
    starts = np.cumsum(counts, dtype=np.int64) - counts
    if len(values):
        highest[filled] = np.maximum.reduceat(values, starts[filled])
    widths = WIDTHS[np.searchsorted(_LIMITS, highest)]
    sizes = packed_sizes(widths, counts)
    begins = np.cumsum(sizes) - sizes
    packed = np.zeros(int(sizes.sum()), np.uint8)
    width_of = widths[owners]
    for width in (4, 8, 16, 32):
        places = np.flatnonzero(width_of == width)
        if not len(places):
            continue
        owner = owners[places]
        bits = (places - starts[owner]) * width
        where = begins[owner] + (bits >> 3)
        if width == 4:
            is_high = bits & 4 != 0
            packed[where[~is_high]] = values[places[~is_high]]
            packed[where[is_high]] |= values[places[is_high]].astype(np.uint8) << 4
            continue
        for byte in range(width // 8):
            packed[where + byte] = (values[places] >> (8 * byte)) & 0xFF
    return widths, packed


def unpack_list(packed: memoryview, width: int, count: int) -> Array:
    """Return one list from its bytes; of 8 bits and more a view of them."""
    if width == 0:
        return np.zeros(count, np.uint8)
    if width == 4:
        return _nibbles(np.frombuffer(packed, np.uint8))[:count]
    return np.frombuffer(packed, f"<u{width // 8}", count)


def _nibbles(packed: Bytes) -> Bytes:
    halves = np.empty(2 * len(packed), np.uint8)
    halves[::2] = packed & 0xF
    halves[1::2] = packed >> 4
    return halves


def unpack_lists(packed: Bytes, widths: Array, counts: Array) -> NDArray[np.uint32]:
    """Return what `pack_lists` was given."""
    sizes = packed_sizes(widths, counts)
    width_of_byte = np.repeat(widths, sizes)
    width_of = np.repeat(widths, counts)
    values = np.zeros(len(width_of), np.uint32)
    for width in (4, 8, 16, 32):
        some = packed[width_of_byte == width]
        if width == 4:
            of_width = widths == width
            halves = _nibbles(some)
            last = np.cumsum(sizes[of_width]) * 2 - 1
            is_kept = np.ones(len(halves), bool)
            is_kept[last[counts[of_width] % 2 == 1]] = False
            values[width_of == width] = halves[is_kept]
        else:
            values[width_of == width] = some.view(f"<u{width // 8}")
    return values


BLOCK = 1 << 20
"""Numbers that are packed at a time, so that what is needed beside them stays small."""


def pack_bytes(values: Array) -> tuple[Bytes, Bytes]:
    """Return numbers below 2^35 in as many bytes as each needs, most significant first, and those sizes."""
    blocks = [_pack_block(values[start : start + BLOCK]) for start in range(0, max(len(values), 1), BLOCK)]
    return np.concatenate([packed for packed, _ in blocks]), np.concatenate([sizes for _, sizes in blocks])


def _pack_block(values: Array) -> tuple[Bytes, Bytes]:
    values = values.astype(np.uint64)
    sizes = np.ones(len(values), np.uint8)
    for bits in (7, 14, 21, 28):
        sizes += values >= np.uint64(1 << bits)
    ends = np.cumsum(sizes, dtype=np.int64)
    packed = np.empty(int(ends[-1]) if len(ends) else 0, np.uint8)
    packed[ends - 1] = values & np.uint64(0x7F)
    for place in range(1, int(sizes.max(initial=1))):
        is_long = np.flatnonzero(sizes > place)
        low = (values[is_long] >> np.uint64(7 * place)) & np.uint64(0x7F)
        packed[ends[is_long] - 1 - place] = low | np.uint64(MORE)
    return packed, sizes


def unpack_bytes(packed: Bytes) -> NDArray[np.uint32]:
    """Return the numbers that `pack_bytes` made bytes of, where all are below 2^32."""
    ends = np.flatnonzero(packed < MORE)
    values = packed[ends].astype(np.uint32)
    sizes = np.diff(ends, prepend=-1)
    for place in range(1, int(sizes.max(initial=1))):
        is_long = np.flatnonzero(sizes > place)
        values[is_long] |= (packed[ends[is_long] - place].astype(np.uint32) & 0x7F) << np.uint32(7 * place)
    return values


def pack_counts(values: Array) -> dict[str, Array]:
    """Return the columns of numbers that are nearly all below 255: a byte each, and the few others by their places."""
    places = np.flatnonzero(values >= 255)
    small = np.minimum(values, 255).astype(np.uint8)
    return {"": small, ".places": places.astype(np.uint32), ".large": values[places].astype(np.uint32)}


def unpack_counts(small: Array, places: Array, large: Array) -> NDArray[np.uint32]:
    """Return what `pack_counts` was given."""
    values = small.astype(np.uint32)
    values[places] = large
    return values
