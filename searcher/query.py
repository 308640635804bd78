"""Query syntax: here is what a person typed, give me what is asked.

A query is a list of words and "quoted phrases". Each word is a concept: one thing looked for, under every form that it
has in the languages of the packs. The query's own language is never guessed. No engine is known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from searcher.analysis import Word, find_words, get_analyzer
from searcher.languages import UNDETERMINED, get_language, language_codes

MAX_CHARACTERS = 1_000
MAX_WORDS = 64

QUOTED = re.compile(r'"([^"]*)"|“([^”]*)”|«([^»]*)»|„([^“”]*)[“”]')
"""What stands in straight, English, French or German quotation marks."""


@dataclass(frozen=True, slots=True)
class Concept:
    """One word of a query with all its variants."""

    text: str
    """The word as typed."""

    exacts: tuple[str, ...]
    """Its exact forms, lower case with accents."""

    terms: Mapping[str, tuple[str, ...]]
    """What it is indexed as, for each language code and `und`."""

    count: int = 1
    """How often it stands in the query."""

    function_word_in: frozenset[str] = frozenset()
    """The languages whose grammar it belongs to."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that must follow each other as written."""

    text: str

    words: tuple[frozenset[str], ...]
    """The exact forms that may stand at each position; more than one where a compound is also one word."""


Clause = Concept | Phrase


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked, in terms that no engine owns: documents that hold any of the clauses, best first."""

    text: str
    clauses: tuple[Clause, ...] = ()
    warnings: tuple[str, ...] = field(default=())

    @property
    def concepts(self) -> tuple[Concept, ...]:
        return tuple(clause for clause in self.clauses if isinstance(clause, Concept))

    @property
    def phrases(self) -> tuple[Phrase, ...]:
        return tuple(clause for clause in self.clauses if isinstance(clause, Phrase))


def parse_query(text: str) -> Query:
    """Return what a text asks for; any text is a query, what was left out of it is told in `warnings`."""
    warnings: list[str] = []
    asked = text
    if len(asked) > MAX_CHARACTERS:
        asked = asked[:MAX_CHARACTERS]
        warnings.append(f"the query was cut after {MAX_CHARACTERS:,} characters")
    phrases = [phrase for match in QUOTED.finditer(asked) if (phrase := parse_phrase(match[match.lastindex or 0]))]
    words = list(find_words(QUOTED.sub(" ", asked)))
    if len(words) > MAX_WORDS:
        words = words[:MAX_WORDS]
        warnings.append(f"only the first {MAX_WORDS} words of the query were searched")
    concepts = _merge(make_concept(word) for word in words)
    distinct = tuple(dict.fromkeys(phrases))
    if not concepts and not distinct:
        warnings.append("the query has no words to search for")
    return Query(text, (*concepts, *distinct), tuple(warnings))


def parse_phrase(text: str) -> Phrase | None:
    """Return the phrase that a quoted text asks for, None where it has no words."""
    positions: dict[int, set[str]] = {}
    for word in find_words(text):
        positions.setdefault(word.position, set()).add(word.exact)
    if len(positions) > MAX_WORDS or not positions:
        positions = dict(list(positions.items())[:MAX_WORDS])
    return (
        Phrase(text.strip(), tuple(frozenset(forms) for _, forms in sorted(positions.items()))) if positions else None
    )


def make_concept(word: Word) -> Concept:
    """Return the concept of one word: its term in every language, and whose function word it is."""
    return Concept(
        word.exact,
        (word.exact,),
        {code: (get_analyzer(code).term(word),) for code in (*language_codes(), UNDETERMINED)},
        function_word_in=frozenset(
            code for code in language_codes() if word.exact in get_language(code).function_words
        ),
    )


def add_spellings(concept: Concept, spellings: Iterable[str]) -> Concept:
    """Return a concept that is also met where one of its words is spelled otherwise, with accents say."""
    others = [word for spelling in spellings for word in find_words(spelling)]
    terms = {
        code: tuple(dict.fromkeys((*known, *(get_analyzer(code).term(word) for word in others))))
        for code, known in concept.terms.items()
    }
    return replace(concept, terms=terms)


def _merge(concepts: Iterable[Concept]) -> tuple[Concept, ...]:
    """Count the concepts that are found in the same documents once, with the forms of each."""
    merged: dict[tuple[tuple[str, ...], ...], Concept] = {}
    for concept in concepts:
        key = tuple(concept.terms.values())
        known = merged.get(key)
        if known is None:
            merged[key] = concept
            continue
        merged[key] = replace(
            known,
            exacts=tuple(dict.fromkeys((*known.exacts, *concept.exacts))),
            count=known.count + concept.count,
            function_word_in=known.function_word_in & concept.function_word_in,
        )
    return tuple(merged.values())
