"""Try it on me: the message and the form as people get them. Nothing is stored, so no figure has it."""

from __future__ import annotations

from dataclasses import replace

from bot.cadence import load_cadence
from bot.conversation import Context, Conversation, Reply
from bot.forms import Answers, Form, Note
from bot.handlers.programmes import rights, sets
from bot.messages import Button, Message
from bot.questions import fields_of
from bot.questions.stored import without
from bot.storage.asks import Ask, new_ask
from bot.storage.drafts import drop_draft
from bot.storage.people import manager_on, working_times
from bot.storage.policy import hidden_questions
from bot.storage.programmes import Programme
from bot.texts import mark, say

FORM = "programmes.trial_form"
MARK = mark("This is a trial: only you see it, nothing of it is stored or counted.")


class Trial(Conversation):
    name = "programmes.trial"

    def open(self, ctx: Context) -> Form | Reply:
        found = rights.named(ctx)
        return found if isinstance(found, Reply) else Reply(_prompt(ctx, found))


class TrialForm(Conversation):
    """What was typed and not sent waits in a draft, as it would for everybody, until the trial is deleted."""

    name = FORM
    dialog = True

    def open(self, ctx: Context) -> Form | Reply:
        found = rights.named(ctx)
        if isinstance(found, Reply):
            return found
        stored = sets.stored(ctx, found)
        if stored is None:
            return Reply(_prompt(ctx, found), dialog=True)
        questions = without(stored, hidden_questions(ctx.db, ctx.person.id))
        manager = manager_on(ctx.db, ctx.person.id, ctx.local_now.date())
        fields = fields_of(questions, names={"manager": manager.name if manager else ""}, typed=ctx.typed)
        note = Note("trial", say(MARK), strong=True)
        return Form.of(say("Trial"), note, *fields, submit=say("Send"), ids=(str(found.id),))

    def submit(self, ctx: Context, answers: Answers) -> Reply:
        found = rights.named(ctx)
        if isinstance(found, Reply):
            return found
        lines = (
            say("People read here when it was stored, who can read it, and until when they can edit it."),
            say("What you typed is gone already: a trial stores nothing."),
        )
        again = Button(say("Once more"), FORM, found.id)
        return Reply(Message(say("Trial: your check-in would be stored now"), lines, buttons=(again, *_end(found))))


class TrialEnd(Conversation):
    name = "programmes.trial_end"

    def open(self, ctx: Context) -> Form | Reply:
        found = rights.named(ctx)
        if isinstance(found, Reply):
            return found
        drop_draft(ctx.db, ctx.person.id, FORM, str(found.id))
        gone = (say("Nothing of it is left."),)
        back = Button(say("To the programme"), "programmes.show", found.id)
        return Reply(Message(say("Your trial is deleted"), gone, buttons=(back,)))


def _prompt(ctx: Context, programme: Programme) -> Message:
    """Drawn by the conversation itself, of an ask that is never stored."""
    conversation = ctx.registry.conversations[programme.conversation]
    occurrence = load_cadence(programme.cadence).following(ctx.local_now)
    hours = working_times(ctx.db, [ctx.person], ctx.now)[ctx.person.id]
    ask: Ask = new_ask(ctx.person, programme, occurrence, ctx.real_now, hours)
    ask.state = "open"
    drawn = conversation.prompt(replace(ctx, asked=ask))
    first = drawn.buttons[0].label if drawn.buttons else say(conversation.summary)
    # What has no questions of its own has no form to try either.
    fill = (Button(first, FORM, programme.id, style="primary"),) if programme.question_set_id else ()
    buttons = (*fill, *_end(programme))
    rows = tuple(replace(one, buttons=()) for one in drawn.rows)
    title = say("Trial: {title}", title=drawn.title)
    return replace(drawn, title=title, rows=rows, buttons=buttons, note=say(MARK), summary="")


def _end(programme: Programme) -> tuple[Button, ...]:
    return (
        Button(say("Delete my trial"), "programmes.trial_end", programme.id),
        Button(say("To the programme"), "programmes.show", programme.id),
    )
