"""What an index survives: writers killed, disks full, files changed, writers and readers at once.

Only through the public interface, whatever the format of the files.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from searcher import (
    Document,
    IndexNotFoundError,
    Searcher,
    SearcherError,
    add_glossaries,
    build_index,
    update_index,
)

ROOT = Path(__file__).parent.parent.parent
QUERIES = ("rocket station", '"la fusée"', "fusee landed", "orbite")

Answers = list[Any]


def document(id: str, word: str = "way") -> Document:
    if int(id) % 3 == 0:
        text = f"La fusée numéro {id} est prête pour le départ vers l’orbite, et la station attend. {word}"
        return Document(id, text, title=f"Fusée {id}", language="fr", metadata={"number": int(id)})
    text = f"The rocket number {id} is on its {word} to the station. It has landed before."
    return Document(id, text, title=f"Rocket {id}", language="en", source=f"{id}.txt", date="2025-01-02")


def documents(numbers: Iterable[int], word: str = "way") -> list[Document]:
    return [document(str(number), word) for number in numbers]


def answers(folder: Path) -> Answers:
    """Return all that an index says: hits, scores, counts, snippets and what is stored."""
    with Searcher(folder) as searcher:
        found: Answers = [len(searcher)]
        ids: set[str] = set()
        for query in QUERIES:
            results = searcher.search(query, limit=100).to_dict()
            del results["seconds"]
            found.append(results)
            ids.update(hit["id"] for hit in results["hits"])
        for id in sorted(ids):
            stored = searcher.document(id)
            found.append((id, stored.text, stored.title, stored.language, stored.source, stored.date, stored.metadata))
    return found


def kinds(folder: Path) -> list[str]:
    """Return the names of the files in a folder without what differs from run to run."""
    return sorted(re.sub(r"_[0-9a-z]{16}|_\d+", "", path.name) for path in folder.iterdir())


def rebuild(folder: Path) -> None:
    build_index(documents(range(100, 106), "return"), folder)


def update(folder: Path) -> None:
    update_index(documents([3, 4, 200, 201], "return"), folder, remove=["5", "6"])


def prepare_nothing(folder: Path) -> None:
    folder.mkdir()


def prepare_one_segment(folder: Path) -> None:
    build_index(documents(range(40)), folder)


def add(folder: Path) -> None:
    update_index(documents([3, 200], "return"), folder, remove=["1"])


def prepare_small_segments(folder: Path) -> None:
    """Make small updates until the next one, `add`, merges: it leaves no more files than there were."""
    build_index(documents(range(6)), folder)
    for number in range(6, 60):
        update_index(documents([number]), folder)
        copy = folder.with_name(f"{folder.name}-merged")
        shutil.copytree(folder, copy)
        add(copy)
        is_merged = len(kinds(copy)) <= len(kinds(folder))
        shutil.rmtree(copy)
        if is_merged:
            return
    raise AssertionError("segments are never merged")


def prepare_glossary(folder: Path) -> None:
    prepare_one_segment(folder)
    folder.with_name("rocket.tsv").write_text("en\tfr\nrocket\tfusée\n", encoding="utf-8")


def add_glossary(folder: Path) -> None:
    add_glossaries([folder.with_name("rocket.tsv")], folder)


CHANGES: dict[str, tuple[Callable[[Path], None], Callable[[Path], None]]] = {
    "first build": (prepare_nothing, rebuild),
    "rebuild": (prepare_one_segment, rebuild),
    "update": (prepare_one_segment, update),
    "merge": (prepare_small_segments, add),
    "glossary": (prepare_glossary, add_glossary),
}
"""What is there before, and what is done to it."""

FAULTS = '''
"""Makes one change in a copy of a folder for each step at which the disk is written, and fails at that step."""
import builtins, errno, io, json, os, shutil, signal, sys, traceback
from pathlib import Path

name, fault, base = sys.argv[1], sys.argv[2], Path(sys.argv[3])
sys.path.insert(0, sys.argv[4])
from test_faults import CHANGES
from searcher import Document, IndexAccessError, build_index, update_index

counted = failing_at = 0
is_armed = False

def step(do=None):
    """Count a step; at the one to fail at do half of it and fail."""
    global counted
    if not is_armed:
        return
    counted += 1
    if counted == failing_at or (fault == "full" and 0 < failing_at < counted and do is not None):
        if do is not None:
            do()
        if fault == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        raise OSError(errno.ENOSPC, "No space left on device")

class CountedFile(io.FileIO):
    def write(self, data):
        step(lambda: io.FileIO.write(self, memoryview(data).cast("B")[: len(memoryview(data).cast("B")) // 2]))
        return super().write(data)

    def truncate(self, size=None):
        step()
        return super().truncate(size)

def open_counted(file, mode="r", buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None):
    if not is_armed or not set(mode) & set("wax+"):
        return plain_open(file, mode, buffering, encoding, errors, newline, closefd, opener)
    raw = CountedFile(file, "".join(sorted(set(mode) - set("bt"))), closefd, opener)
    if buffering == 0:
        return raw
    kept = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
    return kept if "b" in mode else io.TextIOWrapper(kept, encoding, errors, newline, line_buffering=buffering == 1)

def counted_write(descriptor, data):
    step(lambda: plain_write(descriptor, bytes(data)[: len(data) // 2]))
    return plain_write(descriptor, data)

def counting(function):
    def counted_function(*arguments, **options):
        step()
        return function(*arguments, **options)
    return counted_function

def watch(event, arguments):
    # Whatever way a function was imported; opening for reading only is no step, nor is a folder opened for fsync.
    if is_armed and (
        event in ("os.rename", "os.remove", "os.mkdir", "os.truncate")
        or (event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
    ):
        step()

plain_open, plain_write = open, os.write
builtins.open = io.open = open_counted
os.write = counted_write
for function in ("fsync", "fdatasync", "ftruncate"):
    if hasattr(os, function):
        setattr(os, function, counting(getattr(os, function)))
sys.addaudithook(watch)

def change(folder, at):
    """Change a copy of the index in a process that may die; return what became of it."""
    global is_armed, failing_at
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            failing_at = at
            is_armed = True
            CHANGES[name][1](folder)
            outcome = "done"
        except IndexAccessError:
            outcome = "refused"
        except BaseException:
            outcome = traceback.format_exc()
        is_armed = False
        plain_write(writing, json.dumps([outcome, counted]).encode())
        os._exit(0)
    os.close(writing)
    with plain_open(reading, "rb") as pipe:
        told = pipe.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return "killed" if os.WTERMSIG(status) == signal.SIGKILL else f"signal {os.WTERMSIG(status)}", 0
    return tuple(json.loads(told))

# Once without a fault, to import what is needed.
CHANGES[name][0](base / "warm")
CHANGES[name][1](base / "warm")
CHANGES[name][0](base / "old")
shutil.copytree(base / "old", base / "new")
outcome, _ = change(base / "new", 0)
assert outcome == "done", outcome
outcomes = []
for at in range(1, 1000):
    folder = base / f"step-{at}"
    shutil.copytree(base / "old", folder)
    outcome, steps = change(folder, at)
    if outcome == "done" and steps < at:  # there is no such step
        break
    outcomes.append(outcome)
print(json.dumps(outcomes))
'''

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="a process is stopped at a step by fork and SIGKILL")


def run_faults(name: str, fault: str, folder: Path) -> list[str]:
    """Let a change fail at each of its steps; return the outcomes, and the folders old, new, step-1, step-2, ..."""
    process = subprocess.run(
        [sys.executable, "-B", "-c", FAULTS, name, fault, str(folder), str(Path(__file__).parent)],
        env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(folder)},
        check=True, timeout=60, stdout=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip
    outcomes = json.loads(process.stdout)
    assert isinstance(outcomes, list)
    assert len(outcomes) > 3, "too few steps were seen"
    return outcomes


def next_write(folder: Path) -> None:
    update_index([*documents([300], "next")], folder)


def answers_or_nothing(folder: Path) -> Answers | None:
    try:
        return answers(folder)
    except IndexNotFoundError:
        return None


class Twins:
    """The index as it is before and after a change, and both after one more write."""

    def __init__(self, folder: Path) -> None:
        self.states = [answers_or_nothing(folder / state) for state in ("old", "new")]
        self.next_states = []
        self.next_kinds = []
        for state in ("old", "new"):
            copy = folder / f"next-{state}"
            shutil.copytree(folder / state, copy)
            next_write(copy)
            self.next_states.append(answers(copy))
            self.next_kinds.append(kinds(copy))
        assert self.states[0] != self.states[1]

    def check(self, folder: Path) -> int:
        """Return 0 where a folder holds the old index, 1 where the new one, and see that it goes on from there."""
        state = self.states.index(answers_or_nothing(folder))
        next_write(folder)
        assert answers(folder) == self.next_states[state]
        assert kinds(folder) == self.next_kinds[state], "something was left behind"
        return state


@needs_fork
@pytest.mark.parametrize("name", CHANGES)
def test_writer_killed_at_any_step_leaves_the_old_index_or_the_new_one(tmp_path: Path, name: str) -> None:
    outcomes = run_faults(name, "kill", tmp_path)
    twins = Twins(tmp_path)
    found = []
    for number, outcome in enumerate(outcomes, start=1):
        assert outcome == "killed", f"step {number}: {outcome}"
        found.append(twins.check(tmp_path / f"step-{number}"))
    assert found == sorted(found), "a later step went back"
    assert found[0] == 0


@needs_fork
@pytest.mark.parametrize(("name", "fault"), [*((name, "full") for name in CHANGES), ("update", "full once")])
def test_full_disk_at_any_step_is_an_error_that_leaves_the_old_index(tmp_path: Path, name: str, fault: str) -> None:
    outcomes = run_faults(name, fault, tmp_path)
    twins = Twins(tmp_path)
    assert "refused" in outcomes
    for number, outcome in enumerate(outcomes, start=1):
        assert outcome in ("done", "refused"), f"step {number}: {outcome}"
        state = twins.check(tmp_path / f"step-{number}")
        assert state == (outcome == "done"), f"step {number}: {outcome}"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Answers]:
    """An index of two segments, documents deleted in the first, and what it answers."""
    folder = tmp_path_factory.mktemp("whole") / "index"
    build_index(documents(range(20)), folder)
    update_index(documents([20, 21, 22], "return"), folder, remove=["4", "5"])
    return folder, answers(folder)


def positions(size: int) -> list[int]:
    """Return places of a file: all of its beginning and end, and 200 between."""
    ends = {*range(64), *range(size - 32, size)}
    return sorted(place for place in ends | {size * part // 200 for part in range(200)} if 0 <= place < size)


def check_damaged(folder: Path, right: Answers, damage: str) -> None:
    try:
        given = answers(folder)
    except SearcherError:
        return
    except Exception as error:
        raise AssertionError(f"{damage}: {type(error).__name__}: {error}") from error
    assert given == right, f"{damage}: wrong answers"


def damaged(whole: tuple[Path, Answers], folder: Path) -> Iterator[tuple[Path, bytes]]:
    shutil.copytree(whole[0], folder)
    for path in sorted(folder.iterdir()):
        content = path.read_bytes()
        yield path, content
        path.write_bytes(content)


def test_changed_byte_is_an_error_or_changes_nothing(tmp_path: Path, whole: tuple[Path, Answers]) -> None:
    for path, content in damaged(whole, tmp_path / "index"):
        for count, position in enumerate(positions(len(content))):
            changed = content[position] ^ (0xFF, 0x01, 0x80, 0x10)[count % 4]
            path.write_bytes(content[:position] + bytes([changed]) + content[position + 1 :])
            check_damaged(path.parent, whole[1], f"byte {position} of {len(content)} in {path.name}")


def test_region_of_zeros_is_an_error_or_changes_nothing(tmp_path: Path, whole: tuple[Path, Answers]) -> None:
    for path, content in damaged(whole, tmp_path / "index"):
        width = max(len(content) // 50, 1)
        for position in range(0, len(content), width):
            zeros = bytes(len(content[position : position + width]))
            path.write_bytes(content[:position] + zeros + content[position + width :])
            check_damaged(path.parent, whole[1], f"zeros at {position} of {len(content)} in {path.name}")


def test_cut_file_is_an_error_or_changes_nothing(tmp_path: Path, whole: tuple[Path, Answers]) -> None:
    for path, content in damaged(whole, tmp_path / "index"):
        for position in positions(len(content)):
            path.write_bytes(content[:position])
            check_damaged(path.parent, whole[1], f"{path.name} cut at {position} of {len(content)}")


def test_missing_file_is_an_error_or_changes_nothing(tmp_path: Path, whole: tuple[Path, Answers]) -> None:
    for path, _ in damaged(whole, tmp_path / "index"):
        path.unlink()
        check_damaged(path.parent, whole[1], f"{path.name} missing")


def test_damaged_index_is_rebuilt(tmp_path: Path, whole: tuple[Path, Answers]) -> None:
    for path, content in damaged(whole, tmp_path / "index"):
        path.write_bytes(bytes(reversed(content)))
        build_index(documents(range(3)), tmp_path / "index")
        with Searcher(tmp_path / "index") as searcher:
            assert len(searcher) == 3
        shutil.rmtree(tmp_path / "index")
        shutil.copytree(whole[0], tmp_path / "index")


def start(script: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", script, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
    )  # fmt: skip


def finish(processes: list[subprocess.Popen[str]]) -> list[str]:
    """Wait for processes; return what they said. They are killed where one of them takes a minute."""
    try:
        said = [process.communicate(timeout=60)[0] for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.communicate()
    assert [process.returncode for process in processes] == [0] * len(processes), "\n".join(said)
    return said


WRITER = """
import sys
from searcher import Document, IndexLockedError, update_index
folder, first = sys.argv[1], int(sys.argv[2])
for number in range(first, first + 10):
    while True:
        try:
            update_index([Document(str(number), f"The rocket {number} is on its way.")], folder)
            break
        except IndexLockedError:
            pass
"""


def test_two_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    finish([start(WRITER, tmp_path / "index", first) for first in (0, 10)])
    with Searcher(tmp_path / "index") as searcher:
        assert {hit.id for hit in searcher.search("rocket", limit=100)} == {str(number) for number in range(20)}
        assert len(searcher) == 20


READER = """
import sys
from pathlib import Path
from searcher import Searcher
folder, done, opens_anew = sys.argv[1], Path(sys.argv[2]), sys.argv[3] == "anew"
searcher = Searcher(folder)
print("ready", flush=True)
seen = []
is_last = False
while not is_last:
    is_last = done.exists()
    if opens_anew:
        searcher.close()
        searcher = Searcher(folder)
    else:
        searcher.reload()
    for _ in range(2):
        results = searcher.search("rocket", limit=100)
        batches = {hit.metadata["batch"] for hit in results}
        assert len(batches) == 1, f"a mixture of {batches}"
        batch = batches.pop()
        assert results.total == len(results) == 8 + batch % 3, (results.total, len(results), batch)
        for hit in results:
            assert f"batch{batch} " in searcher.document(hit.id).text
            assert "rocket" in hit.snippet.to_text()
        assert searcher.search(f"batch{batch}").total == results.total
        if batch not in seen[-1:]:
            seen.append(batch)
searcher.close()
assert seen == sorted(seen), seen
assert seen[-1] == 50, seen
"""


def test_readers_see_one_batch_at_a_time_during_fifty_updates(tmp_path: Path) -> None:
    folder, done = tmp_path / "index", tmp_path / "done"

    def write(batch: int) -> None:
        size = 8 + batch % 3
        texts = [
            Document(str(number), f"The rocket of batch{batch} is on its way.", metadata={"batch": batch})
            for number in range(size)
        ]
        update_index(texts, folder, remove=[str(number) for number in range(size, 11)])

    write(0)
    readers = [start(READER, folder, done, way) for way in ("anew", "reload", "anew", "reload")]
    try:
        for reader in readers:
            assert reader.stdout is not None
            assert reader.stdout.readline() == "ready\n"
        for batch in range(1, 51):
            write(batch)
    finally:
        done.touch()
        finish(readers)


def test_reader_keeps_its_generation_while_the_index_changes(tmp_path: Path) -> None:
    prepare_one_segment(tmp_path / "index")
    with Searcher(tmp_path / "index") as searcher:
        before = [searcher.search(query, limit=100).to_dict()["hits"] for query in QUERIES]
        update(tmp_path / "index")
        rebuild(tmp_path / "index")
        assert [searcher.search(query, limit=100).to_dict()["hits"] for query in QUERIES] == before
        assert searcher.reload()
        assert len(searcher) == 6


IDS = st.sampled_from([str(number) for number in range(12)])
WORDS = st.sampled_from("the rocket station la fusée orbite est de of and ready prête landed l’espace".split())
TEXTS = st.lists(WORDS, min_size=0, max_size=10).map(" ".join)
GIVEN = st.dictionaries(IDS, st.tuples(TEXTS, st.sampled_from(["en", "fr"])), max_size=5)


class IndexMachine(RuleBasedStateMachine):
    """Changes an index in any order; it always answers like one built at once of the same documents."""

    folders: Callable[[str], Path]

    @initialize()
    def begin(self) -> None:
        self.folder = self.folders("changed")
        self.model: dict[str, tuple[str, str]] = {}
        build_index([], self.folder)

    def documents(self, given: dict[str, tuple[str, str]]) -> list[Document]:
        return [Document(id, text, title=f"Title {id}", language=code) for id, (text, code) in given.items()]

    @rule(given=GIVEN, removed=st.lists(IDS, max_size=4))
    def update(self, given: dict[str, tuple[str, str]], removed: list[str]) -> None:
        update_index(self.documents(given), self.folder, remove=removed)
        for id in removed:
            self.model.pop(id, None)
        self.model.update(given)

    @rule(removed=st.lists(IDS, min_size=1, max_size=8))
    def remove(self, removed: list[str]) -> None:
        update_index([], self.folder, remove=removed)
        for id in removed:
            self.model.pop(id, None)

    @rule(given=GIVEN)
    def rebuild(self, given: dict[str, tuple[str, str]]) -> None:
        build_index(self.documents(given), self.folder)
        self.model = dict(given)

    @rule(given=GIVEN)
    def fail(self, given: dict[str, tuple[str, str]]) -> None:
        def broken() -> Iterator[Document]:
            yield from self.documents(given)
            raise ConnectionResetError("the source has gone")

        with pytest.raises(ConnectionResetError):
            update_index(broken(), self.folder, remove=list(self.model)[:2])

    @rule()
    def compare(self) -> None:
        at_once = self.folders("once")
        build_index(self.documents(self.model), at_once)
        assert answers(self.folder) == answers(at_once)

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            self.compare()


def test_any_sequence_of_changes_answers_like_one_build(tmp_path_factory: pytest.TempPathFactory) -> None:
    class Machine(IndexMachine):
        folders = staticmethod(tmp_path_factory.mktemp)

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=12, stateful_step_count=10, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
