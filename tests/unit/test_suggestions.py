"""Suggestions: which word of the index was meant."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.query import parse_query
from searcher.suggestions import ERROR, SLIP, Speller, find_near, find_unknown, measure_slips, replace_words
from searcher.words import fold

COUNTS = {
    "cooperation": 9, "coopération": 12, "cosmonaut": 5, "cosmonaute": 2, "espace": 20, "espèce": 3, "satellite": 30,
    "satellites": 8, "télédétection": 7, "station": 15, "remote": 6, "remove": 60, "moon": 4, "moan": 1, "2025": 50,
    "élève": 8, "eleve": 1, "covid-19": 9, "école": 3, "ecole": 3, "mission": 4, "the": 90, "quartz": 2,
}  # fmt: skip


def speller_of(counts: dict[str, int]) -> Speller:
    return Speller(
        lambda word: [other for other in counts if fold(other) == word],
        lambda beginning: {word: count for word, count in counts.items() if fold(word).startswith(beginning)},
    )


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("teledetecton", "télédétection"),
        ("télédetecton", "télédétection"),
        ("cosmonuat", "cosmonaut"),
        ("cooperaton", "coopération"),
        ("sattellite", "satellite"),
        ("satelite", "satellite"),
        ("satellire", "satellite"),
        ("espqce", "espace"),
        ("espave", "espace"),
        ("moob", "moon"),
    ],
)
def test_slip_of_a_finger_is_put_right(typed: str, meant: str) -> None:
    assert speller_of(COUNTS).correct(typed) == meant


@pytest.mark.parametrize("typed", ["tsation", "tation", "dstation", "qtation", "sstation"])
def test_slip_in_the_first_letter_is_put_right(typed: str) -> None:
    assert speller_of(COUNTS).correct(typed) == "station"


@pytest.mark.parametrize("typed", ["moo", "2026", "20255", "covid-18", "xylophone", "éé", "coop", "", "'"])
def test_word_with_none_near_has_no_correction(typed: str) -> None:
    assert speller_of(COUNTS).correct(typed) is None


def test_fewer_slips_come_before_more_documents() -> None:
    assert speller_of({"formal": 900, "formel": 2}).correct("formlel") == "formel"


def test_of_equal_slips_more_documents_come_first() -> None:
    assert speller_of({"carte": 5, "caste": 50}).correct("cate") == "caste"


@pytest.mark.parametrize(
    ("language", "spelling"),
    [("fr", "coopération"), ("en", "cooperation"), ("und", "coopération"), (None, "coopération")],
)
def test_language_decides_between_accents(language: str | None, spelling: str) -> None:
    assert speller_of(COUNTS).correct("cooperaton", language) == spelling


def test_near_spellings_begin_like_the_word() -> None:
    speller = speller_of({"formal": 9, "formel": 5, "format": 99, "station": 1})
    assert speller.spell_near("forml") == ["formal", "formel"]
    assert speller.spell_near("tsation") == []


@pytest.mark.parametrize("word", ["form", "f2000", "20255"])
def test_short_words_and_numbers_have_no_near_spellings(word: str) -> None:
    assert speller_of({"forms": 9, "f2001": 9, "20256": 5}).spell_near(word) == []


def test_unknown_words_are_neither_grammar_nor_in_a_field() -> None:
    query = parse_query('xylem phloem the 2025 moo title:cambium cortex~ "pith" -bark')
    assert [concept.exacts for concept in find_unknown(query, query.clauses[:1].__contains__)] == [("phloem",)]


def test_words_of_a_letter_are_read_once() -> None:
    asked: list[str] = []

    def find_beginning(beginning: str) -> dict[str, int]:
        asked.append(beginning)
        return {"station": 1}

    speller = Speller(lambda _word: (), find_beginning)
    assert speller.correct("statoin") == speller.correct("staton") == "station"
    assert speller.complete("sta", 5) == ["station"]
    assert asked == ["s"]


@pytest.mark.parametrize(
    ("text", "completed"),
    [
        ("coop", ["coopération", "cooperation"]),
        ("re", ["remove", "remote"]),
        ("ele", ["élève"]),
        ("éc", ["école"]),
        ("ec", ["ecole", "école"]),
        ("L’Esp", ["L’Espace", "L’Espèce"]),
        ("remote sat", ["remote satellite", "remote satellites"]),
        ("COOP", ["COOPÉRATION", "COOPERATION"]),
        ("coop ", []),
        ("zz", []),
        ("?", []),
        ("", []),
    ],
)
def test_last_word_is_completed_most_frequent_first(text: str, completed: list[str]) -> None:
    assert speller_of(COUNTS).complete(text, 10) == completed


def test_completions_are_as_many_as_asked_for() -> None:
    assert speller_of(COUNTS).complete("s", 2) == ["satellite", "station"]
    assert speller_of(COUNTS).complete("s", 0) == []


@pytest.mark.parametrize(
    ("typed", "meant", "slips"),
    [
        ("station", "station", 0.0),
        ("staton", "station", SLIP),
        ("sttaion", "station", SLIP),
        ("sttation", "station", SLIP),
        ("stption", "station", ERROR),
        ("staxtion", "station", ERROR),
        ("sttaon", "station", 2 * SLIP),
    ],
)
def test_slips_count_less_than_other_errors(typed: str, meant: str, slips: float) -> None:
    assert measure_slips(typed, meant) == slips


@pytest.mark.parametrize(
    ("typed", "meant"), [("espqce", "espace"), ("spsce", "space"), ("pirt", "port"), ("pprt", "port")]
)
def test_key_beside_the_right_one_is_between(typed: str, meant: str) -> None:
    assert SLIP < measure_slips(typed, meant) < ERROR


words = st.text("abcst", min_size=1, max_size=8)


@given(typed=words, meant=words)
def test_every_letter_found_wrong_counts_a_slip_at_least(typed: str, meant: str) -> None:
    [(_, wrong)] = find_near(typed, [meant], 8)
    assert wrong * SLIP <= measure_slips(typed, meant) <= wrong * (ERROR + SLIP)


@pytest.mark.parametrize(
    ("query", "replaced"),
    [
        ("l'espce", "l'espace"),
        ("L’Espce ESPCE", "L’Espace ESPACE"),
        ('espce "espce" « espce »', 'espace "espce" « espce »'),
        ("+espce -espce =espce espce~ espce* title:espce", "+espace -espce =espce espce~ espce* title:espce"),
        ("(espce OR moon) NOT x", "(espace OR moon) NOT x"),
        ("porte-espce", "porte-espace"),
        ("https://example.org/espce espce", "https://example.org/espce espace"),
        ("moon", "moon"),
    ],
)
def test_only_plain_words_of_a_query_are_replaced(query: str, replaced: str) -> None:
    assert replace_words(query, {"espce": "espace"}) == replaced


@given(query=st.text(st.sampled_from([*string.printable, "é", "’", "«", "»", "\u0301"])))
def test_query_without_words_to_replace_stays(query: str) -> None:
    assert replace_words(query, {"zzzzzzzz": "x"}) == query
