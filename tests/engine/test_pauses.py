"""A pause: nothing is asked or reminded, due times move by the same working days, and nothing comes twice after it."""

from __future__ import annotations

from datetime import datetime

import pytest
import sqlalchemy as sa
import world as worlds

from bot.clock import to_local
from bot.messages import Button
from bot.storage.audit import AuditEvent
from bot.storage.pauses import Pause, paused_people
from bot.storage.people import Absence
from bot.storage.programmes import Programme, Turn

PROMPT, REMINDER = "Time for your check-in", "Your check-in is still open"
PAUSED = "HR has paused Rapport until"
# Thursday afternoon: the week's check-in is open since 10:00.
OPEN = "2026-11-26 15:00"


async def pause(world: worlds.World, until: str, *of: object) -> None:
    await world.press("hana", "Pause", world.given("hana", Button("Pause", "programmes.pause", *of)))
    await world.submit("hana", back=until)


async def resume(world: worlds.World, *of: object) -> None:
    await world.press("hana", "Resume", world.given("hana", Button("Resume", "programmes.resume", *of)))


def due(world: worlds.World, who: str = "ada") -> datetime:
    ask = world.ask(who)
    return to_local(ask.due_at, ask.zone)


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


def count(world: worlds.World, who: str, words: str) -> int:
    return sum(title.startswith(words) for title in world.titles(who))


def posted(world: worlds.World, who: str) -> int:
    return len(world.messages(who))


async def test_nobody_is_asked_in_it_and_everybody_after_it(world: worlds.World) -> None:
    await pause(world, "2026-12-02")
    await world.at("2026-12-01 17:00")
    assert all(world.messages(who) == [] for who in ("ada", "grace", "linus"))
    assert world.asks("ada") == []
    await world.at("2026-12-03 10:00")
    assert world.titles("ada") == [PROMPT]


async def test_an_opening_on_the_day_it_ends_is_kept(world: worlds.World) -> None:
    await pause(world, "2026-12-03")
    await world.at("2026-12-03 09:59")
    assert world.messages("ada") == []
    await world.at("2026-12-03 10:00")
    assert world.titles("ada") == [PROMPT]


async def test_due_times_move_by_the_working_days_of_the_pause(world: worlds.World) -> None:
    await world.at(OPEN)
    await pause(world, "2026-12-01")
    # Friday, Monday and Tuesday are the working days after today: Friday 16:00 becomes Wednesday 16:00.
    assert due(world) == wall("2026-12-02 16:00")
    assert "Wed 2 Dec, 16:00" in world.messages("ada")[0].words


async def test_nothing_becomes_due_on_a_day_of_absence(world: worlds.World) -> None:
    await world.at(OPEN)
    with world.look() as db:
        ada = world.person(db, "ada")
        first = wall("2026-12-02").date()
        db.add(Absence(person_id=ada.id, starts_on=first, ends_on=first, created_at=world.clock.now()))
    await pause(world, "2026-12-01")
    assert due(world) == wall("2026-12-03 16:00")
    assert due(world, "linus") == wall("2026-12-02 16:00")


async def test_the_reminder_comes_after_it_once(world: worlds.World) -> None:
    await world.at(OPEN)
    await pause(world, "2026-12-01")
    await world.at("2026-12-01 08:59")
    assert count(world, "ada", REMINDER) == 0
    await world.at("2026-12-02 15:00")
    assert count(world, "ada", REMINDER) == 1
    await world.at("2026-12-02 16:00")
    assert world.ask("ada").state == "missed"
    await world.at("2026-12-03 10:00")
    assert count(world, "ada", PROMPT) == 1


async def test_who_has_something_open_is_told_once_and_nobody_else(world: worlds.World) -> None:
    await world.at("2026-11-26 15:30")
    await world.answer("linus", progress="Shipped search", next="Write the guide")
    await pause(world, "2026-12-01")
    assert count(world, "ada", PAUSED) == 1
    assert f"{PAUSED} Tue 1 Dec" in world.words("ada")
    assert count(world, "linus", PAUSED) == 0
    await pause(world, "2026-12-02")
    assert count(world, "ada", PAUSED) == 1
    assert f"{PAUSED} Wed 2 Dec" in world.words("ada")
    assert due(world) == wall("2026-12-03 16:00")


async def test_resumed_early_nobody_has_less_time_and_nothing_is_sent_twice(world: worlds.World) -> None:
    await world.at(OPEN)
    before = posted(world, "ada")
    await pause(world, "2026-12-01")
    assert "stay where the pause has moved them" not in world.words("hana")
    await world.later(hours=1)
    await resume(world)
    assert "Due times stay where the pause has moved them" in world.words("hana")
    assert due(world) == wall("2026-12-02 16:00")
    await world.at("2026-12-02 10:00")
    assert count(world, "ada", PROMPT) == 1
    assert count(world, "ada", REMINDER) == 1
    assert posted(world, "ada") == before + 2
    await world.at("2026-12-03 10:00")
    assert world.titles("ada")[-1] == PROMPT
    assert [ask.state for ask in world.asks("ada")] == ["closed", "open"]


async def test_resumed_early_an_open_prompt_ends_with_the_next_opening_and_says_so(world: worlds.World) -> None:
    await world.at(OPEN)
    await pause(world, "2026-12-15")
    assert "open until Wed 16 Dec, 16:00" in world.messages("ada")[0].words
    await world.at("2026-12-01 12:00")
    await resume(world)
    assert due(world) == wall("2026-12-16 16:00")
    assert "open until Thu 3 Dec, 10:00" in world.messages("ada")[0].words
    await world.at("2026-12-03 10:00")
    first, second = world.asks("ada")
    assert (first.state, first.reason) == ("not_expected", "paused")
    assert due(world) == wall("2026-12-04 16:00")
    assert second.state == "open"


async def test_what_was_told_of_a_pause_does_not_stand_beside_its_end(world: worlds.World) -> None:
    await world.at(OPEN)
    await pause(world, "2026-12-01")
    assert count(world, "ada", PAUSED) == 1
    await resume(world)
    assert count(world, "ada", PAUSED) == 0
    assert world.words("ada").startswith("HR has ended the pause")


async def test_who_has_not_read_of_a_pause_is_not_told_of_its_end(world: worlds.World) -> None:
    await world.at("2026-11-26 19:00", "Europe/Berlin")
    await pause(world, "2026-12-01")
    await resume(world)
    await world.at("2026-11-27 12:00")
    assert count(world, "linus", PAUSED) == count(world, "linus", "HR has ended") == 0


async def test_who_has_answered_may_edit_as_long_as_it_can_be_answered(world: worlds.World) -> None:
    await world.at("2026-11-26 15:30")
    await world.answer("linus", progress="Shipped search", next="Write the guide")
    await pause(world, "2026-12-01")
    assert "You can edit it until Wed 2 Dec, 16:00" in world.words("linus")
    await world.at("2026-12-02 12:00")
    await world.press("linus", "Edit")
    await world.submit("linus", progress="Shipped search and tests")
    assert world.view("linus") is None


async def test_what_was_put_off_by_an_absence_is_not_pulled_before_it(world: worlds.World) -> None:
    await world.at(OPEN)
    await pause(world, "2026-12-15")
    with world.look() as db:
        ada = world.person(db, "ada")
        first, last = wall("2026-12-07").date(), wall("2026-12-11").date()
        db.add(Absence(person_id=ada.id, starts_on=first, ends_on=last, created_at=world.clock.now()))
    await world.at("2026-12-09 12:00")
    await resume(world)
    assert due(world) == wall("2026-12-16 16:00")


async def test_an_opening_that_fell_into_it_is_not_made_up_for(world: worlds.World) -> None:
    await pause(world, "2026-12-04")
    await world.at("2026-11-27 11:00")
    await resume(world)
    await world.at("2026-12-02 17:00")
    assert world.asks("ada") == []
    await world.at("2026-12-03 10:00")
    assert world.titles("ada") == [PROMPT]


async def test_resumed_before_the_opening_it_comes_as_planned(world: worlds.World) -> None:
    await pause(world, "2026-12-04")
    await world.at("2026-11-26 08:00")
    await resume(world)
    await world.at("2026-11-26 10:00")
    assert world.titles("ada") == [PROMPT]


async def test_what_it_moved_past_the_next_opening_is_not_expected(world: worlds.World) -> None:
    await world.at(OPEN)
    await pause(world, "2026-12-03")
    assert due(world) == wall("2026-12-04 16:00")
    await world.at("2026-12-03 10:00")
    first, second = world.asks("ada")
    assert (first.state, first.reason) == ("not_expected", "paused")
    assert second.state == "open"


async def test_an_answer_in_it_is_welcome(world: worlds.World) -> None:
    await world.at(OPEN)
    await pause(world, "2026-12-01")
    await world.answer("ada", progress="Shipped search", next="Write the guide")
    assert world.ask("ada").state == "submitted"
    await world.at("2026-12-02 17:00")
    assert count(world, "ada", REMINDER) == 0


async def test_a_prompt_that_waited_for_its_hours_waits_for_the_end(world: worlds.World) -> None:
    with world.look() as db:
        ada = world.person(db, "ada")
        ada.day_starts = ada.day_starts.replace(hour=16)
    await world.at(OPEN)
    await pause(world, "2026-11-30")
    await world.at("2026-11-26 17:00")
    assert world.messages("ada") == []
    await world.at("2026-11-30 16:00")
    assert world.titles("ada") == [PROMPT]


async def test_one_programme_is_paused_by_itself(world: worlds.World) -> None:
    [programme] = world.rows(Programme)
    await world.at(OPEN)
    await pause(world, "2026-12-01", programme.id)
    assert "Check in for everyone is paused until Tue 1 Dec" in world.titles("hana")
    assert due(world) == wall("2026-12-02 16:00")
    assert world.titles("ada")[-1] == 'HR has paused "Check in" until Tue 1 Dec'
    await pause(world, "2026-12-02")
    assert due(world) == wall("2026-12-03 16:00")
    await resume(world, programme.id)
    assert due(world) == wall("2026-12-03 16:00")
    await resume(world)
    assert due(world) == wall("2026-12-03 16:00")


async def test_each_zone_goes_on_in_its_own_morning(world: worlds.World) -> None:
    await pause(world, "2026-12-01")
    with world.look() as db:
        people = [world.person(db, who) for who in ("ada", "grace", "linus")]
        assert len(paused_people(db, people, world.clock.now())) == 3
    await world.at("2026-12-01 00:30", "Europe/Berlin")
    with world.look() as db:
        linus, grace = (world.person(db, who) for who in ("linus", "grace"))
        assert paused_people(db, [linus, grace], world.clock.now()) == {grace.id}


async def test_paused_and_resumed_twice_it_is_done_once(world: worlds.World) -> None:
    await world.at(OPEN)
    await pause(world, "2026-12-01")
    await world.redeliver(world.exchanges[-1])
    assert due(world) == wall("2026-12-02 16:00")
    await resume(world)
    await resume(world)
    assert world.words("hana").startswith("No pause")
    assert due(world) == wall("2026-12-02 16:00")
    with world.look() as db:
        rows = db.scalars(sa.select(AuditEvent.action).where(AuditEvent.action.like("pause.%")))
        assert list(rows) == ["pause.started", "pause.ended"]


async def test_a_day_that_has_begun_is_no_end(chat: worlds.World) -> None:
    await chat.press("hana", "Pause", chat.given("hana", Button("Pause", "programmes.pause")))
    await chat.submit("hana", back="2026-11-23")
    assert "back" in chat.errors("hana")
    assert chat.rows(Pause) == []


@pytest.mark.parametrize("size", [1, 2])
async def test_many_people_are_moved_in_pieces(world: worlds.World, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.handlers.programmes.moving.BATCH", size)
    await world.at("2026-11-26 16:00")
    await world.at("2026-11-26 11:00", "America/New_York")
    await pause(world, "2026-12-01")
    for who in ("ada", "linus", "grace", "eve"):
        assert due(world, who) == wall("2026-12-02 16:00")
    turns = {turn.id: turn.next_due_at for turn in world.rows(Turn)}
    await resume(world)
    for who in ("ada", "linus", "grace", "eve"):
        assert due(world, who) == wall("2026-12-02 16:00")
    assert {turn.id: turn.next_due_at for turn in world.rows(Turn)} == turns


async def test_resumed_the_notices_are_drawn_anew_piece_by_piece(
    world: worlds.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.handlers.programmes.moving.BATCH", 1)
    await world.at(OPEN)
    await pause(world, "2026-12-01")
    told = [who for who in ("ada", "grace", "linus") if count(world, who, PAUSED)]
    assert len(told) > 1
    await resume(world)
    await world.later(hours=1)
    assert [count(world, who, "HR has ended the pause") for who in told] == [1] * len(told)
