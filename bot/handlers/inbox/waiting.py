"""What waits in HR's inbox, at home, in the menu and in figures; and what I have brought to HR."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from bot.conversation import Context, part
from bot.handlers.inbox import drawing
from bot.handlers.inbox.parties import desk_of, is_hr
from bot.messages import Button, Fact, Row, Section
from bot.storage.inbox import InboxItem, all_waiting, count_waiting, own_items, waiting_items
from bot.texts import moment, say, say_n

SHOWN = 5
REMEMBERED = timedelta(days=14)


@part("home", 14)
def inbox_at_home(ctx: Context) -> Section | None:
    return _inbox(ctx)


@part("menu", 14)
def inbox_in_menu(ctx: Context) -> Section | None:
    return _inbox(ctx)


def _inbox(ctx: Context) -> Section | None:
    if not is_hr(ctx):
        return None
    desk = desk_of(ctx)
    items = waiting_items(ctx.db, desk, SHOWN)
    if not items:
        return Section(say("HR's inbox"), (say("Nothing waits. I'll write when something comes."),))
    count = count_waiting(ctx.db, desk)
    whole = (Button(say("The whole inbox"), "inbox"),) if count > SHOWN else ()
    title = say_n("HR's inbox: {count} waits", "HR's inbox: {count} wait", count)
    return Section(title, rows=drawing.rows(ctx, items), buttons=whole)


@part("home", 30)
def mine_at_home(ctx: Context) -> Section | None:
    items = own_items(ctx.db, ctx.person.id, ctx.now - REMEMBERED)[:SHOWN]
    if not items:
        return None
    return Section(say("With HR"), rows=tuple(_mine(ctx, item) for item in items))


def _mine(ctx: Context, item: InboxItem) -> Row:
    names = {"name": drawing.name_of(ctx, item.owner_id), "by": moment(ctx.local(item.due_at))}
    about = drawing.name_of(ctx, item.about_id)
    what = say("Your question") if item.kind == "question" else say("Not my manager: {name}", name=about)
    states = {
        "open": say("HR answers by {by}", **names),
        "taken": say("taken by {name}, by {by}", **names),
        "answered": say("answered by {name}", **names),
    }
    if item.kind == "question":
        button = Button(say("Read"), "inbox.read", item.id)
    elif item.state == "answered":
        button = Button(say("Ask HR…"), "inbox.ask")
    else:
        button = Button(say("It was a mistake"), "inbox.withdraw", item.id)
    return Row((f"{what}: {states[item.state]}",), (button,))


@part("hr_digest", 40)
def inbox_in_figures(ctx: Context) -> Section | None:
    """Of the company, without names: how much of each kind waits, since when, how much too long."""
    waiting = all_waiting(ctx.db)
    if not waiting:
        return None
    kinds = {
        "question": say("Questions to HR"), "not_my_manager": say("Not my manager"),
        "no_manager": say("Without a manager"),
    }  # fmt: skip
    counts, late = Counter(kind for kind, _, _ in waiting), Counter(kind for kind, _, due in waiting if due < ctx.now)
    oldest = {kind: max((ctx.now - born).days for one, born, _ in waiting if one == kind) for kind in counts}
    facts = tuple(Fact(label, _figure(counts[kind], oldest[kind], late[kind]))
                  for kind, label in kinds.items() if counts[kind])  # fmt: skip
    return Section(say("HR's inbox"), facts=facts)


def _figure(count: int, days: int, late: int) -> str:
    age = say_n("the oldest {count} day old", "the oldest {count} days old", days) if days else say("since today")
    parts = [say_n("{count} waits", "{count} wait", count), age]
    if late:
        parts.append(say_n("{count} overdue", "{count} overdue", late))
    return ", ".join(parts)
