"""Where messages stand: a direct message for each person, and the channels of the company."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from desk.values import Member, Message, Refused


@dataclass(frozen=True)
class Room:
    """A channel; what the bot is not in, it does not see if it is private, and may not write to if it is public."""

    id: str
    name: str
    members: frozenset[str]
    private: bool = True
    with_bot: bool = True
    archived: bool = False
    purpose: str = ""


class Rooms:
    def __init__(self, members: Mapping[str, Member], rooms: Iterable[Room]) -> None:
        self._members = members
        self._rooms = {each.id: each for each in rooms}
        self.messages: dict[str, dict[str, Message]] = {each: {} for each in self._rooms}

    def all(self) -> list[Room]:
        return list(self._rooms.values())

    def put(self, room: Room) -> None:
        self._rooms[room.id] = room
        self.messages.setdefault(room.id, {})

    def find(self, channel: str) -> Room | None:
        return self._rooms.get(channel)

    def open(self, user: str) -> str:
        """The direct message with this person, opened if it was not."""
        if user not in self._members or self._members[user].is_bot:
            raise Refused("user_not_found")
        channel = f"D{user[1:]}"
        self.messages.setdefault(channel, {})
        return channel

    def seen_by_bot(self, channel: str) -> Room | None:
        """The room, or None for a direct message; refused if the bot cannot see it."""
        room = self._rooms.get(channel)
        if channel not in self.messages or (room is not None and room.private and not room.with_bot):
            raise Refused("channel_not_found")
        if room is not None and not room.with_bot:
            raise Refused("not_in_channel")
        return room

    def user_of(self, channel: str) -> str:
        """The person of a direct message."""
        if channel not in self.messages or channel in self._rooms:
            raise Refused("channel_not_found")
        return f"U{channel[1:]}"

    def people(self, channel: str) -> frozenset[str]:
        room = self._rooms.get(channel)
        return room.members if room else frozenset((self.user_of(channel),))

    def whose(self, channel: str) -> str:
        """The one person whose screen a change concerns; empty if it concerns everyone in a room."""
        return "" if channel in self._rooms else self.user_of(channel)
