"""The embedded engine: a Whoosh index in a folder."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from searcher.engines import Engine, IndexStatus, Snapshot, Writer
from searcher.engines.whoosh.reading import inspect_index, newest_generation, open_snapshot


class WhooshEngine:
    """An index of Whoosh segments; one folder holds one index."""

    def open(self, folder: Path) -> Snapshot:
        return open_snapshot(folder)

    def write(self, folder: Path, *, replace: bool, memory: int) -> AbstractContextManager[Writer]:
        from searcher.engines.whoosh.writing import open_writer  # nothing of it is needed to search

        return open_writer(folder, replace=replace, memory=memory)

    def holds_index(self, folder: Path) -> bool:
        return newest_generation(folder) >= 0

    def inspect(self, folder: Path) -> IndexStatus:
        return inspect_index(folder)


ENGINE: Engine = WhooshEngine()
