"""What the desk's Teams knows: people, their chats with the bot, messages, dialogs. Nothing here speaks HTTP."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

from desk.teams.files import Files
from desk.teams.values import Account, Activity, Dialog
from desk.values import Json, Refused

Kind = Literal["posted", "updated", "deleted", "read", "dialog", "person", "file"]
TEAM = "19:desk-and-co@thread.tacv2"


@dataclass(frozen=True)
class Change:
    """Something that a person sees has changed; `file` is what was uploaded."""

    kind: Kind
    user: str
    activity: Activity | None = None
    file: str = ""


@dataclass(frozen=True)
class App:
    """The bot as it is registered in this tenant."""

    tenant: str = "7d1f0a52-3c1e-4c55-9a6e-de5c00000001"
    id: str = "b07a55e5-0a11-4b0b-8c0d-de5c0a990001"
    password: str = "desk-teams-password"  # noqa: S105 - no secret: it opens nothing but this desk
    name: str = "Rapport"

    @property
    def account(self) -> str:
        return f"28:{self.id}"


@dataclass
class Tenant:
    app: App = field(default_factory=App)
    people: Iterable[Account] = ()
    now: Callable[[], float] = time.time
    business_now: Callable[[], float] = time.time

    def __post_init__(self) -> None:
        self.accounts: dict[str, Account] = {each.id: each for each in self.people}
        self.files = Files(self.now, lambda file: self._tell(Change("file", "", file=file)))
        self._messages: dict[str, dict[str, Activity]] = {each: {} for each in self.accounts}
        # for whom the bot has heard that it is there, and at which address of the service
        self._told: dict[str, str] = {}
        self._dialogs: dict[str, Dialog] = {}
        self._read: dict[str, int] = {}
        self._last_id = 0
        self._listeners: list[Callable[[Change], None]] = []

    def subscribe(self, listener: Callable[[Change], None]) -> None:
        self._listeners.append(listener)

    def _tell(self, change: Change) -> None:
        for listener in self._listeners:
            listener(change)

    # People

    def person(self, user: str) -> Account:
        if user not in self.accounts:
            raise Refused("user_not_found")
        return self.accounts[user]

    def named(self, name: str) -> Account:
        return next(each for each in self.accounts.values() if each.name == name)

    def by_account(self, account: str) -> Account | None:
        """By either of the two ids that the service takes."""
        return next((one for one in self.accounts.values() if account in (one.account, one.id)), None)

    def change(self, user: str, *, installed: bool | None = None, blocked: bool | None = None) -> Account:
        one = self.person(user)
        one = replace(one, installed=one.installed if installed is None else installed)
        one = replace(one, blocked=one.blocked if blocked is None else blocked)
        if one != self.accounts[user]:
            self.accounts[user] = one
            self._tell(Change("person", user))
        return one

    def restore_person(self, user: str, *, installed: bool, blocked: bool, told: str) -> None:
        """Puts back what a journal kept."""
        if user in self.accounts:
            self.accounts[user] = replace(self.accounts[user], installed=installed, blocked=blocked)
            self._told[user] = told

    def told_at(self, user: str) -> str:
        """The address of the service at which the bot has heard that it is there for this person; "" if never."""
        return self._told.get(user, "")

    def bot_knows(self, user: str, service_url: str) -> None:
        if self._told.get(user) != service_url:
            self._told[user] = service_url
            self._tell(Change("person", user))

    def in_chat(self, conversation: str) -> Account | None:
        return next((one for one in self.accounts.values() if one.conversation == conversation), None)

    # Messages

    def post(self, user: str, sender: str, text: str, attachments: list[Json] | None = None) -> Activity:
        activity = Activity(self.next_id(), user, sender, text, attachments or [], at=self.business_now())
        self._messages[user][activity.id] = activity
        if sender == user:
            self._read[user] = int(activity.id)
        self._tell(Change("posted", user, activity))
        return activity

    def put(self, activity: Activity) -> Activity:
        self._messages[activity.user][activity.id] = activity
        self._tell(Change("updated", activity.user, activity))
        return activity

    def remove(self, activity: Activity) -> None:
        if self._messages[activity.user].pop(activity.id, None) is not None:
            self._tell(Change("deleted", activity.user, activity))

    def message(self, user: str, activity: str) -> Activity:
        found = self._messages[self.person(user).id].get(activity)
        if found is None:
            raise Refused("activity_not_found")
        return found

    def messages(self, user: str) -> list[Activity]:
        """All that the person sees in the chat with the bot, the oldest first."""
        return list(self._messages.get(user, {}).values())

    def last_message(self, user: str) -> Activity:
        return self.messages(user)[-1]

    def mark_read(self, user: str) -> None:
        messages = self.messages(user)
        if messages and self._read.get(user, 0) < int(messages[-1].id):
            self._read[user] = int(messages[-1].id)
            self._tell(Change("read", user, messages[-1]))

    def unread(self, user: str) -> int:
        read = self._read.get(user, 0)
        return sum(1 for each in self.messages(user) if each.sender != user and int(each.id) > read)

    def restore(self, activity: Activity) -> None:
        """Puts back what a journal kept, without telling anyone."""
        self._messages.setdefault(activity.user, {})[activity.id] = activity
        self._last_id = max(self._last_id, int(activity.id))
        if activity.sender == activity.user:
            self._read[activity.user] = int(activity.id)

    def restore_removed(self, user: str, activity: str) -> None:
        self._messages.get(user, {}).pop(activity, None)

    def restore_read(self, user: str, activity: str) -> None:
        self._read[user] = int(activity)

    def next_id(self) -> str:
        """Milliseconds, as the service counts its messages."""
        self._last_id = max(int(self.now() * 1000), self._last_id + 1)
        return str(self._last_id)

    # Dialogs: one at a time, as Teams has it

    def dialog(self, user: str) -> Dialog | None:
        return self._dialogs.get(user)

    def open_dialog(self, user: str, title: str, card: Json, size: tuple[object, object] = ("", "")) -> Dialog:
        return self.show(Dialog(f"d{secrets.token_hex(6)}", user, title, card, size))

    def show(self, dialog: Dialog) -> Dialog:
        self._dialogs[dialog.user] = dialog
        self._tell(Change("dialog", dialog.user))
        return dialog

    def close_dialog(self, user: str) -> None:
        if self._dialogs.pop(user, None) is not None:
            self._tell(Change("dialog", user))
