"""Scoring: concept BM25F over arrays; no Python for each posting or document.

Documents are numbered over all segments of a snapshot. What a clause earns is kept while it is asked for; a query adds
it up.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from itertools import count as count_up
from typing import Any

import numpy as np
from numpy.typing import NDArray

from searcher.engines import Account, Earning
from searcher.engines.whoosh.holding import Floats, Holder, Numbers
from searcher.engines.whoosh.schema import LANGUAGE_CODES
from searcher.engines.whoosh.segments import SegmentReader
from searcher.engines.whoosh.values import Values
from searcher.filters import LANGUAGE, Filter
from searcher.query import Boolean, Clause, Concept, Operand, Query
from searcher.ranking import K1, B, ConceptStatistics, ConceptWeight, Rarity, Weigher

CACHE_SIZE = 64 * 1024 * 1024
"""Bytes of earned shares that a snapshot keeps."""

CACHE_COUNT = 4_000
"""Clauses that it keeps: what a rare one takes is not its shares, and many slow down Python's garbage collection."""

FEWER = 16
"""Times: so many documents fewer than a clause's are looked up in it one by one."""

FEW = 100
"""Documents that Python orders faster than arrays do; beyond, the ids of all are put in order once."""


@dataclass(frozen=True, slots=True)
class Holding:
    """What a clause earns: documents that hold it, ascending, (n,), and its share in each, (n,) float32."""

    documents: Numbers
    shares: Floats
    document_frequencies: Mapping[str, int]
    rarity: Rarity

    @property
    def size(self) -> int:
        """Bytes."""
        return self.documents.nbytes + self.shares.nbytes + 256


Weighted = Sequence[tuple[Holding, ConceptWeight]]


class Collection:
    """The documents of all segments, numbered one after the other, with what scoring asks about them.

    One thread at a time.
    """

    def __init__(self, segments: Sequence[SegmentReader]) -> None:
        self.segments = segments
        self.bases = list(accumulate((segment.count for segment in segments), initial=0))
        self.languages = _join([segment.languages for segment in segments], np.uint8)
        lengths = _join([segment.lengths for segment in segments], np.int64)
        self.alive = np.concatenate(
            [np.ones(s.count, bool) if s.alive is None else s.alive for s in segments] or [np.ones(0, bool)]
        )
        counted = np.bincount(self.languages[self.alive], minlength=len(LANGUAGE_CODES))
        totals = np.bincount(self.languages[self.alive], weights=lengths[self.alive], minlength=len(LANGUAGE_CODES))
        averages = np.divide(totals, counted, out=np.zeros(len(counted)), where=counted > 0)
        self.counts = _by_code(counted)
        of_document = averages[self.languages]
        relative = np.divide(lengths, of_document, out=np.ones(len(lengths)), where=of_document > 0)
        norms: Floats = (K1 * (1 - B + B * relative)).astype(np.float32)
        """`searcher.ranking.length_norm` is the plain form."""
        self._holder = Holder(segments, self.alive, norms, frozenset(self.counts))
        self._weigher = Weigher(self.counts)
        self._lengths = lengths
        self._averages = averages
        self.values = Values(segments, self.alive)
        self._scores: Floats = np.zeros(len(lengths), np.float32)
        """(documents,) where scores are added up; all 0 between two queries."""
        self._marks = np.zeros(len(lengths), bool)
        """(documents,) where sets are compared; all False between two comparisons."""
        self._kept: OrderedDict[Clause, Holding] = OrderedDict()
        self._kept_size = 0

    def id(self, number: int) -> str:
        """Return the id of a document."""
        segment, inner = self.locate(number)
        return segment.id(inner)

    def locate(self, number: int) -> tuple[SegmentReader, int]:
        """Return the segment of a document, and its number there."""
        place = bisect_right(self.bases, number) - 1
        return self.segments[place], number - self.bases[place]

    def hold(self, clause: Clause) -> Holding:
        """Return what a clause earns, from memory where it is known, however often it stands in the query."""
        known = self._kept.get(clause)
        if known is not None:
            self._kept.move_to_end(clause)
            return known
        if isinstance(clause, Concept) and clause.count != 1:
            holding = self.hold(replace(clause, count=1))
            return replace(holding, rarity=replace(holding.rarity, count=clause.count))
        if isinstance(clause, Concept):
            held = self._holder.hold_concept(clause)
            grammar = clause.function_word_in
        else:
            held = self._holder.hold_phrase(clause)
            grammar = frozenset()
        frequencies = self.count_by_language(held.counted)
        rarity = self._weigher.measure(ConceptStatistics(frequencies, grammar))
        holding = Holding(held.documents, held.shares, frequencies, rarity)
        self._kept[clause] = holding
        self._kept_size += holding.size
        while len(self._kept) > 1 and (self._kept_size > CACHE_SIZE or len(self._kept) > CACHE_COUNT):
            self._kept_size -= self._kept.popitem(last=False)[1].size
        return holding

    def score(self, query: Query, language: str | None) -> tuple[Numbers, Floats]:
        """Return the documents that a query asks for, and their scores."""
        weighted = self._weigh(query)
        excluded = self._hold_excluded(query)
        root = query.root
        try:
            if root.must or root.must_not or not all(isinstance(operand, int) for operand in root.should):
                documents = self._match(root, [*weighted, *excluded])
                scores = self._score_each(documents, weighted)
            else:
                documents = self._add_up(weighted)
                scores = self._scores[documents]
                self._scores[documents] = 0
        except BaseException:  # interrupted: the next query must find them empty
            self._empty()
            raise
        if language is not None:
            is_asked = self.languages[documents] == LANGUAGE_CODES.index(language)
            documents, scores = documents[is_asked], scores[is_asked]
        return documents, scores

    def explain(self, query: Query, number: int) -> Account:
        """Return how the score of a document comes about, asked for or not."""
        documents, scores = self.score(query, None)
        weighted = self._weigh(query)
        lacking, unwanted = self._find_unmet(query.root, [*weighted, *self._hold_excluded(query)], number)
        codes = self._weigher.codes
        return Account(
            score=next(iter(scores[documents == number].tolist()), None),
            earnings=[
                Earning(
                    weight.weight, float(holding.shares[holding.documents == number].sum()), weight.is_selective,
                    holding.document_frequencies, dict(zip(codes, holding.rarity.idfs, strict=True)),
                )
                for holding, weight in weighted
            ],
            posterior=dict(zip(codes, self._weigher.posterior([held.rarity for held, _ in weighted]), strict=True)),
            lacking=lacking,
            unwanted=unwanted,
            length=int(self._lengths[number]),
            average_length=float(self._averages[self.languages[number]]),
        )  # fmt: skip

    def _weigh(self, query: Query) -> Weighted:
        """Return what the clauses of a query earn and count."""
        holdings = [self.hold(clause) for clause in query.clauses]
        return list(zip(holdings, self._weigher.weigh([holding.rarity for holding in holdings]), strict=True))

    def _hold_excluded(self, query: Query) -> list[tuple[Holding, None]]:
        return [(self.hold(clause), None) for clause in query.excluded]

    def _find_unmet(
        self, root: Boolean, held: Sequence[tuple[Holding, ConceptWeight | None]], number: int
    ) -> tuple[list[Operand], list[Operand]]:
        """Return what is required and a document has not, and what is excluded and it has; `held` as in `_match`."""

        def is_met(asked: Boolean) -> bool:
            return number in self._match(asked, held)

        try:
            lacking: list[Operand] = [operand for operand in root.must if not is_met(Boolean(must=(operand,)))]
            if root.should and all(map(_is_filter, root.must)) and not is_met(Boolean(should=root.should)):
                lacking.append(Boolean(should=root.should))
            return lacking, [operand for operand in root.must_not if is_met(Boolean(must=(operand,)))]
        except BaseException:
            self._empty()
            raise

    def _empty(self) -> None:
        """Empty what an interruption may have left."""
        self._scores[:] = 0
        self._marks[:] = False

    def _add_up(self, weighted: Weighted) -> Numbers:
        """Add weighted shares to the scores; return the documents of the selective ones, which alone get any.

        Takes time in proportion to the postings, however many documents there are: a document is new where it has no
        score yet.
        """
        found: list[Numbers] = []
        for holding, weight in weighted:
            if weight.is_selective:
                added = np.float32(weight.weight) * holding.shares
                if found:
                    known = self._scores[holding.documents]
                    found.append(holding.documents[known == 0])
                    added += known
                else:
                    found.append(holding.documents)
                self._scores[holding.documents] = added
        for holding, weight in weighted:
            if not weight.is_selective and weight.weight:
                known = self._scores[holding.documents]
                known += (np.float32(weight.weight) * holding.shares) * (known > 0)
                self._scores[holding.documents] = known
        return found[0] if len(found) == 1 else np.concatenate(found or [np.zeros(0, np.intp)])

    def _score_each(self, documents: Numbers, weighted: Weighted) -> Floats:
        """Return the scores of some documents, 0 for those that hold no clause."""
        scores: Floats = np.zeros(len(documents), np.float32)
        for holding, weight in weighted:
            if len(documents) * FEWER < len(holding.documents):
                places = np.searchsorted(holding.documents, documents)
                is_held = np.take(holding.documents, places, mode="clip") == documents
                shares = np.take(holding.shares, places, mode="clip") * is_held
            else:
                self._scores[holding.documents] = holding.shares
                shares = self._scores[documents]
                self._scores[holding.documents] = 0
            scores += np.float32(weight.weight) * shares
        return scores

    def _match(self, asked: Boolean, held: Sequence[tuple[Holding, ConceptWeight | None]]) -> Numbers:
        """Return the documents that a group asks for; `held`: of each clause, without weight where it is excluded."""

        def find(operand: Operand) -> Numbers:
            if isinstance(operand, Filter):
                return self._filter(operand)
            return held[operand][0].documents if isinstance(operand, int) else self._match(operand, held)

        def is_selective(operand: Operand) -> bool:
            weight = held[operand][1] if isinstance(operand, int) else None
            return weight is None or weight.is_selective

        if all(map(_is_filter, asked.must)) and asked.should:
            selective = [operand for operand in asked.should if is_selective(operand)] or asked.should
            documents = self._unite([find(operand) for operand in selective])
            required = sorted(map(find, asked.must), key=len)
        else:
            documents, *required = sorted(map(find, asked.must), key=len) or [np.flatnonzero(self.alive)]
        for others in required:
            documents = documents[self._is_among(documents, others)]
        for operand in asked.must_not:
            documents = documents[~self._is_among(documents, find(operand))]
        return documents

    def _filter(self, asked: Filter) -> Numbers:
        if asked.field == LANGUAGE:
            return np.flatnonzero((self.languages == LANGUAGE_CODES.index(asked.first)) & self.alive)
        return self.values.find(asked)

    def _unite(self, sets: Sequence[Numbers]) -> Numbers:
        """Return the documents of any of some sets, in no order."""
        found: list[Numbers] = []
        for documents in sets:
            found.append(documents[~self._marks[documents]])
            self._marks[documents] = True
        united = np.concatenate(found)
        self._marks[united] = False
        return united

    def _is_among(self, documents: Numbers, others: Numbers) -> NDArray[np.bool_]:
        """Tell which documents are among others."""
        try:
            self._marks[others] = True
            return self._marks[documents]
        finally:
            self._marks[others] = False

    def best(self, documents: Numbers, keys: Sequence[NDArray[Any]], count: int) -> Numbers:
        """Return the places of the `count` best of some documents, equal ones by id; the first key counts most."""
        places: Numbers | None = None
        if len(documents) > count:
            if not count:
                return np.zeros(0, np.intp)
            places = _keep_best(keys, count)
            documents, keys = documents[places], [key[places] for key in keys]
        columns = [key.tolist() for key in keys] if len(documents) <= FEW else []
        ranked = sorted(zip(*columns, count_up(), strict=False), reverse=True) if columns else []
        if len(set(zip(*columns, strict=True))) < len(documents):
            order = np.lexsort((self._order_ids(documents), *(-key for key in reversed(keys))))[:count]
        else:
            order = np.array([place for *_, place in ranked[:count]], np.intp)
        return order if places is None else places[order]

    def _order_ids(self, documents: Numbers) -> Numbers:
        """Return numbers in the order of the ids of documents."""
        if len(documents) > FEW:
            return self.values.id_ranks[documents]
        ids = [self.id(number) for number in documents.tolist()]
        ranks = {id: rank for rank, id in enumerate(sorted(ids))}
        return np.array([ranks[id] for id in ids], np.intp)

    def count_by_language(self, documents: Numbers) -> dict[str, int]:
        """Return how many of some documents there are in each language, most first."""
        languages = self.languages[documents]
        counts: dict[str, int] = {}
        rest = len(documents)
        for code in self.counts:  # the last one has what is left
            number = LANGUAGE_CODES.index(code)
            counts[code] = rest if len(counts) == len(self.counts) - 1 else int(np.count_nonzero(languages == number))
            rest -= counts[code]
        return dict(sorted([pair for pair in counts.items() if pair[1]], key=lambda pair: (-pair[1], pair[0])))

    def count_by_value(self, documents: Numbers, name: str) -> dict[str, int]:
        """Return how many of some documents have each value of a field, most first: of language, year or metadata."""
        if name == "language":
            return self.count_by_language(documents)
        if name == "year":
            years, counts = np.unique(self.values.years[documents], return_counts=True)
            counted = {str(year): int(count) for year, count in zip(years, counts, strict=True) if year}
        else:
            field = self.values.field(name)
            numbers = field.numbers[self._is_among(field.documents, documents)]
            counts = np.bincount(numbers, minlength=len(field.values))
            counted = {value: count for value, count in zip(field.values, counts.tolist(), strict=True) if count}
        return dict(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))


def _is_filter(operand: Operand) -> bool:
    """Tell whether something asks for no words."""
    if isinstance(operand, Boolean):
        return all(map(_is_filter, (*operand.must, *operand.should, *operand.must_not)))
    return isinstance(operand, Filter)


def _keep_best(keys: Sequence[NDArray[Any]], count: int) -> Numbers:
    """Return the places of the `count` best, and of those that equal the least of them in all keys."""
    key, *others = keys
    least = np.partition(key, len(key) - count)[len(key) - count]
    if not others:
        return np.flatnonzero(key >= least)
    better, equal = np.flatnonzero(key > least), np.flatnonzero(key == least)
    return np.concatenate([better, equal[_keep_best([other[equal] for other in others], count - len(better))]])


def _join(arrays: Sequence[NDArray[np.generic]], kind: type) -> NDArray[np.generic]:
    return np.concatenate(arrays) if arrays else np.zeros(0, kind)


def _by_code(counted: NDArray[np.int64]) -> dict[str, int]:
    """Return counts by language code, most first, without those that have none."""
    pairs = [(code, int(count)) for code, count in zip(LANGUAGE_CODES, counted, strict=True) if count]
    return dict(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))
