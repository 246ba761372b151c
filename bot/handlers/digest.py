"""`/review digest`: what Monday's message would say now; and why it comes here, if HR's room is out of reach."""

from __future__ import annotations

from bot.conversation import Context, Conversation, Place, Reply, part
from bot.conversation.digests import digest
from bot.forms import Form
from bot.messages import Message, Section
from bot.storage.policy import allows
from bot.storage.rooms import room_for
from bot.texts import mark, say

HR = frozenset({"hr_coordinator", "hr_partner"})


class Digest(Conversation):
    name = "digest"
    words = ("review digest",)
    summary = mark("My digest as of now")

    def open(self, ctx: Context) -> Form | Reply:
        if not allows(ctx.db, "digests", ctx.person):
            why = say("Your company has switched them off where you work.")
            return Reply(Message(say("There are no digests here"), (why,)))
        places: list[Place] = ["manager_digest", "my_summary"]
        if ctx.roles & HR:
            places.insert(1, "hr_digest")
        found = digest(ctx, places)
        if found is None:
            nothing = say("There is nothing to tell at the moment. On Mondays I write only if there is.")
            return Reply(Message(say("Your digest"), (nothing,)))
        return Reply(found)


@part("hr_digest", 99)
def room(ctx: Context) -> Section | None:
    """Only while HR's channel cannot be written to."""
    place = room_for(ctx.db, "hr")
    if place is None or place.error is None:
        return None
    why = say("I could not post this in HR's channel ({error}), so each of you gets it here.", error=place.error)
    fix = say("Invite me there, then ask whoever runs me to set the channel again.")
    return Section(say("Why here"), (why, fix))
