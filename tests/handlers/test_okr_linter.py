"""The cascade linter: who looks after an objective is told what does not hang together, HR has the sum."""

from __future__ import annotations

from uuid import UUID

import pytest
import world as worlds
from goals import CALLS, Result, objective, sweep
from looking import context, counted
from sqlalchemy import select

from bot.handlers.okr import check, linting
from bot.storage.okr.moving import step
from bot.storage.okr.tables import Objective
from bot.storage.people import ReportingLine
from bot.storage.tasks import TaskRow

TUESDAY, NEXT, AFTER = "2026-11-24 12:00", "2026-12-01 12:00", "2026-12-08 12:00"
BARE = Result("Nobody knows", None, None)
NEEDS = "One of your objectives needs a look"


def times(world: worlds.World, who: str, title: str = NEEDS) -> int:
    return sum(title in one.words for one in world.messages(who))


def company(world: worlds.World, **more: object) -> UUID:
    return objective(world, "hana", "Customers stay", level="company", **more)


def leave(world: worlds.World, who: str) -> None:
    with world.look() as db:
        world.person(db, who).status = "left"


async def test_an_orphan_is_told_to_its_owner_once_with_what_mends_it(chat: worlds.World) -> None:
    company(chat)
    objective(chat, "ada", "Answer faster")
    await sweep(chat, TUESDAY)
    assert NEEDS in chat.words("ada")
    assert "Answer faster" in chat.words("ada")
    assert "It supports nothing above it." in chat.words("ada")
    names = chat.app.engine.registry.conversations
    mends = ["Align…"] if linting.ALIGN in names else []
    assert chat.labels("ada") == [*mends, "Open", "Later today", "Tomorrow"]
    assert times(chat, "hana") == times(chat, "linus") == 0


async def test_the_same_is_told_again_after_a_fortnight_and_what_is_new_at_once(chat: worlds.World) -> None:
    company(chat)
    objective(chat, "ada", "Answer faster")
    objective(chat, "linus", "Find more")
    await sweep(chat, TUESDAY)
    objective(chat, "linus", "Find all", [BARE])
    await sweep(chat, NEXT)
    assert (times(chat, "ada"), times(chat, "linus", "2 of your objectives need a look")) == (1, 1)
    assert "1 key result lacks its numbers." in chat.words("linus")
    await sweep(chat, AFTER)
    assert [times(chat, who, "A newer message") for who in ("ada", "linus")] == [1, 1]
    assert times(chat, "ada") == 1


async def test_once_in_a_week_is_enough(chat: worlds.World) -> None:
    company(chat)
    await sweep(chat, TUESDAY)
    objective(chat, "ada", "Answer faster")
    await sweep(chat, "2026-11-25 12:00")
    assert times(chat, "ada") == 0
    assert "It supports nothing above it." in await chat.reply("ada", "/okr", "check")


async def test_where_the_owner_has_left_their_last_manager_is_told(chat: worlds.World) -> None:
    objective(chat, "ada", "Answer faster", parent_id=company(chat))
    leave(chat, "ada")
    await sweep(chat, "2026-11-24 16:00")
    assert "Ada Byron does not work here any more." in chat.words("grace")
    assert times(chat, "hana") == 0


async def test_what_is_paused_already_is_not_offered_to_be_paused(chat: worlds.World) -> None:
    objective(chat, "ada", "Answer faster", parent_id=company(chat))
    leave(chat, "ada")
    await chat.at("2026-11-24 16:00")
    await chat.command("grace", "/okr", "check")
    await chat.press("grace", "Pause it")
    await chat.command("grace", "/okr", "check")
    assert "Give it to…" in chat.labels("grace")
    assert "Pause it" not in chat.labels("grace")


async def test_where_nobody_led_them_hr_is_told(chat: worlds.World) -> None:
    objective(chat, "eve", "Sell more", parent_id=company(chat))
    with chat.look() as db:
        assert not db.scalars(select(ReportingLine).filter_by(person_id=chat.person(db, "eve").id)).all()
    leave(chat, "eve")
    await sweep(chat, TUESDAY)
    assert "Eve Moreau does not work here any more." in chat.words("hana")


async def test_a_changed_parent_is_asked_about_at_once(chat: worlds.World) -> None:
    top = company(chat)
    objective(chat, "ada", "Answer faster", parent_id=top)
    await sweep(chat, TUESDAY)
    assert times(chat, "ada") == 0
    await chat.at("2026-11-25 12:00")
    with chat.look() as db:
        of = db.get_one(Objective, top)
        hana = chat.person(db, "hana").id
        step(db, of, "changed", by=hana, behalf=None, at=chat.clock.now())
        task = check.changed_above(chat.clock.now(), of.id, of.version)
        db.add(
            TaskRow(
                conversation=task.conversation, step=task.step, key=task.key, at=task.at, cursor=dict(task.cursor),
                created_at=chat.clock.real(),
            )
        )  # fmt: skip
    await chat.settle()
    assert "Does it still fit?" in chat.words("ada")


async def test_what_was_mended_before_the_message_is_not_asked(chat: worlds.World) -> None:
    top = company(chat)
    of = objective(chat, "ada", "Answer faster")
    await sweep(chat, "2026-11-24 03:00")
    assert times(chat, "ada") == 0, "it is night"
    with chat.look() as db:
        db.get_one(Objective, of).parent_id = top
    await sweep(chat, TUESDAY)
    assert times(chat, "ada") == 0
    assert "Your objectives hang together" in await chat.reply("ada", "/okr", "check")


async def test_too_many_comes_first_and_all_of_them_can_be_looked_at(chat: worlds.World) -> None:
    top = company(chat)
    made = [objective(chat, "ada", f"Ada {at}.", [BARE], parent_id=top) for at in range(12)]
    said = await chat.reply("ada", "/okr", "check")
    assert said.index("12 objectives at once") < said.index("1 key result lacks its numbers.")
    assert "and 7 more" in said
    await chat.press("ada", "All of them…")
    seen = chat.told("ada")
    assert seen.index("Ada 11.") < seen.index("Ada 0.")
    assert "Page 1 of 2" in seen
    await chat.press("ada", "Next", chat.view("ada"))
    assert "Page 2 of 2" in chat.told("ada")
    assert all(f"Ada {at}." in seen + chat.told("ada") for at in range(12))
    await chat.command("ada", "/okr", "check")
    await chat.press("ada", "Pause it")
    with chat.look() as db:
        assert db.get_one(Objective, made[-1]).state == "paused", "one tap mends it"


async def test_hr_reads_counts_and_only_what_everybody_may_see(chat: worlds.World) -> None:
    company(chat, results=[BARE])
    objective(chat, "grace", "Team of its own", level="team")
    objective(chat, "ada", "Answer faster")
    said = await chat.reply("hana", "/okr", "check")
    assert "3 objectives need a look" in said
    assert "1, of individuals 1" in said
    assert "Team of its own · Grace Murray" in said
    assert "Answer faster" not in said


async def test_hrs_digest_says_the_same_in_figures(chat: worlds.World) -> None:
    company(chat)
    objective(chat, "ada", "Answer faster")
    await chat.command("hana", "/review", "digest")
    # Where a picture is sent apart, it comes last.
    said = chat.seen("hana")
    assert "Objectives that need a look" in said
    assert "0, of individuals 1" in said
    assert "Answer faster" not in said


@pytest.mark.parametrize("who", ["hana", "ada"])
async def test_any_number_of_objectives_takes_the_same_statements(chat: worlds.World, who: str) -> None:
    async def statements() -> int:
        with counted(chat) as seen:
            await chat.command(who, "/okr", "check")
        return len(seen)

    top = company(chat)
    for at in range(6):
        objective(chat, "ada", f"Ada {at}", [CALLS, BARE], parent_id=top)
    await statements()
    few = await statements()
    for at in range(300):
        objective(chat, "ada", f"More {at}", [CALLS, BARE], parent_id=top)
    assert await statements() == few


async def test_it_is_over_when_nothing_is_left_to_mend(chat: worlds.World) -> None:
    top = company(chat)
    of = objective(chat, "ada", "Answer faster")
    await sweep(chat, TUESDAY)
    with chat.look() as db:
        ada = chat.person(db, "ada").id
        ctx = context(chat, db, "ada")
        assert check.settled(ctx, ada)
        [ask] = [one for one in chat.asks_in(db, "ada") if one.conversation == linting.CHECK]
        assert ask.state == "open"
        db.get_one(Objective, of).parent_id = top
        assert check.settled(ctx, ada) == (ask.id,)
        assert ask.state == "submitted"
