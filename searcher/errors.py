"""What can go wrong, and what to do next.

    SearcherError
    ├── DocumentError           a document or file that can't be indexed
    │   └── NothingToIndexError     no document could be read, so the index was left alone
    ├── GlossaryError           a dictionary or list of terms that can't be read
    ├── QueryError              a search that makes no sense as asked (limit, offset, language)
    ├── UnknownLanguageError    a language without a pack
    ├── UnknownDocumentError    an id that is not in the index
    ├── WorkerError             a process that analyses documents ended before its time
    └── IndexUnavailableError   an index that can't be used
        ├── IndexNotFoundError      there is none in the folder
        ├── IndexFormatError        it was built by another version, language packs or stemmer
        ├── IndexDamagedError       its files are cut, changed or missing
        ├── IndexAccessError        the system refuses: permission, space, a folder that is a file
        └── IndexLockedError        another process is writing

Every error says what happened, to what, and what to do next, and carries those as attributes.
"""

from __future__ import annotations

from pathlib import Path

from searcher.messages import Message


class SearcherError(Exception):
    """The root of all errors that searcher raises.

    `problem`: what happened, and to what. `advice`: what to do next, "" where the problem says it. Both are in English,
    and `searcher.messages.translate` has them in other languages.
    """

    def __init__(self, problem: str, advice: str = "") -> None:
        super().__init__(f"{problem}. {advice}" if advice else problem)
        self.problem = problem
        self.advice = advice

    def __reduce__(self) -> tuple[object, ...]:
        # Errors cross processes with their attributes, whatever their constructor takes.
        return _restore, (type(self), self.args, self.__dict__)

    def __str__(self) -> str:
        return f"{self.problem}. {self.advice}" if self.advice else self.problem


def _restore(kind: type[SearcherError], arguments: tuple[object, ...], attributes: dict[str, object]) -> SearcherError:
    error = kind.__new__(kind, *arguments)
    error.__dict__.update(attributes)
    return error


def tell_refusal(error: Exception) -> Message:
    """Return what the system says of an error."""
    return Message((isinstance(error, OSError) and error.strerror) or str(error))


class DocumentError(SearcherError, ValueError):
    """A document or file that can't be indexed."""


class NothingToIndexError(DocumentError):
    """No document could be read, so the index was left alone.

    `skipped`: (path, reason) pairs.
    """

    def __init__(self, problem: str, advice: str, skipped: tuple[tuple[str, str], ...]) -> None:
        super().__init__(problem, advice)
        self.skipped = skipped


class GlossaryError(SearcherError, ValueError):
    """A dictionary or list of terms that can't be read; `path` is its file, None where there is none."""

    def __init__(self, path: Path | None, problem: str, advice: str = "") -> None:
        super().__init__(problem, advice)
        self.path = path


class QueryError(SearcherError, ValueError):
    """A search that makes no sense as asked."""


class UnknownLanguageError(SearcherError, KeyError):
    """A language without a pack; `code` is what was given."""

    def __init__(self, code: str, known: tuple[str, ...]) -> None:
        super().__init__(
            Message("there is no language {code!r}", code=code), Message("Use one of {known}", known=known)
        )
        self.code = code


class UnknownDocumentError(SearcherError, KeyError):
    """An id that is not in the index; `id` is what was given."""

    def __init__(self, id: str) -> None:
        problem = Message("there is no document with the id {id!r}", id=id)
        super().__init__(problem, Message("Search for it, or index it first"))
        self.id = id


class WorkerError(SearcherError):
    """A process that analyses documents ended before its time."""


class IndexUnavailableError(SearcherError):
    """An index that can't be used; `folder` is where it is or should be."""

    def __init__(self, folder: Path, problem: str, advice: str = "") -> None:
        super().__init__(problem, advice)
        self.folder = folder


class IndexNotFoundError(IndexUnavailableError):
    """There is no index in the folder."""


class IndexFormatError(IndexUnavailableError):
    """The index was built by another version, with other language packs or another stemmer."""


class IndexDamagedError(IndexUnavailableError):
    """Files of the index are cut, changed or missing."""


class IndexAccessError(IndexUnavailableError):
    """The operating system refuses to read or write the index."""


class IndexLockedError(IndexUnavailableError):
    """Another process is writing; `holder` says which."""

    def __init__(self, folder: Path, holder: str) -> None:
        super().__init__(
            folder,
            Message("another process is writing to the index {folder}: {holder}", folder=folder, holder=holder),
            Message("Wait for it to finish, then try again"),
        )
        self.holder = holder
