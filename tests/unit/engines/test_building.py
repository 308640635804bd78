from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from searcher import Document, analyze, build_index, update_index
from searcher.engines.whoosh.building import merge_segments
from searcher.engines.whoosh.columns import Array
from searcher.engines.whoosh.reading import read_contents
from searcher.engines.whoosh.schema import EXACT, text_field
from searcher.engines.whoosh.segments import SegmentReader
from searcher.engines.whoosh.texts import TextCodec
from tests.unit.engines.corpora import LANGUAGES, Change, apply, changes, texts


def open_segments(folder: Path) -> list[SegmentReader]:
    _, segments = read_contents(folder)
    return [segment.open(folder) for segment in segments if segment.count]


def read_columns(segment: SegmentReader) -> dict[str, Array]:
    return {name: segment.columns.array(name) for name in segment.columns.about["arrays"]}


def as_lists(columns: dict[str, Array]) -> dict[str, tuple[str, list[int]]]:
    """Return type and values of each column."""
    return {name: (array.dtype.str.replace("|", "<"), array.tolist()) for name, array in columns.items()}


@settings(max_examples=40, deadline=None)
@given(changes(most=7))
def test_merged_segments_are_the_one_built_at_once(changes: list[Change]) -> None:
    with TemporaryDirectory() as folder, TemporaryDirectory() as other:
        left = {document.id: document for document in apply(changes, Path(folder))}
        segments = open_segments(Path(folder))
        alive = [
            segment.id(number)
            for segment in segments
            for number in range(segment.count)
            if segment.alive is None or segment.alive[number]
        ]
        assert sorted(alive) == sorted(left)
        if not left:
            return
        build_index([left[id] for id in alive], other)
        (at_once,) = open_segments(Path(other))
        assert as_lists(merge_segments(segments)) == as_lists(read_columns(at_once))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(texts(), texts(), st.sampled_from(LANGUAGES)), min_size=1, max_size=8))
def test_segment_gives_its_documents_back(given: list[tuple[str, str, str]]) -> None:
    documents = [
        Document(f"é{n}", text, title=title, language=code, source="s", date="2024", metadata={"n": n})
        for n, (title, text, code) in enumerate(given)
    ]
    with TemporaryDirectory() as folder:
        build_index(documents, folder)
        (segment,) = open_segments(Path(folder))
        for number, document in enumerate(documents):
            assert segment.find(document.id) == number
            assert segment.id(number) == document.id
            assert segment.text(number) == document.text
            stored = segment.stored(number)
            assert (stored.title, stored.language, stored.source) == (document.title, document.language, "s")
            tokens = len(analyze(document.title, "und")) + len(analyze(document.text, "und"))
            assert segment.lengths[number] == tokens


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(texts(), st.sampled_from(LANGUAGES)), min_size=1, max_size=8))
def test_segment_has_the_tokens_of_its_documents(given: list[tuple[str, str]]) -> None:
    with TemporaryDirectory() as folder:
        build_index([Document(str(n), text, language=code) for n, (text, code) in enumerate(given)], folder)
        (segment,) = open_segments(Path(folder))
        exact = {
            (n, token.exact, token.position) for n, (text, code) in enumerate(given) for token in analyze(text, code)
        }
        assert read_places(segment) == exact
        for code in LANGUAGES:
            terms = Counter(
                (token.term, n)
                for n, (text, language) in enumerate(given)
                if language == code
                for token in analyze(text, code)
            )
            assert read_frequencies(segment, code) == terms


def read_places(segment: SegmentReader) -> set[tuple[int, str, int]]:
    """Return document, word and position of each word of the texts of a segment."""
    found: set[tuple[int, str, int]] = set()
    field = segment.posted(text_field(EXACT))
    if field is None:
        return found
    for number, term in enumerate(field.terms()):
        postings = field.postings(number, with_positions=True)
        assert postings.positions is not None
        documents = np.repeat(postings.documents, postings.frequencies).tolist()
        found |= {(n, term.decode(), at) for n, at in zip(documents, postings.positions.tolist(), strict=True)}
    return found


def read_frequencies(segment: SegmentReader, code: str) -> dict[tuple[str, int], int]:
    """Return how often each document of a language has each stem."""
    found: dict[tuple[str, int], int] = {}
    field = segment.field(text_field(code))
    if field is None:
        return found
    for number in range(field.count):
        postings = field.postings(number)
        for document, frequency in zip(postings.documents.tolist(), postings.frequencies.tolist(), strict=True):
            found[field.term(number).decode(), document] = frequency
    return found


def test_deleted_document_is_not_found_in_its_segment(tmp_path: Path) -> None:
    update_index([Document(id, "rocket", language="en") for id in "abc"], tmp_path)
    update_index([], tmp_path, remove=["b"])
    (segment,) = open_segments(tmp_path)
    assert [segment.find(id) for id in "abcd"] == [0, None, 2, None]


def test_merged_texts_are_compressed_with_the_dictionary_that_there_is(tmp_path: Path) -> None:
    random = Random(7)
    lines = [" ".join(f"rocket{random.randrange(997)}" for _ in range(400)) for _ in range(300)]
    many = [Document(f"m{n}", line, language="en") for n, line in enumerate(lines)]
    few = [Document(id, "The rocket has landed.", language="en") for id in "ab"]
    build_index(few, tmp_path / "few")
    build_index(many, tmp_path / "many")
    (small,), (large,) = open_segments(tmp_path / "few"), open_segments(tmp_path / "many")
    assert not small.codec.dictionary
    assert large.codec.dictionary
    columns = merge_segments([small, large])
    codec = TextCodec(columns["dictionary"].tobytes())
    assert codec.dictionary == large.codec.dictionary
    compressed, begin, found = columns["texts"].tobytes(), 0, []
    for size in columns["texts.sizes"].tolist():
        found.append(codec.decompress(compressed[begin : begin + size]).decode())
        begin += size
    assert found == [document.text for document in (*few, *many)]
