"""Where a reply lands: to a word only the asker, to a button its message, to a form every message of its ask."""

from __future__ import annotations

from bot import texts
from bot.clock import to_local
from bot.conversation import Reply, Send, Task
from bot.engine import outgoing
from bot.engine.act import Act
from bot.engine.events import Done, Origin, Outcome, Token, Told
from bot.messages import Message
from bot.storage.outbox import OutboxRow
from bot.storage.posted import posted_at


def land(
    act: Act, reply: Reply, origin: Origin, phrase: str, ids: tuple[str, ...], *, submitted: bool = False
) -> Outcome:
    _others(act, reply)
    if reply.asks:
        publish_home(act)
    message = reply.message
    if message is None:
        return Done()
    drawn = outgoing.redraw(act.db, act.real, reply.asks, message) if reply.asks else 0
    if submitted:
        if not drawn:
            _tell_directly(act, reply, message)
        return Done()
    person = str(act.person.id)
    if reply.dialog or origin.kind == "dialog":
        return Told(message, person, dialog=True, token=Token(phrase, ids, person=person))
    if origin.kind == "message" and _redraw_pressed(act, origin, message, drawn):
        return Done()
    if origin.kind == "only_you" and origin.respond:
        outgoing.respond(act.db, act.real, act.address, origin.respond, message)
        return Done()
    if origin.kind == "home":
        _tell_directly(act, reply, message, unless=bool(drawn))
        return Done()
    return Told(message, person)


def _redraw_pressed(act: Act, origin: Origin, message: Message, drawn: int) -> bool:
    """The message that was pressed, unless it was redrawn with its ask; False if it is none that was posted here."""
    workspace = act.address.workspace_id
    posted = posted_at(act.db, workspace, origin.channel, origin.message)
    send = act.db.get(OutboxRow, posted.outbox_id) if posted else None
    if send is None:
        return bool(drawn)
    if not _is_drawn(act, send):
        outgoing.edit(act.db, act.real, send, message)
    return True


def _is_drawn(act: Act, send: OutboxRow) -> bool:
    return any(isinstance(row, OutboxRow) and row.target_id == send.id for row in act.db.new)


def _tell_directly(act: Act, reply: Reply, message: Message, *, unless: bool = False) -> None:
    if not unless:
        key = f"told:{act.person.id}:{act.real.timestamp()}"
        outgoing.enqueue(act.db, act.real, [Send(act.person.id, message, key, "reply", reply.asks)])


def _others(act: Act, reply: Reply) -> None:
    sends = [also for also in reply.also if isinstance(also, Send)]
    outgoing.enqueue(act.db, act.real, sends)
    outgoing.add_tasks(act.db, act.real, [also for also in reply.also if isinstance(also, Task)])


def publish_home(act: Act) -> None:
    """Drawn anew for accounts that have opened it."""
    if act.address.home_seen:
        outgoing.publish_home(act.db, act.real, act.address, home(act))


def home(act: Act) -> Message:
    act.db.flush()
    ctx = act.context()
    drawn = [part.draw(ctx) for part in act.house.registry.parts_of("home")]
    sections = tuple(section for section in drawn if section is not None)
    stamp = texts.moment(to_local(act.now, act.person.zone))
    return Message(texts.say("Your Rapport"), sections=sections, note=texts.say("As of {when}", when=stamp))
