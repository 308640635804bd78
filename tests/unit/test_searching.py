from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from searcher import (
    Document,
    QueryError,
    Searcher,
    SearcherError,
    UnknownDocumentError,
    build_index,
    update_index,
)
from tests.conftest import SearcherFactory

ENGLISH = "The {} agency launched a satellite with its partners, and the mission was a success."
FRENCH = "L’agence {} a lancé un satellite avec ses partenaires, et la mission fut un succès."


def found(searcher: Searcher, query: str) -> set[str]:
    return {hit.id for hit in searcher.search(query, limit=100)}


def test_query_finds_documents_of_both_languages_its_own_first(seeds_index: Path) -> None:
    with Searcher(seeds_index) as searcher:
        for query, own in (("coopération spatiale", "fr"), ("space cooperation", "en")):
            results = searcher.search(query)
            languages = [hit.language for hit in results]
            assert set(languages) == {"en", "fr"}
            assert languages[0] == own
            assert languages == sorted(languages, key=lambda code: code != own)


@pytest.mark.parametrize("query", ["l’espace", "l'espace", "L’ESPACE", "espace", "lʼespace", "d'espace"])
def test_elided_query_finds_what_the_noun_finds(seeds_index: Path, query: str) -> None:
    with Searcher(seeds_index) as searcher:
        expected = [hit.id for hit in searcher.search("espace")]
        assert expected
        assert [hit.id for hit in searcher.search(query)] == expected


@pytest.mark.parametrize("copies", [1, 99])
@pytest.mark.parametrize("is_french_rare", [True, False])
def test_same_document_in_both_languages_scores_alike(
    searcher_of: SearcherFactory, copies: int, is_french_rare: bool
) -> None:
    common, rare = ("en", "fr") if is_french_rare else ("fr", "en")
    texts = {
        "en": ("Satellite station", "The satellite station photographs Paris and Canada from its orbit."),
        "fr": ("Satellite station", "La station satellite photographie Paris et Canada depuis son orbite."),
    }
    documents = [
        Document(f"filler-{n}", f"{n} {texts[common][1]} zebra{n}", language=common) for n in range(copies - 1)
    ]
    documents += [Document(code, text, title=title, language=code) for code, (title, text) in texts.items()]
    searcher = searcher_of(documents)
    scores = {hit.id: hit.score for hit in searcher.search("satellite station", limit=200)}
    assert scores[rare] == pytest.approx(scores[common], rel=0.05)


def test_rare_language_is_not_buried(searcher_of: SearcherFactory) -> None:
    documents = [Document(f"en-{n}", ENGLISH.format(f"space number{n}")) for n in range(99)]
    searcher = searcher_of([*documents, Document("fr", FRENCH.format("spatiale"))])
    assert searcher.search("agence spatiale satellite")[0].id == "fr"
    assert "fr" in {hit.id for hit in searcher.search("satellite mission success", limit=100)}


def test_word_without_accents_finds_both_forms(searcher_of: SearcherFactory) -> None:
    searcher = searcher_of(
        [
            Document("accents", "Les personnes évaluées sont rentrées.", language="fr"),
            Document("none", "LES PERSONNES EVALUEES SONT RENTREES.", language="fr"),
        ]
    )
    assert found(searcher, "evaluees") == {"accents", "none"}
    assert found(searcher, '"personnes evaluees"') == {"accents", "none"}


def test_word_with_accents_prefers_its_own_form(searcher_of: SearcherFactory) -> None:
    searcher = searcher_of(
        [
            Document("côte", "La côte est longue et belle.", language="fr"),
            Document("côté", "Le côté est longue et belle.", language="fr"),
        ]
    )
    assert [hit.id for hit in searcher.search("côté")] == ["côté", "côte"]
    assert [hit.id for hit in searcher.search("côte")] == ["côte", "côté"]


@pytest.mark.parametrize(
    ("query", "best"),
    [("to be or not to be", "hamlet"), ("car", "son"), ("son", "son"), ("pour", "son"), ("or not", "hamlet")],
)
def test_function_words_alone_find_what_holds_them(searcher_of: SearcherFactory, query: str, best: str) -> None:
    searcher = searcher_of(
        [
            Document("hamlet", "To be, or not to be: that is the question.", language="en"),
            Document("son", "Il prit son car pour Paris, car il faisait nuit, or il pleuvait.", language="fr"),
            Document("other", "Nothing here.", language="en"),
        ]
    )
    hits = searcher.search(query)
    assert hits[0].id == best
    assert "other" not in {hit.id for hit in hits}


def test_function_words_of_the_query_make_no_hits(searcher_of: SearcherFactory) -> None:
    searcher = searcher_of(
        [
            *(Document(f"filler-{n}", f"The weather of the day is number{n} and it is fine.") for n in range(30)),
            Document("satellite", "The satellite is in orbit."),
        ]
    )
    assert found(searcher, "the orbit of the satellite") == {"satellite"}


@pytest.mark.parametrize("query", ["après la fusée", "apres la fusee", "il a la fusée à lui"])
def test_function_words_without_accents_make_no_hits_either(searcher_of: SearcherFactory, query: str) -> None:
    searcher = searcher_of(
        [
            *(Document(f"filler-{n}", f"Il a quitté la ville à bord du train {n}, après le repas.") for n in range(30)),
            Document("fusée", "La fusée est prête."),
        ]
    )
    assert found(searcher, query) == {"fusée"}


def test_capitals_are_a_name_not_a_function_word(searcher_of: SearcherFactory) -> None:
    searcher = searcher_of([Document("it", "The IT department is here."), Document("us", "A satellite of the agency.")])
    assert "it" in found(searcher, "satellite IT")


def test_phrase_is_found_as_written(searcher_of: SearcherFactory) -> None:
    searcher = searcher_of(
        [
            Document("phrase", "They study remote sensing of the Earth.", language="en"),
            Document("apart", "Sensing the remote coast, they turned.", language="en"),
            Document("hyphen", "A remote-sensing satellite.", language="en"),
            Document("title", "Nothing.", title="Remote sensing", language="en"),
        ]
    )
    assert found(searcher, '"remote sensing"') == {"phrase", "hyphen", "title"}
    assert found(searcher, "« Remote Sensing »") == {"phrase", "hyphen", "title"}


def test_language_filter_leaves_the_ranking_of_the_rest(seeds_index: Path) -> None:
    with Searcher(seeds_index) as searcher:
        both = searcher.search("satellite", limit=100)
        french = searcher.search("satellite", language="fr", limit=100)
        assert [hit.id for hit in french] == [hit.id for hit in both if hit.language == "fr"]
        assert french.total == both.languages["fr"]
        assert dict(french.languages) == {"fr": french.total}


def test_pages_are_parts_of_one_ranking(seeds_index: Path) -> None:
    with Searcher(seeds_index) as searcher:
        whole = searcher.search("station", limit=100)
        pages = [
            hit for offset in range(0, whole.total, 3) for hit in searcher.search("station", limit=3, offset=offset)
        ]
        assert [(hit.rank, hit.id) for hit in pages] == [(hit.rank, hit.id) for hit in whole]
        assert [hit.rank for hit in pages] == list(range(1, whole.total + 1))


def test_limit_of_nothing_still_counts(seeds_index: Path) -> None:
    with Searcher(seeds_index) as searcher:
        results = searcher.search("satellite", limit=0)
        assert len(results) == 0
        assert results.total == sum(results.languages.values()) > 0


def test_equal_scores_are_ordered_by_id(searcher_of: SearcherFactory) -> None:
    searcher = searcher_of([Document(id, "The same words.", language="en") for id in ("b", "c", "a")])
    assert [hit.id for hit in searcher.search("words")] == ["a", "b", "c"]


@pytest.mark.parametrize("page", [{"limit": -1}, {"offset": -1}, {"limit": 1.5}, {"limit": True}, {"language": "es"}])
def test_page_that_makes_no_sense_is_an_error(seeds_index: Path, page: dict[str, int]) -> None:
    with Searcher(seeds_index) as searcher, pytest.raises(QueryError) as raised:
        searcher.search("satellite", **page)  # type: ignore[arg-type]
    assert raised.value.advice


DATED = (
    Document("old", "A rocket rises.", language="en", date="2023", metadata={"author": "Éric Karanik"}),
    Document("new", "A rocket falls, another rocket rises.", language="en", date="2025-03-01T10:00:00+02:00"),
    Document(
        "newer", "Une rocket tombe.", language="fr", date="2025-03-01T09:00:00", metadata={"author": ["Anne", "Éric"]}
    ),
    Document("undated", "rocket rocket rocket", title="Rocket", language="en"),
)


def test_hits_may_be_ordered_by_date_the_newest_first(searcher_of: SearcherFactory) -> None:
    results = searcher_of(DATED).search("rocket", sort="date")
    assert [hit.id for hit in results] == ["newer", "new", "old", "undated"]
    assert [hit.rank for hit in results] == [1, 2, 3, 4]
    assert results[3].score > results[0].score


def test_query_without_words_is_ordered_by_date(searcher_of: SearcherFactory) -> None:
    searcher = searcher_of(DATED)
    assert [(hit.id, hit.score) for hit in searcher.search("-tombe lang:en")] == [
        ("new", 0),
        ("old", 0),
        ("undated", 0),
    ]
    assert [hit.id for hit in searcher.search("date:2025")] == ["newer", "new"]


def test_hit_without_words_of_the_query_shows_how_it_begins(searcher_of: SearcherFactory) -> None:
    [hit] = searcher_of(DATED).search("lang:fr")
    assert hit.snippet.text == "Une rocket tombe."


def test_facets_are_counted_over_all_pages(searcher_of: SearcherFactory) -> None:
    results = searcher_of(DATED).search("rocket", limit=1, facets=["language", "year", "author", "shelf"])
    assert results.facets == {
        "language": {"en": 3, "fr": 1},
        "year": {"2025": 2, "2023": 1},
        "author": {"Anne": 1, "Éric": 1, "Éric Karanik": 1},
        "shelf": {},
    }
    assert list(results.to_dict()["facets"]) == ["language", "year", "author", "shelf"]


def test_metadata_is_met_by_its_value_or_one_of_its_words(searcher_of: SearcherFactory) -> None:
    searcher = searcher_of(DATED)
    assert found(searcher, "author:eric") == {"old", "newer"}
    assert found(searcher, "Author:KARANIK rocket") == {"old"}
    assert found(searcher, 'author:"eric karanik"') == {"old"}
    assert found(searcher, 'rocket -author:"anne"') == {"old", "new", "undated"}


@pytest.mark.parametrize("order", [{"sort": "id"}, {"facets": "year"}, {"facets": [1]}, {"facets": None}])
def test_order_that_makes_no_sense_is_an_error(seeds_index: Path, order: dict[str, str]) -> None:
    with Searcher(seeds_index) as searcher, pytest.raises(QueryError) as raised:
        searcher.search("satellite", **order)  # type: ignore[arg-type]
    assert raised.value.advice


def test_operators_choose_among_documents(searcher_of: SearcherFactory) -> None:
    searcher = searcher_of(
        [
            Document("cat", "A black cat sleeps.", language="en"),
            Document("dog", "A black dog sleeps.", title="The dog", language="en"),
            Document("both", "Cats and dogs fight at night.", language="en"),
        ]
    )
    for query, expected in (
        ("cat dog", {"cat", "dog", "both"}),
        ("cat AND dog", {"both"}),
        ("+cat dog", {"cat", "both"}),
        ("black -cat", {"dog"}),
        ("black SAUF cat", {"dog"}),
        ("(cat OU dog) ET black", {"cat", "dog"}),
        ("title:dog", {"dog"}),
        ("=dogs", {"both"}),
        ("do*", {"dog", "both"}),
        ("blakc~", {"cat", "dog"}),
        ('~"cat and dog"', {"both"}),
        ('"cat and dog"', set()),
    ):
        assert (query, found(searcher, query)) == (query, expected)


@pytest.mark.parametrize("query", ["", "  ", "?!… « »", "\0", "\ud800", "\u200f\u202e", '""', "🚀"])
def test_query_without_words_finds_nothing_and_says_so(seeds_index: Path, query: str) -> None:
    with Searcher(seeds_index) as searcher:
        results = searcher.search(query)
        assert results.total == 0
        assert results.warnings


def test_endless_query_is_cut_with_a_warning(seeds_index: Path) -> None:
    with Searcher(seeds_index) as searcher:
        results = searcher.search("satellite " * 10_000)
        assert results.total
        assert "1,000 characters" in results.warnings[0]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(st.characters(exclude_categories=())))
def test_any_query_has_an_answer(seeds_index: Path, query: str) -> None:
    with Searcher(seeds_index) as searcher:
        json.dumps(searcher.search(query).to_dict())


def test_result_as_json_has_the_keys_of_the_contract(seeds_index: Path) -> None:
    with Searcher(seeds_index) as searcher:
        results = searcher.search("coopération spatiale", limit=2)
    value = json.loads(json.dumps(results.to_dict()))
    assert list(value) == [
        "schema_version", "query", "total", "seconds", "languages", "suggestion", "warnings", "hits",
    ]  # fmt: skip
    hit = value["hits"][0]
    assert list(hit) == ["rank", "score", "id", "title", "language", "source", "date", "metadata", "snippet"]
    assert list(hit["snippet"]) == ["text", "highlights", "html"]
    assert value["schema_version"] == 1


def test_hit_has_what_the_document_had(searcher_of: SearcherFactory) -> None:
    document = Document(
        "a", "A rocket stands on its pad.", title="Rocket", source="news/a.txt", date="2025-03-01",
        metadata={"author": "Space desk", "tags": ["pad"]},
    )  # fmt: skip
    searcher = searcher_of([document])
    hit = searcher.search("rocket")[0]
    assert (hit.id, hit.title, hit.language, hit.source, hit.date) == ("a", "Rocket", "en", "news/a.txt", "2025-03-01")
    assert hit.metadata == document.metadata


def test_snippet_marks_the_words_as_written(searcher_of: SearcherFactory) -> None:
    searcher = searcher_of([Document("a", "Il rêve de l’Espace <infini>.", language="fr")])
    assert searcher.search("espace")[0].snippet.to_html() == "Il rêve de l’<mark>Espace</mark> &lt;infini&gt;."


def test_snippet_of_a_title_without_text_is_the_title(searcher_of: SearcherFactory) -> None:
    searcher = searcher_of([Document("a", "", title="Space cooperation")])
    assert searcher.search("space")[0].snippet.text == "Space cooperation"


def test_document_comes_back_as_it_was_given(searcher_of: SearcherFactory) -> None:
    document = Document("a", "Du texte.\r\n\tEncore.", title="Titre", language="fr", metadata={"n": 1})
    searcher = searcher_of([document])
    assert searcher.document("a") == document
    with pytest.raises(KeyError):
        searcher.document("b")


def test_document_in_neither_language_is_found_without_accents(searcher_of: SearcherFactory) -> None:
    searcher = searcher_of(
        [Document("es", "La estación espacial está en órbita alrededor de la Tierra.", language="und")]
    )
    assert found(searcher, "orbita") == found(searcher, "órbita") == found(searcher, "ESTACION") == {"es"}


def test_searcher_keeps_its_generation_until_it_reloads(tmp_path: Path) -> None:
    build_index([Document("a", "One rocket.")], tmp_path)
    with Searcher(tmp_path) as searcher:
        update_index([Document("b", "Another rocket.")], tmp_path)
        assert found(searcher, "rocket") == {"a"}
        assert searcher.reload() is True
        assert found(searcher, "rocket") == {"a", "b"}
        assert searcher.reload() is False
        build_index([Document("c", "A new rocket.")], tmp_path)
        assert found(searcher, "rocket") == {"a", "b"}
        assert searcher.search("rocket")[0].snippet.text
        assert searcher.reload() is True
        assert found(searcher, "rocket") == {"c"}


def test_closed_searcher_says_so(seeds_index: Path) -> None:
    searcher = Searcher(seeds_index)
    searcher.close()
    searcher.close()
    with pytest.raises(SearcherError, match="closed"):
        searcher.search("satellite")


def test_threads_share_a_searcher(seeds_index: Path) -> None:
    with Searcher(seeds_index) as searcher:
        expected = [hit.id for hit in searcher.search("coopération spatiale")]
        answers: list[list[str]] = []

        def search() -> None:
            answers.extend([hit.id for hit in searcher.search("coopération spatiale")] for _ in range(20))

        threads = [threading.Thread(target=search) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert answers == [expected] * 80


def test_length_is_the_number_of_documents(seeds_index: Path) -> None:
    with Searcher(seeds_index) as searcher:
        assert len(searcher) == 26


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("teledetecton", "télédétection"),
        ("cosmonuat", "cosmonaut"),
        ("cooperaton spatiale", "coopération spatiale"),
        ("space cooperaton", "space cooperation"),
        ("l'espce", "l'espace"),
        ("L’Espce", "L’Espace"),
        ('satellite "espce" -espce +espce', 'satellite "espce" -espce +espace'),
    ],
)
def test_mistyped_word_is_put_right_in_the_suggestion(seeds_index: Path, query: str, meant: str) -> None:
    with Searcher(seeds_index) as searcher:
        results = searcher.search(query)
        assert results.suggestion == meant
        assert searcher.search(meant).total > 0


@pytest.mark.parametrize(
    "query",
    [
        "espace",
        "coopérations spatiaux",
        "evaluees",
        "the of",
        "",
        "2031",
        "xyz",
        '"espce"',
        "-espce",
        "title:espce",
        "espce~",
    ],
)
def test_query_without_mistyped_words_has_no_suggestion(seeds_index: Path, query: str) -> None:
    with Searcher(seeds_index) as searcher:
        assert searcher.search(query).suggestion is None


def test_suggestion_finds_something_in_the_language_asked_for(searcher_of: SearcherFactory) -> None:
    searcher = searcher_of([Document("a", "A cosmonaut is on board.", language="en")])
    assert searcher.search("cosmonuat", language="en").suggestion == "cosmonaut"
    assert searcher.search("cosmonuat", language="fr").suggestion is None


def test_query_that_finds_nothing_is_tried_with_near_spellings_and_says_so(searcher_of: SearcherFactory) -> None:
    searcher = searcher_of([Document("a", "La télédétection par satellite.", language="fr"), Document("b", "Rien.")])
    results = searcher.search("teledetecton")
    assert [hit.id for hit in results] == ["a"]
    assert results.warnings == ("no document has “teledetecton”; searched for “télédétection” as well",)
    assert results[0].snippet.to_html() == "La <mark>télédétection</mark> par satellite."


def test_query_that_finds_enough_is_left_as_it_is(searcher_of: SearcherFactory) -> None:
    documents = [Document(f"{n}", "A satellite of the agency.", language="en") for n in range(3)]
    searcher = searcher_of([*documents, Document("cosmonaut", "A cosmonaut.", language="en")])
    results = searcher.search("satellite cosmonuat")
    assert (results.total, results.warnings, results.suggestion) == (3, (), "satellite cosmonaut")


@pytest.mark.parametrize("query", ["2035", "covid18", "moob", "satelltie2"])
def test_numbers_and_short_words_are_not_tried_otherwise(searcher_of: SearcherFactory, query: str) -> None:
    searcher = searcher_of([Document("a", "The moon in 2025: covid19, satellite2.", language="en")])
    results = searcher.search(query)
    assert (results.total, results.warnings) == (0, ())


def test_deleted_words_are_not_suggested(tmp_path: Path) -> None:
    documents = [Document("a", "A cosmonaut and a satellite."), Document("b", "A satellite of the agency.")]
    build_index(documents, tmp_path)
    update_index([], tmp_path, remove=["a"])
    with Searcher(tmp_path) as searcher:
        assert searcher.search("cosmonuat").suggestion is None
        assert searcher.suggest("cosmo") == []
        assert searcher.suggest("sat") == ["satellite"]


def test_prefix_is_completed_to_words_of_the_documents(seeds_index: Path) -> None:
    with Searcher(seeds_index) as searcher:
        assert searcher.suggest("teled") == ["télédétection"]
        assert searcher.suggest("coop") == ["cooperation", "coopération"]
        assert len(searcher.suggest("s", limit=3)) == 3


def test_suggestions_follow_the_generation(tmp_path: Path) -> None:
    build_index([Document("a", "One rocket.")], tmp_path)
    with Searcher(tmp_path) as searcher:
        update_index([Document("b", "One robot.")], tmp_path)
        assert searcher.suggest("ro") == ["rocket"]
        searcher.reload()
        assert searcher.suggest("ro") == ["robot", "rocket"]


def test_suggestion_of_nothing_sensible_is_an_error(seeds_index: Path) -> None:
    with Searcher(seeds_index) as searcher:
        with pytest.raises(QueryError):
            searcher.suggest("coop", limit=-1)
        with pytest.raises(QueryError):
            searcher.suggest(None)  # type: ignore[arg-type]
    with pytest.raises(SearcherError, match="closed"):
        searcher.suggest("coop")


@pytest.mark.parametrize("id", ["", "nowhere", "\ud800", b"one", 1, None])
def test_what_is_no_id_is_the_id_of_no_document(searcher_of: SearcherFactory, id: object) -> None:
    searcher = searcher_of([Document("one", "A rocket.", language="en")])
    with pytest.raises(UnknownDocumentError):
        searcher.document(id)  # type: ignore[arg-type]
    with pytest.raises(UnknownDocumentError):
        searcher.similar(id)  # type: ignore[arg-type]


def test_half_of_a_surrogate_pair_is_told_as_what_any_encoding_can_write(searcher_of: SearcherFactory) -> None:
    half = "\udce9"
    searcher = searcher_of([Document("one", "A rocket.", language="en")])
    results = searcher.search(f"{half} lang:{half} rocket")
    assert results.query == "\ufffd lang:\ufffd rocket"
    assert results.total == 1
    assert json.dumps(results.to_dict(), ensure_ascii=False).encode()
    assert searcher.suggest(f"{half} rock") == ["\ufffd rocket"]
