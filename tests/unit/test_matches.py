import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.analysis import analyze
from searcher.matches import find_common_parts, find_matches, spot_matches
from searcher.query import parse_query


def found(query: str, text: str, language: str = "en") -> list[str]:
    matches = find_matches(parse_query(query), analyze(text, language), language)
    return [text[match.start : match.end] for match in matches]


def test_match_is_the_word_as_written() -> None:
    assert found("cosmonaute", "Les COSMONAUTES de l’Espace", "fr") == ["COSMONAUTES"]


def test_match_leaves_out_the_elided_article() -> None:
    assert found("espace", "à l’espace et de l'espace", "fr") == ["espace", "espace"]


def test_matches_come_in_the_order_of_the_text() -> None:
    assert found("space cooperation", "cooperation in space, and space itself") == ["cooperation", "space", "space"]


def test_match_names_its_clause() -> None:
    text = "cooperation in space"
    matches = find_matches(parse_query("space cooperation"), analyze(text, "en"), "en")
    assert [match.clause for match in matches] == [1, 0]


def test_phrase_is_one_match() -> None:
    assert found('"joint operator"', "a joint operator, an operator joint") == ["joint operator"]


def test_phrase_goes_on_across_a_line_break() -> None:
    assert found('"joint operator"', "a joint\n  operator") == ["joint\n  operator"]


def test_phrase_goes_on_across_an_elided_article() -> None:
    assert found('"station de l’espace"', "la station de l'espace", "fr") == ["station de l'espace"]


def test_phrase_holds_a_compound_written_with_spaces_or_hyphens() -> None:
    assert found('"Île-de-France"', "en Île de France") == ["Île de France"]


def test_phrase_that_the_text_breaks_off_is_no_match() -> None:
    assert found('"joint operator of satellites"', "the joint operator") == []


def test_phrase_of_repeated_words_matches_at_each_place() -> None:
    assert found('"ha ha"', "ha ha ha") == ["ha ha", "ha ha"]


def test_every_match_of_a_frequent_word_is_found() -> None:
    assert len(found("space", "space " * 5_000)) == 5_000


def test_function_words_of_the_text_are_left_out_beside_other_words() -> None:
    assert found("the dog of the house", "The dog of the house") == ["dog", "house"]


def test_function_word_of_another_language_is_a_match() -> None:
    assert found("school car", "A car of the school") == ["car", "school"]


def test_function_words_are_matches_where_nothing_else_was_asked() -> None:
    assert found("to be or not to be", "To be or not") == ["To", "be", "or", "not"]


def test_function_words_of_any_language_are_left_out_of_an_undetermined_text() -> None:
    assert found("the de sputnik", "the de sputnik", "und") == ["sputnik"]


def test_phrase_of_function_words_is_a_match() -> None:
    assert found('"to be" hamlet', "Hamlet, to be") == ["Hamlet", "to be"]


def test_query_without_words_matches_nothing() -> None:
    assert found("", "any text") == []


@pytest.mark.parametrize(
    ("query", "text", "language"),
    [
        ("Vendée", "les 1 234-Vendée", "fr"),
        ("234", "1 234 and 234", "en"),
        ("1234", "1 234", "en"),
        ("satellite", "satellite " + "x" * 300, "en"),
        ("satellite", "Satellites, (satellite) SATELLITE satellite’s", "en"),
        ("été", "L’été, l'Été: ETE", "fr"),
    ],
)
def test_spotted_matches_do_not_depend_on_what_was_seen_before(query: str, text: str, language: str) -> None:
    asked = parse_query(query)
    plain = find_matches(asked, analyze(text, language), language)
    assert plain
    assert [spot_matches(asked, text, language), spot_matches(asked, text, language)] == [plain, plain]


@given(st.text(max_size=120), st.sampled_from(["en", "fr", "und"]))
def test_match_of_any_text_is_a_part_of_it(text: str, language: str) -> None:
    matches = find_matches(parse_query(f'"{text[:30]}" {text[:90]}'), analyze(text, language), language)
    assert all(0 <= match.start < match.end <= len(text) for match in matches)
    assert matches == sorted(matches, key=lambda match: match.start)


QUERY_WORDS = st.lists(
    st.sampled_from("l’espace satellite the 1,234 O’Brien rendez-vous U.S. vous été".split()), min_size=1, max_size=4
)
PIECES_OF_TEXT = st.lists(
    st.sampled_from(
        ["l’espace,", "satellites", "(the", "satellite)", "1 234", "1,234", "O’Brien’s", "rendez-vous", "U.S.", "\n"]
    )
    | st.text(max_size=5),
    max_size=30,
)


@given(QUERY_WORDS, PIECES_OF_TEXT, st.sampled_from(["en", "fr", "und"]), st.sampled_from([" ", "\n", "\u00a0", ""]))
def test_spotted_matches_are_those_of_the_whole_analysis(
    words: list[str], pieces: list[str], language: str, space: str
) -> None:
    query, text = parse_query(" ".join(words)), space.join(pieces)
    assert spot_matches(query, text, language) == find_matches(query, analyze(text, language), language)


@given(st.lists(st.text(st.sampled_from("abAB’"), min_size=1), max_size=20))
def test_every_word_has_one_of_the_common_parts(words: list[str]) -> None:
    parts = find_common_parts(words)
    assert all(any(part in word for part in parts) for word in words)
