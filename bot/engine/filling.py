"""Forms between a person and a conversation: shown, changed in place, paged, sent; nothing typed is lost on the way."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import select

from bot import texts
from bot.clock import to_local
from bot.conversation import Context, Conversation, Reply
from bot.engine import landing, words
from bot.engine.act import Act
from bot.engine.events import Changed, Done, Faulty, Found, Origin, Outcome, Paged, Shown, Sought, Submitted, Token
from bot.forms import Field, Form, Invalid, Note, People, Raw, Rejected
from bot.storage.drafts import Draft, draft_of, drop_draft
from bot.storage.people import Person

CHOICES = 25
STALE = texts.mark(
    "This was changed after you opened it. What is stored stands above each question, yours is in it. "
    "Send again to replace what is stored."
)
NOTHING: tuple[object, ...] = (None, "", [], False)


def show(act: Act, conversation: Conversation, form: Form) -> Shown:
    """The form as opened, or as it was left: a draft is filled in and said so."""
    draft = draft_of(act.db, act.person.id, conversation.name, about(form.ids))
    if draft is None:
        return _shown(act, conversation, form, form.starts(), 0)
    typed = draft.typed()
    again = conversation.open(act.context(form.ids, typed))
    form = (again if isinstance(again, Form) else form).filled(typed)
    when = texts.moment(to_local(draft.updated_at, act.person.zone))
    note = Note("draft", texts.say("What you typed on {when} is filled in; it was not sent yet.", when=when))
    pages = ((note, *form.pages[0]), *form.pages[1:])
    return _shown(act, conversation, replace(form, pages=pages), typed, draft.page)


def changed(act: Act, event: Changed) -> Outcome:
    found = _again(act, event.token, event.raw)
    if isinstance(found, Faulty):
        return found
    conversation, _, form = found
    form = form.filled(event.raw)
    raw = {**event.raw, **{key: value for key, value in form.starts().items() if key in event.raw}}
    _keep(act, conversation, form, raw, event.token.page)
    return _shown(act, conversation, form, raw, event.token.page, event.token)


def paged(act: Act, event: Paged) -> Outcome:
    raw = _merged(act, event.token, event.raw)
    found = _again(act, event.token, raw)
    if isinstance(found, Faulty):
        return found
    conversation, _, form = found
    page = max(0, min(event.page, len(form.pages) - 1))
    _keep(act, conversation, form, raw, page)
    return _shown(act, conversation, form.filled(raw), raw, page, event.token)


def submitted(act: Act, event: Submitted) -> Outcome:
    raw = _merged(act, event.token, event.raw)
    found = _again(act, event.token, raw)
    if isinstance(found, Faulty):
        return found
    conversation, ctx, form = found
    last = event.token.page >= len(form.pages) - 1
    try:
        answers = form.clean(raw) if last else Form(form.title, (form.visible(raw).pages[event.token.page],)).clean(raw)
    except Invalid as invalid:
        return _faulty(act, conversation, form, raw, event, invalid)
    if not last:
        return paged(act, Paged(event.who, event.receipt, event.token, event.raw, event.token.page + 1))
    stored = conversation.open(replace(ctx, typed=None))
    if isinstance(stored, Form) and stored.version not in ("", "0"):
        if _said(form, raw) == _said(stored, stored.starts()):
            drop_draft(act.db, act.person.id, conversation.name, about(form.ids))
            return Done("unchanged")
        if event.token.version != form.version:
            return _stale(act, conversation, form, stored, raw)
    try:
        reply = conversation.submit(ctx, answers)
    except Rejected as rejected:
        return Faulty(rejected.why)
    drop_draft(act.db, act.person.id, conversation.name, about(form.ids))
    landing.land(act, reply, Origin("dialog"), conversation.name, form.ids, submitted=True)
    return Done("submitted")


def sought(act: Act, event: Sought) -> Found:
    """People whose name or address begins or holds the text; only those the asker may see, at most 25."""
    pattern = f"%{event.text.strip().replace('%', '').replace('_', '')}%"
    rows = act.db.execute(
        select(Person.id, Person.name)
        .where(Person.status == "active", Person.id != act.person.id)
        .where(Person.name.ilike(pattern) | Person.email.ilike(pattern))
        .order_by(Person.name)
        .limit(CHOICES)
    )
    return Found(tuple((str(person), name) for person, name in rows))


def about(ids: tuple[str, ...]) -> str:
    """What a draft hangs on: the first id of the form."""
    return ids[0] if ids else ""


def _again(act: Act, token: Token, raw: Raw) -> tuple[Conversation, Context, Form] | Faulty:
    """The form as the conversation makes it now, or why it can no longer be filled."""
    conversation = act.house.registry.conversations.get(token.phrase)
    ctx = act.context(token.ids, raw)
    if conversation is None or token.person != str(act.person.id) or not act.may_answer(ctx.asked):
        return Faulty({"": words.closed_meanwhile(words.not_your_button())})
    form = conversation.open(ctx)
    if isinstance(form, Reply):
        return Faulty({"": words.closed_meanwhile(form.message or words.gone())})
    return conversation, ctx, form


def _faulty(
    act: Act, conversation: Conversation, form: Form, raw: Raw, event: Submitted, invalid: Invalid
) -> Faulty | Shown:
    """Errors by field; a question that was never on the screen is drawn instead of being complained about."""
    drawn = {key.split(".")[0] for key in event.raw} | set(event.raw)
    if any(key not in drawn for key in invalid.problems):
        return _shown(act, conversation, form.filled(raw), raw, event.token.page, event.token)
    return Faulty({key: words.problem(found) for key, found in invalid.problems.items()})


def _stale(act: Act, conversation: Conversation, form: Form, stored: Form, raw: Raw) -> Shown:
    """Somebody else's hand (or one's own, elsewhere) was faster: both texts are shown, this one is kept as a draft."""
    _keep(act, conversation, form, raw, 0)
    theirs, mine = _said(stored, stored.starts()), _said(form, raw)
    page: list[Field[Any]] = [
        Note("stale", texts.say(STALE), strong=True)
    ]  # fmt: skip
    for field in form.filled(raw).pages[0]:
        if field.key in theirs and theirs.get(field.key) != mine.get(field.key) and isinstance(theirs[field.key], str):
            page.append(Note(f"stored-{field.key}", texts.say("Stored: {answer}", answer=theirs[field.key])))
        page.append(field)
    return _shown(act, conversation, replace(form, pages=(tuple(page), *form.pages[1:])), raw, 0)


def _said(form: Form, raw: Raw) -> dict[str, object]:
    """What is really answered, to be compared: no blanks, no untouched boxes, nothing hidden."""
    visible = form.visible(raw)
    told = {f.key: raw.get(f.key) for f in visible.fields if not isinstance(f, Note)}
    return {
        key: value.strip() if isinstance(value, str) else value for key, value in told.items() if value not in NOTHING
    }


def _shown(act: Act, conversation: Conversation, form: Form, raw: Raw, page: int, token: Token | None = None) -> Shown:
    version = token.version if token else form.version
    groups = token.groups if token else {}
    fresh = Token(conversation.name, form.ids, version, page, str(act.person.id), groups)
    return Shown(form, fresh, raw, _names(act, form))


def _names(act: Act, form: Form) -> dict[str, str]:
    picked = [UUID(one) for field in form.fields if isinstance(field, People) for one in field.start or ()]
    if not picked:
        return {}
    found = act.db.execute(select(Person.id, Person.name).where(Person.id.in_(picked)))
    return {str(person): name for person, name in found}


def _merged(act: Act, token: Token, raw: Raw) -> Raw:
    """Answers of pages turned earlier wait in the draft."""
    if token.page == 0:
        return raw
    draft = draft_of(act.db, act.person.id, token.phrase, about(token.ids))
    return {**(draft.typed() if draft else {}), **raw}


def _keep(act: Act, conversation: Conversation, form: Form, raw: Mapping[str, object], page: int) -> None:
    """Store what is typed; what no database can hold is left out, since its field will say so at the end."""
    ids = form.ids
    draft = draft_of(act.db, act.person.id, conversation.name, about(ids))
    if draft is None:
        asked = act.context(ids).asked
        draft = Draft(
            person_id=act.person.id, conversation=conversation.name, subject=about(ids), ask_id=asked and asked.id,
            updated_at=act.now,
        )  # fmt: skip
        act.db.add(draft)
    draft.raw = json.dumps(dict(raw), ensure_ascii=True)
    draft.page, draft.updated_at = page, act.now
