"""A week on Teams at the page: what is asked over pages, left out and set, and what is in the way, up to Slack."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import browsing
import pytest
import story_asks
import story_blocked as story
from browsing import Rows, Someone
from browsing_teams import OnTeams
from playwright.sync_api import Locator, expect

from desk.company import person

As = Callable[[str], Someone]
There = Callable[[str], OnTeams]


@pytest.fixture(scope="module")
def address(company: Path) -> Iterator[str]:
    with browsing.desk(company, "--weeks", "0", "--port", "0") as (_, url):
        new_york = {"weekday": "thu", "at": "10:00", "zone": person("Ruth Avery").zone}
        browsing.post(f"{url}/desk/clock", new_york)
        yield url


def test_a_blocked_week_goes_from_teams_to_slack_and_back(on_teams: There, someone: As, rows: Rows) -> None:
    ruth, dolores = on_teams("Ruth Avery"), on_teams("Dolores Vega")
    prompt = ruth.asked_on(ruth.now())
    expect(prompt).to_contain_text("Dolores Vega sees the text; mood only if you share it.")
    labels = prompt.get_by_role("button").all_inner_texts()
    assert labels == ["Check in", "Later today", "Tomorrow", "Skip this one", "I'm away until…"]
    _written_over_pages(ruth, prompt, rows)
    story.taken(ruth, dolores)
    story.passed_up(ruth, dolores, "Victor Lang")
    victor = someone("Victor Lang")
    story.solved(ruth, dolores, victor)
    story.talked_about(ruth, dolores)
    _edited(ruth, rows)
    story.accounted_for(ruth, dolores, rows)

    dolores.say("status")
    week = dolores.message("Your team's week")
    expect(week).to_contain_text("1 of 6 in")
    expect(week.get_by_role("button", name="Nudge")).to_have_count(5)
    dolores.say("nudge Caleb")
    expect(dolores.message("Caleb Stone gets it with my next reminder")).to_be_visible()
    story.nothing_in_the_chat(ruth, dolores, victor)


def _written_over_pages(ruth: OnTeams, prompt: Locator, rows: Rows) -> None:
    """With an error under its field, and a draft that is gone on with where it was left."""
    ruth.check_in(prompt)
    ruth.block("mood").get_by_text("4 · Good").click()
    ruth.fill(next="The *harbour* contract")
    ruth.box("blocked").check()
    ruth.send()
    expect(ruth.error("progress")).to_be_visible()
    expect(ruth.error("next")).to_have_count(0)
    expect(ruth.box("next")).to_have_value("The *harbour* contract")
    ruth.fill(progress="Two new customers")
    ruth.send()
    expect(ruth.form).to_contain_text("Page 2 of 2")
    assert rows.versions("Ruth Avery") == []
    ruth.shut()
    ruth.check_in(prompt)
    expect(ruth.form).to_contain_text("it was not sent yet")
    ruth.press("Back", ruth.form)
    expect(ruth.box("progress")).to_have_value("Two new customers")
    ruth.send()
    ruth.fill(blocker=story.STUCK)
    ruth.sent()
    expect(ruth.receipt()).to_contain_text("You and Dolores Vega can read the text; how the week felt stays with you.")
    assert rows.versions("Ruth Avery") == [1]


def _edited(ruth: OnTeams, rows: Rows) -> None:
    ruth.press("Edit", ruth.receipt())
    ruth.opened("Edit your check-in")
    ruth.fill(progress="Three new customers")
    ruth.send()
    expect(ruth.box("blocker")).to_have_value(story.STUCK)
    ruth.sent()
    browsing.until("version 2", lambda: rows.versions("Ruth Avery") == [2])
    ruth.press("Read", ruth.receipt())
    for words in ("Three new customers", "The *harbour* contract", "4 · Good", story.STUCK):
        expect(ruth.form).to_contain_text(words)
    ruth.shut()


def test_one_is_left_out_comes_back_and_sets_the_hours(on_teams: There, rows: Rows) -> None:
    naomi = on_teams("Naomi Price")
    prompt = story_asks.skipped_and_undone(naomi, naomi.asked_on(naomi.now()), rows)
    naomi.check_in(story_asks.away_and_back(naomi, prompt, rows))
    naomi.shut()

    naomi.say("home")
    home = naomi.message("Your Rapport")
    expect(home).to_contain_text("Check in: open until Wed")
    naomi.press("My hours", home)
    naomi.opened("My hours")
    naomi.box("ends").fill("16")
    naomi.form.get_by_role("option", name="16:00").click()
    naomi.sent()
    expect(naomi.message("Your hours are saved")).to_contain_text("09:00–16:00")
    naomi.press("Language…", home)
    naomi.form.get_by_label("Deutsch").check()
    naomi.sent()
    naomi.message("Deutsch")
    expect(naomi.page.locator("#log")).to_contain_text("Zeit für deinen Check-in")
