"""Change an objective: its title and kind, its key results; what was there before stays in the history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from bot.conversation import Context, Conversation, Reply
from bot.forms import MAX_GROUP, Answers, Choices, Field, Form, Option, Rejected, Text
from bot.handlers.okr import adding, doing, hinting, measuring, rights
from bot.handlers.okr.doing import changed, found, sent
from bot.handlers.okr.standing import View, view
from bot.rules import okr
from bot.storage.okr.goals import milestones_of
from bot.storage.okr.making import WantedResult, add_results, as_wanted, reshape
from bot.storage.okr.updating import locked_results
from bot.texts import say


class _Page:
    """`known`: the key results in the order in which the form has shown them, whatever was added or cancelled since;
    what comes behind them is new.
    """

    def __init__(self, ctx: Context, of: View) -> None:
        by_id = {str(one.id): one for one in of.results}
        shown = ([by_id[one] for one in ctx.args[1:] if one in by_id] or list(of.active))[:MAX_GROUP]
        steps = milestones_of(ctx.db, [one.id for one in shown])
        self.known = {one.id: as_wanted(one, steps.get(one.id, [])) for one in shown}
        title = of.objective.title or ""
        self.title = Text("title", say("Objective"), limit=max(adding.TITLE, len(title)), start=title)
        self.ambition = adding.ambition_field(of.objective.ambition)
        most = min(max(okr.MOST_KEY_RESULTS, len(shown) + 1), MAX_GROUP)
        self.results = measuring.group(most, tuple(self.known.values()))
        gone = tuple(Option(str(one.id), one.title or "") for one in shown)
        stays = say("Their history stays; they count no more.")
        cancel = Choices("cancel", say("Cancel key results"), options=gone, help=stays).optional()
        self.cancel = cancel if gone else None

    def fields(self) -> tuple[Field[Any], ...]:
        return (self.title, self.ambition, self.results, *((self.cancel,) if self.cancel else ()))


class Change(Conversation):
    """The form carries the version of the objective: who changed it meanwhile is shown beside what is typed."""

    name = adding.CHANGE
    dialog = True

    def open(self, ctx: Context) -> Form | Reply:
        of = found(ctx, "change")
        if isinstance(of, Reply):
            return of
        page = _Page(ctx, of)
        return Form.of(
            say("Change"), *page.fields(), submit=say("Save"), ids=(str(of.objective.id), *map(str, page.known)),
            version=str(of.objective.version),
        )  # fmt: skip

    def submit(self, ctx: Context, answers: Answers) -> Reply:
        of = sent(ctx, "change")
        if isinstance(of, Reply):
            return of
        page = _Page(ctx, of)
        typed = measuring.wanted(ctx, page.results, answers)
        cancelled = {UUID(one) for one in (answers[page.cancel] if page.cancel else None) or ()}
        _check(page, dict(typed), cancelled)
        before = _before(of, page)
        _store(ctx, of, page, answers, typed, cancelled)
        return _saved(ctx, of, before)


def _check(page: _Page, typed: dict[int, WantedResult], cancelled: set[UUID]) -> None:
    """One whose title was emptied would only seem to be gone."""
    emptied = [at for at, one in enumerate(page.known) if at not in typed and one not in cancelled]
    if emptied:
        why = say("It needs a title. To do without it, tick it below.")
        raise Rejected({page.results.inside(at, page.results.fields[0]): why for at in emptied})


def _before(of: View, page: _Page) -> dict[str, object]:
    """Words of the history, sealed with it."""
    results = [measuring.shorthand(one) for one in page.known.values()]
    return {"title": of.objective.title or "", "ambition": of.objective.ambition, "key_results": results}


def _store(
    ctx: Context, of: View, page: _Page, answers: Answers, typed: Sequence[tuple[int, WantedResult]],
    cancelled: set[UUID],
) -> None:  # fmt: skip
    of.objective.title, of.objective.ambition = answers[page.title], answers[page.ambition]
    ids = list(page.known)
    results = locked_results(ctx.db, ids)
    wanted = {ids[at]: one for at, one in typed if at < len(ids) and ids[at] not in cancelled}
    reshape(ctx.db, results, {key: one for key, one in wanted.items() if _differs(one, page.known[key])})
    for one in cancelled:
        results[one].cancelled = True
    add_results(ctx.db, of.objective, [one for at, one in typed if at >= len(ids)], ctx.now)


def _differs(one: WantedResult, known: WantedResult) -> bool:
    return measuring.typed(one) != measuring.typed(known)


def _saved(ctx: Context, of: View, before: dict[str, object]) -> Reply:
    ctx.db.flush()
    now = view(ctx, of.objective.id) or of
    asked = doing.asks_to_agree(ctx, now) if now.state == "draft" and rights.waits(ctx, now.objective) else ()
    note = "\n".join((say("Saved."), *hinting.lines(ctx, now)))
    return changed(
        ctx, now, "okr.changed", "changed", note, words={"before": before}, inside=True, also=asked,
        key_results=len(now.active),
    )  # fmt: skip
