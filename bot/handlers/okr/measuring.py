"""Key results as they are typed: a title, start, target and unit. What stands in the target decides the kind, so that
four short fields hold a number, a level to keep, steps, or nothing at all for what is done or not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from bot.conversation import Context
from bot.conversation.measures import code_of
from bot.conversation.problems import problem
from bot.forms import Answers, Field, Group, Number, Refused, Rejected, Text, written
from bot.handlers.okr import words
from bot.rules import okr
from bot.storage.okr.making import WantedResult
from bot.texts import say

RESULTS = "results"
LIMITS = (120, 30, 150, 20)
# With a word behind it, a number says its unit itself.
_WITH_UNIT = re.compile(r"[-+]?\d[\d.,\s]*?\s*([^\d\s.,][^\d]{0,19})")
_LEAST, _MOST = ("at least", "mindestens", "≥", ">="), ("at most", "höchstens", "≤", "<=")


def group(most: int, start: Sequence[WantedResult] = (), *, required: bool = False) -> Group:
    how = say(
        "Target: a number; or “at least 99” or “at most 5” for a level to keep; or steps with a semicolon between "
        "them. Leave start and target empty for what is done or not."
    )
    known = tuple(map(typed, start))
    # What came with a file may be longer than what is typed here.
    limits = [max(usual, *(len(one[at] or "") for one in known), 0) for at, usual in enumerate(LIMITS)]
    return Group(
        RESULTS, say("Key results"), help=how, required=required, fields=_fields(*limits), most=most,
        start=known or None,
    )  # fmt: skip


def _fields(
    title: int, start: int, target: int, unit: int
) -> tuple[Field[str], Field[str | None], Field[str | None], Field[str | None]]:
    return (
        Text("title", say("What will be different?"), limit=title),
        Text("from", say("Start value"), limit=start).optional(),
        Text("to", say("Target"), limit=target).optional(),
        Text("unit", say("Unit"), limit=unit, help=say("%, days, €; empty for a count.")).optional(),
    )


def typed(of: WantedResult) -> tuple[str, str | None, str | None, str | None]:
    """As a person would type it; read again it is the same."""
    start, target = (None if one is None else written(words.plain(one)) for one in (of.start, of.target))
    to = target
    if of.kind == "milestone":
        start, to = None, "; ".join(of.steps) + (";" if len(of.steps) == 1 else "")
    elif of.kind == "binary":
        start = to = None
    elif of.kind == "maintain":
        start, to = None, f"{say('at most') if of.comparator == 'at_most' else say('at least')} {target}"
    return of.title, start, to, words.unit(of.unit) or None


def shorthand(of: WantedResult) -> str:
    """In no language, for the history."""
    title, start, to, unit = typed(of)
    way = " ".join(filter(None, (start, "→" if start else "", to, unit)))
    return f"{title} ({way})" if way else title


def wanted(ctx: Context, of: Group, answers: Answers) -> list[tuple[int, WantedResult]]:
    """Each with its place in the form. Rejected with all that is wrong, each at its field."""
    raw = (ctx.typed or {}).get(of.key)
    given = answers[of]
    found: list[tuple[int, WantedResult]] = []
    wrong: dict[Field[str | None], str] = {}
    for (at, _), entry in zip(of.begun(raw), given or (), strict=True):
        reading = _Reading(ctx, of, at, *entry)
        found.append((at, reading.result()))
        wrong |= reading.wrong
    wrong |= _untitled(of, raw)
    if wrong:
        raise Rejected(wrong)
    return found


def _untitled(of: Group, raw: object) -> dict[Field[str | None], str]:
    """Numbers without a title would be lost in silence."""
    kept = {at for at, _ in of.begun(raw)}
    entries = enumerate(raw if isinstance(raw, list) else ())
    lost = [
        at for at, one in entries if at not in kept and isinstance(one, Mapping) and (one.get("from") or one.get("to"))
    ]
    return {of.inside(at, of.fields[0]): say("What is this a number of?") for at in lost}


class _Reading:
    """One entry; what is wrong with it is gathered by field."""

    def __init__(
        self, ctx: Context, of: Group, at: int, title: str, start: str | None, to: str | None, unit: str | None
    ) -> None:
        self.today = ctx.local_now.date()
        _, self.start_field, self.to_field, self.unit_field = (of.inside(at, one) for one in of.fields)
        self.title, self.start, self.to = title, start or "", to or ""
        self.unit = code(unit or _unit_in(self.to) or _unit_in(self.start))
        self.wrong: dict[Field[str | None], str] = {}

    def result(self) -> WantedResult:
        keeps = _keeps(self.to)
        if keeps:
            comparator, rest = keeps
            self.unit = self.unit or code(_unit_in(rest))
            self._no_start()
            target = self._number(rest, self.to_field)
            return WantedResult(self.title, "maintain", self.unit, comparator, None, target)
        if ";" in self.to or "\n" in self.to:
            self._no_start()
            steps = tuple(dict.fromkeys(one.strip() for one in re.split(r"[;\n]", self.to) if one.strip()))
            if not steps:
                self.wrong[self.to_field] = say("Which steps? Put a semicolon between them.")
            return WantedResult(self.title, "milestone", steps=steps)
        if not self.start and not self.to:
            return WantedResult(self.title, "binary")
        return self._way()

    def _way(self) -> WantedResult:
        start, target = self._number(self.start, self.start_field), self._number(self.to, self.to_field)
        asked = okr.Asked("numeric", start=start, target=target)
        faults = okr.key_result_faults(asked) if not self.wrong else ()
        if "start" in faults:
            self.wrong[self.start_field] = say("Where does it stand today? With 0, say 0.")
        if "target" in faults:
            self.wrong[self.to_field] = say("Where is it to be? For what is done or not, leave the start empty, too.")
        if "start_is_target" in faults:
            self.wrong[self.to_field] = say("That is where it starts. What is it to become?")
        return WantedResult(self.title, "numeric", self.unit, None, start, target)

    def _number(self, text: str, field: Field[str | None]) -> Decimal | None:
        units = tuple(filter(None, (*words.signs(self.unit), self.unit)))
        try:
            return Number("number", "", required=False, units=units).clean(text)
        except Refused as refused:
            self.wrong[field] = problem(refused.problem, self.today)
            return None

    def _no_start(self) -> None:
        if self.start:
            self.wrong[self.start_field] = say("This has no start: please leave it empty.")


def code(unit: str) -> str:
    """As it is stored: nothing for what is counted."""
    found = code_of(unit)
    return "" if found == "count" else found


def _unit_in(text: str) -> str:
    found = _WITH_UNIT.fullmatch(text.strip())
    return found[1].strip() if found else ""


def _keeps(text: str) -> tuple[okr.Comparator, str] | None:
    bare = text.strip()
    signs: tuple[tuple[okr.Comparator, tuple[str, ...]], ...] = (
        ("at_least", (*_LEAST, say("at least"))), ("at_most", (*_MOST, say("at most"))),
    )  # fmt: skip
    for comparator, beginnings in signs:
        for one in beginnings:
            if bare.casefold().startswith(one.casefold()):
                return comparator, bare[len(one) :].strip()
    return None
