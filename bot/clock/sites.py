"""Public holidays of a country and of a region in it, for any year, by whatever name the place is given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Any

import holidays

_SOON = 400
# As much of a code as is stored; the few longer ones are towns with one day of their own.
_LONGEST = 10


@dataclass(frozen=True)
class Site:
    """Asked whether a day is free there. Where nothing is known of a place, no day is: nobody's questions stop."""

    country: str
    region: str = ""

    def __call__(self, day: date) -> bool:
        return day in _year(self.country, self.region, day.year)

    def next_free(self, after: date) -> date | None:
        days = (after + timedelta(days=ahead) for ahead in range(_SOON))
        return next(filter(self, days), None)

    def name(self, day: date, language: str) -> str:
        """In this language if the calendar has it, else in English or as it is called there; "" on other days."""
        place = site_of(self.country, self.region) or site_of(self.country)
        if place is None:
            return ""
        own = holidays.country_holidays(place[0], subdiv=place[1] or None).supported_languages
        wanted = next((one for one in (language, language[:2]) if one in own), language)
        found = holidays.country_holidays(place[0], subdiv=place[1] or None, language=wanted)
        return str(found.get(day) or "")


def site(country: str | None, region: str | None) -> Site | None:
    return Site(country, region or "") if country else None


@cache
def site_of(country: str, region: str = "") -> tuple[str, str] | None:
    """The codes of a place: its region by code (BY, DE-BY) or by name; None if no holidays are known for it."""
    code = region.strip()
    if code.upper().startswith(f"{country}-"):
        code = code[len(country) + 1 :]
    try:
        place: Any = holidays.country_holidays(country)
    except NotImplementedError:
        return None
    if not code:
        return country, ""
    named = {name.casefold(): one for name, one in place.subdivisions_aliases.items()}
    known = named | {one.casefold(): one for one in place.subdivisions}
    found = known.get(code.casefold(), "")
    found = found if len(found) <= _LONGEST else ""
    return (country, found) if found else None


@cache
def regions_of(country: str) -> tuple[str, ...]:
    """Codes that may be written."""
    try:
        known = holidays.country_holidays(country).subdivisions
        return tuple(one for one in known if len(one) <= _LONGEST)
    except NotImplementedError:
        return ()


def public_holidays(country: str | None, region: str | None, years: Iterable[int]) -> frozenset[date]:
    """ValueError for a place that is not known."""
    if not country:
        return frozenset()
    if site_of(country, region or "") is None:
        place = f"{country}-{region}" if region else country
        raise ValueError(f"No public holidays are known for {place}; use codes such as DE or DE-BY.")
    return frozenset().union(*(_year(country, region or "", year) for year in set(years)))


@lru_cache(maxsize=2048)
def _year(country: str, region: str, year: int) -> frozenset[date]:
    place = site_of(country, region) or site_of(country)
    if place is None:
        return frozenset()
    return frozenset(holidays.country_holidays(place[0], subdiv=place[1] or None, years=year))
