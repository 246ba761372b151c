"""What comes in from a platform and what goes back: the edges translate to the one and draw the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from bot.engine.profiles import Profile, Who
from bot.forms import Form, Raw
from bot.messages import Message


@dataclass(frozen=True)
class Origin:
    """Where an act began. `respond` replaces a message that only the presser sees; `here`: a form is drawn in the
    message's place, or stands there already. `waits`: a dialog is about to open, and has to show something.
    """

    kind: Literal["word", "message", "only_you", "dialog", "home"] = "word"
    channel: str = ""
    message: str = ""
    respond: str = ""
    here: bool = False
    waits: bool = False


DIALOG = Origin("dialog")
LARGEST_HANDED = 10 * 1024 * 1024
# several: more than one file at once. not_allowed: the app may not read files there.
Trouble = Literal["", "several", "not_allowed", "too_large", "gone", "no_answer"]


@dataclass(frozen=True)
class Token:
    """What goes out with a dialog and comes back: ids only, never an answer."""

    phrase: str
    ids: tuple[str, ...] = ()
    version: str = ""
    page: int = 0
    person: str = ""
    groups: Mapping[str, int] = field(default_factory=dict)

    def pack(self) -> dict[str, Any]:
        packed = {"phrase": self.phrase, "ids": list(self.ids), "version": self.version, "page": self.page}
        return {**packed, "person": self.person, "groups": dict(self.groups)}

    @classmethod
    def unpack(cls, packed: Mapping[str, Any]) -> Token:
        """Raises ValueError for anything this class did not pack."""
        try:
            ids, groups = packed["ids"], packed.get("groups", {})
            counts = {str(key): int(count) for key, count in groups.items()}
            named = (str(packed["version"]), int(packed["page"]), str(packed["person"]))
            return cls(str(packed["phrase"]), tuple(map(str, ids)), *named, counts)
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("not a token") from error


@dataclass(frozen=True)
class Opened:
    """A word, a command or a button. `bound` is the person a button was given to; words have none."""

    who: Who
    receipt: str
    phrase: str
    args: tuple[str, ...] = ()
    origin: Origin = Origin()
    bound: str = ""


@dataclass(frozen=True)
class Submitted:
    who: Who
    receipt: str
    token: Token
    raw: Raw
    origin: Origin = DIALOG


@dataclass(frozen=True)
class Changed:
    who: Who
    receipt: str
    token: Token
    raw: Raw
    origin: Origin = DIALOG


@dataclass(frozen=True)
class Paged:
    who: Who
    receipt: str
    token: Token
    raw: Raw
    page: int
    origin: Origin = DIALOG


@dataclass(frozen=True)
class Sought:
    who: Who
    token: Token
    field: str
    text: str


@dataclass(frozen=True)
class Said:
    """Free text, or a command with its words; `command` is its first word ("review"), empty for plain text. `<@user>`
    stands for the account that was mentioned.
    """

    who: Who
    receipt: str
    text: str
    command: str = ""


@dataclass(frozen=True)
class HomeOpened:
    who: Who
    receipt: str


@dataclass(frozen=True)
class Added:
    """The bot was added for this account, by them or for them: only who is unknown hears of it at once."""

    who: Who


@dataclass(frozen=True)
class Consented:
    """The reader of a file was asked whether it may come, at `origin`. `place` is what the platform needs to take it
    there, in its own words; "" where they want no file. `bound` as in `Opened`.
    """

    who: Who
    receipt: str
    file: UUID
    bound: str
    origin: Origin
    place: str = ""


@dataclass(frozen=True)
class Handed:
    """A file was sent to the bot, in the person's own conversation with it. It comes twice: first without `content`,
    and only what is then `Wanted` is fetched. `trouble`: why it could not be. `size` is 0 where it is not known before.
    """

    who: Who
    receipt: str
    name: str
    size: int = 0
    content: bytes | None = None
    trouble: Trouble = ""


@dataclass(frozen=True)
class Removed:
    """The bot was taken out of a workspace; `at` is when, by the platform's clock. `users` are the bots whose tokens
    ended, () for all of them.
    """

    who: Who
    receipt: str
    why: str
    at: datetime
    users: tuple[str, ...] = ()


@dataclass(frozen=True)
class Shown:
    """Draw this form; `raw` is what stands in it. `here`: in the chat, in the place of the message."""

    form: Form
    token: Token
    raw: Raw
    names: Mapping[str, str] = field(default_factory=dict)
    locale: str = "en"
    here: bool = False


@dataclass(frozen=True)
class Told:
    """Show this message: to a word only to the asker, in a dialog if `dialog`."""

    message: Message
    person: str = ""
    dialog: bool = False
    token: Token | None = None
    locale: str = "en"


@dataclass(frozen=True)
class Faulty:
    """Errors by field key; the key "" is about the form as a whole."""

    problems: Mapping[str, str]


@dataclass(frozen=True)
class Done:
    """Accepted; what there is to see is on its way. `kind` is what a repeated event is answered with."""

    kind: str = "done"


@dataclass(frozen=True)
class Found:
    """Choices of a search, as key and label."""

    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Listed:
    """The directory says that an account is new or has changed. Told twice, or late, changes nothing."""

    who: Who
    profile: Profile


@dataclass(frozen=True)
class Wanted:
    """The file may be fetched, and then comes again with its content, or with what went wrong."""


Event = (
    Opened | Submitted | Changed | Paged | Sought | Said | HomeOpened | Consented | Handed | Removed | Added | Listed
)
Outcome = Shown | Told | Faulty | Done | Found | Wanted
