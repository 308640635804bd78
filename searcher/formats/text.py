"""Plain text."""

from __future__ import annotations

from searcher.formats.fields import Fields

_LONGEST_TITLE_LINE = 200
"""Characters."""


def parse_text(text: str) -> Fields:
    """Read plain text; a short first line before an empty one is its title."""
    first, _, rest = text.partition("\n")
    following, _, body = rest.partition("\n")
    if first.strip() and len(first) <= _LONGEST_TITLE_LINE and not following.strip() and body.strip():
        return {"title": first.strip(), "text": body.lstrip("\n")}
    return {"text": text}
