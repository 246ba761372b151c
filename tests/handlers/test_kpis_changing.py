"""HR changes title, unit, source and rhythm of a key figure; values keep the unit they were entered in."""

from __future__ import annotations

import world as worlds
from key_figures import figure
from sqlalchemy import select

from bot.messages import Button
from bot.storage.asks import Ask
from bot.storage.audit import AuditEvent
from bot.storage.kpis import Kpi

TUESDAY = "2026-11-24 11:00"


async def change(world: worlds.World) -> None:
    await world.command("hana", "/okr", "figures")
    await world.press("hana", "Open")
    await world.press("hana", "Change it", world.open_view("hana"))


async def test_another_title_and_rhythm_are_read_at_once_and_nothing_is_asked_too_early(chat: worlds.World) -> None:
    await chat.at(TUESDAY)
    figure(chat, values={8: "3"})
    chat.app.engine.sweep()
    await chat.settle()
    assert "A value of your key figure is due" in chat.words("ada")
    await change(chat)
    assert "It has values, so its unit stays." in str(chat.open_view("hana").words)
    await chat.submit("hana", title="What Ada Byron has missed", rhythm="30")
    assert "about one person" in chat.errors("hana")["title"]
    await chat.submit("hana", title="Days lost to illness", rhythm="30", source="The sick notes")
    assert "Asked for every month." in chat.words("hana")
    await chat.settle()
    with chat.look() as db:
        now = db.scalars(select(Kpi)).one()
        assert (now.title, now.unit, now.source) == ("Days lost to illness", "days", "The sick notes")
        assert now.cadence_days == 30
    assert [(one.state, one.reason) for one in chat.rows(Ask) if one.conversation == "kpi.due"] == [
        ("not_expected", None)
    ]
    [traced] = [one for one in chat.rows(AuditEvent) if one.action == "kpi.changed"]
    assert traced.details["changed"] == "title, rhythm, source"


async def test_a_unit_changes_only_while_there_is_no_value(chat: worlds.World) -> None:
    figure(chat)
    await change(chat)
    await chat.submit("hana", unit="hours")
    assert "Its band keeps its numbers: healthy: at most 4 hours." in chat.words("hana")
    await change(chat)
    await chat.command("ada", "/okr", "figures")
    await chat.press("ada", "Enter a value")
    await chat.submit("ada", value="3 hours")
    await chat.submit("hana", unit="%")
    assert "It has values in hours: in another unit they would be wrong." in chat.errors("hana")["unit"]
    await chat.submit("hana", unit="hours")
    assert "It stands so already." in chat.words("hana")


async def test_who_looks_after_it_changes_its_band_and_not_what_it_is(chat: worlds.World) -> None:
    of = figure(chat)
    await chat.press("ada", "Change it", chat.given("ada", Button("Change it", "kpi.change", of)))
    assert not chat.is_filling("ada")
    assert "made and ended by HR" in chat.told("ada")
