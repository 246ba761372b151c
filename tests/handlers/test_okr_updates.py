"""Asked for updates every two weeks, in one message with the check-in; one tap where nothing is new."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import world as worlds
from goals import CALLS, Result, field, objective, opened, results_of, updates_of
from okr_files import rows_of, saved

from bot import commands
from bot.commands.okr.filing import export_objectives, import_objectives
from bot.messages import Button
from bot.storage.asks import Ask
from bot.storage.audit import AuditEvent
from bot.storage.okr.tables import KeyResult
from bot.storage.outbox import OutboxRow

THURSDAY, REMINDED, NEXT = "2026-11-26 10:01", "2026-11-27 10:01", "2026-12-10 10:01"
TITLE = "How do your objectives stand?"
WEEK = {"progress": "Shipped search", "next": "Write the guide"}


def start(world: worlds.World) -> None:
    said = commands.start_programme(world.app.database, world.clock, "okr.updates", "", introduced=True)
    assert said.startswith("okr.updates starts for everyone")


def old(world: worlds.World, days: int = 30) -> None:
    """As if every key result had been made so long ago."""
    with world.look() as db:
        for one in db.query(KeyResult):
            one.created_at -= timedelta(days=days)


def set_on(world: worlds.World, result: KeyResult, **columns: Any) -> None:
    with world.look() as db:
        for name, value in columns.items():
            setattr(db.get_one(KeyResult, result.id), name, value)


def states(world: worlds.World, who: str) -> list[tuple[str, str | None]]:
    return [(one.state, one.reason) for one in world.asks(who) if one.conversation == "okr.updates"]


async def test_who_has_an_objective_is_asked_in_one_message_with_the_check_in(chat: worlds.World) -> None:
    objective(chat)
    old(chat)
    start(chat)
    await chat.at(THURSDAY)
    assert chat.titles("ada") == ["2 things wait for you"]
    words = chat.words("ada")
    assert words.index("Time for your check-in") < words.index(TITLE)
    assert "Customers hear from us the same day" in words
    assert "no update yet" in words
    assert {"Update", "No change", "Check in"} <= set(chat.labels("ada"))
    person = chat.ask("ada").person_id
    assert [one.budget_day for one in chat.rows(OutboxRow) if one.person_id == person and one.budget_day] == [
        date(2026, 11, 26)
    ]


async def test_who_has_none_is_not_asked_and_counts_nowhere(chat: worlds.World) -> None:
    objective(chat)
    old(chat)
    start(chat)
    await chat.at(THURSDAY)
    assert chat.titles("linus") == ["Time for your check-in"]
    assert {one.person_id for one in chat.rows(Ask) if one.conversation == "okr.updates"} == {chat.ask("ada").person_id}


async def test_no_change_is_one_tap_for_all_of_them(world: worlds.World) -> None:
    first = objective(world, results=[CALLS, Result("Complaints a week", "9", "3")])
    second = objective(world, title="Everybody finds the guide", results=[Result("Readers", "0", "100")])
    old(world)
    start(world)
    await world.at(THURSDAY)
    await world.press("ada", "No change", world.messages("ada")[0])
    assert "Your objectives are up to date" in world.messages("ada")[0].words
    for result in (*results_of(world, first), *results_of(world, second)):
        assert [(one.value, one.confidence) for one in updates_of(world, result)] == [(None, None)]
    assert states(world, "ada") == [("submitted", None)]
    assert [one.action for one in world.rows(AuditEvent)].count("okr.updated") == 2
    await world.press("ada", "No change", world.given("ada", _button(world)))
    assert len(updates_of(world, results_of(world, second)[0])) == 1, "a second tap is none"


def _button(world: worlds.World) -> Button:
    asked = next(one for one in world.asks("ada") if one.conversation == "okr.updates")
    return Button("No change", "okr.nothing_new", asked.id)


async def test_an_update_from_the_question_answers_it_once_all_is_said(chat: worlds.World) -> None:
    first = objective(chat)
    second = objective(chat, title="Everybody finds the guide", results=[Result("Readers", "0", "100")])
    old(chat)
    start(chat)
    await chat.at(THURSDAY)
    for of, value in ((first, "60"), (second, "30")):
        assert states(chat, "ada") == [("open", None)]
        await chat.press("ada", f"okr.update/{of}", chat.messages("ada")[0])
        await chat.submit("ada", **{field("value", results_of(chat, of)[0]): value})
    assert states(chat, "ada") == [("submitted", None)]
    assert results_of(chat, second)[0].current == Decimal(30)
    assert "Your objectives are up to date" in chat.messages("ada")[0].words


@pytest.mark.parametrize(
    ("by", "ends", "told"),
    [
        ("Ada Byron", ("submitted", None), "Your objectives are up to date"),
        ("Hana Sato", ("not_expected", "nothing_due"), "Somebody else has updated them"),
    ],
)
async def test_values_that_came_by_a_file_are_not_asked_for_and_the_history_says_by_whom(
    chat: worlds.World, tmp_path: Path, by: str, ends: tuple[str, str | None], told: str
) -> None:
    of = objective(chat)
    old(chat)
    start(chat)
    await chat.at(THURSDAY)
    database, clock = chat.app.database, chat.clock
    export_objectives(database, tmp_path / "all.csv", clock)
    wanted = {"Current": "60", "Confidence": "7", "Objective": "Customers hear from us"}
    file = saved(tmp_path, [one | wanted for one in rows_of(tmp_path / "all.csv")])
    assert "1 update noted" in import_objectives(database, file, clock, by=worlds.company.person(by).email)
    await chat.settle()
    assert states(chat, "ada") == [ends]
    assert told in chat.messages("ada")[0].words
    await chat.at(REMINDED)
    assert "Your objectives still wait for you" not in chat.seen("ada")
    await opened(chat, "ada", of)
    assert chat.told("ada").count(f"by file, {by}") == 2, "what changed, and the values"
    assert "changed it · okr.csv" in chat.told("ada")
    assert "Before: Customers hear from us the same day" in chat.told("ada")
    assert "Calls answered within an hour: 60 % · confidence 7 of 10" in chat.told("ada")


async def test_what_was_updated_by_hand_shortly_before_is_not_asked_again(chat: worlds.World) -> None:
    of = objective(chat)
    old(chat)
    start(chat)
    await chat.at("2026-11-24 11:00")
    await chat.command("ada", "/okr")
    await chat.press("ada", "Update")
    await chat.submit("ada", **{field("value", results_of(chat, of)[0]): "50"})
    await chat.at(THURSDAY)
    assert states(chat, "ada") == []
    await chat.at(NEXT)
    assert states(chat, "ada") == [("open", None)]


async def test_each_key_result_is_asked_for_on_its_own_cadence(chat: worlds.World) -> None:
    often, seldom = objective(chat), objective(chat, title="Everybody finds the guide")
    set_on(chat, results_of(chat, seldom)[0], cadence_days=28)
    old(chat)
    start(chat)
    await chat.at(THURSDAY)
    await chat.press("ada", "No change", chat.messages("ada")[0])
    await chat.at(NEXT)
    await chat.press("ada", "No change")
    assert len(updates_of(chat, results_of(chat, often)[0])) == 2
    assert len(updates_of(chat, results_of(chat, seldom)[0])) == 1
    await chat.at("2026-12-24 10:01")
    assert "Everybody finds the guide" in chat.words("ada")


async def test_the_reminder_comes_with_that_of_the_check_in_and_only_while_something_is_due(chat: worlds.World) -> None:
    of = objective(chat)
    objective(chat, "linus", title="The search is fast")
    old(chat)
    start(chat)
    await chat.at(THURSDAY)
    set_on(chat, results_of(chat, of)[0], updated_at=chat.clock.now())
    await chat.at(REMINDED)
    assert "Your objectives still wait for you" in chat.words("linus")
    assert "Your check-in is still open" in chat.words("ada")
    assert "objectives" not in chat.words("ada")
    assert states(chat, "ada") == [("not_expected", "nothing_due")]


async def test_who_looks_after_a_key_result_of_anothers_objective_is_asked_for_that_one_alone(
    chat: worlds.World,
) -> None:
    of = objective(chat, results=[CALLS, Result("Complaints a week", "9", "3")])
    calls, complaints = results_of(chat, of)
    with chat.look() as db:
        linus = chat.person(db, "linus").id
    set_on(chat, complaints, owner_id=linus)
    old(chat)
    start(chat)
    await chat.at(THURSDAY)
    assert "Customers hear from us the same day" in chat.words("linus")
    await chat.press("linus", "No change")
    assert (len(updates_of(chat, calls)), len(updates_of(chat, complaints))) == (0, 1)
    assert (states(chat, "linus"), states(chat, "ada")) == ([("submitted", None)], [("open", None)])


async def test_an_answer_of_somebody_else_leaves_nothing_to_ask(chat: worlds.World) -> None:
    of = objective(chat)
    old(chat)
    start(chat)
    await chat.at("2026-11-26 15:30")
    await chat.command("grace", "/okr", "team")
    await chat.press("grace", "Update")
    await chat.submit("grace", **{field("value", results_of(chat, of)[0]): "70"})
    assert states(chat, "ada") == [("not_expected", "nothing_due")]
    assert any("Somebody else has updated them" in one.words for one in chat.messages("ada"))


async def test_it_can_be_left_out_and_put_off_as_everything_that_is_asked(chat: worlds.World) -> None:
    objective(chat)
    old(chat)
    start(chat)
    await chat.at("2026-11-26 09:30")
    await chat.answer("ada", **WEEK)
    await chat.at(THURSDAY)
    assert chat.titles("ada")[-1] == TITLE
    await chat.press("ada", "Later today")
    assert "I'll remind you" in chat.words("ada")
    await chat.press("ada", "Skip this one")
    await chat.press("ada", "Not working")
    assert "No update of your objectives this time" in chat.words("ada")
    await chat.press("ada", "Undo")
    assert chat.titles("ada")[-1] == TITLE


async def test_a_missed_one_says_that_a_late_answer_is_welcome(chat: worlds.World) -> None:
    objective(chat)
    old(chat)
    start(chat)
    await chat.at(THURSDAY)
    await chat.at("2026-11-27 16:01")
    assert "No word on your objectives" in chat.words("ada")
    assert "Update my objectives: was due" in await chat.reply("ada", "/review")
    await chat.press("ada", "No change", chat.messages("ada")[0])
    assert states(chat, "ada") == [("submitted", None)]
