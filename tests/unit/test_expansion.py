"""Expansion: which words of an index are meant by those of a query."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from searcher.analysis import analyze
from searcher.expansion import MAX_EXPANSIONS, STEMS_COST, Expander, add_spellings, add_variant
from searcher.languages import UNDETERMINED, language_codes
from searcher.query import Concept, Phrase, parse_query
from searcher.words import fold

CODES = (*language_codes(), UNDETERMINED)


class WordsInOrder:
    """The words of an index, the first the most frequent; none of them is a name."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self._counts = {word: 10_000 - place for place, word in enumerate(vocabulary)}

    def find_spellings(self, word: str) -> list[str]:
        return [other for other in self._counts if fold(other) == word]

    def find_beginning(self, beginning: str) -> dict[str, int]:
        return {word: count for word, count in self._counts.items() if fold(word).startswith(beginning)}

    def find_names(self, word: str) -> list[str]:
        return []

    def count_word(self, word: str) -> int:
        return self._counts.get(word, 0)


def expander_of(vocabulary: Iterable[str]) -> Expander:
    """Return an expander for an index of some words, the first the most frequent."""
    return Expander(WordsInOrder(vocabulary), lambda _: {})


def forms(text: str, vocabulary: Iterable[str]) -> list[set[str]]:
    """List the words that are meant at each position of a phrase."""
    [phrase] = expander_of(vocabulary).expand(parse_query(text)).clauses
    assert isinstance(phrase, Phrase)
    return [set(words) for words in phrase.words]


def test_spelling_adds_its_terms_to_those_of_the_word() -> None:
    [concept] = parse_query("lance").concepts
    spelled = add_spellings(concept, ["lancé"])
    assert {code: terms[0] for code, terms in spelled.terms.items()} == {
        code: terms[0] for code, terms in concept.terms.items()
    }
    assert all(analyze("lancé", code)[0].term in spelled.terms[code] for code in CODES)


def test_spelling_of_the_same_terms_changes_nothing() -> None:
    [concept] = parse_query("cooperation").concepts
    assert add_spellings(concept, ["cooperation", "coopération"]).terms == concept.terms


def test_variant_has_no_terms_that_the_word_has() -> None:
    [concept] = parse_query("station").concepts
    added = add_variant(concept, "translation", 0.5, ["stations", "gare"], "gare")
    assert [variant.kind for variant in added.variants] == ["written", "translation"]
    assert added.variants[1].terms["en"] == ("gare",)
    assert added.terms["en"] == ("station", "gare")


def test_variant_without_new_terms_is_none() -> None:
    [concept] = parse_query("station").concepts
    assert add_variant(concept, "name", 1.0, ["station"]) is concept


def test_prefix_means_the_words_that_begin_so() -> None:
    assert forms("eco*", ["école", "ecole", "écologie", "echo", "deco"]) == [{"école", "ecole", "écologie"}]


def test_prefix_with_accents_means_those_accents() -> None:
    assert forms("éco*", ["école", "ecole"]) == [{"école"}]


def test_prefix_that_no_word_has_means_none() -> None:
    assert forms("xyz*", ["école"]) == [set()]


def test_exact_word_means_itself() -> None:
    assert forms("=eleve", ["élève", "eleve"]) == [{"eleve"}]


def test_quoted_word_means_those_with_other_accents() -> None:
    assert forms('"eleve agee"', ["élève", "élevé", "eleves", "âgée"]) == [
        {"eleve", "élève", "élevé"},
        {"agee", "âgée"},
    ]


def test_phrase_of_stems_means_the_inflected_words() -> None:
    vocabulary = ["station", "stations", "spatiale", "spatiaux", "spatial", "static"]
    assert forms('~"stations spatiales"', vocabulary) == [
        {"station", "stations"},
        {"spatial", "spatiale", "spatiales", "spatiaux"},
    ]


@pytest.mark.parametrize("word", ["sattelite~", "satelite~", "satellite~", "SATELITE~"])
def test_near_spelling_is_a_variant_of_less_weight(word: str) -> None:
    [concept] = expander_of(["satellite", "sat", "catellite"]).expand(parse_query(word)).clauses
    assert isinstance(concept, Concept)
    assert "satellit" in concept.terms["en"]
    assert [variant.exacts for variant in concept.variants[1:]] in ([("satellite",)], [])
    assert all(variant.weight < 1 for variant in concept.variants[1:])


@pytest.mark.parametrize(("word", "near"), [("mo", ()), ("moon", ("moan",)), ("mooned", ("moaned", "moaner"))])
def test_longer_word_allows_more_other_letters(word: str, near: tuple[str, ...]) -> None:
    [concept] = expander_of(["moan", "me", "noon", "moaned", "moaner", "mourn"]).expand(parse_query(f"{word}~")).clauses
    assert isinstance(concept, Concept)
    assert {form for variant in concept.variants[1:] for form in variant.exacts} == set(near)


def test_too_many_words_are_cut_with_a_warning() -> None:
    vocabulary = [f"word{n}" for n in range(1_204)]
    query = expander_of(vocabulary).expand(parse_query("word*"))
    assert [len(phrase.words[0]) for phrase in query.clauses if isinstance(phrase, Phrase)] == [MAX_EXPANSIONS]
    assert query.warnings == (f"word* means 1,204 words, only {MAX_EXPANSIONS} of them were searched",)


def test_most_frequent_words_are_kept() -> None:
    vocabulary = [f"word{n}" for n in range(MAX_EXPANSIONS + 1)]
    assert forms("word*", vocabulary) == [set(vocabulary[:MAX_EXPANSIONS])]


def test_prefixes_of_a_query_mean_so_many_words_together() -> None:
    vocabulary = [f"{beginning}{n}" for beginning in ("moon", "mars", "star") for n in range(200)]
    query = expander_of(vocabulary).expand(parse_query("moon* mars* star*"))
    meant = [len(phrase.words[0]) for phrase in query.clauses if isinstance(phrase, Phrase)]
    assert meant == [200, MAX_EXPANSIONS - 200, 1]
    assert query.warnings == (
        f"mars* means 200 words, only {MAX_EXPANSIONS - 200} of them were searched",
        "too many words have * or ~; searched as written: star*",
    )


def test_near_words_are_looked_for_in_the_place_of_few_words_of_a_query() -> None:
    words = ["satellites", "stations", "planets", "rockets", "engines", "landings"]
    query = expander_of([word[:-1] + "z" for word in words]).expand(parse_query(" ".join(f"{word}~" for word in words)))
    near = [any(variant.kind == "spelling" for variant in concept.variants) for concept in query.concepts]
    assert near == sorted(near, reverse=True)
    assert set(near) == {True, False}
    assert query.warnings == ("too many words have * or ~; searched as written: rockets~, engines~, landings~",)


def test_long_phrase_of_stems_is_searched_as_written_and_said_so() -> None:
    words = " ".join(f"word{n}" for n in range(MAX_EXPANSIONS // STEMS_COST + 1))
    query = expander_of(["words"]).expand(parse_query(f'~"{words}"'))
    assert [phrase.words for phrase in query.clauses if isinstance(phrase, Phrase)] == [
        tuple(frozenset({word}) for word in words.split())
    ]
    assert query.warnings == (f'too many words have * or ~; searched as written: ~"{words}"',)


def test_words_without_a_sign_are_expanded_however_many_have_one() -> None:
    query = expander_of(["élève", *(f"word{n}" for n in range(MAX_EXPANSIONS))]).expand(parse_query("word* eleve"))
    assert [concept.terms["und"] for concept in query.concepts] == [("eleve",)]


def test_excluded_words_are_expanded_too() -> None:
    query = expander_of(["élève"]).expand(parse_query("moon -eleve"))
    assert [clause.terms["und"] for clause in query.excluded if isinstance(clause, Concept)] == [("eleve",)]
    [phrase] = expander_of(["élève"]).expand(parse_query('moon -"eleve"')).excluded
    assert isinstance(phrase, Phrase)
    assert phrase.words == (frozenset({"eleve", "élève"}),)


def test_warning_of_a_clause_is_told_each_time() -> None:
    expander = expander_of(f"word{n}" for n in range(MAX_EXPANSIONS + 1))
    assert expander.expand(parse_query("word*")).warnings == expander.expand(parse_query("word*")).warnings != ()
