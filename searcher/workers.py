"""Workers: do the same to many values in several processes, and give the results in order.

A worker is a fresh Python that is sent a function and then values, pickled, through its standard input. It imports
nothing of the program that started it, so that no script needs a guard for being imported again, and it ends with its
standard input, so that none is left behind.
"""

from __future__ import annotations

import pickle
import queue
import signal
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any, TypeVar

from searcher.errors import WorkerError
from searcher.messages import Message

Value = TypeVar("Value")
Result = TypeVar("Result")

FEW = 3
"""Values for which no process is started: it would not be ready before they are done."""

MOST = 256
"""Processes that are started, however many jobs are asked for."""

WAITING = 2
"""Values that each worker has at hand, so that it never waits."""

SERVE = "from searcher.workers import serve; serve()"


def map_in_order(
    function: Callable[[Value], Result], values: Iterable[Value], jobs: int
) -> Generator[tuple[Value, Result], None, None]:
    """Yield each value with its result, in order; with several jobs by as many processes, from the fourth value on.

    No more processes are started than there are values. The function is pickled once for each worker, and may keep what
    it learns from one value for the next. Raises what it raises, and WorkerError where a process ends before its time.
    """
    values = iter(values)
    ahead = list(islice(values, max(FEW + 1, min(jobs, MOST)))) if jobs > 1 else []
    if len(ahead) <= FEW:
        for value in chain(ahead, values):
            yield value, function(value)
        return
    workers = queue.SimpleQueue[_Worker]()
    started: list[_Worker] = []
    jobs = min(jobs, len(ahead))

    def ask(value: Value) -> Result:
        worker = workers.get()
        try:
            result: Result = worker.ask(value)
            return result
        finally:
            workers.put(worker)

    pool = ThreadPoolExecutor(jobs)
    pending = deque[tuple[Value, Future[Result]]]()
    try:
        for _ in range(jobs):
            started.append(_Worker(function))
            workers.put(started[-1])
        for value in chain(ahead, values):
            pending.append((value, pool.submit(ask, value)))
            if len(pending) > WAITING * jobs:
                done, future = pending.popleft()
                yield done, future.result()
        while pending:
            done, future = pending.popleft()
            yield done, future.result()
    finally:
        for worker in started:
            worker.end()
        pool.shutdown(cancel_futures=True)


class _Worker:
    """A process that applies a function."""

    def __init__(self, function: Callable[[Any], Any]) -> None:
        path = str(Path(__file__).parents[1])
        # -P: the folder that the user is in is no place to import from.
        command = [sys.executable, "-P", "-c", f"import sys; sys.path.insert(0, {path!r}); {SERVE}"]
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - until the worker ends
        try:
            self._process = subprocess.Popen(  # noqa: S603 - ourselves
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._complaints
            )
        except OSError as error:
            self._complaints.close()
            raise WorkerError(
                Message("a process that analyses documents can't be started: {reason}", reason=error.strerror or error),
                Message("The index is as it was; try again with fewer --jobs, it may be memory that is short"),
            ) from error
        self._function: Callable[[Any], Any] | None = function

    def ask(self, value: Any) -> Any:
        """Return the result for a value; one at a time."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            if self._function is not None:
                _send(self._process.stdin, self._function)
                self._function = None
            _send(self._process.stdin, value)
            is_done, result = pickle.load(self._process.stdout)  # noqa: S301 - from ourselves
        except (EOFError, OSError, pickle.UnpicklingError, ValueError) as error:
            raise WorkerError(
                Message("a process that analyses documents ended ({reason})", reason=self._last_words()),
                Message("The index is as it was; try again with fewer --jobs, it may be memory that is short"),
            ) from error
        if not is_done:
            raise result
        return result

    def _last_words(self) -> str:
        """Return the last line that the process has complained in, or else how it ended."""
        code = self._process.wait()
        self._complaints.seek(0)
        lines = self._complaints.read().decode(errors="replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), str(code))

    def end(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        self._process.wait()
        self._complaints.close()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except OSError:  # what it was not able to read
                    continue


def _send(stream: IO[bytes], value: Any) -> None:
    pickle.dump(value, stream, pickle.HIGHEST_PROTOCOL)
    stream.flush()


def serve() -> None:
    """Be a worker until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started us ends us
    given, results = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    try:
        function = pickle.load(given)  # noqa: S301 - from who started us
        while True:
            value = pickle.load(given)  # noqa: S301
            try:
                answer = True, function(value)
            except Exception as error:  # noqa: BLE001 - it is raised where the value came from
                answer = False, error
            _send(results, answer)
    except (EOFError, BrokenPipeError, pickle.UnpicklingError):  # the last: who started us was killed while it sent
        return
