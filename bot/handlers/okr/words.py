"""What codes and numbers of objectives read like: units, scores, states, who sees it."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from bot.conversation import Context
from bot.conversation.measures import amount as amount
from bot.conversation.measures import level as level
from bot.conversation.measures import signs as signs
from bot.conversation.measures import unit as unit
from bot.handlers.okr.standing import View
from bot.rules import okr
from bot.rules.exact import plain as plain
from bot.storage.okr.periods import okr_rules
from bot.storage.okr.tables import KeyResult, Period
from bot.texts import number, say, to_one_decimal, to_two_decimals

COLOURS = {"on_track": "🟢", "at_risk": "🟠", "off_track": "🔴"}


def score(value: Decimal) -> str:
    return to_two_decimals(okr.shown(value))


def status(code: okr.Status) -> str:
    return f"{COLOURS[code]} {status_word(code)}"


def status_word(code: okr.Status) -> str:
    """Where no sign stands beside it, or another one does."""
    words = {"on_track": say("on track"), "at_risk": say("at risk"), "off_track": say("off track")}
    return words[code]


def state_word(of: View) -> str:
    words = {"draft": say("draft"), "paused": say("paused"), "cancelled": say("cancelled"), "done": say("closed")}
    return words.get(of.objective.state) or (status_word(of.status) if of.status else say("no update yet"))


def coverage(share: Decimal) -> list[str]:
    """Told wherever it is not all."""
    return [say("{percent} % of it measured", percent=to_percent(share))] if share < 1 else []


def not_measured(has_any: bool) -> str:
    """Of a pillar."""
    return say("no update yet") if has_any else say("no objective yet")


def state(of: View) -> str:
    """Where it stands, in words with a colour beside them."""
    match of.objective.state:
        case "draft":
            return say("⚪ draft")
        case "paused":
            return say("⏸ paused")
        case "cancelled":
            return say("⚪ cancelled")
        case "done":
            return say("🏁 closed")
        case _:
            return status(of.status) if of.status else say("⚪ no update yet")


def ambition(code: str) -> str:
    return say("committed: expected in full") if code == "committed" else say("aspirational: 0.7 is a good result")


def period(of: Period) -> str:
    """ "Q4 2026" for a quarter; else the key that HR gave it."""
    return period_key(of.key)


def period_key(key: str) -> str:
    year, _, part = key.partition("-")
    return f"{part} {year}" if part[:1] == "Q" and year.isdecimal() else key


def measure(of: KeyResult) -> str:
    """From where to where, in one short line."""
    match of.kind:
        case "binary":
            return say("done or not")
        case "milestone":
            return say("steps that are done")
        case "maintain" if of.comparator == "at_most":
            return say("stays at most {target}", target=amount(of.target, of.unit))
        case "maintain":
            return say("stays at least {target}", target=amount(of.target, of.unit))
        case _:
            return say("from {start} to {target}", start=amount(of.start, of.unit), target=amount(of.target, of.unit))


def now(of: KeyResult) -> str:
    """Where it stands, beside its bar."""
    match of.kind:
        case _ if of.score is None:
            return say("no update yet")
        case "binary":
            return say("done") if of.score else say("open")
        case "milestone":
            return f"{to_percent(of.score)} %"
        case "maintain":
            return say("held {held} of {observed}", held=of.held, observed=of.observed)
        case _:
            # "3 of 1" would read as more than enough of what is to fall.
            start, current = (number(plain(one or Decimal(0))) for one in (of.start, of.current))
            target = amount(of.target, of.unit)
            return say("{start} → {current}, target {target}", start=start, current=current, target=target)


def value(of: KeyResult, said: Decimal | None) -> str:
    """What an update says."""
    match of.kind:
        case "binary":
            return say("done") if said else say("open")
        case "milestone":
            return f"{to_percent(said or Decimal(0))} %"
        case _:
            return amount(said, of.unit)


def rollup(code: str) -> str:
    """Where the score of an objective comes from."""
    ways = {
        "own": say("Its own key results"), "children": say("What supports it"), "blend": say("Both, mixed"),
    }  # fmt: skip
    return ways[code]


def confidence(mean: Decimal) -> str:
    """From 1 to 10; about 5 is an even chance."""
    return to_one_decimal(mean.quantize(Decimal("0.1"), ROUND_HALF_UP))


def to_percent(share: Decimal) -> str:
    return number(plain((okr.shown(share) * 100).quantize(Decimal(1))))


def audience(ctx: Context, of: View) -> str:
    """Who reads it and what is written of it."""
    seen_by = okr_rules(ctx.db).seen_by
    if of.objective.level != "individual" or seen_by == "everyone":
        return say("Everybody here")
    people = individual_audience(ctx)
    if of.owner and of.owner.id != ctx.actor.id:
        theirs = {
            "line": say("{name}, their managers up the line, and HR", name=of.owner.name),
            "team": say("{name}, their team, their managers up the line, and HR", name=of.owner.name),
        }  # fmt: skip
        people = theirs[seen_by]
    shared = any(one.owner_id not in (None, of.objective.owner_id) for one in of.results)
    return say("{people}; also who looks after one of its key results", people=people) if shared else people


def individual_audience(ctx: Context) -> str:
    match okr_rules(ctx.db).seen_by:
        case "everyone":
            return say("Everybody here")
        case "line":
            return say("You, your managers up the line, and HR")
        case _:
            return say("You, your team, your managers up the line, and HR")
