import html
import re
import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from searcher.analysis import analyze
from searcher.matches import Match, find_matches
from searcher.query import parse_query
from searcher.sentences import clean_line
from searcher.snippets import (
    ELLIPSIS,
    MAX_FRAGMENTS,
    SNIPPET_LENGTH,
    Snippet,
    make_snippet,
)

JOINERS = "\u200c\u200d"
LONGEST = SNIPPET_LENGTH + len(f"{ELLIPSIS} ") + (MAX_FRAGMENTS - 1) * len(f" {ELLIPSIS} ") + len(f" {ELLIPSIS}")
FILLER = "Nothing of the sort was ever said about the weather of that long and rainy year. "


def snip(query: str, text: str, language: str = "en") -> Snippet:
    return make_snippet(text, find_matches(parse_query(query), analyze(text, language), language))


def marked(snippet: Snippet) -> list[str]:
    return [snippet.text[start:end] for start, end in snippet.highlights]


def place(text: str, *words: str) -> list[Match]:
    """One match for each word, at its first place in the text, each of a clause of its own."""
    return [Match(text.index(word), text.index(word) + len(word), clause) for clause, word in enumerate(words)]


# Sentences


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("One came. KEY here. Two left.", "KEY here."),
        ("Did it? KEY here! Two left.", "KEY here!"),
        ("It was “late.” KEY here. Two left.", "KEY here."),
        ('It was "late." KEY here. Two left.', "KEY here."),
        ("One came (late). KEY here. Two left.", "KEY here."),
        ("One came...  KEY here… Two left.", "KEY here…"),
        ("One came. KEY met Dr. Smith and Mrs. Jones. Two left.", "KEY met Dr. Smith and Mrs. Jones."),
        ("One came. KEY in the U.S. Army base. Two left.", "KEY in the U.S. Army base."),
        ("One came. KEY by J. R. R. Tolkien. Two left.", "KEY by J. R. R. Tolkien."),
        ("One came. KEY has a Ph.D. Nobody else. Two left.", "KEY has a Ph.D. Nobody else."),
        ("One came. KEY at 5 p.m. Moscow time. Two left.", "KEY at 5 p.m. Moscow time."),
        ("One came. KEY cost 3.5 million. Two left.", "KEY cost 3.5 million."),
        ("One came. KEY, i.e. Boeing. Two left.", "KEY, i.e. Boeing."),
        ("One came. KEY of No. 5. Two left.", "KEY of No. 5."),
        ("One said no. KEY here. Two left.", "KEY here."),
        ("One came in 1984. KEY here. Two left.", "KEY here."),
        ("One came. KEY on example.com. Two left.", "KEY on example.com."),
        ("One came. KEY hesitated... and went. Two left.", "KEY hesitated... and went."),
        ("One came. “KEY?” he asked. Two left.", "“KEY?” he asked."),
        ("One came.\n\nKEY without a stop\n\nTwo left.", "KEY without a stop"),
        ("One came\n- KEY of a list\n- Two left", "KEY of a list"),
        ("One came.\r\nKEY here.\r\nTwo left.", "KEY here."),
        ("1. KEY here. Two left.", "1. KEY here."),
    ],
)
def test_english_sentence_is_cut_where_it_ends(text: str, sentence: str) -> None:
    assert make_snippet(text, place(text, "KEY"), length=len(sentence)).text == sentence


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Un vint. CLEF ici. Deux partirent.", "CLEF ici."),
        ("Un vint ! CLEF ici ? Deux partirent.", "CLEF ici ?"),
        ("Un vint\u202f! CLEF ici\u00a0! Deux partirent.", "CLEF ici\u00a0!"),
        ("« Un vint. » CLEF ici. Deux partirent.", "CLEF ici."),
        ("«\u00a0Un vint\u202f!\u00a0» CLEF ici. Deux partirent.", "CLEF ici."),
        ("Un vint. « CLEF ? », dit-il. Deux partirent.", "« CLEF ? », dit-il."),
        ("Un vint. «\u00a0CLEF\u202f!\u00a0» cria-t-il. Deux partirent.", "«\u00a0CLEF\u202f!\u00a0» cria-t-il."),
        ("Un vint. CLEF vit M. Dupont et Mme. Durand. Deux partirent.", "CLEF vit M. Dupont et Mme. Durand."),
        ("Un vint. CLEF vit le Dr. Roux et MM. Hugo. Deux partirent.", "CLEF vit le Dr. Roux et MM. Hugo."),
        ("Un vint. CLEF de J.-C. Dusse. Deux partirent.", "CLEF de J.-C. Dusse."),
        ("Un vint. CLEF de l’O.N.U. Paris. Deux partirent.", "CLEF de l’O.N.U. Paris."),
        ("Un vint. CLEF : art. L. 1452-2 du code. Deux partirent.", "CLEF : art. L. 1452-2 du code."),
        ("Un vint. CLEF coûta 3,5 ou 1.500 francs. Deux partirent.", "CLEF coûta 3,5 ou 1.500 francs."),
        ("Il y en a. CLEF ici. Deux partirent.", "CLEF ici."),
        ("Un vint… CLEF hésita… puis partit. Deux partirent.", "CLEF hésita… puis partit."),
        ("Un vint. Écoute la CLEF d’or. À Paris, rien.", "Écoute la CLEF d’or."),
        ("Un vint. CLEF, etc. Deux partirent.\n\nTrois.", "CLEF, etc. Deux partirent."),
        ("Un vint :\n– CLEF d’une liste ;\n– deux autres.", "CLEF d’une liste ;"),
    ],
)
def test_french_sentence_is_cut_where_it_ends(text: str, sentence: str) -> None:
    assert make_snippet(text, place(text, "CLEF"), length=len(sentence)).text == sentence


def test_short_text_is_shown_whole() -> None:
    text = "First one. Then the match. At last the end."
    assert make_snippet(text, place(text, "match")).text == text


def test_sentences_that_follow_are_shown_while_they_fit() -> None:
    text = FILLER * 5 + "The match. " + FILLER * 5
    assert make_snippet(text, place(text, "match")).text == f"The match. {(FILLER * 3).strip()}"


def test_sentences_before_are_shown_where_the_text_ends() -> None:
    text = FILLER * 5 + "The match."
    assert make_snippet(text, place(text, "match")).text == f"{FILLER * 3}The match."


def test_heading_is_shown_with_the_beginning_of_a_long_sentence() -> None:
    text = "The match\n\n" + FILLER.strip(" .") * 10
    snippet = make_snippet(text, place(text, "match"))
    assert snippet.text.startswith("The match Nothing of")


def test_match_across_sentences_is_not_parted() -> None:
    text = FILLER * 5 + "It is the end. Begin again. " + FILLER * 5
    assert marked(make_snippet(text, place(text, "end. Begin"), length=20)) == ["end. Begin"]


# Cutting between words


def test_long_sentence_is_cut_between_words_with_ellipses() -> None:
    words = [f"word{number}" for number in range(200)]
    snippet = make_snippet(" ".join(words), place(" ".join(words), "word100"))
    first, *inner, last = snippet.text.split(" ")
    assert (first, last) == (ELLIPSIS, ELLIPSIS)
    assert set(inner) <= set(words)


def test_long_sentence_is_shown_from_its_beginning_where_the_match_is_near() -> None:
    text = "The match is " + "very " * 200 + "far."
    snippet = make_snippet(text, place(text, "match"))
    assert snippet.text.startswith("The match is")
    assert snippet.text.endswith(f"very {ELLIPSIS}")


def test_long_sentence_is_shown_to_its_end_where_the_match_is_near() -> None:
    text = "It is " + "very " * 200 + "far from the match. Another."
    snippet = make_snippet(text, place(text, "match"))
    assert snippet.text.startswith(f"{ELLIPSIS} very")
    assert snippet.text.endswith("far from the match.")


def test_cut_sentence_keeps_no_comma_before_the_ellipsis() -> None:
    text = "The match, " + "indeed, " * 100 + "and so on."
    assert re.search(rf"indeed {ELLIPSIS}$", make_snippet(text, place(text, "match")).text)


def test_cut_sentence_begins_with_no_punctuation() -> None:
    text = "very – " * 100 + "the match " + "– very " * 100
    assert make_snippet(text, place(text, "match")).text.startswith(f"{ELLIPSIS} very")


def test_cut_sentence_keeps_the_elided_article_of_its_match() -> None:
    text = "vers " * 100 + "l’espace, " + "vers " * 100
    snippet = make_snippet(text, place(text, "espace"), length=20)
    assert "l’espace" in snippet.text


def test_match_far_into_a_text_is_shown() -> None:
    text = FILLER * 30_000 + "Here is the match. " + FILLER * 10
    assert marked(make_snippet(text, place(text, "match"))) == ["match"]


def test_match_far_into_a_text_without_sentences_is_shown() -> None:
    text = "word " * 400_000 + "match" + " word" * 1_000
    assert marked(make_snippet(text, place(text, "match"))) == ["match"]


def test_word_without_end_is_cut_with_an_ellipsis() -> None:
    assert make_snippet("a" * 10_000, []).text == f"{'a' * SNIPPET_LENGTH} {ELLIPSIS}"


def test_match_within_a_word_without_end_is_shown() -> None:
    text = "a" * 5_000 + "match" + "a" * 5_000
    snippet = make_snippet(text, place(text, "match"))
    assert marked(snippet) == ["match"]
    assert len(snippet.text) <= LONGEST


def test_single_match_longer_than_the_snippet_is_shown_whole() -> None:
    text = "b " + "a" * 1_000 + " c"
    assert marked(make_snippet(text, place(text, "a" * 1_000))) == ["a" * 1_000]


@pytest.mark.parametrize("cluster", ["👩\u200d👩\u200d👧", "👍🏽", "e\u0301\u0323", "🇫🇷", "❤\ufe0f"])
@pytest.mark.parametrize("length", range(20, 32))
def test_cut_does_not_tear_what_is_one_letter(cluster: str, length: int) -> None:
    text = cluster * 100 + "match" + cluster * 100
    snippet = make_snippet(text, place(text, "match"), length=length)
    assert snippet.text.replace(cluster, "").replace(f"{ELLIPSIS} ", "").replace(f" {ELLIPSIS}", "") == "match"


# Choosing


def test_fragment_with_more_clauses_is_chosen() -> None:
    text = f"The space here. {FILLER * 5}The space cooperation there. {FILLER * 5}"
    assert marked(snip("space cooperation", text)) == ["space", "cooperation"]


def test_clauses_far_apart_are_shown_in_fragments() -> None:
    text = f"Alpha came. {FILLER * 5}Beta came. {FILLER * 5}Gamma came."
    snippet = make_snippet(text, place(text, "Alpha", "Beta", "Gamma"))
    assert marked(snippet) == ["Alpha", "Beta", "Gamma"]
    assert snippet.text.count(f" {ELLIPSIS} ") == 2


def test_clauses_are_shown_in_one_fragment_where_one_holds_them() -> None:
    text = f"Alpha came. {FILLER * 5}Beta came. {FILLER * 5}Alpha and Beta came. {FILLER * 5}"
    snippet = snip("alpha beta", text)
    assert snippet.text.startswith("Alpha and Beta came.")
    assert f" {ELLIPSIS} " not in snippet.text


def test_fragments_stand_in_the_order_of_the_text() -> None:
    text = f"Gamma came. {FILLER * 5}Alpha and Beta came. {FILLER * 5}"
    assert marked(snip("alpha beta gamma", text)) == ["Gamma", "Alpha", "Beta"]


def test_fragments_that_touch_are_one() -> None:
    alpha, beta = "Alpha " + "came " * 30 + "in.", "Beta " + "came " * 30 + "in."
    snippet = make_snippet(f"{alpha} {beta}", place(f"{alpha} {beta}", "Alpha", "Beta"))
    assert f"{ELLIPSIS} Beta" not in snippet.text


def test_snippet_has_three_fragments_at_most() -> None:
    names = ["Alpha", "Beta", "Gamma", "Delta", "Epsilon"]
    text = (FILLER * 5).join(f"{name} came. " for name in names)
    snippet = make_snippet(text, place(text, *names))
    assert len(snippet.text.split(f" {ELLIPSIS} ")) == MAX_FRAGMENTS
    assert len(snippet.highlights) == MAX_FRAGMENTS


def test_whole_sentence_is_chosen_before_part_of_a_long_one() -> None:
    text = "Very " * 60 + "late alpha came " + "very " * 60 + ". Then alpha left."
    assert make_snippet(text, [Match(m.start(), m.end(), 0) for m in re.finditer("alpha", text)]).text == (
        "Then alpha left."
    )


def test_snippet_without_match_is_the_beginning() -> None:
    assert make_snippet(FILLER * 10, []).text == (FILLER * 3).strip()


def test_snippet_of_a_text_without_letters_to_show_is_empty() -> None:
    assert make_snippet(" \n\x00\u202e ", []) == Snippet("")


# Highlights


def test_highlight_is_the_word_as_written() -> None:
    assert marked(snip("coopération", "La COOPÉRATION spatiale", "fr")) == ["COOPÉRATION"]


def test_phrase_is_one_highlight() -> None:
    assert marked(snip('"joint operator"', "A joint operator is proposed.")) == ["joint operator"]


def test_phrase_across_a_line_break_is_one_highlight() -> None:
    assert marked(snip('"joint operator"', "A joint\r\n    operator is proposed.")) == ["joint operator"]


def test_compound_and_its_part_are_one_highlight() -> None:
    assert marked(snip("Île-de-France île", "En Île-de-France, rien.", "fr")) == ["Île-de-France"]


def test_overlapping_phrases_are_one_highlight() -> None:
    assert marked(snip('"ha ha"', "He said ha ha ha and left.")) == ["ha ha ha"]


def test_neighbouring_matches_are_two_highlights() -> None:
    assert marked(snip("space cooperation", "Their space cooperation.")) == ["space", "cooperation"]


def test_other_matches_of_a_fragment_are_highlighted_too() -> None:
    assert marked(snip("space", "Space is space.")) == ["Space", "space"]


def test_highlight_stays_in_place_behind_what_is_not_shown() -> None:
    assert marked(snip("match", "\ufeff \x00 A\u00ad  bc\t\t\u202ematch.")) == ["match"]


def test_match_of_nothing_is_not_highlighted() -> None:
    assert make_snippet("a  b", [Match(1, 3, 0), Match(2, 2, 0), Match(9, 12, 0)]).highlights == ()


# Rendering


def test_html_is_escaped_before_it_is_marked() -> None:
    snippet = snip("scripts", 'A <b>script</b> & "more" isn\'t.')
    assert snippet.to_html() == "A &lt;b&gt;<mark>script</mark>&lt;/b&gt; &amp; &quot;more&quot; isn&#x27;t."


def test_mark_tag_of_a_document_is_escaped() -> None:
    assert snip("word", "<mark>word</mark>").to_html() == "&lt;mark&gt;<mark>word</mark>&lt;/mark&gt;"


def test_ansi_marks_the_match_alone() -> None:
    assert Snippet("a match.", ((2, 7),)).to_ansi() == "a \x1b[1;4mmatch\x1b[22;24m."


def test_text_has_no_marks() -> None:
    assert Snippet("a match.", ((2, 7),)).to_text() == "a match."


# Clean lines


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a \t\r\n b", "a b"),
        ("  a  ", "a"),
        ("a\n\nb", "a b"),
        ("a\u2028b\u2029c\x85d", "a b c d"),
        ("10\u00a0000\u202fF", "10\u00a0000\u202fF"),
        ("a\u00a0 b", "a b"),
        ("a\x1b[31mred", "a[31mred"),
        ("a\x9b31mred", "a31mred"),
        ("a\x07\x08\x00\x7fb", "ab"),
        ("\u202eabc\u202c\u2066\u2069\u200e", "abc"),
        ("a\ud800b\udfff", "ab"),
        ("soft\u00adhyphen\ufeff", "softhyphen"),
        ("a \x00 b", "a b"),
        ("👩\u200d🚀 می\u200cخواهم", "👩\u200d🚀 می\u200cخواهم"),
        ("e\u0301", "e\u0301"),
        ("", ""),
    ],
)
def test_clean_line_keeps_only_what_is_safe_to_show(text: str, line: str) -> None:
    assert clean_line(text) == line


def test_escape_sequence_of_a_document_does_not_reach_a_terminal() -> None:
    snippet = snip("match", "\x1b]0;title\x07 the \x1b[2Jma\x1btch match \x9b0m")
    assert re.sub(r"\x1b\[(?:1;4|22;24)m", "", snippet.to_ansi()) == snippet.text
    assert "\x1b" not in snippet.text


# Properties

PIECES = st.sampled_from(
    [
        *(
            "mot",
            "word",
            "Île-de-France",
            "l’espace",
            "U.S.",
            "M. Dupont",
            "3.5",
            "x" * 90,
            "« Oui ! »",
            "«\u00a0non\u00a0»",
        ),
        *(
            ". ",
            "… ",
            "? ",
            "! ",
            ".\n\n",
            "\n",
            "\n- ",
            " ",
            "  ",
            "\u00a0",
            "\t",
            ", ",
            "; ",
            "…",
            "-",
            "\r\n",
            "\u2029",
        ),
        *("<b>", "&amp;", "</mark>", '"', "'", "\x1b[0m", "\x9b", "\x00", "\u202e", "\u00ad", "\ud800", "\u200d"),
        *("👩\u200d🚀", "👍🏽", "🇫🇷", "e\u0301", "\u0301", "漢字", "שלום", "A", "b", "1. ", "a" * 320),
    ]
)
TEXTS = st.one_of(
    st.lists(PIECES, max_size=60).map("".join),
    st.text(st.characters(), max_size=120),
    st.text(st.characters(), max_size=60).map(lambda text: text * 12),
)


@st.composite
def matched_texts(draw: st.DrawFn) -> tuple[str, list[Match]]:
    text = draw(TEXTS)
    starts = st.integers(0, len(text))
    spans = draw(st.lists(st.tuples(starts, st.integers(0, 40), st.integers(0, 4)), max_size=12))
    return text, [Match(start, min(start + width, len(text)), clause) for start, width, clause in spans]


@given(matched_texts())
def test_highlights_lie_in_the_snippet_in_order(matched: tuple[str, list[Match]]) -> None:
    snippet = make_snippet(*matched)
    bounds = [bound for span in snippet.highlights for bound in span]
    assert bounds == sorted(bounds)
    assert all(start < end for start, end in snippet.highlights)
    assert not bounds or (bounds[0] >= 0 and bounds[-1] <= len(snippet.text))


@given(matched_texts())
def test_highlight_is_the_clean_text_of_matches_that_overlap(matched: tuple[str, list[Match]]) -> None:
    text, matches = matched
    unions = {
        clean_line(text[first.start : last.end]) for first in matches for last in matches if first.start <= last.end
    }
    assert set(marked(make_snippet(text, matches))) <= unions


@given(matched_texts())
def test_snippet_shows_one_of_the_matches(matched: tuple[str, list[Match]]) -> None:
    text, matches = matched
    assume(any(clean_line(text[match.start : match.end]) for match in matches))
    assert make_snippet(text, matches).highlights


@given(matched_texts())
def test_any_text_gives_escaped_html(matched: tuple[str, list[Match]]) -> None:
    snippet = make_snippet(*matched)
    bare = re.sub(r"</?mark>", "", snippet.to_html())
    assert not re.search(r"[<>\"']", bare)
    assert html.unescape(bare) == snippet.to_text()
    assert re.findall(r"</?mark>", snippet.to_html()) == ["<mark>", "</mark>"] * len(snippet.highlights)


@given(matched_texts())
def test_snippet_has_nothing_that_controls(matched: tuple[str, list[Match]]) -> None:
    text = make_snippet(*matched).to_text()
    assert not [
        letter for letter in text if unicodedata.category(letter) in ("Cc", "Cf", "Cs") and letter not in JOINERS
    ]


@given(matched_texts())
def test_snippet_has_one_space_between_words(matched: tuple[str, list[Match]]) -> None:
    text = make_snippet(*matched).to_text()
    assert not re.search(r"\s\s", text)
    assert text == text.strip()


@given(matched_texts())
def test_snippet_of_a_text_is_never_empty(matched: tuple[str, list[Match]]) -> None:
    text, matches = matched
    assert bool(make_snippet(text, matches).text) == bool(clean_line(text))


@given(matched_texts(), st.integers(20, SNIPPET_LENGTH))
def test_snippet_is_no_longer_than_asked(matched: tuple[str, list[Match]], length: int) -> None:
    text, matches = matched
    longest = max((match.end - match.start for match in matches), default=0)
    assert len(make_snippet(text, matches, length=length).text) <= max(length, longest) + LONGEST - SNIPPET_LENGTH


@given(matched_texts())
def test_ansi_without_its_codes_is_the_text(matched: tuple[str, list[Match]]) -> None:
    snippet = make_snippet(*matched)
    assert re.sub(r"\x1b\[[0-9;]*m", "", snippet.to_ansi()) == snippet.to_text()


@given(matched_texts())
def test_snippet_does_not_depend_on_the_order_of_matches(matched: tuple[str, list[Match]]) -> None:
    text, matches = matched
    assert make_snippet(text, matches) == make_snippet(text, [*reversed(matches), *matches])


@given(TEXTS)
def test_clean_line_of_a_clean_line_is_itself(text: str) -> None:
    assert clean_line(clean_line(text)) == clean_line(text)
