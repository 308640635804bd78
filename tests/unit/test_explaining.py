from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searcher import Document, Explanation, Part, Searcher, UnknownDocumentError
from searcher.explaining import write_clause, write_operand
from searcher.query import Boolean, parse_query
from searcher.ranking import EXACT_SHARE, TITLE_FREQUENCY, TITLE_SHARE, length_norm, saturate
from tests.conftest import SearcherFactory
from tests.unit.engines.corpora import Change, apply, changes
from tests.unit.engines.test_scoring import BUILT, QUERIES


def check(searcher: Searcher, query_text: str) -> None:
    """Assert that the explanation of every document adds up to what a search gives."""
    scores = {hit.id: hit.score for hit in searcher.search(query_text, limit=100)}
    asks = parse_query(query_text, lambda _name: True).root != Boolean()
    for hit in searcher.search("lang:en OR lang:fr OR lang:und", limit=100):
        explanation = searcher.explain(query_text, hit.id)
        assert explanation.is_hit == (hit.id in scores)
        assert explanation.score == scores.get(hit.id, 0.0)
        if explanation.is_hit:
            assert sum(concept.points for concept in explanation.concepts) == pytest.approx(scores[hit.id], abs=1e-4)
        if asks:
            assert explanation.is_hit == (not explanation.lacking and not explanation.unwanted)
        for concept in explanation.concepts:
            assert concept.share == pytest.approx(earned(concept.parts, explanation), abs=1e-4)


def earned(parts: tuple[Part, ...], explanation: Explanation) -> float:
    """Return the share that the occurrences of some parts earn, by the plain formulas."""
    norm = length_norm(explanation.length, explanation.average_length)
    title = sum(part.weight * part.in_title for part in parts)
    text = sum(part.weight * part.in_text for part in parts)
    exact = sum(TITLE_FREQUENCY * part.in_title + part.in_text for part in parts if part.kind == "written")
    share = saturate(TITLE_FREQUENCY * title + text, norm) + TITLE_SHARE * saturate(title, 1.0)
    return share + EXACT_SHARE * saturate(exact, norm)


@settings(max_examples=30, deadline=None)
@given(changes(most=4), st.lists(QUERIES | BUILT, min_size=1, max_size=4))
def test_points_add_up_to_the_score_of_a_search(changes: list[Change], queries: list[str]) -> None:
    with TemporaryDirectory() as folder:
        apply(changes, Path(folder))
        with Searcher(folder) as searcher:
            for query in queries:
                check(searcher, query)


@pytest.mark.parametrize(
    "query",
    [
        "coopération spatiale de la Russie",
        'the station "remote sensing" +orbit -Kourou',
        "inter* cosmonotes~ =fusée title:lune lang:fr",
        '~"vol habité" (Minsk OR Loukachenko) NOT lang:en',
    ],
)
def test_points_add_up_over_the_samples(seeds_index: Path, query: str) -> None:
    with Searcher(seeds_index) as searcher:
        check(searcher, query)


@pytest.fixture
def station(searcher_of: SearcherFactory) -> Searcher:
    return searcher_of(
        [
            Document("fr", "La station évaluée, des STATIONS et l’évaluation.", title="Stations", language="fr"),
            Document("en", "The station is evaluated here, rocket after rocket.", language="en"),
            Document("other", "Nothing of the kind is in this one.", language="en"),
        ]
    )


def test_parts_tell_the_words_as_written_and_where(station: Searcher) -> None:
    [concept] = station.explain("station", "fr").concepts
    assert concept.parts == (
        Part("written", 1.0, 0, 1, ("station",)),
        Part("stem", 1.0, 1, 1, ("Stations",)),
    )


def test_word_typed_without_accents_is_told_from_a_stem(station: Searcher) -> None:
    [concept] = station.explain("evaluee", "fr").concepts
    assert [(part.kind, part.words) for part in concept.parts] == [("accents", ("évaluée",)), ("stem", ("évaluation",))]


def test_near_spelling_and_beginning_are_kinds_of_their_own(station: Searcher) -> None:
    near, beginning = station.explain("rockot~ ro*", "en").concepts
    assert near.parts == (Part("spelling", 0.5, 0, 2, ("rocket",)),)
    assert beginning.parts == (Part("prefix", 1.0, 0, 2, ("rocket",)),)


def test_phrase_is_shown_as_it_stands(station: Searcher) -> None:
    [phrase] = station.explain('"la station evaluee"', "fr").concepts
    assert phrase.text == '"la station evaluee"'
    assert phrase.parts == (Part("phrase", 1.0, 0, 1, ("La station évaluée",)),)


def test_facts_tell_how_common_a_word_is_and_in_which_grammar(station: Searcher) -> None:
    explanation = station.explain("the station", "en")
    the, station_word = explanation.concepts
    assert the.function_word_in == ("en",)
    assert station_word.document_frequencies == {"en": 1, "fr": 1}
    assert explanation.document_counts == {"en": 2, "fr": 1}
    assert sum(explanation.probabilities.values()) == pytest.approx(1)
    assert (explanation.length, explanation.average_length) == (8, 8.0)


def test_document_that_is_no_hit_says_what_it_lacks_and_has_too_much(station: Searcher) -> None:
    explanation = station.explain("station +orbite -rocket lang:fr", "en")
    assert not explanation.is_hit
    assert explanation.score == 0
    assert explanation.lacking == ("orbite", "lang:fr")
    assert explanation.unwanted == ("rocket",)


def test_document_without_any_of_the_words_lacks_them_all(station: Searcher) -> None:
    assert station.explain("station rocket", "other").lacking == ("(station OR rocket)",)


def test_explanation_as_json_keeps_its_numbers(station: Searcher) -> None:
    explanation = station.explain("station évaluée", "fr")
    read = json.loads(json.dumps(explanation.to_dict()))
    assert read == explanation.to_dict()
    assert read["schema_version"] == 1
    assert sum(concept["points"] for concept in read["concepts"]) == pytest.approx(explanation.score, abs=1e-4)


def test_unknown_document_has_no_explanation(station: Searcher) -> None:
    with pytest.raises(UnknownDocumentError):
        station.explain("station", "nowhere")


@pytest.mark.parametrize(
    "text", ["station", "title:station", "rockot~", "title:rockot~", '"a b"', '~"a b"', "ro*", "=été", 'title:"a b"']
)
def test_clause_is_written_as_it_was_typed(text: str) -> None:
    [clause] = parse_query(text).clauses
    assert write_clause(clause) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("+(a b) c", "(a OR b)"),
        ("+(+a -b) c", "(+a -b)"),
        ("date:2024-01.. a", "date:2024-01-01.."),
        ('author:"Émile Zola" a', 'author:"emile zola"'),
    ],
)
def test_requirement_is_written_as_one_would_type_it(text: str, written: str) -> None:
    query = parse_query(text, lambda _name: True)
    assert write_operand(query.root.must[0], (*query.clauses, *query.excluded)) == written


def test_name_and_translation_are_kinds_of_their_own(seeds_index: Path) -> None:
    with Searcher(seeds_index) as searcher:
        [name] = searcher.explain("Loukachenko", "seeds/en/lukashenko-receives-rogozin.md").concepts
        [country] = searcher.explain("Russie", "seeds/en/kazan-common-orbit.md").concepts
    assert {part.kind for part in name.parts} == {"name"}
    assert [(part.kind, part.words) for part in country.parts] == [("translation", ("Russia",))]
    assert "russia" in country.parts[0].label
