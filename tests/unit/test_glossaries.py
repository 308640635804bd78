"""Glossaries: tab-separated files, dictd dictionaries and names."""

from __future__ import annotations

import gzip
import pickle
import string
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searcher.errors import GlossaryError, SearcherError
from searcher.glossaries import Glossary, read_glossary
from searcher.glossaries.names import read_names

DIGITS = string.ascii_uppercase + string.ascii_lowercase + string.digits + "+/"

ARTICLES = (
    "Boat /bəut/ <n>\nbateau, barque\n",
    "bank /bæŋk/ <n>\n1. banque\n2. rive, berge (d’un fleuve)\nétablissement de crédit\n",
    "to sleep\n\ndormir [profondément]\n",
    "heart <n>\ncœur\nmuscle, organe\n",
    "remote sensing\ntélédétection\n",
    "today {adv}\naujourd’hui\n",
)
PAIRS = (
    ("boat", "bateau"),
    ("boat", "barque"),
    ("bank", "banque"),
    ("bank", "rive"),
    ("bank", "berge"),
    ("sleep", "dormir"),
    ("heart", "coeur"),
    ("remote sensing", "télédétection"),
    ("today", "aujourd'hui"),
)


def number(value: int) -> str:
    """Write a number in dictd's digits."""
    digits = DIGITS[value % 64]
    while value := value // 64:
        digits = DIGITS[value % 64] + digits
    return digits


def write_dictd(
    folder: Path, articles: Iterable[str] = ARTICLES, name: str = "freedict-eng-fra", encoding: str = "utf-8"
) -> Path:
    """Write an index, with a line about the dictionary, and its articles; return the path without an ending."""
    content = "about this dictionary\nnothing\n".encode(encoding)
    lines = [f"00databaseinfo\t{number(0)}\t{number(len(content))}"]
    for article in articles:
        encoded = article.encode(encoding)
        head = article.partition("\n")[0].lower()
        lines.append(f"{head}\t{number(len(content))}\t{number(len(encoded))}")
        content += encoded
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.index").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    (folder / f"{name}.dict").write_bytes(content)
    return folder / name


def compress(dictionary: Path) -> None:
    """Leave only the compressed form of the articles."""
    articles = dictionary.with_name(f"{dictionary.name}.dict")
    articles.with_name(f"{articles.name}.dz").write_bytes(gzip.compress(articles.read_bytes()))
    articles.unlink()


def write_tabs(folder: Path, content: str | bytes) -> Path:
    path = folder / "terms.tsv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def error_of(path: Path) -> GlossaryError:
    with pytest.raises(GlossaryError) as caught:
        read_glossary(path)
    assert caught.value.path is not None
    assert caught.value.path.name in caught.value.problem
    assert caught.value.advice
    return caught.value


# Tab-separated files


def test_header_names_the_languages(tmp_path: Path) -> None:
    path = write_tabs(tmp_path, "fr\ten\nnavire\tship\n")
    assert read_glossary(path) == Glossary("fr", "en", (("navire", "ship"),))


@pytest.mark.parametrize("header", ["en-CA\tfr-CA", "ENG\tFRA", "en_GB\tfre\tpart of speech"])
def test_header_may_name_regions_and_have_three_letters(tmp_path: Path, header: str) -> None:
    glossary = read_glossary(write_tabs(tmp_path, f"{header}\nship\tnavire\tnoun\n"))
    assert glossary == Glossary("en", "fr", (("ship", "navire"),))


def test_caller_may_name_the_languages(tmp_path: Path) -> None:
    path = write_tabs(tmp_path, "navire\tship\n")
    assert read_glossary(path, ("fr", "en")) == Glossary("fr", "en", (("navire", "ship"),))


def test_caller_wins_over_the_header(tmp_path: Path) -> None:
    path = write_tabs(tmp_path, "en\tfr\nnavire\tship\n")
    assert read_glossary(path, ("fr", "en")) == Glossary("fr", "en", (("navire", "ship"),))


def test_comments_and_blank_lines_are_passed_over(tmp_path: Path) -> None:
    path = write_tabs(tmp_path, "# ours\n\nen\tfr\n#\n# ships\nship\tnavire\n\n")
    assert read_glossary(path).pairs == (("ship", "navire"),)


def test_words_are_spelt_as_the_index_spells_them(tmp_path: Path) -> None:
    path = write_tabs(tmp_path, "en\tfr\nHEART\tCœur\nToday\tAujourd’hui\nlow-cost\tbon‐marché\n")
    assert read_glossary(path).pairs == (("heart", "coeur"), ("today", "aujourd'hui"), ("low-cost", "bon-marché"))


def test_phrases_have_one_space_between_words(tmp_path: Path) -> None:
    path = write_tabs(tmp_path, "en\tfr\nremote  sensing \ttélédétection\u00a0spatiale\n")
    assert read_glossary(path).pairs == (("remote sensing", "télédétection spatiale"),)


def test_marks_before_verbs_and_nouns_are_dropped(tmp_path: Path) -> None:
    path = write_tabs(tmp_path, "en\tfr\nto rise\tse lever\nto stop\ts’arrêter\nthe water\tl’eau\nthe sea\tla mer\n")
    assert read_glossary(path).pairs == (("rise", "lever"), ("stop", "arrêter"), ("water", "eau"), ("sea", "mer"))


def test_what_stands_between_commas_is_paired_each(tmp_path: Path) -> None:
    path = write_tabs(tmp_path, "en\tfr\ncolour, color\tcouleur; teinte\n")
    assert set(read_glossary(path).pairs) == {
        (term, translation) for term in ("colour", "color") for translation in ("couleur", "teinte")
    }


def test_repeated_pair_is_kept_once(tmp_path: Path) -> None:
    assert read_glossary(write_tabs(tmp_path, "en\tfr\nship\tnavire\nShip\tnavire\n")).pairs == (("ship", "navire"),)


def test_parts_of_words_are_passed_over(tmp_path: Path) -> None:
    assert read_glossary(write_tabs(tmp_path, "en\tfr\n-ship\t-té\nre-\tre‐\nship\tnavire\n")).pairs == (
        ("ship", "navire"),
    )


def test_pairs_without_letters_are_passed_over(tmp_path: Path) -> None:
    assert read_glossary(write_tabs(tmp_path, "en\tfr\n?\t!\n12\t12\nship\tnavire\n")).pairs == (("ship", "navire"),)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_other_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    content = "en\tfr\nsummer\tété\nremote sensing\ttélédétection\n".encode(encoding)
    assert read_glossary(write_tabs(tmp_path, content)).pairs[0] == ("summer", "été")


def test_file_may_be_named_by_text(tmp_path: Path) -> None:
    assert read_glossary(str(write_tabs(tmp_path, "en\tfr\nship\tnavire\n"))).source == "en"


def test_file_without_header_needs_the_languages(tmp_path: Path) -> None:
    assert "languages" in error_of(write_tabs(tmp_path, "ship\tnavire\n")).problem


def test_file_of_one_language_is_an_error(tmp_path: Path) -> None:
    assert "languages" in error_of(write_tabs(tmp_path, "en\ten-GB\ncolor\tcolour\n")).problem


def test_line_without_tab_is_an_error_with_its_number(tmp_path: Path) -> None:
    assert "line 3" in error_of(write_tabs(tmp_path, "en\tfr\nship\tnavire\nboat: bateau\n")).problem


@pytest.mark.parametrize("content", [b"", b"\n\n", b"# nothing\n", b"en\tfr\n", b"en\tfr\nship\t\n"])
def test_file_without_pairs_is_an_error(tmp_path: Path, content: bytes) -> None:
    assert "no terms" in error_of(write_tabs(tmp_path, content)).problem


def test_binary_file_is_an_error(tmp_path: Path) -> None:
    assert "not a text file" in error_of(write_tabs(tmp_path, b"%PDF-1.7\n\0\1\2")).problem


def test_missing_file_is_an_error(tmp_path: Path) -> None:
    assert "No such file" in error_of(tmp_path / "missing.tsv").problem


def test_folder_is_an_error(tmp_path: Path) -> None:
    assert "directory" in error_of(tmp_path).problem


# dictd dictionaries


@pytest.mark.parametrize("ending", [".index", ".dict"])
def test_dictionary_is_read_by_either_file(tmp_path: Path, ending: str) -> None:
    dictionary = write_dictd(tmp_path)
    assert read_glossary(f"{dictionary}{ending}") == Glossary("en", "fr", PAIRS)


@pytest.mark.parametrize("ending", [".index", ".dict", ".dict.dz"])
def test_compressed_dictionary_is_read_by_any_name(tmp_path: Path, ending: str) -> None:
    dictionary = write_dictd(tmp_path)
    compress(dictionary)
    assert read_glossary(f"{dictionary}{ending}") == Glossary("en", "fr", PAIRS)


def test_long_dictionary_has_offsets_of_several_digits(tmp_path: Path) -> None:
    articles = [f"word{'x' * length}\nmot{'x' * length}\n" for length in range(300)]
    dictionary = write_dictd(tmp_path, articles)
    assert read_glossary(f"{dictionary}.index").pairs[-1] == ("word" + "x" * 299, "mot" + "x" * 299)


def test_languages_are_in_the_name_of_a_dictionary(tmp_path: Path) -> None:
    dictionary = write_dictd(tmp_path, ["kat\ncat\n"], name="freedict-nld-eng")
    assert read_glossary(f"{dictionary}.index") == Glossary("nl", "en", (("kat", "cat"),))


def test_rare_language_keeps_its_three_letters(tmp_path: Path) -> None:
    dictionary = write_dictd(tmp_path, ["miaw\ncat\n"], name="freedict-kha-eng")
    assert read_glossary(f"{dictionary}.index").source == "kha"


def test_dictionary_of_another_name_needs_the_languages(tmp_path: Path) -> None:
    dictionary = write_dictd(tmp_path, name="mine")
    assert "languages" in error_of(Path(f"{dictionary}.index")).problem
    assert read_glossary(f"{dictionary}.index", ("en", "fr")).pairs == PAIRS


def test_article_with_several_heads_is_read_once(tmp_path: Path) -> None:
    dictionary = write_dictd(tmp_path, ["ship\nnavire\n"])
    index = Path(f"{dictionary}.index")
    index.write_text(index.read_text() + index.read_text().replace("ship", "ships"))
    assert read_glossary(index).pairs == (("ship", "navire"),)


def test_homographs_lose_their_numbers(tmp_path: Path) -> None:
    dictionary = write_dictd(tmp_path, ["bow 1.\narc\n", "bow 2.\nproue\n"])
    assert read_glossary(f"{dictionary}.index").pairs == (("bow", "arc"), ("bow", "proue"))


def test_dictionary_in_latin_1_is_read(tmp_path: Path) -> None:
    dictionary = write_dictd(tmp_path, ["summer\nété\n", "remote sensing\ntélédétection\n"], encoding="latin-1")
    assert read_glossary(f"{dictionary}.index").pairs[0] == ("summer", "été")


@pytest.mark.parametrize("ending", [".index", ".dict"])
def test_missing_half_of_a_dictionary_is_an_error(tmp_path: Path, ending: str) -> None:
    dictionary = write_dictd(tmp_path)
    Path(f"{dictionary}{ending}").unlink()
    other = ".dict" if ending == ".index" else ".index"
    assert "No such file" in error_of(Path(f"{dictionary}{other}")).problem


def test_cut_index_is_an_error_with_its_line(tmp_path: Path) -> None:
    index = Path(f"{write_dictd(tmp_path)}.index")
    index.write_bytes(index.read_bytes().rpartition(b"\t")[0])
    assert "line 7" in error_of(index).problem


@pytest.mark.parametrize("line", ["boat\tB", "boat\tB\t", "boat\tB\té", "boat\tB\tAAAAAAAA", "boat bateau"])
def test_index_of_another_form_is_an_error(tmp_path: Path, line: str) -> None:
    index = Path(f"{write_dictd(tmp_path)}.index")
    index.write_text(f"{line}\n", encoding="utf-8")
    assert "line 1" in error_of(index).problem


def test_cut_articles_are_an_error(tmp_path: Path) -> None:
    articles = Path(f"{write_dictd(tmp_path)}.dict")
    articles.write_bytes(articles.read_bytes()[:-1])
    assert "more than there is" in error_of(articles).problem


def test_articles_that_overlap_are_an_error(tmp_path: Path) -> None:
    index = Path(f"{write_dictd(tmp_path)}.index")
    index.write_text("".join(f"boat\t{number(start)}\t{number(100)}\n" for start in range(50)))
    assert "more than there is" in error_of(index).problem


@pytest.mark.parametrize("kept", [slice(5), slice(-9), slice(20, None)])
def test_damaged_compression_is_an_error(tmp_path: Path, kept: slice) -> None:
    dictionary = write_dictd(tmp_path)
    compress(dictionary)
    articles = Path(f"{dictionary}.dict.dz")
    articles.write_bytes(articles.read_bytes()[kept])
    assert "cut or damaged" in error_of(articles).problem


def test_binary_articles_are_an_error(tmp_path: Path) -> None:
    articles = Path(f"{write_dictd(tmp_path)}.dict")
    articles.write_bytes(bytes(1000))
    assert "not a text file" in error_of(articles).problem


def test_empty_dictionary_is_an_error(tmp_path: Path) -> None:
    assert "no terms" in error_of(Path(f"{write_dictd(tmp_path, [])}.index")).problem


def test_error_crosses_processes_with_its_path(tmp_path: Path) -> None:
    error = error_of(tmp_path / "missing.tsv")
    copy = pickle.loads(pickle.dumps(error))
    assert (str(copy), copy.path) == (str(error), error.path)


INDEX_LINES = st.lists(
    st.tuples(st.text("ab ", max_size=3), st.text("ABCk", max_size=3), st.text("ABCk", max_size=2)).map("\t".join),
    max_size=5,
).map(lambda lines: "\n".join(lines).encode())


@settings(max_examples=100, deadline=None)
@given(index=INDEX_LINES | st.binary(max_size=60), articles=st.binary(max_size=200), compressed=st.booleans())
def test_any_bytes_are_a_dictionary_or_an_error(
    tmp_path_factory: pytest.TempPathFactory, index: bytes, articles: bytes, compressed: bool
) -> None:
    folder = tmp_path_factory.mktemp("dictionary")
    (folder / "a-eng-fra.index").write_bytes(index)
    (folder / f"a-eng-fra.dict{'.dz' * compressed}").write_bytes(articles)
    with suppress(SearcherError):
        assert read_glossary(folder / "a-eng-fra.index").pairs


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200) | st.text("ab\t\n,;/(<é", max_size=60).map(str.encode))
def test_any_bytes_are_a_list_of_terms_or_an_error(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = write_tabs(tmp_path_factory.mktemp("terms"), content)
    with suppress(SearcherError):
        for pair in read_glossary(path, ("en", "fr")).pairs:
            assert all(term == " ".join(term.split()) == term.lower() for term in pair)


# Names


@pytest.mark.parametrize(
    ("name", "translation"),
    [
        ("germany", "allemagne"),
        ("europe", "europe"),
        ("finnish", "finnois"),
        ("arabic", "arabe"),
        ("tuesday", "mardi"),
        ("august", "août"),
        ("kilometers", "kilomètres"),
        ("united kingdom", "royaume-uni"),
    ],
)
def test_names_are_paired_by_what_they_name(name: str, translation: str) -> None:
    assert (name, translation) in read_names("en", "fr").pairs


def test_names_go_either_way() -> None:
    assert {pair[::-1] for pair in read_names("fr", "en").pairs} == set(read_names("en", "fr").pairs)


def test_language_without_names_is_an_error() -> None:
    with pytest.raises(GlossaryError, match="'xx'"):
        read_names("en", "xx")


def test_names_without_babel_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "babel", None)
    with pytest.raises(GlossaryError, match="pip install"):
        read_names("en", "fr")
