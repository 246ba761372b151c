"""Periods, pillars and rules of objectives, as they are typed."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.commands.okr.filing_words import many
from bot.commands.problem import Problem
from bot.rules.okr.sheet import valid_key
from bot.storage.database import Database
from bot.storage.okr import setting
from bot.storage.okr.periods import add_period as make_period
from bot.storage.okr.periods import ensure_period, okr_rules, period_by_key, periods, pillars_of, quarter_named
from bot.storage.okr.tables import OkrRules, Period, Pillar
from bot.storage.people import person_by_email

SEEN_BY = {"everyone": "everybody here", "team": "their line and team", "line": "their line"}
LONGEST = 200


def add_period(database: Database, clock: Clock, key: str, first: date, last: date) -> str:
    _valid(key)
    if first >= last:
        raise Problem(f"{last} does not lie behind {first}. The first day comes first.")
    with database.transaction() as db:
        if period_by_key(db, key):
            raise Problem(f"There is a period {key!r} already. See them: rapport okr period list")
        setting.make_period(db, key, first, last, clock.real())
    return f"{key}: from {first} to {last}."


def list_periods(database: Database) -> str:
    with database.transaction() as db:
        lines = [f"{one.key}: from {one.starts_on} to {one.ends_on}" for one in periods(db)]
    return "\n".join(lines) or "None yet: a quarter comes with its first objective."


def add_pillar(database: Database, clock: Clock, key: str, title: str, period: str) -> str:
    _valid(key)
    with database.transaction() as db:
        of = period_of(db, clock, period)
        if any(one.key == key for one in pillars_of(db, of.id)):
            raise Problem(
                f"{of.key} has a pillar {key!r} already. Another title: rapport okr pillar rename {key} TITLE"
            )
        setting.make_pillar(db, of, key, _title(title), clock.real())
        return f"{of.key} has the pillar {key}: {title}."


def list_pillars(database: Database, clock: Clock, period: str) -> str:
    with database.transaction() as db:
        of = period_of(db, clock, period)
        lines = [f"{one.key}: {one.title}" for one in pillars_of(db, of.id)]
        return "\n".join((f"{of.key}:", *lines)) if lines else f"{of.key} has no pillars yet."


def rename_pillar(database: Database, clock: Clock, key: str, title: str, period: str) -> str:
    with database.transaction() as db:
        of, pillar = _pillar(db, clock, key, period)
        setting.rename_pillar(db, pillar, _title(title), clock.real())
        return f"{of.key}, {key}: {title}."


def remove_pillar(database: Database, clock: Clock, key: str, period: str) -> str:
    with database.transaction() as db:
        of, pillar = _pillar(db, clock, key, period)
        if under := setting.standing_under(db, pillar):
            raise Problem(
                f"{many(under, 'objective')} of {of.key} would lose it. Write another pillar or none for them first: "
                f"rapport okr export FILE.csv --period {of.key}, then import."
            )
        setting.remove_pillar(db, pillar, clock.real())
        return f"{of.key} has no pillar {key} any more."


def set_rules(
    database: Database, clock: Clock, *, agreement: str = "", seen_by: str = "", cadence: int | None = None,
    by: str = "",
) -> str:  # fmt: skip
    """Without anything to set it says how they stand."""
    if agreement not in ("", "on", "off"):
        raise Problem(f"--agreement {agreement}: on or off.")
    if seen_by and seen_by not in SEEN_BY:
        raise Problem(f"--seen-by {seen_by}: one of {', '.join(SEEN_BY)}.")
    if cadence is not None and not 1 <= cadence <= 366:
        raise Problem(f"--cadence-days {cadence}: from 1 to 366.")
    wanted: dict[str, object] = {"agreement": agreement == "on"} if agreement else {}
    wanted |= {"seen_by": seen_by} if seen_by else {}
    wanted |= {"cadence_days": cadence} if cadence is not None else {}
    with database.transaction() as db:
        who = person_by_email(db, by) if by else None
        if by and who is None:
            raise Problem(f"Nobody has the e-mail {by!r}.")
        set_now = setting.set_rules(db, wanted, clock.real(), by=who.id if who else None) if wanted else okr_rules(db)
        return _rules(set_now)


def _rules(rules: OkrRules) -> str:
    agreed = "stays a draft until their manager agrees" if rules.agreement else "begins without their manager's word"
    return (
        f"An individual's objective {agreed} (--agreement {'on' if rules.agreement else 'off'}).\n"
        f"It is read by {SEEN_BY[rules.seen_by]} (--seen-by {rules.seen_by}).\n"
        f"A new key result is asked for every {rules.cadence_days} days (--cadence-days {rules.cadence_days})."
    )


def _valid(key: str) -> None:
    if not valid_key(key):
        raise Problem(f"{key!r} is no key. Up to 80 letters, digits, points, - and _ make one.")


def _title(title: str) -> str:
    if not 0 < len(title.strip()) <= LONGEST:
        raise Problem(f"A title has from 1 to {LONGEST} characters.")
    return title.strip()


def period_of(db: Session, clock: Clock, key: str) -> Period:
    """Without a key that of today; quarters come by themselves."""
    found = period_by_key(db, key) if key else ensure_period(db, clock.now().date(), clock.real())
    if found is None and (days := quarter_named(key)):
        return make_period(db, key, *days, clock.real())
    if found is None:
        raise Problem(f"There is no period {key!r}. Add it: rapport okr period add {key} FIRST LAST")
    return found


def _pillar(db: Session, clock: Clock, key: str, period: str) -> tuple[Period, Pillar]:
    of = period_of(db, clock, period)
    found = next((one for one in pillars_of(db, of.id) if one.key == key), None)
    if found is None:
        raise Problem(f"{of.key} has no pillar {key!r}. See them: rapport okr pillar list --period {of.key}")
    return of, found
