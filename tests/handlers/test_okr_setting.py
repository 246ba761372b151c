"""Setting objectives: on one page, with words at each field that is wrong; agreed, changed, aligned, weighed."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import world as worlds
from goals import CALLS, Result, objective, objectives, opened, results_of, set_rules, titles

from bot.storage.okr.goals import steps_of
from bot.storage.okr.tables import Objective

CALM = {"results.0.title": "Calls answered within an hour", "results.0.from": "40 %", "results.0.to": "80"}


async def add(chat: worlds.World, who: str = "ada", title: str = "Customers hear from us", **more: str) -> Objective:
    await chat.command(who, "/okr", "add")
    await chat.submit(who, title=title, **(CALM | more))
    return objectives(chat)[-1]


async def errors(chat: worlds.World, **answers: str) -> dict[str, str]:
    await chat.submit("ada", **answers)
    return dict(chat.errors("ada"))


async def test_an_objective_is_added_on_one_page_with_hints_that_refuse_nothing(chat: worlds.World) -> None:
    await chat.command("ada", "/okr", "add")
    assert "run the monthly close" in chat.told("ada"), "an example of the level stands beside"
    await chat.submit("ada", title="Customers hear from us", **(CALM | {"results.0.title": "Launch"}))
    said = chat.told("ada")
    assert "that sounds like something to do" in said
    assert "Two to four key results are a good number." in said
    assert "Change…" in chat.labels("ada")
    (made,) = objectives(chat)
    assert (made.level, made.state, made.ambition) == ("individual", "active", "aspirational")
    assert titles(chat, made.id) == ["Customers hear from us", "Launch"]
    (calls,) = results_of(chat, made.id)
    assert (calls.kind, calls.start, calls.target, calls.unit) == ("numeric", Decimal(40), Decimal(80), "percent")


async def test_a_form_that_is_sent_twice_is_one_objective(chat: worlds.World) -> None:
    await chat.command("ada", "/okr", "add")
    view = chat.open_view("ada")
    await chat.submit("ada", title="Once", **CALM)
    await chat.show_again("ada", view)
    await chat.submit("ada", title="Once", **CALM)
    assert len(objectives(chat)) == 1


@pytest.mark.parametrize(
    ("typed", "kind", "start", "target", "unit"),
    [
        (("1.250,5", "1,250.75", "€"), "numeric", "1250.5", "1250.75", "€"),
        (("12 %", "15 Prozent", ""), "numeric", "12", "15", "percent"),
        (("1 250", "9", "days"), "numeric", "1250", "9", "days"),
        (("", "at least 99,9 %", ""), "maintain", None, "99.9", "percent"),
        (("", "at most 5", ""), "maintain", None, "5", ""),
        (("", "draft; pilot; everywhere", ""), "milestone", None, None, ""),
        (("", "", ""), "binary", None, None, ""),
    ],
)
async def test_what_is_typed_says_which_kind_it_is(
    chat: worlds.World, typed: tuple[str, str, str], kind: str, start: str | None, target: str | None, unit: str
) -> None:
    made = await add(chat, **dict(zip(("results.0.from", "results.0.to", "results.0.unit"), typed, strict=True)))
    (one,) = results_of(chat, made.id)
    exact = tuple(None if number is None else Decimal(number) for number in (start, target))
    assert (one.kind, one.start, one.target, one.unit) == (kind, *exact, unit)


async def test_each_wrong_number_has_its_words_at_its_own_field(chat: worlds.World) -> None:
    await chat.command("ada", "/okr", "add")
    wrong = await errors(chat, title="T", **(CALM | {"results.0.from": "1,250", "results.0.to": "many"}))
    assert wrong == {
        "results.0.from": "Do you mean 1250 or 1.25? Please write it without the separator, or with all decimals.",
        "results.0.to": "Please give a number, for example 12 or 12.5.",
    }
    wrong = await errors(chat, **{"results.0.from": "80", "results.0.to": "80"})
    assert wrong == {"results.0.to": "That is where it starts. What is it to become?"}
    assert "results.0.from" in await errors(chat, **{"results.0.from": ""})
    assert "results.0.to" in await errors(chat, **{"results.0.from": "4", "results.0.to": ""})
    assert "results.0.from" in await errors(chat, **{"results.0.to": "at least 9"})
    assert objectives(chat) == []


async def test_a_manager_sets_one_for_their_people_who_hear_of_it_and_can_talk_about_it(chat: worlds.World) -> None:
    await chat.command("grace", "/okr", "team")
    await chat.press("grace", "Add for…")
    await chat.submit("grace", whom=chat.picked("eve"), title="Given", level="individual", **CALM)
    assert "not among those" in str(chat.errors("grace")) + chat.told("grace")
    await chat.submit("grace", whom=chat.picked("ada"), level="team")
    assert "leads nobody" in str(chat.errors("grace")) + chat.told("grace")
    await chat.submit("grace", level="individual")
    (made,) = objectives(chat)
    with chat.look() as db:
        assert made.owner_id == chat.person(db, "ada").id
    await chat.later(hours=1)
    assert chat.titles("ada")[-1] == "Grace Murray has set an objective for you"
    assert "Given" not in chat.words("ada")
    await chat.press("ada", "Talk about it…")
    await chat.submit("ada", why="Two of these are not mine to move.")
    await chat.later(hours=8)
    assert chat.titles("grace")[-1] == "Ada Byron would like to talk about an objective that you set"
    assert "not mine to move" not in chat.words("grace")
    await chat.press("grace", "Open")
    assert "not mine to move" in chat.told("grace")


async def test_who_leads_nobody_adds_for_themselves_alone(chat: worlds.World) -> None:
    await chat.command("ada", "/okr", "team")
    assert "Add for…" not in chat.labels("ada")
    await chat.command("ada", "/okr", "add")
    assert not {"level", "whom"} & set(chat.asked("ada"))
    await chat.command("hana", "/okr", "add")
    assert "level" in chat.asked("hana"), "HR sets those of the company"


async def test_a_draft_waits_for_the_manager_who_agrees_or_sends_it_back(chat: worlds.World) -> None:
    set_rules(chat, agreement=True)
    made = await add(chat)
    assert made.state == "draft"
    assert "Agree" not in chat.labels("ada")
    await chat.later(hours=8)
    assert "Ada Byron asks you to agree" in chat.words("grace")
    assert "Customers" not in chat.words("grace")
    await chat.press("grace", "Send back…")
    await chat.submit("grace", why="Please say for which customers.")
    await chat.later(hours=16)
    assert "Please say" not in chat.words("ada")
    await chat.press("ada", "Change…")
    await chat.submit("ada", title="New customers hear from us")
    await chat.later(hours=8)
    asked = chat.last("grace")
    pressed = await chat.press("grace", "Agree", asked)
    await chat.again(pressed)
    assert objectives(chat)[0].state == "active"
    with chat.look() as db:
        moves = [one.move for one in steps_of(db, made.id)]
    assert moves == ["created", "send_back", "changed", "agree"]


async def test_without_a_manager_hr_agrees_and_nobody_to_their_own(chat: worlds.World) -> None:
    set_rules(chat, agreement=True)
    eves = await add(chat, "eve")
    await chat.later(hours=24)
    asked = next(one for one in chat.messages("hana") if "Eve Moreau asks you to agree" in one.words)
    await chat.press("hana", "Agree", asked)
    hanas = await add(chat, "hana", level="individual")
    assert {one.id: one.state for one in objectives(chat)} == {eves.id: "active", hanas.id: "active"}, (
        "where nobody could agree nothing waits"
    )


async def test_a_change_keeps_what_was_there_before(chat: worlds.World) -> None:
    of = objective(chat, results=[CALLS, Result("Complaints a week", "9", "3")])
    await opened(chat, "ada", of, "Change…")
    calls, complaints = results_of(chat, of)
    await chat.submit("ada", **{"results.0.title": "Calls answered at once", "results.0.to": "90", "results.1.to": "2"})
    assert "Before: Customers hear from us the same day; Calls answered within an hour (40 → 80 %)" in chat.told("ada")
    await opened(chat, "ada", of, "Change…")
    assert set(await errors(chat, **{"results.1.title": ""})) == {"results.1.title"}
    await chat.submit("ada", **{"results.1.title": "Complaints a week", "cancel": [str(complaints.id)]})
    first, second = results_of(chat, of)
    assert (first.id, first.target, first.cancelled) == (calls.id, Decimal(90), False)
    assert (second.target, second.cancelled) == (Decimal(2), True)
    assert titles(chat, of)[1] == "Calls answered at once"


async def test_of_two_who_change_it_at_once_the_second_sees_both(world: worlds.World) -> None:
    of = objective(world, results=[CALLS])
    await opened(world, "ada", of, "Change…")
    await opened(world, "grace", of, "Change…")
    await world.submit("grace", title="Hers")
    await world.submit("ada", title="Mine")
    assert titles(world, of)[0] == "Hers"
    assert "Stored: Hers" in world.told("ada")
    await world.submit("ada")
    assert titles(world, of)[0] == "Mine"


async def test_of_two_who_send_their_change_in_the_same_moment_one_is_stored_and_none_lost(
    world: worlds.World,
) -> None:
    of = objective(world)
    await opened(world, "ada", of, "Change…")
    await opened(world, "grace", of, "Change…")
    await asyncio.gather(world.submit("ada", title="Mine"), world.submit("grace", title="Hers"))
    with world.look() as db:
        assert [one.move for one in steps_of(db, of)] == ["changed"]
    assert sum(world.is_filling(who) for who in ("ada", "grace")) == 1, "one of them is asked to look once more"


async def test_it_is_aligned_with_a_reason_and_never_in_a_circle(chat: worlds.World) -> None:
    top = objective(chat, "hana", "Customers stay", level="company")
    of = objective(chat, level="team")
    other = objective(chat, "linus", level="team", parent_id=of)
    await opened(chat, "ada", of, "Align…")
    assert "why" in await errors(chat, parent=str(top))
    assert "round in a circle" in (await errors(chat, parent=str(other), why="So."))["parent"]
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
    await chat.submit("ada", title="T", period="2027-01-01", parent=str(top), why="So.", **CALM)
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


async def test_weights_owners_and_the_rest_stand_behind_more(chat: worlds.World) -> None:
    of = objective(chat, results=[CALLS])
    other = objective(chat, "hana", "Customers stay", level="company")
    (calls,) = results_of(chat, of)
    await opened(chat, "ada", of, "More…")
    wrong = await errors(chat, weight="0", **{f"weight_{calls.id.hex}": "-1"})
    assert set(wrong) == {"weight", f"weight_{calls.id.hex}"}
    answers: dict[str, Any] = {f"weight_{calls.id.hex}": "3", f"days_{calls.id.hex}": "7", "links": [str(other)]}
    await chat.submit("ada", weight="2", **answers, **{f"owner_{calls.id.hex}": chat.picked("linus")})
    (now,), (result,) = [one for one in objectives(chat) if one.id == of], results_of(chat, of)
    with chat.look() as db:
        linus: UUID = chat.person(db, "linus").id
    assert (now.weight, result.weight, result.cadence_days, result.owner_id) == (Decimal(2), Decimal(3), 7, linus)
    await chat.command("linus", "/okr", "team")
    assert "Update" in chat.labels("linus"), "who looks after a key result updates it"
