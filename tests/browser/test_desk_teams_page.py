"""A chat on Teams at the desk's page, with a bot of a few lines: cards, dialogs, search, keyboard, narrow, dark."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from contrast import CONTRAST
from opening import Opened, one_context, pages
from playwright.async_api import BrowserContext, Locator, Page, expect
from teams_samples import (
    DOLORES,
    LINUS,
    RUTH,
    Bot,
    asking,
    beside,
    button,
    card,
    dialog,
    error,
    heading,
    lookup,
    opening,
    pressed,
    question,
    sending,
    split_desk,
    text,
)

from desk.desk import Desk
from desk.teams.values import CONSENT, FILE

pytestmark = pytest.mark.asyncio(loop_scope="module")
WHO = RUTH.object_id
FORM = card(
    text("You and your manager see this."),
    question(isRequired=True, errorMessage="Say what you did.", isMultiline=True),
    {
        "type": "Input.ChoiceSet", "id": "mood", "label": "How did this week feel?", "style": "expanded",
        "choices": [{"title": "*Good*", "value": "5"}, {"title": "So so", "value": "3"}],
    },
    lookup(),
    actions=(sending(style="positive"), sending("Back", "back", associatedInputs="none")),
)  # fmt: skip
PROMPT = card(
    heading("Time for your check-in"),
    text("Until Friday. **Not bold**, <at>nobody</at> and <b>no tag</b>."),
    actions=(
        opening() | {"style": "positive"},
        button("Later", pressed("asks.later", "7")),
        asking(
            "Skip", button("Skip it", pressed("asks.skip", "7"), style="destructive"), "Nobody asks again this week."
        ),
    ),
)
FOUND = {"results": [{"title": "Ada Byron", "value": "1"}, {"title": "Adam Smith", "value": "2"}]}
ANSWERS = {
    "task/fetch": dialog(FORM),
    "application/search": {
        "statusCode": 200, "type": "application/vnd.microsoft.search.searchResponse", "value": FOUND,
    },
}  # fmt: skip


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def there() -> AsyncIterator[Bot]:
    desk = split_desk(retry_after=())
    await desk.start()
    async with beside(desk) as bot:
        yield bot
    await desk.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def context() -> AsyncIterator[BrowserContext]:
    async with one_context() as context:
        yield context


@pytest.fixture
def bot(there: Bot) -> Bot:
    there.heard.clear()
    answering(there, **ANSWERS)
    for user in (WHO, LINUS.object_id, DOLORES.object_id):
        there.desk.teams.tenant.change(user, blocked=False)
        there.desk.teams.tenant.close_dialog(user)
        for each in there.desk.teams.tenant.messages(user):
            there.desk.teams.tenant.remove(each)
    return there


@pytest.fixture
def desk(bot: Bot) -> Desk:
    return bot.desk


@pytest_asyncio.fixture(loop_scope="module")
async def opened(context: BrowserContext, desk: Desk) -> AsyncIterator[Opened]:
    async with pages(context, desk.url, (WHO, RUTH.name)) as opened:
        yield opened


def answering(bot: Bot, **answers: Any) -> None:
    async def give(activity: dict[str, Any]) -> Any:
        return answers.get(str(activity.get("name") or activity["type"]))

    bot.answer = give


def said(page: Page) -> Locator:
    return page.locator("#log").get_by_test_id("message")


def form(page: Page) -> Locator:
    return page.get_by_test_id("task")


async def press(place: Page | Locator, label: str) -> None:
    await place.get_by_role("button", name=label, exact=True).click()


async def opened_form(page: Page) -> Locator:
    await press(page, "Check in")
    await expect(form(page).get_by_role("heading", name="Check-in")).to_be_visible()
    return form(page)


async def test_a_card_is_drawn_as_text_and_redrawn_in_place(opened: Opened, bot: Bot) -> None:
    page = await opened()
    activity = await bot.post(WHO, PROMPT)
    await expect(said(page)).to_have_count(1)
    await expect(said(page).get_by_role("heading", name="Time for your check-in")).to_be_visible()
    await expect(said(page)).to_contain_text("Until Friday. **Not bold**, <at>nobody</at> and <b>no tag</b>.")
    await expect(page.get_by_test_id("tab-home")).to_be_hidden()
    await expect(page.locator("#platforms")).to_be_hidden()
    await bot.update(WHO, activity, card(text("Your check-in is stored")))
    await expect(said(page)).to_contain_text("Your check-in is stored")
    await expect(said(page).get_by_role("button")).to_have_count(0)


async def test_what_is_typed_and_pressed_goes_to_the_bot(opened: Opened, bot: Bot) -> None:
    page = await opened()
    await page.get_by_test_id("composer").fill("checkin")
    await page.keyboard.press("Enter")
    await bot.until(1)
    await expect(said(page)).to_contain_text(["checkin"])
    activity = await bot.post(WHO, PROMPT)
    await press(page, "Later")
    await bot.until(2)
    assert bot.heard[0]["text"] == "checkin"
    assert bot.heard[1]["value"] == pressed("asks.later", "7")
    assert bot.heard[1]["replyToId"] == activity


async def test_a_button_that_asks_first_says_why_and_sends_only_then(opened: Opened, bot: Bot) -> None:
    page = await opened()
    await bot.post(WHO, PROMPT)
    await press(page, "Skip")
    await expect(said(page)).to_contain_text("Nobody asks again this week.")
    assert bot.heard == []
    await press(page, "Skip it")
    await bot.until(1)
    assert bot.heard[0]["value"] == pressed("asks.skip", "7")


async def test_a_dialog_is_filled_by_keyboard_and_says_what_is_wrong_under_the_field(opened: Opened, bot: Bot) -> None:
    page = await opened()
    await bot.post(WHO, PROMPT)
    await said(page).get_by_role("button", name="Check in").focus()
    await page.keyboard.press("Enter")
    box = form(page).get_by_label("What did you do?")
    await expect(box).to_be_focused()
    await press(form(page), "Send")
    await expect(form(page)).to_contain_text("Say what you did.")
    assert len(bot.heard) == 1
    await box.fill("*Everything*")
    wrong = card(
        error("It is not stored yet."), question(value="*Everything*"), error("More, please."), actions=(sending(),)
    )
    answering(bot, **ANSWERS, **{"task/submit": dialog(wrong)})
    await page.keyboard.press("Tab")
    await page.keyboard.press("Space")
    await press(form(page), "Send")
    await expect(page.get_by_test_id("error-progress")).to_have_text("More, please.")
    again = form(page).get_by_label("What did you do?")
    await expect(again).to_be_focused()
    await expect(again).to_have_attribute("aria-invalid", "true")
    await expect(again).to_have_value("*Everything*")
    assert bot.heard[-1]["value"]["data"] == {
        "rapport": {"form": "token", "act": "submit"}, "progress": "*Everything*", "mood": "5",
    }  # fmt: skip
    answering(bot)
    await press(form(page), "Send")
    await expect(form(page)).to_have_count(0)
    await expect(said(page).get_by_role("button", name="Check in")).to_be_focused()


async def test_a_form_in_the_chat_is_filled_where_it_stands_until_a_receipt_takes_its_place(
    opened: Opened, bot: Bot
) -> None:
    page = await opened()
    activity = await bot.post(WHO, card(question(isMultiline=True), actions=(sending(),)))
    box = said(page).get_by_label("What did you do?")
    await box.fill("*Everything*")
    await bot.post(WHO, PROMPT)
    await expect(said(page)).to_have_count(2)
    await expect(box).to_have_value("*Everything*")
    await press(said(page).first, "Send")
    await bot.until(1)
    assert bot.heard[0]["replyToId"] == activity
    assert bot.heard[0]["value"] == {"rapport": {"form": "token", "act": "submit"}, "progress": "*Everything*"}
    wrong = card(question(value="*Everything*", isMultiline=True), error("More, please."), actions=(sending(),))
    await bot.update(WHO, activity, wrong)
    await expect(page.get_by_test_id("error-progress")).to_have_text("More, please.")
    await expect(box).to_have_value("*Everything*")
    await bot.update(WHO, activity, card(heading("Your check-in is stored")))
    await expect(said(page).first).to_contain_text("Your check-in is stored")
    await expect(box).to_have_count(0)


async def test_people_are_found_by_typing_and_only_they_can_be_chosen(opened: Opened, bot: Bot) -> None:
    page = await opened()
    await bot.post(WHO, PROMPT)
    await opened_form(page)
    field = form(page).get_by_role("combobox", name="To whom?")
    await field.fill("ad")
    await expect(form(page).get_by_role("option")).to_have_text(["Ada Byron", "Adam Smith"])
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(form(page).get_by_role("button", name="Remove Adam Smith")).to_be_visible()
    await form(page).get_by_label("What did you do?").fill("x")
    await press(form(page), "Send")
    await expect(form(page)).to_have_count(0)
    searched = [each["value"]["queryText"] for each in bot.heard if each.get("name") == "application/search"]
    assert searched[-1] == "ad"
    assert bot.heard[-1]["value"]["data"]["to"] == "2"


async def test_escape_and_the_cross_leave_the_dialog_and_the_bot_hears_nothing(opened: Opened, bot: Bot) -> None:
    page = await opened()
    await bot.post(WHO, PROMPT)
    await opened_form(page)
    await page.keyboard.press("Escape")
    await expect(form(page)).to_have_count(0)
    await opened_form(page)
    await page.get_by_test_id("task-cross").click()
    await expect(form(page)).to_have_count(0)
    assert [each["name"] for each in bot.heard] == ["task/fetch", "task/fetch"]


async def test_a_double_click_is_delivered_twice(opened: Opened, bot: Bot) -> None:
    page = await opened()
    await bot.post(WHO, PROMPT)
    bot.desk.faults.double_click = True
    await press(page, "Later")
    await bot.until(2)
    assert bot.heard[0]["id"] != bot.heard[1]["id"]
    assert bot.heard[0]["value"] == bot.heard[1]["value"]


async def test_a_bot_that_fails_is_told_and_what_was_typed_stays(opened: Opened, bot: Bot) -> None:
    page = await opened()
    await bot.post(WHO, PROMPT)
    await opened_form(page)
    await form(page).get_by_label("What did you do?").fill("kept")
    answering(bot, **{"task/submit": {"task": {"type": "nothing"}}})
    await press(form(page), "Send")
    await expect(form(page)).to_contain_text("Something went wrong. Try again.")
    await expect(form(page).get_by_label("What did you do?")).to_have_value("kept")


async def test_who_is_on_both_platforms_has_a_switch(opened: Opened, bot: Bot) -> None:
    page = await opened(LINUS.user_id, LINUS.name)
    await bot.post(LINUS.object_id, card(text("On Teams")))
    bot.desk.workspace.post(bot.desk.workspace.open_channel(LINUS.user_id), "U0RAPPORT", "On Slack")
    await expect(said(page)).to_have_text([re.compile("On Slack")])
    await expect(page.get_by_test_id("platform-teams")).to_contain_text("1")
    await page.get_by_test_id("platform-teams").focus()
    await page.keyboard.press("Enter")
    await expect(said(page)).to_have_text([re.compile("On Teams")])
    await expect(page.get_by_test_id("platform-teams")).to_have_attribute("aria-pressed", "true")
    await page.get_by_test_id("composer").fill("from there")
    await page.keyboard.press("Enter")
    await bot.until(1)
    assert bot.heard[0]["text"] == "from there"
    await page.get_by_test_id("platform-slack").click()
    await expect(said(page)).to_have_text([re.compile("On Slack")])
    await expect(page.get_by_test_id("tab-home")).to_be_visible()


async def test_an_offered_file_is_accepted_and_saved(opened: Opened, bot: Bot) -> None:
    page = await opened()
    content = {"description": "Your week in figures", "sizeInBytes": 2, "acceptContext": {"file": 1}}
    path = f"v3/conversations/{bot.chat(WHO)}/activities"
    offer = {"contentType": CONSENT, "name": "week.txt", "content": content}
    await bot.call("POST", path, {"type": "message", "attachments": [offer]})
    await press(page.get_by_test_id("offered-file"), "Accept")
    await bot.until(1)
    await expect(page.get_by_test_id("offered-file")).to_contain_text("You have accepted it.")
    info = bot.heard[0]["value"]["uploadInfo"]
    async with bot.session.put(info["uploadUrl"], data=b"hi", headers={"Content-Range": "bytes 0-1/2"}) as answer:
        assert answer.status == 201
    shown = {"uniqueId": info["uniqueId"], "fileType": "txt"}
    attachment = {"contentType": FILE, "name": "week.txt", "contentUrl": info["contentUrl"], "content": shown}
    await bot.call("POST", path, {"type": "message", "attachments": [attachment]})
    async with page.expect_download() as download:
        await page.get_by_test_id("file").click()
    assert (await download.value).suggested_filename == "week.txt"


async def test_trouble_with_teams_is_armed_and_seen_in_the_inspector(opened: Opened, bot: Bot) -> None:
    page = await opened()
    await page.get_by_test_id("trouble-toggle").click()
    await page.get_by_test_id("arm-token").click()
    await expect(page.get_by_test_id("armed-list")).to_contain_text("The next token from Teams has expired")
    await page.get_by_test_id("teams-blocked").click()
    await expect(page.get_by_test_id("teams-blocked")).to_have_text("Unblock")
    await page.get_by_test_id("composer").fill("hello")
    await page.keyboard.press("Enter")
    status, _ = await bot.call("POST", f"v3/conversations/{bot.chat(WHO)}/activities", {"type": "message", "text": "x"})
    assert status == 403
    await page.get_by_test_id("inspector-toggle").click()
    line = page.get_by_test_id("exchange")
    await expect(line.filter(has_text="MessageWritesBlocked").first).to_contain_text("blocked the bot")
    await expect(line.filter(has_text="401").first).to_contain_text("Message")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_everything_is_readable_and_fits_a_narrow_window(opened: Opened, bot: Bot, scheme: str) -> None:
    page = await opened(scheme=scheme, size=(390, 780))
    await bot.post(WHO, PROMPT)
    await press(page, "Skip")
    await asyncio.sleep(0.2)
    assert await page.evaluate(CONTRAST) == []
    await opened_form(page)
    await press(form(page), "Send")
    await expect(form(page)).to_contain_text("Say what you did.")
    assert await page.evaluate(CONTRAST) == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
    inside = "node => [...node.querySelectorAll('*')].filter((each) => each.getBoundingClientRect().right > 391).length"
    assert await form(page).evaluate(inside) == 0
