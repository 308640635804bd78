"""Options: what do several verbs of the command share?"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from searcher.languages import UNDETERMINED, language_codes
from searcher.messages import say
from searcher.usage import option

CODES = (*language_codes(), UNDETERMINED)
FORMATS = ("human", "json", "jsonl", "tsv")
Command = Callable[..., Any]


def named_folder(_context: click.Context, parameter: click.Parameter, value: str) -> Path:
    """Return the folder of --index; an empty name is not this folder."""
    if not value.strip():
        raise click.BadParameter(say("the name of the folder is empty"), param=parameter)
    return Path(value)


def index_option(command: Command) -> Command:
    """Add --index."""
    return option(
        "--index", "folder", callback=named_folder, envvar="SEARCHER_INDEX", default="index",
        show_default=True, show_envvar=True, metavar="DIR", help="The folder of the index.",
    )(command)  # fmt: skip


def format_option(command: Command) -> Command:
    """Add --format."""
    return option(
        "--format",
        "style",
        type=click.Choice(FORMATS),
        default="human",
        show_default=True,
        help="How results are written.",
    )(command)


def color_option(command: Command) -> Command:
    """Add --color."""
    return option(
        "--color", type=click.Choice(("auto", "always", "never")), default="auto", show_default=True,
        help="Mark words with colour; auto: on a terminal, unless NO_COLOR is set.",
    )(command)  # fmt: skip


def language_option(help: str) -> Callable[[Command], Command]:
    """Return what adds --language, described by `help`."""
    return option("--language", type=click.Choice(CODES), help=help)


def work_options(command: Command) -> Command:
    """Add --jobs and --memory."""
    jobs = option(
        "--jobs", type=click.IntRange(min=1), default=count_cores, show_default="the cores at hand", metavar="N",
        help="Processes that analyse documents.",
    )  # fmt: skip
    memory = option(
        "--memory", type=click.IntRange(min=16), metavar="MB",
        help="Memory for documents that are not yet written; 256 where it is not given.",
    )  # fmt: skip
    return jobs(memory(command))


def count_cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def page_options(command: Command) -> Command:
    """Add --limit and --offset."""
    limit = option(
        "--limit", type=click.IntRange(min=0), default=10, show_default=True, metavar="N", help="Hits to show."
    )
    offset = option(
        "--offset", type=click.IntRange(min=0), default=0, show_default=True, metavar="N", help="Hits to pass over."
    )
    return limit(offset(command))
