"""What scripts/benchmark.py measured, as tables for a terminal and as a plot."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from importlib.metadata import PackageNotFoundError, version
from math import ceil, floor, log10
from typing import Any

Figures = Mapping[str, Any]
Values = Mapping[str, float]
"""Of one engine."""

RIVALS = ("whoosh", "tantivy")
"""The engines that the others are compared with."""

DISTRIBUTIONS = ("searcher-enfr", "whoosh3", "whoosh", "tantivy", "bm25s", "numpy", "PyStemmer")

WIDTH, LEFT, RIGHT, BAR = 760, 210, 70, 15
"""Of the plot, in pixels: all of it, what is beside the bars, and a bar with the gap below it."""


def describe_environment() -> dict[str, Any]:
    """Return what the figures depend on beside the code."""
    versions = {"python": platform.python_version()}
    for name in DISTRIBUTIONS:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return {"machine": platform.machine(), "cores": os.cpu_count(), "system": platform.release(), "versions": versions}


def print_table(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table whose first columns are texts and whose numbers stand right."""
    lines = [head, *rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    print(f"\n{title}")
    for line in lines:
        first, *others = (
            cell.ljust(w) if not i else cell.rjust(w) for i, (cell, w) in enumerate(zip(line, widths, strict=True))
        )
        print("  ".join([first, *others]).rstrip())
    print(end="", flush=True)


def show(value: float | None, digits: int = 3) -> str:
    """Write a number with some significant digits, whole from 100 on; - where there is none."""
    if value is None:
        return "-"
    return (
        f"{value:,.0f}"
        if abs(value) >= 100 or not value
        else f"{value:.{max(0, digits - 1 - floor(log10(abs(value))))}f}"
    )


def compare(figures: Mapping[str, Values], name: str, rival: str, key: str) -> float | None:
    """Return how many times faster an engine is than another."""
    return figures[rival][key] / figures[name][key] if rival in figures else None


def ratios(figures: Mapping[str, Values], name: str, *keys: str) -> list[str]:
    """Return the ratio of every key to every rival, as cells."""
    return [show(compare(figures, name, rival, key), 2) for rival in RIVALS for key in keys]


def name_ratios(*keys: str) -> list[str]:
    """Return the heads of the columns that `ratios` fills."""
    return [f"{key} x {rival}" for rival in RIVALS for key in keys]


def print_figures(figures: Figures) -> None:
    """Print a table of every part."""
    documents, text = figures["documents"], figures["text"]
    print(f"\n{documents:,} documents, {text / 1e6:.1f} MB of text; x: how many times faster")
    indexing, updating = figures["indexing"], figures["updating"]
    print_table(
        "Indexing (s)",
        ["", "wall", "CPU", "MB/s", "documents/s", "size x text", "peak MB", *name_ratios("wall", "CPU")],
        [
            [
                name,
                *map(show, (values["wall"], values["cpu"], text / 1e6 / values["wall"], documents / values["wall"])),
                *map(show, (values["size"] / text, values["peak"])),
                *ratios(indexing, name, "wall", "cpu"),
            ]
            for name, values in indexing.items()
        ],
    )

    def share(name: str, values: Values) -> float | None:
        return 100 * values["wall"] / indexing[name]["wall"] if name in indexing else None

    print_table(
        "Updating 100 documents (ms)",
        ["", "wall", "CPU", "% of indexing", *name_ratios("wall")],
        [
            [
                name,
                *map(show, (values["wall"] * 1000, values["cpu"] * 1000, share(name, values))),
                *ratios(updating, name, "wall"),
            ]
            for name, values in updating.items()
        ],
    )
    for kind, engines in figures["queries"].items():
        absent = [[name, *"-------"] for name in figures["memory"] if name not in engines]
        print_table(
            f"{kind} (ms)",
            ["", "p50", "p95", "% sensible", *name_ratios("p50", "p95")],
            [
                [
                    name,
                    *(show(values["p50"]), show(values["p95"]), show(values["sensible"] * 100, 4)),
                    *ratios(engines, name, "p50", "p95"),
                ]
                for name, values in engines.items()
            ]
            + absent,
        )
    print_table(
        "Memory (MB of RSS)",
        ["", "libraries", "opening adds", "queries add"],
        [
            [name, *(show(values[key]) for key in ("libraries", "opening", "searching"))]
            for name, values in figures["memory"].items()
        ],
    )
    if "detection" in figures:
        speed, characters, accuracy = (figures["detection"][key] for key in ("documents/s", "characters", "accuracy"))
        print(f"\nDetection: {speed:,.0f} documents of {characters:,.0f} characters a second, {accuracy:.1%} right")
        print_alone(figures["alone"])
        command, imports = figures["command"]["command"], figures["command"]["imports"]
        print(f"\nOne search as a process: {command:.0f} ms; `import numpy, whoosh.index`: {imports:.0f} ms; ", end="")
        print(f"ratio {command / imports:.2f}", flush=True)


def print_alone(figures: Mapping[str, Values]) -> None:
    """Print what was measured of this project alone; a ratio is to its queries as they are."""
    plain = figures["OR"]

    def show_part(values: Values, key: str) -> str:
        return show(values[key] * 100 if key in values else None, 4)

    print_table(
        "searcher alone (ms)",
        ["", "p50", "p95", "p50 / OR", "p95 / OR", "% translated", "% right"],
        [
            [
                name,
                *(show(values[key]) for key in ("p50", "p95")),
                *(show(values[key] / plain[key]) for key in ("p50", "p95")),
                *(show_part(values, key) for key in ("translated", "right")),
            ]
            for name, values in figures.items()
        ],
    )
    print(f"{figures['did you mean']['words']:,} words in the index", flush=True)


def print_growth(sizes: Sequence[Figures]) -> None:
    """Print how many times longer the last size takes than the first."""
    first, last = sizes[0], sizes[-1]
    if first is last:
        return
    parts: list[Callable[[Figures], Mapping[str, Values]]] = [
        lambda figures: figures["indexing"],
        lambda figures: figures["queries"]["OR"],
    ]

    def grow(part: Callable[[Figures], Mapping[str, Values]], name: str, key: str) -> str:
        before, after = part(first).get(name), part(last).get(name)
        return show(after[key] / before[key] if before and after else None)

    indexing, searching = parts
    print_table(
        f"Growth from {first['documents']:,} to {last['documents']:,} documents (x{last['text'] / first['text']:.1f})",
        ["", "indexing", "OR p50", "OR p95"],
        [
            [name, grow(indexing, name, "wall"), grow(searching, name, "p50"), grow(searching, name, "p95")]
            for name in {**last["indexing"], **last["memory"]}
        ],
    )


STYLE = """
.back{fill:#fff}.text{fill:#1f2328}.soft{fill:#59636e}.line{stroke:#d1d9e0}.one{stroke:#59636e}.bar{fill:#9aa4af}.ours{fill:#0969da}
@media(prefers-color-scheme:dark){.back{fill:#0d1117}.text{fill:#f0f6fc}.soft{fill:#9198a1}.line{stroke:#3d444d}
.one{stroke:#9198a1}.bar{fill:#656c76}.ours{fill:#4493f8}}
text{font:12px system-ui,sans-serif}.title{font-size:15px;font-weight:600}.group{font-weight:600}
"""


def draw_plot(figures: Figures) -> str:
    """Draw how many times faster than Whoosh (tantivy where it was left out) each engine is, as SVG, in a log scale.

    A bar begins at 1, the rival itself, and goes left where the engine is slower.
    """
    groups = {"Indexing": ("wall", figures["indexing"])} | {k: ("p50", v) for k, v in figures["queries"].items()}
    rival = RIVALS[0] if RIVALS[0] in figures["queries"]["OR"] else RIVALS[1]
    bars: dict[str, dict[str, float]] = {}
    for title, (key, engines) in groups.items():
        speeds = {name: compare(engines, name, rival, key) for name in engines if name != rival}
        bars[title] = {name: speed for name, speed in speeds.items() if speed}
    values = [speed for group in bars.values() for speed in group.values()] or [1.0]
    low, high = min(0, floor(log10(min(values)))), max(1, ceil(log10(max(values))))

    def place(speed: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (log10(speed) - low) / (high - low)

    parts, top = list[str](), 74
    for title, group in bars.items():
        if group:
            parts.append(f'<text class="text group" x="16" y="{top + 12}">{escape(title)}</text>')
        for name, speed in group.items():
            start, end = sorted((place(1), place(speed)))
            width = max(end - start, 1)
            style = "ours" if name.startswith("searcher") else "bar"
            parts += [
                f'<text class="soft" x="{LEFT - 8}" y="{top + 12}" text-anchor="end">{escape(name)}</text>',
                f'<rect class="{style}" x="{start:.1f}" y="{top + 2}" width="{width:.1f}" height="{BAR - 3}"/>',
                f'<text class="text" x="{end + 5:.1f}" y="{top + 12}">{show(speed, 2)}×</text>',
            ]
            top += BAR
        top += 12 if group else 0
    ticks = list[str]()
    for power in range(low, high + 1):
        x, style = f"{place(10.0**power):.1f}", "line" if power else "one"
        ticks.append(f'<line class="{style}" x1="{x}" x2="{x}" y1="66" y2="{top}"/>')
        ticks.append(f'<text class="soft" x="{x}" y="60" text-anchor="middle">{10.0**power:g}×</text>')
    about = (
        f"{figures['documents']:,} documents, {figures['text'] / 1e6:.0f} MB, English and French; medians, log scale"
    )
    heading = f"Times faster than {rival.capitalize()}"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top + 8}" width="{WIDTH}" role="img">',
            f"<title>{heading}: {about}</title><style>{STYLE}</style>",
            f'<rect class="back" width="{WIDTH}" height="{top + 8}"/>',
            f'<text class="text title" x="16" y="24">{heading}</text>',
            f'<text class="soft" x="16" y="42">{escape(about)}</text>',
            *ticks,
            *parts,
            "</svg>\n",
        ]
    )
