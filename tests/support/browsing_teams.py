"""A person at the page on Teams: the same as on Slack, with cards in the chat and one in the dialog."""

from __future__ import annotations

from browsing import Someone, Windows
from playwright.sync_api import Locator, expect


class OnTeams(Someone):
    def __init__(self, windows: Windows, url: str, name: str) -> None:
        super().__init__(windows, url, name)
        there = self.page.get_by_test_id("platform-teams")
        if there.is_visible():
            there.click()
        expect(self.page.get_by_test_id("tab-home")).to_be_hidden()

    @property
    def form(self) -> Locator:
        return self.page.get_by_test_id("task")

    def _messages(self, title: str) -> Locator:
        # What the bot says is drawn as rich text, which cannot be marked as a heading.
        return self.page.get_by_test_id("message").filter(has_text=title)

    def block(self, key: str) -> Locator:
        """The input itself, or what is around its boxes."""
        return self.form.get_by_test_id(f"input-{key}")

    def box(self, key: str) -> Locator:
        named, field = f'[data-testid="input-{key}"]', ":is(textarea, input, select)"
        return self.form.locator(f"{named}{field}, {named} {field}").first

    def error(self, key: str) -> Locator:
        return self.form.get_by_test_id(f"error-{key}")

    def answer(self, prompt: Locator, blocker: str = "", **texts: str) -> None:
        self.check_in(prompt)
        self.fill(**texts)
        if blocker:
            self.box("blocked").check()
            self.send()
            self.fill(blocker=blocker)
        self.sent()

    def thank(self, news: Locator) -> None:
        # What may open a dialog always opens one here.
        super().thank(news)
        expect(self.form).to_be_visible()
        self.shut()

    def send(self) -> None:
        """What goes on, to the next page too."""
        self.form.locator(".style-positive").click()

    def shut(self) -> None:
        self.page.get_by_test_id("task-cross").click()
        expect(self.form).to_have_count(0)
