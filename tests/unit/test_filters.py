"""Filters: which documents are asked for by what is known of them."""

from __future__ import annotations

import pytest

from searcher.filters import Filter, make_filter


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-31"),
        ("2024-02-29", "2024-02-29", "2024-02-29"),
        ("2024..2025-06", "2024-01-01", "2025-06-31"),
        ("..2024", "", "2024-12-31"),
        ("2024-03..", "2024-03-01", ""),
    ],
)
def test_dates_are_days_from_and_to(value: str, first: str, last: str) -> None:
    assert make_filter("date", value) == Filter("date", first, last)


@pytest.mark.parametrize(
    "value",
    ["", "..", "24", "2024-13", "2023-02-29", "2024-1", "2024...2025", "2025..2024", "٢٠٢٤", "2024-01-01T10:00"],
)
def test_other_dates_are_none(value: str) -> None:
    assert make_filter("date", value) is None


@pytest.mark.parametrize(("value", "code"), [("fr", "fr"), ("EN", "en"), ("und", "und")])
def test_language_is_a_code(value: str, code: str) -> None:
    assert make_filter("lang", value) == Filter("lang", code, code)


@pytest.mark.parametrize("value", ["", "french", "xx"])
def test_other_languages_are_none(value: str) -> None:
    assert make_filter("lang", value) is None


@pytest.mark.parametrize("value", ["Éric Karanik", "eric  KARANIK", " éric karanik"])
def test_metadata_is_compared_without_case_and_accents(value: str) -> None:
    assert make_filter("author", value) == Filter("author", "eric karanik", "eric karanik")


def test_metadata_without_a_value_is_none() -> None:
    assert make_filter("author", " ") is None
