"""`rapport check`: each thing that is missing is told with what to do, and all of them at once."""

from __future__ import annotations

import asyncio
import shutil
import socket
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
import world as worlds
from aiohttp import web
from typer.testing import CliRunner

from bot.__main__ import cli
from bot.clock import real
from bot.engine.sealing import Sealing
from bot.platforms.slack.permissions import SCOPES
from bot.settings import Settings, new_key_line
from bot.storage.migrating import downgrade
from bot.storage.people import Address, ReportingLine
from bot.storage.programmes import Programme
from bot.storage.roster import begin
from bot.storage.workspaces import Workspace

one_database = pytest.mark.parametrize("database_kind", ["sqlite"])


@dataclass(frozen=True)
class Looked:
    code: int
    lines: tuple[str, ...]

    def marked(self, mark: str) -> list[str]:
        return [line.removeprefix(mark).strip() for line in self.lines if line.startswith(mark)]


Check = Callable[[], Awaitable[Looked]]


@pytest.fixture
def free_port() -> str:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return str(trial.getsockname()[1])


@pytest.fixture
def check() -> Check:
    async def run() -> Looked:
        # The desk answers in this loop, so the command needs another thread.
        done = await asyncio.to_thread(CliRunner().invoke, cli, ["check"], catch_exceptions=False)
        return Looked(done.exit_code, tuple(done.output.splitlines()))

    return run


@pytest.fixture
def ready(world: worlds.World, free_port: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> worlds.World:
    """Everything an operator does before the first run, and an app with exactly its scopes."""
    loaded = world.app.settings
    for name in ("database_url", "keys", "key_ring", "slack_signing_secret", "slack_api"):
        monkeypatch.setenv(f"RAPPORT_{name.upper()}", getattr(loaded, name))
    monkeypatch.setenv("RAPPORT_PORT", free_port)
    monkeypatch.setenv("RAPPORT_AUDIT_ANCHOR", str(tmp_path / "anchors.txt"))
    allow(world, frozenset(SCOPES))
    with world.look() as db:
        # The world's clock stands; the command's own does not.
        db.execute(sa.update(ReportingLine).values(starts_on=date(2020, 1, 1)))
    return world


def allow(world: worlds.World, scopes: frozenset[str]) -> None:
    space = world.desk.workspace
    space.identity = replace(space.identity, scopes=scopes)


async def test_a_house_that_is_ready_has_nothing_to_mend(ready: worlds.World, check: Check, tmp_path: Path) -> None:
    looked = await check()
    assert (looked.code, looked.lines[-1], looked.marked("STOP")) == (0, "Nothing stops: rapport run", [])
    told = looked.marked("ok")
    assert "The database answers and is up to date." in told
    assert "The token of Desk & Co works and may do exactly what is needed." in told
    assert "5 people are known." in told
    assert "Asked regularly: checkin." in told
    clocks = "The clocks of this host and of the database agree."
    assert (clocks in told) == (ready.app.database.dialect == "postgresql")
    [managers] = looked.marked("note")
    assert managers == (
        "3 of 5 have no manager: nobody but they themselves reads what they write. "
        "(Eve Moreau, Grace Murray, Hana Sato)"
    )  # fmt: skip
    assert not (tmp_path / "anchors.txt").exists(), "looking makes nothing"
    assert worlds.TOKEN not in str(looked)


async def test_every_wrong_setting_is_told_and_the_content_still_looked_at(
    check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"RAPPORT_{name.upper()}", raising=False)
    looked = await check()
    assert looked.code == 1
    assert [line.split()[0] for line in looked.marked("STOP")] == ["RAPPORT_KEY_RING", "RAPPORT_SLACK_SIGNING_SECRET"]
    assert looked.marked("ok") == ["The question sets can be read."]
    assert looked.lines[-1] == "2 to mend before: rapport run"


@one_database
async def test_a_new_installation_is_led_step_by_step(
    ready: worlds.World, check: Check, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = tmp_path / "fresh"
    monkeypatch.setenv("RAPPORT_DATABASE_URL", f"sqlite:///{fresh / 'new.db'}")
    monkeypatch.setenv("RAPPORT_KEYS", str(fresh / "keys"))
    assert "There is no folder for the database" in (await check()).marked("STOP")[0]
    fresh.mkdir()
    missing = [
        "There are no people yet. Run: rapport people import FILE.csv",
        "There is no workspace yet. Run: rapport slack add < token.txt",
    ]
    made = "rapport run makes it, and rapport migrate at once."
    looked = await check()
    assert f"There is no database {fresh / 'new.db'} yet: {made}" in looked.marked("note")
    assert looked.marked("STOP") == missing
    assert list(fresh.iterdir()) == [], "looking makes nothing"
    (fresh / "new.db").touch()
    looked = await check()
    assert f"The database is empty. What belongs into it: {made}" in looked.marked("note")
    assert looked.marked("STOP") == missing
    assert CliRunner().invoke(cli, ["migrate"]).exit_code == 0
    shutil.rmtree(fresh / "keys")
    looked = await check()
    assert f"There is no folder {fresh / 'keys'} for the keys yet: {made}" in looked.marked("note")
    assert looked.marked("STOP") == missing[1:]
    assert not (fresh / "keys").exists(), "looking makes nothing"
    assert CliRunner().invoke(cli, ["migrate"]).exit_code == 0
    looked = await check()
    assert looked.marked("STOP") == missing
    assert looked.marked("note") == ["Nothing is asked of anybody yet. Run: rapport programme start checkin"]
    assert looked.code == 1


@one_database
async def test_an_import_of_people_that_was_interrupted_is_told(ready: worlds.World, check: Check) -> None:
    with ready.look() as db:
        begin(db, "digest", "people.csv", {}, 450, ready.clock.real(), None, full=False, confirmed=None)
    told = (
        "The import of people.csv has not come to its end: 0 of 450 changes stand. If it is not running, run it again."
    )
    assert told in (await check()).marked("note")


async def test_a_database_that_is_not_up_to_date_is_told(ready: worlds.World, check: Check) -> None:
    downgrade(ready.app.database.engine, "0001")
    looked = await check()
    assert looked.marked("STOP") == ["The database is not up to date. Run: rapport migrate"]


@one_database
async def test_a_database_that_is_away_is_told_without_its_password_and_the_rest_is_looked_at(
    ready: worlds.World, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAPPORT_DATABASE_URL", "postgresql://rapport:hidden@127.0.0.1:1/none")
    looked = await check()
    [stop] = looked.marked("STOP")
    assert stop.startswith("The database does not answer. It says: connection")
    assert "hidden" not in str(looked)
    assert any("is free" in line for line in looked.marked("ok"))


async def test_keys_that_do_not_fit_are_told_and_people_still_counted(
    ready: worlds.World, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAPPORT_KEY_RING", new_key_line())
    looked = await check()
    [stop] = looked.marked("STOP")
    assert stop.startswith("The keys do not fit this database")
    assert "5 people are known." in looked.marked("ok")


@one_database
async def test_a_lost_or_open_key_folder_is_told_and_none_is_made(
    ready: worlds.World, check: Check, tmp_path: Path
) -> None:
    keys = tmp_path / "keys"
    keys.chmod(0o755)
    assert (await check()).marked("STOP") == [
        f"The keys cannot be read. Others can look into the key folder: run 'chmod 700 {keys}'."
    ]
    shutil.rmtree(keys)
    [stop] = (await check()).marked("STOP")
    assert stop == f"The folder {keys} with the keys of this database is not there. Look at RAPPORT_KEYS."
    assert not keys.exists()


@one_database
async def test_a_lost_audit_key_is_told(ready: worlds.World, check: Check) -> None:
    Sealing(ready.app.database, ready.clock, None).seal()
    ready.app.database.keys.forget("audit")
    [stop] = (await check()).marked("STOP")
    assert stop.startswith("The keys do not fit this database. No key for audit")


@one_database
async def test_scopes_that_are_missing_or_too_many_are_named(ready: worlds.World, check: Check) -> None:
    allow(ready, frozenset(SCOPES) - {"im:history", "commands"})
    [stop] = (await check()).marked("STOP")
    assert "may not do all it needs; missing: commands, im:history. Add it under OAuth & Permissions" in stop
    allow(ready, frozenset(SCOPES) | {"channels:history"})
    looked = await check()
    assert looked.code == 0
    assert "may do more than it needs: channels:history. Take that away." in looked.marked("note")[-1]


@one_database
async def test_a_token_that_no_longer_works_or_is_another_workspaces_is_told(
    ready: worlds.World, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ready.look() as db:
        db.execute(sa.update(Workspace).values(external_id="T0OTHER"))
    assert (await check()).marked("STOP") == [
        "The token of Desk & Co is one of another workspace. Run: rapport slack add < token.txt"
    ]
    space = ready.desk.workspace
    space.identity = replace(space.identity, token="xoxb-new")
    [stop] = (await check()).marked("STOP")
    assert stop.startswith("Slack refuses the token of Desk & Co: invalid_auth. Install the app again")
    monkeypatch.setenv("RAPPORT_SLACK_API", "http://127.0.0.1:1/")
    [stop] = (await check()).marked("STOP")
    assert stop.startswith("Slack does not answer for Desk & Co (no_connection).")


@one_database
async def test_the_token_of_socket_mode_is_tried(
    ready: worlds.World, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RAPPORT_SLACK_SIGNING_SECRET")
    monkeypatch.setenv("RAPPORT_SLACK_APP_TOKEN", "xapp-desk")
    looked = await check()
    assert (looked.code, "Slack gives a socket for RAPPORT_SLACK_APP_TOKEN." in looked.marked("ok")) == (0, True)
    monkeypatch.setenv("RAPPORT_SLACK_APP_TOKEN", "xapp-another")
    [stop] = (await check()).marked("STOP")
    assert stop.startswith("Slack refuses RAPPORT_SLACK_APP_TOKEN: invalid_auth. It needs the scope connections:write")
    assert "xapp-another" not in str(await check())


@one_database
@pytest.mark.parametrize(("minutes", "mark"), [(1, "note"), (-6, "STOP")])
async def test_a_clock_that_is_not_slacks_is_told(
    minutes: int, mark: str, ready: worlds.World, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def auth_test(request: web.Request) -> web.Response:
        headers = {"Date": format_datetime(real() + timedelta(minutes=minutes), usegmt=True)}
        return web.json_response({"ok": True, "team_id": space.identity.team_id}, headers=headers)

    space = ready.desk.workspace
    site = web.Application()
    site.add_routes([web.post("/auth.test", auth_test)])
    runner = web.AppRunner(site)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    monkeypatch.setenv("RAPPORT_SLACK_API", f"http://127.0.0.1:{runner.addresses[0][1]}/")
    looked = await check()
    await runner.cleanup()
    assert "This host's clock and Slack's differ by" in looked.marked(mark)[-1]
    assert "The token of Desk & Co works; what it may do was not told." in looked.marked("note")


@pytest.fixture
def taken() -> Iterator[str]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield str(other.getsockname()[1])


@one_database
async def test_a_taken_port_is_told_unless_it_is_a_rapport(
    ready: worlds.World, check: Check, taken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = ready.desk.delivery.sender.bot_url.rpartition(":")[2]
    monkeypatch.setenv("RAPPORT_PORT", own)
    assert f"A Rapport is running on 127.0.0.1, port {own} already." in (await check()).marked("note")
    monkeypatch.setenv("RAPPORT_PORT", taken)
    [stop] = (await check()).marked("STOP")
    assert stop.startswith(f"Cannot listen on 127.0.0.1, port {taken}: Address already in use. Set RAPPORT_HOST")
    monkeypatch.setenv("RAPPORT_HOST", "192.0.2.1")
    assert "Cannot listen on 192.0.2.1" in (await check()).marked("STOP")[0]


@one_database
async def test_a_bot_at_work_on_the_same_file_is_told(ready: worlds.World, check: Check) -> None:
    with ready.app.database.lock():
        looked = await check()
    assert looked.code == 0
    assert "A bot is at work on this database already; a second one would be refused." in looked.marked("note")


@one_database
async def test_people_without_an_account_and_a_house_that_asks_nothing_are_told(
    ready: worlds.World, check: Check, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAPPORT_AUDIT_ANCHOR", str(tmp_path / "not there" / "anchors.txt"))
    with ready.look() as db:
        grace = ready.person(db, "grace").id
        db.execute(sa.delete(Address).filter_by(person_id=grace))
        db.execute(sa.update(Address).values(reachable=False))
        db.execute(sa.update(Programme).values(stopped_at=worlds.MONDAY))
        ready.person(db, "eve").left_on = real().date() - timedelta(days=5)
    looked = await check()
    assert looked.code == 0
    told = "\n".join(looked.marked("note"))
    assert "1 of 5 have no chat account: they are not asked until one has their e-mail address. (Grace Murray)" in told
    assert "The first or last day of 1 is past. A running bot sees to it. (Eve Moreau)" in told
    assert "4 of 5 have an account that takes no message" in told
    assert "(Ada Byron, Eve Moreau, Hana Sato and 1 more)" in told
    assert "Nothing is asked of anybody yet. Run: rapport programme start checkin" in told
    assert "cannot be written to" in told
