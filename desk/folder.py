"""`.local/`: all that `make run` keeps on this machine, and the settings with which the bot finds it."""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import secrets
import shlex
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

# Everything that belongs to one sample company; it begins and ends together.
KEPT = (
    "made",
    "rapport.db",
    "keys",
    "key-ring",
    "signing-secret",
    "teams-password",
    "journal",
    "clock",
    "people.csv",
    "okr.csv",
    "figures.csv",
    "env",
    "bot.log",
    "past.log",
)


class Running(Exception):
    """Another desk works in this folder; says where it is."""


@dataclass(frozen=True)
class Folder:
    path: Path

    @property
    def database(self) -> Path:
        return self.path / "rapport.db"

    @property
    def journal(self) -> Path:
        return self.path / "journal"

    @property
    def clock(self) -> Path:
        return self.path / "clock"

    @property
    def people(self) -> Path:
        return self.path / "people.csv"

    @property
    def okr(self) -> Path:
        return self.path / "okr.csv"

    @property
    def figures(self) -> Path:
        return self.path / "figures.csv"

    @property
    def log(self) -> Path:
        return self.path / "bot.log"

    @property
    def past_log(self) -> Path:
        return self.path / "past.log"

    @property
    def pid(self) -> Path:
        return self.path / "bot.pid"

    @property
    def signing_secret(self) -> str:
        return (self.path / "signing-secret").read_text("ascii").strip()

    @contextmanager
    def held(self) -> Iterator[TextIO]:
        """One desk at a time; what is written into the handle is told to the next one that tries."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.path / "desk.lock").open("a+", encoding="utf-8") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                handle.seek(0)
                raise Running(handle.read().strip()) from None
            handle.truncate(0)
            yield handle
            handle.truncate(0)

    async def is_free(self, seconds: float) -> bool:
        """No bot of an earlier desk has the database. A command that a killed desk began ends by itself."""
        try:
            async with asyncio.timeout(seconds):
                # Nothing tells when a lock of another process is free.
                while self._bot_is_left():
                    if self.pid.exists():
                        return False
                    await asyncio.sleep(0.05)
        except TimeoutError:
            return False
        self.pid.unlink(missing_ok=True)
        return True

    def _bot_is_left(self) -> bool:
        lock = self.database.with_name(f"{self.database.name}.lock")
        if not lock.exists():
            return False
        with lock.open("a") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def bot(self) -> str:
        return self.pid.read_text("ascii") if self.pid.exists() else "'python -m bot run'"

    def made(self) -> Any:
        """What the company here was made as; None if there is none, or its making was cut short."""
        try:
            return json.loads((self.path / "made").read_text("ascii"))
        except (OSError, ValueError):
            return None

    def finish(self, made: Any) -> None:
        """Only now is it whole: what is without this mark is thrown away at the next start."""
        draft = self.path / "made.draft"
        draft.write_text(json.dumps(made), "ascii")
        draft.replace(self.path / "made")

    def clear(self) -> bool:
        """An older company is kept aside, a half-made one is not; True if one is there now."""
        aside = self.path / "earlier"
        keep = self.made() is not None
        if keep:
            shutil.rmtree(aside, ignore_errors=True)
            aside.mkdir()
        for path in [one for name in KEPT for one in self.path.glob(f"{name}*") if one != aside]:
            if keep:
                path.replace(aside / path.name)
            elif path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
        return keep

    def begin(self, key_ring: str, offset: float) -> None:
        """New secrets, and a clock that stands `offset` seconds away from real time."""
        self._write("key-ring", key_ring)
        self._write("signing-secret", secrets.token_hex(16))
        self._write("clock", f"{offset:.6f}")

    def settings(
        self, api_url: str, port: int, *, socket: bool = False, teams: Mapping[str, str] | None = None
    ) -> dict[str, str]:
        """The bot's environment; secrets are named by their files. `teams` is what it must know to be on Teams too."""
        here = self.path.resolve()
        env = {
            "RAPPORT_DATABASE_URL": f"sqlite:///{here / 'rapport.db'}",
            "RAPPORT_KEYS": str(here / "keys"),
            "RAPPORT_KEY_RING_FILE": str(here / "key-ring"),
            "RAPPORT_SLACK_SIGNING_SECRET_FILE": str(here / "signing-secret"),
            "RAPPORT_SLACK_API": api_url,
            "RAPPORT_HOST": "127.0.0.1",
            "RAPPORT_PORT": str(port),
            "RAPPORT_CLOCK_FILE": str(here / "clock"),
            "RAPPORT_TICK_SECONDS": "1",
            "RAPPORT_SEND_RATE": "50",
            # a send whose answer is lost is looked up when its lease ends; at the desk somebody waits for that
            "RAPPORT_LEASE_SECONDS": "10",
        }
        if socket:
            del env["RAPPORT_SLACK_SIGNING_SECRET_FILE"]
            env["RAPPORT_SLACK_APP_TOKEN"] = "xapp-desk"  # noqa: S105 - no secret: it opens nothing but this desk
        if teams:
            named = {f"RAPPORT_{name.upper()}": value for name, value in teams.items()}
            self._write("teams-password", named.pop("RAPPORT_TEAMS_APP_PASSWORD"))
            env |= named | {"RAPPORT_TEAMS_APP_PASSWORD_FILE": str(here / "teams-password")}
        # As a shell reads it: the folder's path may have spaces.
        self._write("env", "".join(f"{name}={shlex.quote(value)}\n" for name, value in env.items()))
        return env

    def in_process(self, api_url: str, teams: Mapping[str, str] | None = None) -> dict[str, Any]:
        """The same for a bot in this process that plays the past, as fast as it can."""
        here = self.path.resolve()
        return {
            "database_url": f"sqlite:///{here / 'rapport.db'}",
            "keys": str(here / "keys"),
            "key_ring": (self.path / "key-ring").read_text("ascii").strip(),
            "slack_signing_secret": self.signing_secret,
            "slack_api": api_url,
            "host": "127.0.0.1",
            "port": 0,
            "send_rate": 0,
            **(teams or {}),
        }

    def _write(self, name: str, text: str) -> None:
        """For this user's eyes only, from the first byte on."""
        path = self.path / name
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
