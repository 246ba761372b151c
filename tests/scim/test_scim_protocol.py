"""What goes over the wire, held against RFC 7643 and 7644; and what strangers and broken clients get."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
import sqlalchemy as sa
import structlog
import world as worlds
from scim_client import (
    CREATED,
    ENTERPRISE,
    FILTERS,
    FULL,
    LIST,
    PATCH,
    SEARCH,
    USER,
    ScimClient,
    entra,
    okta,
    operations,
)

from bot import commands as words
from bot.commands import scim as commands
from bot.storage.people import Person
from bot.storage.scim import ScimUser
from bot.storage.scim_tokens import ScimToken


def people(world: worlds.World) -> int:
    with world.look() as db:
        return db.scalar(sa.select(sa.func.count()).select_from(Person)) or 0


def again(client: ScimClient, token: str) -> ScimClient:
    return ScimClient(client.session, client.url, token)


async def metric(client: ScimClient, name: str) -> str:
    async with client.session.get(f"{client.url}/metrics") as answer:
        text = await answer.text()
    return "\n".join(line for line in text.splitlines() if name in line)


async def test_without_a_token_scim_is_off_and_says_no_more(chat: worlds.World, client: ScimClient) -> None:
    for row in commands.list_tokens(chat.app.database).splitlines():
        commands.revoke_token(chat.app.database, row.split()[0])
    assert (await client.search()).status == 404
    assert "scim_off" in await metric(client, "refused")


async def test_who_has_no_token_or_a_wrong_one_is_turned_away_and_leaves_only_a_count(
    chat: worlds.World, client: ScimClient
) -> None:
    before = people(chat)
    with structlog.testing.capture_logs() as logs:
        unsigned = await again(client, "").create(CREATED)
        forged = await again(client, f"{client.token[:-1]}!").create(CREATED)
        other = await again(client, f"{client.token[:-4]}AAAA").create(CREATED)
        basic = await again(client, "").send("GET", "/Users", Authorization="Basic YTpi")
    assert [one.status for one in (unsigned, forged, other, basic)] == [401] * 4
    assert unsigned.headers["WWW-Authenticate"] == 'Bearer realm="scim"'
    assert other.headers["WWW-Authenticate"] == 'Bearer realm="scim", error="invalid_token"'
    assert (people(chat), logs) == (before, [])
    assert 'reason="scim_forged"} 3.0' in await metric(client, "refused")
    assert 'reason="scim_unsigned"} 1.0' in await metric(client, "refused")


async def test_two_tokens_hold_while_one_is_changed_for_the_other(chat: worlds.World, client: ScimClient) -> None:
    database = chat.app.database
    # Looked for again after a moment, as by another process.
    chat.app.scim.door._looked = float("-inf")
    new = again(client, commands.new_token(database, "directory, new"))
    assert [(await one.search()).status for one in (client, new)] == [200, 200]
    listed = commands.list_tokens(database)
    assert listed.count("last used") == 2
    assert client.token not in listed
    with chat.look() as db:
        stored = db.scalars(sa.select(ScimToken)).all()
        assert all(client.token.encode() not in one.salt + one.digest for one in stored)
    commands.revoke_token(database, listed.split()[0])
    assert [(await one.search()).status for one in (client, new)] == [401, 200], "at once"
    with pytest.raises(words.Problem, match="no token"):
        commands.revoke_token(database, "nothing")


async def test_too_many_requests_at_once_are_told_when_to_come_again(chat: worlds.World, client: ScimClient) -> None:
    await client.search(count="0")
    next(iter(chat.app.scim.door._paces.values()))._left = -1000.0
    slow = await client.search(count="0")
    assert (slow.status, slow.headers["Retry-After"]) == (429, "1")


async def test_the_provider_says_what_it_can_do(client: ScimClient) -> None:
    config = (await client.send("GET", "/ServiceProviderConfig")).body
    assert config["patch"] == config["etag"] == {"supported": True}
    assert [config[name]["supported"] for name in ("bulk", "sort", "changePassword")] == [False] * 3
    types = (await client.send("GET", "/ResourceTypes")).body
    assert [one["endpoint"] for one in types["Resources"]] == ["/Users"]
    schemas = (await client.send("GET", "/Schemas")).body
    assert [one["id"] for one in schemas["Resources"]] == [USER, ENTERPRISE]
    one = (await client.send("GET", f"/Schemas/{ENTERPRISE}")).body
    assert [attribute["name"] for attribute in one["attributes"]] == ["employeeNumber", "department", "manager"]
    assert (await client.send("GET", "/ResourceTypes/Group")).status == 404
    groups = await client.send("GET", "/Groups")
    assert (groups.body["totalResults"], (await client.send("POST", "/Groups", {})).status) == (0, 501)
    for path in ("/Bulk", "/Me", "/.search"):
        assert (await client.send("POST", path, {})).status == 501
    assert (await client.send("GET", "/Nothing")).status == 404
    assert (await client.send("DELETE", "/Users")).status == 405


async def test_the_users_of_the_rfcs_are_kept_as_far_as_the_schema_says(chat: worlds.World, client: ScimClient) -> None:
    made = await client.create(CREATED)
    assert made.status == 201
    assert made.body["emails"] == [{"value": "bjensen@example.com", "type": "work", "primary": True}]
    assert made.body["displayName"] == "Ms. Barbara J Jensen III"
    assert made.body["meta"]["resourceType"] == "User"
    assert made.headers["ETag"] == made.body["meta"]["version"]
    assert (await client.create(FULL)).status == 409, "the address is hers already"
    await client.send("DELETE", f"/Users/{made.id}")
    full = await client.create(FULL)
    assert full.id == made.id
    assert full.id != FULL["id"]
    kept = ("externalId", "userName", "displayName", "title", "locale", "active")
    assert {name: full.body[name] for name in kept} == {name: FULL[name] for name in kept}
    assert full.body["name"] == {name: FULL["name"][name] for name in ("formatted", "familyName", "givenName")}
    assert full.work == {
        "employeeNumber": "701984", "department": "Tour Operations",
        "manager": {"value": FULL[ENTERPRISE]["manager"]["value"]},
    }  # fmt: skip
    with chat.look() as db:
        stored = repr([row.__dict__ for row in (*db.scalars(sa.select(Person)), *db.scalars(sa.select(ScimUser)))])
    for never in ("555-", "Universal", "someaim", "t1meMa", "Babs'", "Theme Park", "4130"):
        assert never not in stored
    for wanted, fits in FILTERS.items():
        answer = await client.search(wanted)
        if fits is None:
            assert (answer.status, answer.body["scimType"]) == (400, "invalidFilter"), wanted
        else:
            assert ("bjensen@example.com" in answer.found) is fits, wanted


async def test_a_list_comes_in_pages_and_shows_what_was_asked_for(chat: worlds.World, client: ScimClient) -> None:
    every = await client.search()
    assert every.body["schemas"] == [LIST]
    assert every.body["totalResults"] == len(every.found) == people(chat)
    pages = [await client.search(startIndex=str(first), count="2") for first in (1, 3, 5, 7)]
    assert [one.body["itemsPerPage"] for one in pages] == [2, 2, 1, 0]
    assert [name for one in pages for name in one.found] == every.found
    assert pages[0].body["totalResults"] == 5
    none = await client.search("active eq true", count="0")
    assert (none.body["totalResults"], none.body["Resources"]) == (5, [])
    odd = await client.search(startIndex="-3", count="-1")
    assert (odd.body["startIndex"], odd.body["itemsPerPage"]) == (1, 0)
    assert (await client.search(count="many")).status == 400
    some = await client.search('displayName sw "Ada"', attributes="userName,emails.value")
    assert set(some.body["Resources"][0]) == {"schemas", "id", "userName", "emails"}
    assert set(some.body["Resources"][0]["emails"][0]) == {"value"}
    but = await client.search('displayName sw "Ada"', excludedAttributes=f"{ENTERPRISE}:manager,name,meta")
    assert not {"meta", "name"} & but.body["Resources"][0].keys()
    assert "manager" not in but.body["Resources"][0][ENTERPRISE]
    body = {"schemas": [SEARCH], "filter": 'displayName co "a"', "startIndex": 1, "count": 1, "attributes": ["title"]}
    posted = await client.send("POST", "/Users/.search", body)
    assert (posted.body["itemsPerPage"], set(posted.body["Resources"][0])) == (1, {"schemas", "id"})


async def test_a_version_guards_against_what_somebody_else_has_changed(client: ScimClient) -> None:
    made = await client.create(entra("Barbara Jensen"))
    version = made.headers["ETag"]
    title = {"op": "add", "path": "title", "value": "Guide"}
    assert (await client.patch(made.id, title, If_Match='W/"older"')).status == 412
    assert (await client.send("DELETE", f"/Users/{made.id}", If_Match='W/"older"')).status == 412
    done = await client.patch(made.id, title, If_Match=version)
    assert done.status == 200
    assert done.headers["ETag"] != version
    assert (await client.patch(made.id, title, If_Match=done.headers["ETag"])).headers["ETag"] == done.headers["ETag"]
    assert (await client.send("GET", f"/Users/{made.id}", If_None_Match=done.headers["ETag"])).status == 304


BROKEN: dict[str, tuple[Any, dict[str, str], int]] = {
    "no JSON": (b'{"schemas": [', {}, 400),
    "no text": (b"\xff\xfe{}", {}, 400),
    "no object": (b"[]", {}, 400),
    "a number that is none": (b'{"schemas": [NaN]}', {}, 400),
    "a lone half of a sign": (b'{"schemas": ["\\ud800"]}', {}, 400),
    "a body that goes deep": (b'{"a":' * 90_000, {}, 413),
    "a body that goes a little deep": (b'{"a":' * 50 + b"1" + b"}" * 50, {}, 400),
    "another kind": (json.dumps(CREATED).encode(), {"Content-Type": "text/xml"}, 415),
    "packed": (gzip.compress(json.dumps(CREATED).encode()), {"Content-Encoding": "gzip"}, 415),
    "large": (b'{"title": "' + b"x" * 300_000 + b'"}', {}, 413),
    "no schemas": ({"userName": "x@example.com"}, {}, 400),
    "another schema": (CREATED | {"schemas": [USER, "urn:example:2.0:Car"]}, {}, 400),
    "an attribute that there is not": (CREATED | {"shoeSize": 41}, {}, 400),
    "a part that there is not": (CREATED | {"name": {"shoeName": "x"}}, {}, 400),
    "no userName": ({"schemas": [USER], "emails": [{"value": "x@example.com"}]}, {}, 400),
    "no address": ({"schemas": [USER], "userName": "bjensen"}, {}, 400),
    "a text for a truth": (CREATED | {"active": "perhaps"}, {}, 400),
    "a list for a text": (CREATED | {"displayName": ["x"]}, {}, 400),
    "a name that is too long": (CREATED | {"displayName": "x" * 201}, {}, 400),
    "a sign that no database holds": (CREATED | {"displayName": "a\u0000b"}, {}, 400),
    "no zone": (CREATED | {"timezone": "Mars/Base"}, {}, 400),
    "no language": (CREATED | {"locale": "../de"}, {}, 400),
}


async def test_a_broken_user_is_refused_with_a_reason_and_writes_nothing(
    chat: worlds.World, client: ScimClient
) -> None:
    before = people(chat)
    for what, (body, headers, status) in BROKEN.items():
        answer = await client.send("POST", "/Users", body, **headers)
        assert answer.status == status, what
    assert people(chat) == before


async def test_broken_filters_are_refused_with_a_reason(client: ScimClient) -> None:
    for wanted in (
        "userName", "userName xx 1", 'userName eq "a', "userName eq a", "shoeSize pr", "(" * 30 + "title pr" + ")" * 30,
        'title pr and "', "active eq 1", 'active co "t"', 'meta.created gt "soon"', "name eq null or", "emails[",
        'emails[type eq "work"', 'title[value eq "x"]', "not title pr", 'name eq "x"', "title pr title pr",
        'title eq "' + "x" * 5000 + '"', 'userName eq "a" and (title pr', "é pr", 'meta.created co "2"',
    ):  # fmt: skip
        answer = await client.search(wanted)
        assert (answer.status, answer.body.get("scimType")) == (400, "invalidFilter"), wanted
    assert (await client.search('id eq "no id"')).found == []
    assert (await client.search('meta.created lt "2020-01-01T00:00:00Z"')).found == []
    assert len((await client.search('meta.created gt "2020-01-01"')).found) == 5
    assert (await client.get("no-id")).status == 404
    assert (await client.send("GET", "/Schemas?filter=x")).status == 403


async def test_a_patch_is_done_whole_or_not_at_all(chat: worlds.World, client: ScimClient) -> None:
    made = await client.create(okta("Barbara Jensen"))
    ok = {"op": "replace", "path": "title", "value": "Guide"}
    wrong: dict[str, tuple[dict[str, Any], str]] = {
        "no operation": ({"op": "move", "path": "title", "value": "x"}, "invalidSyntax"),
        "no such attribute": ({"op": "add", "path": "shoeSize", "value": 41}, "invalidPath"),
        "no path that can be read": ({"op": "add", "path": "emails[", "value": "x"}, "invalidPath"),
        "nothing to remove": ({"op": "remove"}, "noTarget"),
        "no such value": ({"op": "replace", "path": 'emails[type eq "home"].value', "value": "x@y.z"}, "noTarget"),
        "not to be changed": ({"op": "replace", "path": "id", "value": "x"}, "mutability"),
        "needed": ({"op": "remove", "path": "userName"}, "invalidValue"),
        "no value": ({"op": "add", "path": "title"}, "invalidValue"),
        "no object": ({"op": "add", "value": "x"}, "invalidValue"),
        "somebody's": ({"op": "replace", "path": "userName", "value": "ada@"}, ""),
    }
    for what, (one, kind) in list(wrong.items())[:-1]:
        answer = await client.patch(made.id, ok, one)
        assert (answer.status, answer.body.get("scimType")) == (400, kind), what
    taken = (await client.search('displayName sw "Ada"')).found[0]
    clash = await client.patch(made.id, ok, {"op": "replace", "path": "userName", "value": taken.upper()})
    assert (clash.status, clash.body["scimType"]) == (409, "uniqueness")
    assert "title" not in (await client.get(made.id)).body
    assert (await client.send("PATCH", f"/Users/{made.id}", {"schemas": [PATCH], "Operations": []})).status == 400
    assert (await client.send("PATCH", f"/Users/{made.id}", {"Operations": [ok]})).status == 400
    ignored = operations("Add", {'phoneNumbers[type eq "mobile"].value': "1", f"{ENTERPRISE}:costCenter": "2"})
    assert (await client.patch(made.id, *ignored)).body == made.body


async def test_nothing_of_a_person_stands_in_logs_or_figures(client: ScimClient) -> None:
    with structlog.testing.capture_logs() as logs:
        made = await client.create(entra("Marker Zanzibar", department="Marker Department"))
        await client.create(entra("Marker Zanzibar"))
        await client.search('userName eq "marker.zanzibar@example.com"')
        await client.patch(made.id, {"op": "replace", "path": "active", "value": "False"})
    assert "arker" not in repr(logs)
    assert "arker" not in await metric(client, "")
