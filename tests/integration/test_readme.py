from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from searcher import cli

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


@pytest.fixture
def beside_seeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Be in a folder with a copy of the samples and the glossary that is shown."""
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    [glossary] = blocks("tsv")
    (tmp_path / "space.tsv").write_text(glossary, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SEARCHER_INDEX", raising=False)
    return tmp_path


def documented_commands() -> list[list[str]]:
    lines = [line for block in blocks("sh") for line in block.splitlines() if line.startswith("searcher ")]
    return [shlex.split(line, comments=True)[1:] for line in lines]


def test_documented_commands_run_in_order(beside_seeds: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in documented_commands():
        with pytest.raises(SystemExit) as ended:
            cli.main(arguments)
        shown = capsys.readouterr()
        assert ended.value.code == 0, (arguments, shown.err)
        assert shown.out


def commands(group: click.Group = cli.cli) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield every command with the words that call it."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from (((name, *words), inner) for words, inner in commands(command))
        else:
            yield (name,), command


def test_every_verb_is_documented() -> None:
    documented = documented_commands()
    for words, _ in commands():
        assert any(tuple(arguments[: len(words)]) == words for arguments in documented), words


def test_python_examples_run_in_order(beside_seeds: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for example in blocks("python"):
        exec(compile(example, "README.md", "exec"), {})
        assert len(capsys.readouterr().out.splitlines()) == 3


def test_every_option_is_documented() -> None:
    options = {
        name
        for _, command in commands()
        for parameter in command.params
        for name in parameter.opts
        if name.startswith("--")
    }
    assert {name for name in options if name not in README} == set()


def test_every_room_is_in_the_tour() -> None:
    rooms = {path.name + "/" * path.is_dir() for path in (ROOT / "searcher").iterdir() if not path.name.startswith("_")}
    toured = set(re.findall(r"`([a-z]+(?:\.py|/))`", README.partition("## How it works")[2]))
    assert rooms - {"py.typed", "errors.py"} <= toured


def test_install_commands_are_one_line_each() -> None:
    install, test = (block.splitlines() for block in blocks("sh")[:2])
    assert len(install) == len(test) == 1
    assert "rebuild_index.py" in install[0]
    assert "pytest" in test[0]
