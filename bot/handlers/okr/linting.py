"""What the cascade linter found, in words: each finding with what mends it in one tap."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from bot.conversation import Context
from bot.handlers.okr import drawing
from bot.handlers.okr.standing import View, views
from bot.messages import Button, Section
from bot.rules.okr import MOST_KEY_RESULTS, MOST_OBJECTIVES
from bot.rules.okr.linting import Code, Finding, lint
from bot.storage.members import last_managers
from bot.storage.okr.goals import objectives_by_id
from bot.storage.okr.linted import ended_with, left_owners, linted, living_of
from bot.storage.okr.tables import Objective
from bot.storage.people import Person, people_by_id, people_with_role, roles_on
from bot.texts import say, say_n

CHECK, ALL = "okr.check", "okr.check_all"
# The conversations that mend it.
ALIGN, CONFIRM, CHANGE, GIVE, PAUSE = "okr.align", "okr.confirm", "okr.change", "okr.give", "okr.pause"
SHOWN = 5
COORDINATOR = "hr_coordinator"
Found = Mapping[UUID, Sequence[Finding[UUID]]]
"""By objective."""


def of_owners(db: Session, owners: Collection[UUID]) -> dict[UUID, dict[UUID, list[Finding[UUID]]]]:
    """By owner, and of each by objective."""
    rows = linted(db, living_of(sorted(owners)))
    owner_of = {one.id: one.owner for one in rows if one.owner in owners}
    found: defaultdict[UUID, dict[UUID, list[Finding[UUID]]]] = defaultdict(dict)
    for one in lint(rows):
        if one.objective in owner_of:
            found[owner_of[one.objective]].setdefault(one.objective, []).append(one)
    return found


def of_reader(db: Session, person: UUID, day: date) -> Found:
    """Of their own objectives, and of those of people who left and were theirs last; HR's are those of nobody's."""
    owners = {person, *ended_with(db, person)}
    if COORDINATOR in roles_on(db, person, day):
        left = left_owners(db)
        owners |= set(left) - last_managers(db, left).keys()
    by_owner = of_owners(db, owners)
    return {one: found for theirs in by_owner.values() for one, found in theirs.items()}


def readers(ctx: Context, owner: UUID) -> list[Person]:
    """Who is told of the objectives of this owner: they, else who led them last, else HR."""
    person = people_by_id(ctx.db, [owner]).get(owner)
    if person is not None and person.status == "active":
        return [person]
    last = last_managers(ctx.db, [owner]).get(owner)
    return [last] if last else people_with_role(ctx.db, COORDINATOR, ctx.now.date())


def sections(ctx: Context, found: Found, first: int = 0, most: int = SHOWN) -> tuple[Section, ...]:
    """One for each objective, as many as one message tells well; what concerns all of somebody's comes first."""
    keys = [*sorted(found, key=lambda one: not _too_many(found[one]))][first : first + most]
    objectives = objectives_by_id(ctx.db, keys)
    seen = {one.objective.id: one for one in views(ctx, list(objectives.values()))}
    people = people_by_id(ctx.db, [one.owner_id for one in objectives.values() if one.owner_id])
    names = {key: people[one.owner_id].name for key, one in objectives.items() if one.owner_id in people}
    drawn = []
    for key in keys:
        findings = sorted(found[key], key=lambda one: one.code != "too_many_objectives")
        title = _title(seen.get(key), names.get(key))
        lines = tuple(sentence(one, names.get(key)) for one in findings)
        drawn.append(Section(title, lines, buttons=_fixes(objectives[key], findings)))
    return tuple(drawn)


def _too_many(findings: Sequence[Finding[UUID]]) -> bool:
    return any(one.code == "too_many_objectives" for one in findings)


def _title(of: View | None, name: str | None) -> str:
    """An individual's own words only for who may read them."""
    if of is not None:
        return of.objective.title or ""
    return say("An objective of {name}", name=name) if name else say("An objective of somebody who is no longer here")


def sentence(one: Finding[UUID], owner: str | None) -> str:
    count = len(one.about)
    match one.code:
        case "orphan":
            return say("It supports nothing above it.")
        case "loop":
            return say_n("It supports itself.", "It supports itself, over {count} objectives.", count)
        case "parent_changed":
            return say("What it supports was changed or has ended. Does it still fit?")
        case "missing_numbers" if not count:
            return say("It has no key result yet, so nobody can tell how it stands.")
        case "missing_numbers":
            return say_n("{count} key result lacks its numbers.", "{count} key results lack their numbers.", count)
        case "owner_left":
            return say("{name} does not work here any more.", name=owner or say("Its owner"))
        case "too_many_objectives":
            return say("{count} objectives at once; {most} are plenty.", count=count, most=MOST_OBJECTIVES)
        case _:
            return say("{count} key results; {most} are plenty.", count=count, most=MOST_KEY_RESULTS)


def _fixes(of: Objective, findings: Sequence[Finding[UUID]]) -> tuple[Button, ...]:
    """Each only once, what mends most first."""
    by_code: Mapping[Code, tuple[str, ...]] = {
        "orphan": (ALIGN,), "loop": (ALIGN,), "parent_changed": (CONFIRM, ALIGN), "missing_numbers": (CHANGE,),
        "owner_left": (GIVE, PAUSE), "too_many_objectives": (PAUSE,), "too_many_key_results": (CHANGE,),
    }  # fmt: skip
    numbers = any(one.code == "missing_numbers" for one in findings)
    labels = {
        ALIGN: say("Align…"), CONFIRM: say("It still fits"), GIVE: say("Give it to…"), PAUSE: say("Pause it"),
        CHANGE: say("Add the numbers") if numbers else say("Change…"),
    }  # fmt: skip
    wanted = dict.fromkeys(phrase for one in findings for phrase in by_code[one.code])
    # A pause is of the version that was drawn.
    ids = {PAUSE: (of.id, of.version)}
    buttons = [
        Button(labels[one], one, *ids.get(one, (of.id,))) for one in wanted if one != PAUSE or of.state == "active"
    ]
    return (*buttons, Button(say("Open"), drawing.SHOW, of.id))
