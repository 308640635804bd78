"""Writing: change the index in a folder, everything or nothing.

A change is written into new segment files; the table of contents that names them is renamed into place at the end.
A rebuild is a change that begins with no segments, so it needs nothing of the index it replaces, not even that it can
be read.
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.index import clean_files
from whoosh.util.filelock import try_for

from searcher.engines import StoredDocument
from searcher.engines.whoosh.analysing import Analysed, Known, WhooshAnalyst
from searcher.engines.whoosh.attaching import Attachments, attachment_columns
from searcher.engines.whoosh.building import UNCHECKED, SegmentBuilder, merge_segments
from searcher.engines.whoosh.codec import ColumnarSegment
from searcher.engines.whoosh.columns import Array, DamagedColumnsError, write_columns
from searcher.engines.whoosh.contents import ContentsError, flush, read_contents_file, write_contents_file
from searcher.engines.whoosh.reading import (
    INDEX_NAME,
    access_explained,
    contents_name,
    damage_explained,
    explain_missing,
    newest_generation,
    read_contents,
)
from searcher.engines.whoosh.schema import fingerprint, make_schema
from searcher.engines.whoosh.texts import TextCodec, train_dictionary
from searcher.errors import IndexLockedError

LOCK_NAME = f"{INDEX_NAME}_WRITELOCK"
"""The lock that Whoosh's own writers take."""

HOLDER_NAME = f"{INDEX_NAME}_WRITER"
"""The file that says who took it last."""

LOCK_PATIENCE = 5.0
"""Seconds to wait for another writer."""

TIER_BITS = 2
TIER_SIZE = 2**TIER_BITS
"""Segments of a like size that make one of the next; see `choose_merge`."""


class WhooshWriter:
    """One change of a Whoosh index; see `searcher.engines.Writer`."""

    def __init__(self, folder: Path, generation: int, segments: Sequence[ColumnarSegment], memory: int) -> None:
        """`memory`: bytes that documents may take before they are written as a segment."""
        self._folder = folder
        self._memory = memory
        self._generation = generation
        self._old = [segment for segment in segments if segment.count]
        self._readers = {segment: segment.open(folder) for segment in self._old}
        self._attached = [segment for segment in segments if not segment.count]
        self._attachments = Attachments(folder, self._attached)
        self._attach: dict[str, bytes | None] = {}
        """What this change attaches or lets go."""
        self._new: list[ColumnarSegment] = []
        self._written: list[ColumnarSegment] = []
        self._codec: TextCodec | None = None
        self._builder: SegmentBuilder | None = None
        self._known: dict[int, Known] = {}
        """What each analyst has said so far."""
        self._ordinary: set[str] = set()
        """Words that any of them has seen with a small letter first: no names."""
        self._given: dict[str, tuple[int, int, str]] = {}
        """Of each id of this change: which of the new segments, number there, digest."""
        self._dropped: set[tuple[int, int]] = set()
        """Documents of this change that another of it replaced: which of the new segments, number there."""
        self.is_changed = False

    def find_digest(self, id: str) -> str | None:
        if id in self._given:
            return self._given[id][2]
        with damage_explained(self._folder):
            found = self._find(id)
            return found and self._readers[found[0]].digest(found[1])

    def _find(self, id: str) -> tuple[ColumnarSegment, int] | None:
        """Return where the document of an id is that was there before this change, unless it is deleted by now."""
        for segment, reader in self._readers.items():
            number = reader.find(id)
            if number is not None and number not in segment.deleted:
                return segment, number
        return None

    def attachment(self, name: str) -> bytes | None:
        if name in self._attach:
            return self._attach[name]
        with damage_explained(self._folder):
            return self._attachments.read(name)

    def attachments(self) -> Sequence[str]:
        given = {name for name, content in self._attach.items() if content is not None}
        return sorted(given | set(self._attachments.names()) - self._attach.keys())

    def attach(self, name: str, content: bytes | None) -> None:
        if content != self.attachment(name):
            self._attach[name] = content
            self.is_changed = True

    def remove(self, id: str) -> bool:
        given = self._given.pop(id, None)
        if given is not None:
            self._dropped.add(given[:2])
            self.is_changed = True
            return True
        with damage_explained(self._folder):
            found = self._find(id)
        if found is None:
            return False
        found[0].delete_document(found[1])
        self.is_changed = True
        return True

    def make_analyst(self, texts: Sequence[str]) -> WhooshAnalyst:
        if self._codec is None:
            known = (reader.codec.dictionary for reader in self._readers.values())
            with damage_explained(self._folder):
                dictionary = next(filter(None, known), b"")
            self._codec = TextCodec(dictionary or train_dictionary([text.encode() for text in texts]))
        return WhooshAnalyst(self._codec)

    def put(self, documents: Sequence[StoredDocument], digests: Sequence[str], analysed: Analysed) -> None:
        known = self._known.setdefault(analysed.analyst, Known())
        known.learn(analysed)
        self._ordinary.update(known.words[number][0] for number in analysed.lowered)
        if not documents:
            return
        if self._builder is None:
            assert self._codec is not None
            self._builder = SegmentBuilder(self._codec, self._ordinary)
        first = self._builder.add(documents, digests, analysed, known)
        for number, (document, digest) in enumerate(zip(documents, digests, strict=True), start=first):
            self.remove(document.id)
            self._given[document.id] = len(self._new), number, digest
        self.is_changed = True
        if self._builder.size >= self._memory:
            with access_explained(self._folder, "written"):
                self._flush()

    def _flush(self) -> None:
        """Write the documents at hand as a segment."""
        if self._builder is not None:
            builder, self._builder = self._builder, None
            self._new.append(self._write_segment(builder.columns(), len(builder)))

    def _write_attachments(self) -> list[ColumnarSegment]:
        """Return the segment of the attachments, a new one where they have changed, none where there are none."""
        if not self._attach:
            return self._attached
        kept = {name: content for name in self.attachments() if (content := self.attachment(name)) is not None}
        return [self._write_segment(attachment_columns(kept), 0)] if kept else []

    def _write_segment(self, columns: Mapping[str, Array], count: int) -> ColumnarSegment:
        segment = ColumnarSegment(INDEX_NAME, fingerprint(), count)
        self._written.append(segment)
        path = self._folder / segment.file_name()
        with path.open("wb") as stream:
            write_columns(stream, columns, {"documents": count}, unchecked=UNCHECKED)
        flush(path)
        return segment

    def commit(self) -> None:
        """Make the change visible."""
        with damage_explained(self._folder), access_explained(self._folder, "written"):
            self._flush()
            for place, number in self._dropped:
                self._new[place].delete_document(number)
            segments = [*self._merge([*self._old, *self._new]), *self._write_attachments()]
            generation = self._generation + 1
            write_contents_file(self._folder / contents_name(generation), make_schema(), segments, generation)
            clean_files(FileStorage(str(self._folder)), INDEX_NAME, generation, segments)

    def _merge(self, segments: Sequence[ColumnarSegment]) -> list[ColumnarSegment]:
        """Return the segments, small ones and those with many deletions as one; see `choose_merge`."""
        chosen = choose_merge([(segment.count, segment.deleted_count()) for segment in segments])
        if not chosen:
            return list(segments)
        kept = [segment for place, segment in enumerate(segments) if place not in chosen]
        readers = [segments[place].open(self._folder) for place in sorted(chosen)]
        count = sum(segments[place].doc_count() for place in chosen)
        return [*kept, self._write_segment(merge_segments(readers), count)] if count else kept

    def cancel(self) -> None:
        """Undo the change and leave no file of it, unless it is visible already."""
        if newest_generation(self._folder) > self._generation:
            return
        for segment in self._written:
            with suppress(OSError):
                (self._folder / segment.file_name()).unlink(missing_ok=True)


def choose_merge(sizes: Sequence[tuple[int, int]]) -> set[int]:
    """Return which segments to write anew as one, by their places; `sizes`: (documents, deleted ones) of each.

    Segments are in tiers by the logarithm of their documents. A full tier is written as one segment, with all below it,
    so a document is rewritten a logarithmic number of times, and tiers hold few. And any that is mostly deleted.
    """
    tiers = [count.bit_length() // TIER_BITS for count, _ in sizes]
    full = max((tier for tier in tiers if tiers.count(tier) >= TIER_SIZE), default=-1)
    mostly_deleted = {place for place, (count, deleted) in enumerate(sizes) if 2 * deleted >= max(count, 1)}
    return mostly_deleted | {place for place, tier in enumerate(tiers) if tier <= full}


@contextmanager
def open_writer(folder: Path, *, replace: bool, memory: int) -> Iterator[WhooshWriter]:
    """Yield a writer; commit at the end, undo everything at an exception. See `searcher.engines.Engine.write`."""
    with access_explained(folder, "written"):
        folder.mkdir(parents=True, exist_ok=True)
        lock = _acquire_lock(folder)
    try:
        with access_explained(folder, "written"):
            writer = _begin(folder, replace=replace, memory=memory)
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


def _begin(folder: Path, *, replace: bool, memory: int) -> WhooshWriter:
    generation = newest_generation(folder)
    if replace or generation < 0:
        writer = WhooshWriter(folder, generation, [], memory)
        writer.is_changed = True
        for name, content in _read_attached(folder, generation).items():
            writer.attach(name, content)
        return writer
    generation, segments = read_contents(folder)
    try:
        with damage_explained(folder):
            return WhooshWriter(folder, generation, segments, memory)
    except FileNotFoundError as error:
        raise explain_missing(folder, error) from error


def _read_attached(folder: Path, generation: int) -> dict[str, bytes]:
    """Return the attachments of a generation that is replaced; none where they can't be read any more."""
    try:
        _, segments = read_contents_file(folder / contents_name(generation))
        attachments = Attachments(folder, [segment for segment in segments if isinstance(segment, ColumnarSegment)])
        contents = {name: attachments.read(name) for name in attachments.names()}
    except (ContentsError, DamagedColumnsError, OSError):
        return {}
    return {name: content for name, content in contents.items() if content is not None}


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
