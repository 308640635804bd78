"""Fresh processes for what scripts/benchmark.py measures, with the memory they take; needs Linux."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path
from typing import Any

Figures = dict[str, Any]
"""What was measured, as JSON types: of each part, for each engine, named values."""

SPAWN = get_context("spawn")


def read_status(pid: int | str, key: str) -> float:
    """Return a value of /proc/<pid>/status, in MB."""
    found = re.search(rf"^{key}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(encoding="utf-8"), re.MULTILINE)
    return int(found[1]) * 1024 / 1e6 if found else 0.0


def find_descendants(pid: int) -> Iterator[int]:
    """Yield the processes that a process has started, and theirs."""
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, path.read_text(encoding="utf-8").split()):
            yield child
            yield from find_descendants(child)


def run_apart(task: Callable[..., Figures], *arguments: Any) -> Figures:
    """Run a task in a fresh process; adds `peak`, MB: its greatest RSS and that of each process it started, summed."""
    receiver, sender = SPAWN.Pipe(duplex=False)
    process = SPAWN.Process(target=_send, args=(sender, task, arguments))
    process.start()
    sender.close()
    peaks: dict[int, float] = {}
    while not receiver.poll(0.05):
        with suppress(OSError):  # a process that ended between two looks
            for pid in find_descendants(process.pid or 0):
                peaks[pid] = max(peaks.get(pid, 0), read_status(pid, "VmHWM"))
    try:
        figures: Figures = receiver.recv()
    except EOFError:
        raise SystemExit(f"{task.__name__} failed for {arguments[0]}") from None
    finally:
        process.join()
    figures["peak"] += sum(peaks.values())
    return figures


def _send(sender: Any, task: Callable[..., Figures], arguments: Sequence[Any]) -> None:
    figures = task(*arguments)
    sender.send({**figures, "peak": read_status("self", "VmHWM")})
