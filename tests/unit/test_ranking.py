import math
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.ranking import (
    FUNCTION_WORD_SHARE,
    K1,
    SELECTIVE,
    ConceptStatistics,
    Weigher,
    concept_weights,
    idf,
    length_norm,
    saturate,
)

COUNTS = {"en": 1_000, "fr": 1_000}
ENGLISH_GRAMMAR = ConceptStatistics({"en": 950, "fr": 10}, frozenset({"en"}))
FRENCH_GRAMMAR = ConceptStatistics({"en": 30, "fr": 990}, frozenset({"fr"}))
SHARED_NAME = ConceptStatistics({"en": 40, "fr": 40})
ENGLISH_WORD = ConceptStatistics({"en": 80, "fr": 1})
FRENCH_CAR = ConceptStatistics({"en": 60, "fr": 400}, frozenset({"fr"}))
"""A noun in English, "because" in French."""

CODES = ("en", "fr", "und")


def posterior_of(concepts: Sequence[ConceptStatistics], counts: Mapping[str, int]) -> dict[str, float]:
    """Return p(language | query) of concepts."""
    weigher = Weigher(counts)
    posterior = weigher.posterior([weigher.measure(concept) for concept in concepts])
    return dict(zip([code for code, count in counts.items() if count], posterior, strict=True))


@st.composite
def collections(draw: st.DrawFn) -> tuple[list[ConceptStatistics], dict[str, int]]:
    counts = {code: draw(st.integers(0, 10**7)) for code in CODES}
    frequencies = st.fixed_dictionaries({}, optional={code: st.integers(0, counts[code]) for code in CODES})
    concepts = st.builds(
        ConceptStatistics, frequencies, st.frozensets(st.sampled_from(("en", "fr"))), st.integers(1, 5)
    )
    return draw(st.lists(concepts, max_size=12)), counts


# idf


@given(st.integers(0, 10**8), st.integers(0, 10**8))
def test_idf_is_never_negative(documents: int, others: int) -> None:
    assert idf(documents, documents + others) > 0


@given(st.integers(1, 10**6), st.integers(0, 10**6))
def test_idf_falls_with_the_documents_that_hold_the_concept(documents: int, others: int) -> None:
    assert idf(documents, documents + others) < idf(documents - 1, documents + others)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_idf_rises_with_the_documents_that_do_not(documents: int, others: int) -> None:
    assert idf(documents, documents + others + 1) > idf(documents, documents + others)


def test_idf_is_the_form_of_lucene() -> None:
    assert idf(3, 10) == pytest.approx(math.log(1 + (10 - 3 + 0.5) / (3 + 0.5)))


# saturate


@given(st.floats(0, 1e9), st.floats(0.01, 1e6))
def test_saturated_frequency_stays_below_its_bound(frequency: float, norm: float) -> None:
    assert 0 <= saturate(frequency, norm) <= K1 + 1


@given(st.integers(0, 10_000), st.floats(0.25, 100))
def test_saturated_frequency_rises(frequency: int, norm: float) -> None:
    assert saturate(frequency + 1, norm) > saturate(frequency, norm)


@given(st.integers(1, 1_000), st.floats(0.25, 100))
def test_repeating_a_word_helps_less_each_time(frequency: int, norm: float) -> None:
    once, twice, thrice = (saturate(frequency + more, norm) for more in range(3))
    assert thrice - twice < twice - once


@given(st.integers(1, 1_000), st.floats(0.25, 100))
def test_saturated_frequency_is_less_in_a_longer_document(frequency: int, norm: float) -> None:
    assert saturate(frequency, norm * 2) < saturate(frequency, norm)


def test_one_occurrence_in_an_average_document_earns_the_weight() -> None:
    assert saturate(1, length_norm(120, 120)) == pytest.approx(1)


def test_no_occurrence_earns_nothing() -> None:
    assert saturate(0, 1) == 0


# length_norm


@given(st.integers(1, 10**7))
def test_length_norm_is_one_at_the_average(length: int) -> None:
    assert length_norm(length, length) == pytest.approx(1)


@given(st.integers(0, 10**6), st.floats(1, 10**6))
def test_length_norm_rises_with_the_length(length: int, average_length: float) -> None:
    assert length_norm(length + 1, average_length) > length_norm(length, average_length)


@given(st.floats(1, 10**6))
def test_length_norm_of_an_empty_document_is_above_zero(average_length: float) -> None:
    assert 0 < length_norm(0, average_length) < 1


def test_length_norm_is_one_where_all_documents_are_empty() -> None:
    assert length_norm(0, 0) == 1


# language_posterior


@given(collections())
def test_posterior_sums_to_one(collection: tuple[list[ConceptStatistics], dict[str, int]]) -> None:
    posterior = posterior_of(*collection)
    assert all(0 <= share <= 1 for share in posterior.values())
    assert sum(posterior.values()) == pytest.approx(1 if any(collection[1].values()) else 0)


def test_posterior_ignores_languages_without_documents() -> None:
    with_empty = posterior_of([SHARED_NAME, ENGLISH_GRAMMAR], {**COUNTS, "und": 0})
    assert with_empty == posterior_of([SHARED_NAME, ENGLISH_GRAMMAR], COUNTS)


def test_posterior_of_an_empty_index_is_empty() -> None:
    assert posterior_of([SHARED_NAME], {"en": 0, "fr": 0}) == {}


def test_posterior_of_one_language_is_certain() -> None:
    assert posterior_of([SHARED_NAME], {"fr": 7}) == {"fr": pytest.approx(1)}


def test_posterior_of_no_concepts_is_undecided() -> None:
    assert posterior_of([], COUNTS) == {"en": pytest.approx(0.5), "fr": pytest.approx(0.5)}


def test_name_leaves_the_language_undecided() -> None:
    assert posterior_of([SHARED_NAME], COUNTS)["en"] == pytest.approx(0.5)


def test_unknown_word_leaves_the_language_undecided() -> None:
    assert posterior_of([ConceptStatistics({})], COUNTS)["en"] == pytest.approx(0.5)


def test_function_word_decides_the_language() -> None:
    assert posterior_of([ENGLISH_GRAMMAR], COUNTS)["en"] > 0.9
    assert posterior_of([FRENCH_GRAMMAR], COUNTS)["fr"] > 0.9


def test_function_word_decides_the_language_of_a_name_beside_it() -> None:
    assert posterior_of([SHARED_NAME, FRENCH_GRAMMAR], COUNTS)["fr"] > 0.9


def test_word_of_one_language_decides_against_a_word_that_is_in_both() -> None:
    assert posterior_of([FRENCH_CAR, ENGLISH_WORD, ENGLISH_GRAMMAR], COUNTS)["en"] > 0.9


def test_posterior_does_not_favour_the_language_with_more_documents() -> None:
    rates = ConceptStatistics({"en": 99_000, "fr": 1_000})
    assert posterior_of([rates], {"en": 990_000, "fr": 10_000})["fr"] == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize("held", [0, 1])
def test_one_document_of_another_language_decides_nothing(held: int) -> None:
    concepts = [ConceptStatistics({"en": 500, "fr": held})] * 3
    assert posterior_of(concepts, {"en": 1_000, "fr": 1})["en"] > 0.5


def test_posterior_of_many_concepts_does_not_underflow() -> None:
    posterior = posterior_of([ENGLISH_GRAMMAR] * 1_000, COUNTS)
    assert posterior["en"] == pytest.approx(1)


# concept_weights


@given(collections())
def test_weights_are_finite_and_never_negative(
    collection: tuple[list[ConceptStatistics], dict[str, int]],
) -> None:
    concepts, counts = collection
    weights = concept_weights(concepts, counts)
    assert len(weights) == len(concepts)
    assert all(weight.weight >= 0 and math.isfinite(weight.weight) for weight in weights)


@given(collections())
def test_some_concept_of_a_query_is_selective(collection: tuple[list[ConceptStatistics], dict[str, int]]) -> None:
    concepts, counts = collection
    assert not concepts or any(weight.is_selective for weight in concept_weights(concepts, counts))


def test_no_concepts_have_no_weights() -> None:
    assert concept_weights([], COUNTS) == []


def test_weight_is_the_mean_of_the_idf_in_each_language() -> None:
    [weight] = concept_weights([SHARED_NAME], COUNTS)
    assert weight.weight == pytest.approx(idf(40, 1_000))


def test_weight_lies_between_the_idf_of_the_languages() -> None:
    [weight] = concept_weights([ENGLISH_WORD], COUNTS)
    assert idf(80, 1_000) <= weight.weight <= idf(1, 1_000)


def test_rarer_concept_weighs_more() -> None:
    rare, common = concept_weights([ConceptStatistics({"en": 2, "fr": 2}), SHARED_NAME], COUNTS)
    assert rare.weight > common.weight


def test_weights_are_alike_when_the_languages_change_places() -> None:
    concepts = [ConceptStatistics({"en": 5, "fr": 50}), ConceptStatistics({"en": 70, "fr": 7})]
    swapped = [ConceptStatistics({"en": 50, "fr": 5}), ConceptStatistics({"en": 7, "fr": 70})]
    weights = [weight.weight for weight in concept_weights(concepts, COUNTS)]
    assert [weight.weight for weight in concept_weights(swapped, COUNTS)] == pytest.approx(weights)


def test_name_weighs_nearly_as_much_where_its_language_is_rare() -> None:
    [even] = concept_weights([ConceptStatistics({"en": 500, "fr": 500})], {"en": 10_000, "fr": 10_000})
    [uneven] = concept_weights([ConceptStatistics({"en": 950, "fr": 50})], {"en": 19_000, "fr": 1_000})
    assert uneven.weight == pytest.approx(even.weight, rel=0.05)


def test_function_word_of_the_query_language_weighs_nearly_nothing() -> None:
    grammar, _, name = concept_weights([FRENCH_GRAMMAR, ConceptStatistics({"en": 1, "fr": 90}), SHARED_NAME], COUNTS)
    assert grammar.weight < name.weight / 100


def test_function_word_of_the_query_language_makes_no_hit() -> None:
    grammar, name = concept_weights([FRENCH_GRAMMAR, SHARED_NAME], COUNTS)
    assert not grammar.is_selective
    assert name.is_selective


def test_function_word_of_another_language_keeps_its_weight() -> None:
    car, _, _ = concept_weights([FRENCH_CAR, ENGLISH_GRAMMAR, ENGLISH_WORD], COUNTS)
    assert car.is_selective
    assert car.weight > idf(60, 1_000) * SELECTIVE


def test_function_words_keep_their_weight_where_nothing_else_is_left() -> None:
    words = [ConceptStatistics({"en": 900 - 300 * n, "fr": n}, frozenset({"en"})) for n in range(3)]
    weights = concept_weights(words, COUNTS)
    assert all(weight.is_selective for weight in weights)
    posterior = posterior_of(words, COUNTS)
    expected = [
        sum(share * idf(word.document_frequencies[code], 1_000) for code, share in posterior.items()) for word in words
    ]
    assert [weight.weight for weight in weights] == pytest.approx(expected)


def test_function_word_of_all_languages_weighs_a_tenth_of_a_word_as_common() -> None:
    found = {"en": 300, "fr": 300}
    concepts = [ConceptStatistics(found, frozenset({"en", "fr"})), ConceptStatistics(found), SHARED_NAME]
    both, word, _ = concept_weights(concepts, COUNTS)
    assert both.weight == pytest.approx(FUNCTION_WORD_SHARE * word.weight)
    assert not both.is_selective


def test_concept_typed_twice_weighs_twice_as_much() -> None:
    [once] = concept_weights([ConceptStatistics({"en": 40, "fr": 40})], COUNTS)
    [twice] = concept_weights([ConceptStatistics({"en": 40, "fr": 40}, count=2)], COUNTS)
    assert twice.weight == pytest.approx(2 * once.weight)


def test_concepts_of_an_empty_index_weigh_nothing() -> None:
    assert [weight.weight for weight in concept_weights([SHARED_NAME, FRENCH_GRAMMAR], {})] == [0, 0]
