from __future__ import annotations

import pytest

from searcher import Document, Searcher
from searcher.descriptions import describe
from tests.conftest import SearcherFactory


@pytest.fixture
def searcher(searcher_of: SearcherFactory) -> Searcher:
    filler = [
        Document(f"filler-{n}", f"The weather is fine on day {n} of the month.", language="en") for n in range(60)
    ]
    station = Document("station", "The station and stations, the rocket.", title="Stations", language="en")
    return searcher_of([*filler, station])


def test_match_is_told_with_its_words_and_places(searcher: Searcher) -> None:
    lines = list(describe(searcher.explain("station", "station")))
    assert "    as typed: “station” in the text once" in lines
    assert "    the same stem: “Stations” in the title once and in the text once" in lines
    assert "    rare, so it counts much: in 1 of 61 English documents" in lines


def test_function_word_is_told_to_count_little(searcher: Searcher) -> None:
    lines = list(describe(searcher.explain("the station", "station")))
    assert any(line.startswith("    a function word of English, so it counts as far as") for line in lines)
    assert "    not enough to be a hit by itself" in lines
    assert "    common, so it counts little: in 61 of 61 English documents" in lines


def test_function_word_alone_counts(searcher: Searcher) -> None:
    lines = list(describe(searcher.explain("the", "station")))
    assert "    a function word of English, but the query has nothing else" in lines


def test_near_spelling_is_told_to_count_less(searcher: Searcher) -> None:
    lines = list(describe(searcher.explain("rockot~", "station")))
    assert "    spelled nearly so: “rocket” in the text once, each counts 0.5" in lines


def test_document_that_is_no_hit_is_told_why(searcher: Searcher) -> None:
    lines = list(describe(searcher.explain("station +comet -rocket", "station")))
    assert lines[:3] == [
        "not a hit", "lacks comet, which the query asks for", "has rocket, which the query excludes",
    ]  # fmt: skip
    assert "    in no document" in lines
    assert "    not in this document" in lines


def test_repeated_word_is_told_to_count_more(searcher: Searcher) -> None:
    lines = list(describe(searcher.explain("station rocket station", "station")))
    assert "    counts 2 times, as it stands in the query so often" in lines


def test_many_forms_are_cut(searcher_of: SearcherFactory) -> None:
    searcher = searcher_of([Document("a", "zoa zob zoc zod zoe zof zog zoh", language="en")])
    line = next(line for line in describe(searcher.explain("zo*", "a")) if "begins so" in line)
    assert line == "    begins so: “zoa”, “zob”, “zoc”, “zod”, “zoe”, and 3 more in the text 8 times"
