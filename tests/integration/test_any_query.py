"""Any text is a query: an index with all that can be asked for answers it, and no error comes of it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searcher import Document, Searcher, build_index

WORDS = (
    "moon lune space espace élève satellite satellites station week-end l’agence U.S. 2024 the de rover Kazan".split()
)
SIGNS = "()+-=*~:\"“”«»„ \n.'’&|!^,;"
PIECES = [
    "AND",
    "OR",
    "NOT",
    "ET",
    "OU",
    "SAUF",
    "title:",
    "lang:",
    "date:",
    "author:",
    "tags:",
    "..",
    "fr",
    "2023",
    "\0",
]
SOUP = st.lists(st.sampled_from([*SIGNS, *"    ", *PIECES, *WORDS, "\ud800", "🚀"]), max_size=40).map("".join)
BYTES = st.binary(max_size=80)
TEXTS = (
    SOUP
    | BYTES.map(lambda some: some.decode(errors="surrogateescape"))
    | BYTES.map(lambda some: some.decode(errors="replace"))
)


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    folder = tmp_path_factory.mktemp("any") / "index"
    build_index(map(make_document, range(300)), folder)
    with Searcher(folder) as opened:
        yield opened


def make_document(number: int) -> Document:
    words = list(islice(WORDS * 3, number % len(WORDS), number % len(WORDS) + 6))
    return Document(
        f"d{number}",
        f"{' '.join(words)} word{number}",
        title=words[-1],
        date=[None, "2023", "2024-02", "2025-03-23T10:00:00"][number % 4],
        metadata={"author": f"Élise {number % 7}", "tags": words[:2]} if number % 3 else {},
    )


@settings(max_examples=400, deadline=None)
@given(TEXTS, st.sampled_from(["score", "date"]), st.sampled_from([(), ("year", "author", "language")]))
def test_any_text_is_answered(searcher: Searcher, text: str, sort: str, facets: tuple[str, ...]) -> None:
    results = searcher.search(text, sort=sort, facets=facets)
    assert len(results) == min(results.total, 10)
    assert sum(results.languages.values()) == results.total <= len(searcher)
