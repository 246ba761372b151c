"""Which check-in a word means, and its form: last time's plan carried over, what is stored filled in."""

from __future__ import annotations

from bot.cadence import load_cadence
from bot.conversation import Context
from bot.forms import Form, Note
from bot.handlers.checkin.holding import nobody_yet, readership
from bot.questions import description_of, fields_of, lines_of
from bot.questions.stored import asked_with
from bot.rules.checkin import may_write, opens_current
from bot.storage.asks import Ask, ask_at, latest_ask, new_ask
from bot.storage.checkin import CheckInVersion, checkin_of_ask, current_version, last_before
from bot.storage.people import Person, working_times
from bot.storage.policy import allows
from bot.storage.programmes import programme_of
from bot.texts import day, moment, say


def wanted(ctx: Context) -> Ask | None:
    """The current occurrence until its due; after it only if unanswered; else the next. None without a programme."""
    today = ctx.local_now.date()
    current = latest_ask(ctx.db, ctx.person.id, "checkin", today)
    if current and (current.opens_at > ctx.now or current.closed_at):
        current = None
    programme = programme_of(ctx.db, ctx.person.id, "checkin")
    if current:
        submitted = current.state == "submitted"
        if programme is None or opens_current(ctx.now, current.due_at, submitted=submitted):
            return current
    if programme is None:
        return None
    coming = load_cadence(programme.cadence).following(ctx.local_now)
    ask = ask_at(ctx.db, ctx.person.id, "checkin", coming.day)
    if ask is None:
        hours = working_times(ctx.db, [ctx.person], ctx.now)[ctx.person.id]
        ask = new_ask(ctx.person, programme, coming, ctx.real_now, hours)
        ctx.db.add(ask)
        ctx.db.flush()
    return ask


def writable(ctx: Context, ask: Ask) -> bool:
    return may_write(ask.state, ctx.now, ask.due_at, over=ask.closed_at is not None)


def form(ctx: Context, ask: Ask) -> Form:
    qs = asked_with(ctx.db, ask)
    manager, contradicted = readership(ctx)
    checkin, before = checkin_of_ask(ctx.db, ask.id), earlier(ctx, ask)
    if checkin and not contradicted:
        # What is edited stays with whom it was sent to, whoever leads them since.
        manager = ctx.db.get(Person, checkin.reader_id) if checkin.reader_id else None
    reader = manager.name if manager else ""
    if contradicted:
        reader = say("your manager once HR has settled who that is")
    fields = fields_of(
        qs, names={"manager": reader}, earlier=before, typed=ctx.typed, typed_before=ctx.typed_before
    )  # fmt: skip
    title = say("Edit your check-in") if checkin else say("Check-in")
    version = str(checkin.version if checkin else 0)
    intro = Note("intro", f"{_intro(ctx, ask)} {nobody_yet()}" if contradicted else _intro(ctx, ask))
    # With the reader that it names: should that be another one by the time it is sent, it is asked again.
    ids = (str(ask.id), str(manager.id) if manager else "")
    made = Form.of(title, intro, *fields, submit=say("Send"), ids=ids, version=version)
    return made.filled(_raw(current_version(ctx.db, checkin), before)) if checkin and ctx.typed is None else made


def earlier(ctx: Context, ask: Ask) -> dict[str, str]:
    """Last time's texts by question."""
    last = last_before(ctx.db, ctx.person.id, ask.occurrence)
    texts = last.words().get("texts", {}) if last else {}
    return {str(key): str(value) for key, value in texts.items()} if isinstance(texts, dict) else {}


def _intro(ctx: Context, ask: Ask) -> str:
    about = description_of(asked_with(ctx.db, ask))
    if not allows(ctx.db, "mood", ctx.person):
        what = say("A few lines for you and your manager: what moved, what comes next, what is in the way.")
        about = f"{what} {say('Your manager reads the text.')}"
    due = moment(ctx.local(ask.due_at))
    if ctx.now >= ask.due_at:
        return say("{about} This one was due {due}; late answers are welcome.", about=about, due=due)
    if ctx.now < ask.opens_at:
        opens = day(ask.occurrence)
        return say("{about} This one is for {day}; you can change it until {due}.", about=about, day=opens, due=due)
    return say("{about} You can change it until {due}.", about=about, due=due)


def _raw(version: CheckInVersion, before: dict[str, str]) -> dict[str, object]:
    """The stored answers as the form hands them back."""
    words = version.words()
    texts, carried = words.get("texts"), words.get("carried")
    raw: dict[str, object] = dict(texts) if isinstance(texts, dict) else {}
    if "credit" in raw:
        raw["credit"] = [raw["credit"]]
    raw |= {key: value if isinstance(value, bool | None) else str(value) for key, value in version.numbers.items()}
    choices = {entry["line"]: entry["choice"] for entry in carried} if isinstance(carried, list) else {}
    lines = lines_of(before.get("next", ""))
    return raw | {f"last_next.{at}": choices[line] for at, line in enumerate(lines) if line in choices}
