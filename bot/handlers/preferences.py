"""My working time: away until a day, back again, my zone, hours and days."""

from __future__ import annotations

from datetime import date, time, timedelta
from uuid import UUID

from bot.clock import valid_zone
from bot.conversation import Context, Conversation, Reply, part
from bot.conversation.planning import reopen
from bot.forms import Answers, Choice, Choices, Day, Form, Note, Option, Rejected, Text
from bot.messages import Button, Fact, Message, Section
from bot.storage.asks import JOINED, MANUAL, Ask, asks_in_window
from bot.storage.audit import record
from bot.storage.people import Absence, absences_now, working_times
from bot.storage.programmes import move_turns
from bot.texts import clock as wall
from bot.texts import day, language_name, mark, moment, say, weekday

FURTHEST = timedelta(days=366)


class Away(Conversation):
    name = "preferences.away"
    dialog = True
    words = ("review away",)
    summary = mark("I'm away until…")

    def open(self, ctx: Context) -> Form | Reply:
        what = say("Until then I ask you nothing, and nothing counts as missed. No reason is asked or stored.")
        until = _away_until(ctx)
        return Form.of(
            say("Away"),
            Note("what", what),
            self._back(ctx),
            submit=say("I'm away"),
            ids=ctx.args[:1] if ctx.asked else (),
            version=until.isoformat() if until else "0",
        )

    def _back(self, ctx: Context) -> Day:
        today = ctx.local_now.date()
        return Day(
            "back", say("First day back at work"), audience=say("You and your manager"),
            earliest=today + timedelta(days=1), latest=today + FURTHEST, start=_away_until(ctx),
        )  # fmt: skip

    def submit(self, ctx: Context, answers: Answers) -> Reply:
        today, back = ctx.local_now.date(), answers[self._back(ctx)]
        _end_absences(ctx)
        absence = Absence(
            person_id=ctx.person.id, starts_on=today, ends_on=back - timedelta(days=1), created_at=ctx.real_now,
            created_by=ctx.actor.id,
        )  # fmt: skip
        ctx.db.add(absence)
        record(ctx.db, ctx.real_now, "absence.set", actor=ctx.actor.id, kind="person", object_id=ctx.person.id)
        ctx.db.flush()
        lines = [say("I ask you nothing before, and nothing counts as missed. Welcome back then.")]
        works = working_times(ctx.db, [ctx.person], ctx.now)[ctx.person.id]
        if not works.works_on(back) and (first := works.next_working_day(back)):
            lines.append(say("You don't work that day: I write from {day} on.", day=day(first, today)))
        buttons = (Button(say("I'm back"), "preferences.back"),)
        message = Message(say("You're away until {day}", day=day(back, today)), tuple(lines), buttons=buttons)
        return Reply(message, asks=tuple(ask.id for ask in _rested(ctx)), changed=_first_contact(ctx))


class Back(Conversation):
    name = "preferences.back"
    words = ("review back",)
    summary = mark("I'm back")

    def open(self, ctx: Context) -> Form | Reply:
        if _end_absences(ctx):
            record(ctx.db, ctx.real_now, "absence.ended", actor=ctx.actor.id, kind="person", object_id=ctx.person.id)
        asks = [ask for ask in asks_in_window(ctx.db, ctx.person.id, ctx.now) if ask.state == "open" or _rests(ask)]
        for ask in asks:
            if ask.remind_kind not in ("snoozed", MANUAL, JOINED):
                reopen(ctx, ask)
        buttons = tuple(
            Button(say(ctx.registry.conversations[ask.conversation].summary), ask.conversation, ask.id, style="primary")
            for ask in asks
            if ask.prompted_at
        )
        what = say("This is open:") if buttons else say("I'll write when something is open for you.")
        # True also of someone who never was, and of a second press.
        message = Message(say("Good to have you here"), (what,), buttons=buttons)
        return Reply(message, asks=tuple(ask.id for ask in asks), changed=_first_contact(ctx))


def _first_contact(ctx: Context) -> tuple[tuple[str, UUID], ...]:
    """It says when the next question comes."""
    return (("contact", ctx.person.id),)


def _away_until(ctx: Context) -> date | None:
    """The first day back, if today is none and the end is known."""
    ends = [one.ends_on for one in absences_now(ctx.db, ctx.person.id, ctx.local_now.date())]
    last = max((end for end in ends if end), default=None)
    return last + timedelta(days=1) if last and None not in ends else None


def _end_absences(ctx: Context) -> bool:
    """What began today never was; what began before ended yesterday."""
    today = ctx.local_now.date()
    absences = absences_now(ctx.db, ctx.person.id, today)
    for absence in absences:
        if absence.starts_on < today:
            absence.ends_on = today - timedelta(days=1)
        else:
            ctx.db.delete(absence)
    ctx.db.flush()
    return bool(absences)


def _rests(ask: Ask) -> bool:
    return ask.state == "not_expected" and ask.reason in ("away", "no_working_time")


def _rested(ctx: Context) -> list[Ask]:
    """Open asks with no working time left before their deadline; the others are reminded of after the absence."""
    comes = working_times(ctx.db, [ctx.person], ctx.now)[ctx.person.id].next_open(ctx.now)
    found = asks_in_window(ctx.db, ctx.person.id, ctx.now)
    asks = [ask for ask in found if ask.state == "open" and (comes is None or comes >= ask.due_at)]
    for ask in asks:
        ask.state, ask.reason, ask.remind_at, ask.remind_kind = "not_expected", "away", None, None
    return asks


class Hours(Conversation):
    """Zone, hours and days are the person's own word from here on, against what any directory says."""

    name = "preferences.hours"
    dialog = True
    words = ("review hours",)
    summary = mark("My hours")

    def _fields(self, ctx: Context) -> tuple[Text, Choice, Choice, Choices]:
        hours = tuple(
            Option(f"{hour:02}:{minute:02}", wall(time(hour, minute))) for hour in range(24) for minute in (0, 30)
        )
        days = tuple(Option(str(n), weekday(n)) for n in range(7))
        person = ctx.person
        return (
            Text("zone", say("Time zone"), help=say("For example Europe/Lisbon"), limit=60, start=person.zone),
            Choice("starts", say("I start at"), options=hours, start=f"{person.day_starts:%H:%M}"),
            Choice("ends", say("I stop at"), options=hours, start=f"{person.day_ends:%H:%M}"),
            Choices("days", say("I work on"), options=days, least=1, start=tuple(person.work_days.split(","))),
        )

    def open(self, ctx: Context) -> Form | Reply:
        now = Note("now", _line(ctx))
        return Form.of(say("My hours"), now, *self._fields(ctx), submit=say("Save"), version=_version(ctx))

    def submit(self, ctx: Context, answers: Answers) -> Reply:
        zone, starts, ends, days = self._fields(ctx)
        if not valid_zone(answers[zone]):
            raise Rejected(
                {zone: say("I don't know this time zone. Please write it like Europe/Lisbon or Asia/Kolkata.")}
            )
        if answers[starts] >= answers[ends]:
            raise Rejected(
                {ends: say("Please pick a time after {start}.", start=wall(time.fromisoformat(answers[starts])))}
            )
        person = ctx.person
        moved = person.zone != answers[zone]
        person.zone, person.zone_chosen = answers[zone], True
        person.day_starts, person.day_ends = time.fromisoformat(answers[starts]), time.fromisoformat(answers[ends])
        picked = answers[days]
        person.work_days = ",".join(sorted(picked))
        if moved:
            move_turns(ctx.db, person.id, person.zone, ctx.now)
        return Reply(Message(say("Your hours are saved"), (_line(ctx),)), changed=_first_contact(ctx))


@part("home", 90)
def home(ctx: Context) -> Section | None:
    until = _away_until(ctx)
    away = (Fact(say("Away"), say("until {day}", day=day(until, ctx.local_now.date()))),) if until else ()
    language = Fact(say("Language"), language_name(ctx.person.locale))
    facts = (Fact(say("Time zone"), ctx.person.zone), Fact(say("Hours"), _hours(ctx)), language, *away)
    back = (Button(say("I'm back"), "preferences.back"),) if away else ()
    buttons = (
        Button(say("My hours"), Hours.name), Button(say("Language…"), "preferences.language"), *back,
        Button(say("I'm away until…"), Away.name),
    )  # fmt: skip
    return Section(say("My preferences"), facts=facts, buttons=buttons)


def _hours(ctx: Context) -> str:
    days = [weekday(int(number)) for number in ctx.person.work_days.split(",") if number]
    return f"{', '.join(days)}, {wall(ctx.person.day_starts)}–{wall(ctx.person.day_ends)}"


def _version(ctx: Context) -> str:
    return f"{ctx.person.zone} {ctx.person.work_days} {ctx.person.day_starts}-{ctx.person.day_ends}"


def _line(ctx: Context) -> str:
    now = moment(ctx.local_now)
    return say(
        "I write to you only {hours}, {zone}. It is {now} there.", hours=_hours(ctx), zone=ctx.person.zone, now=now
    )
