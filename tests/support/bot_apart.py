"""The bot as `python -m bot run`, beside a desk that was started by itself."""

from __future__ import annotations

import json
import shlex
import urllib.error
import urllib.request
from pathlib import Path

import browsing
from browsing import Process


class Bot:
    """The bot of this company, started and ended by hand. `settings` replace those of the company."""

    def __init__(self, folder: Path, port: int, desk: str, **settings: str) -> None:
        lines = (folder / ".local" / "env").read_text("utf-8").splitlines()
        env = dict(shlex.split(line)[0].split("=", 1) for line in lines)
        # The folder was copied after it was prepared, and these addresses are new.
        before = str(Path(env["RAPPORT_KEYS"]).parent)
        self.env = {name: value.replace(before, str(folder / ".local")) for name, value in env.items()}
        self.env |= {"RAPPORT_PORT": str(port), "RAPPORT_SLACK_API": f"{desk}/api/"} | settings
        self._folder, self._ready = folder, f"http://127.0.0.1:{port}/readyz"
        self.process: Process | None = None

    def start(self) -> None:
        self.process = Process(self._folder, "bot", "bot", "run", **self.env)
        self.process.line(r'"event": "serving"')
        browsing.until("a ready bot", self.is_ready)

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(self._ready, timeout=browsing.PATIENCE) as answer:
                return bool(answer.status == 200)
        except urllib.error.HTTPError as error:
            with error:
                return False

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()


def commanded(folder: Path, desk: str, *lines: list[str]) -> None:
    """At the command line of this company, in one process; its bot may run beside it."""
    process = Process(folder, "commanded", "desk.commanding", json.dumps(lines), **Bot(folder, 0, desk).env)
    assert process.popen.wait(browsing.STARTING) == 0, process.words()
