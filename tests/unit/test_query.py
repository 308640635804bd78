"""Query syntax: what is asked by words and quoted phrases."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from searcher.analysis import analyze
from searcher.filters import Filter
from searcher.grammar import MARKS
from searcher.languages import UNDETERMINED, language_codes
from searcher.query import MAX_CHARACTERS, MAX_WORDS, Boolean, Concept, Phrase, Query, parse_query

CODES = (*language_codes(), UNDETERMINED)
NOTHING_ASKED = "the query has no words to search for"


def words(query: Query) -> list[str]:
    """List the words that a query asks for, in its order."""
    return [exact for concept in query.concepts for exact in concept.exacts]


def phrases_of(query: Query) -> tuple[Phrase, ...]:
    return tuple(clause for clause in query.clauses if isinstance(clause, Phrase))


def phrases(query: Query) -> list[list[set[str]]]:
    """List the forms that each phrase of a query allows at each position."""
    return [[set(forms) for forms in phrase.words] for phrase in phrases_of(query)]


def test_words_of_a_query_are_its_concepts() -> None:
    query = parse_query("Space station, 2024!")
    assert words(query) == ["space", "station", "2024"]
    assert phrases_of(query) == ()
    assert query.warnings == ()


def test_query_keeps_its_text_as_typed() -> None:
    assert parse_query("  L’Espace « lointain » ").text == "  L’Espace « lointain » "


def test_word_is_analysed_in_every_language() -> None:
    [concept] = parse_query("équipages").concepts
    assert concept.terms == {code: (analyze("équipages", code)[0].term,) for code in CODES}
    assert concept.terms["fr"] == ("equipag",)
    assert concept.terms[UNDETERMINED] == ("equipages",)


@pytest.mark.parametrize("text", ["l’espace", "l'espace", "L’ESPACE", "espace", "d‘espace", "Espace-là", "espace’s"])
def test_elided_word_is_asked_like_the_word_alone(text: str) -> None:
    assert parse_query(text).clauses == parse_query("espace").clauses


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("week-end", ["week-end", "week", "end"]),
        ("Île‑de‑France", ["île-de-france", "île", "de", "france"]),
        ("O’Brien", ["o'brien", "brien"]),
        ("MS-25", ["ms-25", "ms", "25"]),
        ("1 234", ["1234", "1", "234"]),
        ("csa.gc.ca", ["csa.gc.ca", "csa", "gc", "ca"]),
    ],
)
def test_compound_word_is_asked_whole_and_by_its_parts(text: str, asked: list[str]) -> None:
    assert words(parse_query(text)) == asked


def test_acronym_is_asked_without_its_dots() -> None:
    assert parse_query("O.N.U.").clauses == parse_query("onu").clauses


@pytest.mark.parametrize("text", ["espace espace", "espace Espace", "l’espace, ESPACE"])
def test_repeated_word_is_counted(text: str) -> None:
    [concept] = parse_query(text).concepts
    assert concept.count == 2


def test_repeated_word_stands_where_it_came_first() -> None:
    query = parse_query("moon mars moon venus mars moon")
    assert [(concept.exacts, concept.count) for concept in query.concepts] == [
        (("moon",), 3),
        (("mars",), 2),
        (("venus",), 1),
    ]


def test_word_with_and_without_accents_is_one_concept_of_two_forms() -> None:
    [concept] = parse_query("coopération cooperation coopération").concepts
    assert concept.exacts == ("coopération", "cooperation")
    assert concept.count == 3


@pytest.mark.parametrize(("one", "other"), [("run", "running"), ("lance", "lancement")])
def test_words_that_differ_in_some_language_are_two_concepts(one: str, other: str) -> None:
    assert len(parse_query(f"{one} {other}").concepts) == 2


@pytest.mark.parametrize(
    ("word", "codes"),
    [
        ("the", {"en"}),
        ("THE", {"en"}),
        ("les", {"fr"}),
        ("car", {"fr"}),
        ("or", {"en", "fr"}),
        ("on", {"en", "fr"}),
        ("où", {"fr"}),
        ("aujourd’hui", {"fr"}),
        ("don’t", {"en"}),
        ("qu’elle", {"fr"}),
        ("it’s", {"en"}),
        ("station", set()),
        ("2024", set()),
    ],
)
def test_function_word_is_marked_with_its_languages(word: str, codes: set[str]) -> None:
    [concept] = parse_query(word).concepts
    assert concept.function_word_in == codes


def test_function_words_are_asked_like_any_other() -> None:
    assert words(parse_query("to be or not to be")) == ["to", "be", "or", "not"]


@pytest.mark.parametrize(
    "text",
    ['"space station"', "“space station”", "«space station»", "« space station »", "«\u202fspace\u00a0station\u00a0»"],
)
def test_quoted_words_are_a_phrase(text: str) -> None:
    query = parse_query(text)
    assert phrases(query) == [[{"space"}, {"station"}]]
    assert query.concepts == ()
    assert query.warnings == ()


def test_phrase_keeps_its_text_as_typed() -> None:
    assert [phrase.text for phrase in phrases_of(parse_query("l’« Agence  spatiale » et"))] == ["Agence  spatiale"]


def test_words_around_phrases_are_concepts() -> None:
    query = parse_query('mars "space station" lune «agence spatiale»terre')
    assert words(query) == ["mars", "lune", "terre"]
    assert phrases(query) == [[{"space"}, {"station"}], [{"agence"}, {"spatiale"}]]


def test_phrase_separates_the_words_beside_it() -> None:
    assert words(parse_query('one"two"three')) == ["one", "three"]


def test_phrase_leaves_out_its_elided_articles() -> None:
    assert phrases(parse_query("« l’agence d’aujourd’hui »")) == [[{"agence"}, {"aujourd'hui"}]]


def test_phrase_allows_a_compound_whole_or_by_its_first_part() -> None:
    assert phrases(parse_query('"the week-end now"')) == [[{"the"}, {"week-end", "week"}, {"end"}, {"now"}]]


def test_phrase_keeps_function_words_and_repeated_words() -> None:
    assert phrases(parse_query('"to be or not to be"')) == [[{"to"}, {"be"}, {"or"}, {"not"}, {"to"}, {"be"}]]


def test_phrase_of_one_word_is_a_phrase() -> None:
    assert phrases(parse_query('"station"')) == [[{"station"}]]


@pytest.mark.parametrize("text", ['"space station" "space station"', '"space station" «Space Station»'])
def test_phrase_asked_twice_is_asked_once(text: str) -> None:
    assert phrases(parse_query(text)) == [[{"space"}, {"station"}]]


@pytest.mark.parametrize(
    "text",
    ['"space station', 'space "station', 'space station"', "“space station", "space« station", "»space station«"],
)
def test_unbalanced_quotes_leave_words(text: str) -> None:
    query = parse_query(text)
    assert words(query) == ["space", "station"]
    assert phrases_of(query) == ()


def test_third_quotation_mark_leaves_words() -> None:
    query = parse_query('"space station" "moon')
    assert phrases(query) == [[{"space"}, {"station"}]]
    assert words(query) == ["moon"]


def test_apostrophes_quote_nothing() -> None:
    query = parse_query("'space station' ‘moon’")
    assert words(query) == ["space", "station", "moon"]
    assert phrases_of(query) == ()


@pytest.mark.parametrize("text", ['"" moon', "« » moon", "“…” moon", '" , " moon'])
def test_phrase_without_words_is_left_out(text: str) -> None:
    query = parse_query(text)
    assert phrases_of(query) == ()
    assert words(query) == ["moon"]


@pytest.mark.parametrize(
    "text", ["", " ", "\n\t", "?!", "…", "« »", '""', "- _ ’", "🚀", "\x00", "\ud800", "\u200f\u202e", "\u00ad"]
)
def test_query_without_words_has_a_warning(text: str) -> None:
    query = parse_query(text)
    assert query.clauses == ()
    assert query.warnings == (NOTHING_ASKED,)


def test_query_of_the_longest_length_is_asked_in_full() -> None:
    text = "moon" + " " * (MAX_CHARACTERS - 8) + "mars"
    query = parse_query(text)
    assert words(query) == ["moon", "mars"]
    assert query.warnings == ()


def test_query_beyond_the_longest_length_is_cut_with_a_warning() -> None:
    query = parse_query("moon" + " " * (MAX_CHARACTERS - 4) + "mars")
    assert words(query) == ["moon"]
    assert len(query.warnings) == 1
    assert f"{MAX_CHARACTERS:,} characters" in query.warnings[0]


def test_limits_are_those_of_the_contract() -> None:
    assert (MAX_CHARACTERS, MAX_WORDS) == (1_000, 64)


def test_query_of_the_most_words_is_asked_in_full() -> None:
    query = parse_query(" ".join(f"w{n}" for n in range(MAX_WORDS)))
    assert words(query) == [f"w{n}" for n in range(MAX_WORDS)]
    assert query.warnings == ()


def test_query_of_more_words_is_cut_with_a_warning() -> None:
    query = parse_query(" ".join(f"w{n}" for n in range(MAX_WORDS + 1)))
    assert words(query) == [f"w{n}" for n in range(MAX_WORDS)]
    assert len(query.warnings) == 1
    assert f"{MAX_WORDS} words" in query.warnings[0]


def test_phrase_of_more_words_is_cut_with_a_warning() -> None:
    query = parse_query('"' + " ".join(f"w{n}" for n in range(MAX_WORDS + 1)) + '"')
    assert [len(phrase.words) for phrase in phrases_of(query)] == [MAX_WORDS]
    assert len(query.warnings) == 1


def test_words_of_all_phrases_together_are_limited_with_a_warning() -> None:
    query = parse_query(" ".join(f'"w{n}"' for n in range(MAX_WORDS + 1)))
    assert sum(len(phrase.words) for phrase in phrases_of(query)) <= MAX_WORDS
    assert len(query.warnings) == 1


def test_very_long_query_has_an_answer_and_a_warning() -> None:
    query = parse_query("l’" * 50_000)
    assert query.warnings != ()


def test_clauses_are_concepts_and_phrases_in_the_order_of_the_text() -> None:
    query = parse_query('moon "space station" mars')
    assert [type(clause) for clause in query.clauses] == [Concept, Phrase, Concept]
    assert {*query.concepts, *phrases_of(query)} == set(query.clauses)
    assert query.root == Boolean(should=(0, 1, 2))


ANY_TEXT = st.text(st.characters(exclude_categories=[]), max_size=80)
PIECES = (*"\"“”«»„’'-. \n1,@é", "l’", "space", "week-end", "U.S.")
QUOTED_TEXT = st.lists(st.sampled_from(PIECES), max_size=20).map("".join)


@settings(deadline=None)
@given(ANY_TEXT | QUOTED_TEXT)
@example("Model-T's")
@example('"Model-T\'s"')
def test_any_text_is_a_query_of_words_that_are_not_empty(text: str) -> None:
    query = parse_query(text)
    assert query.text == text
    assert all(term.strip() for concept in query.concepts for terms in concept.terms.values() for term in terms)
    assert all(form.strip() for phrase in phrases_of(query) for forms in phrase.words for form in forms)


@settings(deadline=None)
@given(ANY_TEXT | QUOTED_TEXT)
def test_query_without_clauses_says_so(text: str) -> None:
    query = parse_query(text)
    assert (NOTHING_ASKED in query.warnings) == (not (query.clauses or query.excluded))


@settings(deadline=None)
@given(st.text(st.characters(exclude_characters=f"{MARKS}+-=*~:"), max_size=80))
def test_query_of_words_alone_counts_each_of_them(text: str) -> None:
    text = text.lower()  # without operators
    assert sum(concept.count for concept in parse_query(text).concepts) == min(len(analyze(text, "und")), MAX_WORDS)


@settings(deadline=None)
@given(ANY_TEXT | QUOTED_TEXT)
def test_query_is_asked_alike_with_either_apostrophe(text: str) -> None:
    one, other = parse_query(text.replace("’", "'")), parse_query(text.replace("'", "’"))
    assert (one.concepts, one.root) == (other.concepts, other.root)


def asked(text: str) -> Boolean:
    """Return which documents a query of single words asks for."""
    return parse_query(text, lambda name: name == "author").root


@pytest.mark.parametrize("text", ["moon -mars", "moon NOT mars", "moon SAUF mars"])
def test_excluded_word_adds_nothing_to_the_score(text: str) -> None:
    query = parse_query(text)
    assert words(query) == ["moon"]
    assert [clause.exacts for clause in query.excluded if isinstance(clause, Concept)] == [("mars",)]
    assert query.root == Boolean(should=(0,), must_not=(1,))


def test_word_may_be_asked_for_and_excluded() -> None:
    query = parse_query("moon OR (mars -moon)")
    assert (words(query), len(query.excluded)) == (["moon", "mars"], 1)
    assert query.root == Boolean(should=(0, Boolean(should=(1,), must_not=(2,))))


def test_required_compound_is_met_whole_or_by_all_of_its_parts() -> None:
    assert asked("+week-end") == Boolean(must=(Boolean(should=(0, Boolean(must=(1, 2)))),))
    assert asked("+O’Brien") == Boolean(must=(Boolean(should=(0, Boolean(must=(1,)))),))


def test_excluded_compound_is_met_whole() -> None:
    query = parse_query("moon -week-end")
    assert [clause.exacts for clause in query.excluded if isinstance(clause, Concept)] == [("week-end",)]


def test_repeated_word_is_one_clause_wherever_it_stands() -> None:
    query = parse_query("+moon mars AND moon")
    assert [(concept.exacts, concept.count) for concept in query.concepts] == [(("moon",), 2), (("mars",), 1)]
    assert query.root == Boolean(must=(0, 1, 0))


def test_filters_are_no_clauses() -> None:
    query = parse_query("lang:fr author:karanik", lambda name: name == "author")
    assert (query.clauses, query.warnings) == ((), ())
    assert query.root == Boolean(must=(Filter("lang", "fr", "fr"), Filter("author", "karanik", "karanik")))


@pytest.mark.parametrize(
    ("text", "kind"),
    [("=stations", "exact"), ("stations*", "prefix"), ('"stations"', "phrase"), ('~"stations"', "stems")],
)
def test_words_that_are_not_stemmed_are_phrases(text: str, kind: str) -> None:
    assert [(phrase.words, phrase.kind) for phrase in phrases_of(parse_query(text))] == [
        ((frozenset({"stations"}),), kind)
    ]


def test_word_with_a_tilde_may_be_spelled_otherwise() -> None:
    assert [concept.is_loose for concept in parse_query("moon~ mars").concepts] == [True, False]


def test_title_is_asked_apart_from_the_text() -> None:
    query = parse_query('title:moon moon titre:"space station"')
    assert [clause.in_title for clause in query.clauses] == [True, False, True]


def test_words_of_all_kinds_share_one_limit() -> None:
    query = parse_query(" ".join(f"+w{n} -x{n}" for n in range(MAX_WORDS)))
    assert len(query.clauses) + len(query.excluded) == MAX_WORDS
    assert any(f"{MAX_WORDS} words" in warning for warning in query.warnings)


def test_query_is_hashable() -> None:
    text = '+moon~ -"mars" (title:venus OR lang:fr) pre*'
    assert hash(parse_query(text)) == hash(parse_query(text))
    assert parse_query(text) == parse_query(text)
