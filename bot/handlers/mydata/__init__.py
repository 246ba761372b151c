"""All that is stored about me, as two files in our direct message: asked for twice, made in the background."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from bot.conversation import Context, Conversation, Reply, Send, Task
from bot.forms import Form
from bot.handlers.mydata import document, page
from bot.messages import Button, File, Message
from bot.storage.audit import record
from bot.storage.people import Person
from bot.storage.policy import allows
from bot.storage.tasks import TaskRow, tasks_by_key
from bot.texts import mark, moment, reader, say

PAUSE = timedelta(minutes=15)


class MyData(Conversation):
    name = "mydata"
    words = ("review mydata",)
    summary = mark("My data as files")

    def open(self, ctx: Context) -> Form | Reply:
        if not allows(ctx.db, "export", ctx.person):
            return Reply(_switched_off(ctx))
        if made := _made_lately(ctx):
            return Reply(_soon_again(ctx, made.at))
        lines = (
            say("You get two files: one to read and print, one in JSON for other programs."),
            say(
                "They then lie where your chat keeps its files. Its owners and admins may reach them there, and some "
                "chats let only those delete them."
            ),
        )
        buttons = (
            Button(say("Send me the files"), "mydata.send", style="primary"),
            Button(say("No"), "mydata.no"),
        )
        return Reply(Message(say("All that is stored about you, as files?"), lines, buttons=buttons))


class SendMyData(Conversation):
    """For nobody but the one who pressed: also a delegate gets only their own."""

    name = "mydata.send"

    def open(self, ctx: Context) -> Form | Reply:
        if not allows(ctx.db, "export", ctx.person):
            return Reply(_switched_off(ctx))
        if made := _made_lately(ctx):
            return Reply(_soon_again(ctx, made.at))
        asked = {"person": str(ctx.actor.id), "asked_at": ctx.now.isoformat()}
        task = Task(self.name, "make", _keys(ctx)[0], ctx.now, asked)
        lines = (say("They come as a message of their own within a minute or two."),)
        return Reply(Message(say("Your files are on their way"), lines), also=(task,))

    def work(self, ctx: Context, task: Task) -> Task | Reply | None:
        person = ctx.db.get(Person, UUID(task.cursor["person"]))
        if person is None or person.status != "active" or not allows(ctx.db, "export", person):
            return None
        with reader(person.locale):
            files = _files(ctx, person)
            lines = (
                say("Two files follow, below this message or in its replies: one to read and print, the same in JSON."),
                say("Some chats let only an owner or an admin delete them."),
            )
            message = Message(say("Your data"), lines, files=files)
        record(
            ctx.db, ctx.real_now, "export.made", actor=person.id, kind="person", object_id=person.id,
            files=len(files), size=sum(len(file.content) for file in files),
        )  # fmt: skip
        return Reply(also=(Send(person.id, message, task.key, "reply"),))


class NoData(Conversation):
    name = "mydata.no"

    def open(self, ctx: Context) -> Form | Reply:
        lines = (say("No file was made. You can ask any time with /review mydata."),)
        return Reply(Message(say("All right"), lines))


def _switched_off(ctx: Context) -> Message:
    """The right to a copy stays; only its way is another one."""
    ask = say("You have a right to a copy. Please ask {contact} for it.", contact=ctx.contact or say("HR"))
    return Message(say("Files of your data are not made in the chat where you work"), (ask,))


def _files(ctx: Context, person: Person) -> tuple[File, File]:
    made = document.gather(ctx.db, person, ctx.real_now)
    summaries = {one.name: one.summary for one in ctx.registry.conversations.values() if one.summary}
    readable = page.draw(made, person.zone, summaries)
    return (
        File("my-data.html", readable.encode()),
        File("my-data.json", document.as_json(made).encode()),
    )


def _keys(ctx: Context) -> tuple[str, str]:
    """Of this quarter of an hour and of the one before: a pause cannot reach further back."""
    quarter = int(ctx.now.timestamp() // PAUSE.total_seconds())
    return f"mydata:{ctx.actor.id}:{quarter}", f"mydata:{ctx.actor.id}:{quarter - 1}"


def _made_lately(ctx: Context) -> TaskRow | None:
    """A try that failed for good holds nobody back."""
    asked = tasks_by_key(ctx.db, _keys(ctx))
    return next((row for row in asked if row.state != "dead" and ctx.now < _asked_at(row) + PAUSE), None)


def _asked_at(row: TaskRow) -> datetime:
    return datetime.fromisoformat(str(row.cursor["asked_at"]))


def _soon_again(ctx: Context, asked: datetime) -> Message:
    again = moment(ctx.local(asked + PAUSE))
    lines = (say("They come, or came, to our direct message. From {when} on you can ask again.", when=again),)
    return Message(say("You asked for your files a moment ago"), lines)
