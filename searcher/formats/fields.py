"""What every parser gives: the fields of a document by name, with values that JSON can hold."""

from __future__ import annotations

from math import isfinite

Fields = dict[str, object]

FIELD_NAMES = ("id", "text", "title", "language", "source", "date", "metadata")
"""What the keys of a record mean; others are metadata."""


def read_int(text: str) -> int | str:
    """Read a number; one of more digits than Python converts stays text."""
    try:
        return int(text)
    except ValueError:
        return text


def read_float(text: str) -> float | str:
    """Read a number; infinity, which JSON doesn't know, stays text."""
    number = float(text)
    return number if isfinite(number) else text
