"""Keys of names: spellings of one name share one, neighbours do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.names import FOREIGN_ENDINGS, IRREGULAR, LOOKALIKES, ORDINARY_ENDINGS, SLAVIC_ENDINGS, name_keys
from searcher.words import fold
from tests.unit.name_pairs import DIFFERENT, SAME, Pair

LATIN = "".join(chr(code) for code in range(0x61, 0x250) if chr(code).isalpha() and chr(code).islower())


def is_same(pair: Pair) -> bool:
    """Tell whether two words share a key."""
    first, second = pair
    return not name_keys(first).isdisjoint(name_keys(second))


def test_nearly_all_spellings_of_a_name_share_a_key() -> None:
    missed = [pair for pair in SAME if not is_same(pair)]
    recall = 1 - len(missed) / len(SAME)
    assert recall >= 0.95, missed


def test_nearly_all_that_shares_a_key_is_one_name() -> None:
    found = sum(map(is_same, SAME))
    wrong = [pair for pair in DIFFERENT if is_same(pair)]
    assert found / (found + len(wrong)) >= 0.99, wrong


def test_pairs_are_listed_once_and_on_one_side() -> None:
    pairs = [frozenset(pair) for pair in SAME + DIFFERENT]
    assert len(pairs) == len(set(pairs))
    assert min(map(len, pairs)) == 2


@pytest.mark.parametrize(
    "spellings",
    [
        "tchaïkovski tchaikovsky tchaikovskiy tchaikovskij chaikovsky",
        "khrouchtchev khrushchev khrouchtchov khrushchov",
        "dostoïevski dostoyevsky dostoevsky dostoevskii dostoievsky",
        "vassilievskaïa vassilyevskaya vasilevskaya vasilyevskaia",
        "ianoukovitch yanukovych yanukovich yanoukovytch",
        "evgueni yevgeny yevgeniy evgeny ievgueni evgenii",
        "djougachvili dzhugashvili jugashvili",
        "soljenitsyne solzhenitsyn soljénitsyne",
        "kadhafi gaddafi qaddafi khadafi",
    ],
)
def test_every_two_spellings_of_a_name_share_a_key(spellings: str) -> None:
    words = spellings.split()
    assert [pair for pair in zip(words, words[1:] + words[:1], strict=True) if not is_same(pair)] == []


@pytest.mark.parametrize(
    "word", ["", "a", "oz", "lev", "émi", "1905", "b52s", "covid-19", "путин", "東京都庁", "o'brien"]
)
def test_word_that_cannot_be_such_a_name_has_no_key(word: str) -> None:
    assert name_keys(word) == frozenset()


@pytest.mark.parametrize("word", ["pauline", "martine", "machine", "below", "poisson", "shopping", "later", "dupont"])
def test_word_of_english_or_french_form_has_no_key(word: str) -> None:
    assert name_keys(word) == frozenset()


def test_ch_is_read_as_in_french_and_as_in_english() -> None:
    assert is_same(("choïgou", "shoigu"))
    assert is_same(("chekhov", "tchekhov"))
    assert not is_same(("shekhov", "tchekhov"))


def test_ch_before_a_consonant_is_read_as_in_german_too() -> None:
    assert is_same(("rachmaninov", "rakhmaninov"))


def test_j_is_read_as_in_french_and_as_in_english() -> None:
    assert is_same(("joukov", "zhukov"))
    assert is_same(("azerbaijan", "azerbaïdjan"))
    assert not is_same(("zhukov", "djoukov"))


def test_soft_sign_makes_no_difference() -> None:
    assert is_same(("gor'ki", "gorky"))
    assert is_same(("tat'yana", "tatiana"))


def test_doubled_letter_counts_before_an_ordinary_ending_only() -> None:
    assert is_same(("moussorgski", "musorgsky"))
    assert is_same(("tbilissi", "tbilisi"))
    assert not is_same(("poisson", "poison"))


def test_final_e_falls_from_slavic_names_only() -> None:
    assert is_same(("gagarine", "gagarin"))
    assert not is_same(("catherine", "catherin"))


@given(st.text(LATIN))
def test_accents_make_no_difference(word: str) -> None:
    assert name_keys(word) == name_keys(fold(word))


@given(st.text(LATIN + "'-.0"))
def test_keys_are_of_plain_letters(word: str) -> None:
    assert all(key.isascii() and key.isalpha() for key in name_keys(word))


def test_every_exception_is_one() -> None:
    assert [ending for ending in FOREIGN_ENDINGS if not ending.endswith(ORDINARY_ENDINGS)] == []
    assert len({spelling for line in IRREGULAR for spelling in line.split()}) == sum(len(i.split()) for i in IRREGULAR)
    assert {word for word in LOOKALIKES if word.endswith(SLAVIC_ENDINGS)} == set()
