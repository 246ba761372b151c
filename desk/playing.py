"""Plays the past: the real bot in this process, signed requests, and a clock that is moved from act to act."""

from __future__ import annotations

import json
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from desk import company, past
from desk.acting import BUTTONS, REASON, UPDATE, Stuck, updating
from desk.core import Core
from desk.deliver import buttons
from desk.okr import Update
from desk.past import Act, Reaction, Week
from desk.sending import Exchange
from desk.state import fill
from desk.teams.playing import Player as TeamsPlayer
from desk.values import Json, View

if TYPE_CHECKING:
    from bot.app import App


def _names(block: Json, author: str) -> bool:
    """The line of the home that has this person's check-in and a button beside it."""
    text = block.get("text") or {}
    return "accessory" in block and str(text.get("text", "")).startswith(f"{author}, ")


async def play(desk: Core, settings: dict[str, Any], weeks: int, log: Path) -> int:
    """Plays everything up to now and returns how many acts that were; business time is real time afterwards."""
    # Here and not above: a desk whose bot runs elsewhere needs none beside it.
    from bot import app as house
    from bot.settings import load

    # The bot's own clock looks at the file a few times a second; the past goes faster than that.
    clock = cast(Any, desk.clock)
    app = house.build(load(**settings), clock=clock, synchronous="OFF")
    with log.open("a", encoding="utf-8") as file, redirect_stdout(file), app.database.lock():
        async with house.answering(app) as url:
            elsewhere, desk.delivery.sender.bot_url = desk.delivery.sender.bot_url, url
            try:
                await desk.teams.delivery.install_all()
                return await _Player(desk, app).all(past.acts(desk.clock.real(), weeks))
            finally:
                desk.delivery.sender.bot_url = elsewhere


class _Player:
    def __init__(self, desk: Core, app: App) -> None:
        self._desk, self._app = desk, app
        self._elsewhere = {one.user_id: one.object_id for one in company.people() if self._is_elsewhere(one.object_id)}
        self._teams = TeamsPlayer(desk.teams, self._settle)

    def _is_elsewhere(self, object_id: str) -> bool:
        """Who is on Slack too plays there."""
        one = self._desk.teams.tenant.accounts.get(object_id)
        return one is not None and all(one.email != each.email for each in self._desk.workspace.members.values())

    async def all(self, acts: list[Act]) -> int:
        for act in acts:
            self._desk.clock.move_to(act.at)
            await self._settle()
            if act.does != "wait":
                await self._do(act)
                await self._settle()
                self._read(act.user)
        self._desk.clock.write(0.0)
        await self._settle()
        return len(acts)

    async def _settle(self) -> None:
        await self._app.tick()
        await self._app.delivery.drain()

    def _read(self, user: str) -> None:
        if user in self._elsewhere:
            self._desk.teams.tenant.mark_read(self._elsewhere[user])
        else:
            self._desk.workspace.mark_read(user)

    async def _do(self, act: Act) -> None:
        if act.user in self._elsewhere:
            await self._teams.do(self._elsewhere[act.user], act)
            return
        if act.reaction is not None:
            await self._react(act.user, act.reaction)
            return
        if act.update is not None:
            await self._update(act.user, act.update)
            return
        if act.does == "settle":
            await self._settle_lines(act.user)
            return
        if act.does == "ok" and not self._sees(act.user, BUTTONS["ok"]):
            # Who was told by other means has nothing to confirm.
            return
        await self._press(act.user, BUTTONS[act.does])
        if act.does == "skip":
            await self._settle()
            await self._press(act.user, REASON, act.reason)
        elif act.does == "away" and act.until is not None:
            await self._send(act.user, {"back": act.until.isoformat()})
        elif act.does == "answer" and act.week is not None:
            await self._write(act.user, act.week)
        elif act.does == "edit" and act.week is not None:
            await self._send(act.user, {"progress": act.week.progress})

    async def _settle_lines(self, user: str) -> None:
        """From HR's home: there is nobody above who has no manager."""
        self._heard(await self._desk.delivery.home_opened(user))
        await self._settle()
        home = self._desk.workspace.home(user)
        if home and (action := _action(home.blocks, "inbox.open")):
            self._heard(await self._desk.delivery.press(user, home, action))
            await self._in_dialog(user, "inbox.settle")
            self._heard(await self._submit(user, {"outcome": "none"}))
            await self._desk.delivery.close_view(user, self._view(user).id)

    async def _react(self, user: str, reaction: Reaction) -> None:
        """From the manager's home: read it, say something about it, and take care of what is in the way."""
        self._heard(await self._desk.delivery.home_opened(user))
        await self._settle()
        home = self._desk.workspace.home(user)
        line = next((block for block in (home.blocks if home else []) if _names(block, reaction.author)), None)
        if home is None or line is None:
            # The list shows seven; the rest waits, as in life.
            return
        place = f"{line['block_id']}/{line['accessory']['action_id']}"
        self._heard(await self._desk.delivery.press(user, home, place))
        if reaction.thanks:
            await self._in_dialog(user, "checkin.thank")
        for verb, text in (("checkin.comment", reaction.comment), ("checkin.follow_up", reaction.question)):
            if text:
                await self._in_dialog(user, verb)
                self._heard(await self._submit(user, {"text": text}))
        if reaction.blocked:
            await self._in_dialog(user, "blocker.take")
        await self._desk.delivery.close_view(user, self._view(user).id)

    async def _update(self, user: str, update: Update) -> None:
        """From the list of one's own objectives."""
        self._heard(await self._desk.delivery.command(user, "/okr"))
        await self._press(user, UPDATE)
        keys = [block["block_id"].partition("~")[0] for block in self._view(user).blocks]
        await self._send(user, updating(keys, update))

    async def _in_dialog(self, user: str, phrase: str) -> None:
        view = self._view(user)
        if action := _action(view.blocks, phrase):
            self._heard(await self._desk.delivery.press(user, view, action))

    async def _write(self, user: str, week: Week) -> None:
        """As one would: choices first, since some of them draw the form anew, then the texts."""
        for at, choice in enumerate(week.before):
            await self._choose(user, f"last_next.{at}", choice)
        answers: dict[str, Any] = {"progress": week.progress, "next": week.plan}
        if week.mood is not None:
            answers |= {"mood": str(week.mood), "share_mood": ["yes"] if week.share_mood else []}
        if week.blocker:
            await self._choose(user, "blocked", ["yes"])
            answers["blocker"] = week.blocker
        await self._send(user, answers)

    def _sees(self, user: str, phrase: str) -> bool:
        return any(_action(message.blocks, phrase) for message in self._desk.workspace.messages(user))

    async def _press(self, user: str, phrase: str, last: str = "") -> None:
        """On the newest message that has a button of this phrase; `last` is the last of its ids."""
        for message in reversed(self._desk.workspace.messages(user)):
            if action := _action(message.blocks, phrase, last):
                self._heard(await self._desk.delivery.press(user, message, action))
                return
        raise Stuck(f"{user} looks for {phrase} {last} by {self._desk.clock.now():%d %B} and finds none")

    async def _choose(self, user: str, key: str, value: Any) -> None:
        view = self._view(user)
        block = self._block(view, key)
        action = block["element"]["action_id"]
        self._heard(await self._desk.delivery.press(user, view, f"{block['block_id']}/{action}", value))

    async def _send(self, user: str, answers: dict[str, Any]) -> None:
        self._heard(await self._submit(user, answers))
        left = self._desk.workspace.top_view(user)
        if left is not None:
            raise Stuck(f"{user} could not send {left.title!r}: {left.errors or left.words}")

    async def _submit(self, user: str, answers: dict[str, Any]) -> Exchange:
        view = self._view(user)
        values = fill(view, {self._block(view, key)["block_id"]: value for key, value in answers.items()})
        return await self._desk.delivery.submit(user, view.id, values)

    def _view(self, user: str) -> View:
        view = self._desk.workspace.top_view(user)
        if view is None:
            raise Stuck(f"no form opened for {user}")
        return view

    def _block(self, view: View, key: str) -> Json:
        # a field that the bot has filled anew has a number behind its key
        found = [block for block in view.blocks if block["block_id"].partition("~")[0] == key]
        if not found:
            raise Stuck(f"{view.title!r} has no {key!r}")
        return found[0]

    def _heard(self, exchange: Exchange) -> None:
        if not exchange.ok or exchange.problem:
            raise Stuck(f"{exchange.kind} of {exchange.user}: {exchange.status} {exchange.problem}")


def _action(blocks: list[Json], phrase: str, last: str = "") -> str:
    """The first button of this phrase, as the desk names it; "" if there is none."""
    for block, button in buttons(blocks):
        try:
            _, carried, ids = json.loads(button.get("value", ""))
        except ValueError:
            continue
        if carried == phrase and (not last or ids[-1:] == [last]):
            return f"{block['block_id']}/{button['action_id']}"
    return ""
