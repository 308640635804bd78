"""Documents, and what is read from files of each format."""

from __future__ import annotations

import csv
import dataclasses
import datetime
import io
import json
import os
import pickle
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searcher.documents import Document, DocumentStream, read_documents
from searcher.errors import DocumentError
from searcher.languages import language_codes

SENTENCE = "L’été à Montréal : cœur, 20 €"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(name: str, content: str | bytes, encoding: str = "utf-8") -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def read_one(name: str, content: str | bytes, encoding: str = "utf-8") -> Document:
    stream = read_documents(write(name, content, encoding))
    documents = list(stream)
    assert stream.skipped == []
    assert len(documents) == 1
    return documents[0]


def read_text(name: str, content: str | bytes, encoding: str = "utf-8") -> str:
    return read_one(name, content, encoding).text


def skip(name: str, content: str | bytes) -> str:
    """Read a file without documents; return the reason."""
    stream = read_documents(write(name, content))
    assert list(stream) == []
    [(path, reason)] = stream.skipped
    assert path == name
    return reason


def ids(stream: DocumentStream) -> list[str]:
    return [document.id for document in stream]


# Document


def test_document_has_empty_fields_by_default() -> None:
    document = Document("a", "b")
    assert (document.title, document.language, document.source, document.date) == ("", None, None, None)
    assert document.metadata == {}


def test_document_is_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Document("a", "b").text = "c"  # type: ignore[misc]


def test_document_takes_all_but_id_and_text_by_keyword() -> None:
    with pytest.raises(TypeError):
        Document("a", "b", "c")  # type: ignore[call-arg]


def test_document_can_be_replaced_in_part() -> None:
    document = Document("a", "b", date="2024", metadata={"k": [1]})
    assert dataclasses.replace(document, text="c") == Document("a", "c", date="2024", metadata={"k": [1]})


def test_document_survives_pickling() -> None:
    document = Document("a", SENTENCE, metadata={"k": [1]})
    assert pickle.loads(pickle.dumps(document)) == document


def test_document_can_be_in_a_set() -> None:
    assert len({Document("a", "b"), Document("a", "b")}) == 1


@pytest.mark.parametrize("id", ["", None, 1, "a\0b", "x" * 1_001])
def test_document_refuses_an_id_that_identifies_nothing(id: Any) -> None:
    with pytest.raises(DocumentError, match="id") as caught:
        Document(id, "text")
    assert caught.value.advice


@pytest.mark.parametrize("fields", [{"text": None}, {"text": b"x"}, {"title": None}, {"source": 1}])
def test_document_refuses_what_is_no_text(fields: dict[str, Any]) -> None:
    with pytest.raises(DocumentError, match="not text"):
        Document(**{"id": "a", "text": "b", **fields})


@pytest.mark.parametrize("language", [None, "und", *language_codes()])
def test_document_takes_the_language_of_a_pack(language: str | None) -> None:
    assert Document("a", "b", language=language).language == language


@pytest.mark.parametrize("language", ["French", "", "xx", 1, ["fr"]])
def test_document_refuses_an_unknown_language(language: Any) -> None:
    with pytest.raises(DocumentError, match="language") as caught:
        Document("a", "b", language=language)
    assert "und" in caught.value.advice


@pytest.mark.parametrize(
    ("given_date", "stored"),
    [
        ("2024", "2024"),
        ("2024-03", "2024-03"),
        ("2024-02-29", "2024-02-29"),
        ("2024-03-23T10:00:00Z", "2024-03-23T10:00:00+00:00"),
        ("2024-03-23 10:00", "2024-03-23T10:00:00"),
        (datetime.date(2024, 3, 23), "2024-03-23"),
        (datetime.datetime(2024, 3, 23, 10), "2024-03-23T10:00:00"),
    ],
)
def test_document_stores_its_date_in_iso_8601(given_date: str | datetime.date, stored: str) -> None:
    assert Document("a", "b", date=given_date).date == stored


@pytest.mark.parametrize(
    "date", ["", "hier", "2024-13", "2023-02-29", "23/03/2024", "0000", "٢٠٢٤", 2024, True, "2024\n"]
)
def test_document_refuses_a_date_that_is_none(date: Any) -> None:
    with pytest.raises(DocumentError, match="date"):
        Document("a", "b", date=date)


def test_document_copies_its_metadata() -> None:
    metadata: dict[str, Any] = {"tags": ["été"]}
    document = Document("a", "b", metadata=metadata)
    metadata["tags"].append("hiver")
    assert document.metadata == {"tags": ["été"]}


@pytest.mark.parametrize(
    "metadata",
    [
        None,
        [],
        {1: "a"},
        {"a": {2: "b"}},
        {"a": float("nan")},
        {"a": [float("inf")]},
        {"a": b"x"},
        {"a": {1}},
        {"a": 10**5000},
    ],
)
def test_document_refuses_metadata_that_json_cannot_hold(metadata: Any) -> None:
    with pytest.raises(DocumentError, match="metadata"):
        Document("a", "b", metadata=metadata)


def test_document_refuses_metadata_that_holds_itself() -> None:
    metadata: dict[str, object] = {}
    metadata["self"] = metadata
    with pytest.raises(DocumentError, match="levels"):
        Document("a", "b", metadata=metadata)


def test_document_replaces_lone_surrogates() -> None:
    document = Document("a\ud800", "b\udfff", title="\ud800", source="\ud800", metadata={"\ud800": ["\udc00"]})
    replaced = Document("a\ufffd", "b\ufffd", title="\ufffd", source="\ufffd", metadata={"\ufffd": ["\ufffd"]})
    assert document == replaced


# Paths


def test_id_is_the_path_relative_to_the_current_folder(folder: Path) -> None:
    write("notes/été.txt", "Bonjour")
    assert ids(read_documents(folder / "notes")) == ["notes/été.txt"]


def test_id_is_relative_to_the_root_that_is_given() -> None:
    write("notes/a/b.txt", "Bonjour")
    assert ids(read_documents("notes", root="notes")) == ["a/b.txt"]


def test_id_is_absolute_outside_the_root(folder: Path) -> None:
    write("notes/a.txt", "Bonjour")
    write("other/b.txt", "Bonjour")
    assert ids(read_documents("notes", root="other")) == [(folder / "notes/a.txt").as_posix()]


def test_id_is_relative_where_the_root_is_reached_through_a_link(folder: Path) -> None:
    write("real/a.txt", "Bonjour")
    Path("link").symlink_to("real")
    assert ids(read_documents(folder / "link", root=folder / "real")) == ["a.txt"]


def test_source_is_the_path() -> None:
    assert read_one("a.txt", "Bonjour").source == "a.txt"


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="file names are Unicode there")
def test_id_shows_the_bytes_of_a_name_that_is_not_utf_8() -> None:
    Path(os.fsdecode(b"caf\xe9.txt")).write_text("Bonjour")
    assert ids(read_documents(".")) == ["caf\\xe9.txt"]


def test_folder_is_read_in_the_order_of_names() -> None:
    for name in ("b.txt", "a/z.txt", "c/a.txt", "a/b.txt"):
        write(name, "Bonjour")
    assert ids(read_documents(".")) == ["a/b.txt", "a/z.txt", "b.txt", "c/a.txt"]


def test_folder_leaves_out_hidden_and_unknown_files() -> None:
    for name in (".git/a.txt", ".b.txt", "c.py", "d.txt"):
        write(name, "Bonjour")
    stream = read_documents(".")
    assert (ids(stream), stream.skipped) == (["d.txt"], [])


def test_folder_leaves_out_an_index_within_it() -> None:
    write("index/_MAIN_1.toc", "")
    write("index/a.txt", "Bonjour")
    write("b.txt", "Bonjour")
    assert ids(read_documents(".")) == ["b.txt"]


def test_index_given_as_a_folder_is_skipped() -> None:
    write("index/_MAIN_1.toc", "")
    stream = read_documents("index")
    assert (ids(stream), stream.skipped) == ([], [("index", "a search index, not documents")])


def test_folder_without_documents_is_skipped() -> None:
    write("empty/a.py", "")
    stream = read_documents("empty")
    assert (ids(stream), stream.skipped) == ([], [("empty", "no file of a known format in this folder")])


@pytest.mark.parametrize("path", ["missing.txt", "", "a\0b.txt", "\ud800.txt"])
def test_missing_path_is_skipped_and_the_rest_read(path: str) -> None:
    write("a.txt", "Bonjour")
    stream = read_documents(path, "a.txt")
    assert ids(stream) == ["a.txt"]
    assert len(stream.skipped) == 1


def test_file_of_unknown_format_is_skipped_when_it_is_asked_for() -> None:
    assert "unknown extension" in skip("a.docx", "Bonjour")


def test_extension_is_known_in_capitals() -> None:
    assert read_text("A.TXT", "Bonjour") == "Bonjour"


def test_file_given_twice_is_read_once() -> None:
    write("a.txt", "Bonjour")
    assert ids(read_documents("a.txt", ".", Path.cwd())) == ["a.txt"]


def test_link_to_a_file_in_the_folder_is_not_read_again() -> None:
    write("sub/z.txt", "Bonjour")
    Path("a.txt").symlink_to("sub/z.txt")
    assert ids(read_documents(".")) == ["sub/z.txt"]


def test_link_to_a_hidden_folder_within_is_followed() -> None:
    write(".v1/a.txt", "Bonjour")
    Path("current").symlink_to(".v1")
    assert ids(read_documents(".")) == ["current/a.txt"]


@pytest.mark.parametrize("target", ["secret", "secret/a.txt"])
def test_link_that_leaves_the_folder_is_skipped(target: str) -> None:
    write("secret/a.txt", "Bonjour")
    write("open/b.txt", "Bonjour")
    Path("open/link.txt").symlink_to(Path("..") / target)
    stream = read_documents("open")
    assert ids(stream) == ["open/b.txt"]
    assert stream.skipped == [("open/link.txt", "symbolic link that leaves the folder")]


def test_cycles_of_links_end() -> None:
    write("a/b.txt", "Bonjour")
    Path("a/up").symlink_to("..")
    Path("a/self").symlink_to(".")
    Path("x.txt").symlink_to("y.txt")
    Path("y.txt").symlink_to("x.txt")
    stream = read_documents(".")
    assert ids(stream) == ["a/b.txt"]
    assert [path for path, _ in stream.skipped] == ["x.txt", "y.txt"]


def test_link_given_as_a_path_is_followed() -> None:
    write("a.txt", "Bonjour")
    Path("link.txt").symlink_to("a.txt")
    assert ids(read_documents("link.txt")) == ["link.txt"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes")
def test_named_pipe_is_skipped_without_waiting() -> None:
    os.mkfifo("pipe.txt")
    stream = read_documents("pipe.txt", ".")
    assert (ids(stream), stream.skipped) == ([], [("pipe.txt", "not a regular file")])


def test_file_that_vanishes_is_skipped() -> None:
    write("a.txt", "Bonjour")
    write("b.txt", "Bonjour")
    stream = read_documents(".")
    next(stream)
    Path("b.txt").unlink()
    assert (ids(stream), stream.skipped) == ([], [("b.txt", "no such file or folder")])


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_unreadable_file_is_skipped() -> None:
    write("a.txt", "Bonjour").chmod(0)
    stream = read_documents("a.txt")
    assert (ids(stream), stream.skipped) == ([], [("a.txt", "permission denied")])


def test_hyphen_reads_json_lines_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO('{"text": "été"}\nx\n'.encode())))
    stream = read_documents("-")
    assert [(document.id, document.text) for document in stream] == [("-#1", "été")]
    assert stream.skipped == [("-:2", "not valid JSON")]


def test_missing_standard_input_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    stream = read_documents("-")
    assert (ids(stream), stream.skipped) == ([], [("-", "there is no standard input")])


# Encodings


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252", "mac_roman"])
def test_french_is_decoded(encoding: str) -> None:
    assert read_text("a.txt", SENTENCE, encoding) == SENTENCE


@pytest.mark.parametrize("text", ["Un bœuf à 20 €", "L'ŒUVRE DE L'ÉTÉ", "cœur", "Où est passé l'hôtel ?"])
def test_latin_9_is_decoded(text: str) -> None:
    assert read_text("a.txt", text, "iso8859-15") == text


@pytest.mark.parametrize(
    "text", ["café", "à", "2 ½ tasses", "Québec – Montréal", "“It’s”", "Größe", "El niño comió", "På ön"]
)
def test_short_windows_text_is_decoded(text: str) -> None:
    assert read_text("a.txt", text, "cp1252") == text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_byte_order_mark_tells_utf_16(encoding: str) -> None:
    assert read_text("a.txt", ("\ufeff" + SENTENCE).encode(encoding)) == SENTENCE


def test_russian_is_decoded() -> None:
    text = "Привет, как дела? Сегодня хорошая погода, и мы пойдём гулять в парк вместе с друзьями."
    assert read_text("a.txt", text, "cp1251") == text


def test_one_foreign_line_leaves_the_others_alone() -> None:
    content = "Élise, été\n".encode() * 3 + "Noël\n".encode("cp1252")
    assert read_text("a.txt", content) == "Élise, été\n" * 3 + "Noël\n"


def test_damaged_utf_8_keeps_the_letters_around_it() -> None:
    assert read_text("a.txt", "été, déjà, très, où \xe9".encode().replace(b"\xc3\xa9", b"\xc3", 1)).endswith("où é")


@pytest.mark.parametrize(
    "content", [b"a\0b", b"%PDF-1.7 text", b"PK\x03\x04 text", b"\x1f\x8b text", bytes(range(1, 32)) * 9]
)
@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.jsonl", "a.csv"])
def test_binary_file_is_skipped(name: str, content: bytes) -> None:
    assert skip(name, content) == "not a text file"


@pytest.mark.parametrize("content", ["", " \n\t\r\n", "\ufeff"])
@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.jsonl", "a.csv"])
def test_empty_file_is_skipped(name: str, content: str) -> None:
    assert skip(name, content) == "empty"


# Text


def test_text_keeps_all_but_its_line_endings() -> None:
    assert read_text("a.txt", "  Un\u00a0été\r\n\tdeux \rtrois\n") == "  Un\u00a0été\n\tdeux \ntrois\n"


def test_first_line_before_an_empty_one_is_the_title() -> None:
    document = read_one("a.txt", "Été\r\n\r\nIl fait chaud.\n")
    assert (document.title, document.text) == ("Été", "Il fait chaud.\n")


@pytest.mark.parametrize("text", ["Un\ndeux\n\ntrois", "x" * 201 + "\n\ndeux", "Un\n\n", "\n\nUn"])
def test_first_line_is_text_where_it_is_no_title(text: str) -> None:
    document = read_one("a.txt", text)
    assert (document.title, document.text) == ("", text)


# Markdown


def test_front_matter_gives_the_fields() -> None:
    document = read_one(
        "a.md",
        "---\ntitle: L'été\ndate: 2024-03-23\nlang: fr\nid: 007\ntags: [a, no]\nday: 2024-01-02\n---\n# H\n\nCorps",
    )
    assert document == Document(
        "007",
        "H\n\nCorps",
        title="L'été",
        language="fr",
        source="a.md",
        date="2024-03-23",
        metadata={"tags": ["a", "no"], "day": "2024-01-02"},
    )


def test_first_heading_is_the_title_of_markdown() -> None:
    document = read_one("a.md", "Avant\n\n# L’*été*\n\nAprès\n\n# Autre")
    assert (document.title, document.text) == ("L’été", "Avant\n\nAprès\n\nAutre")


def test_markdown_is_read_as_plain_text() -> None:
    text = "Un **gr**as, un [lien](http://x) et\n`code`.\n\n- a\n- b\n\n|x|y|\n|-|-|\n|1|2|\n"
    assert read_text("a.md", text) == "Un gras, un lien et code.\n\na\nb\n\nx y\n1 2"


def test_tag_that_is_never_closed_takes_nothing_from_markdown() -> None:
    assert read_text("a.md", "Un Vec<form> et\n\n<svg>\n\nla suite") == "Un Vec et\n\nla suite"


@pytest.mark.parametrize(
    "front_matter",
    [
        "a: [",
        "- liste",
        "texte",
        "a: &a [x, x]\nb: [*a, *a]",
        "a: " + "[" * 20_000,
        "a: \x07",
        "? [a, b]\n: {",
    ],
)
def test_front_matter_that_cannot_be_read_is_text(front_matter: str) -> None:
    document = read_one("a.md", f"---\n{front_matter}\n---\n\nLe corps")
    assert document.metadata == {}
    assert front_matter.split("\n")[0].strip("?- \x07")[:5] in document.text
    assert "Le corps" in document.text


@pytest.mark.parametrize(
    "value", ["!!python/object/apply:os.getcwd []", "!!timestamp x", "!!int x", "1e999", ".nan", "9" * 5_000]
)
def test_front_matter_builds_no_objects(value: str) -> None:
    assert json.dumps(dict(read_one("a.md", f"---\na: {value}\n---\nCorps").metadata), allow_nan=False)


def test_deeply_nested_markdown_keeps_its_text() -> None:
    assert read_text("a.md", "> " * 10_000 + "fin").endswith("fin")


# HTML


def read_html(body: str) -> str:
    return read_text("a.html", f"<!doctype html><html lang=fr><title>T</title><body>{body}")


def test_page_gives_title_author_and_date() -> None:
    document = read_one(
        "a.html",
        "<html lang=fr><head><title> L’été\n&amp; l’hiver</title><meta name=Author content='Ève'>"
        "<meta property='article:published_time' content=2024-03-23></head><body><h1>H</h1><p>Corps",
    )
    assert (document.title, document.text, document.date) == ("L’été & l’hiver", "H\n\nCorps", "2024-03-23")
    assert document.metadata == {"author": "Ève"}


def test_page_is_not_trusted_about_its_language() -> None:
    assert read_one("a.html", "<html lang=fr><p>Hello").language is None


def test_first_heading_is_the_title_of_a_page_without_one() -> None:
    document = read_one("a.html", "<svg><title>Logo</title></svg><h1>L’<b>été</b></h1><p>Corps")
    assert (document.title, document.text) == ("L’été", "Corps")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<b>W</b>ord and <i>an</i>other", "Word and another"),
        ("<p>un<p>deux", "un\n\ndeux"),
        ("<div>un</div><div>deux</div>", "un\ndeux"),
        ("un<br>deux", "un\ndeux"),
        ("<ul><li>un<li>deux</ul>trois", "un\ndeux\ntrois"),
        ("<table><tr><td>un<td>deux<tr><td>trois</table>", "un deux\ntrois"),
        ("caf&eacute;&nbsp;&#8217;", "café\u00a0’"),
        ("un\n   <i> deux </i>\ttrois", "un deux trois"),
        ("<pre>un\n  deux</pre>", "un\n  deux"),
        ("un<!-- x --><b>e</b>", "une"),
        ("un<nav>menu</nav>deux", "un\n\ndeux"),
    ],
)
def test_page_is_read_as_plain_text(body: str, text: str) -> None:
    assert read_html(body) == text


@pytest.mark.parametrize(
    "element",
    ["script", "style", "nav", "header", "footer", "template", "noscript", "svg", "button", "select", "textarea"],
)
def test_page_is_read_without_what_is_no_text(element: str) -> None:
    assert read_html(f"<p>avant</p><{element}>x</{element}><p>après</p>") == "avant\n\naprès"


def test_header_of_an_article_is_text() -> None:
    assert read_html("<article><header><h2>Été</h2></header>Corps</article>") == "Été\n\nCorps"


def test_form_around_a_page_keeps_the_page() -> None:
    assert read_html("<form><label>Nom</label><input value=x><p>Corps</p></form>") == "Corps"


@pytest.mark.parametrize("tag", ["<div>", "<ul><li>", "<b>", "<table><tr><td>", "<span>", "<DIV class='a'>"])
def test_deeply_nested_page_keeps_its_text(tag: str) -> None:
    assert read_html(tag * 50_000 + "fin").endswith("fin")


def test_page_without_text_is_skipped() -> None:
    assert skip("a.html", "<script>x</script>") == "no text and no title"


# JSON lines


def read_record(**fields: object) -> Document:
    return read_one("a.jsonl", json.dumps(fields))


def test_json_line_gives_the_fields() -> None:
    fields = {
        "id": "x",
        "text": "t",
        "title": "T",
        "language": "fr",
        "source": "s",
        "date": "2024",
        "metadata": {"k": 1},
    }
    assert dataclasses.asdict(read_record(**fields)) == fields


def test_json_line_without_an_id_is_named_by_its_line() -> None:
    write("a.jsonl", '{"text": "un"}\r\n\n{"text": "deux"}')
    assert ids(read_documents("a.jsonl")) == ["a.jsonl#1", "a.jsonl#3"]


def test_other_keys_of_a_json_line_are_metadata() -> None:
    assert read_record(text="t", lang="fr", metadata={"k": 1}).metadata == {"lang": "fr", "k": 1}


def test_number_as_an_id_becomes_text() -> None:
    assert read_record(id=7, text="t").id == "7"


@pytest.mark.parametrize(
    ("claimed", "language"),
    [
        ("fr", "fr"),
        ("FR-ca", "fr"),
        ("en_US", "en"),
        ("es", "und"),
        ("und", "und"),
        ("french", None),
        ("", None),
        (7, None),
    ],
)
def test_language_that_a_file_claims_is_ours_or_undetermined(claimed: object, language: str | None) -> None:
    assert read_record(text="t", language=claimed).language == language


@pytest.mark.parametrize(("date", "kept"), [("hier", "hier"), (1711152000, "1711152000"), (["2024"], ["2024"])])
def test_date_that_is_none_is_metadata(date: object, kept: object) -> None:
    document = read_record(text="t", date=date)
    assert (document.date, document.metadata) == (None, {"date": kept})


def test_title_alone_is_a_document() -> None:
    assert read_record(title="Été").title == "Été"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "not valid JSON"),
        ("[" * 100_000, "not valid JSON"),
        ("[1]", "not a JSON object"),
        ('{"a": 1}', "no text and no title"),
        ('{"text": " "}', "no text and no title"),
        ('{"text": ["a"]}', '"text" is neither text nor a number'),
        ('{"text": "a", "id": {}}', '"id" is neither text nor a number'),
    ],
)
def test_line_that_is_no_document_is_skipped(line: str, reason: str) -> None:
    write("a.jsonl", f'{{"text": "un"}}\n{line}\n{{"text": "trois"}}\n')
    stream = read_documents("a.jsonl")
    assert ids(stream) == ["a.jsonl#1", "a.jsonl#3"]
    assert stream.skipped == [("a.jsonl:2", reason)]


def test_line_with_an_id_that_is_too_long_is_skipped() -> None:
    write("a.jsonl", json.dumps({"id": "x" * 2_000, "text": "t"}))
    stream = read_documents("a.jsonl")
    assert ids(stream) == []
    assert stream.skipped[0][0] == "a.jsonl:1"


def test_numbers_that_json_does_not_know_become_text() -> None:
    document = read_one("a.jsonl", '{"text": "t", "a": NaN, "b": 1e999, "c": ' + "9" * 5_000 + "}")
    assert document.metadata == {"a": "NaN", "b": "1e999", "c": "9" * 5_000}


def test_half_of_a_surrogate_pair_is_replaced() -> None:
    assert read_text("a.jsonl", r'{"text": "a\ud800b"}') == "a\ufffdb"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_json_lines_are_decoded(encoding: str) -> None:
    write("a.jsonl", f'{{"text": "{SENTENCE}"}}\n' * 3, encoding)
    assert [document.text for document in read_documents("a.jsonl")] == [SENTENCE] * 3


def test_windows_line_far_into_a_file_is_decoded() -> None:
    line = f'{{"text": "{SENTENCE}"}}\n'
    write("a.jsonl", line.encode() * 5_000 + line.encode("cp1252"))
    assert {document.text for document in read_documents("a.jsonl")} == {SENTENCE}


def test_lines_are_read_one_at_a_time() -> None:
    write("a.jsonl", '{"text": "un"}\nx\n')
    stream = read_documents("a.jsonl")
    next(stream)
    assert stream.skipped == []


# CSV


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiter_is_found_in_the_header(delimiter: str) -> None:
    rows = [["id", "text", "note, ou ; non"], ["1", f'a, b; c "d"\t\n{SENTENCE}', "x"]]
    output = io.StringIO()
    csv.writer(output, delimiter=delimiter).writerows(rows)
    document = read_one("a.csv", output.getvalue())
    assert (document.id, document.text, document.metadata) == ("1", rows[1][1], {"note, ou ; non": "x"})


def test_row_without_an_id_is_named_by_its_first_line() -> None:
    write("a.csv", '\ntext\nun\n\n"deux\nlignes"\ntrois\n')
    assert ids(read_documents("a.csv")) == ["a.csv#3", "a.csv#5", "a.csv#7"]


def test_csv_columns_are_known_in_capitals() -> None:
    assert read_one("a.csv", "Title;Text\nÉté;Il fait chaud\n").title == "Été"


def test_csv_values_are_text() -> None:
    assert read_one("a.csv", "text,year\nun,2024\n").metadata == {"year": "2024"}


def test_csv_metadata_column_may_hold_an_object() -> None:
    assert read_one("a.csv", 'text,metadata\nun,"{""k"": 1}"\n').metadata == {"k": 1}


def test_csv_values_without_a_name_are_numbered() -> None:
    assert read_one("a.csv", ",text\n7,un,x\n").metadata == {"column_1": "7", "column_3": "x"}


def test_csv_without_a_text_column_is_skipped() -> None:
    assert skip("a.csv", "id,body\n1,un\n") == 'no column is named "text" in the first line'


def test_csv_row_with_a_null_byte_is_skipped() -> None:
    write("a.csv", "text\n" + "un\n" * 30_000 + "a\0b\nfin\n")
    stream = read_documents("a.csv")
    assert ids(stream)[-1] == "a.csv#30003"
    assert stream.skipped == [("a.csv:30002", "contains a null byte")]


def test_csv_field_may_be_long() -> None:
    limit = csv.field_size_limit()
    assert len(read_text("a.csv", f"text\n{'x' * 1_000_000}\n")) == 1_000_000
    assert csv.field_size_limit() == limit


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_csv_lines_may_end_in_any_way(ending: str) -> None:
    write("a.csv", ending.join(["text", "un", "deux", ""]))
    assert [document.text for document in read_documents("a.csv")] == ["un", "deux"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_csv_is_decoded(encoding: str) -> None:
    assert read_text("a.csv", f"text\n{SENTENCE.replace(',', '')}\n", encoding) == SENTENCE.replace(",", "")


# Any bytes

LIKELY = st.sampled_from(
    [
        *(
            b"\n",
            b"\r",
            b"---\n",
            b"text\n",
            b'"',
            b";",
            b'{"text": "',
            b'"}',
            b"<p>",
            b"<svg>",
            b"</",
            b"# ",
            b"> ",
            b"\xe9",
        ),
        *(
            b"\0",
            b"\xff\xfe",
            b"\xef\xbb\xbf",
            b"a: &b [*b]\n",
            b"\\ud800",
            b"&#xd800;",
            b"<title>",
            b"|-|\n",
            b"\xe2\x80",
        ),
    ]
)


@pytest.mark.parametrize("extension", ["txt", "md", "html", "jsonl", "csv"])
@settings(deadline=None)  # no test measures time
@given(content=st.one_of(st.binary(), st.lists(st.one_of(LIKELY, st.binary(max_size=5))).map(b"".join)))
def test_any_bytes_give_documents_that_can_be_encoded(extension: str, content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, f"a.{extension}").write_bytes(content)
        stream = read_documents(folder)
        documents = list(stream)
    assert documents or stream.skipped
    assert json.dumps([dataclasses.asdict(document) for document in documents], ensure_ascii=False).encode()
    assert repr(stream.skipped).encode()
