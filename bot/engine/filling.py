"""Forms between a person and a conversation: shown, changed in place, paged, sent; nothing typed is lost on the way."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from sqlalchemy import select

from bot import texts
from bot.clock import to_local
from bot.conversation import Context, Conversation, Reply
from bot.conversation.problems import problem
from bot.engine import landing, stale, words
from bot.engine.act import Act
from bot.engine.events import Changed, Done, Faulty, Outcome, Paged, Shown, Submitted, Token, Told
from bot.forms import Answers, Form, Invalid, Note, People, Raw, Rejected
from bot.storage.asks import Ask
from bot.storage.drafts import Draft, draft_of, drop_draft
from bot.storage.people import Person


def show(act: Act, conversation: Conversation, form: Form) -> Shown:
    """The form as opened, or as it was left: a draft is filled in and said so."""
    draft = draft_of(act.db, act.person.id, conversation.name, about(form.ids))
    if draft is None:
        return _shown(act, conversation, act.laid_out(form), form.starts(), 0)
    typed = draft.typed()
    again = conversation.open(act.context(form.ids, typed))
    form = act.laid_out(again if isinstance(again, Form) else form).filled(typed)
    when = texts.moment(to_local(draft.updated_at, act.person.zone))
    note = texts.say(
        "What you typed on {when} is filled in; it was not sent yet. To begin anew, close this and type: delete draft",
        when=when,
    )
    at = _nearest(form, typed, draft.page)
    pages = tuple((Note("draft", note), *page) if here == at else page for here, page in enumerate(form.pages))
    return _shown(act, conversation, replace(form, pages=pages), typed, at)


def filled(act: Act, event: Changed | Paged | Submitted) -> Outcome:
    match event:
        case Changed():
            return changed(act, event)
        case Paged():
            return paged(act, event)
        case Submitted():
            return submitted(act, event)


def changed(act: Act, event: Changed) -> Outcome:
    before = _until_now(act, event.token)
    raw: Raw = {**before, **event.raw}
    found = _again(act, event.token, raw, before)
    if isinstance(found, Faulty):
        return found
    conversation, ctx, form = found
    form = form.filled(raw)
    raw = _computed(form, raw)
    keep(act, conversation.name, about(form.ids), raw, event.token.page, ctx.asked)
    return _shown(act, conversation, form, raw, event.token.page, event.token)


def paged(act: Act, event: Paged) -> Outcome:
    before = _until_now(act, event.token)
    raw: Raw = {**before, **event.raw}
    found = _again(act, event.token, raw, before)
    if isinstance(found, Faulty):
        return found
    conversation, ctx, form = found
    form = form.filled(raw)
    raw = _computed(form, raw)
    page = _nearest(form, raw, event.page)
    keep(act, conversation.name, about(form.ids), raw, page, ctx.asked)
    return _shown(act, conversation, form, raw, page, event.token)


def _computed(form: Form, raw: Raw) -> Raw:
    """With what other answers fill in, where it stood already."""
    return {**raw, **{f.key: f.raw(f.start) for f in form.fields if f.computed and f.key in raw}}


def _nearest(form: Form, raw: Raw, page: int) -> int:
    """This page, or the last one before it that is not hidden as a whole."""
    shown = [at for at, fields in enumerate(form.visible(raw).pages) if fields]
    return max((at for at in shown if at <= page), default=0)


def submitted(act: Act, event: Submitted) -> Outcome:
    raw = _merged(act, event.token, event.raw)
    found = _again(act, event.token, raw)
    if isinstance(found, Faulty):
        return found
    conversation, ctx, form = found
    page = min(event.token.page, len(form.pages) - 1)
    # What was hidden when it was sent is not stored, though the draft may hold it.
    hidden = {field.key for field in form.pages[page]} - event.raw.keys()
    raw = {key: value for key, value in raw.items() if key not in hidden}
    shown = form.visible(raw).pages
    later = next((at for at in range(page + 1, len(shown)) if shown[at]), None)
    try:
        answers = (form if later is None else replace(form, pages=(shown[page],))).clean(raw)
    except Invalid as invalid:
        return _faulty(act, conversation, form, raw, event, invalid)
    if later is not None:
        return paged(act, Paged(event.who, event.receipt, event.token, event.raw, later, event.origin))
    if unknown := _nobody(act, form, answers):
        return Faulty(unknown)
    if held := _held(act, conversation, ctx, form, event.token, raw, answers):
        return held
    try:
        reply = conversation.submit(ctx, answers)
    except Rejected as rejected:
        return _rejected(act, conversation, form, raw, rejected)
    drop_draft(act.db, act.person.id, conversation.name, about(form.ids))
    if conversation.in_chat:
        reply = landing.ended(act, conversation.name, ctx.asked, event.origin, reply)
    landed = landing.land(act, reply, event.origin, conversation.name, form.ids, submitted=True)
    return landed if isinstance(landed, Told) else Done("submitted")


def _rejected(act: Act, conversation: Conversation, form: Form, raw: Raw, rejected: Rejected) -> Outcome:
    """What is wrong with the whole stands above the form, which is made anew and can be sent as it is now."""
    if whole := rejected.why.get(""):
        pages = ((Note("why", whole, strong=True), *form.pages[0]), *form.pages[1:])
        return _shown(act, conversation, replace(form, pages=pages), raw, 0)
    return Faulty(rejected.why)


def about(ids: tuple[str, ...]) -> str:
    """What a draft hangs on: the first id of the form."""
    return ids[0] if ids else ""


def _until_now(act: Act, token: Token) -> Raw:
    """What the form held before this change: the draft, or what it was opened with."""
    draft = draft_of(act.db, act.person.id, token.phrase, about(token.ids))
    if draft is not None:
        return draft.typed()
    conversation = act.house.registry.conversations.get(token.phrase)
    ctx = act.context(token.ids)
    form = conversation.open(ctx) if conversation and act.may_answer(ctx.asked) else None
    return form.starts() if isinstance(form, Form) else {}


def _again(
    act: Act, token: Token, raw: Raw, before: Raw | None = None
) -> tuple[Conversation, Context, Form] | Faulty:  # fmt: skip
    """The form as the conversation makes it now, or why it can no longer be filled."""
    conversation = act.house.registry.conversations.get(token.phrase)
    ctx = act.context(token.ids, raw, before=before)
    if conversation is None:
        return Faulty({"": words.closed_meanwhile(words.gone())})
    if token.person != str(act.person.id) or not act.may_answer(ctx.asked):
        return Faulty({"": words.closed_meanwhile(words.not_your_button())})
    form = conversation.open(ctx)
    if isinstance(form, Reply):
        return Faulty({"": words.closed_meanwhile(landing.message_of(act, form) or words.gone())})
    return conversation, ctx, act.laid_out(form)


def _faulty(
    act: Act, conversation: Conversation, form: Form, raw: Raw, event: Submitted, invalid: Invalid
) -> Faulty | Shown:
    """Errors by field; a question that was never on the screen is drawn instead of being complained about."""
    if invalid.problems.keys() <= event.raw.keys():
        # Who closes the dialog now finds it all again, the other pages too.
        whole = {**_until_now(act, event.token), **raw}
        keep(act, conversation.name, about(form.ids), whole, event.token.page, act.context(form.ids).asked)
        today = to_local(act.now, act.person.zone).date()
        return Faulty({key: problem(found, today) for key, found in invalid.problems.items()})
    undrawn = invalid.problems.keys() - event.raw.keys()
    at = next(at for at, page in enumerate(form.pages) if undrawn & {field.key for field in page})
    return _shown(act, conversation, form.filled(raw), raw, at, event.token)


def _held(
    act: Act, conversation: Conversation, ctx: Context, form: Form, token: Token, raw: Raw, answers: Answers
) -> Outcome | None:
    """What is stored already is not stored again; what was changed since the form was opened is shown first."""
    stored = conversation.open(replace(ctx, typed=None)) if form.version not in ("", "0") else None
    if not isinstance(stored, Form):
        return None
    if stale.same(stored, answers):
        drop_draft(act.db, act.person.id, conversation.name, about(form.ids))
        return Done("unchanged")
    if token.version == form.version:
        return None
    # Another hand, or one's own elsewhere, was faster: both texts are shown, this one is kept as a draft.
    keep(act, conversation.name, about(form.ids), raw, 0, ctx.asked)
    return _shown(act, conversation, stale.both(form, stored, raw, _names(act, stored)), raw, 0)


def _shown(act: Act, conversation: Conversation, form: Form, raw: Raw, page: int, token: Token | None = None) -> Shown:
    version = token.version if token else form.version
    groups = token.groups if token else {}
    fresh = Token(conversation.name, form.ids, version, page, str(act.person.id), groups)
    return Shown(form, fresh, raw, _names(act, form.filled(raw)))


def _names(act: Act, form: Form) -> dict[str, str]:
    return _people(act, {one for field in form.fields if isinstance(field, People) for one in field.start or ()})


def _nobody(act: Act, form: Form, answers: Answers) -> dict[str, str]:
    """Fields in which someone is picked who does not work here."""
    picked = {field.key: answers[field] or () for field in form.fields if isinstance(field, People)}
    known = _people(act, {one for people in picked.values() for one in people})
    return {key: words.nobody() for key, people in picked.items() if not set(people) <= known.keys()}


def _people(act: Act, picked: set[str]) -> dict[str, str]:
    ids = set[UUID]()
    for one in picked:
        with contextlib.suppress(ValueError):
            ids.add(UUID(one))
    if not ids:
        return {}
    found = act.db.execute(select(Person.id, Person.name).where(Person.id.in_(ids), Person.status == "active"))
    return {str(person): name for person, name in found}


def _merged(act: Act, token: Token, raw: Raw) -> Raw:
    """Answers of other pages, and of hidden questions, wait in the draft; where it is gone, they were sent already."""
    draft = draft_of(act.db, act.person.id, token.phrase, about(token.ids))
    return {**(draft.typed() if draft else _until_now(act, token) if token.page else {}), **raw}


def keep(act: Act, phrase: str, subject: str, raw: Mapping[str, object], page: int = 0, ask: Ask | None = None) -> None:
    """Store what is typed; what no database could hold is escaped, and its field will say so at the end."""
    draft = draft_of(act.db, act.person.id, phrase, subject)
    if draft is None:
        draft = Draft(
            person_id=act.person.id, conversation=phrase, subject=subject, ask_id=ask and ask.id, updated_at=act.now
        )  # fmt: skip
        act.db.add(draft)
    draft.raw = json.dumps(dict(raw), ensure_ascii=True)
    draft.page, draft.updated_at = page, act.now
