"""Measure relevance on test collections, through the public API, with every document's language detected.

    python scripts/evaluate.py FOLDER... [--glossary FILE]... [--ablation] [--save FILE] [--against FILE]

A folder holds corpus.jsonl ({"id", "title", "text", "lang"}), queries.jsonl ({"id", "text", "lang"}), either perhaps
with .gz, and qrels.tsv (query_id, doc_id, grade, with a header). Folders joined by + share one index: `sets/a+b` is
`sets/a` and `sets/b`. One line of the table for each set, and for each language of a set of several; `same` counts only
documents in the query's language as relevant, `cross` only the others, with the first taken out of the ranking.
`--glossary` gives every index a glossary, as `searcher glossary add` would; `--ablation` prints instead what each part
of the ranking is worth.
"""

from __future__ import annotations

import argparse
import gzip
import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import ir_measures
from ir_measures import RR, R, nDCG

from searcher import Document, Searcher, add_glossaries, build_index

MEASURES = (nDCG @ 10, RR @ 10, R @ 100)
DEPTH = 100
"""Documents asked for each query."""

HOLDING, SCORING, RANKING = "searcher.engines.whoosh.holding", "searcher.engines.whoosh.scoring", "searcher.ranking"
ABLATIONS: dict[str, dict[str, float]] = {
    "as it is": {},
    "the word as typed adds nothing": {f"{HOLDING}.EXACT_SHARE": 0.0},
    "a title adds nothing of its own": {f"{HOLDING}.TITLE_SHARE": 0.0},
    "words of titles count twice": {f"{HOLDING}.TITLE_FREQUENCY": 2.0},
    "lengths are left aside": {f"{SCORING}.B": 0.0},
    "function words count nothing": {f"{RANKING}.FUNCTION_WORD_SHARE": 0.0},
    "function words count as others": {f"{RANKING}.FUNCTION_WORD_SHARE": 1.0},
    "a few texts in others are trusted": {f"{RANKING}.OTHERS_SMOOTHING": 10.0},
    "names as spelled only": {"searcher.expansion.NAME_WEIGHT": 1e-6},
    "translations count next to nothing": {"searcher.expansion.TRANSLATION_WEIGHT": 1e-6},
    "translations count as the word": {"searcher.expansion.TRANSLATION_WEIGHT": 1.0},
    "one translation of a word": {"searcher.expansion.MOST_TRANSLATIONS": 1},
}
"""Other values of the constants of the ranking, by what they do."""

Record = dict[str, Any]
Run = dict[str, dict[str, float]]
"""Of each query, the score of each document found."""


@dataclass(frozen=True)
class Collection:
    """Documents, queries and which documents answer them; the folders given, merged."""

    documents: list[Record]
    queries: list[Record]
    judgments: dict[str, dict[str, int]]


def read_records(path: Path) -> Iterator[Record]:
    """Yield the objects of a JSON lines file, or of its compressed form where only that exists."""
    content = path.read_bytes() if path.exists() else gzip.decompress(Path(f"{path}.gz").read_bytes())
    yield from map(json.loads, filter(None, content.decode("utf-8").split("\n")))


def load_collection(folders: Iterable[Path]) -> Collection:
    """Read collections and merge them."""
    documents: dict[str, Record] = {}
    queries: dict[str, Record] = {}
    judgments: dict[str, dict[str, int]] = {}
    for folder in folders:
        documents.update((record["id"], record) for record in read_records(folder / "corpus.jsonl"))
        queries.update((record["id"], record) for record in read_records(folder / "queries.jsonl"))
        for row in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]:
            query_id, document_id, grade = row.split("\t")
            judgments.setdefault(query_id, {})[document_id] = int(grade)
    return Collection(list(documents.values()), list(queries.values()), judgments)


def find_answers(
    collection: Collection, glossaries: Sequence[Path], changes: Iterable[Mapping[str, float]]
) -> Iterator[Run]:
    """Index the documents in a temporary folder and search for every query, once with each of the changes.

    A score is minus the rank. `glossaries`: files that the index is given. `changes`: other values of constants.
    """
    documents = (Document(record["id"], record["text"], title=record["title"]) for record in collection.documents)
    with tempfile.TemporaryDirectory() as folder:
        build_index(documents, folder)
        if glossaries:
            add_glossaries(glossaries, folder)
        for values in changes:
            with ExitStack() as stack:
                for name, value in values.items():
                    stack.enter_context(patch(name, value))
                with Searcher(folder) as searcher:
                    yield {
                        query["id"]: {hit.id: float(-hit.rank) for hit in searcher.search(query["text"], limit=DEPTH)}
                        for query in collection.queries
                    }


def score(run: Run, judgments: Mapping[str, Mapping[str, int]]) -> dict[str, float]:
    """Return the mean of each measure over the judged queries; one that found nothing counts 0."""
    rows = [
        ir_measures.ScoredDoc(query_id, document_id, value)
        for query_id in judgments
        for document_id, value in run.get(query_id, {}).items()
    ]
    totals = {str(measure): 0.0 for measure in MEASURES}
    for metric in ir_measures.iter_calc(MEASURES, judgments, rows):
        totals[str(metric.measure)] += metric.value
    return {name: total / len(judgments) for name, total in totals.items()}


def score_views(run: Run, collection: Collection) -> dict[str, dict[str, float]]:
    """Return the scores over all queries, and of every part that the collection has."""
    judgments = collection.judgments
    views = {"all": score(run, judgments)}
    language_of = {record["id"]: record["lang"] for record in (*collection.documents, *collection.queries)}
    languages = sorted({language_of[query_id] for query_id in judgments})
    if len(languages) > 1:
        for language in languages:
            views[f"{language} queries"] = score(
                run, {q: j for q, j in judgments.items() if language_of[q] == language}
            )

    def restrict(is_cross: bool) -> dict[str, dict[str, int]]:
        sides = {
            query: {d: grade for d, grade in judged.items() if (language_of[d] != language_of[query]) == is_cross}
            for query, judged in judgments.items()
        }
        return {query: judged for query, judged in sides.items() if judged}

    if cross := restrict(is_cross=True):
        views["same"] = score(run, restrict(is_cross=False))
        others = {q: {d: v for d, v in found.items() if language_of[d] != language_of[q]} for q, found in run.items()}
        views["cross"] = score(others, cross)
    return views


def evaluate(
    folders: Iterable[Path], glossaries: Sequence[Path], changes: Iterable[Mapping[str, float]]
) -> Iterator[dict[str, dict[str, float]]]:
    """Index collections together; yield the scores of every view with each of the changes."""
    collection = load_collection(folders)
    for run in find_answers(collection, glossaries, changes):
        yield score_views(run, collection)


def print_ablation(folders: Mapping[str, Sequence[Path]], glossaries: Sequence[Path]) -> None:
    """Print what every part of the ranking is worth: nDCG@10 of each set without it."""
    names = list(folders)
    print(f"{MEASURES[0]!s:<34} " + " ".join(f"{name[:12]:>12}" for name in names))
    columns = [
        [views["all"][str(MEASURES[0])] for views in evaluate(folders[name], glossaries, ABLATIONS.values())]
        for name in names
    ]
    for row, title in enumerate(ABLATIONS):
        cells = (f"{column[0]:12.4f}" if not row else f"{column[row] - column[0]:+12.4f}" for column in columns)
        print(f"{title:<34} " + " ".join(cells), flush=True)


def main() -> None:
    """Run the script."""
    parser = argparse.ArgumentParser(description="Measure relevance on test collections.")
    parser.add_argument("folders", nargs="+", metavar="FOLDER", help="a collection, or several joined by +")
    parser.add_argument("--glossary", action="append", default=[], type=Path, metavar="FILE", help="give the index one")
    parser.add_argument("--save", type=Path, metavar="FILE", help="write the figures as JSON")
    parser.add_argument("--against", type=Path, metavar="FILE", help="show the difference from figures that were saved")
    parser.add_argument("--ablation", action="store_true", help="show what each part of the ranking is worth")
    arguments = parser.parse_args()
    places = {folder: folder.split("+") for folder in arguments.folders}
    folders = {
        Path(folder).name: [Path(first), *(Path(first).parent / other for other in others)]
        for folder, (first, *others) in places.items()
    }
    if arguments.ablation:
        print_ablation(folders, arguments.glossary)
        return
    before = json.loads(arguments.against.read_text(encoding="utf-8")) if arguments.against else {}
    figures: dict[str, dict[str, dict[str, float]]] = {}
    print(f"{'set':<24} {'view':<11} " + " ".join(f"{measure!s:>8}" for measure in MEASURES))
    for name, paths in folders.items():
        [figures[name]] = evaluate(paths, arguments.glossary, [{}])
        for view, values in figures[name].items():
            earlier = before.get(name, {}).get(view, {}).get(str(MEASURES[0]))
            change = "" if earlier is None else f"  {values[str(MEASURES[0])] - earlier:+.4f}"
            print(
                f"{name:<24} {view:<11} " + " ".join(f"{value:8.4f}" for value in values.values()) + change, flush=True
            )
    if arguments.save:
        arguments.save.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
