"""`/review status`: my team's week, or why I do not get to see another one."""

from __future__ import annotations

from bot.conversation import Context, Conversation, Reply, part
from bot.conversation.paging import PAGE, of_pages, page_of, turning
from bot.forms import Form
from bot.handlers.team import departments, heading, telling, week
from bot.messages import Button, Message, Row, Section
from bot.storage.finding import departments_named, people_named
from bot.storage.people import Person, manager_on, reports_on
from bot.texts import mark, say


class Status(Conversation):
    """A button carries the page, or the id of a person that words might have meant."""

    name = "team.status"
    words = ("review status",)
    takes_words = True
    summary = mark("My team's week")

    def open(self, ctx: Context) -> Form | Reply:
        text = " ".join(ctx.args)
        if text and not text.isdecimal():
            return Reply(_another(ctx, text))
        page = min(int(text), 999) if text else 1
        return Reply(_mine(ctx, page))


def _mine(ctx: Context, page: int) -> Message:
    found = week.week_of(ctx)
    if found.reports or found.unnamed:
        return _paged(ctx, found, page)
    if departments.is_hr(ctx):
        return departments.all_of_them(ctx, 1)
    why = say("Nobody reports to you here, so there is no team to show.")
    ask = say("If people do, please tell {contact}: the line is missing then.", contact=ctx.contact or say("HR"))
    back = (Button(say("What waits for me"), "menu"),)
    return Message(say("You lead nobody here"), (why, ask), buttons=back)


def _paged(ctx: Context, found: week.Week, page: int) -> Message:
    page, last = page_of(page, len(found.reports))
    shown = found.reports[(page - 1) * PAGE : page * PAGE]
    others = (Button(say("By department"), departments.Departments.name),) if departments.is_hr(ctx) else ()
    rows = tuple(week.row(ctx, found, one, how) for one, how in shown)
    return Message(say("Your team's week"), heading.heads(found), rows=rows,
                   buttons=(*turning(page, last, "team.status"), *others), note=of_pages(page, last))  # fmt: skip


def _another(ctx: Context, text: str) -> Message:
    """Somebody of mine, or a department for HR; else why not, and whom to ask."""
    named = departments_named(ctx.db, text)
    if len(named) == 1:
        seen = departments.may_see(ctx, named[0].id)
        return departments.one(ctx, named[0]) if seen else departments.refused(ctx, named[0])
    people = people_named(ctx.db, text)
    if len(people) == 1:
        return _person(ctx, people[0])
    if not people:
        hint = say("Type review status and a name, or for HR a department.")
        return Message(say("I know nobody and no department of that name"), (hint,))
    return choosing(people, "team.status")


def choosing(people: list[Person], phrase: str) -> Message:
    """Whom the words might mean, at most ten."""
    buttons = tuple(Button(one.name, phrase, one.id) for one in people[:PAGE])
    more = (say("There are more; please type the whole name."),) if len(people) > PAGE else ()
    return Message(say("Whom do you mean?"), more, buttons=buttons)


def _person(ctx: Context, person: Person) -> Message:
    if person.id == ctx.person.id:
        return _mine(ctx, 1)
    found = week.week_of(ctx)
    mine = [(one, how) for one, how in found.reports if one.person.id == person.id]
    if mine:
        rows = tuple(week.row(ctx, found, one, how) for one, how in mine)
        return Message(say("Your team's week"), rows=rows, buttons=(_see_all(),))
    if any(one.person.id == person.id for one, _ in found.unnamed):
        return telling.unnamed(person)
    if person.id in found.leaders:
        theirs = week.week_of(ctx, [person.id])
        return _paged(ctx, theirs, 1)
    if departments.is_hr(ctx):
        return departments.team(ctx, person)
    return _refused(ctx, person)


def _refused(ctx: Context, person: Person) -> Message:
    day = ctx.local_now.date()
    if reports_on(ctx.db, person.id, day):
        why = say("How a team stands is seen by who leads it and who acts for them, by nobody else.")
        return Message(say("This is not your team"), (why, say("Please ask {name}.", name=person.name)))
    manager = manager_on(ctx.db, person.id, day)
    if manager is None:
        why = say("{name} has no manager here, so nobody sees how it stands.", name=person.name)
        return Message(say("This is not your team"), (why,))
    why = say("{name} reports to {manager}; only {manager} sees how it stands.", name=person.name, manager=manager.name)
    return Message(say("This is not your team"), (why, say("Please ask {name}.", name=manager.name)))


def _see_all() -> Button:
    return Button(say("See all"), "team.status")


@part("menu", 18)
def in_menu(ctx: Context) -> Section | None:
    return _short(ctx)


@part("home", 18)
def at_home(ctx: Context) -> Section | None:
    return _short(ctx)


def _short(ctx: Context) -> Section | None:
    """The figures, and by name who is open or late."""
    found = week.week_of(ctx)
    if not (found.reports or found.unnamed):
        return _for_hr(ctx)
    lines = (*heading.heads(found), *_names(found))
    return Section(say("Your team's week"), lines, buttons=(_see_all(),))


def _names(found: week.Week) -> tuple[str, ...]:
    waiting = [one.person.name for one, _ in found.waiting]
    if not waiting:
        return ()
    names = ", ".join(waiting[:5])
    more = len(waiting) - 5
    if more > 0:
        return (say("Not in yet: {names} and {count} more", names=names, count=more),)
    return (say("Not in yet: {names}", names=names),)


def _for_hr(ctx: Context) -> Section | None:
    if not departments.is_hr(ctx):
        return None
    return Section(say("Who has answered"), rows=(Row((say("By department, in counts."),), (_see_all(),)),))
