"""Every word a user reads, in gettext catalogues. English is the source; the reader's language is set by the engine."""

from __future__ import annotations

import gettext
import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

FOLDER = Path(__file__).parent
# The day before the month, and 24 hours, for all who read English.
ENGLISH = "en_GB"
_SOURCE = gettext.NullTranslations()
_locale: ContextVar[str] = ContextVar("locale", default="en")


@contextmanager
def reader(locale: str) -> Iterator[None]:
    """Words and dates inside are for a reader of this locale ("de-AT", "de"; English where no catalogue is)."""
    token = _locale.set(locale.replace("-", "_") or "en")
    try:
        yield
    finally:
        _locale.reset(token)


def current() -> str:
    """The reader's locale."""
    return _locale.get()


def load() -> None:
    """Every language compiled now, so that the first reader of one does not wait inside a transaction."""
    for path in FOLDER.glob("*.po"):
        _compiled(path.stem)


def languages() -> tuple[str, ...]:
    """What people can read in, by code; English is the source."""
    return ("en", *sorted(path.stem for path in FOLDER.glob("*.po")))


def language_name(code: str) -> str:
    """What its own speakers call it; for a locale without a catalogue, what it is read in."""
    code = served(code)
    try:
        name = Locale.parse(code).get_display_name()
    except (UnknownLocaleError, ValueError):
        name = None
    return name.capitalize() if name else code


def served(locale: str) -> str:
    """The language in which somebody of this locale reads."""
    return _served_by(locale.replace("-", "_")) or "en"


def speaks(locale: str) -> bool:
    """Whether this locale has words of its own here ("de-AT" has, by "de")."""
    name = locale.replace("-", "_")
    return name.split("_")[0] == "en" or bool(_served_by(name))


@cache
def _compiled(name: str) -> gettext.GNUTranslations:
    compiled = io.BytesIO()
    with (FOLDER / f"{name}.po").open("rb") as source:
        write_mo(compiled, read_po(source, locale=name))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@lru_cache(maxsize=256)
def _served_by(locale: str) -> str:
    """The catalogue for this locale, "" where there is none: de_AT reads de_AT.po, else de.po."""
    language, *rest = locale.split("_")
    parts = [language.lower(), *rest]
    there = {path.stem for path in FOLDER.glob("*.po")}
    names = ("_".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((name for name in names if name in there), "")


def _catalogue() -> gettext.NullTranslations:
    name = _served_by(_locale.get())
    return _compiled(name) if name else _SOURCE


def say(text: str, **figures: object) -> str:
    """The sentence in the reader's language, its {placeholders} filled."""
    # A catalogue keeps its own header under the empty sentence.
    translated = _catalogue().gettext(text) if text else ""
    return translated.format(**figures) if figures else translated


def say_n(one: str, many: str, count: int, **figures: object) -> str:
    return _catalogue().ngettext(one, many, count).format(count=count, **figures)


def mark(text: str) -> str:
    """Marks a sentence for the catalogues where it stands; `say` it where it is shown."""
    return text


def content(where: str, text: str) -> str:
    """Words of a content file; `where` is its file and key ("checkin.progress.label")."""
    return _catalogue().pgettext(where, text)


def day(value: date, today: date | None = None) -> str:
    """ "Thu 26 Nov" in the reader's way; with its year if that is not today's."""
    far = today is not None and value.year != today.year
    return format_date(value, _pattern("yMMMEd" if far else "MMMEd"), locale=_dated())


def long_day(value: date) -> str:
    """ "Thu, 26 Nov 2026": for what is kept."""
    return format_date(value, _pattern("yMMMEd"), locale=_dated())


def day_of_month(value: date) -> str:
    """ "26 Nov", where there is no room for more."""
    return format_date(value, _pattern("MMMd"), locale=_dated())


def weekday(number: int) -> str:
    """ "Thu", as it stands in a list; Monday is 0."""
    return format_date(date(2024, 1, 1 + number), "ccc", locale=_dated())


def language(locale: str) -> str:
    """What a locale speaks, such as "German" for de-AT; the locale itself where that is not known."""
    try:
        return Locale.parse(locale.replace("-", "_")).get_language_name(_dated()) or locale
    except (UnknownLocaleError, ValueError):
        return locale


def clock(value: time | datetime) -> str:
    return format_time(value, _pattern("Hm"), locale=_dated())


def moment(value: datetime) -> str:
    """ "Thu 26 Nov, 16:00"; the value is already in the reader's zone."""
    return str(_dated().datetime_formats["medium"]).format(clock(value), day(value))


def long_moment(value: datetime) -> str:
    """With its year; the value is already in the reader's zone."""
    return str(_dated().datetime_formats["medium"]).format(clock(value), long_day(value))


def number(value: Decimal) -> str:
    """Its decimals stand after the reader's own mark."""
    return format_decimal(value, locale=_dated(), decimal_quantization=False, group_separator=False)


def to_one_decimal(value: Decimal) -> str:
    """ "3.0" for a mean, of which there is never more to tell."""
    return format_decimal(value, "0.0", locale=_dated())


def to_two_decimals(value: Decimal) -> str:
    """ "0.70" for a score."""
    return format_decimal(value, "0.00", locale=_dated())


def _pattern(skeleton: str) -> str:
    return str(_dated().datetime_skeletons[skeleton].pattern)


def _dated() -> Locale:
    """Dates speak the language of the words around them."""
    name = _served_by(_locale.get())
    try:
        return Locale.parse(_locale.get() if name else ENGLISH)
    except (UnknownLocaleError, ValueError):
        return Locale.parse(name)
