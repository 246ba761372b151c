"""The question about objectives as a programme: it has no question set, and says what it asks all the same."""

from __future__ import annotations

from datetime import date

import pytest
import world as worlds
from goals import objective
from sqlalchemy import delete

from bot import commands
from bot.commands.planning import show_programmes
from bot.storage.contacts import FirstContact, plan_contacts
from bot.storage.policy import turn
from bot.storage.programmes import Programme, Turn

FORTNIGHT = {
    "whom": "everyone", "every": "fortnight", "on": "3", "at": "10:00", "due_on": "4", "due_at": "16:00",
    "remind_on": "4", "remind_at": "10:00", "what": "okr.updates",
}  # fmt: skip


@pytest.fixture
def introduced(request: pytest.FixtureRequest) -> bool:
    return "news_to_me" not in request.fixturenames


@pytest.fixture
def news_to_me() -> None:
    """For tests in which nobody had a first contact yet."""


def running(world: worlds.World) -> Programme:
    [found] = [one for one in world.rows(Programme) if one.conversation == "okr.updates"]
    return found


async def test_what_is_picked_brings_its_own_rhythm_and_a_typed_one_stays(chat: worlds.World) -> None:
    await chat.command("hana", "/review", "programmes")
    await chat.press("hana", "New…")
    await chat.choose("hana", what="okr.updates")
    await chat.submit_asked("hana", whom="everyone", what="okr.updates", at="11:00")
    rhythm = running(chat).cadence
    assert (rhythm["every"], rhythm["on"], rhythm["at"]) == (2, 3, "11:00:00")


async def test_hr_plans_tries_and_starts_it_in_the_chat(chat: worlds.World) -> None:
    objective(chat, "hana", title="Everybody finds the guide")
    await chat.command("hana", "/review", "programmes")
    await chat.press("hana", "New…")
    await chat.choose("hana", every="fortnight")
    await chat.submit_asked("hana", **FORTNIGHT)
    assert running(chat).question_set_id is None
    assert "Update my objectives, draft for everyone" in chat.words("hana")
    assert chat.fact(chat.last("hana"), "Questions") == "Update my objectives"
    await chat.press("hana", "Try it on me")
    assert "Trial: How do your objectives stand?" in chat.words("hana")
    assert chat.labels("hana") == ["Delete my trial", "To the programme"]
    await chat.press("hana", "To the programme")
    await chat.press("hana", "Preview list")
    assert "Everybody gets: Update my objectives." in chat.words("hana")
    await chat.press("hana", "To the programme")
    await chat.press("hana", "Start for everyone (5)")
    assert running(chat).started_at is not None
    await chat.press("hana", "Change…")
    await chat.submit_asked("hana", **{**FORTNIGHT, "at": "11:00"})
    assert (running(chat).version, running(chat).question_set_id) == (2, None)


async def test_the_command_line_starts_it_and_counts_its_weeks_from_then(chat: worlds.World) -> None:
    assert commands.start_programme(chat.app.database, chat.clock, "okr.updates", "").startswith("okr.updates starts")
    assert running(chat).cadence["anchor"] == "2026-11-23"
    assert {one.next_due_at.date() for one in chat.rows(Turn) if one.programme_id == running(chat).id} == {
        date(2026, 11, 26)
    }
    told = show_programmes(chat.app.database, chat.clock)
    assert "ask: okr.updates" in told
    assert "every: two weeks" in told


async def test_who_is_asked_nothing_else_reads_in_the_first_contact_what_it_is(
    chat: worlds.World, news_to_me: None
) -> None:
    with chat.look() as db:
        for one in db.query(Programme):
            one.stopped_at = chat.clock.now()
    commands.start_programme(chat.app.database, chat.clock, "okr.updates", "", introduced=True)
    await contacted(chat)
    words = chat.words("ada")
    assert "every 2 weeks I ask how yours stand" in words
    assert "Your own are for you, your team, your managers up the line, and HR." in words
    assert "check-in" not in words.partition("How your data are used")[0]


async def test_where_goals_are_off_its_first_contact_waits(chat: worlds.World, news_to_me: None) -> None:
    commands.start_programme(chat.app.database, chat.clock, "okr.updates", "", introduced=True)
    with chat.look() as db:
        turn(db, "goals", "", "off", chat.clock.now(), chat.clock.real(), by=None)
    await contacted(chat)
    assert chat.messages("ada") == []


async def contacted(world: worlds.World) -> None:
    with world.look() as db:
        db.execute(delete(FirstContact))
        programme = db.query(Programme).filter_by(conversation="okr.updates").one()
        plan_contacts(db, [world.person(db, "ada").id], programme.id, {}, world.clock.now())
        for row in db.query(FirstContact):
            row.due_at = world.clock.now()
    await world.at("2026-11-23 15:00")
