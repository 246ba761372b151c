"""A team's week as rows: who is blocked, open, late, in, away; never a word of what was written, nor why it was not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from bot.access import Actor, may
from bot.access.knowing import Sent, actor_of, allowed, of_people
from bot.cadence import iso_week
from bot.conversation import Context
from bot.conversation.blocked import how_long, state_word
from bot.messages import Button, Row
from bot.rules.team import ORDER, Figures, Standing, figures, standing
from bot.storage.asks import JOINED, MANUAL
from bot.storage.checkin import checkins_by_id
from bot.storage.delegations import CHECKINS, acts_for
from bot.storage.people import Person, people_by_id
from bot.storage.policy import withheld
from bot.storage.team import Report, team_week
from bot.texts import moment, say

CHECKIN = "checkin"


@dataclass(frozen=True)
class Week:
    """What needs the leader stands first. `monday` is of the newest week in which anybody was asked, `leaders` are
    those for whom the reader acts, by id; `opens` are the check-ins that the reader may open. `unnamed` are those whom
    nobody may name here, to be told in counts.
    """

    monday: date | None
    reports: tuple[tuple[Report, Standing], ...]
    leaders: dict[UUID, Person]
    opens: set[UUID]
    unnamed: tuple[tuple[Report, Standing], ...] = ()

    @property
    def figures(self) -> Figures:
        return figures((how, one.blocker is not None) for one, how in self.reports)

    @property
    def waiting(self) -> list[tuple[Report, Standing]]:
        """Whose answer of this week is not in, also of those who have something in their way."""
        return [(one, how) for one, how in self.reports if how in ("open", "missed")]


def leads(ctx: Context) -> list[UUID]:
    """Oneself and everybody for whom one acts today."""
    return [ctx.person.id, *acts_for(ctx.db, ctx.person.id, CHECKINS, ctx.local_now.date())]


def acting(ctx: Context) -> Actor:
    return actor_of(ctx.db, ctx.person.id, ctx.roles, ctx.local_now.date())


def week_of(ctx: Context, leaders: list[UUID] | None = None) -> Week:
    """Who reports to these; without them, to the reader and those for whom the reader acts."""
    chosen = leads(ctx) if leaders is None else leaders
    found = team_week(ctx.db, chosen, CHECKIN, ctx.now, ctx.local_now.date())
    # Who acts for their own manager does not read about themselves.
    found = [one for one in found if one.person.id != ctx.person.id]
    actor, theirs = acting(ctx), of_people(ctx.db, "ask", [one.person.id for one in found], ctx.local_now.date())
    over = withheld(ctx.db, "checkins", list(theirs))
    decided = [(one, may(actor, "see_state", theirs[one.person.id])) for one in found if one.person.id not in over]
    found = [one for one, decision in decided if decision]
    unnamed = [one for one, decision in decided if decision.why == "switched_off"]
    monday = max((iso_week(one.ask.occurrence)[0] for one in (*found, *unnamed) if one.ask), default=None)
    reports = [(one, _standing(ctx, one, monday)) for one in found]
    reports.sort(key=lambda pair: (pair[0].blocker is None, ORDER.index(pair[1])))
    others = [one for one in chosen if one != ctx.person.id]
    return Week(
        monday, tuple(reports), people_by_id(ctx.db, others) if others else {}, _opens(ctx, actor, found),
        tuple((one, _standing(ctx, one, monday)) for one in unnamed),
    )  # fmt: skip


def _opens(ctx: Context, actor: Actor, reports: list[Report]) -> set[UUID]:
    """Check-ins of these that the reader may open."""
    sent = {one.checkin.id: one.checkin for one in reports if one.checkin}
    blocked = {one.blocker.checkin_id for one in reports if one.blocker} - sent.keys()
    every = [*sent.values(), *checkins_by_id(ctx.db, sorted(blocked))]
    rows = (Sent(one.id, one.person_id, one.reader_id, one.occurrence) for one in every)
    return allowed(ctx.db, actor, "read", "checkin", rows, ctx.now)


def _standing(ctx: Context, one: Report, monday: date | None) -> Standing:
    ask = one.ask
    if ask is None:
        return standing(None, over=False, earlier=False, away=one.away, was_away=False)
    was_away = one.was_away or ask.reason == "away"
    earlier = monday is not None and ask.occurrence < monday
    return standing(ask.state, over=ask.due_at <= ctx.now, earlier=earlier, away=one.away, was_away=was_away)


def row(ctx: Context, week: Week, one: Report, how: Standing) -> Row:
    return Row((line(ctx, week, one, how),), buttons(week, one))


def line(ctx: Context, week: Week, one: Report, how: Standing) -> str:
    leader = week.leaders.get(one.leader)
    name = say("{name}, for {manager}", name=one.person.name, manager=leader.name) if leader else one.person.name
    state = _state(ctx, one, how)
    if one.blocker:
        age, stands = how_long(one.blocker.opened_at, ctx.now, one.person.zone), state_word(one.blocker.state)
        return say("{name}: in the way: {stands}, {age}; {state}", name=name, stands=stands, age=age, state=state)
    return say("{name}: {state}", name=name, state=state)


def _state(ctx: Context, one: Report, how: Standing) -> str:
    match how:
        case "open" | "missed":
            return _waits(ctx, one, how)
        case "in":
            return _sent(ctx, one)
        case "earlier":
            return _last_time(ctx, one)
        case "away":
            return say("away")
        case "not_expected":
            return say("nothing expected this time")


def _waits(ctx: Context, one: Report, how: Standing) -> str:
    ask = one.ask
    assert ask is not None
    if ask.state == "closed":
        return say("missed")
    state = say("open") if how == "open" else say("missed")
    if ask.remind_kind in (MANUAL, JOINED) and ask.remind_at:
        goes = moment(ctx.local(max(ask.remind_at, ctx.now)))
        return say("{state}, a reminder goes out {when}", state=state, when=goes)
    if ask.nudged_at is not None:
        return say("{state}, reminded {when}", state=state, when=moment(ctx.local(ask.nudged_at)))
    if how == "open":
        return say("open until {due}", due=moment(ctx.local(ask.due_at)))
    return say("missed, a late one is welcome")


def _last_time(ctx: Context, one: Report) -> str:
    """Asked in an earlier week, so that it counts for none of the figures."""
    assert one.ask is not None
    if one.ask.state == "submitted":
        return say("not asked yet this week; last time {state}", state=_sent(ctx, one))
    if one.ask.state in ("missed", "open"):
        return say("not asked yet this week; last time {state}", state=_waits(ctx, one, "missed"))
    return say("not asked yet this week")


def _sent(ctx: Context, one: Report) -> str:
    assert one.ask is not None
    if one.checkin is None or one.checkin.reader_id != one.leader:
        return say("in")
    when = moment(ctx.local(one.checkin.submitted_at))
    late = one.checkin.submitted_at >= one.ask.due_at
    if one.checkin.seen_at is None:
        return say("in late, {when}, not read yet", when=when) if late else say("in, {when}, not read yet", when=when)
    return say("in late, {when}, read", when=when) if late else say("in, {when}, read", when=when)


def buttons(week: Week, one: Report) -> tuple[Button, ...]:
    """*Read* where something is in, or was when it was blocked; *Nudge* where an answer can still come."""
    found = []
    if one.blocker is not None and one.blocker.checkin_id in week.opens:
        found.append(Button(say("Read"), "checkin.read", one.blocker.checkin_id))
    elif one.blocker is not None:
        found.append(Button(say("See it"), "blocker.show", one.blocker.id))
    elif one.checkin is not None and one.checkin.id in week.opens:
        found.append(Button(say("Read"), "checkin.read", one.checkin.id))
    ask = one.ask
    if ask and ask.state in ("open", "missed") and ask.nudged_at is None and not one.away:
        found.append(Button(say("Nudge"), "team.nudge", one.person.id, ask.id))
    return tuple(found)
