"""A directory that sends many things at once, beside people who answer and files that are imported."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import sqlalchemy as sa
import world as worlds
from scim_client import ENTERPRISE, ScimClient, entra, operations
from typer.testing import CliRunner

from bot import app as house
from bot import commands
from bot.__main__ import cli
from bot.commands import Options
from bot.storage.people import Person, ReportingLine

MANAGER = f"{ENTERPRISE}:manager"


async def test_the_same_person_brought_many_times_at_once_is_there_once(
    world: worlds.World, directory: ScimClient
) -> None:
    done = await asyncio.gather(*(directory.create(entra("Barbara Jensen")) for _ in range(6)))
    assert sorted(one.status for one in done) == [201, *[409] * 5]


async def test_two_lines_that_would_close_a_circle_together_are_not_both_drawn(
    world: worlds.World, directory: ScimClient
) -> None:
    one, other = await directory.create(entra("Barbara Jensen")), await directory.create(entra("Frank Jensen"))
    for _ in range(3):
        done = await asyncio.gather(
            directory.patch(one.id, *operations("Add", {MANAGER: other.id})),
            directory.patch(other.id, *operations("Add", {MANAGER: one.id})),
        )
        assert sorted(answer.status for answer in done) == [200, 400]
        for each in (one, other):
            await directory.patch(each.id, {"op": "remove", "path": MANAGER})
    with world.look() as db:
        assert db.scalar(sa.select(sa.func.count()).select_from(ReportingLine).filter_by(ends_on=None)) == 2


async def test_who_a_file_brought_is_found_and_changed_by_the_directory_and_the_other_way_round(
    world: worlds.World, directory: ScimClient, tmp_path: Path
) -> None:
    made = await directory.create(entra("Barbara Jensen", employeeNumber="7"))
    file = tmp_path / "list.csv"
    rows = (
        "Name,Email,Employee Id,Timezone",
        "Barbara J,barbara.jensen@example.com,7,UTC",
        "John S,js@example.com,8,UTC",
    )
    file.write_text("\n".join(rows), "utf-8")
    database = house.open_database(world.app.settings, "OFF")
    await asyncio.to_thread(commands.import_people, database, file, world.clock, Options())
    database.dispose()
    seen = await directory.get(made.id)
    assert seen.body["displayName"] == "Barbara J"
    assert seen.headers["ETag"] != made.headers["ETag"]
    found = await directory.search(f'{ENTERPRISE}:employeeNumber eq "8" and userName eq "JS@example.com"')
    assert found.found == ["js@example.com"]
    clash = await directory.create(entra("Other Person", employeeNumber="8"))
    assert (clash.status, "employeeNumber" in clash.body["detail"]) == (409, True)


async def test_a_deleted_person_whom_a_file_brings_back_is_there_again(
    world: worlds.World, directory: ScimClient
) -> None:
    made = await directory.create(entra("Barbara Jensen"))
    await directory.send("DELETE", f"/Users/{made.id}")
    with world.look() as db:
        db.execute(sa.update(Person).filter_by(email="barbara.jensen@example.com").values(status="active"))
    seen = await directory.search('userName eq "barbara.jensen@example.com"')
    assert [one["id"] for one in seen.body["Resources"]] == [made.id]


def test_tokens_are_made_listed_and_revoked_at_the_command_line(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {"DATABASE_URL": database_url, "KEYS": str(tmp_path / "keys"), "KEY_RING": worlds.RING}
    for name, value in (given | {"SLACK_SIGNING_SECRET": worlds.SECRET}).items():
        monkeypatch.setenv(f"RAPPORT_{name}", value)

    def typed(*words: str) -> str:
        done = CliRunner().invoke(cli, ["scim", *words], catch_exceptions=False)
        return done.stdout.strip()

    assert "SCIM is off" in typed("token", "list")
    token = typed("token", "new", "--name", "Entra")
    assert token.startswith("rapport-scim-")
    listed = typed("token", "list")
    assert "Entra, made" in listed
    assert listed.endswith("never used")
    assert token not in listed
    assert "2 more" in typed("allow", "2")
    assert "Entra is let in no more" in typed("token", "revoke", listed.split()[0])
    assert "SCIM is off" in typed("token", "list")
