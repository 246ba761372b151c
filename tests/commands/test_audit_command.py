"""`rapport audit verify`: what it says, and how it ends."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import world as worlds
from typer.testing import CliRunner

from bot.__main__ import cli
from bot.clock import real
from bot.commands import Problem
from bot.engine.sealing import Sealing
from bot.storage.audit import AuditEvent, AuditSeal, record


@pytest.fixture
def house(world: worlds.World, monkeypatch: pytest.MonkeyPatch) -> worlds.World:
    loaded = world.app.settings
    for name in ("database_url", "keys", "key_ring", "slack_signing_secret"):
        monkeypatch.setenv(f"RAPPORT_{name.upper()}", getattr(loaded, name))
    return world


def verify(*arguments: str) -> Any:
    return CliRunner().invoke(cli, ["audit", "verify", *arguments], catch_exceptions=False)


def write(world: worlds.World) -> None:
    with world.look() as db:
        record(db, real(), "role.given", actor=None, kind="person", object_id=None, role="auditor")


async def test_it_says_how_far_the_chain_goes_and_what_is_not_in_it_yet(house: worlds.World, tmp_path: Path) -> None:
    fresh = verify()
    assert (fresh.exit_code, "There is no chain yet" in fresh.output) == (0, True)
    rows = len(house.rows(AuditEvent.seq))
    assert f"Not sealed yet ({rows}): row 1 to {rows}." in fresh.output
    file = tmp_path / "anchors.txt"
    sealing = Sealing(house.app.database, house.clock, file)
    sealing.seal()
    sealing.anchor()
    links = len(house.rows(AuditSeal.id))
    write(house)
    done = verify("--anchor", str(file))
    assert done.exit_code == 0
    holds, agrees, waits = done.output.splitlines()
    assert holds.startswith(f"The chain holds up to link {links}, head ")
    assert agrees.startswith("It agrees with every anchor (1), the newest of ")
    assert waits == f"Not sealed yet (1): row {links + 1}. The running bot seals within seconds."
    assert "Without --anchor nobody can tell" in verify().output
    file.write_text(file.read_text("ascii").replace("Z ", ".123456Z "), "ascii")
    assert ".123456Z at link" in verify("--anchor", str(file)).output, "as the log has it"


async def test_a_break_ends_in_one_and_the_first_place_stands_first(house: worlds.World, tmp_path: Path) -> None:
    for _ in range(3):
        write(house)
    file = tmp_path / "anchors.txt"
    sealing = Sealing(house.app.database, house.clock, file)
    sealing.seal()
    sealing.anchor()
    last = house.rows(AuditSeal.id)[-1]
    with house.look() as db:
        db.execute(sa.delete(AuditSeal).where(AuditSeal.id >= last))
        db.execute(sa.update(AuditSeal).where(AuditSeal.id == 2).values(mac=b"x"))
    done = verify("--anchor", str(file))
    assert done.exit_code == 1
    lines = done.output.splitlines()
    assert lines[0] == f"The chain is BROKEN. It goes to link {last - 1}; the first bad position stands first."
    assert lines[1] == "Link 2: row 2 was edited, or its seal was."
    assert lines[2].startswith(f"Link {last}: the chain was cut off here;")


async def test_a_file_that_holds_no_anchors_is_told(house: worlds.World, tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    with pytest.raises(Problem, match="cannot be read: No such file"):
        verify("--anchor", str(file))
    file.write_text("dear diary\n" * 3, "utf-8")
    with pytest.raises(Problem, match="holds no anchor"):
        verify("--anchor", str(file))
    file.write_text(f"dear diary\n2026-11-23T08:00:00Z 1 {'0' * 64}\n", "utf-8")
    assert f"{file}, line 1: passed over" in verify("--anchor", str(file)).output
