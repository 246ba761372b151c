"""Where a reply lands: to a word only the asker, to a button its message, to a form every message of its ask."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace
from uuid import UUID

from sqlalchemy import select

from bot import texts
from bot.conversation import News, Reply, Send, Task, gathering
from bot.engine import news, outgoing, words
from bot.engine.act import Act
from bot.engine.events import Done, Origin, Outcome, Token, Told
from bot.engine.standing import redraw, standing
from bot.messages import Message
from bot.storage import outbox
from bot.storage.asks import Ask
from bot.storage.outbox import OutboxRow
from bot.storage.posted import is_shared, let_show, posted_at, shows_a_thing
from bot.storage.showing import join


def land(
    act: Act, reply: Reply, origin: Origin, phrase: str, ids: tuple[str, ...], *, submitted: bool = False
) -> Outcome:
    _others(act, reply)
    asks = [act.db.get_one(Ask, ask) for ask in reply.asks]
    drawn = redraw(act.db, act.house, act.now, asks, {act.person.id: act.person})
    sends = drawn.sends | news.redraw(act.db, act.house, act.now, reply.changed)
    publish_home(act)
    message = reply.message or next(iter(drawn.messages), None)
    if message is None:
        return Done()
    person = str(act.person.id)
    if reply.dialog or (origin.kind == "dialog" and not submitted):
        return Told(message, person, dialog=True, token=Token(phrase, ids, person=person))
    if (submitted and not origin.here) or origin.kind == "home":
        if reply.message or not _stands_here(act, drawn.sends):
            _tell_directly(act, reply, message)
        return Done()
    if origin.kind == "message" and _shown_where_pressed(act, origin, reply, message, sends):
        return Told(message, person, token=Token(phrase, ids, person=person)) if origin.waits else Done()
    if origin.kind == "only_you" and origin.respond:
        outgoing.respond(act.db, act.real, act.address, origin.respond, message)
        return Done()
    return Told(message, person)


def ended(act: Act, phrase: str, ask: Ask | None, origin: Origin, reply: Reply) -> Reply:
    """A form was sent: every card in the chat in which it still stands shows its ask from now on. One without an ask
    gives its place to the reply.
    """
    if ask is not None:
        for row, _ in outbox.news_about(act.db, phrase, ask.id, act.person.id):
            let_show(act.db, row.id, act.person.id, None, act.now)
            join(act.db, row, ask.id)
    silent = origin.here and reply.message is None and not reply.asks
    return replace(reply, message=words.sent()) if silent else reply


def message_of(act: Act, reply: Reply) -> Message | None:
    """What a reply says, where nothing may be drawn."""
    if reply.message or not reply.asks:
        return reply.message
    return standing(act.db, act.house, act.now, act.person, act.db.get_one(Ask, reply.asks[0]))


def _shown_where_pressed(act: Act, origin: Origin, reply: Reply, message: Message, drawn: Set[UUID]) -> bool:
    """The message that was pressed is drawn anew, with its ask or by itself; False if it is none that we posted, or
    shows more than what was pressed.
    """
    posted = posted_at(act.db, act.address.workspace_id, origin.channel, origin.message)
    send = act.db.get(OutboxRow, posted.outbox_id) if posted else None
    if send is None or (send.id not in drawn and is_shared(act.db, send.id)):
        return False
    # What a reply shows may be pressed away; what was told as news stays that.
    loose = send.purpose == "reply" and (reply.shows is not None or shows_a_thing(act.db, send.id))
    if send.id not in drawn or (loose and reply.message):
        outgoing.edit(act.db, act.real, send, message)
    if loose:
        let_show(act.db, send.id, act.person.id, reply.shows, act.now)
    return True


def _stands_here(act: Act, sends: Set[UUID]) -> bool:
    """Whether one of them was posted where its reader has just acted, and not only on their other platform."""
    here = select(OutboxRow.id).where(OutboxRow.id.in_(sends), OutboxRow.workspace_id == act.address.workspace_id)
    return bool(sends) and act.db.scalar(here.limit(1)) is not None


def _tell_directly(act: Act, reply: Reply, message: Message) -> None:
    """A message without its own words shows its asks, and is drawn anew with them."""
    key = f"told:{act.person.id}:{act.real.timestamp()}"
    asks = () if reply.message else reply.asks
    send = Send(act.person.id, message, key, "reply", asks)
    outgoing.enqueue_shown(act.db, act.real, send, reply.shows, act.now, at=act.address)


def _others(act: Act, reply: Reply) -> None:
    outgoing.enqueue(act.db, act.real, [also for also in reply.also if isinstance(also, Send)])
    news.tell(act.db, act.house, act.now, [also for also in reply.also if isinstance(also, News)])
    outgoing.add_tasks(act.db, act.real, [also for also in reply.also if isinstance(also, Task)])


def publish_home(act: Act) -> None:
    """Drawn anew for accounts that have opened it."""
    if not act.address.home_seen:
        return
    # The act may have been to choose another language.
    with texts.reader(act.person.locale):
        outgoing.publish_home(act.db, act.real, act.address, home(act))


def home(act: Act) -> Message:
    act.db.flush()
    return gathering.home(act.context())
