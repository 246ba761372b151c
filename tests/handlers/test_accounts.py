"""HR's list of accounts that belong to nobody: linked in one press, undone, and by whom."""

from __future__ import annotations

from typing import Any

import pytest
import world as worlds
from sqlalchemy import select

from bot.messages import Button
from bot.storage.accounts import LooseAccount
from bot.storage.audit import AuditEvent
from bot.storage.people import Address, Department, Person, Role
from bot.storage.workspaces import Workspace
from desk import company

# Ada's other account, which the list of people does not know.
OTHER = "ada.byron@elsewhere.example"


@pytest.fixture
def account(chat: worlds.World) -> LooseAccount:
    return waits(chat, "Ada B.", OTHER)


def waits(world: worlds.World, name: str, email: str) -> LooseAccount:
    """An account in another place, as a directory or a message would have brought it; Ada has none there."""
    with world.look() as db:
        first = db.scalars(select(Workspace)).first()
        place = db.scalar(select(Workspace).filter_by(external_id="T0OTHER")) or Workspace(
            platform=first.platform, external_id="T0OTHER", name="Other", bot_user="B", created_at=world.clock.real()
        )
        place.token = "xoxb-other"
        db.add(place)
        db.flush()
        made = LooseAccount(
            workspace_id=place.id, platform=place.platform, user=f"U{name}", name=name, email=email, state="open",
            seen_at=world.clock.real(), created_at=world.clock.real(),
        )  # fmt: skip
        db.add(made)
        db.flush()
        return made


def now(world: worlds.World, account: LooseAccount) -> LooseAccount | None:
    with world.look() as db:
        found: LooseAccount | None = db.get(LooseAccount, account.id)
        return found


def holder(world: worlds.World, account: LooseAccount) -> str | None:
    with world.look() as db:
        theirs = select(Person.name).join(Address).where(Address.user == account.user, Address.is_held())
        found: str | None = db.scalar(theirs)
        return found


def acts(world: worlds.World) -> list[tuple[str, str]]:
    with world.look() as db:
        names = {one.id: one.name for one in db.scalars(select(Person))}
        rows = db.scalars(select(AuditEvent).where(AuditEvent.action.startswith("account.")).order_by(AuditEvent.seq))
        return [(row.action, names.get(row.actor_id, "the bot")) for row in rows]


async def pressed(world: worlds.World, who: str, phrase: str, *ids: object) -> str:
    await world.press(who, "Press", world.given(who, Button("Press", phrase, *ids)))
    return world.told(who)


async def opened(world: worlds.World, who: str = "hana") -> str:
    return await pressed(world, who, "accounts")


async def test_hr_finds_the_list_at_home_and_in_it_whose_each_may_be(chat: worlds.World, account: LooseAccount) -> None:
    await chat.home("hana")
    assert "belong" in chat.home_words("hana")
    assert "Accounts without a person" in chat.home_words("hana")
    await chat.home("ada")
    assert "Accounts without a person" not in chat.home_words("ada")
    words = await opened(chat)
    assert f"Ada B., {OTHER}" in words
    assert "Other, since" in words
    assert "Link to Ada Byron" in chat.labels("hana", chat.view("hana"))


async def test_one_press_links_and_one_takes_it_back(chat: worlds.World, account: LooseAccount) -> None:
    await chat.at("2026-11-23 15:00")
    await opened(chat)
    await chat.press("hana", "Link to Ada Byron", chat.view("hana"))
    assert "is Ada Byron's account" in chat.told("hana")
    assert holder(chat, account) == "Ada Byron"
    # Who uses another account already hears of it there, too.
    assert "Hana Sato has linked another account to you" in chat.seen("ada")
    await chat.press("hana", "Unlink", chat.view("hana"))
    assert "is nobody's account" in chat.told("hana")
    assert holder(chat, account) is None
    assert acts(chat) == [("account.linked", "Hana Sato"), ("account.unlinked", "Hana Sato")]
    await opened(chat)
    await chat.press("hana", "Link to Ada Byron", chat.view("hana"))
    assert holder(chat, account) == "Ada Byron", "and once more"


async def test_whoever_it_may_be_is_picked_by_name(chat: worlds.World) -> None:
    row = waits(chat, "Somebody", "s@elsewhere.example")
    words = await opened(chat)
    assert "Link to" not in words
    await pressed(chat, "hana", "accounts.choose", row.id)
    await chat.submit("hana", person=chat.picked("linus"))
    assert "is Linus Holm's account" in chat.told("hana")
    assert holder(chat, row) == "Linus Holm"


async def test_who_has_an_account_there_gets_no_second_one(chat: worlds.World, account: LooseAccount) -> None:
    second = waits(chat, "Ada Byron", "ab@elsewhere.example")
    with chat.look() as db:
        ada = chat.person(db, "ada").id
    await pressed(chat, "hana", "accounts.link", account.id, ada)
    words = await pressed(chat, "hana", "accounts.link", second.id, ada)
    assert "Ada Byron has an account there already." in words
    assert holder(chat, second) is None


async def test_two_of_hr_at_once_see_what_the_faster_did(chat: worlds.World, account: LooseAccount) -> None:
    with chat.look() as db:
        ada, linus = chat.person(db, "ada").id, chat.person(db, "linus").id
        db.add(Role(person_id=chat.person(db, "eve").id, name="hr_coordinator", starts_on=chat.clock.now().date()))
    await pressed(chat, "hana", "accounts.link", account.id, ada)
    words = await pressed(chat, "eve", "accounts.link", account.id, linus)
    assert "is Ada Byron's account" in words
    assert "Linked by Hana Sato." in words
    words = await pressed(chat, "eve", "accounts.ignore", account.id)
    assert "is Ada Byron's account" in words
    assert holder(chat, account) == "Ada Byron"
    assert acts(chat) == [("account.linked", "Hana Sato")]
    await pressed(chat, "hana", "accounts.link", account.id, ada)
    assert acts(chat) == [("account.linked", "Hana Sato")], "a second click"


async def test_who_is_no_colleague_leaves_the_list_and_can_be_put_back(
    chat: worlds.World, account: LooseAccount
) -> None:
    await opened(chat)
    await chat.press("hana", f"accounts.ignore/{account.id}", chat.view("hana"))
    assert "is no colleague's" in chat.told("hana")
    assert OTHER not in await opened(chat)
    assert OTHER in await pressed(chat, "hana", "accounts", "ignored", 1)
    await chat.press("hana", "Put back", chat.view("hana"))
    assert OTHER in await opened(chat)
    assert [action for action, _ in acts(chat)] == ["account.ignored", "account.recalled"]


@pytest.mark.parametrize("phrase", ["accounts", "accounts.link", "accounts.choose", "accounts.ignore"])
@pytest.mark.parametrize("who", ["ada", "grace"])
async def test_nobody_but_hr_sees_or_links(chat: worlds.World, account: LooseAccount, phrase: str, who: str) -> None:
    with chat.look() as db:
        eve = chat.person(db, "eve").id
        if who == "grace":
            sales = db.scalars(select(Department).filter_by(name="Sales")).one().id
            mine: dict[str, Any] = {"department_id": sales, "starts_on": chat.clock.now().date()}
            db.add(Role(person_id=chat.person(db, "grace").id, name="hr_partner", **mine))
    words = await pressed(chat, who, phrase, account.id, eve)
    assert "This is for HR" in words
    assert OTHER not in words
    assert holder(chat, account) is None


async def test_nobody_links_an_account_to_themselves(chat: worlds.World) -> None:
    row = waits(chat, "Hana Sato", "hana@elsewhere.example")
    with chat.look() as db:
        hana = chat.person(db, "hana").id
    words = await pressed(chat, "hana", "accounts.link", row.id, hana)
    assert "Nobody links an account to themselves." in words
    assert holder(chat, row) is None


async def test_what_was_linked_by_hand_stays_when_the_directory_comes_again(slack_world: worlds.World) -> None:
    """Anton is of the company, and not on the list of people: HR says that his account is Linus's."""
    await slack_world.app.read_directory()
    user = slack_world.user("anton")
    with slack_world.look() as db:
        row = db.scalars(select(LooseAccount).filter_by(user=user)).one()
        linus = slack_world.person(db, "linus")
        db.scalars(select(Address).filter_by(person_id=linus.id)).one().lose("closed", slack_world.clock.real())
    slack_world.desk.workspace.change(slack_world.user("linus"), deleted=True)
    await pressed(slack_world, "hana", "accounts.link", row.id, linus.id)
    await slack_world.app.read_directory()
    assert holder(slack_world, row) == "Linus Holm"
    slack_world.desk.workspace.change(user, email=company.person("Eve Moreau").email, tz="Asia/Kolkata")
    await slack_world.app.read_directory()
    assert holder(slack_world, row) == "Linus Holm", "whatever its e-mail address"
    with slack_world.look() as db:
        assert slack_world.person(db, "linus").zone == "Asia/Kolkata"
        assert slack_world.person(db, "eve").zone != "Asia/Kolkata"
    await slack_world.press("hana", "Unlink", slack_world.view("hana"))
    await slack_world.command("anton", "/review")
    assert "I don't know you yet" in slack_world.told("anton")


async def test_an_account_with_an_address_of_the_list_needs_no_hand(chat: worlds.World) -> None:
    """However the person came: the hourly look finds what waits for them."""
    row = waits(chat, "L. Holm", company.person("Linus Holm").email)
    await chat.app.run(chat.app.engine.sweep)
    assert holder(chat, row) == "Linus Holm"
    assert now(chat, row) is None
    assert acts(chat) == []
