"""Values: dates and metadata are read from stored documents as they were given, whatever else these hold."""

from __future__ import annotations

import pytest

from searcher import Document
from tests.conftest import SearcherFactory

TRICKY = ['"', "\\", '\\"', '","', '",null,"{}"]', "2024", '{"author":"bob"}', "é\n\0\u2028", "[null]"]


def make_document(text: str) -> Document:
    metadata = {"author": f"bob {text}", "Élan": [text, {"author": "ann"}, 7, None, True]}
    return Document("other", "moon", title=text, source=text, date="2024-03", metadata=metadata)


@pytest.mark.parametrize("text", TRICKY)
def test_date_and_metadata_are_found_beside_any_title_and_source(searcher_of: SearcherFactory, text: str) -> None:
    searcher = searcher_of([make_document(text), Document("plain", "moon", title=text, source=text)])
    for query in ("date:2024-03", "author:bob", "elan:7", "ÉLAN:true", "moon date:..2024-03-01"):
        results = searcher.search(query)
        assert ([hit.id for hit in results], results.warnings) == (["other"], ())
    assert [hit.id for hit in searcher.search("moon", sort="date")] == ["other", "plain"]
    assert not searcher.search("author:ann")


def test_values_of_a_field_are_counted_as_they_were_given(searcher_of: SearcherFactory) -> None:
    results = searcher_of(map(make_document, TRICKY[2:3])).search("moon", facets=["author", "elan", "year", "none"])
    assert results.facets == {
        "author": {'bob \\"': 1},
        "elan": {"7": 1, '\\"': 1, "true": 1},
        "year": {"2024": 1},
        "none": {},
    }
