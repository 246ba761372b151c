"""Words, commands, buttons and homes: what a person opens without filling anything in."""

from __future__ import annotations

import difflib

from bot import texts
from bot.conversation import Conversation, Send
from bot.engine import filling, landing, outgoing, words
from bot.engine.act import Act
from bot.engine.events import Done, HomeOpened, Opened, Origin, Outcome, Said, Shown, Told
from bot.forms import Form
from bot.messages import Button, Message

HELP = "help"


def opened(act: Act, event: Opened) -> Outcome:
    if event.bound and event.bound != str(act.person.id):
        return _refused(act, event.origin, words.not_your_button())
    conversation = act.house.registry.conversations.get(event.phrase)
    if conversation is None:
        return _refused(act, event.origin, words.gone())
    ctx = act.context(event.args)
    if not act.may_answer(ctx.asked):
        return _refused(act, event.origin, words.not_your_button())
    found = conversation.open(ctx)
    if isinstance(found, Form):
        return filling.show(act, conversation, found)
    return landing.land(act, found, event.origin, conversation.name, event.args)


def said(act: Act, event: Said) -> Outcome:
    """A word opens its conversation; what needs a dialog comes as a button, since plain text cannot open one."""
    conversation, args = _meant(act, event)
    if conversation is None:
        return _answered(act, event, Told(_not_understood(act, event.text), str(act.person.id)))
    found = conversation.open(act.context(args))
    if isinstance(found, Form):
        shown = filling.show(act, conversation, found)
        return shown if event.command else _answered(act, event, _as_button(conversation, shown))
    return _answered(act, event, landing.land(act, found, Origin("word"), conversation.name, args))


def home_opened(act: Act, event: HomeOpened) -> Outcome:
    act.address.home_seen = True
    landing.publish_home(act)
    return Done()


def _meant(act: Act, event: Said) -> tuple[Conversation | None, tuple[str, ...]]:
    text = " ".join((event.command, event.text)).strip().lstrip("/").casefold()
    found = act.house.registry.typed(text)
    if found is None or (event.command and not found[0].words):
        return None, ()
    return found


def _answered(act: Act, event: Said, outcome: Outcome) -> Outcome:
    """A command is answered in its own response; typed text by a message, which the outbox posts once."""
    if event.command or not isinstance(outcome, Told):
        return outcome
    outgoing.enqueue(act.db, act.real, [Send(act.person.id, outcome.message, f"said:{event.receipt}", "reply")])
    return Done()


def _as_button(conversation: Conversation, shown: Shown) -> Told:
    return Told(words.press_to_open(shown.form.title, conversation.name, shown.form.ids), shown.token.person)


def _not_understood(act: Act, text: str) -> Message:
    """The nearest phrase, and the help; the text itself is not repeated or kept."""
    phrases = {phrase.removeprefix("review "): one for phrase, one in act.house.registry.words.items()}
    near = difflib.get_close_matches(text.casefold().strip(), list(phrases), n=1, cutoff=0.6)
    buttons = tuple(Button(texts.say(phrases[one].summary), phrases[one].name) for one in near if phrases[one].summary)
    lines = (texts.say("I read only what is sent to me, and I understand a few words. Type help to see them."),)
    title = texts.say("Did you mean {phrase}?", phrase=near[0]) if near else texts.say("I did not understand that")
    return Message(title, lines, buttons=(*buttons, Button(texts.say("Help"), HELP)))


def _refused(act: Act, origin: Origin, message: Message) -> Told:
    """A refusal is told only to the one who pressed; what stands in the chat is left as it is."""
    return Told(message, str(act.person.id), dialog=origin.kind == "dialog")
