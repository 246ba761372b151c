"""Objectives that stand still: the owner first, twice, then the manager's Monday, then the next one-to-one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import world as worlds
from goals import CALLS, Result, field, objective, results_of, silent, sweep, updates_of

from bot import commands
from bot.storage.audit import AuditEvent
from bot.storage.okr.tables import KeyResult, Objective
from bot.storage.okr.updating import Measured, store_updates
from bot.storage.outbox import OutboxRow
from bot.storage.people import Absence
from bot.storage.policy import turn

QUESTION = "Still the right goal?"


def asked(world: worlds.World, who: str = "ada") -> list[tuple[date, str, str | None]]:
    return [(one.occurrence, one.state, one.reason) for one in world.asks(who) if one.conversation == "okr.stalled"]


async def test_the_owner_is_asked_on_the_fourteenth_day_and_again_a_week_later(world: worlds.World) -> None:
    silent(world, 13)
    await sweep(world, "2026-11-23 11:00")
    assert world.messages("ada") == []
    await sweep(world, "2026-11-24 11:00")
    assert world.titles("ada") == [QUESTION]
    assert "Customers hear from us the same day" in world.words("ada")
    assert "no update since Tue 10 Nov" in world.words("ada")
    assert "only you are asked" in world.words("ada")
    assert {"Update", "No change", "Talk to Grace Murray"} <= set(world.labels("ada"))
    await sweep(world, "2026-11-25 11:00")
    assert len(asked(world)) == 1
    assert QUESTION not in world.seen("grace")
    await sweep(world, "2026-12-01 11:00")
    assert [one[1] for one in asked(world)] == ["closed", "open"]
    assert "Your manager's Monday names it, too" in world.words("ada")
    await sweep(world, "2026-12-08 11:00")
    assert len(asked(world)) == 2, "the last rung is the one-to-one"


async def test_the_earlier_question_says_that_it_is_asked_again_below_and_has_no_buttons(world: worlds.World) -> None:
    silent(world, 14)
    await sweep(world, "2026-11-23 11:00")
    await world.at("2026-11-30 11:30")
    [earlier] = world.messages("ada")
    assert "Your manager's Monday" not in earlier.words, "its time is up, and the next one has not come"
    assert world.labels("ada", earlier) == ["My objectives"]
    await sweep(world, "2026-11-30 12:00")
    earlier, newer = world.messages("ada")
    assert earlier.words.split("\n")[:2] == [QUESTION, "I ask you again below, as it stands now."]
    assert world.labels("ada", earlier) == []
    assert "Your manager's Monday names it, too" in newer.words
    assert "No change" in world.labels("ada", newer)


async def test_what_is_asked_for_an_update_on_that_day_is_not_asked_twice(world: worlds.World) -> None:
    """The first question comes on Thursday 26 November, when both have been silent for fourteen days."""
    commands.start_programme(world.app.database, world.clock, "okr.updates", "", introduced=True)
    silent(world, 11)
    await sweep(world, "2026-11-26 00:30")
    await world.at("2026-11-26 15:00")
    assert "How do your objectives stand?" in world.words("ada")
    await sweep(world, "2026-11-27 11:00")
    await sweep(world, "2026-11-30 11:00")
    assert asked(world) == [], "neither with it nor on the days after it"
    await sweep(world, "2026-12-03 11:00")
    assert asked(world) == [(date(2026, 12, 3), "open", None)]
    assert "Your manager's Monday names it, too" in world.words("ada")


async def test_what_does_not_move_is_asked_on_the_day_of_updates_too(chat: worlds.World) -> None:
    commands.start_programme(chat.app.database, chat.clock, "okr.updates", "", introduced=True)
    silent(chat, 11, title="Silent")
    flat = silent(chat, 40, title="Flat")
    for day in ("2026-11-09", "2026-11-10", "2026-11-11"):
        with chat.look() as db:
            result = db.query(KeyResult).filter_by(objective_id=flat).one()
            _moves_nothing(chat, db, result, date.fromisoformat(day))
    await sweep(chat, "2026-11-26 11:00")
    updates, _, still = chat.last("ada").words.partition(QUESTION)
    assert "Silent" in updates
    assert "Flat" in still
    assert "Silent" not in still


async def test_no_change_or_an_update_ends_it(chat: worlds.World) -> None:
    of = silent(chat, 14, results=[CALLS, Result("Complaints a week", "9", "3")])
    await sweep(chat, "2026-11-23 11:00")
    await chat.press("ada", "No change", chat.messages("ada")[0])
    assert asked(chat) == [(date(2026, 11, 23), "submitted", None)]
    assert "You have looked at what stood still" in chat.messages("ada")[0].words
    assert [len(updates_of(chat, one)) for one in results_of(chat, of)] == [1, 1]
    await sweep(chat, "2026-12-01 11:00")
    assert len(asked(chat)) == 1


async def test_it_is_paused_from_the_message(chat: worlds.World) -> None:
    of = silent(chat, 14)
    await sweep(chat, "2026-11-23 11:00")
    await chat.press("ada", "Pause…", chat.messages("ada")[0])
    with chat.look() as db:
        assert db.get_one(Objective, of).state == "paused"
    assert [one[1] for one in asked(chat)] == ["submitted"]


async def test_days_of_absence_do_not_count(chat: worlds.World) -> None:
    silent(chat, 16)
    with chat.look() as db:
        ada = chat.person(db, "ada").id
        db.add(Absence(person_id=ada, starts_on=date(2026, 11, 10), ends_on=date(2026, 11, 12),
                       created_at=chat.clock.now()))  # fmt: skip
    await sweep(chat, "2026-11-23 11:00")
    assert asked(chat) == []
    await sweep(chat, "2026-11-24 11:00")
    assert len(asked(chat)) == 1


async def test_neither_drafts_nor_what_is_paused_or_complete_stands_still(chat: worlds.World) -> None:
    silent(chat, 40, state="draft")
    silent(chat, 40, state="paused")
    done = silent(chat, 40, title="Done")
    with chat.look() as db:
        for one in db.query(KeyResult).filter_by(objective_id=done):
            one.score = Decimal(1)
    await sweep(chat, "2026-11-23 11:00")
    assert asked(chat) == []


async def test_three_updates_that_move_nothing_stand_still_too(chat: worlds.World) -> None:
    of = silent(chat, 40)
    for day in ("2026-11-02", "2026-11-09", "2026-11-16"):
        with chat.look() as db:
            result = db.query(KeyResult).filter_by(objective_id=of).one()
            _moves_nothing(chat, db, result, date.fromisoformat(day))
    await sweep(chat, "2026-11-23 11:00")
    assert "three updates since Mon 2 Nov, and it has not moved" in chat.words("ada")


def _moves_nothing(world: worlds.World, db: Any, result: KeyResult, day: date) -> None:
    at = world.clock.now().replace(year=day.year, month=day.month, day=day.day)
    said = Measured(result.id, value=Decimal(42))
    store_updates(db, [said], by=world.person(db, "ada").id, behalf=None, day=day, at=at)


async def test_talk_puts_it_on_the_next_one_to_one_of_both_and_is_asked_no_more(chat: worlds.World) -> None:
    silent(chat, 14)
    await sweep(chat, "2026-11-23 15:00")
    await chat.press("ada", "Talk to Grace Murray", chat.messages("ada")[0])
    assert "Ada Byron would like to talk about an objective in your next 1:1" in chat.words("grace")
    assert asked(chat)[0][1] == "submitted"
    for who, other in (("ada", "Grace Murray"), ("grace", "Ada Byron")):
        await chat.home(who)
        assert f"With {other}: Customers hear from us the same day" in chat.home_words(who)
    assert [one.action for one in chat.rows(AuditEvent)].count("okr.talk_wanted") == 1
    await sweep(chat, "2026-12-01 15:00")
    assert len(asked(chat)) == 1


async def test_after_the_last_rung_it_stands_in_the_next_one_to_one_by_itself(chat: worlds.World) -> None:
    silent(chat, 27)
    await chat.home("grace")
    assert "Customers hear from us" not in chat.home_words("grace")
    await chat.at("2026-11-24 15:00")
    await chat.home("grace")
    assert "With Ada Byron: Customers hear from us the same day" in chat.home_words("grace")
    await chat.home("linus")
    assert "Customers hear from us" not in chat.home_words("linus")


async def test_it_counts_as_the_message_of_its_day(chat: worlds.World) -> None:
    silent(chat, 14)
    await sweep(chat, "2026-11-23 11:00")
    with chat.look() as db:
        ada = chat.person(db, "ada").id
    assert [one.budget_day for one in chat.rows(OutboxRow) if one.person_id == ada and one.budget_day] == [
        date(2026, 11, 23)
    ]
    assert all(one.room_id is None for one in chat.rows(OutboxRow))


async def test_reminders_off_ask_nobody(chat: worlds.World) -> None:
    silent(chat, 14)
    with chat.look() as db:
        turn(db, "nudges", "", "off", chat.clock.now(), chat.clock.real(), by=None)
    await sweep(chat, "2026-11-23 11:00")
    assert asked(chat) == []


async def test_the_owner_alone_hears_that_confidence_has_fallen(chat: worlds.World) -> None:
    of = objective(chat)
    [calls] = results_of(chat, of)
    await chat.at("2026-11-23 15:00")
    for who, sure in (("ada", "8"), ("grace", "4")):
        await chat.command(who, "/okr", "team" if who == "grace" else "")
        await chat.press(who, f"okr.update/{of}")
        await chat.submit(who, **{field("sure", calls): sure})
    assert "Confidence has fallen: Customers hear from us the same day" in chat.words("ada")
    assert "Confidence has fallen" not in chat.seen("grace")
    await chat.command("ada", "/okr")
    await chat.press("ada", f"okr.update/{of}")
    await chat.submit("ada", **{field("sure", calls): "2"})
    assert "confidence 2 of 10" in chat.words("ada")
    assert "Only you are told of this" in chat.words("ada")
