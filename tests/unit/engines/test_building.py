from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from searcher import Document, analyze, build_index, update_index
from searcher.analysis import Vocabulary, get_analyzer
from searcher.engines.whoosh.building import merge_segments
from searcher.engines.whoosh.columns import Array
from searcher.engines.whoosh.reading import read_contents
from searcher.engines.whoosh.segments import SegmentReader
from tests.unit.engines.corpora import COMPOUND, LANGUAGES, Change, apply, changes, texts

SHARED = Vocabulary()
"""Knows the pieces of earlier examples."""

TRICKY = st.sampled_from(
    [
        *COMPOUND,
        *["1 234 567", "1\u00a0234", "12 345,67", ".1 234", "x1 234", "l’1 234", "3.1 234", "1 234 5678", "1,2,3"],
        *["http://a.fr/l’été?x=1,2", "(https://x.org/a_b).", "ftp://1 234", "a@b.c’s", "l’a@b.c", "www.Exemple.com"],
        *["qu’aujourd’hui", "d'", "'", "l’", "’s", "rock’n’roll", "presqu’île", "L’AVION", "donne-le-moi", "U.S.’s"],
        *["e\u0301te\u0301", "so\u00adleil", "Ⅳ", "ﬁn", "日本語", "и\u0306", "a\u200bb", "x\x1cy", "x\x85y", "\ufeffz"],
        *["\U0001f102234", "_", "a_b", "-", "vis-à-vis", "1-2", "3G", "C++", "v1.2.3", "12:30", "50%", "½", "²"],
    ]
)
SPACES = st.sampled_from([" ", "\n", "\u00a0", "\u202f", "  ", "", ", ", "\t", "\u2009", "\u3000", "\x1f"])
ANY_TEXT = st.text() | st.lists(TRICKY | SPACES | st.text(max_size=4), max_size=12).map("".join)


def read_tables(vocabulary: Vocabulary, text: str) -> list[tuple[int, int]]:
    """Return number and position of each word of a text, as the tables of a vocabulary have them."""
    found: list[tuple[int, int]] = []
    base = 0
    for piece in vocabulary.split(text):
        first, count = vocabulary.firsts[piece], vocabulary.counts[piece]
        for place in range(first, first + count):
            found.append((vocabulary.numbers[place], base + vocabulary.positions[place]))
        base += vocabulary.widths[piece]
    return found


@pytest.mark.parametrize("code", LANGUAGES)
@given(ANY_TEXT)
@example("1 234 1 234")
@example(".1 234 l’1 234,5")
def test_tables_of_a_vocabulary_hold_the_tokens_of_any_text(code: str, text: str) -> None:
    term = get_analyzer(code).term
    expected = [(token.term, token.exact, token.position) for token in analyze(text, code)]
    for vocabulary in (SHARED, Vocabulary()):
        words = [(vocabulary.words[number], position) for number, position in read_tables(vocabulary, text)]
        assert [(term(word), word.exact, position) for word, position in words] == expected


@given(st.lists(ANY_TEXT, max_size=5))
def test_pieces_keep_their_numbers(texts: list[str]) -> None:
    vocabulary = Vocabulary()
    assert [vocabulary.split(text) for text in texts] == [vocabulary.split(text) for text in texts]


def open_segments(folder: Path) -> list[SegmentReader]:
    _, segments = read_contents(folder)
    return [segment.open(folder) for segment in segments]


def read_columns(segment: SegmentReader) -> dict[str, Array]:
    return {name: segment.columns.array(name) for name in segment.columns.about["arrays"]}


def as_lists(columns: dict[str, Array]) -> dict[str, tuple[str, list[int]]]:
    """Return type and values of each column, those of fields without words left out."""
    empty = {name.removesuffix(".starts") for name, array in columns.items() if array.size == 1} - {"id", "language"}
    return {
        name: (array.dtype.str.replace("|", "<"), array.tolist())
        for name, array in columns.items()
        if name.partition(".")[0] not in empty
    }


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


def test_deleted_document_is_not_found_in_its_segment(tmp_path: Path) -> None:
    update_index([Document(id, "rocket", language="en") for id in "abc"], tmp_path)
    update_index([], tmp_path, remove=["b"])
    (segment,) = open_segments(tmp_path)
    assert [segment.find(id) for id in "abcd"] == [0, None, 2, None]
