"""Goals in the class of records of their name: all of a period goes with it."""

from __future__ import annotations

from bot.storage.keeping import Kept
from bot.storage.kpis import Kpi, KpiBand, KpiValue
from bot.storage.okr.tables import (
    KeyResult,
    KeyResultUpdate,
    Milestone,
    Objective,
    ObjectiveLink,
    ObjectiveStep,
    Period,
    Pillar,
)

KEPT = (
    Kept("goals", Period, Period.ends_on),
    Kept("goals", Pillar),
    Kept("goals", Objective, people=(Objective.keeper_id,), named=(Objective.owner_id,)),
    Kept("goals", ObjectiveLink),
    Kept(
        "goals", ObjectiveStep, words={ObjectiveStep.by_id: "words_sealed"}, named=(ObjectiveStep.on_behalf_of_id,)
    ),
    Kept("goals", KeyResult, people=(KeyResult.keeper_id,), named=(KeyResult.owner_id,)),
    Kept("goals", Milestone, people=(Milestone.keeper_id,)),
    Kept(
        "goals", KeyResultUpdate, words={KeyResultUpdate.by_id: "note_sealed"},
        named=(KeyResultUpdate.on_behalf_of_id,),
    ),
    Kept("goals", Kpi, Kpi.ended_at, named=(Kpi.owner_id,)),
    Kept("goals", KpiBand),
    Kept("goals", KpiValue, KpiValue.day, words={KpiValue.by_id: "note_sealed"}),
)  # fmt: skip
