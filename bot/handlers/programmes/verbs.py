"""What can be done with a programme now, and what each step asks back before it is done."""

from __future__ import annotations

from uuid import UUID

from bot.cadence import load_cadence
from bot.conversation import Context
from bot.handlers.programmes import rights
from bot.handlers.programmes.wording import rhythm, whom
from bot.messages import Button
from bot.storage.members import size
from bot.storage.pauses import own_pause
from bot.storage.programmes import Programme
from bot.texts import day, say, say_n


def verbs(ctx: Context, programme: Programme) -> tuple[Button, ...]:
    one, back = programme.id, rights.back()
    if programme.stopped_at:
        return (back,)
    change = Button(say("Change…"), "programmes.change", one)
    if programme.started_at is None:
        return _of_a_draft(ctx, programme)
    stop = Button(say("Stop"), "programmes.stop", one, style="danger", confirm=_before_stop())
    return (Button(say("List"), "programmes.preview", one), change, *pause_buttons(ctx, programme.id), stop, back)


def _of_a_draft(ctx: Context, programme: Programme) -> tuple[Button, ...]:
    """Whoever starts or deletes it does so with the version that the button was drawn for."""
    one, version, count = programme.id, programme.version, size(ctx.db, programme, ctx.now)
    change = Button(say("Change…"), "programmes.change", one, style="plain" if count else "primary")
    trial = Button(say("Try it on me"), "programmes.trial", one)
    delete = Button(
        say("Delete draft"), "programmes.delete", one, version, style="danger", confirm=say("Nobody is told.")
    )  # fmt: skip
    if count == 0:
        return (change, trial, delete, rights.back())
    first = Button(say("Managers first"), "programmes.managers", one, version, confirm=_managers_first())
    start = Button(
        say("Start for {who} ({count})", who=whom(ctx, programme), count=count), "programmes.start", one, count,
        version, style="primary", confirm=_before_start(ctx, programme, count),
    )  # fmt: skip
    preview = Button(say("Preview list"), "programmes.preview", one)
    managers = () if programme.managers_first_at else (first,)
    return (trial, preview, *managers, start, change, delete, rights.back())


def _managers_first() -> str:
    return say("Only the managers get their first message, in their working hours. Their people hear nothing yet.")


def _before_start(ctx: Context, programme: Programme, count: int) -> str:
    cadence = load_cadence(programme.cadence)
    first = day(cadence.following(ctx.local_now).day)
    what = say_n(
        "{count} person is asked {rhythm}, on {first} at the earliest.",
        "{count} people are asked {rhythm}, on {first} at the earliest.", count, rhythm=rhythm(cadence), first=first,
    )  # fmt: skip
    how = say(
        "Managers hear first, their people three working days later and after the manager's OK; the first question "
        "comes a working day after that."
    )
    return f"{what} {how}"


def _before_stop() -> str:
    return say("Nobody is asked or reminded any more. What is open can still be answered until it is due.")


def pause_buttons(ctx: Context, programme: UUID | None = None) -> tuple[Button, ...]:
    label = say("Pause everything until…") if programme is None else say("Pause…")
    ids = () if programme is None else (programme,)
    pause = Button(label, "programmes.pause", *ids)
    if own_pause(ctx.db, programme, ctx.now) is None:
        return (pause,)
    resume = say("Questions go on from now; what was asked before is not sent again.")
    return (Button(say("Resume"), "programmes.resume", *ids, style="primary", confirm=resume), pause)
