"""Terms: which words or phrases does one side of an entry name?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from searcher.languages import get_language, language_codes
from searcher.words import normalize

_ASIDES = re.compile(r"(?<!\S)/[^/]*/|<[^<>]*>|\[[^\[\]]*\]|\([^()]*\)|\{[^{}]*\}")
"""Sound, word class, usage and explanations."""

_SEPARATORS = re.compile("[,;]")
_NUMBER_AT_END = re.compile(r"\s\d+\.\s*\Z")
"""What tells an entry from another of the same spelling."""

_AROUND = " .!?…"


def find_terms(text: str, language: str) -> Iterator[str]:
    """Yield the terms that stand between commas and semicolons, spelt as the index spells words, one space between two.

    >>> list(find_terms("to sleep (deeply), L’Œuvre /lœvʁ/ <n>; bank 2.", "en"))
    ['sleep', "l'oeuvre", 'bank']
    """
    beginnings = _headword_beginnings(language)
    for part in _SEPARATORS.split(_ASIDES.sub(" ", text)):
        term = " ".join(map(normalize, _NUMBER_AT_END.sub("", part).strip(_AROUND).split()))
        if beginning := next(filter(term.startswith, beginnings), ""):
            term = term.removeprefix(beginning)
        if any(map(str.isalpha, term)) and not _is_affix(term):
            yield term


@cache
def _headword_beginnings(language: str) -> tuple[str, ...]:
    """Return what stands before terms, with the space behind it; nothing for a language without a pack."""
    words = get_language(language).headword_beginnings if language in language_codes() else ()
    return tuple(word if word.endswith("'") else f"{word} " for word in words)


def _is_affix(term: str) -> bool:
    """Tell a part of words, such as -ship or re-."""
    return term.startswith("-") or term.endswith("-")
