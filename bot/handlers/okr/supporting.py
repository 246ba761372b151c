"""What supports an objective, and how its score is made of that; of what is not for the reader only how many."""

from __future__ import annotations

from bot.conversation import Context
from bot.handlers.okr import drawing, words
from bot.handlers.okr.standing import View, views
from bot.messages import Button, Fact, Row, Section, Strong
from bot.rules import okr
from bot.storage.okr.trees import supporters
from bot.texts import say, say_n

SHOWN = 10
# Looked through for those that this person may read.
MOST = 100


def facts(of: View) -> tuple[Fact, ...]:
    """Nothing where its own key results are all of it."""
    if of.objective.rollup == "own":
        return ()
    own, below = of.score.own, of.score.children
    if below.value is None:
        said = say("what supports it, and nothing does yet")
        if of.objective.rollup == "blend" and own.value is not None:
            said = say("its own key results, as nothing supports it yet")
    elif of.objective.rollup == "blend" and own.value is not None:
        said = say(
            "its own key results ({own}) by {share} %, what supports it ({below}) by {rest} %", own=_score(own),
            share=words.to_percent(of.objective.alpha), below=_score(below),
            rest=words.to_percent(1 - of.objective.alpha),
        )  # fmt: skip
    else:
        said = say("what supports it ({below})", below=_score(below))
    return (Fact(say("Its score comes from"), said),)


def _score(of: okr.Score) -> str:
    return words.score(of.value) if of.value is not None and of.measured else say("no update yet")


def section(ctx: Context, of: View) -> Section | None:
    rows, count = supporters(ctx.db, of.objective.id, MOST)
    if not count:
        return None
    shown = views(ctx, rows)[:SHOWN]
    more = count - len(shown)
    note = say_n("and {count} more", "and {count} more", more) if more else ""
    if not shown:
        note = say_n("{count} objective, not for you to see", "{count} objectives, not for you to see", count)
    return Section(say("Supported by"), rows=tuple(_row(one) for one in shown), note=note)


def _row(of: View) -> Row:
    owner = [of.owner.name] if of.owner else []
    rest = " · ".join([words.state(of), *drawing.score(of)[:1], *owner])
    return Row(
        ((Strong(of.objective.title or ""), f" · {rest}"),), (Button(say("Open"), drawing.SHOW, of.objective.id),)
    )
