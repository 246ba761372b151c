"""`rapport kpi`: values by a file, told and checked first; who looks after what is worse now is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import pytest
import typer
import world as worlds
from key_figures import ago, figure, values
from sqlalchemy import select
from typer.testing import CliRunner

from bot.commands import Problem
from bot.commands.kpi_group import kpi_group
from bot.storage.asks import Ask
from bot.storage.audit import AuditEvent
from bot.storage.database import Database
from bot.storage.kpis import Kpi

TUESDAY = "2026-11-24 11:00"


def typed(world: worlds.World, *words: str) -> str:
    """What is said, with what stops it."""

    @contextmanager
    def opened() -> Iterator[Database]:
        yield world.app.database

    cli = typer.Typer()
    cli.add_typer(kpi_group(opened, lambda: world.clock), name="kpi")
    done = CliRunner().invoke(cli, ["kpi", *words])
    if isinstance(done.exception, Problem):
        return f"{done.stdout}{done.exception}"
    assert done.exception is None, done.exception
    return done.stdout


def listed(folder: Path, *lines: str, head: str = "kpi,date,value") -> str:
    path = folder / "values.csv"
    path.write_text("\n".join([head, *lines]), "utf-8")
    return str(path)


async def test_a_dry_run_tells_the_difference_and_writes_nothing(chat: worlds.World, tmp_path: Path) -> None:
    of = figure(chat, values={14: "3.1", 7: "3"})
    older, old, new = (ago(chat, days) for days in (14, 7, 0))
    file = listed(tmp_path, f"sick,{older},3.10,x", f"sick,{old},3.4 days,", f"sick;{new}", head="KPI,Date,Value,Why")
    assert "line 4" in typed(chat, "import", file)
    file = listed(
        tmp_path, f"sick,{older},3.10,x", f"sick,{old},3.4 days,", f"sick,{new},2.9", head="KPI,Date,Value,Why"
    )
    told = typed(chat, "import", file, "--dry-run")
    assert told.splitlines() == [
        "Not used: Why.", f"~ sick {old}: 3 becomes 3.4", f"+ sick {new}: 2.9",
        "1 value added, 1 changed, 1 as before. Nothing was written: this was a dry run.",
    ]  # fmt: skip
    assert len(values(chat, of)) == 2
    typed(chat, "import", file)
    assert values(chat, of)[1:] == [(old, 1, Decimal(3)), (old, 2, Decimal("3.4")), (new, 1, Decimal("2.9"))]
    assert "0 values added, 0 changed, 3 as before." in typed(chat, "import", file)
    [traced] = [one for one in chat.rows(AuditEvent) if one.action == "kpi.imported"]
    assert (traced.details["added"], traced.details["changed"]) == (1, 1)


async def test_each_fault_is_told_with_its_line_and_nothing_is_written(chat: worlds.World, tmp_path: Path) -> None:
    of = figure(chat)
    day = ago(chat, 1)
    file = listed(
        tmp_path, f"sick,{day},3", f"other,{day},3", f"sick,{day},4", "sick,11/12/2026,5", f"sick,{ago(chat, -3)},5",
        f"sick,{ago(chat, 2)},many", f"sick,{ago(chat, 3)},", f'sick,{ago(chat, 4)},"1,250"',
    )  # fmt: skip
    told = typed(chat, "import", file).splitlines()
    assert [one.partition("line ")[2].partition(":")[0] for one in told[:-1]] == [
        "3, kpi", "4, date", "5, date", "6, date", "7, value", "8, value", "9, value",
    ]  # fmt: skip
    assert "no key figure has the key 'other'" in told[0]
    assert "in line 2 already" in told[1]
    assert "write 1250 or 1.2500" in told[6]
    assert told[-1] == "Nothing was imported."
    assert values(chat, of) == []
    assert "no column value" in typed(chat, "import", listed(tmp_path, "sick,1", head="kpi,date"))
    assert "has no values in it" in typed(chat, "import", listed(tmp_path))


async def test_the_owner_hears_what_is_worse_and_is_asked_no_more(chat: worlds.World, tmp_path: Path) -> None:
    await chat.at(TUESDAY)
    figure(chat, values={8: "3"})
    chat.app.engine.sweep()
    await chat.settle()
    typed(chat, "import", listed(tmp_path, f"sick,{ago(chat, 2)},4.2", f"sick,{ago(chat, 1)},9"))
    await chat.settle()
    assert "Days lost to sickness is worse" in chat.words("ada")
    assert "9 days" in chat.words("ada")
    assert "Read from a file" in chat.words("ada")
    with chat.look() as db:
        assert [one.state for one in db.scalars(select(Ask).filter_by(conversation="kpi.due"))] == ["submitted"]


@pytest.mark.parametrize("many", [0, 1])
async def test_the_list_names_keys_values_and_status(chat: worlds.World, many: int) -> None:
    for _ in range(many):
        figure(chat, values={0: "5"})
    told = typed(chat, "list")
    expected = "sick: Days lost to sickness · Company · Ada Byron · 5 days on" if many else "There is no key figure"
    assert told.startswith(expected)


async def test_one_is_added_by_a_line_and_its_owner_is_told(chat: worlds.World) -> None:
    await chat.at(TUESDAY)
    with chat.look() as db:
        email = chat.person(db, "ada").email
    line = ("add", "tickets", "Tickets solved in time", "--owner", email, "--unit", "%", "--every", "7")
    assert "--low or --high" in typed(chat, *line)
    assert "not above" in typed(chat, *line, "--low", "9", "--high", "9")
    assert "no number" in typed(chat, *line, "--low", "many")
    assert "one of company" in typed(chat, *line, "--low", "90 %", "--level", "individual")
    assert "name the department" in typed(chat, *line, "--low", "90 %", "--level", "team")
    assert "small letters" in typed(chat, "add", "T T", *line[2:], "--low", "90")
    assert "nobody here" in typed(chat, *line[:4], "x@example.org", "--low", "90")
    assert "about one person" in typed(chat, "add", "t", "What Ada Byron does", *line[3:], "--low", "90")
    assert chat.rows(Kpi) == []
    assert "tickets: added." in typed(chat, *line, "--low", "90 %", "--near", "3")
    assert "is taken" in typed(chat, *line, "--low", "90 %")
    await chat.settle()
    assert "You look after the key figure Tickets solved in time" in chat.words("ada")
    assert "healthy: at least 90 %" in chat.words("ada")


async def test_one_is_changed_by_a_line_and_asked_for_on_its_new_rhythm(chat: worlds.World) -> None:
    await chat.at(TUESDAY)
    of = figure(chat, values={8: "3"})
    chat.app.engine.sweep()
    await chat.settle()
    assert "Say what is to change" in typed(chat, "change", "sick")
    assert "No key figure has the key 'other'" in typed(chat, "change", "other", "--every", "14")
    assert "give a number of days" in typed(chat, "change", "sick", "--every", "0")
    assert "it needs one" in typed(chat, "change", "sick", "--title", " ")
    assert "about one person" in typed(chat, "change", "sick", "--title", "What Ada Byron does")
    assert "sick has values already" in typed(chat, "change", "sick", "--unit", "hours")
    assert "it stands so already" in typed(chat, "change", "sick", "--unit", "days")
    assert typed(chat, "change", "sick", "--title", "Sick days", "--every", "14") == "sick: title, rhythm changed.\n"
    await chat.settle()
    with chat.look() as db:
        now = db.scalars(select(Kpi)).one()
        assert (now.id, now.title, now.cadence_days) == (of, "Sick days", 14)
        assert [one.state for one in db.scalars(select(Ask).filter_by(conversation="kpi.due"))] == ["not_expected"]
