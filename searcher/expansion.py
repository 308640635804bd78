"""Expansion: which words of the index are meant by those of a query?

A word without accents means those that have some, `prefix*` those that begin so, `word~` those that are spelled nearly
so, and the words of ~"a phrase" those with the same stems.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple, Protocol

from searcher.analysis import get_analyzer
from searcher.languages import UNDETERMINED, language_codes
from searcher.messages import Message
from searcher.query import Clause, Concept, Phrase, Query, Variant
from searcher.suggestions import find_near
from searcher.translations import Translation
from searcher.words import find_words, fold

MAX_EXPANSIONS = 256
"""Words of the index that those of a query with a sign, `prefix*`, `word~` and ~"a phrase", may mean, all in all."""

NEAR_COST, STEMS_COST = 64, 24
"""Words of the index that could be searched in the time in which those near a word are found, or those of its stems."""

REMEMBERED_CLAUSES = 4_000
"""Of queries, with what they mean in an index."""

REMEMBERED_BEGINNINGS = 64
"""Of words, with all words of an index that begin so."""

REMEMBERED_STEMS = 20_000
"""Of words of an index."""

SHORTEST_STEM = 3
"""Letters; shorter ones, of function words most of them, are not looked for in other words."""

COMMON_BEGINNING = 5
"""Letters of a stem, the last of which may be another one in its words: happy has the stem happi."""

NAME_WEIGHT = 0.7
"""What a name counts that is spelled as others spell it."""

TRANSLATION_WEIGHT = 0.3
"""What a translation counts: documents that hold the word itself come first."""

MOST_TRANSLATIONS = 3
"""Of a word into one language."""

LOOSE_LENGTHS = (3, 6)
"""Letters from which on a word may be spelled with one other letter, and with two."""

SPELLING_WEIGHT = 0.5
"""What a word that is spelled nearly so counts, beside the word as typed."""


class KnownWords(Protocol):
    """The words of an index, as its snapshot knows them; see `searcher.engines.Snapshot`."""

    def find_spellings(self, word: str) -> Sequence[str]: ...
    def find_beginning(self, beginning: str) -> Mapping[str, int]: ...
    def find_names(self, word: str) -> Sequence[str]: ...
    def count_word(self, word: str) -> int: ...


Translate = Callable[[Mapping[str, Sequence[str]]], Mapping[str, Sequence[Translation]]]
"""Gives the words of each language that translate a word, by what that is indexed as in the others."""


class _Expansion(NamedTuple):
    """What a clause means in an index."""

    clause: Clause
    taken: int = 0
    """Of `MAX_EXPANSIONS`."""
    warning: str = ""
    refused: str = ""
    """What was searched as written, as too little was left."""


class Expander:
    """Adds to queries what one generation of an index knows of their words; it remembers the clauses it has seen."""

    def __init__(self, words: KnownWords, translate: Translate) -> None:
        self._find_spellings = words.find_spellings
        self._find_names = words.find_names
        self._count_word = words.count_word
        self._translate = translate
        self._find_beginning = lru_cache(REMEMBERED_BEGINNINGS)(words.find_beginning)
        self._known: dict[tuple[Clause, int], _Expansion] = {}

    def expand(self, query: Query) -> Query:
        """Return a query with all words of the index that its own mean."""
        room = MAX_EXPANSIONS
        found = []
        for clause in (*query.clauses, *query.excluded):
            found.append(self._expand(clause, room))
            room -= found[-1].taken
        clauses = tuple([expansion.clause for expansion in found])
        warnings = [expansion.warning for expansion in found if expansion.warning]
        refused = [expansion.refused for expansion in found if expansion.refused]
        if refused:
            warnings.append(Message("too many words have * or ~; searched as written: {words}", words=refused))
        count = len(query.clauses)
        return Query(query.text, clauses[:count], (*query.warnings, *warnings), query.root, clauses[count:])

    def _expand(self, clause: Clause, room: int) -> _Expansion:
        """Return what a clause means, `room` words of the index at most where it has a sign."""
        has_sign = clause.is_loose if isinstance(clause, Concept) else clause.kind in ("prefix", "stems")
        key = clause, room if has_sign else 0
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= REMEMBERED_CLAUSES:
                self._known.clear()
            if isinstance(clause, Concept):
                known = self._expand_concept(clause, room)
            else:
                known = self._expand_phrase(clause, room)
            self._known[key] = known
        return known

    def _expand_concept(self, concept: Concept, room: int) -> _Expansion:
        spelled = add_spellings(concept, [spelling for word in concept.exacts for spelling in self._spell(word)])
        if concept.is_loose:
            written = f"{concept.exacts[0]}~"
            if room <= NEAR_COST:
                return _Expansion(spelled, refused=written)
            near, warning = _cut(self._find_near(concept.exacts[0]), room - NEAR_COST, written)
            return _Expansion(add_variant(spelled, "spelling", SPELLING_WEIGHT, near), NEAR_COST + len(near), warning)
        names = sorted({name for word in concept.exacts for name in self._find_names(word)})
        named = add_variant(spelled, "name", NAME_WEIGHT, names, ", ".join(names))
        return _Expansion(self._add_translations(named))

    def _add_translations(self, concept: Concept) -> Concept:
        """Let a word be met by those that translate it, in documents of their language; those that these have first."""
        terms = {code: terms for code, terms in concept.terms.items() if code not in concept.function_word_in}
        for code, translations in self._translate(terms).items():
            known = concept.terms.get(code, ())
            new = {word: _terms(word, code) for word, _ in translations}
            new = {word: terms for word, terms in new.items() if not set(terms).issubset(known)}
            held = set(filter(self._count_word, new))
            words = tuple(sorted(new, key=lambda word: word not in held)[:MOST_TRANSLATIONS])
            if words:
                found = dict.fromkeys(term for word in words for term in new[word] if term not in known)
                label = ", ".join(filter(held.__contains__, words))
                variant = Variant("translation", TRANSLATION_WEIGHT, {code: tuple(found)}, words, label)
                concept = replace(concept, variants=(*concept.variants, variant))
        return concept

    def _expand_phrase(self, phrase: Phrase, room: int) -> _Expansion:
        if phrase.kind == "exact":
            return _Expansion(phrase)
        taken, warning, refused = 0, "", ""
        if phrase.kind == "prefix" and room > 0:
            [[beginning]] = phrase.words
            found, warning = _cut(self._find_completions(beginning), room, f"{beginning}*")
            words: tuple[frozenset[str], ...] = (frozenset(found),)
            taken = len(found)
        elif phrase.kind == "stems" and room >= STEMS_COST * len(phrase.words):
            words = tuple(map(self._find_inflected, phrase.words))
            taken = STEMS_COST * len(words)
        else:
            words = tuple(map(self._find_written, phrase.words))
            refused = {"prefix": f"{phrase.text}*", "stems": f'~"{phrase.text}"'}.get(phrase.kind, "")
        return _Expansion(replace(phrase, words=words), taken, warning, refused)

    def _find_written(self, forms: frozenset[str]) -> frozenset[str]:
        return forms.union(*map(self._spell, forms))

    def _find_inflected(self, forms: frozenset[str]) -> frozenset[str]:
        """Return the words of the index that have the stem of one of the forms in some language."""
        found = set(forms)
        for stems in map(_stems, forms):
            for beginning in {stem[:COMMON_BEGINNING] for stem in stems if len(stem) >= SHORTEST_STEM}:
                for word in self._find_beginning(beginning[: max(len(beginning) - 1, 2)]):
                    if any(map(operator.eq, stems, _stems(word))):
                        found.add(word)
        return frozenset(found)

    def _find_completions(self, beginning: str) -> Mapping[str, int]:
        found = self._find_beginning(fold(beginning))
        if fold(beginning) != beginning:
            found = {word: count for word, count in found.items() if word.startswith(beginning)}
        return found

    def _find_near(self, word: str) -> Mapping[str, int]:
        """Return the words of the index with the same first letter and few other letters; a number says how few."""
        folded = fold(word)
        others = list(self._find_beginning(folded[:1]))
        spelled = [fold(other) for other in others]
        near = find_near(folded, spelled, sum(len(folded) >= length for length in LOOSE_LENGTHS))
        return {others[place]: -gap for place, gap in near if gap}

    def _spell(self, word: str) -> Sequence[str]:
        return self._find_spellings(word) if word.isalpha() and fold(word) == word else ()


def tell_others(query: Query) -> tuple[str, ...]:
    """Return the words that are searched beside those of a query: translations, and names as others spell them."""
    words = (
        word
        for clause in query.clauses
        if isinstance(clause, Concept) and len(clause.variants) > 1
        for variant in clause.variants
        if variant.kind in ("name", "translation") and variant.label
        for word in variant.label.split(", ")
    )
    return tuple(dict.fromkeys(words))


def add_spellings(concept: Concept, spellings: Iterable[str]) -> Concept:
    """Return a concept that is also met where its word is spelled otherwise, with accents say.

    Its exact forms stay: only the word as typed counts as typed.
    """
    written = concept.variants[0]
    others = [spelling for spelling in spellings if spelling not in written.exacts]
    if not others:
        return concept
    terms = _analyze(others)
    merged = {code: tuple(dict.fromkeys((*known, *terms[code]))) for code, known in written.terms.items()}
    return replace(concept, variants=(replace(written, terms=merged), *concept.variants[1:]))


def add_variant(concept: Concept, kind: str, weight: float, words: Collection[str], label: str = "") -> Concept:
    """Return a concept that is also met by other words, but for terms that it has already."""
    known = concept.terms
    terms = {
        code: tuple(term for term in some if term not in known.get(code, ())) for code, some in _analyze(words).items()
    }
    if not any(terms.values()):
        return concept
    return replace(concept, variants=(*concept.variants, Variant(kind, weight, terms, tuple(words), label)))


def add_near_spellings(
    query: Query, concepts: Collection[Concept], find_near_words: Callable[[str], Sequence[str]]
) -> Query:
    """Return a query whose given concepts, which no document holds, are also met by words spelled nearly so.

    `find_near_words`: gives those of a word, none where it is to be left alone.
    """
    clauses: list[Clause] = []
    warnings = list(query.warnings)
    for clause in query.clauses:
        near = find_near_words(clause.exacts[0]) if isinstance(clause, Concept) and clause in concepts else ()
        if isinstance(clause, Concept) and near:
            names = [Message("“{word}”", word=word) for word in near]
            label = Message("{words}", words=names)
            clauses.append(add_variant(clause, "spelling", SPELLING_WEIGHT, near, label))
            warnings.append(
                Message("no document has “{word}”; searched for {others} as well", word=clause.exacts[0], others=names)
            )
        else:
            clauses.append(clause)
    return replace(query, clauses=tuple(clauses), warnings=tuple(warnings))


def _analyze(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return what words are indexed as, for each language code and `und`."""
    every = [word for written in words for word in find_words(written)]
    codes = (*language_codes(), UNDETERMINED)
    return {code: tuple(dict.fromkeys(map(get_analyzer(code).term, every))) for code in codes}


def _terms(written: str, code: str) -> tuple[str, ...]:
    """Return what is indexed of a text in one language."""
    return tuple(map(get_analyzer(code).term, find_words(written)))


@lru_cache(REMEMBERED_STEMS)
def _stems(word: str) -> tuple[str, ...]:
    """Return what a word is indexed as in each language, if it were one."""
    first = next(find_words(word), None)
    return () if first is None else tuple(get_analyzer(code).term(first) for code in language_codes())


def _cut(found: Mapping[str, int], room: int, written: str) -> tuple[Collection[str], str]:
    """Return words, those with the highest numbers first, and a warning where some had to be left out."""
    words = sorted(found, key=lambda word: (-found[word], word))
    if len(words) <= room:
        return words, ""
    warning = Message(
        "{written} means {count:,} words, only {searched} of them were searched",
        written=written, count=len(found), searched=room,
    )  # fmt: skip
    return words[:room], warning
