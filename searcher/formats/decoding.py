"""Decoding: from the bytes of a file to its text, whatever its encoding; the only importer of charset-normalizer."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from functools import cache
from typing import BinaryIO

from searcher.errors import DocumentError
from searcher.languages import get_languages
from searcher.messages import Message

LARGEST = 100 * 1024 * 1024
"""Bytes of one file or line that is read whole; a web page takes twenty times as much memory."""

_SAMPLE = 64 * 1024
"""Bytes by which binary files and encodings are told."""

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins with the mark of UTF-16, so it is tried first
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SIGNATURES = (b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"\x1f\x8b")
_CONTROLS = bytes(set(range(32)) - set(b"\a\b\t\n\v\f\r\x1b")) + b"\x7f"
_SINGLE_BYTE_ENCODINGS = ("cp1252", "iso8859-15", "mac_roman", "cp850")


def decode(content: bytes) -> str:
    """Turn the bytes of a file into text whose lines end in a line feed."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            text = content[len(mark) :].decode(encoding, "replace")
            break
    else:
        if is_binary(content):
            raise DocumentError(Message("not a text file"))
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            text = _decode_by_line(content)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def decode_lines(stream: BinaryIO) -> Iterator[str]:
    """Yield the lines of a file with their ends, holding one at a time."""
    head = stream.read1(_SAMPLE) if hasattr(stream, "read1") else stream.read(_SAMPLE)
    while len(head) < 4 and (more := stream.read(1)):
        head += more
    for mark, encoding in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            head = head[len(mark) :]
            if encoding == "utf-8":
                break
            yield from _decode_wide_lines(head, stream, encoding)
            return
    else:
        if is_binary(head):
            raise DocumentError(Message("not a text file"))
    sample = b"\n".join(_find_undecodable_lines(head.rpartition(b"\n")[0]))
    fallback = guess_encoding(sample) if sample else "utf-8"
    for line in _split_lines(head, stream):
        try:
            yield line.decode("utf-8")
        except UnicodeDecodeError:
            if fallback == "utf-8":
                fallback = guess_encoding(line)
            yield line.decode(fallback, "replace")


def is_binary(content: bytes) -> bool:
    """Tell bytes that are no text in any encoding without a byte order mark."""
    sample = content[:_SAMPLE]
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    return content.startswith(_SIGNATURES) or b"\0" in content or controls > len(sample) / 20


def guess_encoding(content: bytes) -> str:
    """Name the likeliest encoding of bytes that aren't UTF-8.

    The encodings of Western computers are compared by how many of the letters and marks that they give are ones of
    our languages. Where none of them fits, charset-normalizer decides: over short French texts it was right for 6 of
    20 in Windows-1252, this comparison for all. "utf-8" is an answer, for text of which a few bytes are damaged.
    """
    sample = content[:_SAMPLE]
    expected = _expected_characters()
    best, best_share = "", 0.0
    for encoding in ("utf-8", *_SINGLE_BYTE_ENCODINGS):
        text = sample.decode(encoding, "replace")
        share = len(expected.findall(text)) / max(1, sum(not character.isascii() for character in text))
        if share > best_share:
            best, best_share = encoding, share
    if best_share >= 0.75:
        return best
    text = sample.decode("cp1252", "replace")
    foreign = [character for character in text if not character.isascii()]
    letters = sum(character.isalpha() for character in foreign)
    # In a Western language, no more than half of the letters have accents.
    if "\ufffd" not in text and len(foreign) < 2 * letters and 2 * letters <= sum(map(str.isalpha, text)):
        return "cp1252"
    from charset_normalizer import from_bytes

    match = from_bytes(sample).best()
    return match.encoding if match else "cp1252"


@cache
def _expected_characters() -> re.Pattern[str]:
    """Match what stands beyond ASCII in texts of the packs' languages, each where it can stand."""
    letters = "".join(sorted(set("".join(language.letters for language in get_languages()))))
    common = "".join(letter for letter in letters if letter <= "\xff")
    others = "".join(letter + letter.upper() for letter in letters if letter > "\xff")  # œ, a fraction in Latin-1
    letter = r"[^\W\d_]"
    marks = "[«»“”‘–—…€£°©®§·•]"
    return re.compile(
        rf"[{common}’\xa0\u202f]|(?<![a-z{common}])[{common.upper()}]"
        rf"|(?<={letter})[{others}]|[{others}](?={letter})"
        rf"|(?<!{letter}){marks}|{marks}(?!{letter})|(?<!{letter})[¼½¾](?!{letter})"
    )


def _find_undecodable_lines(content: bytes) -> Iterator[bytes]:
    for line in content.split(b"\n"):
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            yield line


def _decode_by_line(content: bytes) -> str:
    """Decode line by line, so that one foreign line doesn't spoil a file of UTF-8."""
    fallback = guess_encoding(b"\n".join(_find_undecodable_lines(content)))
    lines = []
    for line in content.split(b"\n"):
        try:
            lines.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            lines.append(line.decode(fallback, "replace"))
    return "\n".join(lines)


def _split_lines(head: bytes, stream: BinaryIO) -> Iterator[bytes]:
    *lines, last = head.split(b"\n")
    for line in lines:
        yield line + b"\n"
    line = last + stream.readline(LARGEST)
    while line:
        if len(line) >= LARGEST:
            raise DocumentError(Message("a line is longer than {size} MB", size=LARGEST // 1024**2))
        yield line
        line = stream.readline(LARGEST)


def _decode_wide_lines(head: bytes, stream: BinaryIO, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    rest, chunk = "", head
    while chunk:
        *lines, rest = (rest + decoder.decode(chunk)).split("\n")
        for line in lines:
            yield line + "\n"
        if len(rest) >= LARGEST:
            raise DocumentError(Message("a line is longer than {size} MB", size=LARGEST // 1024**2))
        chunk = stream.read(1024 * 1024)
    if rest := rest + decoder.decode(b"", final=True):
        yield rest
