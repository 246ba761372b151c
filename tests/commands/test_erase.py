"""`rapport people erase`: nothing of the person is left that says who they were, and the audit chain still holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import world as worlds
from sqlalchemy.inspection import inspect
from typer.testing import CliRunner

from bot import commands
from bot.__main__ import cli
from bot.commands import Problem
from bot.commands.erasing import erase
from bot.commands.holding import add, end, listed
from bot.commands.keeping import run
from bot.engine.sealing import Sealing
from bot.messages import Button
from bot.storage.audit import AuditEvent
from bot.storage.audit_verifying import verify
from bot.storage.base import Base
from bot.storage.blockers import BlockerStep
from bot.storage.checkin import CheckIn
from bot.storage.erasures import NAME, Erasure
from bot.storage.holds import Hold
from bot.storage.key_stores import open_store
from bot.storage.keys import KeyMissing
from bot.storage.models import metadata
from bot.storage.people import Person
from bot.storage.posted import PostedDigest
from bot.storage.sealed import Sealed
from desk import company

# When Grace works too.
OPENS, MONDAY, NEXT_OPENS = "2026-11-26 15:00", "2026-11-30 15:00", "2026-12-03 15:00"
MARK = "quokka"
WEEK = {"progress": f"Shipped the {MARK}", "next": f"Feed the {MARK}", "mood": "2"}
ADA, GRACE = company.person("Ada Byron"), company.person("Grace Murray")
one_database = pytest.mark.parametrize("database_kind", ["sqlite"])


class Cut(Exception):
    pass


@pytest.fixture
async def lived(world: worlds.World) -> worlds.World:
    """Ada and Linus answered, Grace said something of both, and Ada of Grace's words."""
    world.reports("grace", to="hana")
    await world.at(OPENS)
    await world.command("ada", "/checkin")
    await world.choose("ada", blocked=True)
    await world.submit("ada", **WEEK, blocker=f"The {MARK} sleeps")
    await world.answer("linus", progress="Linus was here", next="Stay")
    for checkin in world.rows(CheckIn):
        await world.read("grace", checkin.id)
        await world.press("grace", "Comment…", world.open_view("grace"))
        await world.submit("grace", text="Well done")
        await world.cancel("grace")
    await world.command("ada", "/review", "ask hr")
    await world.submit("ada", text=f"Who feeds the {MARK}?")
    await world.at(MONDAY)
    await world.at(NEXT_OPENS)
    await world.press("ada", "Check in")
    world.type_in("ada", progress=f"Another {MARK}")
    await world.choose("ada", blocked=True)
    await world.cancel("ada")
    await seal(world)
    return world


async def seal(world: worlds.World) -> None:
    sealing = Sealing(world.app.database, world.clock, None)
    while await world.app.run(sealing.seal):
        pass


def id_of(world: worlds.World, who: str) -> Any:
    with world.look() as db:
        return world.person(db, who).id


def keys(world: worlds.World) -> frozenset[str]:
    return open_store(world.app.settings.keys).ids()


def digests(world: worlds.World) -> list[str]:
    """As they are kept for those who got them."""
    with world.look() as db:
        return [one.body or "" for one in db.scalars(sa.select(PostedDigest))]


def passing(world: worlds.World) -> Any:
    return next(one for one in reversed(world.messages("grace")) if "Pass up…" in world.labels("grace", one))


def erased(world: worlds.World, email: str = ADA.email, **options: Any) -> str:
    return erase(world.app.database, world.clock, email, **({"yes": True, "left_today": True} | options))


def sealed_columns() -> list[tuple[type[Base], str]]:
    classes = [one.class_ for one in Base.registry.mappers if one.class_.__module__.startswith("bot.")]
    return [(one, name) for one in classes for name, held in vars(one).items() if isinstance(held, Sealed)]


def readable(world: worlds.World) -> str:
    """All that stands in the database, sealed texts opened where that can be done."""
    metadata()
    told = []
    with world.look() as db:
        for table in Base.metadata.sorted_tables:
            told += [repr(tuple(row)) for row in db.execute(sa.select(table))]
        for mapped, name in sealed_columns():
            told += [repr(getattr(row, name)) for row in db.scalars(sa.select(mapped)) if _opens(row, name)]
    return "\n".join(told)


def _opens(row: Any, name: str) -> bool:
    try:
        return getattr(row, name) is not None
    except KeyMissing:
        raise AssertionError(f"a text stays that nobody can read: {inspect(row).mapper.local_table}.{name}") from None


async def test_nothing_is_left_of_them_and_the_chain_holds(lived: worlds.World) -> None:
    before, ada = readable(lived), id_of(lived, "ada")
    assert all(word in before for word in (MARK, ADA.name, ADA.email, ADA.user_id))
    assert [one for one in digests(lived) if ADA.name in one] != []
    told = erased(lived)
    after = readable(lived)
    assert [one for one in digests(lived) if NAME in one] != []
    assert [word for word in (MARK, ADA.name, ADA.email, ADA.user_id) if word in after] == []
    assert [word for word in ("Linus was here", "Well done") if word not in after] == [], "what is others' stays"
    assert f"person:{ada}" not in keys(lived)
    await seal(lived)
    verdict = verify(lived.app.database)
    assert (verdict.breaks, verdict.unsealed) == ([], [])
    assert "What Rapport cannot reach: messages already posted in chat" in told
    with pytest.raises(Problem, match="Nobody has the e-mail"):
        erased(lived)


async def test_cut_off_anywhere_it_goes_on_by_the_same_command(lived: worlds.World) -> None:
    cuts = 0

    def fail_once_at(number: int) -> Any:
        seen = iter(range(1000))

        def step(name: str) -> None:
            if next(seen) == number:
                raise Cut

        return step

    while True:
        try:
            erased(lived, step=fail_once_at(min(cuts, 3)))
            break
        except Cut:
            cuts += 1
            assert lived.rows(Erasure)[0].state == "running"
            if cuts > 60:
                raise
    assert cuts > 0
    [record] = lived.rows(Erasure)
    assert (record.state, record.person_id, record.counts["check_ins"] > 0) == ("done", None, True)
    assert [row.details["erasure"] for row in lived.rows(AuditEvent) if row.action == "person.erased"] == [
        str(record.id)
    ]  # fmt: skip
    assert MARK not in readable(lived)


@one_database
async def test_the_running_bot_ends_what_was_cut_off(lived: worlds.World) -> None:
    def cut(name: str) -> None:
        if name == "erasure.begun":
            raise Cut

    with pytest.raises(Cut):
        erased(lived, step=cut)
    lived.app.engine.sweep()
    await lived.settle()
    assert lived.rows(Erasure)[0].state == "done"
    assert MARK not in readable(lived)


async def test_what_they_wrote_about_others_goes_and_the_others_keep_the_rest(lived: worlds.World) -> None:
    await lived.press("grace", "Pass up…", passing(lived))
    await lived.submit("grace", line="Grace asks for a vet")
    assert "Grace asks for a vet" in readable(lived)
    grace = id_of(lived, "grace")
    erased(lived, GRACE.email)
    after = readable(lived)
    assert [word for word in ("Grace asks for a vet", "Well done", GRACE.name, GRACE.email) if word in after] == []
    assert MARK in after
    assert [one.move for one in lived.rows(BlockerStep)] == ["report", "pass_up"]
    assert [one.reader_id for one in lived.rows(CheckIn)] == [grace, grace]
    with lived.look() as db:
        left = db.get_one(Person, grace)
        assert (left.name, left.email.endswith("@erased.invalid"), left.status) == (NAME, True, "left")
    await lived.home("ada")
    await lived.command("ada", "/review", "mydata")


@one_database
async def test_whoever_presses_an_old_button_is_told_that_it_is_gone(lived: worlds.World) -> None:
    theirs = next(one for one in lived.rows(CheckIn) if one.person_id == id_of(lived, "ada"))
    old = lived.given("grace", Button("Read", "checkin.read", theirs.id))
    erased(lived)
    await lived.press("grace", "Read", old)
    assert MARK not in str(lived.words("grace"))
    await lived.home("grace")
    assert ADA.name not in lived.home_words("grace")
    await lived.at("2026-12-07 12:00")


@one_database
async def test_a_hold_stops_it_and_says_whom_to_ask_but_not_why(lived: worlds.World) -> None:
    database, clock = lived.app.database, lived.clock
    assert "nothing about or by Ada Byron is deleted" in add(database, clock, ADA.email, "CASE-17")
    with pytest.raises(Problem) as refused:
        erased(lived)
    assert company.person("Hana Sato").email in str(refused.value)
    assert "CASE-17" not in str(refused.value)
    assert listed(database).endswith("CASE-17")
    with pytest.raises(Problem, match="already"):
        add(database, clock, ADA.email, "CASE-18")
    with pytest.raises(Problem, match="--reason-code"):
        add(database, clock, GRACE.email, "she said something")
    assert readable(lived).count(MARK) > 0
    end(database, clock, ADA.email)
    erased(lived)
    assert [one.action for one in lived.rows(AuditEvent) if one.action.startswith("hold.")] == [
        "hold.placed",
        "hold.ended",
    ]
    assert lived.rows(Hold) == []
    assert MARK not in readable(lived)


@one_database
async def test_a_hold_placed_meanwhile_stops_what_has_begun(lived: worlds.World) -> None:
    ada = id_of(lived, "ada")

    def hold(name: str) -> None:
        if name == "erasure.begun":
            add(lived.app.database, lived.clock, ADA.email, "CASE-17")

    with pytest.raises(Problem, match="placed meanwhile"):
        erased(lived, step=hold)
    run(lived.app.database, lived.clock)
    assert f"person:{ada}" in keys(lived)
    assert MARK in readable(lived)
    end(lived.app.database, lived.clock, ADA.email)
    run(lived.app.database, lived.clock)
    assert MARK not in readable(lived)


@one_database
async def test_it_needs_a_yes_and_who_works_here_a_last_day(lived: worlds.World) -> None:
    assert "there would go" in erased(lived, preview=True)
    assert "there would go" in erased(lived, yes=False)
    with pytest.raises(Problem, match="--left-today"):
        erased(lived, left_today=False)
    assert MARK in readable(lived)


async def test_a_preview_says_what_then_goes_and_takes_nothing(lived: worlds.World) -> None:
    before = readable(lived), keys(lived)
    _, told = erased(lived, preview=True).splitlines()[0].split(" there would go: ")
    assert (readable(lived), keys(lived)) == before
    assert erased(lived).startswith(f"{ADA.name} is erased: {told.split(';')[0]}. ")


async def test_who_comes_back_is_a_new_person(lived: worlds.World, tmp_path: Path) -> None:
    before = id_of(lived, "ada")
    erased(lived)
    commands.import_people(lived.app.database, worlds.roster(tmp_path), lived.clock)
    assert id_of(lived, "ada") != before
    with lived.look() as db:
        assert db.get_one(Person, before).name == NAME
    await lived.settle()


@one_database
async def test_the_command_line_says_it_all(lived: worlds.World, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("database_url", "keys", "key_ring", "slack_signing_secret"):
        monkeypatch.setenv(f"RAPPORT_{name.upper()}", getattr(lived.app.settings, name))

    def typed(*words: str) -> str:
        return CliRunner().invoke(cli, list(words), catch_exceptions=False).output

    assert "Of Ada Byron there would go: " in typed("people", "erase", ADA.email, "--preview")
    typed("hold", "add", ADA.email, "--reason-code", "CASE-1")
    assert "CASE-1" in typed("hold", "list")
    typed("hold", "end", ADA.email)
    assert "Ada Byron is erased: " in typed("people", "erase", ADA.email, "--yes", "--left-today")
    assert "Preset: default." in typed("retention", "show")
    assert "preset eu says" in typed("retention", "preset", "EU")
    assert "Deleted: " in typed("retention", "run")
