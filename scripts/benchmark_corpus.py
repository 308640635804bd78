"""The corpus of scripts/benchmark.py, the queries drawn from it, and what a hit must hold to make sense."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from math import sqrt
from pathlib import Path
from typing import NamedTuple

STEMMERS = {"en": "english", "fr": "french"}


VERBS = {
    "OR": "search_any",
    "AND": "search_all",
    "phrase": "search_phrase",
    "prefix": "search_prefix",
    "OR, ten snippets": "search_with_snippets",
}
"""Kinds of query."""

WORD = re.compile(r"(?<!\S)[^\W\d_]{3,}(?=[\s,;:]|\.\s)")
LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Passage:
    """One line of the corpus."""

    id: str
    title: str
    text: str
    lang: str

    @property
    def content(self) -> str:
        """What the engines with one field for each language index."""
        return f"{self.title}\n{self.text}"


class Found(NamedTuple):
    """One hit as fetched; `snippet` where it was asked for."""

    id: str
    title: str
    snippet: str = ""


def function_words(code: str) -> list[str]:
    """List the words that the engines with a stop list leave out."""
    from searcher.languages import get_language

    return sorted(get_language(code).function_words)


def read_passages(path: Path) -> Iterator[Passage]:
    """Yield the passages of a file, one at a time."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            yield Passage(record["id"], record.get("title") or "", record["text"], record["lang"])


def write_corpus(passages: Sequence[Passage], scale: int, path: Path) -> None:
    """Write the passages, and recombine their lines into as many more as make the corpus `scale` times as large."""
    draw = random.Random(1)  # noqa: S311 - reproducible, not secret
    lines = {code: [line for p in passages if p.lang == code for line in p.text.splitlines()] for code in STEMMERS}
    with path.open("w", encoding="utf-8") as file:
        for copy in range(scale):
            for passage in passages:
                if copy:
                    text = "\n".join(draw.choices(lines[passage.lang], k=len(passage.text.splitlines())))
                    passage = replace(passage, id=f"{passage.id}-{copy}", text=text)
                file.write(json.dumps(asdict(passage), ensure_ascii=False) + "\n")


def draw_queries(passages: Sequence[Passage], count: int) -> dict[str, list[str]]:
    """Draw queries of every kind, half from each language, the same for the same corpus.

    OR: 1 to 4 words of middle frequency, one in seven a frequent one; AND: 2 or 3 words of one passage.
    """
    draw = random.Random(count)  # noqa: S311 - reproducible, not secret
    stop = {word for code in STEMMERS for word in function_words(code)}
    queries: dict[str, list[str]] = {kind: [] for kind in VERBS}
    for code in STEMMERS:
        ours = [passage for passage in passages if passage.lang == code]
        held = [sorted({word.lower() for word in WORD.findall(passage.text)} - stop) for passage in ours]
        frequencies = Counter(word for words in held for word in words)
        frequent = [word for word, _ in frequencies.most_common(60)]
        middle = {word: n for word, n in frequencies.items() if max(3, len(ours) / 2000) <= n <= len(ours) / 20}
        words, weights = list(middle), [sqrt(n) for n in middle.values()]
        rich = [present for held_words in held if len(present := [w for w in held_words if w in middle]) >= 3]
        for _ in range(count // 2):
            chosen = [
                draw.choice(frequent) if draw.random() < 1 / 7 else draw.choices(words, weights)[0]
                for _ in range(draw.randint(1, 4))
            ]
            queries["OR"].append(" ".join(dict.fromkeys(chosen)))
            queries["AND"].append(" ".join(draw.sample(draw.choice(rich), draw.randint(2, 3))))
        pair = re.compile(r"(?<!\S)[^\W\d_]{3,} [^\W\d_]{3,}(?=[\s,;:]|\.\s)")
        pairs = sorted({pair_text.lower() for passage in ours for pair_text in pair.findall(passage.text)})
        pairs = [words_pair for words_pair in pairs if all(word in middle for word in words_pair.split())]
        queries["phrase"] += draw.sample(pairs, min(len(pairs), max(1, count // 20)))
        prefixes = sorted({word[:5] for word in words if len(word) >= 8 and word.isascii()})
        queries["prefix"] += draw.sample(prefixes, min(len(prefixes), max(1, count // 40)))
    queries["OR, ten snippets"] = queries["OR"]
    return queries


class Oracle:
    """Says whether a hit makes sense, by reading the passage; words are the same with a stem of either language.

    Accents may be left out, as FTS5 does.
    """

    def __init__(self, passages: Iterable[Passage]) -> None:
        from Stemmer import Stemmer

        from searcher.words import fold

        self._passages = {passage.id: passage for passage in passages}
        stems = [Stemmer(name).stemWord for name in STEMMERS.values()]
        self._roots = cache(lambda word: frozenset(r for w in (word, fold(word)) for r in (w, *(s(w) for s in stems))))
        self._stop = {word for code in STEMMERS for word in function_words(code)}
        self._read = cache(lambda id: self._split(self._passages[id].content))

    def is_sensible(self, kind: str, query: str, found: Found) -> bool:
        """Tell whether a document holds what is asked, the title is its own, and the snippet shows a word."""
        if found.title != self._passages[found.id].title:
            return False
        sequence, roots = self._read(found.id)
        words = query.split()
        if kind == "prefix":
            return any(root.startswith(query) for root in roots)
        if kind == "phrase":
            runs = zip(*(sequence[start:] for start in range(len(words))), strict=False)
            return any(all(self._is_same(*pair) for pair in zip(words, run, strict=True)) for run in runs)
        if kind == "OR, ten snippets":
            roots = self._split(re.sub(r"</?(?:b|mark|strong)\b[^>]*>", "", found.snippet))[1]
        holds = [not roots.isdisjoint(self._roots(word)) for word in words]
        return all(holds) if kind == "AND" else any(holds)

    def _is_same(self, word: str, other: str) -> bool:
        return not self._roots(word).isdisjoint(self._roots(other))

    def _split(self, text: str) -> tuple[list[str], frozenset[str]]:
        """Return the words without function words, in order, and the roots of all."""
        words = LETTERS.findall(text.lower())
        return [w for w in words if w not in self._stop], frozenset().union(*map(self._roots, set(words)))
