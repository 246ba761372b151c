"""The real thing from outside: the desk and the bot as processes, a person at the page, and what stands in the file."""

from __future__ import annotations

import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from desk import company

HOUSE = Path(__file__).parent.parent.parent
PATIENCE = 20.0
STARTING = 120.0
JUMPING = 60.0
THURSDAY, ASKED_AT = 3, 10


def until(what: str, ask: Callable[[], Any], seconds: float = PATIENCE) -> Any:
    """The first true answer; fails in words when none comes."""
    end = time.monotonic() + seconds
    while not (answer := ask()):
        assert time.monotonic() < end, f"waited {seconds:.0f} s in vain for {what}"
        time.sleep(0.05)
    return answer


def environment(**more: str) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("RAPPORT_")}
    return own | {"PYTHONPATH": str(HOUSE)} | more


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Process:
    """A program of ours in a folder of its own; what it says is kept in files."""

    def __init__(self, folder: Path, name: str, *words: str, **env: str) -> None:
        self.folder = folder
        self.said, self.complained = folder / f"{name}.out", folder / f"{name}.err"
        with self.said.open("wb") as out, self.complained.open("wb") as err:
            self.popen = subprocess.Popen(
                [sys.executable, "-m", *words], cwd=folder, env=environment(**env), stdout=out, stderr=err
            )

    def end(self) -> int:
        """As Ctrl-C in a service manager does it."""
        self.popen.terminate()
        return self.popen.wait(PATIENCE)

    def kill(self) -> None:
        self.popen.kill()
        self.popen.wait(PATIENCE)

    def words(self) -> str:
        return self.said.read_text("utf-8") + self.complained.read_text("utf-8")

    def line(self, pattern: str, seconds: float = STARTING) -> re.Match[str]:
        def look() -> re.Match[str] | None:
            assert self.popen.poll() is None, f"it has ended: {self.words()}"
            return re.search(pattern, self.said.read_text("utf-8"))

        found = until(f"{pattern!r} from {self.said.stem}", look, seconds)
        assert isinstance(found, re.Match)
        return found


@contextmanager
def desk(folder: Path, *words: str, name: str = "desk") -> Iterator[tuple[Process, str]]:
    """`python -m desk` and its address."""
    process = Process(folder, name, "desk", *words)
    try:
        url = process.line(r"Desk: (\S+)\n")[1]
        yield process, url
    finally:
        if process.popen.poll() is None:
            process.end()


def get(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
        return json.load(answer)


def post(url: str, body: dict[str, Any]) -> Any:
    request = urllib.request.Request(url, json.dumps(body).encode(), {"X-Desk": "1"})
    with urllib.request.urlopen(request, timeout=JUMPING) as answer:
        return json.load(answer)


@dataclass(frozen=True)
class Rows:
    """The bot's SQLite file, read beside it; sealed columns stay sealed."""

    file: Path

    def all(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(f"file:{self.file}?mode=ro", uri=True)) as db:
            return db.execute(sql, values).fetchall()

    def asks(self, name: str) -> list[tuple[str, str | None]]:
        """State and reason of each ask, the oldest first."""
        return self.all(
            "SELECT state, reason FROM ask JOIN person ON person.id = ask.person_id WHERE person.name = ?"
            " ORDER BY occurrence",
            name,
        )

    def versions(self, name: str) -> list[int]:
        """How many versions each check-in has, the oldest check-in first; the newest is the one that counts."""
        found = self.all(
            "SELECT checkin.version, count(*) FROM checkin JOIN person ON person.id = checkin.person_id"
            " JOIN checkin_version ON checkin_id = checkin.id WHERE person.name = ?"
            " GROUP BY checkin.id ORDER BY occurrence",
            name,
        )
        assert all(newest == count for newest, count in found)
        return [count for _, count in found]


class Windows:
    """Pages that share what is loaded: in a context of its own each would take five times as long to open."""

    # Each open page keeps one of the six connections that a context has to a host.
    MOST = 4

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self._contexts: list[BrowserContext] = []

    def page(self, scheme: Literal["light", "dark"] = "light", size: tuple[int, int] = (1180, 900)) -> Page:
        context = next((one for one in self._contexts if len(one.pages) < self.MOST), None)
        if context is None:
            context = self.browser.new_context(reduced_motion="reduce")
            self._contexts.append(context)
        page = context.new_page()
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": size[0], "height": size[1]})
        return page


class Someone:
    """A person of the sample company at the page, in a browser window of their own."""

    def __init__(self, windows: Windows, url: str, name: str) -> None:
        self.name, self.url = name, url
        one = company.person(name)
        self.user, self.zone = one.user_id if one.on_slack else one.object_id, one.zone
        self.page: Page = windows.page()
        self.page.set_default_timeout(PATIENCE * 1000)
        self.wrong: list[str] = []
        self.week = ""
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.goto(f"{url}/#{self.user}")
        expect(self.page.locator("#me")).to_have_text(name)

    def leave(self) -> None:
        self.page.close()
        assert self.wrong == []

    # What is seen

    def message(self, title: str) -> Locator:
        """The newest message with this title, once it is there."""
        found = self._messages(title).last
        expect(found).to_be_visible(timeout=PATIENCE * 1000)
        return found

    def receipt(self) -> Locator:
        """Of this week's check-in, once it is there."""
        found = self._messages("Your check-in is stored").filter(has_text=re.compile(f"Stored ({self.week}), "))
        expect(found.last).to_be_visible(timeout=PATIENCE * 1000)
        return found.last

    def behind(self) -> None:
        """From here on this window shows what it shows, as one that has lost the line and does not know it."""
        kept = get(f"{self.url}/desk/people/{self.user}")
        self.page.route(f"{self.url}/desk/people/{self.user}", lambda route: route.fulfill(json=kept))

    def _messages(self, title: str) -> Locator:
        return self.page.get_by_test_id("message").filter(has=self.page.get_by_role("heading", name=title))

    @property
    def last(self) -> Locator:
        return self.page.get_by_test_id("message").last

    @property
    def form(self) -> Locator:
        return self.page.get_by_test_id("modal")

    def block(self, key: str) -> Locator:
        """The input that stands for this field now; one that the bot has filled anew has a number behind its key."""
        return self.form.locator(f'[data-testid="block-{key}"], [data-testid^="block-{key}~"]')

    def box(self, key: str) -> Locator:
        return self.block(key).locator("textarea, input").first

    def error(self, key: str) -> Locator:
        return self.block(key).get_by_role("alert")

    # What is done

    def clock(self, move: str) -> datetime:
        """To "friday" 10:00 or "monday" 09:30 here, or on by "hour", "hours-3" or "day"; what the clock shows then."""
        with self.page.expect_response(
            lambda answer: answer.url == f"{self.url}/desk/clock" and answer.request.method == "POST",
            # Over days it goes in steps.
            timeout=JUMPING * 1000,
        ) as moved:
            self.page.get_by_test_id(f"clock-{move}").click()
        return datetime.fromtimestamp(moved.value.json()["now"], ZoneInfo(self.zone))

    def thursday(self) -> Locator:
        """Next Thursday 10:00 here, and the prompt of that day."""
        return self.asked_on(self.clock("thursday"))

    def asked(self) -> Locator:
        """The prompt of the day on which somebody else was asked just now; else as `thursday`."""
        now = self.now()
        return self.asked_on(now) if now.weekday() == THURSDAY and now.hour == ASKED_AT else self.thursday()

    def asked_on(self, thursday: datetime) -> Locator:
        """The prompt of that day; earlier ones look alike until they are closed."""
        friday = thursday + timedelta(days=1)
        self.week = "|".join(f"{day:%a} {day.day} {day:%b}" for day in (thursday, friday))
        prompt = self._messages("Time for your check-in").filter(has_text=f"until Fri {friday.day} {friday:%b}, 16:00")
        expect(prompt).to_be_visible(timeout=PATIENCE * 1000)
        return prompt

    def now(self) -> datetime:
        return datetime.fromtimestamp(get(f"{self.url}/desk/clock")["now"], ZoneInfo(self.zone))

    def press(self, label: str, on: Locator) -> None:
        on.get_by_role("button", name=label, exact=True).click()

    def say(self, text: str) -> None:
        self.page.get_by_test_id("composer").fill(text)
        self.page.get_by_test_id("composer").press("Enter")

    def opened(self, title: str) -> None:
        expect(self.form.get_by_role("heading", name=title)).to_be_visible()

    def check_in(self, prompt: Locator, label: str = "Check in") -> None:
        self.press(label, prompt)
        self.opened("Check-in")

    def fill(self, **texts: str) -> None:
        for key, text in texts.items():
            self.box(key).fill(text)

    def answer(self, prompt: Locator, blocker: str = "", **texts: str) -> None:
        """The whole check-in."""
        self.check_in(prompt)
        self.fill(**texts)
        if blocker:
            self.box("blocked").check()
            self.fill(blocker=blocker)
        self.sent()

    def thank(self, news: Locator) -> None:
        self.press("Thank", news)

    def send(self) -> None:
        self.page.get_by_test_id("modal-submit").click()

    def sent(self) -> None:
        self.send()
        expect(self.form).to_have_count(0)

    def shut(self) -> None:
        self.page.get_by_test_id("modal-close").click()
        expect(self.form).to_have_count(0)
