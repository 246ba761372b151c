"""The first weeks with Rapport at the page: HR starts one department, people hear of it, answer, are read; digests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import browsing
import pytest
from browsing import Rows, Someone
from browsing_teams import OnTeams
from playwright.sync_api import expect

As = Callable[[str], Someone]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("first_day")


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with browsing.desk(folder, "--first-day", "--port", "0") as (_, url):
        yield url


def test_the_first_weeks_of_one_department(someone: As, on_teams: Callable[[str], OnTeams], folder: Path) -> None:
    rows = Rows(folder / ".local" / "rapport.db")
    hana = someone("Hana Sato")
    hana.clock("monday")
    _started_for_sales(hana, rows)

    camille, eve = someone("Camille Petit"), someone("Eve Moreau")
    contact = camille.message("I'm Rapport")
    expect(contact).to_contain_text("5 of your people hear from me once you press OK.")
    camille.press("OK", contact)
    expect(camille.message("You are set")).to_be_visible()
    for _ in range(3):
        hana.clock("day")
    contact = eve.message("I'm Rapport")
    expect(contact).to_contain_text("Your manager here is Camille Petit")
    expect(contact).to_contain_text("Your first question comes Thu")
    eve.press("OK", contact)
    expect(eve.message("You are set")).to_be_visible()

    eve.clock("thursday")
    _blocked_week(eve)
    # New York heard in its own morning, on Teams.
    dolores = on_teams("Dolores Vega")
    contact = dolores.message("I'm Rapport")
    expect(contact).to_contain_text("6 of your people hear from me once you press OK.")
    dolores.press("OK", contact)
    expect(dolores.message("You are set")).to_be_visible()
    alert = camille.message("Eve Moreau reported something in the way")
    camille.press("I'll take it", alert)
    camille.say("nudge Anton")
    expect(camille.message("Anton Richter gets it with my next reminder")).to_be_visible()
    today = camille.clock("monday").date()
    digest = camille.message("Your Monday")
    expect(digest).to_contain_text("1 of 5 in, 1 blocked")
    expect(digest).to_contain_text("Eve Moreau: taken")
    digest.get_by_role("button", name="Read", exact=True).first.click()
    expect(camille.form).to_contain_text("Two customers")
    camille.shut()
    expect(camille.message("Your Monday")).to_contain_text("Your month")

    _paused_and_resumed(hana, rows, today)
    assert rows.all("SELECT count(*) FROM outbox WHERE state = 'dead'") == [(0,)]
    per_day = rows.all(
        "SELECT count(*) FROM outbox WHERE budget_day IS NOT NULL AND state = 'done' GROUP BY person_id, budget_day"
    )
    assert {count for (count,) in per_day} == {1}


def _started_for_sales(hana: Someone, rows: Rows) -> None:
    hana.say("programmes")
    hana.press("New…", hana.message("Programmes"))
    hana.opened("New programme")
    hana.block("whom").get_by_label("A department").check()
    hana.block("department").get_by_label("Sales").check()
    hana.sent()
    card = hana.message("Check in, draft for Sales (14)")
    expect(card).to_contain_text("A draft: nobody has been written to.")
    assert rows.all("SELECT count(*) FROM outbox WHERE kind = 'send' AND purpose <> 'reply'") == [(0,)]
    hana.press("Start for Sales (14)", card)
    hana.page.get_by_test_id("confirm-yes").click()
    card = hana.message("Check in, running for Sales (14)")
    expect(card).to_contain_text("Waiting for Camille Petit's OK (5 people)")


def _blocked_week(eve: Someone) -> None:
    prompt = eve.thursday()
    eve.check_in(prompt)
    eve.fill(progress="Two customers", next="The contract")
    eve.box("blocked").check()
    eve.fill(blocker="No licence")
    eve.sent()
    expect(eve.message("Your check-in is stored")).to_contain_text("You and Camille Petit can read it.")


def _paused_and_resumed(hana: Someone, rows: Rows, today: date) -> None:
    hana.say("programmes")
    hana.press("Pause everything until…", hana.message("Programmes"))
    hana.opened("Pause everything")
    hana.box("back").fill(f"{today + timedelta(days=14):%Y-%m-%d}")
    hana.sent()
    paused = hana.message("is paused until")
    asked = rows.all("SELECT count(*) FROM ask")
    hana.clock("thursday")
    assert rows.all("SELECT count(*) FROM ask") == asked, "nothing is asked during a pause"
    hana.press("Resume", paused)
    hana.page.get_by_test_id("confirm-yes").click()
    expect(hana.message("goes on")).to_be_visible()
    acts = [act for (act,) in rows.all("SELECT action FROM audit_event ORDER BY seq")]
    for act in ("programme.started", "contact.sent", "checkin.submitted", "blocker.take", "ask.nudged", "answer.read"):
        assert act in acts
