"""Conversations: what a person is asked, opens, answers and is told. Handlers return these values and never send."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from types import ModuleType
from typing import ClassVar, Literal, TypeGuard
from uuid import UUID

from sqlalchemy.orm import Session

from bot.cadence import Cadence
from bot.clock import to_local
from bot.conversation.values import News, Reply, Room, Send, Task
from bot.forms import Answers, Form, Raw
from bot.messages import Message, Section
from bot.rules.nudges import OTHERS
from bot.storage.asks import Ask
from bot.storage.people import Person

__all__ = [
    "FIRST_WORDS", "SAID", "Context", "Conversation", "News", "Part", "Place", "Registry", "Reply", "Room", "Send",
    "Task", "discover", "part",
]  # fmt: skip

FIRST_WORDS = ("review", "checkin", "okr", "kudos")
# The subject of the draft in which words wait that nobody understood, until the person says where they belong.
SAID = "said"
Place = Literal["home", "menu", "manager_digest", "hr_digest", "my_summary"]


@dataclass(frozen=True)
class Context:
    """One act. `who` acts, perhaps for another; `args` are ids of the button or words typed after the phrase.

    `asked` is the ask this is about, where there is one; `typed` holds the raw answers so far when a form is redrawn,
    `typed_before` those of the drawing before; `in_dialog` says that the button stands in a dialog. `permissions` is
    what the chat lets us do, each with its marked reason.
    """

    db: Session
    now: datetime
    real_now: datetime
    registry: Registry
    who: Person | None = None
    acting_for: Person | None = None
    roles: frozenset[str] = frozenset()
    args: tuple[str, ...] = ()
    asked: Ask | None = None
    typed: Raw | None = None
    typed_before: Raw | None = None
    in_dialog: bool = False
    contact: str = ""
    permissions: tuple[tuple[str, str], ...] = ()

    @property
    def actor(self) -> Person:
        """Who acts; a task has nobody."""
        if self.who is None:
            raise RuntimeError("A task has no person: its cursor says whom it is about.")
        return self.who

    @property
    def person(self) -> Person:
        """Whom it is for."""
        return self.acting_for or self.actor

    @property
    def local_now(self) -> datetime:
        """Wall time of the person."""
        return to_local(self.now, self.person.zone)

    @property
    def today(self) -> date:
        """Of the person; in a room, which many read, the day in UTC."""
        return self.local_now.date() if self.who else self.now.date()

    def local(self, instant: datetime) -> datetime:
        return to_local(instant, self.person.zone)


class Conversation:
    """`name` is what buttons carry, `words` what people type; one without words can only be pressed. `takes_words`:
    more words may follow them, and come as `args`.

    `summary` is a marked sentence for the help, `cadence` the default of its programmes, `questions` its content file,
    `rank` its place among what is asked on one day (`bot.rules.nudges`). `roles`: its words are shown only to those who
    have one of these. `confidential`: nobody but the bot may know
    who has answered, so that nobody else can have it remind. `in_chat`: its form is short and shows nobody else's
    answers, so that a platform may draw it in the chat itself; one may leave that be.
    `takes_files`: what people send to the bot as a file is for this one; there is one at most.
    `daily`: it has a task of its own each day, which `work` is given.
    """

    name: ClassVar[str]
    words: ClassVar[tuple[str, ...]] = ()
    takes_words: ClassVar[bool] = False
    summary: ClassVar[str] = ""
    cadence: ClassVar[Cadence | None] = None
    questions: ClassVar[str] = ""
    rank: ClassVar[int] = OTHERS
    roles: ClassVar[frozenset[str]] = frozenset()
    confidential: ClassVar[bool] = False
    dialog: ClassVar[bool] = False
    in_chat: ClassVar[bool] = False
    takes_files: ClassVar[bool] = False
    daily: ClassVar[bool] = False

    def takes(self, words: Sequence[str]) -> bool:
        """Whether these may follow its own."""
        return self.takes_words or not words

    def expects(self, db: Session, people: Collection[UUID], day: date) -> Set[UUID]:
        """Of whom it has something to ask in the occurrence of this day; nobody else gets an ask, or hears of one."""
        return frozenset(people)

    def prompt(self, ctx: Context) -> Message:
        """The ask as it stands now: asked, answered, left out, missed or closed."""
        raise NotImplementedError

    def remind(self, ctx: Context) -> Message:
        return self.prompt(ctx)

    def open(self, ctx: Context) -> Form | Reply:
        raise NotImplementedError

    def submit(self, ctx: Context, answers: Answers) -> Reply:
        raise NotImplementedError

    def work(self, ctx: Context, task: Task) -> Task | Reply | None:
        """The next task, or a reply whose `also` is sent to others; None when all is done."""
        raise NotImplementedError

    def news(self, ctx: Context, about: UUID, since: datetime, until: datetime | None) -> Message | None:
        """What happened to this from `since` until before `until`, for `ctx.person`; None if there is nothing to tell
        any more.
        """
        raise NotImplementedError

    def wants(self, ctx: Context, name: str, size: int) -> Reply | None:
        """None for a file that may be fetched; else why not. Where its size is not known before, it is 0."""
        raise NotImplementedError

    def take(self, ctx: Context, name: str, content: bytes) -> Reply:
        """A file that was wanted."""
        raise NotImplementedError

    def offer(self, ctx: Context) -> str:
        """The label of a button for words that nobody understood, "" to offer none; `open` finds them in a draft."""
        return ""


@dataclass(frozen=True)
class Part:
    """A small section that a conversation contributes to a shared place; smaller orders stand first."""

    place: Place
    order: int
    draw: Callable[[Context], Section | None]


def part(place: Place, order: int) -> Callable[[Callable[[Context], Section | None]], Part]:
    def named(draw: Callable[[Context], Section | None]) -> Part:
        return Part(place, order, draw)

    return named


@dataclass(frozen=True)
class Registry:
    conversations: Mapping[str, Conversation]
    words: Mapping[str, Conversation]
    parts: tuple[Part, ...]

    def typed(self, text: str) -> tuple[Conversation, tuple[str, ...]] | None:
        """The conversation whose phrase is the longest beginning of the text, and the words after it."""
        words = text.split()
        # No phrase is longer than the longest, however much was typed.
        longest = max((len(phrase.split()) for phrase in self.words), default=0)
        for length in range(min(len(words), longest), 0, -1):
            for phrase in (" ".join(words[:length]), " ".join(("review", *words[:length]))):
                found = self.words.get(phrase.casefold())
                if found and found.takes(words[length:]):
                    return found, tuple(words[length:])
        return None

    def parts_of(self, place: Place) -> tuple[Part, ...]:
        return tuple(sorted((part for part in self.parts if part.place == place), key=lambda part: part.order))

    def taking_files(self) -> Conversation | None:
        return next((one for one in self.conversations.values() if one.takes_files), None)

    def dialogs(self) -> frozenset[str]:
        """The phrases whose buttons open a dialog."""
        return frozenset(name for name, one in self.conversations.items() if one.dialog)

    def first_words(self) -> tuple[str, ...]:
        """The words that stand in a manifest: those of the closed list that some conversation answers to."""
        used = {phrase.split()[0] for phrase in self.words}
        return tuple(word for word in FIRST_WORDS if word in used)


def discover(package: ModuleType) -> Registry:
    """Every conversation and part of a package. Two of one name or phrase, or a first word out of the list, fail."""
    conversations: dict[str, Conversation] = {}
    words: dict[str, Conversation] = {}
    parts: list[Part] = []
    for module in _modules(package):
        for value in vars(module).values():
            if isinstance(value, Part):
                parts.append(value)
            elif _is_conversation(value) and value.__module__ == module.__name__:
                _enter(value(), conversations, words)
    return Registry(conversations, words, tuple(parts))


def _is_conversation(value: object) -> TypeGuard[type[Conversation]]:
    """One without a name is there for others to build on."""
    return isinstance(value, type) and issubclass(value, Conversation) and "name" in vars(value)


def _modules(package: ModuleType) -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        yield importlib.import_module(found.name)


def _enter(one: Conversation, names: dict[str, Conversation], words: dict[str, Conversation]) -> None:
    if one.name in names:
        raise ValueError(f"two conversations are named {one.name!r}")
    if one.takes_files and any(other.takes_files for other in names.values()):
        raise ValueError(f"{one.name} is not the only one that takes files")
    if one.in_chat and one.confidential:
        raise ValueError(f"{one.name} is confidential: its form stands in no chat")
    names[one.name] = one
    for phrase in one.words:
        if phrase.split()[0] not in FIRST_WORDS:
            raise ValueError(f"{one.name}: a phrase begins with one of {', '.join(FIRST_WORDS)}, not {phrase!r}")
        if phrase in words:
            raise ValueError(f"{one.name} and {words[phrase].name} both answer to {phrase!r}")
        words[phrase] = one
