"""Stems: which forms of words have this stem in this language?

A stem has no postings of its own: its documents are those of the language that hold any of its forms. That saves a
third of an index, and half of the work of writing one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from searcher.engines.whoosh.columns import Array, Columns
from searcher.engines.whoosh.packing import pack_counts
from searcher.engines.whoosh.postings import Posted, PostedField, Postings, Terms, ends, pack_terms, read_counts

Pair = tuple[bytes, int]
"""A stem and the number of one of its forms."""


def stem_columns(pairs: Iterable[Pair]) -> dict[str, Array]:
    """Return the columns of a field of stems, by their short names."""
    groups = [(stem, [form for _, form in group]) for stem, group in groupby(sorted(pairs), key=lambda pair: pair[0])]
    counts = np.fromiter((len(forms) for _, forms in groups), np.int64, len(groups))
    return {
        **pack_terms([stem for stem, _ in groups]),
        **{f"form_counts{part}": values for part, values in pack_counts(counts).items()},
        "forms": np.array([form for _, forms in groups for form in forms], np.uint32),
    }


def find_speakers(posted: Posted, languages: Array, count: int) -> NDArray[np.bool_]:
    """Return which forms stand in documents of which languages, (terms, count); `languages`: of each document."""
    is_spoken = np.zeros((len(posted.terms), count), bool)
    is_spoken[np.repeat(np.arange(len(posted.terms)), posted.counts), languages[posted.documents]] = True
    return is_spoken


class StemField:
    """The stems of one language over the forms of a field; see `searcher.engines.whoosh.postings.FieldReader`."""

    has_positions = False

    def __init__(self, columns: Columns, name: str, forms: PostedField, is_ours: NDArray[np.bool_]) -> None:
        """Read the field `name`; `is_ours`: (documents,) which are of the language."""
        self._columns = columns
        self._name = name
        self._posted = forms
        self._is_ours = is_ours

    @cached_property
    def _terms(self) -> Terms:
        return Terms(self._columns, self._name)

    @cached_property
    def _form_ends(self) -> Array:
        return ends(read_counts(self._columns, f"{self._name}.form_counts"))

    @property
    def count(self) -> int:
        return self._terms.count

    def term(self, number: int) -> bytes:
        return self._terms.term(number)

    def bisect(self, term: bytes) -> int:
        return self._terms.bisect(term)

    def find(self, term: bytes) -> int:
        return self._terms.find(term)

    def forms(self, number: int) -> list[int]:
        """Return the numbers of the forms of a stem."""
        part = slice(int(self._form_ends[number]), int(self._form_ends[number + 1]))
        found: list[int] = self._columns.array(f"{self._name}.forms")[part].tolist()
        return found

    def pairs(self) -> Iterator[tuple[bytes, bytes]]:
        """Yield every stem with each of its forms."""
        forms = self._posted.terms()
        for number, stem in enumerate(self._terms.all()):
            for form in self.forms(number):
                yield stem, forms[form]

    def postings(self, number: int, *, with_positions: bool = False) -> Postings:  # noqa: ARG002 - of the Protocol
        parts = [self._of_language(self._posted.postings(form)) for form in self.forms(number)]
        if len(parts) == 1:
            return parts[0]
        documents = np.concatenate([part.documents for part in parts])
        frequencies = np.concatenate([part.frequencies for part in parts])
        order = np.argsort(documents, kind="stable")
        documents, frequencies = documents[order], frequencies[order]
        firsts = np.flatnonzero(np.diff(documents, prepend=documents[:1] + np.uint32(1)) != 0)
        if not len(firsts):
            return Postings(documents, frequencies)
        return Postings(documents[firsts], np.add.reduceat(frequencies, firsts, dtype=np.uint32))

    def _of_language(self, postings: Postings) -> Postings:
        is_ours = self._is_ours[postings.documents]
        return Postings(postings.documents[is_ours], postings.frequencies[is_ours])

    def count_documents(self, number: int) -> int:
        return len(self.postings(number).documents)
