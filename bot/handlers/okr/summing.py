"""What does not hang together, summed for HR: of individuals only counts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from bot.conversation import Context, part
from bot.handlers.okr import drawing
from bot.handlers.okr.linting import CHECK, sentence
from bot.handlers.okr.standing import View, views
from bot.messages import Button, Fact, Message, Row, Section
from bot.rules.okr.linting import Code, Finding, lint
from bot.storage.okr.goals import SHARED_LEVELS, objectives_by_id
from bot.storage.okr.linted import linted, living
from bot.storage.policy import policy_of
from bot.texts import say, say_n

HR = frozenset({"hr_coordinator", "hr_partner"})
LISTED = 10


class _Everywhere(NamedTuple):
    """Findings by objective; which of these everybody may see."""

    found: Mapping[UUID, list[Finding[UUID]]]
    shared: list[UUID]


def summary(ctx: Context) -> Message:
    every = _everywhere(ctx)
    if not every.found:
        return Message(say("All objectives hang together"))
    of = objectives_by_id(ctx.db, every.shared[:LISTED])
    rows = tuple(_row(one, every.found[one.objective.id]) for one in views(ctx, list(of.values())))
    more = len(every.shared) - len(of)
    note = say_n("and {count} more", "and {count} more", more) if more else ""
    title = say_n("{count} objective needs a look", "{count} objectives need a look", len(every.found))
    told = say("Who looks after them is told, with what mends it.")
    return Message(title, (told,), facts=_counts(every), rows=rows, note=note)


@part("hr_digest", 55)
def in_digest(ctx: Context) -> Section | None:
    if not ctx.roles & HR or not policy_of(ctx.db).allows("goals"):
        return None
    every = _everywhere(ctx)
    look = (Button(say("Look"), CHECK),)
    return Section(say("Objectives that need a look"), facts=_counts(every), buttons=look) if every.found else None


def _everywhere(ctx: Context) -> _Everywhere:
    rows = linted(ctx.db, living())
    found: defaultdict[UUID, list[Finding[UUID]]] = defaultdict(list)
    for one in lint(rows):
        found[one.objective].append(one)
    return _Everywhere(found, [one.id for one in rows if one.level in SHARED_LEVELS and one.id in found])


def _counts(every: _Everywhere) -> tuple[Fact, ...]:
    """Of each kind how many, those of individuals apart; nobody's name."""
    labels: Mapping[Code, str] = {
        "owner_left": say("Owner has left"), "loop": say("In a loop"), "orphan": say("Supports nothing above it"),
        "parent_changed": say("What it supports has changed"), "missing_numbers": say("Without numbers"),
        "too_many_objectives": say("Too many of one owner"), "too_many_key_results": say("Too many key results"),
    }  # fmt: skip
    shared = set(every.shared)
    both = Counter(one.code for findings in every.found.values() for one in findings)
    theirs = Counter(one.code for key in shared for one in every.found[key])
    return tuple(
        Fact(label, say("{count}, of individuals {more}", count=theirs[code], more=both[code] - theirs[code]))
        for code, label in labels.items()
        if both[code]
    )


def _row(of: View, findings: list[Finding[UUID]]) -> Row:
    name = of.owner.name if of.owner else None
    head = " · ".join(filter(None, (of.objective.title, name)))
    lines = (head, *(sentence(one, name) for one in findings))
    return Row(lines, (Button(say("Open"), drawing.SHOW, of.objective.id),))
