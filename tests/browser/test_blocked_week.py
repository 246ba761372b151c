"""A blocked week, lived by three people: who is stuck, her manager in the same town, and his in New York."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import browsing
import pytest
from browsing import Rows, Someone
from playwright.sync_api import expect

As = Callable[[str], Someone]
STUCK = "The contract with the harbour waits for a signature"
IN_OWN_WORDS = "We need your name under the harbour contract by Monday"


@pytest.fixture(scope="module")
def address(company: Path) -> Iterator[str]:
    with browsing.desk(company, "--weeks", "0", "--port", "0") as (_, url):
        yield url


def write(one: Someone, text: str, key: str = "text") -> None:
    """Fill the form that has taken the dialog's place, and send it; the dialog shows what came of it."""
    one.fill(**{key: text})
    one.send()
    expect(one.box(key)).to_have_count(0)


def test_a_blocked_week_is_lived_to_its_end(someone: As, rows: Rows) -> None:
    eve, camille = someone("Eve Moreau"), someone("Camille Petit")
    prompt = eve.thursday()
    eve.check_in(prompt)
    eve.block("blocked").get_by_role("checkbox").check()
    expect(eve.block("blocker")).to_be_visible()
    eve.fill(progress="Two new customers", next="The harbour contract", blocker=STUCK)
    eve.sent()

    alert = camille.message("Eve Moreau reported something in the way")
    expect(alert).not_to_contain_text(STUCK)
    camille.press("Read", alert)
    expect(camille.form).to_contain_text(STUCK)
    expect(camille.form).to_contain_text("In the way: open")
    camille.press("I'll take it", camille.form)
    expect(camille.form).to_contain_text("In the way: taken")
    camille.shut()
    eve.message("Camille Petit has taken what is in your way")

    # It is afternoon in Berlin and morning in New York.
    eve.clock("hours-3")
    eve.clock("hours-3")
    camille.press("Pass up…", camille.message("You take care of what is in Eve Moreau's way"))
    expect(camille.form).to_contain_text("It goes to Victor Lang, in your own words.")
    camille.send()
    expect(camille.error("line")).to_be_visible()
    write(camille, IN_OWN_WORDS, "line")
    camille.shut()

    victor = someone("Victor Lang")
    passed = victor.message("Camille Petit passes something in the way of Eve Moreau up to you")
    victor.press("See it", passed)
    expect(victor.form).to_contain_text(IN_OWN_WORDS)
    expect(victor.form).not_to_contain_text(STUCK)
    victor.shut()
    victor.press("I'll take it", passed)
    victor.press("It's solved", victor.message("You take care of what is in Eve Moreau's way"))
    solved = eve.message("Victor Lang marked what was in your way as solved")
    expect(solved.get_by_role("button", name="Still in the way")).to_be_visible()

    camille.press("Read", camille.message("Solved: it is out of Eve Moreau's way"))
    camille.press("Comment…", camille.form)
    write(camille, "Good that you said it early")
    expect(camille.form).to_contain_text("Good that you said it early")
    camille.shut()
    news = eve.message("About your check-in of")
    expect(news).to_contain_text("Camille Petit wrote a comment.")
    eve.press("Reply…", news)
    write(eve, "It was the right moment")
    expect(eve.form).to_contain_text("Good that you said it early")
    eve.shut()
    eve.press("Thank", news)
    expect(eve.message("About your check-in of")).to_contain_text("You have thanked.")
    camille.message("About Eve Moreau's check-in of")

    eve.press("Who opened this", eve.receipt())
    expect(eve.form).to_contain_text("Camille Petit, your manager")
    [(readings,)] = rows.all("SELECT count(*) FROM audit_event WHERE action = 'answer.read'")
    # Readings that look alike are one line, with how often.
    lines = re.findall(r"Camille Petit, your manager(?: \((\d+) times\))?", eve.form.inner_text())
    assert sum(int(times or 1) for times in lines) == readings
    eve.shut()
    for one in (eve, camille, victor):
        for words in (STUCK, IN_OWN_WORDS, "said it early", "right moment"):
            expect(one.page.locator("#log")).not_to_contain_text(words)
    steps = rows.all("SELECT move FROM blocker_step ORDER BY number")
    assert [move for (move,) in steps] == ["report", "take", "pass_up", "take", "solve"]
    assert rows.all("SELECT state FROM blocker") == [("solved",)]
    assert sorted(kind for (kind,) in rows.all("SELECT kind FROM comment")) == ["comment", "reply", "thanks"]
