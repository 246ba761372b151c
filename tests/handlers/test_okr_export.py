"""`/okr export`: a file of what its reader may read, and of nothing else."""

from __future__ import annotations

import csv
import io

import world as worlds
from goals import field, objective, opened, results_of

from bot.storage.audit import AuditEvent


async def rows(chat: worlds.World, who: str) -> list[dict[str, str]]:
    """Of the newest file."""
    await chat.command(who, "/okr", "export")
    await chat.press(who, "CSV file")
    await chat.settle()
    found = await chat.files(who)
    name, content = found[-1]
    assert name.endswith(".csv")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


async def titles(chat: worlds.World, who: str) -> set[str]:
    """Of the objectives in the newest file."""
    return {row["Objective"] for row in await rows(chat, who)}


async def test_everybody_gets_what_they_may_read_and_hr_gets_all(chat: worlds.World) -> None:
    objective(chat, "grace", "=SUM(Company)", level="company")
    objective(chat, "ada", "Hers")
    objective(chat, "ada", "A draft", state="draft")
    assert await titles(chat, "ada") == {"'=SUM(Company)", "Hers", "A draft"}
    assert await titles(chat, "linus") == {"'=SUM(Company)", "Hers"}
    assert await titles(chat, "eve") == {"'=SUM(Company)"}
    assert await titles(chat, "hana") == {"'=SUM(Company)", "Hers", "A draft"}
    made = [row for row in chat.rows(AuditEvent) if row.action == "okr.exported"]
    assert [row.details["objectives"] for row in made] == [3, 2, 1, 3]


async def test_who_reads_an_objective_reads_there_what_was_written_of_it_too(chat: worlds.World) -> None:
    of = objective(chat, "ada", "Hers")
    objective(chat, "linus", "His")
    await opened(chat, "ada", of, "Update")
    await chat.submit("ada", **{field("value", results_of(chat, of)[0]): "72", "note": "Two new people."})
    reason, lesson = "Two of three customers left.", "Ask earlier."
    await opened(chat, "ada", of, "Close it…")
    await chat.submit("ada", grade="0.5", outcome="keep", reason=reason, lesson=lesson)
    for who in ("ada", "linus", "grace", "hana"):
        found = next(row for row in await rows(chat, who) if row["Objective"] == "Hers")
        assert (found["Grade Reason"], found["Lesson"], found["Note"]) == (reason, lesson, "Two new people.")


async def test_a_workbook_comes_as_well_and_an_unknown_period_is_told(chat: worlds.World) -> None:
    objective(chat, "ada", "Hers")
    assert "No period is called 1999-Q1" in await chat.reply("ada", "/okr", "export 1999-Q1")
    assert "2026-Q4" in chat.told("ada")
    await chat.command("ada", "/okr", "export 2026-Q4")
    await chat.press("ada", "Excel file")
    await chat.settle()
    [(name, content)] = await chat.files("ada")
    assert (name, content[:2]) == ("objectives-2026-Q4.xlsx", b"PK")


async def test_before_anything_is_set_there_is_no_file(chat: worlds.World) -> None:
    assert "There are no objectives yet" in await chat.reply("ada", "/okr", "export")
