"""People on Teams: words typed to the bot, dialogs in pages, a home that is a message, one chat of their own."""

from __future__ import annotations

import json
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from front import Answers

from bot import app as house
from bot import texts
from bot.messages import Button, Message
from bot.platforms.teams.drawing import message_activity
from bot.platforms.teams.raw import read_dialog
from bot.storage.people import Address
from desk import company
from desk.desk import Desk
from desk.sending import Exchange
from desk.teams import cards, filling
from desk.teams.tenant import App, Tenant
from desk.teams.values import CONSENT, FILE, Account, Activity, Dialog
from desk.values import Json

MOST_PAGES = 20


def tenant() -> Tenant:
    """All of the company."""
    people = [
        Account(each.object_id, each.name, each.email, each.zone, company.LOCALES.get(each.name, "en-US"))
        for each in company.people()
    ]
    return Tenant(App(), people=people)


@dataclass
class Pages:
    """What a person has seen of the form that is open: by page, the questions and what stood there when it was left.
    `mind` is what they mean to answer where they have not come to yet.
    """

    form: tuple[Any, ...]
    asked: dict[int, list[str]] = field(default_factory=dict)
    left: dict[int, dict[str, Any]] = field(default_factory=dict)
    mind: dict[str, Any] = field(default_factory=dict)


class TeamsFront:
    settle: Callable[[], Awaitable[None]]

    def __init__(self, desk: Desk) -> None:
        self._desk, self._tenant, self._delivery = desk, desk.teams.tenant, desk.teams.delivery
        self._pages: dict[str, Pages] = {}
        # Homes, and buttons that stand between a typed word and its dialog: a command has no message of its own.
        self._aside: set[str] = set()
        self._homes: dict[str, str] = {}
        self._notes: dict[str, str] = {}

    def settings(self) -> dict[str, Any]:
        return self._desk.teams.settings()

    async def people(self, app: house.App, names: list[str]) -> None:
        async with house.answering(app) as address:
            self._desk.delivery.sender.bot_url = address
            for name in names:
                assert (await self._delivery.install(self.user(name))).ok

    def moved(self, app: house.App) -> None:
        here = self._desk.teams.activities.service_url
        with app.database.transaction() as db:
            db.execute(sa.update(Address).values(service=here))
            for user in db.scalars(sa.select(Address.user)):
                self._tenant.bot_knows(user, here)

    def user(self, name: str) -> str:
        return company.person(name).object_id

    def mention(self, name: str) -> str:
        return f"@{name}"

    # The chat

    async def command(self, user: str, word: str, text: str) -> Exchange:
        before = {message.id for message in self._said(user)}
        exchange = await self.say(user, f"{word} {text}".strip())
        await self.settle()
        said = [message for message in self._said(user) if message.id not in before]
        if said and _only_opens(said[-1]):
            self._aside.add(said[-1].id)
            await self.press(user, said[-1], said[-1].labels[0])
        return exchange

    async def say(self, user: str, text: str) -> Exchange:
        self._delivery.close_dialog(user)
        return await self._delivery.say(user, text)

    async def open_home(self, user: str) -> Exchange:
        before = {message.id for message in self._said(user)}
        exchange = await self.say(user, "home")
        await self.settle()
        said = [message for message in self._said(user) if message.id not in before]
        if said:
            self._homes[user] = said[-1].id
            self._aside.add(said[-1].id)
        return exchange

    async def home_again(self, user: str) -> None:
        await self.open_home(user)
        await self.settle()

    async def files(self, user: str) -> list[tuple[str, bytes]]:
        """Those that are offered are accepted first."""
        for message in self._said(user):
            if not message.settled and any(each["contentType"] == CONSENT for each in message.attachments):
                assert (await self._delivery.consent(user, message.id, True)).ok
                await self.settle()
        shown = [each for message in self._said(user) for each in message.attachments if each["contentType"] == FILE]
        held = [self._tenant.files.whole(each["content"]["uniqueId"]) for each in shown]
        return [(one.name, one.content or b"") for one in held if one is not None]

    async def hand(self, user: str, *files: tuple[str, bytes]) -> Exchange:
        self._delivery.close_dialog(user)
        return await self._delivery.hand(user, *files)

    async def press(self, user: str, place: Any, label: str) -> Exchange:
        if isinstance(place, Activity):
            # The client lets nobody press in the chat beside a dialog.
            self._delivery.close_dialog(user)
        else:
            self._leave(user)
        return self._turned(user, await self._delivery.press(user, place, label))

    def given(self, user: str, button: Button, person: str, opens: frozenset[str]) -> Activity:
        drawn = message_activity(Message("Given", buttons=(button,)), person, "en", opens)
        return self._tenant.post(user, "", "", drawn["attachments"])

    async def again(self, exchange: Exchange) -> Exchange:
        activity = json.loads(exchange.request_body)
        user, value = exchange.user, activity.get("value")
        if activity.get("name") == "task/submit" and self._tenant.dialog(user) is not None:
            return self._turned(user, await self._delivery.send_dialog(user, self.dialog(user).id, value["data"]))
        if value is not None and activity.get("name") != "task/submit":
            data = value["data"] if activity["type"] == "invoke" else value
            self._delivery.close_dialog(user)
            return self._turned(user, await self._delivery.act(user, activity["replyToId"], data))
        return await self._delivery.sender.send({**activity, "id": f"f:{uuid.uuid4()}"})

    async def redeliver(self, exchange: Exchange) -> Exchange:
        return await self._delivery.redeliver(exchange)

    # Dialogs

    def picked(self, name: str, person: str) -> Any:
        return person

    def type_in(self, user: str, answers: Answers) -> None:
        pages, here = self._seen(user), set(self.dialog(user).asked)
        pages.mind |= answers
        self._delivery.type_in(user, {key: pages.mind.pop(key) for key in answers.keys() & here})

    def put_in(self, user: str, answers: Mapping[str, str]) -> None:
        dialog = self.dialog(user)
        assert answers.keys() <= set(dialog.asked), f"{answers.keys()} are not asked; there are {dialog.asked}"
        self._tenant.show(dialog.typed(dict(answers)))

    async def choose(self, user: str, answers: Answers) -> Exchange:
        """Goes on to what hangs on the answer; back to the question if one has gone on from it."""
        [(key, value)] = answers.items()
        exchange = await self._back_to(user, {key})
        while key not in self.dialog(user).asked and (more := await self._on(user)):
            exchange = more
        self._delivery.type_in(user, answers)
        pages, page = self._seen(user), _page(self.dialog(user))
        pages.asked = {at: keys for at, keys in pages.asked.items() if at <= page}
        pages.left = {at: kept for at, kept in pages.left.items() if at < page}
        # What hangs on it stands on the next page. Where it may be nothing, a press might send the form.
        if value is True or _act(cards.primary(self.dialog(user).card)) == "next":
            exchange = await self._on(user) or exchange
            assert self.dialog(user) is not None, f"nothing hangs on {key}: the form was sent"
        return exchange or self._delivery.exchanges[-1]

    async def submit(self, user: str, answers: Answers, *, strict: bool = True) -> Exchange:
        self._seen(user).mind |= answers
        exchange = await self._back_to(user, self._seen(user).mind.keys())
        for _ in range(MOST_PAGES):
            before = self.dialog(user)
            pages = self._seen(user)
            if (more := await self._on(user)) is None:
                break
            exchange, after = more, self.dialog(user)
            if after is None and strict:
                assert not pages.mind, f"{list(pages.mind)} were not asked; there were {pages.asked}"
            if not _goes_on(before, after):
                break
        assert exchange is not None, f"nothing can be sent: {self.dialog(user).words}"
        return exchange

    async def cancel(self, user: str) -> None:
        assert self._tenant.dialog(user) is not None
        self._delivery.close_dialog(user)

    def show_again(self, user: str, dialog: Dialog) -> None:
        self._tenant.show(dialog)
        self._turned(user)

    def dialog(self, user: str) -> Any:
        return self._tenant.dialog(user)

    def typed(self, user: str) -> dict[str, Any]:
        pages = self._seen(user)
        kept = {key: value for page in sorted(pages.left) for key, value in pages.left[page].items()}
        return {**kept, **_raw(self.dialog(user)), **pages.mind}

    def asked(self, user: str) -> list[str]:
        pages = self._seen(user)
        return [key for page in sorted(pages.asked) for key in pages.asked[page]]

    def errors(self, user: str) -> Mapping[str, str]:
        # What stands above all questions is a notice.
        return {key: why for key, why in self.dialog(user).errors.items() if key}

    def hints(self, dialog: Dialog) -> dict[str, str]:
        found: dict[str, str] = {}
        above = ""
        for each in cards.elements(dialog.card):
            if str(each.get("type", "")).startswith("Input."):
                above = str(each["id"])
            elif above and each.get("type") == "RichTextBlock":
                found.setdefault(above, "\n".join(cards.texts({"body": [each]})))
        return found

    # What is seen

    def notice(self, dialog: Dialog) -> str:
        return next(iter(cards.texts(dialog.card)))

    def in_row(self, place: Any, words: str, label: str) -> str:
        """Right below."""
        rows = [each for card in _drawn(place) for each in cards.elements(card)]
        at = next(at for at, each in enumerate(rows) if words in "\n".join(cards.texts({"body": [each]})))
        below = next(each for each in rows[at:] if each["type"] == "ActionSet")
        phrase, ids = cards.pressing(next(one for one in below["actions"] if one["title"] == label))
        return "/".join((phrase, *ids))

    def drawn(self, place: Any) -> str:
        return str(_drawn(place))

    def check_room(self, place: Any) -> None:
        assert all(cards.size(card) <= 25_000 for card in _drawn(place))

    def plain(self, place: Any) -> list[str]:
        found = [each for card in _drawn(place) for each in cards.elements(card) if each["type"] == "RichTextBlock"]
        return [text for each in found for text in cards.texts({"body": [each]})]

    def marked(self, place: Any) -> list[str]:
        texts_of = [text for card in _drawn(place) for text in cards.texts(card)]
        return [text for text in texts_of if text not in self.plain(place)]

    def note(self, user: str) -> str:
        return self._notes.get(user, "")

    def messages(self, user: str) -> list[Any]:
        return [message for message in self._said(user) if message.id not in self._aside]

    def home(self, user: str) -> Any:
        at = self._homes.get(user)
        return self._tenant.message(user, at) if at else None

    def labels(self, place: Any) -> list[str]:
        drawn = _drawn(place)
        asking = [one for card in drawn for one in cards.actions(card) if one["type"] == "Action.ShowCard"]
        behind = [id(one) for each in asking for one in cards.actions(each["card"])]
        return [str(one["title"]) for card in drawn for one in cards.actions(card) if id(one) not in behind]

    def is_alone(self, user: str, message: Activity) -> bool:
        return message.user == user

    def is_there_to_stay(self, message: Activity) -> bool:
        return not message.sender

    def place(self, message: Activity) -> str:
        return message.id

    def _said(self, user: str) -> list[Activity]:
        return [message for message in self._tenant.messages(user) if not message.sender]

    # Turning pages

    def _seen(self, user: str) -> Pages:
        """Of the open dialog, which may be another form than before."""
        dialog = self.dialog(user)
        assert dialog is not None, "no dialog is open"
        form = _form(dialog)
        named = (form["phrase"], *form["ids"]) if form else (dialog.id,)
        if user not in self._pages or self._pages[user].form != named:
            self._pages[user] = Pages(named)
        self._pages[user].asked[_page(dialog)] = dialog.asked
        return self._pages[user]

    def _turned(self, user: str, exchange: Exchange | None = None) -> Any:
        """Pages are remembered while one dialog goes on. What is only told in one is read, and the dialog closed."""
        self._notes.pop(user, None)
        if (dialog := self._tenant.dialog(user)) is not None and not dialog.title and len(dialog.card["body"]) == 1:
            self._notes[user] = dialog.words.strip()
            self._delivery.close_dialog(user)
        elif (dialog := self._tenant.dialog(user)) is not None and (form := _form(dialog)):
            pages = self._seen(user)
            if form["page"] == 0:
                pages.asked = {0: dialog.asked}
        return exchange

    def _leave(self, user: str) -> None:
        dialog = self.dialog(user)
        if _form(dialog):
            self._seen(user).left[_page(dialog)] = _raw(dialog)

    async def _on(self, user: str) -> Exchange | None:
        """Types what is meant for this page and presses what sends it or goes on; None where there is nothing to."""
        dialog, pages = self.dialog(user), self._seen(user)
        if not _form(dialog):
            return None
        self._delivery.type_in(user, {key: pages.mind.pop(key) for key in dialog.asked if key in pages.mind})
        self._leave(user)
        return self._turned(user, await self._delivery.submit(user, unchecked=True))

    async def _back_to(self, user: str, keys: Any) -> Exchange | None:
        pages, exchange = self._seen(user), None
        wanted = [page for page, asked in pages.asked.items() if set(keys) & set(asked)]
        while wanted and (dialog := self.dialog(user)) is not None and _page(dialog) > min(wanted):
            self._leave(user)
            [back] = [one for one in cards.actions(dialog.card) if _act(one) == "back"]
            exchange = await self._delivery.send_dialog(user, dialog.id, filling.data_of(back, dialog.values))
        return exchange


def _drawn(place: Activity | Dialog) -> list[Json]:
    return [place.card] if isinstance(place, Dialog) else place.cards


def _only_opens(message: Activity) -> bool:
    """A button in place of the dialog that a word cannot open, and perhaps one that draws the form in the chat."""
    opening, *more = [action for card in message.cards for action in cards.actions(card)] or [{}]
    here = all(action["title"] in _as_read("Answer here") for action in more)
    return opening.get("title") in _as_read("Open") and here and "msteams" in (opening.get("data") or {})


def _as_read(label: str) -> set[str]:
    """In every language."""
    found = set()
    for language in texts.languages():
        with texts.reader(language):
            found.add(texts.say(label))
    return found


def _ours(action: Json) -> Json:
    data = action.get("data")
    ours = data.get("rapport") if isinstance(data, dict) else None
    return ours if isinstance(ours, dict) else {}


def _act(action: Json) -> str:
    return str(_ours(action).get("act", ""))


def _form(dialog: Dialog) -> Json | None:
    """What stands behind the button that sends the open form; None where nothing is asked."""
    for action in cards.actions(dialog.card):
        if _act(action) in ("submit", "next"):
            return dict(_ours(action)["form"])
    return None


def _page(dialog: Dialog) -> int:
    form = _form(dialog)
    return int(form["page"]) if form else 0


def _raw(dialog: Dialog) -> dict[str, Any]:
    if not _form(dialog):
        return dict(dialog.values)
    return dict(read_dialog(filling.data_of(cards.primary(dialog.card), dialog.values)).raw)


def _goes_on(before: Dialog, after: Dialog | None) -> bool:
    """Whether a later page of the same form is shown."""
    if after is None or (old := _form(before)) is None or (new := _form(after)) is None:
        return False
    return old["phrase"] == new["phrase"] and old["ids"] == new["ids"] and old["page"] < new["page"]
