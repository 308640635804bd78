"""Language packs: files of data that are found by their names."""

from __future__ import annotations

import dataclasses
import importlib
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from searcher import languages, words
from searcher.analysis import Analyzer, analyze
from searcher.languages import UNDETERMINED, Language, get_language, get_languages, language_codes
from searcher.query import parse_query
from searcher.words import normalize

CODES = language_codes()


def words_of(language: Language) -> set[str]:
    """Collect the words of every list of a pack."""
    lists = [getattr(language, field.name) for field in dataclasses.fields(language)]
    return {word for words in lists if isinstance(words, frozenset) for word in words}


def test_packs_are_the_files_of_the_folder() -> None:
    folder = Path(languages.__path__[0])
    assert list(CODES) == sorted(path.stem for path in folder.glob("*.py") if path.stem != "__init__")


def test_packs_include_english_and_french() -> None:
    assert {"en", "fr"} <= set(CODES)


def test_packs_do_not_include_the_undetermined_language() -> None:
    assert UNDETERMINED not in CODES
    with pytest.raises(KeyError):
        get_language(UNDETERMINED)


@pytest.mark.parametrize("code", ["xx", "", "EN", "__init__", "en.py", "../en"])
def test_unknown_code_is_a_key_error(code: str) -> None:
    with pytest.raises(KeyError):
        get_language(code)


def test_all_packs_come_in_the_order_of_their_codes() -> None:
    assert get_languages() == tuple(get_language(code) for code in sorted(CODES))


def test_names_of_packs_differ() -> None:
    assert len({language.name for language in get_languages()}) == len(CODES)


@pytest.mark.parametrize("code", CODES)
def test_code_of_pack_has_two_small_letters(code: str) -> None:
    assert len(code) == 2
    assert code.isascii()
    assert code.islower()


@pytest.mark.parametrize("code", CODES)
def test_pack_cannot_be_changed(code: str) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        get_language(code).name = "Other"  # type: ignore[misc]


@pytest.mark.parametrize("code", CODES)
def test_words_of_pack_are_lower_case(code: str) -> None:
    assert {word for word in words_of(get_language(code)) if word != word.lower()} == set()


@pytest.mark.parametrize("code", CODES)
def test_words_of_pack_are_composed(code: str) -> None:
    assert {word for word in words_of(get_language(code)) if not unicodedata.is_normalized("NFC", word)} == set()


@pytest.mark.parametrize("code", CODES)
def test_words_of_pack_have_straight_apostrophes(code: str) -> None:
    curly = set(words.APOSTROPHES) - {"'"}
    assert {word for word in words_of(get_language(code)) if curly & set(word)} == set()


@pytest.mark.parametrize("code", CODES)
def test_words_of_pack_hold_no_spaces(code: str) -> None:
    assert {word for word in words_of(get_language(code)) if word.split() != [word]} == set()


@pytest.mark.parametrize("code", CODES)
def test_words_of_pack_are_in_its_alphabet(code: str) -> None:
    language = get_language(code)
    alphabet = {*"abcdefghijklmnopqrstuvwxyz'-.", *language.letters}
    assert {word for word in words_of(language) if not set(word) <= alphabet} == set()


@pytest.mark.parametrize("code", CODES)
def test_letters_of_pack_are_lower_case_and_beyond_a_to_z(code: str) -> None:
    letters = get_language(code).letters
    assert [letter for letter in letters if not letter.isalpha() or letter != letter.lower() or letter.isascii()] == []


@pytest.mark.parametrize("code", CODES)
def test_letters_of_pack_are_composed_and_given_once(code: str) -> None:
    letters = get_language(code).letters
    assert unicodedata.is_normalized("NFC", letters)
    assert len(set(letters)) == len(letters)


@pytest.mark.parametrize("code", CODES)
def test_stemmer_of_pack_exists_in_snowball(code: str) -> None:
    assert "satellites".startswith(Analyzer(code).stem("satellites"))


@pytest.mark.parametrize("code", CODES)
def test_decimal_mark_of_pack_is_a_point_or_a_comma(code: str) -> None:
    assert get_language(code).decimal_mark in {".", ","}


@pytest.mark.parametrize("code", CODES)
def test_function_word_of_pack_is_one_token(code: str) -> None:
    words = get_language(code).function_words
    assert words
    assert {word for word in words if [token.exact for token in analyze(word, code)] != [normalize(word)]} == set()


@pytest.mark.parametrize("code", CODES)
def test_whole_word_of_pack_is_one_token(code: str) -> None:
    words = get_language(code).whole_words
    assert {word for word in words if [token.exact for token in analyze(word, code)] != [normalize(word)]} == set()


@pytest.mark.parametrize("code", CODES)
def test_elision_of_pack_leaves_the_word_after_it(code: str) -> None:
    for elision in get_language(code).elisions:
        assert [token.exact for token in analyze(f"{elision}'univers", code)] == ["univers"]


@pytest.mark.parametrize("code", CODES)
def test_possessive_ending_of_pack_leaves_the_word_before_it(code: str) -> None:
    for ending in get_language(code).possessive_endings:
        assert [token.exact for token in analyze(f"Hadfield'{ending}", code)] == ["hadfield"]


@pytest.mark.parametrize("code", CODES)
def test_enclitic_of_pack_leaves_the_word_before_it(code: str) -> None:
    for enclitic in get_language(code).enclitics:
        assert [token.exact for token in analyze(f"parla-{enclitic}", code)] == ["parla"]


@pytest.mark.parametrize("code", CODES)
def test_abbreviation_of_pack_stands_without_its_last_stop(code: str) -> None:
    assert {word for word in get_language(code).abbreviations if word.endswith(".")} == set()


SPANISH = '''
"""Spanish."""

from searcher.languages import Language

LANGUAGE = Language(
    name="Spanish",
    stemmer="spanish",
    function_words=frozenset({"de", "la", "los"}),
    letters="áéíñóúü",
    elisions=frozenset({"pa"}),
    decimal_mark=",",
)
'''


def forget_packs() -> None:
    """Empty every cache, as in a process that starts."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "searcher":
            for value in vars(module).values():
                if hasattr(value, "cache_clear"):
                    value.cache_clear()


@pytest.fixture
def spanish_pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Add one file to the packs, and take it away again."""
    (tmp_path / "es.py").write_text(SPANISH, encoding="utf-8")
    importlib.invalidate_caches()
    with monkeypatch.context() as patch:
        patch.setattr(languages, "__path__", [*languages.__path__, str(tmp_path)])
        patch.setattr(sys, "dont_write_bytecode", True)
        forget_packs()
        yield
    sys.modules.pop("searcher.languages.es", None)
    vars(languages).pop("es", None)
    forget_packs()


@pytest.mark.usefixtures("spanish_pack")
def test_new_pack_is_one_new_file() -> None:
    assert language_codes() == tuple(sorted({*CODES, "es"}))
    assert get_language("es").name == "Spanish"


@pytest.mark.usefixtures("spanish_pack")
def test_new_pack_brings_its_stemmer() -> None:
    assert [token.term for token in analyze("las naciones", "es")] == ["las", "nacion"]


@pytest.mark.usefixtures("spanish_pack")
def test_new_pack_brings_its_number_format() -> None:
    assert [token.term for token in analyze("1,234", "es")] == ["1.234"]


@pytest.mark.usefixtures("spanish_pack")
def test_new_pack_adds_its_rules_to_those_of_every_language() -> None:
    assert [token.term for token in analyze("pa’alante", "en")] == ["alant"]


@pytest.mark.usefixtures("spanish_pack")
def test_new_pack_is_part_of_every_query() -> None:
    [concept] = parse_query("la").concepts
    assert set(concept.terms) == {*CODES, "es", UNDETERMINED}
    assert concept.function_word_in == {"es", "fr"}


def test_pack_that_was_taken_away_is_unknown() -> None:
    assert language_codes() == CODES
    with pytest.raises(KeyError):
        analyze("naciones", "es")
