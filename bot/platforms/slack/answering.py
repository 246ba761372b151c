"""Outcomes drawn the way the event came: a modal, errors in it, a message only for the asker, or nothing but 200."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import log, texts
from bot.engine import words
from bot.engine.events import Changed, Faulty, Found, HomeOpened, Opened, Origin, Outcome, Paged, Shown, Told
from bot.forms import Option
from bot.messages import Message
from bot.platforms.slack.blocks import dialog, home_view, message_blocks, message_text
from bot.platforms.slack.elements import suggestions
from bot.platforms.slack.modals import modal
from bot.platforms.slack.raw import block_ids, errors_response, read_state

Body = Mapping[str, Any]
Answer = dict[str, Any]

LATE = ("expired_trigger_id", "trigger_expired", "exchanged_trigger_id", "trigger_exchanged")
logger = log.get("slack")


async def command(client: AsyncWebClient, body: Body, outcome: Outcome) -> Answer | None:
    """The body of the 200, shown only to the one who typed."""
    if isinstance(outcome, Shown):
        try:
            await client.views_open(trigger_id=body["trigger_id"], view=_modal(outcome))
        except SlackApiError as error:
            return _private(_late(outcome, error), outcome.token.person)
        return None
    if isinstance(outcome, Told):
        return _private(outcome.message, outcome.person)
    return None


async def action(client: AsyncWebClient, body: Body, event: Opened | Changed | Paged, outcome: Outcome) -> None:
    if isinstance(event, Opened):
        await _pressed(client, body, event.origin, outcome)
    elif isinstance(outcome, Shown):
        await _update(client, body["view"], _modal(outcome, body["view"]))
    elif isinstance(outcome, Told | Faulty):
        message = outcome.message if isinstance(outcome, Told) else Message(next(iter(outcome.problems.values())))
        await _update(client, body["view"], dialog(message, "", {}))


async def _pressed(client: AsyncWebClient, body: Body, origin: Origin, outcome: Outcome) -> None:
    in_modal = origin.kind == "dialog"
    if isinstance(outcome, Shown):
        if in_modal:
            await _update(client, body["view"], _modal(outcome))
            return
        try:
            await client.views_open(trigger_id=body["trigger_id"], view=_modal(outcome))
        except SlackApiError as error:
            await _whisper(client, body, _late(outcome, error), outcome.token.person)
    elif isinstance(outcome, Told):
        if in_modal:
            await _update(client, body["view"], _dialog(outcome))
        elif outcome.dialog or origin.kind == "home":
            await client.views_open(trigger_id=body["trigger_id"], view=_dialog(outcome))
        else:
            await _whisper(client, body, outcome.message, outcome.person)


def submission(view: Body, outcome: Outcome) -> Answer | None:
    """The answer to a sent form; None closes it."""
    if isinstance(outcome, Shown):
        return {"response_action": "update", "view": _modal(outcome, view)}
    if isinstance(outcome, Told):
        return {"response_action": "update", "view": _dialog(outcome)}
    if isinstance(outcome, Faulty):
        answer, elsewhere = errors_response(view, outcome.problems)
        if elsewhere:
            first = next(iter(block_ids(view).values()))
            answer.setdefault("errors", {}).setdefault(first, next(iter(elsewhere.values())))
        return answer
    return None


def suggestion(outcome: Outcome) -> Answer:
    found = outcome.choices if isinstance(outcome, Found) else ()
    return suggestions(Option(key, label) for key, label in found)


async def event(client: AsyncWebClient, user: str, came: object, outcome: Outcome) -> None:
    """Only for people that Rapport does not know: to everyone else the outbox answers."""
    if not isinstance(outcome, Told):
        return
    if isinstance(came, HomeOpened):
        await client.views_publish(user_id=user, view=home_view(outcome.message, outcome.person))
    else:
        await client.chat_postMessage(channel=user, **_drawn(outcome.message, outcome.person))


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
        return modal(shown.form, page=shown.token.page, token=token, raw=shown.raw, names=shown.names, fresh=fresh)


def _dialog(told: Told) -> Answer:
    with texts.reader(told.locale):
        return dialog(told.message, told.person, told.token.pack() if told.token else {})


def _drawn(message: Message, person: str) -> Answer:
    return {"text": message_text(message), "blocks": message_blocks(message, person)}


def _private(message: Message, person: str) -> Answer:
    return {"response_type": "ephemeral", **_drawn(message, person)}


def _late(shown: Shown, error: SlackApiError) -> Message:
    """The same button again, since a trigger lives three seconds."""
    code = str(error.response.get("error"))
    if code not in LATE:
        logger.warning("view.refused", code=code, phrase=shown.token.phrase)
    with texts.reader(shown.locale):
        return words.too_slow(shown.form.title, shown.token.phrase, shown.token.ids)


async def _update(client: AsyncWebClient, view: Body, drawn: Answer) -> None:
    try:
        await client.views_update(view_id=view["id"], view=drawn)
    except SlackApiError as error:
        # The dialog was closed meanwhile, or a newer change has drawn it: what was typed is kept as a draft.
        logger.info("view.not_updated", code=str(error.response.get("error")))


async def _whisper(client: AsyncWebClient, body: Body, message: Message, person: str) -> None:
    channel = (body.get("channel") or {}).get("id") or (body.get("container") or {}).get("channel_id")
    if channel:
        await client.chat_postEphemeral(channel=channel, user=body["user"]["id"], **_drawn(message, person))
