"""The desk and the bot as processes of their own, and Chromium; the company is prepared once and copied."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import browsing
import pytest
from browsing_teams import OnTeams
from once import once_a_run
from playwright.sync_api import Browser, sync_playwright
from switches import SWITCHES, chromium


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=SWITCHES)
        yield started
        started.close()


@pytest.fixture(scope="module")
def windows(browser: Browser) -> browsing.Windows:
    return browsing.Windows(browser)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which `python -m desk` was started for the first time and ended; what it said stands in desk.out."""
    return once_a_run(tmp_path_factory, "prepared", _prepare)


def _prepare(folder: Path) -> None:
    with browsing.desk(folder, "--weeks", "0", "--port", "0"):
        pass


@pytest.fixture(scope="module")
def company(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The prepared company, for one module's own use."""
    folder = tmp_path_factory.mktemp("company")
    shutil.copytree(prepared / ".local", folder / ".local")
    return folder


@pytest.fixture(scope="module")
def rows(company: Path) -> browsing.Rows:
    return browsing.Rows(company / ".local" / "rapport.db")


@pytest.fixture
def someone(windows: browsing.Windows, address: str) -> Iterator[Callable[[str], browsing.Someone]]:
    """Opens the page as one of the company; `address` is the desk of the module."""
    there: list[browsing.Someone] = []

    def opened(name: str) -> browsing.Someone:
        there.append(browsing.Someone(windows, address, name))
        return there[-1]

    yield opened
    for one in there:
        one.leave()


@pytest.fixture
def on_teams(windows: browsing.Windows, address: str) -> Iterator[Callable[[str], OnTeams]]:
    """The same on Teams, also as one who is on both."""
    there: list[OnTeams] = []

    def opened(name: str) -> OnTeams:
        there.append(OnTeams(windows, address, name))
        return there[-1]

    yield opened
    for one in there:
        one.leave()
