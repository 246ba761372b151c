"""The first contact of who is asked for updates of objectives, and for no check-in."""

from __future__ import annotations

from bot.cadence import Cadence, Weekly
from bot.conversation import Context
from bot.storage.contacts import FirstContact
from bot.storage.okr.periods import okr_rules
from bot.storage.programmes import Programme, programme_of
from bot.texts import say, say_n

CHECKIN = "checkin"


def alone(ctx: Context, row: FirstContact) -> bool:
    """Who is asked both hears of the check-in first; objectives are told of where they are."""
    programme = ctx.db.get(Programme, row.programme_id) if row.programme_id else None
    if programme is None:
        return False
    return programme.conversation != CHECKIN and programme_of(ctx.db, ctx.person.id, CHECKIN) is None


def what(cadence: Cadence) -> tuple[str, ...]:
    often = (
        say_n(
            "HR starts objectives here: each week I ask how yours stand, one tap if nothing is new.",
            "HR starts objectives here: every {count} weeks I ask how yours stand, one tap if nothing is new.",
            cadence.every,
        )
        if isinstance(cadence, Weekly)
        else say("HR starts objectives here: once a month I ask how yours stand, one tap if nothing is new.")
    )
    none = say("Who has none is asked nothing. A score of an objective is no rating of a person.")
    return (f"{often} {none}",)


def who_reads(ctx: Context) -> tuple[str, ...]:
    shared = say("Objectives of the company, a department or a team are for everybody here.")
    match okr_rules(ctx.db).seen_by:
        case "everyone":
            own = say("Your own are so, too.")
        case "line":
            own = say("Your own are for you, your managers up the line, and HR.")
        case _:
            own = say("Your own are for you, your team, your managers up the line, and HR.")
    return (f"{shared} {own} {say('Nobody reads channels.')}",)


def leading() -> tuple[str, ...]:
    return (
        say("You see the objectives of your people, and can agree to them and help them on."),
        say("What stands still comes to you only after its owner has been asked, in Monday's message."),
    )
