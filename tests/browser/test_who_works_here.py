"""Somebody joins, moves and leaves, played at the desk's page; HR links who is on no list."""

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


def joins(someone: Someone, name: str, *, listed: bool) -> None:
    page = someone.page
    page.get_by_test_id("join-name").fill(name)
    page.get_by_test_id("join-listed").set_checked(listed)
    page.get_by_test_id("join").click()
    expect(page.get_by_test_id("join-name")).to_have_value("", timeout=browsing.PATIENCE * 1000)


def becomes(someone: Someone, user: str) -> None:
    someone.page.get_by_test_id(f"person-{user}").click()


def test_people_join_move_and_leave(someone: As, rows: Rows) -> None:
    ada = someone("Ada Byron")
    log = ada.page.locator("#log")
    ada.page.get_by_test_id("company-toggle").click()
    joins(ada, "Nora Falk", listed=True)
    joins(ada, "Otto Brand", listed=False)
    ada.page.get_by_test_id("move-zone").select_option("Pacific/Auckland")
    ada.page.get_by_test_id("move").click()
    expect(ada.page.locator("#me-about")).to_contain_text("Auckland")

    becomes(ada, "U0NORAFALK")
    ada.clock("monday")
    expect(log).to_contain_text("I'm Rapport")
    expect(log).to_contain_text("Your manager here is Grace Murray")
    ada.clock("thursday")
    ada.message("Time for your check-in")

    becomes(ada, ada.user)
    prompt = ada.message("Time for your check-in")
    ada.page.get_by_test_id("leave-company").click()
    browsing.until("Ada has left", lambda: ("not_expected", "left") in rows.asks("Ada Byron"))
    ada.press("Check in", prompt)
    expect(log).to_contain_text("You no longer work here")

    hana = someone("Hana Sato")
    hana.say("accounts")
    hana.message("Accounts without a person")
    expect(hana.page.locator("#log")).to_contain_text("Otto Brand, otto.brand@example.org")
