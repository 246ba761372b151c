"""Figures of a week in words and bars, for those departments that a reader may see; None stands for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from bot.handlers.figures.releasing import SCALES, Body, Question
from bot.handlers.figures.weeks import Told
from bot.messages import Bar, Fact, Section
from bot.rules.participation import Participation, change, together
from bot.texts import content, day, moment, say, say_n, to_one_decimal

Names = Mapping[str, str]
# More would fill the message; all of them stand in `review figures`.
BARS = 15


def of_monday(told: Told, names: Names, only: Set[str] | None) -> Section | None:
    """The week that this Monday tells of, a line for each that came late, and what is still to come."""
    found = participation(told.body, names, only, title=_title(told)) if told.body else None
    more = (*(_late(week, body, only) for week, body in told.older), *still_open(told))
    if found is None:
        return Section(_title(told), more) if more else None
    return replace(found, lines=(*found.lines, *more))


def _title(told: Told) -> str:
    if told.week in (None, told.last):
        return say("Check-ins of the week")
    return say("Check-ins of the week from {day}", day=day(told.week))


def still_open(told: Told) -> tuple[str, ...]:
    if told.figures_on is None:
        return ()
    names = {"day": day(told.last), "comes": day(told.figures_on)}
    if told.open_until is None:
        return (say("The week from {day} has been open for longer: its figures come on {comes}.", **names),)
    until = moment(told.open_until)
    return (say("The week from {day} is open until {until}: its figures come on {comes}.", until=until, **names),)


def _late(week: date, body: Body, only: Set[str] | None) -> str:
    now = together(
        Participation(*one["now"]) for one in body["participation"] if only is None or one["department"] in only
    )
    if now.percent is None:
        return say("The week from {day}: no one expected.", day=day(week))
    return say("The week from {day}: {percent} %, {submitted} of {eligible}; type review figures.", day=day(week),
               percent=now.percent, submitted=now.submitted, eligible=now.eligible)  # fmt: skip


def participation(body: Body, names: Names, only: Set[str] | None, title: str = "", most: int = BARS) -> Section | None:
    """Bars by department, the changes in words below them."""
    rows = _rows(body, names, only)
    if not any(now.eligible for _, now, _ in rows):
        return None
    if only is None and len(rows) > 1:
        befores = [before for _, _, before in rows if before]
        whole = together(now for _, now, _ in rows), together(befores) if befores else None
        rows = [(say("Everyone"), *whole), *rows]
    bars = tuple(_bar(name, now) for name, now, _ in rows[:most])
    lines = tuple(line for row in rows[:most] if (line := _line(*row)))
    left = _left_out(body["left_out"]) if only is None else ()
    first = not any(before for _, _, before in rows)
    more = len(rows) - most
    notes = (
        say("There is no week before to compare with.") if first else "",
        say("As many answered as the week before.") if not (first or lines) else "",
        say_n("{count} more department: type review figures.", "{count} more departments: type review figures.", more)
        if more > 0
        else "",
    )
    return Section(
        title or say("Check-ins of the week"), (*lines, *left), bars=bars, note=" ".join(filter(None, notes))
    )


def _rows(body: Body, names: Names, only: Set[str] | None) -> list[tuple[str, Participation, Participation | None]]:
    """By name; those in no department last."""
    found = [
        (
            names.get(one["department"] or "", ""), Participation(*one["now"]),
            Participation(*one["before"]) if one["before"] else None,
        )
        for one in body["participation"]
        if only is None or one["department"] in only
    ]  # fmt: skip
    named = sorted((row for row in found if row[1].assigned), key=lambda row: (not row[0], row[0]))
    return [(name or say("Without department"), now, before) for name, now, before in named]


def _bar(name: str, now: Participation) -> Bar:
    if now.rate is None:
        return Bar(name, 0, say("no one expected"))
    figures = {"percent": now.percent, "submitted": now.submitted, "eligible": now.eligible}
    label = say("{name} ({percent} % on time)", name=name, percent=now.on_time_percent)
    return Bar(label, now.rate, say("{percent} %, {submitted} of {eligible}", **figures))


def _line(name: str, now: Participation, before: Participation | None) -> str:
    """What has changed, and what is low; "" if neither."""
    points = change(now, before) or 0
    told = []
    if points > 0:
        told.append(
            say_n(
                "{name}: {count} point more than the week before.", "{name}: {count} points more than the week before.",
                points, name=name,
            )
        )  # fmt: skip
    elif points < 0:
        told.append(
            say_n(
                "{name}: {count} point less than the week before.", "{name}: {count} points less than the week before.",
                -points, name=name,
            )
        )  # fmt: skip
    if now.low:
        told.append(say("Low participation.") if told else say("{name}: low participation.", name=name))
    return " ".join(told)


def _left_out(left_out: Body) -> tuple[str, ...]:
    if not left_out["people"]:
        return ()
    whole = say_n("{count} check-in was left out by choice.", "{count} check-ins were left out by choice.",
                  left_out["people"])  # fmt: skip
    told = [
        say("{reason}: {count}", reason=content(f"checkin.skip_reasons.{key}", _readable(key)), count=count)
        for key, count in left_out["reasons"].items()
        if count is not None
    ]
    hidden = say("Their reasons are held back, so that nobody's can be worked out.") if not told else ""
    return (" ".join(filter(None, (whole, ", ".join(told), hidden))),)


def _readable(reason: str) -> str:
    return reason.replace("_", " ").capitalize()


def averages(body: Body, names: Names, only: Set[str] | None) -> Section | None:
    """Where nothing may be shown, the one reason that there is in words, whatever the rule."""
    found = body["averages"]
    if found is None:
        return None
    asked: list[Question] = [question for question in SCALES if question == "mood" or found[question]["company"]]
    departments = sorted((names[key], key) for key in names if key in found["mood"]["departments"])
    chosen = [(name, key) for name, key in departments if only is None or key in only]
    if not chosen and only is not None:
        return None
    facts: tuple[Fact, ...] = ()
    if only is None:
        facts = (Fact(say("Everyone"), "\n".join(_value(question, found[question]["company"]) for question in asked)),)
    if found["mood"]["company"] or len(asked) > 1:
        facts += tuple(
            Fact(name, "\n".join(_value(question, found[question]["departments"].get(key)) for question in asked))
            for name, key in chosen
        )
    return Section(say("Mood and workload"), facts=facts, note=_note(asked, body)) if facts else None


def of_people(body: Body) -> Section | None:
    asked: list[Question] = [question for question in SCALES if body.get(question)]
    if not asked:
        return None
    lines = tuple(_value(question, body.get(question)) for question in asked)
    return Section(say("Mood and workload of my people"), lines, note=_note(asked, body))


def _value(question: Question, average: Any) -> str:
    if not average:
        # One sign for every rule: which of them it was would tell something itself.
        return say("Mood: held back") if question == "mood" else say("Workload: held back")
    people, tenths = average
    figure = to_one_decimal(Decimal(tenths) / 10)
    if question == "mood":
        return say("Mood {figure} of 5 ({people} people)", figure=figure, people=people)
    return say("Workload {figure} away from right ({people} people)", figure=figure, people=people)


def _note(asked: list[Question], body: Body) -> str:
    """Also said where nothing is hidden: it tells nothing about this week."""
    small = say(
        "Held back: fewer than 5 people stand behind it, or a smaller group or a single answer could be worked out."
    )
    scale = say("Workload is told as its distance from 3, which is right; 2 is far too much or far too little.")
    sites = ", ".join(body.get("without", ()))
    off = say("Where it was switched off nobody is counted: {sites}.", sites=sites) if sites else ""
    return " ".join(filter(None, (off, small, scale if "workload" in asked else "")))
