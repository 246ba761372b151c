"""Several commands of the bot in one process, as `python -m bot` runs each: most of what they cost is the beginning."""

from __future__ import annotations

import json
import runpy
import sys


def main() -> None:
    """Each of the lines of words in turn, until one fails."""
    for words in json.loads(sys.argv[1]):
        sys.argv[1:] = words
        try:
            runpy.run_module("bot", run_name="__main__", alter_sys=True)
        except SystemExit as ended:
            if ended.code:
                sys.stderr.write(f"'bot {' '.join(words)}' failed.\n")
                raise


if __name__ == "__main__":
    main()
