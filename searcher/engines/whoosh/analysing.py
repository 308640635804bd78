"""Analysing: here are documents, give me their words as numbers and their texts compressed.

It needs nothing of the index, so that other processes can do it, and hand over arrays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from secrets import randbits

from searcher.engines.whoosh.texts import TextCodec
from searcher.engines.whoosh.vocabulary import Vocabulary, WordKey, Words

MAX_PIECES = 1_000_000
"""Distinct pieces of text that are remembered from one batch to the next, about 300 MB."""


@dataclass(frozen=True, slots=True)
class Analysed:
    """A batch of documents; numbers of words mean what its analyst has said in all batches so far."""

    analyst: int
    """Random: those of several processes differ."""
    new_words: Sequence[WordKey]
    lowered: Sequence[int]
    """Words that are now known to be written with a small letter first."""
    titles: Words
    texts: Words
    compressed: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Known:
    """What one analyst has said of its words."""

    words: list[WordKey] = field(default_factory=list)

    def learn(self, analysed: Analysed) -> None:
        """Take what is new in a batch."""
        self.words.extend(analysed.new_words)


class WhooshAnalyst:
    """Analyses documents for a segment; see `searcher.engines.Analyst`."""

    def __init__(self, codec: TextCodec) -> None:
        self._codec = codec
        self._forget()

    def __reduce__(self) -> tuple[object, ...]:
        return WhooshAnalyst, (self._codec,)  # a copy is another analyst

    def _forget(self) -> None:
        self._vocabulary = Vocabulary()
        self._number = randbits(64)
        self._named = self._lowered = 0

    def analyse(self, titles: Sequence[str], texts: Sequence[str]) -> Analysed:
        if len(self._vocabulary) > MAX_PIECES:
            self._forget()
        encoded = [text.encode() for text in texts]
        of_titles = self._vocabulary.read([title.encode() for title in titles])
        of_texts = self._vocabulary.read(encoded)
        new_words, lowered = self._vocabulary.words[self._named :], self._vocabulary.lowered[self._lowered :]
        self._named += len(new_words)
        self._lowered += len(lowered)
        compressed = list(map(self._codec.compress, encoded))
        return Analysed(self._number, new_words, lowered, of_titles, of_texts, compressed)
