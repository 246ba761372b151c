"""`rapport people absences`: days away by a file, told and checked first, written once however often it is imported."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest
import world as worlds
from typer.testing import CliRunner

from bot import commands
from bot.__main__ import cli
from bot.commands import Problem
from bot.storage.audit import AuditEvent
from bot.storage.people import Absence

OPENS, DUE = "2026-11-26 10:00", "2026-11-27 16:00"
ADA, LINUS, EVE = "ada.byron@example.com", "linus.holm@example.com", "eve.moreau@example.com"
Spans = list[tuple[str, date, date | None]]


def listed(folder: Path, *lines: str, head: str = "Email,From,To") -> Path:
    path = folder / "away.csv"
    path.write_text("\n".join([head, *lines]), "utf-8")
    return path


def imported(world: worlds.World, file: Path, *, dry_run: bool = False) -> list[str]:
    """All that is said of it, with what stops it at the end."""
    said: list[str] = []
    try:
        said.append(commands.import_absences(world.app.database, file, world.clock, dry_run=dry_run, tell=said.append))
    except Problem as problem:
        said += str(problem).splitlines()
    return said


def spans(world: worlds.World) -> Spans:
    with world.look() as db:
        names = {world.person(db, who).id: who for who in worlds.PEOPLE}
    return sorted(
        ((names[row.person_id], row.starts_on, row.ends_on) for row in world.rows(Absence)),
        key=lambda span: (span[0], span[1]),
    )


@pytest.fixture
def mail(chat: worlds.World) -> dict[str, str]:
    with chat.look() as db:
        return {who: chat.person(db, who).email for who in worlds.PEOPLE}


async def test_a_list_is_told_written_and_changes_nothing_the_second_time(
    chat: worlds.World, mail: dict[str, str], tmp_path: Path
) -> None:
    file = listed(
        tmp_path, f"{mail['ada'].upper()},2026-12-21,2026-12-31,Illness", f"{mail['ada']},2026-12-30,08.01.2027,x",
        f"{mail['eve']},2026-11-30,,x", ",,,", head="Email,From,To,Reason",
    )  # fmt: skip
    before = [
        "away.csv: 3 absences of 2 people.",
        "No reason is ever stored; not read: Reason.",
    ]
    dry = imported(chat, file, dry_run=True)
    assert dry == [
        *before, "2 absences added, 0 changed, 0 as before. Nothing was written: this was a dry run."
    ]  # fmt: skip
    assert spans(chat) == []
    assert imported(chat, file) == [*before, "2 absences added, 0 changed, 0 as before."]
    stored: Spans = [("ada", date(2026, 12, 21), date(2027, 1, 8)), ("eve", date(2026, 11, 30), None)]
    assert spans(chat) == stored
    acts = len(chat.rows(AuditEvent))
    assert imported(chat, file) == [*before, "0 absences added, 0 changed, 2 as before."]
    assert spans(chat) == stored
    assert len(chat.rows(AuditEvent)) == acts
    # An overlap makes one longer, and a last day ends what had none.
    more = listed(tmp_path, f"{mail['ada']},2026-12-14,2026-12-21", f"{mail['eve']},2026-11-30,2026-12-04")
    assert imported(chat, more)[-1] == "0 absences added, 2 changed, 0 as before."
    assert spans(chat) == [
        ("ada", date(2026, 12, 14), date(2027, 1, 8)), ("eve", date(2026, 11, 30), date(2026, 12, 4)),
    ]  # fmt: skip
    kept = "".join(str(row.details) for row in chat.rows(AuditEvent))
    assert "Illness" not in kept


async def test_every_bad_row_is_told_with_what_mends_it(
    chat: worlds.World, mail: dict[str, str], tmp_path: Path
) -> None:
    file = listed(
        tmp_path, "nobody@example.com,2026-12-01,2026-12-02", f"{mail['ada']},12/01/2026,2026-12-02",
        f"{mail['ada']},,2026-12-02", f"{mail['ada']},2026-12-02,2026-12-01", ",2026-12-01,2026-12-02",
        f"{mail['ada']},2026-12-01,2026-12-01 12:00", f"{mail['ada']},2026-12-01,2026-12-02,,,x",
        f"{mail['ada']},2026-12-01T00:00:00,2026-12-02",
    )  # fmt: skip
    assert imported(chat, file) == [
        "away.csv, line 2, Email: nobody has 'nobody@example.com'. Correct it, or import that person first.",
        "away.csv, line 3, From: '12/01/2026' is no day. Write it like 2026-11-30.",
        "away.csv, line 4, From: is empty. Write the first day away, like 2026-11-30.",
        "away.csv, line 5, To: 2026-12-01 lies before the first day, 2026-12-02. Turn them round.",
        "away.csv, line 6, Email: is empty. Write whose absence it is.",
        "away.csv, line 7, To: '2026-12-01 12:00' has a time. Only whole days can be kept free: write the day, or "
        "leave the row out.",
        "away.csv, line 8: has more cells than columns. Put quotes round a text with a separator.",
        "Nothing was imported.",
    ]
    assert spans(chat) == []
    missing = listed(tmp_path, "1,2", head="Von,Bemerkung")
    assert imported(chat, missing) == [
        "away.csv, line 1, Email: this column is missing. People are told apart by Email or Employee Id.",
        "away.csv, line 1, To: this column is missing. It holds the last day away; empty: no end yet.",
        "Nothing was imported.",
    ]


async def test_a_workbook_and_half_days_are_understood_as_whole_days(
    chat: worlds.World, mail: dict[str, str], tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["Mail", "Start Date", "End Date", "Half day", "Absence type"])
    book.active.append([mail["linus"], date(2026, 12, 1), date(2026, 12, 1), "am", "Doctor"])
    book.save(tmp_path / "away.xlsx")
    said = imported(chat, tmp_path / "away.xlsx")
    assert said == [
        "away.xlsx: 1 absence of 1 person.",
        "No reason is ever stored; not read: Absence type.",
        "Only whole days can be kept free, and each row stands for them. Not read: Half day.",
        "1 absence added, 0 changed, 0 as before.",
    ]
    assert spans(chat) == [("linus", date(2026, 12, 1), date(2026, 12, 1))]


async def test_a_list_that_comes_late_moves_what_was_missed_and_takes_out_who_could_not(
    world: worlds.World, tmp_path: Path
) -> None:
    with world.look() as db:
        mail = {who: world.person(db, who).email for who in worlds.PEOPLE}
    await world.at(OPENS)
    await world.answer("eve", progress="Two customers", next="Three more")
    await world.at(DUE)
    await world.later(hours=2)
    assert [world.ask(who).state for who in ("ada", "linus", "eve")] == ["missed", "missed", "submitted"]
    file = listed(
        tmp_path, f"{mail['ada']},2026-11-27,2026-11-27", f"{mail['linus']},2026-11-20,2026-12-06",
        f"{mail['eve']},2026-11-27,2026-11-27",
    )  # fmt: skip
    imported(world, file)
    await world.settle()
    assert [world.ask(who).state for who in ("ada", "linus", "eve")] == ["open", "not_expected", "submitted"]
    assert world.ask("linus").reason == "away"
    assert [world.ask(who).days_later for who in ("ada", "eve")] == [1, 1]
    prompt = next(one for one in world.messages("ada") if one.words.startswith("Time for your check-in"))
    assert "Mon 30 Nov" in prompt.words
    await world.at("2026-11-30 10:00")
    assert world.titles("ada")[-1] == "Your check-in is still open"
    # The same list once more gives nobody more time.
    due = world.ask("ada").due_at
    imported(world, file)
    assert world.ask("ada").due_at == due


async def test_who_is_back_before_the_end_of_a_list_stays_back_when_it_comes_again(
    chat: worlds.World, mail: dict[str, str], tmp_path: Path
) -> None:
    file = listed(tmp_path, f"{mail['ada']},2026-11-23,2026-12-31")
    imported(chat, file)
    await chat.say("ada", "back")
    assert imported(chat, file)[-1] == "0 absences added, 0 changed, 1 as before."
    await chat.at(OPENS)
    assert chat.titles("ada")[-1] == "Time for your check-in"


async def test_a_person_on_leave_is_not_asked_and_not_counted(
    chat: worlds.World, mail: dict[str, str], tmp_path: Path
) -> None:
    imported(chat, listed(tmp_path, f"{mail['ada']},2026-11-20,2026-12-18"))
    for day in ("2026-11-26", "2026-12-03", "2026-12-10"):
        await chat.at(f"{day} 10:00")
    await chat.at("2026-12-11 16:00")
    assert chat.messages("ada") == []
    assert {ask.state for ask in chat.asks("ada")} == {"not_expected"}


def test_the_command_says_what_it_takes() -> None:
    shown = CliRunner().invoke(cli, ["people", "absences", "--help"]).output
    assert "Days away by a CSV or Excel file" in shown
