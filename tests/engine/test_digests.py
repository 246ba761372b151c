"""Monday's digests: when, to whom, inside the budget, in a room; nothing to say is not said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import world as worlds
from sqlalchemy import select, update
from survey import Survey, asked

from bot import commands
from bot.conversation import Context, Part
from bot.messages import Button, Row, Section
from bot.storage.outbox import OutboxRow
from bot.storage.people import Absence
from bot.storage.rooms import Room
from bot.storage.workspaces import Workspace
from desk import company

ROOM = company.hr_room().id


def parts(world: worlds.World, *more: Part) -> None:
    """Only these parts stand in the digests."""
    engine = world.app.engine
    kept = tuple(one for one in engine.registry.parts if one.place in ("home", "menu"))
    house = replace(engine.house, registry=replace(engine.registry, parts=(*kept, *more)))
    engine.house = engine.asking._house = house


def told(place: Any, order: int = 1, rows: int = 0, words: str = "") -> Part:
    drawn = tuple(Row((f"Item {n}",), (Button("See", "menu"),)) for n in range(1, rows + 1))
    return Part(place, order, lambda ctx: Section(words or f"Of {place}", ("Something happened",), rows=drawn))


def digests(world: worlds.World) -> list[str]:
    return [row.key for row in world.rows(OutboxRow) if row.key.startswith("digest:")]


async def test_a_manager_hears_on_monday_at_half_past_nine_of_their_own_zone(world: worlds.World) -> None:
    parts(world, told("manager_digest"))
    await world.at("2026-11-24T12:00")
    await world.at("2026-11-30T09:25", "America/New_York")
    assert digests(world) == []
    await world.at("2026-11-30T09:35", "America/New_York")
    assert world.titles("grace")[-1] == "Your team's week"
    assert len(digests(world)) == 1


async def test_a_person_without_a_zone_waits_for_one_and_holds_up_nobody(world: worlds.World) -> None:
    parts(world, told("manager_digest"))
    world.reports("ada", "hana")
    with world.look() as db:
        world.person(db, "grace").zone = ""
    await world.at("2026-11-24T12:00")
    await world.at("2026-11-30T09:35", "America/New_York")
    assert world.titles("hana")[-1] == "Your team's week"
    assert len(digests(world)) == 1
    with world.look() as db:
        world.person(db, "grace").zone = "America/New_York"
    await world.later(hours=1)
    assert world.titles("grace")[-1] == "Your team's week"


async def test_who_leads_nobody_gets_no_managers_digest(world: worlds.World) -> None:
    parts(world, told("manager_digest"))
    await world.at("2026-11-24T12:00")
    await world.at("2026-11-30T12:00")
    assert "Your team's week" not in [title for who in ("ada", "eve", "hana") for title in world.titles(who)]


async def test_nothing_to_say_is_not_said(world: worlds.World) -> None:
    parts(world, Part("manager_digest", 1, lambda ctx: None), Part("hr_digest", 1, lambda ctx: None))
    await world.at("2026-11-24T12:00")
    await world.at("2026-11-30T18:00")
    assert digests(world) == []


async def test_several_digests_of_one_person_are_one_message(world: worlds.World) -> None:
    parts(world, told("manager_digest"), told("hr_digest"), told("my_summary"))
    world.reports("eve", "hana")
    await world.at("2026-12-01T12:00")
    await world.at("2026-12-07T09:35", "Europe/Berlin")
    words = world.words("hana")
    assert words.splitlines()[0] == "Your Monday"
    assert words.index("Your team's week") < words.index("The week for HR") < words.index("Your month")
    assert len([one for one in digests(world) if ":2026-12-07" in one]) >= 1


async def test_an_own_month_comes_on_the_first_monday_only(world: worlds.World) -> None:
    parts(world, told("my_summary"))
    await world.at("2026-11-24T12:00")
    await world.at("2026-11-30T12:00")
    assert "Your month" not in world.titles("ada")
    await world.at("2026-12-07T12:00")
    await world.at("2026-12-14T12:00")
    assert world.titles("ada").count("Your month") == 1


async def test_who_is_away_on_monday_hears_on_the_first_day_back(world: worlds.World) -> None:
    parts(world, told("manager_digest"))
    await world.at("2026-11-24T12:00")
    with world.look() as db:
        grace = world.person(db, "grace").id
        db.add(Absence(person_id=grace, starts_on=date(2026, 11, 30), ends_on=date(2026, 12, 1),
                       created_at=world.clock.now()))  # fmt: skip
    await world.at("2026-11-30T12:00", "America/New_York")
    assert "Your team's week" not in world.titles("grace")
    await world.at("2026-12-02T09:05", "America/New_York")
    assert world.titles("grace")[-1] == "Your team's week"


async def test_after_an_outage_of_a_week_an_old_digest_does_not_come(world: worlds.World) -> None:
    parts(world, told("manager_digest"))
    await world.at("2026-11-24T12:00")
    await world.at("2026-12-05T12:00")
    assert digests(world) == []


async def test_a_day_on_which_the_bot_was_away_is_not_made_up_for(world: worlds.World) -> None:
    parts(world, told("manager_digest"))
    await world.at("2026-11-24T12:00")
    await world.at("2026-12-03T10:01", "America/New_York")
    assert digests(world) == []
    assert world.titles("grace") == ["Time for your check-in"]


async def test_at_most_seven_items_and_how_many_more_there_are(world: worlds.World) -> None:
    parts(world, told("manager_digest", 1, rows=5, words="First"), told("manager_digest", 2, rows=6, words="Second"))
    await world.at("2026-11-24T12:00")
    await world.at("2026-11-30T12:00", "America/New_York")
    assert world.words("grace").count("Item") == 7
    assert "4 more: type review." in world.words("grace")


async def test_a_button_in_a_digest_does_not_take_its_place(world: worlds.World) -> None:
    parts(world, told("manager_digest", rows=1))
    await world.at("2026-11-24T12:00")
    await world.at("2026-11-30T12:00", "America/New_York")
    digest = next(one for one in world.messages("grace") if "Your team's week" in one.words)
    await world.press("grace", "See", digest)
    again = next(one for one in world.messages("grace") if world.place(one) == world.place(digest))
    assert "Your team's week" in again.words
    assert world.titles("grace")[-1].startswith("Hello Grace")


async def test_a_question_that_opens_after_the_digest_joins_it(world: worlds.World) -> None:
    parts(world, told("manager_digest"))
    await world.at("2026-11-24T12:00")
    await world.at("2026-11-30T09:35", "America/New_York")
    world.app.engine.registry.conversations["survey"] = Survey()  # type: ignore[index]
    with world.look() as db:
        db.add(asked(world.person(db, "grace"), world.clock.now(), timedelta(days=9)))
    await world.later(minutes=10)
    [digest] = [one for one in world.messages("grace") if "Your team's week" in one.words]
    assert "A survey" in digest.words
    await world.press("grace", "Finish it", digest)
    [digest] = [one for one in world.messages("grace") if "Your team's week" in one.words]
    assert "Something happened" in digest.words
    assert "Survey done" in digest.words


async def put_room(world: worlds.World, channel: str = ROOM) -> str:
    return await commands.set_room(world.app.database, world.app.settings, world.clock, channel, "Europe/Berlin")


async def test_hrs_digest_goes_to_its_channel_once(slack_world: worlds.World) -> None:
    parts(slack_world, told("hr_digest"))
    assert "from next Monday on" in await put_room(slack_world)
    await slack_world.at("2026-11-24T12:00")
    await slack_world.at("2026-11-30T09:35", "Europe/Berlin")
    await slack_world.at("2026-11-30T18:00", "Europe/Berlin")
    said = [message.words for message in slack_world.desk.workspace.said_in(ROOM)]
    assert [words.splitlines()[0] for words in said] == ["HR's digest will stand here", "The week for HR"]
    assert "The week for HR" not in slack_world.titles("hana")


async def test_a_channel_the_bot_is_not_in_is_told_before_it_is_set(slack_world: worlds.World) -> None:
    with pytest.raises(commands.Problem, match="invite the app there"):
        await put_room(slack_world, "C0NOWHERE")
    assert slack_world.rows(Room) == []


async def test_a_channel_of_teams_is_refused_in_words_that_say_where_the_digest_goes(slack_world: worlds.World) -> None:
    with pytest.raises(commands.Problem, match="channels of Slack only"):
        await put_room(slack_world, "19:abc@thread.tacv2")
    with slack_world.look() as db:
        [slack] = db.scalars(select(Workspace))
        slack.removed_at = slack_world.clock.real()
        teams = Workspace(
            platform="teams", external_id="t", name="t", bot_user="b", created_at=slack_world.clock.real()
        )
        db.add(teams)
    with pytest.raises(commands.Problem, match="each of HR gets the digest in their own chat"):
        await put_room(slack_world)
    with slack_world.look() as db:
        db.execute(update(Workspace).values(removed_at=None))
        # The tenant was there first.
        db.execute(update(Workspace).filter_by(platform="teams").values(created_at=worlds.MONDAY - timedelta(days=9)))
    assert "from next Monday on" in await put_room(slack_world)
    assert [room.channel for room in slack_world.rows(Room)] == [ROOM]


async def test_a_channel_that_was_closed_later_costs_nobody_the_digest(slack_world: worlds.World) -> None:
    parts(slack_world, told("hr_digest"))
    await put_room(slack_world)
    await slack_world.at("2026-11-24T12:00")
    with slack_world.look() as db:
        db.scalars(select(Room)).one().channel = "C0GONE"
    await slack_world.at("2026-11-30T09:35", "Europe/Berlin")
    await slack_world.at("2026-11-30T09:45", "Europe/Berlin")
    await slack_world.at("2026-11-30T09:50", "Europe/Berlin")
    assert slack_world.titles("hana")[-1] == "The week for HR"
    await slack_world.at("2026-12-07T09:45", "Europe/Berlin")
    assert slack_world.titles("hana").count("The week for HR") == 2


async def test_one_can_ask_for_ones_digest_at_any_time(world: worlds.World) -> None:
    parts(world, told("hr_digest"))
    await world.command("hana", "/review", "digest")
    assert "The week for HR" in world.words("hana")
    await world.command("ada", "/review", "digest")
    assert "There is nothing to tell at the moment" in world.words("ada")


async def test_a_part_draws_for_its_reader(world: worlds.World) -> None:
    def drawn(ctx: Context) -> Section:
        return Section(f"For {ctx.person.name}")

    parts(world, Part("manager_digest", 1, drawn))
    await world.at("2026-11-24T12:00")
    await world.at("2026-11-30T12:00", "America/New_York")
    assert "For Grace Murray" in world.words("grace")


async def test_a_pause_over_the_due_time_makes_the_figures_wait_and_loses_none(world: worlds.World) -> None:
    """Paused on Thursday until Tuesday: what is open is due on Wednesday then, and counted on the Monday after."""
    await world.at("2026-11-26 15:00")
    await world.answer("ada", progress="Shipped search", next="Write the guide")
    await world.press("hana", "Pause", world.given("hana", Button("Pause", "programmes.pause")))
    await world.submit("hana", back="2026-12-01")
    await world.at("2026-11-30 12:00")
    assert "The week for HR" not in world.titles("hana")
    await world.command("hana", "/review", "figures")
    assert "is open until" in world.words("hana")
    assert "%" not in world.words("hana")
    await world.at("2026-12-01 12:00")
    await world.answer("linus", progress="Wrote the guide", next="Ship it")
    await world.at("2026-12-03 15:00")
    await world.command("hana", "/review", "figures")
    assert "The week from Mon 23 Nov has been open for longer: its figures come on Mon 7 Dec." in world.words("hana")
    await world.at("2026-12-07 12:00")
    assert "The week from Mon 23 Nov:" in world.words("hana")
    await world.command("hana", "/review", "figures")
    await world.press("hana", "Week before")
    assert "2 of 5" in world.words("hana")
