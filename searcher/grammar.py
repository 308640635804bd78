"""Grammar: how do the parts of a query belong together?

    space station             any of the words             +must  -not           in all of the documents, in none
    "as written"              these words in this order    a AND b  a OR b  a NOT b  also ET OU SAUF, (in parentheses)
    NOT b                     at the beginning, as -b
    ~"by their stems"         the same, inflected          title:word  lang:fr  date:2025-01..  author:name
    prefix*  word~  =word     words that begin so, are spelled nearly so, are exactly so

Any text is a query: what can't be read as above is words. Nothing is known here of words and their forms.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from searcher.filters import DATE, LANGUAGE, Filter, make_filter
from searcher.messages import Message
from searcher.words import CHUNK

MAX_DEPTH = 20
"""Parentheses in parentheses; more are passed over."""

TITLE = "title"
FIELDS = {TITLE: TITLE, "titre": TITLE, "lang": LANGUAGE, "langue": LANGUAGE, "date": DATE}
"""What may stand before a colon in every index."""

AND, OR, NOT = "AND", "OR", "NOT"
OPERATORS = {AND: AND, OR: OR, NOT: NOT, "ET": AND, "OU": OR, "SAUF": NOT}

MARKS = '()"“”«»„'
QUOTED = r'"([^"]*)"|“([^”]*)”|«([^»]*)»|„([^“”]*)[“”]'
"""What stands in straight, English, French or German quotation marks."""

_SIGN = r"(?<![^\s(])[+-]"
_NAME = r"(?<!\w)[^\W\d_][\w.-]*+"
_OPERATOR = r"(?:(?:AND|ET|OR|OU)\s+)?(?:NOT|SAUF)|AND|ET|OR|OU"
_PART = re.compile(
    rf"(?P<plain>\s+|(?!(?:{_OPERATOR})\b|[+=-])[^\s:*~{MARKS}]++(?![^\s])\s*)"
    rf"|(?P<address>(?:https?|ftp)://\S+)"
    rf"|(?:(?P<sign>{_SIGN}))?(?:(?P<name>{_NAME}):)?(?P<tilde>~)?(?:{QUOTED})"
    rf"|(?P<open>(?:{_SIGN})?\()|(?P<close>\))"
    rf"|(?<![^\s()])(?P<operator>{_OPERATOR})(?![^\s()])"
    rf"|(?<![^\s(])(?=[+=-]|[^\s:*~{MARKS}]++[:*~])(?P<term>[^\s{MARKS}]+)"
    rf"|(?P<other>[^\s{MARKS}]+)|(?P<unpaired>[{MARKS}])"
)
"""The next part of a query: the first alternative is what most are, words without signs."""

_IS_SPECIAL = re.compile(rf"[-+=*~:{MARKS}]|\b(?:{'|'.join(OPERATORS)})\b")
"""May stand in a query that is more than words."""

_TERM = re.compile(
    rf"(?P<sign>[+-](?![+-]))?(?:(?P<name>{_NAME}):(?!//)(?=\W*\w))?(?P<equals>=)?(?P<text>.+)", re.DOTALL
)

_NAME_ALONE = re.compile(rf"[+-]?({_NAME}):\W*", re.DOTALL)


class Leaf(NamedTuple):
    """Something looked for. `kind`: "word", "phrase", "stems", "exact", "prefix" or "spelling"; `text`: as typed."""

    kind: str
    text: str
    in_title: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """The documents of all of `must` and none of `must_not`; of any of `should` where there is no `must`."""

    must: tuple[Node, ...] = ()
    should: tuple[Node, ...] = ()
    must_not: tuple[Node, ...] = ()


Node = Leaf | Filter | Group


class _Operand(NamedTuple):
    sign: str
    node: Node


class _Operator(NamedTuple):
    written: str
    joins: str
    """AND, OR, or "" where what follows is only negated."""
    negates: bool


_Parts = list[_Operand | _Operator]


def is_plain(text: str) -> bool:
    """Tell whether a query is words and nothing else."""
    return _IS_SPECIAL.search(text) is None


def read_query(text: str, has_field: Callable[[str], bool]) -> tuple[Group, list[str]]:
    """Return how a query is built, and what of it could not be read so.

    `has_field`: tells whether a document has a metadata field; asked only where the name of one may be meant.
    """
    return _Reader(text, has_field).read()


def find_plain_parts(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the words of a query stand that are asked for as words, not quoted, excluded or in a field."""
    done = 0
    for match in _PART.finditer(text):
        if match.lastgroup in ("plain", "unpaired"):
            continue
        start, end = match.span()
        yield done, start
        done = end
        term = _TERM.fullmatch(match.group()) if match.lastgroup == "term" else None
        if term and not (term["name"] or term["equals"] or term["sign"] == "-" or match.group()[-1] in "*~"):
            yield start + term.start("text"), start + term.end("text")
    yield done, len(text)


def is_filter(node: Node) -> bool:
    """Tell whether something asks for no words."""
    if isinstance(node, Group):
        return all(map(is_filter, (*node.must, *node.should, *node.must_not)))
    return isinstance(node, Filter)


class _Reader:
    def __init__(self, text: str, has_field: Callable[[str], bool]) -> None:
        self._text = text
        self._has_field = has_field
        self._has_small_letters = any(map(str.islower, text))
        self._warnings: dict[str, None] = {}
        self._signs: list[str] = []
        """Of the parentheses that are open."""
        self._frames: list[_Parts] = [[]]
        """What was read, without and within each of them."""
        self._ignored = 0
        """Parentheses that are open but too deep."""

    def read(self) -> tuple[Group, list[str]]:
        text, done = self._text, 0
        for match in _PART.finditer(text):
            if match.lastgroup in ("plain", "other"):
                continue
            if match.lastgroup == "unpaired":
                self._warn(Message("a quotation mark without its other one was passed over"))
                continue
            start, end = match.span()
            if done < start:
                self._add_words(text[done:start])
            done = end
            self._read_special(match)
        if done < len(text):
            self._add_words(text[done:])
        while self._signs:
            self._warn(Message("a parenthesis that is never closed was closed at the end"))
            self._close()
        return self._join(self._frames[0]), list(self._warnings)

    def _read_special(self, match: re.Match[str]) -> None:
        kind, written = match.lastgroup, match.group()
        if kind == "term":
            self._check_name(written, self._text[match.end() : match.end() + 1])
            self._read_term(written)
        elif kind == "operator" and self._has_small_letters:
            names = [OPERATORS[name] for name in written.split()]
            self._frames[-1].append(_Operator(written, "" if names[0] == NOT else names[0], names[-1] == NOT))
        elif kind == "open":
            self._open(written[:-1])
        elif kind == "close":
            self._close()
        elif kind is None:
            self._read_quoted(match)
        else:
            self._add_words(written)

    def _open(self, sign: str) -> None:
        if len(self._signs) < MAX_DEPTH:
            self._signs.append(sign)
            self._frames.append([])
        else:
            self._ignored += 1
            self._warn(Message("parentheses in more than {count} others were passed over", count=MAX_DEPTH))

    def _close(self) -> None:
        if self._ignored:
            self._ignored -= 1
        elif not self._signs:
            self._warn(Message("a parenthesis that was never opened was passed over"))
        else:
            sign, group = self._signs.pop(), self._join(self._frames.pop())
            if group != Group():
                self._add(_simplify(group), sign)

    def _add(self, node: Node, sign: str = "") -> None:
        self._frames[-1].append(_Operand(sign, node))

    def _add_words(self, text: str, sign: str = "") -> None:
        self._frames[-1] += [_Operand(sign, leaf) for leaf in _words(text)]

    def _warn(self, warning: Message) -> None:
        self._warnings[warning] = None

    def _read_quoted(self, match: re.Match[str]) -> None:
        name, sign = match["name"] or "", match["sign"] or ""
        quoted = match[match.lastindex or 0]
        kind = "stems" if match["tilde"] else "phrase"
        field = self._find_field(name) if name else ""
        if field in ("", TITLE):
            self._add(Leaf(kind, quoted, field == TITLE), sign)
        elif field is not None and (asked := make_filter(field, quoted.strip())) is not None:
            self._add(asked, sign)
        else:
            if field is not None:
                self._warn_of(f"{name}:{quoted}")
            self._add_words(name)
            self._add(Leaf(kind, quoted), sign)

    def _read_term(self, written: str) -> None:
        term = _TERM.fullmatch(written)
        if term is None:  # signs and nothing else
            return
        sign, name, equals, text = term.groups("")
        field = self._find_field(name) if name else ""
        if field in ("", TITLE):
            for leaf in self._read_word(text, equals):
                self._add(leaf._replace(in_title=field == TITLE), sign)
        elif field is None:
            self._add_words(written[len(sign) :], sign)
        elif (asked := make_filter(field, written[len(sign) + len(name) + 1 :])) is not None:
            self._add(asked, sign)
        else:
            self._warn_of(written)
            self._add_words(written)

    def _check_name(self, written: str, follower: str) -> None:
        """Warn of the name of a field without a value; that of metadata where a word in a text would not look so."""
        match = _NAME_ALONE.fullmatch(written)
        if match is None:
            return
        name = match[1]
        is_text = written.endswith(f"{name}:") and not follower.strip()
        if name.lower() in FIELDS or (not is_text and self._has_field(name)):
            self._warn(Message("{name}: stands before no value, it was searched as a word", name=name))

    def _warn_of(self, written: str) -> None:
        self._warn(Message("{written} is nothing that a document may have, its words were searched", written=written))

    def _read_word(self, text: str, equals: str) -> list[Leaf]:
        bare = text if equals else text.rstrip("*~")
        ending = text[len(bare) :]
        leaves = _words(bare)
        if not leaves or not (equals or ending):
            return leaves
        if len(leaves) != 1 or leaves[0].text != bare or ending not in ("", "*", "~"):
            written = f"{equals}{text}"
            self._warn(Message("{written} is not one word with one sign, its words were searched", written=written))
        elif ending == "*" and sum(map(str.isalnum, bare)) < 2:
            self._warn(
                Message("{word} has fewer than two letters before its asterisk, it was searched as a word", word=text)
            )
        else:
            return [Leaf("exact" if equals else "prefix" if ending == "*" else "spelling", bare)]
        return leaves

    def _find_field(self, name: str) -> str | None:
        """Return the field that is meant by a name, None where there is none."""
        return FIELDS.get(name.lower()) or (name if self._has_field(name) else None)

    def _join(self, parts: _Parts) -> Group:
        """Return what a sequence of operands asks for: NOT binds most, then AND, then OR, then mere sequence."""
        must: list[Node] = []
        should: list[Node] = []
        must_not: list[Node] = []
        has_operators = any(isinstance(part, _Operator) for part in parts)
        for alternatives in _chains(self._check_operators(parts) if has_operators else parts):
            if len(alternatives) > 1:
                should += [_simplify(_all_of(chain)) for chain in alternatives]
                continue
            [chain] = alternatives
            for sign, node in chain:
                if sign == "-":
                    must_not.append(node)
                elif sign == "+" or len(chain) > 1 or is_filter(node):
                    must.append(node)
                else:
                    should.append(node)
        if any(isinstance(node, Group) for node in should):
            should = [inner for node in should for inner in _spread(node)]
        return Group(tuple(must), tuple(should), tuple(must_not))

    def _check_operators(self, parts: _Parts) -> _Parts:
        """Turn the operators that stand between no two operands into words, but for a NOT before the first."""
        checked: _Parts = []
        for place, part in enumerate(parts):
            if isinstance(part, _Operator) and not (
                (isinstance(parts[place - 1], _Operand) if place else not part.joins)
                and place < len(parts) - 1
                and isinstance(parts[place + 1], _Operand)
            ):
                self._warn(Message("{word} stands between no two things, it was searched as a word", word=part.written))
                checked += [_Operand("", leaf) for leaf in _words(part.written)]
            else:
                checked.append(part)
        return checked


def find_chunks(text: str) -> list[str]:
    """Return the chunks of a text, as `searcher.words` cuts them; most are letters between spaces."""
    pieces = text.split()
    if "".join(pieces).isalpha() and "ʼ" not in text:
        return pieces
    return [match.group() for match in CHUNK.finditer(text)]


def _words(text: str) -> list[Leaf]:
    return [Leaf("word", chunk) for chunk in find_chunks(text)]


def _chains(parts: _Parts) -> Iterator[list[list[_Operand]]]:
    """Yield what stands one after the other: alternatives, each of operands that belong together."""
    alternatives: list[list[_Operand]] = []
    joins, negates = "", False
    for part in parts:
        if isinstance(part, _Operator):
            joins, negates = part.joins, part.negates
            continue
        operand = _Operand("-", part.node) if negates else part
        if joins == AND:
            alternatives[-1].append(operand)
        elif joins == OR:
            alternatives.append([operand])
        else:
            if alternatives:
                yield alternatives
            alternatives = [[operand]]
        joins, negates = "", False
    if alternatives:
        yield alternatives


def _all_of(chain: list[_Operand]) -> Group:
    return Group(
        must=tuple(node for sign, node in chain if sign != "-"),
        must_not=tuple(node for sign, node in chain if sign == "-"),
    )


def _spread(node: Node) -> tuple[Node, ...]:
    """Return the alternatives of a group that has nothing else."""
    return node.should if isinstance(node, Group) and not node.must and not node.must_not else (node,)


def _simplify(group: Group) -> Node:
    """Return what a group asks for without the group, where that is one thing."""
    if not group.must_not and len(group.must) + len(group.should) == 1:
        return (*group.must, *group.should)[0]
    return group
