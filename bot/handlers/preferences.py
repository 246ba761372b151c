"""My working time: away until a day, back again, my zone, hours and days."""

from __future__ import annotations

from datetime import date, time, timedelta

from bot.clock import valid_zone
from bot.conversation import Context, Conversation, Reply, part
from bot.forms import Answers, Choice, Choices, Day, Form, Note, Option, Rejected, Text
from bot.messages import Button, Fact, Message, Section
from bot.storage.asks import Ask, asks_in_window
from bot.storage.audit import record
from bot.storage.people import Absence, absences_now, working_times
from bot.storage.programmes import move_turns
from bot.texts import clock as wall
from bot.texts import day, mark, moment, say

FURTHEST = timedelta(days=366)


class Away(Conversation):
    name = "preferences.away"
    words = ("review away",)
    summary = mark("I'm away until…")

    def open(self, ctx: Context) -> Form | Reply:
        return Form.of(
            say("Away"),
            Note(
                "what", say("Until then I ask you nothing, and nothing counts as missed. No reason is asked or stored.")
            ),
            self._back(ctx),
            submit=say("I'm away"),
            ids=ctx.args[:1] if ctx.asked else (),
        )

    def _back(self, ctx: Context) -> Day:
        today = ctx.local_now.date()
        return Day(
            "back", say("First day back at work"), audience=say("You and your manager see the days"),
            earliest=today + timedelta(days=1), latest=today + FURTHEST,
        )  # fmt: skip

    def submit(self, ctx: Context, answers: Answers) -> Reply:
        today, back = ctx.local_now.date(), answers[self._back(ctx)]
        for absence in absences_now(ctx.db, ctx.person.id, today):
            ctx.db.delete(absence)
        absence = Absence(
            person_id=ctx.person.id, starts_on=today, ends_on=back - timedelta(days=1), created_at=ctx.real_now,
            created_by=ctx.actor.id,
        )  # fmt: skip
        ctx.db.add(absence)
        record(ctx.db, ctx.real_now, "absence.set", actor=ctx.actor.id, kind="person", object_id=ctx.person.id)
        ctx.db.flush()
        asks = [ask for ask in asks_in_window(ctx.db, ctx.person.id, ctx.now) if _rest(ctx, ask)]
        lines = (say("Until then I ask you nothing. Welcome back then."),)
        buttons = (Button(say("I'm back"), "preferences.back", style="primary"),)
        message = Message(say("You're away until {day}", day=day(back)), lines, buttons=buttons)
        return Reply(message, asks=tuple(ask.id for ask in asks))


class Back(Conversation):
    name = "preferences.back"
    words = ("review back",)
    summary = mark("I'm back")

    def open(self, ctx: Context) -> Form | Reply:
        today = ctx.local_now.date()
        absences = absences_now(ctx.db, ctx.person.id, today)
        for absence in absences:
            if absence.starts_on < today:
                absence.ends_on = today - timedelta(days=1)
            else:
                ctx.db.delete(absence)
        ctx.db.flush()
        if absences:
            record(ctx.db, ctx.real_now, "absence.ended", actor=ctx.actor.id, kind="person", object_id=ctx.person.id)
        again = [ask for ask in asks_in_window(ctx.db, ctx.person.id, ctx.now) if ask.reason == "away"]
        for ask in again:
            ask.state, ask.reason = "open", None
        asks = asks_in_window(ctx.db, ctx.person.id, ctx.now)
        buttons = tuple(
            Button(say(ctx.registry.conversations[ask.conversation].summary), ask.conversation, ask.id, style="primary")
            for ask in asks
            if ask.state == "open"
        )
        lines = (say("This is open:") if buttons else say("Nothing waits for you."),)
        message = Message(say("Welcome back") if absences else say("You were not away"), lines, buttons=buttons)
        return Reply(message, asks=tuple(ask.id for ask in asks if ask.state == "open"))


def _rest(ctx: Context, ask: Ask) -> bool:
    """Not expected if no working time is left before the deadline, else moved past the absence."""
    if ask.state != "open":
        return False
    comes = working_times(ctx.db, [ctx.person], ctx.now)[ctx.person.id].next_open(ctx.now)
    if comes is None or comes >= ask.due_at:
        ask.state, ask.reason, ask.remind_at, ask.remind_kind = "not_expected", "away", None, None
    elif ask.remind_at is not None or ask.nudges == 0:
        ask.remind_at, ask.remind_kind = max(comes, ask.remind_at or comes), ask.remind_kind or "reminder"
    return True


class Hours(Conversation):
    """Zone, hours and days are the person's own word from here on, against what any directory says."""

    name = "preferences.hours"
    words = ("review hours",)
    summary = mark("My hours")

    def _fields(self, ctx: Context) -> tuple[Text, Choice, Choice, Choices]:
        hours = tuple(
            Option(f"{hour:02}:{minute:02}", wall(time(hour, minute))) for hour in range(24) for minute in (0, 30)
        )
        days = tuple(Option(str(n), day(date(2024, 1, 1) + timedelta(days=n)).split()[0]) for n in range(7))
        person = ctx.person
        return (
            Text("zone", say("Time zone"), help=say("For example Europe/Lisbon"), limit=60, start=person.zone),
            Choice("starts", say("I start at"), options=hours, start=f"{person.day_starts:%H:%M}"),
            Choice("ends", say("I stop at"), options=hours, start=f"{person.day_ends:%H:%M}"),
            Choices("days", say("I work on"), options=days, least=1, start=tuple(person.work_days.split(","))),
        )

    def open(self, ctx: Context) -> Form | Reply:
        return Form.of(say("My hours"), *self._fields(ctx), submit=say("Save"))

    def submit(self, ctx: Context, answers: Answers) -> Reply:
        zone, starts, ends, days = self._fields(ctx)
        if not valid_zone(answers[zone]):
            raise Rejected(
                {zone: say("I don't know this time zone. Please write it like Europe/Lisbon or Asia/Kolkata.")}
            )
        if answers[starts] >= answers[ends]:
            raise Rejected({ends: say("Please pick a time after {start}.", start=answers[starts])})
        person = ctx.person
        moved = person.zone != answers[zone]
        person.zone, person.zone_chosen = answers[zone], True
        person.day_starts, person.day_ends = time.fromisoformat(answers[starts]), time.fromisoformat(answers[ends])
        picked = answers[days]
        person.work_days = ",".join(sorted(picked))
        if moved:
            move_turns(ctx.db, person.id, person.zone, ctx.now)
        return Reply(Message(say("Saved"), (_line(ctx),)))


@part("home", 90)
def home(ctx: Context) -> Section | None:
    absences = absences_now(ctx.db, ctx.person.id, ctx.local_now.date())
    away = tuple(
        Fact(say("Away"), say("until {day}", day=day(one.ends_on + timedelta(days=1))))
        for one in absences
        if one.ends_on
    )
    facts = (Fact(say("Time zone"), ctx.person.zone), Fact(say("Hours"), _hours(ctx)), *away)
    back = (Button(say("I'm back"), "preferences.back"),) if away else ()
    buttons = (Button(say("My hours"), "preferences.hours"), *back, Button(say("I'm away until…"), "preferences.away"))
    return Section(say("My working time"), facts=facts, buttons=buttons)


def _hours(ctx: Context) -> str:
    days = [day(date(2024, 1, 1) + timedelta(days=int(n))).split()[0] for n in ctx.person.work_days.split(",") if n]
    return f"{', '.join(days)}, {wall(ctx.person.day_starts)}–{wall(ctx.person.day_ends)}"


def _line(ctx: Context) -> str:
    now = moment(ctx.local_now)
    return say(
        "I write to you only {hours}, {zone}. It is {now} there.", hours=_hours(ctx), zone=ctx.person.zone, now=now
    )
