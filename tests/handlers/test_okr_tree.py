"""`/okr tree`: pillars side by side with what stands below them, and a picture of the whole; never one number."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from uuid import UUID

import pytest
import world as worlds
from goals import CALLS, measured, objective, pillar
from looking import context, counted

from bot.handlers.okr.company import Company, company
from bot.handlers.okr.periods import shown
from bot.handlers.okr.picture import pillars_picture, tree_picture
from bot.storage.okr.tables import Objective, ObjectiveLink
from bot.texts import reader


@contextmanager
def standing(world: worlds.World, who: str = "ada") -> Iterator[Company]:
    with world.look() as db, reader("en"):
        looking = context(world, db, who)
        period = shown(looking, looking.now.date())
        found = company(looking, period) if period else None
        assert found
        yield found


def cascade(world: worlds.World, of: UUID | None = None, score: str = "0.8") -> list[UUID]:
    """Of the company, of Grace's department below it, of a team below that."""
    of = of or pillar(world, "customers", "Customers")
    company = objective(world, "hana", "Customers stay", level="company", pillar_id=of)
    department = objective(world, "grace", "Answers on the same day", level="department", parent_id=company)
    team = objective(world, "linus", "Search finds it", level="team", parent_id=department)
    for one in (company, department, team):
        measured(world, one, score)
    return [company, department, team]


async def test_each_pillar_has_its_own_bar_and_there_is_no_number_for_all(chat: worlds.World) -> None:
    cascade(chat)
    growth = pillar(chat, "growth", "Growth")
    measured(chat, objective(chat, "hana", "New markets", level="company", pillar_id=growth), "0.1")
    said = await chat.reply("ada", "/okr", "tree")
    assert "0.80 · 🟢 on track" in said
    assert "0.10 · 🔴 off track" in said
    assert "0.45" not in said, "the mean of both"
    assert said.index("Customers stay") < said.index("Answers on the same day") < said.index("New markets")
    assert "↳" in said
    assert "Search finds it" not in said, "teams stand in the picture"
    assert "1 more in the picture" in said


async def test_what_stands_there_opens(chat: worlds.World) -> None:
    cascade(chat)
    await chat.command("ada", "/okr", "tree")
    await chat.press("ada", chat.in_row("ada", "Customers stay"))
    assert "score 0.80 · Company · Hana Sato" in chat.drawn(chat.view("ada"))


async def test_a_secondary_link_adds_nothing(chat: worlds.World) -> None:
    top, department, _ = cascade(chat)
    with chat.look() as db:
        db.add(ObjectiveLink(objective_id=department, to_id=top))
    with standing(chat) as found:
        before = found.pillars[0].score
    other = measured(chat, objective(chat, "grace", "Something else", level="department"), "0.1")
    with chat.look() as db:
        db.add(ObjectiveLink(objective_id=other, to_id=top))
    with standing(chat) as found:
        [customers, _] = found.pillars
        titles = [one.of.objective.title for _, one in customers.listed]
    assert customers.score == before
    assert titles == ["Customers stay", "Answers on the same day", "Search finds it"]


async def test_what_hangs_loose_or_in_a_loop_stands_without_a_pillar(chat: worlds.World) -> None:
    first, second = (objective(chat, "grace", title, level="team") for title in ("One", "Two"))
    with chat.look() as db:
        for child, parent in ((first, second), (second, first)):
            db.get_one(Objective, child).parent_id = parent
    said = await chat.reply("ada", "/okr", "tree")
    assert "Without a pillar" in said


async def test_individuals_are_counted_from_five_people_on_and_never_named(chat: worlds.World) -> None:
    *_, team = cascade(chat)
    for who in ("ada", "linus", "grace", "hana"):
        objective(chat, who, f"Private plan of {who}", parent_id=team)
    with standing(chat) as found:
        assert found.pillars[0].individuals is None
    objective(chat, "eve", "Private plan of eve", parent_id=team)
    said = await chat.reply("ada", "/okr", "tree")
    assert "5 of individuals" in said
    assert "Private" not in said


async def test_coverage_is_told_where_something_was_never_measured(chat: worlds.World) -> None:
    of = pillar(chat, "customers", "Customers")
    measured(chat, objective(chat, "hana", "Both", (CALLS, CALLS), level="company", pillar_id=of), "1", None)
    said = await chat.reply("ada", "/okr", "tree")
    assert "0.50 · 🟢 on track · 50 % of it measured" in said


async def test_nothing_to_see_says_so(chat: worlds.World) -> None:
    assert "There is nothing to see yet" in await chat.reply("ada", "/okr", "tree")
    objective(chat, title="Mine alone")
    assert "There is nothing to see yet" in await chat.reply("ada", "/okr", "tree")


async def test_the_picture_comes_as_a_message_with_its_words(chat: worlds.World) -> None:
    pytest.importorskip("matplotlib")
    cascade(chat)
    await chat.command("ada", "/okr", "tree")
    await chat.press("ada", "Picture")
    assert "on its way" in chat.seen("ada")
    await chat.settle()
    [(name, content)] = await chat.files("ada")
    assert name == "okr-tree-2026-Q4.png"
    assert content.startswith(b"\x89PNG")


async def test_pictures_say_in_words_what_they_show(chat: worlds.World) -> None:
    pytest.importorskip("matplotlib")
    cascade(chat)
    pillar(chat, "growth", "Growth")
    with standing(chat) as found:
        for [file] in (tree_picture(found), pillars_picture(found.period, found.today, found.pillars)):
            assert file.alt == (
                "Where the company stands · Q4 2026. Customers: 0.80 · on track; Growth: no objective yet."
            )


@pytest.mark.parametrize("words", ["tree", "", "company"])
async def test_any_number_of_objectives_takes_the_same_statements(chat: worlds.World, words: str) -> None:
    async def statements() -> int:
        with counted(chat) as seen:
            await chat.command("ada", "/okr", words)
        return len(seen)

    of = pillar(chat, "customers", "Customers")
    fill(chat, of, 3)
    await statements()
    few = await statements()
    fill(chat, of, 297)
    assert await statements() == few


def fill(world: worlds.World, of: UUID, count: int) -> None:
    """So many at all levels, a third of them Ada's own."""
    for at in range(count // 3):
        top = objective(world, "hana", f"Company {count} {at}", level="company", pillar_id=of, rollup="blend")
        below = objective(world, "grace", f"Department {count} {at}", level="department", parent_id=top)
        measured(world, objective(world, "ada", f"Ada {count} {at}", parent_id=below, weight=Decimal(2)), "0.5")
