"""A change of manager, and the history that an employee opens to the new one."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import world as worlds
from sqlalchemy import select

from bot import commands
from bot.messages import Button
from bot.storage.audit import AuditEvent
from bot.storage.blockers import Blocker
from bot.storage.checkin import CheckIn
from bot.storage.comments import AgendaItem
from bot.storage.lines import lead
from bot.storage.manager_changes import Moved, all_changed, change_manager
from bot.storage.people import Person, ReportingLine
from bot.storage.sharing import HistoryShare, ManagerChange
from desk import company

WEEK = {"progress": "Shipped search", "next": "Write the guide"}
# Thursday afternoon in Lisbon is Thursday morning in New York: Ada, Grace and Eve all work.
BOTH_WORK = "2026-11-26 15:00"
NOW_EVE = "Your manager here is now Eve Moreau"


async def moves(world: worlds.World, who: str, to: str) -> None:
    """As a list of people brings it."""
    with world.look() as db:
        person = world.person(db, who)
        change_manager(db, person, world.person(db, to).id if to else None, world.clock.now(), world.clock.real())
    await world.settle()


async def moved(world: worlds.World, **answers: object) -> str:
    """Ada sent a check-in to Grace, and now works for Eve; returns the id of the check-in."""
    await world.at(BOTH_WORK)
    if answers:
        await world.command("ada", "/checkin")
        await world.choose("ada", blocked=True)
        await world.submit("ada", **WEEK, **answers)
    else:
        await world.answer("ada", **WEEK)
    await moves(world, "ada", "eve")
    return str(world.rows(CheckIn)[0].id)


async def shared(world: worlds.World, **answers: object) -> None:
    await world.press("ada", "Share my history…", message(world, "ada", NOW_EVE))
    await world.submit("ada", **({"what": "all"} | answers))


def message(world: worlds.World, who: str, title: str) -> Any:
    return next(one for one in reversed(world.messages(who)) if one.words.startswith(title))


def dialog(world: worlds.World, who: str) -> str:
    return str(world.open_view(who).words)


def actions(world: worlds.World, *names: str) -> list[str]:
    return [row.action for row in sorted(world.rows(AuditEvent), key=lambda row: row.seq) if row.action in names]


async def tries(world: worlds.World, who: str, checkin: str) -> str:
    """Presses a Read button of their own, whatever comes of it."""
    await world.read(who, checkin)
    return dialog(world, who)


async def test_the_employee_and_both_managers_hear_of_it_that_day(world: worlds.World) -> None:
    await moved(world)
    assert f"{NOW_EVE}\nEve Moreau reads what you send from today on." in world.words("ada")
    assert world.labels("ada") == ["Share my history…", "Not my manager"]
    assert world.words("eve").startswith("Ada Byron now reports to you")
    assert "If Ada Byron shares their history with you, I'll tell you." in world.words("eve")
    assert world.words("grace").startswith("Ada Byron is not with you any more")
    assert actions(world, "line.changed") == ["line.changed"]


async def test_the_new_manager_reads_nothing_of_before_and_the_earlier_one_nothing_new(world: worlds.World) -> None:
    checkin = await moved(world)
    assert "This is not yours to read" in await tries(world, "eve", checkin)
    assert "Ada Byron, who can share their history." in dialog(world, "eve")
    assert "Shipped search" in await tries(world, "grace", checkin)
    await world.at("2026-12-03 15:00")
    await world.answer("ada", progress="Second week", next="More")
    newest = str(max(world.rows(CheckIn), key=lambda one: one.occurrence).id)
    assert "This is not yours to read" in await tries(world, "grace", newest)
    assert "Second week" in await tries(world, "eve", newest)


async def test_an_edit_names_whom_it_was_sent_to(chat: worlds.World) -> None:
    await moved(chat)
    await chat.command("ada", "/checkin")
    assert "Grace Murray" in dialog(chat, "ada")
    assert "Eve" not in dialog(chat, "ada")
    await chat.submit("ada", progress="Shipped it all")
    [sent] = chat.rows(CheckIn)
    assert "Shipped it all" in await tries(chat, "grace", str(sent.id))


async def test_what_is_shared_is_read_and_the_author_sees_each_opening(world: worlds.World) -> None:
    checkin = await moved(world, blocker="CI is red", mood="2", share_mood=True)
    await shared(world)
    assert world.words("ada").startswith("You share your history with Eve Moreau")
    assert world.words("eve").startswith("Ada Byron shares their history with you")
    await world.press("eve", "See them")
    assert "The history of Ada Byron" in world.words("eve")
    assert "Check-in of Thu 26 Nov" in world.words("eve")
    await world.press("eve", "Read")
    assert "Shipped search" in dialog(world, "eve")
    assert "2 ·" in dialog(world, "eve")
    assert "Ada Byron shares this with you, and sees that you have opened it." in dialog(world, "eve")
    assert "Comment…" not in world.labels("eve", world.open_view("eve"))
    await world.press(
        "ada", "Who opened this", world.given("ada", Button("Who opened this", "asks.opened", ask(world)))
    )
    assert "Eve Moreau, with whom you share your history" in dialog(world, "ada")
    [sent] = world.rows(CheckIn)
    assert str(sent.id) == checkin
    assert sent.seen_at is None, "Grace has not opened it"
    assert actions(world, "history.shared", "answer.read") == ["history.shared", "answer.read"]


def ask(world: worlds.World) -> object:
    return world.rows(CheckIn)[0].ask_id


async def test_mood_that_was_not_shared_stays_with_its_author(chat: worlds.World) -> None:
    checkin = await moved(chat, blocker="CI is red", mood="2")
    await shared(chat)
    assert "Shipped search" in await tries(chat, "eve", checkin)
    assert "2 ·" not in dialog(chat, "eve")


async def test_what_was_said_about_it_stays_between_the_two(chat: worlds.World) -> None:
    await chat.at(BOTH_WORK)
    await chat.answer("ada", **WEEK)
    checkin = str(chat.rows(CheckIn)[0].id)
    await tries(chat, "grace", checkin)
    await chat.press("grace", "Comment…", chat.open_view("grace"))
    await chat.submit("grace", text="The ranking is a joy")
    await moves(chat, "ada", "eve")
    await shared(chat)
    assert "Shipped search" in await tries(chat, "eve", checkin)
    assert "joy" not in dialog(chat, "eve")


@pytest.mark.parametrize("verb", ["checkin.thank", "checkin.comment", "checkin.agenda", "checkin.unthank"])
async def test_a_button_that_was_not_given_does_nothing_for_whom_it_is_shared_with(
    verb: str, chat: worlds.World
) -> None:
    checkin = await moved(chat)
    await shared(chat)
    await chat.press("eve", "Do it", chat.given("eve", Button("Do it", verb, checkin)))
    assert "Ada Byron shares this with you" in dialog(chat, "eve")
    assert actions(chat, "comment.thanks", "agenda.added") == []


async def test_who_acts_for_the_new_manager_reads_no_shared_history(chat: worlds.World) -> None:
    checkin = await moved(chat)
    chat.delegates("eve", "linus", "2026-11-26", "2026-12-04")
    await shared(chat)
    assert "This is not yours to read" in await tries(chat, "linus", checkin)


async def test_a_change_begins_at_the_employees_midnight_for_everybody(chat: worlds.World) -> None:
    """Thursday afternoon in Berlin is Friday morning in Auckland."""
    await chat.at(BOTH_WORK)
    await chat.answer("ada", **WEEK)
    checkin = str(chat.rows(CheckIn)[0].id)
    with chat.look() as db:
        chat.person(db, "ada").zone = "Pacific/Auckland"
    await moves(chat, "ada", "eve")
    await chat.command("ada", "/review", "share my history")
    await chat.submit("ada", what="all")
    await chat.home("eve")
    assert "Histories shared with you\nAda Byron" in chat.home_words("eve")
    assert "Shipped search" in await tries(chat, "eve", checkin)


async def test_only_what_was_sent_from_a_day_on_is_shared(world: worlds.World) -> None:
    await world.at(BOTH_WORK)
    await world.answer("ada", **WEEK)
    await world.at("2026-12-03 15:00")
    await world.answer("ada", progress="Second week", next="More")
    first, second = sorted(world.rows(CheckIn), key=lambda one: one.occurrence)
    await moves(world, "ada", "eve")
    await world.press("ada", "Share my history…", message(world, "ada", NOW_EVE))
    await world.choose("ada", what="since")
    await world.submit("ada", since="2026-12-01")
    assert "from Tue 1 Dec on" in world.words("eve")
    assert "This is not yours to read" in await tries(world, "eve", str(first.id))
    assert "Second week" in await tries(world, "eve", str(second.id))
    await world.press("eve", "See them", message(world, "eve", "Ada Byron shares"))
    assert "Thu 26 Nov" not in world.words("eve")


async def test_it_is_ended_at_once(world: worlds.World) -> None:
    checkin = await moved(world)
    await shared(world)
    await world.press("ada", "End sharing")
    assert world.words("ada").startswith("Your history is no longer shared")
    assert world.words("eve").startswith("Ada Byron no longer shares their history")
    assert "This is not yours to read" in await tries(world, "eve", checkin)
    assert actions(world, "history.shared", "history.ended") == ["history.shared", "history.ended"]
    await world.command("ada", "/review", "end sharing")
    assert "You share no history" in world.words("ada")


async def test_it_ends_with_the_next_change_of_manager(chat: worlds.World) -> None:
    checkin = await moved(chat)
    await shared(chat)
    await chat.later(days=1)
    await moves(chat, "ada", "linus")
    assert "This is not yours to read" in await tries(chat, "eve", checkin)
    [share] = chat.rows(HistoryShare)
    assert share.ended_at is not None
    await moves(chat, "ada", "eve")
    assert "This is not yours to read" in await tries(chat, "eve", checkin), "it is not shared again by itself"


async def test_sent_twice_it_is_shared_once_and_another_choice_takes_its_place(chat: worlds.World) -> None:
    await moved(chat)
    await shared(chat)
    await chat.command("ada", "/review", "share my history")
    assert "You share your history with Eve Moreau" in chat.words("ada")
    assert len(chat.rows(HistoryShare)) == 1


async def test_nobody_shares_with_whom_the_form_did_not_name(chat: worlds.World) -> None:
    await moved(chat)
    await chat.press("ada", "Share my history…", message(chat, "ada", NOW_EVE))
    chat.reports("ada", "linus")
    await chat.submit("ada", what="all")
    assert "Your manager here is now Linus Holm" in dialog(chat, "ada")
    assert chat.rows(HistoryShare) == []


async def test_who_has_no_manager_has_nobody_to_share_it_with(chat: worlds.World) -> None:
    await chat.at(BOTH_WORK)
    await moves(chat, "ada", "")
    assert "You have no manager here any more" in chat.words("ada")
    await chat.command("ada", "/review", "share my history")
    assert "Nothing to share now" in chat.words("ada")


async def test_what_is_in_the_way_is_the_new_managers_without_its_words(world: worlds.World) -> None:
    checkin = await moved(world, blocker="CI is red")
    assert "1 thing in their way is with you now." in world.words("eve")
    assert "What is in your way is with Eve Moreau now" in message(world, "ada", NOW_EVE).words
    await world.home("eve")
    assert "Ada Byron: open, today" in world.home_words("eve")
    await world.press("eve", "See it", world.home_of("eve"))
    assert "with Eve Moreau now, since they lead the team" in dialog(world, "eve")
    assert "CI is red" not in dialog(world, "eve")
    await world.press("eve", "I'll take it", world.open_view("eve"))
    assert "CI is red" not in dialog(world, "eve")
    [blocker] = world.rows(Blocker)
    assert blocker.state == "taken"
    assert "CI is red" in await tries(world, "ada", checkin)
    assert "looked at by Eve Moreau, without what you wrote" in dialog(world, "ada")


async def test_what_was_with_a_manager_who_is_gone_comes_to_the_next_one(chat: worlds.World) -> None:
    await chat.at(BOTH_WORK)
    await chat.command("ada", "/checkin")
    await chat.choose("ada", blocked=True)
    await chat.submit("ada", **WEEK, blocker="CI is red")
    checkin = str(chat.rows(CheckIn)[0].id)
    await tries(chat, "grace", checkin)
    await chat.press("grace", "Add to 1:1", chat.open_view("grace"))
    await moves(chat, "ada", "")
    assert [str(one.manager_id) for one in chat.rows(Blocker)] == [str(one.manager_id) for one in chat.rows(AgendaItem)]
    await chat.later(days=1)
    await moves(chat, "ada", "eve")
    with chat.look() as db:
        eve = chat.person(db, "eve").id
    assert {one.manager_id for one in (*chat.rows(Blocker), *chat.rows(AgendaItem))} == {eve}
    await chat.home("eve")
    assert "With Ada Byron: check-in of Thu 26 Nov" in chat.home_words("eve")
    assert "1 check-in was put aside for the next 1:1." in chat.words("eve")


async def test_the_words_with_which_it_was_passed_up_stay_with_whom_they_were_for(chat: worlds.World) -> None:
    await chat.at(BOTH_WORK)
    chat.reports("grace", "hana")
    await chat.command("ada", "/checkin")
    await chat.choose("ada", blocked=True)
    await chat.submit("ada", **WEEK, blocker="CI is red")
    await chat.press("grace", "Pass up…", message(chat, "grace", "Ada Byron reported something"))
    await chat.submit("grace", line="Needs a new runner")
    await moves(chat, "ada", "eve")
    await chat.home("eve")
    await chat.press("eve", "See it", chat.home_of("eve"))
    assert "passed by Grace Murray to Hana Sato" in dialog(chat, "eve")
    assert "runner" not in dialog(chat, "eve")


async def test_a_change_of_a_day_to_come_is_told_on_that_day(world: worlds.World) -> None:
    await world.at("2026-11-26 15:00")
    first = date(2026, 11, 30)
    with world.look() as db:
        ada, eve, grace = (world.person(db, who) for who in ("ada", "eve", "grace"))
        line = db.scalars(select(ReportingLine).filter_by(person_id=ada.id, ends_on=None)).one()
        line.ends_on = first - timedelta(days=1)
        db.add(ReportingLine(person_id=ada.id, manager_id=eve.id, kind="primary", starts_on=first))
        moves = (Moved(ada.id, grace.id, eve.id, first), Moved(grace.id, None, None, first))
        all_changed(db, moves, world.clock.now(), world.clock.real())
    await world.settle()
    assert NOW_EVE not in "".join(world.titles("ada"))
    await world.at("2026-11-30 09:05")
    assert NOW_EVE in world.titles("ada")


async def test_what_is_changed_back_before_anybody_heard_is_told_to_nobody(chat: worlds.World) -> None:
    await chat.at(BOTH_WORK)
    before = {who: chat.titles(who) for who in ("ada", "eve", "grace")}
    with chat.look() as db:
        for to in ("eve", "grace"):
            change_manager(db, chat.person(db, "ada"), chat.person(db, to).id, chat.clock.now(), chat.clock.real())
    await chat.settle()
    assert {who: chat.titles(who) for who in before} == before
    assert [one.told_at is not None for one in chat.rows(ManagerChange)] == [True]


async def test_a_list_of_people_brings_the_change_and_its_words(chat: worlds.World, tmp_path: Path) -> None:
    await chat.at(BOTH_WORK)
    file = worlds.roster(tmp_path)
    grace, eve = (company.person(worlds.PEOPLE[who]).email for who in ("grace", "eve"))
    rows = [
        line.replace(grace, eve) if line.startswith("Ada Byron") else line for line in file.read_text().splitlines()
    ]
    file.write_text("\n".join(rows), "utf-8")
    commands.import_people(chat.app.database, file, chat.clock)
    await chat.settle()
    assert NOW_EVE in chat.titles("ada")
    commands.import_people(chat.app.database, file, chat.clock)
    await chat.settle()
    assert chat.titles("ada").count(NOW_EVE) == 1


async def test_nobody_hears_of_a_person_who_has_not_heard_of_rapport(chat: worlds.World) -> None:
    await chat.at(BOTH_WORK)
    with chat.look() as db:
        late = Person(name="New One", email="new@example.org", zone="UTC", created_at=chat.clock.now())
        db.add(late)
        db.flush()
        grace, eve = chat.person(db, "grace").id, chat.person(db, "eve").id
        lead(db, late.id, grace, chat.clock.now().date())
        change_manager(db, late, eve, chat.clock.now(), chat.clock.real())
    await chat.settle()
    assert not [title for title in (*chat.titles("eve"), *chat.titles("grace")) if "New One" in title]


async def test_the_privacy_page_and_the_home_say_who_has_it(chat: worlds.World) -> None:
    await moved(chat)
    await shared(chat)
    await chat.say("ada", "privacy")
    assert "the new one reads only if you share your history" in chat.words("ada")
    assert "Histories of check-ins, shared with a new manager" in chat.words("ada")
    await chat.home("ada")
    assert "My history\nEve Moreau can open your earlier check-ins." in chat.home_words("ada")
    await chat.home("eve")
    assert "Histories shared with you\nAda Byron" in chat.home_words("eve")
