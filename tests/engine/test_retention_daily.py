"""The running bot deletes what is past, once a day and in pieces."""

from __future__ import annotations

from datetime import timedelta

import world as worlds

from bot.storage.audit import AuditEvent
from bot.storage.checkin import CheckIn
from bot.storage.receipts import Receipt
from bot.storage.retention import RetentionRun
from bot.storage.tasks import TaskRow


async def day(world: worlds.World) -> None:
    world.app.engine.sweep()
    world.app.engine.sweep()
    await world.settle()


async def test_the_day_s_first_look_runs_it_and_no_other(chat: worlds.World) -> None:
    await chat.at("2026-11-26 15:00")
    await chat.answer("ada", progress="Shipped", next="Rest")
    with chat.look() as db:
        db.add(Receipt(key="old", kind="done", at=chat.clock.real() - timedelta(days=8)))
    await day(chat)
    assert [one.counts for one in chat.rows(RetentionRun)] == [{"requests": 1}]
    assert "old" not in [one.key for one in chat.rows(Receipt)]
    assert len(chat.rows(CheckIn)) == 1
    chat.clock.advance(timedelta(days=600))
    await day(chat)
    assert chat.rows(CheckIn) == []
    runs = sorted(chat.rows(RetentionRun), key=lambda one: one.id)
    assert runs[1].counts["check_ins"] == 2
    traced = [one.details["counts"] for one in chat.rows(AuditEvent) if one.action == "retention.run"]
    assert traced == [one.counts for one in runs]
    assert {one.state for one in chat.rows(TaskRow) if one.conversation == "retention"} == {"done"}
