from __future__ import annotations

from searcher.engines import StoredDocument
from searcher.engines.whoosh.schema import FORMAT_VERSION
from searcher.engines.whoosh.segments import encode_stored


def test_what_is_kept_of_a_document_is_as_the_version_of_the_format_says() -> None:
    document = StoredDocument("one", "Été", "fr", None, "2024-05", '{"shelf": 7}')
    kept = '["one","Été",null,"2024-05","{\\"shelf\\": 7}"]'
    assert (FORMAT_VERSION, encode_stored(document).decode()) == (4, kept)
