"""Messages: in which words is this said, in the language of who reads it?

A `Message` is its English text and remembers what it was made of, so that the library speaks English, programs read
English, and the command says the same in the language that was chosen. The English text is the key: the module of
another language, found by its name, holds one table from those to its own.
"""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from string import Formatter
from typing import Any

ENGLISH = "en"

_SPECIAL = re.compile("[,.%]")
"""What numbers are written with beside digits."""


class Message(str):
    """A sentence in English, made of a text and the values that stand in it.

    Values are numbers, texts, other messages, or sequences of texts, which are listed with commas.
    """

    template: str
    values: dict[str, Any]

    def __new__(cls, template: str, /, **values: object) -> Message:
        kept = {name: _keep(value) for name, value in values.items()}
        message = super().__new__(cls, _fill(ENGLISH, template, kept))
        message.template = template
        message.values = kept
        return message

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, Any]]:
        return (self.template,), self.values


class _Languages:
    """What is spoken at present."""

    chosen = ENGLISH


@cache
def message_languages() -> tuple[str, ...]:
    """List the codes of the languages that messages are in, English first."""
    return ENGLISH, *sorted(module.name for module in pkgutil.iter_modules(__path__))


def choose_language(code: str) -> None:
    """Let everything that is said from now on be in a language."""
    _Languages.chosen = code


def chosen_language() -> str:
    """Return the code of the language that things are said in."""
    return _Languages.chosen


def find_language(environment: Mapping[str, str]) -> str:
    """Return the language that the environment asks for: SEARCHER_UI, else the locale, else English.

    >>> find_language({"LANG": "fr_CA.UTF-8"}), find_language({"LANG": "fr_CA.UTF-8", "LC_ALL": "C"})
    ('fr', 'en')
    """
    names = ("SEARCHER_UI", "LC_ALL", "LC_MESSAGES", "LANG")
    locale = next((environment[name] for name in names if environment.get(name)), "")
    code = re.split("[_.@-]", locale.lower())[0]
    return code if code in message_languages() else ENGLISH


def say(template: str, /, **values: object) -> str:
    """Return a message, or a text with the values that stand in it, in the chosen language."""
    message = template if isinstance(template, Message) and not values else Message(template, **values)
    return translate(message, chosen_language())


def say_number(value: float, spec: str) -> str:
    """Return a number as the chosen language writes it; `spec`: as that of `format`."""
    return _Filler(chosen_language()).format_field(value, spec)


def typeset(text: str) -> str:
    """Return a text with the spaces before its punctuation that the chosen language wants."""
    code = chosen_language()
    return text if code == ENGLISH else str(import_module(f"{__name__}.{code}").typeset(text))


def translate(text: str, language: str) -> str:
    """Return a message in a language; other text, and what the language has no words for, stays as it is."""
    if language == ENGLISH or not isinstance(text, Message):
        return str(text)
    found = _table(language).get(text.template, text.template)
    if isinstance(found, tuple):  # for one, and for many
        found = found[text.values["count"] >= 2]
    return _fill(language, found, text.values)


def find_text(text: str) -> str | None:
    """Return what a text without values is in the chosen language, None in English and where it has no words for it."""
    found = None if chosen_language() == ENGLISH else _table(chosen_language()).get(text)
    return found if isinstance(found, str) else None


@cache
def _table(language: str) -> Mapping[str, str | tuple[str, ...]]:
    module = import_module(f"{__name__}.{language}")
    borrowed = import_module(f"{__name__}.{language}.borrowed")
    tables: list[Mapping[str, str | tuple[str, str]]] = [borrowed.SYSTEM, borrowed.CLICK, module.MESSAGES]
    return {
        english: module.typeset(own) if isinstance(own, str) else tuple(map(module.typeset, own))
        for table in tables
        for english, own in table.items()
    }


def _keep(value: object) -> object:
    """Return a value in a form that any process can read."""
    if isinstance(value, str | int | float):
        return value
    return tuple(map(_keep, value)) if isinstance(value, Sequence) else str(value)


def _fill(language: str, template: str, values: Mapping[str, object]) -> str:
    return _Filler(language).vformat(template, (), values) if values else template


class _Filler(Formatter):
    """Writes values into a text as a language does."""

    def __init__(self, language: str) -> None:
        self._language = language

    def get_value(self, key: int | str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        value = super().get_value(key, args, kwargs)
        if isinstance(value, tuple):
            return ", ".join(translate(part, self._language) for part in value)
        return translate(value, self._language) if isinstance(value, str) else value

    def format_field(self, value: Any, format_spec: str) -> str:
        written = str(super().format_field(value, format_spec))
        if self._language == ENGLISH or not format_spec or isinstance(value, str):
            return written
        signs: Mapping[str, str] = import_module(f"{__name__}.{self._language}").SIGNS
        return _SPECIAL.sub(lambda match: signs[match[0]], written)
