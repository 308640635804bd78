"""The command `searcher`: parses, calls the API, prints."""

from __future__ import annotations

import io
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import reduce
from pathlib import Path

import click

import searcher
from searcher.engines import get_engine
from searcher.errors import DocumentError, NothingToIndexError, SearcherError, tell_refusal
from searcher.messages import Message, choose_language, say
from searcher.options import color_option, format_option, index_option, language_option, page_options, work_options
from searcher.printing import (
    count_documents,
    format_age,
    format_size,
    language_name,
    note,
    print_error,
    print_explanation,
    print_facets,
    print_json,
    print_report,
    print_results,
    print_row,
    print_skipped,
    print_values,
    progress_bar,
)
from searcher.searching import SORTS
from searcher.sentences import clean_line
from searcher.usage import Group, Option, argument, choose_from, option

NO_HITS, ERROR, INTERRUPTED = 1, 2, 130
"""Exit codes beside 0."""


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(cls=Option, package_name="searcher-enfr", prog_name="searcher")
def cli() -> None:
    """Find things in English and French texts.

    Results go to standard output, everything else to standard error. Exit code 0: hits or done, 1: no hits, 2: error.
    """


@cli.command()
@argument("words", metavar="QUERY...", nargs=-1, required=True)
@index_option
@language_option("Only documents in this language.")
@page_options
@option("--sort", type=click.Choice(SORTS), default="score", show_default=True, help="Best or newest first.")
@option(
    "--facet", "facets", multiple=True, metavar="NAME",
    help="Count the values of a field, language, year or any of the metadata; repeatable.",
)  # fmt: skip
@format_option
@color_option
def search(
    words: Sequence[str],
    folder: Path,
    language: str | None,
    limit: int,
    offset: int,
    sort: str,
    facets: Sequence[str],
    style: str,
    color: str,
) -> int:
    """Rank the documents that hold any of the words, of both languages, with snippets.

    Words in quotation marks are searched as they stand: searcher search '"remote sensing"'. After -- a query may begin
    with a minus: searcher search -- -shuttle lang:fr. README lists what else a query may say.
    """
    with searcher.Searcher(folder) as opened:
        results = opened.search(
            " ".join(words), language=language, limit=limit, offset=offset, sort=sort, facets=facets
        )
        return show_results(results, len(opened), style, color)


@cli.command()
@argument("words", metavar="PREFIX...", nargs=-1, required=True)
@index_option
@option("--limit", type=click.IntRange(min=0), default=10, show_default=True, metavar="N", help="Words to show.")
@format_option
def suggest(words: Sequence[str], folder: Path, limit: int, style: str) -> int:
    """Complete what is being typed with words of the documents, the most frequent first."""
    with searcher.Searcher(folder) as opened:
        found = opened.suggest(" ".join(words), limit=limit)
    if style == "json":
        print_json(found)
    elif style == "tsv":
        print_values([{"suggestion": completed} for completed in found], style)
    else:
        for completed in found:
            click.echo(clean_line(completed)) if style == "human" else print_json(completed, indent=None)
    if not found:
        note(say("no word of the documents begins so"))
    return 0 if found else NO_HITS


@cli.command()
@argument("paths", metavar="PATH...", nargs=-1, required=True)
@index_option
@work_options
@format_option
def index(paths: Sequence[str], folder: Path, style: str, **work: int | None) -> int:
    """Add or update documents.

    PATH is a file or folder of .txt, .md, .html, .jsonl and .csv files, or - for JSON lines on standard input.
    Documents that have not changed are left alone.
    """
    return change(searcher.update_index, paths, folder, style, work)


@cli.command()
@argument("paths", metavar="PATH...", nargs=-1, required=True)
@index_option
@work_options
@format_option
def rebuild(paths: Sequence[str], folder: Path, style: str, **work: int | None) -> int:
    """Build the index anew; the old one answers until the new one is complete."""
    return change(searcher.build_index, paths, folder, style, work)


@cli.command()
@argument("ids", metavar="ID...", nargs=-1, required=True)
@index_option
@format_option
def remove(ids: Sequence[str], folder: Path, style: str) -> int:
    """Delete documents."""
    with searcher.Searcher(folder):  # one that isn't there is an error here, not a new one
        pass
    return report_on(searcher.update_index((), folder, remove=ids), style)


@cli.command()
@argument("path", metavar="[PATH]", type=click.Path(dir_okay=False), default="-")
@format_option
def detect(path: str, style: str) -> int:
    """Tell the language of a text: a file, or standard input."""
    detection = searcher.detect_language(read_text(path))
    if style == "human":
        language = language_name(detection.code)
        told = say("{language}, confidence {confidence:.2f}", language=language, confidence=detection.confidence)
        click.echo(f"{detection.code}  {told}")
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
        (say("index"), found.folder),
        (say("documents"), count_documents(found.documents)),
        (say("size"), format_size(found.size)),
        (say("changed"), format_age(time.time() - found.modified)),
        (say("generation"), found.generation),
        (say("fingerprint"), found.fingerprint),
    )
    for name, value in rows:
        click.echo(f"{name:<12} {clean_line(str(value))}")
    return 0


@cli.command("analyze")
@argument("text", metavar="TEXT")
@language_option("The language of the text; detected where it is not given.")
@format_option
def analyze_command(text: str, language: str | None, style: str) -> int:
    """Show the tokens, stems and offsets of a text as the index sees them."""
    code = language or searcher.detect_language(text).code
    rows = [token._asdict() for token in searcher.analyze(text, code)]
    if style != "human":
        print_values(rows, style)
        return 0
    note(say("as {language}", language=language_name(code)))
    term, exact, start = say("term"), say("exact"), say("start")
    end, position = say("end"), say("position")
    heads = {"term": term, "exact": exact}
    widths = [max([len(head), *(len(str(row[name])) for row in rows)]) for name, head in heads.items()]
    click.echo(f"{term:<{widths[0]}}  {exact:<{widths[1]}}  {start:>5}  {end:>3}  {position:>8}")
    for row in rows:
        click.echo(
            f"{row['term']:<{widths[0]}}  {row['exact']:<{widths[1]}}"
            f"  {row['start']:>5}  {row['end']:>3}  {row['position']:>8}"
        )
    return 0


@cli.command()
@argument("words", metavar="QUERY...", nargs=-1, required=True)
@argument("id", metavar="ID")
@index_option
@format_option
@color_option
def explain(words: Sequence[str], id: str, folder: Path, style: str, color: str) -> int:
    """Tell why a document has its score for a query, word by word, or why it is no hit."""
    with searcher.Searcher(folder) as opened:
        explanation = opened.explain(" ".join(words), id)
    for warning in explanation.warnings:
        note(say(warning))
    if style == "human":
        from searcher.descriptions import describe  # which a search does not need

        print_explanation(explanation, describe(explanation), color)
    elif style == "tsv":
        print_values(explanation.to_dict()["concepts"], style)
    else:
        print_values([explanation.to_dict()], style, is_one=True)
    return 0 if explanation.is_hit else NO_HITS


@cli.command()
@argument("id", metavar="ID")
@index_option
@language_option("Only documents in this language.")
@page_options
@format_option
@color_option
def similar(id: str, folder: Path, language: str | None, limit: int, offset: int, style: str, color: str) -> int:
    """Rank the documents that are like one, of both languages, with snippets."""
    with searcher.Searcher(folder) as opened:
        results = opened.similar(id, language=language, limit=limit, offset=offset)
        return show_results(results, len(opened) - 1, style, color)


@cli.group()
def glossary() -> None:
    """Let searches find translations of their words, from dictionaries that the index keeps."""


@glossary.command("add")
@argument("paths", metavar="FILE...", nargs=-1, required=True)
@option(
    "--languages", metavar="CODES",
    help="Of the first and of the second column, such as en,fr; needed where a file does not say.",
)  # fmt: skip
@index_option
@format_option
def glossary_add(paths: Sequence[str], languages: str | None, folder: Path, style: str) -> int:
    """Add glossaries, each in place of the one of the same name.

    FILE is a dictd dictionary, such as freedict-eng-fra.index, or has a term, a tab and its translation on each line.
    """
    codes = tuple(map(str.strip, languages.split(","))) if languages is not None else None
    return show_glossaries(searcher.add_glossaries(paths, folder, languages=codes), style, say("added "))


@glossary.command("list")
@index_option
@format_option
def glossary_list(folder: Path, style: str) -> int:
    """Tell which glossaries the index has."""
    found = searcher.list_glossaries(folder)
    if not found:
        note(say("the index has no glossaries, only the names of countries and languages"))
    return show_glossaries(found, style)


@glossary.command("remove")
@argument("names", metavar="NAME...", nargs=-1, required=True)
@index_option
@format_option
def glossary_remove(names: Sequence[str], folder: Path, style: str) -> int:
    """Let go of glossaries."""
    return show_glossaries(searcher.remove_glossaries(names, folder), style, say("removed "))


def show_glossaries(statuses: Sequence[searcher.GlossaryStatus], style: str, done: str = "") -> int:
    """Print glossaries, for people after what was done with them; return the exit code."""
    if style != "human":
        print_values([asdict(status) for status in statuses], style)
        return 0
    for status in statuses:
        pairs = say("{count:,} pairs", count=status.pairs)
        click.echo(f"{done}{clean_line(status.name)}  {status.source}-{status.target}, {pairs}")
    return 0


def show_results(results: searcher.SearchResults, searched: int, style: str, color: str) -> int:
    """Print results and what was not searched as asked; return the exit code."""
    for warning in results.warnings:
        note(say(warning))
    if style == "json":
        print_json(results.to_dict())
    elif style == "jsonl":
        for hit in results:
            print_json(hit.to_dict(), indent=None)
    elif style == "tsv":
        print_row(("rank", "score", "id", "language", "title", "snippet"))
        for hit in results:
            print_row((hit.rank, f"{hit.score:.4f}", hit.id, hit.language, hit.title, hit.snippet.to_text()))
    else:
        print_results(results, searched, color)
        print_facets(results.facets)
        if results.also_searched:
            others = clean_line(", ".join(results.also_searched))
            click.echo(say("Also searched: {words}", words=others), err=True)
        if results.suggestion:
            click.echo(say("Did you mean: {query}", query=clean_line(results.suggestion)), err=True)
    return 0 if results.total else NO_HITS


def change(
    verb: Callable[..., searcher.IndexReport],
    paths: Sequence[str],
    folder: Path,
    style: str,
    work: Mapping[str, int | None],
) -> int:
    """Read the paths and build or update the index; the ids count from the folder that holds the index."""
    documents = searcher.read_documents(*paths, root=folder.absolute().parent)
    with progress_bar() as progress:
        report = verb(documents, folder, progress=progress, **{name: value for name, value in work.items() if value})
    return report_on(report, style)


def report_on(report: searcher.IndexReport, style: str) -> int:
    """Print a report; return the exit code."""
    print_report(report, style)
    return ERROR if report.skipped else 0


def read_text(path: str) -> str:
    """Return the text of a file, whatever its name, or of standard input."""
    from searcher.formats import EXTENSIONS
    from searcher.formats.decoding import decode

    if Path(path).suffix.lower() not in EXTENSIONS:
        try:
            return decode(sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes())
        except (OSError, DocumentError) as error:
            reason = error.problem if isinstance(error, DocumentError) else tell_refusal(error)
            raise DocumentError(
                Message("{path} can't be read: {reason}", path=path, reason=reason),
                Message("Name a text file, or - for standard input"),
            ) from error
    documents = searcher.read_documents(path)
    text = "\n".join(f"{document.title}\n{document.text}" for document in documents)
    if not text:
        reasons = [Message("{path}: {reason}", path=name, reason=reason) for name, reason in documents.skipped]
        reason = reduce(lambda told, more: Message("{told}; {more}", told=told, more=more), reasons)
        problem = Message("there is no text in {reason}", reason=reason)
        raise DocumentError(problem, Message("Name a text file, or - for standard input"))
    return text


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; errors are one line on standard error, never a traceback."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:  # it was closed before we began
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - until the process ends
        elif isinstance(stream, io.TextIOWrapper) and mode == "w":
            stream.reconfigure(errors="backslashreplace")
    choose_language(choose_from(sys.argv[1:] if arguments is None else arguments, os.environ))
    try:
        code = cli.main(args=arguments, prog_name="searcher", standalone_mode=False) or 0
        sys.stdout.flush()
    except (click.exceptions.Abort, KeyboardInterrupt):
        code = INTERRUPTED
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except NothingToIndexError as error:
        print_skipped(error.skipped)
        print_error(error)
        code = ERROR
    except SearcherError as error:
        print_error(error)
        code = ERROR
    except (BrokenPipeError, SystemExit):
        # Whoever read our output has gone (click and rich end the process then); Python must not complain at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        code = 0
    except OSError as error:  # standard output on a full disk, say
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        note(say("{reason}. Check the space, the permissions and where the output goes", reason=tell_refusal(error)))
        code = ERROR
    sys.exit(code)
