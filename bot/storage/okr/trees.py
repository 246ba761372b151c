"""What a roll-up reads, of thousands of objectives at once: past the types of the ORM, which would take longer than the
database itself. Decimals stay exact.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, Generic, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Numeric, Select, String, Subquery, case, func, select, type_coerce
from sqlalchemy import cast as as_type
from sqlalchemy.orm import Session, aliased

from bot.rules.okr import LEVELS, Node, Result, Sums, roll_up, summed
from bot.rules.okr.forest import K
from bot.storage.okr.goals import SHARED_LEVELS
from bot.storage.okr.tables import KeyResult, Objective, Pillar

STANDING = ("active", "paused", "done")


class Tree(NamedTuple, Generic[K]):
    """Objectives, and sums over the key results of each."""

    nodes: list[Node[K]]
    sums: dict[K, Sums]


class _Numbers(dict[Any, Decimal]):
    """Weights and the like: each is made once."""

    def __missing__(self, written: Any) -> Decimal:
        made = self[written] = Decimal(written)
        return made


def key(objective: Any) -> ColumnElement[str]:
    """An objective's id as its database writes it: to hash a UUID a few times takes as long as to roll it up."""
    return as_type(objective, String(36))


def rolled_up(db: Session, period: UUID) -> tuple[Tree[str], dict[str, Result]]:
    """All of a period with its scores, by `key()`."""
    with _uncollected():
        tree = tree_of_period(db, period)
        return tree, roll_up(tree.nodes, tree.sums)


def tree_of_period(db: Session, period: UUID) -> Tree[str]:
    """Every objective of it, by `key()`."""
    return _tree(db, select(Objective.id).where(Objective.period_id == period).subquery())


def tree_below(db: Session, roots: Iterable[UUID]) -> Tree[UUID]:
    """These objectives and all that support them as their primary parent, over any number of levels."""
    below = select(Objective.id).where(Objective.id.in_(set(roots))).cte("below", recursive=True)
    child = aliased(Objective)
    # A union without doubles ends, also where the data holds a loop.
    below = below.union(select(child.id).join(below, child.parent_id == below.c.id))
    return by_id(_tree(db, select(below.c.id).subquery()))


def by_id(tree: Tree[str]) -> Tree[UUID]:
    """Where it is to be put beside rows of other kinds."""
    nodes, sums = tree
    ids = {one.id: UUID(one.id) for one in nodes}
    return Tree(
        [Node(ids[one.id], ids.get(one.parent or ""), *one[2:]) for one in nodes],
        {ids[one]: theirs for one, theirs in sums.items()},
    )


def supporters(db: Session, parent: UUID, most: int) -> tuple[list[Objective], int]:
    """What supports it as its primary parent and was at least begun and not cancelled, by level and age; and how many
    there are, of which no more are read.
    """
    chosen = (Objective.parent_id == parent) & Objective.state.in_(STANDING)
    highest = case({level: at for at, level in enumerate(LEVELS)}, value=Objective.level, else_=len(LEVELS))
    rows = select(Objective).where(chosen).order_by(highest, Objective.created_at, Objective.id).limit(most)
    found = list(db.scalars(rows))
    if len(found) < most:
        return found, len(found)
    return found, db.scalar(select(func.count()).select_from(Objective).where(chosen)) or 0


def shared_of_period(db: Session, period: UUID) -> list[tuple[str, Objective]]:
    """Of the company, a department or a team, by `key()`: what was at least begun and not cancelled, by age."""
    chosen = select(key(Objective.id), Objective).where(
        Objective.period_id == period, Objective.level.in_(SHARED_LEVELS), Objective.state.in_(STANDING)
    )
    rows = db.execute(chosen.order_by(Objective.created_at, Objective.id))
    return [(one, objective) for one, objective in rows]


def owned_by_individuals(db: Session, period: UUID) -> list[tuple[str, str]]:
    """Of the same, objectives of individuals by `key()`, and whose each is; those of nobody are left out."""
    chosen = select(key(Objective.id), key(Objective.owner_id)).where(
        Objective.period_id == period, Objective.level == "individual", Objective.state.in_(STANDING),
        Objective.owner_id.is_not(None),
    )  # fmt: skip
    return list(_written(db, chosen))


def _tree(db: Session, chosen: Subquery) -> Tree[str]:
    columns = (Objective.level, Objective.state, Objective.weight, Objective.rollup, Objective.alpha)
    chosen_rows = select(key(Objective.id), key(Objective.parent_id), *columns, Pillar.key)
    chosen_rows = chosen_rows.join(chosen, chosen.c.id == Objective.id)
    rows = _written(db, chosen_rows.outerjoin(Pillar, Pillar.id == Objective.pillar_id))
    if db.get_bind().dialect.name == "postgresql":
        return Tree(list(map(Node[str]._make, rows)), _added(db, chosen))
    known = _Numbers()
    nodes = [
        Node(one, parent, level, state, known[weight], rollup, known[alpha], pillar)
        for one, parent, level, state, weight, rollup, alpha, pillar in rows
    ]
    return Tree(nodes, _summed(db, chosen))


def _added(db: Session, chosen: Subquery) -> dict[str, Sums]:
    """By a database whose own numbers are exact: a third of the rows to fetch, or fewer."""
    sure = KeyResult.confidence
    weight, score = (type_coerce(one, Numeric) for one in (KeyResult.weight, KeyResult.score))
    sums = (
        func.sum(weight * score), func.sum(weight), func.sum(weight).filter(score.is_not(None)),
        func.sum(weight * sure), func.sum(weight).filter(sure.is_not(None)),
    )  # fmt: skip
    rows = select(key(KeyResult.objective_id), *(func.coalesce(one, 0) for one in sums))
    added = _counted(rows, chosen).group_by(KeyResult.objective_id)
    return {row[0]: Sums._make(row[1:]) for row in _written(db, added)}


def _summed(db: Session, chosen: Subquery) -> dict[str, Sums]:
    known = _Numbers()
    rows = select(key(KeyResult.objective_id), KeyResult.weight, KeyResult.score, KeyResult.confidence)
    return summed(
        (one, known[weight], None if score is None else Decimal(score), sure)
        for one, weight, score, sure in _written(db, _counted(rows, chosen))
    )


def _counted(rows: Select[*tuple[Any, ...]], chosen: Subquery) -> Select[*tuple[Any, ...]]:
    return rows.join(chosen, chosen.c.id == KeyResult.objective_id).where(~KeyResult.cancelled)


def _written(db: Session, rows: Select[*tuple[Any, ...]]) -> Iterator[Any]:
    """As the driver gives them."""
    result = db.connection().execute(rows)
    # Rows of the result's own would alone take as long as all of the sums.
    cursor: Any = result.cursor
    yield from cursor
    result.close()


@contextmanager
def _uncollected() -> Iterator[None]:
    """Nothing here is in a circle, and of so many objects at once the collector would look at all again and again."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
