"""Attaching: what is kept beside the documents goes through every change of them."""

from __future__ import annotations

from pathlib import Path

import pytest
import whoosh.fields
import whoosh.index
from whoosh.query import Term

from searcher import Document, IndexDamagedError, Searcher, build_index, update_index
from searcher.engines import get_engine

CONTENT = {"empty": b"", "letters": "été".encode(), "zeros": bytes(1_000)}


def document(number: int) -> Document:
    return Document(str(number), f"The rocket {number} is on its way.", language="en")


def attach(folder: Path, **contents: bytes | None) -> None:
    """Attach contents to the index in a folder, or let go of those that are None."""
    with get_engine().write(folder, replace=False, memory=1) as writer:
        for name, content in contents.items():
            writer.attach(name, content)


def attached(folder: Path) -> dict[str, bytes | None]:
    """Return what a test has attached to the index in a folder."""
    snapshot = get_engine().open(folder)
    try:
        return {name: snapshot.attachment(name) for name in snapshot.attachments() if "/" not in name}
    finally:
        snapshot.close()


def attached_file(folder: Path) -> Path:
    """Return the file of the attachments."""
    [path] = [path for path in folder.iterdir() if b"attached." in path.read_bytes()]
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An index of two documents and some attachments."""
    build_index([document(1), document(2)], tmp_path / "index")
    attach(tmp_path / "index", **CONTENT)
    return tmp_path / "index"


def test_attachments_come_back_as_they_were(folder: Path) -> None:
    assert attached(folder) == CONTENT


def test_what_is_not_attached_is_none(folder: Path) -> None:
    snapshot = get_engine().open(folder)
    assert snapshot.attachment("other") is None
    snapshot.close()


def test_attaching_keeps_the_others(folder: Path) -> None:
    attach(folder, letters=b"a", more=b"b")
    assert attached(folder) == {**CONTENT, "letters": b"a", "more": b"b"}


def test_none_lets_go_of_one(folder: Path) -> None:
    attach(folder, zeros=None, unknown=None)
    assert attached(folder) == {"empty": b"", "letters": CONTENT["letters"]}


def test_writer_tells_what_would_be_kept(folder: Path) -> None:
    with get_engine().write(folder, replace=False, memory=1) as writer:
        writer.attach("zeros", None)
        writer.attach("more", b"b")
        assert [name for name in writer.attachments() if "/" not in name] == ["empty", "letters", "more"]
        assert (writer.attachment("zeros"), writer.attachment("more")) == (None, b"b")


def test_failed_change_attaches_nothing(folder: Path) -> None:
    def fail() -> None:
        with get_engine().write(folder, replace=False, memory=1) as writer:
            writer.attach("letters", b"a")
            raise ConnectionResetError

    before = sorted(path.name for path in folder.iterdir())
    with pytest.raises(ConnectionResetError):
        fail()
    assert attached(folder) == CONTENT
    assert sorted(path.name for path in folder.iterdir()) == before


def test_rebuild_keeps_attachments(folder: Path) -> None:
    build_index([document(3)], folder)
    assert attached(folder) == CONTENT


def test_merges_leave_attachments_alone(folder: Path) -> None:
    before = attached_file(folder)
    for number in range(3, 20):
        update_index([document(number)], folder, remove=[str(number - 2)])
    assert attached(folder) == CONTENT
    assert attached_file(folder) == before


def test_index_without_documents_keeps_attachments(folder: Path) -> None:
    update_index([], folder, remove=["1", "2"])
    assert attached(folder) == CONTENT
    update_index([document(3)], folder)
    assert attached(folder) == CONTENT


def test_attachments_are_no_documents(folder: Path) -> None:
    with Searcher(folder) as searcher:
        assert len(searcher) == 2
        assert {hit.id for hit in searcher.search("rocket")} == {"1", "2"}


def test_changed_attachment_is_noticed(folder: Path) -> None:
    path = attached_file(folder)
    content = path.read_bytes()
    path.write_bytes(content[:-1] + b"\1")
    with pytest.raises(IndexDamagedError):
        attached(folder)
    path.write_bytes(content[:-1])
    with pytest.raises(IndexDamagedError):
        attached(folder)


def test_changed_translations_are_noticed_by_a_search(folder: Path) -> None:
    path = attached_file(folder)
    content = path.read_bytes()
    place = content.index(b"en\tfr\n") + 100
    path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
    with pytest.raises(IndexDamagedError):
        Searcher(folder)


def test_damaged_attachments_are_left_behind_by_a_rebuild(folder: Path) -> None:
    path = attached_file(folder)
    path.write_bytes(path.read_bytes()[:-1])
    build_index([document(3)], folder)
    assert attached(folder) == {}
    with Searcher(folder) as searcher:
        assert [hit.id for hit in searcher.search("rocket")] == ["3"]


def test_index_that_another_program_made_is_replaced(tmp_path: Path) -> None:
    schema = whoosh.fields.Schema(text=whoosh.fields.TEXT)
    writer = whoosh.index.create_in(str(tmp_path), schema).writer()
    writer.add_document(text="a rocket")
    writer.commit()
    build_index([document(3)], tmp_path)
    assert attached(tmp_path) == {}
    with Searcher(tmp_path) as searcher:
        assert [hit.id for hit in searcher.search("rocket")] == ["3"]


def test_whoosh_searches_an_index_with_attachments(folder: Path) -> None:
    with whoosh.index.open_dir(str(folder)).searcher() as searcher:
        assert searcher.doc_count() == 2
        assert {hit["id"] for hit in searcher.search(Term("text_exact", "rocket"))} == {"1", "2"}
