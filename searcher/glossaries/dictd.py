"""dictd dictionaries: an index of heads beside a file of articles, as FreeDict's packages install them.

A line of the index is head, tab, offset, tab, length, the numbers in digits of base 64. The articles are laid out so:

    head /sound/ <word class>
    1. translation, translation
    2. translation
    an explanation

Without numbers, the first line below the head holds the translations.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from searcher.errors import GlossaryError
from searcher.formats.decoding import guess_encoding, is_binary
from searcher.glossaries.codes import read_codes_in_name
from searcher.glossaries.files import read_file
from searcher.messages import Message

SUFFIXES = (".index", ".dict", ".dict.dz")
"""Of the files of a dictionary, each of which may name it."""

_DIGITS = {
    digit: value for value, digit in enumerate(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
}
_LONGEST_NUMBER = 6
"""Digits, 36 bits."""

_SENSE = re.compile(r"\s*\d+\.\s+(.*)")
_ABOUT_ITSELF = (b"00database", b"00-database")
"""Heads of articles about the dictionary."""


def read_dictd(path: Path) -> tuple[tuple[str, str] | None, list[tuple[str, str]]]:
    """Return the languages in the dictionary's name, None without them, and its heads with their translations."""
    name = path.name.removesuffix(".dz").removesuffix(".dict").removesuffix(".index")
    return read_codes_in_name(name), list(_read_pairs(path, name))


def _read_pairs(path: Path, name: str) -> Iterator[tuple[str, str]]:
    index, articles = path.with_name(f"{name}.index"), path.with_name(f"{name}.dict")
    spans = _read_spans(index)
    if not articles.exists():
        articles = path.with_name(f"{name}.dict.dz")
    content = read_file(articles)
    if is_binary(content):
        problem = Message("{path} is not a text file", path=articles)
        raise GlossaryError(articles, problem, Message("Get the dictionary again"))
    last, total = max((end for _, end in spans), default=0), sum(end - start for start, end in spans)
    if max(last, total) > len(content):
        raise GlossaryError(
            articles,
            Message(
                "{index} names more than there is in {articles}: one of them is cut, or they are of two dictionaries",
                index=index,
                articles=articles,
            ),
            Message("Get the dictionary again"),
        )
    encoding = _find_encoding(content)
    for start, end in spans:
        yield from _read_article(content[start:end].decode(encoding, "replace"))


def _find_encoding(content: bytes) -> str:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return guess_encoding(content)
    return "utf-8"


def _read_spans(index: Path) -> list[tuple[int, int]]:
    """Return where the articles begin and end, each once, however many heads lead to it."""
    spans: dict[tuple[int, int], None] = {}
    for number, line in enumerate(read_file(index).split(b"\n"), start=1):
        if not line or line.startswith(_ABOUT_ITSELF):
            continue
        try:
            _, offset, length = line.rstrip(b"\r").split(b"\t")[:3]
            start = _read_number(offset)
            spans[start, start + _read_number(length)] = None
        except (KeyError, ValueError):
            raise GlossaryError(
                index,
                Message(
                    "line {number} of {path} is not a head, an offset and a length with tabs between them",
                    number=number,
                    path=index,
                ),
                Message("Get the dictionary again, or give a tab-separated file another ending than .index"),
            ) from None
    return list(spans)


def _read_number(digits: bytes) -> int:
    if not 0 < len(digits) <= _LONGEST_NUMBER:
        raise ValueError(digits)
    number = 0
    for digit in digits:
        number = number * 64 + _DIGITS[digit]
    return number


def _read_article(article: str) -> Iterator[tuple[str, str]]:
    head, *lines = [line for line in article.split("\n") if line.strip()] or [""]
    senses = [match.group(1) for line in lines if (match := _SENSE.match(line))]
    for sense in senses or lines[:1]:
        yield head, sense
