"""What is switched on, and where: the one place that reads it, and its history. What holds is never overwritten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Index, Select, String, and_, false, not_, or_, select, true
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.rules.policy import COMPANY, QUESTIONS, Place, Policy
from bot.storage.audit import record
from bot.storage.base import Base, Instant
from bot.storage.people import Person

_KEPT = "policy"


class PolicySwitch(Base):
    """One turn of a switch. `reason` is a code (preset:eu, by_hand), `basis` the legal basis as the employer wrote it.
    `by_id` is whoever decided, if that was said at the command line. Business times.
    """

    __tablename__ = "policy_switch"
    __table_args__ = (Index(None, "feature", "site"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    feature: Mapped[str] = mapped_column(String(40))
    site: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(40))
    basis: Mapped[str] = mapped_column(String(400), default="")
    at: Mapped[datetime] = mapped_column(Instant)
    by_id: Mapped[UUID | None] = mapped_column()


class PolicyPreset(Base):
    """`name` as `bot.rules.policy.PRESETS` has it: the newest row holds. `agreed_on` is the date of the agreement."""

    __tablename__ = "policy_preset"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    agreed_on: Mapped[date | None] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(Instant)
    by_id: Mapped[UUID | None] = mapped_column()


# Read in nearly every transaction: put together once.
_SWITCHES = select(PolicySwitch.feature, PolicySwitch.site, PolicySwitch.state).order_by(
    PolicySwitch.at, PolicySwitch.id
)


def policy_of(db: Session) -> Policy:
    """Read once in a transaction, so that a switch holds from the next one on and no list reads it again."""
    kept = db.info.get(_KEPT)
    if isinstance(kept, Policy):
        return kept
    states = {(feature, site): state for feature, site, state in db.execute(_SWITCHES)}
    found = Policy(frozenset(key for key, state in states.items() if state == "off"))
    db.info[_KEPT] = found
    return found


def place_of(person: Person) -> Place:
    """Where somebody works, by the roster."""
    return person.country, person.region


def allows(db: Session, feature: str, person: Person) -> bool:
    return policy_of(db).allows(feature, place_of(person))


def hidden_questions(db: Session, person: UUID) -> frozenset[str]:
    """Keys of questions that are not asked of them any more, nor are answers to them shown."""
    policy = policy_of(db)
    if not any(policy.restricts(feature) for feature in QUESTIONS):
        return frozenset()
    return policy.hidden_questions(place_of(db.get_one(Person, person)))


def sites_without_moods(db: Session) -> frozenset[str]:
    """Whose answers to how the week felt count nowhere: of those who are not asked it, or nothing at all."""
    policy = policy_of(db)
    return policy.sites_without("mood") | policy.sites_without("checkins")


def people_without(db: Session, feature: str) -> Select[UUID] | None:
    """The ids of those for whom it is switched off, as a query; None where that is nobody."""
    sites = policy_of(db).sites_without(feature)
    return select(Person.id).where(of_sites(sites)) if sites else None


def withheld(db: Session, feature: str, people: Sequence[UUID]) -> set[UUID]:
    """For which of these people it is switched off."""
    sites = policy_of(db).sites_without(feature)
    if not sites or COMPANY in sites:
        return set(people) if sites else set()
    return set(db.scalars(select(Person.id).where(Person.id.in_(people), of_sites(sites))))


def of_sites(sites: frozenset[str]) -> ColumnElement[bool]:
    """People who stand under a rule of one of these: the same as `bot.rules.policy.governs`."""
    if COMPANY in sites:
        return true()
    rules: list[ColumnElement[bool]] = [Person.country.is_(None)] if sites else []
    for site in sorted(sites):
        country, _, region = site.partition("-")
        within = or_(Person.region == region, Person.region.is_(None)) if region else true()
        rules.append(and_(Person.country == country, within))
    return or_(false(), *rules)


def surely_of(site: str) -> ColumnElement[bool]:
    """People of whom the list of people says that they work there."""
    country, _, region = site.partition("-")
    return and_(Person.country == country, Person.region == region if region else true())


def all_stand_under(db: Session, sites: frozenset[str]) -> bool:
    if not sites or COMPANY in sites:
        return bool(sites)
    return db.scalar(select(Person.id).where(Person.status == "active", not_(of_sites(sites))).limit(1)) is None


def history(db: Session) -> list[PolicySwitch]:
    """Every turn of every switch, the oldest first."""
    return list(db.scalars(select(PolicySwitch).order_by(PolicySwitch.at, PolicySwitch.id)))


def bases_of(db: Session) -> dict[str, str]:
    """The legal basis of each feature, as the employer recorded it for the whole company."""
    return {row.feature: row.basis for row in history(db) if row.site == COMPANY and row.basis}


def preset_of(db: Session) -> PolicyPreset | None:
    """The newest; None is the default, chosen by nobody."""
    return db.scalar(select(PolicyPreset).order_by(PolicyPreset.at.desc(), PolicyPreset.id.desc()).limit(1))


def turn(
    db: Session, feature: str, site: str, state: str, now: datetime, real: datetime, *, by: UUID | None,
    reason: str = "by_hand", basis: str | None = None,
) -> PolicySwitch | None:  # fmt: skip
    """None where it stands so already. What was said of its legal basis stays until something else is."""
    rows = [row for row in history(db) if (row.feature, row.site) == (feature, site)]
    last = rows[-1] if rows else None
    before, known = (last.state, last.basis) if last else ("on", "")
    if state == before and (basis is None or basis == known):
        return None
    row = PolicySwitch(
        feature=feature, site=site, state=state, reason=reason, basis=known if basis is None else basis, at=now,
        by_id=by,
    )  # fmt: skip
    db.add(row)
    db.flush()
    db.info.pop(_KEPT, None)
    action = "policy.switched" if state != before else "policy.basis"
    record(
        db, real, action, actor=by, kind="policy", object_id=row.id, feature=feature, site=site, state=state,
        reason=reason,
    )  # fmt: skip
    return row


def choose(
    db: Session, name: str, agreed_on: date | None, now: datetime, real: datetime, *, by: UUID | None
) -> PolicyPreset:
    before = preset_of(db)
    row = PolicyPreset(name=name, agreed_on=agreed_on, at=now, by_id=by)
    db.add(row)
    db.flush()
    record(
        db, real, "policy.preset", actor=by, kind="policy", object_id=row.id, preset=name,
        left=before.name if before else "default", agreed_on=agreed_on.isoformat() if agreed_on else None,
    )  # fmt: skip
    return row
