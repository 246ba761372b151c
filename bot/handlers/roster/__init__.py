"""A list of people that HR sends in the chat: shown first what it would do, then written in pieces."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from bot.access import Actor, Subject, may
from bot.conversation import Context, Conversation, Reply, Send, Task
from bot.forms import Form
from bot.handlers.roster import drawing, finding, writing
from bot.messages import File, Message
from bot.storage import roster_uploads as uploads
from bot.storage.people import Person
from bot.storage.policy import policy_of
from bot.storage.roster_uploads import RosterUpload
from bot.texts import mark, reader, say

COORDINATOR = "hr_coordinator"
LARGEST = 10 * 1024 * 1024
KINDS = (".csv", ".xlsx")
WAITS, AGAIN = timedelta(days=1), timedelta(hours=1)


class Roster(Conversation):
    """A step of the work draws the message anew by itself: `news` is its card."""

    name = "roster"
    takes_files = True
    words = ("review import",)
    summary = mark("Import the list of people (HR)")
    roles = frozenset({COORDINATOR})

    def open(self, ctx: Context) -> Form | Reply:
        if not _may(ctx):
            return Reply(Message(say("The list of people is imported by HR")))
        how = say(
            "Send it to me here as a .csv or .xlsx file. I say what it would change; nothing is written before you "
            "press Import."
        )
        columns = say(
            "Its first row names the columns: Name is needed, and Email and Timezone for people who are new. Manager "
            "Email, Department, Employee Id, Language, Country, Start Date and End Date are read too, where they are."
        )
        return Reply(Message(say("The list of people"), (_switched_off(),) if _is_off(ctx) else (how, columns)))

    def wants(self, ctx: Context, name: str, size: int) -> Reply | None:
        if not _may(ctx):
            return Reply(drawing.refusal())
        if why := _not_wanted(ctx, name, size):
            return Reply(Message(say("I have not read the file"), (why,)))
        return None

    def take(self, ctx: Context, name: str, content: bytes) -> Reply:
        row = RosterUpload(
            person_id=ctx.actor.id, file=name[-200:], digest=hashlib.sha256(content).hexdigest(),
            created_at=ctx.real_now, state=uploads.READING, full=False, turn=0,
        )  # fmt: skip
        row.keep(content)
        ctx.db.add(row)
        ctx.db.flush()
        read = Task(self.name, "read", f"roster:{row.id}:read", ctx.now, {"upload": str(row.id)})
        ends = Task(self.name, "end", f"roster:{row.id}:end", ctx.now + WAITS, {"upload": str(row.id)})
        return Reply(drawing.card(row), (read, ends), shows=(self.name, row.id))

    def work(self, ctx: Context, task: Task) -> Task | Reply | None:
        row = uploads.upload(ctx.db, UUID(task.cursor["upload"]))
        if row is None:
            return None
        steps: dict[str, Callable[[Context, Task, RosterUpload], Reply]] = {
            "read": _read, "end": _end, "start": writing.start, "write": writing.write, "fill": writing.fill,
        }  # fmt: skip
        return steps[task.step](ctx, task, row)

    def news(self, ctx: Context, about: UUID, since: object, until: object) -> Message | None:
        row = ctx.db.get(RosterUpload, about)
        changed = row is not None and row.found().get("changed")
        return drawing.card(row, writing.changed_meanwhile() if changed else "") if row else None


class Import(Conversation):
    """The button carries how the list is meant and how many would leave by it."""

    name = drawing.IMPORT

    def open(self, ctx: Context) -> Form | Reply:
        row = _named(ctx)
        if isinstance(row, Reply):
            return row
        how, leave = (*ctx.args[1:3], "", "")[:2]
        shown = row.found().get(how) if row.state == uploads.READY and how in ("part", "whole") else None
        if shown is None or str(shown["leave"]) != leave:
            return _card(row)
        if _is_off(ctx):
            return _card(row, _switched_off())
        if uploads.another_runs(ctx.db, row):
            return _card(row, say("Another list is being imported just now. Press again in a moment."))
        row.full, row.turn = how == "whole", row.turn + 1
        row.become(uploads.IMPORTING, ctx.real_now)
        about = (Roster.name, row.id)
        return Reply(drawing.card(row), (writing.next_step(ctx, row, "start", 0),), changed=(about,), shows=about)


class Cancel(Conversation):
    name = drawing.CANCEL

    def open(self, ctx: Context) -> Form | Reply:
        row = _named(ctx)
        if isinstance(row, Reply):
            return row
        if row.state in (uploads.READY, uploads.READING):
            row.say({})
            row.become(uploads.CANCELLED, ctx.real_now)
        about = (Roster.name, row.id)
        return Reply(drawing.card(row), changed=(about,), shows=about)


def _may(ctx: Context) -> bool:
    return bool(may(Actor(ctx.actor.id, ctx.roles), "change", Subject("roster")))


def _not_wanted(ctx: Context, name: str, size: int) -> str:
    if _is_off(ctx):
        return _switched_off()
    if not name.casefold().endswith(KINDS):
        return say("A list of people is a .csv or an .xlsx file. Save it as one of them and send it again.")
    if size > LARGEST:
        return say("It is larger than 10 MB. Leave out columns that are not needed, or save it as CSV.")
    return ""


def _is_off(ctx: Context) -> bool:
    return not policy_of(ctx.db).allows("import")


def _switched_off() -> str:
    return say("The import is switched off here, by your company's policy.")


def _read(ctx: Context, task: Task, row: RosterUpload) -> Reply:
    if row.state != uploads.READING:
        return Reply()
    finding.look(ctx, row)
    return writing.told(ctx, row, _all_faults(ctx, row))


def _all_faults(ctx: Context, row: RosterUpload) -> tuple[Send, ...]:
    """As a file, where the message cannot hold them."""
    faults = row.found()["faults"] if row.state == uploads.WRONG else ()
    if len(faults) <= drawing.SHOWN:
        return ()
    with reader(ctx.db.get_one(Person, row.person_id).locale):
        file = File("mistakes.txt", drawing.as_file(faults))
        message = Message(say("All mistakes in {file}", file=row.file), files=(file,))
    return (Send(row.person_id, message, f"roster:{row.id}:faults", "reply"),)


def _end(ctx: Context, task: Task, row: RosterUpload) -> Reply:
    """After a day nothing of the list is here; one that is just being written has an hour more."""
    if row.state == uploads.IMPORTING and task.key.endswith("end"):
        return Reply(also=(replace(task, key=f"{task.key}:again", at=ctx.now + AGAIN),))
    waited = row.state in (uploads.READING, uploads.READY, uploads.IMPORTING)
    if row.state != uploads.DONE:
        row.say({})
        row.become(uploads.EXPIRED if row.state != uploads.CANCELLED else row.state, ctx.real_now)
    return writing.told(ctx, row) if waited else Reply()


def _named(ctx: Context) -> RosterUpload | Reply:
    """Their own, locked: two presses come one after the other."""
    try:
        row = uploads.upload(ctx.db, UUID(ctx.args[0])) if ctx.args else None
    except ValueError:
        row = None
    if row is None or row.person_id != ctx.actor.id or not _may(ctx):
        return Reply(Message(say("This list is no longer there"), (say("Send the file again to import it."),)))
    return row


def _card(row: RosterUpload, note: str = "") -> Reply:
    return Reply(drawing.card(row, note), shows=(Roster.name, row.id))
