"""Managers who do not press OK: reminded inside the budget, HR sees who is waited for and may start without."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
import world as worlds

from bot.storage.contacts import FirstContact
from bot.storage.outbox import OutboxRow
from bot.storage.programmes import Programme, Turn

REMINDED = "2 of your people wait for your OK"


@pytest.fixture
def introduced() -> bool:
    return False


def waiting(world: worlds.World) -> None:
    """Grace was written to this morning, Ada and Linus wait for her; the others know Rapport."""
    with world.look() as db:
        programme = db.scalars(sa.select(Programme)).one()
        db.execute(sa.update(Turn).values(next_due_at=None))
        for who in worlds.PEOPLE:
            state = {"grace": "sent", "ada": "planned", "linus": "planned"}.get(who, "ok")
            db.add(
                FirstContact(
                    person_id=world.person(db, who).id, programme_id=programme.id, state=state, manages=who == "grace",
                    sent_at=None if state == "planned" else world.clock.now(), created_at=world.clock.now(),
                )
            )  # fmt: skip


async def days(world: worlds.World, count: int) -> None:
    """Looked at every six hours, of which each person works in one; the scheduler looks every hour."""
    for _ in range(4 * count):
        world.clock.advance(timedelta(hours=6))
        await world.app.run(world.app.engine.sweep)
        await world.settle()


def reminders(world: worlds.World) -> list[OutboxRow]:
    rows = world.rows(OutboxRow)
    return sorted((row for row in rows if row.key.startswith("waiting:")), key=lambda row: row.key)


async def test_a_manager_is_reminded_three_times_at_most_three_working_days_apart(world: worlds.World) -> None:
    waiting(world)
    await days(world, 2)
    assert world.titles("grace") == []
    await days(world, 2)
    assert world.titles("grace") == [REMINDED]
    await days(world, 14)
    sent = reminders(world)
    assert [row.budget_day.isoformat() for row in sent if row.budget_day] == ["2026-11-26", "2026-12-01", "2026-12-04"]
    assert {row.purpose for row in sent} == {"nudge"}


async def test_ok_in_the_reminder_lets_the_team_start_and_every_reminder_says_so(world: worlds.World) -> None:
    waiting(world)
    await days(world, 9)
    first, second = world.messages("grace")
    assert [one.words.splitlines()[0] for one in (first, second)] == [REMINDED, REMINDED]
    await world.press("grace", "OK", first)
    done = "None of your people waits for your OK any more"
    assert [title for title in world.titles("grace") if title in (REMINDED, done)] == [done, done]
    await days(world, 5)
    assert len(reminders(world)) == 2
    assert "I'm Rapport" in world.titles("ada")


async def test_a_manager_who_pressed_ok_or_for_whom_nobody_waits_is_not_reminded(world: worlds.World) -> None:
    waiting(world)
    with world.look() as db:
        db.execute(sa.update(FirstContact).where(FirstContact.state == "planned").values(state="ok"))
    await days(world, 10)
    assert reminders(world) == []


async def test_a_full_week_leaves_no_room_for_the_reminder(world: worlds.World) -> None:
    waiting(world)
    with world.look() as db:
        grace = world.person(db, "grace").id
        for number in range(3):
            day = (world.clock.now() + timedelta(days=number)).date()
            db.add(
                OutboxRow(
                    key=f"spent:{number}", kind="send", purpose="nudge", person_id=grace, due_at=world.clock.now(),
                    created_at=world.clock.now(), done_at=world.clock.now(), state="done", budget_day=day,
                )
            )  # fmt: skip
    await days(world, 6)
    assert reminders(world) == []
    await days(world, 2)
    assert len(reminders(world)) == 1


async def test_no_digest_tells_a_manager_of_a_team_that_has_not_started(world: worlds.World) -> None:
    waiting(world)
    await days(world, 8)
    assert "Your team's week" not in world.titles("grace")


async def test_hr_sees_who_waits_in_digest_menu_and_home_and_starts_without(world: worlds.World) -> None:
    waiting(world)
    await days(world, 8)
    [digest] = [one for one in world.messages("hana") if "The week for HR" in one.words]
    line = "2 people wait for Grace Murray's OK, who was written to on Mon 23 Nov"
    assert line in digest.words
    assert "Start without" not in world.labels("hana", digest)
    await world.home("hana")
    assert line in world.home_words("hana")
    await world.command("hana", "/review")
    assert line in world.words("hana")
    await world.press("hana", "Start without")
    assert "2 people no longer wait for Grace Murray's OK." in world.words("hana")
    assert line not in await world.home_again("hana")
    assert world.titles("grace")[-1] == "None of your people waits for your OK any more"
