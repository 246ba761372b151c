"""Outcomes drawn the way the event came: a modal, errors in it, a message only for the asker, or nothing but 200."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import log, texts
from bot.engine import words
from bot.engine.events import Changed, Faulty, Found, HomeOpened, Opened, Origin, Outcome, Paged, Shown, Told
from bot.forms import Option
from bot.messages import Message
from bot.platforms.slack.blocks import dialog, home_view, message_blocks, message_text
from bot.platforms.slack.elements import suggestions
from bot.platforms.slack.escape import plain
from bot.platforms.slack.modals import modal
from bot.platforms.slack.raw import block_ids, errors_response, read_state

Body = Mapping[str, Any]
Answer = dict[str, Any]

# Slack said no, or nothing in time.
NOT_ANSWERED = (SlackApiError, aiohttp.ClientError, TimeoutError)
NOTICE = "notice"
VIEW_KEYS = ("type", "callback_id", "title", "submit", "close", "private_metadata", "notify_on_close")
LATE = ("expired_trigger_id", "trigger_expired", "exchanged_trigger_id", "trigger_exchanged")
logger = log.get("slack")


async def command(client: AsyncWebClient, body: Body, outcome: Outcome) -> Answer | None:
    """The body of the 200, shown only to the one who typed."""
    if isinstance(outcome, Shown):
        late = await _opened(client, body, _modal(outcome), outcome)
        return _private(late, outcome.token.person, outcome.locale) if late else None
    if isinstance(outcome, Told):
        return _private(outcome.message, outcome.person, outcome.locale)
    return None


async def action(client: AsyncWebClient, body: Body, event: Opened | Changed | Paged, outcome: Outcome) -> None:
    if isinstance(event, Opened):
        await _pressed(client, body, event.origin, outcome)
    elif isinstance(outcome, Shown):
        await _update(client, body["view"], _modal(outcome, body["view"]))
    elif isinstance(outcome, Faulty):
        await _update(client, body["view"], _with_notice(body["view"], next(iter(outcome.problems.values()))))


async def _pressed(client: AsyncWebClient, body: Body, origin: Origin, outcome: Outcome) -> None:
    if not isinstance(outcome, Shown | Told):
        return
    person = outcome.token.person if isinstance(outcome, Shown) else outcome.person
    if isinstance(outcome, Told) and not outcome.dialog and origin.kind not in ("dialog", "home"):
        await _whisper(client, body, outcome.message, person, outcome.locale)
        return
    view = _modal(outcome) if isinstance(outcome, Shown) else _dialog(outcome)
    if origin.kind == "dialog":
        await _update(client, body["view"], view)
    elif late := await _opened(client, body, view, outcome):
        await _whisper(client, body, late, person, outcome.locale)


async def _opened(client: AsyncWebClient, body: Body, view: Answer, outcome: Shown | Told) -> Message | None:
    """None if it is open; else the same button again, since a trigger lives three seconds."""
    try:
        await client.views_open(trigger_id=body["trigger_id"], view=view)
    except NOT_ANSWERED as error:
        code = str(error.response.get("error")) if isinstance(error, SlackApiError) else type(error).__name__
        token = outcome.token
        if code not in LATE:
            logger.warning("view.refused", code=code, phrase=token.phrase if token else "")
        if token is None:
            return outcome.message if isinstance(outcome, Told) else None
        label = _pressed_label(body) or (outcome.form.title if isinstance(outcome, Shown) else "")
        with texts.reader(outcome.locale):
            return words.not_opened(label, token.phrase, token.ids)
    return None


def _pressed_label(body: Body) -> str:
    """What stood on the button; a command has none."""
    pressed: Body = next(iter(body.get("actions") or ()), {})
    label = pressed.get("text")
    return str(label.get("text", "")) if isinstance(label, dict) else ""


def submission(view: Body, outcome: Outcome) -> Answer | None:
    """The answer to a sent form; None closes it."""
    if isinstance(outcome, Shown):
        return {"response_action": "update", "view": _modal(outcome, view)}
    if isinstance(outcome, Told):
        return {"response_action": "update", "view": _dialog(outcome)}
    if isinstance(outcome, Faulty):
        answer, elsewhere = errors_response(view, outcome.problems)
        if answer["errors"]:
            return answer
        # Of no field that is shown: above the form, since no field of it is to blame.
        return {"response_action": "update", "view": _with_notice(view, next(iter(elsewhere.values())))}
    return None


def suggestion(outcome: Outcome) -> Answer:
    found = outcome.choices if isinstance(outcome, Found) else ()
    return suggestions(Option(key, label) for key, label in found)


async def event(client: AsyncWebClient, user: str, came: object, outcome: Outcome) -> None:
    """Only for people that Rapport does not know: to everyone else the outbox answers."""
    if not isinstance(outcome, Told):
        return
    if isinstance(came, HomeOpened):
        with texts.reader(outcome.locale):
            view = home_view(outcome.message, outcome.person)
        await client.views_publish(user_id=user, view=view)
    else:
        await client.chat_postMessage(channel=user, **_drawn(outcome.message, outcome.person, outcome.locale))


def _modal(shown: Shown, view: Body | None = None) -> Answer:
    """In an open view, a field whose text was changed for the person gets a new block id, so that the change shows."""
    fresh: dict[str, int] = {}
    if view is not None:
        typed, ids = read_state(view), block_ids(view)
        for key, block in ids.items():
            counted = int(block.rpartition("~")[2]) if "~" in block else 0
            same = (typed.get(key) or None) == (shown.raw.get(key) or None)
            fresh[key] = counted if same else counted + 1
    with texts.reader(shown.locale):
        token = shown.token.pack()
        raw = {key: _sound(value) for key, value in shown.raw.items()}
        return modal(shown.form, page=shown.token.page, token=token, raw=raw, names=shown.names, fresh=fresh)


def _sound(value: object) -> object:
    """Half a character cannot be written to Slack; what stands in an open input stays there all the same."""
    return value.encode(errors="replace").decode() if isinstance(value, str) else value


def _dialog(told: Told) -> Answer:
    with texts.reader(told.locale):
        return dialog(told.message, told.person, told.token.pack() if told.token else {})


def _with_notice(view: Body, text: str) -> Answer:
    """The form as it stands on the screen, with this above it: what is typed in inputs that stay is kept."""
    blocks = [block for block in view["blocks"] if block.get("block_id") != NOTICE]
    notice = {"type": "section", "block_id": NOTICE, "text": plain(text)}
    kept = {key: view[key] for key in VIEW_KEYS if view.get(key) is not None}
    return {**kept, "blocks": [notice, *blocks]}


def _drawn(message: Message, person: str, locale: str) -> Answer:
    with texts.reader(locale):
        return {"text": message_text(message), "blocks": message_blocks(message, person)}


def _private(message: Message, person: str, locale: str) -> Answer:
    return {"response_type": "ephemeral", **_drawn(message, person, locale)}


async def _update(client: AsyncWebClient, view: Body, drawn: Answer) -> None:
    try:
        await client.views_update(view_id=view["id"], view=drawn)
    except NOT_ANSWERED as error:
        # The dialog was closed meanwhile, or a newer change has drawn it: what was typed is kept as a draft.
        logger.info("view.not_updated", error_type=type(error).__name__)


async def _whisper(client: AsyncWebClient, body: Body, message: Message, person: str, locale: str) -> None:
    channel = (body.get("channel") or {}).get("id") or (body.get("container") or {}).get("channel_id")
    drawn = _drawn(message, person, locale)
    try:
        if channel:
            await client.chat_postEphemeral(channel=channel, user=body["user"]["id"], **drawn)
        else:
            # Pressed at home, where nothing can be whispered.
            await client.chat_postMessage(channel=body["user"]["id"], **drawn)
    except NOT_ANSWERED as error:
        logger.warning("answer.not_told", error_type=type(error).__name__)
