from __future__ import annotations

import random
from collections.abc import Iterable
from math import log2

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searcher.engines.whoosh.writing import choose_merge

SIZES = st.lists(st.integers(1, 10_000).flatmap(lambda count: st.tuples(st.just(count), st.integers(0, count))))


class Simulation:
    """Segments as lists of how often each of their documents was written."""

    def __init__(self) -> None:
        self.segments: list[list[int]] = []

    def update(self, count: int) -> None:
        segments = [*self.segments, [1] * count]
        chosen = choose_merge([(len(segment), 0) for segment in segments])
        merged = [written + 1 for place in sorted(chosen) for written in segments[place]]
        self.segments = [segment for place, segment in enumerate(segments) if place not in chosen]
        if merged:
            self.segments.append(merged)


def merge_until_nothing_is_chosen(sizes: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    left = list(sizes)
    while chosen := choose_merge(left):
        count = sum(left[place][0] - left[place][1] for place in chosen)
        merged = [(count, 0)] if count else []
        left = [pair for place, pair in enumerate(left) if place not in chosen] + merged
    return left


def test_document_is_rewritten_a_logarithmic_number_of_times() -> None:
    simulation = Simulation()
    for _ in range(1_000):
        simulation.update(10)
        assert len(simulation.segments) <= 30
    written = [times for segment in simulation.segments for times in segment]
    assert len(written) == 10_000
    assert max(written) <= 2 * log2(1_000)
    assert sum(written) / len(written) <= log2(1_000)


@pytest.mark.parametrize("seed", range(5))
def test_updates_of_any_size_leave_few_segments(seed: int) -> None:
    sizes = random.Random(seed)
    simulation = Simulation()
    for _ in range(1_000):
        simulation.update(int(10 ** sizes.uniform(0, 3)))
        assert len(simulation.segments) <= 30


def test_one_small_segment_does_not_keep_larger_ones_apart() -> None:
    assert choose_merge([(1, 0), *[(1_000, 0)] * 50])


def test_large_segment_is_not_rewritten_for_small_ones() -> None:
    assert choose_merge([(100_000, 0), *[(10, 0)] * 8]) == set(range(1, 9))


def test_few_segments_are_left_alone() -> None:
    assert choose_merge([(10, 0)] * 3) == set()
    assert choose_merge([]) == set()


def test_mostly_deleted_segment_is_written_anew() -> None:
    assert choose_merge([(100, 0), (100, 50), (100, 49)]) == {1}


@settings(deadline=None)
@given(SIZES)
def test_merging_comes_to_an_end_with_few_segments(sizes: list[tuple[int, int]]) -> None:
    left = merge_until_nothing_is_chosen(sizes)
    assert sum(count - deleted for count, deleted in left) == sum(count - deleted for count, deleted in sizes)
    assert len(left) <= 8 * (1 + log2(1 + sum(count for count, _ in left)))


@given(SIZES)
def test_chosen_segments_are_among_those_given(sizes: list[tuple[int, int]]) -> None:
    assert choose_merge(sizes) <= set(range(len(sizes)))


@given(st.integers(0, 400), st.integers(1, 5_000))
def test_equal_segments_never_stay_many(count: int, size: int) -> None:
    assert len(merge_until_nothing_is_chosen([(size, 0)] * count)) < 8
