"""Indexing: here are documents, build or update the index.

documents -> batches -> language, digest, analysis (in other processes where there are several jobs) -> engine
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from searcher.detection import detect_language
from searcher.documents import Document, DocumentStream
from searcher.engines import Analyst, StoredDocument, Writer, get_engine
from searcher.errors import DocumentError, NothingToIndexError
from searcher.messages import Message
from searcher.translating import provide_tables, tell_lost
from searcher.workers import map_in_order

Progress = Callable[[int, str], None]
"""Called after each document with how many there were and the id of the last."""

DEFAULT_MEMORY = 256
"""MB of documents that are worked on before they are written as a segment."""

BATCH_LENGTH = 1_000_000
"""Characters of text that are analysed together."""

BATCH_COUNT = 2_000
"""Documents that are analysed together at most."""


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
    documents: Iterable[Document],
    folder: str | os.PathLike[str],
    *,
    progress: Progress | None = None,
    jobs: int = 1,
    memory: int = DEFAULT_MEMORY,
) -> IndexReport:
    """Build an index of the documents, in place of the one in the folder.

    The old index answers until the new one is complete, and stays where anything goes wrong. Of several documents with
    one id the last is kept, and the report says so. `progress(count, id)` is called for each document that is done.
    `jobs`: processes that analyse, beside this one where there are several; the index is the same whatever their
    number. `memory`: MB of documents that are worked on before they are written. Raises NothingToIndexError where none
    of the files given could be read, and IndexUnavailableError where the folder can't be written or another process is
    writing.
    """
    plan = _Plan(replace=True, jobs=jobs, memory=memory)
    return _change_index(documents, folder, remove=(), plan=plan, progress=progress)


def update_index(
    documents: Iterable[Document],
    folder: str | os.PathLike[str],
    *,
    remove: Iterable[str] = (),
    progress: Progress | None = None,
    jobs: int = 1,
    memory: int = DEFAULT_MEMORY,
) -> IndexReport:
    """Add documents to the index in a folder, in place of those with the same ids; it is made where there is none.

    Documents that have not changed are left alone. `remove`: ids to delete first; one that is not there is reported as
    skipped. All of it becomes visible at once. Raises as `build_index` does, and IndexFormatError or IndexDamagedError
    where the index there can't be continued.
    """
    plan = _Plan(replace=False, jobs=jobs, memory=memory)
    return _change_index(documents, folder, remove=remove, plan=plan, progress=progress)


@dataclass(frozen=True, slots=True)
class _Plan:
    """How a change is made."""

    replace: bool
    jobs: int
    memory: int
    """MB."""

    def __post_init__(self) -> None:
        for name in ("jobs", "memory"):
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or value < 1:
                raise DocumentError(
                    Message("{name} is {value}", name=name, value=repr(value)),
                    Message("Use a whole number, 1 or more"),
                )


def _change_index(
    documents: Iterable[Document],
    folder: str | os.PathLike[str],
    *,
    remove: Iterable[str],
    plan: _Plan,
    progress: Progress | None,
) -> IndexReport:
    begin = time.perf_counter()
    if isinstance(remove, str):
        raise DocumentError(Message("remove is the text {value}", value=repr(remove)), Message("Give a list of ids"))
    removed = 0
    skipped: list[tuple[str, str]] = []
    outcomes: dict[str, tuple[str, str]] = {}
    with get_engine().write(Path(folder), replace=plan.replace, memory=plan.memory * 1_000_000) as writer:
        provide_tables(writer)
        for id in dict.fromkeys(remove):
            if writer.remove(id):
                removed += 1
            else:
                skipped.append((id, Message("not in the index, so not removed")))
        before: dict[str, str | None] = {}
        for batch, prepared in _prepare_all(_batches(documents), writer, before, skipped, plan.jobs):
            writer.put(prepared.changed, prepared.changed_digests, prepared.analysed)
            for document, language, digest in zip(batch, prepared.languages, prepared.digests, strict=True):
                outcomes[document.id] = _outcome(before[document.id], digest), language
                if progress is not None:
                    progress(len(outcomes), document.id)
        skipped += [(name, Message("damaged in the index that was replaced")) for name in tell_lost(writer)]
        unread = tuple(documents.skipped) if isinstance(documents, DocumentStream) else ()
        if isinstance(documents, DocumentStream) and not outcomes:
            raise NothingToIndexError(
                Message("no document could be read"),
                Message("The index was left as it is; see the reason beside each file"),
                unread,
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


def _outcome(before: str | None, after: str) -> str:
    if before is None:
        return "added"
    return "unchanged" if before == after else "updated"


def _batches(documents: Iterable[Document]) -> Iterator[list[Document]]:
    """Yield documents in batches that depend on nothing but the documents."""
    batch: list[Document] = []
    length = 0
    for number, document in enumerate(documents, start=1):
        if not isinstance(document, Document):
            raise DocumentError(
                Message("document {number} is {value}", number=number, value=f"{document!r:.80}"),
                Message("Give searcher.Document values"),
            )
        batch.append(document)
        length += len(document.text)
        if length >= BATCH_LENGTH or len(batch) >= BATCH_COUNT:
            yield batch
            batch, length = [], 0
    if batch:
        yield batch


@dataclass(frozen=True, slots=True)
class _Prepared:
    """What is to be known of a batch of documents before the engine takes it."""

    languages: Sequence[str]
    digests: Sequence[str]
    changed: Sequence[StoredDocument]
    """Those that the index does not hold already."""
    changed_digests: Sequence[str]
    analysed: Any
    """Of the changed ones, by the engine's analyst."""


@dataclass(frozen=True, slots=True)
class _Preparer:
    """Prepares batches: pairs of documents and the digest that the index holds of each, if any."""

    analyst: Analyst

    def __call__(self, batch: tuple[Sequence[Document], Sequence[str | None]]) -> _Prepared:
        languages, digests, changed, texts = [], [], list[tuple[StoredDocument, str]](), []
        for document, held in zip(*batch, strict=True):
            language = document.language or detect_language(f"{document.title}\n{document.text}").code
            metadata = "{}"
            if document.metadata:
                metadata = json.dumps(document.metadata, ensure_ascii=False, sort_keys=True)
            stored = StoredDocument(document.id, document.title, language, document.source, document.date, metadata)
            digest = _digest(stored, document.text)
            languages.append(language)
            digests.append(digest)
            if digest != held:
                changed.append((stored, digest))
                texts.append(document.text)
        analysed = self.analyst.analyse([stored.title for stored, _ in changed], texts)
        return _Prepared(
            languages, digests, [stored for stored, _ in changed], [digest for _, digest in changed], analysed
        )


def _digest(stored: StoredDocument, text: str) -> str:
    """Return the digest of all that is indexed and kept of a document, 32 hexadecimal digits."""
    parts = (stored.title, stored.language, stored.source, stored.date, stored.metadata)
    about = json.dumps(parts).encode()
    return hashlib.blake2b(about + b"\n" + text.encode(), digest_size=16).hexdigest()


def _prepare_all(
    batches: Iterator[list[Document]],
    writer: Writer,
    before: dict[str, str | None],
    skipped: list[tuple[str, str]],
    jobs: int,
) -> Iterator[tuple[list[Document], _Prepared]]:
    """Yield every batch, prepared, in order; `before` gets the digest that the index held of each id first."""
    first = next(batches, None)
    if first is None:
        return

    def ask(batch: list[Document]) -> tuple[list[Document], list[str | None]]:
        held: list[str | None] = []
        for document in batch:
            if document.id in before:
                reason = Message("another document with the id {id} follows", id=document.id)
                skipped.append((document.source or document.id, reason))
                held.append(None)  # whatever was there, this one is the last so far
            else:
                before[document.id] = writer.find_digest(document.id)
                held.append(before[document.id])
        return batch, held

    preparer = _Preparer(writer.make_analyst([document.text for document in first]))
    asked = map(ask, chain([first], batches))
    with closing(map_in_order(preparer, asked, jobs)) as answers:
        for (batch, _), prepared in answers:
            yield batch, prepared
