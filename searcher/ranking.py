"""Ranking: how much does a concept count, and how much of it does a document hold?

Pure arithmetic that every engine shares. The model is BM25F over concepts (Robertson & Zaragoza, "The Probabilistic
Relevance Framework: BM25 and Beyond", 2009) with one weight for a concept in both languages (Pirkola, SIGIR 1998;
Darwish & Oard, SIGIR 2003), so that a language that is rare in the index is neither buried nor favoured.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from searcher.languages import UNDETERMINED

K1 = 1.2
"""How soon repeating a word stops to help."""

B = 0.75
"""How much a long text is discounted, 0 to 1."""

TITLE_FREQUENCY = 1.0
"""How often a word of the title counts beside one of the text."""

TITLE_SHARE = 0.6
"""What a title that holds the concept adds, beside its frequency."""

EXACT_SHARE = 0.3
"""What the word as typed adds, beside its stem."""

SMOOTHING = 10.0
"""Documents: a language with fewer says little about how common a word is in it."""

OTHERS_SMOOTHING = 100.0
"""Documents in none of the packs' languages: fewer of them say little about a query, they may be in any language."""

FUNCTION_WORD_SHARE = 0.1
"""What a function word counts at least, beside another word as common."""

SELECTIVE = 0.5
"""A function word that weighs less than this does not make a document a hit by itself."""


@dataclass(frozen=True, slots=True)
class ConceptStatistics:
    """How common a concept is: documents that hold it, for each language; whose function word it is."""

    document_frequencies: Mapping[str, int]
    function_word_in: frozenset[str] = frozenset()
    count: float = 1


@dataclass(frozen=True, slots=True)
class Rarity:
    """The same as the weights need it, once for each concept of an index: one number for each language of it."""

    log_rates: Sequence[float]
    """The logarithm of the share of the language's documents that hold the concept."""

    idfs: Sequence[float]
    function_word_in: Sequence[int]
    """The places of languages in that order."""
    count: float


class ConceptWeight(NamedTuple):
    """What a concept counts in the score, and whether holding it is enough to be a hit."""

    weight: float
    is_selective: bool


def idf(document_frequency: int, document_count: int) -> float:
    """Weight a concept by its rarity; never negative.

    Lucene's form of the probabilistic weight: ln(1 + (N - n + 0.5) / (n + 0.5)).
    Source: Robertson & Zaragoza, 2009, eq. 3.14.
    """
    return math.log1p((document_count - document_frequency + 0.5) / (document_frequency + 0.5))


def saturate(frequency: float, norm: float) -> float:
    """Return the share of a concept's weight that a frequency earns, 0 up to K1 + 1.

    `norm`: `length_norm` of the document. Source: Robertson & Zaragoza, 2009, eq. 3.15.
    """
    return frequency * (K1 + 1) / (frequency + K1 * norm)


def length_norm(length: int, average_length: float) -> float:
    """Return 1 for a document of average length in its own language, more for a longer one."""
    return 1 - B + B * length / average_length if average_length else 1.0


class Weigher:
    """Weighs the concepts of queries by the documents of a collection.

    `document_counts`: of each language; those without documents are left out.
    """

    def __init__(self, document_counts: Mapping[str, int]) -> None:
        self._counts = {code: count for code, count in document_counts.items() if count}
        self.codes = tuple(self._counts)
        """In the order of what is told for each language."""
        self._places = {code: place for place, code in enumerate(self._counts)}
        self._trust = [
            count / (count + (OTHERS_SMOOTHING if code == UNDETERMINED else SMOOTHING))
            for code, count in self._counts.items()
        ]

    def measure(self, concept: ConceptStatistics) -> Rarity:
        """Return how rare a concept is in each language.

        Each rate is drawn towards the one over all languages by `SMOOTHING` documents, so that a handful of documents
        decide nothing.
        """
        found = [concept.document_frequencies.get(code, 0) for code in self._counts]
        overall = (sum(found) + 0.5) / (sum(self._counts.values()) + 1)
        pairs = list(zip(found, self._counts.values(), strict=True))
        return Rarity(
            [math.log((held + SMOOTHING * overall) / (count + SMOOTHING)) for held, count in pairs],
            [idf(held, count) for held, count in pairs],
            [self._places[code] for code in sorted(concept.function_word_in) if code in self._places],
            concept.count,
        )

    def posterior(self, rarities: Sequence[Rarity]) -> list[float]:
        """Return p(language | query) for each language; they sum to 1.

        Naive Bayes over the index's own document frequencies: the more of a language's documents hold the query's
        words, the likelier that language. Names, alike in both, leave it undecided.
        """
        logs: list[float] = [sum(rates) for rates in zip(*[rarity.log_rates for rarity in rarities], strict=True)]
        logs = logs or [0.0] * len(self._trust)
        highest = max(logs, default=0.0)
        shares = [math.exp(value - highest) * trust for value, trust in zip(logs, self._trust, strict=True)]
        total = sum(shares)
        return [share / total for share in shares]

    def weigh(self, rarities: Sequence[Rarity]) -> list[ConceptWeight]:
        """Return what each concept of a query counts, the same in documents of every language.

        The mean of the concept's idf within each language, weighted by the query's language posterior; a function word
        is weighed by the probability that the query is in none of its languages, but by `FUNCTION_WORD_SHARE` at least,
        and by 1 where nothing else is left.
        """
        posterior = self.posterior(rarities)
        shares = [1.0 - sum([posterior[place] for place in rarity.function_word_in]) for rarity in rarities]
        if max(shares, default=1.0) < SELECTIVE:
            shares = [1.0] * len(shares)
        return [
            ConceptWeight(
                sum(map(operator.mul, posterior, rarity.idfs)) * max(share, FUNCTION_WORD_SHARE) * rarity.count,
                share >= SELECTIVE,
            )
            for rarity, share in zip(rarities, shares, strict=True)
        ]


def concept_weights(concepts: Sequence[ConceptStatistics], document_counts: Mapping[str, int]) -> list[ConceptWeight]:
    """Return what a `Weigher` does for concepts that it has not measured yet."""
    weigher = Weigher(document_counts)
    return weigher.weigh([weigher.measure(concept) for concept in concepts])
