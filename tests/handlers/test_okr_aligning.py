"""What an objective supports, with why; its weights and all that stands behind *More…*."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

import world as worlds
from goals import CALLS, TYPED, objective, objectives, opened, results_of, wrong


async def test_it_is_aligned_with_a_reason_and_never_in_a_circle(chat: worlds.World) -> None:
    top = objective(chat, "hana", "Customers stay", level="company")
    of = objective(chat, level="team")
    other = objective(chat, "linus", level="team", parent_id=of)
    await opened(chat, "ada", of, "Align…")
    assert "why" in await wrong(chat, "ada", parent=str(top))
    assert "round in a circle" in (await wrong(chat, "ada", parent=str(other), why="So."))["parent"]
    await chat.submit("ada", parent=str(top), why="Who hears from us stays.")
    assert "Customers stay – Who hears from us stays." in chat.told("ada")
    await chat.later(hours=1)
    await opened(chat, "hana", top, "Change…")
    await chat.submit("hana", title="Customers stay for years")
    await chat.later(hours=1)
    await opened(chat, "ada", of, "It still fits")
    await opened(chat, "ada", of)
    assert "It still fits" not in chat.labels("ada", chat.view("ada"))
    await opened(chat, "ada", of, "Align…")
    await chat.submit("ada", parent="none")
    assert {one.id: one.parent_id for one in objectives(chat)}[of] is None


async def test_a_parent_of_another_time_is_refused_at_its_field(chat: worlds.World) -> None:
    top = objective(chat, "hana", "Customers stay", level="company")
    await chat.command("ada", "/okr", "add")
    await chat.submit("ada", title="T", period="2027-01-01", parent=str(top), why="So.", **TYPED)
    assert "does not hold for all of" in chat.told("ada") + str(chat.errors("ada"))
    await chat.submit("ada", period="2026-10-01")
    assert [one.parent_id for one in objectives(chat) if one.id != top] == [top]


async def test_of_more_than_are_listed_a_word_of_the_title_finds_one(chat: worlds.World) -> None:
    tops = [objective(chat, "hana", f"Company goal number {one}", (), level="company") for one in range(30)]
    of = objective(chat)
    await opened(chat, "ada", of, "Align…")
    await chat.choose("ada", find="NUMBER 29")
    assert "Company goal number 28" not in chat.told("ada")
    await chat.submit("ada", parent=str(tops[29]), why="So.")
    assert {one.id: one.parent_id for one in objectives(chat)}[of] == tops[29]


async def test_a_new_one_finds_its_parent_by_a_word_and_keeps_what_is_picked(chat: worlds.World) -> None:
    tops = [objective(chat, "hana", f"Company goal number {one}", (), level="company") for one in range(30)]
    await chat.command("ada", "/okr", "add")
    chat.type_in("ada", title="Answer faster")
    await chat.choose("ada", find="nowhere")
    assert "No title holds that." in chat.told("ada")
    await chat.choose("ada", find="NUMBER 29")
    assert "Company goal number 28" not in chat.told("ada")
    await chat.submit("ada", parent=str(tops[29]), why="So.", **TYPED)
    assert [one.parent_id for one in objectives(chat) if one.id not in tops] == [tops[29]]


async def test_a_word_that_no_title_holds_leaves_the_form_open(chat: worlds.World) -> None:
    tops = [objective(chat, "hana", f"Company goal number {one}", (), level="company") for one in range(30)]
    of = objective(chat)
    await opened(chat, "ada", of, "Align…")
    await chat.choose("ada", find="nowhere")
    await chat.choose("ada", find="number 27")
    await chat.submit("ada", parent=str(tops[27]), why="So.")
    assert {one.id: one.parent_id for one in objectives(chat)}[of] == tops[27]


async def test_weights_owners_and_the_rest_stand_behind_more(chat: worlds.World) -> None:
    of = objective(chat, results=[CALLS])
    other = objective(chat, "hana", "Customers stay", level="company")
    (calls,) = results_of(chat, of)
    await opened(chat, "ada", of, "More…")
    found = await wrong(chat, "ada", weight="0", **{f"weight_{calls.id.hex}": "-1"})
    assert set(found) == {"weight", f"weight_{calls.id.hex}"}
    answers: dict[str, Any] = {f"weight_{calls.id.hex}": "3", f"days_{calls.id.hex}": "7", "links": [str(other)]}
    await chat.submit("ada", weight="2", **answers, **{f"owner_{calls.id.hex}": chat.picked("linus")})
    (now,), (result,) = [one for one in objectives(chat) if one.id == of], results_of(chat, of)
    with chat.look() as db:
        linus: UUID = chat.person(db, "linus").id
    assert (now.weight, result.weight, result.cadence_days, result.owner_id) == (Decimal(2), Decimal(3), 7, linus)
    await chat.command("linus", "/okr", "team")
    assert "Update" in chat.labels("linus"), "who looks after a key result updates it"
