"""Translating: which words of the other language does the index know for this one?

    glossary files -> lexicon of each pair of languages -> tables, kept in the index -> words of a query in both

What was given is kept too, so that a glossary can be removed, and rebuilding the index needs no file again. The names
of countries and languages are known without any glossary.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from pathlib import Path

from searcher.analysis import get_analyzer, stemmer_version
from searcher.engines import Writer, get_engine
from searcher.errors import GlossaryError
from searcher.glossaries import Glossary, read_glossary
from searcher.glossaries.codes import read_code
from searcher.glossaries.names import read_names
from searcher.languages import language_codes
from searcher.lexicon import join_glossaries
from searcher.messages import Message
from searcher.translations import TABLE, Attached
from searcher.words import find_words

GLOSSARY = "glossary/"
"""How the names of attachments begin that hold what was given."""

TERMS = "tables/version"
"""The attachment that says how the words of the tables are written."""


@dataclass(frozen=True, slots=True)
class GlossaryStatus:
    """A glossary that an index has."""

    name: str
    source: str
    target: str
    pairs: int


def add_glossaries(
    paths: Iterable[str | os.PathLike[str]],
    folder: str | os.PathLike[str],
    *,
    languages: Sequence[str] | None = None,
) -> list[GlossaryStatus]:
    """Add glossaries to the index in a folder, each in place of the one of the same name; return what was added.

    A glossary is named by its file. `languages`: codes of the first and of the second column, where a file does not
    say. Raises GlossaryError where a file is none, and IndexUnavailableError where the index can't be changed.
    """
    languages = None if languages is None else _read_languages(languages)
    places: dict[str, Path] = {}
    for path in map(Path, paths):
        other = places.setdefault(_name(path), path)
        if other.parent != path.parent:
            raise GlossaryError(
                path,
                Message("{path} and {other} would have the same name", path=path, other=other),
                Message("Rename one of the files"),
            )
    read = {name: read_glossary(path, languages) for name, path in places.items()}
    with _change(folder) as writer:
        for name, glossary in read.items():
            writer.attach(f"{GLOSSARY}{name}", _encode(glossary))
        _tabulate(writer)
    return [_describe(name, glossary) for name, glossary in read.items()]


def remove_glossaries(names: Iterable[str], folder: str | os.PathLike[str]) -> list[GlossaryStatus]:
    """Let go of glossaries by name and return what they were; GlossaryError where the index has none of that name."""
    with _change(folder) as writer:
        known = _read_glossaries(writer)
        removed = []
        for name in dict.fromkeys(names):
            if name not in known:
                raise GlossaryError(
                    None,
                    Message("there is no glossary {name!r} in the index {folder}", name=name, folder=os.fspath(folder)),
                    Message("It has {known}", known=list(known)) if known else Message("It has none"),
                )
            writer.attach(f"{GLOSSARY}{name}", None)
            removed.append(_describe(name, known[name]))
        _tabulate(writer)
    return removed


def list_glossaries(folder: str | os.PathLike[str]) -> list[GlossaryStatus]:
    """List the glossaries of the index in a folder by name."""
    snapshot = get_engine().open(Path(folder))
    try:
        return [_describe(name, glossary) for name, glossary in _read_glossaries(snapshot).items()]
    finally:
        snapshot.close()


def tell_lost(writer: Writer) -> list[str]:
    """Return the names of the glossaries that a rebuild could not keep."""
    return [name.removeprefix(GLOSSARY) for name in writer.lost if name.startswith(GLOSSARY)]


def provide_tables(writer: Writer) -> None:
    """Let a new index know the names of countries and languages; join its glossaries anew for another stemmer."""
    if writer.attachment(TERMS) != _terms_version():
        _tabulate(writer)


@contextmanager
def _change(folder: str | os.PathLike[str]) -> Iterator[Writer]:
    """Yield a writer of the index in a folder, which must be there."""
    engine, path = get_engine(), Path(folder)
    engine.open(path).close()
    with engine.write(path, replace=False, memory=1) as writer:
        yield writer


def _read_languages(codes: Sequence[str]) -> tuple[str, str]:
    """Return the codes of two languages as the packs have them."""
    read = [] if isinstance(codes, str) else list(filter(None, map(read_code, codes)))
    if len(read) != 2 or len(read) != len(codes) or read[0] == read[1]:
        problem = Message("the languages are {value}", value=repr(codes))
        raise GlossaryError(None, problem, Message("Name two by their codes, such as en and fr"))
    return read[0], read[1]


def _name(path: Path) -> str:
    """Name a glossary by its file, without what tells the files of one dictionary apart."""
    return Path(path.name.removesuffix(".dz")).stem


def _read_glossaries(index: Attached) -> dict[str, Glossary]:
    """Return the glossaries that an index has by their names, in their order."""
    names = (name for name in index.attachments() if name.startswith(GLOSSARY))
    found = {name.removeprefix(GLOSSARY): index.attachment(name) for name in names}
    return {name: _decode(content) for name, content in found.items() if content is not None}


def _describe(name: str, glossary: Glossary) -> GlossaryStatus:
    return GlossaryStatus(name, glossary.source, glossary.target, len(glossary.pairs))


def _encode(glossary: Glossary) -> bytes:
    lines = (f"{source}\t{target}" for source, target in ((glossary.source, glossary.target), *glossary.pairs))
    return zlib.compress("\n".join(lines).encode())


def _decode(content: bytes) -> Glossary:
    languages, *pairs = (line.split("\t") for line in zlib.decompress(content).decode().split("\n"))
    return Glossary(languages[0], languages[1], tuple((source, target) for source, target in pairs))


def _tabulate(writer: Writer) -> None:
    """Join the glossaries of an index anew."""
    tables = _join(tuple(_read_glossaries(writer).values()))
    for name in writer.attachments():
        if name.startswith(TABLE) and name not in tables:
            writer.attach(name, None)
    for name, content in tables.items():
        writer.attach(name, content)
    writer.attach(TERMS, _terms_version())


def _terms_version() -> bytes:
    """Tell what the words of tables are written with."""
    return " ".join((stemmer_version(), *language_codes())).encode()


@lru_cache(1)
def _join(glossaries: tuple[Glossary, ...]) -> dict[str, bytes]:
    """Return the tables of every pair of languages, under the names of their attachments.

    The last ones are remembered: most indexes have no glossaries, so the same tables.
    """
    tables = {}
    for first, second in combinations(language_codes(), 2):
        lexicon = join_glossaries([*glossaries, *_read_names(first, second)], first, second)
        for source, target, directed in ((first, second, lexicon), (second, first, lexicon.reverse())):
            table = directed.to_terms(_term_in(source), str).tabulate()
            tables[f"{TABLE}{source}-{target}"] = table.to_bytes()
    return tables


def _read_names(first: str, second: str) -> list[Glossary]:
    try:
        return [read_names(first, second)]
    except GlossaryError:  # a language that the CLDR lacks
        return []


def _term_in(code: str) -> Callable[[str], str]:
    """Return what gives the term of a word in a language, "" where it is none."""

    def find_term(written: str) -> str:
        word = next(find_words(written), None)
        return "" if word is None else get_analyzer(code).term(word)

    return find_term
