"""`/review` without words: what waits for me and what I can do here; and the help."""

from __future__ import annotations

from bot.access import Actor, Subject, may
from bot.conversation import Context, Conversation, Reply, part
from bot.conversation.seeing import hr_sees
from bot.forms import Form
from bot.messages import Button, Message, Section, Strong
from bot.texts import mark, say


class Menu(Conversation):
    name = "menu"
    words = ("review",)
    summary = mark("What waits for me")

    def open(self, ctx: Context) -> Form | Reply:
        drawn = [part.draw(ctx) for part in ctx.registry.parts_of("menu")]
        sections = tuple(section for section in drawn if section is not None)
        return Reply(Message(say("Hello {name}", name=ctx.person.name.split()[0]), sections=sections))


class Help(Conversation):
    name = "help"
    words = ("review help",)
    summary = mark("Help")

    def open(self, ctx: Context) -> Form | Reply:
        intro = (
            say("I ask you for a short check-in each week and pass it to your manager."),
            hr_sees(ctx),
            say("Everything works with a slash, or typed here without it."),
        )
        return Reply(Message(say("What I can do"), intro, sections=(_phrases(ctx),)))


@part("menu", 90)
def menu(ctx: Context) -> Section | None:
    return _phrases(ctx)


def _phrases(ctx: Context) -> Section:
    """From the registry, so that it is never out of date; what is only for a role, only to those who have it."""
    actor = Actor(ctx.actor.id, ctx.roles)
    shown = [
        (one.words[0], one)
        for one in ctx.registry.conversations.values()
        if one.words and one.summary and may(actor, "start", Subject("conversation", roles=one.roles))
    ]
    lines = tuple((Strong(f"/{phrase}"), f"  {say(one.summary)}") for phrase, one in sorted(shown, key=lambda s: s[0]))
    buttons = tuple(
        Button(say(one.summary), one.name) for phrase, one in shown if " " not in phrase and phrase != "review"
    )
    return Section(say("Words I understand"), lines, buttons=buttons)
