"""The privacy notice (GDPR, Art. 13): made from what is switched on for its reader, and from who is responsible.

It stands in full in the first contact, and is sent by itself when it changes; being sent is being shown.
"""

from __future__ import annotations

from bot.conversation import Context
from bot.conversation.features import BASES, FEATURES, NEVER
from bot.messages import Button, Line, Message, Section, Strong
from bot.rules.policy import BY_KEY, Basis
from bot.storage.notices import PrivacyNotice, notice_of
from bot.storage.policy import bases_of, place_of, policy_of
from bot.texts import long_day, say


def before(ctx: Context, first: Button) -> Message:
    """In the place of a question that waits until this has been shown."""
    why = say("Please read this before the first question. It says what happens to what you answer.")
    return Message(say("Privacy notice"), (why,), sections=sections(ctx), buttons=(first,))


def sections(ctx: Context) -> tuple[Section, ...]:
    """Nothing while the employer has not said who is responsible: then nothing can be said in its name."""
    found = notice_of(ctx.db)
    return (Section(say("How your data are used"), _lines(ctx, found), note=_version(ctx, found)),) if found else ()


def _lines(ctx: Context, found: PrivacyNotice) -> tuple[Line, ...]:
    copy = say("Type review mydata for a copy, review privacy for what is stored and who opened it.")
    told = (
        (say("Responsible"), found.controller),
        (say("Questions about your data"), found.contact),
        (say("What for"), _purposes(ctx)),
        (say("Legal basis"), _bases(ctx)),
        (
            say("Which data"),
            say("Name, e-mail, department, manager, hours, absences without a reason; what you answer; who opened it."),
        ),
        (
            say("Who receives them"),
            say("The people named at each question, HR in counts, and who runs the chat in which you read this."),
        ),
        (say("How long"), say("As long as your company's retention terms say; review privacy names the months.")),
        (
            say("Your rights"),
            f"{say('Access, correction, erasure, restriction, objection, taking your data with you.')} {copy}",
        ),
        (say("Complaints"), found.authority or say("The data protection authority where you live or work")),
        (say("No automated decision"), say(NEVER[2])),
    )
    return tuple((Strong(f"{label}: "), text) for label, text in told)


def _purposes(ctx: Context) -> str:
    used = policy_of(ctx.db).features_for(place_of(ctx.person))
    return "; ".join(say(told.purpose) for key, told in FEATURES.items() if key in used)


def _bases(ctx: Context) -> str:
    """As the employer recorded them, else what is usual, which is only proposed; each once."""
    used, recorded = policy_of(ctx.db).features_for(place_of(ctx.person)), bases_of(ctx.db)
    found = (recorded.get(key) or _proposed(BY_KEY[key].basis) for key in FEATURES if key in used)
    return "; ".join(dict.fromkeys(found))


def _proposed(basis: Basis) -> str:
    usual = say(BASES[basis])
    return usual if basis == "none" else say("{basis} (proposed, not confirmed by your employer yet)", basis=usual)


def _version(ctx: Context, found: PrivacyNotice) -> str:
    day = long_day(ctx.local(found.at).date())
    return say("Version {version} of {day}. To read it again: review notice", version=found.version, day=day)
