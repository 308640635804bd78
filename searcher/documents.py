"""What is indexed: Document, and the documents that files and folders hold.

Here is what a document may be and which files are read; what is in a file, `formats` says.
"""

from __future__ import annotations

import datetime
import os
import re
import stat
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from typing import BinaryIO

from searcher.engines import get_engine
from searcher.errors import DocumentError
from searcher.formats import EXTENSIONS, RECORD_FILES, WHOLE_FILES
from searcher.formats.decoding import LARGEST, decode, decode_lines
from searcher.formats.fields import FIELD_NAMES, Fields
from searcher.languages import UNDETERMINED, language_codes
from searcher.messages import Message

_LONGEST_ID = 1_000
_DEEPEST_METADATA = 100
_ISO_8601 = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2}([T ][0-9:.,]+(Z|[+-][0-9:]+)?)?)?)?")
_SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True, init=False)
class Document:
    """One text to be found; of two documents with one id, the later replaces the earlier.

    `language`: the code of a language pack, "und" for none of them, None to have it detected. `date`: ISO 8601, of a
    year, month, day or moment; date objects are turned into it. `metadata`: what JSON can hold, by name; a copy is
    kept. Halves of surrogate pairs, which no file can hold, become U+FFFD. Raises DocumentError.
    """

    id: str
    text: str
    title: str
    language: str | None
    source: str | None
    date: str | None
    metadata: Mapping[str, object] = field(hash=False)

    def __init__(
        self,
        id: str,
        text: str,
        *,
        title: str = "",
        language: str | None = None,
        source: str | None = None,
        date: str | datetime.date | None = None,
        metadata: Mapping[str, object] = {},
    ) -> None:
        if not isinstance(id, str) or not id or len(id) > _LONGEST_ID or "\0" in id:
            raise DocumentError(
                Message("the document id {id} can't be used", id=_quote(id)),
                Message("Give it a text of 1 to {count:,} characters without null bytes", count=_LONGEST_ID),
            )
        for name, value in (("text", text), ("title", title), ("source", "" if source is None else source)):
            if not isinstance(value, str):
                raise DocumentError(
                    Message(
                        "the {name} of document {id} is {kind}, not text",
                        name=name,
                        id=_quote(id),
                        kind=type(value).__name__,
                    ),
                    Message("Give it as a str"),
                )
        if language not in (None, UNDETERMINED, *language_codes()):
            raise DocumentError(
                Message(
                    "the language of document {id} is {language}, which is none of ours",
                    id=_quote(id),
                    language=_quote(language),
                ),
                Message("Give one of {known}, or None to have it detected", known=(*language_codes(), UNDETERMINED)),
            )
        iso_date = None if date is None else _to_iso_date(date)
        if date is not None and iso_date is None:
            raise DocumentError(
                Message(
                    "the date of document {id} is {date}, which isn't in ISO 8601", id=_quote(id), date=_quote(date)
                ),
                Message("Give it as 2024, 2024-03, 2024-03-23, with a time, or as a date object"),
            )
        if not isinstance(metadata, Mapping):
            raise DocumentError(
                Message(
                    "the metadata of document {id} is {kind}, not a mapping",
                    id=_quote(id),
                    kind=type(metadata).__name__,
                ),
                Message("Give a dict with text as keys"),
            )
        try:
            copied = {_check_key(key): _copy_json(value) for key, value in metadata.items()}
        except ValueError as error:
            raise DocumentError(
                Message(
                    "the metadata of document {id} holds {what}, which JSON doesn't", id=_quote(id), what=error.args[0]
                ),
                Message("Give text, finite numbers, booleans, None, and lists and dicts of these"),
            ) from error
        # The class is frozen, so its own fields are set past it.
        object.__setattr__(self, "id", _replace_surrogates(id))
        object.__setattr__(self, "text", _replace_surrogates(text))
        object.__setattr__(self, "title", _replace_surrogates(title))
        object.__setattr__(self, "language", language)
        object.__setattr__(self, "source", None if source is None else _replace_surrogates(source))
        object.__setattr__(self, "date", iso_date)
        object.__setattr__(self, "metadata", copied)


def _quote(value: object) -> str:
    """Quote a value for a message: short, without surrogates or control characters."""
    quoted = repr(value[:61] if isinstance(value, str) else value)
    return quoted if len(quoted) <= 63 else f"{quoted[:60]}…"


def _replace_surrogates(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        return _SURROGATES.sub("\ufffd", text)
    return text


def _to_iso_date(value: object) -> str | None:
    """Write a date in the usual form of ISO 8601; None where it isn't one."""
    if isinstance(value, datetime.date):
        return value.isoformat()
    if not isinstance(value, str) or not _ISO_8601.fullmatch(value):
        return None
    try:
        if len(value) > len("2024-03-23"):
            return datetime.datetime.fromisoformat(value).isoformat()
        datetime.date.fromisoformat(value + "2000-01-01"[len(value) :])
    except ValueError:
        return None
    return value


def _check_key(key: object) -> str:
    if not isinstance(key, str):
        raise ValueError(Message("the key {key}", key=_quote(key)))
    return _replace_surrogates(key)


def _copy_json(value: object, depth: int = 1) -> object:
    """Copy what JSON can hold; ValueError names what it can't."""
    if depth > _DEEPEST_METADATA:
        raise ValueError(Message("more than {count} levels", count=_DEEPEST_METADATA))
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _replace_surrogates(str(value))
    if isinstance(value, int):
        if value.bit_length() > 14_000:  # Python writes no more than 4,300 digits
            raise ValueError(Message("a number of thousands of digits"))
        return int(value)
    if isinstance(value, float):
        if not isfinite(value):
            raise ValueError(Message("the number {number}", number=float(value)))
        return float(value)
    if isinstance(value, Mapping):
        return {_check_key(key): _copy_json(inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_copy_json(inner, depth + 1) for inner in value]
    raise ValueError(Message("a {kind}", kind=type(value).__name__))


def read_documents(*paths: str | os.PathLike[str], root: str | os.PathLike[str] | None = None) -> DocumentStream:
    """Read the documents of files and folders, one at a time; "-" is JSON lines on standard input.

    `root`: ids and sources are paths relative to this folder, the current one by default; those of files outside it
    are absolute. What can't be read raises no error: it is in `skipped` of the result, and the rest goes on.
    """
    return DocumentStream([os.fsdecode(path) for path in paths], os.fsdecode(os.curdir if root is None else root))


class DocumentStream(Iterator[Document]):
    """Documents of files, read as they are asked for.

    `skipped`: (path or path:line, reason) of what can't be read, complete when the last document has been given.
    """

    def __init__(self, paths: list[str], root: str) -> None:
        self.skipped: list[tuple[str, str]] = []
        self._real_root = Path(os.path.realpath(root))
        self._root = self._real_root if os.pardir in Path(root).parts else Path(root).absolute()
        self._files: set[Path] = set()  # real paths of those already read
        self._has_read_input = False
        self._documents = self._read_paths(paths)

    def __next__(self) -> Document:
        return next(self._documents)

    def _read_paths(self, paths: list[str]) -> Iterator[Document]:
        for given in paths:
            if given == "-":
                yield from self._read_standard_input()
                continue
            try:
                is_folder = stat.S_ISDIR(os.stat(given).st_mode)  # noqa: PTH116 - Path takes "" for a folder
            except (OSError, ValueError) as error:  # ValueError: a null byte or a lone surrogate
                self.skipped.append((_to_readable(given), _explain(error)))
                continue
            path, real_path = Path(given).absolute(), Path(os.path.realpath(given))
            if os.pardir in path.parts:  # what ".." means after a symbolic link only the system knows
                path = real_path
            yield from self._read_folder(path, real_path) if is_folder else self._read_file(path, real_path)

    def _read_standard_input(self) -> Iterator[Document]:
        stream: BinaryIO | None = getattr(sys.stdin, "buffer", None)
        if stream is None or stream.closed:
            self.skipped.append(("-", Message("there is no standard input")))
        elif not self._has_read_input:
            self._has_read_input = True
            yield from self._read_stream(stream, "-", ".jsonl")

    def _read_folder(self, folder: Path, real_folder: Path) -> Iterator[Document]:
        """Read the files below a folder by name, then those to which only symbolic links lead.

        Links come last so that a file has one id, its own, whatever links there are to it.
        """
        pending, links = [(folder, real_folder, True)], list[Path]()
        folders: set[Path] = set()
        skipped_before, has_files = len(self.skipped), False
        while pending or links:
            if not pending:
                pending += self._follow(links.pop(0), real_folder)
                continue
            path, real_path, is_folder = pending.pop()
            if not is_folder:
                has_files = True
                yield from self._read_file(path, real_path)
            elif real_path not in folders:
                folders.add(real_path)
                inner, inner_links = self._list(path, real_path, is_asked_for=path == folder)
                pending += inner
                links += inner_links
        if not has_files and len(self.skipped) == skipped_before:
            reason = Message("no file of a known format in this folder")
            self.skipped.append((self._name(folder, real_folder), reason))

    def _list(
        self, folder: Path, real_folder: Path, *, is_asked_for: bool
    ) -> tuple[list[tuple[Path, Path, bool]], list[Path]]:
        """List a folder: (path, real path, is a folder) from last to first by name, and the symbolic links."""
        inner, links = list[tuple[Path, Path, bool]](), list[Path]()
        try:
            entries = sorted(os.scandir(real_folder), key=lambda entry: entry.name)
            if get_engine().holds_index(real_folder):
                if is_asked_for:
                    reason = Message("a search index, not documents")
                    self.skipped.append((self._name(folder, real_folder), reason))
                return [], []
            for entry in entries:
                path = folder / entry.name
                if entry.name.startswith("."):
                    continue
                if entry.is_symlink():
                    links.append(path)
                elif (is_folder := entry.is_dir(follow_symlinks=False)) or path.suffix.lower() in EXTENSIONS:
                    inner.append((path, real_folder / entry.name, is_folder))
        except OSError as error:
            self.skipped.append((self._name(folder, real_folder), _explain(error)))
        return inner[::-1], links

    def _follow(self, link: Path, real_folder: Path) -> Iterator[tuple[Path, Path, bool]]:
        """Give what a symbolic link leads to, unless that is outside the folder that was asked for."""
        real_path = Path(os.path.realpath(link))
        name, has_format = self._name(link, real_path), link.suffix.lower() in EXTENSIONS
        try:
            is_folder = stat.S_ISDIR(link.stat().st_mode)
        except OSError as error:
            if has_format:
                self.skipped.append((name, _explain(error)))
            return
        if not is_folder and not has_format:
            return
        if not real_path.is_relative_to(real_folder):
            self.skipped.append((name, Message("symbolic link that leaves the folder")))
        else:
            yield link, real_path, is_folder

    def _read_file(self, path: Path, real_path: Path) -> Iterator[Document]:
        if real_path in self._files:
            return
        self._files.add(real_path)
        name, extension = self._name(path, real_path), path.suffix.lower()
        try:
            if not stat.S_ISREG(real_path.stat().st_mode):
                self.skipped.append((name, Message("not a regular file")))
            elif extension not in EXTENSIONS:
                known = sorted(EXTENSIONS)
                self.skipped.append((name, Message("unknown extension, not one of {known}", known=known)))
            else:
                with open(real_path, "rb", opener=_open_without_waiting) as stream:
                    yield from self._read_stream(stream, name, extension)
        except OSError as error:
            self.skipped.append((name, _explain(error)))

    def _read_stream(self, stream: BinaryIO, name: str, extension: str) -> Iterator[Document]:
        skipped_before, has_documents = len(self.skipped), False
        try:
            for line, fields in self._parse(stream, name, extension):
                try:
                    document = _make_document(fields, f"{name}#{line}" if line else name, name)
                except DocumentError as error:
                    self.skipped.append((f"{name}:{line}" if line else name, error.problem))
                else:
                    has_documents = True
                    yield document
        except DocumentError as error:
            self.skipped.append((name, error.problem))
        except OSError as error:
            self.skipped.append((name, _explain(error)))
        else:
            if not has_documents and len(self.skipped) == skipped_before:
                self.skipped.append((name, Message("empty")))

    def _parse(self, stream: BinaryIO, name: str, extension: str) -> Iterator[tuple[int, Fields]]:
        """Give the fields of each document with its line; 0 for those of a whole file."""
        if parse_records := RECORD_FILES.get(extension):
            yield from parse_records(
                decode_lines(stream), lambda line, reason: self.skipped.append((f"{name}:{line}", reason))
            )
            return
        content = stream.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise DocumentError(Message("larger than {size} MB", size=LARGEST // 1024**2))
        text = decode(content)
        if not text.isspace() and text:
            yield 0, WHOLE_FILES[extension](text)

    def _name(self, path: Path, real_path: Path) -> str:
        """Name a file for ids and messages: relative to the root where it is beneath it, with slashes."""
        for file, folder in ((path, self._root), (real_path, self._real_root)):
            if file != folder and file.is_relative_to(folder):
                return _to_readable(file.relative_to(folder).as_posix())
        return _to_readable(path.as_posix())


def _make_document(fields: Fields, default_id: str, default_source: str) -> Document:
    """Build a document from what a file says of it; what doesn't fit a field is metadata."""
    metadata = {name: value for name, value in fields.items() if name not in FIELD_NAMES}
    if isinstance(given := fields.get("metadata"), dict):
        metadata |= given
    elif given not in (None, ""):
        metadata["metadata"] = given
    texts = {name: _to_text(fields.get(name)) for name in ("id", "text", "title", "source", "date")}
    for name in ("id", "text", "title"):
        if texts[name] is None:
            raise DocumentError(Message('"{name}" is neither text nor a number', name=name))
    text, title = texts["text"] or "", (texts["title"] or "").strip()
    if not title and not text.strip():
        raise DocumentError(Message("no text and no title"))
    date = _to_iso_date((texts["date"] or "").strip())
    if date is None and texts["date"] != "":
        metadata["date"] = fields["date"] if texts["date"] is None else texts["date"]
    if texts["source"] is None:
        metadata["source"] = fields["source"]
    return Document(
        (texts["id"] or "").strip() or default_id,
        text,
        title=title,
        language=_to_language(fields.get("language")),
        source=(texts["source"] or "").strip() or default_source,
        date=date,
        metadata=metadata,
    )


def _to_text(value: object) -> str | None:
    """Write text or a number as text, nothing as ""; None for anything else."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return str(value)


def _to_language(value: object) -> str | None:
    """Read the language a file claims: ours, "und" for another two-letter code, or None, which is to detect it."""
    code = re.split("[-_]", value.strip().lower())[0] if isinstance(value, str) else ""
    if code in (UNDETERMINED, *language_codes()):
        return code
    return UNDETERMINED if re.fullmatch("[a-z]{2}", code) else None


def _to_readable(path: str) -> str:
    """Write bytes of a file name that aren't UTF-8 as \\xe9, so that any program can hold it and no two are one."""
    for errors in ("strict", "surrogateescape"):
        try:
            return path.encode("utf-8", errors).decode("utf-8", "backslashreplace")
        except UnicodeEncodeError:
            continue
    return path.encode("utf-8", "backslashreplace").decode("utf-8")


def _explain(error: Exception) -> str:
    if isinstance(error, FileNotFoundError) or not isinstance(error, OSError):
        return Message("no such file or folder")
    return Message((error.strerror or type(error).__name__).lower())


def _open_without_waiting(path: str, flags: int) -> int:
    """Open a file that may just have been replaced by a named pipe."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
