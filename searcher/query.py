"""Query syntax: here is what a person typed, give me what is asked.

A query is a list of words and "quoted phrases". Each word is a concept: one thing looked for, under every form that it
has in the languages of the packs. The query's own language is never guessed. No engine is known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache

from searcher.analysis import get_analyzer
from searcher.languages import UNDETERMINED, function_words_of, language_codes
from searcher.words import CHUNK, Word, find_words, fold, split_chunk

MAX_CHARACTERS = 1_000
MAX_WORDS = 64

REMEMBERED_CHUNKS = 10_000
"""Of queries, with their concepts."""

QUOTED = re.compile(r'"([^"]*)"|“([^”]*)”|«([^»]*)»|„([^“”]*)[“”]')
"""What stands in straight, English, French or German quotation marks."""


@dataclass(frozen=True, slots=True)
class Concept:
    """One word of a query with all its variants."""

    exacts: tuple[str, ...]
    """The word as typed, lower case with accents; several where they are found in the same documents."""

    terms: Mapping[str, tuple[str, ...]] = field(hash=False)
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
    warnings: tuple[str, ...] = ()

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
    room = MAX_WORDS
    phrases: dict[tuple[frozenset[str], ...], Phrase] = {}
    for match in QUOTED.finditer(asked):
        phrase = parse_phrase(match[match.lastindex or 0])
        if phrase is not None and phrase.words not in phrases:
            if room > 0:
                phrases[phrase.words] = replace(phrase, words=phrase.words[:room])
            room -= len(phrase.words)
    unquoted = QUOTED.sub(" ", asked)
    has_small_letters = any(map(str.islower, asked))
    words = [
        concept for match in CHUNK.finditer(unquoted) for concept in make_concepts(match.group(), has_small_letters)
    ]
    if room < 0 or len(words) > room:
        warnings.append(f"only the first {MAX_WORDS} words of the query were searched")
    concepts = _merge(words[: max(room, 0)])
    if not concepts and not phrases:
        warnings.append("the query has no words to search for")
    return Query(text, (*concepts, *phrases.values()), tuple(warnings))


def is_in_capitals(written: str) -> bool:
    """Tell an acronym (IT, U.S.) from the function word that has its letters."""
    return written.isupper() and sum(map(str.isalpha, written)) > 1


def parse_phrase(text: str) -> Phrase | None:
    """Return the phrase that a quoted text asks for, None where it has no words."""
    positions: dict[int, set[str]] = {}
    for word in find_words(text):
        positions.setdefault(word.position, set()).add(word.exact)
    words = tuple(frozenset(forms) for _, forms in sorted(positions.items()))
    return Phrase(text.strip(), words) if words else None


@lru_cache(REMEMBERED_CHUNKS)
def make_concepts(chunk: str, is_cased: bool) -> tuple[Concept, ...]:
    """Return the concepts of the words of a chunk.

    `is_cased`: the query has small letters too, so that capitals tell a name, which is nobody's function word.
    """
    return tuple(
        make_concept(word, is_name=is_cased and is_in_capitals(chunk[word.start : word.end]))
        for word in split_chunk(chunk)[0]
    )


def make_concept(word: Word, *, is_name: bool = False) -> Concept:
    """Return the concept of one word: its term in every language, and whose function word it is."""
    return Concept(
        (word.exact,),
        {code: (get_analyzer(code).term(word),) for code in (*language_codes(), UNDETERMINED)},
        function_word_in=frozenset(
            code for code in language_codes() if not is_name and word.exact in _function_words(code)
        ),
    )


@cache
def _function_words(code: str) -> frozenset[str]:
    """Return those of a language as they may be typed: with their accents or without."""
    words = function_words_of(code)
    return words | {fold(word) for word in words}


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
