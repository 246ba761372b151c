"""What comes because its time has come: prompts, reminders, ends; over zones, absences, outages and budgets."""

from __future__ import annotations

import asyncio
from datetime import date, time, timedelta

import pytest
import world as worlds
from pairs import ON_A_SERVER

from bot.cadence import Weekly
from bot.engine.act import begin
from bot.storage.asks import Ask
from bot.storage.outbox import OutboxRow
from bot.storage.people import Absence, Address
from bot.storage.programmes import Programme, Turn, next_opening
from bot.storage.receipts import Receipt

WEEK = {"progress": "Shipped search", "next": "Write the guide"}
OPENS, REMINDS, DUE, NEXT_OPENS = "2026-11-26 10:00", "2026-11-27 10:00", "2026-11-27 16:00", "2026-12-03 10:00"
PROMPT, REMINDER = "Time for your check-in", "Your check-in is still open"


def sent(world: worlds.World, who: str, title: str) -> int:
    return world.titles(who).count(title)


@pytest.mark.parametrize(
    ("who", "zone"), [("ada", "Europe/Lisbon"), ("linus", "Europe/Berlin"), ("grace", "America/New_York")]
)
async def test_everyone_is_asked_at_ten_on_their_own_wall(world: worlds.World, who: str, zone: str) -> None:
    await world.at("2026-11-26 09:59", zone)
    assert world.messages(who) == []
    await world.at("2026-11-26 10:00", zone)
    assert world.titles(who) == [PROMPT]
    assert "Fri 27 Nov, 16:00" in world.words(who)


@pytest.mark.parametrize(
    ("zone", "thursday"),
    [
        ("Europe/Lisbon", "2027-04-01"),  # the first Thursday of summer time
        ("Europe/Lisbon", "2027-11-04"),  # the first Thursday of winter time
        ("America/New_York", "2027-03-18"),
        ("Asia/Kolkata", "2027-04-01"),
        ("Australia/Lord_Howe", "2027-10-07"),
    ],
)
async def test_a_clock_change_keeps_ten_o_clock(chat: worlds.World, zone: str, thursday: str) -> None:
    with chat.look() as db:
        ada = chat.person(db, "ada")
        ada.zone, ada.zone_chosen = zone, True
        db.query(Turn).filter_by(person_id=ada.id).one().zone = zone
    week_before = (date.fromisoformat(thursday) - timedelta(days=7)).isoformat()
    await chat.at(f"{week_before} 11:00", zone)
    # Monday's own month, where this is the first week of one.
    await chat.at(f"{date.fromisoformat(thursday) - timedelta(days=3)} 12:00", zone)
    await chat.at(f"{thursday} 09:59", zone)
    before = len(chat.messages("ada"))
    await chat.at(f"{thursday} 10:00", zone)
    assert len(chat.messages("ada")) == before + 1
    assert chat.titles("ada")[-1] == PROMPT


async def test_one_reminder_on_friday_at_ten(world: worlds.World) -> None:
    await world.at(OPENS)
    await world.at("2026-11-27 09:59")
    assert world.titles("ada") == [PROMPT]
    await world.at(REMINDS)
    assert world.titles("ada") == [PROMPT, REMINDER]
    assert world.labels("ada") == ["Check in", "Later today", "Skip this one", "I'm away until…"]
    await world.at("2026-11-27 15:59")
    assert world.titles("ada") == [PROMPT, REMINDER]
    await world.at(DUE)
    assert world.titles("ada") == ["Check-in missed"] * 2
    assert world.ask("ada").state == "missed"


async def test_an_answer_stops_the_reminder_and_draws_all_its_messages(world: worlds.World) -> None:
    await world.at(OPENS)
    await world.answer("ada", **WEEK)
    await world.at(REMINDS)
    assert world.titles("ada") == ["Your check-in is stored"]
    assert world.titles("linus") == [PROMPT, REMINDER]
    await world.press("linus", "Check in")
    await world.submit("linus", **WEEK)
    assert world.titles("linus") == ["Your check-in is stored"] * 2


async def test_ticks_that_meet_ask_once(world: worlds.World) -> None:
    world.clock.advance(timedelta(days=3, hours=3))
    await asyncio.gather(*(world.app.tick() for _ in range(4)))
    await world.settle()
    assert sent(world, "ada", PROMPT) == 1
    assert len(world.asks("ada")) == 1


async def test_an_outage_over_the_opening_asks_once_and_late(world: worlds.World) -> None:
    await world.at("2026-11-26 15:20")
    assert world.titles("ada") == [PROMPT]
    await world.at(REMINDS)
    assert world.titles("ada") == [PROMPT, REMINDER]


async def test_a_prompt_on_friday_is_followed_by_no_reminder(chat: worlds.World) -> None:
    await chat.at("2026-11-27 11:00")
    await chat.at("2026-11-27 15:59")
    assert chat.titles("ada") == [PROMPT]


async def test_an_outage_over_the_whole_window_asks_nothing(world: worlds.World) -> None:
    await world.at("2026-11-28 12:00")
    await world.at("2026-11-30 12:00")
    assert world.messages("ada") == []
    assert (world.ask("ada").state, world.ask("ada").reason) == ("not_expected", "not_asked")
    await world.at(NEXT_OPENS)
    assert world.titles("ada") == [PROMPT]


async def test_an_outage_until_after_the_last_working_hour_leaves_it_open_and_unasked(chat: worlds.World) -> None:
    with chat.look() as db:
        chat.person(db, "ada").day_ends = chat.person(db, "ada").day_ends.replace(hour=12, minute=0)
    await chat.at("2026-11-27 13:00")
    assert chat.messages("ada") == []
    assert chat.ask("ada").state == "open"
    await chat.at(DUE)
    assert (chat.ask("ada").state, chat.ask("ada").reason) == ("not_expected", "not_asked")


async def test_an_outage_of_a_month_asks_only_for_the_week_that_is_open(world: worlds.World) -> None:
    await world.at(OPENS)
    await world.at("2026-12-24 12:00")
    assert world.titles("ada") == ["This check-in is closed", PROMPT]
    assert [ask.state for ask in world.asks("ada")] == ["closed", "open"]


async def test_an_outage_from_the_reminder_on_reminds_of_nothing_that_is_due(world: worlds.World) -> None:
    await world.at(OPENS)
    world.clock.advance(timedelta(days=4))
    await world.settle()
    assert world.titles("ada") == ["Check-in missed"]


async def test_what_the_platform_never_took_was_not_asked(world: worlds.World) -> None:
    world.clock.advance(timedelta(days=3, hours=3))
    await world.app.tick()
    await world.app.tick()
    world.clock.advance(timedelta(days=1, hours=8))
    await world.settle()
    assert world.messages("ada") == []
    assert (world.ask("ada").state, world.ask("ada").reason) == ("not_expected", "not_asked")
    with world.look() as db:
        sends = db.query(OutboxRow).filter_by(person_id=world.person(db, "ada").id, kind="send")
        assert [row.state for row in sends] == ["cancelled"]


async def test_a_public_holiday_moves_the_prompt_to_the_next_working_day(chat: worlds.World) -> None:
    with chat.look() as db:
        chat.person(db, "grace").country = "US"
    await chat.at("2026-11-26 10:00", "America/New_York")
    await chat.at("2026-11-26 17:00", "America/New_York")
    assert chat.messages("grace") == []
    await chat.at("2026-11-27 09:00", "America/New_York")
    assert chat.titles("grace") == [PROMPT]


async def test_an_absence_that_was_imported_makes_the_week_not_expected(chat: worlds.World) -> None:
    with chat.look() as db:
        ada = chat.person(db, "ada").id
        db.add(
            Absence(
                person_id=ada, starts_on=date(2026, 11, 26), ends_on=date(2026, 12, 2), created_at=chat.clock.real()
            )
        )  # fmt: skip
    await chat.at(OPENS)
    await chat.at(DUE)
    assert chat.messages("ada") == []
    assert chat.ask("ada").state == "not_expected"


async def test_who_has_no_account_is_asked_once_there_is_one(slack_world: worlds.World) -> None:
    with slack_world.look() as db:
        theirs = db.query(Address).filter_by(person_id=slack_world.person(db, "ada").id).one()
        theirs.reachable = False
    await slack_world.at(OPENS)
    await slack_world.at("2026-11-26 13:00")
    assert slack_world.messages("ada") == []
    assert slack_world.ask("ada").state == "open"
    await slack_world.app.read_directory()
    await slack_world.later(hours=1)
    assert slack_world.titles("ada") == [PROMPT]


async def test_who_was_never_asked_was_not_expected_even_if_the_next_one_opens_first(world: worlds.World) -> None:
    with world.look() as db:
        theirs = db.query(Address).filter_by(person_id=world.person(db, "ada").id).one()
        theirs.reachable = False
    await world.at(OPENS)
    await world.at(NEXT_OPENS)
    assert [(ask.state, ask.reason) for ask in world.asks("ada")] == [("not_expected", "not_asked"), ("open", None)]
    assert world.asks("ada")[0].closed_at is not None


async def test_who_never_had_an_account_was_not_expected(chat: worlds.World) -> None:
    with chat.look() as db:
        db.delete(db.query(Address).filter_by(person_id=chat.person(db, "ada").id).one())
    await chat.at(OPENS)
    await chat.at(DUE)
    assert (chat.ask("ada").state, chat.ask("ada").reason) == ("not_expected", "not_asked")


async def test_who_has_left_is_asked_no_more(chat: worlds.World) -> None:
    with chat.look() as db:
        chat.person(db, "ada").status = "left"
    await chat.at(OPENS)
    assert chat.messages("ada") == []
    assert chat.asks("ada") == []


async def test_nobody_is_reminded_on_a_day_off(chat: worlds.World) -> None:
    with chat.look() as db:
        chat.person(db, "ada").work_days = "0,1,2,3"
    await chat.at(OPENS)
    assert chat.labels("ada") == ["Check in", "Later today", "Skip this one", "I'm away until…"]
    await chat.at(REMINDS)
    await chat.at("2026-11-27 15:59")
    assert chat.titles("ada") == [PROMPT]


async def test_outside_the_send_window_the_prompt_waits_for_it(chat: worlds.World) -> None:
    with chat.look() as db:
        person = chat.person(db, "ada")
        person.day_starts = person.day_starts.replace(hour=11, minute=30)
    await chat.at("2026-11-26 11:29")
    assert chat.messages("ada") == []
    await chat.at("2026-11-26 11:30")
    assert chat.titles("ada") == [PROMPT]


def second_programme(world: worlds.World, who: str, on: int) -> None:
    """The same questions on another weekday, due and reminded of on the day after."""
    cadence = Weekly(on=on, at=time(10), due_on=on + 1, due_at=time(16), remind_on=on + 1, remind_at=time(10))
    with world.look() as db:
        person, first = world.person(db, who), db.query(Programme).one()
        made = Programme(
            conversation="checkin", question_set_id=first.question_set_id, cadence=cadence.dump(),
            started_at=world.clock.now(), created_at=world.clock.real(),
        )  # fmt: skip
        db.add(made)
        db.flush()
        opens = next_opening(cadence, world.clock.now(), person.zone)
        db.add(Turn(programme_id=made.id, person_id=person.id, zone=person.zone, next_due_at=opens))


async def test_two_programmes_that_ask_the_same_at_once_ask_once(world: worlds.World) -> None:
    oldest = world.rows(Programme)[0].id
    second_programme(world, "ada", 3)
    await world.at(OPENS)
    assert world.titles("ada") == [PROMPT]
    [ask] = world.asks("ada")
    assert ask.programme_id == oldest


async def test_two_programmes_keep_the_budget_of_a_day_and_a_week(world: worlds.World) -> None:
    second_programme(world, "ada", 0)
    for day in ("2026-11-30", "2026-12-01", "2026-12-02", "2026-12-03", "2026-12-04"):
        await world.at(f"{day} 10:00")
        await world.at(f"{day} 17:00")
    with world.look() as db:
        nudges = db.query(OutboxRow).filter_by(person_id=world.person(db, "ada").id, purpose="nudge", state="done")
        days = sorted(row.budget_day for row in nudges if row.budget_day and row.budget_day >= date(2026, 11, 30))
    assert days == [date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 3)]


@pytest.mark.parametrize("pair", ON_A_SERVER, ids="-".join)
async def test_an_ask_that_is_being_answered_does_not_end_meanwhile(world: worlds.World) -> None:
    await world.at(OPENS)
    ask, who = world.ask("ada"), world.account("ada")
    world.clock.advance(world.until(DUE))
    with world.look() as db:
        act = begin(db, world.app.engine.house, who)
        assert act is not None
        assert act.context((str(ask.id),)).asked is not None
        await world.app.run(world.app.engine.asking.end)
        assert {one.state for one in world.asks_in(db, "linus")} == {"missed"}
        db.rollback()
    assert world.ask("ada").state == "open"
    await world.settle()
    assert world.ask("ada").state == "missed"


@pytest.mark.parametrize("pair", ON_A_SERVER, ids="-".join)
async def test_an_early_answer_that_comes_with_the_opening_is_not_written_over(world: worlds.World) -> None:
    await world.command("ada", "/checkin")
    early = world.ask("ada")
    world.clock.advance(world.until(OPENS))
    with world.look() as db:
        ask = db.get_one(Ask, early.id, with_for_update=True)
        opening = asyncio.create_task(world.app.run(world.app.engine.asking.plan))
        # Long enough for it to have read the ask and to wait for its lock.
        await asyncio.sleep(0.3)
        ask.state = "submitted"
    await opening
    await world.settle()
    assert world.ask("ada").state == "submitted"
    assert world.messages("ada") == []


async def test_a_missed_week_says_nothing_until_the_next_opening(chat: worlds.World) -> None:
    await chat.at(OPENS)
    await chat.at(DUE)
    count = len(chat.messages("ada"))
    for hours in (20, 24, 24, 24):
        await chat.later(hours=hours)
    assert len(chat.messages("ada")) == count


async def test_receipts_are_kept_for_seven_days(world: worlds.World) -> None:
    await world.say("ada", "help")
    assert len(world.rows(Receipt)) == 1
    await world.app.run(world.app.engine.sweep)
    await world.settle()
    assert len(world.rows(Receipt)) == 1
    with world.look() as db:
        for one in db.query(Receipt):
            one.at -= timedelta(days=7, seconds=1)
    # Once a day.
    await world.later(days=1)
    await world.app.run(world.app.engine.sweep)
    await world.settle()
    assert world.rows(Receipt) == []


async def test_the_ask_keeps_the_manager_and_department_of_its_opening(world: worlds.World) -> None:
    await world.at(OPENS)
    with world.look() as db:
        ask = db.get_one(Ask, world.asks_in(db, "ada")[-1].id)
        assert ask.manager_id == world.person(db, "grace").id
        assert ask.department_id is not None
