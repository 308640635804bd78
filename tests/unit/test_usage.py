"""Usage: which language does the command speak?"""

from __future__ import annotations

import pytest

from searcher.usage import choose_from


@pytest.mark.parametrize(
    ("arguments", "language"),
    [
        (["--ui", "fr", "search", "a"], "fr"),
        (["search", "a", "--ui", "fr"], "fr"),
        (["search", "--ui=fr", "a"], "fr"),
        (["--ui", "fr", "search", "--ui", "en"], "en"),
        (["search", "--", "--ui", "fr"], "en"),
        (["search", "a", "--ui", "xx"], "en"),
        (["search", "a", "--ui"], "en"),
        ([], "en"),
    ],
)
def test_option_chooses_the_language_wherever_it_stands(arguments: list[str], language: str) -> None:
    assert choose_from(arguments, {}) == language


def test_option_wins_over_the_environment() -> None:
    assert choose_from(["--ui", "en"], {"SEARCHER_UI": "fr"}) == "en"
    assert choose_from(["status"], {"SEARCHER_UI": "fr"}) == "fr"
