"""Engines: here are analysed documents, keep them; here is a query, which documents?

An engine is found by its name, values go in and values come out. `whoosh`, embedded, is the default.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from searcher.query import Clause, Operand, Query


class StoredDocument(NamedTuple):
    """A document as an index keeps it, but for its text."""

    id: str
    title: str
    language: str
    source: str | None
    date: str | None
    metadata: str
    """A JSON object."""


class RankedDocument(NamedTuple):
    """One document of a ranking; `number` is the engine's own name for it."""

    number: int
    score: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """The best documents of a query, how many there are in all, and in which languages."""

    documents: Sequence[RankedDocument]
    total: int
    languages: Mapping[str, int]
    facets: Mapping[str, Mapping[str, int]]
    """How many of all have each value of the fields that were asked for, most first."""


class Earning(NamedTuple):
    """What a clause of a query counts, and the share of it that a document earns."""

    weight: float
    share: float
    is_selective: bool
    """Whether holding it is enough to be a hit."""
    document_frequencies: Mapping[str, int]
    """Documents of each language that say how common it is."""
    idfs: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Account:
    """How the score of one document comes about; the codes are of the languages that have documents."""

    score: float | None
    """What a ranking gives it, None where the query does not ask for it."""
    earnings: Sequence[Earning]
    """Of each clause of the query."""
    posterior: Mapping[str, float]
    """How likely the query is in each language."""
    lacking: Sequence[Operand]
    """What the query requires and the document has not."""
    unwanted: Sequence[Operand]
    """What the query excludes and the document has."""
    length: int
    """Words of title and text."""
    average_length: float
    """Of the documents of its language."""


class Snapshot(Protocol):
    """What one generation of an index holds; it does not change. One thread at a time."""

    generation: int

    def count_documents(self) -> Mapping[str, int]:
        """Return the number of documents of each language that has any."""

    def rank(
        self, query: Query, *, language: str | None, limit: int, offset: int, sort: str, facets: Sequence[str]
    ) -> Ranking:
        """Return the documents that a query asks for.

        `sort`: "score", best first, or "date", newest first; equal ones the other way, then by id. Without scores it
        is the date. `facets`: "language", "year", or metadata fields.
        """

    def explain(self, query: Query, number: int) -> Account:
        """Return how the score of a document comes about, asked for or not."""

    def count_holders(self, clauses: Iterable[Clause]) -> Sequence[Mapping[str, int]]:
        """Return how many documents of each language hold each of some clauses, in any of its variants."""

    def read(self, numbers: Iterable[int]) -> Sequence[StoredDocument]:
        """Return documents by the numbers that a ranking gave them."""

    def text_reader(self, number: int) -> Callable[[], str]:
        """Return what reads the text of a document; it does so after `close` too."""

    def find(self, id: str) -> int | None:
        """Return the number of the document of an id, None where there is none."""

    def has_field(self, name: str) -> bool:
        """Tell whether a document has a metadata field, case and accents of its name left aside."""

    def count_word(self, word: str) -> int:
        """Return how many documents hold a word as it is, roughly: once for the title and once for the text."""

    def find_beginning(self, beginning: str) -> Mapping[str, int]:
        """Return the words of the documents that begin so where accents are left aside, and how many hold each.

        `beginning`: without accents. Documents that have a word in both title and text may count twice.
        """

    def find_spellings(self, word: str) -> Sequence[str]:
        """Return the words of the documents that are this one, given without accents, where accents are left aside."""

    def holds(self, clause: Clause) -> bool:
        """Tell whether a document holds what a clause asks for."""

    def find_names(self, word: str) -> Sequence[str]:
        """Return the names in the documents that may be this word as others spell it, none where it is no name."""

    def attachments(self) -> Sequence[str]:
        """List what is kept beside the documents, by name."""

    def attachment(self, name: str) -> bytes | None:
        """Return what is kept beside the documents under a name, None where there is none."""

    def is_current(self) -> bool:
        """Tell whether this is still the newest generation."""

    def close(self) -> None: ...


class Analyst(Protocol):
    """Does what takes time for each document, before a writer takes it: in this process, or in others, pickled.

    A copy is another analyst.
    """

    def analyse(self, titles: Sequence[str], texts: Sequence[str]) -> Any:
        """Return what the writer needs to know of the titles and texts of some documents; all of it can be pickled."""


class Writer(Protocol):
    """One change of an index: everything or nothing becomes visible, at the end."""

    lost: Sequence[str]
    """Names of attachments of the index that is replaced that could not be read any more."""

    def find_digest(self, id: str) -> str | None:
        """Return the digest of the document of an id as it would be after this change, None where there is none."""

    def make_analyst(self, texts: Sequence[str]) -> Analyst:
        """Return an analyst for documents like those of the texts, which are the first of this change."""

    def put(self, documents: Sequence[StoredDocument], digests: Sequence[str], analysed: Any) -> None:
        """Add documents, each in place of the one of the same id; the last of several with one id stays.

        `digests`: of each, 32 hexadecimal digits, of everything that the caller gave; another digest is another
        document. `analysed`: what an analyst of this writer made of their titles and texts; all that one analyst made
        has to be put, in its order.
        """

    def attachment(self, name: str) -> bytes | None:
        """Return what is kept beside the documents under a name as it would be after this change."""

    def attachments(self) -> Sequence[str]:
        """List the names of what would be kept so."""

    def attach(self, name: str, content: bytes | None) -> None:
        """Keep something beside the documents, through every later change, a `replace` too; None lets go of it."""

    def remove(self, id: str) -> bool:
        """Delete the document of an id; False where there is none."""


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """What an index is, from outside."""

    folder: Path
    documents: Mapping[str, int]
    size: int
    """Bytes on disk."""
    modified: float
    """Seconds since the epoch."""
    generation: int
    fingerprint: str


class Engine(Protocol):
    """What keeps an index in a folder."""

    def open(self, folder: Path) -> Snapshot:
        """Open the newest generation; IndexUnavailableError says why it can't be."""

    def write(self, folder: Path, *, replace: bool, memory: int) -> AbstractContextManager[Writer]:
        """Change an index, made where there is none; `replace` begins from nothing, `memory` is bytes to work with.

        The change is committed where the context ends and undone where it ends in an exception. One at a time:
        IndexLockedError says who else is writing.
        """

    def holds_index(self, folder: Path) -> bool:
        """Tell whether a folder is one of an index, in whatever state."""

    def inspect(self, folder: Path) -> IndexStatus:
        """Tell what the index is."""


def get_engine(name: str = "whoosh") -> Engine:
    """Return an engine by the name of its module."""
    engine: Engine = import_module(f"{__name__}.{name}").ENGINE
    return engine
