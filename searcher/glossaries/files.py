"""Files of glossaries: their bytes, or an error that says what is wrong with them."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

from searcher.errors import GlossaryError, tell_refusal
from searcher.formats.decoding import LARGEST
from searcher.messages import Message


def read_file(path: Path) -> bytes:
    """Return the bytes of a file, uncompressed where its name ends in .dz (gzip with an index of its own)."""
    try:
        with gzip.open(path) if path.suffix == ".dz" else path.open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        problem = Message("{path} is cut or damaged", path=path)
        raise GlossaryError(path, problem, Message("Get the dictionary again")) from None
    except (OSError, ValueError) as error:
        reason = tell_refusal(error)
        problem = Message("can't read {path}: {reason}", path=path, reason=reason)
        raise GlossaryError(path, problem, Message("Check the path and its permissions")) from error
    if len(content) > LARGEST:
        problem = Message("{path} is larger than {size} MB", path=path, size=LARGEST // 1024**2)
        raise GlossaryError(path, problem, Message("Split it into several glossaries"))
    return content
