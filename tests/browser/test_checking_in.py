from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import browsing
import pytest
import story_asks
from browsing import Rows, Someone
from playwright.sync_api import expect

As = Callable[[str], Someone]


@pytest.fixture(scope="module")
def address(company: Path) -> Iterator[str]:
    with browsing.desk(company, "--weeks", "0", "--port", "0") as (_, url):
        yield url


def test_ada_is_asked_answers_reads_and_edits(someone: As, rows: Rows) -> None:
    ada = someone("Ada Byron")
    prompt = ada.asked()
    expect(prompt).to_contain_text("Grace Murray sees the text; mood only if you share it.")
    labels = prompt.get_by_role("button").all_inner_texts()
    assert labels == ["Check in", "Later today", "Tomorrow", "Skip this one", "I'm away until…"]

    ada.check_in(prompt)
    for key in ("mood", "share_mood", "progress", "next", "blocked"):
        expect(ada.block(key)).to_contain_text("Who sees it:")
    ada.block("mood").get_by_text("4 · Good").click()
    ada.fill(next="Write the guide\nFix the build")
    ada.send()
    expect(ada.error("progress")).to_be_visible()
    expect(ada.error("next")).to_be_hidden()
    expect(ada.box("next")).to_have_value("Write the guide\nFix the build")
    expect(ada.block("mood").get_by_label("4 · Good")).to_be_checked()
    assert rows.versions("Ada Byron") == []

    ada.fill(progress="Shipped search")
    ada.sent()
    receipt = ada.receipt()
    expect(receipt).to_contain_text("can read the text; how the week felt stays with you.")
    expect(receipt).to_contain_text("You can edit it until Fri")
    assert receipt.get_by_role("button").all_inner_texts() == ["Read", "Edit", "Who opened this"]
    assert rows.versions("Ada Byron") == [1]
    assert rows.asks("Ada Byron") == [("submitted", None)]

    ada.press("Read", receipt)
    expect(ada.form).to_contain_text("Shipped search")
    ada.shut()
    expect(ada.page.locator("#log")).not_to_contain_text("Shipped search")

    ada.press("Edit", receipt)
    ada.opened("Edit your check-in")
    expect(ada.box("progress")).to_have_value("Shipped search")
    ada.fill(progress="Shipped search to everyone")
    ada.sent()
    browsing.until("version 2", lambda: rows.versions("Ada Byron") == [2])
    ada.press("Read", receipt)
    expect(ada.form).to_contain_text("Shipped search to everyone")
    ada.shut()


def test_a_second_click_and_a_redelivery_change_nothing(someone: As, rows: Rows, address: str) -> None:
    ines, again = someone("Inês Duarte"), someone("Inês Duarte")
    prompt = ines.asked()
    again.message("Time for your check-in")
    again.behind()
    ines.check_in(prompt)
    ines.fill(progress="Two talks", next="Three talks")
    ines.sent()
    ines.receipt()

    again.press("Skip this one", again.last)
    again.press("Later today", again.last)
    again.press("Check in", again.last)
    ines.opened("Edit your check-in")
    expect(ines.box("progress")).to_have_value("Two talks")
    ines.sent()
    for each in browsing.get(f"{address}/desk/exchanges")["exchanges"]:
        if each["user"] == ines.user and each["kind"] in ("block_actions", "view_submission"):
            assert browsing.post(f"{address}/desk/exchanges/{each['number']}/redeliver", {})["status"] == 200
    ines.receipt()
    expect(ines.form).to_have_count(0)
    assert rows.versions("Inês Duarte") == [1]
    assert rows.asks("Inês Duarte")[-1] == ("submitted", None)


def test_anything_typed_is_answered_and_open_asks_are_shown(someone: As) -> None:
    hugo = someone("Hugo Ferreira")
    hugo.asked()
    hugo.say("wherefore art thou")
    lost = hugo.message("I did not understand that")
    hugo.press("Help", lost)
    hugo.message("What I can do")
    hugo.say("chekin")
    hugo.message("Did you mean checkin?")

    hugo.say("/review")
    menu = hugo.message("Hello Hugo")
    expect(menu).to_contain_text("Only visible to you")
    expect(menu).to_contain_text("Check in: open until Fri")

    hugo.page.get_by_test_id("tab-home").click()
    home = hugo.page.get_by_test_id("home")
    expect(home).to_contain_text("Check in: open until Fri")
    expect(home).to_contain_text("Europe/Lisbon")
    hugo.press("Open", home)
    hugo.opened("Check-in")
    hugo.fill(progress="68 tickets", next="Clean up tags")
    hugo.sent()
    expect(home).to_contain_text("No question is open for you")
    expect(home).to_contain_text("My last check-ins")
    expect(home.get_by_role("button", name="Read")).to_be_visible()


def test_a_blocker_is_asked_for_in_place_and_a_plan_is_carried_over_with_its_audience(someone: As, rows: Rows) -> None:
    samuel, sofia = someone("Samuel Okoro"), someone("Sofia Nunes")
    sofia.check_in(sofia.asked())
    sofia.fill(progress="Two offers", next="A third offer")
    sofia.sent()
    samuel.check_in(samuel.asked())
    samuel.fill(progress="Moved the index", next="Write the guide\nFix the build")
    expect(samuel.block("blocker")).to_have_count(0)
    samuel.block("blocked").get_by_label("Yes").check()
    samuel.fill(blocker="Waiting for access")
    expect(samuel.box("progress")).to_have_value("Moved the index")
    expect(samuel.box("next")).to_have_value("Write the guide\nFix the build")
    samuel.sent()
    samuel.receipt()

    samuel.check_in(samuel.thursday())
    samuel.fill(progress="Wrote half of it")
    expect(samuel.block("last_next.0")).to_contain_text("Write the guide")
    samuel.block("last_next.0").get_by_text("Carry on").click()
    expect(samuel.box("next")).to_have_value("Write the guide")
    samuel.block("last_next.1").get_by_text("Done").click()
    expect(samuel.box("progress")).to_have_value("Wrote half of it")
    expect(samuel.box("next")).to_have_value("Write the guide")
    samuel.sent()
    receipt = samuel.receipt()
    samuel.press("Read", receipt)
    expect(samuel.form).to_contain_text("Fix the build: Done")
    assert rows.versions("Samuel Okoro") == [1, 1]

    sofia.check_in(sofia.asked())
    above = sofia.form.locator(".block", has_text="One tap for each line.")
    expect(above.filter(has_text="Camille Petit")).to_be_visible(timeout=2000)


def test_skipping_is_taken_back_and_snoozes_come_again(someone: As, rows: Rows) -> None:
    beatriz = someone("Beatriz Lima")
    prompt = beatriz.asked()
    prompt = story_asks.skipped_and_undone(beatriz, prompt, rows)
    count = beatriz.page.get_by_test_id("message").count()
    beatriz.press("Later today", prompt)
    expect(prompt).to_contain_text("I'll remind you Thu")
    beatriz.clock("hours-3")
    expect(beatriz.page.get_by_test_id("message")).to_have_count(count + 1)
    beatriz.press("Tomorrow", beatriz.last)
    expect(beatriz.last).to_contain_text("10:00. You can answer at any time before.")
    beatriz.clock("friday")
    expect(beatriz.page.get_by_test_id("message")).to_have_count(count + 2)
    expect(beatriz.last.get_by_role("button", name="Tomorrow")).to_have_count(0)


def test_who_is_away_is_left_alone_until_back(someone: As, rows: Rows) -> None:
    rita = someone("Rita Sousa")
    back = story_asks.away_and_back(rita, rita.thursday(), rows)
    rita.check_in(back)


def test_who_has_not_answered_is_reminded_once_then_it_is_missed_and_may_come_late(someone: As, rows: Rows) -> None:
    tiago, helena = someone("Tiago Alves"), someone("Helena Costa")
    tiago.thursday()
    helena.check_in(helena.message("Time for your check-in"))
    helena.fill(progress="Backlog is down", next="Train Hugo")
    helena.sent()
    tiago.clock("friday")
    reminder = tiago.message("Your check-in is still open")
    assert "Tomorrow" not in reminder.get_by_role("button").all_inner_texts()
    tiago.clock("hours-3")
    tiago.clock("hours-3")
    tiago.message("Check-in missed")
    assert rows.asks("Tiago Alves")[-1] == ("missed", None)
    expect(helena.page.get_by_role("heading", name="Your check-in is still open")).to_have_count(0)
    assert rows.asks("Helena Costa")[-1] == ("submitted", None)

    tiago.check_in(tiago.last, "Check in late")
    tiago.fill(progress="Reviews", next="More reviews")
    tiago.sent()
    receipt = tiago.receipt()
    assert receipt.get_by_role("button").all_inner_texts() == ["Read", "Who opened this"]
    assert rows.asks("Tiago Alves")[-1] == ("submitted", None)
