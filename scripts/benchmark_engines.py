"""The engines that scripts/benchmark.py measures, each set up to do the same work, behind the same few verbs.

    build, update       of passages, into the engine's folder
    open, close         of what is in the folder
    search_any, search_all, search_phrase, search_prefix, search_with_snippets

An engine that lacks an ability lacks the verb. Queries are lower-case words without punctuation. Every engine stems
both languages, except that FTS5 has no French stemmer; whoosh, tantivy and bm25s leave out the function words of
`searcher`. A phrase is of stems, but in `searcher`, and in FTS5's French, of the words as written. Libraries are
imported when an engine is made or opened, so that a process has only those of the engine it measures.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

from benchmark_corpus import STEMMERS, Found, Passage, function_words

LIMIT = 10
"""Hits asked for."""

Search = Callable[[str], Sequence[Found]]


class Engine(Protocol):
    """The verbs that every engine has."""

    @property
    def name(self) -> str: ...
    @property
    def folder(self) -> Path: ...
    @property
    def modules(self) -> tuple[str, ...]:
        """What it imports to search."""

    def build(self, passages: Iterable[Passage]) -> None: ...
    def open(self) -> None: ...
    def count(self) -> int: ...
    def search_any(self, words: str) -> list[Found]: ...
    def close(self) -> None: ...


class SearcherEngine:
    """This project; the language of every passage is detected."""

    modules = ("searcher.searching", "searcher.engines.whoosh", "snowballstemmer")

    def __init__(self, folder: Path, jobs: int = 1) -> None:
        self.folder = folder
        self.name = "searcher" if jobs == 1 else f"searcher, {jobs} jobs"
        self._jobs = jobs

    def build(self, passages: Iterable[Passage]) -> None:
        from searcher import build_index

        build_index(self._documents(passages), self.folder, jobs=self._jobs)

    def update(self, passages: Iterable[Passage]) -> None:
        from searcher import update_index

        update_index(self._documents(passages), self.folder)

    def open(self) -> None:
        from searcher import Searcher

        self._searcher = Searcher(self.folder)

    def count(self) -> int:
        return len(self._searcher)

    def search_any(self, words: str) -> list[Found]:
        return [Found(hit.id, hit.title) for hit in self._searcher.search(words, limit=LIMIT)]

    def search_all(self, words: str) -> list[Found]:
        return self.search_any(" AND ".join(words.split()))

    def search_phrase(self, words: str) -> list[Found]:
        return self.search_any(f'"{words}"')

    def search_prefix(self, prefix: str) -> list[Found]:
        return self.search_any(f"{prefix}*")

    def search_with_snippets(self, words: str) -> list[Found]:
        return [Found(hit.id, hit.title, hit.snippet.to_html()) for hit in self._searcher.search(words, limit=LIMIT)]

    def close(self) -> None:
        self._searcher.close()

    @staticmethod
    def _documents(passages: Iterable[Passage]) -> Iterable[Any]:
        from searcher import Document

        return (Document(passage.id, passage.text, title=passage.title) for passage in passages)


class WhooshEngine:
    """Whoosh as its documentation sets it up, with PyStemmer for speed; positions, stored text, one commit."""

    name = "whoosh"
    modules = (
        "whoosh.index",
        "whoosh.query",
        "whoosh.searching",
        "whoosh.collectors",
        "whoosh.codec.whoosh3",
        "Stemmer",
    )

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def build(self, passages: Iterable[Passage]) -> None:
        from whoosh.fields import ID, STORED, TEXT, Schema
        from whoosh.index import create_in

        analyzers = {code: make_whoosh_analyzer(code) for code in STEMMERS}
        fields = {code: TEXT(analyzer=analyzer, stored=True) for code, analyzer in analyzers.items()}
        schema = Schema(id=ID(unique=True, stored=True), title=STORED, **fields)
        writer = create_in(self.folder, schema).writer()
        for passage in passages:
            writer.add_document(id=passage.id, title=passage.title, **{passage.lang: passage.content})
        writer.commit()

    def update(self, passages: Iterable[Passage]) -> None:
        from whoosh.index import open_dir

        writer = open_dir(self.folder).writer()
        for passage in passages:
            writer.update_document(id=passage.id, title=passage.title, **{passage.lang: passage.content})
        writer.commit()

    def open(self) -> None:
        from whoosh import query
        from whoosh.index import open_dir

        self._index = open_dir(self.folder)
        self._searcher = self._index.searcher()
        self._query = query
        self._analyzers = {code: self._index.schema[code].analyzer for code in STEMMERS}

    def count(self) -> int:
        return int(self._searcher.doc_count())

    def search_any(self, words: str) -> list[Found]:
        return self._fetch(self._any(words))

    def search_all(self, words: str) -> list[Found]:
        both = [self._any(word) for word in words.split()]
        return self._fetch(self._query.And(both))

    def search_phrase(self, words: str) -> list[Found]:
        return self._fetch(self._query.Or([self._query.Phrase(code, self._terms(code, words)) for code in STEMMERS]))

    def search_prefix(self, prefix: str) -> list[Found]:
        return self._fetch(self._query.Or([self._query.Prefix(code, prefix) for code in STEMMERS]))

    def search_with_snippets(self, words: str) -> list[Found]:
        results = self._searcher.search(self._any(words), limit=LIMIT)
        return [
            Found(hit["id"], hit["title"], hit.highlights("en" if "en" in hit.fields() else "fr", top=1))
            for hit in results
        ]

    def close(self) -> None:
        self._searcher.close()
        self._index.close()

    def _terms(self, code: str, words: str) -> list[str]:
        return [token.text for token in self._analyzers[code](words)]

    def _any(self, words: str) -> Any:
        return self._query.Or([self._query.Term(code, term) for code in STEMMERS for term in self._terms(code, words)])

    def _fetch(self, query: Any) -> list[Found]:
        return [Found(hit["id"], hit["title"]) for hit in self._searcher.search(query, limit=LIMIT)]


class StemmingFilter:
    """A filter of Whoosh's that stems with PyStemmer, whose own cache suffices; pickled by the name of its language."""

    is_morph = True

    def __init__(self, code: str) -> None:
        self.__setstate__({"code": code})

    def __getstate__(self) -> dict[str, str]:
        return {"code": self.code}

    def __setstate__(self, state: dict[str, str]) -> None:
        from Stemmer import Stemmer

        self.code = state["code"]
        self._stem = Stemmer(STEMMERS[self.code]).stemWord

    def __call__(self, tokens: Iterable[Any]) -> Iterable[Any]:
        for token in tokens:
            token.text = self._stem(token.text)
            yield token


def make_whoosh_analyzer(code: str) -> Any:
    """Compose words, lower case, stop list and stems."""
    from whoosh.analysis import LowercaseFilter, RegexTokenizer, StopFilter
    from whoosh.analysis.analyzers import CompositeAnalyzer

    stop = StopFilter(stoplist=function_words(code), minsize=1)
    return CompositeAnalyzer(RegexTokenizer(r"\w+"), LowercaseFilter(), stop, StemmingFilter(code))


class TantivyEngine:
    """Tantivy through tantivy-py: one writer thread, positions, stored text; queries are strings that it parses."""

    name = "tantivy"
    modules = ("tantivy",)

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def build(self, passages: Iterable[Passage]) -> None:
        import tantivy

        schema = tantivy.SchemaBuilder()
        schema.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
        schema.add_text_field("title", stored=True, tokenizer_name="raw", index_option="basic")
        for code in STEMMERS:
            schema.add_text_field(code, stored=True, tokenizer_name=f"{code}_words", index_option="position")
        self._write(self._register(tantivy.Index(schema.build(), str(self.folder))), passages)

    def update(self, passages: Iterable[Passage]) -> None:
        import tantivy

        self._write(self._register(tantivy.Index.open(str(self.folder))), passages, is_update=True)

    def open(self) -> None:
        import tantivy

        self._index = self._register(tantivy.Index.open(str(self.folder)))
        self._searcher = self._index.searcher()
        self._make_snippets = tantivy.SnippetGenerator.create

    def count(self) -> int:
        return int(self._searcher.num_docs)

    def search_any(self, words: str) -> list[Found]:
        return self._fetch(self._index.parse_query(words, list(STEMMERS)))

    def search_all(self, words: str) -> list[Found]:
        return self._fetch(self._index.parse_query(words, list(STEMMERS), conjunction_by_default=True))

    def search_phrase(self, words: str) -> list[Found]:
        return self.search_any(f'"{words}"')

    def search_prefix(self, prefix: str) -> list[Found]:
        from tantivy import Occur, Query

        queries = [Query.fuzzy_term_query(self._index.schema, code, prefix, 0, True, True) for code in STEMMERS]
        return self._fetch(Query.boolean_query([(Occur.Should, query) for query in queries]))

    def search_with_snippets(self, words: str) -> list[Found]:
        query = self._index.parse_query(words, list(STEMMERS))
        schema = self._index.schema
        makers = {code: self._make_snippets(self._searcher, query, schema, code) for code in STEMMERS}
        found = []
        for _, address in self._searcher.search(query, LIMIT, count=False).hits:
            document = self._searcher.doc(address)
            code = "fr" if document.get_first("en") is None else "en"
            snippet = makers[code].snippet_from_doc(document).to_html()
            found.append(Found(document.get_first("id"), document.get_first("title"), snippet))
        return found

    def close(self) -> None:
        del self._searcher, self._index

    def _fetch(self, query: Any) -> list[Found]:
        documents = [self._searcher.doc(address) for _, address in self._searcher.search(query, LIMIT).hits]
        return [Found(document.get_first("id"), document.get_first("title")) for document in documents]

    @staticmethod
    def _register(index: Any) -> Any:
        from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

        for code, stemmer in STEMMERS.items():
            words = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.lowercase())
            words = words.filter(Filter.custom_stopword(function_words(code))).filter(Filter.stemmer(stemmer))
            index.register_tokenizer(f"{code}_words", words.build())
        return index

    @staticmethod
    def _write(index: Any, passages: Iterable[Passage], is_update: bool = False) -> None:
        from tantivy import Document

        writer = index.writer(num_threads=1)
        for passage in passages:
            if is_update:
                writer.delete_documents_by_term("id", passage.id)
            fields = {"id": passage.id, "title": passage.title, passage.lang: passage.content}
            writer.add_document(Document(**fields))
        writer.commit()
        writer.wait_merging_threads()


class Fts5Engine:
    """FTS5 of SQLite: one table for each language, stems in English only, function words indexed."""

    name = "fts5"
    modules = ("sqlite3",)
    tokenizers = {"en": "porter unicode61", "fr": "unicode61"}  # noqa: RUF012 - a constant

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def build(self, passages: Iterable[Passage]) -> None:
        with sqlite3.connect(self.folder / "fts5.sqlite") as connection:
            connection.execute(
                "CREATE TABLE passage (number INTEGER PRIMARY KEY, id TEXT UNIQUE, lang TEXT, title TEXT)"
            )
            for code, tokenizer in self.tokenizers.items():
                connection.execute(f"CREATE VIRTUAL TABLE {code} USING fts5(content, tokenize='{tokenizer}')")
            self._add(connection, passages)
        connection.close()

    def update(self, passages: Iterable[Passage]) -> None:
        passages = list(passages)
        with sqlite3.connect(self.folder / "fts5.sqlite") as connection:
            for passage in passages:
                row = connection.execute("SELECT number, lang FROM passage WHERE id = ?", (passage.id,)).fetchone()
                connection.execute(f"DELETE FROM {row[1]} WHERE rowid = ?", (row[0],))  # noqa: S608 - "en" or "fr"
                connection.execute("DELETE FROM passage WHERE number = ?", (row[0],))
            self._add(connection, passages)
        connection.close()

    def open(self) -> None:
        self._connection = sqlite3.connect(self.folder / "fts5.sqlite")

    def count(self) -> int:
        return int(self._connection.execute("SELECT count(*) FROM passage").fetchone()[0])

    def search_any(self, words: str) -> list[Found]:
        return self._fetch(" OR ".join(f'"{word}"' for word in words.split()))

    def search_all(self, words: str) -> list[Found]:
        return self._fetch(" AND ".join(f'"{word}"' for word in words.split()))

    def search_phrase(self, words: str) -> list[Found]:
        return self._fetch(f'"{words}"')

    def search_prefix(self, prefix: str) -> list[Found]:
        return self._fetch(f'"{prefix}" *')

    def search_with_snippets(self, words: str) -> list[Found]:
        snippet = "snippet({0}, 0, '<b>', '</b>', '...', 32)"
        return self._fetch(" OR ".join(f'"{word}"' for word in words.split()), snippet)

    def close(self) -> None:
        self._connection.close()

    def _fetch(self, expression: str, snippet: str = "''") -> list[Found]:
        rows: list[tuple[str, str, str, float]] = []
        for code in STEMMERS:
            best = f"SELECT rowid, rank AS score, {snippet.format(code)} AS snippet FROM {code} WHERE {code} MATCH ?"  # noqa: S608
            statement = f"SELECT id, title, snippet, score FROM ({best} ORDER BY rank LIMIT {LIMIT}) AS best"  # noqa: S608
            statement += " JOIN passage ON passage.number = best.rowid"
            rows += self._connection.execute(statement, (expression,))
        rows.sort(key=lambda row: row[3])
        return [Found(*row[:3]) for row in rows[:LIMIT]]

    @staticmethod
    def _add(connection: sqlite3.Connection, passages: Iterable[Passage]) -> None:
        for passage in passages:
            row = (passage.id, passage.lang, passage.title)
            number = connection.execute("INSERT INTO passage (id, lang, title) VALUES (?, ?, ?)", row).lastrowid
            statement = f"INSERT INTO {passage.lang} (rowid, content) VALUES (?, ?)"  # noqa: S608 - "en" or "fr"
            connection.execute(statement, (number, passage.content))


class Bm25sEngine:
    """bm25s on NumPy: OR only; no text is stored, ids and titles lie beside the index."""

    name = "bm25s"
    modules = ("bm25s", "Stemmer")

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._stop = {code: frozenset(function_words(code)) for code in STEMMERS}

    def build(self, passages: Iterable[Passage]) -> None:
        from bm25s import BM25

        self._load_analysis()
        vocabulary: dict[str, int] = {}
        tokens, names = [], []
        for passage in passages:
            words = self._terms(passage.lang, passage.content)
            tokens.append([vocabulary.setdefault(word, len(vocabulary)) for word in words])
            names.append((passage.id, passage.title))
        index = BM25()
        index.index((tokens, vocabulary), show_progress=False)
        index.save(self.folder, show_progress=False)
        (self.folder / "names.json").write_text(json.dumps(names), encoding="utf-8")

    def open(self) -> None:
        from bm25s import BM25

        self._load_analysis()
        self._index = BM25.load(self.folder, mmap=True, show_progress=False)
        self._names = json.loads((self.folder / "names.json").read_text(encoding="utf-8"))

    def count(self) -> int:
        return len(self._names)

    def search_any(self, words: str) -> list[Found]:
        known = self._index.vocab_dict
        terms = [term for code in STEMMERS for term in self._terms(code, words) if term in known]
        if not terms:
            return []
        numbers, scores = self._index.retrieve([terms], k=min(LIMIT, len(self._names)), show_progress=False)
        return [Found(*self._names[number]) for number, score in zip(numbers[0], scores[0], strict=True) if score > 0]

    def close(self) -> None:
        del self._index

    def _load_analysis(self) -> None:
        from Stemmer import Stemmer

        self._find_words = re.compile(r"\w+").findall
        self._stem = {code: Stemmer(name).stemWord for code, name in STEMMERS.items()}

    def _terms(self, code: str, text: str) -> list[str]:
        stop, stem = self._stop[code], self._stem[code]
        return [f"{code}_{stem(word)}" for word in self._find_words(text.lower()) if word not in stop]


ENGINES: dict[str, Callable[[Path], Engine]] = {
    "searcher": SearcherEngine,
    "searcher-2": partial(SearcherEngine, jobs=2),
    "whoosh": WhooshEngine,
    "tantivy": TantivyEngine,
    "fts5": Fts5Engine,
    "bm25s": Bm25sEngine,
}
"""How each is made, from its folder; searcher-2 is for indexing only."""


def list_engines() -> list[str]:
    """List the engines whose libraries are installed."""
    return [name for name in ENGINES if name == "fts5" or find_spec(name.removesuffix("-2")) is not None]


def make_engine(name: str, folder: Path) -> Engine:
    """Make an engine that keeps its index in a folder; what it needs for searching is imported."""
    engine = ENGINES[name](folder)
    for module in engine.modules:
        import_module(module)
    return engine
