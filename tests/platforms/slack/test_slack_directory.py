"""Slack's directory: who joins, leaves, moves; who is no colleague; pages, pauses, and what two replicas do."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import world as worlds
from sqlalchemy import func, select

from bot import commands
from bot.commands.roster import Options
from bot.platforms.slack.members import profile
from bot.storage.accounts import LooseAccount
from bot.storage.audit import AuditEvent
from bot.storage.directory import DirectoryPass, next_page
from bot.storage.people import Address
from desk import company, joining, payloads
from desk.values import Member

PROMPT = "Time for your check-in"
NORA, NAME, EMAIL = "U0NORAFALK", "Nora Falk", "nora.falk@example.org"
OPENS = "2026-11-26 10:00"


async def listed(world: worlds.World, folder: Path, *rows: str) -> None:
    file = folder / "changes.csv"
    file.write_text("\n".join(["name,email,manager_email,department,zone,last_day", *rows]), "utf-8")
    await world.app.run(lambda: commands.import_people(world.app.database, file, world.clock, Options(confirmed=1)))
    await world.settle()


def row(name: str, email: str, last: str = "") -> str:
    return f"{name},{email},{company.person('Grace Murray').email},Engineering,Europe/Lisbon,{last}"


async def joins(world: worlds.World, name: str = NAME, **more: Any) -> None:
    assert (await joining.join(world.desk, name, **more)).status == 200
    await world.settle()


async def changes(world: worlds.World, who: str, **values: Any) -> None:
    assert (await joining.change(world.desk, world.user(who), **values)).status == 200
    await world.settle()


def heard(world: worlds.World, user: str = NORA) -> list[str]:
    return [each.text for each in world.desk.workspace.messages(user)]


def loose(world: worlds.World, user: str = NORA) -> LooseAccount | None:
    with world.look() as db:
        found: LooseAccount | None = db.scalar(select(LooseAccount).filter_by(user=user))
        return found


def held(world: worlds.World, user: str) -> Address | None:
    with world.look() as db:
        found: Address | None = db.scalar(select(Address).filter_by(user=user))
        return found


@pytest.mark.parametrize("first", ["the list", "slack"])
async def test_a_joiner_is_greeted_whichever_comes_first(
    slack_world: worlds.World, tmp_path: Path, first: str
) -> None:  # fmt: skip
    await slack_world.at("2026-11-23 10:00")
    if first == "the list":
        await listed(slack_world, tmp_path, row(NAME, EMAIL))
        await joins(slack_world)
    else:
        await joins(slack_world)
        kept = loose(slack_world)
        assert kept is not None
        assert (kept.name, kept.email, kept.state) == (NAME, EMAIL, "open")
        await listed(slack_world, tmp_path, row(NAME, EMAIL))
    assert loose(slack_world) is None, "nothing is kept of who is known"
    assert len(heard(slack_world)) == 1
    assert heard(slack_world)[0].startswith("I'm Rapport")
    await slack_world.at(OPENS)
    assert [words for words in heard(slack_world) if PROMPT in words] != []


async def test_told_twice_and_late_is_told_once(slack_chat: worlds.World) -> None:
    await joins(slack_chat)
    early = slack_chat.desk.delivery.exchanges[-1]
    await joining.change(slack_chat.desk, NORA, email="falk@example.org", updated=0)
    with slack_chat.look() as db:
        db.scalars(select(LooseAccount).filter_by(user=NORA)).one().said += 60
    await slack_chat.redeliver(early)
    kept = loose(slack_chat)
    assert kept is not None
    assert kept.email == "falk@example.org", "what was so before does not come again"


async def test_who_leaves_by_the_list_hears_nothing_more_and_is_answered_politely(
    slack_world: worlds.World, tmp_path: Path
) -> None:
    await slack_world.at(OPENS)
    prompt = slack_world.last("ada")
    await listed(slack_world, tmp_path, row("Ada Byron", company.person("Ada Byron").email, "2026-11-25"))
    assert (slack_world.ask("ada").state, slack_world.ask("ada").reason) == ("not_expected", "left")
    await slack_world.press("ada", "Check in", prompt)
    assert slack_world.view("ada") is None
    assert "You no longer work here" in slack_world.words("ada")
    assert "If that is a mistake, please ask HR." in slack_world.words("ada")
    before = len(slack_world.messages("ada"))
    for _ in range(10):
        await slack_world.later(days=1)
    assert len(slack_world.messages("ada")) == before


async def test_a_deactivated_account_ends_no_employment_and_nothing_is_sent_there(slack_world: worlds.World) -> None:
    await changes(slack_world, "ada", deleted=True)
    account = held(slack_world, slack_world.user("ada"))
    assert account is not None
    assert (account.reachable, account.lost_why) == (False, "closed")
    await slack_world.at(OPENS)
    await slack_world.at("2026-11-26 15:00")
    assert slack_world.messages("ada") == []
    assert slack_world.ask("ada").state == "open"
    with slack_world.look() as db:
        assert slack_world.person(db, "ada").status == "active"
    await slack_world.home("hana")
    assert "No message reaches 1 person." in slack_world.home_words("hana")
    await changes(slack_world, "ada", deleted=False)
    await slack_world.later(hours=1)
    assert slack_world.titles("ada") == [PROMPT]


async def test_from_lisbon_to_auckland_on_wednesday_is_one_thursday_prompt(slack_world: worlds.World) -> None:
    await slack_world.at("2026-11-25 12:00")
    await changes(slack_world, "ada", tz="Pacific/Auckland")
    await slack_world.at("2026-11-26 10:00", "Pacific/Auckland")
    assert slack_world.titles("ada") == [PROMPT]
    assert "open until Fri 27 Nov, 16:00" in slack_world.words("ada")
    await changes(slack_world, "ada", tz="Europe/Lisbon")
    await slack_world.at(OPENS)
    await slack_world.at("2026-11-26 16:00")
    assert [ask.occurrence.isoformat() for ask in slack_world.asks("ada")] == ["2026-11-26"]
    assert slack_world.titles("ada") == [PROMPT]


async def test_a_zone_that_was_chosen_stays(slack_chat: worlds.World) -> None:
    await slack_chat.command("ada", "/review", "hours")
    await slack_chat.submit("ada", zone="Europe/Berlin")
    await changes(slack_chat, "ada", tz="Pacific/Auckland")
    with slack_chat.look() as db:
        assert slack_chat.person(db, "ada").zone == "Europe/Berlin"


async def test_an_account_that_says_the_same_again_changes_nothing(slack_chat: worlds.World) -> None:
    """Only what changes there counts: another account, or a list, may have said something newer."""
    await slack_chat.app.read_directory()
    with slack_chat.look() as db:
        slack_chat.person(db, "ada").zone = "Asia/Kolkata"
    await slack_chat.app.read_directory()
    with slack_chat.look() as db:
        assert slack_chat.person(db, "ada").zone == "Asia/Kolkata"


async def test_a_new_address_of_the_same_person_keeps_the_account(slack_chat: worlds.World) -> None:
    await changes(slack_chat, "ada", email="ada.lovelace@example.org")
    await slack_chat.at(OPENS)
    assert slack_chat.titles("ada") == [PROMPT]


async def test_an_account_with_another_persons_address_is_that_persons(slack_world: worlds.World) -> None:
    """The two have changed their accounts: what was drawn for the one is never drawn for the other."""
    await slack_world.at(OPENS)
    words = slack_world.words("ada")
    for who, email in (("eve", "eve@elsewhere.example"), ("ada", company.person("Eve Moreau").email)):
        await changes(slack_world, who, email=email)
    with slack_world.look() as db:
        account = db.scalars(select(Address).filter_by(user=slack_world.user("ada"))).one()
        assert account.person_id == slack_world.person(db, "eve").id
    await slack_world.press("ada", "Check in", slack_world.messages("ada")[0])
    assert "This button is someone else's" in slack_world.words("ada")
    await slack_world.at("2026-11-27 16:00")
    assert slack_world.messages("ada")[0].words == words, "Ada's ask has ended, but not on Eve's screen"
    actions = [one.action for one in slack_world.rows(AuditEvent) if one.action.startswith("account.")]
    assert sorted(actions) == ["account.linked", "account.unlinked"]


async def test_who_becomes_a_guest_is_nobodys_account(slack_world: worlds.World) -> None:
    await changes(slack_world, "ada", guest=True)
    await slack_world.command("ada", "/review")
    assert "I don't know you yet" in slack_world.words("ada")
    assert loose(slack_world, slack_world.user("ada")) is None, "guests stand in no list"
    await slack_world.at(OPENS)
    assert len(slack_world.messages("ada")) == 1
    await changes(slack_world, "ada", guest=False)
    await slack_world.command("ada", "/review")
    assert "I don't know you yet" not in slack_world.words("ada")


@pytest.mark.parametrize(
    "more",
    [
        {"is_bot": True}, {"is_workflow_bot": True}, {"is_restricted": True}, {"is_ultra_restricted": True},
        {"is_stranger": True}, {"id": "USLACKBOT"}, {"team_id": "T0ELSEWHERE"},
        {"team_id": "T0ELSEWHERE", "enterprise_user": {"teams": ["T0OTHER"]}},
    ],
)  # fmt: skip
def test_guests_bots_and_other_companies_are_no_colleagues(more: dict[str, Any]) -> None:
    member = {"id": "U1", "team_id": "T0DESK", "profile": {"email": EMAIL, "real_name": NAME}}
    assert profile(member, "T0DESK").colleague
    assert profile(member | {"is_app_user": True}, "T0DESK").colleague, "who has signed in to an app is a person"
    assert profile(member | {"team_id": "T1", "enterprise_user": {"teams": ["T0DESK"]}}, "T0DESK").colleague
    assert not profile(member | more, "T0DESK").colleague


@pytest.mark.parametrize("user", [None, "U1", [], {}, {"id": 7}, {"id": "\0"}, {"id": "U" * 200}])
async def test_an_account_of_no_shape_is_refused(slack_chat: worlds.World, user: object) -> None:
    payload = payloads.event(slack_chat.desk.workspace, {"type": "user_change", "user": user})
    assert (await slack_chat.desk.delivery.sender.send_event("", payload, ())).status == 400


async def test_odd_names_zones_and_languages_are_kept_as_far_as_they_fit(slack_world: worlds.World) -> None:
    about = {"id": "U0ODD", "team_id": "T0DESK", "tz": "x" * 500, "locale": ["de"], "updated": "soon",
             "profile": {"real_name": "Nul\0l " + "x" * 900, "email": "x" * 999}}  # fmt: skip
    payload = payloads.event(slack_world.desk.workspace, {"type": "team_join", "user": about})
    assert (await slack_world.desk.delivery.sender.send_event("", payload, ())).status == 200
    kept = loose(slack_world, "U0ODD")
    assert kept is not None
    assert (kept.name[:6], len(kept.name), kept.email, kept.zone) == ("Null x", 200, "", "")


def crowd(world: worlds.World, many: int) -> None:
    space = world.desk.workspace
    for number in range(many):
        member = Member(f"U0CROWD{number}", f"Crowd {number}", f"crowd{number}@example.org")
        space.members[member.id] = member


def pages(world: worlds.World) -> list[str]:
    asked = [call for call in world.desk.api.calls if call.kind == "users.list"]
    return [_cursor(call) for call in asked]


def _cursor(call: Any) -> str:
    body = call.request_body.decode()
    return str(json.loads(body).get("cursor") or "") if body.startswith("{") else body.partition("cursor=")[2][:40]


def count(world: worlds.World) -> int:
    with world.look() as db:
        return db.scalar(select(func.count()).select_from(LooseAccount).where(LooseAccount.name.startswith("Crowd")))


async def test_a_pause_is_obeyed_and_the_pass_goes_on_where_it_was(slack_world: worlds.World) -> None:
    crowd(slack_world, 500)
    slack_world.desk.api.told = lambda: _arm_after_first(slack_world)
    read = slack_world.app.directory.read
    await read(timedelta())
    first = count(slack_world)
    assert 0 < first < 500, "one page of three"
    await read(timedelta())
    assert count(slack_world) == first, "nothing is asked before the time that Slack told"
    with slack_world.look() as db:
        row = db.scalars(select(DirectoryPass)).one()
        assert row.cursor != ""
        assert (row.not_before - slack_world.clock.real()).total_seconds() > 25
        row.not_before = None
    before = len(pages(slack_world))
    await read(timedelta(days=1))
    assert count(slack_world) == 500
    assert len(pages(slack_world)) - before == 2, "the first page was not read again"


def _arm_after_first(world: worlds.World) -> None:
    if len(pages(world)) == 1 and not world.desk.faults.waiting():
        world.desk.faults.add("rate_limited", "users.list", 1, 30)


async def test_who_is_in_the_directory_no_more_is_kept_no_longer(slack_chat: worlds.World) -> None:
    crowd(slack_chat, 3)
    await slack_chat.app.read_directory()
    del slack_chat.desk.workspace.members["U0CROWD1"]
    member = slack_chat.desk.workspace.members["U0CROWD2"]
    slack_chat.desk.workspace.members["U0CROWD2"] = replace(member, deleted=True)
    await slack_chat.app.read_directory()
    assert [loose(slack_chat, f"U0CROWD{number}") is None for number in range(3)] == [False, True, True]


async def test_one_replica_reads_a_page_and_a_pass_a_day(slack_world: worlds.World) -> None:
    real, day = slack_world.clock.real(), timedelta(days=1)
    with slack_world.look() as db:
        assert next_page(db, "slack", real, day) is not None
    with slack_world.look() as db:
        assert next_page(db, "slack", real + timedelta(seconds=30), day) is None, "somebody reads it"
        assert next_page(db, "slack", real + timedelta(minutes=3), day) is not None, "who has died is not waited for"
    await slack_world.app.read_directory()
    with slack_world.look() as db:
        db.scalars(select(DirectoryPass)).one().not_before = None
    await slack_world.app.read_directory()
    with slack_world.look() as db:
        assert next_page(db, "slack", slack_world.clock.real() + timedelta(hours=23), day) is None
        assert next_page(db, "slack", slack_world.clock.real() + timedelta(hours=25), day) is not None
