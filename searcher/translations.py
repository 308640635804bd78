"""Translations: what is this word in the other language? Looked up in the bytes that an index stores.

The bytes are lines of text in the order of the words, so a look-up halves them and nothing is read beforehand:

    en, tab, fr
    boat, tab, bateau 5, tab, barque 2
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

TABLE = "translations/"
"""How the names of attachments of an index begin that are tables."""


class Attached(Protocol):
    """What holds the attachments of an index; see `searcher.engines.Snapshot`."""

    def attachments(self) -> Sequence[str]: ...
    def attachment(self, name: str) -> bytes | None: ...


class Translation(NamedTuple):
    """A word of the other language, and how many votes it has."""

    word: str
    votes: int


class Translations(Mapping[str, tuple[Translation, ...]]):
    """The words of one language with their translations, the surest first; normalised, as `searcher.words` does.

    >>> boats = Translations.build("en", "fr", {"boat": [("bateau", 5), ("barque", 2)]})
    >>> [translation.word for translation in boats["boat"]]
    ['bateau', 'barque']
    """

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._start = content.find(b"\n") + 1
        languages = content[: self._start].decode("utf-8", "replace").split("\t")
        if len(languages) != 2 or not content.endswith(b"\n"):
            raise ValueError("not the bytes of translations")
        self.source, self.target = languages[0], languages[1].removesuffix("\n")

    @classmethod
    def build(cls, source: str, target: str, rows: Mapping[str, Iterable[tuple[str, int]]]) -> Translations:
        """Make a table of words without white space, each with its translations in order."""
        lines = sorted("\t".join((word, *(f"{other} {votes}" for other, votes in rows[word]))) for word in rows)
        return cls("".join(f"{line}\n" for line in (f"{source}\t{target}", *lines)).encode())

    def to_bytes(self) -> bytes:
        """Return what the constructor takes; the same for the same translations."""
        return self._content

    def __getitem__(self, word: str) -> tuple[Translation, ...]:
        key = word.encode("utf-8", "surrogatepass") + b"\t"
        low, high = self._start, len(self._content)
        while low < high:
            start = self._content.rfind(b"\n", low, (low + high) // 2) + 1 or low
            end = self._content.index(b"\n", start)
            found = self._content[start : start + len(key)]
            if found == key:
                return _read_row(self._content[start + len(key) : end])
            if found < key:
                low = end + 1
            else:
                high = start
        raise KeyError(word)

    def __iter__(self) -> Iterator[str]:
        for line in self._content[self._start :].splitlines():
            yield line.partition(b"\t")[0].decode()

    def __len__(self) -> int:
        return self._content.count(b"\n", self._start)


def _read_row(row: bytes) -> tuple[Translation, ...]:
    translations = (translation.rpartition(" ") for translation in row.decode().split("\t"))
    return tuple(Translation(word, int(votes)) for word, _, votes in translations)


class Translator:
    """Looks up the words of queries in the tables of one generation of an index; threads take turns."""

    def __init__(self, index: Attached) -> None:
        tables = (index.attachment(name) for name in index.attachments() if name.startswith(TABLE))
        self._tables = [Translations(content) for content in tables if content]

    def translate(self, terms: Mapping[str, Sequence[str]]) -> dict[str, list[Translation]]:
        """Return the words of each language that translate a word, the surest first.

        `terms`: what the word is indexed as in the languages that it may be of.
        """
        found: dict[str, list[Translation]] = {}
        for table in self._tables:
            rows = (table.get(term, ()) for term in terms.get(table.source, ()))
            found.setdefault(table.target, []).extend(merge_rows(rows))
        return {code: translations for code, translations in found.items() if translations}


def merge_rows(rows: Iterable[Sequence[Translation]]) -> list[Translation]:
    """Return the translations of several words, those with the most votes first, then the first of each.

    >>> merge_rows([(Translation("élève", 2), Translation("pupille", 2)), (Translation("haut", 2),)])[1].word
    'haut'
    """
    votes: Counter[str] = Counter()
    places: dict[str, int] = {}
    for row in rows:
        for place, translation in enumerate(row):
            votes[translation.word] += translation.votes
            places[translation.word] = min(place, places.get(translation.word, place))
    return [Translation(word, votes[word]) for word in sorted(votes, key=lambda word: (-votes[word], places[word]))]
