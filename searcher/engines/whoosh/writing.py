"""Writing: change the index in a folder, everything or nothing.

A change is written into new segment files; the table of contents that names them is renamed into place at the end.
A rebuild is a change that begins with no segments, so it needs nothing of the index it replaces, not even that it can
be read.
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage, RamStorage
from whoosh.index import TOC, clean_files
from whoosh.util.filelock import try_for
from whoosh.writing import SegmentWriter

from searcher.analysis import Token
from searcher.engines import StoredDocument
from searcher.engines.whoosh.reading import (
    INDEX_NAME,
    access_explained,
    damage_explained,
    newest_generation,
    read_contents,
)
from searcher.engines.whoosh.schema import EXACT, fingerprint, make_schema, text_field, title_field
from searcher.errors import IndexLockedError

LOCK_NAME = f"{INDEX_NAME}_WRITELOCK"
"""The lock that Whoosh's own writers take."""

HOLDER_NAME = f"{INDEX_NAME}_WRITER"
"""The file that says who took it last."""

LOCK_PATIENCE = 5.0
"""Seconds to wait for another writer."""


class _Contents:
    """What a Whoosh writer asks of an index: where it is, and what is in it now."""

    indexname = INDEX_NAME

    def __init__(self, storage: FileStorage, contents: TOC) -> None:
        self.storage = storage
        self._contents = contents

    def _read_toc(self) -> TOC:
        return self._contents


class _DurableWriter(SegmentWriter):  # type: ignore[misc]
    """A Whoosh writer that has everything on disk before a table of contents names it."""

    is_committed = False

    def _commit_toc(self, segments: list[Any]) -> None:
        folder = Path(self.storage.folder)
        memory = RamStorage()
        TOC(self.schema, segments, self.generation).write(memory, self.indexname)
        name = TOC._filename(self.indexname, self.generation)
        for path in folder.glob(f"{self.newsegment.segment_id()}.*"):
            _flush(path)
        draft = folder / f"{name}.new"
        try:
            draft.write_bytes(bytes(memory.files[name]))
            _flush(draft)
            draft.replace(folder / name)
            self.is_committed = True
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        with suppress(OSError):  # some network file systems can't flush a folder
            _flush(folder)
        clean_files(self.storage, self.indexname, self.generation, segments)


def _flush(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on disk."""
    if path.is_dir() and os.name == "nt":
        return  # Windows opens no folders
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class WhooshWriter:
    """One change of a Whoosh index; see `searcher.engines.Writer`."""

    def __init__(self, folder: Path, contents: TOC) -> None:
        self._folder = folder
        self._writer = _DurableWriter(_Contents(FileStorage(str(folder)), contents), _lk=False)
        self._writer.newsegment.fingerprint = fingerprint()
        self._known: dict[str, tuple[int, str]] = {}
        """Of each id: document number (those of this change are negative, -1 - n) and digest."""
        if contents.segments:
            self._read_known()
        self.is_changed = False

    def _read_known(self) -> None:
        reader = self._writer.reader()
        try:
            ids, digests = reader.column_reader("id"), reader.column_reader("digest")
            for number in reader.all_doc_ids():
                self._known[ids[number]] = number, digests[number].decode()
        finally:
            reader.close()

    def find_digest(self, id: str) -> str | None:
        known = self._known.get(id)
        return known and known[1]

    def remove(self, id: str) -> bool:
        number, _ = self._known.pop(id, (None, ""))
        if number is None:
            return False
        if number < 0:
            self._writer.newsegment.delete_document(-1 - number)
        else:
            self._writer.delete_document(number)
        self.is_changed = True
        return True

    def put(self, document: StoredDocument, digest: str, title: Sequence[Token], text: Sequence[Token]) -> None:
        self.remove(document.id)
        self._known[document.id] = -1 - self._writer.docnum, digest
        with access_explained(self._folder, "written"):
            self._writer.add_document(**_field_values(document, digest, title, text))
        self.is_changed = True

    def commit(self) -> None:
        """Make the change visible."""
        # A merge reads old segments.
        with damage_explained(self._folder), access_explained(self._folder, "written"):
            self._writer.commit()

    def cancel(self) -> None:
        """Undo the change and leave no file of it, unless it is visible already."""
        if self._writer.is_committed:
            return
        # Whoosh finishes its files before it gives them up, which fails where the disk is full.
        with suppress(Exception):
            self._writer.cancel()
        for path in self._folder.glob(f"{self._writer.newsegment.segment_id()}.*"):
            with suppress(OSError):
                path.unlink()


def _field_values(
    document: StoredDocument, digest: str, title: Sequence[Token], text: Sequence[Token]
) -> dict[str, Any]:
    values: dict[str, Any] = {
        "id": document.id,
        "language": document.language,
        "digest": digest.encode(),
        "title": document.title,
        "text": document.text,
        "source": document.source,
        "date": document.date,
        "metadata": document.metadata,
        "title_length": len(title),
        "text_length": len(text),
    }
    for name, tokens in ((title_field, title), (text_field, text)):
        values[name(document.language)] = [(token.term, token.position) for token in tokens]
        values[name(EXACT)] = [(token.exact, token.position) for token in tokens]
    return values


@contextmanager
def open_writer(folder: Path, *, replace: bool) -> Iterator[WhooshWriter]:
    """Yield a writer; commit at the end, undo everything at an exception. See `searcher.engines.Engine.write`."""
    with access_explained(folder, "written"):
        folder.mkdir(parents=True, exist_ok=True)
        lock = _acquire_lock(folder)
    try:
        with access_explained(folder, "written"):
            writer = _begin(folder, replace=replace)
        try:
            yield writer
            if writer.is_changed:
                writer.commit()
            else:
                writer.cancel()
        except BaseException:
            writer.cancel()
            raise
    finally:
        lock.release()


def _begin(folder: Path, *, replace: bool) -> WhooshWriter:
    generation = newest_generation(folder)
    if replace or generation < 0:
        writer = WhooshWriter(folder, TOC(make_schema(), [], generation))
        writer.is_changed = True
        return writer
    contents = read_contents(folder)
    with damage_explained(folder):
        return WhooshWriter(folder, contents)


def _acquire_lock(folder: Path) -> Any:
    """Return the writers' lock, held; note beside it who holds it."""
    lock = FileStorage(str(folder)).lock(LOCK_NAME)
    path = folder / HOLDER_NAME
    if not try_for(lock.acquire, timeout=LOCK_PATIENCE, delay=0.05):
        holder = ""
        with suppress(OSError):
            holder = path.read_text(encoding="utf-8", errors="replace").strip()
        raise IndexLockedError(folder, holder or "it left no name")
    with suppress(OSError):
        command = Path(sys.argv[0]).name if sys.argv else "python"
        since = datetime.now().astimezone().isoformat(timespec="seconds")
        path.write_text(
            f"process {os.getpid()} on {socket.gethostname()} ({command}), since {since}\n", encoding="utf-8"
        )
    return lock
