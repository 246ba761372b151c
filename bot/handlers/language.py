"""The language that I read: chosen once, it holds against what my account says."""

from __future__ import annotations

from bot import texts
from bot.conversation import Context, Conversation, Reply
from bot.forms import Answers, Choice, Form, Note, Option
from bot.messages import Message
from bot.storage.asks import asks_in_window, open_asks
from bot.texts import language_name, languages, mark, reader, say


class Language(Conversation):
    name = "preferences.language"
    dialog = True
    words = ("review language",)
    summary = mark("My language")

    def _language(self, ctx: Context) -> Choice:
        options = tuple(Option(code, language_name(code)) for code in languages())
        return Choice("language", say("I read"), options=options, start=texts.served(ctx.person.locale))

    def open(self, ctx: Context) -> Form | Reply:
        # What was never chosen can be chosen as it stands.
        chosen = ctx.person.locale if ctx.person.locale_chosen else "0"
        now = Note("now", say("Now I write to you in {language}.", language=language_name(ctx.person.locale)))
        return Form.of(say("My language"), now, self._language(ctx), submit=say("Save"), version=chosen)

    def submit(self, ctx: Context, answers: Answers) -> Reply:
        chosen, person = answers[self._language(ctx)], ctx.person
        # Somebody in Vienna who picks German still reads the dates of Vienna.
        if texts.served(person.locale) != chosen:
            person.locale = chosen
        person.locale_chosen = True
        asks = {ask.id: None for ask in (*open_asks(ctx.db, person.id), *asks_in_window(ctx.db, person.id, ctx.now))}
        with reader(person.locale):
            line = say("From now on I write to you in this language, also in what is open already.")
            return Reply(Message(language_name(person.locale), (line,)), asks=tuple(asks))
