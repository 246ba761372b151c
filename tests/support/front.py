"""What a platform is to the people of a test: how they speak, press, fill in and see on it. `user` is an account."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from bot import app as house
from bot.messages import Button
from desk.sending import Exchange

Answers = Mapping[str, Any]


class Front(Protocol):
    """A message, dialog or home is what the desk has for it: it has `words`, a dialog also a `title`."""

    settle: Callable[[], Awaitable[None]]

    def settings(self) -> dict[str, Any]:
        """What a bot must know to be on this platform."""

    async def people(self, app: house.App, names: list[str]) -> None:
        """The platform is installed, and the bot knows where these people are."""

    def moved(self, app: house.App) -> None:
        """A database in which that was done before, beside another desk."""

    def user(self, name: str) -> str: ...

    def mention(self, name: str) -> str: ...

    async def command(self, user: str, word: str, text: str) -> Exchange: ...

    async def say(self, user: str, text: str) -> Exchange: ...

    async def open_home(self, user: str) -> Exchange: ...

    async def home_again(self, user: str) -> None: ...

    async def files(self, user: str) -> list[tuple[str, bytes]]: ...

    async def hand(self, user: str, *files: tuple[str, bytes]) -> Exchange:
        """Sends files to the bot, in one message."""

    async def press(self, user: str, place: Any, label: str) -> Exchange: ...

    def picked(self, name: str, person: str) -> Any:
        """An answer to a question for people, as a search offers it."""

    def type_in(self, user: str, answers: Answers) -> None: ...

    def put_in(self, user: str, answers: Mapping[str, str]) -> None: ...

    async def choose(self, user: str, answers: Answers) -> Exchange: ...

    async def submit(self, user: str, answers: Answers, *, strict: bool = True) -> Exchange:
        """`strict` fails for answers that are not asked for."""

    async def cancel(self, user: str) -> None: ...

    def show_again(self, user: str, dialog: Any) -> None: ...

    def given(self, user: str, button: Button, person: str, opens: frozenset[str]) -> Any: ...

    async def again(self, exchange: Exchange) -> Exchange: ...

    async def redeliver(self, exchange: Exchange) -> Exchange: ...

    def dialog(self, user: str) -> Any: ...

    def typed(self, user: str) -> dict[str, Any]: ...

    def asked(self, user: str) -> list[str]: ...

    def errors(self, user: str) -> Mapping[str, str]: ...

    def hints(self, dialog: Any) -> dict[str, str]: ...

    def notice(self, dialog: Any) -> str: ...

    def in_row(self, place: Any, words: str, label: str) -> str:
        """What the button of this label is called that belongs to the row with these words."""

    def drawn(self, place: Any) -> str:
        """All of it as the client gets it."""

    def check_room(self, place: Any) -> None: ...

    def plain(self, place: Any) -> list[str]:
        """What is shown as it was written."""

    def marked(self, place: Any) -> list[str]:
        """What the client reads marks of emphasis, links and mentions in."""

    def note(self, user: str) -> str:
        """What the last act was answered with in passing; "" if nothing."""

    def messages(self, user: str) -> list[Any]: ...

    def home(self, user: str) -> Any: ...

    def labels(self, place: Any) -> list[str]: ...

    def is_alone(self, user: str, message: Any) -> bool: ...

    def is_there_to_stay(self, message: Any) -> bool: ...

    def place(self, message: Any) -> str: ...
