"""Translating: words of one language find documents in the other, as far as the index knows their translations."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from searcher import (
    Document,
    GlossaryError,
    GlossaryStatus,
    IndexNotFoundError,
    Searcher,
    SearchResults,
    add_glossaries,
    build_index,
    list_glossaries,
    remove_glossaries,
    update_index,
)

DOCUMENTS = [
    Document("en", "The lighthouse stands on a rock above the sea.", language="en"),
    Document("fr", "Le phare se dresse sur un rocher au-dessus de la mer.", language="fr"),
    Document("other", "Nothing of the kind is written here, car and all.", language="en"),
]
SEA = "en\tfr\nlighthouse\tphare\nsea\tmer\nsea\tocéan\non\tsur\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An index of a few documents in both languages."""
    build_index(DOCUMENTS, tmp_path / "index")
    return tmp_path / "index"


@pytest.fixture
def sea(tmp_path: Path) -> Path:
    """A glossary of the sea."""
    path = tmp_path / "sea.tsv"
    path.write_text(SEA, encoding="utf-8")
    return path


def search(folder: Path, query: str) -> SearchResults:
    with Searcher(folder) as searcher:
        return searcher.search(query)


def find(folder: Path, query: str) -> list[str]:
    return [hit.id for hit in search(folder, query)]


def test_translation_is_found_below_the_word_itself(folder: Path, sea: Path) -> None:
    assert find(folder, "lighthouse") == ["en"]
    add_glossaries([sea], folder)
    word, translation = search(folder, "lighthouse")
    assert (word.id, translation.id) == ("en", "fr")
    assert translation.score < word.score


def test_glossary_serves_both_directions(folder: Path, sea: Path) -> None:
    add_glossaries([sea], folder)
    assert find(folder, "phares") == ["fr", "en"]


def test_translation_is_shown_in_the_snippet(folder: Path, sea: Path) -> None:
    add_glossaries([sea], folder)
    _, translation = search(folder, "lighthouse")
    snippet = translation.snippet
    assert [snippet.text[start:end] for start, end in snippet.highlights] == ["phare"]


def test_added_glossary_is_told_and_listed(folder: Path, sea: Path) -> None:
    assert list_glossaries(folder) == []
    assert add_glossaries([sea], folder) == [GlossaryStatus("sea", "en", "fr", 4)]
    assert list_glossaries(folder) == [GlossaryStatus("sea", "en", "fr", 4)]


def test_glossary_takes_the_place_of_one_of_its_name(folder: Path, sea: Path) -> None:
    add_glossaries([sea], folder)
    sea.write_text("en\tfr\nrock\trocher\n", encoding="utf-8")
    add_glossaries([sea], folder)
    assert list_glossaries(folder) == [GlossaryStatus("sea", "en", "fr", 1)]
    assert find(folder, "lighthouse") == ["en"]
    assert find(folder, "rock") == ["en", "fr"]


def test_glossaries_are_used_together(folder: Path, sea: Path, tmp_path: Path) -> None:
    (tmp_path / "rocks.tsv").write_text("fr\ten\nrocher\trock\n", encoding="utf-8")
    add_glossaries([sea], folder)
    add_glossaries([tmp_path / "rocks.tsv"], folder)
    assert [status.name for status in list_glossaries(folder)] == ["rocks", "sea"]
    assert find(folder, "lighthouse") == find(folder, "rock") == ["en", "fr"]


def test_languages_are_given_where_the_file_does_not_say(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "v1.2-sea.tsv").write_text("lighthouse\tphare\n", encoding="utf-8")
    with pytest.raises(GlossaryError, match="not known"):
        add_glossaries([tmp_path / "v1.2-sea.tsv"], folder)
    [added] = add_glossaries([tmp_path / "v1.2-sea.tsv"], folder, languages=("eng", "fr-CA"))
    assert added == GlossaryStatus("v1.2-sea", "en", "fr", 1)
    assert find(folder, "lighthouse") == ["en", "fr"]


@pytest.mark.parametrize("languages", [("en",), ("en", "xx"), ("en", "en"), ("en", "fr", "de"), (), "fr"])
def test_languages_that_make_no_pair_are_an_error(folder: Path, sea: Path, languages: Sequence[str]) -> None:
    with pytest.raises(GlossaryError, match="Name two by their codes"):
        add_glossaries([sea], folder, languages=languages)


def test_removed_glossary_is_forgotten(folder: Path, sea: Path) -> None:
    add_glossaries([sea], folder)
    assert remove_glossaries(["sea"], folder) == [GlossaryStatus("sea", "en", "fr", 4)]
    assert list_glossaries(folder) == []
    assert find(folder, "lighthouse") == ["en"]


def test_unknown_name_is_an_error_that_changes_nothing(folder: Path, sea: Path) -> None:
    with pytest.raises(GlossaryError, match="It has none"):
        remove_glossaries(["sea"], folder)
    add_glossaries([sea], folder)
    with pytest.raises(GlossaryError, match=r"no glossary 'lake'.*It has sea"):
        remove_glossaries(["sea", "lake"], folder)
    assert find(folder, "lighthouse") == ["en", "fr"]


def test_file_that_is_no_glossary_adds_none(folder: Path, sea: Path, tmp_path: Path) -> None:
    (tmp_path / "prose.txt").write_text("The lighthouse is called phare.\n", encoding="utf-8")
    with pytest.raises(GlossaryError, match="no tab"):
        add_glossaries([sea, tmp_path / "prose.txt"], folder)
    assert list_glossaries(folder) == []


def test_glossaries_need_an_index(sea: Path, tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    with pytest.raises(IndexNotFoundError):
        add_glossaries([sea], missing)
    with pytest.raises(IndexNotFoundError):
        remove_glossaries(["sea"], missing)
    with pytest.raises(IndexNotFoundError):
        list_glossaries(missing)
    assert not missing.exists()


def test_glossary_survives_rebuilds_and_updates(folder: Path, sea: Path) -> None:
    add_glossaries([sea], folder)
    sea.unlink()
    build_index(DOCUMENTS[:1], folder)
    assert find(folder, "phare") == ["en"]
    update_index(DOCUMENTS[1:], folder, remove=["en"])
    assert find(folder, "lighthouse") == ["fr"]
    assert list_glossaries(folder) == [GlossaryStatus("sea", "en", "fr", 4)]


def test_glossary_becomes_visible_with_its_generation(folder: Path, sea: Path) -> None:
    with Searcher(folder) as searcher:
        add_glossaries([sea], folder)
        assert [hit.id for hit in searcher.search("lighthouse")] == ["en"]
        assert searcher.reload()
        assert [hit.id for hit in searcher.search("lighthouse")] == ["en", "fr"]


def test_same_glossary_again_is_no_change(folder: Path, sea: Path) -> None:
    add_glossaries([sea], folder)
    with Searcher(folder) as searcher:
        add_glossaries([sea], folder)
        assert not searcher.reload()


def test_names_of_countries_are_known_without_any_glossary(tmp_path: Path) -> None:
    documents = [
        Document("en", "The delegation travelled to Germany in the spring.", language="en"),
        Document("fr", "La délégation s’est rendue en Allemagne au printemps.", language="fr"),
    ]
    build_index(documents, tmp_path)
    assert find(tmp_path, "Germany") == ["en", "fr"]
    assert find(tmp_path, "allemagne") == ["fr", "en"]


def test_function_words_are_not_translated(folder: Path, sea: Path) -> None:
    add_glossaries([sea], folder)
    assert "fr" not in find(folder, "on")
    assert "en" not in find(folder, "sur")


@pytest.mark.parametrize("query", ['"lighthouse"', "=lighthouse", "lighthouse*"])
def test_word_as_it_stands_is_not_translated(folder: Path, sea: Path, query: str) -> None:
    add_glossaries([sea], folder)
    assert find(folder, query) == ["en"]


def test_only_words_that_the_documents_hold_are_told(folder: Path, sea: Path) -> None:
    add_glossaries([sea], folder)
    assert search(folder, "sea").also_searched == ("mer",)
    assert search(folder, "sea").to_dict()["also_searched"] == ["mer"]
    assert search(folder, "océan").also_searched == ("sea",)
    assert search(folder, "rock").also_searched == ()
    assert "also_searched" not in search(folder, "rock").to_dict()


def test_translations_that_the_documents_hold_come_first(folder: Path, tmp_path: Path) -> None:
    rows = [f"rock\t{word}" for word in ("aaa", "bbb", "ccc", "rocher")]
    (tmp_path / "rocks.tsv").write_text("\n".join(["en\tfr", *rows]), encoding="utf-8")
    add_glossaries([tmp_path / "rocks.tsv"], folder)
    assert search(folder, "rock").also_searched == ("rocher",)


def test_translation_that_looks_like_the_word_is_not_told(folder: Path, tmp_path: Path) -> None:
    update_index([Document("station", "La station météo du phare.", language="fr")], folder)
    (tmp_path / "cognates.tsv").write_text("en\tfr\nstation\tstation\nstation\tphare\n", encoding="utf-8")
    add_glossaries([tmp_path / "cognates.tsv"], folder)
    assert search(folder, "station").also_searched == ("phare",)


def test_pairs_on_which_glossaries_agree_come_first(folder: Path, tmp_path: Path) -> None:
    words = ("ancre", "bouée", "cap", "mer", "nord", "phare")
    (tmp_path / "there.tsv").write_text("".join(["en\tfr\n", *(f"harbour\t{word}\n" for word in words)]), "utf-8")
    (tmp_path / "back.tsv").write_text("fr\ten\nphare\tharbour\n", "utf-8")
    add_glossaries([tmp_path / "there.tsv"], folder)
    assert search(folder, "harbour").also_searched == ("mer",)
    add_glossaries([tmp_path / "back.tsv"], folder)
    assert search(folder, "harbour").also_searched == ("phare", "mer")


NAMES = [
    Document("one", "Dmitry Bakanov spoke in Minsk.", language="en"),
    Document("two", "Dmitri Bakhanov a parlé à Minsk.", language="fr"),
]


def test_name_finds_its_other_spellings(tmp_path: Path) -> None:
    build_index(NAMES, tmp_path)
    assert find(tmp_path, "Bakhanov") == ["two", "one"]
    assert find(tmp_path, "Bakanov") == ["one", "two"]
    assert search(tmp_path, "Bakhanov").also_searched == ("bakanov",)


@pytest.mark.parametrize("query", ['"Bakhanov"', "=Bakhanov"])
def test_name_as_it_stands_is_not_spelled_otherwise(tmp_path: Path, query: str) -> None:
    build_index(NAMES, tmp_path)
    assert find(tmp_path, query) == ["two"]


def test_ordinary_word_of_the_index_has_no_other_spellings(tmp_path: Path) -> None:
    ordinary = Document("ordinary", "A bakhanov is a tool, and every bakhanov has a handle.", language="en")
    build_index([*NAMES, ordinary], tmp_path)
    assert "one" not in find(tmp_path, "bakhanov")
    assert search(tmp_path, "bakhanov").also_searched == ()


def test_name_that_any_change_wrote_with_a_small_letter_is_no_name(tmp_path: Path) -> None:
    documents = [Document("1", "", title="Bakanov"), Document("2", "Un bakanov."), Document("3", "Rien.")]
    build_index(documents, tmp_path / "once")
    for document in documents:
        update_index([document], tmp_path / "steps")
    for folder in ("once", "steps"):
        with Searcher(tmp_path / folder) as searcher:
            assert searcher.search("Bakhanov").also_searched == ()


def test_glossaries_of_one_name_are_an_error(tmp_path: Path) -> None:
    build_index([Document("1", "Le fleuve.")], tmp_path / "index")
    (tmp_path / "other").mkdir()
    paths = [tmp_path / "space.tsv", tmp_path / "other" / "space.tsv"]
    for path in paths:
        path.write_text("en\tfr\nriver\tfleuve\n", encoding="utf-8")
    with pytest.raises(GlossaryError, match="same name"):
        add_glossaries(paths, tmp_path / "index")


def test_rebuild_keeps_glossaries_beside_a_damaged_table(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    build_index([Document("1", "Le fleuve.")], folder)
    path = tmp_path / "space.tsv"
    path.write_text("en\tfr\nriver\tfleuve\n", encoding="utf-8")
    add_glossaries([path], folder)
    [file] = [file for file in folder.glob("*.columns") if b"attached." in file.read_bytes()]
    content = bytearray(file.read_bytes())
    content[content.rindex(b"fleuv")] ^= 1  # in the table from French, not in the glossary, which is compressed
    file.write_bytes(content)
    assert build_index([Document("1", "Le fleuve.")], folder).skipped == ()
    with Searcher(folder) as searcher:
        assert searcher.search("river").total == 1
