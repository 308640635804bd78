from __future__ import annotations

from pathlib import Path

import pytest

from searcher import Document, QueryError, Searcher, UnknownDocumentError
from searcher.query import Concept, Query
from searcher.similarity import CHARACTERS, MAX_CANDIDATES, MAX_CONCEPTS, find_concepts, make_similar_query
from tests.conftest import SearcherFactory

PAIRS = {
    "seeds/fr/kourou-la-fusee-et-la-foret.md": "seeds/en/kourou-close-to-the-equator.txt",
    "seeds/fr/loukachenko-recoit-rogozine.txt": "seeds/en/lukashenko-receives-rogozin.md",
    "seeds/fr/une-base-lunaire-ouverte-a-tous.md": "seeds/en/lunar-station-open-to-all.md",
}
"""Samples about the same in both languages."""


@pytest.mark.parametrize(("french", "english"), PAIRS.items())
def test_same_news_in_the_other_language_is_among_the_two_most_alike(
    seeds_index: Path, french: str, english: str
) -> None:
    with Searcher(seeds_index) as searcher:
        assert english in {hit.id for hit in searcher.similar(french, limit=2)}
        assert french in {hit.id for hit in searcher.similar(english, limit=2)}


def test_document_itself_is_counted_nowhere(seeds_index: Path) -> None:
    with Searcher(seeds_index) as searcher:
        for id in PAIRS:
            results = searcher.similar(id, limit=100)
            assert id not in {hit.id for hit in results}
            assert len(results) == results.total == sum(results.languages.values())
            by_language = [searcher.similar(id, language=code).total for code in ("en", "fr")]
            assert by_language == [results.languages.get(code, 0) for code in ("en", "fr")]


def test_page_is_a_part_of_all_that_are_alike(seeds_index: Path) -> None:
    with Searcher(seeds_index) as searcher:
        for id in PAIRS:
            every = [(hit.rank, hit.id, hit.score) for hit in searcher.similar(id, limit=100)]
            page = searcher.similar(id, limit=3, offset=2)
            assert [(hit.rank, hit.id, hit.score) for hit in page] == every[2:5]


def test_snippet_shows_the_words_in_common(seeds_index: Path) -> None:
    with Searcher(seeds_index) as searcher:
        snippet = searcher.similar("seeds/fr/kourou-la-fusee-et-la-foret.md")[0].snippet
        marked = {snippet.text[start:end] for start, end in snippet.highlights}
    assert "Ariane" in marked


def test_document_that_shares_no_word_is_like_none(searcher_of: SearcherFactory) -> None:
    searcher = searcher_of(
        [
            Document("alone", "The zebra is in the savannah.", language="en"),
            Document("other", "The rocket is in the hangar.", language="en"),
            Document("empty", "", title="1", language="und"),
        ]
    )
    for id in ("alone", "empty"):
        results = searcher.similar(id)
        assert (len(results), results.total, results.languages) == (0, 0, {})


@pytest.mark.parametrize("language", ["en", "und"])
def test_function_words_are_nothing_in_common(language: str) -> None:
    concepts = find_concepts("The one", "The zebra is there and it is not of the savannah, le zèbre", language)
    found = {concept.exacts[0] for concept, _ in concepts}
    assert {"zebra", "savannah"} <= found
    assert not {"the", "is", "and", "it", "of"} & found


def test_words_of_one_stem_are_one_concept_by_the_most_frequent() -> None:
    [(concept, _)] = find_concepts("", "rocket rockets rockets", "en")
    assert concept.exacts == ("rockets",)


def test_title_and_repetition_tell_most() -> None:
    concepts = find_concepts("Zebra", "lion tiger tiger", "en")
    assert [concept.exacts[0] for concept, _ in concepts] == ["zebra", "tiger", "lion"]


def test_long_text_is_read_as_far_as_it_tells_what_it_is_about() -> None:
    text = f"zebra {'lion ' * CHARACTERS} tiger"
    assert {concept.exacts[0] for concept, _ in find_concepts("", text, "en")} == {"zebra", "lion"}


def make_query(words: list[str], counts: dict[str, int], holders: dict[str, dict[str, int]]) -> Query:
    """Make the query of an English text where counts of words and of documents that hold a concept are given."""
    return make_similar_query(
        "",
        " ".join(words),
        "en",
        count_word=lambda word: counts.get(word, 0),
        expand=lambda query: query,
        count_holders=lambda clauses: [holders[clause.exacts[0]] for clause in clauses if isinstance(clause, Concept)],
        document_counts={"en": 100, "fr": 100},
    )


def test_rare_concepts_are_kept_and_those_of_no_other_document_left_out() -> None:
    words = [f"zebra{number}x" for number in range(MAX_CONCEPTS + 5)]
    query = make_query(words, {}, {word: {"en": number} for number, word in enumerate(words)})
    assert [concept.exacts[0] for concept in query.concepts] == words[2 : 2 + MAX_CONCEPTS]


def test_words_that_other_documents_have_are_looked_up_first() -> None:
    words = [f"zebra{number}x" for number in range(MAX_CANDIDATES + 5)]
    query = make_query([*words, "tiger"], {"tiger": 2}, {word: {"en": 2} for word in (*words, "tiger")})
    assert "tiger" in {concept.exacts[0] for concept in query.concepts}


def test_word_that_only_the_other_language_shares_is_kept() -> None:
    query = make_query(["kourou"], {}, {"kourou": {"en": 1, "fr": 1}})
    assert [concept.exacts for concept in query.concepts] == [("kourou",)]


def test_concept_counts_what_the_document_earns_by_it() -> None:
    query = make_query(["lion", "tiger", "tiger"], {}, {"lion": {"en": 9}, "tiger": {"en": 9}})
    counts = {concept.exacts[0]: concept.count for concept in query.concepts}
    assert counts["tiger"] > counts["lion"] == 1


def test_wrong_use_is_an_error(seeds_index: Path) -> None:
    with Searcher(seeds_index) as searcher:
        with pytest.raises(UnknownDocumentError, match="there is no document with the id 'nowhere'"):
            searcher.similar("nowhere")
        with pytest.raises(QueryError):
            searcher.similar(next(iter(PAIRS)), limit=-1)
        with pytest.raises(QueryError):
            searcher.similar(next(iter(PAIRS)), language="es")
