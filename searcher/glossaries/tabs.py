"""Tab-separated text: a term and its translation in the first two columns of each line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from searcher.errors import DocumentError, GlossaryError
from searcher.formats.decoding import decode
from searcher.glossaries.codes import read_code
from searcher.glossaries.files import read_file
from searcher.messages import Message


def read_tabs(path: Path) -> tuple[tuple[str, str] | None, list[tuple[str, str]]]:
    """Return the languages that a first line such as "en", tab, "fr" names, None without one, and the pairs."""
    try:
        text = decode(read_file(path))
    except DocumentError:
        problem = Message("{path} is not a text file", path=path)
        raise GlossaryError(path, problem, Message("Give a tab-separated file or a dictd dictionary")) from None
    rows = list(_split_rows(path, text))
    languages = _read_header(rows[0]) if rows else None
    return languages, rows[1:] if languages else rows


def _split_rows(path: Path, text: str) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip() or line == "#" or line.startswith("# "):
            continue
        term, tab, rest = line.partition("\t")
        if not tab:
            raise GlossaryError(
                path,
                Message("line {number} of {path} has no tab", number=number, path=path),
                Message('Put a tab between a term and its translation, or "# " before a comment'),
            )
        yield term, rest.partition("\t")[0]


def _read_header(row: tuple[str, str]) -> tuple[str, str] | None:
    source, target = map(read_code, row)
    return (source, target) if source and target else None
