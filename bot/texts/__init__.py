"""Every word a user reads, in gettext catalogues. English is the source; the reader's language is set by the engine."""

from __future__ import annotations

import gettext as _gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time
from functools import cache
from pathlib import Path

from babel.dates import format_date, format_datetime, format_time
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).parent
_locale: ContextVar[str] = ContextVar("locale", default="en")


@contextmanager
def reader(locale: str) -> Iterator[None]:
    """Words and dates inside are for a reader of this locale ("de_DE", "de"; English where no catalogue is)."""
    token = _locale.set(locale.replace("-", "_") or "en")
    try:
        yield
    finally:
        _locale.reset(token)


def current() -> str:
    """The reader's locale."""
    return _locale.get()


@cache
def _catalogue(locale: str) -> _gettext.NullTranslations:
    import io

    for name in (locale, locale.split("_")[0]):
        path = FOLDER / f"{name}.po"
        if path.exists():
            with path.open("rb") as source:
                compiled = io.BytesIO()
                write_mo(compiled, read_po(source, locale=name))
            compiled.seek(0)
            return _gettext.GNUTranslations(compiled)
    return _gettext.NullTranslations()


def say(text: str, **figures: object) -> str:
    """The sentence in the reader's language, its {placeholders} filled."""
    translated = _catalogue(_locale.get()).gettext(text)
    return translated.format(**figures) if figures else translated


def say_n(one: str, many: str, count: int, **figures: object) -> str:
    return _catalogue(_locale.get()).ngettext(one, many, count).format(count=count, **figures)


def mark(text: str) -> str:
    """Marks a sentence for the catalogues where it stands; `say` it where it is shown."""
    return text


def content(where: str, text: str) -> str:
    """Words of a content file; `where` is its file and key ("checkin.progress.label")."""
    return _catalogue(_locale.get()).pgettext(where, text)


def day(value: date) -> str:
    """ "Thu 26 Nov" in the reader's way."""
    return format_date(value, "EEE d MMM", locale=_known())


def weekday(number: int) -> str:
    """ "Thu"; Monday is 0."""
    return format_date(date(2024, 1, 1 + number), "EEE", locale=_known())


def clock(value: time | datetime) -> str:
    return format_time(value, "HH:mm", locale=_known())


def moment(value: datetime) -> str:
    """ "Thu 26 Nov, 16:00"; the value is already in the reader's zone."""
    return format_datetime(value, "EEE d MMM, HH:mm", locale=_known())


def _known() -> str:
    from babel import Locale, UnknownLocaleError

    try:
        return str(Locale.parse(_locale.get()))
    except (UnknownLocaleError, ValueError):
        return "en"
