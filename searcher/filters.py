"""Filters: which documents are asked for by what is known of them, whatever they say?"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from searcher.languages import UNDETERMINED, language_codes
from searcher.words import fold, normalize

LANGUAGE, DATE = "lang", "date"
"""The fields that every document has; any other is one of its metadata."""

_DAY = r"\d{4}(?:-\d{2}(?:-\d{2})?)?"
_DAYS = re.compile(rf"(?P<only>{_DAY})|(?P<first>{_DAY})?\.\.(?P<last>{_DAY})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Filter:
    """Documents whose field has a value from `first` to `last`, both among them.

    Days are written 2025-03-23, "" is an open end; a language and the value of a metadata field are both ends at once.
    """

    field: str
    first: str
    last: str


def make_filter(field: str, value: str) -> Filter | None:
    """Return the filter that `field:value` asks for, None where the value is none of that field's."""
    if field == DATE:
        return _make_date_filter(value)
    if field == LANGUAGE:
        code = value.lower()
        return Filter(field, code, code) if code in (*language_codes(), UNDETERMINED) else None
    folded = fold_value(value)
    return Filter(field, folded, folded) if folded else None


def fold_value(value: str) -> str:
    """Return a value of a metadata field as it is compared: without case, accents and spaces around it.

    >>> fold_value(" Éric  KARANIK ")
    'eric karanik'
    """
    return " ".join(fold(normalize(word)) for word in value.split())


def _make_date_filter(value: str) -> Filter | None:
    match = _DAYS.fullmatch(value)
    if match is None or value == "..":
        return None
    begin, end = (match["only"] or match[name] or "" for name in ("first", "last"))
    try:
        first, last = _complete(begin, "-01-01"), _complete(end, "-12-31")
    except ValueError:
        return None
    return Filter(DATE, first, last) if first <= (last or first) else None


def _complete(day: str, ending: str) -> str:
    """Return the first or last day of a year or month; ValueError where the calendar has none such."""
    if not day:
        return ""
    datetime.date.fromisoformat(day + "2000-01-01"[len(day) :])
    return day + ending[len(day) - 4 :]  # the 31st is the end of any month, as no day is later
