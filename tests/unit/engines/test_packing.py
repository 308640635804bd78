from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from searcher.engines.whoosh.columns import Array
from searcher.engines.whoosh.packing import (
    pack_bytes,
    pack_counts,
    pack_lists,
    packed_sizes,
    unpack_bytes,
    unpack_counts,
    unpack_list,
    unpack_lists,
)

BOUNDARIES = [0, 1, 15, 16, 127, 128, 254, 255, 256, 2**14, 65_535, 65_536, 2**21, 2**28, 2**32 - 1]
NUMBERS = st.sampled_from(BOUNDARIES) | st.integers(0, 20) | st.integers(0, 2**32 - 1)
LISTS = st.lists(st.lists(NUMBERS, max_size=6) | st.lists(st.integers(0, 15), max_size=6), max_size=12)

Lists = list[list[int]]


def flatten(lists: Lists) -> tuple[Array, Array]:
    """Return all numbers of some lists, and how many each has."""
    return np.array([value for values in lists for value in values], np.int64), np.array(
        list(map(len, lists)), np.int64
    )


@given(LISTS)
@example([[value] for value in BOUNDARIES])
@example([[], [3], [], [1, 2, 3], [], []])
def test_lists_come_back_all_at_once(lists: Lists) -> None:
    values, counts = flatten(lists)
    widths, packed = pack_lists(values, counts)
    assert unpack_lists(packed, widths, counts).tolist() == values.tolist()


@given(LISTS)
@example([[value] for value in BOUNDARIES])
@example([[], [3], [], [1, 2, 3], [], []])
def test_lists_come_back_one_by_one(lists: Lists) -> None:
    values, counts = flatten(lists)
    widths, packed = pack_lists(values, counts)
    sizes = packed_sizes(widths, counts)
    starts = np.cumsum(sizes) - sizes
    for values_of_one, width, start, size in zip(lists, widths.tolist(), starts.tolist(), sizes.tolist(), strict=True):
        part = packed.data[start : start + size]
        assert unpack_list(part, width, len(values_of_one)).tolist() == values_of_one


@given(LISTS)
def test_packed_lists_take_the_bytes_that_their_widths_say(lists: Lists) -> None:
    values, counts = flatten(lists)
    widths, packed = pack_lists(values, counts)
    assert packed_sizes(widths, counts).sum() == len(packed)


@pytest.mark.parametrize(
    ("highest", "width"), [(0, 0), (1, 4), (15, 4), (16, 8), (255, 8), (256, 16), (65_535, 16), (65_536, 32)]
)
def test_width_of_a_list_is_the_least_that_holds_its_greatest_number(highest: int, width: int) -> None:
    widths, packed = pack_lists(np.array([0, highest, 0, 0]), np.array([4]))
    assert widths.tolist() == [width]
    assert len(packed) == 4 * width // 8


@given(st.lists(NUMBERS, max_size=40))
@example(BOUNDARIES)
def test_numbers_come_back_from_their_bytes(values: list[int]) -> None:
    packed, sizes = pack_bytes(np.array(values, np.int64))
    assert unpack_bytes(packed).tolist() == values
    assert sizes.sum() == len(packed)


@given(st.lists(NUMBERS, min_size=1, max_size=40), st.data())
def test_part_of_the_bytes_holds_the_numbers_that_begin_there(values: list[int], data: st.DataObject) -> None:
    packed, sizes = pack_bytes(np.array(values, np.int64))
    first = data.draw(st.integers(0, len(values) - 1))
    last = data.draw(st.integers(first, len(values)))
    part = packed[int(sizes[:first].sum()) : int(sizes[:last].sum())]
    assert unpack_bytes(part).tolist() == values[first:last]


@pytest.mark.parametrize(
    ("value", "size"), [(0, 1), (127, 1), (128, 2), (2**14, 3), (2**21, 4), (2**28, 5), (2**32 - 1, 5)]
)
def test_number_takes_a_byte_for_seven_bits(value: int, size: int) -> None:
    assert pack_bytes(np.array([value]))[1].tolist() == [size]


@given(st.lists(NUMBERS, max_size=40))
@example(BOUNDARIES)
def test_counts_come_back(values: list[int]) -> None:
    columns = pack_counts(np.array(values, np.int64))
    assert unpack_counts(columns[""], columns[".places"], columns[".large"]).tolist() == values


def test_small_counts_take_a_byte_each() -> None:
    columns = pack_counts(np.arange(255))
    assert {name: array.nbytes for name, array in columns.items()} == {"": 255, ".places": 0, ".large": 0}
