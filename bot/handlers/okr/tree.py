"""`/okr tree`: where the company stands, at a glance and as a picture of the whole; never one number for all of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from bot.conversation import Context, Conversation, Reply, Send, Task
from bot.forms import Form
from bot.handlers.okr import drawing, listing, periods, picture, words
from bot.handlers.okr.company import Branch, Company, Pillar, company
from bot.messages import Bar, Button, Line, Message, Row, Section, Strong
from bot.storage.okr.goals import shared
from bot.storage.okr.periods import periods_with
from bot.storage.okr.tables import Period
from bot.storage.people import Person
from bot.storage.policy import allows
from bot.texts import mark, reader, say, say_n

# Of a pillar, within what one message of four pillars holds.
SHOWN = 6
AT_A_GLANCE = ("company", "department")
# Pressed twice in so short a time, it comes once.
ONCE = timedelta(minutes=1)


class Tree(Conversation):
    name = "okr.tree"
    words = ("okr tree",)
    takes_words = True
    summary = mark("Where the company stands, pillar by pillar")

    def open(self, ctx: Context) -> Form | Reply:
        if not allows(ctx.db, "goals", ctx.person):
            return Reply(listing.off())
        today, text = ctx.local_now.date(), " ".join(ctx.args)
        period = periods.named(ctx, text) if text else periods.shown(ctx, today)
        if isinstance(period, Message):
            return Reply(period)
        found = company(ctx, period) if period else None
        others = periods.turning(periods_with(ctx.db, shared()), period or today, self.name)
        return Reply(glance(found, others) if found else _none(others))


class TreePicture(Conversation):
    """Drawn in the background: it takes a second or two. A button carries the period."""

    name = "okr.picture"

    def open(self, ctx: Context) -> Form | Reply:
        if not allows(ctx.db, "goals", ctx.person):
            return Reply(listing.off())
        period = ctx.args[0] if ctx.args else ""
        key = f"{self.name}:{ctx.actor.id}:{period}:{int(ctx.now.timestamp() // ONCE.total_seconds())}"
        task = Task(self.name, "draw", key, ctx.now, {"person": str(ctx.actor.id), "period": period})
        lines = (say("It comes as a message of its own in a moment."),)
        back = Button(say("At a glance"), Tree.name, *ctx.args[:1])
        return Reply(Message(say("The picture is on its way"), lines, buttons=(back,)), also=(task,))

    def work(self, ctx: Context, task: Task) -> Task | Reply | None:
        person = ctx.db.get(Person, UUID(task.cursor["person"]))
        if person is None or person.status != "active" or not allows(ctx.db, "goals", person):
            return None
        ctx, text = replace(ctx, who=person), task.cursor.get("period")
        with reader(person.locale):
            period = periods.named(ctx, text) if text else periods.shown(ctx, ctx.local_now.date())
            found = company(ctx, period) if isinstance(period, Period) else None
            message = _drawn(found) if found else _none()
        return Reply(also=(Send(person.id, message, task.key, "reply"),))


def glance(found: Company, others: tuple[Button, ...]) -> Message:
    """The pillars side by side, then what stands below each; `others` lead to other periods."""
    bars = tuple(map(bar, found.pillars))
    title, lines = _title(found), periods.ended(found.period, found.today)
    of = (found.period.id,) if lines else ()
    buttons = (
        Button(say("Picture"), TreePicture.name, found.period.id, style="primary"), *others,
        Button(say("Company"), drawing.LIST, listing.COMPANY, *of),
        Button(say("Mine"), drawing.LIST, listing.MINE, *of),
    )  # fmt: skip
    sections = tuple(_section(one) for one in found.pillars)
    return Message(title, lines, bars=bars, buttons=buttons, sections=sections, summary=title)


def bar(of: Pillar) -> Bar:
    """Its score by itself: what a whole company would average to says nothing."""
    score = of.score.value if of.score and of.score.measured else None
    return Bar(of.title, float(score or 0), standing(of))


def standing(of: Pillar) -> str:
    """In words, the same as the bar."""
    if of.status is None or of.score is None or of.score.value is None:
        return words.not_measured(of.begun)
    return " · ".join([words.score(of.score.value), words.status(of.status), *words.coverage(of.score.coverage)])


def _section(of: Pillar) -> Section:
    listed = [(depth, one) for depth, one in of.listed if one.of.objective.level in AT_A_GLANCE]
    rows = tuple(_row(depth, one) for depth, one in listed[:SHOWN])
    more = len(of.listed) - len(rows)
    notes = [say_n("{count} more in the picture", "{count} more in the picture", more)] if more > 0 else []
    if of.individuals:
        notes.append(say_n("{count} of individuals", "{count} of individuals", of.individuals))
    return Section(of.title, rows=rows, note=" · ".join(notes))


def _row(depth: int, one: Branch) -> Row:
    indent = "\u2003" * (depth - 1) + "↳ " if depth else ""
    head: Line = (indent, Strong(one.of.objective.title or ""))
    return Row((head, f"{one.place} · {_where(one)}"), (Button(say("Open"), drawing.SHOW, one.of.objective.id),))


def _where(one: Branch) -> str:
    score = one.of.score
    if score.score is None or not score.coverage:
        return words.state(one.of)
    return " · ".join([words.score(score.score), words.state(one.of), *words.coverage(score.coverage)])


def _drawn(found: Company) -> Message:
    back = Button(say("At a glance"), Tree.name, found.period.id)
    lines, bars = periods.ended(found.period, found.today), tuple(map(bar, found.pillars))
    return Message(_title(found), lines, bars=bars, files=picture.tree_picture(found), buttons=(back,))


def _title(found: Company) -> str:
    return say("Where the company stands · {period}", period=words.period(found.period))


def _none(others: tuple[Button, ...] = ()) -> Message:
    why = say("Nothing is set yet for the company, a department or a team.")
    mine = Button(say("Mine"), drawing.LIST, listing.MINE)
    return Message(say("There is nothing to see yet"), (why,), buttons=(*others, mine))
