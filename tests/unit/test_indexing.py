from __future__ import annotations

import gc
import os
import shutil
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from searcher import (
    Document,
    DocumentError,
    IndexAccessError,
    IndexDamagedError,
    IndexFormatError,
    IndexLockedError,
    IndexNotFoundError,
    NothingToIndexError,
    Searcher,
    WorkerError,
    build_index,
    read_documents,
    update_index,
)


@pytest.fixture
def leaky_failures() -> Iterator[None]:
    """Whoosh leaves a file to the garbage collector where opening or writing it fails."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        yield
        gc.collect()


def ids(folder: Path, query: str = "rocket") -> list[str]:
    with Searcher(folder) as searcher:
        return [hit.id for hit in searcher.search(query, limit=1000)]


def rockets(*names: str) -> list[Document]:
    return [Document(name, f"The rocket {name} is on its way to the station.") for name in names]


def test_build_reports_what_it_did(tmp_path: Path) -> None:
    report = build_index([*rockets("a", "b"), Document("c", "La fusée est prête pour le départ.")], tmp_path)
    assert (report.added, report.updated, report.unchanged, report.removed) == (3, 0, 0, 0)
    assert report.languages == {"en": 2, "fr": 1}
    assert report.skipped == ()
    assert report.seconds > 0


def test_build_replaces_everything(tmp_path: Path) -> None:
    build_index(rockets("a", "b"), tmp_path)
    build_index(rockets("c"), tmp_path)
    assert ids(tmp_path) == ["c"]


def test_build_without_documents_makes_an_empty_index(tmp_path: Path) -> None:
    assert build_index([], tmp_path / "new" / "index").added == 0
    with Searcher(tmp_path / "new" / "index") as searcher:
        assert len(searcher) == 0
        assert searcher.search("rocket").total == 0


def test_update_adds_updates_and_leaves_alone(tmp_path: Path) -> None:
    update_index(rockets("a", "b"), tmp_path)
    changed = Document("b", "The rocket b has landed.")
    report = update_index([*rockets("a", "c"), changed], tmp_path)
    assert (report.added, report.updated, report.unchanged) == (1, 1, 1)
    assert sorted(ids(tmp_path)) == ["a", "b", "c"]
    assert ids(tmp_path, "landed") == ["b"]
    assert ids(tmp_path, '"rocket b is"') == []


def test_update_without_a_change_keeps_the_generation(tmp_path: Path) -> None:
    build_index(rockets("a"), tmp_path)
    before = sorted(path.name for path in tmp_path.iterdir())
    with Searcher(tmp_path) as searcher:
        assert update_index(rockets("a"), tmp_path).unchanged == 1
        assert searcher.reload() is False
    assert sorted(path.name for path in tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    "changed",
    [
        Document("a", "Other text.", title="T", source="s", date="2025", metadata={"k": 1}),
        Document("a", "Text.", title="Other", source="s", date="2025", metadata={"k": 1}),
        Document("a", "Text.", title="T", source="other", date="2025", metadata={"k": 1}),
        Document("a", "Text.", title="T", source="s", date="2024", metadata={"k": 1}),
        Document("a", "Text.", title="T", source="s", date="2025", metadata={"k": 2}),
        Document("a", "Text.", title="T", source="s", date="2025", metadata={"k": 1}, language="fr"),
    ],
)
def test_any_difference_is_an_update(tmp_path: Path, changed: Document) -> None:
    document = Document("a", "Text.", title="T", source="s", date="2025", metadata={"k": 1}, language="en")
    build_index([document], tmp_path)
    assert update_index([changed], tmp_path).updated == 1
    with Searcher(tmp_path) as searcher:
        stored = searcher.document("a")
    assert (stored.text, stored.title, stored.source, stored.date) == (
        changed.text, changed.title, changed.source, changed.date,
    )  # fmt: skip


def test_remove_deletes_and_names_what_was_not_there(tmp_path: Path) -> None:
    build_index(rockets("a", "b"), tmp_path)
    report = update_index([], tmp_path, remove=["a", "x"])
    assert report.removed == 1
    assert [path for path, _ in report.skipped] == ["x"]
    assert ids(tmp_path) == ["b"]


def test_remove_and_add_of_one_id_is_one_change(tmp_path: Path) -> None:
    build_index(rockets("a"), tmp_path)
    update_index([Document("a", "A new rocket.")], tmp_path, remove=["a"])
    assert ids(tmp_path) == ["a"]


@pytest.mark.parametrize("verb", [build_index, update_index])
def test_last_of_two_documents_with_one_id_wins_and_is_reported(tmp_path: Path, verb: type) -> None:
    report = verb(
        [Document("a", "First rocket."), Document("b", "A rocket."), Document("a", "Second rocket.")], tmp_path
    )
    assert report.added == 2
    assert len(report.skipped) == 1
    assert "a" in report.skipped[0][1]
    assert ids(tmp_path, "first") == []
    assert ids(tmp_path, "second") == ["a"]
    with Searcher(tmp_path) as searcher:
        assert len(searcher) == 2


def test_document_given_twice_is_reported_by_what_it_became(tmp_path: Path) -> None:
    build_index([Document("a", "First rocket.")], tmp_path)
    report = update_index([Document("a", "First rocket."), Document("a", "Second rocket.")], tmp_path)
    assert (report.added, report.updated, report.unchanged) == (0, 1, 0)


def test_ids_to_remove_are_a_list(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="list of ids"):
        update_index([], tmp_path, remove="abc")


def test_failure_of_the_caller_is_not_one_of_the_index(tmp_path: Path) -> None:
    def unreachable() -> Iterator[Document]:
        yield from rockets("new")
        raise ConnectionResetError("the source has gone")

    build_index(rockets("old"), tmp_path)
    with pytest.raises(ConnectionResetError):
        update_index(unreachable(), tmp_path)
    assert ids(tmp_path) == ["old"]


@pytest.mark.parametrize("error", [OSError(22, "Invalid argument"), KeyboardInterrupt()])
def test_failure_after_the_change_is_visible_keeps_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    build_index(rockets("old"), tmp_path)

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr("searcher.engines.whoosh.writing.clean_files", fail)
    with pytest.raises((IndexAccessError, KeyboardInterrupt)):
        update_index(rockets("new"), tmp_path)
    assert sorted(ids(tmp_path)) == ["new", "old"]


def test_whoosh_opens_the_index_by_itself(tmp_path: Path) -> None:
    import whoosh.index
    from whoosh.query import Term

    build_index([*rockets("a"), Document("b", "Rien à voir.", language="fr")], tmp_path)
    with whoosh.index.open_dir(tmp_path).searcher() as searcher:
        assert [hit["id"] for hit in searcher.search(Term("text_en", "rocket"))] == ["a"]


@pytest.mark.parametrize("documents", ["a text", [{"id": "a", "text": "b"}], [1]])
def test_what_is_no_document_is_an_error(tmp_path: Path, documents: Any) -> None:
    build_index(rockets("old"), tmp_path)
    with pytest.raises(DocumentError, match=r"searcher\.Document"):
        build_index(documents, tmp_path)
    assert ids(tmp_path) == ["old"]


def test_stream_that_was_read_before_replaces_nothing(tmp_path: Path, seeds: Path) -> None:
    stream = read_documents(seeds)
    assert build_index(stream, tmp_path).added == 26
    with pytest.raises(NothingToIndexError):
        build_index(stream, tmp_path)
    with Searcher(tmp_path) as searcher:
        assert len(searcher) == 26


def test_given_language_wins_over_detection(tmp_path: Path) -> None:
    build_index([Document("a", "The rocket is on its way.", language="fr")], tmp_path)
    with Searcher(tmp_path) as searcher:
        assert searcher.search("rocket")[0].language == "fr"


def test_progress_is_told_of_every_document(tmp_path: Path) -> None:
    told: list[tuple[int, str]] = []
    build_index(rockets("a", "b"), tmp_path, progress=lambda count, id: told.append((count, id)))
    assert told == [(1, "a"), (2, "b")]


def test_failure_while_reading_leaves_the_old_index(tmp_path: Path) -> None:
    def broken() -> Iterator[Document]:
        yield from rockets("new")
        raise ValueError("broken source")

    build_index(rockets("old"), tmp_path)
    before = sorted(path.name for path in tmp_path.iterdir())
    for verb in (build_index, update_index):
        with pytest.raises(ValueError, match="broken source"):
            verb(broken(), tmp_path)
        assert ids(tmp_path) == ["old"]
        assert sorted(path.name for path in tmp_path.iterdir()) == before
    assert update_index(rockets("next"), tmp_path).added == 1


def test_interrupt_leaves_the_old_index(tmp_path: Path) -> None:
    def interrupted() -> Iterator[Document]:
        yield from rockets("new")
        raise KeyboardInterrupt

    build_index(rockets("old"), tmp_path)
    with pytest.raises(KeyboardInterrupt):
        build_index(interrupted(), tmp_path)
    assert ids(tmp_path) == ["old"]


def test_first_build_that_fails_leaves_no_index(tmp_path: Path) -> None:
    def broken() -> Iterator[Document]:
        yield from rockets("new")
        raise ValueError("broken source")

    with pytest.raises(ValueError, match="broken source"):
        build_index(broken(), tmp_path)
    with pytest.raises(IndexNotFoundError):
        Searcher(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize("moment", ["reading", "committing", "naming"])
def test_killed_build_leaves_the_old_index(tmp_path: Path, moment: str) -> None:
    build_index(rockets("old"), tmp_path)
    script = f"""
import os, signal
from searcher import Document, build_index
import searcher.engines.whoosh.writing as writing
def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)
def documents():
    for n in range(20):
        yield Document(str(n), "The new rocket is on its way.")
    if {moment == "reading"}:
        die()
if {moment == "committing"}:
    writing.write_columns = die
if {moment == "naming"}:
    os.replace = os.rename = die
build_index(documents(), {str(tmp_path)!r})
"""
    process = subprocess.run([sys.executable, "-c", script], check=False)
    assert process.returncode == -9
    assert ids(tmp_path) == ["old"]
    assert update_index(rockets("next"), tmp_path).added == 1
    assert sorted(ids(tmp_path)) == ["next", "old"]
    assert build_index(rockets("built"), tmp_path).added == 1
    assert ids(tmp_path) == ["built"]


def test_nothing_readable_leaves_the_old_index(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    build_index(rockets("old"), folder)
    (tmp_path / "picture.txt").write_bytes(b"\x89PNG\r\n\0\0\0")
    with pytest.raises(NothingToIndexError) as raised:
        build_index(read_documents(tmp_path / "picture.txt", tmp_path / "missing.txt"), folder)
    assert len(raised.value.skipped) == 2
    assert ids(folder) == ["old"]


def test_unreadable_files_are_reported_and_the_rest_indexed(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text("A rocket for everybody.", encoding="utf-8")
    (tmp_path / "bad.txt").write_bytes(bytes(range(256)) * 4)
    (tmp_path / "empty.txt").write_bytes(b"")
    report = build_index(read_documents(tmp_path, root=tmp_path), tmp_path / "index")
    assert report.added == 1
    assert sorted(path for path, _ in report.skipped) == ["bad.txt", "empty.txt"]


def test_second_writer_waits_then_says_who_holds_the_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("searcher.engines.whoosh.writing.LOCK_PATIENCE", 0.2)

    def documents() -> Iterator[Document]:
        yield from rockets("a")
        with pytest.raises(IndexLockedError) as raised:
            update_index(rockets("b"), tmp_path)
        assert str(os.getpid()) in raised.value.holder

    build_index(documents(), tmp_path)
    assert update_index(rockets("b"), tmp_path).added == 1


def test_missing_index_is_an_error_that_says_how_to_make_one(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(IndexNotFoundError, match="searcher index PATH"):
            Searcher(folder)
    assert not (tmp_path / "none").exists()


def test_file_in_place_of_the_folder_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("text", encoding="utf-8")
    with pytest.raises(IndexAccessError):
        Searcher(file)
    with pytest.raises(IndexAccessError):
        build_index(rockets("a"), file)
    assert file.read_text(encoding="utf-8") == "text"


def test_other_fingerprint_is_an_error_that_names_the_rebuild(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build_index(rockets("a"), tmp_path)
    for module in ("reading", "writing"):
        monkeypatch.setattr(f"searcher.engines.whoosh.{module}.fingerprint", lambda: "2-other")
    with pytest.raises(IndexFormatError, match="searcher rebuild"):
        Searcher(tmp_path)
    with pytest.raises(IndexFormatError, match="searcher rebuild"):
        update_index(rockets("b"), tmp_path)
    assert build_index(rockets("b"), tmp_path).added == 1
    assert ids(tmp_path) == ["b"]


def test_index_of_another_program_is_an_error(tmp_path: Path) -> None:
    from whoosh import fields, index

    other = index.create_in(tmp_path, fields.Schema(id=fields.ID))
    writer = other.writer()
    writer.add_document(id="a")
    writer.commit()
    with pytest.raises(IndexFormatError, match="another program"):
        Searcher(tmp_path)


@pytest.mark.usefixtures("leaky_failures")
def test_damaged_file_is_an_error_and_a_rebuild_mends_it(tmp_path: Path) -> None:
    build_index(rockets("a"), tmp_path / "good")
    names = [path.name for path in (tmp_path / "good").iterdir() if path.suffix in (".toc", ".columns")]
    assert len(names) == 3  # the contents, the documents, and what is kept beside them
    for name in names:
        folder = tmp_path / f"damaged-{name}"
        shutil.copytree(tmp_path / "good", folder)
        whole = (folder / name).read_bytes()
        (folder / name).write_bytes(whole[: len(whole) // 2])
        with pytest.raises(IndexDamagedError, match="searcher rebuild"), Searcher(folder) as searcher:
            searcher.search("rocket")[0].snippet  # noqa: B018 - reads what is stored
        build_index(rockets("b"), folder)
        assert ids(folder) == ["b"]


def test_missing_segment_file_is_an_error(tmp_path: Path) -> None:
    build_index(rockets("a"), tmp_path)
    next(tmp_path.glob("*.columns")).unlink()
    with pytest.raises(IndexDamagedError, match=r"missing.*searcher rebuild"):
        Searcher(tmp_path)
    with pytest.raises(IndexDamagedError, match=r"missing.*searcher rebuild"):
        update_index(rockets("b"), tmp_path)


@pytest.mark.parametrize("verb", [build_index, update_index])
def test_full_disk_is_an_error_and_the_old_index_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, verb: type
) -> None:
    from whoosh.filedb.structfile import StructFile

    build_index(rockets("old"), tmp_path)

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(StructFile, "write_string", refuse)
        with pytest.raises(IndexAccessError, match="No space left") as raised:
            verb(rockets("new"), tmp_path)
    assert raised.value.advice
    assert ids(tmp_path) == ["old"]
    assert update_index(rockets("next"), tmp_path).added == 1
    assert not [path for path in tmp_path.iterdir() if path.suffix not in (".toc", ".columns", "") or path.is_dir()]


def test_document_that_makes_no_sense_is_an_error() -> None:
    with pytest.raises(DocumentError):
        Document("", "text")


def ranking(folder: Path) -> list[tuple[str, float]]:
    with Searcher(folder) as searcher:
        return [
            (hit.id, round(hit.score, 9))
            for query in ("rocket la station", '"the rocket"', "fusée orbite")
            for hit in searcher.search(query, limit=100)
        ]


WORDS = st.sampled_from("the rocket station la fusée orbite est de of and ready prête l’espace".split())
TEXTS = st.lists(WORDS, min_size=1, max_size=12).map(" ".join)
CHANGES = st.lists(
    st.lists(st.tuples(st.sampled_from("abcdefgh"), TEXTS | st.none()), max_size=5), min_size=1, max_size=5
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=CHANGES)
def test_index_updated_step_by_step_ranks_like_one_built_at_once(
    tmp_path_factory: pytest.TempPathFactory, changes: list[list[tuple[str, str | None]]]
) -> None:
    stepwise, at_once = tmp_path_factory.mktemp("stepwise"), tmp_path_factory.mktemp("once")
    build_index([], stepwise)
    texts: dict[str, str] = {}
    for change in changes:
        removed = [id for id, text in change if text is None]
        given = {id: text for id, text in change if text is not None}
        update_index([Document(id, text) for id, text in given.items()], stepwise, remove=removed)
        for id in removed:
            texts.pop(id, None)
        texts.update(given)
    build_index([Document(id, text) for id, text in texts.items()], at_once)
    assert ranking(stepwise) == ranking(at_once)


def many_documents() -> list[Document]:
    """Return documents in both languages, some of them with words that others have not."""
    return [
        Document(
            f"d{n}",
            f"The rocket {n} is on its way to station {n % 7}. " * 3
            if n % 2
            else f"La fusée n’est pas prête, l’été {n}. ",
            title=f"Title {n % 5}" if n % 3 else "",
            language="en" if n % 2 else "fr",
        )
        for n in range(60)
    ]


def segment_bytes(folder: Path) -> list[bytes]:
    return sorted(path.read_bytes() for path in folder.glob("*.columns"))


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of a few documents, so that few documents make many."""
    monkeypatch.setattr("searcher.indexing.BATCH_LENGTH", 700)


@pytest.fixture
def small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    """Words that take ten kilobytes each, so that a megabyte holds few documents."""
    monkeypatch.setattr("searcher.engines.whoosh.building.BYTES_PER_WORD", 10_000)


@pytest.mark.usefixtures("small_batches", "small_segments")
def test_segments_are_the_same_whatever_the_number_of_jobs(tmp_path: Path) -> None:
    documents = [*many_documents(), Document("d3", "The rocket has landed."), Document("d3", "La fusée est prête.")]
    words = [f"operator{letter}" for letter in "abcdefghij"]  # ordinary, as texts of other batches than the titles tell
    documents += [Document(f"small-{word}", f"The {word} is here. " * 20) for word in words]
    documents += [Document(f"large-{word}", "Nobody is there. " * 20, title=word.title()) for word in words]
    reports = [build_index(documents, tmp_path / str(jobs), jobs=jobs, memory=3) for jobs in (1, 2, 3)]
    one, *others = [segment_bytes(tmp_path / str(jobs)) for jobs in (1, 2, 3)]
    assert len(one) > 1
    assert others == [one, one]
    assert len({(report.added, report.skipped, tuple(report.languages.items())) for report in reports}) == 1


@pytest.mark.usefixtures("small_batches")
def test_batches_leave_no_trace_in_the_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build_index(many_documents(), tmp_path / "many")
    monkeypatch.setattr("searcher.indexing.BATCH_LENGTH", 1_000_000)
    build_index(many_documents(), tmp_path / "one")
    assert segment_bytes(tmp_path / "many") == segment_bytes(tmp_path / "one")


@pytest.mark.usefixtures("small_batches", "small_segments")
def test_little_memory_makes_several_segments_that_rank_as_one(tmp_path: Path) -> None:
    build_index(many_documents(), tmp_path / "little", memory=3)
    build_index(many_documents(), tmp_path / "much", memory=1_000_000)
    assert len(segment_bytes(tmp_path / "little")) > len(segment_bytes(tmp_path / "much")) == 2
    assert ranking(tmp_path / "little") == ranking(tmp_path / "much")


@pytest.mark.usefixtures("small_batches", "small_segments")
@pytest.mark.parametrize("memory", [1, 1_000_000])
def test_last_of_one_id_in_several_batches_wins_though_the_index_held_it(tmp_path: Path, memory: int) -> None:
    held = Document("a", "The first rocket.", language="en")
    build_index([held, *rockets("b")], tmp_path)
    documents = [Document("a", "The second rocket.", language="en"), *many_documents(), held, *rockets("c")]
    report = update_index(documents, tmp_path, memory=memory)
    assert (report.added, report.updated, report.unchanged) == (61, 0, 1)
    assert [path for path, _ in report.skipped] == ["a"]
    assert ids(tmp_path, "first") == ["a"]
    assert ids(tmp_path, "second") == []
    with Searcher(tmp_path) as searcher:
        assert len(searcher) == 63
        assert searcher.document("a").text == held.text


@pytest.mark.parametrize("verb", [build_index, update_index])
@pytest.mark.parametrize("wrong", [{"jobs": 0}, {"jobs": -1}, {"jobs": True}, {"memory": "x"}, {"memory": 0.5}])
def test_jobs_and_memory_are_whole_numbers(tmp_path: Path, verb: Any, wrong: dict[str, Any]) -> None:
    build_index(rockets("old"), tmp_path)
    ((name, value),) = wrong.items()
    with pytest.raises(DocumentError, match=f"{name} is {value!r}") as raised:
        verb(rockets("new"), tmp_path, **wrong)
    assert raised.value.advice
    assert ids(tmp_path) == ["old"]


@pytest.mark.usefixtures("small_batches")
def test_process_that_ends_before_its_time_leaves_the_old_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_index(rockets("old"), tmp_path)
    before = sorted(path.name for path in tmp_path.iterdir())
    monkeypatch.setattr("searcher.workers.SERVE", "import os; os._exit(3)")
    with pytest.raises(WorkerError):
        build_index(many_documents(), tmp_path, jobs=2)
    assert ids(tmp_path) == ["old"]
    assert sorted(path.name for path in tmp_path.iterdir()) == before
