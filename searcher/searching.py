"""Searching: here is what a person typed, which documents?"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, overload

from searcher.engines import RankedDocument, Snapshot, StoredDocument, get_engine
from searcher.errors import QueryError, SearcherError, UnknownDocumentError
from searcher.expansion import Expander
from searcher.languages import UNDETERMINED, language_codes
from searcher.matches import Match, spot_matches
from searcher.query import Query, parse_query
from searcher.snippets import Snippet, make_snippet
from searcher.translating import Translator

if TYPE_CHECKING:
    from searcher.documents import Document
    from searcher.explaining import Explanation

SCHEMA_VERSION = 1
"""Of `SearchResults.to_dict`."""


SORTS = ("score", "date")

SLICE_LENGTH = 100_000
"""Characters of a document that are looked through at a time for a snippet."""

MORE_SLICES = 3
"""What is looked through after the first match, in the hope of a place that shows more."""


@dataclass(frozen=True, eq=False)
class Hit:
    """One document of the results."""

    rank: int
    """From 1, over all pages."""
    score: float
    """Comparable within one search only."""
    id: str
    title: str
    language: str
    source: str | None
    date: str | None
    metadata: Mapping[str, Any]
    _read_text: Callable[[], str] = field(repr=False)
    _query: Query = field(repr=False)

    @cached_property
    def snippet(self) -> Snippet:
        """What the document says of the query, cut when first asked for; of its title where it has no text."""
        text = self._read_text()
        text = text if text.strip() else self.title
        best, best_matches, shown, seen = "", list[Match](), -1, 0
        for part in _slices(text):
            matches = spot_matches(self._query, part, self.language)
            clauses = len({match.clause for match in matches})
            if clauses > shown:
                best, best_matches, shown = part, matches, clauses
            seen += shown > 0
            if shown == len(self._query.clauses) or seen > MORE_SLICES:
                break
        return make_snippet(best, best_matches)

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_read_text": partial(str, self._read_text())}

    def to_dict(self) -> dict[str, Any]:
        """Return the hit as JSON types."""
        return {
            "rank": self.rank,
            "score": round(self.score, 6),
            "id": self.id,
            "title": self.title,
            "language": self.language,
            "source": self.source,
            "date": self.date,
            "metadata": dict(self.metadata),
            "snippet": {
                "text": self.snippet.to_text(),
                "highlights": [list(span) for span in self.snippet.highlights],
                "html": self.snippet.to_html(),
            },
        }


@dataclass(frozen=True, eq=False)
class SearchResults(Sequence[Hit]):
    """The hits of one page, and what is known of all."""

    query: str
    hits: tuple[Hit, ...]
    total: int
    """Documents that match, on this page or not."""
    languages: Mapping[str, int]
    """The same by language, most first."""
    seconds: float
    suggestion: str | None = None
    """Another query that finds more, where one is known."""
    warnings: tuple[str, ...] = ()
    """What was not searched as asked."""
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """For each field that was asked for, how many of all have each of its values, most first."""

    @overload
    def __getitem__(self, index: int) -> Hit: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Hit]: ...
    def __getitem__(self, index: int | slice) -> Hit | Sequence[Hit]:
        return self.hits[index]

    def __len__(self) -> int:
        return len(self.hits)

    def to_dict(self) -> dict[str, Any]:
        """Return the results as JSON types; `schema_version` is raised where a key changes its meaning."""
        facets = {name: dict(counts) for name, counts in self.facets.items()}
        return {
            "schema_version": SCHEMA_VERSION,
            "query": self.query,
            "total": self.total,
            "seconds": round(self.seconds, 6),
            "languages": dict(self.languages),
            "suggestion": self.suggestion,
            "warnings": list(self.warnings),
            "hits": [hit.to_dict() for hit in self.hits],
            **({"facets": facets} if facets else {}),
        }


class Searcher:
    """Answers queries from the index in a folder; threads may share one.

    It answers from the generation that it opened until `reload`. Raises IndexUnavailableError where the index can't be
    used.
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self._folder = Path(folder)
        self._lock = threading.RLock()
        self._snapshot: Snapshot | None = None
        self._open()

    def __enter__(self) -> Searcher:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __len__(self) -> int:
        return sum(self._current().count_documents().values())

    def close(self) -> None:
        """Let go of the index; closing twice is nothing."""
        with self._lock:
            if self._snapshot is not None:
                self._snapshot.close()
                self._snapshot = None

    def reload(self) -> bool:
        """Move to the newest generation; False where this is it."""
        with self._lock:
            old = self._current()
            if old.is_current():
                return False
            self._open()
            old.close()
            return True

    def search(
        self,
        query_text: str,
        *,
        language: str | None = None,
        limit: int = 10,
        offset: int = 0,
        sort: str = "score",
        facets: Sequence[str] = (),
    ) -> SearchResults:
        """Return the documents that a query asks for, best first, whatever its language and theirs.

        `query_text`: words, "phrases" and what else `searcher.grammar` tells. `language`: only documents of that
        language ("en", "fr", "und"). `limit` and `offset`: which of the hits, 0 or more. `sort`: by "score", or by
        "date", newest first. `facets`: the fields whose values are counted, "language", "year" or any of the metadata.
        Raises QueryError where these make no sense; no query text does.
        """
        begin = time.perf_counter()
        _check_text(query_text)
        _check_page(language, limit, offset)
        _check_order(sort, facets)
        with self._lock:
            snapshot = self._current()
            query = self._expander.expand(parse_query(query_text, snapshot.has_field))
            ranking = snapshot.rank(query, language=language, limit=limit, offset=offset, sort=sort, facets=facets)
            hits = _make_hits(snapshot, ranking.documents, query, offset)
        return SearchResults(
            query=query_text,
            hits=hits,
            total=ranking.total,
            languages=ranking.languages,
            seconds=time.perf_counter() - begin,
            warnings=query.warnings,
            facets=ranking.facets,
        )

    def document(self, id: str) -> Document:
        """Return the document of an id, in the language it was indexed in.

        Raises UnknownDocumentError where there is none.
        """
        from searcher.documents import Document  # which knows the formats of files

        with self._lock:
            snapshot = self._current()
            number = _find(snapshot, id)
            [stored] = snapshot.read([number])
            text = snapshot.text_reader(number)()
        return Document(
            stored.id,
            text,
            title=stored.title,
            language=stored.language,
            source=stored.source,
            date=stored.date,
            metadata=json.loads(stored.metadata),
        )

    def explain(self, query_text: str, id: str) -> Explanation:
        """Return how the score of a document for a query comes about, or why it is no hit.

        Raises UnknownDocumentError where there is no document of that id.
        """
        from searcher.explaining import explain  # which a search does not need

        _check_text(query_text)
        with self._lock:
            snapshot = self._current()
            number = _find(snapshot, id)
            return explain(snapshot, self._expander.expand(parse_query(query_text, snapshot.has_field)), number)

    def similar(self, id: str, *, language: str | None = None, limit: int = 10, offset: int = 0) -> SearchResults:
        """Return the documents that are like one, most alike first, whatever their language; itself is left out.

        `language`, `limit`, `offset`: as in `search`. Raises UnknownDocumentError where there is no document of that
        id.
        """
        from searcher.similarity import make_similar_query

        begin = time.perf_counter()
        _check_page(language, limit, offset)
        with self._lock:
            snapshot = self._current()
            number = _find(snapshot, id)
            [stored] = snapshot.read([number])
            query = make_similar_query(
                stored.title,
                snapshot.text_reader(number)(),
                stored.language,
                count_word=snapshot.count_word,
                expand=self._expander.expand,
                count_holders=snapshot.count_holders,
                document_counts=snapshot.count_documents(),
            )
            # One more than asked for: the document is itself among those that hold its words.
            ranking = snapshot.rank(
                query, language=language, limit=offset + limit + 1, offset=0, sort="score", facets=()
            )
            others = [ranked for ranked in ranking.documents if ranked.number != number][offset : offset + limit]
            languages = dict(ranking.languages)
            if query.clauses and language in (None, stored.language):
                languages[stored.language] -= 1
            hits = _make_hits(snapshot, others, query, offset)
        return SearchResults(
            query=stored.title or id,
            hits=hits,
            total=sum(languages.values()),
            languages={code: count for code, count in languages.items() if count},
            seconds=time.perf_counter() - begin,
        )

    def _open(self) -> None:
        snapshot = get_engine().open(self._folder)
        self._snapshot = snapshot
        self._expander = Expander(
            snapshot.find_spellings, snapshot.find_beginning, snapshot.find_names, Translator(snapshot).translate
        )

    def _current(self) -> Snapshot:
        if self._snapshot is None:
            raise SearcherError("this Searcher is closed", "Open another")
        return self._snapshot


def _find(snapshot: Snapshot, id: str) -> int:
    number = snapshot.find(id)
    if number is None:
        raise UnknownDocumentError(id)
    return number


def _slices(text: str) -> Iterator[str]:
    """Yield a text in parts that end with a word, as long as words are shorter than a part."""
    start = 0
    while True:
        end = start + SLICE_LENGTH
        space = text.rfind(" ", start, end) if end < len(text) else -1
        end = space + 1 if space > start else end
        yield text[start:end]
        if end >= len(text):
            return
        start = end


def _check_text(query_text: str) -> None:
    if not isinstance(query_text, str):
        raise QueryError(f"the query is {query_text!r}", "Use a text")


def _check_page(language: str | None, limit: int, offset: int) -> None:
    codes = (*language_codes(), UNDETERMINED)
    if language is not None and language not in codes:
        raise QueryError(f"there is no language {language!r}", f"Use one of {', '.join(codes)}")
    for name, value in (("limit", limit), ("offset", offset)):
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise QueryError(f"{name} is {value!r}", "Use a whole number, 0 or more")


def _check_order(sort: str, facets: Sequence[str]) -> None:
    if sort not in SORTS:
        raise QueryError(f"there is no order by {sort!r}", f"Use one of {', '.join(SORTS)}")
    if isinstance(facets, str) or not all(isinstance(name, str) for name in facets):
        raise QueryError(f"the facets are {facets!r}", "Use a list of the names of fields")


def _make_hits(snapshot: Snapshot, ranked: Sequence[RankedDocument], query: Query, offset: int) -> tuple[Hit, ...]:
    stored = snapshot.read([number for number, _ in ranked])
    return tuple(
        _make_hit(rank, score, document, snapshot.text_reader(number), query)
        for rank, (number, score), document in zip(count(offset + 1), ranked, stored, strict=False)
    )


def _make_hit(rank: int, score: float, stored: StoredDocument, read_text: Callable[[], str], query: Query) -> Hit:
    hit = Hit.__new__(Hit)
    # A frozen class would set its fields one by one, past itself, which takes as long as reading the document.
    vars(hit).update(
        rank=rank,
        score=score,
        id=stored.id,
        title=stored.title,
        language=stored.language,
        source=stored.source,
        date=stored.date,
        metadata=json.loads(stored.metadata) if stored.metadata != "{}" else {},
        _read_text=read_text,
        _query=query,
    )
    return hit
