"""A desk that tells the bot by Socket Mode, and the bot as a process of its own beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import browsing
import pytest
from bot_apart import Bot
from browsing import Process, Rows, Someone
from playwright.sync_api import expect

As = Callable[[str], Someone]
BY_SOCKET = {"RAPPORT_SLACK_SIGNING_SECRET_FILE": "", "RAPPORT_SLACK_APP_TOKEN": "xapp-desk"}


@pytest.fixture(scope="module")
def apart(company: Path) -> Iterator[tuple[str, Bot]]:
    local = company / ".local"
    words = ["--no-bot", "--socket", "--port", "0", "--journal", str(local / "journal")]
    with browsing.desk(company, *words, "--clock-file", str(local / "clock")) as (_, url):
        bot = Bot(company, browsing.free_port(), url, **BY_SOCKET)
        bot.start()
        yield url, bot
        assert bot.process is not None
        assert bot.process.end() == 0


@pytest.fixture(scope="module")
def address(apart: tuple[str, Bot]) -> str:
    return apart[0]


def test_a_check_in_over_the_socket(someone: As, rows: Rows) -> None:
    linus = someone("Linus Holm")
    linus.check_in(linus.thursday())
    linus.fill(progress="Shipped search", next="Write the guide")
    linus.sent()
    expect(linus.receipt()).to_contain_text("You and Grace Murray can read it.")
    browsing.until("version 1", lambda: rows.versions("Linus Holm") == [1])
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


def test_a_token_that_slack_refuses_ends_it_with_words(apart: tuple[str, Bot], company: Path, tmp_path: Path) -> None:
    refused = {"RAPPORT_DATABASE_URL": f"sqlite:///{tmp_path / 'own.db'}", "RAPPORT_SLACK_APP_TOKEN": "xapp-old"}
    bot = Bot(company, browsing.free_port(), apart[0], **BY_SOCKET | refused)
    process = Process(tmp_path, "bot", "bot", "run", **bot.env)
    assert process.popen.wait(browsing.PATIENCE) == 1
    assert "Slack refuses RAPPORT_SLACK_APP_TOKEN (invalid_auth)" in process.words()
    assert "Traceback" not in process.words()
    assert "xapp-old" not in process.words()
