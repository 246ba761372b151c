"""What an objective may support: the chain above it, and what there is to choose from, the nearest first."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from sqlalchemy import case, delete, false, or_, select
from sqlalchemy.orm import Session, aliased

from bot.rules.okr import LEVELS, Level, in_loops
from bot.storage.okr.goals import RUNNING, SHARED_LEVELS
from bot.storage.okr.linted import MOVED
from bot.storage.okr.tables import Objective, ObjectiveLink, ObjectiveStep, Period


def chain_above(db: Session, objective: UUID) -> dict[UUID, UUID | None]:
    """This one and all above it, each with its parent; ends also where the data holds a loop."""
    return _chains_above(db, [objective])


def stand_in_loop(db: Session, objectives: Collection[UUID]) -> bool:
    """Whether one of these supports itself, over others or not."""
    return not in_loops(_chains_above(db, objectives)).isdisjoint(objectives)


def _chains_above(db: Session, objectives: Collection[UUID]) -> dict[UUID, UUID | None]:
    chain = select(Objective.id, Objective.parent_id).where(Objective.id.in_(objectives)).cte("chain", recursive=True)
    above = aliased(Objective)
    chain = chain.union(select(above.id, above.parent_id).join(chain, above.id == chain.c.parent_id))
    return {row.id: row.parent_id for row in db.execute(select(chain.c.id, chain.c.parent_id))}


def lock_alignment(db: Session, periods: Iterable[UUID]) -> None:
    """Who aligns in a period waits for whoever does so now: two at once could close a loop. To be called before any
    objective is locked, or two could wait for each other; who only adds objectives waits for nobody.
    """
    chosen = select(Period.id).where(Period.id.in_(set(periods))).order_by(Period.id)
    db.execute(chosen.with_for_update(key_share=True)).all()


def supportable(
    db: Session, level: Level, periods: Sequence[UUID], owner: UUID | None, leaders: Sequence[UUID],
    department: UUID | None, limit: int,
) -> list[Objective]:  # fmt: skip
    """Of this level or above it, in these periods: first those of whoever leads the owner and of the owner, then of
    their department, then from the top.
    """
    above = [one for one in SHARED_LEVELS if LEVELS.index(one) <= LEVELS.index(level)]
    near = [*leaders, *([owner] if owner else [])]
    own = Objective.owner_id.in_(near) & (Objective.level == "individual") if level == "individual" else false()
    rank = case(
        (Objective.owner_id.in_(near), 0), (Objective.department_id == department, 1) if department else (false(), 1),
        *((Objective.level == one, 2 + LEVELS.index(one)) for one in SHARED_LEVELS), else_=9,
    )  # fmt: skip
    found = select(Objective).where(
        Objective.period_id.in_(periods), Objective.state.in_(RUNNING), or_(Objective.level.in_(above), own)
    )
    return list(db.scalars(found.order_by(rank, Objective.created_at, Objective.id).limit(limit)))


def links_of(db: Session, objective: UUID) -> list[UUID]:
    """What it supports besides its parent."""
    chosen = select(ObjectiveLink.to_id).where(ObjectiveLink.objective_id == objective)
    return list(db.scalars(chosen.order_by(ObjectiveLink.to_id)))


def set_links(db: Session, objective: UUID, to: Iterable[UUID]) -> None:
    wanted, known = set(to), set(links_of(db, objective))
    gone = (ObjectiveLink.objective_id == objective) & ObjectiveLink.to_id.in_(known - wanted)
    db.execute(delete(ObjectiveLink).where(gone))
    db.add_all(ObjectiveLink(objective_id=objective, to_id=one) for one in sorted(wanted - known))


def parent_changed(db: Session, objective: Objective) -> bool:
    """Whether its parent was changed, or ended, since its owner last said that it fits."""
    if objective.parent_id is None:
        return False
    since = objective.aligned_at or objective.created_at
    later = select(ObjectiveStep.id).where(
        ObjectiveStep.objective_id == objective.parent_id, ObjectiveStep.move.in_(MOVED), ObjectiveStep.at > since
    )
    return db.scalar(later.limit(1)) is not None
