"""What was there before a step of an objective, in words: only where something else came after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from bot.conversation import Context
from bot.handlers.okr import words
from bot.handlers.okr.standing import View, view
from bot.storage.exports import Names
from bot.storage.okr.tables import ObjectiveStep
from bot.storage.okr.told import words_of
from bot.storage.people import person_by_email
from bot.texts import say, say_n


class Before:
    """What a step has overwritten. What came after it stands in the next step that overwrote it, or stands now."""

    def __init__(self, ctx: Context, of: View, one: ObjectiveStep, steps: Sequence[ObjectiveStep]) -> None:
        self._ctx, self._of = ctx, of
        self._was: Mapping[str, Any] = words_of(one).get("before") or {}
        self._later = [words_of(two).get("before") or {} for two in steps if two.number > one.number]

    def told(self) -> list[str]:
        was, one = self._was, self._of.objective
        found = [str(was["title"])] if self._other("title", one.title) else []
        found += [*map(str, was.get("key_results") or ()), *([str(was["why"])] if was.get("why") else [])]
        found += [self._parent(was["parent"])] if "parent" in was else []
        found += [words.ambition(was["ambition"])] if self._other("ambition", one.ambition) else []
        found += [_weight(was["weight"])] if self._other("weight", one.weight, Decimal) else []
        found += [words.rollup(was["rollup"])] if self._other("rollup", one.rollup) else []
        found += [words.level(was["level"])] if was.get("level") else []
        found += [self._person(was["owner"])] if was.get("owner") else []
        found += [str(was["department"])] if was.get("department") else []
        return [*found, *self._measures()]

    def _other(self, name: str, now: object, read: Callable[[Any], object] = str) -> bool:
        if name not in self._was:
            return False
        after = next((one[name] for one in self._later if name in one), now)
        return read(self._was[name]) != read(after)

    def _parent(self, parent: str | None) -> str:
        """By its id, or by its key from a file."""
        if not parent:
            return say("it supported nothing")
        try:
            above = view(self._ctx, UUID(parent))
        except ValueError:
            return say("it supported {title}", title=parent)
        return say("it supported {title}", title=above.objective.title or "" if above else say("another objective"))

    def _person(self, one: str) -> str:
        """By the id, or by the e-mail address from a file."""
        try:
            return Names(self._ctx.db, [UUID(one)])[UUID(one)] or ""
        except ValueError:
            found = person_by_email(self._ctx.db, one)
            return found.name if found else one

    def _measures(self) -> Iterator[str]:
        """Of each key result its weight and rhythm."""
        later = [one["measures"] for one in self._later if "measures" in one]
        for one in self._of.results:
            was = (self._was.get("measures") or {}).get(str(one.id), {})
            now: Mapping[str, Any] = {"weight": one.weight, "cadence_days": one.cadence_days}
            after = next((two[str(one.id)] for two in later if str(one.id) in two), now)
            found = [_weight(was["weight"])] if was and Decimal(was["weight"]) != Decimal(after["weight"]) else []
            if was and was["cadence_days"] != after["cadence_days"]:
                days = was["cadence_days"]
                found.append(say_n("an update every {count} day", "an update every {count} days", days))
            if found:
                yield f"{one.title} ({', '.join(found)})"


def _weight(value: str) -> str:
    return say("weight {value}", value=words.amount(Decimal(value), ""))
