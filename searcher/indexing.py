"""Indexing: here are documents, build or update the index."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from searcher.analysis import get_analyzer
from searcher.detection import detect_language
from searcher.documents import Document, DocumentStream
from searcher.engines import StoredDocument, Writer, get_engine
from searcher.errors import NothingToIndexError

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
    counts = dict.fromkeys(("added", "updated", "unchanged", "removed"), 0)
    languages: dict[str, int] = {}
    skipped: list[tuple[str, str]] = []
    given: dict[str, str] = {}
    with get_engine().write(Path(folder), replace=replace) as writer:
        for id in dict.fromkeys(remove):
            if writer.remove(id):
                counts["removed"] += 1
            else:
                skipped.append((id, "not in the index, so not removed"))
        for document in documents:
            if document.id in given:
                skipped.append((document.source or document.id, f"another document with the id {document.id} follows"))
            outcome, language = _put(writer, document)
            if document.id in given:
                languages[given[document.id]] -= 1
            else:
                counts[outcome] += 1
            given[document.id] = language
            languages[language] = languages.get(language, 0) + 1
            if progress is not None:
                progress(len(given), document.id)
        unread = tuple(documents.skipped) if isinstance(documents, DocumentStream) else ()
        if unread and not given:
            raise NothingToIndexError(
                "no document could be read", "The index was left as it is; see the reason beside each file", unread
            )
    by_size = dict(sorted(((code, n) for code, n in languages.items() if n), key=lambda pair: (-pair[1], pair[0])))
    return IndexReport(**counts, skipped=(*unread, *skipped), languages=by_size, seconds=time.perf_counter() - begin)


def _put(writer: Writer, document: Document) -> tuple[str, str]:
    """Hand a document to the engine unless it holds it already; return what became of it, and its language."""
    language = document.language or detect_language(f"{document.title}\n{document.text}").code
    stored = _stored_document(document, language)
    known = writer.find_digest(document.id)
    if known == stored.digest:
        return "unchanged", language
    analyzer = get_analyzer(language)
    writer.put(stored, analyzer.analyze(document.title), analyzer.analyze(document.text))
    return "updated" if known else "added", language


def _stored_document(document: Document, language: str) -> StoredDocument:
    metadata = json.dumps(document.metadata, ensure_ascii=False, sort_keys=True)
    parts = (document.title, document.text, language, document.source, document.date, metadata)
    return StoredDocument(
        id=document.id,
        text=document.text,
        title=document.title,
        language=language,
        source=document.source,
        date=document.date,
        metadata=metadata,
        digest=hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32],
    )
