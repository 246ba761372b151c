"""What is stored about me, who can read it and who did; what I may do in the chat, and what nobody evaluates."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.conversation import Context, Conversation, Reply, part
from bot.conversation.features import NEVER
from bot.forms import Form
from bot.messages import Button, Line, Message, Section, Strong
from bot.rules.retention import Policy
from bot.storage.exports import Held, Names, subjects
from bot.storage.exports.audit import openings
from bot.storage.notices import notice_of
from bot.storage.policy import allows
from bot.storage.retention import stored
from bot.texts import day, long_day, mark, moment, say, say_n

NEWEST = 10


class Privacy(Conversation):
    name = "privacy"
    dialog = True
    words = ("review privacy",)
    summary = mark("What is stored about me")

    def open(self, ctx: Context) -> Form | Reply:
        policy = Policy(*(stored(ctx.db) or ()))
        intro = (
            say("Your texts are stored encrypted, with a key of your own, on your company's own server."),
            say("Opening what is yours leaves a row that nobody can change; you see it here."),
            say(
                "What you sent before your manager changed the new one reads only if you share your history, and as "
                "long as you do."
            ),
            say(
                "Deleted by itself, in months: check-ins and what was said of them after {answers}, who took part "
                "after {part}.",
                answers=policy.kept("check_ins"),
                part=policy.kept("participation"),
            ),
        )
        sections = (_stored(ctx), _opened(ctx), _permitted(ctx), _never(), _asking(ctx))
        return Reply(Message(say("What is stored about you"), intro, sections=sections), dialog=True)


def _stored(ctx: Context) -> Section:
    lines = [line for held in subjects() for line in _line(ctx, held)]
    return Section(say("Stored, and who can read it"), tuple(lines))


def _line(ctx: Context, held: Held) -> tuple[Line, ...]:
    number, since = held.count(ctx.db, ctx.actor)
    if not number:
        return ()
    count = say_n("{count} entry", "{count} entries", number)
    first = ctx.local(since).date() if isinstance(since, datetime) else since
    known = say("{entries} since {day}", entries=count, day=long_day(first)) if first else count
    what = say("{known}. Read by: {readers}.", known=known, readers=say(held.readers))
    return ((Strong(say(held.title)), f"  {what}"),)


def _opened(ctx: Context) -> Section:
    title = say("Who opened your answers")
    rows, count = openings(ctx.db, ctx.actor.id, NEWEST)
    if not rows:
        return Section(title, (say("Nobody but you, so far."),))
    names = Names(ctx.db, [one for event, _ in rows for one in (event.actor_id, event.on_behalf_of_id)])
    lines = []
    for event, ask in rows:
        at = ctx.local(datetime.fromisoformat(event.details["when"]).astimezone(UTC))
        told = {"when": moment(at), "who": names[event.actor_id] or "", "day": day(ask.occurrence)}
        if event.on_behalf_of_id:
            told["other"] = names[event.on_behalf_of_id] or ""
            lines.append(say("{when}: {who}, for {other}, opened your answer of {day}", **told))
        else:
            lines.append(say("{when}: {who} opened your answer of {day}", **told))
    earlier = count - len(rows)
    note = say_n("And once before.", "And {count} times before.", earlier) if earlier > 0 else ""
    return Section(title, tuple(lines), note=note)


def _permitted(ctx: Context) -> Section:
    lines: tuple[Line, ...] = tuple((Strong(name), f"  {say(reason)}") for name, reason in ctx.permissions)
    return Section(say("What I may do in your chat, and what for"), lines)


def _never() -> Section:
    return Section(say("What is not evaluated"), tuple(say(line) for line in NEVER))


def _asking(ctx: Context) -> Section:
    contact = ctx.contact or say("HR")
    buttons: tuple[Button, ...] = ()
    if allows(ctx.db, "export", ctx.person):
        buttons = (Button(say("Give me all of it"), "mydata"),)
    if notice_of(ctx.db):
        buttons += (Button(say("Privacy notice"), "policy.notice"),)
    if "inbox.ask" in ctx.registry.conversations:
        buttons += (Button(say("Ask HR…"), "inbox.ask"),)
    return Section(say("Questions"), (say("Ask {contact}.", contact=contact),), buttons=buttons)


@part("home", 95)
def home(ctx: Context) -> Section | None:
    files = (Button(say("My data as files"), "mydata"),) if allows(ctx.db, "export", ctx.person) else ()
    buttons = (Button(say("What is stored about me"), "privacy"), *files)
    return Section(say("Privacy"), buttons=buttons)
