"""Two made-up languages in which every letter of every sentence of the catalogues is accented, and what stays plain."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from string import ascii_letters

import pytest
from babel.messages.pofile import read_po, write_po
from slack_rules import walk

from bot import texts
from bot.commands import catalogue
from desk.workspace import Change, Workspace

# Languages whose names of days and months have no Latin letter, so that a date of English is found as well.
LOCALE, OTHER = "el", "ka"
_LETTERS = {
    LOCALE: "áƀćđéƒǵĥíĵķĺɱńóƥʠŕśťúṽŵẋýźÁƁĆĐÉƑǴĤÍĴĶĹṀŃÓƤɊŔŚŤÚṼŴẊÝŹ",
    OTHER: "ạḅċḍẹḟġḥịǰḳḷṃṇọṗɋṛṣṭụṿẁẍỵẓẠḄĊḌẸḞĠḤỊɈḲḶṂṆỌṖꝖṚṢṬỤṾẀẌỴẒ",
}
_ACCENTED = {locale: str.maketrans(ascii_letters, letters) for locale, letters in _LETTERS.items()}
# With the letters of their own in which dates are written.
_SPOKEN = {LOCALE: f"[{_LETTERS[LOCALE]}\u0370-\u03ff]", OTHER: f"[{_LETTERS[OTHER]}\u10a0-\u10ff\u1c90-\u1cbf]"}


def marked(text: str, locale: str = LOCALE) -> str:
    """The sentence with its {placeholders} as they are."""
    parts = re.split(r"(\{\w*\})", text)
    return "".join(part if part.startswith("{") else part.translate(_ACCENTED[locale]) for part in parts)


def spoken(text: str) -> set[str]:
    """Which of the two this is in; what each is called by its own speakers is read by everybody."""
    for locale in _SPOKEN:
        text = text.replace(texts.language_name(locale), " ")
    return {locale for locale, letters in _SPOKEN.items() if re.search(letters, text)}


def bare(text: str, proper: Iterable[str] = ()) -> list[str]:
    """Words that came through no catalogue; `proper` are names, and words that are typed."""
    text = html.unescape(text)
    for name in sorted(proper, key=len, reverse=True):
        text = re.sub(rf"(?<![\w/]){re.escape(name)}(?!\w)", " ", text)
    return re.findall("[A-Za-z]+", text)


@contextmanager
def shipped(folder: Path, patch: pytest.MonkeyPatch) -> Iterator[str]:
    """Both, as if their catalogues lay beside the others; the first is the house's."""
    for locale in _LETTERS:
        (folder / f"{locale}.po").write_bytes(_catalogue(locale))
    patch.setattr(texts, "FOLDER", folder)
    _forget()
    yield LOCALE
    _forget()


@cache
def _catalogue(locale: str) -> bytes:
    with catalogue.FILE.open("rb") as source:
        template = read_po(source, locale=locale)
    for message in template:
        if message.id:
            ids = message.id if isinstance(message.id, tuple) else (message.id,)
            strings = tuple(marked(one, locale) for one in ids)
            message.string = strings if message.pluralizable else strings[0]
    written = io.BytesIO()
    write_po(written, template)
    return written.getvalue()


def _forget() -> None:
    texts._compiled.cache_clear()
    texts._served_by.cache_clear()


def read(drawn: object) -> Iterator[str]:
    """Every text that is read on these blocks or this view; not what a person typed into an input."""
    return (part["text"] for part in walk(drawn) if isinstance(part.get("text"), str))


class Screens:
    """Collects what the bot shows from now on, as pairs of a person's account and a text."""

    def __init__(self, space: Workspace) -> None:
        self._space = space
        self.shown: list[tuple[str, str]] = []
        space.subscribe(self._keep)

    def of(self, user: str) -> set[str]:
        return {text for whose, text in self.shown if whose == user}

    def _keep(self, change: Change) -> None:
        message = change.message
        if message is not None and message.user == self._space.identity.bot_user:
            self._add(change.user, [message.text, *read(message.blocks)])
        elif change.kind == "home" and (home := self._space.home(change.user)):
            self._add(change.user, read(home.content))
        for view in self._space.views.stack(change.user) if change.kind == "view" else ():
            self._add(change.user, [*read(view.content), *view.errors.values()])

    def _add(self, user: str, found: Iterable[str]) -> None:
        self.shown += [(user, text) for text in found]


def speak(space: Workspace, users: Iterable[str], locale: str) -> None:
    """What the accounts of these people say when the directory is read next."""
    for user in users:
        space.members[user] = replace(space.members[user], locale=locale)
