"""Rebuild the index of this repository from its sample documents, or from others.

    python scripts/rebuild_index.py [SOURCE] [--index DIR]

The same as `searcher rebuild SOURCE --index DIR`, from any folder.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from searcher.cli import main as run_command

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Run the script."""
    parser = argparse.ArgumentParser(description="Rebuild the index from the sample documents, or from others.")
    parser.add_argument("source", nargs="?", default=ROOT / "seeds", type=Path, help="default: seeds/")
    parser.add_argument("--index", default=ROOT / "index", type=Path, metavar="DIR", help="default: index/")
    arguments = parser.parse_args()
    run_command(["rebuild", str(arguments.source), "--index", str(arguments.index)])


if __name__ == "__main__":
    main()
