"""File formats: which parser reads the text of a file, by its extension?

A parser gives fields ("text", "title", "date" ...), never a document. What it can't read it raises as a DocumentError
whose problem is a short reason without its subject: the caller knows which file and line it read. Libraries are
imported where they are first needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from searcher.formats.fields import Fields
from searcher.formats.html import parse_html
from searcher.formats.markdown import parse_markdown
from searcher.formats.records import Skip, parse_csv, parse_json_lines
from searcher.formats.text import parse_text

WHOLE_FILES: dict[str, Callable[[str], Fields]] = {
    ".htm": parse_html,
    ".html": parse_html,
    ".markdown": parse_markdown,
    ".md": parse_markdown,
    ".txt": parse_text,
}
RECORD_FILES: dict[str, Callable[[Iterator[str], Skip], Iterator[tuple[int, Fields]]]] = {
    ".csv": parse_csv,
    ".jsonl": parse_json_lines,
    ".ndjson": parse_json_lines,
}
EXTENSIONS = frozenset(WHOLE_FILES) | frozenset(RECORD_FILES)
