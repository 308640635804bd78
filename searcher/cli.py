"""The command `searcher`: parses, calls the API, prints."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from searcher import (
    IndexReport,
    NothingToIndexError,
    Searcher,
    SearcherError,
    SearchResults,
    analyze,
    build_index,
    detect_language,
    read_documents,
    update_index,
)
from searcher.engines import get_engine
from searcher.languages import UNDETERMINED, get_language, language_codes
from searcher.sentences import clean_line

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

NO_HITS, ERROR, INTERRUPTED = 1, 2, 130
"""Exit codes beside 0."""

CODES = (*language_codes(), UNDETERMINED)
FORMATS = ("human", "json", "jsonl", "tsv")
Command = Callable[..., Any]


def index_option(command: Command) -> Command:
    """Add --index."""
    return click.option(
        "--index", "folder", type=click.Path(path_type=Path), envvar="SEARCHER_INDEX", default="index",
        show_default=True, show_envvar=True, metavar="DIR", help="The folder of the index.",
    )(command)  # fmt: skip


def format_option(command: Command) -> Command:
    """Add --format."""
    return click.option(
        "--format",
        "style",
        type=click.Choice(FORMATS),
        default="human",
        show_default=True,
        help="How results are written.",
    )(command)


def color_option(command: Command) -> Command:
    """Add --color."""
    return click.option(
        "--color", type=click.Choice(("auto", "always", "never")), default="auto", show_default=True,
        help="Mark words with colour; auto: on a terminal, unless NO_COLOR is set.",
    )(command)  # fmt: skip


def language_option(help: str) -> Callable[[Command], Command]:
    """Return what adds --language, described by `help`."""
    return click.option("--language", type=click.Choice(CODES), help=help)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="searcher-enfr", prog_name="searcher")
def cli() -> None:
    """Find things in English and French texts.

    Results go to standard output, everything else to standard error. Exit code 0: hits or done, 1: no hits, 2: error.
    """


@cli.command()
@click.argument("words", metavar="QUERY...", nargs=-1, required=True)
@index_option
@language_option("Only documents in this language.")
@click.option("--limit", type=click.IntRange(min=0), default=10, show_default=True, metavar="N", help="Hits to show.")
@click.option(
    "--offset", type=click.IntRange(min=0), default=0, show_default=True, metavar="N", help="Hits to pass over."
)
@format_option
@color_option
def search(
    words: Sequence[str], folder: Path, language: str | None, limit: int, offset: int, style: str, color: str
) -> int:
    """Rank the documents that hold any of the words, of both languages, with snippets.

    Words in quotation marks are searched as they stand: searcher search '"remote sensing"'.
    """
    with Searcher(folder) as searcher:
        results = searcher.search(" ".join(words), language=language, limit=limit, offset=offset)
        for warning in results.warnings:
            note(warning)
        if style == "json":
            print_json(results.to_dict())
        elif style == "jsonl":
            for hit in results:
                print_json(hit.to_dict(), indent=None)
        elif style == "tsv":
            for hit in results:
                fields = (hit.rank, f"{hit.score:.4f}", hit.id, hit.language, hit.title, hit.snippet.to_text())
                print_row(fields)
        else:
            print_results(results, len(searcher), color)
    return 0 if results.total else NO_HITS


@cli.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@index_option
@format_option
def index(paths: Sequence[str], folder: Path, style: str) -> int:
    """Add or update documents.

    PATH is a file or folder of .txt, .md, .html, .jsonl and .csv files, or - for JSON lines on standard input.
    Documents that have not changed are left alone.
    """
    return change(update_index, paths, folder, style)


@cli.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@index_option
@format_option
def rebuild(paths: Sequence[str], folder: Path, style: str) -> int:
    """Build the index anew; the old one answers until the new one is complete."""
    return change(build_index, paths, folder, style)


@cli.command()
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@index_option
@format_option
def remove(ids: Sequence[str], folder: Path, style: str) -> int:
    """Delete documents."""
    get_engine().open(folder).close()
    return print_report(update_index((), folder, remove=ids), style)


@cli.command()
@click.argument("path", type=click.Path(dir_okay=False), default="-")
@format_option
def detect(path: str, style: str) -> int:
    """Tell the language of a text: a file, or standard input."""
    [document] = read_text(path)
    detection = detect_language(document)
    if style == "human":
        click.echo(f"{detection.code}  {language_name(detection.code)}, confidence {detection.confidence:.2f}")
    else:
        print_values([{"code": detection.code, "confidence": round(detection.confidence, 4)}], style, is_one=True)
    return 0


@cli.command()
@index_option
@format_option
def status(folder: Path, style: str) -> int:
    """Tell what the index holds."""
    found = get_engine().inspect(folder)
    values = {
        "folder": str(found.folder),
        "documents": sum(found.documents.values()),
        "languages": dict(found.documents),
        "size": found.size,
        "modified": time.strftime("%Y-%m-%dT%H:%M:%S%z", time.localtime(found.modified)),
        "generation": found.generation,
        "fingerprint": found.fingerprint,
    }
    if style != "human":
        print_values([values], style, is_one=True)
        return 0
    rows = (
        ("index", found.folder),
        ("documents", f"{values['documents']:,} ({count_languages(found.documents)})" if found.documents else "none"),
        ("size", format_size(found.size)),
        ("changed", f"{format_age(time.time() - found.modified)} ago"),
        ("generation", found.generation),
        ("fingerprint", found.fingerprint),
    )
    for name, value in rows:
        click.echo(f"{name:<12} {value}")
    return 0


@cli.command("analyze")
@click.argument("text")
@language_option("The language of the text; detected where it is not given.")
@format_option
def analyze_command(text: str, language: str | None, style: str) -> int:
    """Show the tokens, stems and offsets of a text as the index sees them."""
    code = language or detect_language(text).code
    rows = [token._asdict() for token in analyze(text, code)]
    if style != "human":
        print_values(rows, style)
        return 0
    note(f"as {language_name(code)}")
    widths = [max([len(name), *(len(str(row[name])) for row in rows)]) for name in ("term", "exact")]
    click.echo(f"{'term':<{widths[0]}}  {'exact':<{widths[1]}}  start  end  position")
    for row in rows:
        click.echo(
            f"{row['term']:<{widths[0]}}  {row['exact']:<{widths[1]}}"
            f"  {row['start']:>5}  {row['end']:>3}  {row['position']:>8}"
        )
    return 0


def change(verb: Callable[..., IndexReport], paths: Sequence[str], folder: Path, style: str) -> int:
    """Read the paths and build or update the index; the ids count from the folder that holds the index."""
    documents = read_documents(*paths, root=folder.absolute().parent)
    with progress_bar() as progress:
        report = verb(documents, folder, progress=progress)
    return print_report(report, style)


@contextmanager
def progress_bar() -> Iterator[Callable[[int, str], None] | None]:
    """Show how many documents were done, where standard error is a terminal; nothing for the first half second."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.completed:>8,.0f} documents"), BarColumn(), TimeElapsedColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task("", total=None)
    begin = time.monotonic()

    def show(count: int, _id: str) -> None:
        if not bar.live.is_started and time.monotonic() - begin > 0.5:
            bar.start()
        bar.update(task, completed=count)

    try:
        yield show
    finally:
        if bar.live.is_started:
            bar.stop()


def read_text(path: str) -> Iterable[str]:
    """Yield the text of a file, or of standard input."""
    if path == "-":
        yield sys.stdin.buffer.read().decode("utf-8", errors="replace")
        return
    documents = read_documents(path)
    texts = [f"{document.title}\n{document.text}" for document in documents]
    if not texts:
        raise SearcherError("; ".join(f"{skipped}: {reason}" for skipped, reason in documents.skipped))
    yield "\n".join(texts)


def print_results(results: SearchResults, searched: int, color: str) -> None:
    """Write results for people: two lines and a snippet for each hit."""
    if not results.total:
        note(f"no hits among {searched:,} documents")
        return
    console, is_marked = open_console(color)
    from rich.text import Text

    last = results[-1].rank if len(results) else 0
    shown = f"{results[0].rank}-{last} of " if len(results) else ""
    console.print(Text(f"{shown}{results.total:,} ({count_languages(results.languages)}), {results.seconds:.3f} s"))
    for hit in results:
        console.print()
        title = clean_line(hit.title) or clean_line(hit.id)
        console.print(Text.assemble(f"{hit.rank:>2}. ", (title, "bold" if is_marked else "")))
        details = Text(f"{language_name(hit.language)} · {hit.score:.2f} · {clean_line(hit.id)}")
        for part in (details, mark(hit.snippet.text, hit.snippet.highlights, is_marked)):
            for line in part.wrap(console, console.width - 4):
                line.rstrip()
                console.print(Text("    ") + line)


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
        force_terminal=is_styled, color_system="standard" if is_styled else None,
        markup=False, highlight=False, emoji=False,
    )  # fmt: skip
    return console, is_styled


def print_report(report: IndexReport, style: str) -> int:
    """Write what a change did; what was skipped goes to standard error and makes the exit code 2."""
    if style == "human":
        done = [
            f"{count:,} {verb}"
            for verb in ("added", "updated", "unchanged", "removed")
            if (count := getattr(report, verb))
        ]
        languages = f" ({count_languages(report.languages)})" if report.languages else ""
        click.echo(f"{', '.join(done) or 'nothing to do'}{languages}, {report.seconds:.1f} s")
    else:
        print_values([asdict(report)], style, is_one=True)
    return print_skipped(report.skipped)


def print_skipped(skipped: Iterable[tuple[str, str]]) -> int:
    """Name what was skipped and why; return the exit code."""
    code = 0
    for path, reason in skipped:
        note(f"skipped {path}: {reason}")
        code = ERROR
    return code


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
    """Write a value as JSON; without indent on one line."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=indent))


def print_row(values: Iterable[Any]) -> None:
    """Write values on one line with tabs between them."""
    texts = (json.dumps(v, ensure_ascii=False) if isinstance(v, (Mapping, list, tuple)) else str(v) for v in values)
    click.echo("\t".join(clean_line(text) for text in texts))


def note(message: str) -> None:
    """Write to standard error, on one line."""
    click.echo(f"searcher: {clean_line(message)}", err=True)


def language_name(code: str) -> str:
    """Return what people call a language."""
    return "other" if code == UNDETERMINED else get_language(code).name


def count_languages(counts: Mapping[str, int]) -> str:
    """Return counts by language in words."""
    return ", ".join(f"{count:,} {language_name(code)}" for code, count in counts.items())


def format_size(size: int) -> str:
    """Return bytes in a unit that leaves up to three digits before the point."""
    value, unit = float(size), "bytes"
    for larger in ("kB", "MB", "GB"):
        if value < 1000:
            break
        value, unit = value / 1000, larger
    return f"{value:.0f} {unit}" if unit == "bytes" else f"{value:.1f} {unit}"


def format_age(seconds: float) -> str:
    """Return a duration in its largest unit."""
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {unit}{'s' if count > 1 else ''}"
    return "less than a minute"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; errors are one line on standard error, never a traceback."""
    try:
        code = cli.main(args=arguments, prog_name="searcher", standalone_mode=False) or 0
        sys.stdout.flush()
    except click.exceptions.Abort:
        code = INTERRUPTED
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except NothingToIndexError as error:
        code = print_skipped(error.skipped)
        note(str(error))
    except SearcherError as error:
        note(str(error))
        code = ERROR
    except BrokenPipeError:
        # Whoever read our output has gone; Python would complain again when it closes it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code)
