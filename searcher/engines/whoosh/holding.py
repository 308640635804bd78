"""Holding: which documents hold a clause of a query, and which share of its weight do they earn by it?

What a clause earns does not depend on the query it stands in, only its weight does: so it is computed once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from searcher.engines.whoosh.postings import FieldReader, Postings
from searcher.engines.whoosh.schema import EXACT, text_field, title_field
from searcher.engines.whoosh.segments import SegmentReader
from searcher.query import Concept, Phrase, Variant
from searcher.ranking import EXACT_SHARE, K1, TITLE_FREQUENCY, TITLE_SHARE

POSITION_BITS = 32

MANY = 8
"""Postings that are added up all at once, in the space of all documents."""

Numbers = NDArray[np.intp]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Held:
    """The documents that hold a clause, (n,) ascending, and the share that each earns, (n,)."""

    documents: Numbers
    shares: Floats
    counted: Numbers
    """Those that say how common the clause is."""


class Holder:
    """Finds what clauses earn in the documents of all segments, numbered one after the other.

    `norms`: (documents,) float32, K1 times the length norm of each. `codes`: the languages that have documents.
    """

    def __init__(
        self, segments: Sequence[SegmentReader], alive: NDArray[np.bool_], norms: Floats, codes: frozenset[str]
    ) -> None:
        self._segments = segments
        self._alive = alive
        self._is_whole = bool(alive.all())
        self._norms = norms
        self._codes = codes

    def hold_concept(self, concept: Concept) -> Held:
        """Return what a concept earns: the weighted frequencies of its variants are one frequency.

        How common it is, the variants that count in full tell, where there are any.
        """
        titles: list[tuple[float, Postings]] = []
        texts: list[tuple[float, Postings]] = []
        counted: list[Postings] = []
        is_full = any(variant.weight == 1 for variant in concept.variants)
        for variant in concept.variants:
            in_titles, in_texts = self._find_variant(variant, in_title=concept.in_title)
            titles += [(variant.weight, postings) for postings in in_titles]
            texts += [(variant.weight, postings) for postings in in_texts]
            if variant.weight == 1 or not is_full:
                counted += [*in_titles, *in_texts]
        exact_titles = [(1.0, postings) for postings in self._find(title_field(EXACT), concept.exacts)]
        exact_texts = [(1.0, postings) for postings in self._find(text_field(EXACT), concept.exacts)]
        return self._earn(titles, texts, exact_titles, [] if concept.in_title else exact_texts, self._union(counted))

    def hold_phrase(self, phrase: Phrase) -> Held:
        """Return what a phrase earns."""
        titles = self._find_phrase(title_field(EXACT), phrase)
        texts = [] if phrase.in_title else self._find_phrase(text_field(EXACT), phrase)
        counted = self._union([*titles, *texts])
        return self._earn([(1.0, some) for some in titles], [(1.0, some) for some in texts], [], [], counted)

    def _find_variant(self, variant: Variant, *, in_title: bool) -> tuple[list[Postings], list[Postings]]:
        titles: list[Postings] = []
        texts: list[Postings] = []
        for code, terms in variant.terms.items():
            if code in self._codes:
                titles += self._find(title_field(code), terms)
                texts += () if in_title else self._find(text_field(code), terms)
        return titles, texts

    def _find(self, field: str, terms: Iterable[str]) -> list[Postings]:
        """Return the postings of the terms in a field of every segment, deleted documents left out."""
        found = []
        for base, reader in self._readers(field):
            for term in dict.fromkeys(terms):
                number = reader.find(term.encode())
                if number >= 0:
                    found.append(self._globally(base, reader.postings(number)))
        return found

    def _readers(self, field: str) -> Iterable[tuple[int, FieldReader]]:
        """Yield the readers of a field, each with the number of the first document of its segment."""
        base = 0
        for segment in self._segments:
            reader = segment.field(field)
            if reader is not None:
                yield base, reader
            base += segment.count

    def _globally(self, base: int, postings: Postings) -> Postings:
        documents = postings.documents.astype(np.intp)
        documents += base
        if self._is_whole:
            return Postings(documents, postings.frequencies)
        kept = self._alive[documents]
        return Postings(documents[kept], postings.frequencies[kept])

    def _find_phrase(self, field: str, phrase: Phrase) -> list[Postings]:
        if len(phrase.words) == 1:  # how often tells enough, where is not looked up
            return self._find(field, sorted(phrase.words[0]))
        found = []
        for base, reader in self._readers(field):
            begins = _find_begins(reader, phrase)
            if begins.size:
                documents, frequencies = _count_runs(begins >> POSITION_BITS)
                found.append(self._globally(base, Postings(documents, frequencies)))
        return found

    def _earn(
        self,
        titles: Weighted,
        texts: Weighted,
        exact_titles: Weighted,
        exact_texts: Weighted,
        counted: Numbers,
    ) -> Held:
        """Return the share of a clause in each document that holds it: `saturate` of `searcher.ranking`, on arrays."""
        documents = self._union([postings for _, postings in (*titles, *texts)])
        norms = self._norms[documents]
        shares = _saturate(_frequencies(documents, titles, texts), norms)
        if titles:
            shares += np.float32(TITLE_SHARE) * _saturate(_add_up(documents, titles), np.float32(K1))
        if exact_titles or exact_texts:
            shares += np.float32(EXACT_SHARE) * _saturate(_frequencies(documents, exact_titles, exact_texts), norms)
        return Held(documents, shares, counted)

    def _union(self, postings: Sequence[Postings]) -> Numbers:
        """Return the documents of any of the postings, ascending."""
        if len(postings) == 1:
            return postings[0].documents
        is_held = np.zeros(len(self._alive), bool)
        for some in postings:
            is_held[some.documents] = True
        return np.flatnonzero(is_held)


Weighted = Sequence[tuple[float, Postings]]
"""Postings, and what each occurrence counts."""


def _frequencies(documents: Numbers, titles: Weighted, texts: Weighted) -> Floats:
    """Return the frequencies of title and text, combined as BM25F does, in each of the documents."""
    if not titles:
        return _add_up(documents, texts)
    combined = np.float32(TITLE_FREQUENCY) * _add_up(documents, titles)
    return combined + _add_up(documents, texts) if texts else combined


def _add_up(documents: Numbers, postings: Weighted) -> Floats:
    """Return how often the terms of all postings stand in each of the documents, which need not be all of theirs."""
    total: Floats
    if len(postings) > MANY:
        holders = np.concatenate([some.documents for _, some in postings])
        frequencies = np.concatenate([weight * some.frequencies for weight, some in postings])
        last = int(max(holders.max(initial=0), documents.max(initial=0)))
        total = np.bincount(holders, frequencies, last + 1)[documents].astype(np.float32)
        return total
    total = np.zeros(len(documents), np.float32)
    for weight, some in postings:
        places = np.searchsorted(documents, some.documents)
        is_asked = np.take(documents, places, mode="clip") == some.documents if len(documents) else places < 0
        total[places[is_asked]] += np.float32(weight) * some.frequencies[is_asked]
    return total


def _saturate(frequencies: Floats, norms: Floats | np.float32) -> Floats:
    """Do `searcher.ranking.saturate` on arrays; `norms` is K1 times the length norm."""
    return frequencies * np.float32(K1 + 1) / (frequencies + norms)


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
        if len(places) != 1:
            every = np.sort(np.concatenate(places or [np.zeros(0, np.int64)]))
            places = [_count_runs(every)[0]]
        here = places[0] - distance
        begins = here if begins is None else begins[_is_among(begins, here)]
        if not begins.size:
            break
    assert begins is not None
    return begins


def _count_runs(values: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the distinct ones of sorted values, and how often each is among them."""
    firsts = np.flatnonzero(np.diff(values, prepend=-1))
    return values[firsts], np.diff(firsts, append=len(values))


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
