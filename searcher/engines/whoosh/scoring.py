"""Scoring: concept BM25F, one term at a time, in plain Python.

The order of additions is the order of the query's clauses, so that the same documents have the same scores however they
are spread over segments.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from whoosh.reading import IndexReader, TermNotFound

from searcher.engines.whoosh.schema import EXACT, text_field, title_field
from searcher.query import Concept, Phrase, Query
from searcher.ranking import (
    EXACT_SHARE,
    TITLE_FREQUENCY,
    TITLE_SHARE,
    ConceptStatistics,
    concept_weights,
    length_norm,
    saturate,
)

Frequencies = dict[int, tuple[float, float]]
"""Of each document that holds a clause: how often in the title, how often in the text."""


class DocumentTable:
    """What scoring asks about documents, for one reader: language, id, length against its language's average."""

    def __init__(self, reader: IndexReader) -> None:
        count = reader.doc_count_all()
        self.codes: list[str] = [""] * count
        self.ids: list[str] = [""] * count
        self.norms: list[float] = [1.0] * count
        self.numbers: dict[str, int] = {}
        self.counts: dict[str, int] = {}
        if not count:
            return
        names = ("language", "id", "title_length", "text_length")
        codes, ids, title_lengths, text_lengths = (reader.column_reader(name) for name in names)
        lengths = [0] * count
        totals: dict[str, int] = {}
        for number in reader.all_doc_ids():
            code, id = codes[number], ids[number]
            lengths[number] = title_lengths[number] + text_lengths[number]
            self.codes[number], self.ids[number] = code, id
            self.numbers[id] = number
            self.counts[code] = self.counts.get(code, 0) + 1
            totals[code] = totals.get(code, 0) + lengths[number]
        self.counts = dict(sorted(self.counts.items(), key=lambda pair: (-pair[1], pair[0])))
        averages = {code: total / self.counts[code] for code, total in totals.items()}
        for number in self.numbers.values():
            self.norms[number] = length_norm(lengths[number], averages[self.codes[number]])


def score_documents(reader: IndexReader, table: DocumentTable, query: Query) -> dict[int, float]:
    """Return the score of every document that the query asks for, by document number."""
    held = [_find_clause(reader, clause) for clause in query.clauses]
    statistics = [
        ConceptStatistics(
            _count_by_language(table, frequencies),
            clause.function_word_in if isinstance(clause, Concept) else frozenset(),
            clause.count if isinstance(clause, Concept) else 1,
        )
        for clause, frequencies in zip(query.clauses, held, strict=True)
    ]
    weights = concept_weights(statistics, table.counts)
    hits: set[int] = set()
    scores: dict[int, float] = {}
    for clause, frequencies, weight in zip(query.clauses, held, weights, strict=True):
        if weight.is_selective:
            hits.update(frequencies)
        if not weight.weight:
            continue
        for number, (title, text) in frequencies.items():
            share = saturate(TITLE_FREQUENCY * title + text, table.norms[number]) + TITLE_SHARE * saturate(title, 1.0)
            scores[number] = scores.get(number, 0.0) + weight.weight * share
        if isinstance(clause, Concept):
            for number, (title, text) in _find_terms(reader, EXACT, clause.exacts).items():
                share = EXACT_SHARE * saturate(TITLE_FREQUENCY * title + text, table.norms[number])
                scores[number] = scores.get(number, 0.0) + weight.weight * share
    return {number: scores.get(number, 0.0) for number in hits}


def _count_by_language(table: DocumentTable, frequencies: Frequencies) -> Mapping[str, int]:
    counts: dict[str, int] = {}
    for number in frequencies:
        code = table.codes[number]
        counts[code] = counts.get(code, 0) + 1
    return counts


def _find_clause(reader: IndexReader, clause: Concept | Phrase) -> Frequencies:
    if isinstance(clause, Phrase):
        return _find_phrase(reader, clause)
    found: Frequencies = {}
    for code, terms in clause.terms.items():
        found.update(_find_terms(reader, code, terms))
    return found


def _find_terms(reader: IndexReader, code: str, terms: Iterable[str]) -> Frequencies:
    """Count the terms in the fields of a language; what one document holds of several is added up."""
    found: Frequencies = {}
    for term in dict.fromkeys(terms):
        for number, frequency in _read_frequencies(reader, title_field(code), term):
            title, text = found.get(number, (0.0, 0.0))
            found[number] = title + frequency, text
        for number, frequency in _read_frequencies(reader, text_field(code), term):
            title, text = found.get(number, (0.0, 0.0))
            found[number] = title, text + frequency
    return found


def _read_frequencies(reader: IndexReader, field: str, term: str) -> Iterator[tuple[int, float]]:
    try:
        matcher = reader.postings(field, term)
    except TermNotFound:
        return
    while matcher.is_active():
        yield matcher.id(), matcher.weight()
        matcher.next()


def _read_positions(reader: IndexReader, field: str, term: str) -> Iterator[tuple[int, list[int]]]:
    try:
        matcher = reader.postings(field, term)
    except TermNotFound:
        return
    while matcher.is_active():
        yield matcher.id(), matcher.value_as("positions")
        matcher.next()


def _find_phrase(reader: IndexReader, phrase: Phrase) -> Frequencies:
    """Count where the words of a phrase follow each other, in titles and in texts."""
    counts: list[dict[int, float]] = [{}, {}]
    for count, field in zip(counts, (title_field(EXACT), text_field(EXACT)), strict=True):
        begins: dict[int, set[int]] | None = None
        for distance, forms in enumerate(phrase.words):
            places: dict[int, set[int]] = {}
            for form in sorted(forms):
                for number, positions in _read_positions(reader, field, form):
                    if begins is None or number in begins:
                        places.setdefault(number, set()).update(position - distance for position in positions)
            begins = places if begins is None else {n: kept for n in places if (kept := begins[n] & places[n])}
        count.update((number, float(len(starts))) for number, starts in (begins or {}).items())
    titles, texts = counts
    return {number: (titles.get(number, 0.0), texts.get(number, 0.0)) for number in {**titles, **texts}}
