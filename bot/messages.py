"""Messages: what a person reads and may press. Frozen values; each platform draws and escapes them its own way."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal


@dataclass(frozen=True)
class Strong:
    text: str


@dataclass(frozen=True)
class Link:
    url: str
    text: str


@dataclass(frozen=True)
class Mention:
    """A person by id, with the name to show where the platform cannot link them."""

    person: str
    name: str


Span = str | Strong | Link | Mention
Line = str | tuple[Span, ...]
Style = Literal["plain", "primary", "danger"]
LARGEST_FILE = 20 * 1024 * 1024


@dataclass(frozen=True, init=False)
class Button:
    """`phrase` names the conversation that a press opens; ids are all that it carries. `in_chat`: the form that it
    opens may be answered in the message's place, too, where the platform can do that. `confirm` is asked before; `deny`
    names the way back, where the platform has a button for it and "Cancel" could be taken for the act.
    """

    label: str
    phrase: str
    ids: tuple[str, ...]
    style: Style
    confirm: str
    deny: str
    in_chat: bool

    def __init__(
        self, label: str, phrase: str, *ids: object, style: Style = "plain", confirm: str = "", deny: str = "",
        in_chat: bool = False,
    ) -> None:  # fmt: skip
        values = (("label", label), ("phrase", phrase), ("ids", tuple(map(str, ids))), ("style", style))
        for name, value in (*values, ("confirm", confirm), ("deny", deny), ("in_chat", in_chat)):
            object.__setattr__(self, name, value)


@dataclass(frozen=True)
class Fact:
    label: str
    value: str


@dataclass(frozen=True)
class Bar:
    """`share` from 0 to 1, drawn as a bar; `text` says the same in figures."""

    label: str
    share: float
    text: str


@dataclass(frozen=True)
class Row:
    """One item of a list, with its own buttons."""

    lines: tuple[Line, ...]
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True)
class File:
    """Sent beside the message that carries it; the message says what is in it, so that nothing is lost without. `alt`
    is what a picture shows, in words; a file that is no picture has none. Homes, dialogs and answers that only the
    presser sees carry none.
    """

    name: str
    content: bytes
    alt: str = ""

    def __post_init__(self) -> None:
        if not 0 < len(self.content) <= LARGEST_FILE:
            raise ValueError(f"{self.name}: a file has from 1 byte to 20 MB, not {len(self.content)} bytes.")


@dataclass(frozen=True)
class Section:
    title: str = ""
    lines: tuple[Line, ...] = ()
    facts: tuple[Fact, ...] = ()
    bars: tuple[Bar, ...] = ()
    rows: tuple[Row, ...] = ()
    buttons: tuple[Button, ...] = ()
    note: str = ""
    files: tuple[File, ...] = ()


@dataclass(frozen=True)
class Message(Section):
    """`sections` follow below, each under its own title. `summary` is read aloud and shown in notifications."""

    sections: tuple[Section, ...] = ()
    summary: str = ""


_KINDS: dict[str, type[Any]] = {
    kind.__name__: kind for kind in (Strong, Link, Mention, Button, Fact, Bar, Row, File, Section, Message)
}


def files_of(message: Message) -> tuple[File, ...]:
    """Its own and those of its sections."""
    return (*message.files, *(file for section in message.sections for file in section.files))


def without_files(message: Message) -> Message:
    return replace(message, files=(), sections=tuple(replace(one, files=()) for one in message.sections))


def dump(message: Message) -> str:
    """One line of JSON, for a sealed column."""
    return json.dumps(_plain(message), ensure_ascii=False, separators=(",", ":"))


def load(text: str) -> Message:
    message = _rebuilt(json.loads(text))
    if not isinstance(message, Message):
        raise ValueError("not a stored message")
    return message


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return {"kind": "bytes", "base64": base64.b64encode(value).decode("ascii")}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if type(value).__name__ in _KINDS:
        named = {f.name: _plain(getattr(value, f.name)) for f in fields(value)}  # type: ignore[arg-type]
        said = {name: item for name, item in named.items() if item not in ("", []) and item is not False}
        return {"kind": type(value).__name__, **said}
    return value


def _rebuilt(value: object) -> object:
    if isinstance(value, list):
        return tuple(_rebuilt(item) for item in value)
    if isinstance(value, Mapping):
        if value["kind"] == "bytes":
            return base64.b64decode(str(value["base64"]))
        named = {str(name): _rebuilt(item) for name, item in value.items() if name != "kind"}
        kind = _KINDS[str(value["kind"])]
        if kind is Button:
            ids: Any = named.pop("ids", ())
            label: Any = named.pop("label")
            phrase: Any = named.pop("phrase")
            return Button(label, phrase, *ids, **named)  # type: ignore[arg-type]
        return kind(**named)
    return value
