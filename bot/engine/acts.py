"""Words, commands, buttons and homes: what a person opens without filling anything in."""

from __future__ import annotations

import difflib
import re

from sqlalchemy import select

from bot import texts
from bot.access import Actor, Subject, may
from bot.conversation import FIRST_WORDS, SAID, Context, Conversation, Reply, Send
from bot.engine import carding, filling, landing, outgoing, words
from bot.engine.act import Act
from bot.engine.events import Done, HomeOpened, Opened, Origin, Outcome, Said, Shown, Told
from bot.forms import Form, Refused, clean_text
from bot.messages import Button, Message
from bot.storage.people import Address, address_of_user

HELP = "help"
MENTION = re.compile(r"<@([^<>|]+)>")


def opened(act: Act, event: Opened) -> Outcome:
    if event.bound and event.bound != str(act.person.id):
        return _refused(act, event.origin, words.not_your_button())
    conversation = act.house.registry.conversations.get(event.phrase)
    if conversation is None:
        return _refused(act, event.origin, words.gone())
    ctx = act.context(event.args, in_dialog=event.origin.kind == "dialog")
    if not act.may_answer(ctx.asked):
        return _refused(act, event.origin, words.not_your_button())
    found = _found(conversation, ctx)
    if isinstance(found, Form):
        shown = filling.show(act, conversation, found)
        return carding.opened(act, conversation, shown, ctx.asked, event.origin) if event.origin.here else shown
    return landing.land(act, found, event.origin, conversation.name, event.args)


def said(act: Act, event: Said) -> Outcome:
    """A word opens its conversation; what needs a dialog comes as a button, since plain text cannot open one."""
    # Not lowered: words after a phrase may be names.
    typed = MENTION.sub(lambda found: _mentioned(act, found[1]), " ".join((event.command, event.text)))
    meant = act.house.registry.typed(typed.strip(" /.,!?"))
    if meant is None:
        return _answered(act, event, Told(_not_understood(act, event), str(act.person.id)))
    conversation, args = meant
    found = _found(conversation, act.context(args))
    if isinstance(found, Form):
        shown = filling.show(act, conversation, found)
        return shown if event.command else _answered(act, event, _as_button(conversation, shown))
    return _answered(act, event, landing.land(act, found, Origin("word"), conversation.name, args))


def _found(conversation: Conversation, ctx: Context) -> Form | Reply:
    found = conversation.open(ctx)
    if not conversation.dialog and (isinstance(found, Form) or found.dialog):
        raise RuntimeError(f"{conversation.name} opens a dialog: its class must say so, dialog = True")
    return found


def _mentioned(act: Act, user: str) -> str:
    """The id of the person with this account, as a button would carry it; what was typed if it is nobody's."""
    address = address_of_user(act.db, act.address.workspace_id, user)
    if address is None:
        # Some platforms name in conversations what is not the account's own id.
        named = select(Address).filter_by(workspace_id=act.address.workspace_id, account=user)
        address = act.db.scalar(named.limit(1))
    return f" {address.person_id} " if address else f" @{user} "


def home_opened(act: Act, event: HomeOpened) -> Outcome:
    act.address.home_seen = True
    landing.publish_home(act)
    return Done()


def _answered(act: Act, event: Said, outcome: Outcome) -> Outcome:
    """A command is answered in its own response; typed text by a message, which the outbox posts once."""
    if event.command or not isinstance(outcome, Told):
        return outcome
    send = Send(act.person.id, outcome.message, f"said:{event.receipt}", "reply")
    outgoing.enqueue(act.db, act.real, [send], at=act.address)
    return Done()


def _as_button(conversation: Conversation, shown: Shown) -> Told:
    may_be = carding.may_be_opened(conversation, shown.form)
    return Told(words.press_to_open(shown.form, conversation.name, in_chat=may_be), shown.token.person)


def _not_understood(act: Act, event: Said) -> Message:
    """The nearest phrase, or where to begin; the text itself is not repeated, and kept only to be put somewhere."""
    known = act.house.registry.words
    phrases = {
        phrase.removeprefix("review "): one for phrase, one in known.items() if one.summary and _may_use(act, one)
    }
    lines = (texts.say("I read only what is sent to me, and I understand a few words. Type help to see them."),)
    text = event.text.casefold().strip(" /.,!?").removeprefix("review ")
    near = difflib.get_close_matches(text, list(phrases), n=1, cutoff=0.6)
    if near:
        buttons = [_button(phrases[near[0]])]
        title = texts.say("Did you mean {phrase}?", phrase=near[0])
    else:
        buttons = [_button(one) for phrase, one in phrases.items() if " " not in phrase and phrase in FIRST_WORDS]
        buttons += [] if event.command else _offers(act, event)
        title = texts.say("I did not understand that")
    buttons += [] if any(button.phrase == HELP for button in buttons) else [Button(texts.say("Help"), HELP)]
    return Message(title, lines, buttons=tuple(buttons))


def _may_use(act: Act, one: Conversation) -> bool:
    return bool(may(Actor(act.person.id, act.roles), "start", Subject("conversation", roles=one.roles)))


def _button(one: Conversation) -> Button:
    return Button(texts.say(one.summary), one.name)


def _offers(act: Act, event: Said) -> list[Button]:
    """Conversations that would take these words, which wait in a draft of theirs; a button carries ids only."""
    try:
        text = clean_text(event.text)
    except Refused:
        return []
    offers = []
    for one in act.house.registry.conversations.values():
        if text and (label := one.offer(act.context())):
            filling.keep(act, one.name, SAID, {SAID: text})
            offers.append(Button(label, one.name))
    return offers


def _refused(act: Act, origin: Origin, message: Message) -> Told:
    """A refusal is told only to the one who pressed; what stands in the chat is left as it is."""
    return Told(message, str(act.person.id), dialog=origin.kind == "dialog")
