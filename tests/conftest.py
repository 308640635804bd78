"""What tests of several modules share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from searcher import Document, Searcher, build_index

ROOT = Path(__file__).parent.parent


@pytest.fixture
def seeds() -> Path:
    """The folder of sample documents."""
    return ROOT / "seeds"


@pytest.fixture(scope="session")
def seeds_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the sample documents; not to be changed."""
    from searcher import read_documents

    folder = tmp_path_factory.mktemp("seeds") / "index"
    build_index(read_documents(ROOT / "seeds", root=ROOT), folder)
    return folder


@pytest.fixture
def searcher_of(tmp_path: Path) -> Iterator[SearcherFactory]:
    """Make a searcher over documents, closed after the test."""
    factory = SearcherFactory(tmp_path)
    yield factory
    factory.close()


class SearcherFactory:
    """Builds an index of documents in a folder of its own and opens it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._opened: list[Searcher] = []

    def __call__(self, documents: Iterable[Document]) -> Searcher:
        folder = self._folder / f"index-{len(self._opened)}"
        build_index(documents, folder)
        self._opened.append(Searcher(folder))
        return self._opened[-1]

    def close(self) -> None:
        for searcher in self._opened:
            searcher.close()
