"""The plain values that the rooms of the desk hand to each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
# {block_id: {action_id: entry}}, in the shape of Slack's `view.state.values`
Values = dict[str, dict[str, Json]]


class Refused(Exception):
    """Slack says no: its error code, and the lines it adds in `response_metadata.messages`."""

    def __init__(self, error: str, *detail: str, **extra: str) -> None:
        super().__init__(error, *detail)
        self.error = error
        self.detail = detail
        self.extra = extra

    def __str__(self) -> str:
        return ": ".join((self.error, *self.detail))


@dataclass(frozen=True)
class Member:
    id: str
    name: str
    email: str
    tz: str = "Etc/UTC"
    locale: str = "en-US"
    is_bot: bool = False
    title: str = ""
    deleted: bool = False
    updated: int = 0
    guest: bool = False

    @property
    def handle(self) -> str:
        return self.name.lower().replace(" ", ".")


@dataclass(frozen=True)
class Command:
    name: str
    hint: str = ""
    description: str = ""


@dataclass(frozen=True)
class Message:
    ts: str
    channel: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    edited: bool = False
    only_for: str | None = None
    at: float = 0.0  # business time, which the page shows; `ts` is real time, as it is Slack's
    thread: str | None = None  # the `ts` of the message that this one answers
    broadcast: bool = False  # a reply that stands in the conversation too
    files: list[Json] = field(default_factory=list)

    @property
    def words(self) -> str:
        """All that can be read in it, for tests."""
        return "\n".join(texts(self.blocks)) if self.blocks else self.text


@dataclass(frozen=True)
class View:
    id: str
    user: str
    content: Json
    hash: str
    root: str
    previous: str | None = None
    values: Values = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    notice: str = ""

    @property
    def type(self) -> str:
        return str(self.content["type"])

    @property
    def blocks(self) -> list[Json]:
        return list(self.content["blocks"])

    @property
    def title(self) -> str:
        return str(self.content.get("title", {}).get("text", ""))

    @property
    def callback_id(self) -> str:
        return str(self.content.get("callback_id", ""))

    @property
    def private_metadata(self) -> str:
        return str(self.content.get("private_metadata", ""))

    @property
    def external_id(self) -> str:
        return str(self.content.get("external_id", ""))

    @property
    def words(self) -> str:
        return "\n".join(texts(self.content))


def texts(value: object) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from texts(each)
    elif isinstance(value, dict):
        for key, each in value.items():
            if key in ("text", "alt_text") and isinstance(each, str):
                yield each
            elif key == "value" and value.get("type") == "markdown":
                yield str(each)
            else:
                yield from texts(each)
