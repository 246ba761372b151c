"""People on Slack: commands, modals that change in place, a home tab, answers that only the asker sees."""

from __future__ import annotations

import copy
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from front import Answers

from bot import app as house
from bot import commands
from bot.messages import Button, Message
from bot.platforms.slack.blocks import message_blocks
from bot.platforms.slack.raw import read_state
from desk import company
from desk.deliver import buttons
from desk.desk import Desk
from desk.sending import Exchange
from desk.state import fill

TOKEN = "xoxb-desk"


class SlackFront:
    settle: Callable[[], Awaitable[None]]

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def _space(self) -> Any:
        return self._desk.workspace

    def settings(self) -> dict[str, Any]:
        return {}

    async def people(self, app: house.App, names: list[str]) -> None:
        await commands.add_workspace(app.database, app.settings, TOKEN)

    def moved(self, app: house.App) -> None: ...

    def user(self, name: str) -> str:
        return company.person(name).user_id

    def mention(self, name: str) -> str:
        return f"<@{self.user(name)}>"

    async def command(self, user: str, word: str, text: str) -> Exchange:
        return await self._desk.delivery.command(user, word, text)

    async def say(self, user: str, text: str) -> Exchange:
        return await self._desk.delivery.say(user, text)

    async def open_home(self, user: str) -> Exchange:
        return await self._desk.delivery.home_opened(user)

    async def home_again(self, user: str) -> None:
        """It is drawn anew by itself."""

    async def files(self, user: str) -> list[tuple[str, bytes]]:
        shown = [file for message in self._space.messages(user) for file in message.files]
        return [(str(file["name"]), self._space.files.content(file["id"])) for file in shown]

    async def hand(self, user: str, *files: tuple[str, bytes]) -> Exchange:
        return await self._desk.delivery.hand(user, *files)

    async def press(self, user: str, place: Any, label: str) -> Exchange:
        return await self._desk.delivery.press(user, place, _named(place, label))

    def picked(self, name: str, person: str) -> Any:
        return {"text": {"type": "plain_text", "text": name}, "value": person}

    def type_in(self, user: str, answers: Answers) -> None:
        view = self.dialog(user)
        self._space.views.remember(view, fill(view, _by_block(view, answers)))

    def put_in(self, user: str, answers: Mapping[str, str]) -> None:
        view = self.dialog(user)
        values = copy.deepcopy(view.values)
        for block, text in _by_block(view, answers).items():
            values[block] = {"text": {"type": "plain_text_input", "value": text}}
        self._space.views.remember(view, values)

    async def choose(self, user: str, answers: Answers) -> Exchange:
        self.type_in(user, answers)
        view = self.dialog(user)
        [(block, value)] = _by_block(view, answers).items()
        return await self._desk.delivery.press(user, view, _input(view, block), value, view.values)

    async def submit(self, user: str, answers: Answers, *, strict: bool = True) -> Exchange:
        view = self.dialog(user)
        if not strict:
            answers = {key: value for key, value in answers.items() if key in self.asked(user)}
        values = fill(view, _by_block(view, answers))
        return await self._desk.delivery.submit(user, view.id, values, unchecked=True)

    async def cancel(self, user: str) -> None:
        await self._desk.delivery.close_view(user, self.dialog(user).id)

    def show_again(self, user: str, dialog: Any) -> None:
        views = self._space.views
        views.remember(views.update(self.dialog(user), dialog.content), dialog.values)

    def given(self, user: str, button: Button, person: str, opens: frozenset[str]) -> Any:
        space = self._space
        drawn = message_blocks(Message("Given", buttons=(button,)), person)
        return space.post(space.open_channel(user), space.identity.bot_user, "Given", drawn)

    async def again(self, exchange: Exchange) -> Exchange:
        payload = json.loads(dict(parse_qsl(exchange.request_body.decode()))["payload"])
        payload["trigger_id"] += ".again"
        body = urlencode({"payload": json.dumps(payload)}).encode()
        fresh = replace(exchange, request_body=body)
        headers = {"Content-Type": exchange.request_headers["Content-Type"]}
        return await self._desk.delivery.sender.send(fresh.kind, fresh.user, body, headers)

    async def redeliver(self, exchange: Exchange) -> Exchange:
        return await self._desk.delivery.redeliver(exchange)

    def dialog(self, user: str) -> Any:
        return self._space.top_view(user)

    def typed(self, user: str) -> dict[str, Any]:
        return dict(read_state({"state": {"values": self.dialog(user).values}}))

    def asked(self, user: str) -> list[str]:
        return [_key(block["block_id"]) for block in self.dialog(user).blocks if block["type"] == "input"]

    def errors(self, user: str) -> Mapping[str, str]:
        return {_key(block): why for block, why in self.dialog(user).errors.items()}

    def hints(self, dialog: Any) -> dict[str, str]:
        inputs = [block for block in dialog.blocks if block["type"] == "input"]
        return {_key(block["block_id"]): block.get("hint", {}).get("text", "") for block in inputs}

    def notice(self, dialog: Any) -> str:
        return str(dialog.blocks[0]["text"]["text"])

    def in_row(self, place: Any, words: str, label: str) -> str:
        """At its side or right below."""
        at = next(at for at, block in enumerate(place.blocks) if words in str(block))
        for block, each in buttons(place.blocks[at : at + 2]):
            if each["type"] == "button" and each["text"]["text"] == label:
                return f"{block['block_id']}/{each['action_id']}"
        raise AssertionError(f"no row says {words}")

    def drawn(self, place: Any) -> str:
        return str(place.blocks)

    def check_room(self, place: Any) -> None:
        assert len(place.blocks) <= 100
        assert len(json.dumps(place.blocks)) < 60_000

    def plain(self, place: Any) -> list[str]:
        return [text["text"] for text in _texts(place.blocks) if text["type"] == "plain_text"]

    def marked(self, place: Any) -> list[str]:
        return [text["text"] for text in _texts(place.blocks) if text["type"] != "plain_text"]

    def note(self, user: str) -> str:
        return ""

    def messages(self, user: str) -> list[Any]:
        return [message for message in self._space.messages(user) if message.user != user]

    def home(self, user: str) -> Any:
        return self._space.home(user)

    def labels(self, place: Any) -> list[str]:
        return [each["text"]["text"] for _, each in buttons(place.blocks) if each["type"] == "button"]

    def is_alone(self, user: str, message: Any) -> bool:
        return bool(message.only_for == user)

    def is_there_to_stay(self, message: Any) -> bool:
        return message.only_for is None

    def place(self, message: Any) -> str:
        return str(message.ts)


def _named(place: Any, label: str) -> str:
    """`phrase/last id` as the desk names the button that carries it."""
    for block, element in buttons(place.blocks):
        if element["type"] != "button" or "/" not in label:
            continue
        try:
            _, phrase, ids = json.loads(element["value"])
        except (ValueError, TypeError, KeyError):
            continue
        if label == f"{phrase}/{ids[-1] if ids else ''}":
            return f"{block['block_id']}/{element['action_id']}"
    return label


def _texts(blocks: list[Any]) -> list[Any]:
    return [block["text"] for block in blocks if block["type"] == "section"]


def _key(block_id: str) -> str:
    return block_id.partition("~")[0]


def _by_block(view: Any, answers: Mapping[str, Any]) -> dict[str, Any]:
    """By the block ids of this drawing; a box is ticked or not."""
    ids = {_key(block["block_id"]): block["block_id"] for block in view.blocks if block["type"] == "input"}
    missing = answers.keys() - ids.keys()
    assert not missing, f"{missing} are not asked; there are {list(ids)}"
    return {ids[key]: {True: "yes", False: None}.get(value, value) if isinstance(value, bool) else value
            for key, value in answers.items()}  # fmt: skip


def _input(view: Any, block_id: str) -> str:
    element = next(block["element"] for block in view.blocks if block["block_id"] == block_id)
    return f"{block_id}/{element['action_id']}"
