from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest
import world as worlds
from sqlalchemy import select

from bot.storage.audit import AuditEvent
from bot.storage.people import Absence
from bot.storage.programmes import Programme

WEEK = {"progress": "Shipped search", "next": "Write the guide"}
NEXT = "2026-12-03"
OPENS, REMINDS, DUE = "2026-11-26 10:00", "2026-11-27 10:00", "2026-11-27 16:00"


async def away(world: worlds.World, until: str, who: str = "ada") -> None:
    await world.command(who, "/review", "away")
    await world.submit(who, back=until)


async def test_away_until_the_next_opening_makes_the_open_ask_not_expected(world: worlds.World) -> None:
    await world.at(OPENS)
    await world.press("ada", "I'm away until…")
    assert "No reason is asked or stored." in world.open_view("ada").words
    await world.submit("ada", back=NEXT)
    assert world.titles("ada") == ["No check-in this time", "You're away until Thu 3 Dec"]
    assert (world.ask("ada").state, world.ask("ada").reason) == ("not_expected", "away")
    await world.at(REMINDS)
    await world.at(DUE)
    assert len(world.messages("ada")) == 2
    assert world.ask("ada").state == "not_expected"


async def test_away_for_the_rest_of_the_day_moves_the_prompt(world: worlds.World) -> None:
    await world.at("2026-11-26 09:30")
    await away(world, "2026-11-27")
    await world.at(OPENS)
    assert "Time for your check-in" not in world.titles("ada")
    await world.at("2026-11-27 08:59")
    assert "Time for your check-in" not in world.titles("ada")
    await world.at("2026-11-27 09:00")
    assert world.titles("ada").count("Time for your check-in") == 1
    await world.at("2026-11-27 15:59")
    assert "Your check-in is still open" not in world.titles("ada")


async def test_away_over_the_reminder_keeps_the_ask_open(chat: worlds.World) -> None:
    await chat.at(OPENS)
    await away(chat, "2026-11-27")
    assert chat.ask("ada").state == "open"
    assert "Check in: now due Mon 30 Nov, 16:00" in chat.words("ada")
    await chat.at("2026-11-26 17:00")
    await chat.at(REMINDS)
    await chat.at("2026-11-30 09:59")
    assert "Your check-in is still open" not in chat.titles("ada")
    await chat.at("2026-11-30 10:00")
    assert chat.titles("ada").count("Your check-in is still open") == 1


async def test_away_over_the_due_moves_it_by_as_many_working_days(world: worlds.World) -> None:
    await world.at(OPENS)
    await away(world, "2026-11-30")
    assert world.ask("ada").state == "open"
    await world.at(DUE)
    assert "Your check-in is still open" not in world.titles("ada")
    await world.at("2026-12-01 10:00")
    assert world.titles("ada")[-1] == "Your check-in is still open"
    await world.press("ada", "Check in")
    assert "You can change it until Tue 1 Dec, 16:00." in world.open_view("ada").words
    await world.submit("ada", **WEEK)
    assert (world.ask("ada").state, world.ask("ada").days_later) == ("submitted", 2)
    assert world.ask("ada").submitted_at < world.ask("ada").due_at


async def test_away_until_the_day_before_the_next_opening_leaves_that_day(chat: worlds.World) -> None:
    await away(chat, "2026-12-02")
    await chat.at(OPENS)
    await chat.at("2026-12-02 09:00")
    assert chat.titles("ada")[-1] == "Time for your check-in"
    await chat.at("2026-12-02 15:59")
    assert chat.ask("ada").state == "open"
    await chat.at("2026-12-02 16:00")
    assert chat.ask("ada").state == "missed"


async def test_away_before_the_opening_asks_nothing(chat: worlds.World) -> None:
    await away(chat, NEXT)
    told = len(chat.messages("ada"))
    await chat.at(OPENS)
    await chat.at(DUE)
    assert len(chat.messages("ada")) == told
    assert (chat.ask("ada").state, chat.ask("ada").reason) == ("not_expected", "no_working_time")
    await chat.at("2026-12-03 10:00")
    assert chat.titles("ada")[-1] == "Time for your check-in"


async def test_back_restores_the_open_ask_and_its_reminder(world: worlds.World) -> None:
    await world.at(OPENS)
    await world.press("ada", "I'm away until…")
    await world.submit("ada", back=NEXT)
    await world.later(hours=2)
    await world.press("ada", "I'm back")
    assert world.titles("ada") == ["Time for your check-in", "Good to have you here"]
    assert "This is open:" in world.words("ada")
    # Nobody gets less time than they were told.
    await world.at("2026-12-02 10:00")
    assert world.titles("ada")[2:] == ["Your check-in is still open"]
    await world.press("ada", "Check in", world.messages("ada")[1])
    await world.submit("ada", **WEEK)
    assert world.ask("ada").state == "submitted"


async def test_back_on_the_prompt_itself_restores_it_in_place(chat: worlds.World) -> None:
    await chat.at(OPENS)
    await chat.press("ada", "I'm away until…")
    await chat.submit("ada", back=NEXT)
    await chat.press("ada", "I'm back", chat.messages("ada")[0])
    assert chat.titles("ada")[0] == "Time for your check-in"
    assert chat.rows(Absence) == []


async def test_back_in_the_window_brings_the_prompt_that_was_never_sent(world: worlds.World) -> None:
    await away(world, "2026-11-30")
    await world.at(OPENS)
    await world.at("2026-11-26 14:00")
    await world.say("ada", "back")
    assert world.titles("ada")[-2:] == ["Good to have you here", "Time for your check-in"]
    assert world.ask("ada").state == "open"
    await world.at("2026-12-01 10:00")
    assert world.titles("ada")[-1] == "Your check-in is still open"


async def test_back_leaves_what_was_skipped_or_answered_as_it_is(chat: worlds.World) -> None:
    await chat.at(OPENS)
    await chat.press("ada", "Skip this one")
    await chat.press("ada", "Other")
    await away(chat, "2026-11-30")
    await chat.say("ada", "back")
    assert (chat.ask("ada").state, chat.ask("ada").reason) == ("not_expected", "other")


async def test_an_absence_that_is_being_taken_keeps_the_days_that_are_past(world: worlds.World) -> None:
    with world.look() as db:
        person = world.person(db, "ada").id
        db.add(
            Absence(
                person_id=person, starts_on=date(2026, 11, 20), ends_on=date(2026, 11, 27),
                created_at=world.clock.real(),
            )
        )  # fmt: skip
    await away(world, "2026-12-01")
    spans = sorted((one.starts_on, one.ends_on) for one in world.rows(Absence))
    assert spans == [(date(2026, 11, 20), date(2026, 11, 22)), (date(2026, 11, 23), date(2026, 11, 30))]
    await world.say("ada", "back")
    assert [(one.starts_on, one.ends_on) for one in world.rows(Absence)] == spans[:1]


async def test_the_same_absence_sent_twice_at_once_is_one(world: worlds.World) -> None:
    await world.command("ada", "/review", "away")
    await asyncio.gather(world.submit("ada", back="2026-11-30"), world.submit("ada", back="2026-11-30"))
    assert len(world.rows(Absence)) == 1
    assert world.titles("ada") == ["You're away until Mon 30 Nov"]
    assert [event.action for event in world.rows(AuditEvent)].count("absence.set") == 1


async def test_a_second_click_on_back_changes_nothing(world: worlds.World) -> None:
    await world.at(OPENS)
    await away(world, "2026-11-30")
    first = await world.press("ada", "I'm back")
    seen = [message.words for message in world.messages("ada")]
    await world.again(first)
    assert [message.words for message in world.messages("ada")] == seen
    assert [event.action for event in world.rows(AuditEvent)].count("absence.ended") == 1


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2026-11-23", "Please pick Tue 24 Nov or a later day."),
        ("2028-01-01", "Please pick Wed, 24 Nov 2027 or an earlier day."),
        (None, "Please answer this one"),
    ],
)
async def test_a_day_that_cannot_be_is_told_at_its_field(chat: worlds.World, day: str | None, why: str) -> None:
    await chat.command("ada", "/review", "away")
    await chat.submit("ada", back=day)
    assert why in chat.errors("ada")["back"]
    assert chat.rows(Absence) == []


async def test_my_hours_decide_when_i_am_asked(chat: worlds.World) -> None:
    await chat.command("ada", "/review", "hours")
    assert chat.typed("ada")["zone"] == "Europe/Lisbon"
    await chat.submit("ada", starts="12:00", ends="15:00")
    assert "I write to you only Mon, Tue, Wed, Thu, Fri, 12:00–15:00, Europe/Lisbon." in chat.words("ada")
    await chat.at("2026-11-26 11:59")
    assert "Time for your check-in" not in chat.titles("ada")
    await chat.at("2026-11-26 12:00")
    assert chat.titles("ada")[-1] == "Time for your check-in"


async def test_my_working_days_decide_on_which_day_i_am_asked(chat: worlds.World) -> None:
    await chat.command("ada", "/review", "hours")
    await chat.submit("ada", days=["0", "1", "4"])
    await chat.at(OPENS)
    assert "Time for your check-in" not in chat.titles("ada")
    await chat.at("2026-11-27 09:00")
    assert chat.titles("ada")[-1] == "Time for your check-in"
    assert "Tomorrow" not in chat.labels("ada")


async def test_an_opening_on_a_day_i_do_not_work_comes_when_i_do(chat: worlds.World) -> None:
    await chat.command("ada", "/review", "hours")
    await chat.submit("ada", days=["0", "1"])
    await chat.at(OPENS)
    await chat.at(DUE)
    assert chat.titles("ada") == ["Your hours are saved"]
    await chat.at("2026-11-30 09:00")
    assert chat.titles("ada")[-1] == "Time for your check-in"
    await chat.at("2026-12-01 15:59")
    assert chat.ask("ada").state == "open"
    await chat.at("2026-12-01 16:00")
    assert chat.ask("ada").state == "missed"


async def test_without_working_time_in_the_window_nothing_is_expected(chat: worlds.World) -> None:
    # Friday's last working minute lies before the question opens, and no day is lost by which it could be due later.
    await chat.command("ada", "/review", "hours")
    await chat.submit("ada", starts="00:00", ends="00:30", days=["3"])
    with chat.look() as db:
        programme = db.scalars(select(Programme)).one()
        programme.cadence = programme.cadence | {
            "due_on": 3,
            "due_at": "16:00:00",
            "remind_on": None,
            "remind_at": None,
        }
    await chat.at(OPENS)
    await chat.at("2026-11-26 16:00")
    assert chat.titles("ada") == ["Your hours are saved"]
    assert (chat.ask("ada").state, chat.ask("ada").reason) == ("not_expected", "no_working_time")


async def test_from_lisbon_to_auckland_on_wednesday_there_is_one_thursday_prompt(world: worlds.World) -> None:
    await world.at("2026-11-25 12:00")
    await world.command("ada", "/review", "hours")
    await world.submit("ada", zone="Pacific/Auckland")
    await world.at("2026-11-26 09:59", "Pacific/Auckland")
    assert "Time for your check-in" not in world.titles("ada")
    await world.at("2026-11-26 10:00", "Pacific/Auckland")
    assert world.titles("ada").count("Time for your check-in") == 1
    assert "open until Fri 27 Nov, 16:00" in world.words("ada")
    await world.at(DUE)
    assert world.titles("ada") == ["Your hours are saved", "Check-in missed"]
    assert [ask.occurrence for ask in world.asks("ada")] == [date(2026, 11, 26)]


async def test_from_auckland_to_lisbon_after_the_prompt_there_is_no_second_one(chat: worlds.World) -> None:
    await chat.command("ada", "/review", "hours")
    await chat.submit("ada", zone="Pacific/Auckland")
    await chat.at("2026-11-26 11:00", "Pacific/Auckland")
    await chat.command("ada", "/review", "hours")
    await chat.submit("ada", zone="Europe/Lisbon")
    await chat.at(OPENS)
    assert chat.titles("ada").count("Time for your check-in") == 1
    assert len(chat.asks("ada")) == 1


async def test_an_early_form_moves_with_the_person(world: worlds.World) -> None:
    await world.command("ada", "/checkin")
    await world.cancel("ada")
    await world.at("2026-11-25 12:00")
    await world.command("ada", "/review", "hours")
    await world.submit("ada", zone="Pacific/Auckland")
    await world.at("2026-11-26 10:00", "Pacific/Auckland")
    assert world.titles("ada")[-1] == "Time for your check-in"
    assert "open until Fri 27 Nov, 16:00" in world.words("ada")


async def test_the_directory_moves_those_who_chose_no_zone(slack_world: worlds.World) -> None:
    members = slack_world.desk.workspace.members
    members[slack_world.user("eve")] = replace(members[slack_world.user("eve")], tz="Asia/Kolkata", locale="de-DE")
    await slack_world.command("ada", "/review", "hours")
    await slack_world.submit("ada", zone="Europe/Berlin")
    await slack_world.app.read_directory()
    with slack_world.look() as db:
        assert (slack_world.person(db, "eve").zone, slack_world.person(db, "eve").locale) == ("Asia/Kolkata", "de-DE")
        assert slack_world.person(db, "ada").zone == "Europe/Berlin"
    await slack_world.at("2026-11-26 10:00", "Asia/Kolkata")
    assert len(slack_world.messages("eve")) == 1
    assert len(slack_world.messages("linus")) == 0


async def test_the_directory_says_the_language_also_of_who_chose_a_zone(slack_world: worlds.World) -> None:
    members = slack_world.desk.workspace.members
    for locale, kept in (("de-AT", "de-AT"), ("", "de-AT"), ("x" * 500, "de-AT"), ("fil-PH", "fil-PH")):
        members[slack_world.user("ada")] = replace(members[slack_world.user("ada")], locale=locale)
        await slack_world.command("ada", "/review", "hours")
        await slack_world.submit("ada", zone="Europe/Vienna")
        await slack_world.app.read_directory()
        with slack_world.look() as db:
            assert (slack_world.person(db, "ada").zone, slack_world.person(db, "ada").locale) == ("Europe/Vienna", kept)


@pytest.mark.parametrize(
    ("answers", "field", "why"),
    [
        ({"zone": "Lisbon"}, "zone", "I don't know this time zone. Please write it like Europe/Lisbon"),
        ({"zone": "../../etc/passwd"}, "zone", "I don't know this time zone."),
        ({"starts": "15:00", "ends": "15:00"}, "ends", "Please pick a time after 15:00."),
        ({"days": []}, "days", "Please answer this one"),
    ],
)
async def test_hours_that_cannot_be_are_told_at_their_field(
    chat: worlds.World, answers: dict[str, object], field: str, why: str
) -> None:
    await chat.command("ada", "/review", "hours")
    await chat.submit("ada", **answers)
    assert why in chat.errors("ada")[field]
    with chat.look() as db:
        assert chat.person(db, "ada").zone == "Europe/Lisbon"


async def test_hours_saved_twice_at_once_are_told_once(world: worlds.World) -> None:
    await world.command("ada", "/review", "hours")
    await asyncio.gather(world.submit("ada", starts="08:00"), world.submit("ada", starts="08:00"))
    assert world.titles("ada") == ["Your hours are saved"]


async def test_the_home_shows_what_waits_past_check_ins_and_my_working_time(world: worlds.World) -> None:
    await world.home("ada")
    assert "No question is open for you" in world.home_words("ada")
    assert "None yet. Your first one will stand here." in world.home_words("ada")
    assert "Europe/Lisbon" in world.home_words("ada")
    await world.at(OPENS)
    await world.home("ada")
    assert "Check in: open until Fri 27 Nov, 16:00" in world.home_words("ada")
    await world.press("ada", "Open", world.home_of("ada"))
    await world.submit("ada", **WEEK)
    assert "No question is open for you" in await world.home_again("ada")
    assert "Thu 26 Nov: you and your manager can read it" in world.home_words("ada")
    await world.press("ada", "Read", world.home_of("ada"))
    assert "Shipped search" in world.open_view("ada").words
    assert "Shipped" not in world.home_words("ada")


async def test_the_home_follows_what_is_done_elsewhere(world: worlds.World) -> None:
    await world.home("ada")
    await away(world, "2026-11-30")
    assert "until Mon 30 Nov" in await world.home_again("ada")
    await world.press("ada", "I'm back", world.home_of("ada"))
    assert "Good to have you here" in world.seen("ada")
    assert "until Mon 30 Nov" not in await world.home_again("ada")
    await world.command("ada", "/review", "hours")
    await world.submit("ada", starts="08:00")
    assert "08:00–17:30" in await world.home_again("ada")


async def test_a_form_for_hours_that_was_changed_elsewhere_shows_both(chat: worlds.World) -> None:
    await chat.command("ada", "/review", "hours")
    with chat.look() as db:
        chat.person(db, "ada").work_days = "0,1,2"
    await chat.submit("ada", starts="08:00")
    assert "This was changed after you opened it." in chat.open_view("ada").words
    assert "Stored: Mon, Tue, Wed" in chat.open_view("ada").words
    await chat.submit("ada")
    assert "Mon, Tue, Wed, Thu, Fri, 08:00–17:30" in chat.words("ada")


async def test_away_counts_from_my_own_day(chat: worlds.World) -> None:
    await chat.at("2026-11-24 23:30", "America/New_York")
    await away(chat, (date(2026, 11, 24) + timedelta(days=1)).isoformat(), "grace")
    assert [(one.starts_on, one.ends_on) for one in chat.rows(Absence)] == [(date(2026, 11, 24), date(2026, 11, 24))]


async def test_a_language_chosen_holds_at_once_and_in_what_is_open(world: worlds.World) -> None:
    await world.at(OPENS)
    await world.home("ada")
    await world.command("ada", "/review", "language")
    assert world.typed("ada") == {"language": "en"}
    await world.submit("ada", language="de")
    assert world.titles("ada")[-1] == "Deutsch"
    assert "Check-in" in world.titles("ada")[0]
    assert "Time for your check-in" not in world.titles("ada"), "the open question is drawn anew"
    home = await world.home_again("ada")
    assert "Dein Rapport" in home or "My preferences" not in home
    await world.command("ada", "/review", "help")
    assert "What I can do" not in world.words("ada")
    await world.at(REMINDS)
    assert "Your check-in is still open" not in world.titles("ada")


async def test_a_chosen_language_holds_against_the_directory(slack_world: worlds.World) -> None:
    await slack_world.command("ada", "/review", "language")
    await slack_world.submit("ada", language="de")
    await slack_world.app.read_directory()
    with slack_world.look() as db:
        assert (slack_world.person(db, "ada").locale, slack_world.person(db, "ada").locale_chosen) == ("de", True)
        assert slack_world.person(db, "linus").locale_chosen is False


async def test_who_reads_german_as_in_vienna_keeps_its_dates(chat: worlds.World) -> None:
    with chat.look() as db:
        chat.person(db, "ada").locale = "de-AT"
    await chat.command("ada", "/review", "language")
    assert chat.typed("ada") == {"language": "de"}
    await chat.submit("ada", language="de")
    with chat.look() as db:
        assert chat.person(db, "ada").locale == "de-AT"
        assert chat.person(db, "ada").locale_chosen is True


async def test_home_names_my_language_and_lets_me_change_it(chat: worlds.World) -> None:
    await chat.home("ada")
    assert chat.fact(chat.home_of("ada"), "Language") == "English"
    await chat.press("ada", "Language…", chat.home_of("ada"))
    assert chat.open_view("ada").title == "My language"


async def test_a_first_day_back_that_is_no_working_day_names_the_next_one(world: worlds.World) -> None:
    await world.command("ada", "/review", "away")
    await world.submit("ada", back="2026-12-05")
    assert "You're away until Sat 5 Dec" in world.words("ada")
    assert "You don't work that day: I write from Mon 7 Dec on." in world.words("ada")


async def test_my_hours_name_the_next_public_holiday(chat: worlds.World) -> None:
    await chat.command("ada", "/review", "hours")
    assert "No public holidays are known for you: HR's list names no country." in chat.open_view("ada").words
    with chat.look() as db:
        ada = chat.person(db, "ada")
        ada.country, ada.region = "DE", "BY"
    await chat.command("ada", "/review", "hours")
    told = "Public holidays are those of DE-BY; the next one is Fri 25 Dec, Christmas Day."
    assert told in chat.open_view("ada").words
    with chat.look() as db:
        chat.person(db, "ada").country = "XX"
    await chat.command("ada", "/review", "hours")
    assert "No public holidays are known for XX-BY." in chat.open_view("ada").words


async def test_hours_that_change_while_something_is_open_move_its_due(chat: worlds.World) -> None:
    await chat.at(OPENS)
    await chat.command("ada", "/review", "hours")
    await chat.submit("ada", days=["0", "1", "2", "3"])
    assert chat.ask("ada").state == "open"
    await chat.at(DUE)
    await chat.at("2026-11-30 15:59")
    assert chat.ask("ada").state == "open"
    await chat.at("2026-11-30 16:00")
    assert chat.ask("ada").state == "missed"


async def test_a_public_holiday_moves_the_prompt_and_the_due(chat: worlds.World) -> None:
    with chat.look() as db:
        chat.person(db, "ada").country = "US"
    # Thanksgiving.
    await chat.at(OPENS)
    assert "Time for your check-in" not in chat.titles("ada")
    await chat.at("2026-11-27 09:00")
    assert chat.titles("ada")[-1] == "Time for your check-in"
    assert "Mon 30 Nov" in chat.words("ada")
