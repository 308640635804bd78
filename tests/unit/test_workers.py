from __future__ import annotations

import json
import operator
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from typing import Any

import pytest

from searcher import WorkerError, workers
from searcher.words import normalize
from searcher.workers import FEW, map_in_order


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The processes that a test starts."""
    processes = []
    start = subprocess.Popen

    def note(*arguments: Any, **options: Any) -> Any:
        processes.append(start(*arguments, **options))
        return processes[-1]

    monkeypatch.setattr(subprocess, "Popen", note)
    return processes


def all_ended(processes: list[Any]) -> bool:
    """Tell whether every process has ended and was waited for."""
    return all(process.returncode is not None for process in processes)


def test_results_come_in_the_order_of_the_values(started: list[Any]) -> None:
    values = [f"Été {number}" * (1 + number % 3 * 1000) for number in range(20)]
    assert list(map_in_order(normalize, iter(values), 2)) == [(value, normalize(value)) for value in values]
    assert len(started) == 2
    assert all_ended(started)


@pytest.mark.parametrize(("jobs", "count"), [(1, 10), (4, FEW), (4, 1), (4, 0)])
def test_few_values_or_one_job_start_no_process(started: list[Any], jobs: int, count: int) -> None:
    assert list(map_in_order(abs, range(-count, 0), jobs)) == [(-value, value) for value in range(count, 0, -1)]
    assert started == []


def test_no_more_processes_are_started_than_there_are_values(started: list[Any]) -> None:
    assert list(map_in_order(abs, range(-FEW - 1, 0), 10**30)) == [(-n, n) for n in range(FEW + 1, 0, -1)]
    assert len(started) == FEW + 1
    assert all_ended(started)


def test_values_are_taken_as_they_are_needed_where_no_process_is_started() -> None:
    taken = []

    def values() -> Iterator[int]:
        for value in range(5):
            taken.append(value)
            yield value

    results = map_in_order(abs, values(), 1)
    assert next(results) == (0, 0)
    assert taken == [0]


def test_values_are_not_taken_long_before_their_turn(started: list[Any]) -> None:
    taken = []

    def values() -> Iterator[int]:
        for value in range(100):
            taken.append(value)
            yield value

    results = map_in_order(abs, values(), 2)
    next(results)
    assert len(taken) <= 2 * workers.WAITING + 2
    results.close()
    assert len(started) == 2
    assert all_ended(started)


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize(
    ("function", "values", "error"),
    [
        (json.loads, ["1", "2", "3", "4", "{"], json.JSONDecodeError),
        (operator.methodcaller("encode", "ascii"), ["a"] * 8 + ["é"], UnicodeEncodeError),
    ],
)
def test_what_the_function_raises_is_raised_where_its_result_would_be(
    started: list[Any], jobs: int, function: Callable[[str], object], values: list[str], error: type[Exception]
) -> None:
    results = map_in_order(function, [*values, "1"], jobs)
    assert [value for value, _ in islice(results, len(values) - 1)] == values[:-1]
    with pytest.raises(error):
        next(results)
    assert all_ended(started)


def test_what_the_values_raise_ends_the_processes(started: list[Any]) -> None:
    def values() -> Iterator[int]:
        yield from range(9)
        raise ConnectionResetError("the source has gone")

    with pytest.raises(ConnectionResetError):
        list(map_in_order(abs, values(), 2))
    assert len(started) == 2
    assert all_ended(started)


def test_process_that_ends_before_its_time_is_an_error(started: list[Any]) -> None:
    with pytest.raises(WorkerError) as raised:
        list(map_in_order(os._exit, [3] * 9, 2))
    assert "--jobs" in raised.value.advice
    assert len(started) == 2
    assert all_ended(started)


def test_result_that_cannot_be_sent_is_an_error(capfd: pytest.CaptureFixture[str]) -> None:
    function: Callable[[bytes], object] = memoryview
    with pytest.raises(WorkerError):
        list(map_in_order(function, [b"rocket"] * 5, 2))
    assert "memoryview" in capfd.readouterr().err


def test_what_the_function_prints_is_no_result(capfd: pytest.CaptureFixture[str]) -> None:
    assert [result for _, result in map_in_order(partial(print, "on"), range(5), 2)] == [None] * 5
    out, err = capfd.readouterr()
    assert out == ""
    assert sorted(err.splitlines()) == [f"on {number}" for number in range(5)]


@pytest.mark.parametrize("length", [0, 1, 40])
def test_worker_ends_silently_where_who_started_it_dies_while_sending(length: int) -> None:
    sent = pickle.dumps(partial(json.loads, parse_int=float))
    assert len(sent) > length
    done = subprocess.run([sys.executable, "-c", workers.SERVE], input=sent[:length], capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"", b"")
