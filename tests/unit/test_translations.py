"""Translations: looked up in bytes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searcher.translations import Translations

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Z", "C")), min_size=1, max_size=8)
ROWS = st.dictionaries(
    WORDS, st.lists(st.tuples(WORDS, st.integers(1, 20)), min_size=1, max_size=5).map(tuple), max_size=20
)


def test_word_has_its_translations_in_order() -> None:
    table = Translations.build("en", "fr", {"boat": [("bateau", 5), ("barque", 2)], "heart": [("coeur", 3)]})
    assert table["boat"] == (("bateau", 5), ("barque", 2))
    assert (table["boat"][0].word, table["boat"][0].votes) == ("bateau", 5)


@pytest.mark.parametrize("word", ["", "boa", "boats", "boat\t", "en", "zoo", "été", "\ud800"])
def test_unknown_word_has_none(word: str) -> None:
    assert Translations.build("en", "fr", {"boat": [("bateau", 5)], "heart": [("coeur", 3)]}).get(word) is None


def test_table_may_be_empty() -> None:
    table = Translations.build("en", "fr", {})
    assert (len(table), list(table), table.get("boat")) == (0, [], None)


def test_table_knows_its_languages() -> None:
    table = Translations(Translations.build("en", "fr", {}).to_bytes())
    assert (table.source, table.target) == ("en", "fr")


def test_order_of_the_rows_changes_no_byte() -> None:
    rows = {"boat": [("bateau", 5)], "été": [("summer", 2)], "boats": [("bateaux", 1)]}
    assert (
        Translations.build("en", "fr", rows).to_bytes()
        == Translations.build("en", "fr", dict(reversed(rows.items()))).to_bytes()
    )


@pytest.mark.parametrize("content", [b"", b"\n", b"en", b"en\tfr", b"en\tfr\nboat", b"\xff\n"])
def test_other_bytes_are_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="not the bytes"):
        Translations(content)


@settings(max_examples=200, deadline=None)
@given(ROWS)
def test_bytes_give_back_every_row(rows: dict[str, tuple[tuple[str, int], ...]]) -> None:
    table = Translations(Translations.build("en", "fr", rows).to_bytes())
    assert dict(table) == rows
    assert list(table) == sorted(rows)
    assert len(table) == len(rows)
