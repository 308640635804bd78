"""Language codes: ISO 639-1 as the packs have them, from the two or three letters that files are named by."""

from __future__ import annotations

import re

TWO_LETTER_CODES = {
    "ces": "cs", "cze": "cs", "dan": "da", "deu": "de", "dut": "nl", "ell": "el", "eng": "en", "epo": "eo", "fin": "fi",
    "fra": "fr", "fre": "fr", "ger": "de", "gre": "el", "hun": "hu", "ita": "it", "lat": "la", "nld": "nl", "nor": "no",
    "pol": "pl", "por": "pt", "ron": "ro", "rum": "ro", "rus": "ru", "spa": "es", "swe": "sv", "tur": "tr",
}  # fmt: skip
"""ISO 639-2 codes, both kinds, of languages that have dictionaries with English and French."""

_CODES = frozenset(TWO_LETTER_CODES.values())
_NAMED = re.compile(r"(?:.*[^a-z])?([a-z]{2,3})-([a-z]{2,3})")


def read_code(text: str) -> str | None:
    """Return the code of a language that is named by a code, with or without a region; None where it is none.

    >>> read_code("fra"), read_code("en-CA"), read_code("cat")
    ('fr', 'en', None)
    """
    letters = re.split("[-_]", text.strip().lower(), maxsplit=1)[0]
    code = TWO_LETTER_CODES.get(letters, letters)
    return code if code in _CODES else None


def read_codes_in_name(name: str) -> tuple[str, str] | None:
    """Return the two languages at the end of a file's name; a code that is not known stays as it is.

    >>> read_codes_in_name("freedict-eng-fra"), read_codes_in_name("freedict-kha-eng")
    (('en', 'fr'), ('kha', 'en'))
    """
    match = _NAMED.fullmatch(name.lower())
    if not match:
        return None
    source, target = (TWO_LETTER_CODES.get(letters, letters) for letters in match.groups())
    return source, target
