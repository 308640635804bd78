"""Glossaries: which words of two languages does this file pair?

A reader gives the languages that the file names, None where it names none, and pairs of texts as they are written.
What it can't read it raises as a GlossaryError.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from searcher.errors import GlossaryError
from searcher.glossaries.dictd import SUFFIXES, read_dictd
from searcher.glossaries.tabs import read_tabs
from searcher.glossaries.terms import find_terms
from searcher.messages import Message


@dataclass(frozen=True, slots=True)
class Glossary:
    """Pairs of terms in two languages, in the order of their file, each once.

    A term is a word as `searcher.words.normalize` spells it, or several with one space between two.
    """

    source: str
    target: str
    pairs: tuple[tuple[str, str], ...]

    def pairs_from(self, language: str) -> Iterable[tuple[str, str]]:
        """Return the pairs with the term of this language first."""
        return self.pairs if language == self.source else ((target, source) for source, target in self.pairs)


def read_glossary(path: str | os.PathLike[str], languages: tuple[str, str] | None = None) -> Glossary:
    """Read a dictd dictionary, named by any of its files, or a tab-separated file of terms and translations.

    `languages`: what is in the first and in the second column; without it, what the file itself says. Raises
    GlossaryError.
    """
    path = Path(path)
    named, rows = (read_dictd if path.name.endswith(SUFFIXES) else read_tabs)(path)
    source, target = languages or named or ("", "")
    if rows and source == target:
        raise GlossaryError(
            path,
            Message("the two languages of {path} are not known", path=path),
            Message(
                'Begin it with a line such as "en", tab, "fr"; name a dictd dictionary as in freedict-eng-fra.index'
            ),
        )
    glossary = make_glossary(source, target, rows)
    if not glossary.pairs:
        problem = Message("there are no terms with translations in {path}", path=path)
        raise GlossaryError(path, problem, Message("Check that it is a glossary"))
    return glossary


def make_glossary(source: str, target: str, rows: Iterable[tuple[str, str]]) -> Glossary:
    """Pair each term of the first text of a row with each of the second."""
    pairs = dict.fromkeys(
        (term, translation)
        for left, right in rows
        for term in find_terms(left, source)
        for translation in find_terms(right, target)
    )
    return Glossary(source, target, tuple(pairs))
