"""My own month, for me alone: check-ins sent, my mood over all that I gave, what others said, what was solved."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from decimal import Decimal

from bot.conversation import Context, part
from bot.messages import Button, Fact, Section
from bot.rules.checkin import TREND_OF, trend
from bot.storage.policy import allows
from bot.storage.summaries import blockers_solved, comments_received, own_moods, states_since
from bot.texts import number, say

MONTH = timedelta(weeks=5)
EXPECTED = ("submitted", "missed", "closed")
PRIVACY = "review privacy"


@part("my_summary", 10)
def my_checkins(ctx: Context) -> Section | None:
    """Nothing if nothing was expected and nobody said anything."""
    if not allows(ctx.db, "checkins", ctx.person):
        return None
    person, since = ctx.person.id, ctx.now - MONTH
    states = states_since(ctx.db, person, "checkin", since, ctx.now)
    expected = sum(states[state] for state in EXPECTED)
    said = comments_received(ctx.db, person, since, ctx.now) if allows(ctx.db, "feedback", ctx.person) else Counter()
    solved = blockers_solved(ctx.db, person, since, ctx.now)
    if not (expected or said or solved):
        return None
    written = sum(said.values()) - said["thanks"]
    facts = [Fact(say("Sent"), say("{sent} of {expected}", sent=states["submitted"], expected=expected))]
    facts += [Fact(say("Thanks"), str(said["thanks"]))] if said["thanks"] else []
    facts += [Fact(say("Comments and questions"), str(written))] if written else []
    facts += [Fact(say("Out of your way"), str(solved))] if solved else []
    return Section(say("My check-ins of the last five weeks"), facts=tuple(facts))


@part("my_summary", 20)
def my_mood(ctx: Context) -> Section | None:
    """Over everything that was given, shared or not: it is shown to nobody else."""
    moods = own_moods(ctx.db, ctx.person.id, 2 * TREND_OF) if allows(ctx.db, "mood", ctx.person) else []
    moved = trend(moods)
    if moved is None:
        return None
    lines = (_moved(round(Decimal(moved), 1)), say("Your last six: {moods}.", moods=", ".join(map(str, moods))))
    return Section(say("My mood"), lines, note=say("Only you see this, also where you did not share it."))


def _moved(by: Decimal) -> str:
    """The last three against the three before."""
    if by == 0:
        return say("The last three are as the three before.")
    if by > 0:
        return say("The last three are {by} higher than the three before.", by=number(by))
    return say("The last three are {by} lower than the three before.", by=number(-by))


@part("my_summary", 90)
def what_is_stored(ctx: Context) -> Section | None:
    """Where somebody can look it up."""
    privacy = ctx.registry.words.get(PRIVACY)
    if privacy is None:
        return None
    line = say("Everything stored about you is yours to see.")
    return Section(say("What is stored"), (line,), buttons=(Button(say("What is stored"), privacy.name),))
