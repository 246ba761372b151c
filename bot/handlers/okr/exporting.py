"""`/okr export`: the objectives of a period as a file, one row a key result: all that this person may read."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from bot.conversation import Context, Conversation, Reply, Send, Task
from bot.forms import Form
from bot.handlers.okr import words
from bot.handlers.okr.listing import off
from bot.handlers.okr.periods import named, unknown
from bot.handlers.okr.standing import views
from bot.messages import Button, File, Message
from bot.rules.okr.sheet import Goal, written
from bot.sheets import as_csv, as_workbook
from bot.storage.okr.filed import exported, goals_of
from bot.storage.okr.goals import objectives_of_period
from bot.storage.okr.periods import period_by_id, period_on, periods
from bot.storage.okr.tables import Period
from bot.storage.people import Person, roles_on
from bot.storage.policy import allows
from bot.texts import mark, reader, say

CSV, WORKBOOK = "csv", "xlsx"


class Export(Conversation):
    """A period may be named behind the words."""

    name = "okr.export"
    words = ("okr export",)
    takes_words = True
    summary = mark("Objectives as a file")

    def open(self, ctx: Context) -> Form | Reply:
        if not allows(ctx.db, "goals", ctx.person):
            return Reply(off())
        period = named(ctx, " ".join(ctx.args)) if ctx.args else period_on(ctx.db, ctx.local_now.date())
        if not isinstance(period, Period):
            return Reply(period or unknown(periods(ctx.db), ""))
        lines = (
            say("One row a key result, of each objective that you may read."),
            say("The file then lies where your chat keeps its files. Its owners and admins may reach it there."),
        )
        buttons = tuple(
            Button(label, ExportFile.name, str(period.id), kind)
            for label, kind in ((say("Excel file"), WORKBOOK), (say("CSV file"), CSV))
        )
        title = say("The objectives of {period} as a file?", period=words.period(period))
        return Reply(Message(title, lines, buttons=buttons))


class ExportFile(Conversation):
    """For nobody but the one who pressed; twice within a minute it is made once."""

    name = "okr.export_file"

    def open(self, ctx: Context) -> Form | Reply:
        if not allows(ctx.db, "goals", ctx.person):
            return Reply(off())
        period, kind = ctx.args[:2]
        key = f"okr:{ctx.actor.id}:{period}:{kind}:{int(ctx.now.timestamp() // 60)}"
        cursor = {"person": str(ctx.actor.id), "period": period, "kind": kind}
        lines = (say("It comes as a message of its own within a minute or two."),)
        task = Task(self.name, "make", key, ctx.now, cursor)
        return Reply(Message(say("Your file is on its way"), lines), also=(task,))

    def work(self, ctx: Context, task: Task) -> Task | Reply | None:
        person = ctx.db.get(Person, UUID(task.cursor["person"]))
        period = period_by_id(ctx.db, UUID(task.cursor["period"]))
        if person is None or period is None or person.status != "active" or not allows(ctx.db, "goals", person):
            return None
        goals = _readable(replace(ctx, who=person, roles=roles_on(ctx.db, person.id, ctx.now.date())), period)
        results = sum(len(one.results) for one in goals)
        with reader(person.locale):
            title = say("The objectives of {period}", period=words.period(period))
            follows = say("A file follows, here or in its replies. Objectives in it: {count}.", count=len(goals))
            files = (_file(goals, period.key, task.cursor["kind"]),) if goals else ()
            message = Message(title, (follows if goals else say("There are none that you may read."),), files=files)
        exported(ctx.db, ctx.real_now, by=person.id, objectives=len(goals), key_results=results)
        return Reply(also=(Send(person.id, message, task.key, "reply"),))


def _readable(ctx: Context, period: Period) -> list[Goal]:
    """With all that is written of them: who reads an objective reads that as well."""
    found = [one.objective for one in views(ctx, objectives_of_period(ctx.db, period.id))]
    return goals_of(ctx.db, found, {one.id for one in found})


def _file(goals: list[Goal], period: str, kind: str) -> File:
    rows = written(goals)
    if kind == WORKBOOK:
        return File(f"objectives-{period}.xlsx", as_workbook(say("Objectives"), rows))
    return File(f"objectives-{period}.csv", as_csv(rows))
