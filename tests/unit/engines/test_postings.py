from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from searcher.engines.whoosh.columns import Array, Columns, write_columns
from searcher.engines.whoosh.postings import Posted, PostedField, arrange, merge_posted

Places = list[tuple[bytes, int, int]]
"""Term, document and position of each word."""

TERMS = st.text(max_size=3).map(str.encode) | st.sampled_from([b"a", b"ab", b"b", "é".encode()])
PLACES = st.lists(st.tuples(TERMS, st.integers(0, 9), st.integers(0, 20)), max_size=40)
FAR_PLACES = st.lists(st.tuples(TERMS, st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1)), max_size=40)
OFTEN: Places = [(b"a", 0, position) for position in range(300)] + [(b"a", 70_000, 0), (b"b", 70_000, 1)]


@dataclass(frozen=True)
class Plain:
    """Documents, frequencies and positions of a term."""

    documents: list[int]
    frequencies: list[int]
    positions: list[int] | None


def arrange_plainly(places: Places, *, with_positions: bool = True) -> dict[bytes, Plain]:
    found: dict[bytes, dict[int, list[int]]] = {}
    for term, document, position in sorted(places):
        found.setdefault(term, {}).setdefault(document, []).append(position)
    return {
        term: Plain(
            list(by_document),
            [len(positions) for positions in by_document.values()],
            [position for positions in by_document.values() for position in positions] if with_positions else None,
        )
        for term, by_document in found.items()
    }


def post(places: Places, *, with_positions: bool = True, unused: bytes | None = None) -> Posted:
    terms = sorted({term for term, _, _ in places} | ({unused} if unused is not None else set()))
    posted = arrange(
        terms,
        [
            np.array([terms.index(term) for term, _, _ in places], np.int64),
            np.array([document for _, document, _ in places], np.int64),
            np.array([position for _, _, position in places], np.int64),
        ],
    )
    if with_positions:
        return posted
    return Posted(posted.terms, posted.counts, posted.documents, posted.frequencies, None)


def write_field(folder: str, posted: Posted) -> PostedField:
    """Return a reader of a field, through a file."""
    path = Path(folder) / "a.columns"
    with path.open("wb") as stream:
        columns = {f"f.{name}": array for name, array in posted.columns().items()}
        write_columns(stream, columns, {}, unchecked=frozenset())
    return PostedField(Columns(path), "f")


def read_plainly(field: PostedField) -> dict[bytes, Plain]:
    """Return what each term of a field has, read one by one."""
    found: dict[bytes, Plain] = {}
    for number in range(field.count):
        postings = field.postings(number, with_positions=True)
        positions = None if postings.positions is None else postings.positions.tolist()
        found[field.term(number)] = Plain(postings.documents.tolist(), postings.frequencies.tolist(), positions)
    return found


def as_lists(posted: Posted) -> tuple[list[bytes], list[int], list[int], list[int], list[int] | None]:
    positions: Array | None = posted.positions
    return (
        list(posted.terms),
        posted.counts.tolist(),
        posted.documents.tolist(),
        posted.frequencies.tolist(),
        None if positions is None else positions.tolist(),
    )


@settings(deadline=None)
@given(PLACES | FAR_PLACES, st.booleans())
@example(OFTEN, True)
def test_arranged_words_are_those_of_the_dictionary_version(places: Places, with_positions: bool) -> None:
    with TemporaryDirectory() as folder:
        field = write_field(folder, post(places, with_positions=with_positions))
        assert read_plainly(field) == arrange_plainly(places, with_positions=with_positions)
        assert field.has_positions == with_positions


@settings(deadline=None)
@given(PLACES | FAR_PLACES, st.booleans())
@example(OFTEN, True)
def test_postings_come_back_all_at_once(places: Places, with_positions: bool) -> None:
    posted = post(places, with_positions=with_positions, unused=b"zzzz")
    with TemporaryDirectory() as folder:
        assert as_lists(write_field(folder, posted).posted()) == as_lists(posted)


@settings(deadline=None)
@given(PLACES)
def test_terms_are_in_the_order_of_their_bytes(places: Places) -> None:
    with TemporaryDirectory() as folder:
        field = write_field(folder, post(places))
        terms = sorted({term for term, _, _ in places})
        assert [field.term(number) for number in range(field.count)] == terms
        assert field.terms() == terms


@settings(deadline=None)
@given(PLACES, TERMS)
def test_any_term_is_found_at_its_place_or_not_at_all(places: Places, term: bytes) -> None:
    with TemporaryDirectory() as folder:
        field = write_field(folder, post(places))
        terms = sorted({term for term, _, _ in places})
        assert field.bisect(term) == sum(other < term for other in terms)
        assert field.find(term) == (terms.index(term) if term in terms else -1)


@settings(deadline=None)
@given(PLACES)
def test_documents_of_a_term_are_counted(places: Places) -> None:
    with TemporaryDirectory() as folder:
        field = write_field(folder, post(places))
        counted = {field.term(number): field.count_documents(number) for number in range(field.count)}
        assert counted == {term: len(found.documents) for term, found in arrange_plainly(places).items()}


@settings(deadline=None)
@given(PLACES)
def test_positions_are_read_only_where_they_are_asked_for(places: Places) -> None:
    with TemporaryDirectory() as folder:
        field = write_field(folder, post(places))
        assert all(field.postings(number).positions is None for number in range(field.count))


@settings(deadline=None)
@given(PLACES)
def test_term_without_words_has_no_documents(places: Places) -> None:
    unused = b"zzzz"
    with TemporaryDirectory() as folder:
        field = write_field(folder, post(places, unused=unused))
        number = field.find(unused)
        assert field.count_documents(number) == 0
        assert field.postings(number, with_positions=True).documents.tolist() == []


@settings(deadline=None)
@given(PLACES | FAR_PLACES)
def test_order_of_the_words_does_not_matter(places: Places) -> None:
    assert as_lists(post(places)) == as_lists(post(places[::-1]))


@settings(deadline=None)
@given(PLACES, st.booleans(), st.frozensets(st.integers(0, 9)))
def test_documents_left_out_leave_no_words(places: Places, with_positions: bool, dropped: frozenset[int]) -> None:
    kept = [number for number in range(10) if number not in dropped]
    numbers = np.array([kept.index(number) if number in kept else -1 for number in range(10)])
    merged = merge_posted([post(places, with_positions=with_positions)], [numbers])
    left = [(term, kept.index(document), position) for term, document, position in places if document in kept]
    assert as_lists(merged) == as_lists(post(left, with_positions=with_positions))


@settings(deadline=None)
@given(st.lists(PLACES, min_size=1, max_size=4), st.booleans())
def test_merged_words_are_those_of_all_parts(parts: list[Places], with_positions: bool) -> None:
    merged = merge_posted(
        [post(places, with_positions=with_positions, unused=b"zzzz") for places in parts],
        [np.arange(10) + 10 * number for number in range(len(parts))],
    )
    everything = [
        (term, 10 * number + document, position)
        for number, places in enumerate(parts)
        for term, document, position in places
    ]
    assert as_lists(merged) == as_lists(post(everything, with_positions=with_positions))


@settings(deadline=None)
@given(PLACES, st.lists(st.booleans(), min_size=10, max_size=10))
def test_only_marked_documents_are_counted_among_them(places: Places, marks: list[bool]) -> None:
    with TemporaryDirectory() as folder:
        field = write_field(folder, post(places, unused=b"zzzz"))
        terms = {term.decode(): {document for other, document, _ in places if other == term} for term in field.terms()}
        counted = [sum(marks[document] for document in documents) for documents in terms.values()]
        assert field.words(0, field.count) == list(terms)
        assert field.count_among(np.array(marks)).tolist() == counted
