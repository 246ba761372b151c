"""HR sends a list of people in the chat: what it would do is shown, and only what was shown is done."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest
import world as worlds
from sqlalchemy import select

from bot import commands
from bot.commands import policy
from bot.storage.audit import AuditEvent
from bot.storage.people import Person
from bot.storage.roster import RosterImport
from bot.storage.roster_uploads import RosterUpload
from desk import company

HEAD = "name,email,manager_email,department,zone"
KIM = "Kim Seo,kim@example.org,{grace},Design,Asia/Seoul"
TEN = "2026-11-26 15:00"


def email(who: str) -> str:
    return company.person(worlds.PEOPLE[who]).email


def line(who: str, **other: str) -> str:
    one = company.person(worlds.PEOPLE[who])
    manager = email("grace") if who in ("ada", "linus") else ""
    given = {"manager": manager, "department": one.department, "zone": company.ZONES.get(one.zone, one.zone)} | other
    return f"{one.name},{one.email},{given['manager']},{given['department']},{given['zone']}"


def sheet(*lines: str) -> str:
    return "\n".join((HEAD, *lines)).replace("{grace}", email("grace"))


def status(world: worlds.World, name: str) -> str:
    with world.look() as db:
        return db.scalars(select(Person.status).where(Person.name == name)).one_or_none() or ""


def actions(world: worlds.World) -> list[AuditEvent]:
    return [row for row in sorted(world.rows(AuditEvent), key=lambda row: row.seq) if row.action.startswith("roster.")]


def imports(world: worlds.World) -> list[RosterImport]:
    """Those of the chat."""
    return [row for row in world.rows(RosterImport) if row.created_by]


async def sends(world: worlds.World, *lines: str, name: str = "people.csv") -> str:
    await world.at(TEN)
    await world.hand("hana", name, sheet(*lines))
    return world.words("hana")


async def test_hr_sends_a_list_sees_what_it_would_do_and_imports_it(world: worlds.World) -> None:
    moved = line("ada", manager=email("eve"), department="Sales")
    said = await sends(world, KIM, moved, *map(line, ("eve", "grace", "hana")))
    assert said.splitlines()[0] == "people.csv: 5 people"
    assert "without a manager" not in said
    for words in (
        "1 joins: Kim Seo", "1 changes manager: Ada Byron (now Eve Moreau)",
        "1 changes department: Ada Byron (now Sales)", "3 as before", "1 would leave: Linus Holm",
    ):  # fmt: skip
        assert words in said
    assert world.labels("hana") == ["Import", "Import, and 1 not in it has left", "Cancel"]
    assert status(world, "Kim Seo") == "", "nothing is written before it is pressed"
    before = len(world.messages("hana"))
    await world.press("hana", "Import")
    assert world.words("hana") == "Imported: 1 joined, 1 changed manager, 1 changed department"
    assert len(world.messages("hana")) == before, "it is told where it was shown"
    assert status(world, "Kim Seo") == "active"
    assert status(world, "Linus Holm") == "active", "who is not in it stays"
    [done] = imports(world)
    assert (done.state, done.planned, done.written, done.full) == ("done", 2, 2, False)
    with world.look() as db:
        hana = world.person(db, "hana").id
    acts = [row for row in actions(world) if row.actor_id]
    assert [(row.action, row.actor_id) for row in acts] == [("roster.started", hana), ("roster.imported", hana)]
    [row] = world.rows(RosterUpload)
    assert row.content_sealed is None, "the list itself is not kept"


async def test_who_would_have_no_manager_is_told_before_it_is_pressed(chat: worlds.World) -> None:
    said = await sends(chat, KIM.replace("{grace}", ""), "Mo Ito,mo@example.org,,,Asia/Tokyo")
    assert "2 arrive without a manager: Kim Seo, Mo Ito" in said


async def test_the_full_list_lets_go_who_is_not_in_it(world: worlds.World) -> None:
    said = await sends(world, *map(line, ("ada", "grace", "linus", "hana")))
    assert "1 would leave: Eve Moreau" in said
    assert world.labels("hana") == ["Import, and 1 not in it has left", "Cancel"], "there is nothing else to import"
    assert "1 of 5 people would be deactivated (20 %)" in world.drawn(world.last("hana"))
    await world.press("hana", "Import, and 1 not in it has left")
    assert world.words("hana") == "Imported: 1 left"
    assert status(world, "Eve Moreau") == "left"
    [done] = imports(world)
    assert (done.full, done.confirmed, done.written) == (True, 1, 1)


async def test_every_mistake_is_told_with_its_line_and_all_of_them_as_a_file(chat: worlds.World) -> None:
    wrong = [f"Somebody {number},not an address,,," for number in range(20)]
    await chat.at(TEN)
    await chat.hand("hana", "people.csv", sheet(*wrong))
    [said] = [one.words for one in chat.messages("hana") if one.words.startswith("40 mistakes")]
    assert said.startswith("40 mistakes in people.csv\nLine 2, email: ")
    assert said.count("Line ") == 10
    assert "--zone" not in said
    [(_, content)] = [one for one in await chat.front.files(chat.user("hana")) if one[0] == "mistakes.txt"]
    assert content.decode().count("\n") == 39
    assert imports(chat) == []
    [row] = chat.rows(RosterUpload)
    assert row.content_sealed is None


async def test_a_workbook_is_read_too(chat: worlds.World) -> None:
    book = openpyxl.Workbook()
    for row in sheet(KIM).splitlines():
        book.active.append(row.split(","))
    kept = BytesIO()
    book.save(kept)
    await chat.at(TEN)
    await chat.hand("hana", "Mitarbeitende 2026.XLSX", kept.getvalue())
    assert chat.words("hana").startswith("Mitarbeitende 2026.XLSX: 1 person\n1 joins: Kim Seo")


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("people.pdf", "%PDF", "A list of people is a .csv or an .xlsx file."),
        ("people.csv", "x" * (10 * 1024 * 1024 + 1), "It is larger than 10 MB."),
        ("people.xlsx", "PK\x03\x04 and no more", "is no workbook that can be read."),
        ("people.csv", "", "has no people in it."),
        ("people.csv", "name,manager\nAda,", "Line 1, Email: this column is missing."),
    ],
)
async def test_what_is_no_list_is_told_in_words(name: str, content: str, why: str, chat: worlds.World) -> None:
    await chat.at(TEN)
    await chat.hand("hana", name, content)
    assert why in chat.words("hana")


async def test_files_of_others_are_not_fetched(chat: worlds.World) -> None:
    await chat.at(TEN)
    for who in ("ada", "grace"):
        await chat.hand(who, "people.csv", sheet(KIM))
        assert chat.words(who) == "I read no files\nIt was not fetched and is stored nowhere here."
    assert chat.rows(RosterUpload) == []


async def test_what_the_policy_has_switched_off_is_not_read(chat: worlds.World) -> None:
    await chat.at(TEN)
    policy.switch(chat.app.database, chat.clock, "import", "off", "", None, "")
    await chat.hand("hana", "people.csv", sheet(KIM))
    assert "The import is switched off here" in chat.words("hana")
    assert chat.rows(RosterUpload) == []


async def test_when_people_have_changed_it_is_shown_again_instead(world: worlds.World) -> None:
    await sends(world, KIM)
    with world.look() as db:
        db.add(Person(name="Kim", email="kim@example.org", zone="Asia/Seoul", created_at=world.clock.now()))
    await world.press("hana", "Import")
    said = world.words("hana")
    assert "People were changed since this was shown." in said
    assert "joins" not in said
    assert imports(world) == []
    await world.press("hana", "Import")
    assert world.words("hana").startswith("Imported: ")


async def test_a_second_press_and_a_second_delivery_import_once(world: worlds.World) -> None:
    await world.at(TEN)
    handed = await world.hand("hana", "people.csv", sheet(KIM))
    await world.redeliver(handed)
    assert len(world.rows(RosterUpload)) == 1
    pressed = await world.press("hana", "Import")
    await world.again(pressed)
    await world.redeliver(pressed)
    assert len(imports(world)) == 1
    assert world.words("hana") == "Imported: 1 joined"


async def test_two_of_hr_with_the_same_list_import_it_once(world: worlds.World) -> None:
    await world.at(TEN)
    commands.give_role(world.app.database, email("eve"), "hr_coordinator", world.clock)
    await world.settle()
    for who in ("hana", "eve"):
        await world.hand(who, "people.csv", sheet(KIM))
    await world.press("hana", "Import")
    await world.press("eve", "Import")
    assert "People were changed since this was shown." in world.words("eve")
    assert world.labels("eve") == ["Cancel"], "there is nothing left to do"
    assert len(imports(world)) == 1


async def test_what_is_cancelled_or_a_day_old_is_gone(chat: worlds.World) -> None:
    await sends(chat, KIM)
    await chat.press("hana", "Cancel")
    assert chat.words("hana") == "people.csv was not imported\nNothing was imported."
    await chat.hand("hana", "people.csv", sheet(KIM))
    await chat.later(hours=25)
    assert "people.csv waits no longer" in "\n".join(chat.titles("hana"))
    assert [(row.state, row.content_sealed) for row in chat.rows(RosterUpload)] == [
        ("cancelled", None), ("expired", None),
    ]  # fmt: skip
    assert status(chat, "Kim Seo") == ""


async def test_a_list_of_hundreds_is_written_in_pieces(world: worlds.World) -> None:
    many = [f"Person {number},p{number}@example.org,,Design,Europe/Lisbon" for number in range(450)]
    await sends(world, *many)
    await world.press("hana", "Import")
    assert world.words("hana") == "Imported: 450 joined"
    [done] = imports(world)
    assert (done.written, done.state) == (450, "done")


async def test_a_word_says_how(chat: worlds.World) -> None:
    await chat.at(TEN)
    assert "Send it to me here as a .csv or .xlsx file." in await chat.reply("hana", "/review", "import")
    assert "imported by HR" in await chat.reply("eve", "/review", "import")
