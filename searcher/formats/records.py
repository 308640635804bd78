"""Files of records: JSON lines and CSV, a document in each line or row."""

from __future__ import annotations

import csv
import json
import threading
from collections.abc import Callable, Iterator
from functools import partial
from io import StringIO

from searcher.errors import DocumentError
from searcher.formats.decoding import LARGEST
from searcher.formats.fields import FIELD_NAMES, Fields, read_float, read_int
from searcher.messages import Message

Skip = Callable[[int, str], None]
"""Is told the number of a line that isn't a record, and why."""


def parse_json_lines(lines: Iterator[str], skip: Skip) -> Iterator[tuple[int, Fields]]:
    """Read one JSON object from each line that isn't blank."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            fields = _load_json(line)
        except (ValueError, RecursionError):
            skip(number, Message("not valid JSON"))
            continue
        if isinstance(fields, dict):
            yield number, fields
        else:
            skip(number, Message("not a JSON object"))


def parse_csv(lines: Iterator[str], skip: Skip) -> Iterator[tuple[int, Fields]]:
    """Read one record from each row below the first, which names the columns."""
    numbered = enumerate(_split_at_returns(lines), start=1)
    first, header = next(((number, line) for number, line in numbered if line.strip()), (0, ""))
    if not header:
        return
    delimiter = max(",;\t", key=partial(_count_columns, header))
    columns = _name_columns(header, delimiter)
    if "text" not in columns:
        raise DocumentError(Message('no column is named "text" in the first line'))
    rows = csv.reader((line for _, line in numbered), delimiter=delimiter)
    number = first + 1
    while (row := _next_row(rows)) is not None:
        columns += [f"column_{position}" for position in range(len(columns) + 1, len(row) + 1)]
        if any("\0" in value for value in row):
            skip(number, Message("contains a null byte"))
        elif any(row):
            yield number, _read_metadata(dict(zip(columns, row, strict=False)))
        number = first + rows.line_num + 1


def _name_columns(header: str, delimiter: str) -> list[str]:
    names = [name.strip() for name in _next_row(csv.reader([header], delimiter=delimiter)) or ()]
    return [
        (name.lower() if name.lower() in FIELD_NAMES else name) or f"column_{position}"
        for position, name in enumerate(names, start=1)
    ]


def _count_columns(header: str, delimiter: str) -> int:
    """Count the columns that a delimiter makes; 0 where none of them holds the text."""
    columns = _name_columns(header, delimiter)
    return len(columns) if "text" in columns else 0


def _read_metadata(fields: dict[str, str]) -> Fields:
    """Read a metadata column that holds a JSON object; other text stays as it is."""
    try:
        metadata = _load_json(fields.get("metadata", ""))
    except (ValueError, RecursionError):
        return {**fields}
    return {**fields, "metadata": metadata} if isinstance(metadata, dict) else {**fields}


def _load_json(text: str) -> object:
    return json.loads(text, parse_int=read_int, parse_float=read_float, parse_constant=str)


_FIELD_SIZE_LIMIT = threading.Lock()


def _next_row(rows: Iterator[list[str]]) -> list[str] | None:
    """Read a row whose fields may be long; csv has one limit for the whole process, so it is put back each time."""
    with _FIELD_SIZE_LIMIT:
        usual = csv.field_size_limit(LARGEST)
        try:
            return next(rows, None)
        except csv.Error as error:
            raise DocumentError(Message("not valid CSV: {error}", error=error)) from error
        finally:
            csv.field_size_limit(usual)


def _split_at_returns(lines: Iterator[str]) -> Iterator[str]:
    """End lines at carriage returns too; csv takes them for an error within a line."""
    for line in lines:
        yield from StringIO(line, newline="") if "\r" in line[:-2] else (line,)
