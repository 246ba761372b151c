"""The plain values of the desk's Teams."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from desk.teams import cards
from desk.values import Json

CARD = "application/vnd.microsoft.card.adaptive"
CONSENT = "application/vnd.microsoft.teams.card.file.consent"
FILE = "application/vnd.microsoft.teams.card.file.info"


@dataclass(frozen=True)
class Account:
    """Somebody of the tenant. `id` is the object id of the directory; `installed` and `blocked` are about the bot."""

    id: str
    name: str
    email: str
    tz: str = "Etc/UTC"
    locale: str = "en-US"
    title: str = ""
    installed: bool = True
    blocked: bool = False

    @property
    def account(self) -> str:
        """The id that activities carry as `from.id`."""
        return f"29:1{self.id.replace('-', '')}"

    @property
    def conversation(self) -> str:
        """The personal chat with the bot."""
        return f"a:1{self.id.replace('-', '')}"


@dataclass(frozen=True)
class Activity:
    """One message in a chat; `sender` is an account's directory id, "" for the bot."""

    id: str
    user: str
    sender: str
    text: str
    attachments: list[Json] = field(default_factory=list)
    edited: bool = False
    at: float = 0.0  # business time, which the page shows; `id` is real time
    settled: str = ""  # of a file that was offered: "accept" or "decline", once somebody has said so

    @property
    def cards(self) -> list[Json]:
        return [each["content"] for each in self.attachments if each["contentType"] == CARD]

    @property
    def words(self) -> str:
        """All that can be read in it, for tests."""
        return "\n".join(
            [*([self.text] if self.text else []), *(text for card in self.cards for text in cards.texts(card))]
        )

    @property
    def errors(self) -> dict[str, str]:
        """What stands in red in a form, by the input above it, "" for what stands before the first."""
        return {key: text for card in self.cards for key, text in cards.errors(card).items()}

    @property
    def labels(self) -> list[str]:
        """What can be pressed."""
        return [str(action.get("title", "")) for card in self.cards for action in cards.actions(card)]


@dataclass(frozen=True)
class Dialog:
    """The task module that a person has open; `values` is what was typed into it, by input id."""

    id: str
    user: str
    title: str
    card: Json
    size: tuple[object, object] = ("", "")
    values: dict[str, str] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    notice: str = ""

    @property
    def words(self) -> str:
        return "\n".join([self.title, *cards.texts(self.card)])

    @property
    def labels(self) -> list[str]:
        return [str(action.get("title", "")) for action in cards.actions(self.card)]

    @property
    def asked(self) -> list[str]:
        """The ids of its inputs, in their order."""
        return [str(each["id"]) for each in cards.inputs(self.card)]

    @property
    def errors(self) -> dict[str, str]:
        """What stands in red, by the input above it, "" for what stands before the first; with what Teams' own client
        found missing."""
        return {**cards.errors(self.card), **self.missing}

    def typed(self, values: dict[str, str]) -> Dialog:
        return replace(self, values={**self.values, **values})
