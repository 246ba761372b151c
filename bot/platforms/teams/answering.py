"""Outcomes the way the event came: a dialog, errors in it, results, or a message in the chat; never more than once."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from bot import log, texts
from bot.engine import words
from bot.engine.events import (
    Changed,
    Done,
    Event,
    Faulty,
    Found,
    Handed,
    Opened,
    Outcome,
    Paged,
    Shown,
    Sought,
    Submitted,
    Token,
    Told,
    Wanted,
)
from bot.messages import Message
from bot.platforms import Destination, Ref, Throttled, Unanswered, Unavailable, Undeliverable
from bot.platforms.teams import drawing, reading
from bot.platforms.teams.activity import Activity
from bot.platforms.teams.connector import TeamsPlatform
from bot.texts import say

NOT_ANSWERED = (Throttled, Unanswered, Unavailable, Undeliverable)
# What a repeated event is answered with when a form was drawn the first time.
DRAWN = "shown"
logger = log.get("teams")

Json = dict[str, Any]
Form = Submitted | Paged | Changed
Handle = Callable[[Event], Awaitable[Outcome]]


class Answering:
    """`locale` is for what is said where no outcome says whose language it is."""

    def __init__(self, handle: Handle, teams: TeamsPlatform, locale: str) -> None:
        self._handle = handle
        self._teams = teams
        self._locale = locale

    async def search(self, event: Sought) -> Json:
        outcome = await self._handle(event)
        return drawing.results(outcome if isinstance(outcome, Found) else Found())

    async def fetch(self, event: Opened) -> Json:
        """A dialog must open, as the client waits for one."""
        outcome = await self._drawn(event)
        return self._dialog(event, outcome) or self._ended()

    async def submit(self, event: Event) -> Json | None:
        """The next dialog; None closes it."""
        outcome = await self._drawn(event)
        if isinstance(event, Opened):
            return self._dialog(event, outcome)
        assert isinstance(event, Form)
        if isinstance(outcome, Faulty):
            return await self._faulty(event, outcome)
        return self._dialog(event, outcome)

    async def consent(self, event: Event) -> None:
        """What there is to say comes through the outbox: nothing is called between the commit and the answer."""
        await self._handle(event)

    async def message(self, activity: Activity, event: Event) -> None:
        """Into the chat, after the commit. What people said in it is answered by the outbox."""
        outcome = await self._handle(event)
        if isinstance(event, Handed) and isinstance(outcome, Wanted):
            outcome = await self._handle(await self._fetched(activity, event))
        if outcome == Done(DRAWN) and isinstance(event, Opened | Form) and event.origin.here:
            outcome = await self._as_left(event)
        if isinstance(event, Form):
            await self._form_in_chat(activity, event, outcome)
        elif isinstance(outcome, Shown) and outcome.here:
            await self._in_place(activity, outcome)
        elif isinstance(event, Opened) and isinstance(outcome, Shown | Told):
            message = self._in_chat(outcome)
            person = outcome.token.person if isinstance(outcome, Shown) else outcome.person
            await self._tell(activity, message, person, outcome.locale)
        elif isinstance(outcome, Told) and activity.personal:
            await self._tell(activity, outcome.message, outcome.person, outcome.locale)

    async def _fetched(self, activity: Activity, event: Handed) -> Handed:
        found = await self._teams.fetch(reading.place_of_file(activity))
        if isinstance(found, bytes):
            return replace(event, content=found)
        logger.warning("file.not_fetched", why=found)
        return replace(event, trouble=found)

    def _in_chat(self, outcome: Shown | Told) -> Message:
        """What belongs in a dialog is not shown in the chat: there is a button that opens it."""
        with texts.reader(outcome.locale):
            if isinstance(outcome, Shown):
                return words.press_to_open(outcome.form, outcome.token.phrase)
            if outcome.dialog and outcome.token is not None:
                return words.not_opened("", outcome.token.phrase, outcome.token.ids)
        return outcome.message

    def _dialog(self, event: Opened | Form, outcome: Outcome) -> Json | None:
        if isinstance(outcome, Shown):
            return drawing.form_dialog(outcome)
        if isinstance(outcome, Told):
            ids = event.args if isinstance(event, Opened) else event.token.ids
            phrase = event.phrase if isinstance(event, Opened) else event.token.phrase
            token = outcome.token or Token(phrase, ids, person=outcome.person)
            return drawing.message_dialog(outcome, token, self._teams.opens)
        if isinstance(outcome, Faulty):
            return drawing.note(next(iter(outcome.problems.values())))
        return None

    async def _drawn(self, event: Event) -> Outcome:
        """Teams sends again what took long: a form that was drawn is drawn again, since that changes nothing."""
        outcome = await self._handle(event)
        if isinstance(outcome, Done) and outcome.kind == DRAWN and isinstance(event, Opened | Paged | Changed):
            return await self._handle(_again(event))
        return outcome

    async def _faulty(self, event: Form, outcome: Faulty) -> Json:
        """The same page with what is wrong; nothing typed is lost, and an answer to a dialog always draws it whole."""
        shown = await self._redrawn(event, outcome)
        if shown is not None:
            return drawing.form_dialog(shown, outcome.problems)
        with texts.reader(self._locale):
            title = say("Not sent")
        return drawing.copying_dialog(title, _why(outcome), event.raw)

    async def _redrawn(self, event: Form, outcome: Faulty) -> Shown | None:
        """None if the form as a whole is no longer to be filled."""
        if outcome.problems.keys() <= {""}:
            return None
        page = Paged(event.who, event.receipt, event.token, event.raw, event.token.page, event.origin)
        again = await self._handle(_again(page))
        return again if isinstance(again, Shown) else None

    async def _form_in_chat(self, activity: Activity, event: Form, outcome: Outcome) -> None:
        """A form that stands in the chat is drawn in its place until it is taken; its receipt there is the outbox's, if
        nothing else is told.
        """
        if isinstance(outcome, Faulty):
            shown = await self._redrawn(event, outcome)
            if shown is not None:
                await self._in_place(activity, shown, outcome.problems)
            else:
                card = drawing.copying_card(_why(outcome), event.raw)
                await self._put(activity, drawing.card_activity(card, ""))
        elif isinstance(outcome, Shown):
            await self._in_place(activity, outcome)
        elif isinstance(outcome, Told):
            message = self._in_chat(outcome)
            drawn = drawing.message_activity(message, outcome.person, outcome.locale, self._teams.opens)
            await self._put(activity, drawn)

    async def _as_left(self, event: Opened | Form) -> Outcome:
        """Teams sends again what was not answered: perhaps the form was never drawn. Of one that is stored meanwhile
        there is nothing to draw.
        """
        if isinstance(event, Opened):
            opened = event
        else:
            token = event.token
            opened = Opened(event.who, event.receipt, token.phrase, token.ids, event.origin, token.person)
        outcome = await self._handle(_again(opened))
        return outcome if isinstance(outcome, Shown) and outcome.here else Done()

    async def _in_place(self, activity: Activity, shown: Shown, errors: Mapping[str, str] | None = None) -> None:
        await self._put(activity, drawing.card_activity(drawing.form_card(shown, errors), shown.form.title))

    async def _put(self, activity: Activity, drawn: Json) -> None:
        """In the place of what was pressed."""
        at = Ref(activity.conversation, activity.answered)
        await self._quietly(
            self._teams.put(activity.service, at, drawn)
            if activity.answered
            else self._teams.post(activity.service, activity.conversation, drawn)
        )

    async def _tell(self, activity: Activity, message: Message, person: str, locale: str) -> None:
        """In the person's own chat with the bot, wherever they pressed."""
        to = Destination(
            activity.tenant, "", activity.user, activity.conversation if activity.personal else "", "", person, locale,
            activity.service, activity.account,
        )  # fmt: skip
        await self._quietly(self._teams.send(to, message, ""))

    async def _quietly(self, call: Awaitable[object]) -> None:
        try:
            await call
        except NOT_ANSWERED as error:
            logger.warning("answer.not_told", code=getattr(error, "code", ""), error_type=type(error).__name__)

    def _ended(self) -> Json:
        with texts.reader(self._locale):
            return drawing.note(say("That is done. You can close this."))


def _why(outcome: Faulty) -> str:
    return " ".join(outcome.problems.values())


def _again(event: Opened | Paged | Changed) -> Event:
    return replace(event, receipt=f"{event.receipt[:200]}:{uuid.uuid4().hex}")
