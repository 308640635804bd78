"""Markdown with YAML front matter; the only importer of markdown-it-py and PyYAML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from searcher.formats.fields import Fields, read_float, read_int
from searcher.formats.html import join_text, read_page

if TYPE_CHECKING:
    import yaml
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_LONGEST_FRONT_MATTER = 64 * 1024
"""Characters."""


def parse_markdown(text: str) -> Fields:
    """Read Markdown with or without front matter; the title is there or in the first heading of level one."""
    fields, body = _split_front_matter(text)
    try:
        page = read_page(_markdown().render(body))
    except RecursionError:
        return {"text": body, **fields}
    heading = None if "title" in fields else page.css_first("h1")
    title = {} if heading is None else {"title": join_text(heading)}
    return {**title, "text": "" if page.root is None else join_text(page.root, without=heading), **fields}


def _split_front_matter(text: str) -> tuple[Fields, str]:
    """Part the YAML between two lines of hyphens from the body; what isn't a mapping is body too."""
    opening = re.match(r"---[ \t]*\n", text)
    closing = opening and re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE).search(
        text, opening.end(), opening.end() + _LONGEST_FRONT_MATTER
    )
    if not opening or not closing:
        return {}, text
    import yaml

    try:
        node = _front_matter_loader()(text[opening.end() : closing.start()]).get_single_node()
        values = {} if node is None else _plain_value(node)
    except (yaml.YAMLError, RecursionError):
        return {}, text
    if not isinstance(values, dict):
        return {}, text
    fields: Fields = {}
    for name in ("title", "date", "language", "lang", "id"):
        if isinstance(values.get(name), str | int | float) and not isinstance(values[name], bool):
            fields.setdefault("language" if name == "lang" else name, values.pop(name))
    return {**fields, "metadata": values}, text[closing.end() :].removeprefix("\n")


@cache
def _front_matter_loader() -> type[yaml.SafeLoader]:
    import yaml

    class FrontMatterLoader(yaml.SafeLoader):
        """Refuses aliases: a few lines of them can stand for gigabytes."""

        def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
            if self.check_event(yaml.AliasEvent):
                raise yaml.composer.ComposerError(problem="front matter has no aliases")
            return super().compose_node(parent, index)

    return FrontMatterLoader


def _plain_value(node: yaml.Node) -> object:
    """Turn a YAML node into what JSON can hold.

    Only what JSON writes without quotes is not text: dates stay as written, "no" is Norwegian and 007 keeps its zeros.
    """
    import yaml

    if isinstance(node, yaml.MappingNode):
        return {
            key.value if isinstance(key, yaml.ScalarNode) else str(_plain_value(key)): _plain_value(value)
            for key, value in node.value
        }
    if isinstance(node, yaml.SequenceNode):
        return [_plain_value(value) for value in node.value]
    text = str(node.value)
    if isinstance(node, yaml.ScalarNode) and node.style is not None:
        return text
    if text in {"", "~", "null"}:
        return None
    if text in {"true", "false"}:
        return text == "true"
    if re.fullmatch(r"-?(0|[1-9][0-9]*)", text):
        return read_int(text)
    if re.fullmatch(r"-?(0|[1-9][0-9]*)\.[0-9]+([eE][-+]?[0-9]+)?", text):
        return read_float(text)
    return text


@cache
def _markdown() -> MarkdownIt:
    """Build the renderer: CommonMark with tables, without the tags that people write unawares.

    A tag that is never closed (`Vec<form>`) would otherwise take the rest of the document with it.
    """
    from markdown_it import MarkdownIt
    from markdown_it.renderer import RendererHTML

    class Renderer(RendererHTML):
        """Drops raw HTML tags within a line and closes those of a block; methods are named for tokens."""

        def html_inline(self, tokens: Sequence[Token], index: int, _options: object, _env: object) -> str:
            return "<br>" if tokens[index].content.lower().startswith("<br") else ""

        def html_block(self, tokens: Sequence[Token], index: int, _options: object, _env: object) -> str:
            body = read_page(tokens[index].content).body
            return "" if body is None else f"{body.inner_html or ''}\n"

    # The default of 20 silently drops what is nested deeper, so Python's stack is the limit.
    return MarkdownIt("commonmark", {"maxNesting": 1_000_000}, renderer_cls=Renderer).enable(["table", "strikethrough"])
