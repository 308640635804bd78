"""Terms: which words or phrases does one side of an entry name?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from searcher.words import normalize

_ASIDES = re.compile(r"(?<!\S)/[^/]*/|<[^<>]*>|\[[^\[\]]*\]|\([^()]*\)|\{[^{}]*\}")
"""Sound, word class, usage and explanations."""

_SEPARATORS = re.compile("[,;]")
_NUMBER_AT_END = re.compile(r"\s\d+\.\s*\Z")
"""What tells an entry from another of the same spelling."""

_AROUND = " .!?…"

_BEFORE = {"en": re.compile("(?:to|the) "), "fr": re.compile("s(?:e |')|l(?:e |es |a |')")}
"""What dictionaries put before a verb or a noun, by language."""


def find_terms(text: str, language: str) -> Iterator[str]:
    """Yield the terms that stand between commas and semicolons, spelt as the index spells words, one space between two.

    >>> list(find_terms("to sleep (deeply), L’Œuvre /lœvʁ/ <n>; bank 2.", "en"))
    ['sleep', "l'oeuvre", 'bank']
    """
    before = _BEFORE.get(language)
    for part in _SEPARATORS.split(_ASIDES.sub(" ", text)):
        term = " ".join(map(normalize, _NUMBER_AT_END.sub("", part).strip(_AROUND).split()))
        if before and (match := before.match(term)):
            term = term[match.end() :]
        if any(map(str.isalpha, term)) and not _is_affix(term):
            yield term


def _is_affix(term: str) -> bool:
    """Tell a part of words, such as -ship or re-."""
    return term.startswith("-") or term.endswith("-")
