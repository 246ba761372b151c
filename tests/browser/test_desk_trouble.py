"""Trouble on demand, pressed on the page, and a real bot that lives through it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import browsing
import pytest
from browsing import Rows, Someone
from playwright.sync_api import expect

As = Callable[[str], Someone]


@pytest.fixture(scope="module")
def address(company: Path) -> Iterator[str]:
    with browsing.desk(company, "--weeks", "0", "--port", "0") as (_, url):
        yield url


def calls(url: str, method: str) -> list[dict[str, Any]]:
    return [each for each in browsing.get(f"{url}/desk/exchanges")["exchanges"] if each["kind"] == method]


def armed(one: Someone, button: str, words: str) -> None:
    panel = one.page.get_by_test_id("panel")
    if not panel.is_visible():
        one.page.get_by_test_id("trouble-toggle").click()
    one.page.get_by_test_id(button).click()
    expect(one.page.get_by_test_id("armed-list")).to_contain_text(words)
    expect(one.page.get_by_test_id("armed")).to_be_visible()


def test_what_is_armed_is_seen_and_disarmed(someone: As) -> None:
    ada = someone("Ada Byron")
    armed(ada, "arm-delay", "is answered 2 s late")
    armed(ada, "arm-double", "goes out twice")
    expect(ada.page.get_by_test_id("armed")).to_contain_text("2 troubles are armed")
    ada.page.get_by_test_id("armed-list").get_by_test_id("disarm").first.click()
    expect(ada.page.get_by_test_id("armed")).to_contain_text("The next press or Send goes out twice")
    ada.page.get_by_test_id("disarm-all").click()
    expect(ada.page.get_by_test_id("armed")).to_be_hidden()
    expect(ada.page.get_by_test_id("armed-list")).to_contain_text("Nothing is armed.")


def test_a_429_is_waited_out_and_a_lost_answer_is_looked_up(someone: As, rows: Rows) -> None:
    rita = someone("Rita Sousa")
    armed(rita, "arm-429", "is answered 429, retry after 2 s")
    armed(rita, "arm-lost", "its answer is lost")
    rita.clock("thursday")

    def all_sent() -> bool:
        tried = rows.all("SELECT count(*) FROM outbox WHERE state = 'waiting' AND attempts > 0")
        limited = [each["user"] for each in calls(rita.url, "chat.postMessage") if each["status"] == 429]
        again = [each for each in calls(rita.url, "chat.postMessage") if each["user"] in limited]
        return len(again) == 2 and calls(rita.url, "conversations.history") and tried == [(0,)]

    browsing.until("everything to be sent", all_sent, 40.0)
    expect(rita.page.get_by_test_id("armed")).to_be_hidden()
    posted = calls(rita.url, "chat.postMessage")
    assert sorted(each["status"] for each in posted if each["fault"]) == [200, 429]
    prompted = [each["user"] for each in posted if each["status"] == 200]
    assert len(prompted) == len(set(prompted)) > 1
    for user in prompted:
        assert len(browsing.get(f"{rita.url}/desk/people/{user}")["messages"]) == 1
    limited = next(each for each in posted if each["status"] == 429)
    after = next(each for each in posted if each["number"] > limited["number"] and each["user"] == limited["user"])
    assert after["at"] - limited["at"] >= 2


def test_a_double_click_and_a_redelivery_change_nothing(someone: As, rows: Rows) -> None:
    samuel = someone("Samuel Okoro")
    samuel.check_in(samuel.thursday())
    samuel.fill(progress="Moved the index", next="Write the guide")
    browsing.post(f"{samuel.url}/desk/faults", {"double_click": True})
    samuel.sent()
    receipt = samuel.receipt()
    assert len(calls(samuel.url, "view_submission")) == 2
    before = receipt.inner_text()
    samuel.page.get_by_test_id("trouble-toggle").click()
    samuel.page.get_by_test_id("redeliver-last").click()
    expect(samuel.page.get_by_test_id("redelivered")).to_have_text(re.compile(r"The bot answered 200 in \d+ ms"))
    assert len(calls(samuel.url, "view_submission")) == 3
    assert samuel.receipt().inner_text() == before
    assert rows.versions("Samuel Okoro") == [1]
    assert rows.asks("Samuel Okoro")[-1] == ("submitted", None)
    assert samuel.form.count() == 0
