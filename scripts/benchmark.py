"""Measure speed, size and memory against whoosh, tantivy, SQLite FTS5 and bm25s, on a corpus of your own.

    python scripts/benchmark.py FILE.jsonl [--documents N] [--rounds R] [--queries Q] [--engines NAME,NAME...]
        [--scale 1,4 [--engines-at-scale NAME,NAME...]] [--glossary FILE]... [--whoosh-index DIR [--skip-slow]]
        [--save FILE.json] [--plot FILE.svg]

A line of the file is {"id", "title", "text", "lang"}, "en" or "fr"; needs Linux and `pip install -e ".[bench]"`.
Engines take turns, in another order each round. Indexing, updating and memory are measured in fresh processes, queries
in this one, after a round that is not timed but whose hits must make sense; every later round must find the same. A
ratio is the other engine's time divided by this one's: above 1 is faster.
What is measured of `searcher` alone is divided by its own OR queries: above 1 is slower.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from benchmark_corpus import VERBS, Found, Oracle, Passage, draw_queries, read_passages, write_corpus
from benchmark_engines import ENGINES, Engine, Search, list_engines, make_engine
from benchmark_processes import Figures, read_status, run_apart
from benchmark_report import describe_environment, draw_plot, print_figures, print_growth
from benchmark_searcher import measure_alone, spread

UPDATED = 100
"""Documents that are updated."""

SLOW = 30.0
"""Seconds of indexing from which one round must do."""

SENSIBLE = 0.95
"""Least part of the hits that must hold what was asked; stemmers differ a little."""


def measure_folder(folder: Path) -> int:
    """Return the bytes of the files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def clock() -> tuple[float, float]:
    """Return seconds passed, and of CPU spent, by the processes it started and waited for too."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return time.perf_counter(), sum(usage.ru_utime + usage.ru_stime for usage in usages)


def time_build(name: str, folder: Path, corpus: Path) -> Figures:
    """Build an index; the time that reading the lines takes by itself is subtracted."""
    engine = make_engine(name, folder)
    begin = clock()
    for _ in read_passages(corpus):
        pass
    middle = clock()
    engine.build(read_passages(corpus))
    wall, cpu = (e - 2 * m + b for b, m, e in zip(begin, middle, clock(), strict=True))
    return {"wall": wall, "cpu": cpu, "size": measure_folder(folder)}


def time_update(name: str, folder: Path, corpus: Path, count: int) -> Figures:
    """Update documents from all over the corpus, opening and committing included."""
    step = max(1, count // UPDATED)
    passages = [
        replace(p, text=f"{p.text}\nUpdated: mise à jour.") for p in islice(read_passages(corpus), 0, None, step)
    ]
    engine: Any = make_engine(name, folder)
    begin = clock()
    engine.update(passages[:UPDATED])
    wall, cpu = (e - b for b, e in zip(begin, clock(), strict=True))
    engine.open()
    assert engine.count() == count, f"{name} holds {engine.count()} documents after an update of {count}"
    engine.close()
    return {"wall": wall, "cpu": cpu}


def weigh_search(name: str, folder: Path, queries: Sequence[str]) -> Figures:
    """Return the RSS that opening adds, and then searching; libraries are loaded before."""
    engine = make_engine(name, folder)
    gc.collect()
    before = read_status("self", "VmRSS")
    engine.open()
    opened = read_status("self", "VmRSS")
    for query in queries:
        engine.search_any(query)
    return {"libraries": before, "opening": opened - before, "searching": read_status("self", "VmRSS") - opened}


def take_turns(names: Sequence[str], round: int) -> list[str]:
    """Return the engines in the order of a round."""
    return [*names[round % len(names) :], *names[: round % len(names)]]


def median(rounds: Sequence[Figures]) -> Figures:
    """Return the median of each value over some rounds."""
    return {key: statistics.median(figures[key] for figures in rounds) for key in rounds[0]}


def measure_indexing(names: Sequence[str], folders: Mapping[str, Path], corpus: Path, rounds: int) -> Figures:
    """Build every engine's index, the slow ones once, the others a few times."""
    measured: dict[str, list[Figures]] = {name: [] for name in names}
    for round in range(min(rounds, 3)):
        for name in take_turns(names, round):
            if measured[name] and measured[name][0]["wall"] > SLOW:
                continue
            shutil.rmtree(folders[name], ignore_errors=True)
            folders[name].mkdir(parents=True)
            measured[name].append(run_apart(time_build, name, folders[name], corpus))
            say(f"indexed with {name}: {measured[name][-1]['wall']:.1f} s")
    return {name: median(figures) for name, figures in measured.items()}


def measure_updates(names: Sequence[str], folders: Mapping[str, Path], corpus: Path, count: int) -> Figures:
    """Update copies of the indexes."""
    measured: dict[str, list[Figures]] = {name: [] for name in names if hasattr(ENGINES[name](folders[name]), "update")}
    for round in range(3):
        for name in take_turns(list(measured), round):
            with tempfile.TemporaryDirectory() as folder:
                shutil.copytree(folders[name], folder, dirs_exist_ok=True)
                measured[name].append(run_apart(time_update, name, Path(folder), corpus, count))
    return {name: median(figures) for name, figures in measured.items()}


def measure_queries(
    engines: Mapping[str, Engine], queries: Mapping[str, Sequence[str]], oracle: Oracle, rounds: int
) -> Figures:
    """Time every kind of query, engine by engine in each round; the first round is not timed but examined."""
    figures: Figures = {}
    for kind, verb in VERBS.items():
        searches: dict[str, Search] = {n: getattr(e, verb) for n, e in engines.items() if hasattr(e, verb)}
        first = {name: [[*search(query)] for query in queries[kind]] for name, search in searches.items()}
        times: dict[str, list[float]] = {name: [] for name in searches}
        gc.collect()
        gc.freeze()
        for round in range(rounds):
            for name in take_turns(list(searches), round):
                search, answers = searches[name], []
                for query in queries[kind]:
                    begin = time.perf_counter()
                    found = search(query)
                    times[name].append((time.perf_counter() - begin) * 1000)
                    answers.append(found)
                assert answers == first[name], f"{name} answers {kind} queries differently in round {round + 1}"
        figures[kind] = {
            name: {
                **spread(values),
                "sensible": examine(name, kind, queries[kind], first[name], oracle),
            }
            for name, values in times.items()
        }
        say(f"timed {rounds} x {len(queries[kind])} queries: {kind}")
    return figures


def examine(name: str, kind: str, queries: Sequence[str], answers: Sequence[Sequence[Found]], oracle: Oracle) -> float:
    """Return which part of the hits holds what was asked; AssertionError where that is too little.

    Every query was drawn from the corpus, so every one has a hit.
    """
    empty = [query for query, found in zip(queries, answers, strict=True) if not found]
    assert not empty, f"{name} finds nothing for {kind} queries {empty[:5]}"
    pairs = [(query, hit) for query, found in zip(queries, answers, strict=True) for hit in found]
    wrong = [(query, hit) for query, hit in pairs if not oracle.is_sensible(kind, query, hit)]
    sensible = 1 - len(wrong) / len(pairs)
    assert sensible >= SENSIBLE, f"{name}, {kind}: {len(wrong)} of {len(pairs)} hits make no sense, as {wrong[:3]}"
    return sensible


def measure_detection(passages: Sequence[Passage], rounds: int) -> Figures:
    """Detect the language of up to 5,000 passages from all over the corpus."""
    from searcher import detect_language

    some = passages[:: max(1, len(passages) // 5000)]
    seconds = []
    for _ in range(min(rounds, 3)):
        begin = time.perf_counter()
        codes = [detect_language(passage.content).code for passage in some]
        seconds.append(time.perf_counter() - begin)
    right = sum(code == passage.lang for code, passage in zip(codes, some, strict=True))
    speed = len(some) / statistics.median(seconds)
    characters = sum(len(passage.content) for passage in some) / len(some)
    return {"documents/s": speed, "characters": characters, "accuracy": right / len(some)}


def measure_command(folder: Path, query: str) -> Figures:
    """Time the command as a process against the imports that any search by Whoosh needs; medians of 7, in ms."""
    import searcher

    root = str(Path(searcher.__file__).parents[1])
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment |= {"PYTHONPATH": os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])}
    command = [sys.executable, "-m", "searcher", "search", "--index", str(folder), "--format", "json", *query.split()]
    imports = [sys.executable, "-c", "import numpy, whoosh.index"]
    times: dict[str, list[float]] = {"command": [], "imports": []}
    for _ in range(7):
        for name, line in (("command", command), ("imports", imports)):
            begin = time.perf_counter()
            run = subprocess.run(line, env=environment, check=True, capture_output=True)  # noqa: S603 - our own
            times[name].append((time.perf_counter() - begin) * 1000)
            assert name == "imports" or json.loads(run.stdout)["hits"], "the command finds nothing"
    return {name: statistics.median(values) for name, values in times.items()}


def measure(
    names: Sequence[str],
    passages: Sequence[Passage],
    queries: Mapping[str, Sequence[str]],
    corpus: Path,
    options: argparse.Namespace,
) -> Figures:
    """Measure every part on one corpus."""
    folders = {name: corpus.parent / f"{corpus.stem}-{name}" for name in names}
    to_build = list(names)
    if options.whoosh_index and "whoosh" in names:
        fingerprint = hashlib.sha256(corpus.read_bytes()).hexdigest()[:16]
        folders["whoosh"] = options.whoosh_index / fingerprint
        complete = options.whoosh_index / f"{fingerprint}.complete"
        if options.skip_slow:
            if not complete.exists():
                raise SystemExit(f"{options.whoosh_index} holds no index of this corpus: run once without --skip-slow")
            to_build.remove("whoosh")
    figures: Figures = {"documents": len(passages), "text": sum(len(p.content.encode()) for p in passages)}
    figures["indexing"] = measure_indexing(to_build, folders, corpus, options.rounds)
    if options.whoosh_index and "whoosh" in to_build:
        complete.touch()
    searching = [name for name in names if name != "searcher-2"]
    figures["updating"] = measure_updates(searching, folders, corpus, len(passages))
    figures["memory"] = {name: run_apart(weigh_search, name, folders[name], queries["OR"]) for name in searching}
    engines = {name: make_engine(name, folders[name]) for name in searching}
    for engine in engines.values():
        engine.open()
        assert engine.count() == len(passages), f"{engine.name} holds {engine.count()} documents"
    figures["queries"] = measure_queries(engines, queries, Oracle(passages), options.rounds)
    for engine in engines.values():
        engine.close()
    if "searcher" in names:
        figures["detection"] = measure_detection(passages, options.rounds)
        figures["alone"] = measure_alone(folders["searcher"], queries["OR"], options.glossary, options.rounds)
        figures["command"] = measure_command(folders["searcher"], queries["OR"][0])
    return figures


def say(message: str) -> None:
    """Tell how far it is, on standard error."""
    print(f"  {message}", file=sys.stderr, flush=True)


def main() -> None:
    """Run the script."""
    parser = argparse.ArgumentParser(description="Measure speed, size and memory against other engines.")
    parser.add_argument("file", type=Path, metavar="FILE.jsonl", help="the corpus")
    parser.add_argument("--documents", type=int, metavar="N", help="take only the first N")
    parser.add_argument("--rounds", type=int, default=5, metavar="R", help="of queries; 5, and at most 3 of indexing")
    parser.add_argument(
        "--queries", type=int, default=200, metavar="Q", help="OR queries (200); other kinds in proportion"
    )
    parser.add_argument("--engines", default=",".join(list_engines()), metavar="NAMES", help="default: %(default)s")
    parser.add_argument("--scale", default="1", metavar="1,4", help="also measure corpora that many times as large")
    parser.add_argument("--engines-at-scale", metavar="NAMES", help="of the corpora that are larger; default: all")
    parser.add_argument(
        "--glossary", type=Path, action="append", default=[], metavar="FILE", help="also search with it; repeatable"
    )
    parser.add_argument("--whoosh-index", type=Path, metavar="DIR", help="keep Whoosh's indexes here")
    parser.add_argument("--skip-slow", action="store_true", help="use the index kept there, without building it")
    parser.add_argument("--save", type=Path, metavar="FILE", help="write the figures as JSON")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw the ratios as SVG")
    options = parser.parse_args()
    names = options.engines.split(",")
    names_at_scale = (options.engines_at_scale or options.engines).split(",")
    if unknown := {*names, *names_at_scale} - set(list_engines()):
        parser.error(f"not installed or not known: {', '.join(sorted(unknown))}; there are {', '.join(list_engines())}")
    if options.skip_slow and not options.whoosh_index:
        parser.error("--skip-slow needs the --whoosh-index of an earlier run")
    passages = list(islice(read_passages(options.file), options.documents))
    queries = draw_queries(passages, options.queries)
    glossaries = [path.name for path in options.glossary]
    results: Figures = {"environment": describe_environment(), "glossaries": glossaries, "sizes": []}
    with tempfile.TemporaryDirectory() as work:
        for scale in map(int, options.scale.split(",")):
            corpus = Path(work) / f"corpus-{scale}.jsonl"
            write_corpus(passages, scale, corpus)
            chosen = names if scale == 1 else names_at_scale
            results["sizes"].append(measure(chosen, list(read_passages(corpus)), queries, corpus, options))
            print_figures(results["sizes"][-1])
    print_growth(results["sizes"])
    for path in filter(None, (options.save, options.plot)):
        path.parent.mkdir(parents=True, exist_ok=True)
    if options.save:
        options.save.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    if options.plot:
        options.plot.write_text(draw_plot(results["sizes"][0]), encoding="utf-8")


if __name__ == "__main__":
    main()
