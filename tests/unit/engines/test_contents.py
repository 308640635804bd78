from __future__ import annotations

import os
import pickle
import zlib
from pathlib import Path
from struct import pack
from typing import Any

import pytest
import whoosh.index
from whoosh.codec.whoosh3 import W3Codec, W3Segment
from whoosh.filedb.filestore import RamStorage

from searcher.engines.whoosh.contents import (
    ContentsError,
    ForeignContentsError,
    read_contents_file,
    write_contents_file,
)
from searcher.engines.whoosh.schema import make_schema

NAME = "_MAIN_3.toc"


class Payload:
    """Makes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.path),)


def segment(deleted: set[int] | None = None) -> W3Segment:
    made = W3Segment(W3Codec(), "MAIN", doccount=7, deleted=deleted)
    made.fingerprint = "1-abc"
    return made


def write(folder: Path, *segments: Any) -> Path:
    path = folder / NAME
    write_contents_file(path, make_schema(), segments, 3)
    return path


def write_with_checksum(folder: Path, pickled: bytes, *, schema: bytes = b"") -> Path:
    """Write a table of contents as somebody would who knows the format."""
    body = b"\x04\x08\x04" + pack("!ii", -12345, -111) + b"\2\7\4" + bytes([len(schema)]) + schema + pack("!ii", 3, 0)
    path = folder / NAME
    path.write_bytes(body + pickled + b"CRC1" + pack("!I", zlib.crc32(body + pickled)))
    return path


def values(segments: list[Any]) -> list[dict[str, Any]]:
    return [{**vars(segment), "_codec": vars(segment._codec)} for segment in segments]


def test_segments_come_back_as_they_were(tmp_path: Path) -> None:
    written = [segment(), segment({1, 5}), segment(set(range(3000)))]
    generation, segments = read_contents_file(write(tmp_path, *written))
    assert generation == 3
    assert [type(segment) for segment in segments] == [W3Segment] * 3
    assert values(segments) == values(written)
    assert [segment.deleted_count() for segment in segments] == [0, 2, 3000]


def test_contents_without_segments_come_back(tmp_path: Path) -> None:
    assert read_contents_file(write(tmp_path)) == (3, [])


def test_whoosh_opens_what_was_written(tmp_path: Path) -> None:
    write(tmp_path)
    index = whoosh.index.open_dir(tmp_path)
    assert index.latest_generation() == 3
    assert sorted(index.schema.names()) == sorted(make_schema().names())
    assert index.is_empty()


def test_whoosh_reads_the_same_segments(tmp_path: Path) -> None:
    written = [segment(), segment({4})]
    write(tmp_path, *written)
    assert values(whoosh.index.open_dir(tmp_path)._segments()) == values(written)


def test_what_whoosh_wrote_is_read_once_it_has_a_checksum(tmp_path: Path) -> None:
    index = whoosh.index.create_in(tmp_path, make_schema())
    for deleted in (None, 0):
        writer = index.writer()
        writer.add_document(id="a")
        writer.add_document(id="b")
        if deleted is not None:
            writer.delete_document(deleted)
        writer.commit(merge=False)
    path = tmp_path / "_MAIN_2.toc"
    with pytest.raises(ForeignContentsError, match="another program"):
        read_contents_file(path)
    body = path.read_bytes()
    path.write_bytes(body + b"CRC1" + pack("!I", zlib.crc32(body)))
    generation, segments = read_contents_file(path)
    assert generation == 2
    assert values(segments) == values(index._segments())


def test_every_changed_byte_is_noticed(tmp_path: Path) -> None:
    path = write(tmp_path, segment({1, 2}))
    whole = path.read_bytes()
    for position in range(len(whole)):
        for mask in (0x01, 0x80, 0xFF):
            path.write_bytes(whole[:position] + bytes([whole[position] ^ mask]) + whole[position + 1 :])
            with pytest.raises(ContentsError):
                read_contents_file(path)


def test_every_cut_is_noticed(tmp_path: Path) -> None:
    path = write(tmp_path, segment({1, 2}))
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(ContentsError):
            read_contents_file(path)


def test_bytes_at_the_end_are_noticed(tmp_path: Path) -> None:
    path = write(tmp_path, segment())
    path.write_bytes(path.read_bytes() + b"\0")
    with pytest.raises(ContentsError):
        read_contents_file(path)


def test_payload_in_the_schema_is_passed_over(tmp_path: Path) -> None:
    target = tmp_path / "made"
    path = write_with_checksum(tmp_path, pickle.dumps([]), schema=pickle.dumps(Payload(target)))
    assert read_contents_file(path) == (3, [])
    assert not target.exists()


def test_payload_in_the_segments_runs_nothing(tmp_path: Path) -> None:
    target = tmp_path / "made"
    hidden = segment()
    hidden._deleted = Payload(target)
    for planted in (Payload(target), [Payload(target)], [hidden]):
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            path = write_with_checksum(tmp_path, pickle.dumps(planted, protocol))
            with pytest.raises(ContentsError, match="no segment"):
                read_contents_file(path)
            assert not target.exists()


@pytest.mark.parametrize("name", ["eval", "exec", "getattr", "open", "bytearray", "__import__"])
def test_no_function_of_python_can_be_named(tmp_path: Path, name: str) -> None:
    path = write_with_checksum(tmp_path, b"cbuiltins\n" + name.encode() + b"\n.")
    with pytest.raises(ContentsError, match=name):
        read_contents_file(path)


def test_no_name_within_an_allowed_module_can_be_reached(tmp_path: Path) -> None:
    for name in ("os", "W3Segment.__init__", "W3FieldWriter"):
        pickled = b"\x80\x04\x8c\x14whoosh.codec.whoosh3\x8c" + bytes([len(name)]) + name.encode() + b"\x93."
        with pytest.raises(ContentsError, match="no segment"):
            read_contents_file(write_with_checksum(tmp_path, pickled))


def test_methods_of_a_segment_can_not_be_replaced(tmp_path: Path) -> None:
    changed = segment()
    changed.codec = 1
    with pytest.raises(ContentsError, match="codec"):
        read_contents_file(write_with_checksum(tmp_path, pickle.dumps([changed])))
    # A class as the object whose attributes are set: the class itself is not to change.
    pickled = b"cwhoosh.codec.whoosh3\nW3Segment\n(N(dS'is_deleted'\nI1\nstb."
    before = dict(vars(W3Segment))
    with pytest.raises(ContentsError):
        read_contents_file(write_with_checksum(tmp_path, pickled))
    assert dict(vars(W3Segment)) == before


@pytest.mark.parametrize("name", ["../MAIN", "/etc/x", "a/b", "", "MAIN.x", "MAIN\0"])
def test_name_of_a_segment_stays_in_the_folder(tmp_path: Path, name: str) -> None:
    planted = segment()
    planted.indexname = name
    with pytest.raises(ContentsError):
        read_contents_file(write_with_checksum(tmp_path, pickle.dumps([planted])))


@pytest.mark.parametrize("pickled", [b"", b".", b"N.", b"](K\1e.", pickle.dumps({"a": 1}), pickle.dumps([[]])])
def test_what_is_no_list_of_segments_is_an_error(tmp_path: Path, pickled: bytes) -> None:
    with pytest.raises(ContentsError):
        read_contents_file(write_with_checksum(tmp_path, pickled))


@pytest.mark.parametrize("length", [b"\xff\xff\xff\xff\x0f", b"\xff" * 20 + b"\x01", b"\x80" * 40])
def test_length_beyond_the_file_is_an_error(tmp_path: Path, length: bytes) -> None:
    body = b"\x04\x08\x04" + pack("!ii", -12345, -111) + b"\2\7\4" + length + pack("!ii", 3, 0) + pickle.dumps([])
    path = tmp_path / NAME
    path.write_bytes(body + b"CRC1" + pack("!I", zlib.crc32(body)))
    with pytest.raises(ContentsError):
        read_contents_file(path)


@pytest.mark.parametrize("held", [object(), [[1]], Path("a"), range(3), bytearray(3)])
def test_segment_that_could_not_be_read_is_not_written(tmp_path: Path, held: object) -> None:
    unfit = segment()
    unfit.held = held
    with pytest.raises(ContentsError):
        write(tmp_path, unfit)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("failing", ["os.fsync", "os.replace"])
def test_write_that_fails_leaves_the_old_file_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    path = write(tmp_path, segment())
    before = path.read_bytes()

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(failing, refuse)
        with pytest.raises(OSError, match="No space left"):
            write(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == [NAME]
    assert path.read_bytes() == before


def test_folder_is_flushed_after_the_file_is_in_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    fsync, replace = os.fsync, os.replace

    def note_fsync(descriptor: int) -> None:
        steps.append("folder" if os.path.isdir(f"/dev/fd/{descriptor}") else "file")  # noqa: PTH112 - a descriptor
        fsync(descriptor)

    def note_replace(*paths: Any) -> None:
        steps.append("replace")
        replace(*paths)

    monkeypatch.setattr("os.fsync", note_fsync)
    monkeypatch.setattr("os.replace", note_replace)
    write(tmp_path)
    assert steps == (["file", "replace"] if os.name == "nt" else ["file", "replace", "folder"])


def test_missing_file_is_told_apart(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_contents_file(tmp_path / NAME)


def test_whoosh_writes_nothing_behind_the_segments() -> None:
    memory = RamStorage()
    whoosh.index.TOC(make_schema(), [segment()], 3).write(memory, "MAIN")
    assert bytes(memory.files[NAME]).endswith(pickle.STOP)
