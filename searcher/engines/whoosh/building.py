"""Building: turn analysed documents into the columns of a segment, and several segments into one.

Everything is done to whole arrays; no Python runs for each word of a text.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from functools import partial

import numpy as np

from searcher.analysis import get_analyzer
from searcher.engines import StoredDocument
from searcher.engines.whoosh.analysing import Analysed, Known
from searcher.engines.whoosh.columns import Array, smallest
from searcher.engines.whoosh.postings import Posted, arrange, merge_posted, pack_terms
from searcher.engines.whoosh.schema import EXACT, LANGUAGE_CODES, text_field, title_field
from searcher.engines.whoosh.segments import SegmentReader, encode_stored, names_of
from searcher.engines.whoosh.stems import Pair, StemField, find_speakers, group_columns
from searcher.engines.whoosh.texts import TextCodec, choose_dictionary
from searcher.engines.whoosh.vocabulary import WordKey, Words
from searcher.names import name_keys

UNCHECKED = frozenset({"texts"})
"""Columns that check themselves: each compressed text ends with a checksum of its own."""

FIELDS = (title_field, text_field)

BYTES_PER_WORD = 40
"""Of memory while a segment is made: word, document and position, and the same packed and sorted."""


class SegmentBuilder:
    """Gathers the documents of one segment; `ordinary`: words that are no names, known by the time it is made."""

    def __init__(self, codec: TextCodec, ordinary: Set[str]) -> None:
        self._codec = codec
        self._ordinary = ordinary
        self._languages = array("B")
        self._ids: list[bytes] = []
        self._digests: list[bytes] = []
        self._stored: list[bytes] = []
        self._compressed: list[bytes] = []
        self._fields = tuple(_FieldBuilder() for _ in FIELDS)

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def size(self) -> int:
        """Bytes of memory that it takes to make the segment."""
        return BYTES_PER_WORD * sum(field.size for field in self._fields)

    def add(
        self,
        documents: Sequence[StoredDocument],
        digests: Sequence[str],
        analysed: Analysed,
        known: Known,
    ) -> int:
        """Take documents and return the number of the first; `known`: all that the analyst has said so far."""
        first = len(self._ids)
        for field, of_batch in zip(self._fields, (analysed.titles, analysed.texts), strict=True):
            field.add(of_batch, analysed.analyst, known)
        for document, digest in zip(documents, digests, strict=True):
            self._languages.append(LANGUAGE_CODES.index(document.language))
            self._ids.append(document.id.encode())
            self._digests.append(bytes.fromhex(digest))
            self._stored.append(encode_stored(document))
        self._compressed += analysed.compressed
        return first

    def columns(self) -> dict[str, Array]:
        """Return the columns of all documents taken."""
        languages = np.frombuffer(self._languages, np.uint8)
        lengths = [field.lengths() for field in self._fields]
        columns = document_columns(self._ids, languages, self._digests, self._stored, *lengths)
        columns |= text_columns(self._codec, self._compressed)
        for name, field in zip(FIELDS, self._fields, strict=True):
            posted, words = field.post()
            names = {place for (form, *_), place in words.items() if form not in self._ordinary}
            columns |= field_columns(name, posted, languages, names, partial(_stem_words, words))
        return columns


class _FieldBuilder:
    """The words of one field of the documents of a segment."""

    def __init__(self) -> None:
        self._batches: list[tuple[Words, int]] = []
        self._known: dict[int, Known] = {}
        """Of each analyst, what its numbers mean."""
        self.size = 0
        """Words taken."""

    def add(self, words: Words, analyst: int, known: Known) -> None:
        """Take the words of a batch of documents."""
        self._batches.append((words, analyst))
        self._known[analyst] = known
        self.size += len(words.numbers)

    def lengths(self) -> Array:
        """Return the words of each document."""
        return np.concatenate([words.counts for words, _ in self._batches])

    def post(self) -> tuple[Posted, dict[WordKey, int]]:
        """Return the postings of the words themselves, and which term each word is.

        The words are let go.
        """
        used = {
            analyst: _distinct((words.numbers for words, other in self._batches if other == analyst), len(known.words))
            for analyst, known in self._known.items()
        }
        forms = {
            analyst: [known.words[number][0].encode() for number in used[analyst].tolist()]
            for analyst, known in self._known.items()
        }
        terms = sorted(set().union(*forms.values()))
        place = {term: number for number, term in enumerate(terms)}
        tables: dict[int, Array] = {}
        places_of_words: dict[WordKey, int] = {}
        for analyst, known in self._known.items():
            places = [place[form] for form in forms[analyst]]
            table = tables[analyst] = np.full(len(known.words), -1, np.int32)
            table[used[analyst]] = places
            places_of_words.update(zip(map(known.words.__getitem__, used[analyst].tolist()), places, strict=True))
        lengths = self.lengths()
        columns: list[Array] = [
            np.concatenate([tables[analyst][words.numbers] for words, analyst in self._batches]),
            np.repeat(np.arange(len(lengths), dtype=np.int32), lengths),
            np.concatenate([words.positions for words, _ in self._batches]),
        ]
        self._batches.clear()
        return arrange(terms, columns), places_of_words


def _distinct(arrays: Iterable[Array], end: int) -> Array:
    """Return the distinct ones of numbers below `end`, ascending."""
    is_used = np.zeros(end, bool)
    for numbers in arrays:
        is_used[numbers] = True
    return np.flatnonzero(is_used)


def _stem_words(places: Mapping[WordKey, int], code: str, is_spoken: Sequence[bool]) -> set[Pair]:
    """Return the stems of words in a language, each with the place of its form."""
    spoken = [(word, place) for word, place in places.items() if is_spoken[place]]
    stems = get_analyzer(code).terms([word for word, _ in spoken])
    return {(stem.encode(), place) for stem, (_, place) in zip(stems, spoken, strict=True)}


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

    languages = gather("languages")
    columns = document_columns(
        [segment.id(number).encode() for segment, number in kept],
        languages,
        [bytes.fromhex(segment.digest(number)) for segment, number in kept],
        [segment.stored_line(number) for segment, number in kept],
        gather("title_lengths"),
        gather("text_lengths"),
    )
    codec = TextCodec(choose_dictionary(segments, kept))
    columns |= text_columns(codec, [_recompress(codec, segment, number) for segment, number in kept])
    for name in FIELDS:
        fields = [
            (segment, numbers, segment.posted(name(EXACT)))
            for segment, numbers in zip(segments, new_numbers, strict=True)
        ]
        held = [(field.posted(), numbers) for _, numbers, field in fields if field is not None]
        if not held:
            continue
        posted = merge_posted([part for part, _ in held], [numbers for _, numbers in held])
        names = _collect_names(segments, name(EXACT), posted.terms)
        columns |= field_columns(name, posted, languages, names, partial(_collect_stems, segments, name, posted.terms))
    return columns


def _collect_stems(
    segments: Iterable[SegmentReader],
    name: Callable[[str], str],
    terms: Sequence[bytes],
    code: str,
    is_spoken: Sequence[bool],
) -> set[Pair]:
    """Return the stems that some segments have of terms in a language, each with the place of its form."""
    places = {term: place for place, term in enumerate(terms) if is_spoken[place]}
    stems: set[Pair] = set()
    for segment in segments:
        field, posted = segment.field(name(code)), segment.posted(name(EXACT))
        if isinstance(field, StemField) and posted is not None:
            forms = posted.terms()
            stems.update((stem, places[forms[form]]) for stem, form in field.groups.pairs() if forms[form] in places)
    return stems


def _collect_names(segments: Iterable[SegmentReader], name: str, terms: Sequence[bytes]) -> set[int]:
    """Return the places of the terms that are names in every segment that has them."""
    names: set[bytes] = set()
    ordinary: set[bytes] = set()
    for segment in segments:
        posted, keys = segment.posted(name), segment.names(name)
        if posted is not None:
            forms = posted.terms()
            ours = {forms[form] for form in keys.all_forms().tolist()} if keys is not None else set()
            names |= ours
            ordinary |= set(forms) - ours
    return {place for place, term in enumerate(terms) if term in names and term not in ordinary}


def _recompress(codec: TextCodec, segment: SegmentReader, number: int) -> bytes:
    """Return a text as a codec compresses it."""
    if segment.codec.dictionary == codec.dictionary:
        return segment.compressed(number)
    return codec.compress(segment.text(number).encode())


def field_columns(
    name: Callable[[str], str],
    posted: Posted,
    languages: Array,
    names: Iterable[int],
    stems_of: Callable[[str, Sequence[bool]], set[Pair]],
) -> dict[str, Array]:
    """Return the columns of the words themselves and of their stems in each language that has documents with them.

    `names`: terms that may be names. `stems_of`: gives the stems of all terms that are spoken in a language, as
    (terms,) says.
    """
    if not len(posted.terms):
        return {}
    columns = {f"{name(EXACT)}.{column}": values for column, values in posted.columns().items()}
    is_spoken = find_speakers(posted, languages, len(LANGUAGE_CODES))
    for number, code in enumerate(LANGUAGE_CODES):
        if is_spoken[:, number].any():
            stems = group_columns(stems_of(code, is_spoken[:, number].tolist()))
            columns |= {f"{name(code)}.{column}": values for column, values in stems.items()}
    keys = {(key.encode(), number) for number in names for key in name_keys(posted.terms[number].decode())}
    columns |= {f"{names_of(name(EXACT))}.{column}": values for column, values in group_columns(keys).items()}
    return columns


def text_columns(codec: TextCodec, compressed: Sequence[bytes]) -> dict[str, Array]:
    """Return the columns of the texts."""
    sizes = np.fromiter(map(len, compressed), np.int64, len(compressed))
    return {
        "dictionary": np.frombuffer(codec.dictionary, np.uint8),
        "texts": np.frombuffer(b"".join(compressed), np.uint8),
        "texts.sizes": smallest(sizes),
    }


def document_columns(
    ids: Sequence[bytes],
    languages: Array,
    digests: Sequence[bytes],
    stored: Sequence[bytes],
    title_lengths: Array,
    text_lengths: Array,
) -> dict[str, Array]:
    """Return the columns that have a value for each document, in its place, and the fields of whole values."""
    lines = pack_terms(stored)
    columns = {
        "languages": languages,
        "title_lengths": smallest(title_lengths),
        "text_lengths": smallest(text_lengths),
        "digests": np.frombuffer(b"".join(digests), np.uint8),
        "stored": lines.pop("terms"),
        **{name.replace("term_sizes", "stored.sizes"): values for name, values in lines.items()},
    }
    codes = [LANGUAGE_CODES[number].encode() for number in languages.tolist()]
    for field, values in (("id", ids), ("language", codes)):
        columns |= {f"{field}.{column}": held for column, held in _post_values(values).columns().items()}
    return columns


def _post_values(values: Sequence[bytes]) -> Posted:
    """Return the postings of a field that has one value in each document."""
    terms = sorted(set(values))
    place = {term: number for number, term in enumerate(terms)}
    numbers = np.array([place[value] for value in values], np.int64)
    documents = np.argsort(numbers, kind="stable")
    counts = np.bincount(numbers, minlength=len(terms))
    return Posted(terms, counts, documents, np.ones(len(documents), np.int64), None)
