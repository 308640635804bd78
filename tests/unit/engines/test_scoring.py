from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searcher import Document, Searcher, build_index, update_index
from searcher.query import parse_query
from tests.plain_scoring import PlainScorer
from tests.unit.engines.corpora import COMPOUND, LANGUAGES, PIECES, SIMPLE, Change, apply, changes, documents, texts

TOLERANCE = 1e-5
"""Relative; arrays are of float32."""

QUOTED = st.lists(PIECES, min_size=1, max_size=3).map(lambda words: f'"{" ".join(words)}"')
QUERIES = st.lists(PIECES | PIECES | QUOTED, min_size=1, max_size=6).map(" ".join)


def check(folder: Path, left: list[Document], query_text: str) -> None:
    """Assert that an index of some documents answers a query as the plain scorer does."""
    plain = PlainScorer(left)
    scores = plain.score(plain.add_accents(parse_query(query_text)))
    with Searcher(folder) as searcher:
        assert len(searcher) == len(left)
        for language in (None, *LANGUAGES):
            expected = {id: score for id, score in scores.items() if language in (None, plain.languages[id])}
            results = searcher.search(query_text, limit=100, language=language)
            assert {hit.id: hit.score for hit in results} == pytest.approx(expected, rel=TOLERANCE, abs=1e-9)
            assert results.total == len(expected)
            counted = {code: sum(plain.languages[id] == code for id in expected) for code in LANGUAGES}
            assert results.languages == {code: count for code, count in counted.items() if count}
            assert [(-hit.score, hit.id) for hit in results] == sorted((-hit.score, hit.id) for hit in results)
            for better, worse in pairwise(results):
                assert expected[better.id] >= expected[worse.id] * (1 - TOLERANCE)


@settings(max_examples=40, deadline=None)
@given(changes(), st.lists(QUERIES, min_size=1, max_size=6))
def test_any_index_ranks_like_the_plain_scorer(changes: list[Change], queries: list[str]) -> None:
    with TemporaryDirectory() as folder:
        left = apply(changes, Path(folder))
        for query in queries:
            check(Path(folder), left, query)


@settings(max_examples=40, deadline=None)
@given(st.lists(documents(), max_size=12), st.lists(QUERIES, min_size=1, max_size=6))
def test_index_built_at_once_ranks_like_the_plain_scorer(given: list[Document], queries: list[str]) -> None:
    left = list({document.id: document for document in given}.values())
    with TemporaryDirectory() as folder:
        build_index(left, folder)
        for query in queries:
            check(Path(folder), left, query)


@settings(max_examples=20, deadline=None)
@given(changes(most=4), QUERIES, st.integers(0, 5), st.integers(0, 15))
def test_page_is_a_part_of_all_hits(changes: list[Change], query: str, limit: int, offset: int) -> None:
    with TemporaryDirectory() as folder:
        apply(changes, Path(folder))
        with Searcher(folder) as searcher:
            every = searcher.search(query, limit=100)
            page = searcher.search(query, limit=limit, offset=offset)
    assert [(hit.id, hit.score, hit.rank) for hit in page] == [
        (hit.id, hit.score, hit.rank) for hit in every[offset : offset + limit]
    ]
    assert (page.total, page.languages) == (every.total, every.languages)


@settings(max_examples=20, deadline=None)
@given(changes(most=4), st.lists(QUERIES, min_size=2, max_size=6))
def test_earlier_queries_change_no_answer(changes: list[Change], queries: list[str]) -> None:
    with TemporaryDirectory() as folder:
        apply(changes, Path(folder))
        with Searcher(folder) as searcher:
            first = [[(hit.id, hit.score) for hit in searcher.search(query, limit=100)] for query in queries]
            again = [[(hit.id, hit.score) for hit in searcher.search(query, limit=100)] for query in queries]
        alone = []
        for query in queries:
            with Searcher(folder) as searcher:
                alone.append([(hit.id, hit.score) for hit in searcher.search(query, limit=100)])
    assert first == again == alone


@pytest.mark.parametrize("piece", [*SIMPLE, *COMPOUND])
def test_every_word_ranks_like_the_plain_scorer(tmp_path: Path, piece: str) -> None:
    left = [
        Document(f"{code}{number}", " ".join(words), title=title, language=code)
        for code in LANGUAGES
        for number, (title, words) in enumerate([("", SIMPLE), (piece, COMPOUND), ("", [piece] * 3), ("", ["x"])])
    ]
    for document in left:
        update_index([document], tmp_path)
    check(tmp_path, left, piece)
    check(tmp_path, left, f'"{piece}"')


def test_equal_documents_are_ordered_by_id_whatever_their_segment(tmp_path: Path) -> None:
    for id in "dbeac":
        update_index([Document(id, "The rocket is ready.", language="en")], tmp_path)
    with Searcher(tmp_path) as searcher:
        assert [hit.id for hit in searcher.search("rocket")] == list("abcde")
        assert [hit.id for hit in searcher.search("rocket", limit=2)] == ["a", "b"]
        assert [hit.id for hit in searcher.search("rocket", limit=2, offset=2)] == ["c", "d"]


def test_words_of_deleted_documents_spell_nothing(tmp_path: Path) -> None:
    kept = [Document(id, "Il faut fuser.", language="fr") for id in "abcd"]
    update_index([*kept, Document("gone", "Une fusée.", language="fr")], tmp_path)
    update_index([], tmp_path, remove=["gone"])
    check(tmp_path, kept, "fusee")  # its stem is fuse, that of fusée and fuser is fus


@settings(max_examples=20, deadline=None)
@given(st.lists(texts(st.sampled_from(SIMPLE[:6])), min_size=1, max_size=40), st.integers(1, 7), QUERIES)
def test_many_segments_rank_like_the_plain_scorer(given: list[str], step: int, query: str) -> None:
    left = [Document(f"{n:02}", text, language=LANGUAGES[n % 2]) for n, text in enumerate(given)]
    with TemporaryDirectory() as folder:
        for begin in range(0, len(left), step):
            update_index(left[begin : begin + step], folder)
        check(Path(folder), left, query)
