from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from searcher.engines.whoosh.columns import Array, Columns, write_columns
from searcher.engines.whoosh.postings import FieldReader, Occurrences, arrange, merge_occurrences

Places = list[tuple[bytes, int, int]]
"""Term, document and position of each word."""

TERMS = st.text(max_size=3).map(str.encode) | st.sampled_from([b"a", b"ab", b"b", "é".encode()])
PLACES = st.lists(st.tuples(TERMS, st.integers(0, 9), st.integers(0, 20)), max_size=40)
FAR_PLACES = st.lists(st.tuples(TERMS, st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1)), max_size=40)


@dataclass(frozen=True)
class Plain:
    """Documents, frequencies and positions of a term."""

    documents: list[int]
    frequencies: list[int]
    positions: list[int] | None


def arrange_plainly(places: Places, *, with_positions: bool) -> dict[bytes, Plain]:
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


def occurrences(places: Places, *, with_positions: bool, unused: bytes | None = None) -> Occurrences:
    terms = sorted({term for term, _, _ in places} | ({unused} if unused is not None else set()))
    return Occurrences(
        terms,
        np.array([terms.index(term) for term, _, _ in places], np.int64),
        np.array([document for _, document, _ in places], np.int64),
        np.array([position for _, _, position in places], np.int64) if with_positions else None,
    )


def write_field(folder: str, columns: dict[str, Array]) -> FieldReader:
    """Return a reader of the columns of one field, through a file."""
    path = Path(folder) / "a.columns"
    with path.open("wb") as stream:
        write_columns(stream, {f"f.{name}": array for name, array in columns.items()}, {}, unchecked=frozenset())
    return FieldReader(Columns(path), "f")


def read_plainly(field: FieldReader) -> dict[bytes, Plain]:
    found: dict[bytes, Plain] = {}
    for number in range(field.count):
        postings = field.postings(number, with_positions=True)
        positions = None if postings.positions is None else postings.positions.tolist()
        found[field.term(number)] = Plain(postings.documents.tolist(), postings.frequencies.tolist(), positions)
    return found


@settings(deadline=None)
@given(PLACES | FAR_PLACES, st.booleans())
def test_arranged_words_are_those_of_the_dictionary_version(places: Places, with_positions: bool) -> None:
    with TemporaryDirectory() as folder:
        field = write_field(folder, arrange(occurrences(places, with_positions=with_positions)))
        assert read_plainly(field) == arrange_plainly(places, with_positions=with_positions)
        assert field.has_positions == with_positions


@settings(deadline=None)
@given(PLACES)
def test_terms_are_in_the_order_of_their_bytes(places: Places) -> None:
    with TemporaryDirectory() as folder:
        field = write_field(folder, arrange(occurrences(places, with_positions=False)))
        terms = [field.term(number) for number in range(field.count)]
        assert terms == sorted({term for term, _, _ in places})


@settings(deadline=None)
@given(PLACES, TERMS)
def test_any_term_is_found_at_its_place_or_not_at_all(places: Places, term: bytes) -> None:
    with TemporaryDirectory() as folder:
        field = write_field(folder, arrange(occurrences(places, with_positions=False)))
        terms = sorted({term for term, _, _ in places})
        assert field.bisect(term) == sum(other < term for other in terms)
        assert field.find(term) == (terms.index(term) if term in terms else -1)


@settings(deadline=None)
@given(PLACES)
def test_documents_of_a_term_are_counted(places: Places) -> None:
    with TemporaryDirectory() as folder:
        field = write_field(folder, arrange(occurrences(places, with_positions=True)))
        plain = arrange_plainly(places, with_positions=True)
        counted = {field.term(number): field.count_documents(number) for number in range(field.count)}
        assert counted == {term: len(found.documents) for term, found in plain.items()}


@settings(deadline=None)
@given(PLACES)
def test_positions_are_read_only_where_they_are_asked_for(places: Places) -> None:
    with TemporaryDirectory() as folder:
        field = write_field(folder, arrange(occurrences(places, with_positions=True)))
        assert all(field.postings(number).positions is None for number in range(field.count))


@settings(deadline=None)
@given(PLACES)
def test_term_without_words_has_no_documents(places: Places) -> None:
    unused = b"zzzz"
    with TemporaryDirectory() as folder:
        field = write_field(folder, arrange(occurrences(places, with_positions=True, unused=unused)))
        number = field.find(unused)
        assert field.count_documents(number) == 0
        assert field.postings(number, with_positions=True).documents.tolist() == []


@settings(deadline=None)
@given(PLACES, st.booleans())
def test_order_of_the_words_does_not_matter(places: Places, with_positions: bool) -> None:
    some = arrange(occurrences(places, with_positions=with_positions))
    others = arrange(occurrences(places[::-1], with_positions=with_positions))
    assert {name: array.tolist() for name, array in some.items()} == {
        name: array.tolist() for name, array in others.items()
    }


@settings(deadline=None)
@given(PLACES, st.booleans(), st.frozensets(st.integers(0, 9)))
def test_words_come_back_with_new_numbers_of_documents(
    places: Places, with_positions: bool, dropped: frozenset[int]
) -> None:
    new_numbers = np.array([-1 if number in dropped else 100 - number for number in range(10)])
    with TemporaryDirectory() as folder:
        field = write_field(folder, arrange(occurrences(places, with_positions=with_positions)))
        given_back = field.occurrences(new_numbers)
    kept = [(term, 100 - document, position) for term, document, position in places if document not in dropped]
    positions = [0] * len(kept) if given_back.positions is None else given_back.positions.tolist()
    found = zip(given_back.numbers.tolist(), given_back.documents.tolist(), positions, strict=True)
    assert sorted((given_back.terms[number], document, position) for number, document, position in found) == sorted(
        (term, document, position if with_positions else 0) for term, document, position in kept
    )


@settings(deadline=None)
@given(st.lists(PLACES, min_size=1, max_size=4), st.booleans())
def test_merged_words_are_those_of_all_parts(parts: list[Places], with_positions: bool) -> None:
    moved = [[(term, 10 * n + document, at) for term, document, at in places] for n, places in enumerate(parts)]
    merged = merge_occurrences(occurrences(places, with_positions=with_positions, unused=b"zzzz") for places in moved)
    with TemporaryDirectory() as folder:
        field = write_field(folder, arrange(merged))
        everything = [place for places in moved for place in places]
        assert read_plainly(field) == arrange_plainly(everything, with_positions=with_positions)
