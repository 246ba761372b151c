"""What concerns a person, in one place: the parts that conversations contribute."""

from __future__ import annotations

from bot import texts
from bot.conversation import Context
from bot.messages import Message


def home(ctx: Context) -> Message:
    drawn = [part.draw(ctx) for part in ctx.registry.parts_of("home")]
    sections = tuple(section for section in drawn if section is not None)
    stamp = texts.moment(ctx.local_now)
    return Message(texts.say("Your Rapport"), sections=sections, note=texts.say("As of {when}", when=stamp))
