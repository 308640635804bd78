"""A bilingual (English, French) full-text search engine that lives inside a Python process.

Names are imported from the modules below when they are first used, so that a search loads nothing that only indexing
needs.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from searcher.analysis import Token, analyze
    from searcher.detection import Detection, detect_language
    from searcher.documents import Document, DocumentStream, read_documents
    from searcher.errors import (
        DocumentError,
        GlossaryError,
        IndexAccessError,
        IndexDamagedError,
        IndexFormatError,
        IndexLockedError,
        IndexNotFoundError,
        IndexUnavailableError,
        NothingToIndexError,
        QueryError,
        SearcherError,
        UnknownDocumentError,
        UnknownLanguageError,
        WorkerError,
    )
    from searcher.explaining import ConceptExplanation, Explanation, Part
    from searcher.indexing import IndexReport, build_index, update_index
    from searcher.results import Hit, SearchResults
    from searcher.searching import Searcher
    from searcher.snippets import Snippet
    from searcher.translating import GlossaryStatus, add_glossaries, list_glossaries, remove_glossaries

__all__ = [
    "ConceptExplanation",
    "Detection",
    "Document",
    "DocumentError",
    "DocumentStream",
    "Explanation",
    "GlossaryError",
    "GlossaryStatus",
    "Hit",
    "IndexAccessError",
    "IndexDamagedError",
    "IndexFormatError",
    "IndexLockedError",
    "IndexNotFoundError",
    "IndexReport",
    "IndexUnavailableError",
    "NothingToIndexError",
    "Part",
    "QueryError",
    "SearchResults",
    "Searcher",
    "SearcherError",
    "Snippet",
    "Token",
    "UnknownDocumentError",
    "UnknownLanguageError",
    "WorkerError",
    "add_glossaries",
    "analyze",
    "build_index",
    "detect_language",
    "list_glossaries",
    "read_documents",
    "remove_glossaries",
    "update_index",
]

_ROOMS = {
    "analysis": "Token analyze",
    "detection": "Detection detect_language",
    "documents": "Document DocumentStream read_documents",
    "explaining": "ConceptExplanation Explanation Part",
    "indexing": "IndexReport build_index update_index",
    "results": "Hit SearchResults",
    "searching": "Searcher",
    "snippets": "Snippet",
    "translating": "GlossaryStatus add_glossaries list_glossaries remove_glossaries",
}
"""Where each name lives; those not here are errors."""


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    room = next((room for room, names in _ROOMS.items() if name in names.split()), "errors")
    value: object = getattr(import_module(f"{__name__}.{room}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*globals(), *__all__]
