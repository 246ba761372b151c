"""A week in which something is in the way, lived at the page: by who is stuck, the manager, and who leads them."""

from __future__ import annotations

import re

from browsing import Rows, Someone
from playwright.sync_api import expect

STUCK = "The contract with the harbour waits for a signature"
IN_OWN_WORDS = "We need your name under the harbour contract by Monday"


def write(one: Someone, text: str, key: str = "text") -> None:
    """Fill the form that has taken the dialog's place, and send it; the dialog shows what came of it."""
    one.fill(**{key: text})
    one.send()
    expect(one.box(key)).to_have_count(0)


def taken(stuck: Someone, manager: Someone) -> None:
    """What was just reported: told without its words, read, and taken in the dialog that shows them."""
    alert = manager.message(f"{stuck.name} reported something in the way")
    expect(alert).not_to_contain_text(STUCK)
    manager.press("Read", alert)
    expect(manager.form).to_contain_text(STUCK)
    expect(manager.form).to_contain_text("In the way: open")
    manager.press("I'll take it", manager.form)
    expect(manager.form).to_contain_text("In the way: taken")
    manager.shut()
    stuck.message(f"{manager.name} has taken what is in your way")


def passed_up(stuck: Someone, manager: Someone, above: str) -> None:
    manager.press("Pass up…", manager.message(f"You take care of what is in {stuck.name}'s way"))
    expect(manager.form).to_contain_text(f"It goes to {above}, in your own words.")
    manager.send()
    expect(manager.error("line")).to_be_visible()
    write(manager, IN_OWN_WORDS, "line")
    manager.shut()


def solved(stuck: Someone, manager: Someone, above: Someone) -> None:
    """By whom it was passed up to."""
    passed = above.message(f"{manager.name} passes something in the way of {stuck.name} up to you")
    above.press("See it", passed)
    expect(above.form).to_contain_text(IN_OWN_WORDS)
    expect(above.form).not_to_contain_text(STUCK)
    above.shut()
    above.press("I'll take it", passed)
    above.press("It's solved", above.message(f"You take care of what is in {stuck.name}'s way"))
    told = stuck.message(f"{above.name} marked what was in your way as solved")
    expect(told.get_by_role("button", name="Still in the way")).to_be_visible()


def talked_about(stuck: Someone, manager: Someone) -> None:
    """A comment, the answer to it, and thanks."""
    manager.press("Read", manager.message(f"Solved: it is out of {stuck.name}'s way"))
    manager.press("Comment…", manager.form)
    write(manager, "Good that you said it early")
    expect(manager.form).to_contain_text("Good that you said it early")
    manager.shut()
    news = stuck.message("About your check-in of")
    expect(news).to_contain_text(f"{manager.name} wrote a comment.")
    stuck.press("Reply…", news)
    write(stuck, "It was the right moment")
    expect(stuck.form).to_contain_text("Good that you said it early")
    stuck.shut()
    stuck.thank(news)
    expect(stuck.message("About your check-in of")).to_contain_text("You have thanked.")
    manager.message(f"About {stuck.name}'s check-in of")


def accounted_for(stuck: Someone, manager: Someone, rows: Rows) -> None:
    """Who opened it stands there as often as in the audit trail."""
    stuck.press("Who opened this", stuck.receipt())
    expect(stuck.form).to_contain_text(f"{manager.name}, your manager")
    [(readings,)] = rows.all("SELECT count(*) FROM audit_event WHERE action = 'answer.read'")
    # Readings that look alike are one line, with how often.
    lines = re.findall(rf"{manager.name}, your manager(?: \((\d+) times\))?", stuck.form.inner_text())
    assert sum(int(times or 1) for times in lines) == readings
    stuck.shut()
    steps = rows.all("SELECT move FROM blocker_step ORDER BY number")
    assert [move for (move,) in steps] == ["report", "take", "pass_up", "take", "solve"]
    assert rows.all("SELECT state FROM blocker") == [("solved",)]
    assert sorted(kind for (kind,) in rows.all("SELECT kind FROM comment")) == ["comment", "reply", "thanks"]


def nothing_in_the_chat(*people: Someone) -> None:
    for one in people:
        for words in (STUCK, IN_OWN_WORDS, "said it early", "right moment"):
            expect(one.page.locator("#log")).not_to_contain_text(words)
