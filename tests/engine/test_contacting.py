from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
import world as worlds
from sqlalchemy import select

from bot.storage.audit import AuditEvent
from bot.storage.contacts import FirstContact, begin_turns, plan_contacts
from bot.storage.inbox import InboxItem, report_missing
from bot.storage.outbox import OutboxRow
from bot.storage.people import Address, Person
from bot.storage.programmes import Programme, Turn

CONTACT = "I'm Rapport"


@pytest.fixture
def introduced() -> bool:
    return False


def planned(world: worlds.World, due: dict[str, datetime | None]) -> set[str]:
    """First contacts of these people; what they are asked waits for it."""
    with world.look() as db:
        people = {who: world.person(db, who).id for who in due}
        programme = db.scalars(select(Programme)).one()
        for turn in db.scalars(select(Turn)):
            turn.next_due_at = None
        at = {people[who]: when for who, when in due.items()}
        waits = plan_contacts(db, list(people.values()), programme.id, at, world.clock.now())
        return {who for who, one in people.items() if one in waits}


def contact(world: worlds.World, who: str) -> FirstContact:
    with world.look() as db:
        found = db.get(FirstContact, world.person(db, who).id)
        assert found is not None
        return found


def turn(world: worlds.World, who: str) -> datetime | None:
    with world.look() as db:
        found = db.scalars(select(Turn).filter_by(person_id=world.person(db, who).id)).one()
        return found.next_due_at


def contacted(world: worlds.World, who: str) -> Sequence[str]:
    return [title for title in world.titles(who) if title == CONTACT]


async def test_nobody_is_written_to_or_asked_before_their_first_contact(world: worlds.World) -> None:
    planned(world, {"ada": None, "grace": world.clock.now() + timedelta(days=3)})
    await world.at("2026-11-26 12:00")
    assert not world.messages("ada")
    assert not world.messages("grace")
    assert world.asks("ada") == []


async def test_it_is_sent_in_the_readers_hours_and_once(world: worlds.World) -> None:
    planned(world, {"ada": world.clock.now(), "grace": world.clock.now()})
    await world.settle()
    # Monday 8:00 UTC: Lisbon's day begins in an hour, New York's in six.
    assert not world.messages("ada")
    await world.at("2026-11-23 09:00")
    assert contacted(world, "ada") == [CONTACT]
    assert not world.messages("grace")
    await world.at("2026-11-23 09:00", "America/New_York")
    assert contacted(world, "grace") == [CONTACT]
    await world.later(days=1)
    assert contacted(world, "ada") == [CONTACT]
    assert contact(world, "ada").state == "sent"
    assert {row.action for row in world.rows(AuditEvent)} >= {"contact.sent"}


async def test_it_leaves_the_budget_alone(chat: worlds.World) -> None:
    planned(chat, {"ada": chat.clock.now()})
    await chat.at("2026-11-23 09:00")
    [row] = [row for row in chat.rows(OutboxRow) if row.kind == "send"]
    assert (row.purpose, row.budget_day) == ("news", None)


async def test_the_first_question_comes_at_least_one_working_day_later(world: worlds.World) -> None:
    planned(world, {"ada": datetime.fromisoformat("2026-11-26T09:30+00:00"), "linus": world.clock.now()})
    await world.at("2026-11-25 16:00")
    await world.at("2026-11-26 09:30")
    # Thursday: this week's question at 10:00 would come on the same day.
    assert turn(world, "ada") == datetime.fromisoformat("2026-12-03T10:00+00:00")
    assert "Your first question comes Thu 3 Dec, 10:00." in world.words("ada")
    await world.at("2026-11-26 10:30")
    assert world.asks("ada") == []
    assert [ask.state for ask in world.asks("linus")] == ["open"]


async def test_what_is_added_later_begins_at_once_for_those_who_know_me(chat: worlds.World) -> None:
    planned(chat, {"ada": chat.clock.now()})
    await chat.at("2026-11-24 09:00")
    with chat.look() as db:
        ada = chat.person(db, "ada")
        for one in db.scalars(select(Turn).filter_by(person_id=ada.id)):
            one.next_due_at = None
        db.flush()
        begin_turns(db, [ada, chat.person(db, "eve")], chat.clock.now())
    assert turn(chat, "ada") == datetime.fromisoformat("2026-11-26T10:00+00:00")
    assert turn(chat, "eve") is None


async def test_who_was_contacted_once_is_left_as_they_are(world: worlds.World) -> None:
    assert planned(world, {"ada": world.clock.now(), "eve": None}) == {"ada", "eve"}
    await world.at("2026-11-23 09:00")
    later = world.clock.now() + timedelta(days=9)
    assert planned(world, {"ada": later, "linus": later}) == {"linus"}
    assert contact(world, "ada").state == "sent"


async def test_without_an_account_it_is_tried_again(world: worlds.World) -> None:
    planned(world, {"ada": world.clock.now()})
    with world.look() as db:
        for address in db.scalars(select(Address).filter_by(person_id=world.person(db, "ada").id)):
            address.reachable = False
    await world.at("2026-11-23 12:00")
    assert contact(world, "ada").state == "planned"
    with world.look() as db:
        for address in db.scalars(select(Address)):
            address.reachable = True
    await world.later(hours=2)
    assert contacted(world, "ada") == [CONTACT]


async def test_who_left_before_it_is_forgotten(world: worlds.World) -> None:
    planned(world, {"ada": world.clock.now()})
    with world.look() as db:
        world.person(db, "ada").status = "left"
    await world.at("2026-11-23 12:00")
    assert world.rows(FirstContact) == []


async def test_who_is_away_hears_afterwards(chat: worlds.World) -> None:
    planned(chat, {"ada": chat.clock.now()})
    with chat.look() as db:
        ada = chat.person(db, "ada")
        ada.work_days = "3"
    await chat.at("2026-11-25 12:00")
    assert not chat.messages("ada")
    await chat.at("2026-11-26 09:00")
    assert contacted(chat, "ada") == [CONTACT]


async def test_people_wait_for_their_managers_ok_and_three_working_days(world: worlds.World) -> None:
    planned(world, {"grace": world.clock.now(), "ada": None, "linus": None})
    await world.at("2026-11-23 10:00", "America/New_York")
    assert "2 of your people hear from me once you press OK." in world.words("grace")
    await world.press("grace", "OK")
    await world.at("2026-11-25 15:00")
    assert not world.messages("ada")
    await world.at("2026-11-26 12:00")
    assert contacted(world, "ada") == [CONTACT]
    assert contacted(world, "linus") == [CONTACT]


async def test_a_late_ok_frees_them_at_once(chat: worlds.World) -> None:
    planned(chat, {"grace": chat.clock.now(), "ada": None})
    await chat.at("2026-11-23 11:00", "America/New_York")
    await chat.at("2026-12-02 11:00", "America/New_York")
    assert not chat.messages("ada")
    await chat.press("grace", "OK")
    assert contacted(chat, "ada") == [CONTACT]


async def test_nobody_waits_where_no_manager_is_or_the_ok_is_given(world: worlds.World) -> None:
    planned(world, {"grace": world.clock.now()})
    await world.at("2026-11-23 10:00", "America/New_York")
    await world.press("grace", "OK")
    planned(world, {"eve": None, "ada": None})
    await world.at("2026-11-24 12:00")
    assert contacted(world, "eve") == [CONTACT]
    assert not world.messages("ada")
    await world.at("2026-11-26 12:00")
    assert contacted(world, "ada") == [CONTACT]


async def test_hr_finds_in_its_inbox_who_has_no_manager(world: worlds.World) -> None:
    planned(world, {"eve": world.clock.now()})
    await world.at("2026-11-23 12:00")
    assert "I know no manager for you yet" in world.words("eve")
    assert [item.kind for item in world.rows(InboxItem)] == ["no_manager"]
    home = await world.home("hana")
    assert home.ok
    assert "Eve Moreau has no manager here" in world.home_words("hana")


async def test_many_are_sent_in_pieces(chat: worlds.World) -> None:
    with chat.look() as db:
        programme = db.scalars(select(Programme)).one()
        made = [
            Person(name=f"P {n}", email=f"p{n}@example.org", zone="Europe/Lisbon", created_at=chat.clock.now())
            for n in range(55)
        ]
        db.add_all(made)
        db.flush()
        plan_contacts(db, [one.id for one in made], programme.id, {}, chat.clock.now())
    chat.clock.advance(timedelta(hours=2))
    pieces = [await chat.app.run(chat.app.engine.asking.introduce) for _ in range(3)]
    assert pieces == [50, 5, 0]


async def test_hr_hears_of_one_without_a_manager_and_settles_it_for_good(world: worlds.World) -> None:
    planned(world, {"eve": world.clock.now()})
    await world.at("2026-11-23 12:00")
    assert world.titles("hana") == ["Eve Moreau has no manager here"]
    await world.press("hana", "Open")
    await world.press("hana", "Settle…", world.open_view("hana"))
    await world.submit("hana", outcome="none")
    assert "HR says that nobody stands above you here." in world.messages("eve")[0].words
    said = await world.reply("eve", "/review", "not my manager")
    assert "HR says that nobody stands above you here." in said
    assert len(world.rows(InboxItem)) == 1
    await world.home("hana")
    assert "1 person has no manager." in world.home_words("hana"), "only Hana herself is left"


async def test_hr_is_not_written_to_for_each_of_many_without_a_manager(world: worlds.World) -> None:
    with world.look() as db:
        now = world.clock.now()
        made = [
            Person(name=f"P {n}", email=f"p{n}@example.org", zone="Europe/Lisbon", created_at=now) for n in range(6)
        ]
        db.add_all(made)
        db.flush()
        told = [found[1] for one in made if (found := report_missing(db, one, now))]
    assert [len(hr) for hr in told] == [1, 1, 1, 0, 0, 0]
    assert len(world.rows(InboxItem)) == 6
