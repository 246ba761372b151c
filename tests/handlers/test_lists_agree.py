"""What a list shows is what one may open, over random small companies: people who changed managers, act for others,
contradict, share their history, and work for HR in one department or all.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
import world as worlds
from databases import Databases
from sqlalchemy import select
from sqlalchemy.orm import Session
from weeks import Weeks

import bot.handlers
from bot import app as house
from bot.access import HR, Actor, Subject, may
from bot.conversation import Context, Place, Registry, discover
from bot.handlers.checkin.blocking import party
from bot.handlers.checkin.parties import Reading, reading
from bot.handlers.inbox.parties import for_hr
from bot.handlers.team.week import week_of
from bot.messages import Button, Message, Section
from bot.storage.blockers import Blocker
from bot.storage.checkin import CheckIn
from bot.storage.database import Database
from bot.storage.delegations import CHECKINS, Delegation
from bot.storage.inbox import InboxItem
from bot.storage.people import Department, Person, ReportingLine, Role
from bot.storage.sharing import HistoryShare

TODAY = date(2026, 12, 9)
NOW = datetime(2026, 12, 9, 12, 0, tzinfo=UTC)
MONDAYS = (date(2026, 11, 16), date(2026, 11, 23), date(2026, 11, 30))
# As many as the sections at home show.
SHOWN = 7


@dataclass
class Company:
    """What was written into the database, kept beside it: the decision is asked with this, not with what is read."""

    db: Session
    people: list[Person] = field(default_factory=list)
    manager: dict[UUID, UUID | None] = field(default_factory=dict)
    acts_for: dict[UUID, set[UUID]] = field(default_factory=dict)
    contradicts: dict[UUID, set[UUID]] = field(default_factory=dict)
    shared: dict[UUID, HistoryShare] = field(default_factory=dict)
    department: dict[UUID, UUID] = field(default_factory=dict)
    roles: dict[UUID, list[Role]] = field(default_factory=dict)
    checkins: list[CheckIn] = field(default_factory=list)
    items: list[InboxItem] = field(default_factory=list)
    blockers: list[Blocker] = field(default_factory=list)

    def actor(self, person: UUID) -> Actor:
        held = self.roles.get(person, [])
        partner = [one.department_id for one in held if one.name == "hr_partner"]
        places = None if None in partner or not partner else frozenset(one for one in partner if one)
        names = frozenset(one.name for one in held)
        return Actor(person, names, frozenset(self.acts_for.get(person, ())), places)

    def sent(self, one: CheckIn) -> Subject:
        share = self.shared.get(one.person_id)
        covered = share is not None and (share.since is None or one.occurrence >= share.since)
        return Subject(
            "checkin", owner=one.person_id, reader=one.reader_id, manager=self.manager[one.person_id],
            shared=covered and share is not None and share.reader_id == self.manager[one.person_id],
            contradicts=frozenset(self.contradicts.get(one.person_id, ())),
        )  # fmt: skip

    def in_the_way(self, one: Blocker) -> Subject:
        closed = frozenset(self.contradicts.get(one.person_id, ()))
        return Subject(
            "blocker", owner=one.person_id, reader=one.manager_id, upper=one.upper_id,
            manager=self.manager[one.person_id], contradicts=closed,
        )  # fmt: skip

    def state_of(self, person: UUID) -> Subject:
        closed = frozenset(self.contradicts.get(person, ()))
        return Subject("ask", owner=person, manager=self.manager[person], contradicts=closed)

    def brought(self, one: InboxItem) -> Subject:
        place = self.department.get(one.person_id)
        return Subject("inbox_item", owner=one.person_id, about=one.about_id, department=place, audience="hr")


@pytest.fixture(scope="module")
def registry() -> Registry:
    return discover(bot.handlers)


@pytest.fixture
def database(databases: Databases, tmp_path: Path) -> Iterator[Database]:
    with databases.copy("sqlite", tmp_path) as url:
        opened = house.open_database(worlds.settings(tmp_path, url), "OFF")
        yield opened
        opened.dispose()


def drawn_up(db: Session, seed: int) -> Company:
    dice, weeks = random.Random(seed), Weeks.of(db)
    made = Company(db)
    for place in ("Sales", "Labs"):
        found = weeks.hire(4, place)
        made.department |= dict.fromkeys(found, weeks.department(place))
        made.people += [db.get_one(Person, one) for one in found]
    ids = [one.id for one in made.people]
    for at, person in enumerate(ids):
        _led(db, made, dice, person, ids[:at])
        for monday in MONDAYS:
            _week(made, weeks, dice, person, monday)
    _between(db, made, dice, ids)
    db.flush()
    return made


def _led(db: Session, made: Company, dice: random.Random, person: UUID, above: list[UUID]) -> None:
    """Perhaps by two, one after the other; nobody by whom they lead."""
    chosen = dice.sample(above, min(len(above), dice.choice([0, 1, 2, 2])))
    changed_on = TODAY - timedelta(days=dice.choice([3, 10]))
    for at, manager in enumerate(chosen):
        first, last = (date(2026, 1, 1), None) if len(chosen) == 1 else (
            (date(2026, 1, 1), changed_on - timedelta(days=1)) if at == 0 else (changed_on, None)
        )  # fmt: skip
        db.add(ReportingLine(person_id=person, manager_id=manager, kind="primary", starts_on=first, ends_on=last))
        made.manager[person] = manager
    made.manager.setdefault(person, None)


def _week(made: Company, weeks: Weeks, dice: random.Random, person: UUID, monday: date) -> None:
    others = [one.id for one in made.people if one.id != person]
    checkin = weeks.answered(person, monday)
    checkin.reader_id = dice.choice([made.manager[person], made.manager[person], dice.choice(others), None])
    checkin.seen_at = NOW if dice.random() < 0.5 else None
    made.checkins.append(checkin)
    if checkin.reader_id and dice.random() < 0.3:
        holder, upper = dice.choice([checkin.reader_id, made.manager[person]]), dice.choice([None, *others])
        blocker = Blocker(
            checkin_id=checkin.id, person_id=person, manager_id=holder, state="passed_up" if upper else "open",
            upper_id=upper, opened_at=checkin.submitted_at, moved_at=checkin.submitted_at, steps=0,
        )  # fmt: skip
        made.db.add(blocker)
        made.blockers.append(blocker)


def _between(db: Session, made: Company, dice: random.Random, ids: list[UUID]) -> None:
    for person in ids:
        manager = made.manager[person]
        if manager and dice.random() < 0.4:
            since = dice.choice([None, date(2026, 11, 24)])
            share = HistoryShare(person_id=person, reader_id=manager, since=since, shared_at=NOW)
            made.shared[person] = share
            db.add(share)
        if dice.random() < 0.3:
            other = dice.choice([one for one in ids if one != person])
            db.add(Delegation(person_id=person, delegate_id=other, scope=CHECKINS, starts_on=date(2026, 12, 1),
                              ends_on=date(2026, 12, 20), created_at=NOW))  # fmt: skip
            made.acts_for.setdefault(other, set()).add(person)
        about = dice.choice([None, manager, dice.choice([one for one in ids if one != person])])
        kind = "not_my_manager" if about else "question"
        if dice.random() < 0.4:
            item = InboxItem(person_id=person, kind=kind, about_id=about, state="open", due_at=NOW, created_at=NOW)
            db.add(item)
            made.items.append(item)
            if about:
                made.contradicts.setdefault(person, set()).add(about)
        if dice.random() < 0.4:
            name = dice.choice(["hr_coordinator", "hr_partner", "hr_partner", "auditor", "it_admin", "works_council"])
            place = dice.choice([None, *made.department.values()]) if name == "hr_partner" else None
            role = Role(person_id=person, name=name, department_id=place, starts_on=date(2026, 1, 1))
            db.add(role)
            made.roles.setdefault(person, []).append(role)


def context(made: Company, registry: Registry, person: Person, *args: object) -> Context:
    return Context(
        db=made.db, now=NOW, real_now=NOW, registry=registry, who=person, roles=made.actor(person.id).roles,
        args=tuple(map(str, args)),
    )  # fmt: skip


def shown(ctx: Context) -> Iterator[Button]:
    """Every button in the places that gather what concerns a person, and in the lists that they lead to."""
    places: tuple[Place, ...] = ("home", "menu", "manager_digest")
    for place in places:
        for part in ctx.registry.parts_of(place):
            section = part.draw(ctx)
            if section is not None:
                yield from pressed(section)
    for name in ("team.status", "inbox"):
        reply = ctx.registry.conversations[name].open(ctx)
        yield from pressed(getattr(reply, "message", None))


def pressed(drawn: Section | Message | None) -> Iterator[Button]:
    if drawn is None:
        return
    yield from drawn.buttons
    for row in drawn.rows:
        yield from row.buttons
    for section in getattr(drawn, "sections", ()):
        yield from pressed(section)


@pytest.mark.parametrize("seed", range(12))
def test_every_button_of_a_list_opens_and_every_list_is_whole(
    seed: int, database: Database, registry: Registry
) -> None:
    with database.transaction() as db:
        made = drawn_up(db, seed)
        for person in made.people:
            ctx, actor = context(made, registry, person), made.actor(person.id)
            buttons = list(shown(ctx))
            _opens(made, registry, person, buttons)
            _whole(made, ctx, actor)
            listed = {one.ids[0] for one in buttons if one.phrase == "inbox.open"}
            assert listed == {str(one.id) for one in made.items if may(actor, "settle", made.brought(one))}
            led = {one.person.id for one, _ in week_of(ctx).reports}
            states = {one.id for one in made.people if one.id != person.id}
            assert led == {one for one in states if may(actor, "see_state", made.state_of(one))}


@pytest.mark.parametrize("seed", range(200, 206))
def test_hr_counts_the_departments_that_it_may_and_no_other(seed: int, database: Database, registry: Registry) -> None:
    with database.transaction() as db:
        made = drawn_up(db, seed)
        names = {one.name: one.id for one in db.scalars(select(Department))}
        for person in made.people:
            actor, ctx = made.actor(person.id), context(made, registry, person)
            for name, place in names.items():
                named = registry.conversations["team.status"].open(replace(ctx, args=(name,)))
                told = getattr(named, "message", None)
                allowed = may(actor, "read", Subject("aggregate", department=place, audience="aggregate"))
                assert isinstance(told, Message)
                # Others read figures of the whole company alone: a department may be one person.
                assert bool(told.bars) == bool(allowed and actor.roles & HR), (name, actor.roles)
            every = getattr(registry.conversations["team.departments"].open(ctx), "message", None)
            assert isinstance(every, Message)
            may_count = {
                name
                for name, place in names.items()
                if may(actor, "read", Subject("aggregate", department=place, audience="aggregate"))
            }
            assert {bar.label for bar in every.bars} == (may_count if actor.roles & HR else set())


def _opens(made: Company, registry: Registry, person: Person, buttons: list[Button]) -> None:
    actor = made.actor(person.id)
    checkins = {str(one.id): one for one in made.checkins}
    blockers = {str(one.id): one for one in made.blockers}
    items = {str(one.id): one for one in made.items}
    for button in buttons:
        ctx = context(made, registry, person, *button.ids)
        if button.phrase == "checkin.read":
            assert may(actor, "read", made.sent(checkins[button.ids[0]]))
            assert isinstance(reading(ctx), Reading)
        elif button.phrase == "blocker.show":
            assert may(actor, "read", made.in_the_way(blockers[button.ids[0]]))
            assert party(ctx, blockers[button.ids[0]], person.id)
        elif button.phrase == "inbox.open":
            assert isinstance(for_hr(ctx), InboxItem)
            assert button.ids[0] in items


def _whole(made: Company, ctx: Context, actor: Actor) -> None:
    """What waits to be read at home, and what is in people's way: neither more nor less than one may."""
    parts = {part.order: part.draw(ctx) for part in ctx.registry.parts_of("home") if part.order in (12, 15)}
    unread = {
        str(one.id)
        for one in made.checkins
        if one.seen_at is None and one.person_id != actor.id and may(actor, "respond", made.sent(one))
    }
    listed = {one.ids[0] for one in pressed(parts[12])}
    assert listed <= unread
    assert len(listed) == min(len(unread), SHOWN)
    ways = {str(one.id) for one in made.blockers if one.person_id != actor.id}
    mine = {one for one in ways if may(actor, "read", made.in_the_way(_named(made, one)))}
    buttons = list(pressed(parts[15]))
    assert len(buttons) == min(len(mine), SHOWN)


def _named(made: Company, blocker: str) -> Blocker:
    return next(one for one in made.blockers if str(one.id) == blocker)


@pytest.mark.parametrize("seed", range(100, 106))
def test_one_thing_pressed_by_itself_agrees_with_the_decision(
    seed: int, database: Database, registry: Registry
) -> None:
    """Also of what no list shows: a button that somebody kept, or made up."""
    with database.transaction() as db:
        made = drawn_up(db, seed)
        for person in made.people:
            actor = made.actor(person.id)
            for one in made.checkins:
                found = reading(context(made, registry, person, one.id))
                assert isinstance(found, Reading) == bool(may(actor, "read", made.sent(one)))
            for item in made.items:
                opened = for_hr(context(made, registry, person, item.id))
                assert isinstance(opened, InboxItem) == bool(may(actor, "settle", made.brought(item)))
            for blocker in made.blockers:
                is_party = party(context(made, registry, person), blocker, person.id) is not None
                assert is_party == bool(may(actor, "read", made.in_the_way(blocker)))
