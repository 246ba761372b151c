"""The page opened by tests that are themselves the desk: one Chromium a module, whose pages share what is loaded."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal, Protocol

from playwright.async_api import BrowserContext, ConsoleMessage, Page, async_playwright, expect
from switches import SWITCHES, chromium

Scheme = Literal["light", "dark"]
ROOM = (1280, 860)


class Opened(Protocol):
    async def __call__(
        self, user: str = ..., name: str = ..., scheme: Scheme = ..., size: tuple[int, int] = ...
    ) -> Page: ...


@asynccontextmanager
async def one_context() -> AsyncIterator[BrowserContext]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=SWITCHES)
        yield await browser.new_context(reduced_motion="reduce")
        await browser.close()


@asynccontextmanager
async def pages(context: BrowserContext, url: str, person: tuple[str, str]) -> AsyncIterator[Opened]:
    """Opens the page as this person, or another; what goes wrong in any of them is a failure in the end."""
    there: list[Page] = []
    wrong: list[str] = []

    def heard(said: ConsoleMessage) -> None:
        if said.type in ("error", "warning"):
            wrong.append(said.text)

    async def page(
        user: str = person[0], name: str = person[1], scheme: Scheme = "light", size: tuple[int, int] = ROOM
    ) -> Page:
        there.append(await context.new_page())
        await there[-1].emulate_media(color_scheme=scheme)
        await there[-1].set_viewport_size({"width": size[0], "height": size[1]})
        there[-1].on("pageerror", lambda error: wrong.append(str(error)))
        there[-1].on("console", heard)
        await there[-1].goto(f"{url}/#{user}")
        await expect(there[-1].locator("#me")).to_have_text(name)
        await expect(there[-1].locator("#clock-here")).not_to_be_empty()
        return there[-1]

    yield page
    for each in there:
        await each.evaluate("localStorage.clear()")
        await each.close()
    assert wrong == []
