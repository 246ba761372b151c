"""Objectives in the digests, at home and in the menu: for those whom they concern, in as many statements for many."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
import world as worlds
from goals import CALLS, Result, objective
from looking import counted
from parts import drawn, lines

from bot.conversation import Place
from bot.storage.okr.moving import step
from bot.storage.okr.periods import ensure_period
from bot.storage.okr.tables import KeyResult, Objective, Pillar
from bot.storage.policy import turn


def scored(world: worlds.World, of: UUID, score: str, *, days: int = 1) -> None:
    """As if its key results had been updated so many days ago."""
    with world.look() as db:
        for one in db.query(KeyResult).filter_by(objective_id=of):
            one.score, one.updated_at = Decimal(score), world.clock.now() - timedelta(days=days)
            one.confidence = 6


def bars(world: worlds.World, who: str, place: Place, title: str) -> dict[str, str]:
    return {one.label: one.text for one in drawn(world, who, place)[title].bars}


async def test_a_managers_monday_has_what_stalls_is_at_risk_or_has_changed(chat: worlds.World) -> None:
    calls, guide, search = (objective(chat, title=title) for title in ("Calls", "Guide", "Search"))
    objective(chat, "linus", title="Backups")
    for of, score, days in ((calls, "0.9", 1), (guide, "0.1", 1), (search, "0.9", 36)):
        scored(chat, of, score, days=days)
    with chat.look() as db:
        db.get_one(Objective, search).created_at -= timedelta(days=60)
        paused = db.query(Objective).filter(Objective.id == calls).one()
        paused.state = "paused"
        step(db, paused, "pause", by=chat.person(db, "ada").id, behalf=None, at=chat.clock.now())
    told = bars(chat, "grace", "manager_digest", "Objectives of your team")
    assert list(told) == ["Ada Byron: Search", "Ada Byron: Guide", "Ada Byron: Calls"]
    assert "no update since Sun 18 Oct" in told["Ada Byron: Search"]
    assert "🔴 off track" in told["Ada Byron: Guide"]
    assert "paused this week" in told["Ada Byron: Calls"]
    assert "Objectives of your team" not in drawn(chat, "ada", "manager_digest")


async def test_of_what_was_never_measured_only_its_silence_is_told(chat: worlds.World) -> None:
    never = objective(chat, title="Never")
    with chat.look() as db:
        for one in (db.get_one(Objective, never), *db.query(KeyResult)):
            one.created_at -= timedelta(days=36)
    [told] = bars(chat, "grace", "manager_digest", "Objectives of your team").values()
    assert told.startswith("no update since")


async def test_what_is_over_and_not_closed_says_so_to_its_manager_and_its_owner(chat: worlds.World) -> None:
    scored(chat, objective(chat, title="Calls"), "0.9", days=10)
    await chat.at("2027-01-04 09:00")
    assert "Q4 2026 is over: please close it" in bars(chat, "ada", "my_summary", "My objectives")["Calls"]
    await chat.at("2027-01-18 09:00")
    told = bars(chat, "grace", "manager_digest", "Objectives of your team")
    assert "Q4 2026 is over: not closed" in told["Ada Byron: Calls"]


async def test_it_names_seven_at_most_and_none_where_all_is_well(chat: worlds.World) -> None:
    for number in range(9):
        scored(chat, objective(chat, title=f"Goal {number}"), "0.1")
    section = drawn(chat, "grace", "manager_digest")["Objectives of your team"]
    assert len(section.bars) == 7
    assert section.note == "and 2 more"
    with chat.look() as db:
        for one in db.query(KeyResult):
            one.score = Decimal("0.9")
    assert "Objectives of your team" not in drawn(chat, "grace", "manager_digest")


def pillar(world: worlds.World, key: str, title: str) -> UUID:
    with world.look() as db:
        period = ensure_period(db, world.clock.now().date(), world.clock.real())
        made = Pillar(period_id=period.id, key=key, title=title, created_at=world.clock.real())
        db.add(made)
        db.flush()
        return made.id


async def test_hr_reads_the_pillars_side_by_side_and_shares_only_of_five_people(chat: worlds.World) -> None:
    customers, product = pillar(chat, "a", "Customers"), pillar(chat, "b", "Product")
    for who in ("ada", "linus", "eve", "hana", "grace"):
        of = objective(chat, who, level="team", pillar_id=customers, results=[CALLS, Result("Complaints", "9", "3")])
        scored(chat, of, "0.5", days=1 if who == "ada" else 20)
    objective(chat, "eve", level="team", pillar_id=product)
    title = "Objectives, pillar by pillar · Q4 2026"
    told = bars(chat, "hana", "hr_digest", title)
    assert told == {
        "Customers": "0.50 · 🟢 on track · 2 of 10 key results up to date", "Product": "no update yet",
    }  # fmt: skip
    section = drawn(chat, "hana", "hr_digest")[title]
    assert "up to date" not in "".join(map(str, section.lines)), "the rest would be that of one person"
    assert title not in drawn(chat, "grace", "hr_digest")


async def test_the_pillars_come_with_a_picture(chat: worlds.World) -> None:
    pytest.importorskip("matplotlib")
    customers = pillar(chat, "a", "Customers")
    scored(chat, objective(chat, "hana", level="company", pillar_id=customers), "0.5")
    [file] = drawn(chat, "hana", "hr_digest")["Objectives, pillar by pillar · Q4 2026"].files
    assert file.name == "pillars-2026-Q4.png"
    assert file.alt == "Where the company stands · Q4 2026. Customers: 0.50 · on track."


async def test_my_month_my_home_and_my_menu_have_my_objectives(chat: worlds.World) -> None:
    scored(chat, objective(chat), "0.8")
    assert bars(chat, "ada", "my_summary", "My objectives") == {
        "Customers hear from us the same day": "🟢 on track · score 0.80 · last update Sun 22 Nov"
    }
    places: tuple[Place, ...] = ("home", "menu")
    for place in places:
        section = drawn(chat, "ada", place)["My objectives"]
        assert "🟢 on track" in str(section.rows)
        assert [button.label for row in section.rows for button in row.buttons] == ["Update"]
        assert "None yet" in lines(drawn(chat, "linus", place)["My objectives"])[0]
    assert "My objectives" not in drawn(chat, "linus", "my_summary")


async def test_where_objectives_are_off_no_place_has_any(chat: worlds.World) -> None:
    of = objective(chat)
    scored(chat, of, "0.1")
    pillar(chat, "a", "Customers")
    with chat.look() as db:
        turn(db, "goals", "", "off", chat.clock.now(), chat.clock.real(), by=None)
    read: tuple[tuple[str, Place], ...] = (
        ("ada", "home"), ("ada", "menu"), ("ada", "my_summary"), ("grace", "manager_digest"), ("hana", "hr_digest"),
    )  # fmt: skip
    for who, place in read:
        assert not [title for title in drawn(chat, who, place) if "bjectives" in title]


@pytest.mark.parametrize(
    ("who", "place"),
    [("grace", "manager_digest"), ("hana", "hr_digest"), ("ada", "my_summary"), ("ada", "home"), ("ada", "menu")],
)
async def test_every_place_takes_as_many_statements_for_thirty_as_for_three(
    chat: worlds.World, who: str, place: Place
) -> None:
    assert await _counted(chat, who, place, 3) == await _counted(chat, who, place, 30)


async def _counted(world: worlds.World, who: str, place: Place, count: int) -> int:
    with world.look() as db:
        known = db.query(Objective).count()
    for number in range(known, count):
        scored(world, objective(world, title=f"Goal {number}", results=[CALLS, CALLS]), "0.1", days=40)
    with counted(world) as seen:
        drawn(world, who, place)
    return len(seen)
