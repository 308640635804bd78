"""Grammar: how the parts of a query belong together."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from searcher.filters import Filter
from searcher.grammar import FIELDS, MAX_DEPTH, Group, Leaf, Node, find_chunks, read_query
from searcher.query import parse_query
from searcher.words import CHUNK

FRENCH = Filter("lang", "fr", "fr")


def has_field(name: str) -> bool:
    return name.lower() == "author"


def has_any_field(name: str) -> bool:
    return name in FIELDS or has_field(name)


def read(text: str) -> str:
    """Write what a query asks for with a sign before every part, without warnings expected."""
    group, warnings = read_query(text, has_field)
    assert warnings == []
    return write(group)


def write(node: Node) -> str:
    if isinstance(node, Leaf):
        kind = "" if node.kind == "word" else f"{node.kind}!"
        return f"{'title:' * node.in_title}{kind}{node.text}"
    if isinstance(node, Filter):
        return f"<{node.field} {node.first}..{node.last}>"
    parts = [("+", part) for part in node.must] + [("", part) for part in node.should]
    parts += [("-", part) for part in node.must_not]
    return " ".join(f"{sign}({write(part)})" if isinstance(part, Group) else sign + write(part) for sign, part in parts)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("a b", "a b"),
        ("+a b", "+a b"),
        ("a -b", "a -b"),
        ("a AND b", "+a +b"),
        ("a ET b", "+a +b"),
        ("a OR b", "a b"),
        ("a OU b", "a b"),
        ("a NOT b", "a -b"),
        ("a SAUF b", "a -b"),
        ("a AND NOT b", "+a -b"),
        ("a AND -b", "+a -b"),
        ("a OR NOT b", "a (-b)"),
        ("a AND b OR c", "(+a +b) c"),
        ("a OR b AND c", "a (+b +c)"),
        ("a AND b c", "+a +b c"),
        ("a OR b c", "a b c"),
        ("a OR +b", "a b"),
        ("NOT a", "-a"),
        ("SAUF a b", "b -a"),
        ("a (NOT b)", "a (-b)"),
    ],
)
def test_operators_bind_not_before_and_before_or(text: str, asked: str) -> None:
    assert read(text) == asked


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("(a b)", "a b"),
        ("((a))", "a"),
        ("a ()", "a"),
        ("+(a b) c", "+(a b) c"),
        ("-(a b)", "-(a b)"),
        ("(a OR b) AND c", "+c +(a b)"),
        ("a (+b c)", "a (+b c)"),
        ("a AND(b)", "+a +b"),
    ],
)
def test_parentheses_hold_together(text: str, asked: str) -> None:
    assert sorted(read(text).split()) == sorted(asked.split())


@pytest.mark.parametrize("text", ["NOT AND", "A AND B", "SPACE OR STATION", "A NOT B"])
def test_query_in_capitals_has_no_operators(text: str) -> None:
    assert read(text) == text


@pytest.mark.parametrize("text", ["AND a", "a AND", "a AND AND b", "AND NOT a", "a NOT", "(AND) a", "a (OR b)", "a OR"])
def test_operator_without_operands_is_a_word_and_said_so(text: str) -> None:
    group, warnings = read_query(text, has_field)
    assert not group.must
    assert not group.must_not
    assert any("searched as a word" in warning for warning in warnings)


@pytest.mark.parametrize("text", ["a and b", "android ORDER", "ETA oui", "a-AND-b"])
def test_operators_are_words_in_capitals_by_themselves(text: str) -> None:
    group, warnings = read_query(text, has_field)
    assert (group.must, group.must_not, warnings) == ((), (), [])


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("week-end", "week-end"),
        ("a - b", "a b"),
        ("a + b", "a b"),
        ("C++", "C"),
        ("--a", "a"),
        ("3-4", "3-4"),
        ("10:30", "10 30"),
        ("C:\\x", "C x"),
        ("note: text", "note text"),
        ("https://example.com/a:b*", "https://example.com/a:b*"),
        ("http://example.com:80/(x)", "http://example.com:80/(x"),
        ("2*3", "2 3"),
        ("~a", "a"),
        ("a=b", "a b"),
        ("unknown:value", "unknown value"),
    ],
)
def test_signs_within_words_are_no_operators(text: str, asked: str) -> None:
    assert read(text) == asked


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("title:a", "title:a"),
        ("Titre:a", "title:a"),
        ('title:"a b"', "title:phrase!a b"),
        ('-title:"a b"', "-title:phrase!a b"),
    ],
)
def test_title_is_a_field_of_words(text: str, asked: str) -> None:
    assert write(read_query(text, has_field)[0]) == asked


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("lang:fr", "+<lang fr..fr>"),
        ("langue:FR a", "+<lang fr..fr> a"),
        ("-lang:fr", "-<lang fr..fr>"),
        ("a OR lang:fr", "a <lang fr..fr>"),
        ("(lang:fr OR lang:en) a", "+(<lang fr..fr> <lang en..en>) a"),
        ("date:2024", "+<date 2024-01-01..2024-12-31>"),
        ("author:Élise", "+<author elise..elise>"),
        ('AUTHOR:"Élise  B"', "+<AUTHOR elise b..elise b>"),
    ],
)
def test_fields_are_filters(text: str, asked: str) -> None:
    assert read(text) == asked


@pytest.mark.parametrize("text", ["lang:xx", "date:soon", 'lang:"no"', "date:2024-13", "date:2025..2024"])
def test_value_that_a_field_can_not_have_is_words_and_said_so(text: str) -> None:
    group, warnings = read_query(text, has_field)
    assert group.should
    assert not group.must
    assert "its words were searched" in warnings[0]


@pytest.mark.parametrize("text", ["title:(a b)", "-lang:(fr)", "author:(a b)", "date:..", "titre: a", "a date:"])
def test_field_without_a_value_is_words_and_said_so(text: str) -> None:
    group, warnings = read_query(text, has_field)
    assert any(isinstance(node, Leaf) and has_any_field(node.text) for node in (*group.should, *group.must_not))
    assert "before no value" in warnings[0]


def test_metadata_is_asked_for_its_names_only_where_one_may_be_meant() -> None:
    asked: list[str] = []

    def remember(name: str) -> bool:
        asked.append(name)
        return False

    for text in ("a b", "10:30", "note: a", "http://example.com", "title:a lang:fr", '"a:b"'):
        read_query(text, remember)
    assert asked == []
    read_query("name:value", remember)
    assert asked == ["name"]


@pytest.mark.parametrize(
    ("text", "asked"),
    [("pre*", "prefix!pre"), ("word~", "spelling!word"), ("=word", "exact!word"), ('~"a b"', "stems!a b")],
)
def test_signs_tell_which_forms_are_meant(text: str, asked: str) -> None:
    assert read(text) == asked


@pytest.mark.parametrize("text", ["a*", "=a*", "a.b c@*", "x(*", "«a»*"])
def test_sign_that_fits_no_word_leaves_words(text: str) -> None:
    assert all(
        isinstance(leaf, Leaf) and leaf.kind in ("word", "phrase") for leaf in read_query(text, has_field)[0].should
    )


def test_prefix_of_one_letter_is_said_to_be_too_short() -> None:
    assert "two letters" in read_query("a*", has_field)[1][0]


@pytest.mark.parametrize("text", ["(a", "a)", "a) b (", ")("])
def test_odd_parenthesis_is_said(text: str) -> None:
    group, warnings = read_query(text, has_field)
    assert all(isinstance(node, Leaf) for node in group.should)
    assert "parenthesis" in warnings[0]


@pytest.mark.parametrize("text", ['"a', "a”", "«a", 'a "b" "', 'title:"a'])
def test_quotation_mark_without_another_is_said(text: str) -> None:
    assert "quotation mark" in read_query(text, has_field)[1][-1]


def test_parentheses_may_be_nested_without_end() -> None:
    group, warnings = read_query("(" * 400 + "a" + ")" * 400, has_field)
    assert group == Group(should=(Leaf("word", "a"),))
    assert f"more than {MAX_DEPTH}" in warnings[0]
    assert parse_query("-(" * 300 + "a").warnings


SIGNS = "()+-=*~:\"“”«»„ \n.'’&|!^,;"
BITS = """AND OR NOT ET OU SAUF title: lang: date: author: 2024 .. fr a é week-end http:// \0 \ud800 🚀 IT""".split(" ")
SOUP = st.lists(st.sampled_from([*SIGNS, *BITS, " AND ", " OU ", " NOT "]), max_size=30).map("".join)


@settings(max_examples=300, deadline=None)
@given(SOUP | st.text(st.characters(exclude_categories=()), max_size=60))
@example("+-=~*")
def test_any_text_is_read(text: str) -> None:
    query = parse_query(text, has_field)
    numbers = set(range(len(query.clauses) + len(query.excluded)))
    assert find_numbers(query.root) == numbers


@settings(deadline=None)
@given(
    st.text(max_size=60) | st.lists(st.sampled_from(["a", "é", "ʼ", "1 234", "l’", " ", "\n", "İ", "ﬁ"])).map("".join)
)
def test_chunks_are_those_of_the_words(text: str) -> None:
    assert find_chunks(text) == [match.group() for match in CHUNK.finditer(text)]


def find_numbers(operand: object) -> set[int]:
    """Return the clauses that a tree refers to."""
    if isinstance(operand, int):
        return {operand}
    parts = [getattr(operand, name, ()) for name in ("must", "should", "must_not")]
    return set[int]().union(*(find_numbers(part) for some in parts for part in some))
