from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import browsing
import pytest
from browsing import Rows, Someone
from playwright.sync_api import expect


@pytest.fixture(scope="module")
def address(company: Path) -> Iterator[str]:
    with browsing.desk(company, "--weeks", "0", "--port", "0") as (_, url):
        yield url


def test_jonas_whose_account_is_german_is_asked_and_answered_in_german(
    someone: Callable[[str], Someone], rows: Rows
) -> None:
    jonas = someone("Jonas Keller")
    jonas.clock("thursday")
    prompt = jonas.message("Zeit für deinen Check-in")
    expect(prompt).to_contain_text("Grace Murray sieht den Text; deine Stimmung nur, wenn du sie freigibst.")
    labels = prompt.get_by_role("button").all_inner_texts()
    assert labels == ["Check-in ausfüllen", "Später heute", "Morgen", "Diesmal auslassen", "Ich bin abwesend bis …"]

    jonas.check_in(prompt, "Check-in ausfüllen")
    expect(jonas.block("progress")).to_contain_text("Was ist diese Woche vorangekommen?")
    expect(jonas.block("progress")).to_contain_text("Wer es sieht: Du und Grace Murray")
    expect(jonas.block("mood")).to_contain_text("4 · Gut")
    # A blank of no width: for Slack's own client something, for the bot nothing.
    jonas.fill(progress="\u200b", next="Anleitung schreiben")
    jonas.send()
    expect(jonas.error("progress")).to_have_text("Bitte beantworte diese Frage; ein paar Wörter genügen.")

    jonas.fill(progress="Die Suche ist fertig")
    jonas.sent()
    receipt = jonas.message("Dein Check-in ist gespeichert")
    expect(receipt).to_contain_text("Du und Grace Murray könnt ihn lesen.")
    assert receipt.get_by_role("button").all_inner_texts()[:2] == ["Lesen", "Bearbeiten"]
    assert rows.versions("Jonas Keller") == [1]


def test_his_manager_goes_on_in_english(someone: Callable[[str], Someone]) -> None:
    expect(someone("Grace Murray").thursday()).to_contain_text("HR sees only whether you answered.")
