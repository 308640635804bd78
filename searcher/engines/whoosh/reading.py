"""Reading: open one generation of the index in a folder and answer from it."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any

from numpy.typing import NDArray
from whoosh.index import TOC

from searcher.engines import Account, IndexStatus, RankedDocument, Ranking, StoredDocument
from searcher.engines.whoosh.attaching import Attachments
from searcher.engines.whoosh.codec import ColumnarSegment
from searcher.engines.whoosh.contents import ContentsError, ForeignContentsError, read_contents_file
from searcher.engines.whoosh.schema import fingerprint
from searcher.engines.whoosh.scoring import Collection
from searcher.engines.whoosh.segments import SegmentReader
from searcher.engines.whoosh.wordlist import WordList
from searcher.errors import (
    IndexAccessError,
    IndexDamagedError,
    IndexFormatError,
    IndexNotFoundError,
    SearcherError,
    tell_refusal,
)
from searcher.messages import Message
from searcher.query import Clause, Query

INDEX_NAME = "MAIN"
"""Whoosh's own default, so that `whoosh.index.open_dir` opens our folders."""

OPEN_ATTEMPTS = 5
"""A writer may delete the files of a generation while it is being opened; the next one is there then."""

ANOTHER_PROGRAM = Message("another program")
REBUILD = Message("Build it anew with: searcher rebuild PATH")

CONTENTS = re.compile(rf"_{INDEX_NAME}_(\d{{1,9}})\.toc")


def newest_generation(folder: Path) -> int:
    """Return the number of the newest generation in a folder, -1 where there is none."""
    found = (CONTENTS.fullmatch(path.name) for path in folder.iterdir()) if folder.is_dir() else ()
    return max((int(match[1]) for match in found if match), default=-1)


def read_contents(folder: Path) -> tuple[int, list[ColumnarSegment]]:
    """Return the newest generation and its segments; IndexUnavailableError says why they can't be used."""
    if folder.exists() and not folder.is_dir():
        problem = Message("{folder} is a file, not a folder", folder=folder)
        raise IndexAccessError(folder, problem, Message("Name the folder of an index with --index"))
    newest = newest_generation(folder)
    if newest < 0:
        raise IndexNotFoundError(
            folder,
            Message("there is no index in {folder}", folder=folder),
            Message("Make one with: searcher index PATH, or name another with --index"),
        )
    with damage_explained(folder):
        try:
            generation, segments = read_contents_file(folder / contents_name(newest))
            if generation != newest:
                raise ContentsError(f"it says that it is generation {generation}")
        except ForeignContentsError as error:
            raise _foreign(folder, ANOTHER_PROGRAM) from error
    for other in {getattr(segment, "fingerprint", ANOTHER_PROGRAM) for segment in segments} - {fingerprint()}:
        raise _foreign(folder, other)
    return generation, segments


def _foreign(folder: Path, writer: str) -> IndexFormatError:
    return IndexFormatError(
        folder,
        Message(
            "the index {folder} was written with {writer}, this is {own}",
            folder=folder, writer=writer, own=fingerprint(),
        ),
        REBUILD,
    )  # fmt: skip


def contents_name(generation: int) -> str:
    """Name the file of a generation's table of contents."""
    return str(TOC._filename(INDEX_NAME, generation))


@contextmanager
def access_explained(folder: Path, action: Message, *, passing: tuple[type[OSError], ...] = ()) -> Iterator[None]:
    """Turn what the system refuses into an error that says what to do; `action`: what can't be done, "read" say."""
    try:
        yield
    except passing:
        raise
    except OSError as error:
        raise IndexAccessError(
            folder,
            Message(
                "the index {folder} can't be {action}: {reason}",
                folder=folder,
                action=action,
                reason=tell_refusal(error),
            ),
            Message(
                "The index is as it was; check the space and the permissions of the folder, "
                "or name another with --index"
            ),
        ) from error


class damage_explained:  # noqa: N801 - used like a function
    """Turns whatever Whoosh raises over broken files into an error that says what to do."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, Exception) and not isinstance(error, SearcherError | OSError):
            raise IndexDamagedError(
                self._folder,
                Message(
                    "the index {folder} is damaged ({kind}: {error})",
                    folder=self._folder,
                    kind=type(error).__name__,
                    error=error,
                ),
                REBUILD,
            ) from error


class WhooshSnapshot:
    """One generation of a Whoosh index; see `searcher.engines.Snapshot`."""

    def __init__(self, folder: Path, generation: int, segments: Sequence[ColumnarSegment]) -> None:
        self.generation = generation
        self._folder = folder
        self._collection = Collection([segment.open(folder) for segment in segments if segment.count])
        self._attachments = Attachments(folder, segments)
        self._words = WordList(self._collection.segments)

    def count_documents(self) -> Mapping[str, int]:
        return self._collection.counts

    def rank(
        self, query: Query, *, language: str | None, limit: int, offset: int, sort: str, facets: Sequence[str]
    ) -> Ranking:
        with damage_explained(self._folder):
            collection = self._collection
            documents, scores = collection.score(query, language)
            keys: list[NDArray[Any]] = [scores]
            if sort == "date":
                keys.insert(0, collection.values.moments[documents])
            elif not query.clauses:
                keys = [collection.values.moments[documents]]
            best = collection.best(documents, keys, offset + limit)[offset:]
            return Ranking(
                list(map(RankedDocument, documents[best].tolist(), scores[best].tolist())),
                len(documents),
                collection.count_by_language(documents),
                {name: collection.count_by_value(documents, name) for name in facets},
            )

    def explain(self, query: Query, number: int) -> Account:
        with damage_explained(self._folder):
            return self._collection.explain(query, number)

    def count_holders(self, clauses: Iterable[Clause]) -> list[dict[str, int]]:
        with damage_explained(self._folder):
            return [self._collection.count_by_language(self._collection.hold(clause).documents) for clause in clauses]

    def read(self, numbers: Iterable[int]) -> list[StoredDocument]:
        with damage_explained(self._folder):
            return [segment.stored(inner) for segment, inner in map(self._collection.locate, numbers)]

    def text_reader(self, number: int) -> Callable[[], str]:
        return partial(_read_text, self._folder, *self._collection.locate(number))

    def find(self, id: str) -> int | None:
        with damage_explained(self._folder):
            for base, segment in zip(self._collection.bases, self._collection.segments, strict=False):
                number = segment.find(id)
                if number is not None:
                    return base + number
            return None

    def has_field(self, name: str) -> bool:
        with damage_explained(self._folder):
            return self._collection.values.has_field(name)

    def find_spellings(self, word: str) -> Sequence[str]:
        with damage_explained(self._folder):
            return sorted(self._words.find_spellings(word))

    def count_word(self, word: str) -> int:
        with damage_explained(self._folder):
            return self._words.count(word)

    def find_beginning(self, beginning: str) -> Mapping[str, int]:
        with damage_explained(self._folder):
            return self._words.find_beginning(beginning)

    def holds(self, clause: Clause) -> bool:
        with damage_explained(self._folder):
            return len(self._collection.hold(clause).documents) > 0

    def find_names(self, word: str) -> Sequence[str]:
        with damage_explained(self._folder):
            return sorted(self._words.find_names(word))

    def attachments(self) -> Sequence[str]:
        return self._attachments.names()

    def attachment(self, name: str) -> bytes | None:
        with damage_explained(self._folder):
            return self._attachments.read(name)

    def is_current(self) -> bool:
        return newest_generation(self._folder) == self.generation

    def close(self) -> None:
        """Let go of the segments; their maps are closed when nothing uses them any more."""
        self._collection = Collection([])
        self._words = WordList([])
        self._attachments = Attachments(self._folder, [])


def _read_text(folder: Path, segment: SegmentReader, number: int) -> str:
    with damage_explained(folder):
        return segment.text(number)


def open_snapshot(folder: Path) -> WhooshSnapshot:
    """Open the newest generation in a folder; IndexUnavailableError says why it can't be."""
    for attempt in range(OPEN_ATTEMPTS):
        time.sleep(0.02 * attempt)
        try:
            with access_explained(folder, Message("read"), passing=(FileNotFoundError,)):
                generation, segments = read_contents(folder)
                with damage_explained(folder):
                    return WhooshSnapshot(folder, generation, segments)
        except FileNotFoundError as error:
            missing = error
    raise explain_missing(folder, missing) from missing


def explain_missing(folder: Path, error: FileNotFoundError) -> IndexDamagedError:
    """Return the error that says which file of an index is missing."""
    return IndexDamagedError(
        folder,
        Message("a file of the index {folder} is missing: {file}", folder=folder, file=error.filename or error),
        REBUILD,
    )


def inspect_index(folder: Path) -> IndexStatus:
    """Tell what the index in a folder is; IndexUnavailableError says why it can't be used."""
    snapshot = open_snapshot(folder)
    try:
        with access_explained(folder, Message("read")):
            found = {path.name: _stat(path) for path in folder.iterdir() if INDEX_NAME in path.name}
        files = {name: about for name, about in found.items() if about is not None}
        contents = files.get(contents_name(snapshot.generation))
        return IndexStatus(
            folder=folder,
            documents=snapshot.count_documents(),
            size=sum(about.st_size for about in files.values()),
            modified=contents.st_mtime if contents else time.time(),  # another generation has just taken its place
            generation=snapshot.generation,
            fingerprint=fingerprint(),
        )
    finally:
        snapshot.close()


def _stat(path: Path) -> os.stat_result | None:
    """Return what is known of a file, None where a writer has just deleted it."""
    try:
        return path.stat()
    except FileNotFoundError:
        return None
