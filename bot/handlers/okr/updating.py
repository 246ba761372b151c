"""*Update*: one dialog for all key results of an objective, prefilled and saved together; *No change* is one tap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from bot.conversation import Context, Conversation, Reply
from bot.forms import Answers, Choices, Day, Field, Form, LongText, Note, Number, Option, Rating, Yes
from bot.handlers.okr import alerting, drawing, rights, telling, words
from bot.handlers.okr.answering import answered
from bot.handlers.okr.standing import View, allows, named
from bot.storage.audit import record
from bot.storage.okr.goals import milestones_of, updates_of
from bot.storage.okr.tables import KeyResult, KeyResultUpdate, Milestone
from bot.storage.okr.updating import Measured, store_updates
from bot.texts import day, say

NOTE = 1000
Steps = Mapping[UUID, list[Milestone]]


class Update(Conversation):
    """The form carries how many updates each key result had: only what was changed here is stored as new, so that two
    people who update at once lose nothing.
    """

    name = drawing.UPDATE
    dialog = True

    def open(self, ctx: Context) -> Form | Reply:
        of = named(ctx)
        if of is None:
            return Reply(drawing.gone(), dialog=True)
        if not may_update(ctx, of):
            return Reply(drawing.refused(of), dialog=True)
        steps = milestones_of(ctx.db, [one.id for one in of.active])
        known = updates_of(ctx.db, [one.id for one in of.active])
        seen = _seen(ctx.args[1:]) if ctx.args[1:] else {one.id: one.updates for one in of.active}
        ids = (str(of.objective.id), *(f"{one.id}:{seen.get(one.id, 0)}" for one in of.active))
        return Form.of(say("Update"), *self._fields(ctx, of, steps, known), submit=say("Save"), ids=ids)

    def _fields(
        self, ctx: Context, of: View, steps: Steps, known: Mapping[UUID, list[KeyResultUpdate]]
    ) -> list[Field[Any]]:
        intro = f"{of.objective.title} · {drawing.expected_line(ctx, of)}"
        fields: list[Field[Any]] = [Note("what", intro, strong=True)]
        for one in of.active:
            fields += [value_field(ctx, one, steps.get(one.id, []), known.get(one.id, [])), confidence_field(one)]
        return [*fields, note_field(ctx, of), day_field(ctx, of)]

    def submit(self, ctx: Context, answers: Answers) -> Reply:
        of = named(ctx, locked=True)
        if of is None:
            return Reply(drawing.gone(), dialog=True)
        if not may_update(ctx, of):
            return Reply(drawing.refused(of), dialog=True)
        steps = milestones_of(ctx.db, [one.id for one in of.active])
        known = updates_of(ctx.db, [one.id for one in of.active])
        note, seen = answers[note_field(ctx, of)] or "", _seen(ctx.args[1:])
        measured = []
        for one in of.active:
            before = known.get(one.id, [])[: seen.get(one.id, one.updates)]
            measured.append(_measured(ctx, one, answers, steps.get(one.id, []), before, note))
            note = ""
        return saved(ctx, of, measured, answers[day_field(ctx, of)] or ctx.local_now.date())


class Same(Conversation):
    """Nothing new for any key result of this objective."""

    name = drawing.SAME

    def open(self, ctx: Context) -> Form | Reply:
        of = named(ctx, locked=True)
        if of is None:
            return Reply(drawing.gone())
        if not may_update(ctx, of):
            return Reply(drawing.refused(of))
        return saved(ctx, of, [Measured(one.id) for one in of.active], ctx.local_now.date())


def may_update(ctx: Context, of: View) -> bool:
    return of.objective.state == "active" and bool(of.active) and allows(ctx, "update", of)


def saved(ctx: Context, of: View, measured: Sequence[Measured], on: date) -> Reply:
    """All in one transaction; the receipt shows it as it stands now."""
    behalf = rights.behalf(ctx, of)
    sure = {one.id: one.confidence for one in of.active}
    made = store_updates(ctx.db, measured, by=ctx.actor.id, behalf=behalf, day=on, at=ctx.now)
    record(
        ctx.db, ctx.real_now, "okr.updated", actor=ctx.actor.id, kind="objective", object_id=of.objective.id,
        on_behalf_of=behalf, key_results=len(measured),
    )  # fmt: skip
    ctx.db.flush()
    fresh = named(ctx) or of
    changed = sum(one.value is not None or one.done is not None for one in measured)
    what = say("Saved.") if changed else say("Noted: no change since last time.")
    warned = alerting.warned(ctx, fresh, sure)
    told = drawing.updated(ctx, fresh, " ".join(filter(None, (what, warned.line))))
    return Reply(
        told,
        (*telling.updated(ctx, fresh, made), *warned.also),
        asks=answered(ctx, [of.objective.id]),
        changed=warned.changed,
    )


def key_of(kind: str, of: KeyResult) -> str:
    return f"{kind}_{of.id.hex}"


def value_field(
    ctx: Context, of: KeyResult, steps: Sequence[Milestone], known: Sequence[KeyResultUpdate]
) -> Field[Any]:
    """Its kind decides what is typed: a number, a box, steps that are done."""
    label, key, asked = of.title or "", key_of("value", of), _help(ctx, of, known)
    match of.kind:
        case "binary":
            return Yes(key, label, help=asked, start=bool(of.current))
        case "milestone":
            options = tuple(Option(str(one.id), one.title or one.key) for one in steps)
            done = tuple(str(one.id) for one in steps if one.done_at is not None)
            return Choices(key, label, help=asked, options=options, start=done or None).optional()
        case "maintain":
            return Number(key, label, help=asked, units=words.signs(of.unit)).optional()
        case _:
            start = None if of.current is None else words.plain(of.current)
            return Number(key, label, help=asked, units=words.signs(of.unit), start=start).optional()


def confidence_field(of: KeyResult) -> Field[int | None]:
    return Rating(
        key_of("sure", of), say("How sure are you that it will be reached?"), low=1, high=10, compact=True,
        help=say("From 1 to 10; 5 is an even chance."), start=of.confidence,
    ).optional()  # fmt: skip


def note_field(ctx: Context, of: View) -> Field[str | None]:
    return LongText(
        "note", say("What happened?"), limit=NOTE, audience=words.audience(ctx, of),
        help=say("One or two sentences, if you like."),
    ).optional()  # fmt: skip


def day_field(ctx: Context, of: View) -> Field[date | None]:
    today = ctx.local_now.date()
    latest = max(of.period.starts_on, min(today, of.period.ends_on))
    return Day(
        "day", say("As of which day?"), start=latest, earliest=of.period.starts_on, latest=latest,
        help=say("A day of {period}.", period=words.period(of.period)),
    ).optional()  # fmt: skip


def _help(ctx: Context, of: KeyResult, known: Sequence[KeyResultUpdate]) -> str:
    last = next((one for one in reversed(known) if one.value is not None), None)
    target = words.measure(of)
    if last is None or of.kind in ("binary", "milestone"):
        return target
    when = day(last.day, ctx.local_now.date())
    return say("{target}; last: {value} on {day}", target=target, value=words.amount(last.value, of.unit), day=when)


def _measured(
    ctx: Context,
    of: KeyResult,
    answers: Answers,
    steps: Sequence[Milestone],
    before: Sequence[KeyResultUpdate],
    note: str,
) -> Measured:
    """What is new against what stood in the form when it was opened."""
    given: Any = answers[value_field(ctx, of, steps, before)]
    sure = answers[confidence_field(of)]
    known_sure = next((one.confidence for one in reversed(before) if one.confidence is not None), None)
    confidence = sure if sure != known_sure else None
    last = next((one.value for one in reversed(before) if one.value is not None), None)
    match of.kind:
        case "milestone":
            done = frozenset(UUID(one) for one in given or ())
            as_before = done == {one.id for one in steps if one.done_at is not None}
            return Measured(of.id, None, confidence, note, None if as_before else done)
        case "binary":
            value: Decimal | None = Decimal(int(bool(given)))
            value = value if value != (last or 0) or (last is None and given) else None
        case "maintain":
            value = given
        case _:
            value = given if given != last else None
    return Measured(of.id, value, confidence, note)


def _seen(ids: Sequence[str]) -> dict[UUID, int]:
    """How many updates each key result had when the form was opened."""
    pairs = (one.partition(":") for one in ids)
    return {UUID(key): int(count) for key, _, count in pairs if count.isdecimal()}
