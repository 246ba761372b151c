"""A team's week as rows: who is blocked, open, late, in, away; never a word of what was written, nor why it was not."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from bot.conversation import Context
from bot.messages import Button, Row
from bot.rules.team import ORDER, Figures, Standing, figures, standing
from bot.storage.delegations import CHECKINS, acts_for
from bot.storage.people import Person, people_by_id
from bot.storage.team import Report, team_week
from bot.texts import moment, say, say_n

CHECKIN = "checkin"


@dataclass(frozen=True)
class Week:
    """What needs the leader stands first. `leaders` are those for whom the reader acts, by id."""

    reports: tuple[tuple[Report, Standing], ...]
    leaders: dict[UUID, Person]

    @property
    def figures(self) -> Figures:
        return figures((how, one.ask is not None and one.ask.state == "submitted") for one, how in self.reports)

    def of(self, *standings: Standing) -> list[Report]:
        return [one for one, how in self.reports if how in standings]


def leads(ctx: Context) -> list[UUID]:
    """Oneself and everybody for whom one acts today."""
    return [ctx.person.id, *acts_for(ctx.db, ctx.person.id, CHECKINS, ctx.local_now.date())]


def week_of(ctx: Context, leaders: list[UUID] | None = None) -> Week:
    """Who reports to these; without them, to the reader and those for whom the reader acts."""
    chosen = leads(ctx) if leaders is None else leaders
    found = team_week(ctx.db, chosen, CHECKIN, ctx.now, ctx.local_now.date())
    # Who acts for their own manager does not read about themselves.
    found = [one for one in found if one.person.id != ctx.person.id]
    reports = [(one, _standing(one)) for one in found]
    reports.sort(key=lambda pair: ORDER.index(pair[1]))
    others = [one for one in chosen if one != ctx.person.id]
    return Week(tuple(reports), people_by_id(ctx.db, others) if others else {})


def _standing(one: Report) -> Standing:
    state, reason = (one.ask.state, one.ask.reason) if one.ask else (None, None)
    return standing(state, reason, blocked=one.blocker is not None, away=one.away)


def head(week: Week) -> str:
    """ "5 of 7 in, 1 away"."""
    found = week.figures
    if not found.expected:
        parts = [say("Nothing is expected just now")]
    else:
        parts = [say("{sent} of {expected} in", sent=found.sent, expected=found.expected)]
    parts += [say_n("{count} blocked", "{count} blocked", found.blocked)] if found.blocked else []
    parts += [say_n("{count} away", "{count} away", found.away)] if found.away else []
    left_out = found.not_expected
    parts += [say_n("{count} not expected", "{count} not expected", left_out)] if left_out and found.expected else []
    return ", ".join(parts)


def row(ctx: Context, week: Week, one: Report, how: Standing) -> Row:
    return Row((line(ctx, week, one, how),), buttons(ctx, one))


def line(ctx: Context, week: Week, one: Report, how: Standing) -> str:
    leader = week.leaders.get(one.leader)
    name = say("{name}, for {manager}", name=one.person.name, manager=leader.name) if leader else one.person.name
    if how == "blocked" and one.blocker:
        days = (ctx.now - one.blocker.opened_at).days
        age = say_n("{count} day", "{count} days", days) if days else say("today")
        return say("{name}: something is in the way, {age}; {state}", name=name, age=age, state=_answer(ctx, one))
    return say("{name}: {state}", name=name, state=_answer(ctx, one) if how in ("open", "missed", "in") else _rest(how))


def _rest(how: Standing) -> str:
    return say("away") if how == "away" else say("nothing expected this time")


def _answer(ctx: Context, one: Report) -> str:
    ask = one.ask
    if ask is None or ask.state in ("scheduled", "not_expected"):
        return say("nothing expected this time")
    if ask.state == "submitted":
        return _sent(ctx, one)
    if ask.nudged_at is not None:
        when = moment(ctx.local(ask.nudged_at))
        return (
            say("open, reminded {when}", when=when)
            if ask.state == "open"
            else say("missed, reminded {when}", when=when)
        )
    if ask.state == "open":
        return say("open until {due}", due=moment(ctx.local(ask.due_at)))
    return say("missed") if ask.state == "closed" else say("missed, a late one is welcome")


def _sent(ctx: Context, one: Report) -> str:
    assert one.ask is not None
    if one.checkin is None or one.checkin.reader_id != one.leader:
        return say("in")
    when = moment(ctx.local(one.checkin.submitted_at))
    late = one.checkin.submitted_at >= one.ask.due_at
    if one.checkin.seen_at is None:
        return say("in late, {when}, not read yet", when=when) if late else say("in, {when}, not read yet", when=when)
    return say("in late, {when}, read", when=when) if late else say("in, {when}, read", when=when)


def buttons(ctx: Context, one: Report) -> tuple[Button, ...]:
    """*Read* where something is in, or was when it was blocked; *Nudge* where an answer can still come."""
    found = []
    if one.blocker is not None:
        found.append(Button(say("Read"), "checkin.read", one.blocker.checkin_id))
    elif one.checkin is not None and one.checkin.reader_id == one.leader:
        found.append(Button(say("Read"), "checkin.read", one.checkin.id))
    ask = one.ask
    if ask and ask.state in ("open", "missed") and ask.nudged_at is None and not one.away:
        found.append(Button(say("Nudge"), "team.nudge", one.person.id, ask.id))
    return tuple(found)
