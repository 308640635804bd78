from __future__ import annotations

import ast
import importlib
import inspect
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


@pytest.mark.parametrize("name", sorted(module.name for module in pkgutil.walk_packages([str(PACKAGE)], "searcher.")))
def test_module_says_what_it_is_for(name: str) -> None:
    if not name.endswith("__main__"):
        assert importlib.import_module(name).__doc__


def test_import_loads_nothing_heavy() -> None:
    heavy = (
        "langdetect snowballstemmer Stemmer selectolax markdown_it yaml charset_normalizer whoosh click rich".split()
    )
    script = f"import sys, searcher; print(*[name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


IMPORT_ORDER = ["languages", "analysis", "query", "engines", "indexing", "cli"]
"""Each may import what stands before it."""


@pytest.mark.parametrize("name", IMPORT_ORDER)
def test_dependencies_point_one_way(name: str) -> None:
    later = IMPORT_ORDER[IMPORT_ORDER.index(name) + 1 :]
    paths = [PACKAGE / f"{name}.py"] if (PACKAGE / f"{name}.py").exists() else list((PACKAGE / name).rglob("*.py"))
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("searcher."):
                assert (node.module or "").split(".")[1] not in later, path
