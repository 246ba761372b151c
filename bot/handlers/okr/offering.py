"""What an objective can support, as choices with why; and what is wrong with a choice, at its field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from bot.conversation import Context
from bot.forms import Answers, Choice, Field, LongText, Note, Option, Rejected, Text
from bot.handlers.okr import words
from bot.handlers.okr.standing import View, allows, view, views
from bot.rules import okr
from bot.storage.okr.aligning import chain_above, supportable
from bot.storage.okr.tables import Objective, Period
from bot.storage.people import departments_on, managers_on
from bot.texts import say

# As many as a search would show.
MOST = 25
LOOKED_THROUGH = 2000
WHY = 500
NONE = "none"
FIND = "find"


def offered(
    ctx: Context, level: okr.Level, owner: UUID | None, periods: Sequence[Period], without: UUID | None = None,
    kept: UUID | None = None, find: str = "",
) -> list[View]:  # fmt: skip
    """What this person may read, the nearest to the owner first; `kept` is the one that stands, wherever it is. With
    `find` those whose title holds it, of as many as one looks through.
    """
    today = ctx.local_now.date()
    leaders = [*managers_on(ctx.db, [owner], today).values()] if owner else []
    department = departments_on(ctx.db, [owner], today).get(owner) if owner else None
    most = LOOKED_THROUGH if find else MOST + 1
    rows = supportable(ctx.db, level, [one.id for one in periods], owner, leaders, department, most)
    rows = _holding(rows, find, str((ctx.typed or {}).get("parent") or ""))[: MOST + 1] if find else rows
    found = [one for one in views(ctx, rows) if one.objective.id != without]
    stands = view(ctx, kept) if kept and kept not in {one.objective.id for one in found} else None
    return [*([stands] if stands else []), *found][:MOST]


def _holding(rows: Sequence[Objective], find: str, picked: str) -> list[Objective]:
    """What is picked already stays, whatever word is typed after that."""
    wanted = find.casefold()
    found = [one for one in rows if str(one.id) == picked or wanted in (one.title or "").casefold()]
    return sorted(found, key=lambda one: str(one.id) != picked)


def parent_field(found: Sequence[View], start: UUID | None = None, *, none: str = "") -> Field[str | None]:
    """`none`: the words of the choice that it supports nothing."""
    options = tuple(Option(str(one.objective.id), _label(one, several=_several(found))) for one in found)
    nothing = (Option(NONE, none),) if none else ()
    known = {one.key for one in options}
    return Choice(
        "parent", say("Which objective does it support?"), options=(*nothing, *options),
        start=str(start) if str(start) in known else None,
        help=say("One of its level or above it. The nearest {count} are listed.", count=MOST)
        if len(found) == MOST
        else say("One of its level or above it."),
    ).optional()  # fmt: skip


def _several(found: Sequence[View]) -> bool:
    return len({one.period.id for one in found}) > 1


def _label(of: View, *, several: bool) -> str:
    when = f" ({words.period(of.period)})" if several else ""
    return f"{words.level(of.objective.level)}{when}: {of.objective.title}"


def sought(ctx: Context) -> str:
    """The word of a title that is typed."""
    return str((ctx.typed or {}).get(FIND) or "").strip()


def find_fields(find: str, found: Sequence[View]) -> tuple[Field[Any], ...]:
    """Where more could be supported than are listed; `find`: what is looked for already."""
    if not find and len(found) < MOST:
        return ()
    how = say("Type a word of its title and press Enter.")
    field = Text(FIND, say("Not listed below?"), limit=80, redraws=True, help=how).optional()
    nothing = (Note("nothing", say("No title holds that. Another word, or none for the nearest ones?")),)
    return (field, *(nothing if not found else ()))


def why_field(start: str | None = None, audience: str = "") -> Field[str | None]:
    return LongText(
        "why", say("How does it support that one?"), limit=WHY, start=start, help=say("One sentence."),
        audience=audience,
    ).optional()  # fmt: skip


def picked(
    ctx: Context, child: okr.Placed[UUID], answers: Answers, parent: Field[str | None], why: Field[str | None]
) -> UUID | None:  # fmt: skip
    """Rejected with what is wrong; nothing is stored yet."""
    given = answers[parent]
    if not given or given == NONE:
        return None
    above = view(ctx, UUID(given))
    if above is None or not allows(ctx, "read", above):
        raise Rejected({parent: say("It is not there any more. Please pick another one.")})
    of = above.objective
    placed = okr.Placed(of.id, above.level, above.period.starts_on, above.period.ends_on)
    faults = okr.misaligned(child, placed, chain_above(ctx.db, of.id))
    if faults:
        raise Rejected({parent: fault(faults[0], above)})
    if not answers[why]:
        raise Rejected({why: say("One sentence, please: how does it help there?")})
    return of.id


def placed(of: View) -> okr.Placed[UUID]:
    return okr.Placed(of.objective.id, of.level, of.period.starts_on, of.period.ends_on)


def fault(code: okr.Misaligned, above: View) -> str:
    match code:
        case "loop":
            return say("That one supports this one, directly or through others: it would go round in a circle.")
        case "level":
            return say("That one is of a lower level. Pick one of the same level or above it.")
        case "period":
            return say("That one is of {period}, which does not hold for all of this one's time.",
                       period=words.period(above.period))  # fmt: skip
