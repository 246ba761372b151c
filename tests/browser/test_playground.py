"""A witness from outside: Microsoft 365 Agents Playground, its page in Chromium, and the bot as a process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import browsing
import playground
import pytest
from databases import Databases
from playground import ADA, Bot, Chat
from playwright.sync_api import Browser, expect

from desk import company

NEXT_PROMPT = datetime(2026, 12, 3, 10, 0, 30, tzinfo=ZoneInfo(company.ZONES.get(ADA.zone, ADA.zone)))


@pytest.fixture
def bot(databases: Databases, tmp_path: Path) -> Iterator[Bot]:
    if not playground.is_there():
        pytest.fail(playground.MISSING) if os.environ.get("CI") else pytest.skip(playground.MISSING)
    with databases.copy("sqlite", tmp_path) as url:
        bot = Bot(tmp_path, url)
        yield bot
        assert bot.process.end() == 0


@pytest.fixture
def chat(bot: Bot, browser: Browser, tmp_path: Path) -> Iterator[Chat]:
    with playground.running(tmp_path, bot.port) as url:
        chat = Chat(browser, url)
        yield chat
        chat.leave()


def test_a_check_in_is_answered_in_the_chat_and_the_next_one_is_asked_for(chat: Chat, bot: Bot, tmp_path: Path) -> None:
    rows = browsing.Rows(tmp_path / "rapport.db")
    chat.say("help")
    chat.card("What I can do")

    chat.say("checkin")
    chat.press("Answer here", chat.card("you can change it until"))
    form = chat.card("What moved forward this week?")
    drawn = chat.cards("").count()
    form.get_by_role("textbox").nth(1).fill("Write the guide")
    chat.press("Send", form)
    expect(form).to_contain_text("Please answer this one")
    form.get_by_role("radio").nth(3).check()
    form.get_by_role("textbox").nth(0).fill("Shipped **search** <at>all</at>")
    chat.picture(tmp_path, "playground-card")
    chat.press("Send", form)

    receipt = chat.card("Your check-in is stored")
    expect(receipt).to_contain_text("You and Grace Murray can read the text")
    expect(chat.page.get_by_text("What moved forward this week?")).to_have_count(0)
    expect(chat.page.get_by_text("Shipped")).to_have_count(0)
    assert chat.cards("").count() == drawn, "it stands in the place of the card"
    assert rows.versions(ADA.name) == [1]
    assert rows.asks(ADA.name) == [("submitted", None)]

    bot.move_to(NEXT_PROMPT)
    chat.card("Time for your check-in")
    browsing.until("the open ask", lambda: rows.asks(ADA.name)[1:] == [("open", None)])
    chat.say("checkin")
    chat.press("Answer here", chat.cards("you can change it until").last)
    first = chat.card("You planned this last time. How did it go?")
    first.get_by_role("radio", name="Carry on").check()
    chat.press("Next", first)
    second = chat.card("What will you focus on next week?")
    expect(second.get_by_role("textbox").nth(1)).to_have_value("Write the guide")
    expect(receipt).to_be_visible()
    chat.picture(tmp_path, "playground-receipt")

    assert rows.versions(ADA.name) == [1]
    assert rows.all("SELECT count(*) FROM checkin_version") == [(1,)]
    assert "ERROR" not in bot.process.words().upper().replace("ERROR_TYPE", "")
