"""`/review nudge`: a manager's own reminder, once an ask, inside the budget of the person reminded."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from bot.access import Decision, may
from bot.access.knowing import of_people
from bot.conversation import Context, Conversation, Reply
from bot.conversation.reminding import BY_HAND, Plan, plan, take_back
from bot.forms import Form
from bot.handlers.team import telling, week
from bot.handlers.team.status import choosing
from bot.messages import Message
from bot.storage.asks import JOINED, MANUAL, Ask, open_asks
from bot.storage.audit import record
from bot.storage.finding import people_named
from bot.storage.people import Person, absences_now, manager_on
from bot.storage.team import latest_asks
from bot.texts import mark, say

ANSWERABLE = ("open", "missed")


class Nudge(Conversation):
    """By name, or by the button of a row: the ids of the person and of the ask it stood for."""

    name = BY_HAND
    words = ("review nudge",)
    takes_words = True
    summary = mark("Remind somebody of my team")

    def open(self, ctx: Context) -> Form | Reply:
        found = _meant(ctx)
        if isinstance(found, Message):
            return Reply(found)
        if found.id == ctx.person.id:
            return Reply(telling.oneself())
        manager = manager_on(ctx.db, found.id, ctx.local_now.date())
        if manager is None or manager.id not in week.leads(ctx):
            return Reply(telling.not_mine(found, manager))
        decision = _may_remind(ctx, found)
        if not decision:
            off = decision.why == "switched_off"
            return Reply(telling.silenced(found) if off else telling.contradicted(found, manager))
        ask = _ask(ctx, found)
        if isinstance(ask, Message):
            return Reply(ask)
        return Reply(_nudge(ctx, found, manager, ask))

    def news(self, ctx: Context, about: UUID, since: datetime, until: datetime | None) -> Message | None:
        """That it could not go out any more."""
        ask = ctx.db.get(Ask, about)
        person = ctx.db.get(Person, ask.person_id) if ask else None
        return telling.lost(person, ask) if ask and person else None


class TakeBack(Conversation):
    """While it has not gone out."""

    name = "team.unnudge"

    def open(self, ctx: Context) -> Form | Reply:
        person, ask = _named(ctx)
        if person is None or ask is None or ask.nudged_by_id is None:
            return Reply(telling.nothing_to_take_back())
        manager = manager_on(ctx.db, person.id, ctx.local_now.date())
        if ask.nudged_by_id != ctx.actor.id and (manager is None or manager.id not in week.leads(ctx)):
            return Reply(telling.not_mine(person, manager))
        if ask.remind_kind not in (MANUAL, JOINED):
            return Reply(telling.already_out(ctx, person, ask))
        take_back(ctx, ask, person)
        _audited(ctx, "ask.nudge_taken_back", ask, manager)
        return Reply(telling.taken_back(person))


def _may_remind(ctx: Context, person: Person) -> Decision:
    theirs = of_people(ctx.db, "ask", [person.id], ctx.local_now.date())
    return may(week.acting(ctx), "remind", theirs[person.id])


def _nudge(ctx: Context, person: Person, manager: Person, ask: Ask) -> Message:
    if ask.nudged_at is not None:
        return telling.already(ctx, person, ask)
    planned: Plan = plan(ctx, ask, person)
    if planned.comes:
        ask.nudged_by_id, ask.nudged_at = ctx.actor.id, ctx.now
        ask.remind_at, ask.remind_kind = planned.at, planned.kind
        _audited(ctx, "ask.nudged", ask, manager)
    return telling.planned(ctx, person, ask, planned)


def _audited(ctx: Context, action: str, ask: Ask, manager: Person | None) -> None:
    behalf = manager.id if manager and manager.id != ctx.actor.id else None
    record(ctx.db, ctx.real_now, action, actor=ctx.actor.id, on_behalf_of=behalf, kind="ask", object_id=ask.id)


def _meant(ctx: Context) -> Person | Message:
    """The person of the button, of the mention or of the name; those whom one leads come first."""
    if person := _named(ctx)[0]:
        return person
    text = " ".join(ctx.args)
    if not text:
        hint = say("Type review nudge and a name, or use the list of your team.")
        return Message(say("Whom shall I remind?"), (hint,), buttons=(telling.see_all(),))
    people = people_named(ctx.db, text)
    mine = {one.person.id for one, _ in week.week_of(ctx).reports}
    people = [one for one in people if one.id in mine] or people
    if not people:
        hint = say("Please type it as it stands in the list of your team.")
        return Message(say("I know nobody of that name"), (hint,), buttons=(telling.see_all(),))
    return people[0] if len(people) == 1 else choosing(people, Nudge.name)


def _named(ctx: Context) -> tuple[Person | None, Ask | None]:
    """Who and which ask the ids name, the ask locked."""
    try:
        ids = [UUID(one) for one in ctx.args[:2]]
    except ValueError:
        return None, None
    person = ctx.db.get(Person, ids[0]) if ids else None
    ask = ctx.db.get(Ask, ids[1], with_for_update=True) if ids[1:] else None
    return person, ask if ask and person and ask.person_id == person.id else None


def _ask(ctx: Context, person: Person) -> Ask | Message:
    """What can be reminded of, locked; or why there is nothing, without the reason that the person gave."""
    if person.status != "active":
        return telling.gone(person)
    named = _named(ctx)[1]
    if named is None or not _attributed(ctx, named):
        latest = latest_asks(ctx.db, [person.id], week.CHECKIN, ctx.now)
        fitting = [one for one in (*open_asks(ctx.db, person.id), *latest) if _attributed(ctx, one)]
        # What nobody has reminded of yet, the nearest deadline first.
        chosen = min(fitting, key=lambda one: one.nudged_at is not None or one.state not in ANSWERABLE, default=None)
        named = ctx.db.get(Ask, chosen.id, with_for_update=True, populate_existing=True) if chosen else None
    if named is None:
        return telling.nothing_open(person)
    if named.state == "submitted":
        return telling.sent_already(ctx, person, named)
    if absences_now(ctx.db, person.id, ctx.local_now.date()) or named.reason == "away":
        return telling.away(person)
    if named.state == "closed" or named.closed_at is not None:
        return telling.over(ctx, person, named)
    return named if named.state in ANSWERABLE else telling.nothing_expected(person)


def _attributed(ctx: Context, ask: Ask) -> bool:
    conversation = ctx.registry.conversations.get(ask.conversation)
    return conversation is not None and not conversation.confidential
