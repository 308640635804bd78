"""Query: here is what a person typed, give me what is asked.

    text -> leaves and groups -> clauses, and how they belong together      grammar, query

Each word is a concept: one thing looked for, under every form that it has in the languages of the packs. The query's
own language is never guessed. No engine is known here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache

from searcher.analysis import get_analyzer
from searcher.filters import Filter
from searcher.grammar import Group, Leaf, Node, find_chunks, is_plain, read_query
from searcher.languages import UNDETERMINED, function_words_of, language_codes
from searcher.messages import Message
from searcher.words import Word, find_words, fold

MAX_CHARACTERS = 1_000
MAX_WORDS = 64

REMEMBERED_CHUNKS = 4_000
"""Of queries, with their concepts."""

SURROGATES = re.compile("[\ud800-\udfff]")
"""Halves of characters, which no document holds."""

WRITTEN = "written"
"""The kind of the variant that is the word itself."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One way in which documents may say what is looked for."""

    kind: str
    """"written", "spelling", "name" or "translation"."""

    weight: float
    """What one occurrence counts, above 0; 1 as much as the word itself."""

    terms: Mapping[str, tuple[str, ...]] = field(hash=False)
    """What it is indexed as, for each language code and `und`."""

    exacts: tuple[str, ...] = ()
    """The words, lower case with accents. Only those of the written variant add something for being as typed."""

    label: str = ""
    """How it is called to people."""


@dataclass(frozen=True, slots=True)
class Concept:
    """One word of a query with all its variants, the written one first."""

    variants: tuple[Variant, ...]

    count: float = 1
    """How often it stands in the query, or how much it tells of a document that others shall be like."""

    function_word_in: frozenset[str] = frozenset()
    """The languages whose grammar it belongs to."""

    in_title: bool = False
    """Only titles are looked at."""

    is_loose: bool = False
    """Words that are spelled nearly so are meant too."""

    def __hash__(self) -> int:
        return hash(self.variants[0].exacts)  # tells most concepts apart, at a tenth of the time

    @property
    def exacts(self) -> tuple[str, ...]:
        """The word as typed; several where they are found in the same documents."""
        return self.variants[0].exacts

    @property
    def terms(self) -> Mapping[str, tuple[str, ...]]:
        """What all its variants are indexed as, for each language code and `und`."""
        if len(self.variants) == 1:
            return self.variants[0].terms
        codes = dict.fromkeys(code for variant in self.variants for code in variant.terms)
        every = {code: [term for variant in self.variants for term in variant.terms.get(code, ())] for code in codes}
        return {code: tuple(dict.fromkeys(terms)) for code, terms in every.items()}


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that must follow each other, given in every form that they may have."""

    text: str

    words: tuple[frozenset[str], ...]
    """The exact forms that may stand at each position; more than one where a compound is also one word."""

    kind: str = "phrase"
    """Which forms of the index are meant too: "phrase" with other accents, "stems" of the same stems, "prefix" that
    begin so, "exact" none."""

    in_title: bool = False
    """Only titles are looked at."""


Clause = Concept | Phrase


@dataclass(frozen=True, slots=True)
class Boolean:
    """Which documents are asked for: those of all of `must` and none of `must_not`.

    Where `must` has nothing but filters, those of any of `should` as well, where there are any: others only add to the
    score. Numbers are places in the clauses of the query and its excluded ones, one after the other.
    """

    must: tuple[Operand, ...] = ()
    should: tuple[Operand, ...] = ()
    must_not: tuple[Operand, ...] = ()


Operand = int | Filter | Boolean


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked, in terms that no engine owns."""

    text: str

    clauses: tuple[Clause, ...] = ()
    """What adds to the score, in the order of the text."""

    warnings: tuple[str, ...] = ()

    root: Boolean = Boolean()

    excluded: tuple[Clause, ...] = ()
    """What documents must not hold."""

    @property
    def concepts(self) -> tuple[Concept, ...]:
        return tuple(clause for clause in self.clauses if isinstance(clause, Concept))


def parse_query(text: str, has_field: Callable[[str], bool] = lambda _name: False) -> Query:
    """Return what a text asks for; any text is a query, what was left out of it is told in `warnings`.

    `has_field`: tells whether any document has a metadata field, for `name:value`.
    """
    warnings = list[str]()
    if len(text) > MAX_CHARACTERS:
        warnings.append(Message("the query was cut after {count:,} characters", count=MAX_CHARACTERS))
    asked = SURROGATES.sub("\ufffd", text[:MAX_CHARACTERS])
    builder = _Builder(has_small_letters=any(map(str.islower, asked)))
    if is_plain(asked):
        root = Boolean(should=builder.number_words(asked))
    else:
        group, told = read_query(asked, has_field)
        warnings += told
        root = builder.build(group)
    if builder.room < 0:
        warnings.append(Message("only the first {count} words of the query were searched", count=MAX_WORDS))
    if root == Boolean():
        warnings.append(Message("the query has no words to search for"))
    return Query(text, *builder.finish(tuple(warnings), root))


class _Builder:
    """Turns leaves into clauses, each once, and groups into what refers to them."""

    def __init__(self, *, has_small_letters: bool) -> None:
        self.room = MAX_WORDS
        self._has_small_letters = has_small_letters
        self._clauses: dict[object, Clause] = {}
        self._excluded: dict[object, Clause] = {}

    def finish(
        self, warnings: tuple[str, ...], root: Boolean
    ) -> tuple[tuple[Clause, ...], tuple[str, ...], Boolean, tuple[Clause, ...]]:
        """Return clauses, warnings, root and excluded clauses, the numbers of the latter after those of the others."""
        first = len(self._clauses)
        if self._excluded:
            root = _renumber(root, first)
        return tuple(self._clauses.values()), warnings, root, tuple(self._excluded.values())

    def build(self, group: Group, *, is_excluded: bool = False) -> Boolean:
        """Return what a group asks for; what has no words, or none that there is room for, is left out."""
        must = [part for node in group.must for part in self._require(node, is_excluded)]
        should = [part for node in group.should for part in self._allow(node, is_excluded)]
        must_not = [part for node in group.must_not for part in self._exclude(node)]
        return Boolean(tuple(must), tuple(should), tuple(must_not))

    def _allow(self, node: Node, is_excluded: bool) -> tuple[Operand, ...]:
        if isinstance(node, Leaf):
            return self._number(self._make_clauses(node), is_excluded)
        return self._nest(node, is_excluded)

    def _require(self, node: Node, is_excluded: bool) -> tuple[Operand, ...]:
        """Return what must be met: of a compound, the whole word or all of its parts."""
        if not isinstance(node, Leaf):
            return self._nest(node, is_excluded)
        numbers = self._number(self._make_clauses(node), is_excluded)
        if len(numbers) < 2 or not is_compound(node.text):
            return numbers
        whole, *parts = numbers
        return (Boolean(should=(whole, Boolean(must=tuple(parts)))),)

    def _exclude(self, node: Node) -> tuple[Operand, ...]:
        """Return what must not be met: of a compound, the whole word."""
        if isinstance(node, Leaf):
            clauses = self._make_clauses(node)
            return self._number(clauses[:1] if is_compound(node.text) else clauses, True)
        return self._nest(node, True)

    def _nest(self, node: Filter | Group, is_excluded: bool) -> tuple[Operand, ...]:
        if isinstance(node, Filter):
            return (node,)
        inner = self.build(node, is_excluded=is_excluded)
        return (inner,) if inner != Boolean() else ()

    def _make_clauses(self, leaf: Leaf) -> Sequence[Clause]:
        """Return the clauses of a leaf, as many as there is room for."""
        clauses: Sequence[Clause]
        if leaf.kind in ("word", "spelling"):
            clauses = make_concepts(leaf.text, self._has_small_letters)
            if leaf.in_title or leaf.kind == "spelling":
                is_loose = leaf.kind == "spelling"
                clauses = [replace(concept, in_title=leaf.in_title, is_loose=is_loose) for concept in clauses]
            clauses, size = clauses[: max(self.room, 0)], len(clauses)
        else:
            if leaf.kind in ("exact", "prefix"):  # of a compound, the whole word
                whole = make_concepts(leaf.text, self._has_small_letters)[:1]
                words = tuple([frozenset(concept.exacts) for concept in whole])
            else:
                words = phrase_words(leaf.text)
            size = len(words)
            words = words[: max(self.room, 0)]
            clauses = [Phrase(leaf.text.strip(), words, leaf.kind, leaf.in_title)] if words else ()
        self.room -= size
        return clauses

    def number_words(self, text: str) -> tuple[int, ...]:
        """Return the numbers of the concepts of a text."""
        chunks = [make_concepts(chunk, self._has_small_letters) for chunk in find_chunks(text)]
        concepts = [concept for some in chunks for concept in some]
        numbers = self._number(concepts[: self.room], is_excluded=False)
        self.room -= len(concepts)
        return numbers

    def _number(self, clauses: Sequence[Clause], is_excluded: bool) -> tuple[int, ...]:
        """Return the numbers of clauses, below 0 where they are excluded; the same for those that are alike."""
        known = self._excluded if is_excluded else self._clauses
        numbers = []
        for clause in clauses:
            key = _key(clause)
            other = known.get(key)
            if other is None:
                place = len(known)
                known[key] = clause
            else:
                place = list(known).index(key)
                known[key] = _merge(other, clause)
            numbers.append(~place if is_excluded else place)
        return tuple(dict.fromkeys(numbers))


def _key(clause: Clause) -> object:
    """Return what is the same for clauses that are found in the same documents."""
    if isinstance(clause, Concept):
        return (*clause.variants[0].terms.values(), clause.in_title, clause.is_loose)
    return clause.words, clause.kind, clause.in_title


def _merge(one: Clause, other: Clause) -> Clause:
    """Count the concepts that are found in the same documents once, with the forms of each."""
    if isinstance(one, Phrase) or isinstance(other, Phrase):
        return one
    written = replace(one.variants[0], exacts=tuple(dict.fromkeys((*one.exacts, *other.exacts))))
    return replace(
        one,
        variants=(written,),
        count=one.count + other.count,
        function_word_in=one.function_word_in & other.function_word_in,
    )


def _renumber(root: Boolean, first: int) -> Boolean:
    """Give the excluded clauses, counted down from -1, the numbers from `first` on."""

    def move(operands: tuple[Operand, ...]) -> tuple[Operand, ...]:
        return tuple(
            _renumber(operand, first)
            if isinstance(operand, Boolean)
            else first + ~operand
            if isinstance(operand, int) and operand < 0
            else operand
            for operand in operands
        )

    return Boolean(move(root.must), move(root.should), move(root.must_not))


def is_in_capitals(written: str) -> bool:
    """Tell an acronym (IT, U.S.) from the function word that has its letters."""
    return written.isupper() and sum(map(str.isalpha, written)) > 1


def phrase_words(text: str) -> tuple[frozenset[str], ...]:
    """Return the exact forms that may stand at each position of a phrase."""
    return tuple([forms for chunk in find_chunks(text) for forms in _chunk_words(chunk)])


@lru_cache(REMEMBERED_CHUNKS)
def _chunk_words(chunk: str) -> tuple[frozenset[str], ...]:
    positions: dict[int, set[str]] = {}
    for word in find_words(chunk):
        positions.setdefault(word.position, set()).add(word.exact)
    return tuple(frozenset(forms) for _, forms in sorted(positions.items()))


@lru_cache(REMEMBERED_CHUNKS)
def make_concepts(chunk: str, has_small_letters: bool) -> tuple[Concept, ...]:
    """Return the concepts of the words of a chunk, the whole of a compound first.

    `has_small_letters`: of the query, so that capitals tell a name, which is nobody's function word.
    """
    return tuple(
        make_concept(word, is_name=has_small_letters and is_in_capitals(chunk[word.start : word.end]))
        for word in find_words(chunk)
    )


@lru_cache(REMEMBERED_CHUNKS)
def is_compound(chunk: str) -> bool:
    """Tell whether the first word of a chunk is the whole of it, and the others are its parts."""
    words = list(find_words(chunk))
    return bool(words) and words[0].start <= words[-1].start and words[0].end >= words[-1].end


def make_concept(word: Word, *, is_name: bool = False) -> Concept:
    """Return the concept of one word: its term in every language, and whose function word it is."""
    terms = {code: (get_analyzer(code).term(word),) for code in (*language_codes(), UNDETERMINED)}
    grammar = (code for code in language_codes() if not is_name and word.exact in _function_words(code))
    return Concept((Variant(WRITTEN, 1.0, terms, (word.exact,)),), function_word_in=frozenset(grammar))


@cache
def _function_words(code: str) -> frozenset[str]:
    """Return those of a language as they may be typed: with their accents or without."""
    words = function_words_of(code)
    return words | {fold(word) for word in words}
