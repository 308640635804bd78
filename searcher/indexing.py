"""Indexing: here are documents, build or update the index."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from searcher.detection import detect_language
from searcher.documents import Document, DocumentStream
from searcher.engines import StoredDocument, Writer, get_engine
from searcher.errors import DocumentError, NothingToIndexError

Progress = Callable[[int, str], None]
"""Called after each document with how many there were and the id of the last."""


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What a change did to the index."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    skipped: tuple[tuple[str, str], ...] = ()
    """(path, reason) of what could not be read, or was given twice."""
    languages: Mapping[str, int] = field(default_factory=dict)
    """Documents given, by language."""
    seconds: float = 0.0


def build_index(
    documents: Iterable[Document], folder: str | os.PathLike[str], *, progress: Progress | None = None
) -> IndexReport:
    """Build an index of the documents, in place of the one in the folder.

    The old index answers until the new one is complete, and stays where anything goes wrong. Of several documents with
    one id the last is kept, and the report says so. `progress(count, id)` is called after each document. Raises
    NothingToIndexError where none of the files given could be read, and IndexUnavailableError where the folder can't be
    written or another process is writing.
    """
    return _change_index(documents, folder, remove=(), replace=True, progress=progress)


def update_index(
    documents: Iterable[Document],
    folder: str | os.PathLike[str],
    *,
    remove: Iterable[str] = (),
    progress: Progress | None = None,
) -> IndexReport:
    """Add documents to the index in a folder, in place of those with the same ids; it is made where there is none.

    Documents that have not changed are left alone. `remove`: ids to delete first; one that is not there is reported as
    skipped. All of it becomes visible at once. Raises as `build_index` does, and IndexFormatError or IndexDamagedError
    where the index there can't be continued.
    """
    return _change_index(documents, folder, remove=remove, replace=False, progress=progress)


def _change_index(
    documents: Iterable[Document],
    folder: str | os.PathLike[str],
    *,
    remove: Iterable[str],
    replace: bool,
    progress: Progress | None,
) -> IndexReport:
    begin = time.perf_counter()
    if isinstance(remove, str):
        raise DocumentError(f"remove is the text {remove!r}", "Give a list of ids")
    removed = 0
    skipped: list[tuple[str, str]] = []
    outcomes: dict[str, tuple[str, str]] = {}
    with get_engine().write(Path(folder), replace=replace) as writer:
        for id in dict.fromkeys(remove):
            if writer.remove(id):
                removed += 1
            else:
                skipped.append((id, "not in the index, so not removed"))
        before: dict[str, str | None] = {}
        for number, document in enumerate(documents, start=1):
            if not isinstance(document, Document):
                raise DocumentError(f"document {number} is {document!r:.80}", "Give searcher.Document values")
            if document.id in before:
                skipped.append((document.source or document.id, f"another document with the id {document.id} follows"))
            else:
                before[document.id] = writer.find_digest(document.id)
            language = _put(writer, document)
            outcome = _outcome(before[document.id], writer.find_digest(document.id))
            outcomes[document.id] = outcome, language
            if progress is not None:
                progress(len(outcomes), document.id)
        unread = tuple(documents.skipped) if isinstance(documents, DocumentStream) else ()
        if isinstance(documents, DocumentStream) and not outcomes:
            raise NothingToIndexError(
                "no document could be read", "The index was left as it is; see the reason beside each file", unread
            )
    languages = Counter(language for _, language in outcomes.values())
    counts = Counter(outcome for outcome, _ in outcomes.values())
    return IndexReport(
        added=counts["added"],
        updated=counts["updated"],
        unchanged=counts["unchanged"],
        removed=removed,
        skipped=(*unread, *skipped),
        languages=dict(sorted(languages.items(), key=lambda pair: (-pair[1], pair[0]))),
        seconds=time.perf_counter() - begin,
    )


def _outcome(before: str | None, after: str | None) -> str:
    if before is None:
        return "added"
    return "unchanged" if before == after else "updated"


def _put(writer: Writer, document: Document) -> str:
    """Hand a document to the engine unless it holds it already; return its language."""
    language = document.language or detect_language(f"{document.title}\n{document.text}").code
    metadata = json.dumps(document.metadata, ensure_ascii=False, sort_keys=True)
    parts = (document.title, document.text, language, document.source, document.date, metadata)
    digest = hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]
    if writer.find_digest(document.id) != digest:
        stored = StoredDocument(
            id=document.id,
            title=document.title,
            language=language,
            source=document.source,
            date=document.date,
            metadata=metadata,
        )
        writer.put(stored, document.text, digest)
    return language
