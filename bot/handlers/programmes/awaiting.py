"""Managers whose OK is awaited, for HR: who does not press it keeps people waiting, and HR may start them without."""

from __future__ import annotations

from bot.conversation import Context, part
from bot.handlers.programmes import rights
from bot.messages import Button, Row, Section
from bot.storage.programmes import programmes_by_id
from bot.storage.running import Awaited, awaited
from bot.texts import day, say, say_n

SHOWN = 5


@part("home", 16)
def at_home(ctx: Context) -> Section | None:
    return _to_decide(ctx)


@part("menu", 16)
def in_menu(ctx: Context) -> Section | None:
    return _to_decide(ctx)


@part("hr_digest", 45)
def in_digest(ctx: Context) -> Section | None:
    """Of the company, whoever reads it. Nobody decides from a digest, which may stand in a room: they look first."""
    return _section(ctx, awaited(ctx.db, ctx.now), decides=False)


def _to_decide(ctx: Context) -> Section | None:
    if not rights.is_hr(ctx):
        return None
    found = awaited(ctx.db, ctx.now)
    programmes = programmes_by_id(ctx.db, [one.programme for one in found])
    return _section(ctx, [one for one in found if rights.may_run(ctx, programmes[one.programme])], decides=True)


def _section(ctx: Context, found: list[Awaited], *, decides: bool) -> Section | None:
    if not found:
        return None
    rows = tuple(Row((_line(ctx, one),), _buttons(one, decides=decides)) for one in found[:SHOWN])
    more = len(found) - len(rows)
    left = (say_n("and {count} more", "and {count} more", more),) if more else ()
    what = say("Their people hear nothing and are asked nothing before. I remind each manager up to three times.")
    return Section(say("Waiting for a manager's OK"), (what,), rows=rows, note=" ".join(left))


def _line(ctx: Context, one: Awaited) -> str:
    waits = say_n(
        "{count} person waits for {name}'s OK", "{count} people wait for {name}'s OK", one.people, name=one.manager.name
    )
    if one.sent_at is None:
        return say("{who}, who has not been written to yet", who=waits)
    sent = ctx.local(one.sent_at) if ctx.who else one.sent_at
    return say("{who}, who was written to on {day}", who=waits, day=day(sent.date()))


def _buttons(one: Awaited, *, decides: bool) -> tuple[Button, ...]:
    look = Button(say("Open"), "programmes.show", one.programme)
    if not decides:
        return (look,)
    why = say("Their people get their first message without {name} having confirmed.", name=one.manager.name)
    return (Button(say("Start without"), "programmes.without", one.programme, one.manager.id, confirm=why), look)
