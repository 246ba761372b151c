"""What a key figure is called, its unit, its source and its rhythm: as it is added, and as it is changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.conversation.measures import code_of, signs
from bot.forms import Answers, Choice, Field, Option, Text
from bot.handlers.kpis import words
from bot.storage.kpi_values import Shape
from bot.storage.kpis import Kpi
from bot.texts import say


@dataclass(frozen=True)
class Naming:
    title: Text
    unit: Field[str | None]
    source: Field[str | None]
    rhythm: Choice
    known: Kpi | None = None

    @classmethod
    def of(cls, known: Kpi | None = None, unit_help: str = "") -> Naming:
        days = known.cadence_days if known else words.RHYTHMS[2]
        unit = say("As: %, days, €; empty: a plain number")
        return cls(
            Text(
                "title", say("Title"), help=say("As: Tickets solved in time"), limit=120,
                start=known.title if known else None,
            ),
            Text(
                "unit", say("Unit"), help=unit_help or unit, limit=40, start=_typed(known.unit) if known else None
            ).optional(),
            Text(
                "source", say("Source"), help=say("Where the number comes from."), limit=200,
                start=known.source if known else None,
            ).optional(),
            Choice(
                "rhythm", say("How often is there a new value?"), start=str(days),
                options=tuple(Option(str(one), words.rhythm(one)) for one in sorted({*words.RHYTHMS, days})),
            ),
            known,
        )  # fmt: skip

    @property
    def fields(self) -> tuple[Field[Any], ...]:
        return (self.title, self.unit, self.source, self.rhythm)

    def shape(self, answers: Answers) -> Shape:
        typed = answers[self.unit] or ""
        same = self.known is not None and typed == (_typed(self.known.unit) or "")
        unit = self.known.unit if self.known and same else code_of(typed)
        return Shape(answers[self.title], unit, int(answers[self.rhythm]), answers[self.source])


def _typed(unit: str) -> str | None:
    """As somebody would type it."""
    return next(iter(signs(unit)), None)
