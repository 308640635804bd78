"""A bilingual (English, French) full-text search engine that lives inside a Python process."""

from searcher.analysis import Token, analyze
from searcher.detection import Detection, detect_language
from searcher.documents import Document, DocumentStream, read_documents
from searcher.errors import (
    DocumentError,
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
from searcher.indexing import IndexReport, build_index, update_index
from searcher.searching import Hit, Searcher, SearchResults
from searcher.snippets import Snippet

__all__ = [
    "Detection",
    "Document",
    "DocumentError",
    "DocumentStream",
    "Hit",
    "IndexAccessError",
    "IndexDamagedError",
    "IndexFormatError",
    "IndexLockedError",
    "IndexNotFoundError",
    "IndexReport",
    "IndexUnavailableError",
    "NothingToIndexError",
    "QueryError",
    "SearchResults",
    "Searcher",
    "SearcherError",
    "Snippet",
    "Token",
    "UnknownDocumentError",
    "UnknownLanguageError",
    "WorkerError",
    "analyze",
    "build_index",
    "detect_language",
    "read_documents",
    "update_index",
]
