"""Reading: open one generation of the index in a folder and answer from it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, FileIndex

from searcher.engines import IndexStatus, RankedDocument, Ranking, StoredDocument
from searcher.engines.whoosh.schema import EXACT, fingerprint, make_schema, text_field, title_field
from searcher.engines.whoosh.scoring import DocumentTable, score_documents
from searcher.errors import IndexAccessError, IndexDamagedError, IndexFormatError, IndexNotFoundError, SearcherError
from searcher.languages import get_languages
from searcher.query import Query
from searcher.words import fold

INDEX_NAME = "MAIN"
"""Whoosh's own default, so that `whoosh.index.open_dir` opens our folders."""

OPEN_ATTEMPTS = 5
"""A writer may delete the files of a generation while it is being opened; the next one is there then."""

CONTENTS = re.compile(rf"_{INDEX_NAME}_(\d{{1,9}})\.toc")


def newest_generation(folder: Path) -> int:
    """Return the number of the newest generation in a folder, -1 where there is none."""
    found = (CONTENTS.fullmatch(path.name) for path in folder.iterdir()) if folder.is_dir() else ()
    return max((int(match[1]) for match in found if match), default=-1)


def read_contents(folder: Path) -> TOC:
    """Return the newest table of contents; IndexUnavailableError says why it can't be used."""
    if folder.exists() and not folder.is_dir():
        raise IndexAccessError(folder, f"{folder} is a file, not a folder", "Name the folder of an index with --index")
    if newest_generation(folder) < 0:
        raise IndexNotFoundError(
            folder,
            f"there is no index in {folder}",
            "Make one with: searcher index PATH, or name another with --index",
        )
    with damage_explained(folder):
        # With our own schema: the one in the file, which would be unpickled, is passed over.
        contents = TOC.read(FileStorage(str(folder)), INDEX_NAME, schema=make_schema())
    written_with = {getattr(segment, "fingerprint", "another program") for segment in contents.segments}
    for other in written_with - {fingerprint()}:
        raise IndexFormatError(
            folder,
            f"the index {folder} was written with {other}, this is {fingerprint()}",
            "Build it anew with: searcher rebuild PATH",
        )
    return contents


@contextmanager
def access_explained(folder: Path, action: str, *, passing: tuple[type[OSError], ...] = ()) -> Iterator[None]:
    """Turn what the system refuses into an error that says what to do; `action`: what can't be done, "read" say."""
    try:
        yield
    except passing:
        raise
    except OSError as error:
        raise IndexAccessError(
            folder,
            f"the index {folder} can't be {action}: {error.strerror or error}",
            "The index is as it was; check the space and the permissions of the folder, or name another with --index",
        ) from error


@contextmanager
def damage_explained(folder: Path) -> Iterator[None]:
    """Turn whatever Whoosh raises over broken files into an error that says what to do."""
    try:
        yield
    except (SearcherError, PermissionError, FileNotFoundError, KeyboardInterrupt):
        raise
    except Exception as error:
        raise IndexDamagedError(
            folder,
            f"the index {folder} is damaged ({type(error).__name__}: {error})",
            "Build it anew with: searcher rebuild PATH",
        ) from error


class WhooshSnapshot:
    """One generation of a Whoosh index; see `searcher.engines.Snapshot`."""

    def __init__(self, folder: Path, contents: TOC) -> None:
        self.generation: int = contents.generation
        self._folder = folder
        self._reader = FileIndex._reader(
            FileStorage(str(folder)), contents.schema, contents.segments, contents.generation
        )
        self._table = DocumentTable(self._reader)
        self._letters = _accented_letters()

    def count_documents(self) -> Mapping[str, int]:
        return self._table.counts

    def rank(self, query: Query, *, language: str | None, limit: int, offset: int) -> Ranking:
        with damage_explained(self._folder):
            scores = score_documents(self._reader, self._table, query)
            if language is not None:
                scores = {number: score for number, score in scores.items() if self._table.codes[number] == language}
            counts: dict[str, int] = {}
            for number in scores:
                code = self._table.codes[number]
                counts[code] = counts.get(code, 0) + 1
            ranked = sorted((-score, self._table.ids[number], number) for number, score in scores.items())
            documents = [
                RankedDocument(number, id, -negated) for negated, id, number in ranked[offset : offset + limit]
            ]
            return Ranking(documents, len(scores), dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))))

    def read(self, number: int) -> StoredDocument:
        with damage_explained(self._folder):
            stored = self._reader.stored_fields(number)
            return StoredDocument(
                id=stored["id"],
                text=stored["text"],
                title=stored["title"],
                language=stored["language"],
                source=stored.get("source"),
                date=stored.get("date"),
                metadata=stored["metadata"],
            )

    def find(self, id: str) -> int | None:
        return self._table.numbers.get(id)

    def find_spellings(self, word: str) -> Sequence[str]:
        with damage_explained(self._folder):
            found: set[str] = set()
            for field in (title_field(EXACT), text_field(EXACT)):
                found.update(self._spell(field, "", word))
        return sorted(found)

    def _spell(self, field: str, done: str, rest: str) -> Iterator[str]:
        """Yield the words of a field that begin with `done` and go on with `rest`, accents left aside.

        Letter by letter, only as far as some word of the field begins so.
        """
        if not rest:
            if (field, done) in self._reader:
                yield done
            return
        for letter in self._letters.get(rest[0], rest[0]):
            begun = done + letter
            if next(iter(self._reader.expand_prefix(field, begun)), None) is not None:
                yield from self._spell(field, begun, rest[1:])

    def is_current(self) -> bool:
        return newest_generation(self._folder) == self.generation

    def close(self) -> None:
        self._reader.close()


def _accented_letters() -> dict[str, str]:
    """Return for each letter all that fold to it in the alphabets of the packs, itself among them."""
    letters: dict[str, str] = {}
    for pack in get_languages():
        for letter in pack.letters:
            folded = fold(letter)
            if len(folded) == 1 and letter not in letters.setdefault(folded, folded):
                letters[folded] += letter
    return letters


def open_snapshot(folder: Path) -> WhooshSnapshot:
    """Open the newest generation in a folder; IndexUnavailableError says why it can't be."""
    for attempt in range(OPEN_ATTEMPTS):
        time.sleep(0.02 * attempt)
        try:
            with access_explained(folder, "read", passing=(FileNotFoundError,)):
                contents = read_contents(folder)
                with damage_explained(folder):
                    return WhooshSnapshot(folder, contents)
        except FileNotFoundError as error:
            missing = error
    raise IndexDamagedError(
        folder,
        f"a file of the index {folder} is missing: {missing.filename or missing}",
        "Build it anew with: searcher rebuild PATH",
    ) from missing


def inspect_index(folder: Path) -> IndexStatus:
    """Tell what the index in a folder is; IndexUnavailableError says why it can't be used."""
    snapshot = open_snapshot(folder)
    try:
        files = [path for path in folder.iterdir() if INDEX_NAME in path.name and path.is_file()]
        contents = folder / f"_{INDEX_NAME}_{snapshot.generation}.toc"
        return IndexStatus(
            folder=folder,
            documents=snapshot.count_documents(),
            size=sum(path.stat().st_size for path in files),
            modified=contents.stat().st_mtime,
            generation=snapshot.generation,
            fingerprint=fingerprint(),
        )
    finally:
        snapshot.close()
