"""Figures as the policy lets them be shown now: nothing of what is switched off, and no department so small that its
number would name people where nobody may be named.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.handlers.figures.releasing import Body
from bot.rules.participation import Participation
from bot.rules.policy import SMALLEST, merge_small
from bot.storage.policy import all_stand_under, policy_of, sites_without_moods

# In the place of a department's id.
TOGETHER = "together"
WHOLE = "whole"


def shown(db: Session, body: Body) -> Body:
    kept = body if averages_hold(db, body) and not _nobody_asked(db, body) else {**body, "averages": None}
    if not policy_of(db).restricts("completion_lists"):
        return kept
    return {**kept, "participation": _merged(kept["participation"])}


def whole(body: Body) -> Body:
    """Of the company alone, for those who see nothing of a few people."""
    rows, averages = body["participation"], body["averages"]
    befores = [one["before"] for one in rows if one["before"]]
    one = {"department": WHOLE, "now": _sum([row["now"] for row in rows]), "before": _sum(befores)} if rows else {}
    return {
        **body, "participation": [one] if one and _least(one) >= SMALLEST else [],
        "averages": {key: {**found, "departments": {}} for key, found in averages.items()} if averages else None,
    }  # fmt: skip


def averages_hold(db: Session, body: Body) -> bool:
    """Whether nobody's answers are in them who is not to be asked any more; "without" says whose were left out."""
    return sites_without_moods(db) <= set(body.get("without", ()))


def _nobody_asked(db: Session, body: Body) -> bool:
    """Whether all who work here were left out of them: then nothing is held back, there is nothing."""
    return all_stand_under(db, frozenset(body.get("without", ())))


def _merged(rows: list[Body]) -> list[Body]:
    """By what was expected in either of the two weeks that stand beside each other."""
    sizes = {str(at): _least(one) for at, one in enumerate(rows)}
    small = merge_small(sizes)
    together = [one for at, one in enumerate(rows) if str(at) in small]
    left = [one for at, one in enumerate(rows) if str(at) not in small]
    if not together or sum(_least(one) for one in together) < SMALLEST:
        return left
    befores = [one["before"] for one in together if one["before"]]
    before = _sum(befores) if len(befores) == len(together) else []
    return [*left, {"department": TOGETHER, "now": _sum([one["now"] for one in together]), "before": before}]


def _least(one: Body) -> int:
    sizes = [Participation(*counts).eligible for counts in (one["now"], one["before"]) if counts]
    return min((size for size in sizes if size), default=0)


def _sum(counts: list[list[int]]) -> list[int]:
    return [sum(column) for column in zip(*counts, strict=True)]
