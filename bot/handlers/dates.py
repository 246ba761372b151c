"""What comes next for me: when I am asked, what is due, how long I am away, when my month is summed up."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.clock import to_local, to_utc
from bot.conversation import Context, part
from bot.conversation.digests import MONDAY, looks_back
from bot.messages import Section
from bot.storage.asks import answered_ahead, open_asks
from bot.storage.pauses import paused_until, standing_pauses
from bot.storage.people import absences_of, working_times
from bot.storage.programmes import next_turns
from bot.texts import day, moment, say

FAR = timedelta(days=366)
# Within a quarter and a bit: who is away for longer has other dates.
WEEKS = 18


@part("home", 30)
def at_home(ctx: Context) -> Section | None:
    return _dates(ctx)


@part("my_summary", 40)
def in_summary(ctx: Context) -> Section | None:
    return _dates(ctx)


def _dates(ctx: Context) -> Section | None:
    lines = (*_due(ctx), *_opening(ctx), *_absences(ctx), *_summary(ctx))
    return Section(say("My next dates"), lines) if lines else None


def _due(ctx: Context) -> list[str]:
    return [
        say("{what}: due {when}", what=_what(ctx, ask.conversation), when=moment(ctx.local(ask.due_at)))
        for ask in open_asks(ctx.db, ctx.person.id)
        if ask.due_at > ctx.now
    ]


def _opening(ctx: Context) -> list[str]:
    """What was answered ahead of its time is not asked any more."""
    done = answered_ahead(ctx.db, ctx.person.id, ctx.now)
    lines = []
    for turn, programme in next_turns(ctx.db, ctx.person.id):
        if turn.next_due_at is None:
            continue
        opens, what = ctx.local(turn.next_due_at), _what(ctx, programme.conversation)
        if (programme.conversation, opens.date()) in done:
            lines.append(say("{what}: the one of {day} is sent already", what=what, day=day(opens.date())))
        else:
            lines.append(say("{what}: opens {when}", what=what, when=moment(opens)))
    return lines


def _absences(ctx: Context) -> list[str]:
    today = ctx.local_now.date()
    known = absences_of(ctx.db, [ctx.person.id], today).get(ctx.person.id, ())
    lines = []
    for first, last in sorted(known):
        if last - today > FAR:
            lines.append(say("Away: from {first}", first=day(first)) if first > today else say("Away"))
        elif first > today:
            lines.append(say("Away: {first} to {last}", first=day(first), last=day(last)))
        else:
            lines.append(say("Away: back {day}", day=day(last + timedelta(days=1))))
    return lines


def _summary(ctx: Context) -> list[str]:
    due = _next_summary(ctx)
    return [say("My next summary for you: {when}", when=moment(ctx.local(due)))] if due else []


def _next_summary(ctx: Context) -> datetime | None:
    """When the next digest comes that has the own month in it, by what is known now of pauses and working time."""
    person, planned = ctx.person, ctx.person.digest_due_at
    if planned is None or planned <= ctx.now:
        return None
    hours = working_times(ctx.db, [person], ctx.now)[person.id]
    paused = paused_until(standing_pauses(ctx.db, ctx.now), None, person.zone, ctx.now)
    week = MONDAY.latest(to_local(planned, person.zone))
    for _ in range(WEEKS):
        if week is None:
            return None
        opens = max(planned, to_utc(week.opens, person.zone))
        if looks_back(week.day) and not (paused and opens < paused):
            comes = hours.next_open(opens)
            if comes and comes < to_utc(week.due, person.zone):
                return comes
        week = MONDAY.following(week.opens)
    return None


def _what(ctx: Context, conversation: str) -> str:
    one = ctx.registry.conversations.get(conversation)
    return say(one.summary) if one else conversation
