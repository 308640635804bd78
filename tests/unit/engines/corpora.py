"""Random bilingual corpora, and the changes that make them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from hypothesis import strategies as st

from searcher import Document, update_index

LANGUAGES = ("en", "fr", "und")

SIMPLE = """rocket rockets station stations the la les a is orbite fusée fusées fusee élève élevé élever eleve eleves
été ete côte cote coté école ecole US landed landing 1234 7""".split()
"""Words of one word each."""

COMPOUND = [
    *"l’orbite l'orbite d’école qu’été Île-de-France île porte-avions aujourd’hui ship’s O’Brien e-mail U.S.".split(),
    *"example.com mail@example.com http://example.com/fusée 1,234 1.234 3,5 cœur coeur she’ll".split(),
    "1 234",
    "1\u202f234,5",
]
"""What is split, or has several spellings."""

PIECES = st.sampled_from((*SIMPLE, *COMPOUND))


def texts(pieces: st.SearchStrategy[str] = PIECES, *, longest: int = 12) -> st.SearchStrategy[str]:
    """Generate texts of some pieces."""
    return st.lists(pieces, max_size=longest).map(" ".join)


def documents(pieces: st.SearchStrategy[str] = PIECES, *, ids: str = "abcdefghijkl") -> st.SearchStrategy[Document]:
    """Generate documents, most of them without a title, each with one of few ids."""
    return st.builds(
        lambda id, title, text, language: Document(id, text, title=title, language=language),
        st.sampled_from(ids),
        st.just("") | texts(pieces, longest=3),
        texts(pieces),
        st.sampled_from(LANGUAGES),
    )


@dataclass(frozen=True)
class Change:
    """One call of `update_index`."""

    documents: Sequence[Document]
    removed: frozenset[str]


def changes(
    *, given: st.SearchStrategy[Document] | None = None, most: int = 10, with_removals: bool = True
) -> st.SearchStrategy[list[Change]]:
    """Generate changes of one index."""
    removed = st.frozensets(st.sampled_from("abcdefghijkl"), max_size=3) if with_removals else st.just(frozenset[str]())
    change = st.builds(Change, st.lists(documents() if given is None else given, max_size=6), removed)
    return st.lists(change, min_size=1, max_size=most)


def apply(changes: Iterable[Change], folder: Path) -> list[Document]:
    """Make the changes; return the documents that are there at the end, in the order in which they were put."""
    left: dict[str, Document] = {}
    for change in changes:
        update_index(change.documents, folder, remove=change.removed)
        for id in change.removed:
            left.pop(id, None)
        for document in change.documents:
            if left.get(document.id) != document:
                left.pop(document.id, None)
                left[document.id] = document
    return list(left.values())
