"""Messages: the same in every language, and none missing."""

from __future__ import annotations

import ast
import copy
import errno
import json
import os
import pickle
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from string import Formatter

import click
import pytest

import searcher
from searcher import Document, build_index, errors, update_index
from searcher.cli import cli
from searcher.descriptions import SENTENCES
from searcher.errors import IndexNotFoundError, SearcherError, UnknownDocumentError
from searcher.languages import get_languages
from searcher.messages import (
    ENGLISH,
    Message,
    choose_language,
    find_language,
    message_languages,
    say,
    say_number,
    translate,
)
from searcher.messages.fr import MESSAGES, typeset
from searcher.messages.fr.borrowed import CLICK, SYSTEM

OTHERS = [code for code in message_languages() if code != ENGLISH]
FORMS = sorted(
    typeset(form)
    for own in (*MESSAGES.values(), *CLICK.values(), *SYSTEM.values())
    for form in (own if isinstance(own, tuple) else (own,))
)
NUMBER = Message("{count:,} documents, {share:.0%}, {score:.2f}", count=20_000, share=0.5, score=1.25)


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    """Speak English after each test."""
    yield
    choose_language(ENGLISH)


def texts_in_sources() -> Iterator[str]:
    """Yield the first arguments of `Message` and `say`, where they are texts."""
    for path in Path(searcher.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("Message", "say"):
                yield from constants_of(node.args[0])


def texts_past_the_table() -> Iterator[str]:
    """Yield what stands as it is, in one language, in an error or a note."""
    shown = {name for name, value in vars(errors).items() if isinstance(value, type)} - {"Message"} | {"note"}
    for path in Path(searcher.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in shown:
                given = [text for text in node.args if isinstance(text, ast.Constant | ast.JoinedStr)]
                yield from map(ast.unparse, given)


def constants_of(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.IfExp):
        yield from (*constants_of(node.body), *constants_of(node.orelse))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def texts_of_command(command: click.Command) -> Iterator[str]:
    """Yield what help shows of a command and those below it."""
    for owner in (command, *command.params):
        for name in ("help", "metavar", "show_default"):
            if isinstance(text := vars(owner).get(name), str):
                yield from (" ".join(paragraph.split()) for paragraph in text.strip().split("\n\n"))
    for inner in command.commands.values() if isinstance(command, click.Group) else ():
        yield from texts_of_command(inner)


def said_texts() -> set[str]:
    return {
        *texts_in_sources(), *SENTENCES.values(), *texts_of_command(cli), "[OPTIONS]", "COMMAND [ARGS]...",
    }  # fmt: skip


@pytest.mark.parametrize("code", OTHERS)
def test_table_has_what_is_said_and_nothing_else(code: str) -> None:
    table = set(import_module(f"searcher.messages.{code}").MESSAGES)
    assert said_texts() - table == set(), "missing"
    assert table - said_texts() == set(), "never said"


def test_errors_and_notes_are_said_by_way_of_the_table() -> None:
    assert [text for text in texts_past_the_table() if text != "None"] == []


@pytest.mark.parametrize("code", OTHERS)
def test_values_of_a_message_are_the_same_in_every_language(code: str) -> None:
    def fields(text: str) -> set[tuple[str | None, str | None, str | None]]:
        return {parsed[1:] for parsed in Formatter().parse(text) if parsed[1] is not None}

    for english, own in import_module(f"searcher.messages.{code}").MESSAGES.items():
        for form in own if isinstance(own, tuple) else (own,):
            assert fields(form) == fields(english)
        assert isinstance(own, str) or "{count" in english


@pytest.mark.parametrize("code", OTHERS)
def test_languages_of_documents_have_a_name_in_every_language_of_messages(code: str) -> None:
    assert [language.name for language in get_languages() if not language.name_in.get(code)] == []


def test_french_has_no_plain_space_beside_high_punctuation() -> None:
    assert [form for form in FORMS if re.search(r" [:;?!»%](?:\W|$)|« ", form)] == []
    assert [form for form in FORMS if re.search(r"\w[;?!](?:\s|$)|[^\W\d]:\s", form)] == []


def test_french_has_its_own_apostrophe_and_quotation_marks() -> None:
    assert [form for form in FORMS if re.search(r"[^\W\d]'[^\W\d]", form)] == []
    examples = "searcher search"
    assert [form for form in FORMS if set(form) & set('“”"') and examples not in form] == []


def test_french_capitals_have_their_accents() -> None:
    assert [form for form in FORMS if re.search(r"\b(?:A|Etat|Ecri\w*|Etre|Evit\w*|DEBUT|REQUETE)\b", form)] == []


def test_typesetting_twice_is_typesetting_once() -> None:
    assert [form for form in FORMS if typeset(form) != form] == []


def test_message_is_its_english_text() -> None:
    message = Message("there is no index in {folder}", folder=Path("here"))
    assert message == "there is no index in here"
    assert json.dumps([message]) == '["there is no index in here"]'
    assert translate(message, "fr") == "il n’y a pas d’index dans here"


def test_message_without_values_may_have_braces() -> None:
    assert Message("a {b}") == "a {b}"
    assert translate(Message("a {b}"), "fr") == "a {b}"


def test_message_survives_copies_and_pickles() -> None:
    message = Message("skipped {path}: {reason}", path="a", reason=Message("empty"))
    for again in (copy.deepcopy(message), pickle.loads(pickle.dumps(message))):
        assert again == message
        assert translate(again, "fr") == "a ignoré\xa0: vide"


def test_messages_within_a_message_are_translated() -> None:
    words = [Message("“{word}”", word=word) for word in ("station", "ration")]
    message = Message("no document has “{word}”; searched for {others} as well", word="stetion", others=words)
    assert message == "no document has “stetion”; searched for “station”, “ration” as well"
    assert translate(message, "fr").endswith("«\xa0station\xa0», «\xa0ration\xa0»")


def test_text_that_is_no_message_stays() -> None:
    assert translate("empty", "fr") == "empty"
    assert translate(Message("what nobody translated: {n}", n=1), "fr") == "what nobody translated: 1"


@pytest.mark.parametrize(("count", "french"), [(0, "0 ajouté"), (1, "1 ajouté"), (2, "2 ajoutés")])
def test_french_plural_begins_at_two(count: int, french: str) -> None:
    assert translate(Message("{count:,} added", count=count), "fr") == french


def test_numbers_are_written_as_each_language_does() -> None:
    assert NUMBER == "20,000 documents, 50%, 1.25"
    assert translate(NUMBER, "fr") == "20\u202f000 documents, 50\u202f%, 1,25"
    assert say_number(1234.5, ",.1f") == "1,234.5"
    choose_language("fr")
    assert say_number(1234.5, ",.1f") == "1\u202f234,5"


def test_what_is_said_is_in_the_chosen_language() -> None:
    assert say("nothing to do") == "nothing to do"
    choose_language("fr")
    assert say("nothing to do") == "rien à faire"
    assert say(Message("empty")) == "vide"


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "fr"}, "fr"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "C", "LC_MESSAGES": "fr_CA"}, "fr"),
        ({"LANG": "fr_FR", "LC_ALL": "en_US.UTF-8"}, "en"),
        ({"LANG": "fr_FR", "LC_ALL": ""}, "fr"),
        ({"LANG": "en_US", "SEARCHER_UI": "fr"}, "fr"),
        ({"LANG": "fr_FR", "SEARCHER_UI": "en"}, "en"),
        ({"LANG": "frp_FR"}, "en"),
    ],
)
def test_language_comes_from_the_environment(environment: dict[str, str], language: str) -> None:
    assert find_language(environment) == language


def test_errors_are_english_and_can_be_said_in_french(tmp_path: Path) -> None:
    choose_language("fr")
    with pytest.raises(IndexNotFoundError, match=r"^there is no index in ") as raised:
        searcher.Searcher(tmp_path)
    assert translate(raised.value.problem, "fr") == f"il n’y a pas d’index dans {tmp_path}"
    assert translate(raised.value.advice, "fr").startswith("En créer un avec\xa0: searcher index CHEMIN")


def test_error_keeps_its_french_across_processes() -> None:
    again: SearcherError = pickle.loads(pickle.dumps(UnknownDocumentError("a")))
    assert translate(again.problem, "fr") == "aucun document n’a l’identifiant 'a'"


def test_reasons_of_what_is_skipped_can_be_said_in_french(tmp_path: Path) -> None:
    build_index([Document("a", "rocket")], tmp_path)
    [(_, reason)] = update_index((), tmp_path, remove=["b"]).skipped
    assert reason == "not in the index, so not removed"
    assert translate(reason, "fr") == "absent de l’index, donc pas supprimé"


@pytest.mark.parametrize("number", [errno.EACCES, errno.ENOSPC, errno.ENOENT, errno.EROFS])
def test_refusals_of_the_system_are_french(number: int) -> None:
    said = os.strerror(number)
    assert translate(Message(said), "fr") == translate(Message(said.lower()), "fr") != said
