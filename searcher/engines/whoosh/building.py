"""Building: turn analysed documents into the columns of a segment.

Documents are kept as numbers of pieces until the segment is flushed; then everything is done to whole arrays.
"""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from searcher.analysis import Vocabulary, get_analyzer
from searcher.engines import StoredDocument
from searcher.engines.whoosh.columns import Array, smallest
from searcher.engines.whoosh.postings import Occurrences, arrange, merge_occurrences, pack_terms
from searcher.engines.whoosh.schema import EXACT, LANGUAGE_CODES, text_field, title_field
from searcher.engines.whoosh.segments import SegmentReader, encode_stored

COMPRESSION = 6
"""Of texts, 1 to 9; 9 saves 1 % more for twice the time."""

UNCHECKED = frozenset({"texts"})
"""Columns that check themselves: zlib knows a changed text."""


class SegmentBuilder:
    """Gathers the documents of one segment."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._titles = _Pieces()
        self._texts = _Pieces()
        self._languages = array("B")
        self._ids: list[bytes] = []
        self._digests: list[bytes] = []
        self._stored: list[bytes] = []
        self._compressed: list[bytes] = []

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def size(self) -> int:
        """Pieces held, about 50 bytes of memory each when they are flushed."""
        return len(self._titles.numbers) + len(self._texts.numbers)

    def add(self, document: StoredDocument, text: str, digest: str) -> int:
        """Take a document; return its number in the segment."""
        self._titles.append(self._vocabulary.split(document.title))
        self._texts.append(self._vocabulary.split(text))
        self._languages.append(LANGUAGE_CODES.index(document.language))
        self._ids.append(document.id.encode())
        self._digests.append(bytes.fromhex(digest))
        self._stored.append(encode_stored(document))
        self._compressed.append(zlib.compress(text.encode(), COMPRESSION))
        return len(self._ids) - 1

    def columns(self) -> dict[str, Array]:
        """Return the columns of all documents taken."""
        languages = np.frombuffer(self._languages, np.uint8)
        titles = _Expanded(self._vocabulary, self._titles)
        texts = _Expanded(self._vocabulary, self._texts)
        columns = document_columns(
            self._ids, languages, self._digests, self._stored, self._compressed, titles.lengths, texts.lengths
        )
        for name, expanded in ((title_field, titles), (text_field, texts)):
            for field, occurrences in _fields(self._vocabulary, name, expanded, languages):
                columns |= {f"{field}.{column}": values for column, values in arrange(occurrences).items()}
        return columns


def merge_segments(segments: Sequence[SegmentReader]) -> dict[str, Array]:
    """Return the columns of one segment with all documents of several that are not deleted."""
    new_numbers = []
    begin = 0
    for segment in segments:
        alive = np.ones(segment.count, bool) if segment.alive is None else segment.alive
        new_numbers.append(np.where(alive, np.cumsum(alive) - 1 + begin, -1))
        begin += int(alive.sum())
    kept = [
        (segment, number)
        for segment, numbers in zip(segments, new_numbers, strict=True)
        for number in np.flatnonzero(numbers >= 0).tolist()
    ]

    def gather(name: str) -> Array:
        parts = (
            segment.columns.array(name)[numbers >= 0] for segment, numbers in zip(segments, new_numbers, strict=True)
        )
        return np.concatenate(list(parts))

    columns = document_columns(
        [segment.id(number).encode() for segment, number in kept],
        gather("languages"),
        [bytes.fromhex(segment.digest(number)) for segment, number in kept],
        [segment.stored_line(number) for segment, number in kept],
        [segment.compressed(number) for segment, number in kept],
        gather("title_lengths"),
        gather("text_lengths"),
    )
    names = {name for segment in segments for name in segment.field_names()} - {"id", "language"}
    for name in sorted(names):
        readers = ((segment.field(name), numbers) for segment, numbers in zip(segments, new_numbers, strict=True))
        parts = [reader.occurrences(numbers) for reader, numbers in readers if reader is not None]
        merged = arrange(merge_occurrences(parts))
        columns |= {f"{name}.{column}": values for column, values in merged.items()}
    return columns


def document_columns(
    ids: Sequence[bytes],
    languages: Array,
    digests: Sequence[bytes],
    stored: Sequence[bytes],
    compressed: Sequence[bytes],
    title_lengths: Array,
    text_lengths: Array,
) -> dict[str, Array]:
    """Return the columns that have a value for each document, in its place."""
    columns = {
        "languages": languages,
        "title_lengths": smallest(title_lengths),
        "text_lengths": smallest(text_lengths),
        "digests": np.frombuffer(b"".join(digests), np.uint8),
    }
    for name, values in (("stored", stored), ("texts", compressed)):
        packed = pack_terms(values)
        columns |= {name: packed["terms"], f"{name}.offsets": packed["offsets"]}
    numbers = np.arange(len(ids))
    ordered = sorted(range(len(ids)), key=ids.__getitem__)
    terms = sorted(set(ids))
    place = {term: number for number, term in enumerate(terms)}
    by_id = Occurrences(terms, np.array([place[ids[n]] for n in ordered], np.int64), np.array(ordered, np.int64), None)
    used = _distinct(languages, len(LANGUAGE_CODES)).tolist()
    codes = [LANGUAGE_CODES[number].encode() for number in used]
    by_language = Occurrences(codes, np.searchsorted(used, languages), numbers, None)
    for field, occurrences in (("id", by_id), ("language", by_language)):
        columns |= {f"{field}.{column}": values for column, values in arrange(occurrences).items()}
    return columns


class _Pieces:
    """The pieces of one field of many documents."""

    def __init__(self) -> None:
        self.numbers = array("I")
        self.counts = array("I")

    def append(self, numbers: list[int]) -> None:
        self.numbers.fromlist(numbers)
        self.counts.append(len(numbers))


class _Expanded:
    """The words of one field of many documents, (places,) each: word, document, position."""

    def __init__(self, vocabulary: Vocabulary, pieces: _Pieces) -> None:
        numbers = _as_array(pieces.numbers)
        counts = _as_array(pieces.counts)
        widths = _as_array(vocabulary.widths)[numbers]
        ends = np.cumsum(widths, dtype=np.int32)
        before = np.zeros(len(counts) + 1, np.int64)
        np.cumsum(counts, out=before[1:])
        at_document = np.concatenate((np.zeros(1, np.int32), ends))[before]
        base = ends - widths.view(np.int32) - np.repeat(at_document[:-1], counts)
        per_piece = _as_array(vocabulary.counts)[numbers]
        starts = np.cumsum(per_piece, dtype=np.int32) - per_piece.view(np.int32)
        offsets = _as_array(vocabulary.firsts)[numbers].view(np.int32) - starts
        places = np.repeat(offsets, per_piece)
        places += np.arange(len(places), dtype=np.int32)
        self.words = _as_array(vocabulary.numbers)[places]
        self.positions = np.repeat(base, per_piece)
        self.positions += _as_array(vocabulary.positions)[places].view(np.int32)
        self.documents = np.repeat(np.repeat(np.arange(len(counts), dtype=np.int32), counts), per_piece)
        self.lengths = np.bincount(self.documents, minlength=len(counts))


def _as_array(values: array[int]) -> NDArray[np.uint32]:
    return np.frombuffer(values, np.uint32) if values else np.zeros(0, np.uint32)


def _fields(
    vocabulary: Vocabulary, name: Callable[[str], str], expanded: _Expanded, languages: Array
) -> Iterator[tuple[str, Occurrences]]:
    """Yield the fields of terms of each language, and the one of exact forms."""
    used = _distinct(expanded.words, len(vocabulary.words))
    exacts = [vocabulary.words[number].exact for number in used]
    yield name(EXACT), _occurrences(expanded.words, used, exacts, expanded.documents, expanded.positions)
    code_of_place = languages[expanded.documents]
    for number, code in enumerate(LANGUAGE_CODES):
        is_here = code_of_place == number
        if not is_here.any():
            continue
        words = expanded.words[is_here]
        used = _distinct(words, len(vocabulary.words))
        term = get_analyzer(code).term
        terms = [term(vocabulary.words[word]) for word in used]
        yield name(code), _occurrences(words, used, terms, expanded.documents[is_here], None)


def _distinct(numbers: Array, end: int) -> NDArray[np.int64]:
    """Return the distinct ones of some numbers below `end`, ascending."""
    is_used = np.zeros(end, bool)
    is_used[numbers] = True
    return np.flatnonzero(is_used)


def _occurrences(
    words: Array, used: Array, forms: Iterable[str], documents: Array, positions: Array | None
) -> Occurrences:
    """Return occurrences of the forms of words; `used`: the distinct numbers in `words`, in the order of `forms`."""
    encoded = [form.encode() for form in forms]
    terms = sorted(set(encoded))
    place = {term: number for number, term in enumerate(terms)}
    table = np.zeros(int(used[-1]) + 1 if len(used) else 1, np.int32)
    table[used] = [place[form] for form in encoded]
    return Occurrences(terms, table[words], documents, positions)
