"""Linus is on Slack and on Teams: he is written to in one place, answers in either, and it is one check-in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import browsing
import pytest
from browsing import Rows, Someone
from browsing_teams import OnTeams
from playwright.sync_api import Locator, expect

LINUS = "Linus Holm"


@pytest.fixture(scope="module")
def address(company: Path) -> Iterator[str]:
    with browsing.desk(company, "--weeks", "0", "--port", "0") as (_, url):
        yield url


def test_one_person_in_two_places(
    someone: Callable[[str], Someone], on_teams: Callable[[str], OnTeams], rows: Rows
) -> None:
    slack, teams = someone(LINUS), on_teams(LINUS)
    # Where he was last.
    teams.say("help")
    teams.message("What I can do")
    prompt = teams.thursday()
    _begun_in_one_place_and_sent_in_the_other(teams, prompt, slack)
    assert rows.versions(LINUS) == [1]
    teams.press("Edit", teams.receipt())
    expect(teams.box("progress")).to_have_value("Half of it")
    teams.fill(progress="More than half")
    teams.send()
    expect(teams.box("blocker")).to_have_value("No licence")
    teams.sent()
    browsing.until("version 2", lambda: rows.versions(LINUS) == [2])

    # Where he wants it, also when he changes his mind between the question and the reminder.
    _written_to(slack, "Slack")
    prompt = slack.thursday()
    _written_to(slack, "Teams")
    slack.clock("friday")
    teams.message("Your check-in is still open")
    slack.answer(prompt, progress="All of it", next="Rest")
    for one in (slack, teams):
        expect(one.message("Your check-in is stored")).to_contain_text("Stored Fri")
        expect(one.page.locator("#log")).not_to_contain_text("still open")
    assert rows.versions(LINUS) == [2, 1]
    days = rows.all("SELECT count(*) FROM outbox JOIN person ON person.id = person_id"
                    " WHERE name = ? AND budget_day IS NOT NULL GROUP BY budget_day", LINUS)  # fmt: skip
    assert days == [(1,)] * 3, "two questions and one reminder"


def _begun_in_one_place_and_sent_in_the_other(teams: OnTeams, prompt: Locator, slack: Someone) -> None:
    teams.check_in(prompt)
    teams.fill(progress="Half of it", next="The other half")
    teams.box("blocked").check()
    teams.send()
    expect(teams.form).to_contain_text("Page 2 of 2")
    teams.shut()
    slack.say("/checkin")
    slack.opened("Check-in")
    expect(slack.form).to_contain_text("it was not sent yet")
    expect(slack.box("progress")).to_have_value("Half of it")
    slack.fill(blocker="No licence")
    slack.sent()


def _written_to(slack: Someone, place: str) -> None:
    slack.say("/review where")
    slack.opened("Where I am written to")
    slack.block("platform").get_by_label(place).check()
    slack.sent()
