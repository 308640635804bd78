"""What scripts/benchmark.py measures of this project alone: first queries, glossaries, suggestions and completions.

Each measurement asserts that what is timed makes sense. Times are in ms.
"""

from __future__ import annotations

import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from string import ascii_lowercase
from typing import TypeVar

from benchmark_engines import LIMIT, make_engine
from benchmark_processes import Figures, run_apart

Answer = TypeVar("Answer")

MEANT = 0.5
"""Least part of the words with a letter left out that must be corrected to what they were."""

SHORTEST = 5
"""Letters of a word that one is left out of; a suggestion needs four."""

BEGINNINGS = (3, 6)
"""Letters that are completed, at least and at most."""


def spread(times: Sequence[float]) -> Figures:
    """Return the median and the 95th percentile."""
    return {"p50": statistics.median(times), "p95": statistics.quantiles(times, n=20, method="inclusive")[-1]}


def measure_alone(folder: Path, queries: Sequence[str], glossaries: Sequence[Path], rounds: int) -> Figures:
    """Measure every part on the index in a folder; what the glossaries do is left out where there are none."""
    words = sorted(set(chain.from_iterable(query.split() for query in queries)))
    figures: Figures = {}
    with tempfile.TemporaryDirectory() as work:
        folders = {"OR": folder}
        if glossaries:
            from searcher import add_glossaries

            folders["OR, glossaries"] = Path(shutil.copytree(folder, Path(work) / "index"))
            add_glossaries(glossaries, folders["OR, glossaries"])
        figures |= measure_translating(folders, queries, rounds)
        for name, place in folders.items():
            runs = [run_apart(time_first, "searcher", place, queries) for _ in range(min(rounds, 3))]
            figures[f"{name}, first time"] = {
                key: statistics.median(run[key] for run in runs) for key in ("p50", "p95")
            }
    figures["did you mean"] = measure_correcting(folder, words, rounds)
    figures["completion"] = measure_completing(folder, words, rounds)
    return figures


def measure_translating(folders: dict[str, Path], queries: Sequence[str], rounds: int) -> Figures:
    """Time the same queries on the same documents with other glossaries, query by query in turns, after a first round.

    `translated`: the part of the queries for which words were searched that nobody typed.
    """
    from searcher import Searcher

    searchers = {name: Searcher(folder) for name, folder in folders.items()}
    searches = {name: partial(searcher.search, limit=LIMIT) for name, searcher in searchers.items()}
    first = {name: [search(query) for query in queries] for name, search in searches.items()}
    times: dict[str, list[float]] = {name: [] for name in searches}
    for round in range(rounds):
        for place, query in enumerate(queries):
            for name in list(searches)[:: -1 if (round + place) % 2 else 1]:
                results = time_call(times[name], searches[name], query)
                known = first[name][place]
                assert [hit.id for hit in results] == [hit.id for hit in known], f"{name}: {query} has other hits"
    figures = {
        name: {**spread(times[name]), "translated": sum(bool(r.also_searched) for r in found) / len(found)}
        for name, found in first.items()
    }
    for name, found in first.items():
        fewer = [r.query for r, plain in zip(found, first["OR"], strict=True) if r.total < plain.total]
        assert not fewer, f"{name}: fewer documents are found for {fewer[:5]}"
        assert name == "OR" or figures[name]["translated"] > figures["OR"]["translated"], f"{name} add no translations"
        searchers[name].close()
    return figures


def time_first(name: str, folder: Path, queries: Sequence[str]) -> Figures:
    """Time queries that the process has never seen; libraries are loaded before, opening is not counted."""
    engine = make_engine(name, folder)
    engine.open()
    times: list[float] = []
    for query in dict.fromkeys(queries):
        assert time_call(times, engine.search_any, query), f"{name} finds nothing for {query}"
    engine.close()
    return spread(times)


def measure_correcting(folder: Path, words: Sequence[str], rounds: int) -> Figures:
    """Time which word of the index was meant by one with a letter left out; its words are read before.

    `words`: those of the index. `right`: the part for which it is the one that the letter was left out of.
    """
    from searcher.engines import get_engine
    from searcher.suggestions import Speller
    from searcher.words import fold

    snapshot = get_engine().open(folder)
    speller = Speller(snapshot.find_spellings, snapshot.find_beginning)
    count = sum(len(snapshot.find_beginning(letter)) for letter in ascii_lowercase)
    meant = {typed: word for typed, word in leave_letters_out(words) if not snapshot.find_spellings(fold(typed))}
    for letter in ascii_lowercase:
        speller.complete(letter, 1)
    speller.correct(next(iter(meant)))  # loads what compares words
    times: list[float] = []
    right = 0
    for _ in range(rounds):
        speller.find_near.cache_clear()
        found = {typed: time_call(times, speller.correct, typed) for typed in meant}
        right = sum(fold(found[typed] or "") == fold(word) for typed, word in meant.items())
        assert right >= MEANT * len(meant), f"only {right} of {len(meant)} mistyped words are corrected"
    snapshot.close()
    return {**spread(times), "right": right / len(meant), "words": count}


def leave_letters_out(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the words without one of their letters, each beside itself, the same for the same words."""
    draw = random.Random(len(words))  # noqa: S311 - reproducible, not secret
    for word in words:
        if len(word) >= SHORTEST:
            place = draw.randrange(len(word))
            yield word[:place] + word[place + 1 :], word


def measure_completing(folder: Path, words: Sequence[str], rounds: int) -> Figures:
    """Time how words begun without accents are completed, each once by a Searcher that has read the words."""
    from searcher import Searcher
    from searcher.words import fold

    shortest, longest = BEGINNINGS
    beginnings = sorted(
        {fold(word)[:length] for length in range(shortest, longest + 1) for word in words if len(word) > length}
    )
    times: list[float] = []
    for _ in range(rounds):
        with Searcher(folder) as searcher:
            for letter in ascii_lowercase:
                searcher.suggest(letter)
            for beginning in beginnings:
                found = time_call(times, searcher.suggest, beginning)
                assert found, f"{beginning} is completed to nothing"
                wrong = [word for word in found if not fold(word).startswith(beginning)]
                assert not wrong, f"{beginning} is completed to {wrong}"
    return spread(times)


def time_call(times: list[float], call: Callable[[str], Answer], text: str) -> Answer:
    """Add to some times the ms that a call with a text takes; return what it returns."""
    begin = time.perf_counter()
    answer = call(text)
    times.append((time.perf_counter() - begin) * 1000)
    return answer
