"""`rapport check` where there is Teams: the app at Microsoft, the keys, the public address, the package, the people."""

from __future__ import annotations

import asyncio
import contextlib
import json
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
import world as worlds
from aiohttp import web
from databases import Databases
from slack_front import SlackFront
from typer.testing import CliRunner

from bot import app as house
from bot.__main__ import cli
from bot.clock import Clock
from bot.settings import Settings
from bot.storage.people import Address
from bot.storage.workspaces import Workspace
from desk.desk import Desk
from desk.teams.tenant import App, Tenant
from desk.teams.values import Account

ADA = "aad-ada"
Check = Callable[..., Awaitable[str]]


@pytest.fixture
async def there(databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[worlds.World]:
    """Ready to run, with Slack and Teams, and the settings in the environment."""
    ada = worlds.company.person("Ada Byron")
    desk = Desk(
        signing_secret=worlds.SECRET, token=worlds.TOKEN,
        tenant=Tenant(people=[Account(ADA, ada.name, ada.email, "Europe/Lisbon")]),
    )  # fmt: skip
    await desk.start(port=0)
    clock = Clock.fixed(worlds.MONDAY)
    with databases.copy("sqlite", tmp_path) as url:
        given = worlds.settings(tmp_path, url, desk.api_url, **desk.teams.settings())
        app = house.build(given, clock=clock, synchronous="OFF")
        await worlds.people_the_house(app, tmp_path, desk, clock)
        for name in Settings.model_fields:
            monkeypatch.delenv(f"RAPPORT_{name.upper()}", raising=False)
        for name in ("database_url", "keys", "key_ring", "slack_signing_secret", "slack_api"):
            monkeypatch.setenv(f"RAPPORT_{name.upper()}", getattr(given, name))
        for name, value in desk.teams.settings().items():
            monkeypatch.setenv(f"RAPPORT_{name.upper()}", value)
        monkeypatch.chdir(tmp_path)
        async with house.answering(app) as address:
            desk.delivery.sender.bot_url = address
            monkeypatch.setenv("RAPPORT_PORT", address.rpartition(":")[2])
            yield worlds.World(app, desk, clock, SlackFront(desk))
        await desk.stop()


@pytest.fixture
def check() -> Check:
    async def run(*more: str) -> str:
        done = await asyncio.to_thread(CliRunner().invoke, cli, ["check", *more], catch_exceptions=False)
        return done.output

    return run


def app_of(world: worlds.World) -> App:
    return world.desk.teams.tenant.app


async def test_an_app_that_is_ready_has_nothing_to_mend(there: worlds.World, check: Check) -> None:
    told = await check()
    app = app_of(there)
    assert f"ok    Microsoft gives a token to the app {app.id} at the tenant {app.tenant}." in told
    assert "ok    The keys by which Teams is known can be read: 1." in told
    assert "ok    0 of 5 people are matched to an account in Teams. The others have not added the app yet" in told
    assert "The token of Desk & Co works" in told
    assert "STOP" not in told
    assert app.password not in told
    assert '"event"' not in told, "no line of the log among what is told"


async def test_people_on_teams_are_counted_and_those_whom_nothing_reaches(there: worlds.World, check: Check) -> None:
    assert (await there.desk.teams.delivery.install(ADA)).ok
    assert "1 of 5 people are matched to an account in Teams." in await check()
    with there.look() as db:
        db.execute(sa.delete(Address).filter_by(platform="slack"))
    assert "4 of 5 have no chat account" in await check()
    assert (await there.desk.teams.delivery.uninstall(ADA)).ok
    told = await check()
    assert "1 of 5 have an account that takes no message, and are not asked: they are to add or unblock the app" in told
    assert "(Ada Byron)" in told


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("APP_PASSWORD", "the-id-of-the-secret", "RAPPORT_TEAMS_APP_PASSWORD is wrong: copy the Value"),
        ("APP_ID", "11111111-2222-3333-4444-555555555555", "There is no app 11111111-2222-3333-4444-555555555555 in"),
        ("TENANTS", "another-tenant", "There is no tenant another-tenant. The first of RAPPORT_TEAMS_TENANTS must be"),
        ("LOGIN", "http://127.0.0.1:1/", "Microsoft's login does not answer (no_connection). Look at this host's way"),
        ("OPENID", "http://127.0.0.1:1/", "The keys by which Teams is known cannot be read (ClientConnectorError)"),
    ],
)
async def test_what_microsoft_refuses_or_does_not_answer_is_told_with_what_to_do(
    variable: str, value: str, words: str, there: worlds.World, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"RAPPORT_TEAMS_{variable}", value)
    told = await check()
    [stop] = [line for line in told.splitlines() if line.startswith("STOP")]
    assert words in stop
    assert "the-id-of-the-secret" not in told
    assert app_of(there).password not in told


async def test_a_refusal_that_is_not_known_is_told_by_its_number(
    there: worlds.World, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(request: web.Request) -> web.Response:
        text = "AADSTS53003: Access has been blocked by Conditional Access policies."
        return web.json_response({"error": "access_denied", "error_description": text}, status=400)

    async with site({"/{tenant}/oauth2/v2.0/token": refuse}) as url:
        monkeypatch.setenv("RAPPORT_TEAMS_LOGIN", url)
        assert "AADSTS53003. Look at its id, its secret and tenant." in await check()


async def test_authentication_that_is_off_is_told(
    there: worlds.World, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAPPORT_TEAMS_AUTH", "off")
    told = await check()
    assert "note  RAPPORT_TEAMS_AUTH is off: whatever claims to be Teams is let in." in told
    assert "Microsoft gives a token" not in told


async def test_only_teams_needs_no_workspace_of_slack(
    there: worlds.World, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    with there.look() as db:
        db.execute(sa.update(Workspace).filter_by(platform="slack").values(removed_at=worlds.MONDAY))
    assert "There is no workspace yet" in await check(), "its secret is among the settings"
    monkeypatch.delenv("RAPPORT_SLACK_SIGNING_SECRET")
    told = await check()
    assert "There is no workspace yet" not in told
    assert "STOP" not in told


async def test_a_tenant_that_is_no_longer_served_is_told(
    there: worlds.World, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    with there.look() as db:
        db.execute(sa.update(Workspace).filter_by(platform="teams").values(external_id="tenant-before"))
    assert "People of the tenant tenant-before have accounts here, and it is not in RAPPORT_TEAMS_TENANTS" in (
        await check()
    )


@contextlib.asynccontextmanager
async def site(routes: dict[str, Callable[[web.Request], Awaitable[web.Response]]]) -> AsyncIterator[str]:
    app = web.Application()
    for path, handler in routes.items():
        app.router.add_post(path, handler)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()


async def test_the_public_address_is_tried_for_both_platforms(there: worlds.World, check: Check) -> None:
    url = there.desk.delivery.sender.bot_url
    told = await check("--url", f"{url}/")
    for path in ("/api/messages", "/slack/events"):
        assert f"ok    {url}{path} answers, and turns away what nobody has signed." in told
    told = await check("--url", "http://rapport.example.com")
    assert "STOP  --url http://rapport.example.com must start with https" in told
    assert "STOP  --url rapport is not a web address." in await check("--url", "rapport")
    told = await check("--url", "http://127.0.0.1:1")
    assert "STOP  http://127.0.0.1:1/api/messages cannot be reached from here (ClientConnectorError)" in told

    async def away(request: web.Request) -> web.Response:
        return web.Response(status=502)

    async with site({"/api/messages": away}) as url:
        told = await check("--url", url)
    assert f"note  {url}api/messages answers 502: nothing runs behind the proxy yet." in told
    assert f"STOP  {url}slack/events answers 404, which is not Rapport. Let your proxy pass /slack/events on to" in told


async def test_a_package_is_compared_with_what_would_be_packed_now(
    there: worlds.World, check: Check, tmp_path: Path
) -> None:
    assert "rapport.zip" not in await check()
    made = CliRunner().invoke(cli, ["manifest", "teams", "--url", "https://rapport.example.com"])
    assert made.exit_code == 0, made.output
    assert "ok    rapport.zip is what this version packs." in await check()
    with zipfile.ZipFile("rapport.zip") as archive:
        manifest = json.loads(archive.read("manifest.json"))
    with zipfile.ZipFile("rapport.zip", "w") as archive:
        archive.writestr("manifest.json", json.dumps(manifest | {"version": "0.9.0"}))
    assert "note  rapport.zip is not what this version packs (version). Make it anew with rapport manifest teams" in (
        await check()
    )
    (tmp_path / "rapport.zip").write_bytes(b"PK")
    assert "note  rapport.zip is no app package of Rapport's (BadZipFile)." in await check()
