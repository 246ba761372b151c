"""Directories as they are known to come: Entra, Okta, and an administrator who makes a mistake."""

from __future__ import annotations

import sqlalchemy as sa
import world as worlds
from scim_client import ENTERPRISE, USER, ScimClient, entra, okta, operations

from bot.commands import scim as commands
from bot.rules.policy import COMPANY
from bot.storage import policy
from bot.storage.audit import AuditEvent
from bot.storage.people import Department, Membership, Person, ReportingLine, Role, managers_on
from bot.storage.scim import ScimUser
from desk import company

OPENS = "2026-11-26 10:00"
MANAGER = f"{ENTERPRISE}:manager"
GONE = {"op": "Replace", "path": "active", "value": "False"}
BACK = {"op": "Replace", "path": "active", "value": "True"}


def email(who: str) -> str:
    return company.person(worlds.PEOPLE[who]).email


async def id_of(directory: ScimClient, who: str) -> str:
    found = (await directory.search(f'userName eq "{email(who).upper()}"')).body["Resources"]
    return str(found[0]["id"])


def manager_of(world: worlds.World, name: str) -> str | None:
    with world.look() as db:
        person = db.scalars(sa.select(Person).filter_by(name=name)).one()
        found = managers_on(db, [person.id], world.clock.now().date()).get(person.id)
        return db.get_one(Person, found).name if found else None


def person(world: worlds.World, name: str) -> Person:
    with world.look() as db:
        return db.scalars(sa.select(Person).filter_by(name=name)).one()


def acts(world: worlds.World) -> list[AuditEvent]:
    with world.look() as db:
        chosen = sa.select(AuditEvent).where(AuditEvent.action.like("scim.%")).order_by(AuditEvent.seq)
        return list(db.scalars(chosen))


async def test_entra_brings_somebody_moves_them_lets_them_go_and_takes_them_back(
    world: worlds.World, directory: ScimClient
) -> None:
    asked = await directory.search('userName eq "Barbara.Jensen@example.com"')
    assert (asked.status, asked.body["totalResults"]) == (200, 0)
    made = await directory.create(entra("Barbara Jensen", employeeNumber="701984", department="Sales"))
    assert made.status == 201
    assert made.headers["Location"] == made.body["meta"]["location"]
    assert made.work == {"employeeNumber": "701984", "department": "Sales"}
    assert (await directory.search('externalId eq "barbara"')).found == ["Barbara.Jensen@Example.com"]

    boss = await directory.create(entra("John Smith"))
    moved = operations("Add", {MANAGER: boss.id, f"{ENTERPRISE}:department": "Tour Operations"})
    patched = await directory.patch(made.id, *moved)
    assert patched.work["manager"]["displayName"] == "John Smith"
    assert patched.work["department"] == "Tour Operations"
    assert manager_of(world, "Barbara Jensen") == "John Smith"

    renamed = operations(
        "Replace", {'emails[type eq "work"].value': "barbara.smith@example.com", "name.familyName": "Smith"}
    )
    assert (await directory.patch(made.id, *renamed)).body["emails"][0]["value"] == "barbara.smith@example.com"

    left = await directory.patch(made.id, GONE)
    assert left.body["active"] is False
    assert manager_of(world, "Barbara Jensen") is None
    assert person(world, "Barbara Jensen").status == "left"
    back = await directory.patch(made.id, BACK)
    assert back.body["active"] is True
    assert back.work["manager"]["value"] == boss.id, "what it said last holds again"
    assert back.work["department"] == "Tour Operations"
    assert manager_of(world, "Barbara Jensen") == "John Smith"

    assert (await directory.patch(made.id, {"op": "Remove", "path": MANAGER})).work.get("manager") is None
    kinds = [one.action.removeprefix("scim.") for one in acts(world)]
    assert kinds == [
        "token.made", "user.created", "user.created", "user.changed", "user.changed", "user.deactivated",
        "user.returned", "user.changed",
    ]  # fmt: skip
    told = str([one.details for one in acts(world)])
    assert "Jensen" not in told
    assert "example.com" not in told


async def test_okta_matches_who_is_there_and_deletes_what_it_unassigns(
    world: worlds.World, directory: ScimClient
) -> None:
    assert (await directory.search('userName eq "isaac@example.com"', startIndex="1", count="100")).found == []
    made = await directory.create(okta("Isaac Brock"))
    again = await directory.create(okta("Isaac Brock"))
    assert (again.status, again.body["scimType"]) == (409, "uniqueness")
    whole = okta("Isaac Brock", title="Singer", displayName="Ike Brock")
    put = await directory.send("PUT", f"/Users/{made.id}", whole)
    assert (put.body["displayName"], put.body["title"], put.body["externalId"]) == ("Ike Brock", "Singer", "00uisaac")
    # Nothing is named: it is gone, and the name is made of its parts again.
    fewer = {name: value for name, value in okta("Isaac Brock").items() if name not in ("displayName", "externalId")}
    put = await directory.send("PUT", f"/Users/{made.id}", fewer)
    assert put.body["displayName"] == "Isaac Brock"
    assert {"title", "externalId"}.isdisjoint(put.body)
    left = await directory.patch(made.id, {"op": "replace", "value": {"active": False}})
    assert left.body["active"] is False
    assert (await directory.get(made.id)).body["active"] is False, "who is deactivated is still there"
    assert (await directory.send("DELETE", f"/Users/{made.id}")).status == 204
    assert (await directory.get(made.id)).status == 404
    assert (await directory.search('userName eq "isaac@example.com"')).found == []
    back = await directory.create(okta("Isaac Brock"))
    assert (back.status, back.id) == (201, made.id), "by the address it is the same person, as in a list from a file"
    assert person(world, "Isaac Brock").status == "active"


async def test_a_whole_user_without_the_extension_takes_nobodys_manager_away_and_brings_nobody_back(
    world: worlds.World, directory: ScimClient
) -> None:
    ada = await id_of(directory, "ada")
    before = (await directory.get(ada)).work
    core = okta(worlds.PEOPLE["ada"]) | {"userName": email("ada"), "emails": [{"value": email("ada")}]}
    put = await directory.send("PUT", f"/Users/{ada}", core)
    assert put.work == before
    assert manager_of(world, worlds.PEOPLE["ada"]) == worlds.PEOPLE["grace"]
    both = core | {"schemas": [USER, ENTERPRISE]}
    assert (await directory.send("PUT", f"/Users/{ada}", both)).work == {}, "named, and empty"
    await directory.patch(ada, GONE)
    silent = {name: value for name, value in both.items() if name != "active"}
    assert (await directory.send("PUT", f"/Users/{ada}", silent)).body["active"] is False
    assert (await directory.send("PUT", f"/Users/{ada}", both)).body["active"] is True


async def test_who_the_directory_lets_go_is_asked_nothing_more_from_that_moment_on(
    world: worlds.World, directory: ScimClient
) -> None:
    await world.at(OPENS)
    ada = await id_of(directory, "ada")
    with world.look() as db:
        assert [ask.state for ask in world.asks_in(db, "ada")] == ["open"]
    left = await directory.patch(ada, GONE)
    assert left.status == 200
    with world.look() as db:
        assert [ask.state for ask in world.asks_in(db, "ada")] == ["not_expected"]
        lines = db.scalars(sa.select(ReportingLine).where(ReportingLine.person_id == world.person(db, "ada").id))
        assert all(line.ends_on for line in lines)
    before = len(world.messages("ada"))
    await world.later(days=8)
    assert len(world.messages("ada")) == before
    assert "not" in await world.reply("ada", "checkin")


async def test_a_manager_may_be_named_before_anybody_is_of_that_name(
    world: worlds.World, directory: ScimClient
) -> None:
    """Two passes are the directory's cure; here the wish is kept until the manager comes."""
    by_number = await directory.create(entra("Barbara Jensen", manager={"value": "4711"}))
    by_id = await directory.create(entra("Frank Ferdinand", manager="john"))
    assert by_number.work["manager"] == {"value": "4711"}
    assert manager_of(world, "Barbara Jensen") is None
    # The wrong one must not read on until the right one comes.
    ada = await id_of(directory, "ada")
    await directory.patch(ada, *operations("Replace", {MANAGER: "John.Smith@example.com"}))
    assert manager_of(world, worlds.PEOPLE["ada"]) is None
    boss = await directory.create(entra("John Smith", employeeNumber="4711"))
    for name in ("Barbara Jensen", "Frank Ferdinand", worlds.PEOPLE["ada"]):
        assert manager_of(world, name) == "John Smith", name
    assert (await directory.get(by_id.id)).work["manager"]["value"] == boss.id
    await world.later(hours=3)
    assert "Your manager here is now John Smith" in world.seen("ada")
    assert "no manager here" not in world.seen("ada"), "it is told once, as it stands"


async def test_a_manager_let_go_by_mistake_has_their_people_again_when_back(
    world: worlds.World, directory: ScimClient
) -> None:
    boss = await directory.create(entra("John Smith"))
    one = await directory.create(entra("Barbara Jensen", manager=boss.id))
    other = await directory.create(entra("Frank Ferdinand", manager=boss.id))
    await directory.patch(boss.id, GONE)
    assert manager_of(world, "Barbara Jensen") is None
    await directory.patch(other.id, *operations("Replace", {MANAGER: one.id}))
    await directory.patch(boss.id, BACK)
    assert manager_of(world, "Barbara Jensen") == "John Smith"
    assert manager_of(world, "Frank Ferdinand") == "Barbara Jensen", "who has another one keeps them"


async def test_lines_that_go_in_a_circle_are_refused_and_say_who(world: worlds.World, directory: ScimClient) -> None:
    ada, grace = await id_of(directory, "ada"), await id_of(directory, "grace")
    turned = await directory.patch(grace, *operations("Add", {MANAGER: ada}))
    assert (turned.status, turned.body["scimType"]) == (400, "invalidValue")
    assert f"{email('grace')} → {email('ada')} → {email('grace')}" in turned.body["detail"]
    oneself = await directory.patch(ada, *operations("Add", {MANAGER: {"value": ada}}))
    assert (oneself.status, "themselves" in oneself.body["detail"]) == (400, True)
    assert manager_of(world, worlds.PEOPLE["ada"]) == worlds.PEOPLE["grace"]


async def test_departments_keep_their_history(world: worlds.World, directory: ScimClient) -> None:
    ada = await id_of(directory, "ada")
    await world.later(days=3)
    moved = await directory.patch(ada, *operations("replace", {f"{ENTERPRISE}:department": "Rocketry"}))
    assert moved.work["department"] == "Rocketry"
    with world.look() as db:
        mine = sa.select(Membership, Department.name).join(Department).filter_by(person_id=world.person(db, "ada").id)
        spans = [(name, span.ends_on is None) for span, name in db.execute(mine.order_by(Membership.starts_on))]
    assert [ends for _, ends in spans] == [False, True]
    assert spans[-1][0] == "Rocketry"


async def test_more_than_a_tenth_in_a_day_are_not_let_go_without_a_word(
    world: worlds.World, directory: ScimClient
) -> None:
    with world.look() as db:
        hana = world.person(db, "hana").id
        db.add(Role(person_id=hana, name="hr_coordinator", starts_on=world.clock.now().date()))
    people = [(await directory.create(entra(f"Person{at} Jensen"))).id for at in range(30)]
    done = [await directory.patch(one, GONE) for one in people[:3]]
    assert [one.status for one in done] == [200, 200, 200], "a tenth of 35"
    held = await directory.send("DELETE", f"/Users/{people[3]}")
    assert held.status == 403
    assert "3 of 35" in held.body["detail"]
    whole = entra("Person4 Jensen") | {"active": False, "displayName": "Other"}
    assert (await directory.send("PUT", f"/Users/{people[4]}", whole)).status == 403
    assert (await directory.get(people[4])).body["displayName"] == "Person4 Jensen", "all of it or nothing"
    await world.later(hours=6)
    assert "3 of 35 people" in world.seen("hana")
    commands.allow_leavers(world.app.database, 2)
    done = [await directory.patch(one, GONE) for one in people[3:6]]
    assert [one.status for one in done] == [200, 200, 403]
    # Who is back does not count.
    assert [(await directory.patch(one, BACK)).status for one in people[:3]] == [200, 200, 200]
    assert (await directory.patch(people[5], GONE)).status == 200
    with world.look() as db:
        assert db.scalar(sa.select(sa.func.count()).select_from(Person).filter_by(status="left")) == 3


async def test_a_zone_and_a_language_that_the_person_chose_stay_theirs(
    world: worlds.World, directory: ScimClient
) -> None:
    made = await directory.create(entra("Barbara Jensen") | {"timezone": "America/Los_Angeles", "locale": "de-AT"})
    assert (made.body["timezone"], made.body["locale"]) == ("America/Los_Angeles", "de-AT")
    silent = await directory.create(entra("John Smith"))
    assert silent.body["timezone"] == "UTC"
    ada = await id_of(directory, "ada")
    before = (await directory.get(ada)).body
    after = await directory.patch(ada, *operations("replace", {"timezone": "Asia/Tokyo", "locale": "de"}))
    assert after.body == before, "Ada's chat account says where she is"
    with world.look() as db:
        assert db.get(ScimUser, world.person(db, "ada").id) is None
    assert (await directory.patch(made.id, *operations("replace", {"timezone": "Mars/Base"}))).status == 400


async def test_where_the_import_is_switched_off_a_directory_changes_nothing(
    world: worlds.World, directory: ScimClient
) -> None:
    ada = (await directory.create(entra("Person1 Jensen"))).id
    now = world.clock.now()
    with world.look() as db:
        policy.turn(db, "import", COMPANY, "off", now, now, by=None)
    assert (await directory.patch(ada, GONE)).status == 403
    assert (await directory.create(entra("Person2 Jensen"))).status == 403
    assert (await directory.get(ada)).body["active"] is True
