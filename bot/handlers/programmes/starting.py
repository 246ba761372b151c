"""Managers first, start, start without, stop, delete: what HR presses; pressed twice it is done once."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from bot.conversation import Context, Conversation, Reply, Task
from bot.forms import Form
from bot.handlers.programmes import cards, rights, wording
from bot.messages import Message
from bot.storage import running, starting
from bot.storage.audit import events_about, record
from bot.storage.members import approved, size
from bot.storage.packages import missing_for_start
from bot.storage.people import Person
from bot.storage.programmes import Programme
from bot.texts import day, moment, say, say_n

BATCH = 500


class ManagersFirst(Conversation):
    name = "programmes.managers"

    def open(self, ctx: Context) -> Form | Reply:
        found = rights.named(ctx)
        if isinstance(found, Reply):
            return found
        if found.started_at or found.managers_first_at:
            return cards.shown(ctx, found, _done_by(ctx, found))
        if stale := cards.outdated(ctx, found, ctx.args[1:2]):
            return stale
        if lacking := _lacking(ctx):
            return cards.shown(ctx, found, lacking)
        count = starting.managers_first(ctx.db, found, ctx.now, ctx.real_now, ctx.actor.id)
        return cards.changed(ctx, found, _managers_hear(ctx, found, count))


def _lacking(ctx: Context) -> str:
    """What the policy wants before anybody is written to; "" if it is all there."""
    words = {
        "notice": say("the privacy notice: rapport policy notice"),
        "dpia": say("the draft of the data protection impact assessment: review policy, then Make the package"),
        "agreement": say("the date of the works agreement: rapport policy preset works-council --agreement-date"),
    }
    lacking = "; ".join(words[need] for need in missing_for_start(ctx.db))
    return say("It cannot start yet. Your company's policy wants first: {what}.", what=lacking) if lacking else ""


def _managers_hear(ctx: Context, programme: Programme, count: int) -> str:
    first = starting.first_message(ctx.db, programme, ctx.now)
    if first is None:
        return say("There is nobody to write to first: these people have no manager, or one who knows me already.")
    return say_n(
        "{count} manager hears first: {when}.",
        "{count} managers hear first, each in their working hours, the first of them {when}.", count,
        when=moment(ctx.local(first)),
    )  # fmt: skip


class Start(Conversation):
    """The button carries how many people and which version it was drawn for: who presses it starts what they saw."""

    name = "programmes.start"

    def open(self, ctx: Context) -> Form | Reply:
        found = rights.named(ctx)
        if isinstance(found, Reply):
            return found
        if found.started_at:
            return cards.shown(ctx, found, _done_by(ctx, found))
        if stale := cards.outdated(ctx, found, ctx.args[2:3]):
            return stale
        if lacking := _lacking(ctx):
            return cards.shown(ctx, found, lacking)
        count = size(ctx.db, found, ctx.now)
        if count == 0:
            return cards.shown(ctx, found)
        if ctx.args[1:2] != (str(count),):
            changed = say_n(
                "The list has changed meanwhile: {count} person is in it now. Look at it, then press Start again.",
                "The list has changed meanwhile: {count} people are in it now. Look at it, then press Start again.",
                count,
            )  # fmt: skip
            return cards.shown(ctx, found, changed)
        starting.start(ctx.db, found, ctx.now, ctx.real_now, ctx.actor.id)
        also = (_next(ctx, found, 0),) if _entered(ctx, found) else ()
        return cards.changed(ctx, found, _what_comes(ctx, found), also)

    def work(self, ctx: Context, task: Task) -> Task | Reply | None:
        """The rest of a large company, in pieces."""
        found = ctx.db.get(Programme, UUID(task.cursor["programme"]), with_for_update=True)
        if found is None or found.stopped_at or not _entered(ctx, found):
            return None
        return _next(ctx, found, task.cursor["piece"] + 1)


def _entered(ctx: Context, programme: Programme) -> bool:
    """One piece of the approved list; whether there are more."""
    return starting.enter(ctx.db, programme, approved(ctx.db, programme, ctx.now), ctx.now, BATCH)


def _next(ctx: Context, programme: Programme, piece: int) -> Task:
    cursor = {"programme": str(programme.id), "piece": piece}
    return Task(Start.name, "enter", f"enter:{programme.id}:{piece}", ctx.now, cursor)


def _what_comes(ctx: Context, programme: Programme) -> str:
    """When the first of them is written to or asked, as far as it is known."""
    first, hear = running.next_turn(ctx.db, programme), starting.first_message(ctx.db, programme, ctx.now)
    if first is None and hear is None:
        return say("Started. Nobody is written to yet: the list says for whom they wait.")
    if first is None or (hear and hear < first):
        when = moment(ctx.local(hear or ctx.now))
        return say(
            "Started. The first message goes out {when}, managers first, to each in their working hours; the first "
            "question comes a working day later at the earliest.", when=when,
        )  # fmt: skip
    return say("Started. The first question comes {when}.", when=moment(ctx.local(first)))


def _done_by(ctx: Context, programme: Programme) -> str:
    """Who was faster: another person of HR, or the first of two presses."""
    events = events_about(ctx.db, programme.id, "programme.started", "programme.managers_first")
    if not events:
        return ""
    who = ctx.db.get(Person, events[-1].actor_id) if events[-1].actor_id else None
    when = moment(ctx.local(programme.started_at or programme.managers_first_at or ctx.now))
    if who is None:
        return say("This was done already, {when}.", when=when)
    return say("{name} has done this already, {when}.", name=who.name, when=when)


class StartWithout(Conversation):
    name = "programmes.without"

    def open(self, ctx: Context) -> Form | Reply:
        found = rights.named(ctx)
        if isinstance(found, Reply):
            return found
        manager = _person(ctx, ctx.args[1:2])
        if manager is None or manager.id not in running.waiting_for(ctx.db, found, ctx.now):
            return cards.shown(ctx, found, say("Nobody waits for this OK any more."))
        count = running.start_without(ctx.db, found, manager.id, ctx.now, ctx.real_now, ctx.actor.id)
        told = say_n(
            "{count} person no longer waits for {name}'s OK.", "{count} people no longer wait for {name}'s OK.", count,
            name=manager.name,
        )  # fmt: skip
        reply = cards.changed(ctx, found, told)
        return replace(reply, changed=(*reply.changed, ("contact.waiting", manager.id)))


class Stop(Conversation):
    name = "programmes.stop"

    def open(self, ctx: Context) -> Form | Reply:
        found = rights.named(ctx)
        if isinstance(found, Reply):
            return found
        if found.started_at is None or found.stopped_at:
            return cards.shown(ctx, found)
        running.stop(ctx.db, found, ctx.now, ctx.real_now, ctx.actor.id)
        on = say("Stopped on {day}. For another one press New.", day=day(ctx.local_now.date()))
        return cards.changed(ctx, found, on)


class DeleteDraft(Conversation):
    name = "programmes.delete"

    def open(self, ctx: Context) -> Form | Reply:
        found = rights.named(ctx)
        if isinstance(found, Reply):
            return found
        if found.started_at:
            return cards.shown(ctx, found, say("It runs, so it can only be stopped."))
        if stale := cards.outdated(ctx, found, ctx.args[1:2]):
            return stale
        title = say("The draft for {who} is deleted", who=wording.whom(ctx, found))
        running.withdraw(ctx.db, found)
        record(
            ctx.db, ctx.real_now, "programme.deleted", actor=ctx.actor.id, kind="programme", object_id=found.id,
            population=found.population,
        )  # fmt: skip
        ctx.db.delete(found)
        ctx.db.flush()
        gone = Message(title, (say("Nobody gets anything from it."),), buttons=(rights.back(),))
        return Reply(gone, changed=((cards.CARD, found.id),))


def _person(ctx: Context, ids: tuple[str, ...]) -> Person | None:
    try:
        return ctx.db.get(Person, UUID(ids[0])) if ids else None
    except ValueError:
        return None
