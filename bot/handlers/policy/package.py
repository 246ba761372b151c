"""What the package holds, as plain data from the running configuration: codes and numbers, no person."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.access.table import AUDIENCES, BARRED, PHASES, RULES, Rule
from bot.conversation.features import FEATURES as WORDS
from bot.conversation.roles import ROLES
from bot.handlers.policy.keeping import terms
from bot.rules.policy import BY_KEY, COMPANY, FEATURES, PRESETS, differences
from bot.storage import packages, roles
from bot.storage.delegations import Delegation
from bot.storage.notices import notice_of
from bot.storage.packages import PolicyPackage
from bot.storage.people import Person, ReportingLine
from bot.storage.policy import PolicySwitch, history, preset_of

# Raised when a key changes its name or meaning.
FORMAT = 1
Change = tuple[str, object, object]


@dataclass(frozen=True)
class Package:
    """`names` of who holds which role stand in the files alone, where somebody asked for them."""

    number: int
    made_at: datetime
    body: Mapping[str, Any]
    before: PolicyPackage | None
    changes: tuple[Change, ...]
    names: Mapping[str, list[str]]


def make(db: Session, now: datetime, real: datetime, *, by: UUID | None, names: bool = False) -> Package:
    """Kept, so that the next one says what has changed since."""
    before, body = packages.last_package(db), gather(db, now.date())
    row = packages.keep_package(db, body, body["preset"]["name"], now, real, by=by, names=names)
    changes = tuple(differences(before.body, body)) if before else ()
    return Package(row.number, now, body, before, changes, _names(db, now.date()) if names else {})


def gather(db: Session, day: date) -> dict[str, Any]:
    chosen, notice = preset_of(db), notice_of(db)
    preset = PRESETS[chosen.name if chosen else "default"]
    unplaced = select(func.count()).where(Person.status == "active", Person.country.is_(None))
    return {
        "preset": {
            "name": preset.key, "since": _day(chosen.at) if chosen else None, "retention": preset.retention,
            "agreed_on": chosen.agreed_on.isoformat() if chosen and chosen.agreed_on else None,
            "limits": list(preset.limits),
        },
        "features": _features(history(db)),
        "people_without_country": db.scalar(unplaced),
        "roles": {role: {"holders": count} for role, count in _holders(db, day).items()},
        "access": {f"{kind} {action}": _rights(kind, action) for kind, action in sorted(RULES)},
        "retention": terms(db),
        "notice": {
            "version": notice.version, "since": _day(notice.at), "controller": notice.controller,
            "contact": notice.contact, "authority": notice.authority,
        } if notice else None,
    }  # fmt: skip


def as_json(made: Package) -> str:
    whole = {
        "format": FORMAT, "number": made.number, "made_at": made.made_at.isoformat(), **made.body,
        "changes_since": made.before.number if made.before else None,
        "changes": [{"what": path, "was": was, "is": now} for path, was, now in made.changes],
        **({"names": made.names} if made.names else {}),
    }  # fmt: skip
    return json.dumps(whole, ensure_ascii=False, indent=2)


def _features(rows: list[PolicySwitch]) -> dict[str, Any]:
    found = {}
    for one in FEATURES:
        told, mine = WORDS[one.key], [row for row in rows if row.feature == one.key]
        sites = sorted({row.site for row in mine} - {COMPANY})
        found[one.key] = {
            "purpose": told.purpose, "data": told.data, "seen_by": told.seen_by,
            "company": _switch(one.key, [row for row in mine if row.site == COMPANY]),
            "sites": {site: _switch(one.key, [row for row in mine if row.site == site]) for site in sites},
        }  # fmt: skip
    return found


def _switch(feature: str, rows: list[PolicySwitch]) -> dict[str, Any]:
    """How it stands, and since when and by whom that is so: what is not built is never on."""
    last = rows[-1] if rows else None
    state = last.state if last else "on"
    same = [row for at, row in enumerate(rows) if all(later.state == state for later in rows[at:])]
    turned = same[0] if same else None
    built = BY_KEY[feature].built
    return {
        "state": state if built else "not_built",
        **({} if built else {"when_built": state}),
        "since": _day(turned.at) if turned else None,
        "by": ("a person" if turned.by_id else "the command line") if turned else None,
        "reason": _reason(feature, turned),
        "legal_basis": last.basis if last and last.basis else None,
    }


def _reason(feature: str, turned: PolicySwitch | None) -> str:
    if turned is None or not turned.reason.startswith("preset:"):
        return turned.reason if turned else ""
    preset = turned.reason.removeprefix("preset:")
    why = PRESETS[preset].off.get(feature) if turned.state == "off" else None
    return f"{turned.reason}:{why}" if why else turned.reason


def _holders(db: Session, day: date) -> dict[str, int | None]:
    held = Counter(one.role.name for one in roles.holders(db, day) if one.role.starts_on <= day)
    leads = select(ReportingLine.manager_id).where(ReportingLine.kind == "primary", ReportingLine.on(day)).distinct()
    counted: dict[str, int | None] = {
        "employee": db.scalar(select(func.count()).where(Person.status == "active")),
        "manager": len(db.scalars(leads).all()),
        "second_line": None,
        "delegate": len(set(db.scalars(select(Delegation.delegate_id).where(Delegation.on(day))))),
    }
    return {role: counted[role] if role in counted else held[role] for role in ROLES}


def _names(db: Session, day: date) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in roles.holders(db, day):
        found.setdefault(one.role.name, []).append(one.person.name)
    return found


def _rights(kind: Any, action: Any) -> dict[str, str]:
    """Who may, each with the phases and audiences to which that is limited; and who never may."""
    may: dict[str, str] = {party: _limits(rule) for rule in RULES[kind, action] for party in sorted(rule.parties)}
    return may | dict.fromkeys(sorted(BARRED.get((kind, action), ())), "never")


def _limits(rule: Rule) -> str:
    phases = "" if rule.phases == PHASES else f"phases: {', '.join(sorted(rule.phases))}"
    audiences = "" if rule.audiences == AUDIENCES else f"fields for: {', '.join(sorted(rule.audiences))}"
    return "; ".join(filter(None, (phases, audiences)))


def _day(at: datetime) -> str:
    return at.date().isoformat()
