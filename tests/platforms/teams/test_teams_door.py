"""What strangers, forgers and broken clients send to the door of Teams, through the real server."""

from __future__ import annotations

import asyncio
import base64
import gzip
import json
import logging
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
import teams_world
import world as worlds
from patience import until
from teams_service import APP, ISSUER, OTHER_TENANT, TENANT, Teams, private_key, published
from teams_world import TeamsWorld

from bot import app as house
from bot.platforms.teams import keys as keys_module
from bot.platforms.teams.door import LARGEST
from bot.platforms.teams.keys import A_DAY, AT_MOST_EVERY, WITHOUT_ANY, Keys, NoKeys, UnknownKey
from bot.settings import load
from bot.storage.migrating import upgrade

SAID = {"text": "help"}


def ago(**by: float) -> datetime:
    return datetime.now(UTC) - timedelta(**by)


def part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def unsigned(teams: Teams) -> str:
    claims = {"iss": ISSUER, "aud": APP, "serviceurl": teams.service, "exp": 4102444800}
    return f"{part({'alg': 'none', 'typ': 'JWT', 'kid': 'k1'})}.{part(claims)}."


def with_public_key_as_secret(teams: Teams) -> str:
    """The classic confusion: the key that everybody may read, as the secret of a symmetric signature."""
    body = teams.token().split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    return jwt.encode(claims, str(published("k1")["n"]), "HS256", {"kid": "k1"})


def tampered(teams: Teams) -> str:
    head, _, signature = teams.token().split(".")
    return ".".join((head, teams.token(aud="another-app").split(".")[1], signature))


FORGED: dict[str, Callable[[Teams], str]] = {
    "no header": lambda teams: "",
    "a word": lambda teams: "Bearer",
    "garbage": lambda teams: "Bearer xxx",
    "garbage in three parts": lambda teams: "Bearer xxx.yyy.zzz",
    "three parts of JSON that is none": lambda teams: f"Bearer {part([])}.{part([])}.{part([])}",
    "another scheme": lambda teams: f"Basic {teams.token()}",
    "small letters": lambda teams: f"bearer {teams.token()}",
    "two tokens": lambda teams: f"Bearer {teams.token()} {teams.token()}",
    "alg: none": lambda teams: f"Bearer {unsigned(teams)}",
    "alg: none with a signature": lambda teams: f"Bearer {unsigned(teams)}AAAA",
    "signed with the public key": lambda teams: f"Bearer {with_public_key_as_secret(teams)}",
    "another key under a known name": lambda teams: f"Bearer {teams.token(signed_by='k2')}",
    "unknown key": lambda teams: f"Bearer {teams.token(kid='k9')}",
    "no key named": lambda teams: f"Bearer {teams.token(headers={'kid': None})}",
    "a body of another token": lambda teams: f"Bearer {tampered(teams)}",
    "expired": lambda teams: f"Bearer {teams.token(exp=ago(minutes=6))}",
    "without an end": lambda teams: f"Bearer {teams.token(exp=None)}",
    "an end that is no time": lambda teams: f"Bearer {teams.token(exp='never')}",
    "not valid yet": lambda teams: f"Bearer {teams.token(nbf=ago(minutes=-6))}",
    "wrong audience": lambda teams: f"Bearer {teams.token(aud='another-app')}",
    "an audience of several": lambda teams: f"Bearer {teams.token(aud=[APP, 'another-app'])}",
    "no audience": lambda teams: f"Bearer {teams.token(aud=None)}",
    "wrong issuer": lambda teams: f"Bearer {teams.token(iss='https://evil.example')}",
    "no issuer": lambda teams: f"Bearer {teams.token(iss=None)}",
    "an issuer that is a list": lambda teams: f"Bearer {part({'alg': 'RS256'})}.{part({'iss': [ISSUER]})}.AAAA",
    "an emulator's": lambda teams: f"Bearer {teams.token(iss='https://sts.windows.net/x/', appid=APP, ver='1.0')}",
    "for another service": lambda teams: f"Bearer {teams.token(serviceurl='https://smba.trafficmanager.net/in/')}",
    "for no service": lambda teams: f"Bearer {teams.token(serviceurl=None)}",
}


@pytest.mark.parametrize("case", FORGED)
async def test_a_bad_token_is_401_and_leaves_no_row(there: TeamsWorld, case: str) -> None:
    before = there.counts()
    header = {"Authorization": FORGED[case](there.teams)}
    for body in (json.dumps(there.teams.activity(**SAID)).encode(), b"{"):
        if body == b"{" and "service" in case:
            continue
        assert await there.send(body, {"Content-Type": "application/json", **header}) == 401
    assert there.counts() == before
    assert there.references == []
    assert sum(there.edge.door.refused.values()) >= 1


async def test_a_good_token_is_let_in(there: TeamsWorld) -> None:
    assert await there.post(there.teams.activity(**SAID)) == 200
    assert await there.post(there.teams.activity(**SAID), there.teams.token(exp=ago(minutes=4))) == 200
    assert not there.edge.door.refused


@pytest.mark.parametrize(
    ("wrong", "status", "reason"),
    [
        ({"channelId": "slack"}, 401, "channel"),
        ({"channelId": None}, 401, "channel"),
        ({"channelId": ["msteams"]}, 401, "channel"),
        ({"serviceUrl": "https://smba.trafficmanager.net/emea/"}, 401, "service"),
        ({"serviceUrl": None}, 401, "service"),
        ({"serviceUrl": ["x"]}, 401, "service"),
        ({"channelData": {"tenant": {"id": OTHER_TENANT}}}, 403, "tenant"),
        ({"conversation": {"id": "a:ada", "tenantId": OTHER_TENANT}}, 403, "tenant"),
        ({"channelData": {"tenant": {"id": [TENANT]}}}, 403, "tenant"),
        ({"channelData": None, "conversation": {"id": "a:ada"}}, 403, "tenant"),
        ({"channelData": "x", "conversation": {"id": "a:ada"}}, 403, "tenant"),
        ({"channelData": {"tenant": {"id": ""}}, "conversation": None}, 403, "tenant"),
    ],
)
async def test_a_token_opens_only_its_own_service_channel_and_tenant(
    there: TeamsWorld, wrong: dict[str, Any], status: int, reason: str
) -> None:
    before = there.counts()
    assert await there.post(there.teams.activity(**SAID, **wrong)) == status
    assert there.edge.door.refused == {reason: 1}
    assert there.counts() == before
    assert there.references == []


async def test_a_service_elsewhere_is_refused_even_if_its_token_names_it(there: TeamsWorld) -> None:
    elsewhere = "https://smba.trafficmanager.net.evil.example/"
    token = there.teams.token(serviceurl=elsewhere)
    assert await there.post(there.teams.activity(**SAID, serviceUrl=elsewhere), token) == 401
    assert there.edge.door.refused == {"service": 1}


@pytest.mark.parametrize("endorsed", [("emulator",), (), None])
async def test_a_key_that_is_not_endorsed_for_teams_opens_nothing(
    there: TeamsWorld, endorsed: tuple[str, ...] | None
) -> None:
    there.teams.keys.append(published("k2", endorsed))
    assert await there.post(there.teams.activity(**SAID), there.teams.token(kid="k2")) == 401
    assert await there.post(there.teams.activity(**SAID)) == 200


async def test_without_authentication_only_this_machine_and_the_listed_tenants_are_served(
    chat: worlds.World, teams: Teams
) -> None:
    async with teams_world.running(chat, teams, auth=False) as there:

        async def post(**wrong: Any) -> int:
            return await there.send(json.dumps(teams.activity(**SAID, **wrong)).encode(), {})

        assert await post() == 200
        passed_on = {"X-Forwarded-For": "203.0.113.9"}
        assert await there.send(json.dumps(teams.activity(**SAID)).encode(), passed_on) == 401
        assert await post(serviceUrl="https://smba.trafficmanager.net/emea/") == 401
        assert await post(serviceUrl="http://169.254.169.254/") == 401
        assert await post(channelData={"tenant": {"id": OTHER_TENANT}}) == 403
        assert teams.logins == []
        assert teams.key_reads == 0


# What a good token may not bring either

HALF = "\ud800"
MALFORMED: dict[str, Any] = {
    "a list": [],
    "a text": "activity",
    "no kind": {"type": None},
    "a kind that is a list": {"type": []},
    "no conversation": {"conversation": {}},
    "a conversation that is a list": {"conversation": ["x"]},
    "a conversation of 300 signs": {"conversation": {"id": "x" * 300}},
    "a conversation that leads elsewhere": {"conversation": {"id": ".."}},
    "an id of half a sign": {"id": HALF},
    "an id that is a number": {"id": 1},
    "no id": {"id": None},
    "a sender who is a text": {"from": "ada"},
    "a sender of no directory": {"from": {"id": "29:ada"}},
    "a sender of half a sign": {"from": {"id": "29:ada", "aadObjectId": HALF}},
    "a text that is a number": {"text": 1},
    "a text that is a list": {"text": ["help"]},
    "entities that are a text": {"entities": "x"},
    "a card that is a text": {"value": "press me"},
    "a card of somebody else's": {"value": {"theirs": 1}},
    "a card of ours without anything": {"value": {"rapport": {}}},
    "a press that is a text": {"value": {"rapport": {"press": "x"}}},
    "a press of half a sign": {"value": {"rapport": {"press": ["p", "checkin", [HALF]]}}},
    "a press with a line break": {"value": {"rapport": {"press": ["p", "check\nin", []]}}},
    "a form that is a text": {"value": {"rapport": {"form": "x", "act": "submit"}}},
}
NO_VALUE: dict[str, Any] = {
    "nothing": None,
    "a text": "x",
    "a list": [1],
    "no data": {"context": {}},
    "data that is a text": {"data": "x"},
    "somebody else's data": {"data": {"theirs": 1}},
    "a press of two": {"data": {"rapport": {"press": ["a", "b"]}}},
    "a form without a token": {"data": {"rapport": {"act": "submit"}}},
    "a token of nothing": {"data": {"rapport": {"form": {}, "act": "submit"}}},
}
TOKEN = {"phrase": "checkin", "ids": [], "version": "", "page": 0, "person": "p", "groups": {}}
NO_FORM: dict[str, Any] = {
    "an act of nobody's": {"form": TOKEN, "act": "destroy"},
    "an act that is a list": {"form": TOKEN, "act": []},
    "a page before the first": {"form": {**TOKEN, "page": -1}, "act": "next"},
    "a page without end": {"form": {**TOKEN, "page": 1e400}, "act": "next"},
    "a page of a million": {"form": {**TOKEN, "page": 1_000_000}, "act": "next"},
    "ids of half a sign": {"form": {**TOKEN, "ids": [HALF]}, "act": "submit"},
    "a null byte": {"form": {**TOKEN, "phrase": "check\0in"}, "act": "submit"},
    "groups without end": {"form": {**TOKEN, "groups": {"g": 10**9}}, "act": "add:g"},
    "groups that are a list": {"form": {**TOKEN, "groups": [1]}, "act": "submit"},
}
NO_SEARCH: dict[str, Any] = {
    "no dataset": {"queryText": "li"},
    "a dataset that is none": {"queryText": "li", "dataset": "graph.microsoft.com/users"},
    "a dataset of a number": {"queryText": "li", "dataset": "1"},
    "a dataset of two numbers": {"queryText": "li", "dataset": "[1, 2]"},
    "a text that is a list": {"queryText": [], "dataset": json.dumps([TOKEN, "who"])[:-1]},
    "half a sign": {"queryText": HALF, "dataset": json.dumps([TOKEN, "who"])},
    "a text of 300": {"queryText": "x" * 300, "dataset": json.dumps([TOKEN, "who"])},
    "a field of half a sign": {"queryText": "li", "dataset": json.dumps([TOKEN, HALF])},
}


async def refused(there: TeamsWorld, activity: Any) -> None:
    before = there.counts()
    assert await there.post(activity) == 400
    assert there.counts() == before
    assert there.references == []
    assert there.edge.door.refused == {"malformed": 1}
    assert there.teams.asked == []


@pytest.mark.parametrize("case", MALFORMED)
async def test_a_malformed_activity_is_400_and_leaves_no_row(there: TeamsWorld, case: str) -> None:
    wrong = MALFORMED[case]
    await refused(there, there.teams.activity(**{**SAID, **wrong}) if isinstance(wrong, dict) else wrong)


@pytest.mark.parametrize("name", ["task/fetch", "task/submit"])
@pytest.mark.parametrize("case", NO_VALUE)
async def test_a_malformed_value_of_an_invoke_is_400_and_leaves_no_row(there: TeamsWorld, name: str, case: str) -> None:
    await refused(there, there.teams.invoke(name, NO_VALUE[case]))


@pytest.mark.parametrize("case", NO_FORM)
async def test_a_form_that_was_never_drawn_is_400_and_leaves_no_row(there: TeamsWorld, case: str) -> None:
    await refused(there, there.teams.invoke("task/submit", {"data": {"rapport": NO_FORM[case]}}))


@pytest.mark.parametrize("case", NO_SEARCH)
async def test_a_search_that_was_never_offered_is_400(there: TeamsWorld, case: str) -> None:
    await refused(there, there.teams.invoke("application/search", NO_SEARCH[case]))


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"type": "message"', b"null", b"1e999"])
async def test_what_is_no_json_is_400(there: TeamsWorld, body: bytes) -> None:
    assert await there.send(body, {"Authorization": f"Bearer {there.teams.token()}"}) == 400


async def pieces(size: int) -> AsyncIterator[bytes]:
    for _ in range(size // 65536 + 1):
        yield b" " * 65536


async def test_what_is_too_large_is_not_read(there: TeamsWorld) -> None:
    signed = {"Authorization": f"Bearer {there.teams.token()}"}
    assert LARGEST == 256 * 1024
    assert await there.send(b" " * (LARGEST + 1), signed) == 413
    assert await there.send(b" " * (LARGEST + 1), {}) == 413
    assert await there.send(pieces(2 * LARGEST), signed) == 413
    assert await there.send(b" " * LARGEST, signed) == 400
    bomb = gzip.compress(b" " * 64 * LARGEST)
    assert await there.send(bomb, {**signed, "Content-Encoding": "gzip"}) in (400, 413)
    assert there.edge.door.refused["too_large"] == 3


async def drop_by_drop() -> AsyncIterator[bytes]:
    while True:
        yield b" "
        await asyncio.sleep(0.02)


async def test_what_comes_drop_by_drop_is_not_waited_for(there: TeamsWorld) -> None:
    there.edge.body_seconds = 0.1
    assert await there.send(drop_by_drop(), {"Authorization": f"Bearer {there.teams.token()}"}) == 408


async def test_a_fault_of_ours_is_no_500_and_says_nothing(
    there: TeamsWorld, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    there.world.app.pool.shutdown()
    with caplog.at_level(logging.DEBUG):
        assert await there.post(there.teams.activity(text="SECRET words")) == 503
    assert there.answer is None
    assert "SECRET" not in caplog.text + capsys.readouterr().out


# Keys


async def test_a_rolled_key_is_accepted_within_minutes_and_strangers_cause_no_more_reads(teams: Teams) -> None:
    now = [1000.0]

    async def read(url: str) -> dict[str, Any]:
        teams.key_reads += 1
        return {"jwks_uri": "https://keys.example/"} if url.endswith("openid") else {"keys": teams.keys}

    keys = Keys("https://x.example/openid", read, lambda: now[0])
    assert await keys.get("k1")
    for at in range(50):
        with pytest.raises(UnknownKey):
            await keys.get(f"invented-{at}")
    assert teams.key_reads == 2
    teams.keys[:] = [published("k2")]
    now[0] += AT_MOST_EVERY
    assert await keys.get("k2")
    assert teams.key_reads == 4
    with pytest.raises(UnknownKey):
        await keys.get("k1")
    for wrong in (None, 1, ["k2"], {}):
        with pytest.raises(UnknownKey):
            await keys.get(wrong)
    now[0] += A_DAY + 1
    assert await keys.get("k2")
    assert teams.key_reads == 6


async def test_keys_that_cannot_be_read_again_stay_good(teams: Teams) -> None:
    now, down = [1000.0], [True]

    async def read(url: str) -> dict[str, Any]:
        teams.key_reads += 1
        if down[0]:
            raise OSError
        return {"jwks_uri": "https://keys.example/"} if url.endswith("openid") else {"keys": teams.keys}

    keys = Keys("https://x.example/openid", read, lambda: now[0])
    for _ in range(3):
        with pytest.raises(NoKeys):
            await keys.get("k1")
    assert teams.key_reads == 1
    now[0] += WITHOUT_ANY
    down[0] = False
    key = await keys.get("k1")
    now[0] += A_DAY + 1
    down[0] = True
    assert await keys.get("k1") is key


@pytest.mark.parametrize("where", ["http://keys.example/", "ftp://x/", "", "http://127.0.0.1/"])
async def test_keys_are_read_over_an_encrypted_line_only(where: str) -> None:
    async def read(url: str) -> dict[str, Any]:
        return {"jwks_uri": where, "keys": [published("k1")]}

    with pytest.raises(NoKeys):
        await Keys("https://login.botframework.com/openid", read).get("k1")


async def test_a_key_that_cannot_be_read_costs_only_itself() -> None:
    broken = [{"kid": "bad", "kty": "RSA", "endorsements": ["msteams"]}, {"kid": 1}, published("k1")]

    async def read(url: str) -> dict[str, Any]:
        return {"jwks_uri": "https://keys.example/", "keys": broken}

    keys = Keys("https://x.example/openid", read)
    assert await keys.get("k1")
    with pytest.raises(UnknownKey):
        await keys.get("bad")


async def test_a_rolled_key_opens_the_door_and_the_loop_never_waits_for_it(there: TeamsWorld) -> None:
    """Slow keys hold up only those who need them."""
    assert await there.post(there.teams.activity(**SAID)) == 200
    there.teams.keys[:] = [published("k2")]
    there.teams.delay = 0.5
    there.edge.door._extractor.open_id_metadata._tried_at -= AT_MOST_EVERY
    slow = asyncio.create_task(there.post(there.teams.activity(**SAID), there.teams.token(kid="k2")))
    await asyncio.sleep(0.1)
    assert await there.post(there.teams.activity(**SAID)) == 200
    assert not slow.done()
    assert await slow == 200
    assert await there.post(there.teams.activity(**SAID)) == 401


async def test_without_any_keys_nobody_is_let_in_and_teams_is_asked_to_come_again(there: TeamsWorld) -> None:
    there.teams.keys[:] = []
    assert await there.post(there.teams.activity(**SAID)) == 503
    assert there.edge.door.refused == {"no_keys": 1}
    assert await there.send(b"{}", {"Authorization": "Bearer a.b.c"}) == 401


async def test_keys_are_read_ahead_and_a_start_without_network_is_made_up_for(
    teams: Teams, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys_module, "AHEAD_EVERY", 0.01)
    monkeypatch.setattr(keys_module, "AHEAD_WITHOUT_ANY", 0.01)
    now, down = [1000.0], [True]

    async def read(url: str) -> dict[str, Any]:
        teams.key_reads += 1
        now[0] += AT_MOST_EVERY
        if down[0]:
            raise OSError
        return {"jwks_uri": "https://keys.example/"} if url.endswith("openid") else {"keys": teams.keys}

    keys = Keys("https://x.example/openid", read, lambda: now[0])
    keeping = asyncio.create_task(keys.keep())
    await until(lambda: teams.key_reads > 2)
    assert not keeping.done(), "no network at the start is no reason to give up"
    down[0] = False
    await until(lambda: keys._found("k1") is not None)
    teams.keys[:] = [published("k2")]
    await until(lambda: keys._found("k2") is not None)
    assert keys._found("k1") is None, "one that was taken back opens nothing any more"
    keeping.cancel()


async def test_a_running_bot_has_its_keys_before_the_first_activity(
    chat: worlds.World, teams: Teams, tmp_path: Path
) -> None:
    given = chat.app.settings.model_dump() | {
        "teams_app_id": APP, "teams_app_password": "p", "teams_tenants": TENANT, "teams_login": f"{teams.url}login/",
        "teams_openid": teams.openid, "port": 0, "database_url": f"sqlite:///{tmp_path / 'own.db'}",
        "keys": str(tmp_path / "own"),
    }  # fmt: skip
    app = house.build(load(**given), clock=chat.clock)
    upgrade(app.database.engine)
    async with house.running(app):
        await until(lambda: teams.key_reads > 0)


def test_the_tests_keys_differ() -> None:
    assert private_key("k1") is not private_key("k2")
