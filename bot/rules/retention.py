"""How long each class of records is kept (methodology 21): the only numbers, their presets, and what HR may set."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

PRESETS = ("default", "us", "eu")
LONGEST = {"months": 600, "days": 3650}
Unit = Literal["months", "days"]


@dataclass(frozen=True)
class RecordClass:
    """`kept` is the default, in `unit`s after `after`; None: not a matter of time. `us` and `eu` where their preset
    differs. Below `least` records are gone that a law may ask for.
    """

    name: str
    what: str
    after: str
    source: str
    kept: int | None = None
    us: int | None = None
    eu: int | None = None
    unit: Unit = "months"
    least: int = 0

    def by_preset(self, preset: str) -> int | None:
        return {"us": self.us, "eu": self.eu}.get(preset) or self.kept


_LAWS = "US: one year, two for what explains pay (29 CFR 1602.14, 1620.32); California: four years"
_PERSONNEL = f"{_LAWS}; EU: storage limitation (GDPR 5(1)(e))"
# Also classes whose records Rapport does not have yet: their numbers hold from the day it does.
CLASSES = (
    RecordClass(
        "reviews", "Reviews, ratings, calibration reasons, promotion decisions; released answers of peers and reports",
        "their cycle closed", _PERSONNEL, 36, 48, 24, least=24,
    ),
    RecordClass(
        "check_ins", "Check-ins, what was said of them, blockers, 1:1 notes, feedback, questions to HR, who could read",
        "they were sent, answered or ended", "decision", 18,
    ),
    RecordClass(
        "goals", "Goals, KPIs, skill levels, development plans, promises", "their period ended or they were closed",
        f"needed beside the reviews; {_PERSONNEL}", 36, 48, 24,
    ),
    RecordClass("talent", "Talent notes: potential, promotion readiness", "they were written", "valid no longer", 12),
    RecordClass(
        "disputes", "Improvement plans, disputes, legal holds that ended", "they were closed", _PERSONNEL, 24, 48,
        least=12,
    ),
    RecordClass(
        "confidential", "Confidential answers of an open round, with the writer's link", "", "destroyed at close"
    ),
    RecordClass("pulse", "Released pulse, eNPS, cycle-close and workshop answers", "release", "then figures only", 24),
    RecordClass("participation", "Who was asked and took part, no answer; days away", "it was due or ended",
                "proof of completion", 12),
    RecordClass("signals", "Signals", "they arose", "decision", 30, unit="days"),
    RecordClass("exit", "Exit answers", "they were given", "then figures only", 24),
    RecordClass("audit", "The audit trail, certificates of destroyed links, records of retention and erasure",
                "they were written", "ids, counts and digests only", 60, least=12),
    RecordClass("requests", "Received requests", "they came", "technical", 7, unit="days", least=1),
    RecordClass("messages", "Delivered messages, dead letters, drafts left lying", "they ended", "technical", 30,
                unit="days", least=1),
    RecordClass("person", "Who works here: name, accounts, lines, department, roles", "",
                "until the person is erased: rapport people erase"),
)  # fmt: skip
BY_NAME: Mapping[str, RecordClass] = {one.name: one for one in CLASSES}


class BadSetting(ValueError):
    """Says which word is wrong, and what to write instead."""


@dataclass(frozen=True)
class Policy:
    """A preset, and what was set beside it, by class."""

    preset: str = PRESETS[0]
    own: Mapping[str, int] = field(default_factory=dict)

    def kept(self, name: str) -> int | None:
        return self.own.get(name, BY_NAME[name].by_preset(self.preset))

    def past(self, name: str, now: datetime) -> datetime | None:
        """What ended before this goes; None if nothing goes by time."""
        kept = self.kept(name)
        if kept is None:
            return None
        return now - timedelta(days=kept) if BY_NAME[name].unit == "days" else months_before(now, kept)

    def says(self, name: str) -> str:
        kept = self.kept(name)
        return "" if kept is None else amount(name, kept)


def amount(name: str, kept: int) -> str:
    unit = BY_NAME[name].unit
    return f"{kept} {unit.removesuffix('s') if kept == 1 else unit}"


def months_before(now: datetime, months: int) -> datetime:
    """The same day of that month, or its last one."""
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    if year < 1:
        return now.replace(year=1, month=1, day=1)
    return now.replace(year=year, month=month + 1, day=min(now.day, monthrange(year, month + 1)[1]))


def a_preset(given: str) -> str:
    if given.casefold() not in PRESETS:
        raise BadSetting(f"PRESET {given}: choose one of {', '.join(PRESETS)}.")
    return given.casefold()


def a_setting(name: str, given: str) -> int:
    known = BY_NAME.get(name)
    settable = [one.name for one in CLASSES if one.kept is not None]
    if known is None:
        raise BadSetting(f"CLASS {name}: there is no such class. Choose one of {', '.join(settable)}.")
    if known.kept is None:
        raise BadSetting(f"CLASS {name}: not kept by time ({known.source}). Choose one of {', '.join(settable)}.")
    unit, most = known.unit, LONGEST[known.unit]
    if not (given.isascii() and given.isdigit()) or not 1 <= int(given) <= most:
        raise BadSetting(f"{unit.upper()} {given}: give whole {unit} from 1 to {most}, such as {known.kept}.")
    return int(given)


def warning(name: str, kept: int) -> str:
    """ "" where nothing is to be feared."""
    known = BY_NAME[name]
    if kept >= known.least:
        return ""
    return (
        f"Warning: less than {amount(name, known.least)}. A law or a claim may ask for such records later "
        f"({known.source}). Ask your counsel."
    )
