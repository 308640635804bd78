"""Vocabulary: which words does each distinct piece of text have? Analysis of many texts at the price of one.

A piece is what stands between white space; a number written with spaces is one piece. Pieces are found, hashed and
looked up with array operations, and only those never seen before are looked at one by one.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from secrets import randbits

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from searcher.engines.whoosh.columns import Array
from searcher.words import CHUNK, MAX_WORD_LENGTH, normalize, split_chunk

OPENING = '([{"«“\u00a0\u202f'
CLOSING = '.,;:!?)]}"»”…\u00a0\u202f'
"""Marks around a word that are never part of its terms."""

LONGEST_HASHED = 256
"""Bytes; a longer piece is looked at anew each time."""

PADDING = bytes(LONGEST_HASHED)
JOINT = 0xFF
"""Stands for the space within a number; no byte of UTF-8."""

LANE = 8
"""Bytes that are hashed at a time."""

MIXER = np.uint64(0x9E3779B97F4A7C15)
"""2^64 divided by the golden ratio: odd, and its product has in its upper bits something of all below."""

WordKey = tuple[str, str, str]
"""What a word is indexed by: `exact`, `base` and `kind` of `searcher.words.Word`."""

Hashes = NDArray[np.uint64]
Numbers = NDArray[np.int32]

_IS_SPACE = np.zeros(256, bool)
_IS_SPACE[[*range(9, 14), *range(28, 33)]] = True
_IS_DIGIT = np.zeros(256, bool)
_IS_DIGIT[list(b"0123456789")] = True
_LANE_MASKS = np.array([(1 << 8 * length) - 1 for length in range(LANE + 1)], np.uint64)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one field of some documents, in order: what the arrays of a segment are made of.

    `numbers`: (words,) which word of the vocabulary; `positions`: (words,); `counts`: (documents,) words of each.
    """

    numbers: Numbers
    positions: Numbers
    counts: Numbers


class Vocabulary:
    """Numbers the distinct words of texts; two vocabularies may number the same words differently."""

    def __init__(self) -> None:
        self.words: list[WordKey] = []
        self.lowered: list[int] = []
        """The words that were ever written with a small letter first, in the order in which that was seen."""
        self._is_lowered = bytearray()
        self._word_numbers: dict[str | WordKey, int] = {}
        self._pieces: dict[str, int] = {}
        self._size = 0
        self._table = _HashTable()
        # Piece n has `counts[n]` words, from `firsts[n]` on in `numbers` and `positions`, and is `widths[n]` wide.
        self._counts = array("i")
        self._firsts = array("i")
        self._widths = array("i")
        self._numbers = array("i")
        self._positions = array("i")

    def __len__(self) -> int:
        """Distinct pieces seen."""
        return len(self._counts)

    @property
    def size(self) -> int:
        """Characters of the pieces and words that are remembered."""
        return self._size

    def read(self, texts: Sequence[bytes]) -> Words:
        """Return the words of texts in UTF-8."""
        pieces, per_text = self._split(texts)
        widths = _view(self._widths)[pieces]
        base = _starts(widths)
        first_piece = _starts(per_text)
        base -= np.repeat(np.append(base, 0)[first_piece], per_text)
        counts = _view(self._counts)[pieces]
        places = np.repeat(_view(self._firsts)[pieces] - _starts(counts), counts)
        places += np.arange(len(places), dtype=np.int32)
        words_before = np.concatenate((np.zeros(1, np.int32), np.cumsum(counts, dtype=np.int32)))
        return Words(
            _view(self._numbers)[places],
            np.repeat(base, counts) + _view(self._positions)[places],
            np.diff(words_before[np.append(first_piece, len(pieces))]),
        )

    def _split(self, texts: Sequence[bytes]) -> tuple[Numbers, Numbers]:
        """Return the numbers of the pieces of all texts, in order, and how many each text has."""
        joined = np.frombuffer(bytearray(b"\n".join((*texts, PADDING))), np.uint8)
        length = len(joined) - len(PADDING)
        _join_numbers(joined)
        is_space = _IS_SPACE[joined[:length]]
        is_space[-1:] = True
        edges = np.flatnonzero(is_space[1:] != is_space[:-1]) + 1
        if length and not is_space[0]:
            edges = np.concatenate((np.zeros(1, edges.dtype), edges))
        starts, ends = edges[::2], edges[1::2]
        text_ends = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)) + 1)
        per_text = np.diff(np.searchsorted(starts, text_ends), prepend=0).astype(np.int32)
        return self._number(joined, starts, ends), per_text

    def _number(self, joined: Array, starts: Array, ends: Array) -> Numbers:
        """Return the numbers of pieces, learning those that are new."""
        hashes = _hash(joined, starts, ends)
        numbers = self._table.find(hashes)
        is_long = ends - starts > LONGEST_HASHED
        unknown = np.flatnonzero((numbers < 0) & ~is_long)
        if len(unknown):
            new, firsts, inverse = np.unique(hashes[unknown], return_index=True, return_inverse=True)
            firsts = unknown[firsts]
            learnt = self._learn(_cut(joined, starts[firsts], ends[firsts]))
            self._table.insert(new, learnt)
            numbers[unknown] = learnt[inverse]
        for place in np.flatnonzero(is_long).tolist():
            here = slice(place, place + 1)
            numbers[here] = self._learn(_cut(joined, starts[here], ends[here]), remember=False)
        return numbers

    def _learn(self, pieces: Iterable[str], *, remember: bool = True) -> Numbers:
        """Return the numbers of pieces; one has the number of what is left of it without the marks around it.

        Long ones are not remembered: they are rarely seen twice.
        """
        known, count = self._pieces, len(self._counts)
        numbers, counts, widths = [], list[int](), list[int]()
        for piece in pieces:
            core = piece.lstrip(OPENING).rstrip(CLOSING)
            number = known.get(core)
            if number is None:
                number = count + len(counts)
                if remember:
                    known[core] = number
                    self._size += len(core)
                before = len(self._numbers)
                widths.append(self._analyze(core))
                counts.append(len(self._numbers) - before)
            numbers.append(number)
        if counts:
            firsts = _starts(np.array(counts, np.int32))
            self._firsts.frombytes((firsts + np.int32(len(self._numbers) - sum(counts))).tobytes())
            self._counts.fromlist(counts)
            self._widths.fromlist(widths)
        return np.array(numbers, np.int32)

    def _analyze(self, piece: str) -> int:
        """Take the words of a piece; return how many positions it takes."""
        if piece.isalpha() and "ʼ" not in piece:  # most are: one word, nothing to cut
            exact = normalize(piece)[:MAX_WORD_LENGTH]
            self._append(exact, 0, piece[0].islower())
            return 1
        width = 0
        for match in CHUNK.finditer(piece):
            words, chunk_width = split_chunk(chunk := match.group())
            for exact, base, start, _, position, kind in words:
                is_plain = kind == "word" and base == exact
                self._append(exact if is_plain else (exact, base, kind), width + position, chunk[start].islower())
            width += chunk_width
        return width

    def _append(self, word: str | WordKey, position: int, is_lower: bool) -> None:
        """Take a word, which is its exact form where that is its base as well."""
        number = self._word_numbers.get(word)
        if number is None:
            number = self._word_numbers[word] = len(self.words)
            self.words.append((word, word, "word") if isinstance(word, str) else word)
            self._is_lowered.append(False)
            self._size += len(self.words[number][0])
        if is_lower and not self._is_lowered[number]:
            self._is_lowered[number] = True
            self.lowered.append(number)
        self._numbers.append(number)
        self._positions.append(position)


def _view(values: array[int]) -> Numbers:
    return np.frombuffer(values, np.int32) if values else np.zeros(0, np.int32)


def _starts(sizes: Array) -> Numbers:
    """Return where each of some runs begins."""
    return np.cumsum(sizes, dtype=np.int32) - sizes.astype(np.int32)


def _join_numbers(joined: Array) -> None:
    """Put `JOINT` for each space in a number; see `searcher.words.SPACED_NUMBER`.

    That is one between a digit and exactly three. After three it is joined to more, too: a number never ends before a
    group that is too long, there is none then.
    """
    spaces = np.flatnonzero(joined[1 : len(joined) - 5] == ord(" ")) + 1
    is_digit = _IS_DIGIT[joined]
    for step in (1, -1, 2, 3):
        spaces = spaces[is_digit[spaces + step]]
    is_end = ~is_digit[spaces + 4]
    is_after_three = is_digit[spaces - 2] & is_digit[spaces - 3] & ~is_digit[spaces - 4]
    joined[spaces[is_end | is_after_three]] = JOINT


def _cut(joined: Array, starts: Array, ends: Array) -> list[str]:
    """Return pieces as text."""
    data = joined.data
    spans = zip(starts.tolist(), ends.tolist(), strict=True)
    pieces = b"\n".join(data[start:end].tobytes() for start, end in spans)
    return pieces.replace(bytes([JOINT]), b" ").decode().split("\n")


_KEYS: list[np.uint64] = []
"""Odd and random, so that no text can be written whose pieces collide: one for the length, one for each lane."""


def _key(place: int) -> np.uint64:
    while len(_KEYS) <= place:
        _KEYS.append(np.uint64(randbits(64) | 1))
    return _KEYS[place]


def _hash(joined: Array, starts: Array, ends: Array) -> Hashes:
    """Return a hash of 64 bits of each piece: its lanes of eight bytes, each mixed with a random odd number, added up.

    That pieces up to eight bytes differ is certain where their lengths are equal, as mixing can be undone.
    """
    lanes = as_strided(joined.view(np.uint8), (max(len(joined) - LANE, 0), LANE), (1, 1))
    lengths = ends - starts
    hashes: Hashes = lengths.astype(np.uint64) * _key(0)
    left, begins, places = np.minimum(lengths, LONGEST_HASHED), starts, np.arange(len(starts))
    lane = 1
    while len(begins):
        loaded = np.ascontiguousarray(lanes[begins]).view("<u8").ravel()
        loaded &= _LANE_MASKS[np.minimum(left, LANE)]
        loaded ^= loaded >> np.uint64(32)  # or the keys would not reach what is in the upper bits alone
        loaded *= _key(lane)
        loaded ^= loaded >> np.uint64(29)
        loaded *= MIXER
        loaded ^= loaded >> np.uint64(32)
        hashes[places] += loaded
        longer = np.flatnonzero(left > LANE)
        left, begins, places = left[longer] - LANE, begins[longer] + LANE, places[longer]
        lane += 1
    return hashes


class _HashTable:
    """Numbers by hashes of 64 bits: open addressing, whole arrays at a time."""

    def __init__(self) -> None:
        self._bits = 16
        self._count = 0
        self._keys = np.zeros(1 << self._bits, np.uint64)
        self._values = np.full(1 << self._bits, -1, np.int32)

    def _slots(self, hashes: Hashes) -> NDArray[np.int64]:
        mixed = (hashes ^ (hashes >> np.uint64(32))) * MIXER
        return (mixed >> np.uint64(64 - self._bits)).astype(np.int64)

    def find(self, hashes: Hashes) -> Numbers:
        """Return the number of each hash, -1 where it has none."""
        slots = self._slots(hashes)
        values = self._values[slots]
        pending = np.flatnonzero((self._keys[slots] != hashes) & (values >= 0))
        found = np.where(self._keys[slots] == hashes, values, -1)
        slots = slots[pending]
        while len(pending):
            slots = (slots + 1) & (len(self._keys) - 1)
            values = self._values[slots]
            is_found = self._keys[slots] == hashes[pending]
            found[pending[is_found]] = values[is_found]
            goes_on = ~is_found & (values >= 0)
            pending, slots = pending[goes_on], slots[goes_on]
        return found

    def insert(self, hashes: Hashes, values: Numbers) -> None:
        """Give numbers, 0 or more, to distinct hashes that have none."""
        self._count += len(hashes)
        if 2 * self._count > len(self._keys):
            used = self._values >= 0
            hashes = np.concatenate((self._keys[used], hashes))
            values = np.concatenate((self._values[used], values))
            while 2 * self._count > 1 << self._bits:
                self._bits += 1
            self._keys = np.zeros(1 << self._bits, np.uint64)
            self._values = np.full(1 << self._bits, -1, np.int32)
        slots = self._slots(hashes)
        while len(hashes):
            is_free = self._values[slots] < 0
            self._keys[slots[is_free]] = hashes[is_free]  # where two want one place, the last gets it
            is_placed = is_free & (self._keys[slots] == hashes)
            self._values[slots[is_placed]] = values[is_placed]
            left = ~is_placed
            hashes, values, slots = hashes[left], values[left], (slots[left] + 1) & (len(self._keys) - 1)
