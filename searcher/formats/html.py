"""HTML: what a web page says, without what surrounds it; the only importer of selectolax."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from searcher.formats.fields import Fields

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_DEEPEST_MARKUP = 1_000
"""Nesting of HTML blocks; parsing takes time in proportion to its square, and browsers stop at 512."""

_INVISIBLE = frozenset({"-comment", "-doctype", "noscript", "script", "style", "template", "title"})
# Form controls, but not `form` itself: some servers wrap the whole page in one.
_DROPPED = _INVISIBLE | frozenset(
    """
    audio button canvas datalist iframe input label math nav object select svg textarea video
    """.split()
)
_PAGE_FURNITURE = frozenset({"header", "footer"})  # navigation, unless it is that of an article
_SECTIONS = frozenset({"article", "main", "section", "blockquote"})
_PARAGRAPHS = frozenset(
    """
    article aside blockquote details figure footer form h1 h2 h3 h4 h5 h6 header hr main nav p pre section table
    """.split()
)
_LINES = frozenset(
    """
    address body caption center dd dialog div dl dt fieldset figcaption hgroup legend li menu ol optgroup option search
    summary tbody tfoot thead tr ul
    """.split()
)
_CELLS = frozenset({"td", "th"})
_BLOCK_TAG = re.compile(
    r"<(/?)(?:article|aside|blockquote|center|d[dlt]|details|dialog|div|fieldset|figure|footer|h[1-6]|header|li|main"
    r"|menu|nav|ol|section|summary|ul)\b[^<>]*>",
    re.IGNORECASE,
)
_SPACES = re.compile(r"[ \t\n\r\f]+")


def parse_html(text: str) -> Fields:
    """Read a web page without its navigation, scripts and form controls."""
    page = read_page(text)
    heading = None
    title = next((title for node in page.css("title:not(svg title)") if (title := join_text(node))), "")
    if not title and (heading := page.css_first("h1")) is not None:
        title = join_text(heading)
    fields: Fields = {"title": title, "text": "" if page.root is None else join_text(page.root, without=heading)}
    for node in page.css("meta[content]"):
        attributes = node.attributes
        name = (attributes.get("name") or attributes.get("property") or "").lower()
        value = (attributes.get("content") or "").strip()
        if value and name in {"date", "dc.date", "dcterms.date", "dcterms.issued", "article:published_time"}:
            fields.setdefault("date", value)
        elif value and name == "author":
            fields.setdefault("author", value)
    return fields


def read_page(markup: str) -> LexborHTMLParser:
    """Parse a page or a part of one; blocks nested too deep become lines."""
    from selectolax.lexbor import LexborHTMLParser

    depth = 0

    def flatten(tag: re.Match[str]) -> str:
        nonlocal depth
        is_deep = depth > _DEEPEST_MARKUP
        depth = max(0, depth - 1) if tag[1] else depth + 1
        return "<br>" if is_deep else tag[0]

    if sum(not tag for tag in _BLOCK_TAG.findall(markup)) > _DEEPEST_MARKUP:
        markup = _BLOCK_TAG.sub(flatten, markup)
    return LexborHTMLParser(markup)


def join_text(root: LexborNode, *, without: LexborNode | None = None) -> str:
    """Join the text below a node as it is read: blocks on lines of their own, inline elements without a gap.

    Without recursion, because markup can be nested deeper than Python's stack.
    """
    pieces: list[str] = []
    line_ends = 0  # that are due before the next text
    has_space = False
    preformatted = sections = 0
    last = root.mem_id
    unwanted = None if without is None else without.mem_id
    node: LexborNode | None = root
    while node is not None:
        tag = node.tag or ""
        child = None
        if tag == "-text":
            text = node.text_content or ""
            if not preformatted:
                text = _SPACES.sub(" ", text)
                has_space = has_space or text.startswith(" ")
            body = text if preformatted else text.strip(" ")
            if body:
                if pieces and line_ends:
                    pieces.append("\n" * line_ends)
                elif pieces and has_space:
                    pieces.append(" ")
                pieces.append(body)
                line_ends, has_space = 0, False
            if not preformatted:
                has_space = has_space or text.endswith(" ")
        elif node.mem_id != last and (
            tag in _DROPPED or node.mem_id == unwanted or (tag in _PAGE_FURNITURE and not sections)
        ):
            line_ends, has_space = _separate(tag, line_ends, has_space or tag not in _INVISIBLE)
        else:
            if tag == "br":
                line_ends = min(line_ends + 1, 2)
            line_ends, has_space = _separate(tag, line_ends, has_space)
            child = node.first_child
            if child is not None:
                preformatted += tag == "pre"
                sections += tag in _SECTIONS
        while child is None and node is not None and node.mem_id != last and (child := node.next) is None:
            node = node.parent
            if node is not None:
                tag = node.tag or ""
                preformatted -= tag == "pre"
                sections -= tag in _SECTIONS
                line_ends, has_space = _separate(tag, line_ends, has_space)
        node = child
    return "".join(pieces).strip(" \n")


def _separate(tag: str, line_ends: int, has_space: bool) -> tuple[int, bool]:
    """Say what parts the text before the edge of an element from the text after it: line ends, or a space."""
    if tag in _PARAGRAPHS:
        return 2, has_space
    if tag in _LINES:
        return max(line_ends, 1), has_space
    return line_ends, has_space or tag in _CELLS
