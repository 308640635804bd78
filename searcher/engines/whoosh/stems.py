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
"""A stem, or another term that stands for forms, and the number of one of them."""


def group_columns(pairs: Iterable[Pair]) -> dict[str, Array]:
    """Return the columns of terms with their forms, by their short names."""
    groups = [(term, [form for _, form in group]) for term, group in groupby(sorted(pairs), key=lambda pair: pair[0])]
    counts = np.fromiter((len(forms) for _, forms in groups), np.int64, len(groups))
    return {
        **pack_terms([term for term, _ in groups]),
        **{f"form_counts{part}": values for part, values in pack_counts(counts).items()},
        "forms": np.array([form for _, forms in groups for form in forms], np.uint32),
    }


def find_speakers(posted: Posted, languages: Array, count: int) -> NDArray[np.bool_]:
    """Return which forms stand in documents of which languages, (terms, count); `languages`: of each document."""
    is_spoken = np.zeros((len(posted.terms), count), bool)
    is_spoken[np.repeat(np.arange(len(posted.terms)), posted.counts), languages[posted.documents]] = True
    return is_spoken


class FormGroups:
    """Sorted terms that stand for forms of a field: stems for what has them, keys of names for their spellings."""

    def __init__(self, columns: Columns, name: str) -> None:
        """Read what `group_columns` has written under `name`."""
        self._columns = columns
        self._name = name

    @cached_property
    def terms(self) -> Terms:
        return Terms(self._columns, self._name)

    @cached_property
    def _form_ends(self) -> Array:
        return ends(read_counts(self._columns, f"{self._name}.form_counts"))

    def forms(self, number: int) -> list[int]:
        """Return the numbers of the forms of a term, by its number."""
        part = slice(int(self._form_ends[number]), int(self._form_ends[number + 1]))
        found: list[int] = self._columns.array(f"{self._name}.forms")[part].tolist()
        return found

    def all_forms(self) -> Array:
        """Return the numbers of the forms of all terms, those of several more than once."""
        return self._columns.array(f"{self._name}.forms")

    def pairs(self) -> Iterator[Pair]:
        """Yield every term with each of its forms."""
        for number, term in enumerate(self.terms.all()):
            for form in self.forms(number):
                yield term, form


class StemField:
    """The stems of one language over the forms of a field; see `searcher.engines.whoosh.postings.FieldReader`."""

    has_positions = False

    def __init__(self, groups: FormGroups, forms: PostedField, is_ours: NDArray[np.bool_]) -> None:
        """`groups`: the stems with their forms; `is_ours`: (documents,) which are of the language."""
        self.groups = groups
        self._posted = forms
        self._is_ours = is_ours

    @property
    def count(self) -> int:
        return self.groups.terms.count

    def term(self, number: int) -> bytes:
        return self.groups.terms.term(number)

    def bisect(self, term: bytes) -> int:
        return self.groups.terms.bisect(term)

    def find(self, term: bytes) -> int:
        return self.groups.terms.find(term)

    def postings(self, number: int, *, with_positions: bool = False) -> Postings:  # noqa: ARG002 - of the Protocol
        parts = [self._of_language(self._posted.postings(form)) for form in self.groups.forms(number)]
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
