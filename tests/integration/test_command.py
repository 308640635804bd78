from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]
COMMAND = [sys.executable, "-W", "error", "-m", "searcher"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run the command in an empty folder; standard input and environment may be given."""

    def run_command(*arguments: str | Path, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*COMMAND, *map(str, arguments)], cwd=tmp_path, input=stdin, encoding="utf-8", errors="replace",
            capture_output=True, env={**clean_environment(), **environment}, check=False, timeout=60,
        )  # fmt: skip

    return run_command


def clean_environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("SEARCHER_INDEX", "NO_COLOR", "COLUMNS")}
    root = Path(__file__).parent.parent.parent
    return {**kept, "PYTHONPATH": str(root), "PYTHONIOENCODING": "utf-8", "TERM": "xterm-256color", "SEARCHER_UI": "en"}


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "rocket.txt").write_text("Rocket\n\nThe rocket is on its way to the station.\n", encoding="utf-8")
    (folder / "fusée.txt").write_text("La fusée est en route vers la station spatiale.\n", encoding="cp1252")
    return folder


def test_index_then_search_finds_the_documents(run: Run, texts: Path) -> None:
    indexed = run("index", "texts")
    assert indexed.returncode == 0, indexed.stderr
    assert "2 added (1 English, 1 French)" in indexed.stdout
    searched = run("search", "station", "--format", "tsv")
    assert searched.returncode == 0
    _, *rows = (line.split("\t") for line in searched.stdout.splitlines())
    assert {row[2] for row in rows} == {"texts/rocket.txt", "texts/fusée.txt"}
    assert searched.stderr == ""


def test_index_again_changes_nothing_from_any_folder(run: Run, texts: Path, tmp_path: Path) -> None:
    run("index", "texts")
    assert "2 unchanged" in run("index", "./texts/").stdout
    elsewhere = subprocess.run(
        [*COMMAND, "index", str(texts), "--index", str(tmp_path / "index")],
        cwd=texts, text=True, capture_output=True, env=clean_environment(), check=True,
    )  # fmt: skip
    assert "2 unchanged" in elsewhere.stdout


def test_index_names_what_it_skips_and_ends_in_2(run: Run, texts: Path) -> None:
    (texts / "picture.md").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0")
    (texts / "empty.txt").write_bytes(b"")
    done = run("index", "texts", "missing.txt")
    assert done.returncode == 2
    assert "2 added" in done.stdout
    for name in ("texts/picture.md", "texts/empty.txt", "missing.txt"):
        assert f"skipped {name}: " in done.stderr
    assert "Traceback" not in done.stderr


def test_index_reads_json_lines_from_standard_input(run: Run) -> None:
    lines = (
        '{"id": "a", "text": "A rocket for the station"}\n{"id": "b", "title": "Fusée", "text": "La fusée est là"}\n'
    )
    assert run("index", "-", stdin=lines).returncode == 0
    found = json.loads(run("search", "fusée", "--format", "json").stdout)
    assert [hit["id"] for hit in found["hits"]] == ["b"]


def test_rebuild_replaces_the_index(run: Run, texts: Path, tmp_path: Path) -> None:
    run("index", "texts")
    (tmp_path / "other.txt").write_text("Another text about a satellite.", encoding="utf-8")
    assert run("rebuild", "other.txt").returncode == 0
    assert run("search", "rocket").returncode == 1
    assert run("search", "satellite").returncode == 0


def test_rebuild_from_nothing_readable_keeps_the_index(run: Run, texts: Path, tmp_path: Path) -> None:
    run("index", "texts")
    (tmp_path / "nothing").mkdir()
    for source in ("nothing", "missing"):
        done = run("rebuild", source)
        assert done.returncode == 2
        assert "left as it is" in done.stderr
    assert run("search", "rocket").returncode == 0


def test_remove_deletes_documents(run: Run, texts: Path) -> None:
    run("index", "texts")
    assert "1 removed" in run("remove", "texts/rocket.txt").stdout
    again = run("remove", "texts/rocket.txt")
    assert again.returncode == 2
    assert "not in the index" in again.stderr


def test_remove_makes_no_index(run: Run, tmp_path: Path) -> None:
    done = run("remove", "a")
    assert done.returncode == 2
    assert "there is no index" in done.stderr
    assert not (tmp_path / "index").exists()


def test_search_for_people_fits_eighty_columns(run: Run, seeds_index: Path) -> None:
    done = run("search", "coopération spatiale", "--index", seeds_index)
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert "*coopération*" in done.stdout
    assert "French · " in done.stdout
    assert "\x1b" not in done.stdout


def test_search_marks_with_colour_only_where_asked(run: Run, seeds_index: Path) -> None:
    always = run("search", "satellite", "--index", seeds_index, "--color", "always")
    assert "\x1b[1;4m" in always.stdout
    assert "\x1b" not in run("search", "satellite", "--index", seeds_index, "--color", "never").stdout


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are a Unix thing")
@pytest.mark.parametrize("no_color", ["", "1"])
def test_search_on_a_terminal_honours_no_color(seeds_index: Path, no_color: str) -> None:
    import pty

    leader, follower = pty.openpty()
    environment = {**clean_environment(), **({"NO_COLOR": no_color} if no_color else {})}
    process = subprocess.Popen(
        [*COMMAND, "search", "satellite", "--index", str(seeds_index), "--limit", "1"],
        stdout=follower, stderr=subprocess.DEVNULL, env=environment,
    )  # fmt: skip
    os.close(follower)
    shown = b""
    while True:
        try:
            part = os.read(leader, 4096)
        except OSError:  # Linux: the other side was closed
            break
        if not part:
            break
        shown += part
    os.close(leader)
    assert process.wait() == 0
    assert (b"\x1b[1;4m" in shown) is not bool(no_color)


@pytest.mark.parametrize("style", ["json", "jsonl"])
def test_search_as_json_is_what_the_api_gives(run: Run, seeds_index: Path, style: str) -> None:
    done = run("search", "espace", "--index", seeds_index, "--format", style, "--limit", "3")
    values = [json.loads(line) for line in done.stdout.splitlines()] if style == "jsonl" else [json.loads(done.stdout)]
    hits = values if style == "jsonl" else values[0]["hits"]
    assert [hit["rank"] for hit in hits] == [1, 2, 3]
    assert all("<mark>" in hit["snippet"]["html"] for hit in hits)


def test_search_without_hits_ends_in_1(run: Run, seeds_index: Path) -> None:
    done = run("search", "zzzzqqqq", "--index", seeds_index)
    assert (done.returncode, done.stdout) == (1, "")
    assert "no hits" in done.stderr


def test_search_asks_what_was_meant_beside_its_results(run: Run, seeds_index: Path) -> None:
    done = run("search", "cooperaton spatiale", "--index", seeds_index)
    assert done.returncode == 0
    assert done.stderr == "Did you mean: coopération spatiale\n"
    assert "Did you mean" not in done.stdout
    asked = run("search", "cooperaton spatiale", "--index", seeds_index, "--format", "json")
    assert json.loads(asked.stdout)["suggestion"] == "coopération spatiale"
    assert asked.stderr == ""


def test_search_tells_what_was_also_searched(run: Run, seeds_index: Path) -> None:
    done = run("search", "Belarus", "--index", seeds_index)
    assert done.stderr == "Also searched: biélorussie\n"
    asked = run("search", "Belarus", "--index", seeds_index, "--format", "json")
    assert json.loads(asked.stdout)["also_searched"] == ["biélorussie"]
    assert asked.stderr == ""


@pytest.fixture
def glossary(run: Run, texts: Path, tmp_path: Path) -> None:
    """An index, and a glossary beside it."""
    run("index", "texts")
    (tmp_path / "space.tsv").write_text("en\tfr\nrocket\tfusée\nway\troute\n", encoding="utf-8")


def test_glossary_is_added_listed_and_removed(run: Run, glossary: None) -> None:
    listed = run("glossary", "list")
    assert (listed.returncode, listed.stdout) == (0, "")
    assert "no glossaries" in listed.stderr
    added = run("glossary", "add", "space.tsv")
    assert (added.returncode, added.stdout, added.stderr) == (0, "added space  en-fr, 2 pairs\n", "")
    assert run("glossary", "list").stdout == "space  en-fr, 2 pairs\n"
    found = run("search", "rocket", "--format", "tsv").stdout.splitlines()[1:]
    assert [line.split("\t")[2] for line in found] == ["texts/rocket.txt", "texts/fusée.txt"]
    assert run("glossary", "remove", "space").stdout == "removed space  en-fr, 2 pairs\n"
    assert len(run("search", "rocket", "--format", "tsv").stdout.splitlines()) == 2


def test_glossaries_are_written_for_programs(run: Run, glossary: None) -> None:
    added = run("glossary", "add", "space.tsv", "--languages", "en, fr", "--format", "json")
    assert json.loads(added.stdout) == [{"name": "space", "source": "en", "target": "fr", "pairs": 2}]
    assert run("glossary", "list", "--format", "tsv").stdout == "name\tsource\ttarget\tpairs\nspace\ten\tfr\t2\n"
    assert json.loads(run("glossary", "list", "--format", "jsonl").stdout)["name"] == "space"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["add", "missing.tsv"], "can't read missing.tsv"),
        (["add", "texts/rocket.txt"], "line 1 of texts/rocket.txt has no tab"),
        (["add", "texts"], "can't read texts"),
        (["add", "space.tsv", "--languages", "fr"], "Name two by their codes"),
        (["add", "space.tsv", "--index", "nowhere"], "there is no index in nowhere"),
        (["list", "--index", "nowhere"], "there is no index in nowhere"),
        (["remove", "space"], "there is no glossary 'space'"),
        (["remove", "space", "--index", "nowhere"], "there is no index in nowhere"),
    ],
)
def test_glossary_that_can_not_be_had_is_an_error(run: Run, glossary: None, arguments: list[str], told: str) -> None:
    done = run("glossary", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1


def test_suggest_completes_what_is_typed(run: Run, seeds_index: Path) -> None:
    done = run("suggest", "coop", "--index", seeds_index)
    assert (done.returncode, done.stdout, done.stderr) == (0, "cooperation\ncoopération\n", "")
    assert run("suggest", "coop", "--index", seeds_index, "--limit", "1").stdout == "cooperation\n"
    assert run("suggest", "l’esp", "--index", seeds_index).stdout.splitlines()[0] == "l’espace"


@pytest.mark.parametrize(
    ("style", "shown"),
    [
        ("json", '[\n  "cooperation",\n  "coopération"\n]\n'),
        ("jsonl", '"cooperation"\n"coopération"\n'),
        ("tsv", "suggestion\ncooperation\ncoopération\n"),
    ],
)
def test_suggestions_are_written_for_programs(run: Run, seeds_index: Path, style: str, shown: str) -> None:
    assert run("suggest", "coop", "--index", seeds_index, "--format", style).stdout == shown


def test_suggest_without_words_ends_in_1(run: Run, seeds_index: Path) -> None:
    done = run("suggest", "zzzz", "--index", seeds_index)
    assert (done.returncode, done.stdout) == (1, "")
    assert "no word" in done.stderr


def test_search_pages_and_filters(run: Run, seeds_index: Path) -> None:
    done = run(
        "search", "station", "--index", seeds_index, "--format", "json",
        "--limit", "2", "--offset", "1", "--language", "fr",
    )  # fmt: skip
    hits = json.loads(done.stdout)["hits"]
    assert [(hit["rank"], hit["language"]) for hit in hits] == [(2, "fr"), (3, "fr")]


def test_search_orders_by_date_and_counts_facets(run: Run) -> None:
    records = [
        {"id": str(year), "text": f"rocket of {year}", "date": str(year), "shelf": ["a", "b"]} for year in (2023, 2025)
    ]
    run("index", "-", stdin="\n".join(map(json.dumps, records)))
    options = ("search", "rocket", "--sort", "date", "--facet", "year", "--facet", "shelf", "--facet", "none")
    found = json.loads(run(*options, "--format", "json").stdout)
    assert [hit["id"] for hit in found["hits"]] == ["2025", "2023"]
    assert found["facets"] == {"year": {"2023": 1, "2025": 1}, "shelf": {"a": 2, "b": 2}, "none": {}}
    assert run(*options).stdout.splitlines()[-5:] == ["year: 2023 1, 2025 1", "", "shelf: a 2, b 2", "", "none: none"]


def test_query_may_begin_with_a_minus_after_two(run: Run, seeds_index: Path) -> None:
    done = run("search", "--index", seeds_index, "--format", "json", "--limit", "0", "--", "-the", "lang:en")
    assert done.returncode == 1
    done = run("search", "--index", seeds_index, "--format", "jsonl", "--limit", "1", "--", "-zzz", "lang:fr")
    assert json.loads(done.stdout)["language"] == "fr"


def test_index_folder_comes_from_the_environment(run: Run, seeds_index: Path) -> None:
    assert run("search", "satellite", SEARCHER_INDEX=str(seeds_index)).returncode == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("search",), ("search", "x", "--limit", "-1"), ("search", "x", "--language", "es"), ("nonsense",),
        ("search", "x", "--format", "xml"), ("search", "rocket"), ("status",), ("index",),
    ],
)  # fmt: skip
def test_wrong_use_is_one_error_and_2(run: Run, arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr
    assert "Traceback" not in done.stderr


def test_help_lists_every_verb(run: Run) -> None:
    done = run("--help")
    assert done.returncode == 0
    for verb in ("index", "search", "rebuild", "detect", "remove", "status", "analyze", "suggest"):
        assert f"  {verb} " in done.stdout


def test_version_is_the_distribution_s(run: Run) -> None:
    from importlib.metadata import version

    assert version("searcher-enfr") in run("--version").stdout


def test_status_tells_what_the_index_holds(run: Run, seeds_index: Path) -> None:
    shown = run("status", "--index", seeds_index).stdout
    assert "26 (15 English, 11 French)" in shown
    values = json.loads(run("status", "--index", seeds_index, "--format", "json").stdout)
    assert values["languages"] == {"en": 15, "fr": 11}
    assert values["size"] > 0
    assert values["fingerprint"]


def test_detect_reads_a_file_or_standard_input(run: Run, texts: Path) -> None:
    assert run("detect", "texts/fusée.txt").stdout.startswith("fr")
    assert run("detect", stdin="The quick answer is in the middle of the text.").stdout.startswith("en")
    assert json.loads(run("detect", "-", "--format", "json", stdin="123 456").stdout)["code"] == "und"
    assert run("detect", "missing.txt").returncode == 2


def test_analyze_shows_tokens_with_offsets(run: Run) -> None:
    done = run("analyze", "L’espace", "--language", "fr", "--format", "json")
    assert json.loads(done.stdout) == [{"term": "espac", "exact": "espace", "start": 2, "end": 8, "position": 0}]
    assert "espac" in run("analyze", "L’espace", "--language", "fr").stdout


def test_control_characters_of_a_document_never_reach_the_terminal(run: Run, tmp_path: Path) -> None:
    text = "rocket \x1b]0;owned\x07 \x9b31m \u202e done"
    record = {"id": "a\x1b[2J", "title": "\x1b[31mtitle", "text": text}
    run("index", "-", stdin=json.dumps(record) + "\n")
    for style in ("human", "tsv", "json", "jsonl"):
        shown = run("search", "rocket", "--format", style, "--color", "never").stdout
        assert "rocket" in shown
        assert not set(shown) & set("\x1b\x07\x9b\u202e")


@pytest.mark.parametrize("style", ["human", "json", "tsv"])
@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_output_in_any_encoding_is_no_error(run: Run, seeds_index: Path, style: str, encoding: str) -> None:
    done = run("search", "coopération", "--index", seeds_index, "--format", style, PYTHONIOENCODING=encoding)
    assert done.returncode == 0, done.stderr
    if style == "json":
        assert json.loads(done.stdout)["query"] == "coopération"


def test_query_that_is_no_text_is_no_error(run: Run, seeds_index: Path) -> None:
    done = run("search", "caf\udce9 satellite", "--index", seeds_index, "--format", "json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["total"]


def test_empty_name_of_the_index_is_an_error(run: Run, texts: Path, tmp_path: Path) -> None:
    assert run("index", "texts", "--index", "").returncode == 2
    assert [path.name for path in tmp_path.iterdir()] == ["texts"]


@pytest.mark.skipif(sys.platform == "win32", reason="signals are a Unix thing")
def test_interrupt_ends_in_130_and_keeps_the_index(run: Run, texts: Path, tmp_path: Path) -> None:
    run("index", "texts")
    process = subprocess.Popen(
        [sys.executable, "-m", "searcher", "rebuild", "-"],
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=clean_environment(),
        # A shell lets what it runs in the background ignore interrupts, and its children would, too.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert process.stdin is not None
    process.stdin.write(b'{"id": "x", "text": "one", "language": "en"}\n')
    process.stdin.flush()
    deadline = time.monotonic() + 30
    holder = tmp_path / "index" / "MAIN_WRITER"
    while f"process {process.pid} " not in holder.read_text(encoding="utf-8"):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130, errors.decode()
    assert b"Traceback" not in errors
    assert run("search", "rocket").returncode == 0


def test_interrupt_while_the_command_is_imported_ends_in_130_too() -> None:
    code = """
import sys

class Interrupting:
    def find_spec(self, name, path, target=None):
        if name == "click":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupting())
from searcher.__main__ import main
main()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, env=clean_environment())
    assert (done.returncode, done.stderr) == (130, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no full device")
def test_full_output_is_one_error_and_2(seeds_index: Path) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [*COMMAND, "status", "--index", str(seeds_index)], stdout=full, stderr=subprocess.PIPE,
            encoding="utf-8", env=clean_environment(), check=False,
        )  # fmt: skip
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="a shell closes it")
@pytest.mark.parametrize("closed", [">&-", "<&-"])
def test_closed_standard_stream_is_no_traceback(seeds_index: Path, closed: str) -> None:
    for verb in (f"search satellite --index '{seeds_index}'", "detect", f"status --index '{seeds_index}'"):
        done = subprocess.run(
            f"'{sys.executable}' -m searcher {verb} {closed} </dev/null" if closed == ">&-"
            else f"'{sys.executable}' -m searcher {verb} {closed}",
            shell=True, capture_output=True, encoding="utf-8", env=clean_environment(), check=False,
        )  # fmt: skip
        assert "Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="pipes close otherwise there")
def test_closed_pipe_is_silent(seeds_index: Path) -> None:
    process = subprocess.Popen(
        [*COMMAND, "search", "satellite", "--limit", "1000", "--index", str(seeds_index), "--format", "json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=clean_environment(),
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(timeout=30) == 0


def test_script_rebuilds_the_index_from_the_samples(tmp_path: Path, seeds: Path) -> None:
    script = seeds.parent / "scripts" / "rebuild_index.py"
    done = subprocess.run(
        [sys.executable, str(script), "--index", str(tmp_path / "index")],
        cwd=tmp_path, text=True, capture_output=True, env=clean_environment(), check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "26 added (15 English, 11 French)" in done.stdout


def test_script_rebuilds_from_another_source(tmp_path: Path, texts: Path, seeds: Path) -> None:
    script = seeds.parent / "scripts" / "rebuild_index.py"
    done = subprocess.run(
        [sys.executable, str(script), str(texts), "--index", str(tmp_path / "index")],
        text=True, capture_output=True, env=clean_environment(), check=False,
    )  # fmt: skip
    assert "2 added" in done.stdout


def test_explain_tells_in_words_why_a_document_is_a_hit(run: Run, seeds_index: Path) -> None:
    done = run("explain", "coopération", "spatiale", "seeds/fr/le-bras-long-du-canada.md", "--index", seeds_index)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Le bras long du Canada")
    assert "as typed: “coopération” in the text" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_explain_ends_in_1_where_the_document_is_no_hit(run: Run, seeds_index: Path) -> None:
    done = run("explain", "canada -bras", "seeds/fr/le-bras-long-du-canada.md", "--index", seeds_index)
    assert done.returncode == 1
    assert "has bras, which the query excludes" in done.stdout


@pytest.mark.parametrize("style", ["json", "jsonl"])
def test_explain_as_json_is_what_the_api_gives(run: Run, seeds_index: Path, style: str) -> None:
    import searcher

    arguments = ("le bras du Canada", "seeds/fr/le-bras-long-du-canada.md")
    done = run("explain", *arguments, "--index", seeds_index, "--format", style)
    with searcher.Searcher(seeds_index) as opened:
        assert json.loads(done.stdout) == opened.explain(*arguments).to_dict()


def test_explain_as_tsv_has_a_row_for_each_word(run: Run, seeds_index: Path) -> None:
    arguments = ("bras canada", "seeds/fr/le-bras-long-du-canada.md", "--index", seeds_index, "--format", "tsv")
    header, *rows = (line.split("\t") for line in run("explain", *arguments).stdout.splitlines())
    assert header[0] == "text"
    assert [row[0] for row in rows] == ["bras", "canada"]


def test_similar_lists_the_same_news_in_the_other_language(run: Run, seeds_index: Path) -> None:
    arguments = ("seeds/fr/kourou-la-fusee-et-la-foret.md", "--index", seeds_index)
    assert "Kourou, the spaceport" in run("similar", *arguments).stdout
    done = run("similar", *arguments, "--language", "en", "--limit", "2", "--offset", "1", "--format", "tsv")
    _, *rows = (line.split("\t") for line in done.stdout.splitlines())
    assert [(row[0], row[3]) for row in rows] == [("2", "en"), ("3", "en")]


@pytest.mark.parametrize("arguments", [("similar", "nowhere"), ("explain", "station", "nowhere")])
def test_unknown_document_is_one_error_and_2(run: Run, seeds_index: Path, arguments: tuple[str, ...]) -> None:
    done = run(*arguments, "--index", seeds_index)
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "searcher: there is no document with the id 'nowhere'. Search for it, or index it first"
    ]
