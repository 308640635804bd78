"""Attaching: what is kept in an index beside its documents, and changes with it.

A segment without documents holds the attachments of a generation, so that they are written, checked, named by the
table of contents and cleaned up as documents are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from searcher.engines.whoosh.codec import ColumnarSegment
from searcher.engines.whoosh.columns import Array, Columns

PREFIX = "attached."


def attachment_columns(attachments: Mapping[str, bytes]) -> dict[str, Array]:
    """Return the columns of a segment that holds attachments and no documents."""
    nothing = np.zeros(0, np.uint8)
    columns: dict[str, Array] = dict.fromkeys(("languages", "title_lengths", "text_lengths"), nothing)
    for name in sorted(attachments):
        columns[f"{PREFIX}{name}"] = np.frombuffer(attachments[name], np.uint8)
    return columns


class Attachments:
    """What the segments of a generation hold beside documents."""

    def __init__(self, folder: Path, segments: Sequence[ColumnarSegment]) -> None:
        self._columns = [Columns(folder / segment.file_name()) for segment in segments if not segment.count]

    def names(self) -> list[str]:
        """List the names of the attachments."""
        return sorted(
            name.removeprefix(PREFIX)
            for columns in self._columns
            for name in columns.about["arrays"]
            if name.startswith(PREFIX)
        )

    def read(self, name: str) -> bytes | None:
        """Return an attachment, None where there is none of that name; DamagedColumnsError where it is changed."""
        for columns in self._columns:
            if f"{PREFIX}{name}" in columns:
                return columns.array(f"{PREFIX}{name}").tobytes()
        return None
