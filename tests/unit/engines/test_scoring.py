from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searcher import Document, Searcher, analyze, build_index, update_index
from searcher.engines import get_engine
from searcher.engines.whoosh import scoring
from searcher.engines.whoosh.reading import open_snapshot
from searcher.query import Boolean, Concept, Query, Variant, parse_query
from searcher.searching import FEW
from tests.conftest import SearcherFactory
from tests.plain_scoring import PlainScorer
from tests.unit.engines.corpora import COMPOUND, LANGUAGES, PIECES, SIMPLE, Change, apply, changes, documents, texts

TOLERANCE = 1e-5
"""Relative; arrays are of float32."""

QUOTED = st.lists(PIECES, min_size=1, max_size=3).map(lambda words: f'"{" ".join(words)}"')
QUERIES = st.lists(PIECES | PIECES | QUOTED, min_size=1, max_size=6).map(" ".join)

FIELDS = (
    "lang:fr",
    "date:2024",
    "date:..2023",
    "date:2023-06..2024-01",
    "author:emile",
    "n:7",
    'tags:"a fusée"',
    "x:y",
)
LEAVES = (
    PIECES
    | PIECES
    | QUOTED
    | QUOTED.map("~{}".format)
    | PIECES.map("title:{}".format)
    | QUOTED.map("title:{}".format)
    | PIECES.map("={}".format)
    | PIECES.map("{}~".format)
    | PIECES.map(lambda word: f"{word[:3]}*")
    | st.sampled_from(FIELDS)
)
SIGNED = st.builds("{}{}".format, st.sampled_from(["", "", "", "+", "-"]), LEAVES)
JOINTS = st.sampled_from([" ", " ", " ", " AND ", " OU ", " NOT ", " AND NOT "])
BUILT = st.recursive(
    SIGNED,
    lambda inner: st.builds(
        lambda parts, last, sign: f"{sign}({''.join(map(''.join, parts))}{last})",
        st.lists(st.tuples(inner, JOINTS), max_size=3),
        inner,
        st.sampled_from(["", "", "+", "-"]),
    ),
    max_leaves=8,
).map(lambda query: query.strip("+-"))

DATES = (None, "2023", "2023-06", "2023-12-31", "2024-01-01", "2024-02")
METADATA: tuple[dict[str, object], ...] = (
    {},
    {},
    {"author": "Émile Zola", "n": 7},
    {"Author": ["Emile", None, ["Anne"]], "tags": ["b", "A  Fusée"], "n": [7.5, True]},
    {"author": {"name": "emile"}, "tags": "fusées"},
)


def describe(document: Document, number: int) -> Document:
    """Return a document with a date and metadata, one or the other by a number."""
    return Document(
        document.id,
        document.text,
        title=document.title,
        language=document.language,
        date=DATES[number % len(DATES)],
        metadata=METADATA[number % len(METADATA)],
    )


DESCRIBED = st.builds(describe, documents(), st.integers(0, len(DATES) * len(METADATA) - 1))


def check(folder: Path, left: list[Document], query_text: str) -> None:
    """Assert that an index of some documents answers a query as the plain scorer does."""
    plain = PlainScorer(left)
    query = plain.expand(parse_query(query_text, plain.has_field))
    tried = plain.expand_unknown(query)
    scores, near = plain.score(query), plain.score(tried)
    with Searcher(folder) as searcher:
        assert len(searcher) == len(left)
        for language in (None, *LANGUAGES):
            expected, others = (
                {id: score for id, score in some.items() if language in (None, plain.languages[id])}
                for some in (scores, near)
            )
            expected = others if len(expected) < FEW else expected
            results = searcher.search(query_text, limit=100, language=language)
            assert {hit.id: hit.score for hit in results} == pytest.approx(expected, rel=TOLERANCE, abs=1e-6)
            assert results.total == len(expected)
            counted = {code: sum(plain.languages[id] == code for id in expected) for code in LANGUAGES}
            assert results.languages == {code: count for code, count in counted.items() if count}
            if not query.clauses:
                assert [hit.id for hit in results] == sorted(expected, key=lambda id: (*newest_first(plain, id), id))
                continue
            assert [(-hit.score, hit.id) for hit in results] == sorted((-hit.score, hit.id) for hit in results)
            for better, worse in pairwise(results):
                assert expected[better.id] >= expected[worse.id] * (1 - TOLERANCE) - 1e-6


def newest_first(plain: PlainScorer, id: str) -> tuple[int]:
    """Return what sorts documents by their dates, newest first, those without one last."""
    date = plain.documents[id].date
    return (-int(f"{date}-01-01"[:10].replace("-", "")) if date else 0,)


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


@settings(max_examples=60, deadline=None)
@given(changes(given=DESCRIBED, most=4), st.lists(BUILT, min_size=1, max_size=8))
def test_any_query_is_answered_like_the_plain_scorer(changes: list[Change], queries: list[str]) -> None:
    with TemporaryDirectory() as folder:
        left = apply(changes, Path(folder))
        for query in queries:
            check(Path(folder), left, query)


@settings(max_examples=20, deadline=None)
@given(changes(given=DESCRIBED, most=4), BUILT, st.integers(0, 5), st.integers(0, 5))
def test_hits_by_date_and_facets_are_those_of_the_plain_scorer(
    changes: list[Change], query: str, limit: int, offset: int
) -> None:
    with TemporaryDirectory() as folder:
        plain = PlainScorer(apply(changes, Path(folder)))
        with Searcher(folder) as searcher:
            every = searcher.search(query, limit=100)
            results = searcher.search(
                query, limit=limit, offset=offset, sort="date", facets=["language", "year", "tags", "none"]
            )
    ordered = sorted(every, key=lambda hit: (*newest_first(plain, hit.id), -hit.score, hit.id))
    assert [(hit.id, hit.score) for hit in results] == [(hit.id, hit.score) for hit in ordered[offset:][:limit]]
    dates = [plain.documents[hit.id].date for hit in every]
    tags = [plain.documents[hit.id].metadata.get("tags", []) for hit in every]
    assert results.facets == {
        "language": every.languages,
        "year": Counter(date[:4] for date in dates if date),
        "tags": Counter(tag for some in tags for tag in ([some] if isinstance(some, str) else some)),  # type: ignore[attr-defined]
        "none": {},
    }


VARIANTS = st.builds(
    lambda weight, words, kind: Variant(
        kind, weight, {code: tuple(analyze(word, code)[0].term for word in words) for code in LANGUAGES}, tuple(words)
    ),
    st.sampled_from([0.25, 0.5, 1.0, 3.0]),
    st.lists(st.sampled_from(SIMPLE), min_size=1, max_size=3, unique=True),
    st.sampled_from(["written", "name", "translation"]),
)


@settings(max_examples=60, deadline=None)
@given(changes(most=4), st.lists(st.lists(VARIANTS, min_size=1, max_size=3), min_size=1, max_size=3), st.booleans())
def test_weighted_variants_rank_like_the_plain_scorer(
    changes: list[Change], variants: list[list[Variant]], in_title: bool
) -> None:
    concepts = [Concept(distinct(some), count=n + 1, in_title=in_title) for n, some in enumerate(variants)]
    query = Query("", tuple(concepts), root=Boolean(should=tuple(range(len(concepts)))))
    with TemporaryDirectory() as folder:
        expected = PlainScorer(apply(changes, Path(folder))).score(query)
        snapshot = get_engine().open(Path(folder))
        ranking = snapshot.rank(query, language=None, limit=100, offset=0, sort="score", facets=())
        numbers = [number for number, _ in ranking.documents]
        ids = [document.id for document in snapshot.read(numbers)]
        snapshot.close()
    scores = [score for _, score in ranking.documents]
    assert dict(zip(ids, scores, strict=True)) == pytest.approx(expected, rel=TOLERANCE, abs=1e-6)


def distinct(variants: list[Variant]) -> tuple[Variant, ...]:
    """Return variants that have each term only once, as an expanded query has them."""
    seen: dict[str, set[str]] = {code: set() for code in LANGUAGES}
    kept = []
    for variant in variants:
        terms = {
            code: tuple(dict.fromkeys(t for t in some if t not in seen[code])) for code, some in variant.terms.items()
        }
        for code, some in terms.items():
            seen[code].update(some)
        kept.append(replace(variant, terms=terms))
    return tuple(kept)


def test_no_more_clauses_are_kept_than_may_be_and_the_answers_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_index([Document(word, f"A {word} again.", language="en") for word in ("rocket", "orbit", "moon")], tmp_path)
    monkeypatch.setattr(scoring, "CACHE_COUNT", 2)
    snapshot = open_snapshot(tmp_path)
    for word in ("rocket", "orbit", "moon", "rocket"):
        query = parse_query(f"{word} again")
        found = snapshot.rank(query, language=None, limit=1, offset=0, sort="score", facets=())
        assert [document.id for document in snapshot.read([found.documents[0].number])] == [word]
        assert len(snapshot._collection._kept) <= 2


def test_equal_dates_are_ordered_by_score_then_by_id(searcher_of: SearcherFactory) -> None:
    given = [
        Document(f"{n:03}", "rocket " * (1 + n % 3), language="en", date="2024" if n % 2 else None) for n in range(90)
    ]
    searcher = searcher_of(given)
    every = searcher.search("rocket", limit=150)
    ordered = sorted(every, key=lambda hit: (hit.date is None, -hit.score, hit.id))
    for limit in (1, 7, 74, 75, 76, 99, 100, 101, 149):
        assert [hit.id for hit in searcher.search("rocket", limit=limit, sort="date")] == [
            hit.id for hit in ordered[:limit]
        ]
    undated = [hit.id for hit in searcher.search("lang:en -date:2024", limit=3)]
    assert undated == ["000", "002", "004"]
