"""A quarter at the page: set at three levels, updated on Slack and on Teams, stalled, rescued, closed and graded."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import browsing
import pytest
from bot_apart import commanded
from browsing import Rows, Someone
from browsing_teams import OnTeams
from playwright.sync_api import Locator, expect

from desk.company import person
from desk.okr import Quarter

HANA, DOLORES, RUTH = "Hana Sato", "Dolores Vega", "Ruth Avery"
NEW_YORK = ZoneInfo(person(RUTH).zone)
COMPANY, DEPARTMENT = "New customers succeed in their first week", "We sell what helps"
OWN, PILLAR = "Renewals are signed before we ask", "Customers stay because we are useful"
REASON = "Two large customers signed on the last day."


@pytest.fixture(scope="module")
def begins(rows: Rows) -> date:
    """A Monday from which ten days on objectives are asked about, four weeks and a little before a quarter ends."""
    turns = "SELECT min(next_due_at) FROM turn JOIN programme ON programme.id = programme_id"
    [(due,)] = rows.all(f"{turns} WHERE conversation = 'okr.updates' AND zone = ?", NEW_YORK.key)
    fortnight = timedelta(days=14)
    monday = datetime.fromtimestamp(due / 1e6, NEW_YORK).date() - timedelta(days=10) + fortnight
    while not monday + 2 * fortnight <= Quarter.of(monday).last < monday + 3 * fortnight:
        monday += fortnight
    return monday


@pytest.fixture(scope="module")
def address(company: Path, begins: date) -> Iterator[str]:
    start = datetime(begins.year, begins.month, begins.day, 10, 30, tzinfo=NEW_YORK)
    (company / ".local" / "clock").write_text(f"{start.timestamp() - time.time():.6f}\n", "ascii")
    with browsing.desk(company, "--weeks", "0", "--port", "0") as (_, url):
        commanded(
            company, url,
            ["okr", "rules", "--agreement", "on", "--cadence-days", "7", "--by", person(HANA).email],
            ["okr", "pillar", "add", "customers", PILLAR, "--period", Quarter.of(begins).key],
        )  # fmt: skip
        yield url


def test_a_quarter_is_lived(
    someone: Callable[[str], Someone], on_teams: Callable[[str], OnTeams], rows: Rows, address: str, begins: date
) -> None:
    hana, dolores, ruth = someone(HANA), on_teams(DOLORES), on_teams(RUTH)
    _only_objectives(hana)
    _set_for_the_company(hana)
    _set_for_a_department(dolores)
    _set_for_oneself(ruth, dolores)
    assert _aligned(rows) == [("company", None), ("department", "company"), ("individual", "department")]
    for one in (hana, dolores, ruth):
        one.leave()

    _on(address, "thu", weeks=2)
    hana, dolores = someone(HANA), on_teams(DOLORES)
    _updated(hana, rows, bad="twelve", value="1.250,5 €")
    _updated(dolores, rows, bad="15 days", value="15 %")
    assert rows.all("SELECT current, score IS NULL FROM key_result ORDER BY created_at") == [
        ("1250.5", 0), ("15", 0), (None, 1),
    ]  # fmt: skip
    hana.leave()
    dolores.leave()

    _on(address, "mon")
    ruth = on_teams(RUTH)
    expect(ruth.message("Still the right goal?")).to_contain_text("For now only you are asked.")
    _on(address, "mon")
    dolores = on_teams(DOLORES)
    expect(_still_named(dolores)).to_have_count(1)
    _rescued(ruth, rows)
    ruth.leave()
    _on(address, "thu")
    hana = someone(HANA)
    _nothing_new(hana)
    _on(address, "mon")
    expect(_still_named(dolores)).to_have_count(1)
    dolores.leave()
    _tree(hana)

    last = Quarter.of(begins).last
    browsing.post(f"{address}/desk/clock", {"days": (last - hana.now().date()).days + 1})
    _closed_with_a_grade(hana, rows)
    _accounted_for(rows)


def _on(address: str, weekday: str, *, weeks: int = 1) -> None:
    """When it is 10:30 there on the next such day, or the one after it."""
    for _ in range(weeks):
        browsing.post(f"{address}/desk/clock", {"weekday": weekday, "at": "10:30", "zone": NEW_YORK.key})


def _only_objectives(hana: Someone) -> None:
    hana.say("programmes")
    listed = hana.message("Programmes")
    expect(listed).to_contain_text("Update my objectives, running for everyone")
    listed.get_by_role("button", name="Open", exact=True).last.click()
    hana.press("Stop", hana.message("Check in, running"))
    hana.page.get_by_test_id("confirm-yes").click()
    hana.message("Check in, stopped")


def _set_for_the_company(hana: Someone) -> None:
    hana.say("/okr")
    hana.press("Add objective", hana.message("Your objectives"))
    hana.fill(title=COMPANY)
    hana.block("level").get_by_label("Company").check()
    expect(hana.form).to_contain_text("New customers reach their first success")
    hana.fill(**_result("Revenue from first projects", "0", "2.500,5 €"))
    hana.sent()
    hana.press("Open", hana.message(COMPANY))
    hana.press("More…", hana.form)
    hana.form.get_by_label(PILLAR).check()
    hana.send()
    expect(hana.form).to_contain_text("Saved.")
    hana.shut()


def _result(title: str, start: str, target: str) -> dict[str, str]:
    return {"results.0.title": title, "results.0.from": start, "results.0.to": target}


def _set_for_a_department(dolores: OnTeams) -> None:
    dolores.say("okr")
    dolores.press("Add objective", dolores.message("Your objectives"))
    dolores.fill(title=DEPARTMENT)
    dolores.block("level").get_by_label("Department").check()
    dolores.send()
    dolores.block("parent").get_by_label(f"Company: {COMPANY}").check()
    dolores.fill(**_result("New customers from recommendations", "12 %", "30 %"))
    dolores.send()
    expect(dolores.error("why")).to_contain_text("how does it help there?")
    dolores.fill(why="Who was promised the right thing succeeds sooner.")
    dolores.sent()
    dolores.message(DEPARTMENT)


def _set_for_oneself(ruth: OnTeams, dolores: OnTeams) -> None:
    ruth.say("okr")
    ruth.press("Add objective", ruth.message("Your objectives"))
    ruth.fill(title=OWN, why="What was promised is what renewals fail on.")
    ruth.block("parent").get_by_label(f"Department: {DEPARTMENT}").check()
    ruth.fill(**_result("Contracts with a note of what was promised", "30", "80 %"))
    ruth.sent()
    expect(ruth.message(OWN)).to_contain_text("Saved as a draft.")
    dolores.press("Agree", dolores.message(f"{RUTH} asks you to agree to an objective"))
    expect(dolores.form).to_contain_text("Agreed. It is active now.")
    dolores.shut()
    dolores.message(f"You have agreed to {RUTH}'s objective")
    ruth.message(f"{DOLORES} has agreed to your objective")


def _aligned(rows: Rows) -> list[tuple[str, str | None]]:
    """Level and the level above it, of what is active."""
    return rows.all(
        "SELECT one.level, above.level FROM objective one LEFT JOIN objective above ON above.id = one.parent_id"
        " WHERE one.state = 'active' ORDER BY one.created_at"
    )


def _updated(one: Someone, rows: Rows, *, bad: str, value: str) -> None:
    one.press("Update", one.message("How do your objectives stand?"))
    key = _value_of(one, rows)
    one.fill(**{key: bad})
    one.send()
    expect(one.error(key)).to_contain_text(re.compile("[Pp]lease give"))
    one.fill(**{key: value}, note="As expected.")
    one.sent()
    one.message("Your objectives are up to date")


def _value_of(one: Someone, rows: Rows) -> str:
    """The field of the only key result that they own."""
    [(key,)] = rows.all(
        "SELECT key_result.id FROM key_result JOIN objective ON objective.id = objective_id"
        " JOIN person ON person.id = objective.owner_id WHERE name = ?",
        one.name,
    )
    return f"value_{key}"


def _rescued(ruth: OnTeams, rows: Rows) -> None:
    ruth.press("Update", ruth.message("Your manager's Monday names it, too."))
    ruth.fill(**{_value_of(ruth, rows): "60,5"})
    ruth.sent()
    ruth.message("You have looked at what stood still")
    expect(ruth.message(OWN)).to_contain_text("on track · score 0.61")


def _nothing_new(hana: Someone) -> None:
    """Two weeks without an update, and asked for one on this very day: that is one question, and one tap answers it."""
    asked = hana.last
    expect(asked).to_contain_text("How do your objectives stand?")
    expect(asked).not_to_contain_text("Still the right goal?")
    asked.get_by_role("button", name="No change", exact=True).first.click()
    expect(asked).to_contain_text("Your objectives are up to date")


def _still_named(manager: Someone) -> Locator:
    """The Mondays on which Ruth's objective stands still; her manager hears of it a week after she was asked."""
    mondays = manager.page.get_by_test_id("message").filter(has_text="Objectives of your team")
    return mondays.filter(has_text=f"{RUTH}: {OWN}").filter(has_text="no update since")


def _tree(hana: Someone) -> None:
    hana.say("/okr tree")
    tree = hana.message("Where the company stands")
    for words in (PILLAR, COMPANY, "Company · 0.50", DEPARTMENT, "Sales · 0.17"):
        expect(tree).to_contain_text(words)
    expect(tree).not_to_contain_text(OWN)


def _closed_with_a_grade(hana: Someone, rows: Rows) -> None:
    hana.say("/okr")
    hana.press("Close it…", hana.message("Your objectives"))
    hana.opened("Close the objective")
    hana.fill(grade="0,8", lesson="Ask for the signature early.")
    hana.block("outcome").get_by_label("Carry over").check()
    hana.send()
    expect(hana.error("reason")).to_contain_text("in 20 characters or more")
    hana.fill(reason=REASON)
    hana.send()
    expect(hana.form).to_contain_text("Closed with 0.80. It goes on in")
    expect(hana.form).to_contain_text(REASON)


def _accounted_for(rows: Rows) -> None:
    assert rows.all("SELECT state, grade, outcome, substr(score, 1, 4) FROM objective ORDER BY created_at") == [
        ("done", "0.8", "carry_over", "0.50"), ("active", None, None, None), ("active", None, None, None),
        ("active", None, None, None),
    ]  # fmt: skip
    values = rows.all("SELECT value FROM key_result_update ORDER BY at")
    assert values == [("1250.5",), ("15",), ("60.5",), (None,)]
    assert rows.all("SELECT count(*) FROM outbox WHERE state = 'dead'") == [(0,)]
    days = "SELECT count(*) FROM outbox WHERE budget_day IS NOT NULL AND state = 'done' GROUP BY person_id, budget_day"
    assert {count for (count,) in rows.all(days)} == {1}
    acts = [act for (act,) in rows.all("SELECT action FROM audit_event WHERE action LIKE 'okr.%' ORDER BY seq")]
    made, carried_on = ["created", "weighed", "created", "created", "agreed"], ["created", "closed"]
    assert acts == [f"okr.{act}" for act in ("rules_changed", "pillar_added", *made, *["updated"] * 4, *carried_on)]
