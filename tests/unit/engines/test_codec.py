from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import whoosh.index
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from whoosh import query
from whoosh.analysis import Analyzer
from whoosh.analysis import Token as WhooshToken
from whoosh.codec.whoosh3 import W3Codec, W3Segment
from whoosh.fields import ID, STORED, FieldType, Schema
from whoosh.formats import Frequency, Positions
from whoosh.reading import TermNotFound

from searcher import Document, Token, analyze, build_index, update_index
from searcher.engines.whoosh.codec import ColumnarSegment
from tests.unit.engines.corpora import COMPOUND, LANGUAGES, SIMPLE, Change, apply, changes, documents

FIELDS = [f"{part}_{code}" for part in ("title", "text") for code in (*LANGUAGES, "exact")]


class TokenAnalyzer(Analyzer):  # type: ignore[misc]
    """Gives Whoosh the tokens of our analysis."""

    def __init__(self, code: str) -> None:
        self.code = code

    def __call__(self, value: str, **_: Any) -> Iterator[WhooshToken]:
        is_exact = self.code == "exact"
        for token in analyze(value, "und" if is_exact else self.code):
            yield WhooshToken(text=token.exact if is_exact else token.term, pos=token.position, boost=1.0)


def plain_schema() -> Schema:
    """Return a schema of nothing but Whoosh's own fields."""
    schema = Schema(id=ID(unique=True, stored=True), language=ID(stored=True))
    for name in ("title", "text", "source", "date", "metadata"):
        schema.add(name, STORED())
    for name in FIELDS:
        code = name.partition("_")[2]
        kept = Positions() if code == "exact" else Frequency()
        schema.add(name, FieldType(format=kept, analyzer=TokenAnalyzer(code), scorable=True))
    return schema


def plain_values(document: Document) -> dict[str, Any]:
    """Return the fields of a document, for the plain schema."""
    values: dict[str, Any] = {"id": document.id, "language": document.language, "metadata": "{}"}
    for part, text in (("title", document.title), ("text", document.text)):
        values |= {part: text, f"{part}_{document.language}": text, f"{part}_exact": text}
    return values


def write_plainly(segments: Iterable[Iterable[Document]], folder: Path) -> None:
    """Index documents with Whoosh's own codec, from the same terms."""
    index = whoosh.index.create_in(folder, plain_schema())
    for segment in segments:
        writer = index.writer()
        for document in segment:
            writer.add_document(**plain_values(document))
        writer.commit(merge=False)
    index.close()


def find_plainly(folder: Path, left: Iterable[Document], queries: Iterable[query.Query]) -> list[list[str]]:
    """Return what Whoosh finds over its own codec, over the same documents in the same segments.

    The same, as the first document that Whoosh's AndNot finds depends on what stands before it in the segment.
    """
    by_id = {document.id: document for document in left}
    with open_reader(folder) as reader:
        segments = [[by_id.pop(stored["id"]) for _, stored in leaf.iter_docs()] for leaf, _ in reader.leaf_readers()]
    assert not by_id
    with TemporaryDirectory() as other:
        write_plainly(segments, Path(other))
        found = find(Path(other), queries)
        gc.collect()
    return found


@contextmanager
def new_folder() -> Iterator[Path]:
    """Make a folder; what Whoosh leaves open in it is closed before it goes."""
    with TemporaryDirectory() as folder:
        yield Path(folder)
        gc.collect()


@contextmanager
def open_reader(folder: Path) -> Iterator[Any]:
    index = whoosh.index.open_dir(folder)
    reader = index.reader()
    yield reader
    reader.close()
    index.close()


def find(folder: Path, queries: Iterable[query.Query]) -> list[list[str]]:
    """Return the sorted ids that plain Whoosh finds for each of some queries."""
    index = whoosh.index.open_dir(folder)
    with index.searcher() as searcher:
        found = [sorted(hit["id"] for hit in searcher.search(asked, limit=None)) for asked in queries]
    index.close()
    return found


def kinds(folder: Path) -> list[type]:
    index = whoosh.index.open_dir(folder)
    found = [type(segment) for segment in index._segments()]
    index.close()
    return found


def terms_of(field: str) -> list[str]:
    """Return terms that a field may have, and one that it hasn't."""
    code = field.partition("_")[2]
    tokens: list[Token] = analyze(" ".join((*SIMPLE, *COMPOUND)), "und" if code == "exact" else code)
    return sorted({token.exact if code == "exact" else token.term for token in tokens} | {"zzz"})


TERMS = {field: terms_of(field) for field in FIELDS}


@st.composite
def leaves(draw: st.DrawFn) -> query.Query:
    field = draw(st.sampled_from(FIELDS))
    words = st.sampled_from(TERMS[field])
    word = draw(words)
    match draw(st.integers(0, 8)):
        case 0:
            return query.Phrase(
                draw(st.sampled_from(["text_exact", "title_exact"])),
                draw(st.lists(st.sampled_from(TERMS["text_exact"]), min_size=1, max_size=3)),
                slop=draw(st.integers(1, 3)),
            )
        case 1:
            return query.Prefix(field, word[: draw(st.integers(0, 3))])
        case 2:
            place = draw(st.integers(0, len(word) - 1))
            return query.Wildcard(field, word[:place] + draw(st.sampled_from("?*")) + word[place + 1 :])
        case 3:
            return query.FuzzyTerm(field, word, maxdist=draw(st.integers(1, 2)), prefixlength=draw(st.integers(0, 1)))
        case 4:
            return query.Every()
        case 5:
            return query.Every(field)
        case 6:
            first, last = sorted((word, draw(words)))
            return query.TermRange(field, first, last, draw(st.booleans()), draw(st.booleans()))
        case 7:
            return query.Term("language", draw(st.sampled_from(LANGUAGES)))
        case _:
            return query.Term(field, word)


def combine(parts: st.SearchStrategy[query.Query]) -> st.SearchStrategy[query.Query]:
    several = st.lists(parts, min_size=1, max_size=3)
    return (
        several.map(query.And)
        | several.map(query.Or)
        | st.tuples(parts, parts).map(lambda pair: query.AndNot(*pair))
        | st.tuples(parts, parts).map(lambda pair: query.And([pair[0], query.Not(pair[1])]))
        | parts.map(lambda part: query.And([query.Every(), query.Not(part)]))
    )


FOUND = (Phase.explicit, Phase.reuse, Phase.generate)
"""Not to shrink what fails: every attempt writes several indexes."""

QUERIES = st.lists(st.recursive(leaves(), combine, max_leaves=5), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None, phases=FOUND)
@given(changes(most=4), QUERIES)
def test_queries_of_whoosh_find_the_same_as_in_its_own_codec(changes: list[Change], queries: list[query.Query]) -> None:
    with new_folder() as folder:
        left = apply(changes, folder)
        assert find(folder, queries) == find_plainly(folder, left, queries)


@settings(max_examples=30, deadline=None, phases=FOUND)
@given(changes(most=4), QUERIES)
def test_segments_that_whoosh_merges_answer_like_its_own(changes: list[Change], queries: list[query.Query]) -> None:
    with new_folder() as folder:
        left = apply(changes, folder)
        merge(folder)
        assert find(folder, queries) == find_plainly(folder, left, queries)


@settings(max_examples=30, deadline=None, phases=FOUND)
@given(changes(most=3), st.lists(documents(st.sampled_from(SIMPLE), ids="mnop"), min_size=1, max_size=4), QUERIES)
def test_segments_of_both_codecs_answer_together(
    changes: list[Change], added: list[Document], queries: list[query.Query]
) -> None:
    added = list({document.id: document for document in added}.values())
    with new_folder() as folder:
        left = [*apply(changes, folder), *added]
        add_with_whoosh(added, folder)
        assert find(folder, queries) == find_plainly(folder, left, queries)


def add_with_whoosh(documents: Iterable[Document], folder: Path) -> None:
    """Write one more segment, of Whoosh's own codec; texts have words of one word each, so positions are counted."""
    analyzers = {name: TokenAnalyzer(name.partition("_")[2]) for name in FIELDS}
    index = whoosh.index.open_dir(folder)
    writer = index.writer(codec=W3Codec())
    for document in documents:
        values = plain_values(document)
        for name, analyzer in analyzers.items():
            if name in values:
                values[name] = [token.text for token in analyzer(values[name])]
        writer.add_document(**values)
    writer.commit(merge=False)
    index.close()


def merge(folder: Path) -> None:
    """Let Whoosh write one segment of its own."""
    index = whoosh.index.open_dir(folder)
    index.writer().commit(optimize=True)
    index.close()


DOCUMENTS = [
    Document("a", "The rocket landed; the rocket’s station is ready.", title="Rocket", language="en"),
    Document(
        "b", "L’élève de l’école Île-de-France, l’élève.", title="L’été", language="fr", source="b.txt", date="2024"
    ),
    Document("c", "", title="1 234 fusées", language="fr", metadata={"é": 1}),
    Document("d", "http://example.com/fusée rocket rocket rocket", language="und"),
    Document("e", "", language="en"),
]


@pytest.fixture
def both(tmp_path: Path) -> Iterator[tuple[Path, Path]]:
    """Two folders with the same documents: an index of ours, and one of Whoosh's own."""
    ours, plain = tmp_path / "ours", tmp_path / "plain"
    plain.mkdir()
    build_index(DOCUMENTS, ours)
    write_plainly([DOCUMENTS], plain)
    yield ours, plain
    gc.collect()


@contextmanager
def open_both(both: tuple[Path, Path]) -> Iterator[tuple[Any, Any]]:
    with open_reader(both[0]) as ours, open_reader(both[1]) as plain:
        yield ours, plain


def test_plain_whoosh_opens_an_index(both: tuple[Path, Path]) -> None:
    assert kinds(both[0]) == [ColumnarSegment, ColumnarSegment]  # of the documents, and of what is beside them
    assert find(both[0], [query.Term("text_en", "rocket")]) == [["a"]]


def test_all_terms_are_those_of_the_standard_codec(both: tuple[Path, Path]) -> None:
    with open_both(both) as (ours, plain):
        assert list(ours.all_terms()) == list(plain.all_terms())


def test_fields_with_terms_are_those_of_the_standard_codec(both: tuple[Path, Path]) -> None:
    with open_both(both) as (ours, plain):
        assert sorted(ours.indexed_field_names()) == sorted(plain.indexed_field_names())


@pytest.mark.parametrize("field", [*FIELDS, "id", "language"])
def test_terms_of_a_field_are_those_of_the_standard_codec(both: tuple[Path, Path], field: str) -> None:
    with open_both(both) as (ours, plain):
        assert list(ours.lexicon(field)) == list(plain.lexicon(field))
        for prefix in ("", "r", "l", "é", "zz"):
            assert list(ours.expand_prefix(field, prefix)) == list(plain.expand_prefix(field, prefix))


def test_term_frequencies_are_those_of_the_standard_codec(both: tuple[Path, Path]) -> None:
    with open_both(both) as (ours, plain):
        for field, text in plain.all_terms():
            assert ours.doc_frequency(field, text) == plain.doc_frequency(field, text)
            assert ours.frequency(field, text) == plain.frequency(field, text)
        assert ours.doc_frequency("text_en", "zzz") == plain.doc_frequency("text_en", "zzz") == 0
        assert ours.frequency("text_en", "zzz") == plain.frequency("text_en", "zzz") == 0


def test_bounds_of_a_term_hold_for_its_postings(both: tuple[Path, Path]) -> None:
    with open_both(both) as (ours, plain):
        for field, text in plain.all_terms():
            bounds, exact = ours.term_info(field, text), plain.term_info(field, text)
            assert bounds.max_weight() == exact.max_weight()
            assert (bounds.min_id(), bounds.max_id()) == (exact.min_id(), exact.max_id())
            if field in FIELDS:
                assert bounds.min_length() <= exact.min_length()
                assert bounds.max_length() >= exact.max_length()


def read_postings(reader: Any, field: str, text: bytes, kind: str) -> list[tuple[int, float, Any]]:
    matcher = reader.postings(field, text)
    found: list[tuple[int, float, Any]] = []
    while matcher.is_active():
        found.append((matcher.id(), matcher.weight(), matcher.value_as(kind)))
        matcher.next()
    return found


def assert_same_postings(ours: Any, plain: Any) -> None:
    for field, text in plain.all_terms():
        for kind in ("frequency", "positions") if field.endswith("exact") else ("frequency",):
            assert read_postings(ours, field, text, kind) == read_postings(plain, field, text, kind), (field, text)


def test_postings_are_those_of_the_standard_codec(both: tuple[Path, Path]) -> None:
    with open_both(both) as (ours, plain):
        assert_same_postings(ours, plain)


@pytest.mark.parametrize("field", FIELDS)
def test_lengths_of_a_field_are_those_of_the_standard_codec(both: tuple[Path, Path], field: str) -> None:
    with open_both(both) as (ours, plain):
        lengths = [ours.doc_field_length(number, field) for number in range(len(DOCUMENTS))]
        # Whoosh 3 says None for a document without words.
        assert lengths == [plain.doc_field_length(number, field) or 0 for number in range(len(DOCUMENTS))]
        assert ours.field_length(field) == plain.field_length(field) == sum(lengths)
        assert ours.min_field_length(field) <= min(lengths)
        assert ours.max_field_length(field) == max(lengths)


@pytest.mark.parametrize("field", ["id", "language", "title", "text", "source"])
def test_field_that_is_not_scored_has_no_lengths(both: tuple[Path, Path], field: str) -> None:
    with open_both(both) as (ours, plain):
        for number in range(len(DOCUMENTS)):
            assert ours.doc_field_length(number, field) == plain.doc_field_length(number, field) == 0


def test_stored_fields_are_those_of_the_document(both: tuple[Path, Path]) -> None:
    with open_reader(both[0]) as ours:
        assert ours.stored_fields(1) == {
            "id": "b",
            "title": "L’été",
            "text": "L’élève de l’école Île-de-France, l’élève.",
            "language": "fr",
            "source": "b.txt",
            "date": "2024",
            "metadata": "{}",
        }
        assert [stored["id"] for stored in ours.all_stored_fields()] == list("abcde")
        assert "source" not in ours.stored_fields(0)


def test_deleted_document_is_deleted_for_whoosh(both: tuple[Path, Path]) -> None:
    update_index([], both[0], remove=["b"])
    with open_reader(both[0]) as reader:
        assert (reader.doc_count(), reader.doc_count_all()) == (4, 5)
        assert reader.is_deleted(1)
        assert list(reader.all_doc_ids()) == [0, 2, 3, 4]
        assert reader.has_deletions()


def test_whoosh_deletes_a_document(both: tuple[Path, Path]) -> None:
    index = whoosh.index.open_dir(both[0])
    writer = index.writer()
    assert writer.delete_by_term("id", "a") == 1
    writer.commit(merge=False)
    index.close()
    assert find(both[0], [query.Every(), query.Term("text_en", "rocket")]) == [list("bcde"), []]


def test_missing_term_is_an_error_of_whoosh(both: tuple[Path, Path]) -> None:
    with open_reader(both[0]) as reader:
        for field in ("text_en", "id"):
            assert (field, b"zzz") not in reader
            with pytest.raises(TermNotFound):
                reader.postings(field, "zzz")


def test_cursor_goes_through_the_terms_of_a_field(both: tuple[Path, Path]) -> None:
    with open_both(both) as (ours, plain):
        of_documents = ours.leaf_readers()[0][0]
        for field in FIELDS:
            walked = []
            cursor = of_documents.cursor(field)
            text = cursor.first()
            while cursor.is_valid():
                walked.append(text)
                text = cursor.next()
            assert text is None
            assert [term.encode() for term in walked] == list(plain.lexicon(field))


def test_merged_segment_is_of_whoosh(both: tuple[Path, Path]) -> None:
    merge(both[0])
    assert kinds(both[0]) == [W3Segment]


def test_merged_segment_has_the_terms_and_postings_of_the_standard_codec(both: tuple[Path, Path]) -> None:
    merge(both[0])
    with open_both(both) as (merged, plain):
        assert list(merged.all_terms()) == list(plain.all_terms())
        assert_same_postings(merged, plain)


def test_merged_segment_has_the_stored_fields_and_lengths_of_before(both: tuple[Path, Path]) -> None:
    with open_reader(both[0]) as ours:
        stored = list(ours.all_stored_fields())
    merge(both[0])
    with open_both(both) as (merged, plain):
        assert list(merged.all_stored_fields()) == stored
        for field in FIELDS:
            assert merged.field_length(field) == plain.field_length(field)


def test_segment_of_whoosh_stands_beside_ours(both: tuple[Path, Path]) -> None:
    add_with_whoosh([Document("z", "The rocket", title="Station", language="en")], both[0])
    assert kinds(both[0]) == [ColumnarSegment, ColumnarSegment, W3Segment]
    asked = [query.Term("text_en", "rocket"), query.Phrase("text_exact", ["the", "rocket"])]
    assert find(both[0], asked) == [["a", "z"], ["a", "z"]]


def test_whoosh_ranks_as_over_its_own_codec(both: tuple[Path, Path]) -> None:
    ranked = []
    for folder in both:
        index = whoosh.index.open_dir(folder)
        with index.searcher() as searcher:
            asked = query.Or([query.Term(field, "rocket") for field in FIELDS])
            ranked.append([(hit["id"], pytest.approx(hit.score)) for hit in searcher.search(asked, limit=3)])
        index.close()
    assert ranked[0] == [(id, score.expected) for id, score in ranked[1]]
