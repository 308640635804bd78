"""Reading: open one generation of the index in a folder and answer from it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from whoosh.index import TOC

from searcher.engines import IndexStatus, RankedDocument, Ranking, StoredDocument
from searcher.engines.whoosh.codec import ColumnarSegment
from searcher.engines.whoosh.contents import ContentsError, ForeignContentsError, read_contents_file
from searcher.engines.whoosh.postings import FieldReader
from searcher.engines.whoosh.schema import EXACT, fingerprint, text_field, title_field
from searcher.engines.whoosh.scoring import Collection
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


def read_contents(folder: Path) -> tuple[int, list[ColumnarSegment]]:
    """Return the newest generation and its segments; IndexUnavailableError says why they can't be used."""
    if folder.exists() and not folder.is_dir():
        raise IndexAccessError(folder, f"{folder} is a file, not a folder", "Name the folder of an index with --index")
    newest = newest_generation(folder)
    if newest < 0:
        raise IndexNotFoundError(
            folder,
            f"there is no index in {folder}",
            "Make one with: searcher index PATH, or name another with --index",
        )
    with damage_explained(folder):
        try:
            generation, segments = read_contents_file(folder / contents_name(newest))
            if generation != newest:
                raise ContentsError(f"it says that it is generation {generation}")
        except ForeignContentsError as error:
            raise _foreign(folder, "another program") from error
    for other in {getattr(segment, "fingerprint", "another program") for segment in segments} - {fingerprint()}:
        raise _foreign(folder, other)
    return generation, segments


def _foreign(folder: Path, writer: str) -> IndexFormatError:
    return IndexFormatError(
        folder,
        f"the index {folder} was written with {writer}, this is {fingerprint()}",
        "Build it anew with: searcher rebuild PATH",
    )


def contents_name(generation: int) -> str:
    """Name the file of a generation's table of contents."""
    return str(TOC._filename(INDEX_NAME, generation))


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
    except (SearcherError, OSError):
        raise
    except Exception as error:
        raise IndexDamagedError(
            folder,
            f"the index {folder} is damaged ({type(error).__name__}: {error})",
            "Build it anew with: searcher rebuild PATH",
        ) from error


class WhooshSnapshot:
    """One generation of a Whoosh index; see `searcher.engines.Snapshot`."""

    def __init__(self, folder: Path, generation: int, segments: Sequence[ColumnarSegment]) -> None:
        self.generation = generation
        self._folder = folder
        self._collection = Collection([segment.open(folder) for segment in segments])
        self._letters = _accented_letters()

    def count_documents(self) -> Mapping[str, int]:
        return self._collection.counts

    def rank(self, query: Query, *, language: str | None, limit: int, offset: int) -> Ranking:
        with damage_explained(self._folder):
            documents, scores = self._collection.score(query, language)
            best = self._collection.best(documents, scores, offset + limit)
            return Ranking(
                [RankedDocument(*pair) for pair in best[offset:]],
                len(documents),
                self._collection.count_by_language(documents),
            )

    def read(self, numbers: Iterable[int]) -> list[StoredDocument]:
        with damage_explained(self._folder):
            return [segment.stored(inner) for segment, inner in map(self._collection.locate, numbers)]

    def text_reader(self, number: int) -> Callable[[], str]:
        return partial(self._read_text, self._collection, number)

    def _read_text(self, collection: Collection, number: int) -> str:
        with damage_explained(self._folder):
            segment, inner = collection.locate(number)
            return segment.text(inner)

    def find(self, id: str) -> int | None:
        with damage_explained(self._folder):
            for base, segment in zip(self._collection.bases, self._collection.segments, strict=False):
                number = segment.find(id)
                if number is not None:
                    return base + number
            return None

    def find_spellings(self, word: str) -> Sequence[str]:
        with damage_explained(self._folder):
            found: set[str] = set()
            for segment in self._collection.segments:
                for name in (title_field(EXACT), text_field(EXACT)):
                    field = segment.field(name)
                    if field is not None:
                        spellings = self._spell(field, "", word)
                        found.update(spelling for spelling in spellings if segment.holds(field, spelling))
        return sorted(found)

    def _spell(self, field: FieldReader, done: str, rest: str) -> Iterator[str]:
        """Yield what may be words of a field that begin with `done` and go on with `rest`, accents left aside.

        Letter by letter, only as far as some word of the field begins so.
        """
        if not rest:
            yield done
            return
        for letter in self._letters.get(rest[0], rest[0]):
            begun = done + letter
            encoded = begun.encode()
            number = field.bisect(encoded)
            if number < field.count and field.term(number).startswith(encoded):
                yield from self._spell(field, begun, rest[1:])

    def is_current(self) -> bool:
        return newest_generation(self._folder) == self.generation

    def close(self) -> None:
        """Let go of the segments; their maps are closed when nothing uses them any more."""
        self._collection = Collection([])


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
                generation, segments = read_contents(folder)
                with damage_explained(folder):
                    return WhooshSnapshot(folder, generation, segments)
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
        contents = folder / contents_name(snapshot.generation)
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
