"""A manager names who reads and answers check-ins for them, for some days; it ends by itself or by a button."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from bot.access import Actor, Subject, may
from bot.conversation import Context, Conversation, Reply, Task
from bot.forms import Answers, Day, Form, Note, People, Rejected
from bot.messages import Button, Message, Row
from bot.storage import delegations
from bot.storage.delegations import CHECKINS, Delegation
from bot.storage.people import Person, people_by_id, reports_on
from bot.texts import day, mark, say

TOLD = "delegation"
FURTHEST = timedelta(days=366)


class Delegates(Conversation):
    name = "delegation.list"
    words = ("review delegate", "review delegates")
    summary = mark("Who acts for me")

    def open(self, ctx: Context) -> Form | Reply:
        return Reply(_listed(ctx))


class NameDelegate(Conversation):
    """For themselves alone; nobody names one for somebody else but at the command line."""

    name = "delegation.give"
    dialog = True

    def _who(self) -> People:
        return People("person", say("Who acts for you?"), audience=say("You, they and your people"))

    def _first(self, ctx: Context) -> Day:
        today = ctx.local_now.date()
        return Day("first", say("First day"), start=today, earliest=today, latest=today + FURTHEST)

    def _last(self, ctx: Context) -> Day:
        today = ctx.local_now.date()
        return Day("last", say("Last day"), earliest=today, latest=today + FURTHEST)

    def open(self, ctx: Context) -> Form | Reply:
        if not reports_on(ctx.db, ctx.person.id, ctx.local_now.date()):
            return Reply(_leads_nobody(), dialog=True)
        what = say(
            "They read and answer the check-ins of your people, and can have me remind them. What they do is stored "
            "as theirs on your behalf, and whose check-in it is sees each opening. It ends by itself. One of your own "
            "people would read what their colleagues write."
        )
        return Form.of(
            say("Who acts for me"), Note("what", what), self._who(), self._first(ctx), self._last(ctx),
            submit=say("Name them"),
        )  # fmt: skip

    def submit(self, ctx: Context, answers: Answers) -> Reply:
        who, starts, until = self._who(), answers[self._first(ctx)], answers[self._last(ctx)]
        other = ctx.db.get_one(Person, UUID(answers[who][0]))
        self._check(ctx, other, starts, until)
        today = ctx.local_now.date()
        known = delegations.standing(ctx.db, ctx.person.id, other.id, CHECKINS, today)
        if known and known.starts_on <= starts and known.ends_on == until:
            # Sent twice, it was given once.
            return Reply(_listed(ctx))
        made = delegations.give(
            ctx.db, ctx.person.id, other.id, CHECKINS, starts, until, ctx.real_now, today=today, by=ctx.actor.id
        )
        return Reply(_listed(ctx), (_task(ctx, made),))

    def _check(self, ctx: Context, other: Person, first: date, last: date) -> None:
        if other.id == ctx.person.id:
            raise Rejected({self._who(): say("Nobody acts for themselves. Name somebody else.")})
        if other.status != "active":
            raise Rejected({self._who(): say("{name} no longer works here.", name=other.name)})
        if last < first:
            raise Rejected({self._last(ctx): say("That is before the first day.")})
        if delegations.chained(ctx.db, ctx.person.id, other.id, CHECKINS, first, last):
            why = say("It is not passed on: you act for somebody, or somebody acts for {name}, in that time.",
                      name=other.name)  # fmt: skip
            raise Rejected({self._who(): why})


class EndDelegation(Conversation):
    name = "delegation.end"

    def open(self, ctx: Context) -> Form | Reply:
        try:
            found = ctx.db.get(Delegation, UUID(ctx.args[0]), with_for_update=True) if ctx.args else None
        except ValueError:
            found = None
        if found is None or not may(Actor(ctx.actor.id), "end", Subject("delegation", owner=found.person_id)):
            return Reply(_listed(ctx))
        today = ctx.local_now.date()
        if found.ends_on is not None and found.ends_on < today:
            return Reply(_listed(ctx))
        delegations.end(ctx.db, found, ctx.real_now, today=today, by=ctx.actor.id)
        return Reply(_listed(ctx), (_task(ctx, found),))


def _task(ctx: Context, made: Delegation) -> Task:
    """Everybody whom it concerns is told; a manager may have many people."""
    key = f"delegation:{made.id}:{ctx.real_now.isoformat()}"
    return Task(TOLD, "tell", key, ctx.now, {"delegation": str(made.id)})


def _listed(ctx: Context) -> Message:
    found = delegations.named_by(ctx.db, ctx.person.id, CHECKINS, ctx.local_now.date())
    leads = bool(reports_on(ctx.db, ctx.person.id, ctx.local_now.date()))
    if not found and not leads:
        return _leads_nobody()
    people = people_by_id(ctx.db, [one.delegate_id for one in found])
    rows = tuple(_row(one, people[one.delegate_id].name) for one in found)
    name = (Button(say("Name somebody…"), NameDelegate.name, style="primary"),) if leads else ()
    lines = () if rows else (say("Nobody reads or answers check-ins for you."),)
    return Message(say("Who acts for me"), lines, rows=rows, buttons=name)


def _row(one: Delegation, name: str) -> Row:
    last = day(one.ends_on) if one.ends_on else ""
    line = say("{name}, with check-ins, from {first} to {last}", name=name, first=day(one.starts_on), last=last)
    return Row((line,), (Button(say("End"), EndDelegation.name, one.id, confirm=say("Everybody concerned is told.")),))


def _leads_nobody() -> Message:
    why = say("Only whoever leads people can name somebody who acts for them.")
    return Message(say("Nobody reports to you here"), (why,), buttons=(Button(say("What waits for me"), "menu"),))
