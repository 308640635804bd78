"""Language packs: which languages are there, and what is particular to each?

A pack is a module of this package named by its ISO 639-1 code that holds one value, `LANGUAGE`.
Packs are found by listing the package, so a new language is one new file.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module

from searcher.errors import UnknownLanguageError

UNDETERMINED = "und"
"""ISO 639-2 code of a text in none of the packs' languages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """What analysis, detection, ranking and snippets know about one language.

    Words are lower case, NFC, with the straight apostrophe.
    """

    name: str
    """In English, as people are shown it."""

    name_in: Mapping[str, str] = field(default_factory=dict)
    """The same in other languages that messages are in, by their codes."""

    stemmer: str
    """Name of the Snowball algorithm."""

    function_words: frozenset[str]
    """Words that carry grammar rather than a subject; indexed, but counted little."""

    letters: str = ""
    """Letters of the alphabet beside a-z."""

    elisions: frozenset[str] = frozenset()
    """What stands before an apostrophe and is no part of the word after it."""

    possessive_endings: frozenset[str] = frozenset()
    """What stands after an apostrophe and is dropped."""

    contracted_endings: frozenset[str] = frozenset()
    """What stands after an apostrophe and makes one word with what is before it."""

    whole_words: frozenset[str] = frozenset()
    """Words with an apostrophe that is part of them, whatever the other rules say."""

    enclitics: frozenset[str] = frozenset()
    """Hyphenated endings that are cut off, without their first hyphen."""

    decimal_mark: str = "."
    """What stands before the decimals of a number."""

    abbreviations: frozenset[str] = frozenset()
    """Words whose full stop ends no sentence, without it."""

    headword_beginnings: frozenset[str] = frozenset()
    """What dictionaries put before a verb or a noun; elided, with the apostrophe."""

    keyboard: tuple[str, ...] = ()
    """The letters of the keyboard's rows, each half a key to the right of the one above."""


@cache
def language_codes() -> tuple[str, ...]:
    """List the codes of the packs, sorted; the undetermined language is not one of them."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__)))


@cache
def get_language(code: str) -> Language:
    """Return the pack of a language; UnknownLanguageError where there is none."""
    if code not in language_codes():
        raise UnknownLanguageError(code, (*language_codes(), UNDETERMINED))
    language: Language = import_module(f"{__name__}.{code}").LANGUAGE
    return language


@cache
def get_languages() -> tuple[Language, ...]:
    """Return every pack, in the order of the codes."""
    return tuple(get_language(code) for code in language_codes())


@cache
def function_words_of(*codes: str) -> frozenset[str]:
    """Return the function words of some languages together."""
    return frozenset().union(*(get_language(code).function_words for code in codes))
