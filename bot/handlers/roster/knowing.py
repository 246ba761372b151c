"""What a people file may name of the world: zones, languages and countries, by code or by English or German name."""

from __future__ import annotations

import re
from functools import cache

from babel import Locale

from bot.clock import site_of, valid_zone
from bot.rules.roster import Knows

CODE = re.compile(r"[a-z]{2,3}([-_][a-z0-9]{2,8}){0,2}", re.IGNORECASE)
# Codes of two letters that name no country: unions, pseudo locales, the unknown one.
NOWHERE = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})
# In which languages a file's words are understood: those of the headers.
HEADED = ("de", "en")


@cache
def _languages() -> dict[str, str]:
    called = [one for own in HEADED for one in Locale(own).languages.items()]
    names = {name.casefold(): code for code, name in called if "_" not in code and len(code) == 2}
    return names | {code: code for code in names.values()}


@cache
def _countries() -> dict[str, str]:
    called = [one for own in HEADED for one in Locale(own).territories.items()]
    names = {name.casefold(): code for code, name in called if re.fullmatch("[A-Z]{2}", code) and code not in NOWHERE}
    return names | {code.casefold(): code for code in names.values()} | {"uk": "GB", "usa": "US"}


@cache
def language(text: str) -> str:
    """A code, or "English (US)"; "" for what is none."""
    name = re.sub(r"\s*\(.*\)$", "", text).casefold()
    if name in _languages() and not CODE.fullmatch(text):
        return _languages()[name]
    return text if CODE.fullmatch(text) and re.split("[-_]", text)[0].casefold() in _languages() else ""


@cache
def country(text: str) -> str:
    return _countries().get(text.casefold(), "")


@cache
def holidays(code: str, region: str) -> bool:
    return site_of(code, region) is not None


def region(code: str, text: str) -> str:
    found = site_of(code, text)
    return found[1] if found else ""


def place(text: str) -> tuple[str, str] | None:
    """As it is set for the company: DE, or DE-BY."""
    code, _, part = text.partition("-")
    return site_of(code, part) if text else None


KNOWS = Knows(cache(valid_zone), language, country, holidays, region)
