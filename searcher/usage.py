"""Usage: help and errors of the command in the language of messages.

Commands, options and arguments are declared in English; what click shows of them is said when it is shown. click itself
asks gettext for its own words: it asks us first.
"""

from __future__ import annotations

import gettext
import re
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

import click

from searcher.messages import find_language, find_text, message_languages, say, typeset


def choose_from(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """Return the language that the command is asked to speak; errors in what follows --ui are to be in it, too."""
    given = list(arguments[: arguments.index("--")] if "--" in arguments else arguments)
    asked = [after for option, after in pairwise(given) if option == "--ui"]
    asked += [argument.removeprefix("--ui=") for argument in given if argument.startswith("--ui=")]
    return asked[-1] if asked and asked[-1] in message_languages() else find_language(environment)


def _said(name: str) -> Any:
    """Return an attribute that is set in English, and read in the language of messages."""

    def get(owner: Any) -> object:
        text = vars(owner)[name]
        return _say_paragraphs(text) if isinstance(text, str) else text

    def set_(owner: Any, value: object) -> None:
        vars(owner)[name] = value

    return property(get, set_)


def _say_paragraphs(text: str) -> str:
    """Say a text paragraph by paragraph, each on one line, as click wraps them itself."""
    return "\n\n".join(say(" ".join(paragraph.split())) for paragraph in re.split(r"\n\s*\n", text.strip()))


class Option(click.Option):
    """An option that is described in the language of messages."""

    help = _said("help")
    metavar = _said("metavar")
    show_default = _said("show_default")

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        record = super().get_help_record(ctx)
        return record and (record[0], typeset(record[1]))  # which click has put together

    def get_error_hint(self, ctx: click.Context | None) -> str:
        return super().get_error_hint(ctx).replace("env var:", say("env var:"))


class Argument(click.Argument):
    """An argument that is named in the language of messages."""

    metavar = _said("metavar")


option = partial(click.option, cls=Option)
argument = partial(click.argument, cls=Argument)


class Verb(click.Command):
    """A command that is described in the language of messages, which it lets one choose."""

    help = _said("help")

    def __init__(self, *arguments: Any, **values: Any) -> None:
        super().__init__(*arguments, **values)
        choice = click.Choice(message_languages())
        help = "The language of messages; that of the locale where it is not given."
        self.params.append(
            Option(["--ui"], type=choice, envvar="SEARCHER_UI", show_envvar=True, expose_value=False, help=help)
        )

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        return list(map(say, super().collect_usage_pieces(ctx)))

    def get_short_help_str(self, limit: int = 45) -> str:
        return typeset(super().get_short_help_str(limit))  # which click has cut into words

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        found = super().get_help_option(ctx)
        if found is not None:
            found.help = say("Show this message and exit.")
        return found


class Group(Verb, click.Group):
    """A command of several verbs."""

    command_class = Verb
    group_class = type


def _translate(text: str) -> str:
    return find_text(text) or gettext.gettext(text)


def _translate_count(one: str, many: str, count: int) -> str:
    return find_text(one if count == 1 else many) or gettext.ngettext(one, many, count)


for _module in [module for name, module in sys.modules.items() if name.startswith("click.")]:
    for _name, _function in (("_", _translate), ("ngettext", _translate_count)):
        if hasattr(_module, _name):
            setattr(_module, _name, _function)
