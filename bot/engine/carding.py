"""Forms that stand in the chat itself as a card: which may, and what a press on one brings."""

from __future__ import annotations

from dataclasses import replace

from bot.conversation import Conversation, Reply
from bot.engine import filling, landing, words
from bot.engine.act import Act
from bot.engine.events import Changed, Done, Origin, Outcome, Paged, Shown, Submitted, Told
from bot.forms import Form
from bot.storage.asks import Ask
from bot.storage.posted import is_shared, let_show, posted_at


def may_be_opened(conversation: Conversation, form: Form) -> bool:
    """Nothing that is stored goes back into the chat: to change it there is the dialog."""
    return conversation.in_chat and form.version in ("", "0")


def opened(act: Act, conversation: Conversation, shown: Shown, ask: Ask | None, origin: Origin) -> Shown:
    """In the place of the message that was pressed, which from then on stands for the form; a message that shows more
    stays what it is.
    """
    if not may_be_opened(conversation, shown.form):
        return shown
    posted = posted_at(act.db, act.address.workspace_id, origin.channel, origin.message)
    if posted is None:
        return replace(shown, here=True)
    if is_shared(act.db, posted.outbox_id):
        return shown
    if ask is not None:
        let_show(act.db, posted.outbox_id, act.person.id, (conversation.name, ask.id), act.now)
    return replace(shown, here=True)


def filled(act: Act, event: Changed | Paged | Submitted) -> Outcome:
    """The form again, or what stands in its place: it never stays when it was taken."""
    conversation = act.house.registry.conversations.get(event.token.phrase)
    if conversation is None or not conversation.in_chat:
        return _elsewhere(act, event)
    outcome = filling.filled(act, event)
    ask = act.context(event.token.ids).asked
    if isinstance(outcome, Shown):
        # A press that comes again is answered from the draft.
        about = filling.about(event.token.ids)
        filling.keep(act, conversation.name, about, outcome.raw, outcome.token.page, ask)
        return replace(outcome, here=True)
    if outcome != Done("unchanged"):
        return outcome
    reply = landing.ended(act, conversation.name, ask, event.origin, Reply(asks=(ask.id,) if ask else ()))
    return landing.land(act, reply, event.origin, conversation.name, event.token.ids, submitted=True)


def _elsewhere(act: Act, event: Changed | Paged | Submitted) -> Outcome:
    """A form that must not stand there, or no longer: what is typed is kept, and a button opens it."""
    origin = replace(event.origin, here=False)
    kept = filling.paged(act, Paged(event.who, event.receipt, event.token, event.raw, event.token.page, origin))
    if not isinstance(kept, Shown):
        return kept
    return Told(words.press_to_open(kept.form, event.token.phrase), kept.token.person)
