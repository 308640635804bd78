from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from searcher.engines.whoosh.vocabulary import LONGEST_HASHED, Vocabulary, WordKey
from searcher.words import find_words
from tests.unit.engines.corpora import COMPOUND

SHARED = Vocabulary()
"""Knows the pieces of earlier examples."""

TRICKY = [
    *COMPOUND,
    *["1 234 567", "1\u00a0234", "12 345,67", ".1 234", "x1 234", "l’1 234", "3.1 234", "1 234 5678", "1,2,3"],
    *["http://a.fr/l’été?x=1,2", "(https://x.org/a_b).", "ftp://1 234", "a@b.c’s", "l’a@b.c", "www.Exemple.com"],
    *["qu’aujourd’hui", "d'", "'", "l’", "’s", "rock’n’roll", "presqu’île", "L’AVION", "donne-le-moi", "U.S.’s"],
    *["e\u0301te\u0301", "so\u00adleil", "Ⅳ", "ﬁn", "日本語", "и\u0306", "a\u200bb", "x\x1cy", "x\x85y", "\ufeffz"],
    *["\U0001f102234", "_", "a_b", "-", "vis-à-vis", "1-2", "3G", "C++", "v1.2.3", "12:30", "50%", "½", "²"],
    *[
        "x\0y",
        "\0",
        "x\u2028y",
        "x\u3000y",
        "“U.S.”",
        "(l’orbite),",
        "«\u00a01\u202f234\u00a0»",
        "…",
        "\ufdfa",
        "ŉ",
        "ʼ",
    ],
]
SPACES = st.sampled_from([" ", "\n", "\u00a0", "\u202f", "  ", "", ", ", "\t", "\u2009", "\u3000", "\x1f", "\u2028"])
ANY_TEXT = st.text() | st.lists(st.sampled_from(TRICKY) | SPACES | st.text(max_size=4), max_size=12).map("".join)

Placed = tuple[WordKey, int]
"""A word and its position."""


def read(vocabulary: Vocabulary, texts: Sequence[str]) -> list[list[Placed]]:
    """Return the words of each text as a vocabulary has them."""
    words = vocabulary.read([text.encode() for text in texts])
    placed = [
        (vocabulary.words[number], position)
        for number, position in zip(words.numbers.tolist(), words.positions.tolist(), strict=True)
    ]
    ends = np.cumsum(words.counts).tolist()
    assert len(placed) == sum(words.counts.tolist())
    return [placed[end - count : end] for end, count in zip(ends, words.counts.tolist(), strict=True)]


def read_plainly(texts: Sequence[str]) -> list[list[Placed]]:
    return [[((word.exact, word.base, word.kind), word.position) for word in find_words(text)] for text in texts]


@given(st.lists(ANY_TEXT, max_size=4))
@example(["1 234 1 234"])
@example([".1 234 l’1 234,5"])
def test_words_of_any_texts_are_those_found_in_each(texts: list[str]) -> None:
    for vocabulary in (SHARED, Vocabulary()):
        assert read(vocabulary, texts) == read_plainly(texts)


def test_words_of_tricky_pieces_are_those_found_in_each() -> None:
    texts = [*TRICKY, " ".join(TRICKY), "\n".join(TRICKY), *(f"({piece})." for piece in TRICKY)]
    assert read(Vocabulary(), texts) == read_plainly(texts)


def test_word_has_one_number_wherever_it_stands() -> None:
    vocabulary = Vocabulary()
    words = vocabulary.read([b"rocket station rocket", b"orbit station"])
    rocket, station, again, orbit, last = words.numbers.tolist()
    assert (rocket, station) == (again, last)
    assert [vocabulary.words[number][0] for number in (rocket, station, orbit)] == ["rocket", "station", "orbit"]
    assert words.positions.tolist() == [0, 1, 2, 0, 1]
    assert words.counts.tolist() == [3, 2]


@given(st.lists(st.lists(ANY_TEXT, max_size=3), max_size=4))
def test_texts_have_the_same_words_in_any_batches(batches: list[list[str]]) -> None:
    vocabulary = Vocabulary()
    one_by_one = [words for batch in batches for words in read(vocabulary, batch)]
    assert one_by_one == read(Vocabulary(), [text for batch in batches for text in batch])


@given(st.lists(ANY_TEXT, max_size=5))
def test_texts_read_again_bring_nothing_new(texts: list[str]) -> None:
    vocabulary = Vocabulary()
    first = read(vocabulary, texts)
    pieces, words = len(vocabulary), len(vocabulary.words)
    assert read(vocabulary, texts) == first
    assert (len(vocabulary), len(vocabulary.words)) == (pieces, words)


def test_piece_has_one_entry_whatever_marks_stand_around_it() -> None:
    vocabulary = Vocabulary()
    read(vocabulary, ["rocket (rocket) “rocket”, «\u00a0rocket\u00a0» rocket..."])
    assert vocabulary.words == [("rocket", "rocket", "word")]
    assert len(vocabulary) == 1


@pytest.mark.parametrize(
    "text",
    [
        "1 234 5678",
        "1\u202f234 5678",
        "12 345 678 9012",
        "123 4567",
        "1 2345 678",
        "1234 567 890",
        "234 567",
        "1 234 567 ",
    ],
)
def test_group_of_more_than_three_digits_makes_no_number(text: str) -> None:
    assert read(Vocabulary(), [text]) == read_plainly([text])


@given(
    st.lists(st.sampled_from(["1", "12", "123", "1234", "x", ".", ",", "l’", " ", "\u202f"]), max_size=12).map("".join)
)
def test_digits_with_any_spaces_have_the_words_found_in_them(text: str) -> None:
    assert read(SHARED, [text]) == read_plainly([text])


@pytest.mark.parametrize(
    "texts", [["1", "234"], ["1 ", "234"], ["1", " 234"], ["1 2", "34"], ["1 234", "567"], ["", "1", "", "234 5"]]
)
def test_number_never_goes_on_in_the_next_text(texts: list[str]) -> None:
    assert read(Vocabulary(), texts) == read_plainly(texts)


def test_texts_without_words_keep_their_places() -> None:
    assert read(Vocabulary(), ["", " ", "rocket", "\n\n", "?!", ""]) == read_plainly(
        ["", " ", "rocket", "\n\n", "?!", ""]
    )
    assert read(Vocabulary(), []) == []


@pytest.mark.parametrize("length", [7, 8, 9, 16, LONGEST_HASHED - 1, LONGEST_HASHED, LONGEST_HASHED + 1, 1000])
def test_pieces_that_differ_at_their_ends_are_told_apart(length: int) -> None:
    begin = "x-" * (length // 2) + "x" * (length % 2)
    texts = [begin + end for end in ("a", "b", "", "\0", "\0\0", "ab", "-a", "-b", "-a-b", "é", "è")]
    for order in (texts, texts[::-1]):
        assert read(Vocabulary(), order) == read_plainly(order)
        assert read(Vocabulary(), [" ".join(order)]) == read_plainly([" ".join(order)])


@settings(deadline=None)
@given(st.lists(st.text("é-1'", min_size=LONGEST_HASHED // 2 - 2, max_size=LONGEST_HASHED + 2), max_size=4))
def test_pieces_around_the_longest_hashed_are_told_apart(texts: list[str]) -> None:
    joined = [text + end for text in texts for end in ("", "-", "-a", "ab")]
    assert read(Vocabulary(), joined) == read_plainly(joined)


def test_many_pieces_are_neither_lost_nor_confused() -> None:
    vocabulary = Vocabulary()
    pieces = [f"w{number}" for number in range(150_000)]  # more than the table has room for at first
    for begin in range(0, len(pieces), 40_000):
        vocabulary.read([" ".join(pieces[begin : begin + 40_000]).encode()])
    assert len(vocabulary) == len(pieces)
    some = [*pieces[::-7], "w150000", *pieces[::1000]]
    numbers = vocabulary.read([" ".join(some).encode()]).numbers.tolist()
    assert [vocabulary.words[number][0] for number in numbers] == some


def test_pieces_of_two_counters_are_told_apart() -> None:
    pieces = " ".join(f"{first:08}{second:08}" for first in range(100) for second in range(100))
    assert read(Vocabulary(), [pieces]) == read_plainly([pieces])


def test_keys_that_cancel_each_other_confuse_no_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    key = 0x5851F42D4C957F2D
    keys = [np.uint64(value) for value in (key, key, 2**64 - key)]  # the length, the first lane, the second
    monkeypatch.setattr("searcher.engines.whoosh.vocabulary._KEYS", keys)
    text = "rocketsastationa rocketsbstationb rocketsastationb rocketsbstationa"
    assert read(Vocabulary(), [text]) == read_plainly([text])
