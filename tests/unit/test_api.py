from __future__ import annotations

import ast
import importlib
import inspect
import pickle
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import searcher
from searcher import errors

PACKAGE = Path(searcher.__file__).parent


def test_all_is_sorted_and_complete() -> None:
    assert sorted(searcher.__all__) == searcher.__all__
    assert all(hasattr(searcher, name) for name in searcher.__all__)


def test_every_error_has_the_one_root_and_is_in_the_drawing() -> None:
    classes = [value for value in vars(errors).values() if inspect.isclass(value) and issubclass(value, Exception)]
    assert classes
    for error in classes:
        assert issubclass(error, errors.SearcherError)
        assert error.__name__ in (errors.__doc__ or "")
        assert error.__name__ in searcher.__all__


def test_error_carries_what_happened_and_what_to_do() -> None:
    error = errors.QueryError("limit is -1", "Use 0 or more")
    assert (error.problem, error.advice, str(error)) == ("limit is -1", "Use 0 or more", "limit is -1. Use 0 or more")


@pytest.mark.parametrize(
    "error",
    [
        errors.QueryError("limit is -1", "Use 0 or more"),
        errors.NothingToIndexError("nothing", "Look", (("a.txt", "empty"),)),
        errors.IndexLockedError(Path("index"), "process 1"),
        errors.UnknownLanguageError("es", ("en", "fr")),
    ],
)
def test_error_crosses_processes_whole(error: errors.SearcherError) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert (str(again), vars(again)) == (str(error), vars(error))


@pytest.mark.parametrize("name", sorted(module.name for module in pkgutil.walk_packages([str(PACKAGE)], "searcher.")))
def test_module_says_what_it_is_for(name: str) -> None:
    if not name.endswith("__main__"):
        assert importlib.import_module(name).__doc__


def test_import_loads_nothing_heavy() -> None:
    heavy = "langdetect snowballstemmer Stemmer selectolax markdown_it yaml charset_normalizer".split()
    heavy += "whoosh click rich rapidfuzz".split()
    script = f"import sys, searcher; print(*[name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


ROOMS = {
    "messages": set(),
    "errors": {"messages"},
    "languages": {"errors"},
    "words": {"languages"},
    "analysis": {"languages", "words"},
    "sentences": {"languages"},
    "ranking": {"languages"},
    "filters": {"languages", "words"},
    "grammar": {"filters", "messages", "words"},
    "query": {"analysis", "filters", "grammar", "languages", "messages", "words"},
    "suggestions": {"grammar", "languages", "query", "words"},
    "expansion": set("analysis languages messages query suggestions translations words".split()),
    "engines": set("analysis engines errors filters languages messages names query ranking words".split()),
    "translating": set("analysis engines errors glossaries languages lexicon messages translations words".split()),
    "formats": {"errors", "formats", "languages", "messages"},
    "documents": {"engines", "errors", "formats", "languages", "messages"},
    "detection": {"languages", "words"},
    "workers": {"errors", "messages"},
    "names": {"words"},
    "glossaries": {"errors", "formats", "languages", "messages", "words"},
    "translations": set(),
    "lexicon": {"glossaries", "translations"},
    "matches": {"analysis", "languages", "query", "words"},
    "snippets": {"matches", "sentences"},
    "results": {"engines", "matches", "query", "snippets"},
    "explaining": {"analysis", "engines", "filters", "matches", "query", "words"},
    "descriptions": {"explaining", "messages", "printing", "ranking"},
    "similarity": {"analysis", "languages", "query", "ranking"},
}
"""What each room below the two ways through them may import; no arrow points back."""


def imported_rooms(path: Path) -> set[str]:
    """Return the rooms that a module imports, in either form."""
    names = [
        f"{node.module}.{alias.name}" if node.module == "searcher" else str(node.module)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    ]
    return {name.split(".")[1] for name in names if name.startswith("searcher.")}


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_dependencies_point_one_way(room: str) -> None:
    paths = [PACKAGE / f"{room}.py"] if (PACKAGE / f"{room}.py").exists() else list((PACKAGE / room).rglob("*.py"))
    assert paths
    assert set[str]().union(*map(imported_rooms, paths)) - {room} <= ROOMS[room]


def test_every_room_has_its_place_in_the_order() -> None:
    rooms = {module.name for module in pkgutil.iter_modules([str(PACKAGE)])}
    assert rooms == set(ROOMS) | {"__main__", "cli", "indexing", "printing", "searching", "options", "usage"}


def test_only_the_engine_knows_whoosh() -> None:
    for path in PACKAGE.rglob("*.py"):
        if "whoosh" not in path.parts and path.name != "__init__.py":
            assert "whoosh" not in path.read_text(encoding="utf-8").lower(), path
