"""Where accounts take messages: kept as the platform says, matched by e-mail, and chosen by the person."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
import world as worlds

from bot.engine.outgoing import accounts
from bot.engine.profiles import Reference, Who
from bot.messages import Button
from bot.platforms.teams.activity import introduced
from bot.storage.accounts import LooseAccount
from bot.storage.base import new_id
from bot.storage.contacts import FirstContact
from bot.storage.people import Address, addresses_of
from bot.storage.workspaces import Workspace

TENANT, ADA = "the-tenant", Who("teams", "the-tenant", "aad-ada")
SERVICE = "https://service.example/"


@pytest.fixture
def tenant(slack_world: worlds.World) -> worlds.World:
    with slack_world.look() as db:
        at = slack_world.clock.now()
        db.add(Workspace(id=new_id(), platform="teams", external_id=TENANT, name="T", bot_user="28:app", created_at=at))
    return slack_world


def told(world: worlds.World, **more: str) -> bool:
    given = {"account": "29:ada", "channel": "a:1", "service": SERVICE}
    return world.app.engine.refer(Reference(ADA, **(given | more)))


def kept(world: worlds.World) -> list[tuple[str | None, ...]]:
    with world.look() as db:
        found = db.scalars(sa.select(Address).filter_by(platform="teams"))
        return [(one.user, one.account, one.channel, one.service) for one in found]


def test_who_is_not_matched_yet_is_asked_for_with_an_e_mail(tenant: worlds.World) -> None:
    assert told(tenant) is False
    assert told(tenant, email="nobody@example.com") is False
    assert kept(tenant) == []
    email = worlds.company.person("Ada Byron").email
    assert told(tenant, email=email.upper()) is True
    assert kept(tenant) == [("aad-ada", "29:ada", "a:1", SERVICE)]


def test_what_the_platform_says_last_is_kept_and_what_it_leaves_out_stays(tenant: worlds.World) -> None:
    told(tenant, email=worlds.company.person("Ada Byron").email)
    assert told(tenant, service="https://moved.example/", channel="")
    assert kept(tenant) == [("aad-ada", "29:ada", "a:1", "https://moved.example/")]


def test_who_took_the_bot_out_and_writes_again_is_there_again(tenant: worlds.World) -> None:
    told(tenant, email=worlds.company.person("Ada Byron").email)
    with tenant.look() as db:
        db.execute(sa.update(Address).filter_by(platform="teams").values(reachable=False))
    assert told(tenant)
    with tenant.look() as db:
        assert db.scalar(sa.select(Address.reachable).filter_by(platform="teams")) is True


async def test_who_adds_the_bot_late_hears_at_once_who_it_is(tenant: worlds.World) -> None:
    told(tenant, email=worlds.company.person("Ada Byron").email)
    with tenant.look() as db:
        ada = tenant.person(db, "ada").id
        db.execute(sa.update(Address).filter_by(person_id=ada).values(reachable=False))
        db.execute(sa.delete(FirstContact).filter_by(person_id=ada))
        db.add(FirstContact(person_id=ada, due_at=tenant.clock.now(), created_at=tenant.clock.now()))
    await tenant.later(hours=2)

    def state() -> str:
        with tenant.look() as db:
            return db.get_one(FirstContact, ada).state

    assert state() == "planned"
    assert told(tenant)
    await tenant.settle()
    assert state() == "sent"


def loose(world: worlds.World) -> LooseAccount | None:
    with world.look() as db:
        found: LooseAccount | None = db.scalar(sa.select(LooseAccount).filter_by(platform="teams"))
        return found


async def test_who_is_on_no_list_waits_for_hr_with_where_they_are_written_to(tenant: worlds.World) -> None:
    assert (
        told(tenant, email="A.Byron@elsewhere.example", name="A. Byron", zone="Asia/Kolkata", locale="de-DE") is False
    )
    row = loose(tenant)
    assert row is not None
    assert (row.name, row.email, row.state) == ("A. Byron", "a.byron@elsewhere.example", "open")
    with tenant.look() as db:
        ada = tenant.person(db, "ada").id
    await tenant.press("hana", "Link", tenant.given("hana", Button("Link", "accounts.link", row.id, ada)))
    assert kept(tenant) == [("aad-ada", "29:ada", "a:1", SERVICE)]
    assert person(tenant) == ("Asia/Kolkata", "de-DE")
    assert told(tenant, channel="a:2", email="a.byron@elsewhere.example")
    assert kept(tenant) == [("aad-ada", "29:ada", "a:2", SERVICE)]


def test_who_takes_the_bot_away_before_hr_looked_waits_no_longer(tenant: worlds.World) -> None:
    told(tenant, email="a.byron@elsewhere.example")
    gone = Reference(ADA, "29:ada", "", SERVICE, "a.byron@elsewhere.example", installed=False)
    assert tenant.app.engine.refer(gone) is False
    assert loose(tenant) is None


def test_a_guest_is_nobody_even_with_an_address_of_the_list(tenant: worlds.World) -> None:
    email = worlds.company.person("Ada Byron").email
    guest = introduced(Reference(ADA, "29:ada", "a:1", SERVICE), {"email": email, "userRole": "guest"})
    assert tenant.app.engine.refer(guest) is False
    assert (kept(tenant), loose(tenant)) == ([], None)
    invited = {"email": email, "userPrincipalName": "ada_elsewhere.example#EXT#@tenant.example", "userRole": "user"}
    assert not introduced(Reference(ADA, "29:ada", "a:1", SERVICE), invited).colleague
    assert introduced(Reference(ADA, "29:ada", "a:1", SERVICE), {"email": email, "userRole": "user"}).colleague


def person(world: worlds.World, who: str = "ada") -> tuple[str, str]:
    with world.look() as db:
        found = world.person(db, who)
        return found.zone, found.locale


async def test_zone_and_language_of_later_messages_count_unless_they_were_chosen(tenant: worlds.World) -> None:
    email = worlds.company.person("Ada Byron").email
    told(tenant, email=email, zone="Europe/Lisbon", locale="en-GB")
    await tenant.at("2026-11-25 12:00")
    told(tenant, zone="Pacific/Auckland", locale="de-AT")
    assert person(tenant) == ("Pacific/Auckland", "de-AT")
    await tenant.at("2026-11-26 10:00", "Pacific/Auckland")
    assert [ask.occurrence.isoformat() for ask in tenant.asks("ada")] == ["2026-11-26"]
    with tenant.look() as db:
        tenant.person(db, "ada").zone_chosen = tenant.person(db, "ada").locale_chosen = True
    told(tenant, zone="Europe/Lisbon", locale="en-GB")
    assert person(tenant) == ("Pacific/Auckland", "de-AT")


def test_an_unknown_tenant_keeps_nothing(slack_world: worlds.World) -> None:
    assert told(slack_world, email=worlds.company.person("Ada Byron").email) is False
    assert kept(slack_world) == []


async def test_one_is_written_to_where_one_chose_else_where_one_was_last(tenant: worlds.World) -> None:
    told(tenant, email=worlds.company.person("Ada Byron").email)
    await tenant.command("ada", "/review")

    def where() -> str:
        with tenant.look() as db:
            ada = tenant.person(db, "ada").id
            assert len(addresses_of(db, [ada])) == 2
            return accounts(db, [ada])[ada].platform

    assert where() == "slack"
    with tenant.look() as db:
        tenant.person(db, "ada").platform = "teams"
    assert where() == "teams"
