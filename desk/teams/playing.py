"""Plays the past of people on Teams, by what buttons carry and inputs are called, as the bot's cards have it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from desk.acting import BUTTONS, READ, REASON, UPDATE, Stuck, updating
from desk.okr import Update
from desk.past import Act, Reaction, Week
from desk.sending import Exchange
from desk.teams import cards, filling
from desk.teams.teams import Teams
from desk.teams.values import Activity, Dialog
from desk.values import Json

MOST_PAGES = 12


class Player:
    """`settle` lets the bot do what is due."""

    def __init__(self, teams: Teams, settle: Callable[[], Awaitable[None]]) -> None:
        self._tenant, self._delivery, self._settle = teams.tenant, teams.delivery, settle

    async def do(self, user: str, act: Act) -> None:
        if act.reaction is not None:
            await self._react(user, act.reaction)
            return
        if act.update is not None:
            await self._update(user, act.update)
            return
        if act.does == "ok" and self._newest(user, BUTTONS["ok"]) is None:
            # Who was told by other means has nothing to confirm.
            return
        await self._press(user, BUTTONS[act.does])
        if act.does == "skip":
            await self._settle()
            await self._press(user, REASON, act.reason)
        elif act.does == "away" and act.until is not None:
            await self._fill(user, {"back": act.until.isoformat()})
        elif act.does == "answer" and act.week is not None:
            await self._fill(user, _answers(act.week))
        elif act.does == "edit" and act.week is not None:
            await self._fill(user, {"progress": act.week.progress})

    async def _react(self, user: str, reaction: Reaction) -> None:
        """From the manager's home: read it, say something about it, and take care of what is in the way."""
        self._heard(await self._delivery.say(user, "home"))
        await self._settle()
        home = self._tenant.last_message(user)
        read = next((found for card in home.cards if (found := _beside(card, reaction.author))), None)
        if read is None:
            # The list shows seven; the rest waits, as in life.
            return
        await self._act(user, home, read)
        if reaction.thanks:
            await self._in_dialog(user, "checkin.thank")
        for verb, text in (("checkin.comment", reaction.comment), ("checkin.follow_up", reaction.question)):
            if text and await self._in_dialog(user, verb):
                await self._fill(user, {"text": text})
        if reaction.blocked:
            await self._in_dialog(user, "blocker.take")
        self._delivery.close_dialog(user)

    async def _update(self, user: str, update: Update) -> None:
        """From the list of one's own objectives."""
        self._heard(await self._delivery.say(user, "okr"))
        await self._settle()
        await self._press(user, UPDATE)
        dialog = self._tenant.dialog(user)
        await self._fill(user, updating(dialog.asked if dialog else (), update))

    async def _in_dialog(self, user: str, phrase: str) -> bool:
        dialog = self._tenant.dialog(user)
        action = _carrying(dialog.card, phrase) if dialog else None
        if dialog is None or action is None:
            return False
        await self._act(user, dialog, action)
        return True

    async def _press(self, user: str, phrase: str, last: str = "") -> None:
        """On the newest message that has a button of this phrase; `last` is the last of its ids."""
        found = self._newest(user, phrase, last)
        if found is None:
            raise Stuck(f"{self._tenant.person(user).name} looks for {phrase} {last} on Teams and finds none")
        await self._act(user, *found)

    def _newest(self, user: str, phrase: str, last: str = "") -> tuple[Activity, Json] | None:
        for message in reversed(self._tenant.messages(user)):
            for card in message.cards:
                if action := _carrying(card, phrase, last):
                    return message, action
        return None

    async def _act(self, user: str, place: Activity | Dialog, action: Json) -> None:
        if isinstance(place, Dialog):
            data = filling.data_of(action, place.values)
            self._heard(await self._delivery.send_dialog(user, place.id, data))
        else:
            self._heard(await self._delivery.act(user, place.id, filling.data_of(action, {})))

    async def _fill(self, user: str, answers: dict[str, Any]) -> None:
        """Page by page: what is asked there and known is filled in, and what is never asked is left."""
        for _ in range(MOST_PAGES):
            dialog = self._tenant.dialog(user)
            if dialog is None or not dialog.asked:
                return
            kinds = {each["id"]: each["type"] for each in cards.inputs(dialog.card)}
            here = {key: _fitting(kinds[key], answers[key]) for key in dialog.asked if key in answers}
            self._heard(await self._delivery.submit(user, here))
        left = self._delivery.open_dialog(user)
        raise Stuck(f"{self._tenant.person(user).name} could not send {left.title!r}: {left.errors or left.words}")

    def _heard(self, exchange: Exchange) -> None:
        if not exchange.ok or exchange.problem:
            raise Stuck(f"{exchange.kind} of {exchange.user}: {exchange.status} {exchange.problem}")


def _answers(week: Week) -> dict[str, Any]:
    answers: dict[str, Any] = {f"last_next.{at}": choice for at, choice in enumerate(week.before)}
    answers |= {"progress": week.progress, "next": week.plan}
    if week.mood is not None:
        answers |= {"mood": str(week.mood), "share_mood": ["yes"] if week.share_mood else []}
    return answers | ({"blocked": ["yes"], "blocker": week.blocker} if week.blocker else {})


def _fitting(kind: str, value: Any) -> Any:
    """A mark is one value of several on one platform, and yes or no on the other."""
    return bool(value) if kind == "Input.Toggle" else value


def _carrying(card: Json, phrase: str, last: str = "") -> Json | None:
    for action in cards.actions(card):
        carried, ids = cards.pressing(action)
        if carried == phrase and (not last or ids[-1:] == [last]):
            return action
    return None


def _beside(card: Json, author: str) -> Json | None:
    """The button that reads this person's check-in: the one in the innermost element that names them."""
    found = None
    for each in cards.elements(card):
        if any(text.startswith(f"{author}, ") for text in cards.texts(each)):
            found = _carrying(each, READ) or found
    return found
