"""What the desk's Slack knows: people, direct channels, messages, views. Nothing here speaks HTTP."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from desk import state
from desk.files import Files
from desk.hooks import Hooks
from desk.rooms import Room, Rooms
from desk.state import fill
from desk.values import Command, Json, Member, Message, Refused, View
from desk.views import Views

__all__ = ["Change", "Command", "Identity", "Member", "Message", "Refused", "Room", "View", "Workspace", "fill"]

SCOPES = frozenset(
    ("chat:write", "commands", "im:write", "im:history", "users:read", "users:read.email", "files:read", "files:write")
)
COMMANDS = (
    Command("/review", "[words]", "Reviews, feedback and everything else"),
    Command("/checkin", "", "Your weekly check-in"),
    Command("/okr", "[words]", "Objectives and key results"),
    Command("/kudos", "[@person]", "Thank somebody"),
)


@dataclass(frozen=True)
class Change:
    """Something people can see has changed: posted, updated, deleted, read, home, view or member.

    `user` is empty for what everyone in a room sees.
    """

    kind: str
    user: str
    message: Message | None = None


@dataclass(frozen=True)
class Identity:
    team_id: str = "T0DESK"
    name: str = "Desk & Co"
    domain: str = "desk"
    bot_user: str = "U0RAPPORT"
    bot_id: str = "B0RAPPORT"
    bot_name: str = "Rapport"
    app_id: str = "A0RAPPORT"
    token: str = "xoxb-desk"  # noqa: S105 - no secret: it opens nothing but this desk
    scopes: frozenset[str] = SCOPES
    installed: bool = True
    messages_tab: bool = True
    home_tab: bool = True


@dataclass
class Workspace:
    identity: Identity = field(default_factory=Identity)
    commands: tuple[Command, ...] = COMMANDS
    people: Iterable[Member] = ()
    channels: Iterable[Room] = ()
    now: Callable[[], float] = time.time
    business_now: Callable[[], float] = time.time

    def __post_init__(self) -> None:
        me = self.identity
        bot = Member(me.bot_user, me.bot_name, "", is_bot=True)
        self.members: dict[str, Member] = {each.id: each for each in (*self.people, bot)}
        self.views = Views(self.now, lambda kind, user: self.tell(Change(kind, user)))
        self.hooks = Hooks(self.now)
        self.files = Files(self.now)
        self.rooms = Rooms(self.members, self.channels)
        self._channels = self.rooms.messages
        self._read: dict[str, str] = {}
        self._last_ts = 0
        self._listeners: list[Callable[[Change], None]] = []

    def subscribe(self, listener: Callable[[Change], None]) -> None:
        self._listeners.append(listener)

    def tell(self, change: Change) -> None:
        for listener in self._listeners:
            listener(change)

    # People

    def member(self, user: str) -> Member:
        if user not in self.members:
            raise Refused("user_not_found")
        return self.members[user]

    def named(self, name: str) -> Member:
        return next(each for each in self.members.values() if each.name == name)

    def by_email(self, email: str) -> Member:
        for each in self.members.values():
            if each.email and each.email.lower() == email.strip().lower():
                return each
        raise Refused("users_not_found")

    def admit(self, member: Member) -> Member:
        """A new account, or one as it is by now."""
        self.members[member.id] = replace(member, updated=int(self.now()))
        self.tell(Change("member", member.id))
        return self.members[member.id]

    def change(self, user: str, **values: Any) -> Member:
        return self.admit(replace(self.member(user), **values))

    # Direct channels

    def open_channel(self, user: str) -> str:
        return self.rooms.open(user)

    def is_open(self, channel: str) -> bool:
        return channel in self._channels

    def user_of(self, channel: str) -> str:
        return self.rooms.user_of(channel)

    def resolve(self, destination: str) -> str:
        """The channel of a channel id or, as chat.postMessage allows it, of a user id; refused if the bot may not
        write there."""
        if destination in self.members and not self.members[destination].is_bot:
            destination = self.open_channel(destination)
        room = self.rooms.seen_by_bot(destination)
        if room is not None and room.archived:
            raise Refused("is_archived")
        if room is None and not self.identity.messages_tab:
            raise Refused("messages_tab_disabled")
        return destination

    # Messages

    def post(
        self,
        channel: str,
        author: str,
        text: str,
        blocks: list[Json] | None = None,
        metadata: Json | None = None,
        only_for: str | None = None,
        thread: str | None = None,
        broadcast: bool = False,
        files: Sequence[Json] = (),
    ) -> Message:
        message = Message(
            self.next_ts(), channel, author, text, state.identified(blocks or []), metadata, False, only_for,
            self.business_now(), thread, broadcast, list(files),
        )  # fmt: skip
        user = self.rooms.whose(channel)
        self._channels[channel][message.ts] = message
        if author == user:
            self._read[user] = message.ts
        self.tell(Change("posted", user, message))
        return message

    def update(
        self, channel: str, ts: str, text: str | None, blocks: list[Json] | None, metadata: Json | None = None
    ) -> Message:
        old = self._own(channel, ts, "cant_update_message")
        # Slack: text alone removes the blocks and marks the message as edited; blocks alone or both do not mark it.
        new_blocks = old.blocks if blocks is None and text is None else state.identified(blocks or [])
        message = replace(
            old,
            text=old.text if text is None else text,
            blocks=new_blocks,
            metadata=old.metadata if metadata is None else metadata or None,
            edited=old.edited or blocks is None,
        )
        return self.put(message)

    def put(self, message: Message) -> Message:
        self._channels[message.channel][message.ts] = message
        self.tell(Change("updated", self.rooms.whose(message.channel), message))
        return message

    def delete(self, channel: str, ts: str) -> None:
        message = self._own(channel, ts, "cant_delete_message")
        self.remove(message)

    def remove(self, message: Message) -> None:
        if self._channels[message.channel].pop(message.ts, None) is not None:
            self.tell(Change("deleted", self.rooms.whose(message.channel), message))

    def message(self, channel: str, ts: str) -> Message:
        self.rooms.seen_by_bot(channel)
        if ts not in self._channels[channel]:
            raise Refused("message_not_found")
        return self._channels[channel][ts]

    def messages(self, user: str) -> list[Message]:
        """All that the person sees in the direct message with the bot, oldest first."""
        return list(self._channels.get(f"D{user[1:]}", {}).values())

    def said_in(self, channel: str) -> list[Message]:
        return list(self._channels.get(channel, {}).values())

    def last_message(self, user: str) -> Message:
        return self.messages(user)[-1]

    def mark_read(self, user: str) -> None:
        messages = self.messages(user)
        if messages and self._read.get(user) != messages[-1].ts:
            self._read[user] = messages[-1].ts
            self.tell(Change("read", user, messages[-1]))

    def unread(self, user: str) -> int:
        read = self._read.get(user, "")
        return sum(1 for each in self.messages(user) if each.user != user and each.ts > read)

    def restore(self, message: Message) -> None:
        """Puts back what a journal kept, without telling anyone."""
        self._channels.setdefault(message.channel, {})[message.ts] = message
        self._last_ts = max(self._last_ts, int(message.ts.replace(".", "")))
        if message.user == self.rooms.whose(message.channel):
            self._read[message.user] = message.ts

    def restore_removed(self, channel: str, ts: str) -> None:
        self._channels.get(channel, {}).pop(ts, None)

    def restore_read(self, user: str, ts: str) -> None:
        self._read[user] = ts

    def next_ts(self) -> str:
        self._last_ts = max(int(self.now() * 1_000_000), self._last_ts + 100)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def _own(self, channel: str, ts: str, refusal: str) -> Message:
        message = self.message(channel, ts)
        if message.only_for:
            raise Refused("message_not_found")
        if message.user != self.identity.bot_user:
            raise Refused(refusal)
        return message

    # Views, for tests

    def top_view(self, user: str) -> View | None:
        return self.views.top(user)

    def home(self, user: str) -> View | None:
        return self.views.home(user)
