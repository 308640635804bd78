from __future__ import annotations

from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searcher.engines.whoosh.columns import Array, Columns, DamagedColumnsError, smallest, write_columns

BITS = {"u1": 8, "u2": 16, "u4": 32, "u8": 64}

ABOUT = {"documents": 3, "title": "été"}

SAMPLE: dict[str, Array] = {
    "bytes": np.arange(5, dtype=np.uint8),
    "none": np.zeros(0, np.uint32),
    "words": np.array([1, 2, 70_000], np.uint32),
    "été": np.array([2**63], np.uint64),
    "short": np.array([300, 0, 65_535], np.uint16),
}


@st.composite
def arrays(draw: st.DrawFn) -> Array:
    kind = draw(st.sampled_from(sorted(BITS)))
    values = draw(st.lists(st.integers(0, 2 ** BITS[kind] - 1), max_size=40))
    array: Array = np.array(values, draw(st.sampled_from("<>")) + kind)
    return array[:: draw(st.sampled_from([1, 2, -1]))]


def encode(arrays: dict[str, Array], unchecked: frozenset[str] = frozenset()) -> bytes:
    stream = BytesIO()
    write_columns(stream, arrays, ABOUT, unchecked=unchecked)
    return stream.getvalue()


def read_all(path: Path) -> dict[str, Array]:
    columns = Columns(path)
    return {name: columns.array(name) for name in columns.about["arrays"]}


def are_equal(some: dict[str, Array], others: dict[str, Array]) -> bool:
    """Tell whether names, values and widths are the same."""
    return list(some) == list(others) and all(
        array.itemsize == others[name].itemsize and array.tolist() == others[name].tolist()
        for name, array in some.items()
    )


@settings(deadline=None)
@given(st.dictionaries(st.text(max_size=8), arrays(), max_size=6))
def test_arrays_come_back_as_they_were(written: dict[str, Array]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.columns"
        path.write_bytes(encode(written))
        assert are_equal(written, read_all(path))


def test_what_the_writer_says_of_the_file_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "a.columns"
    path.write_bytes(encode(SAMPLE))
    columns = Columns(path)
    assert {name: columns.about[name] for name in ABOUT} == ABOUT
    assert "short" in columns
    assert "long" not in columns


def test_same_arrays_are_the_same_bytes() -> None:
    swapped = {name: array.astype(array.dtype.newbyteorder(">")) for name, array in SAMPLE.items()}
    assert encode(SAMPLE) == encode(swapped)


def test_arrays_begin_at_multiples_of_64_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.columns"
    path.write_bytes(encode(SAMPLE))
    for array in read_all(path).values():
        assert array.size == 0 or array.ctypes.data % 64 == 0


def test_arrays_can_not_be_changed(tmp_path: Path) -> None:
    path = tmp_path / "a.columns"
    path.write_bytes(encode(SAMPLE))
    array = Columns(path).array("words")
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 7


@pytest.mark.parametrize("mask", [0x01, 0x80, 0xFF])
def test_every_changed_byte_is_noticed_or_means_nothing(tmp_path: Path, mask: int) -> None:
    whole = encode(SAMPLE)
    for position in range(len(whole)):
        path = tmp_path / f"{position}.columns"
        path.write_bytes(whole[:position] + bytes([whole[position] ^ mask]) + whole[position + 1 :])
        try:
            found = read_all(path)
        except DamagedColumnsError:
            continue
        assert are_equal(SAMPLE, found), position


def test_every_cut_is_noticed(tmp_path: Path) -> None:
    whole = encode(SAMPLE)
    for length in range(len(whole)):
        path = tmp_path / f"{length}.columns"
        path.write_bytes(whole[:length])
        with pytest.raises(DamagedColumnsError):
            Columns(path)


def test_cut_is_noticed_in_what_is_not_checked(tmp_path: Path) -> None:
    path = tmp_path / "a.columns"
    path.write_bytes(encode({"texts": np.arange(100, dtype=np.uint8)}, frozenset({"texts"}))[:-1])
    with pytest.raises(DamagedColumnsError, match=r"a\.columns is cut"):
        Columns(path)


def test_changed_array_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.columns"
    whole = encode(SAMPLE)
    path.write_bytes(whole[:-1] + b"\0")
    columns = Columns(path)
    assert columns.array("words").tolist() == [1, 2, 70_000]
    with pytest.raises(DamagedColumnsError, match=r"short in a\.columns is changed"):
        columns.array("short")


def test_change_in_what_checks_itself_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "a.columns"
    path.write_bytes(encode({"texts": np.array([1, 2, 3], np.uint8)}, frozenset({"texts"}))[:-1] + b"\7")
    assert Columns(path).array("texts").tolist() == [1, 2, 7]


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=200) | st.binary(max_size=200).map(b"SEARCHER".__add__))
def test_other_file_is_an_error(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.columns"
        path.write_bytes(content)
        with pytest.raises(DamagedColumnsError):
            Columns(path)


def test_missing_file_is_told_apart(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Columns(tmp_path / "a.columns")


@given(st.lists(st.integers(0, 2**63 - 1), max_size=5))
def test_smallest_type_holds_every_value(values: list[int]) -> None:
    array = smallest(np.array(values, np.int64))
    highest = max(values, default=0)
    assert array.tolist() == values
    assert array.dtype.kind == "u"
    assert highest < 2 ** (8 * array.itemsize)
    assert array.itemsize == 1 or highest >= 2 ** (4 * array.itemsize)
