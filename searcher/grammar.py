"""Grammar: how do the parts of a query belong together?

    space station             any of the words             +must  -not           in all of the documents, in none
    "as written"              these words in this order    a AND b  a OR b  a NOT b  also ET OU SAUF, (in parentheses)
    ~"by their stems"         the same, inflected          title:word  lang:fr  date:2025-01..  author:name
    prefix*  word~  =word     words that begin so, are spelled nearly so, are exactly so

Any text is a query: what can't be read as above is words. Nothing is known here of words and their forms.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from searcher.filters import DATE, LANGUAGE, Filter, make_filter
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
_NAME = r"(?<!\w)[^\W\d_][\w.-]*"
_SPECIAL = re.compile(
    rf"(?P<address>(?:https?|ftp)://\S+)"
    rf"|(?:(?P<sign>{_SIGN}))?(?:(?P<name>{_NAME}):)?(?P<tilde>~)?(?:{QUOTED})"
    rf"|(?P<open>(?:{_SIGN})?\()|(?P<close>\))"
    rf"|(?<![^\s)])(?P<operator>(?:(?:AND|ET|OR|OU)\s+)?(?:NOT|SAUF)|AND|ET|OR|OU)(?![^\s(])"
    rf"|(?<![^\s(])(?=[+=-]|[^\s{MARKS}]+[:*~])(?P<term>[^\s{MARKS}]+)"
)
_IS_SPECIAL = re.compile(rf"[-+=*~:{MARKS}]|\b(?:{'|'.join(OPERATORS)})\b")
"""May stand in a query that is more than words."""

_TERM = re.compile(
    rf"(?P<sign>[+-](?![+-]))?(?:(?P<name>{_NAME}):(?!//))?(?P<equals>=)?(?P<text>.*?\w.*?)(?P<ending>[*~])?"
)


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

    @property
    def joins(self) -> str:
        """AND, OR, or "" where what follows is only negated."""
        name = OPERATORS[self.written.split()[0]]
        return "" if name == NOT else name

    @property
    def negates(self) -> bool:
        return OPERATORS[self.written.split()[-1]] == NOT


def read_query(text: str, has_field: Callable[[str], bool]) -> tuple[Group, list[str]]:
    """Return how a query is built, and what of it could not be read so.

    `has_field`: tells whether a document has a metadata field; asked only where the name of one may be meant.
    """
    return _Reader(text, has_field).read()


def is_filter(node: Node) -> bool:
    """Tell whether something asks for no words."""
    if isinstance(node, Group):
        return all(map(is_filter, (*node.must, *node.should, *node.must_not)))
    return isinstance(node, Filter)


class _Reader:
    def __init__(self, text: str, has_field: Callable[[str], bool]) -> None:
        self._text = text
        self._has_field = has_field
        self._warnings: dict[str, None] = {}
        self._has_operators = any(map(str.islower, text))

    def read(self) -> tuple[Group, list[str]]:
        if not _IS_SPECIAL.search(self._text):
            return Group(should=tuple(_words(self._text))), []
        frames: list[tuple[str, list[_Operand | _Operator]]] = [("", [])]
        for part in self._parts():
            if isinstance(part, _Operand | _Operator):
                frames[-1][1].append(part)
            elif part != ")":
                frames.append((part[:-1], []))
            else:
                self._close(frames)
        while len(frames) > 1:
            self._warn("a parenthesis that is never closed was closed at the end")
            self._close(frames)
        return self._join(frames[0][1]), list(self._warnings)

    def _close(self, frames: list[tuple[str, list[_Operand | _Operator]]]) -> None:
        sign, parts = frames.pop()
        group = self._join(parts)
        if group != Group():
            frames[-1][1].append(_Operand(sign, _simplify(group)))

    def _warn(self, warning: str) -> None:
        self._warnings[warning] = None

    def _parts(self) -> Iterator[_Operand | _Operator | str]:
        """Yield operands, operators, and parentheses, the opening one with its sign."""
        done = depth = ignored = 0
        for match in _SPECIAL.finditer(self._text):
            yield from _operands(_words(self._text[done : match.start()]))
            done = match.end()
            if match["address"]:
                yield from _operands(_words(match["address"]))
            elif match["close"]:
                if ignored:
                    ignored -= 1
                elif depth:
                    depth -= 1
                    yield ")"
                else:
                    self._warn("a parenthesis that was never opened was passed over")
            elif match["open"]:
                if depth < MAX_DEPTH:
                    depth += 1
                    yield match["open"]
                else:
                    ignored += 1
                    self._warn(f"parentheses in more than {MAX_DEPTH} others were passed over")
            elif match["operator"]:
                if self._has_operators:
                    yield _Operator(match["operator"])
                else:
                    yield from _operands(_words(match["operator"]))
            elif match["term"]:
                yield from self._read_term(match["term"])
            else:
                yield from self._read_quoted(match)
        yield from _operands(_words(self._text[done:]))

    def _read_quoted(self, match: re.Match[str]) -> Iterator[_Operand]:
        name, sign = match["name"] or "", match["sign"] or ""
        quoted = match[match.lastindex or 0]
        kind = "stems" if match["tilde"] else "phrase"
        field = self._find_field(name) if name else ""
        if field is None or (field and field != TITLE and kind == "stems"):
            yield from _operands(_words(name))
            field = ""
        if field in ("", TITLE):
            yield _Operand(sign, Leaf(kind, quoted, field == TITLE))
            return
        asked = make_filter(field, quoted.strip())
        if asked is not None:
            yield _Operand(sign, asked)
        else:
            self._warn(f"{name}:{quoted} asks for nothing that there is, its words were searched")
            yield from _operands([*_words(name), Leaf("phrase", quoted)])

    def _read_term(self, written: str) -> Iterator[_Operand]:
        term = _TERM.fullmatch(written)
        if term is None:
            return
        name, text, sign = term["name"] or "", term["text"], term["sign"] or ""
        field = self._find_field(name) if name else ""
        if field is None:
            yield from _operands(_words(written[len(sign) :]), sign)
        elif field in ("", TITLE):
            yield from _operands(self._read_word(text, term["equals"], term["ending"], field == TITLE), sign)
        elif (asked := make_filter(field, written[len(sign) + len(name) + 1 :])) is not None:
            yield _Operand(sign, asked)
        else:
            self._warn(f"{written} asks for nothing that there is, its words were searched")
            yield from _operands(_words(written))

    def _read_word(self, text: str, equals: str | None, ending: str | None, in_title: bool) -> list[Leaf]:
        leaves = [leaf._replace(in_title=in_title) for leaf in _words(text)]
        if not equals and not ending:
            return leaves
        kind = "exact" if equals else "prefix" if ending == "*" else "spelling"
        if len(leaves) != 1 or leaves[0].text != text or (equals and ending):
            self._warn(f"{equals or ''}{text}{ending or ''} is not one word with a sign, its words were searched")
            return leaves
        if kind == "prefix" and sum(map(str.isalnum, text)) < 2:
            self._warn(f"{text}* has fewer than two letters before its asterisk, it was searched as a word")
            return leaves
        return [leaves[0]._replace(kind=kind)]

    def _find_field(self, name: str) -> str | None:
        """Return the field that is meant by a name, None where there is none."""
        return FIELDS.get(name.lower()) or (name if self._has_field(name) else None)

    def _join(self, parts: list[_Operand | _Operator]) -> Group:
        """Return what a sequence of operands asks for: NOT binds most, then AND, then OR, then mere sequence."""
        must: list[Node] = []
        should: list[Node] = []
        must_not: list[Node] = []
        for alternatives in _chains(self._check_operators(parts)):
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
        flat = [inner for node in should for inner in (_spread(node))]
        return Group(tuple(must), tuple(flat), tuple(must_not))

    def _check_operators(self, parts: list[_Operand | _Operator]) -> list[_Operand | _Operator]:
        """Turn the operators that stand between no two operands into words."""
        checked: list[_Operand | _Operator] = []
        for place, part in enumerate(parts):
            sides = (*parts[max(place - 1, 0) : place], *parts[place + 1 : place + 2])
            if isinstance(part, _Operand) or [type(side) for side in sides] == [_Operand, _Operand]:
                checked.append(part)
            else:
                self._warn(f"{part.written} stands between no two things, it was searched as a word")
                checked += _operands(_words(part.written))
        return checked


def _words(text: str) -> list[Leaf]:
    return [Leaf("word", match.group()) for match in CHUNK.finditer(text)]


def _operands(leaves: Iterable[Leaf], sign: str = "") -> list[_Operand]:
    return [_Operand(sign, leaf) for leaf in leaves]


def _chains(parts: list[_Operand | _Operator]) -> Iterator[list[list[_Operand]]]:
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
