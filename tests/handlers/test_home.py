from __future__ import annotations

from datetime import datetime

import world as worlds
from sqlalchemy import select, update

from bot.messages import Button
from bot.storage.people import Address, Person, ReportingLine, Role
from bot.storage.workspaces import Workspace

WEEK = {"progress": "Shipped search", "next": "Write the guide"}
OPENS = "2026-11-26 10:00"
# Thursday afternoon in Lisbon is Thursday morning in New York: Ada and Grace both work.
BOTH_WORK = "2026-11-26 15:00"


def hire(world: worlds.World, count: int) -> None:
    today = world.clock.now().date()
    with world.look() as db:
        for number in range(count):
            name, email = f"Report {number:02}", f"report{number}@example.org"
            one = Person(name=name, email=email, zone="Europe/Lisbon", created_at=world.clock.now())
            db.add(one)
            db.flush()
            db.add(ReportingLine(person_id=one.id, manager_id=world.person(db, "grace").id, starts_on=today))


async def shown(world: worlds.World, who: str) -> str:
    await world.home(who)
    return world.home_words(who)


async def test_home_tells_when_i_am_asked_next(chat: worlds.World) -> None:
    assert "My next dates\nCheck in: opens Thu 26 Nov, 10:00" in await shown(chat, "ada")
    await chat.at(OPENS)
    words = await shown(chat, "ada")
    assert "Check in: due Fri 27 Nov, 16:00\nCheck in: opens Thu 3 Dec, 10:00" in words


async def test_what_i_sent_ahead_is_not_announced_again(chat: worlds.World) -> None:
    await chat.answer("ada", **WEEK)
    assert "Check in: the one of Thu 26 Nov is sent already" in await shown(chat, "ada")


async def test_home_tells_how_long_i_am_away(chat: worlds.World) -> None:
    await chat.command("ada", "/review", "away")
    await chat.submit("ada", back="2026-11-30")
    assert "Away: back Mon 30 Nov" in await shown(chat, "ada")


async def test_hr_sees_in_counts_who_lacks_what_and_by_name_in_a_dialog(world: worlds.World) -> None:
    assert "Data to mend" not in await shown(world, "ada")
    assert "2 people have no manager." in await shown(world, "hana")
    assert "Eve Moreau" not in world.home_words("hana")
    await world.press("hana", "See who", world.home_of("hana"))
    words = world.open_view("hana").words
    assert "Without manager" in words
    assert "Eve Moreau" in words
    assert "Name their manager in the list of people" in words
    assert "Grace Murray" not in words, "the head of everybody needs none"


async def test_the_list_of_who_lacks_something_has_pages(chat: worlds.World) -> None:
    hire(chat, 23)
    await chat.home("hana")
    await chat.press("hana", "See who", _section(chat, "23 people have no account."))
    first = chat.open_view("hana").words
    assert "Report 09" in first
    assert "Report 10" not in first
    assert "Page 1 of 3" in first
    await chat.press("hana", "Next", chat.open_view("hana"))
    assert "Report 10" in chat.open_view("hana").words


async def test_hr_reads_whom_no_message_reaches_since_when_and_why(slack_chat: worlds.World) -> None:
    with slack_chat.look() as db:
        [slack] = db.scalars(select(Address).filter_by(person_id=slack_chat.person(db, "ada").id))
        tenant = Workspace(
            platform="teams", external_id="t", name="t", bot_user="b", created_at=slack_chat.clock.real()
        )
        db.add(tenant)
        db.flush()
        teams = Address(
            person_id=slack.person_id, workspace_id=tenant.id, platform="teams", user="aad-ada",
            created_at=slack_chat.clock.real(),
        )  # fmt: skip
        db.add(teams)
        db.flush()
        teams.lose("blocked", datetime.fromisoformat("2026-11-20T13:05+00:00"))
        slack_chat.person(db, "hana").zone = "Europe/Lisbon"
    assert "No message reaches" not in await shown(slack_chat, "hana"), "one of two accounts is enough"
    with slack_chat.look() as db:
        db.execute(update(Address).filter_by(id=slack.id).values(reachable=False, lost_why="closed"))
    assert "No message reaches 1 person." in await shown(slack_chat, "hana")
    message = slack_chat.given("hana", Button("See who", "people.gaps", "unreachable"))
    await slack_chat.press("hana", "See who", message)
    words = slack_chat.open_view("hana").words
    for told in (
        "Ada Byron, ", "Teams, since Fri 20 Nov, 13:05: blocked me, or took me out", "Slack: the account is closed",
        "Ask them to add or unblock me in the chat",
    ):  # fmt: skip
        assert told in words, words
    await slack_chat.command("ada", "/review")
    assert "No message reaches" not in await shown(slack_chat, "hana"), "who writes is there again"


async def test_only_hr_opens_that_list(chat: worlds.World) -> None:
    message = chat.given("ada", Button("See who", "people.gaps", "manager"))
    await chat.press("ada", "See who", message)
    assert "This is for HR" in chat.open_view("ada").words


async def test_a_home_of_everything_at_once_stays_within_the_limits(world: worlds.World) -> None:
    """A manager of 40 who is HR as well, with check-ins to read, a blocker, and questions of her own."""
    hire(world, 40)
    with world.look() as db:
        grace = world.person(db, "grace").id
        db.add(_role(grace, world))
    await world.at(BOTH_WORK)
    for who in ("ada", "linus"):
        await world.command(who, "/checkin")
        await world.choose(who, blocked=True)
        await world.submit(who, **WEEK)
    words = await shown(world, "grace")
    world.check_room(world.home_of("grace"))
    assert "not shown here" not in words
    for title in ("Waiting for you", "Check-ins to read", "In the way", "Your team's week", "My last check-ins",
                  "My next dates", "Data to mend", "My preferences"):  # fmt: skip
        assert title in words
    order = [words.index(title) for title in ("Waiting for you", "Check-ins to read", "Your team's week",
                                              "My next dates", "My preferences")]  # fmt: skip
    assert order == sorted(order)


def _role(person: object, world: worlds.World) -> object:
    return Role(person_id=person, name="hr_coordinator", starts_on=world.clock.now().date())


def _section(world: worlds.World, line: str) -> object:
    """The button beside this line, as a message of its own."""
    gap = "account" if "account" in line else "manager"
    assert line in world.home_words("hana")
    return world.given("hana", Button("See who", "people.gaps", gap))
