"""An objective is given to somebody else: within rights, with all that belongs to it, and both sides are told."""

from __future__ import annotations

from uuid import UUID

import world as worlds
from goals import (
    CALLS,
    Result,
    newest,
    objective,
    objectives,
    opened,
    results_of,
    set_rules,
    silent,
    sweep,
    titles,
    wrong,
)

from bot.storage.audit import AuditEvent
from bot.storage.leaving import leave
from bot.storage.okr.tables import KeyResult, Milestone, Objective

STEPS = Result("New form", None, None, kind="milestone", steps=("draft", "everywhere"))


def person(world: worlds.World, who: str) -> UUID:
    with world.look() as db:
        return world.person(db, who).id


def owner(world: worlds.World, of: UUID) -> UUID | None:
    return next(one.owner_id for one in objectives(world) if one.id == of)


async def test_a_manager_gives_it_on_and_its_words_are_sealed_for_the_new_owner(chat: worlds.World) -> None:
    of = objective(chat, results=[CALLS, STEPS])
    calls, _ = results_of(chat, of)
    with chat.look() as db:
        db.get_one(KeyResult, calls.id).owner_id = chat.person(db, "ada").id
    await opened(chat, "grace", of, "Give it to…")
    assert "Its history and its notes go along" in chat.told("grace")
    await chat.submit("grace", to=chat.picked("linus"))
    assert "Linus Holm looks after it now, and is told." in chat.told("grace")
    assert "gave it to Linus Holm" in chat.told("grace")
    assert "Before: Ada Byron" in chat.told("grace")
    linus = person(chat, "linus")
    with chat.look() as db:
        keepers = {one.keeper_id for table in (Objective, KeyResult, Milestone) for one in db.query(table)}
    assert (keepers, owner(chat, of)) == ({linus}, linus)
    assert titles(chat, of) == ["Customers hear from us the same day", CALLS.title, STEPS.title]
    assert [one.owner_id for one in results_of(chat, of)] == [None, None]
    [row] = [one for one in chat.rows(AuditEvent) if one.action == "okr.given"]
    assert (row.object_id, row.details["owner"]) == (of, str(linus))


async def test_both_are_told_by_whom_and_what_comes(chat: worlds.World) -> None:
    of = objective(chat)
    await opened(chat, "grace", of, "Give it to…")
    await chat.submit("grace", to=chat.picked("linus"))
    await chat.at("2026-11-23 15:00")
    told = newest(chat, "linus", "Grace Murray has given you an objective")
    assert "I ask you how it stands" in told.words
    assert "Customers hear from us the same day" in told.words
    before = newest(chat, "ada", "Grace Murray has given your objective to Linus Holm")
    assert "I ask you about it no more." in before.words
    await chat.press("linus", "Talk about it…", told)
    await chat.submit("linus", why="It is a lot.")
    await chat.at("2026-11-24 15:00")
    assert newest(chat, "grace", "Linus Holm would like to talk about an objective that you set")


async def test_it_goes_only_to_whom_one_may_set_objectives_for(chat: worlds.World) -> None:
    of, team = objective(chat), objective(chat, "grace", "We answer", level="team")
    await opened(chat, "ada", of)
    assert "Give it to…" not in chat.labels("ada", chat.view("ada"))
    await opened(chat, "grace", of, "Give it to…")
    assert "not among those" in (await wrong(chat, "grace", to=chat.picked("eve")))["to"]
    assert "one of the two" in (await wrong(chat, "grace", me=True, to=chat.picked("linus")))["to"]
    await opened(chat, "grace", team, "Give it to…")
    assert "leads nobody here" in (await wrong(chat, "grace", to=chat.picked("ada")))["to"]
    assert owner(chat, of) == person(chat, "ada")


async def test_hr_gives_to_anybody_and_what_is_closed_to_nobody(chat: worlds.World) -> None:
    of, done = objective(chat), objective(chat, state="done")
    await opened(chat, "hana", done)
    assert "Give it to…" not in chat.labels("hana", chat.view("hana"))
    await opened(chat, "hana", of, "Give it to…")
    await chat.submit("hana", to=chat.picked("eve"))
    assert owner(chat, of) == person(chat, "eve")
    await chat.at("2026-11-23 15:00")
    told = newest(chat, "ada", "Hana Sato has given your objective to Eve Moreau")
    assert "Open" not in chat.labels("ada", told), "it is none that Ada reads now"


async def test_who_takes_it_over_says_so_to_who_had_it(chat: worlds.World) -> None:
    of = objective(chat)
    await opened(chat, "grace", of, "Give it to…")
    await chat.submit("grace", me=True)
    assert owner(chat, of) == person(chat, "grace")
    await chat.at("2026-11-23 15:00")
    assert newest(chat, "ada", "Grace Murray has taken over your objective")


async def test_a_draft_asks_the_new_owners_manager_to_agree(chat: worlds.World) -> None:
    set_rules(chat, agreement=True)
    of = objective(chat, "eve", state="draft")
    await opened(chat, "hana", of, "Give it to…")
    await chat.submit("hana", to=chat.picked("ada"))
    await chat.at("2026-11-23 15:00")
    assert "It is a draft" in newest(chat, "ada", "Hana Sato has given you an objective").words
    await chat.press("grace", "Agree", newest(chat, "grace", "Ada Byron asks you to agree"))
    assert [one.state for one in objectives(chat)] == ["active"]


async def test_who_had_it_is_asked_about_it_no_more(chat: worlds.World) -> None:
    of = silent(chat, 14)
    await sweep(chat, "2026-11-23 11:00")
    assert "Still the right goal?" in chat.words("ada")
    await opened(chat, "grace", of, "Give it to…")
    await chat.submit("grace", to=chat.picked("linus"))
    await chat.settle()
    assert "Nothing to decide about your objectives" in chat.messages("ada")[0].words
    await sweep(chat, "2026-11-24 11:00")
    assert "Still the right goal?" not in chat.words("linus"), "for the new owner the time begins anew"


async def test_what_somebody_leaves_behind_its_last_manager_takes_over_with_one_tap(chat: worlds.World) -> None:
    top = objective(chat, "hana", "Customers stay", level="company")
    of = objective(chat, "ada", "Answer faster", parent_id=top)
    with chat.look() as db:
        now = chat.clock.now()
        leave(db, {chat.person(db, "ada").id: now.date()}, now.date(), now, chat.clock.real(), None)
    await sweep(chat, "2026-11-24 16:00")
    told = newest(chat, "grace", "One of your objectives needs a look")
    assert "Ada Byron does not work here any more." in told.words
    await chat.press("grace", "Give it to…", told)
    await chat.submit("grace", me=True)
    assert "It is yours now." in chat.told("grace")
    assert owner(chat, of) == person(chat, "grace")
    await chat.settle()
    assert "Your objectives hang together" in chat.words("grace")


async def test_the_linters_pause_pauses(chat: worlds.World) -> None:
    top = objective(chat, "hana", "Customers stay", level="company")
    for at in range(4):
        objective(chat, "ada", f"Answer {at}", parent_id=top)
    await sweep(chat, "2026-11-24 12:00")
    told = newest(chat, "ada", "One of your objectives needs a look")
    await chat.press("ada", "Pause it", told)
    assert sorted(one.state for one in objectives(chat)) == ["active"] * 4 + ["paused"]
