from __future__ import annotations

import pickle
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.engines.whoosh.texts import EMPTY_LENGTH, DamagedTextError, TextCodec, train_dictionary

WORDS = "rocket station orbit launch fusée orbite départ élève école cœur".split()


def make_texts(count: int) -> list[bytes]:
    """Return texts of about 1,600 bytes that have words in common."""
    random = Random(7)
    return [
        " ".join(f"{random.choice(WORDS)}{random.randrange(997)}" for _ in range(160)).encode() for _ in range(count)
    ]


@pytest.fixture(scope="module")
def dictionary() -> bytes:
    trained = train_dictionary(make_texts(1000))
    assert trained
    return trained


@pytest.fixture(scope="module", params=["plain", "with a dictionary"])
def codec(request: pytest.FixtureRequest, dictionary: bytes) -> TextCodec:
    return TextCodec(dictionary if request.param == "with a dictionary" else b"")


@given(text=st.binary() | st.text().map(str.encode))
def test_texts_come_back(codec: TextCodec, text: bytes) -> None:
    assert codec.decompress(codec.compress(text)) == text


def test_text_of_many_words_takes_less_with_a_dictionary(dictionary: bytes) -> None:
    text = make_texts(1)[0]
    assert len(TextCodec(dictionary).compress(text)) < len(TextCodec().compress(text)) < len(text)


@pytest.mark.parametrize("text", ["", "a", "é", "The rocket is on its way to the station.", "fusée " * 100])
def test_changed_byte_never_gives_another_text(codec: TextCodec, text: str) -> None:
    whole = codec.compress(text.encode())
    for place in range(len(whole)):
        for change in range(1, 256):
            changed = whole[:place] + bytes([whole[place] ^ change]) + whole[place + 1 :]
            try:
                assert codec.decompress(changed) == text.encode()
            except DamagedTextError:
                continue


def test_cut_text_is_an_error(codec: TextCodec) -> None:
    whole = codec.compress(b"The rocket is on its way to the station.")
    for length in range(len(whole)):
        with pytest.raises(DamagedTextError):
            codec.decompress(whole[:length])


def test_text_with_something_behind_it_is_an_error(codec: TextCodec) -> None:
    with pytest.raises(DamagedTextError):
        codec.decompress(codec.compress(b"rocket") + b"\0")


def test_text_of_another_dictionary_is_an_error(dictionary: bytes) -> None:
    for text in make_texts(20):
        with pytest.raises(DamagedTextError):
            TextCodec().decompress(TextCodec(dictionary).compress(text))


def test_only_the_empty_text_is_as_short_as_it(codec: TextCodec) -> None:
    assert len(codec.compress(b"")) == EMPTY_LENGTH
    assert all(len(codec.compress(bytes([value]))) > EMPTY_LENGTH for value in range(256))


def test_copy_is_the_same_codec(codec: TextCodec) -> None:
    copy: TextCodec = pickle.loads(pickle.dumps(codec))
    assert copy.dictionary == codec.dictionary
    for text in make_texts(3):
        assert copy.compress(text) == codec.compress(text)
        assert copy.decompress(codec.compress(text)) == text


def test_same_texts_give_the_same_dictionary(dictionary: bytes) -> None:
    assert train_dictionary(make_texts(1000)) == dictionary


@pytest.mark.parametrize("texts", [[], [b""], [b"", b"rocket"], make_texts(10), [b""] * 5000])
def test_few_texts_have_no_dictionary(texts: list[bytes]) -> None:
    assert train_dictionary(texts) == b""
