"""The audit chain in the background: new rows are sealed by every tick, and once an hour its head is told outside."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import IntegrityError

from bot import log
from bot.clock import Clock
from bot.storage import audit_anchors
from bot.storage.audit_anchors import Anchor
from bot.storage.audit_seals import BEFORE_ALL, UNREADABLE, last_link, seal
from bot.storage.database import Database
from bot.storage.keys import Unreadable

logger = log.get("audit")


class Sealing:
    """`file` is where anchors are kept, if anywhere. What goes wrong here is logged and never stops a tick."""

    def __init__(
        self, database: Database, clock: Clock, file: Path | None, step: Callable[[str], None] = lambda name: None
    ) -> None:
        self._database = database
        self._clock = clock
        self._file = file
        self._step = step
        self._after = BEFORE_ALL
        self._failure = ""
        self._told: datetime | None = None
        self._kept: datetime | None = None
        self._complained: datetime | None = None

    def seal(self) -> bool:
        """One piece of at most 200 rows; to be called again while true."""
        try:
            with self._database.transaction() as db:
                done = seal(db, self._database.keys, self._clock.real(), self._after)
                if done.sealed:
                    self._step("tick.sealed")
        except IntegrityError:
            # Another replica was quicker.
            return False
        except (Unreadable, *UNREADABLE) as error:
            if self._failure != type(error).__name__:
                self._failure = type(error).__name__
                logger.error("audit.not_sealed", error_type=self._failure, exc_info=error)
            return False
        self._after, self._failure = done.after, ""
        return done.more

    def anchor(self) -> None:
        """The first time after each full hour; a file that could not be written is tried again by the next tick."""
        now = self._clock.real()
        hour = now.replace(minute=0, second=0, microsecond=0)
        if self._kept == hour:
            return
        with self._database.transaction() as db:
            last = last_link(db)
        if last is None:
            return
        anchor = Anchor.of(now, last.id, last.mac)
        if self._told != hour:
            self._told = hour
            logger.info("audit.anchor", seq=anchor.seq, head=anchor.head)
        if self._file is None or self._written(self._file, anchor, hour):
            self._kept = hour

    def _written(self, file: Path, anchor: Anchor, hour: datetime) -> bool:
        try:
            audit_anchors.append(file, anchor)
        except OSError as error:
            if self._complained != hour:
                self._complained = hour
                logger.error("audit.anchor_not_written", reason=error.strerror, error_type=type(error).__name__)
            return False
        return True
