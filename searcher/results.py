"""Results: what is found, as it is handed on."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import count
from typing import Any, overload

from searcher.engines import RankedDocument, Snapshot, StoredDocument
from searcher.matches import Match, spot_matches
from searcher.query import Query
from searcher.snippets import Snippet, make_snippet

SCHEMA_VERSION = 1
"""Of `SearchResults.to_dict`."""


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
    """Another query that finds more, with words of the documents in the place of those that none holds."""
    warnings: tuple[str, ...] = ()
    """What was not searched as asked."""
    also_searched: tuple[str, ...] = ()
    """Words of the documents that were searched beside those of the query: translations, and names as others spell
    them."""
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
            **({"also_searched": list(self.also_searched)} if self.also_searched else {}),
            **({"facets": facets} if facets else {}),
        }


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


def make_hits(snapshot: Snapshot, ranked: Sequence[RankedDocument], query: Query, offset: int) -> tuple[Hit, ...]:
    """Return the documents of a ranking as hits; the first has the rank after `offset`."""
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
