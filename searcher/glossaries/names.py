"""Names of countries, languages, scripts, currencies, units, days and months, from the CLDR; only importer of Babel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from searcher.errors import GlossaryError
from searcher.glossaries import Glossary, make_glossary
from searcher.messages import Message

if TYPE_CHECKING:
    from babel import Locale


def read_names(source: str, target: str) -> Glossary:
    """Pair what the CLDR calls the same thing in two languages.

    GlossaryError where Babel is not installed, or doesn't have one of the languages.
    """
    try:
        from babel import Locale, UnknownLocaleError
    except ImportError:
        problem = Message("names are read with Babel, which is not installed")
        raise GlossaryError(None, problem, Message("Install it with pip install babel")) from None
    try:
        locales = Locale(source), Locale(target)
    except UnknownLocaleError as error:
        problem = Message("Babel has no names in {language}", language=repr(error.identifier))
        raise GlossaryError(None, problem, Message("Leave the names out")) from None
    kinds = zip(*map(_list_names, locales), strict=True)
    rows = ((left[code], right[code]) for left, right in kinds for code in left if code in right)
    return make_glossary(source, target, rows)


def _list_names(locale: Locale) -> Iterator[Mapping[object, str]]:
    """Yield the names of each kind of thing by their codes, in the same order for every locale."""
    yield locale.territories
    yield locale.languages
    yield locale.scripts
    yield locale.currencies
    yield locale.days["stand-alone"]["wide"]
    yield locale.months["stand-alone"]["wide"]
    yield {unit: names["long"] for unit, names in locale.unit_display_names.items() if "long" in names}
