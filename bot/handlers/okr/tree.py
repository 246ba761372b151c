"""`/okr tree`: where the company stands, at a glance and as a picture of the whole; never one number for all of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from bot.conversation import Context, Conversation, Reply, Send, Task
from bot.forms import Form
from bot.handlers.okr import drawing, listing, picture, words
from bot.handlers.okr.company import Branch, Company, Pillar, company
from bot.messages import Bar, Button, Line, Message, Row, Section, Strong
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
    summary = mark("Where the company stands, pillar by pillar")

    def open(self, ctx: Context) -> Form | Reply:
        if not allows(ctx.db, "goals", ctx.person):
            return Reply(listing.off())
        found = company(ctx)
        return Reply(glance(found) if found else _none())


class TreePicture(Conversation):
    """Drawn in the background: it takes a second or two."""

    name = "okr.picture"

    def open(self, ctx: Context) -> Form | Reply:
        if not allows(ctx.db, "goals", ctx.person):
            return Reply(listing.off())
        key = f"{self.name}:{ctx.actor.id}:{int(ctx.now.timestamp() // ONCE.total_seconds())}"
        task = Task(self.name, "draw", key, ctx.now, {"person": str(ctx.actor.id)})
        lines = (say("It comes as a message of its own in a moment."),)
        return Reply(Message(say("The picture is on its way"), lines, buttons=(_back(),)), also=(task,))

    def work(self, ctx: Context, task: Task) -> Task | Reply | None:
        person = ctx.db.get(Person, UUID(task.cursor["person"]))
        if person is None or person.status != "active" or not allows(ctx.db, "goals", person):
            return None
        with reader(person.locale):
            found = company(replace(ctx, who=person))
            message = _drawn(found) if found else _none()
        return Reply(also=(Send(person.id, message, task.key, "reply"),))


def glance(found: Company) -> Message:
    """The pillars side by side, then what stands below each."""
    bars = tuple(map(bar, found.pillars))
    buttons = (
        Button(say("Picture"), TreePicture.name, style="primary"),
        Button(say("Company"), drawing.LIST, listing.COMPANY),
        Button(say("Mine"), drawing.LIST, listing.MINE),
    )
    sections = tuple(_section(one) for one in found.pillars)
    return Message(_title(found), bars=bars, buttons=buttons, sections=sections, summary=_title(found))


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
    return Message(
        _title(found), bars=tuple(map(bar, found.pillars)), files=picture.tree_picture(found), buttons=(_back(),)
    )


def _title(found: Company) -> str:
    return say("Where the company stands · {period}", period=words.period(found.period))


def _none() -> Message:
    why = say("Nothing is set yet for the company, a department or a team.")
    return Message(
        say("There is nothing to see yet"), (why,), buttons=(Button(say("Mine"), drawing.LIST, listing.MINE),)
    )


def _back() -> Button:
    return Button(say("At a glance"), Tree.name)
