"""What a person does with a question instead of answering it, at the page of either platform."""

from __future__ import annotations

from datetime import timedelta

from browsing import Rows, Someone
from playwright.sync_api import Locator, expect


def skipped_and_undone(one: Someone, prompt: Locator, rows: Rows) -> Locator:
    """The prompt as it stands again."""
    one.press("Skip this one", prompt)
    asked = one.message("Leave this one out?")
    assert asked.get_by_role("button").all_inner_texts() == ["Not working", "Nothing new", "Other", "Back"]
    assert rows.asks(one.name)[-1] == ("open", None)
    one.press("Nothing new", asked)
    skipped = one.message("No check-in this")
    expect(skipped).to_contain_text("not expected")
    assert rows.asks(one.name)[-1] == ("not_expected", "nothing_new")
    one.press("Undo", skipped)
    prompt = one.message("Time for your check-in")
    assert rows.asks(one.name)[-1] == ("open", None)
    return prompt


def away_and_back(one: Someone, prompt: Locator, rows: Rows) -> Locator:
    """What is said to who is back, with the question."""
    one.press("I'm away until…", prompt)
    one.opened("Away")
    one.box("back").fill("2001-01-01")
    one.send()
    expect(one.error("back")).to_be_visible()
    one.box("back").fill(f"{one.now() + timedelta(days=7):%Y-%m-%d}")
    one.sent()
    away = one.message("You're away until")
    assert rows.asks(one.name)[-1] == ("not_expected", "away")
    one.press("I'm back", away)
    back = one.message("Good to have you here")
    assert rows.asks(one.name)[-1] == ("open", None)
    return back
