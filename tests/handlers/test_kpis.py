"""`/okr figures`: what everybody sees, values with their band, corrections, and what HR does with key figures."""

from __future__ import annotations

from decimal import Decimal

import pytest
import world as worlds
from goals import objective
from key_figures import ago, figure, values

from bot.handlers.kpis.picture import over_time
from bot.handlers.kpis.standing import figures
from bot.messages import Button
from bot.rules.kpis import Band
from bot.storage.kpi_values import watched_kpis
from bot.storage.kpis import Kpi, KpiBand

TUESDAY = "2026-11-24 11:00"
TICKETS = Band(Decimal(90), None, Decimal(3))


async def test_everybody_sees_value_day_status_change_and_a_trend_of_three(chat: worlds.World) -> None:
    figure(chat, values={14: "5.1", 7: "4.4", 0: "3.9"})
    figure(chat, "Tickets solved in time", key="tickets", unit="percent", band=TICKETS, values={7: "92", 0: "80"})
    figure(chat, "Certificates that have expired", key="certificates", values={30: "2"})
    said = await chat.reply("eve", "/okr", "figures")
    assert "3.9 days" in said
    assert "🟢 in the band" in said
    assert "-0.5 days since" in said
    assert "trend: falling" in said
    assert "80 %" in said
    assert "🔴 out of the band" in said
    assert "-12 points since" in said
    assert said.count("trend") == 1, "two values are no trend"
    assert "no data" in said, "a value older than twice the cadence says nothing"
    assert said.count("🟢") + said.count("🔴") + said.count("🟠") == 2
    assert "Enter a value" not in chat.labels("eve")


async def test_the_owner_enters_a_number_with_its_unit_and_corrects_it(chat: worlds.World) -> None:
    of = figure(chat, values={7: "4.2"})
    await chat.command("ada", "/okr", "figures")
    await chat.press("ada", "Enter a value")
    await chat.submit("ada", value="4,5 days", note="Flu.")
    assert "Saved: 4.5 days" in chat.words("ada")
    assert "🟠 near the band" in chat.words("ada")
    assert "+0.3 days since" in chat.words("ada")
    assert "Flu" not in chat.words("ada")
    for text in ("3.8", "3.8"):
        await chat.press("ada", "Enter a value")
        await chat.submit("ada", value=text)
    assert "nothing has changed" in chat.words("ada")
    today = ago(chat, 0)
    assert values(chat, of)[1:] == [(today, 1, Decimal("4.5")), (today, 2, Decimal("3.8"))]
    await chat.press("ada", "Open")
    assert "corrected, before: 4.5 days" in chat.told("ada")
    assert "Flu." in chat.told("ada")
    assert "healthy: at most 4 days" in chat.told("ada")


async def test_wrong_numbers_and_days_that_are_still_to_come_are_refused(chat: worlds.World) -> None:
    of = figure(chat)
    await chat.command("ada", "/okr", "figures")
    await chat.press("ada", "Enter a value")
    await chat.force("ada", value="many", day=ago(chat, 0).isoformat())
    assert set(chat.errors("ada")) == {"value"}
    await chat.force("ada", value="3", day=ago(chat, -2).isoformat())
    assert set(chat.errors("ada")) == {"day"}
    assert values(chat, of) == []


async def test_nobody_but_its_owner_and_hr_enters_a_value(chat: worlds.World) -> None:
    of = figure(chat)
    await chat.press("linus", "Enter a value", chat.given("linus", Button("Enter a value", "kpi.enter", of)))
    assert not chat.is_filling("linus")
    assert "Ada Byron and HR enter its values" in chat.told("linus")


async def test_the_owner_is_told_when_somebody_else_enters_what_is_worse(chat: worlds.World) -> None:
    await chat.at(TUESDAY)
    figure(chat, values={7: "3"})
    await chat.command("hana", "/okr", "figures")
    await chat.press("hana", "Enter a value")
    await chat.submit("hana", value="3.5")
    await chat.settle()
    assert not any("is worse" in one for one in chat.titles("ada"))
    await chat.press("hana", "Enter a value")
    await chat.submit("hana", value="6")
    await chat.settle()
    assert "That is worse than" in chat.words("hana")
    assert "Days lost to sickness is worse" in chat.words("ada")
    assert "6 days" in chat.words("ada")
    assert "out of the band" in chat.words("ada")
    assert "Entered by Hana Sato" in chat.words("ada")


async def test_hr_adds_one_with_its_band_and_the_owner_hears_of_it(chat: worlds.World) -> None:
    await chat.at(TUESDAY)
    await chat.command("hana", "/okr", "add figure")
    asked = {
        "title": "Tickets solved in time", "unit": "%", "level": "company", "rhythm": "7", "low": "90 %", "near": "3",
        "owner": chat.picked("ada"),
    }  # fmt: skip
    await chat.submit("hana", **asked | {"low": "", "near": ""})
    assert "one limit at least" in chat.errors("hana")["low"]
    await chat.submit("hana", **asked | {"title": "Tickets that Ada Byron solves"})
    assert "about one person" in chat.errors("hana")["title"]
    await chat.submit("hana", **asked | {"level": "team"})
    assert "Choose the department" in chat.errors("hana")["department"]
    await chat.submit("hana", **asked)
    await chat.settle()
    [made] = chat.rows(Kpi)
    assert (made.key, made.unit, made.cadence_days) == ("tickets-solved-in-time", "percent", 7)
    assert "You look after the key figure Tickets solved in time" in chat.words("ada")
    assert "healthy: at least 90 %" in chat.words("ada")
    await chat.press("hana", "Undo")
    assert chat.rows(Kpi) == []
    await chat.settle()
    assert "You look after" not in chat.words("ada")


async def test_only_hr_adds_gives_and_ends_them(chat: worlds.World) -> None:
    of = figure(chat)
    assert "made and ended by HR" in await chat.reply("ada", "/okr", "add figure")
    await chat.command("ada", "/okr", "figures")
    await chat.press("ada", "Open")
    offered = set(chat.labels("ada", chat.open_view("ada")))
    assert {"Change the band", "End it", "Give it to somebody"} & offered == {"Change the band"}
    await chat.command("hana", "/okr", "figures")
    await chat.press("hana", "Open")
    await chat.press("hana", "End it", chat.open_view("hana"))
    assert "There are none yet" in await chat.reply("eve", "/okr", "figures")
    await chat.press("hana", "Undo", chat.open_view("hana"))
    assert "Days lost to sickness" in await chat.reply("eve", "/okr", "figures")
    assert [one.id for one in chat.rows(Kpi)] == [of]


async def test_given_to_somebody_else_it_is_theirs_to_enter(chat: worlds.World) -> None:
    await chat.at(TUESDAY)
    of = figure(chat)
    objective(chat, "hana", "People stay well", level="company", kpi_id=of)
    await chat.command("hana", "/okr", "figures")
    await chat.press("hana", "Open")
    assert "People stay well" in chat.fact(chat.open_view("hana"), "Objectives that want to move it")
    await chat.press("hana", "Give it to somebody", chat.open_view("hana"))
    await chat.submit("hana", owner=chat.picked("eve"))
    await chat.settle()
    assert "You look after the key figure Days lost to sickness" in chat.words("eve")
    await chat.press("ada", "Enter a value", chat.given("ada", Button("Enter a value", "kpi.enter", of)))
    assert "Eve Moreau and HR enter its values" in chat.told("ada")
    await chat.press("eve", "Enter a value")
    await chat.submit("eve", value="3")
    assert "Saved: 3 days" in chat.words("eve")


async def test_a_new_band_leaves_earlier_values_theirs_and_can_be_taken_back(chat: worlds.World) -> None:
    figure(chat, values={1: "5"})
    await chat.command("hana", "/okr", "figures")
    await chat.press("hana", "Open")
    await chat.press("hana", "Change the band", chat.open_view("hana"))
    await chat.submit("hana", low="5", high="3", near="")
    assert set(chat.errors("hana")) == {"high"}
    await chat.submit("hana", low="", high="6", near="1")
    assert "healthy: at most 6 days" in chat.words("hana")
    assert "🔴 out of the band" in chat.words("hana"), "yesterday's value keeps yesterday's band"
    await chat.command("ada", "/okr", "figures")
    await chat.press("ada", "Enter a value")
    await chat.submit("ada", value="5")
    assert "🟢 in the band" in chat.words("ada")
    await chat.press("hana", "Undo")
    assert len(chat.rows(KpiBand)) == 1
    assert "🔴 out of the band" in await chat.reply("ada", "/okr", "figures")


async def test_many_figures_come_in_pages_the_company_s_first(chat: worlds.World) -> None:
    for at in range(11):
        figure(chat, f"Figure {at:02}", key=f"f{at}", level="company" if at > 5 else "team")
    first = await chat.reply("ada", "/okr", "figures")
    assert first.index("Figure 06") < first.index("Figure 00")
    assert "Page 1 of 2" in first
    await chat.press("ada", "Next")
    assert "Figure 05" in chat.told("ada")


async def test_the_picture_comes_as_a_file_and_says_in_words_what_it_shows(chat: worlds.World) -> None:
    pytest.importorskip("matplotlib")
    figure(chat, values={14: "5.1", 7: "4.4", 0: "3.9"})
    await chat.command("ada", "/okr", "figures")
    await chat.press("ada", "Open")
    await chat.press("ada", "As a picture", chat.open_view("ada"))
    await chat.settle()
    [(name, content)] = await chat.files("ada")
    assert name == f"sick-{ago(chat, 0)}.png"
    with chat.look() as db:
        [file] = over_time(figures(db, watched_kpis(db), ago(chat, 0), 9)[0])
    assert file.content == content
    assert "Days lost to sickness: in the band. healthy: at most 4 days" in file.alt
    assert ", out of the band; 4.4 days on" in file.alt
