"""Printing: how are results, reports and progress written, for people and for programs?

The only importer of rich, which is imported where people are written to.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from searcher.errors import SearcherError
from searcher.languages import UNDETERMINED, get_language
from searcher.messages import chosen_language, say, say_number
from searcher.results import SearchResults
from searcher.sentences import clean_line

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from searcher.explaining import Explanation
    from searcher.indexing import IndexReport

CONTROLS = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What JSON may hold as it is, but a terminal had better not see."""


FACET_VALUES = 10
"""Of each field, for people."""


@contextmanager
def progress_bar() -> Iterator[Callable[[int, str], None] | None]:
    """Show how many documents were done, where standard error is a terminal; nothing for the first half second."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:>18}"), BarColumn(), TimeElapsedColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task("", total=None)
    begin = time.monotonic()

    def show(count: int, _id: str) -> None:
        if not bar.live.is_started and time.monotonic() - begin > 0.5:
            bar.start()
        bar.update(task, completed=count, description=say("{count:,} documents", count=count))

    try:
        yield show
    finally:
        if bar.live.is_started:
            bar.stop()


def print_results(results: SearchResults, searched: int, color: str) -> None:
    """Write results for people: two lines and a snippet for each hit."""
    if not results.total:
        note(say("no hits among {count:,} documents", count=searched))
        return
    console, is_marked = open_console(color)
    from rich.text import Text

    total = count_documents(results.languages)
    if len(results):
        total = say("{first}-{last} of {total}", first=results[0].rank, last=results[-1].rank, total=total)
    console.print(Text(f"{total}, {say_number(results.seconds, '.3f')} s"))
    for hit in results:
        console.print()
        title = clean_line(hit.title) or clean_line(hit.id)
        console.print(Text.assemble(f"{hit.rank:>2}. ", (title, "bold" if is_marked else "")))
        details = Text(f"{language_name(hit.language)} · {say_number(hit.score, '.2f')} · {clean_line(hit.id)}")
        for part in (details, mark(hit.snippet.text, hit.snippet.highlights, is_marked)):
            for line in part.wrap(console, console.width - 4):
                line.rstrip()
                console.print(Text("    ") + line)


def print_explanation(explanation: Explanation, lines: Iterable[str], color: str) -> None:
    """Write for people how the score of a document comes about; `lines`: that in words, the inner ones indented."""
    from rich.text import Text

    console, is_marked = open_console(color)
    title, id = clean_line(explanation.title), clean_line(explanation.id)
    console.print(Text(title or id, "bold" if is_marked else ""))
    console.print(Text(f"{language_name(explanation.language)} · {id}"))
    for told in lines:
        indent = len(told) - len(told.lstrip())
        for line in Text(clean_line(told)).wrap(console, console.width - indent):
            line.rstrip()
            console.print(Text(" " * indent) + line)


def print_facets(facets: Mapping[str, Mapping[str, int]]) -> None:
    """Write the most frequent values of each field that was asked for, one line a field."""
    for name, counts in facets.items():
        first = list(counts.items())[:FACET_VALUES]
        shown = [f"{clean_line(value)} {say_number(count, ',')}" for value, count in first]
        more = [say("{count:,} more", count=len(counts) - FACET_VALUES)] if len(counts) > FACET_VALUES else []
        values = ", ".join([*shown, *more]) or say("none")
        sys.stdout.write(f"\n{say('{name}: {values}', name=clean_line(name), values=values)}\n")


def mark(text: str, highlights: Iterable[tuple[int, int]], is_styled: bool) -> Text:
    """Return a snippet with its matches in bold and underlined, or between asterisks."""
    from rich.text import Text

    marked, done = Text(), 0
    for start, end in highlights:
        marked.append(text[done:start])
        marked.append(text[start:end] if is_styled else f"*{text[start:end]}*", "bold underline" if is_styled else "")
        done = end
    return marked.append(text[done:])


def open_console(color: str) -> tuple[Console, bool]:
    """Return a console for standard output, and whether it is to be styled."""
    from rich.console import Console

    is_styled = color == "always" or (color == "auto" and sys.stdout.isatty() and not os.environ.get("NO_COLOR"))
    console = Console(
        width=None if os.environ.get("COLUMNS", "80") != "0" else 80,
        force_terminal=is_styled, color_system="standard" if is_styled else None,
        markup=False, highlight=False, emoji=False,
    )  # fmt: skip
    return console, is_styled


def print_report(report: IndexReport, style: str) -> None:
    """Write what a change did; what was skipped goes to standard error."""
    if style == "human":
        outcomes = (
            (report.added, say("{count:,} added", count=report.added)),
            (report.updated, say("{count:,} updated", count=report.updated)),
            (report.unchanged, say("{count:,} unchanged", count=report.unchanged)),
            (report.removed, say("{count:,} removed", count=report.removed)),
        )
        done = ", ".join(told for count, told in outcomes if count) or say("nothing to do")
        languages = f" ({count_languages(report.languages)})" if report.languages else ""
        print(f"{done}{languages}, {say_number(report.seconds, '.1f')} s")
    else:
        print_values([asdict(report)], style, is_one=True)
    print_skipped(report.skipped)


def print_skipped(skipped: Iterable[tuple[str, str]]) -> None:
    """Name what was skipped, and why."""
    for path, reason in skipped:
        note(say("skipped {path}: {reason}", path=path, reason=reason))


def print_values(rows: Sequence[Mapping[str, Any]], style: str, *, is_one: bool = False) -> None:
    """Write rows as JSON, JSON lines or tab-separated values with a header."""
    if style == "json":
        print_json(rows[0] if is_one else list(rows))
    elif style == "jsonl":
        for row in rows:
            print_json(row, indent=None)
    elif rows:
        print_row(rows[0])
        for row in rows:
            print_row(row.values())


def print_json(value: Any, indent: int | None = 2) -> None:
    """Write a value as JSON, without indent on one line; what controls a terminal is escaped."""
    is_utf8 = (getattr(sys.stdout, "encoding", None) or "").lower().replace("-", "") == "utf8"
    text = json.dumps(value, ensure_ascii=not is_utf8, indent=indent)
    print(CONTROLS.sub(lambda match: f"\\u{ord(match.group()):04x}", text))


def print_row(values: Iterable[Any]) -> None:
    """Write values on one line with tabs between them."""
    texts = (json.dumps(v, ensure_ascii=False) if isinstance(v, (Mapping, list, tuple)) else str(v) for v in values)
    print("\t".join(clean_line(text) for text in texts))


def note(message: str) -> None:
    """Write to standard error, on one line."""
    print(f"searcher: {clean_line(message)}", file=sys.stderr)


def print_error(error: SearcherError) -> None:
    """Write what went wrong, and what to do next."""
    problem, advice = say(error.problem), say(error.advice)
    note(f"{problem}. {advice}" if advice else problem)


def language_name(code: str) -> str:
    """Return what people call a language."""
    if code == UNDETERMINED:
        return say("other")
    language = get_language(code)
    return language.name_in.get(chosen_language(), language.name)


def count_languages(counts: Mapping[str, int]) -> str:
    """Return counts by language in words."""
    return ", ".join(
        say("{count:,} {language}", count=count, language=language_name(code)) for code, count in counts.items()
    )


def count_documents(counts: Mapping[str, int]) -> str:
    """Return how many documents there are, and of which languages."""
    if not counts:
        return say("none")
    return say("{total:,} ({languages})", total=sum(counts.values()), languages=count_languages(counts))


def format_size(size: int) -> str:
    """Return bytes in a unit that leaves up to three digits before the point."""
    if size < 1_000:
        return say("{size} bytes", size=size)
    if size < 1_000_000:
        return say("{size:.1f} kB", size=size / 1_000)
    if size < 1_000_000_000:
        return say("{size:.1f} MB", size=size / 1_000_000)
    return say("{size:.1f} GB", size=size / 1_000_000_000)


def format_age(seconds: float) -> str:
    """Return how long ago something was, in the largest unit."""
    days, hours, minutes = int(seconds // 86_400), int(seconds // 3_600), int(seconds // 60)
    if days:
        return say("{count} day ago" if days == 1 else "{count} days ago", count=days)
    if hours:
        return say("{count} hour ago" if hours == 1 else "{count} hours ago", count=hours)
    if minutes:
        return say("{count} minute ago" if minutes == 1 else "{count} minutes ago", count=minutes)
    return say("less than a minute ago")
