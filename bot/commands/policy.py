"""`rapport policy`: what is switched on for whom, by preset or by hand; the privacy notice; the package of it all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import texts
from bot.clock import Clock
from bot.commands.problem import Problem
from bot.conversation.features import FEATURES as WORDS
from bot.handlers.policy import Switched, files
from bot.handlers.policy.package import make
from bot.handlers.roster.knowing import country, place
from bot.rules.policy import BY_KEY, COMPANY, FEATURES, PRESETS, Refusal, State, is_site, refused
from bot.storage import notices, policy, retention
from bot.storage.database import Database
from bot.storage.packages import missing_for_start
from bot.storage.people import Person, person_by_email
from bot.storage.policy import PolicySwitch, of_sites, policy_of, preset_of, surely_of
from bot.storage.tasks import TaskRow

# No agreement on software is older, and east of here it may be tomorrow already.
OLDEST = timedelta(days=50 * 365)
AHEAD = timedelta(hours=14)
WHY: dict[Refusal, str] = {
    "whole_only": "It can be switched for the whole company only: leave --site out.",
    "no_basis": "The preset keeps it off until its legal basis is recorded: add --basis 'the basis'.",
    "not_built": "It is not built yet, so it cannot be on. Off is kept for when it comes.",
    "company_off": "It is off for the whole company, and the stricter rule counts. Switch that on first, and off for "
    "the sites that are to stay without.",
}


def show(database: Database) -> str:
    with database.transaction() as db:
        chosen, notice = preset_of(db), notices.notice_of(db)
        rows = policy.history(db)
        agreed = f", agreed on {chosen.agreed_on}" if chosen and chosen.agreed_on else ""
        lines = [f"Preset: {chosen.name if chosen else 'default'}{agreed}"]
        lines += [
            f"Privacy notice: version {notice.version}, {notice.controller}" if notice else "Privacy notice: none"
        ]
        for one in FEATURES:
            sites = sorted({row.site for row in rows if row.feature == one.key} | {COMPANY})
            lines += [_line(one.key, site, _of(rows, one.key, site)) for site in sites]
        if lacking := missing_for_start(db):
            lines.append(f"Before a programme can start: {', '.join(lacking)}")
        return "\n".join([*lines, *_unplaced(db)])


def switch(
    database: Database, clock: Clock, feature: str, state: str, site: str, basis: str | None, by: str, *,
    yes: bool = False,
) -> str:  # fmt: skip
    """`yes`: also for people whom it concerns only because nobody knows where they work."""
    if feature not in BY_KEY:
        raise Problem(f"There is no feature {feature!r}. Features: {', '.join(BY_KEY)}.")
    turned = _state(state)
    with database.transaction() as db:
        _known_site(db, site)
        chosen, rows = preset_of(db), policy.history(db)
        before = _of(rows, feature, site)
        known = basis or (before[-1].basis if before else "")
        why = refused(policy_of(db), chosen.name if chosen else "default", feature, site, turned, known)
        if why:
            raise Problem(f"{feature} stays as it is. {WHY[why]}")
        if turned == "off" and not yes:
            _only_unplaced(db, feature, site, before)
        done = policy.turn(db, feature, site, turned, clock.now(), clock.real(), by=_person(db, by), basis=basis)
        where = site or "the whole company"
        if done is None:
            return f"{feature} is {turned} already for {where}."
        _redraw(db, clock, done)
        count = _stand_under(db, site)
        return "\n".join([f"{feature} is {turned} for {where} ({_people(count)}) from now on.", *_unplaced(db, site)])


def preset(database: Database, clock: Clock, name: str, agreement: date | None, by: str) -> str:
    """Every switch of the whole company as the preset has it; those of sites stay."""
    if name not in PRESETS:
        raise Problem(f"There is no preset {name!r}. Presets: {', '.join(PRESETS)}.")
    now, real = clock.now(), clock.real()
    if agreement and not (now - OLDEST).date() <= agreement <= (now + AHEAD).date():
        when = "is still to come" if agreement > now.date() else "is more than 50 years ago"
        raise Problem(f"--agreement-date {agreement}: that {when}. Give the day on which it was signed.")
    with database.transaction() as db:
        who, before = _person(db, by), preset_of(db)
        kept = before.agreed_on if before and before.name == name else None
        policy.choose(db, name, agreement or kept, now, real, by=who)
        turned = []
        for one in FEATURES:
            off = PRESETS[name].off.get(one.key)
            row = policy.turn(
                db, one.key, COMPANY, "off" if off else "on", now, real, by=who, reason=f"preset:{name}"
            )  # fmt: skip
            if row is not None:
                _redraw(db, clock, row)
                unbuilt = "" if one.built else ", when it is built"
                turned.append(f"  {one.key}: {row.state}{unbuilt}{_because(one.key, row)}")
        left = f", {before.name} no longer" if before and before.name != name else ""
        lines = [f"The preset is {name} from now on{left}. {_terms(db, name, real, who)}"]
        lines += turned or ["  No switch has changed."]
        if lacking := missing_for_start(db):
            lines.append(f"Before a programme can start it wants: {', '.join(lacking)}.")
        return "\n".join(lines)


def _terms(db: Session, name: str, real: datetime, by: UUID | None) -> str:
    """What HR has set beside a preset stays."""
    wanted = PRESETS[name].retention
    before, own = retention.stored(db) or (PRESETS["default"].retention, {})
    if before != wanted:
        retention.store(db, wanted, own, real, by, {"preset": wanted})
    kept = f"; what was set for {', '.join(own)} stays" if own else ""
    return f"Records are kept as {wanted} says{kept}: rapport retention show"


def notice(database: Database, clock: Clock, controller: str, contact: str, authority: str, by: str) -> str:
    """Without anything to say it is shown."""
    with database.transaction() as db:
        last = notices.notice_of(db)
        who, whom = controller or (last.controller if last else ""), contact or (last.contact if last else "")
        if not (who and whom):
            raise Problem("Say who is responsible and whom to ask: --controller 'Acme Ltd, …' --contact 'dpo@…'")
        complaints = authority or (last.authority if last else "")
        made = notices.publish(db, who, whom, complaints, clock.now(), clock.real(), by=_person(db, by))
        if made is not None:
            return f"Version {made.version} of the privacy notice. Everybody is shown it before their next question."
        assert last is not None
        lines = [f"Version {last.version}", f"Responsible: {last.controller}", f"Contact: {last.contact}"]
        return "\n".join([*lines, *([f"Complaints: {last.authority}"] if last.authority else [])])


def export(database: Database, clock: Clock, folder: Path, locale: str, *, names: bool) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    with database.transaction() as db, texts.reader(locale):
        made = make(db, clock.now(), clock.real(), by=None, names=names)
        for file in files(made):
            (folder / file.name).write_bytes(file.content)
    changed = f"{len(made.changes)} changes since package {made.before.number}" if made.before else "the first one"
    with_names = " It names who holds which role: hand it only to whom that concerns." if names else ""
    english = "" if texts.speaks(locale) else f" There are no words in {locale} here: the page is in English."
    return f"Package {made.number} is in {folder}: {changed}.{with_names}{english}"


def _state(given: str) -> State:
    if given == "on":
        return "on"
    if given == "off":
        return "off"
    raise Problem(f"{given!r}: say on or off.")


def _redraw(db: Session, clock: Clock, row: PolicySwitch) -> None:
    """The running bot draws anew what is posted and says otherwise."""
    if BY_KEY[row.feature].built:
        cursor = {"switch": str(row.id), "site": row.site, "after": ""}
        task = TaskRow(
            conversation=Switched.name, step="redraw", key=f"policy:{row.id}", at=clock.now(), cursor=cursor,
            created_at=clock.real(),
        )  # fmt: skip
        db.add(task)


def _known_site(db: Session, site: str) -> None:
    """A country, and a part of it that the holidays or the list of people know."""
    if not is_site(site):
        raise Problem(f"--site {site}: give a country or a part of it, as the list of people has it: DE or DE-BY.")
    code, _, part = site.partition("-")
    if site and not country(code):
        raise Problem(f"--site {site}: {code} is no country. Give its code of two letters, such as DE.")
    here = select(Person.id).where(Person.country == code, Person.region == part).limit(1)
    if part and place(site) is None and db.scalar(here) is None:
        raise Problem(f"--site {site}: {part} is no part of {code}, and nobody in the list of people works there.")


def _only_unplaced(db: Session, feature: str, site: str, before: Sequence[PolicySwitch]) -> None:
    if not site or (before and before[-1].state == "off"):
        return
    surely = db.scalar(select(func.count()).where(Person.status == "active", surely_of(site))) or 0
    if unsure := _stand_under(db, site) - surely:
        raise Problem(
            f"{feature} stays as it is. {_people(surely)} in the list of people work in {site}; it would hold for "
            f"{_people(unsure)} besides, only because the list does not say where they work. Fill in their country and "
            "region, or add --yes."
        )


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"


def _of(rows: Sequence[PolicySwitch], feature: str, site: str) -> list[PolicySwitch]:
    return [row for row in rows if (row.feature, row.site) == (feature, site)]


def _line(feature: str, site: str, rows: Sequence[PolicySwitch]) -> str:
    last = rows[-1] if rows else None
    state = last.state if last else "on"
    if not BY_KEY[feature].built:
        state = "not built yet; stays off when it comes" if state == "off" else "not built yet"
    since = f", since {last.at:%Y-%m-%d}{_because(feature, last)}" if last else ""
    return f"{feature}{f' {site}' if site else ''}: {state}{since}  ({WORDS[feature].title})"


def _because(feature: str, row: PolicySwitch) -> str:
    """Why a preset has it so."""
    name = row.reason.removeprefix("preset:")
    why = PRESETS[name].off.get(feature) if name in PRESETS and row.state == "off" else None
    told = {"no_basis": "no legal basis is recorded", "agreement": "it wants an agreement"}
    return f" ({row.reason}: {told[why]})" if why else f" ({row.reason.replace('_', ' ')})"


def _stand_under(db: Session, site: str) -> int:
    here = select(func.count()).where(Person.status == "active", of_sites(frozenset({site})))
    return db.scalar(here) or 0


def _unplaced(db: Session, site: str = "any") -> Iterator[str]:
    count = db.scalar(select(func.count()).where(Person.status == "active", Person.country.is_(None)))
    if count and site and any(site for _, site in policy_of(db).off):
        yield f"{count} people have no country in the list of people: the rules of every site hold for them."


def _person(db: Session, email: str) -> UUID | None:
    if not email:
        return None
    found = person_by_email(db, email)
    if found is None:
        raise Problem(f"--by {email}: nobody has that e-mail.")
    return found.id
