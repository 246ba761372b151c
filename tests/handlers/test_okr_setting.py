"""Setting objectives: on one page, with words at each field that is wrong; agreed to, changed."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import pairs
import pytest
import world as worlds
from goals import CALLS, TYPED, Result, newest, objective, objectives, opened, results_of, set_rules, titles, wrong
from patience import until
from sqlalchemy import text

from bot.storage.okr.goals import steps_of
from bot.storage.okr.tables import Objective


async def add(chat: worlds.World, who: str = "ada", title: str = "Customers hear from us", **more: str) -> Objective:
    await chat.command(who, "/okr", "add")
    await chat.submit(who, title=title, **(TYPED | more))
    return objectives(chat)[-1]


async def test_an_objective_is_added_on_one_page_with_hints_that_refuse_nothing(chat: worlds.World) -> None:
    await chat.command("ada", "/okr", "add")
    assert "run the monthly close" in chat.told("ada"), "an example of the level stands beside"
    await chat.submit("ada", title="Customers wait 20 % less", **(TYPED | {"results.0.title": "Launch"}))
    said = chat.told("ada")
    assert "its number belongs in a key result" in said
    assert "that sounds like something to do" in said
    assert "Two to four key results are a good number." in said
    assert "Change…" in chat.labels("ada")
    (made,) = objectives(chat)
    assert (made.level, made.state, made.ambition) == ("individual", "active", "aspirational")
    assert titles(chat, made.id) == ["Customers wait 20 % less", "Launch"]
    (calls,) = results_of(chat, made.id)
    assert (calls.kind, calls.start, calls.target, calls.unit) == ("numeric", Decimal(40), Decimal(80), "percent")


async def test_a_form_that_is_sent_twice_is_one_objective(chat: worlds.World) -> None:
    await chat.command("ada", "/okr", "add")
    view = chat.open_view("ada")
    await chat.submit("ada", title="Once", **TYPED)
    await chat.show_again("ada", view)
    await chat.submit("ada", title="Once", **TYPED)
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
    found = await wrong(chat, "ada", title="T", **(TYPED | {"results.0.from": "1,250", "results.0.to": "many"}))
    assert found == {
        "results.0.from": "Do you mean 1250 or 1.25? Please write it without the separator, or with all decimals.",
        "results.0.to": "Please give a number, for example 12 or 12.5.",
    }
    found = await wrong(chat, "ada", **{"results.0.from": "80", "results.0.to": "80"})
    assert found == {"results.0.to": "That is where it starts. What is it to become?"}
    assert "results.0.from" in await wrong(chat, "ada", **{"results.0.from": ""})
    assert "results.0.to" in await wrong(chat, "ada", **{"results.0.from": "4", "results.0.to": ""})
    assert "results.0.from" in await wrong(chat, "ada", **{"results.0.to": "at least 9"})
    assert objectives(chat) == []


async def test_a_manager_sets_one_for_their_people_who_hear_of_it_and_can_talk_about_it(chat: worlds.World) -> None:
    await chat.command("grace", "/okr", "team")
    await chat.press("grace", "Add for…")
    await chat.submit("grace", whom=chat.picked("eve"), title="Given", level="individual", **TYPED)
    assert "not among those" in str(chat.errors("grace")) + chat.told("grace")
    await chat.submit("grace", whom=chat.picked("ada"), level="team")
    assert "leads nobody" in str(chat.errors("grace")) + chat.told("grace")
    await chat.submit("grace", level="individual")
    (made,) = objectives(chat)
    with chat.look() as db:
        assert made.owner_id == chat.person(db, "ada").id
    await chat.later(hours=1)
    given = newest(chat, "ada", "Grace Murray has set an objective for you")
    assert "Given" in given.words
    await chat.press("ada", "Talk about it…", given)
    await chat.submit("ada", why="Two of these are not mine to move.")
    await chat.later(hours=8)
    asked = newest(chat, "grace", "Ada Byron would like to talk about an objective that you set")
    assert "not mine to move" not in asked.words
    await chat.press("grace", "Open", asked)
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
    asked = newest(chat, "grace", "Ada Byron asks you to agree")
    assert "Customers hear from us" in asked.words
    assert "1 key result" in asked.words
    await chat.press("grace", "Send back…", asked)
    await chat.submit("grace", why="Please say for which customers.")
    await chat.later(hours=16)
    back = newest(chat, "ada", "Grace Murray has sent your objective back")
    assert "Please say" not in back.words
    await chat.press("ada", "Change…", back)
    await chat.submit("ada", title="New customers hear from us")
    await chat.later(hours=8)
    pressed = await chat.press("grace", "Agree", newest(chat, "grace", "Ada Byron asks you to agree"))
    await chat.again(pressed)
    assert newest(chat, "grace", "You have agreed to Ada Byron's objective")
    assert objectives(chat)[0].state == "active"
    with chat.look() as db:
        moves = [one.move for one in steps_of(db, made.id)]
    assert moves == ["created", "send_back", "changed", "agree"]


async def test_two_that_wait_for_the_same_manager_are_told_apart(chat: worlds.World) -> None:
    set_rules(chat, agreement=True)
    await add(chat, title="Answer faster")
    await add(chat, title="Find more")
    await chat.later(hours=8)
    asked = [one.words for one in chat.messages("grace") if "asks you to agree" in one.words]
    assert ["Answer faster" in one for one in asked] == [True, False]
    assert ["Find more" in one for one in asked] == [False, True]


async def test_without_a_manager_hr_agrees_and_nobody_to_their_own(chat: worlds.World) -> None:
    set_rules(chat, agreement=True)
    eves = await add(chat, "eve")
    await chat.later(hours=24)
    await chat.press("hana", "Agree", newest(chat, "hana", "Eve Moreau asks you to agree"))
    hanas = await add(chat, "hana", level="individual")
    assert {one.id: one.state for one in objectives(chat)} == {eves.id: "active", hanas.id: "active"}, (
        "where nobody could agree nothing waits"
    )


async def test_a_change_keeps_what_was_there_before(chat: worlds.World) -> None:
    of = objective(chat, results=[CALLS, Result("Complaints a week", "9", "3")])
    await opened(chat, "ada", of, "Change…")
    calls, complaints = results_of(chat, of)
    await chat.submit("ada", **{"results.0.title": "Calls answered at once", "results.0.to": "90", "results.1.to": "2"})
    assert "Before: Calls answered within an hour (40 → 80 %)" in chat.told("ada")
    await opened(chat, "ada", of, "Change…")
    assert set(await wrong(chat, "ada", **{"results.1.title": ""})) == {"results.1.title"}
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


@pytest.mark.parametrize("pair", pairs.ON_A_SERVER, ids="-".join)
async def test_who_waited_for_another_hand_does_not_write_over_it(world: worlds.World) -> None:
    of = objective(world)
    await opened(world, "ada", of, "Change…")
    with world.look() as db:
        row = db.get_one(Objective, of, with_for_update=True)
        row.title, row.version = "Hers", row.version + 1
        db.flush()
        sending = asyncio.create_task(world.submit("ada", title="Mine"))
        await until(lambda: db.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))
    await sending
    assert titles(world, of)[0] == "Hers"
    assert "in this very moment" in world.told("ada")
    await world.submit("ada")
    assert "Stored: Hers" in world.told("ada")
    await world.submit("ada")
    assert titles(world, of)[0] == "Mine"
