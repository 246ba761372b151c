"""`/review policy`: what is switched on here, and the package of it as files; for HR, works council and auditors."""

from __future__ import annotations

from uuid import UUID

from bot.access import Actor, Subject, may
from bot.access.knowing import departments_of
from bot.conversation import Context, Conversation, Reply, Send, Task
from bot.conversation.features import FEATURES as WORDS
from bot.forms import Form
from bot.handlers.policy import package, page
from bot.messages import Button, File, Message, Section
from bot.rules.policy import COMPANY, FEATURES
from bot.storage.asks import still_shown
from bot.storage.notices import notice_of
from bot.storage.packages import last_package
from bot.storage.people import Person, roles_on
from bot.storage.policy import of_sites, policy_of, preset_of
from bot.texts import long_day, mark, reader, say

PIECE = 200
READERS = frozenset({"hr_coordinator", "hr_partner", "works_council", "auditor", "it_admin"})


class Policy(Conversation):
    name = "policy"
    words = ("review policy",)
    summary = mark("What is switched on here")
    roles = READERS

    def open(self, ctx: Context) -> Form | Reply:
        if not _may(ctx, ctx.actor, ctx.roles):
            return Reply(_refusal(ctx))
        return Reply(_state(ctx))


class MakePackage(Conversation):
    """Pressed twice within a minute it is made once."""

    name = "policy.package"

    def open(self, ctx: Context) -> Form | Reply:
        if not _may(ctx, ctx.actor, ctx.roles):
            return Reply(_refusal(ctx))
        key = f"policy:{ctx.actor.id}:{int(ctx.now.timestamp() // 60)}"
        task = Task(self.name, "make", key, ctx.now, {"person": str(ctx.actor.id)})
        lines = (say("It comes as a message of its own within a minute or two."),)
        return Reply(Message(say("The package is on its way"), lines), also=(task,))

    def work(self, ctx: Context, task: Task) -> Task | Reply | None:
        person = ctx.db.get(Person, UUID(task.cursor["person"]))
        if person is None or person.status != "active":
            return None
        if not _may(ctx, person, roles_on(ctx.db, person.id, ctx.now.date())):
            return None
        with reader(person.locale):
            made = package.make(ctx.db, ctx.now, ctx.real_now, by=person.id)
            lines = (say("Two files follow, below this message or in its replies: one to read and print, the same in "
                         "JSON. They name no person."),)  # fmt: skip
            title = say("Package {number}: what Rapport does here", number=made.number)
            message = Message(title, lines, files=files(made))
        return Reply(also=(Send(person.id, message, task.key, "reply"),))


class Switched(Conversation):
    """What is posted and open says who sees what; after a switch that is something else."""

    name = "policy.switched"

    def work(self, ctx: Context, task: Task) -> Task | Reply | None:
        where, after = of_sites(frozenset({task.cursor["site"]})), task.cursor["after"]
        asks = still_shown(ctx.db, where, ctx.now, after, PIECE)
        if not asks:
            return None
        cursor = {**task.cursor, "after": str(asks[-1])}
        key = f"policy:{task.cursor['switch']}:{cursor['after']}"
        return Reply(asks=tuple(asks), also=(Task(self.name, task.step, key, ctx.now, cursor),))


def files(made: package.Package) -> tuple[File, File]:
    stem = f"rapport-policy-{made.number}"
    return File(f"{stem}.html", page.draw(made).encode()), File(f"{stem}.json", package.as_json(made).encode())


def _may(ctx: Context, person: Person, roles: frozenset[str]) -> bool:
    departments = departments_of(ctx.db, person.id, roles, ctx.now.date())
    # A partner of some departments reads what holds for theirs, and that is the same for all.
    actor = Actor(person.id, roles, departments=departments)
    place = next(iter(departments), None) if departments else None
    return bool(may(actor, "read", Subject("configuration", department=place)))


def _refusal(ctx: Context) -> Message:
    why = say("It is for HR, the works council and auditors. What concerns you: type review privacy.")
    return Message(say("This is not yours to see"), (why,), buttons=(Button(say("Privacy"), "privacy"),))


def _state(ctx: Context) -> Message:
    chosen, notice, last = preset_of(ctx.db), notice_of(ctx.db), last_package(ctx.db)
    lines = [say("Preset: {preset}", preset=chosen.name if chosen else "default")]
    lines += [say("Privacy notice: version {version}", version=notice.version)] if notice else [
        say("No privacy notice: nobody has said who is responsible. Whoever runs me can: rapport policy notice")
    ]  # fmt: skip
    if last:
        day = long_day(ctx.local(last.made_at).date())
        lines.append(say("Last package: {number} of {day}", number=last.number, day=day))
    sections = (
        Section(say("Switched on"), _on(ctx)),
        Section(say("Switched off"), _off(ctx)),
        Section(say("Not built yet"), (_not_built(),)),
    )
    make = Button(say("Make the package"), MakePackage.name, style="primary")
    note = say("The package has all of it: each feature with its purpose, roles, terms, the draft of the assessment.")
    return Message(say("What is switched on here"), tuple(lines), sections=sections, buttons=(make,), note=note)


def _on(ctx: Context) -> tuple[str, ...]:
    policy = policy_of(ctx.db)
    found = [say(WORDS[one.key].title) for one in FEATURES if policy.allows(one.key)]
    return (", ".join(found) or say("Nothing."),)


def _off(ctx: Context) -> tuple[str, ...]:
    policy, found = policy_of(ctx.db), []
    for one in FEATURES:
        sites = policy.sites_without(one.key) if one.built else frozenset()
        if COMPANY in sites:
            found.append(say("{feature}: everywhere", feature=say(WORDS[one.key].title)))
        elif sites:
            where = ", ".join(sorted(sites))
            found.append(say("{feature}: {sites}", feature=say(WORDS[one.key].title), sites=where))
    return tuple(found) or (say("Nothing: all that is built is on."),)


def _not_built() -> str:
    return ", ".join(say(WORDS[one.key].title) for one in FEATURES if not one.built)
