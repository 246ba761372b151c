"""Where I am written to, for those who have accounts in two places: chosen once, it holds wherever I answer."""

from __future__ import annotations

from bot.conversation import Context, Conversation, Reply
from bot.forms import Answers, Choice, Form, Note, Option
from bot.messages import Message
from bot.storage.people import addresses_of
from bot.texts import mark, say

LAST_USED = "last_used"


class Platform(Conversation):
    name = "preferences.platform"
    dialog = True
    words = ("review where",)
    summary = mark("Where I am written to")

    def _field(self, ctx: Context, names: dict[str, str]) -> Choice:
        options = (Option(LAST_USED, say("Where I was last")), *(Option(key, name) for key, name in names.items()))
        start = ctx.person.platform if ctx.person.platform in names else LAST_USED
        return Choice("platform", say("Write to me"), options=options, start=start)

    def open(self, ctx: Context) -> Form | Reply:
        names = _places(ctx)
        if len(names) < 2:
            known = next(iter(names.values()), "")
            line = say("I know one account of yours, in {place}: that is where I write to.", place=known)
            return Reply(Message(say("Where I am written to"), (line,)))
        title, version = say("Where I am written to"), ctx.person.platform or LAST_USED
        note = Note("now", _now(names, ctx.person.platform))
        return Form.of(title, note, self._field(ctx, names), submit=say("Save"), version=version)

    def submit(self, ctx: Context, answers: Answers) -> Reply:
        names = _places(ctx)
        chosen = answers[self._field(ctx, names)]
        ctx.person.platform = None if chosen == LAST_USED else chosen
        line = (
            say("From now on I write to you in {place}. You can answer in both: it is one list.", place=names[chosen])
            if chosen in names
            else say("From now on I write to you where you were last. You can answer in both.")
        )
        return Reply(Message(say("Where I am written to"), (line,)))


def _now(names: dict[str, str], chosen: str | None) -> str:
    if chosen in names:
        return say("Now I write to you in {place}. You can answer in both: it is one list.", place=names[chosen])
    return say("Now I write to you where you were last. You can answer in both: it is one list.")


def _places(ctx: Context) -> dict[str, str]:
    """Platforms by the name that people know."""
    return {one.platform: one.platform.capitalize() for one, _ in addresses_of(ctx.db, [ctx.person.id])}
