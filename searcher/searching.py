"""Searching: here is what a person typed, which documents?"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from searcher.engines import Ranking, Snapshot, get_engine
from searcher.errors import QueryError, SearcherError, UnknownDocumentError
from searcher.expansion import Expander, add_near_spellings, tell_others
from searcher.languages import UNDETERMINED, language_codes
from searcher.messages import Message
from searcher.query import Concept, Query, parse_query
from searcher.results import SearchResults, make_hits
from searcher.suggestions import Speller, find_unknown, replace_words
from searcher.translations import Translator

if TYPE_CHECKING:
    from searcher.documents import Document
    from searcher.explaining import Explanation

SORTS = ("score", "date")

FEW = 3
"""Documents: a query that finds fewer is also tried with near spellings. One or two may be chance, three are an answer
that words nobody typed had better not mix with."""


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
        query_text = _read_text(query_text, Message("the query is {value}", value=repr(query_text)))
        _check_page(language, limit, offset)
        _check_order(sort, facets)
        with self._lock:
            snapshot = self._current()
            ask = partial(snapshot.rank, language=language, limit=limit, offset=offset, sort=sort, facets=facets)
            query, ranking, suggestion = self._answer(query_text, ask, language)
            hits = make_hits(snapshot, ranking.documents, query, offset)
        return SearchResults(
            query=query_text,
            hits=hits,
            total=ranking.total,
            languages=ranking.languages,
            seconds=time.perf_counter() - begin,
            suggestion=suggestion,
            also_searched=tell_others(query),
            warnings=query.warnings,
            facets=ranking.facets,
        )

    def suggest(self, prefix: str, *, limit: int = 10) -> list[str]:
        """Return a text with its last word completed to words of the documents, accents restored, most frequent first.

        Raises QueryError where these make no sense.
        """
        prefix = _read_text(prefix, Message("the prefix is {value}", value=repr(prefix)))
        _check_page(None, limit, 0)
        with self._lock:
            self._current()
            return self._speller.complete(prefix, limit)

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

        query_text = _read_text(query_text, Message("the query is {value}", value=repr(query_text)))
        with self._lock:
            snapshot = self._current()
            number = _find(snapshot, id)
            ask = partial(snapshot.rank, language=None, limit=0, offset=0, sort="score", facets=())
            query, _, _ = self._answer(query_text, ask, None)
            return explain(snapshot, query, number)

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
            hits = make_hits(snapshot, others, query, offset)
        return SearchResults(
            query=stored.title or id,
            hits=hits,
            total=sum(languages.values()),
            languages={code: count for code, count in languages.items() if count},
            seconds=time.perf_counter() - begin,
        )

    def _open(self) -> None:
        snapshot = get_engine().open(self._folder)
        try:
            expander = Expander(snapshot, Translator(snapshot).translate)
        except BaseException:
            snapshot.close()
            raise
        self._snapshot, self._expander = snapshot, expander
        self._speller = Speller(snapshot.find_spellings, snapshot.find_beginning)

    def _answer(
        self, query_text: str, ask: Callable[[Query], Ranking], language: str | None
    ) -> tuple[Query, Ranking, str | None]:
        """Return what is asked, what answers it, and another query that may have been meant."""
        snapshot = self._current()
        query = self._understand(query_text)
        ranking = ask(query)
        unknown = find_unknown(query, snapshot.holds)
        suggestion = self._correct(query_text, unknown, ranking, language) if unknown else None
        if unknown and ranking.total < FEW:
            query = add_near_spellings(query, unknown, self._speller.spell_near)
            ranking = ask(query)
        return query, ranking, suggestion

    def _understand(self, query_text: str) -> Query:
        return self._expander.expand(parse_query(query_text, self._current().has_field))

    def _correct(
        self, query_text: str, unknown: Sequence[Concept], ranking: Ranking, language: str | None
    ) -> str | None:
        """Return a query with words of the documents for unknown ones, None where it finds nothing, or less."""
        code = language or next(iter(ranking.languages), None)
        words = {word: self._speller.correct(word, code) for concept in unknown for word in concept.exacts}
        corrected = replace_words(query_text, {word: other for word, other in words.items() if other})
        if corrected == query_text:
            return None
        query = self._understand(corrected)
        found = self._current().rank(query, language=language, limit=0, offset=0, sort="score", facets=()).total
        return corrected if found and found >= ranking.total else None

    def _current(self) -> Snapshot:
        if self._snapshot is None:
            raise SearcherError(Message("this Searcher is closed"), Message("Open another"))
        return self._snapshot


def _find(snapshot: Snapshot, id: str) -> int:
    number = snapshot.find(id) if isinstance(id, str) else None
    if number is None:
        raise UnknownDocumentError(id)
    return number


def _read_text(text: str, problem: Message) -> str:
    """Return a text as it can be written: halves of surrogate pairs, which documents do not hold either, as U+FFFD.

    QueryError says the problem where it is no text.
    """
    if not isinstance(text, str):
        raise QueryError(problem, Message("Use a text"))
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _check_page(language: str | None, limit: int, offset: int) -> None:
    codes = (*language_codes(), UNDETERMINED)
    if language is not None and language not in codes:
        raise QueryError(
            Message("there is no language {code!r}", code=language), Message("Use one of {known}", known=codes)
        )
    for name, value in (("limit", limit), ("offset", offset)):
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise QueryError(
                Message("{name} is {value}", name=name, value=repr(value)), Message("Use a whole number, 0 or more")
            )


def _check_order(sort: str, facets: Sequence[str]) -> None:
    if sort not in SORTS:
        raise QueryError(
            Message("there is no order by {value}", value=repr(sort)), Message("Use one of {known}", known=SORTS)
        )
    if not isinstance(facets, Sequence) or isinstance(facets, str) or not all(isinstance(name, str) for name in facets):
        raise QueryError(
            Message("the facets are {value}", value=repr(facets)), Message("Use a list of the names of fields")
        )
