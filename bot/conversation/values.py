"""What handlers return: words to others, steps to come, and the reply. Frozen values; none of them sends anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from bot.messages import Message

Purpose = Literal["reply", "news", "nudge"]
# What changed, by the conversation that tells of it and its id; and for whom alone, where many have heard of it.
Changed = tuple[str, UUID] | tuple[str, UUID, UUID]


@dataclass(frozen=True)
class Room:
    """A channel that is nobody's own, by the id of its row."""

    id: UUID


@dataclass(frozen=True)
class Send:
    """One message to one person or room; `key` makes it happen once, `asks` are redrawn in it when they change."""

    to: UUID | Room
    message: Message
    key: str
    purpose: Purpose = "news"
    asks: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class News:
    """An act of somebody else, addressed to this person. It goes out in their working hours; what it says is drawn then
    by the conversation `phrase`, from what it is about. `key` makes it happen once. What is `fresh` never joins a
    message that is out: an edit gives no notice.
    """

    to: UUID
    phrase: str
    about: UUID
    key: str
    fresh: bool = False


@dataclass(frozen=True)
class Task:
    """A step of a conversation at a business time; `key` makes it happen once."""

    conversation: str
    step: str
    key: str
    at: datetime
    cursor: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Reply:
    """`asks` are those that changed: their posted messages are drawn anew as they stand. `message` answers the actor;
    without one the first ask as it stands is the answer. `changed` are other things, each with the conversation that
    tells of it: the news about them is drawn anew. `shows`: the message stands for this thing, and is drawn anew as
    its news would be when the thing is among what `changed`.

    `dialog`: text that must not stay in the chat is shown in a dialog instead.
    """

    message: Message | None = None
    also: tuple[Send | News | Task, ...] = ()
    asks: tuple[UUID, ...] = ()
    changed: tuple[Changed, ...] = ()
    shows: tuple[str, UUID] | None = None
    dialog: bool = False
