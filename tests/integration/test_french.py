"""The command in French."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest

from searcher import cli
from searcher.messages import ENGLISH, choose_language

Run = Callable[..., tuple[int, str, str]]

LEFTOVERS = frozenset(
    """
    after and anew any are best by command commands count default did does error file folder for given has help hits
    how in index's invalid is it mean memory missing newest no not of only or processes required same
    show than that the this to try unexpected usage value values what which why with word words written you
    """.split()
)
"""English words that would tell of a text that is not translated."""


def verbs_of(group: click.Group) -> Iterator[tuple[str, ...]]:
    """Yield the words that call each command, groups among them."""
    for name, command in group.commands.items():
        yield (name,)
        if isinstance(command, click.Group):
            yield from ((name, *words) for words in verbs_of(command))


ARM = "seeds/fr/le-bras-long-du-canada.md"
VERBS = [(), *verbs_of(cli.cli)]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Run the command in an empty folder; return its exit code and what it wrote."""
    for name in ("SEARCHER_UI", "SEARCHER_INDEX", "LC_ALL", "LC_MESSAGES", "LANG", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)

    def run_command(*arguments: str | Path) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            cli.main(list(map(str, arguments)))
        shown = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return ended.value.code, shown.out, shown.err

    yield run_command
    choose_language(ENGLISH)


def leftovers(shown: str) -> set[str]:
    """Return the English words of a text that are neither names of options and files nor values of options."""
    text = re.sub(r"--?[a-z]+|'[^']*'|\[[a-z|]+\]|\.[a-z]+|searcher \w+.*", " ", shown)
    return set(re.findall(r"[^\W\d_]+(?![’\w])", text.lower())) & LEFTOVERS


@pytest.mark.parametrize("verb", VERBS)
def test_help_of_every_verb_is_french(run: Run, verb: tuple[str, ...]) -> None:
    code, shown, _ = run(*verb, "--help", "--ui", "fr")
    assert code == 0
    assert shown.startswith("Utilisation\xa0: searcher")
    assert "Options\xa0:" in shown
    assert "Afficher ce message et quitter." in shown
    assert leftovers(shown) == set()
    assert max(map(len, shown.splitlines())) <= 80


def test_help_is_english_again_afterwards(run: Run) -> None:
    english = run("search", "--help")[1]
    run("search", "--help", "--ui", "fr")
    assert run("search", "--help")[1] == english
    assert "Show this message and exit." in english


@pytest.mark.parametrize(
    "arguments",
    [
        ("search",), ("nonsense",), ("--nonsense",), ("search", "x", "--limit", "-1"), ("search", "x", "--limt", "1"),
        ("search", "x", "--limit", "y"), ("search", "x", "--language", "es"), ("search", "x", "--limit"),
        ("detect", "a", "b"), ("detect", "."), ("search", "x", "--index", ""), ("search", "x"), ("detect", "nowhere"),
        ("rebuild", "nowhere"), ("remove", "a"),
    ],
)  # fmt: skip
def test_errors_are_french(run: Run, arguments: tuple[str, ...]) -> None:
    code, out, errors = run("--ui", "fr", *arguments)
    assert (code, out) == (2, "")
    assert errors
    assert leftovers(errors) == set()


def test_error_of_an_unknown_option_is_french_whatever_stands_first(run: Run) -> None:
    assert "Erreur\xa0: Option inconnue" in run("search", "x", "--nonsense", "--ui", "fr")[2]


def test_search_counts_and_scores_are_french(run: Run, seeds_index: Path) -> None:
    code, shown, errors = run("search", "cooperaton spatiale", "--index", seeds_index, "--ui", "fr")
    assert code == 0
    assert re.match(r"1-\d+ sur \d+ \(\d+ en (français|anglais)\), \d+,\d{3} s\n", shown)
    assert re.search(r"français · \d+,\d\d · ", shown)
    assert errors == "Vouliez-vous dire\xa0: coopération spatiale\n"


def test_search_without_hits_says_so_in_french(run: Run, seeds_index: Path) -> None:
    code, shown, errors = run("search", "zzzzqqqq", "--index", seeds_index, "--ui", "fr")
    assert (code, shown, errors) == (1, "", "searcher: aucun résultat parmi 26 documents\n")


def test_warnings_are_french_and_those_in_json_english(run: Run, seeds_index: Path) -> None:
    code, shown, errors = run("search", "(station", "--index", seeds_index, "--ui", "fr", "--format", "json")
    assert code == 0
    assert errors == "searcher: une parenthèse jamais fermée a été fermée à la fin\n"
    assert json.loads(shown)["warnings"] == ["a parenthesis that is never closed was closed at the end"]


@pytest.mark.parametrize("style", ["json", "jsonl", "tsv"])
def test_what_programs_read_is_the_same_in_french(run: Run, seeds_index: Path, style: str) -> None:
    for arguments in (
        ("status",), ("suggest", "coop"), ("search", "stetion"), ("similar", ARM), ("explain", "le bras", ARM),
    ):  # fmt: skip
        options = ("--index", seeds_index, "--format", style)
        english, french = (run(*arguments, *options, "--ui", code)[1] for code in ("en", "fr"))
        assert re.sub(r'"seconds": [\d.]+', "", french) == re.sub(r'"seconds": [\d.]+', "", english)


def test_explanation_is_french(run: Run, seeds_index: Path) -> None:
    code, shown, _ = run("explain", "le bras spatial", ARM, "--index", seeds_index, "--ui", "fr")
    assert code == 0
    assert "    tel que saisi\xa0: «\xa0bras\xa0» une fois dans le titre" in shown
    assert "documents en français" in shown
    assert re.search(r"\d,\d\d points, document retenu", shown)
    assert leftovers(shown) == set()


def test_status_is_french(run: Run, seeds_index: Path) -> None:
    shown = run("status", "--index", seeds_index, "--ui", "fr")[1]
    assert "documents    26 (15 en anglais, 11 en français)" in shown
    assert re.search(r"taille       \d+,\d\xa0ko", shown)
    assert "modifié      il y a " in shown


def test_report_is_french(run: Run, tmp_path: Path) -> None:
    (tmp_path / "fusée.txt").write_text("La fusée est en route vers la station spatiale.", encoding="utf-8")
    (tmp_path / "vide.txt").touch()
    code, shown, errors = run("index", "fusée.txt", "vide.txt", "--ui", "fr")
    assert code == 2
    assert re.fullmatch(r"1 ajouté \(1 en français\), \d+,\d s\n", shown)
    assert errors == "searcher: vide.txt ignoré\xa0: vide\n"


def test_detection_and_analysis_are_french(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("La fusée est en route vers la station spatiale.", encoding="utf-8")
    assert re.fullmatch(r"fr  français, confiance \d,\d\d\n", run("detect", "a.txt", "--ui", "fr")[1])
    _, shown, errors = run("analyze", "L’espace", "--language", "fr", "--ui", "fr")
    assert shown.splitlines()[0].split() == ["terme", "exact", "début", "fin", "position"]
    assert errors == "searcher: comme texte en français\n"


def test_locale_chooses_the_language(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "fr_CA.UTF-8")
    assert "Utilisation" in run("--help")[1]
    assert "Usage" in run("--help", "--ui", "en")[1]
    monkeypatch.setenv("SEARCHER_UI", "en")
    assert "Usage" in run("--help")[1]
