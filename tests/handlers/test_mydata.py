from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import world as worlds
from sqlalchemy.orm import Session

from bot.messages import Button
from bot.storage.audit import AuditEvent
from bot.storage.contacts import FirstContact
from bot.storage.drafts import Draft
from bot.storage.exports import subjects
from bot.storage.inbox import InboxItem
from bot.storage.kpis import Kpi, KpiValue
from bot.storage.notices import NoticeShown
from bot.storage.okr.moving import step
from bot.storage.okr.periods import ensure_period
from bot.storage.okr.tables import KeyResult, Objective
from bot.storage.okr.updating import Measured, store_updates
from bot.storage.outbox import OutboxRow
from bot.storage.people import Role
from bot.storage.programmes import Member, Programme
from bot.storage.scim import ScimUser
from bot.storage.sharing import HistoryShare, ManagerChange

WEEK = {"progress": "Shipped <script>alert(1)</script> & search", "next": "Write the guide"}
OPENS = "2026-11-26 10:00"
# By key of an entry: what people or questions name, so no label of ours.
FREE = ("texts", "numbers", "typed", "details")


async def asked(world: worlds.World, who: str = "ada") -> tuple[Any, str]:
    """Both files: what stands in the JSON, and the page."""
    await world.press(who, "?", world.given(who, Button("?", "mydata.send")))
    await world.settle()
    held = {name.rpartition(".")[2]: content for name, content in (await world.files(who))[-2:]}
    return json.loads(held["json"]), held["html"].decode()


def exports(world: worlds.World) -> list[AuditEvent]:
    return [row for row in world.rows(AuditEvent) if row.action == "export.made"]


async def test_it_asks_first_and_says_where_the_files_will_lie(world: worlds.World) -> None:
    told = await world.reply("ada", "/review", "mydata")
    assert "owners and admins may reach them" in told
    assert "Send me the files" in world.labels("ada")
    await world.press("ada", "No", world.given("ada", Button("No", "mydata.no")))
    await world.settle()
    assert await world.files("ada") == []
    assert exports(world) == []


async def test_two_files_come_under_one_message_with_all_that_was_written(world: worlds.World) -> None:
    await world.at(OPENS)
    await world.answer("ada", **WEEK)
    await world.answer("ada", progress="Shipped it twice", next="Rest")
    data, page = await asked(world)
    assert [name for name, _ in await world.files("ada")] == ["my-data.html", "my-data.json"]
    assert len([one for one in world.messages("ada") if one.words.startswith("Your data")]) == 1
    versions = data["records"]["checkins"][0]["versions"]
    assert [next(iter(one["texts"].values())) for one in versions] == [WEEK["progress"], "Shipped it twice"]
    assert "What moved forward this week?" in versions[0]["texts"]
    assert data["records"]["profile"][0]["email"] in page
    assert [row.details["files"] for row in exports(world)] == [2]
    assert all(row.body_sealed is None for row in world.rows(OutboxRow) if row.kind == "file"), "kept nowhere else"


async def test_the_page_runs_nothing_and_fetches_nothing(world: worlds.World) -> None:
    await world.at(OPENS)
    await world.answer("ada", **WEEK)
    _, page = await asked(world)
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; search" in page
    assert not re.search(r"<script|<img|<iframe|<link|<a |\bsrc=|\bhref=|javascript:|\son\w+=|url\(|@import", page)
    assert "default-src 'none'" in page
    assert "Thu, 26 Nov 2026" in page


async def test_it_is_written_in_the_language_of_its_reader(chat: worlds.World) -> None:
    with chat.look() as db:
        chat.person(db, "ada").locale = "de-AT"
    _, page = await asked(chat)
    assert '<html lang="de-AT">' in page
    assert "2026" in page


async def test_once_in_a_quarter_of_an_hour(world: worlds.World) -> None:
    await asked(world)
    await asked(world)
    told = await world.reply("ada", "/review", "mydata")
    assert "You asked for your files a moment ago" in told
    assert len(exports(world)) == 1
    world.clock.advance(timedelta(minutes=14, seconds=59))
    await asked(world)
    assert len(exports(world)) == 1
    world.clock.advance(timedelta(seconds=1))
    await asked(world)
    assert len(exports(world)) == 2
    await asked(world, "grace")
    assert len(exports(world)) == 3, "the pause is one person's own"


async def test_a_button_that_was_given_to_another_makes_nothing(world: worlds.World) -> None:
    await world.press("grace", "?", world.given("grace", Button("?", "mydata.send"), "ada"))
    await world.settle()
    assert exports(world) == []


async def test_who_has_left_by_then_gets_nothing(world: worlds.World) -> None:
    given = world.given("ada", Button("?", "mydata.send"))
    await world.front.press(world.user("ada"), given, "?")
    with world.look() as db:
        world.person(db, "ada").status = "left"
    await world.settle()
    assert exports(world) == []


async def test_each_side_has_what_it_may_read_and_no_more(world: worlds.World) -> None:
    await told_between(world)
    ada, _ = await asked(world)
    grace, page = await asked(world, "grace")
    linus, _ = await asked(world, "linus")
    assert "Well done, Ada" in json.dumps(ada["records"]["comments"])
    assert "Well done, Ada" in json.dumps(grace["records"]["comments"])
    assert "Shipped" not in json.dumps(grace), "a manager reads check-ins, and does not take them home"
    assert "Shipped" not in page
    assert "Well done" not in json.dumps(linus)
    assert [row["actor"] for row in ada["records"]["audit"] if row["action"] == "answer.read"] == ["Grace Murray"] * 2


async def told_between(world: worlds.World) -> None:
    await world.at(OPENS)
    await world.answer("ada", **WEEK)
    [checkin] = [row for row in world.rows(AuditEvent) if row.action == "checkin.submitted"]
    await world.read("grace", checkin.object_id)
    await world.press("grace", "Comment…", world.open_view("grace"))
    await world.submit("grace", text="Well done, Ada")
    await world.cancel("grace")


async def test_what_was_erased_with_its_writers_key_is_told_so(world: worlds.World) -> None:
    await told_between(world)
    with world.look() as db:
        grace, ada = world.person(db, "grace").id, world.person(db, "ada").id
    vault = world.app.database.keys
    vault.forget(f"person:{grace}")
    data, page = await asked(world)
    assert [one["text"] for one in data["records"]["comments"]] == ["(erased)"]
    assert "(erased)" in page
    vault.forget(f"person:{ada}")
    world.clock.advance(timedelta(minutes=16))
    data, _ = await asked(world)
    assert data["records"]["checkins"][0]["versions"][0]["texts"] == "(erased)"
    assert data["records"]["checkins"][0]["occurrence"] == "2026-11-26"


def some_goals(db: Session, world: worlds.World) -> None:
    now, ada = world.clock.now(), world.person(db, "ada").id
    period = ensure_period(db, now.date(), now).id
    words = {"keeper_id": ada, "owner_id": ada, "created_at": now}
    goal = Objective(period_id=period, key="o", level="individual", state="active", title="A goal", **words)
    db.add(goal)
    db.flush()
    result = KeyResult(objective_id=goal.id, key="k", kind="binary", title="Done", **words)
    kpi = Kpi(key="k", level="company", owner_id=ada, created_at=now, title="Requests")
    db.add_all((result, kpi))
    db.flush()
    step(db, goal, "created", by=ada, behalf=None, at=now)
    store_updates(db, [Measured(result.id, Decimal(1), 7)], by=ada, behalf=None, day=now.date(), at=now)
    db.add(KpiValue(kpi_id=kpi.id, day=now.date(), value=Decimal(3), by_id=ada, at=now, note="Fine"))


def some_of_everything(db: Session, world: worlds.World) -> None:
    some_goals(db, world)
    now = world.clock.now()
    ada, hana = world.person(db, "ada").id, world.person(db, "hana").id
    programme = db.query(Programme).first()
    assert programme is not None
    db.add(Draft(person_id=ada, conversation="checkin", subject="x", updated_at=now, raw='{"progress": "Half"}'))
    db.add(Role(person_id=ada, name="auditor", starts_on=now.date()))
    assert db.query(Member).filter_by(person_id=ada).count(), "the start has put everybody on its list"
    db.add(HistoryShare(person_id=ada, reader_id=hana, shared_at=now))
    db.add(ManagerChange(person_id=ada, earlier_id=hana, starts_on=now.date(), told_at=now, created_at=now))
    db.add(ScimUser(person_id=ada, user_name="ada", user_key="ada", manager_said=str(hana), created_at=now))
    db.add(NoticeShown(person_id=ada, version=1, features=["checkins"], shown_at=now))
    db.merge(FirstContact(person_id=ada, manager_id=hana, state="sent", created_at=now))
    db.add(
        InboxItem(
            person_id=ada, kind="question", state="answered", text="Who reads this?", answered_by_id=hana,
            answer="Only me.", owner_id=hana, due_at=now, answered_at=now, created_at=now,
        )
    )  # fmt: skip


def keys(value: object) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from keys(one)
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield str(key)
            if key not in FREE:
                yield from keys(one)


async def test_every_subject_has_words_for_all_that_it_holds(world: worlds.World) -> None:
    await told_between(world)
    await world.command("linus", "/checkin")
    await world.choose("linus", blocked=True)
    await world.submit("linus", **WEEK, blocker="CI is red")
    world.delegates("ada", "eve", "2026-11-26", "2026-12-04")
    await world.command("ada", "/review", "away")
    await world.submit("ada", back="2026-12-03")
    with world.look() as db:
        some_of_everything(db, world)
    ada, page = await asked(world)
    linus, _ = await asked(world, "linus")
    assert "Half" in page
    assert "Only me." in page
    for held in subjects():
        entries = ada["records"][held.key] or linus["records"][held.key]
        if held.key != "agenda":
            assert entries, f"nothing of {held.key} was seen"
        assert sorted(set(keys(entries)) - held.labels.keys()) == [], held.key


@pytest.mark.parametrize("who", ["ada", "hana"])
async def test_nothing_of_it_stands_in_the_chat_itself(who: str, chat: worlds.World) -> None:
    await chat.at(OPENS)
    await chat.answer("ada", **WEEK)
    await asked(chat, who)
    assert not [message for message in chat.messages(who) if "Shipped" in message.words]
