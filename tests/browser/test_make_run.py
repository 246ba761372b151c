"""`make run`: what it says, what it keeps, and how it ends."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import stat
import subprocess
from pathlib import Path

import browsing
import pytest
from browsing import HOUSE, Process, Rows, Someone, Windows
from playwright.sync_api import expect

TODAY = ("--weeks", "0", "--port", "0")


@pytest.fixture
def copied(prepared: Path, tmp_path: Path) -> Path:
    shutil.copytree(prepared / ".local", tmp_path / ".local")
    return tmp_path


def running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def bot_of(folder: Path) -> int:
    return int((folder / ".local" / "bot.pid").read_text("ascii"))


def test_make_run_is_the_desk() -> None:
    # These tests run under make themselves, which would make the inner one talk about folders.
    plain = {name: value for name, value in os.environ.items() if not name.startswith("MAKE") and name != "MFLAGS"}
    done = subprocess.run(["make", "-n", "run"], cwd=HOUSE, env=plain, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1].endswith("python -m desk")


def test_it_says_one_address_and_what_to_try(prepared: Path) -> None:
    address, hint = (prepared / "desk.out").read_text("utf-8").splitlines()
    assert address.startswith("Desk: http://127.0.0.1:")
    assert hint == "You are Ada. Move the clock to next Thursday 10:00."
    assert "http" not in (prepared / "desk.err").read_text("utf-8")


def test_secrets_and_data_are_for_their_owner_only(prepared: Path) -> None:
    local = prepared / ".local"
    assert stat.S_IMODE(local.stat().st_mode) == 0o700
    for name in ("key-ring", "signing-secret", "teams-password", "env", "rapport.db"):
        assert stat.S_IMODE((local / name).stat().st_mode) == 0o600, name
    ring = (local / "key-ring").read_text("ascii")
    assert ring not in (local / "env").read_text("utf-8")


def test_a_restart_keeps_everything_and_ends_the_bot_in_order(copied: Path) -> None:
    grace = browsing.company.person("Grace Murray")
    who, prompt = grace.user_id, "Time for your check-in"
    with browsing.desk(copied, *TODAY) as (process, url):
        browsing.post(f"{url}/desk/clock", {"weekday": "thu", "at": "10:00", "zone": grace.zone})
        browsing.until("the prompt", lambda: prompt in str(browsing.get(f"{url}/desk/people/{who}")["messages"]))
        before = browsing.get(f"{url}/desk/people/{who}")["messages"], browsing.get(f"{url}/desk/clock")["offset"]
        bot = bot_of(copied)
        assert process.end() == 0
        assert not running(bot)
    with browsing.desk(copied, *TODAY, name="again") as (again, url):
        after = browsing.get(f"{url}/desk/people/{who}")["messages"], browsing.get(f"{url}/desk/clock")["offset"]
        assert after == before
        assert again.complained.read_text("utf-8") == ""
        assert Rows(copied / ".local" / "rapport.db").asks("Grace Murray") == [("open", None)]


def test_a_second_one_is_told_where_the_first_is(copied: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with browsing.desk(copied, "--weeks", "0", "--port", str(port)) as (_, url):
            assert url != f"http://127.0.0.1:{port}", "a taken port is left alone"
            second = Process(copied, "second", "desk", *TODAY)
            assert second.popen.wait(browsing.PATIENCE) == 1
            assert f"The desk runs already: {url}." in second.complained.read_text("utf-8")
            assert browsing.get(f"{url}/desk/clock")["offset"] == 0


def test_a_bot_that_dies_is_told_and_started_again_from_the_page(copied: Path, windows: Windows) -> None:
    with browsing.desk(copied, *TODAY) as (process, url):
        ada = Someone(windows, url, "Ada Byron")
        prompt = ada.thursday()
        first = bot_of(copied)
        os.kill(first, 9)
        banner = ada.page.get_by_test_id("bot-banner")
        expect(banner).to_contain_text("The bot has stopped.")
        expect(banner.locator("pre")).to_contain_text('"event": "serving"')
        ada.press("Check in", prompt)
        expect(ada.page.get_by_test_id("status")).to_contain_text("Is the bot running?")
        expect(prompt).to_be_visible()
        ada.page.get_by_test_id("bot-start").click()
        expect(banner).to_be_hidden(timeout=browsing.STARTING * 1000)
        ada.check_in(prompt)
        ada.fill(progress="Typed before it died")
        os.kill(bot_of(copied), 9)
        start = ada.form.get_by_test_id("bot-start")
        expect(start).to_be_visible()
        start.focus()
        ada.page.keyboard.press("Enter")
        expect(banner).to_be_hidden(timeout=browsing.STARTING * 1000)
        expect(ada.page.get_by_test_id("modal-submit")).to_be_focused()
        expect(ada.box("progress")).to_have_value("Typed before it died")
        ada.fill(next="Go on")
        ada.sent()
        ada.leave()
        assert bot_of(copied) != first
        assert "The bot has ended (exit code -9)." in process.complained.read_text("utf-8")
        assert process.end() == 0


def test_a_bot_whose_desk_was_killed_is_named(copied: Path) -> None:
    with browsing.desk(copied, *TODAY) as (process, _):
        process.kill()
    left = bot_of(copied)
    try:
        second = Process(copied, "second", "desk", *TODAY)
        assert second.popen.wait(browsing.PATIENCE) == 1
        assert f"End process {left} first." in second.complained.read_text("utf-8")
    finally:
        os.kill(left, signal.SIGTERM)
    browsing.until("its end", lambda: not running(left))
    with browsing.desk(copied, *TODAY, name="third"):
        pass
