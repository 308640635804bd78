"""The command `searcher`, and `python -m searcher`: so small that Ctrl-C finds it ready while the rest is imported."""

import sys


def main() -> None:
    """Run the command."""
    try:
        from searcher.cli import main as run

        run()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
