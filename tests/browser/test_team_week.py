"""A manager's week at the page: who is in and who is not, a reminder by hand, and Home for a manager and for HR."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import browsing
import pytest
from browsing import Rows, Someone
from playwright.sync_api import expect

As = Callable[[str], Someone]


@pytest.fixture(scope="module")
def address(company: Path) -> Iterator[str]:
    with browsing.desk(company, "--weeks", "0", "--port", "0") as (_, url):
        yield url


def test_a_manager_reads_and_reminds(someone: As, rows: Rows) -> None:
    eve, camille = someone("Eve Moreau"), someone("Camille Petit")
    prompt = eve.thursday()
    eve.check_in(prompt)
    eve.fill(progress="Two new customers", next="The harbour contract")
    eve.sent()

    camille.say("status")
    week = camille.message("Your team's week")
    expect(week).to_contain_text("1 of 4 in, 1 not expected")
    expect(week).to_contain_text("Eve Moreau: in,")
    expect(week.get_by_role("button", name="Nudge")).to_have_count(3)
    camille.press("Read", week)
    expect(camille.form).to_contain_text("Two new customers")
    camille.shut()

    # The first Enter picks the person whom the desk offers for an @.
    camille.say("nudge @Anton Richter")
    camille.page.get_by_test_id("composer").press("Enter")
    told = camille.message("Anton Richter gets it with my next reminder")
    expect(told).to_contain_text("You can do this once for each question.")
    camille.press("Take back", told)
    expect(camille.message("Taken back")).to_be_visible()
    camille.say("nudge Anton")
    camille.message("Anton Richter gets it with my next reminder")
    camille.clock("friday")
    anton = someone("Anton Richter")
    reminder = anton.message("Camille Petit reminds you of your check-in")
    expect(reminder).to_contain_text("Camille Petit can do this once.")
    assert rows.all("SELECT count(*) FROM ask WHERE nudged_at IS NOT NULL") == [(1,)]
    acts = rows.all("SELECT action FROM audit_event WHERE action LIKE 'ask.nudge%' ORDER BY seq")
    assert [act for (act,) in acts] == ["ask.nudged", "ask.nudge_taken_back", "ask.nudged"]

    anton.say("nudge Camille")
    expect(anton.message("Camille Petit is not in your team")).to_contain_text("Please ask Victor Lang.")
