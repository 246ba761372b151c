"""My working time: my zone, hours and days."""

from __future__ import annotations

from datetime import time

from bot.clock import site, valid_zone
from bot.conversation import Context, Conversation, Reply, part
from bot.conversation.planning import reopen_all
from bot.forms import Answers, Choice, Choices, Form, Note, Option, Rejected, Text
from bot.handlers.preferences.away import Away, away_until, first_contact
from bot.messages import Button, Fact, Message, Section
from bot.storage.people import working_times
from bot.storage.programmes import move_turns
from bot.storage.time_off import take_effect
from bot.texts import clock as wall
from bot.texts import day, language_name, mark, moment, say, weekday


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
        now = Note("now", " ".join((_line(ctx), *_holiday(ctx))))
        return Form.of(say("My hours"), now, *self._fields(ctx), submit=say("Save"), version=_version(ctx))

    def submit(self, ctx: Context, answers: Answers) -> Reply:
        zone, starts, ends, days = self._fields(ctx)
        if not valid_zone(answers[zone]):
            raise Rejected(
                {zone: say("I don't know this time zone. Please write it like Europe/Lisbon or Asia/Kolkata.")}
            )
        if answers[starts] >= answers[ends]:
            raise Rejected(
                {
                    ends: say(
                        "Please pick a time after {start}. A night over midnight cannot be set here.",
                        start=wall(time.fromisoformat(answers[starts])),
                    )
                }
            )
        person = ctx.person
        before = working_times(ctx.db, [person], ctx.now)
        moved = person.zone != answers[zone]
        person.zone, person.zone_chosen = answers[zone], True
        person.day_starts, person.day_ends = time.fromisoformat(answers[starts]), time.fromisoformat(answers[ends])
        picked = answers[days]
        person.work_days = ",".join(sorted(picked))
        if moved:
            move_turns(ctx.db, person.id, person.zone, ctx.now)
        effect = take_effect(ctx.db, before, ctx.now)
        reopen_all(ctx, effect.opened)
        lines = (_line(ctx), *_holiday(ctx))
        return Reply(Message(say("Your hours are saved"), lines), asks=effect.changed, changed=first_contact(ctx))


@part("home", 90)
def home(ctx: Context) -> Section | None:
    until = away_until(ctx)
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


def _holiday(ctx: Context) -> tuple[str, ...]:
    """The next one where they work, so that a wrong place is seen before it matters."""
    place = site(ctx.person.country, ctx.person.region)
    if place is None:
        return (say("No public holidays are known for you: HR's list names no country."),)
    found = place.next_free(ctx.local_now.date())
    if found is None:
        return (say("No public holidays are known for {place}.", place=_place(ctx)),)
    names = {"place": _place(ctx), "day": day(found), "name": place.name(found, ctx.person.locale)}
    return (say("Public holidays are those of {place}; the next one is {day}, {name}.", **names),)


def _place(ctx: Context) -> str:
    person = ctx.person
    return f"{person.country}-{person.region}" if person.region else str(person.country)
