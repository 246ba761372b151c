"""Microsoft 365 Agents Playground beside the bot, each a process of its own, and the chat of the Playground's page."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import browsing
import world as worlds
from browsing import HOUSE, PATIENCE, Process
from playwright.sync_api import Browser, Locator, Page, Route, ViewportSize, expect

from bot import app as house
from bot import commands
from bot.clock import Clock
from desk import company

CLI = HOUSE / ".local" / "playground" / "node_modules" / "@microsoft" / "m365agentsplayground" / "cli.js"
MISSING = "Node or the Agents Playground is not here: nothing was tried with it ('make playground' fetches it)."
TENANT, APP = "00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000011"
# It ends without a word when it knows fewer.
LEAST_USERS = 5
ADA = company.person("Ada Byron")
# All of the story on one picture.
ROOM: ViewportSize = {"width": 1400, "height": 2000}


def is_there() -> bool:
    return shutil.which("node") is not None and CLI.exists()


class Bot:
    """`python -m bot run` for a company of five, of whom Ada is on Teams; nobody signs, and its clock can be moved."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.port = browsing.free_port()
        self._clock = folder / "clock"
        self.env = {
            "RAPPORT_DATABASE_URL": database_url, "RAPPORT_KEYS": str(folder / "keys"),
            "RAPPORT_KEY_RING": worlds.RING, "RAPPORT_PORT": str(self.port), "RAPPORT_SEND_RATE": "0",
            "RAPPORT_SLACK_API": "http://127.0.0.1:1/", "RAPPORT_CLOCK_FILE": str(self._clock),
            "RAPPORT_TEAMS_APP_ID": APP, "RAPPORT_TEAMS_TENANTS": TENANT, "RAPPORT_TEAMS_AUTH": "off",
        }  # fmt: skip
        self._people_the_house(folder, database_url)
        self.move_to(worlds.MONDAY)
        self.process = Process(folder, "bot", "bot", "run", **self.env)
        self.process.line(r'"event": "serving"')

    def _people_the_house(self, folder: Path, database_url: str) -> None:
        clock = Clock.fixed(worlds.MONDAY)
        app = house.build(worlds.settings(folder, database_url), clock=clock)
        commands.import_people(app.database, worlds.roster(folder), clock)
        worlds.introduce(app, clock)
        commands.start_programme(app.database, clock, "checkin", "")
        app.pool.shutdown()
        app.database.dispose()

    def move_to(self, moment: datetime) -> None:
        """From there on it goes."""
        moved = (moment - datetime.now(UTC)).total_seconds()
        self._clock.with_suffix(".new").write_text(str(moved), "utf-8")
        self._clock.with_suffix(".new").replace(self._clock)


@contextlib.contextmanager
def running(folder: Path, bot: int) -> Iterator[str]:
    """The Playground for this bot; the address of its page."""
    port = browsing.free_port()
    (folder / ".m365agentsplayground.yml").write_text(json.dumps(_config()), "utf-8")
    words = ["start", "-e", f"http://127.0.0.1:{bot}/api/messages", "-c", "msteams", "-p", str(port)]
    node = shutil.which("node")
    assert node is not None
    with (folder / "playground.out").open("wb") as out:
        # A session of its own, as it starts others; and no window on this machine.
        popen = subprocess.Popen(
            [node, str(CLI), *words, "--disable-telemetry"], cwd=folder, env=os.environ | {"BROWSER": "none"},
            stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
    try:
        ping = f"http://127.0.0.1:{port}/_debug/ping"
        browsing.until("the Playground", lambda: popen.poll() is not None or _answers(ping), browsing.STARTING)
        assert popen.poll() is None, f"it has ended: {(folder / 'playground.out').read_text('utf-8')}"
        yield f"http://127.0.0.1:{port}/"
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(popen.pid, signal.SIGTERM)
        popen.wait(PATIENCE)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError):
        return False


def _config() -> dict[str, object]:
    """JSON is YAML, too."""
    others = [_user(number, f"User {number}", f"user{number}@example.com") for number in range(LEAST_USERS)]
    return {
        "version": "0.1.1", "tenantId": TENANT, "bot": {"id": f"28:{APP}", "name": "Rapport"},
        "currentUser": _user(99, ADA.name, ADA.email), "users": others, "personalChat": {"id": "personal-chat"},
        "groupChat": {"id": "group-chat", "name": "Group chat"},
        "team": {
            "id": "team", "name": "Team", "aadGroupId": "00000000-0000-0000-0000-000000000031",
            "channels": [{"id": "channel", "name": "Announcements"}],
        },
    }  # fmt: skip


def _user(number: int, name: str, email: str) -> dict[str, str]:
    given, _, surname = name.partition(" ")
    return {
        "id": f"29:{number}", "name": name, "userPrincipleName": email, "email": email, "givenName": given,
        "surname": surname, "aadObjectId": f"00000000-0000-0000-0000-{number:012}",
    }  # fmt: skip


class Chat:
    """Ada's own chat with the bot on the Playground's page."""

    def __init__(self, browser: Browser, url: str) -> None:
        self._context = browser.new_context(viewport=ROOM, timezone_id=company.ZONES.get(ADA.zone, ADA.zone))
        self.page: Page = self._context.new_page()
        self.page.set_default_timeout(PATIENCE * 1000)
        # It would fetch fonts from the network.
        self.page.route(lambda address: not address.startswith(url), _abort)
        self.page.goto(url)
        self._box = self.page.locator("[contenteditable=true]").first
        self._box.wait_for()

    def leave(self) -> None:
        self._context.close()

    def say(self, text: str) -> None:
        self._box.click()
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")

    def cards(self, words: str) -> Locator:
        return self.page.locator(".ac-adaptiveCard").filter(has_text=words)

    def card(self, words: str) -> Locator:
        """The one card with these words, once it is there."""
        found = self.cards(words)
        expect(found).to_have_count(1, timeout=PATIENCE * 1000)
        return found

    def press(self, label: str, on: Locator) -> None:
        on.get_by_role("button", name=label, exact=True).click()

    def picture(self, folder: Path, name: str) -> None:
        """Into the folder that RAPPORT_SCREENSHOTS names, or this one."""
        kept = Path(os.environ.get("RAPPORT_SCREENSHOTS") or folder)
        kept.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=kept / f"{name}.png")


def _abort(route: Route) -> None:
    route.abort()
