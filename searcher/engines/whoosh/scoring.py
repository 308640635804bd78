"""Scoring: concept BM25F over arrays; no Python for each posting or document.

Documents are numbered over all segments of a snapshot. What a concept earns in each document that holds it does not
depend on the query it stands in, only its weight does: so it is computed once and kept while it is asked for.
"""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from searcher.engines.whoosh.postings import FieldReader, Postings
from searcher.engines.whoosh.schema import EXACT, LANGUAGE_CODES, text_field, title_field
from searcher.engines.whoosh.segments import SegmentReader
from searcher.query import Clause, Concept, Phrase, Query
from searcher.ranking import (
    EXACT_SHARE,
    K1,
    TITLE_FREQUENCY,
    TITLE_SHARE,
    B,
    ConceptStatistics,
    Rarity,
    measure_rarity,
    weigh,
)

CACHE_SIZE = 64 * 1024 * 1024
"""Bytes of earned shares that a snapshot keeps."""

Numbers = NDArray[np.intp]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Holding:
    """What a clause earns: documents that hold it, ascending, (n,), and its share in each, (n,) float32."""

    documents: Numbers
    shares: Floats
    rarity: Rarity

    @property
    def size(self) -> int:
        """Bytes."""
        return self.documents.nbytes + self.shares.nbytes + 256


class Collection:
    """The documents of all segments, numbered one after the other, with what scoring asks about them."""

    def __init__(self, segments: Sequence[SegmentReader]) -> None:
        self.segments = segments
        self.bases = list(accumulate((segment.count for segment in segments), initial=0))
        self.languages = _join([segment.languages for segment in segments], np.uint8)
        lengths = _join([segment.lengths for segment in segments], np.int64)
        alive = np.concatenate(
            [np.ones(s.count, bool) if s.alive is None else s.alive for s in segments] or [np.ones(0, bool)]
        )
        self.is_whole = bool(alive.all())
        self.alive = alive
        counted = np.bincount(self.languages[alive], minlength=len(LANGUAGE_CODES))
        totals = np.bincount(self.languages[alive], weights=lengths[alive], minlength=len(LANGUAGE_CODES))
        averages = np.divide(totals, counted, out=np.zeros(len(counted)), where=counted > 0)
        self.counts = _by_code(counted)
        of_document = averages[self.languages]
        relative = np.divide(lengths, of_document, out=np.ones(len(lengths)), where=of_document > 0)
        self.norms: Floats = (K1 * (1 - B + B * relative)).astype(np.float32)
        """(documents,) K1 times the length norm of each; `searcher.ranking.length_norm` is the plain form."""
        self._scores: Floats = np.zeros(len(lengths), np.float32)
        """(documents,) where scores are added up; all 0 between two queries."""
        self._kept: OrderedDict[Clause, Holding] = OrderedDict()
        self._kept_size = 0
        self._lock = threading.Lock()

    def id(self, number: int) -> str:
        """Return the id of a document."""
        segment, inner = self.locate(number)
        return segment.id(inner)

    def locate(self, number: int) -> tuple[SegmentReader, int]:
        """Return the segment of a document, and its number there."""
        place = bisect_right(self.bases, number) - 1
        return self.segments[place], number - self.bases[place]

    def hold(self, clause: Clause) -> Holding:
        """Return what a clause earns, from memory where it is known."""
        with self._lock:
            known = self._kept.get(clause)
            if known is not None:
                self._kept.move_to_end(clause)
                return known
        if isinstance(clause, Concept):
            documents, shares = self._hold_concept(clause)
            grammar, count = clause.function_word_in, clause.count
        else:
            documents, shares = self._hold_phrase(clause)
            grammar, count = frozenset(), 1
        statistics = ConceptStatistics(self.count_by_language(documents), grammar, count)
        holding = Holding(documents, shares, measure_rarity(statistics, self.counts))
        with self._lock:
            if clause not in self._kept:
                self._kept[clause] = holding
                self._kept_size += holding.size
            while self._kept_size > CACHE_SIZE and len(self._kept) > 1:
                self._kept_size -= self._kept.popitem(last=False)[1].size
        return holding

    def _hold_concept(self, concept: Concept) -> tuple[Numbers, Floats]:
        titles: list[Postings] = []
        texts: list[Postings] = []
        for code, terms in concept.terms.items():
            if code in self.counts:
                titles += self._find(title_field(code), terms)
                texts += self._find(text_field(code), terms)
        exact_titles = self._find(title_field(EXACT), concept.exacts)
        exact_texts = self._find(text_field(EXACT), concept.exacts)
        return self._earn(titles, texts, exact_titles, exact_texts)

    def _hold_phrase(self, phrase: Phrase) -> tuple[Numbers, Floats]:
        return self._earn(self._find_phrase(title_field(EXACT), phrase), self._find_phrase(text_field(EXACT), phrase))

    def _find(self, field: str, terms: Iterable[str]) -> list[Postings]:
        """Return the postings of the terms in a field of every segment, deleted documents left out."""
        found = []
        for base, segment in zip(self.bases, self.segments, strict=False):
            reader = segment.field(field)
            if reader is None:
                continue
            for term in dict.fromkeys(terms):
                number = reader.find(term.encode())
                if number >= 0:
                    found.append(self._globally(base, reader.postings(number)))
        return found

    def _globally(self, base: int, postings: Postings) -> Postings:
        documents = postings.documents.astype(np.intp)
        documents += base
        if self.is_whole:
            return Postings(documents, postings.frequencies)
        kept = self.alive[documents]
        return Postings(documents[kept], postings.frequencies[kept])

    def _find_phrase(self, field: str, phrase: Phrase) -> list[Postings]:
        found = []
        for base, segment in zip(self.bases, self.segments, strict=False):
            reader = segment.field(field)
            if reader is None:
                continue
            begins = _find_begins(reader, phrase)
            if begins.size:
                documents, frequencies = np.unique(begins >> POSITION_BITS, return_counts=True)
                found.append(self._globally(base, Postings(documents, frequencies)))
        return found

    def _earn(
        self,
        titles: Sequence[Postings],
        texts: Sequence[Postings],
        exact_titles: Sequence[Postings] = (),
        exact_texts: Sequence[Postings] = (),
    ) -> tuple[Numbers, Floats]:
        """Return the share of a clause in each document that holds it: `saturate` of `searcher.ranking`, on arrays."""
        documents = self._union([*titles, *texts])
        norms = self.norms[documents]
        shares = _saturate(_frequencies(documents, titles, texts), norms)
        if titles:
            shares += np.float32(TITLE_SHARE) * _saturate(_add_up(documents, titles), np.float32(K1))
        if exact_titles or exact_texts:
            shares += np.float32(EXACT_SHARE) * _saturate(_frequencies(documents, exact_titles, exact_texts), norms)
        return documents, shares

    def _union(self, postings: Sequence[Postings]) -> Numbers:
        """Return the documents of any of the postings, ascending."""
        if len(postings) == 1:
            return postings[0].documents
        is_held = np.zeros(len(self.alive), bool)
        for some in postings:
            is_held[some.documents] = True
        return np.flatnonzero(is_held)

    def score(self, query: Query, language: str | None) -> tuple[Numbers, Floats]:
        """Return the documents that a query asks for, and their scores; one thread at a time."""
        holdings = [self.hold(clause) for clause in query.clauses]
        weights = weigh([holding.rarity for holding in holdings], self.counts)
        weighted = [(holding, weight) for holding, weight in zip(holdings, weights, strict=True) if weight.weight]
        documents = self._add_up(
            [(holding, weight.weight) for holding, weight in weighted if weight.is_selective],
            [(holding, weight.weight) for holding, weight in weighted if not weight.is_selective],
        )
        scores = self._scores[documents]
        self._scores[documents] = 0
        if language is not None:
            is_asked = self.languages[documents] == LANGUAGE_CODES.index(language)
            documents, scores = documents[is_asked], scores[is_asked]
        return documents, scores

    def _add_up(self, selective: Sequence[tuple[Holding, float]], others: Sequence[tuple[Holding, float]]) -> Numbers:
        """Add weighted shares to the scores; return the documents of the selective ones, which alone get any.

        Takes time in proportion to the postings, however many documents there are: a document is new where it has no
        score yet.
        """
        found: list[Numbers] = []
        for holding, weight in selective:
            known = self._scores[holding.documents]
            found.append(holding.documents[known == 0] if found else holding.documents)
            known += np.float32(weight) * holding.shares
            self._scores[holding.documents] = known
        for holding, weight in others:
            known = self._scores[holding.documents]
            known += (np.float32(weight) * holding.shares) * (known > 0)
            self._scores[holding.documents] = known
        return found[0] if len(found) == 1 else np.concatenate(found or [np.zeros(0, np.intp)])

    def best(self, documents: Numbers, scores: Floats, count: int) -> list[tuple[int, float]]:
        """Return number and score of the `count` best of some documents, equal ones by id."""
        if len(documents) > count:
            if not count:
                return []
            least = np.partition(scores, len(scores) - count)[len(scores) - count]
            is_kept = scores >= least
            documents, scores = documents[is_kept], scores[is_kept]
        ranked = sorted(zip((-scores).tolist(), documents.tolist(), strict=True))
        if any(one[0] == other[0] for one, other in pairwise(ranked)):
            ranked.sort(key=lambda pair: (pair[0], self.id(pair[1])))
        return [(number, -negated) for negated, number in ranked[:count]]

    def count_by_language(self, documents: Numbers) -> dict[str, int]:
        """Return how many of some documents there are in each language, most first."""
        return _by_code(np.bincount(self.languages[documents], minlength=len(LANGUAGE_CODES)))


POSITION_BITS = 32


def _find_begins(reader: FieldReader, phrase: Phrase) -> Numbers:
    """Return where a phrase begins in a field, document and position in one number, ascending.

    The rarest of its words first: of the others only those in the documents left are looked at.
    """
    terms = [[n for form in sorted(forms) if (n := reader.find(form.encode())) >= 0] for forms in phrase.words]
    sizes = [sum(map(reader.count_documents, numbers)) for numbers in terms]
    begins: Numbers | None = None
    for distance in sorted(range(len(terms)), key=sizes.__getitem__):
        documents = None if begins is None else begins >> POSITION_BITS
        places = [_places(reader.postings(n, with_positions=True), documents) for n in terms[distance]]
        here = np.unique(_join(places, np.int64)) - distance if len(places) != 1 else places[0] - distance
        begins = here if begins is None else begins[_is_among(begins, here)]
        if not begins.size:
            break
    assert begins is not None
    return begins


def _places(postings: Postings, documents: Numbers | None) -> Numbers:
    """Return document and position of each occurrence in one number, ascending; only in some documents if given."""
    positions = postings.positions
    assert positions is not None
    holders, frequencies = postings.documents, postings.frequencies
    if documents is not None and len(documents) < len(holders) // 4:
        is_asked = np.zeros(len(holders), bool)
        is_asked[np.minimum(np.searchsorted(holders, documents), len(holders) - 1)] = True
        positions = positions[np.repeat(is_asked, frequencies)]
        holders, frequencies = holders[is_asked], frequencies[is_asked]
    return (np.repeat(holders.astype(np.int64), frequencies) << POSITION_BITS) | positions


def _is_among(values: Numbers, others: Numbers) -> NDArray[np.bool_]:
    """Tell which of the values are among others, sorted ones."""
    if not len(others):
        return np.zeros(len(values), bool)
    found: NDArray[np.bool_] = np.take(others, np.searchsorted(others, values), mode="clip") == values
    return found


def _frequencies(documents: Numbers, titles: Sequence[Postings], texts: Sequence[Postings]) -> Floats:
    """Return the frequencies of title and text, combined as BM25F does, in each of the documents."""
    if not titles:
        return _add_up(documents, texts)
    combined = np.float32(TITLE_FREQUENCY) * _add_up(documents, titles)
    return combined + _add_up(documents, texts) if texts else combined


def _add_up(documents: Numbers, postings: Sequence[Postings]) -> Floats:
    """Return how often the terms of all postings stand in each of the documents, which need not be all of theirs."""
    total = np.zeros(len(documents), np.float32)
    for some in postings:
        places = np.searchsorted(documents, some.documents)
        is_asked = np.take(documents, places, mode="clip") == some.documents if len(documents) else places < 0
        total[places[is_asked]] += some.frequencies[is_asked]
    return total


def _saturate(frequencies: Floats, norms: Floats | np.float32) -> Floats:
    """Do `searcher.ranking.saturate` on arrays; `norms` is K1 times the length norm."""
    return frequencies * np.float32(K1 + 1) / (frequencies + norms)


def _join(arrays: Sequence[NDArray[np.generic]], kind: type) -> NDArray[np.generic]:
    return np.concatenate(arrays) if arrays else np.zeros(0, kind)


def _by_code(counted: NDArray[np.int64]) -> dict[str, int]:
    """Return counts by language code, most first, without those that have none."""
    pairs = [(code, int(count)) for code, count in zip(LANGUAGE_CODES, counted, strict=True) if count]
    return dict(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))
