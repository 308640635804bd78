"""Schema: which fields does a Whoosh index of ours have?

    id, language                            whole values
    title, text, source, date, metadata     stored
    title_en, text_en, title_fr, ...        terms in the language of the document, with how often
    title_exact, text_exact                 the words themselves, with positions

A document has terms in the fields of its own language only, so a field's statistics are the language's own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from functools import cache
from typing import Any

from whoosh.fields import ID, STORED, FieldType, Schema
from whoosh.formats import Format, Frequency, Positions
from whoosh.system import pack_uint

from searcher.analysis import stemmer_version
from searcher.languages import UNDETERMINED, Language, get_languages, language_codes

FORMAT_VERSION = 4
"""Raised whenever an older index would be read wrongly."""

EXACT = "exact"
"""Ends the names of the fields that hold the words themselves."""


LANGUAGE_CODES = (*language_codes(), UNDETERMINED)
"""In the order of their numbers in a segment."""


class TokenField(FieldType):  # type: ignore[misc]
    """A field whose terms come ready made: segments are written from arrays, not through Whoosh's fields.

    Whoosh pickles the schema with the name of this class: it stays here and is never renamed.
    """

    def __init__(self, postings_format: Format) -> None:
        super().__init__(format=postings_format, analyzer=None, scorable=True)

    def index(self, value: Iterable[str], **_options: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Yield (term, frequency, weight, value) for terms in their order; for Whoosh's own writers."""
        places: dict[str, list[int]] = {}
        for position, term in enumerate(value):
            places.setdefault(term, []).append(position)
        for term, positions in places.items():
            encoded = encode_value(self.format, len(positions), positions)
            yield term.encode(), len(positions), float(len(positions)), encoded


def encode_value(postings_format: Format, frequency: int, positions: Sequence[int]) -> bytes:
    """Return what Whoosh keeps of one posting in a format: positions, how often, or nothing."""
    if isinstance(postings_format, Positions):
        return bytes(postings_format.encode(list(positions)))
    return bytes(pack_uint(frequency)) if isinstance(postings_format, Frequency) else b""


def title_field(code: str) -> str:
    """Name the field of title terms of a language, or of exact forms."""
    return f"title_{code}"


def text_field(code: str) -> str:
    """Name the field of text terms of a language, or of exact forms."""
    return f"text_{code}"


def make_schema() -> Schema:
    """Return the schema of a new index, with fields for every pack."""
    schema = Schema(
        id=ID(unique=True, stored=True),
        language=ID(stored=True),
        title=STORED(),
        text=STORED(),
        source=STORED(),
        date=STORED(),
        metadata=STORED(),
    )
    for name in (title_field, text_field):
        for code in LANGUAGE_CODES:
            schema.add(name(code), TokenField(Frequency()))
        schema.add(name(EXACT), TokenField(Positions()))
    return schema


NOT_INDEXED = {"name", "name_in", "function_words", "abbreviations", "headword_beginnings", "keyboard"}
"""What packs say that leaves no trace in an index."""


@cache
def fingerprint() -> str:
    """Return what a segment must have been written with to be read rightly: format, language packs, stemmer."""
    names = [field.name for field in fields(Language) if field.name not in NOT_INDEXED]
    packs = [
        [sorted(value) if isinstance(value, frozenset) else value for value in (getattr(pack, name) for name in names)]
        for pack in get_languages()
    ]
    digest = hashlib.sha256(repr((language_codes(), packs)).encode()).hexdigest()[:8]
    return f"{FORMAT_VERSION}-{digest}-{stemmer_version()}"
