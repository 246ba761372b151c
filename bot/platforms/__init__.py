"""What delivery asks of a platform. Everything else about a platform stays in its own folder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.engine.profiles import Profile
from bot.messages import File, Message


@dataclass(frozen=True)
class Destination:
    """Where a message goes. `user` and `channel` are the platform's own ids; `respond` is a one-time reply address, or
    the place that a file's reader has given for it; `person` is our id of the reader, which its buttons are bound to;
    `service` and `account` as in `Address`.
    """

    workspace: str
    token: str
    user: str = ""
    channel: str = ""
    respond: str = ""
    person: str = ""
    locale: str = "en"
    service: str = ""
    account: str = ""


@dataclass(frozen=True)
class Installed:
    """What an edge needs to answer in a workspace."""

    token: str
    bot_user: str


@dataclass(frozen=True)
class Ref:
    """One posted message: the platform's ids of its conversation and of itself."""

    channel: str
    message: str


@dataclass(frozen=True)
class Page:
    """`following` is where the next page begins, "" after the last."""

    profiles: tuple[Profile, ...] = ()
    following: str = ""


class Throttled(Exception):
    """The platform asks for a pause; `seconds` is obeyed exactly, for this method and workspace; `only_here`: for this
    conversation alone.
    """

    def __init__(self, seconds: float, method: str, *, only_here: bool = False) -> None:
        super().__init__(f"{method}: wait {seconds} s")
        self.seconds = seconds
        self.method = method
        self.only_here = only_here


class Undeliverable(Exception):
    """A definite refusal that trying again will not change."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Unavailable(Exception):
    """A definite refusal for now: it was not accepted, and may be tried again."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Unanswered(Exception):
    """No answer came: the message may or may not have arrived."""


class Platform(Protocol):
    name: str

    async def send(self, to: Destination, message: Message, key: str) -> Ref:
        """Post once; `key` travels with the message so that `look_up` finds it again."""

    async def edit(self, to: Destination, at: Ref, message: Message) -> None:
        """Draw a posted message anew; may be repeated."""

    async def upload(self, to: Destination, file: File, key: str) -> str | Ref:
        """The bytes only, which nobody sees yet; may be repeated. Returns what `share` takes. A platform that asks the
        reader first posts that question instead, with `key`, and returns where it stands: the bytes follow once `to`
        names the place that they have given.
        """

    async def share(self, to: Destination, at: Ref, ticket: str) -> None:
        """Show what was uploaded under a posted message, once; or in place of the question, as often as it takes."""

    async def publish(self, to: Destination, message: Message) -> None:
        """Draw the person's home anew; may be repeated."""

    async def respond(self, to: Destination, message: Message) -> None:
        """Replace the message that only the presser sees, through its reply address."""

    async def look_up(self, to: Destination, key: str, since: datetime) -> Ref | None:
        """The posted message that carries `key`, if one arrived since then (real time)."""

    async def people(self, to: Destination, cursor: str = "") -> Page:
        """A page of the workspace's accounts, guests and bots among them; the first one without a cursor."""
