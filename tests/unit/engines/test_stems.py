from __future__ import annotations

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from searcher.engines.whoosh.columns import Columns, write_columns
from searcher.engines.whoosh.postings import PostedField, arrange
from searcher.engines.whoosh.stems import FormGroups, StemField, find_speakers, group_columns

FORMS = [b"rocket", b"rocketed", b"rockets", b"station", b"stations"]
COUNT = 8
"""Documents."""

Words = list[tuple[int, int]]
"""Form and document of each word."""

WORDS = st.lists(st.tuples(st.integers(0, len(FORMS) - 1), st.integers(0, COUNT - 1)), max_size=30)
LANGUAGES = st.lists(st.integers(0, 2), min_size=COUNT, max_size=COUNT)
STEMS = st.frozensets(st.tuples(st.sampled_from([b"rock", b"rocket", "é".encode()]), st.integers(0, len(FORMS) - 1)))


def write_stems(folder: str, words: Words, pairs: frozenset[tuple[bytes, int]], languages: list[int]) -> StemField:
    """Return a reader of the stems of the documents of language 0, through a file."""
    numbers = np.array([form for form, _ in words], np.int64)
    documents = np.array([document for _, document in words], np.int64)
    posted = arrange(FORMS, [numbers, documents, np.arange(len(words))])
    columns = {f"forms.{name}": array for name, array in posted.columns().items()}
    columns |= {f"stems.{name}": array for name, array in group_columns(pairs).items()}
    path = Path(folder) / "a.columns"
    with path.open("wb") as stream:
        write_columns(stream, columns, {}, unchecked=frozenset())
    opened = Columns(path)
    return StemField(FormGroups(opened, "stems"), PostedField(opened, "forms"), np.array(languages) == 0)


@settings(deadline=None)
@given(WORDS, STEMS, LANGUAGES)
@example([(0, 0), (1, 0), (0, 1)], frozenset({(b"rock", 0), (b"rock", 1)}), [1] * COUNT)
def test_stem_has_what_its_forms_have_in_documents_of_the_language(
    words: Words, pairs: frozenset[tuple[bytes, int]], languages: list[int]
) -> None:
    with TemporaryDirectory() as folder:
        field = write_stems(folder, words, pairs, languages)
        assert [field.term(number) for number in range(field.count)] == sorted({stem for stem, _ in pairs})
        for number in range(field.count):
            expected = Counter(
                document for form, document in words if (field.term(number), form) in pairs and languages[document] == 0
            )
            postings = field.postings(number)
            assert list(zip(postings.documents.tolist(), postings.frequencies.tolist(), strict=True)) == sorted(
                expected.items()
            )
            assert field.count_documents(number) == len(expected)


@settings(deadline=None)
@given(STEMS)
def test_stems_name_their_forms(pairs: frozenset[tuple[bytes, int]]) -> None:
    with TemporaryDirectory() as folder:
        field = write_stems(folder, [(0, 0)], pairs, [0] * COUNT)
        assert list(field.groups.pairs()) == sorted(pairs)
        assert [field.groups.forms(field.find(stem)) for stem in sorted({stem for stem, _ in pairs})] == [
            sorted(form for other, form in pairs if other == stem) for stem in sorted({stem for stem, _ in pairs})
        ]


@settings(deadline=None)
@given(STEMS, st.sampled_from([b"", b"rock", b"rocket", b"rockets", "é".encode(), "ê".encode()]))
def test_any_stem_is_found_at_its_place_or_not_at_all(pairs: frozenset[tuple[bytes, int]], stem: bytes) -> None:
    stems = sorted({stem for stem, _ in pairs})
    with TemporaryDirectory() as folder:
        field = write_stems(folder, [(0, 0)], pairs, [0] * COUNT)
        assert field.bisect(stem) == sum(other < stem for other in stems)
        assert field.find(stem) == (stems.index(stem) if stem in stems else -1)


def test_stems_have_no_positions() -> None:
    with TemporaryDirectory() as folder:
        field = write_stems(folder, [(0, 0)], frozenset({(b"rock", 0)}), [0] * COUNT)
        assert not field.has_positions
        assert field.postings(0, with_positions=True).positions is None


@given(WORDS, LANGUAGES)
def test_languages_of_a_form_are_those_of_its_documents(words: Words, languages: list[int]) -> None:
    numbers = np.array([form for form, _ in words], np.int64)
    documents = np.array([document for _, document in words], np.int64)
    is_spoken = find_speakers(arrange(FORMS, [numbers, documents, np.arange(len(words))]), np.array(languages), 3)
    found = {(int(form), int(language)) for form, language in zip(*np.nonzero(is_spoken), strict=True)}
    assert found == {(form, languages[document]) for form, document in words}
