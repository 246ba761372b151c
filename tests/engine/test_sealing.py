"""The tick seals audit rows, and tells the head of their chain outside once an hour."""

from __future__ import annotations

import json
import logging
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
import world as worlds

from bot import log
from bot.clock import FixedClock
from bot.engine.sealing import Sealing
from bot.storage.audit import AuditEvent, AuditSeal
from bot.storage.audit_anchors import Anchor, read
from bot.storage.audit_verifying import verify
from bot.storage.keys import Unreadable

Lines = Callable[[], list[dict[str, Any]]]


class RealClock(FixedClock):
    """Here the real time is moved by hand, too."""

    def real(self) -> datetime:
        return self.now()


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Iterator[Lines]:
    root, hook = logging.getLogger(), sys.excepthook
    handlers, level = list(root.handlers), root.level
    seen: list[dict[str, Any]] = []

    def read() -> list[dict[str, Any]]:
        seen.extend(json.loads(line) for line in capsys.readouterr().out.splitlines())
        return seen

    log.configure()
    yield read
    root.handlers, sys.excepthook, threading.excepthook = handlers, hook, threading.__excepthook__
    root.setLevel(level)
    logging.captureWarnings(False)
    structlog.reset_defaults()


@pytest.fixture
def clock() -> RealClock:
    return RealClock(worlds.MONDAY + timedelta(minutes=10))


def tick(sealing: Sealing) -> None:
    while sealing.seal():
        pass
    sealing.anchor()


def anchors(file: Path) -> list[Anchor | int]:
    return list(read(file)) if file.exists() else []


async def test_the_bots_own_tick_seals_what_people_did(world: worlds.World, lines: Lines) -> None:
    await world.answer("ada", progress="Shipped", next="Rest")
    await world.app.tick()
    rows = world.rows(AuditEvent.seq)
    assert rows
    assert sorted(world.rows(AuditSeal.event_seq)) == sorted(rows)
    assert verify(world.app.database).breaks == []
    [told] = [line for line in lines() if line["event"] == "audit.anchor"]
    assert (told["seq"], len(told["head"]), told["source"]) == (len(rows), 64, "audit")


async def test_the_head_is_kept_once_an_hour_at_the_first_tick_after_it(
    world: worlds.World, clock: RealClock, tmp_path: Path, lines: Lines
) -> None:
    file = tmp_path / "anchors.txt"
    sealing = Sealing(world.app.database, clock, file)
    for minutes in (0, 20, 29, 2, 9, 110):
        clock.advance(timedelta(minutes=minutes))
        tick(sealing)
    kept = anchors(file)
    assert [one.at for one in kept if isinstance(one, Anchor)] == [
        "2026-11-23T08:10:00Z", "2026-11-23T09:01:00Z", "2026-11-23T11:00:00Z",
    ]  # fmt: skip
    assert file.stat().st_mode & 0o777 == 0o600
    assert len([line for line in lines() if line["event"] == "audit.anchor"]) == 3
    assert verify(world.app.database, [one for one in kept if isinstance(one, Anchor)]).breaks == []


async def test_a_file_that_cannot_be_written_is_told_once_an_hour_and_tried_by_every_tick(
    world: worlds.World, clock: RealClock, tmp_path: Path, lines: Lines
) -> None:
    file = tmp_path / "not there" / "anchors.txt"
    sealing = Sealing(world.app.database, clock, file)
    tick(sealing)
    tick(sealing)
    [told] = [line for line in lines() if line["level"] == "error"]
    assert (told["event"], told["reason"]) == ("audit.anchor_not_written", "No such file or directory")
    file.parent.mkdir()
    tick(sealing)
    tick(sealing)
    assert len(anchors(file)) == 1
    assert len([line for line in lines() if line["event"] == "audit.anchor"]) == 1


async def test_a_line_torn_by_a_power_cut_does_not_spoil_the_next(
    world: worlds.World, clock: RealClock, tmp_path: Path
) -> None:
    file = tmp_path / "anchors.txt"
    file.write_text("2026-11-23T07:00:00Z 12 ab", "utf-8")
    tick(Sealing(world.app.database, clock, file))
    torn, whole = anchors(file)
    assert torn == 1
    assert isinstance(whole, Anchor)


async def test_with_nothing_to_tell_nothing_is_told(world: worlds.World, clock: RealClock, tmp_path: Path) -> None:
    sealing = Sealing(world.app.database, clock, tmp_path / "anchors.txt")
    sealing.anchor()
    assert anchors(tmp_path / "anchors.txt") == []
    tick(sealing)
    assert len(anchors(tmp_path / "anchors.txt")) == 1


async def test_a_lost_key_is_told_once_and_stops_no_tick(world: worlds.World, clock: RealClock, lines: Lines) -> None:
    await world.app.tick()
    world.app.database.keys.forget("audit")
    await world.answer("ada", progress="Shipped", next="Rest")
    for _ in range(3):
        await world.app.tick()
    assert [line["event"] for line in lines() if line["level"] == "error"] == ["audit.not_sealed"]
    with pytest.raises(Unreadable):
        verify(world.app.database)
