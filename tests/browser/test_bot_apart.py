"""A desk that was started by itself, and the bot as `python -m bot run` beside it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import browsing
import pytest
from bot_apart import Bot
from browsing import Process, Rows, Someone
from playwright.sync_api import expect

As = Callable[[str], Someone]


@pytest.fixture(scope="module")
def apart(company: Path) -> Iterator[tuple[str, Bot]]:
    local, port = company / ".local", browsing.free_port()
    secret = (local / "signing-secret").read_text("ascii")
    words = ["--no-bot", "--port", "0", "--bot-url", f"http://127.0.0.1:{port}", "--signing-secret", secret]
    words += ["--journal", str(local / "journal"), "--clock-file", str(local / "clock")]
    with browsing.desk(company, *words) as (_, url):
        bot = Bot(company, port, url)
        bot.start()
        yield url, bot
        assert bot.process is not None
        assert bot.process.end() == 0


@pytest.fixture(scope="module")
def address(apart: tuple[str, Bot]) -> str:
    return apart[0]


def test_the_same_story_with_a_bot_of_its_own(someone: As, rows: Rows) -> None:
    linus = someone("Linus Holm")
    linus.check_in(linus.thursday())
    linus.fill(progress="Shipped search", next="Write the guide")
    linus.sent()
    receipt = linus.receipt()
    expect(receipt).to_contain_text("You and Grace Murray can read it.")
    linus.press("Read", receipt)
    expect(linus.form).to_contain_text("Shipped search")
    linus.shut()
    linus.press("Edit", receipt)
    linus.fill(progress="Shipped search to everyone")
    linus.sent()
    browsing.until("version 2", lambda: rows.versions("Linus Holm") == [2])
    assert rows.asks("Linus Holm") == [("submitted", None)]


def test_a_bot_that_was_killed_loses_no_form(someone: As, rows: Rows, apart: tuple[str, Bot]) -> None:
    bot = apart[1]
    ada = someone("Ada Byron")
    ada.check_in(ada.thursday())
    ada.fill(progress="Half of it", next="The other half")
    bot.kill()
    ada.send()
    expect(ada.form).to_contain_text("We had some trouble connecting. Try again?")
    expect(ada.box("progress")).to_have_value("Half of it")
    assert rows.versions("Ada Byron") == []

    bot.start()
    ada.sent()
    ada.receipt()
    assert rows.versions("Ada Byron") == [1]
    assert rows.asks("Ada Byron")[-1] == ("submitted", None)


def test_a_second_bot_on_the_same_file_is_refused(apart: tuple[str, Bot], company: Path) -> None:
    second = Bot(company, browsing.free_port(), apart[0])
    process = Process(company, "second", "bot", "run", **second.env)
    assert process.popen.wait(browsing.PATIENCE) == 1
    assert "Another Rapport is using" in process.words()
    assert json.loads(process.said.read_text("utf-8") or "null") is None
