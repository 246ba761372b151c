"""Files that people send to the bot: only what a conversation wants is fetched, and then given to it."""

from __future__ import annotations

from bot.conversation import Reply, Send
from bot.engine import landing, outgoing, words
from bot.engine.act import Act
from bot.engine.events import LARGEST_HANDED, Done, Handed, Origin, Outcome, Told, Wanted

HERE = Origin("word")


def handed(act: Act, event: Handed) -> Outcome:
    """Asked again with the content: what the person may has perhaps changed since."""
    takes, ctx = act.house.registry.taking_files(), act.context()
    if takes is None:
        return _answered(act, event, Reply(words.no_files()))
    refusal = takes.wants(ctx, event.name, event.size if event.content is None else len(event.content))
    if refusal is not None:
        return _answered(act, event, refusal)
    if event.trouble or event.size > LARGEST_HANDED:
        return _answered(act, event, Reply(words.file_not_read(event.trouble or "too_large")))
    if event.content is None:
        return Wanted()
    return _answered(act, event, takes.take(ctx, event.name, event.content))


def _answered(act: Act, event: Handed, reply: Reply) -> Outcome:
    """By a message, which the outbox posts once."""
    outcome = landing.land(act, reply, HERE, "", ())
    if not isinstance(outcome, Told):
        return outcome
    send = Send(act.person.id, outcome.message, f"said:{event.receipt}", "reply")
    outgoing.enqueue_shown(act.db, act.real, send, reply.shows, act.now, at=act.address)
    return Done()
