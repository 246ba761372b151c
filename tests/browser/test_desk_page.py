"""The desk's page, with a bot of a few lines: keyboard, narrow and dark, threads, stacked forms, the inspector."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp import web
from contrast import CONTRAST
from desk_samples import ADA, LINUS, SECRET, Bot, Heard, button, modal, plain, question, section
from opening import Opened, one_context, pages
from playwright.async_api import BrowserContext, Locator, Page, expect
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from desk import company
from desk.desk import Desk

pytestmark = pytest.mark.asyncio(loop_scope="module")
HANA = company.person("Hana Sato").user_id


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot() -> AsyncIterator[Bot]:
    desk = Desk(signing_secret=SECRET, retry_after=(0, 0, 0))
    await desk.start()
    bot = Bot(AsyncWebClient("xoxb-desk", base_url=desk.api_url, retry_handlers=[]))
    bot.desk = desk  # type: ignore[attr-defined]
    app = web.Application()
    app.router.add_post("/slack/events", bot.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    desk.delivery.sender.bot_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield bot
    await runner.cleanup()
    await desk.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def context() -> AsyncIterator[BrowserContext]:
    async with one_context() as context:
        yield context


@pytest_asyncio.fixture(loop_scope="module")
async def opened(context: BrowserContext, desk: Desk) -> AsyncIterator[Opened]:
    async with pages(context, desk.url, (ADA, company.person("Ada Byron").name)) as opened:
        yield opened


@pytest.fixture
def desk(bot: Bot) -> Desk:
    bot.heard.clear()
    bot.answer = None
    desk: Desk = bot.desk  # type: ignore[attr-defined]
    for user in (ADA, LINUS, HANA):
        desk.workspace.views.clear(user)
    return desk


async def focused(page: Page) -> str:
    return str(await page.evaluate("document.activeElement.dataset.testid ?? document.activeElement.id"))


def said(page: Page) -> Locator:
    return page.locator("#log").get_by_test_id("message")


def trigger(desk: Desk, user: str = ADA) -> str:
    return desk.workspace.views.trigger(user)


async def test_the_list_of_people_is_searched_and_walked_with_the_keyboard(opened: Opened, desk: Desk) -> None:
    page = await opened()
    await page.get_by_test_id("find").focus()
    await page.keyboard.type("ines")
    await expect(page.locator("#people-list button")).to_contain_text(["Inês Duarte"])
    await page.keyboard.press("Escape")
    await expect(page.locator("#people-list button")).to_have_count(45)
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowDown")
    assert await focused(page) == f"person-{company.people()[1].user_id}"
    await page.keyboard.press("End")
    last = company.people()[-1]
    assert await focused(page) == f"person-{last.user_id}"
    await page.keyboard.press("Enter")
    await expect(page.locator("#me")).to_have_text(last.name)
    await page.get_by_test_id("find").fill("ines")
    await page.keyboard.press("Enter")
    await expect(page.locator("#me")).to_have_text("Inês Duarte")
    await expect(page.locator("#people-list button")).to_have_count(45)
    await page.get_by_test_id("find").fill("nobody of this name")
    await expect(page.locator("#people-list")).to_contain_text("Nobody here is called")


async def test_a_form_keeps_the_focus_and_gives_it_back(opened: Opened, desk: Desk, bot: Bot) -> None:
    go = {"type": "actions", "elements": [button("Open it", action_id="go")]}
    await bot.client.chat_postMessage(channel=ADA, text="Prompt", blocks=[section("Prompt"), go])

    async def answer(heard: Heard) -> None:
        if heard.payload["type"] == "block_actions":
            await bot.client.views_open(trigger_id=heard.payload["trigger_id"], view=modal(question("done")))

    bot.answer = answer  # type: ignore[assignment]
    page = await opened()
    await said(page).last.get_by_role("button", name="Open it").focus()
    await page.keyboard.press("Enter")
    form = page.get_by_test_id("modal")
    await expect(form.get_by_role("textbox")).to_be_focused()
    for _ in range(6):
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.matches('body, dialog *')")
    await page.keyboard.press("Escape")
    await expect(form).to_have_count(0)
    await expect(said(page).last.get_by_role("button", name="Open it")).to_be_focused()


async def test_the_focus_stays_at_the_message_that_a_sent_form_has_changed(
    opened: Opened, desk: Desk, bot: Bot
) -> None:
    go = {"type": "actions", "elements": [button("Open it", action_id="go")]}
    prompt = await bot.client.chat_postMessage(channel=ADA, text="Prompt", blocks=[section("Prompt"), go])

    async def answer(heard: Heard) -> None:
        if heard.payload["type"] == "block_actions":
            await bot.client.views_open(trigger_id=heard.payload["trigger_id"], view=modal(question("done")))

    bot.answer = answer  # type: ignore[assignment]
    page = await opened()
    await said(page).last.get_by_role("button", name="Open it").click()
    await page.get_by_test_id("block-done").get_by_role("textbox").fill("x")
    await page.get_by_test_id("modal-submit").click()
    await expect(page.get_by_test_id("modal")).to_have_count(0)
    await expect(said(page).last.get_by_role("button", name="Open it")).to_be_focused()
    edit = {"type": "actions", "elements": [button("Edit", action_id="edit")]}
    where = {"channel": prompt["channel"], "ts": prompt["ts"]}
    await bot.client.chat_update(**where, text="Receipt", blocks=[section("Receipt"), edit])
    await expect(said(page).last.get_by_role("button", name="Edit")).to_be_focused()
    await bot.client.chat_update(**where, text="Closed", blocks=[section("Closed")])
    await expect(said(page).last).to_contain_text("Closed")
    assert await page.evaluate("document.querySelector('#messages').contains(document.activeElement)")


async def test_what_goes_wrong_is_told_inside_an_open_form_and_covers_none_of_its_buttons(
    opened: Opened, desk: Desk, bot: Bot
) -> None:
    async def answer(heard: Heard) -> web.Response:
        return web.Response(status=500)

    bot.answer = answer
    await bot.client.views_open(trigger_id=trigger(desk), view=modal(*[question(str(i)) for i in range(12)]))
    page = await opened(size=(420, 800))
    for box in await page.get_by_test_id("modal").get_by_role("textbox").all():
        await box.fill("x")
    await page.get_by_test_id("modal-submit").click()
    status = page.get_by_test_id("modal").get_by_test_id("status")
    await expect(status).to_contain_text("The bot")
    words = await status.bounding_box()
    assert words is not None
    for control in ("modal-submit", "modal-close", "modal-cross"):
        box = await page.get_by_test_id(control).bounding_box()
        assert box is not None
        assert words["y"] + words["height"] <= box["y"] or box["y"] + box["height"] <= words["y"]
    await page.get_by_test_id("modal-cross").click()
    await expect(page.locator("main").get_by_test_id("status")).to_have_count(1)


async def test_errors_stand_under_their_fields_and_belong_to_them(opened: Opened, desk: Desk, bot: Bot) -> None:
    why = question("why") | {"hint": plain("A line is enough.")}
    await bot.client.views_open(trigger_id=trigger(desk), view=modal(question("done"), why))
    page = await opened()
    await page.get_by_test_id("modal-submit").click()
    await expect(page.get_by_test_id("error-done")).to_have_text("Please complete this required field.")
    field = page.get_by_test_id("block-why").get_by_role("textbox")
    await expect(field).to_have_accessible_description("A line is enough. Please complete this required field.")
    await expect(field).to_have_attribute("aria-invalid", "true")
    await expect(page.get_by_test_id("block-done").get_by_role("textbox")).to_be_focused()
    assert bot.heard == []

    async def answer(heard: Heard) -> web.Response:
        return web.json_response({"response_action": "errors", "errors": {"why": "Say it in your own words."}})

    bot.answer = answer
    await page.get_by_test_id("block-done").get_by_role("textbox").fill("x")
    await field.fill("y")
    await page.get_by_test_id("modal-submit").click()
    await expect(page.get_by_test_id("error-why")).to_have_text("Say it in your own words.")
    await expect(page.get_by_test_id("error-done")).to_be_hidden()
    await expect(field).to_have_value("y")


async def test_what_comes_to_stand_above_a_sent_form_is_gone_to(opened: Opened, desk: Desk, bot: Bot) -> None:
    fields = [question(f"field-{i}") | {"optional": True} for i in range(12)]

    async def answer(heard: Heard) -> web.Response:
        late = modal(section("It is too late for that.", block_id="notice"), *fields)
        return web.json_response({"response_action": "update", "view": late})

    bot.answer = answer
    await bot.client.views_open(trigger_id=trigger(desk), view=modal(*fields))
    page = await opened()
    await page.get_by_test_id("block-field-11").get_by_role("textbox").fill("typed at the end")
    await page.get_by_test_id("modal-submit").click()
    await expect(page.get_by_test_id("block-notice")).to_be_focused()
    await expect(page.get_by_test_id("block-notice")).to_be_in_viewport()
    await expect(page.get_by_test_id("block-field-11").get_by_role("textbox")).to_have_value("typed at the end")


async def test_a_form_drawn_for_the_second_time_leaves_the_caret_where_it_is(
    opened: Opened, desk: Desk, bot: Bot
) -> None:
    page = await opened()
    view = modal(question("first"), question("second"))
    await bot.client.views_open(trigger_id=trigger(desk), view=view)
    await expect(page.get_by_test_id("block-first").get_by_role("textbox")).to_be_focused()
    second = page.get_by_test_id("block-second").get_by_role("textbox")
    await second.press_sequentially("half")
    top = desk.workspace.top_view(ADA)
    assert top is not None
    await bot.client.views_update(view_id=top.id, view=view | {"title": plain("Redrawn")})
    await expect(page.get_by_test_id("modal").get_by_role("heading", name="Redrawn")).to_be_visible()
    await expect(second).to_be_focused()
    await page.keyboard.type(" of it")
    await expect(second).to_have_value("half of it")


async def test_a_pushed_view_has_a_way_back_and_keeps_what_was_typed_below(
    opened: Opened, desk: Desk, bot: Bot
) -> None:
    await bot.client.views_open(trigger_id=trigger(desk), view=modal(question("done")))
    page = await opened()
    await page.get_by_test_id("block-done").get_by_role("textbox").fill("half of it")
    for title in ("Second", "Third"):
        await bot.client.views_push(trigger_id=trigger(desk), view=modal(section(title), title=plain(title)))
    form = page.get_by_test_id("modal")
    await expect(form.get_by_role("heading", name="Third")).to_be_visible()
    await expect(form.locator(".trail")).to_have_text("Check-in › Second")
    with pytest.raises(SlackApiError, match="push_limit_reached"):
        await bot.client.views_push(trigger_id=trigger(desk), view=modal(section()))
    await page.get_by_test_id("modal-back").click()
    await expect(form.get_by_role("heading", name="Second")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(form.get_by_role("heading", name="Check-in")).to_be_visible()
    await expect(page.get_by_test_id("block-done").get_by_role("textbox")).to_have_value("half of it")
    await expect(page.get_by_test_id("modal-back")).to_be_hidden()
    await page.get_by_test_id("modal-cross").click()
    await expect(form).to_have_count(0)


async def test_the_next_page_of_a_form_begins_at_its_top(opened: Opened, desk: Desk, bot: Bot) -> None:
    async def answer(heard: Heard) -> web.Response:
        second = modal(*[question(f"second-{i}") | {"optional": True} for i in range(12)])
        return web.json_response({"response_action": "update", "view": second})

    bot.answer = answer
    first = modal(*[question(f"first-{i}") | {"optional": True} for i in range(12)])
    await bot.client.views_open(trigger_id=trigger(desk), view=first)
    page = await opened()
    await page.get_by_test_id("block-first-11").get_by_role("textbox").fill("the end of page one")
    await page.get_by_test_id("modal-submit").click()
    await expect(page.get_by_test_id("block-second-0").get_by_role("textbox")).to_be_focused()
    assert await page.evaluate("document.querySelector('.modal .blocks').scrollTop") == 0
    top = desk.workspace.top_view(ADA)
    assert top is not None
    await bot.client.views_update(view_id=top.id, view=modal(section("Stored."), question("second-0")))
    await expect(page.get_by_test_id("block-second-0").get_by_role("textbox")).to_be_focused()
    await bot.client.views_update(view_id=top.id, view=modal(section("Read this first.")))
    await expect(page.get_by_test_id("modal-submit")).to_be_focused()
    await bot.client.views_update(view_id=top.id, view=modal(question("comment")))
    await expect(page.get_by_test_id("block-comment").get_by_role("textbox")).to_be_focused()


async def test_threads_private_lines_and_edits_are_told_apart(opened: Opened, desk: Desk, bot: Bot) -> None:
    top = await bot.client.chat_postMessage(channel=LINUS, text="The top")
    for text in ("One", "Two"):
        await bot.client.chat_postMessage(channel=top["channel"], text=text, thread_ts=top["ts"])
    await bot.client.chat_postEphemeral(channel=top["channel"], user=LINUS, text="psst")
    edited = await bot.client.chat_postMessage(channel=LINUS, text="before")
    await bot.client.chat_update(channel=top["channel"], ts=edited["ts"], text="after")
    page = await opened(LINUS, "Linus Holm")
    await expect(said(page)).to_have_count(3)
    await expect(said(page).nth(1)).to_contain_text("Only visible to you")
    await expect(said(page).nth(2)).to_contain_text("after(edited)")
    await page.get_by_test_id("replies").click()
    thread = page.get_by_test_id("panel").get_by_role("log")
    await expect(thread.get_by_test_id("message")).to_have_count(3)
    await page.get_by_test_id("thread-composer").fill("Three")
    await page.keyboard.press("Enter")
    await expect(thread.get_by_test_id("message")).to_have_count(4)
    await expect(page.get_by_test_id("replies")).to_contain_text("3 replies")
    await expect(said(page)).to_have_count(3)
    assert bot.heard[0].payload["event"]["thread_ts"] == top["ts"]
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id("replies")).to_be_focused()


async def test_the_hr_room_is_for_its_members_and_says_what_will_stand_there(
    opened: Opened, desk: Desk, bot: Bot
) -> None:
    page = await opened()
    await page.get_by_test_id("place-C0HR").click()
    room = page.get_by_test_id("room")
    await expect(room).to_contain_text("Ada Byron is not in #hr")
    await room.get_by_role("button", name="Hana Sato").click()
    await expect(room).to_contain_text("This is where Rapport will tell HR how the week went")
    await bot.client.chat_postMessage(channel="C0HR", text="45 asked, 41 answered")
    await expect(room).to_contain_text("45 asked, 41 answered")
    await page.get_by_test_id(f"person-{ADA}").click()
    await expect(room).not_to_contain_text("45 asked")


async def test_the_inspector_says_in_words_why_a_call_was_refused(opened: Opened, desk: Desk, bot: Bot) -> None:
    page = await opened()
    await page.get_by_test_id("inspector-toggle").click()
    with pytest.raises(SlackApiError):
        await bot.client.chat_postMessage(channel=ADA, text="x", blocks=[section("")])
    await page.get_by_test_id("filter-refused").click()
    line = page.get_by_test_id("exchange").first
    await expect(line).to_contain_text("invalid_blocks")
    await expect(line).to_contain_text("Slack would not draw these blocks.")
    await line.click()
    whole = page.get_by_test_id("exchange-whole")
    await expect(whole).to_contain_text("json-pointer:/blocks/0/text/text")
    await expect(whole.get_by_label("Request")).to_contain_text("Bearer xoxb-des…")
    await expect(whole.get_by_label("Response")).to_contain_text('"error": "invalid_blocks"')
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id("panel")).to_be_hidden()
    await expect(page.get_by_test_id("inspector-toggle")).to_be_focused()


async def test_everything_fits_into_a_narrow_window(opened: Opened, desk: Desk, bot: Bot) -> None:
    await bot.client.chat_postMessage(channel=ADA, text=f"https://example.org/{'long/' * 30}")
    page = await opened(size=(360, 740))

    async def fits() -> bool:
        return bool(await page.evaluate("document.documentElement.scrollWidth <= 360"))

    assert await fits()
    await expect(page.locator("#people")).to_be_hidden()
    await page.get_by_role("button", name="People").click()
    await expect(page.get_by_test_id("find")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.locator("#people")).to_be_hidden()
    await expect(page.get_by_role("button", name="People")).to_be_focused()
    for tool in ("inspector", "trouble"):
        await page.get_by_test_id(f"{tool}-toggle").click()
        assert await fits()
        await expect(page.get_by_test_id("panel-close")).to_be_in_viewport()
        await page.get_by_test_id("panel-close").click()
    await bot.client.views_open(trigger_id=trigger(desk), view=modal(*[question(str(i)) for i in range(12)]))
    await expect(page.get_by_test_id("modal-submit")).to_be_in_viewport()
    assert await fits()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_what_is_read_has_contrast_enough(scheme: str, opened: Opened, desk: Desk, bot: Bot) -> None:
    done = section("*Done* `x` <https://example.org|there>", accessory=button("Go", style="primary"))
    await bot.client.chat_postMessage(channel=ADA, text="Done", blocks=[done])
    desk.faults.double_click = True
    page = await opened(scheme=scheme)
    assert await page.evaluate(CONTRAST) == []
    for tool in ("inspector", "trouble"):
        await page.get_by_test_id(f"{tool}-toggle").click()
        assert await page.evaluate(CONTRAST) == []
    desk.faults.clear()
    await bot.client.views_open(trigger_id=trigger(desk), view=modal(question("done")))
    await page.get_by_test_id("modal-submit").click()
    await expect(page.get_by_test_id("error-done")).to_be_visible()
    assert await page.evaluate(CONTRAST) == []


async def test_the_appearance_that_was_chosen_is_remembered(opened: Opened, desk: Desk) -> None:
    page = await opened(scheme="light")
    ground = "getComputedStyle(document.querySelector('main')).backgroundColor"
    light = await page.evaluate(ground)
    switch = page.get_by_test_id("appearance")
    await switch.click()
    await switch.click()
    await expect(switch).to_have_accessible_name("Appearance: dark. Change it")
    dark = await page.evaluate(ground)
    assert dark != light
    await page.reload()
    await expect(page.locator("#me")).to_have_text("Ada Byron")
    assert await page.evaluate(ground) == dark
    await switch.click()
    assert await page.evaluate(ground) == light


async def test_what_comes_later_is_read_out_and_marked_as_unread(opened: Opened, desk: Desk, bot: Bot) -> None:
    page = await opened()
    log = page.locator("#log")
    await bot.client.chat_postMessage(channel=ADA, text="News for Ada")
    await expect(log).to_contain_text("News for Ada")
    await expect(log).to_have_attribute("aria-live", "polite")
    await bot.client.chat_postMessage(channel=HANA, text="News for Hana")
    await expect(page.get_by_test_id(f"unread-{HANA}")).to_have_text("1 unread")
    await page.get_by_test_id(f"person-{HANA}").click()
    await expect(log.locator(".divider.new")).to_be_visible()
    await expect(page.get_by_test_id(f"unread-{HANA}")).to_have_count(0)


@pytest.mark.parametrize("size", [(1280, 900), (900, 700), (420, 800)], ids=str)
async def test_the_page_is_never_taller_than_its_window(
    size: tuple[int, int], opened: Opened, desk: Desk, bot: Bot
) -> None:
    # The last test of this desk: everybody has something new from here on.
    for one in desk.workspace.members.values():
        if not one.is_bot:
            await bot.client.chat_postMessage(channel=one.id, text="News for everybody")
    page = await opened(size=size)
    await expect(page.locator("#people-list .badge").last).to_be_attached()
    fits = "document.documentElement.scrollHeight <= innerHeight && document.body.scrollHeight <= innerHeight"
    assert await page.evaluate(fits)
    for tool in ("inspector", "trouble"):
        await page.get_by_test_id(f"{tool}-toggle").click()
        assert await page.evaluate(fits)
        await page.get_by_test_id("panel-close").click()
    await page.locator("#people-toggle").evaluate("node => node.click()")
    assert await page.evaluate(fits)
