"""Explaining: why has this document this score for this query?

The engine accounts for the score, the text of the document shows the words behind it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from searcher.analysis import Token, get_analyzer
from searcher.engines import Account, Earning, Snapshot, StoredDocument
from searcher.filters import Filter
from searcher.matches import find_matches
from searcher.query import WRITTEN, Clause, Concept, Operand, Phrase, Query
from searcher.words import fold

SCHEMA_VERSION = 1
"""Of `Explanation.to_dict`."""

DECIMALS = 6
"""Of numbers in `to_dict`."""

PHRASES = {"phrase": '"{}"', "stems": '~"{}"', "prefix": "{}*", "exact": "={}"}
"""How each kind of phrase is typed."""


@dataclass(frozen=True, slots=True)
class Part:
    """The words of a document that are one kind of match of a concept."""

    kind: str
    """"written" as typed, "accents" with others, "stem" inflected; else that of the variant, or of the phrase."""
    weight: float
    """What one occurrence counts."""
    in_title: int
    """Occurrences."""
    in_text: int
    words: tuple[str, ...]
    """As they stand there, each once, the most frequent first."""
    label: str = ""
    """How the variant is called to people."""


@dataclass(frozen=True, slots=True)
class ConceptExplanation:
    """What a word or phrase of the query adds to the score: its weight times the share that the document earns."""

    text: str
    """The word or phrase, as one would type it."""
    weight: float
    share: float
    parts: tuple[Part, ...]
    """None where the document does not hold it."""
    document_frequencies: Mapping[str, int]
    """How many documents of each language hold it."""
    idf: float
    """How rare that is: the mean over the languages, by their probability."""
    function_word_in: tuple[str, ...]
    """The languages whose grammar it belongs to."""
    count: float
    """How often it stands in the query."""
    is_selective: bool
    """Whether holding it is enough to be a hit."""

    @property
    def points(self) -> float:
        return self.weight * self.share


@dataclass(frozen=True, slots=True)
class Explanation:
    """How the score of one document for one query comes about."""

    query: str
    id: str
    title: str
    language: str
    score: float
    """What a search gives; 0 where the document is no hit."""
    is_hit: bool
    concepts: tuple[ConceptExplanation, ...]
    """In the order of the query; of a hit, their points add up to the score."""
    lacking: tuple[str, ...]
    """What the query requires and the document has not."""
    unwanted: tuple[str, ...]
    """What the query excludes and the document has."""
    probabilities: Mapping[str, float]
    """How likely the query is in each language."""
    document_counts: Mapping[str, int]
    """Of each language."""
    length: int
    """Words of title and text."""
    average_length: float
    """Of the documents of its language."""
    warnings: tuple[str, ...] = ()
    """What was not searched as asked."""

    def to_dict(self) -> dict[str, Any]:
        """Return the explanation as JSON types; `schema_version` is raised where a key changes its meaning."""
        concepts = [{**asdict(concept), "points": concept.points} for concept in self.concepts]
        rounded = _to_json({**asdict(self), "concepts": concepts})
        return {"schema_version": SCHEMA_VERSION, **rounded}


def _to_json(value: Any) -> Any:
    """Return a value of JSON types with lists for tuples and rounded numbers."""
    if isinstance(value, Mapping):
        return {key: _to_json(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_to_json(inner) for inner in value]
    return round(value, DECIMALS) if isinstance(value, float) else value


def explain(snapshot: Snapshot, query: Query, number: int) -> Explanation:
    """Return how the score of a document comes about, hit or not; `number`: the engine's name for it."""
    [stored] = snapshot.read([number])
    account = snapshot.explain(query, number)
    analyze = get_analyzer(stored.language).analyze
    text = snapshot.text_reader(number)()
    places = ((stored.title, analyze(stored.title)), (text, analyze(text)))
    clauses = (*query.clauses, *query.excluded)
    return Explanation(
        query=query.text,
        id=stored.id,
        title=stored.title,
        language=stored.language,
        score=account.score or 0.0,
        is_hit=account.score is not None,
        concepts=tuple(
            _explain_clause(clause, earning, account, _find_parts(clause, places, stored))
            for clause, earning in zip(query.clauses, account.earnings, strict=True)
        ),
        lacking=tuple(write_operand(operand, clauses) for operand in account.lacking),
        unwanted=tuple(write_operand(operand, clauses) for operand in account.unwanted),
        probabilities=account.posterior,
        document_counts=snapshot.count_documents(),
        length=account.length,
        average_length=account.average_length,
        warnings=query.warnings,
    )


def _explain_clause(clause: Clause, earning: Earning, account: Account, parts: tuple[Part, ...]) -> ConceptExplanation:
    return ConceptExplanation(
        text=write_clause(clause),
        weight=earning.weight,
        share=earning.share,
        parts=parts,
        document_frequencies=earning.document_frequencies,
        idf=sum(probability * earning.idfs[code] for code, probability in account.posterior.items()),
        function_word_in=tuple(sorted(clause.function_word_in)) if isinstance(clause, Concept) else (),
        count=clause.count if isinstance(clause, Concept) else 1,
        is_selective=earning.is_selective,
    )


class _Found:
    """The occurrences of one kind."""

    def __init__(self) -> None:
        self.counts = [0, 0]
        self.words: dict[str, tuple[int, str]] = {}
        """How often each form stands there, and how it is written first."""

    def add(self, place: int, form: str, written: str) -> None:
        """Count an occurrence in the title, 0, or the text, 1."""
        self.counts[place] += 1
        count, first = self.words.get(form, (0, written))
        self.words[form] = count + 1, first

    def to_part(self, kind: str, weight: float, label: str) -> Part:
        ranked = sorted(self.words.values(), key=lambda found: -found[0])
        in_title, in_text = self.counts
        return Part(kind, weight, in_title, in_text, tuple(written for _, written in ranked), label)


_Places = Sequence[tuple[str, Sequence[Token]]]
"""The title and the text, each with its tokens."""


def _find_parts(clause: Clause, places: _Places, stored: StoredDocument) -> tuple[Part, ...]:
    """Return which words of a document match a clause, as the index counts them."""
    searched = places[:1] if clause.in_title else places
    if isinstance(clause, Phrase):
        return _find_phrase(clause, searched, stored.language)
    variants = {
        term: (number, variant)
        for number, variant in enumerate(clause.variants)
        for term in variant.terms.get(stored.language, ())
    }
    typed = set(map(fold, clause.exacts))
    found: defaultdict[tuple[int, str], _Found] = defaultdict(_Found)
    for place, (text, tokens) in enumerate(searched):
        for token in tokens:
            if token.term in variants:
                number, variant = variants[token.term]
                kind = variant.kind
                if kind == WRITTEN and token.exact not in clause.exacts:
                    kind = "accents" if fold(token.exact) in typed else "stem"
                found[number, kind].add(place, token.exact, text[token.start : token.end])
    order = sorted(found, key=lambda key: (key[0], key[1] != WRITTEN, key[1]))
    return tuple(
        found[key].to_part(key[1], clause.variants[key[0]].weight, clause.variants[key[0]].label) for key in order
    )


def _find_phrase(phrase: Phrase, places: _Places, language: str) -> tuple[Part, ...]:
    """Return where a phrase stands: once for each position where it begins, and one word as often as it is a token."""
    found = _Found()
    for place, (text, tokens) in enumerate(places):
        positions = {token.start: token.start if len(phrase.words) == 1 else token.position for token in tokens}
        begins = {positions[match.start]: match for match in find_matches(Query("", (phrase,)), tokens, language)}
        for match in begins.values():
            written = text[match.start : match.end]
            found.add(place, written.lower(), written)
    return (found.to_part(phrase.kind, 1.0, ""),) if found.words else ()


def write_clause(clause: Clause) -> str:
    """Return a clause as one would type it."""
    if isinstance(clause, Concept):
        written = f"{clause.exacts[0]}{'~' if clause.is_loose else ''}"
    else:
        written = PHRASES[clause.kind].format(clause.text)
    return f"title:{written}" if clause.in_title else written


def write_operand(operand: Operand, clauses: Sequence[Clause]) -> str:
    """Return what a query asks for as one would type it."""
    if isinstance(operand, int):
        return write_clause(clauses[operand])
    if isinstance(operand, Filter):
        is_range = operand.first != operand.last
        value = f"{operand.first}..{operand.last}" if is_range else operand.first
        return f'{operand.field}:"{value}"' if " " in value else f"{operand.field}:{value}"

    def write(sign: str, operands: Iterable[Operand]) -> list[str]:
        return [f"{sign}{write_operand(inner, clauses)}" for inner in operands]

    parts = [*write("+", operand.must), *write("", operand.should), *write("-", operand.must_not)]
    return f"({(' ' if operand.must or operand.must_not else ' OR ').join(parts)})" if len(parts) > 1 else parts[0]
