"""Files of glossaries: their bytes, or an error that says what is wrong with them."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

from searcher.errors import GlossaryError
from searcher.formats.decoding import LARGEST


def read_file(path: Path) -> bytes:
    """Return the bytes of a file, uncompressed where its name ends in .dz (gzip with an index of its own)."""
    try:
        with gzip.open(path) if path.suffix == ".dz" else path.open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise GlossaryError(path, f"{path} is cut or damaged", "Get the dictionary again") from None
    except (OSError, ValueError) as error:
        reason = (isinstance(error, OSError) and error.strerror) or str(error)
        raise GlossaryError(path, f"can't read {path}: {reason}", "Check the path and its permissions") from error
    if len(content) > LARGEST:
        raise GlossaryError(path, f"{path} is larger than {LARGEST // 1024**2} MB", "Split it into several glossaries")
    return content
