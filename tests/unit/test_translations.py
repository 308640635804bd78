"""Translations: looked up in bytes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searcher.translations import TABLE, Translations, Translator

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


class Tables:
    """What an index keeps, among it tables."""

    def __init__(self, *tables: Translations) -> None:
        self._contents = {f"{TABLE}{table.source}-{table.target}": table.to_bytes() for table in tables}

    def attachments(self) -> list[str]:
        return ["other", *self._contents]

    def attachment(self, name: str) -> bytes:
        return self._contents[name]


def translate(terms: dict[str, list[str]], *tables: Translations) -> dict[str, list[str]]:
    found = Translator(Tables(*tables)).translate(terms)
    return {code: [word for word, _ in translations] for code, translations in found.items()}


def test_word_is_translated_from_every_language_it_may_be_of() -> None:
    there = Translations.build("en", "fr", {"port": [("port", 2)]})
    back = Translations.build("fr", "en", {"port": [("harbour", 3), ("carriage", 2)]})
    assert translate({"en": ["port"], "fr": ["port"]}, there, back) == {"fr": ["port"], "en": ["harbour", "carriage"]}
    assert translate({"fr": ["port"]}, there, back) == {"en": ["harbour", "carriage"]}
    assert translate({"en": ["boat"], "und": ["port"]}, there, back) == {}


def test_stems_of_a_word_put_their_surest_translations_together() -> None:
    table = Translations.build("fr", "en", {"elev": [("pupil", 2), ("student", 2)], "elevat": [("raise", 2)]})
    assert translate({"fr": ["elev", "elevat"]}, table) == {"en": ["pupil", "raise", "student"]}


def test_translation_that_several_stems_have_is_the_surest() -> None:
    table = Translations.build("fr", "en", {"mer": [("sea", 3), ("main", 2)], "mar": [("tide", 2), ("main", 2)]})
    assert translate({"fr": ["mer", "mar"]}, table) == {"en": ["main", "sea", "tide"]}


@settings(max_examples=200, deadline=None)
@given(ROWS)
def test_bytes_give_back_every_row(rows: dict[str, tuple[tuple[str, int], ...]]) -> None:
    table = Translations(Translations.build("en", "fr", rows).to_bytes())
    assert dict(table) == rows
    assert list(table) == sorted(rows)
    assert len(table) == len(rows)
