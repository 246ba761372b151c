"""Where accounts take messages: kept as the platform says, matched by e-mail, and chosen by the person."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
import world as worlds

from bot.engine.outgoing import accounts
from bot.engine.profiles import Reference, Who
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
