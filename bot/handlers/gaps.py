"""What HR has to mend: people without a manager, an account or a time zone, and whom no message reaches."""

from __future__ import annotations

from collections.abc import Sequence

from bot.access import HR, Actor, Subject, may
from bot.access.knowing import departments_of
from bot.conversation import Context, Conversation, Reply, part
from bot.conversation.paging import PAGE, of_pages, page_of, turning
from bot.forms import Form
from bot.messages import Button, Message, Row, Section
from bot.storage.gaps import GAPS, Gap, count, lost_accounts, people_with
from bot.storage.people import Address, Person
from bot.texts import moment, say, say_n


class People(Conversation):
    """Ten a page, in a dialog; the button carries what is missing and the page."""

    name = "people.gaps"
    dialog = True

    def open(self, ctx: Context) -> Form | Reply:
        if not may(Actor(ctx.actor.id, ctx.roles), "start", Subject("conversation", roles=HR)):
            why = say("Only HR sees what is missing in the list of people.")
            return Reply(Message(say("This is for HR"), (why,)), dialog=True)
        gap = ctx.args[0] if ctx.args[:1] and ctx.args[0] in GAPS else GAPS[0]
        page = int(ctx.args[1]) if ctx.args[1:] and ctx.args[1].isdecimal() else 1
        return Reply(_listed(ctx, gap, page), dialog=True)


def _listed(ctx: Context, gap: Gap, page: int) -> Message:
    day = ctx.now.date()
    own = departments_of(ctx.db, ctx.person.id, ctx.roles, day)
    total = count(ctx.db, gap, day, own)
    if not total:
        return Message(_titles()[gap], (say("Nobody. That is as it should be."),))
    page, last = page_of(page, total)
    people = people_with(ctx.db, gap, day, (page - 1) * PAGE, PAGE, own)
    lost = lost_accounts(ctx.db, [one.id for one in people]) if gap == "unreachable" else {}
    rows = tuple(_row(ctx, one, lost.get(one.id, ())) for one in people)
    buttons = turning(page, last, People.name, gap)
    return Message(_titles()[gap], (_what_to_do()[gap],), rows=rows, buttons=buttons, note=of_pages(page, last))


def _row(ctx: Context, person: Person, lost: Sequence[Address]) -> Row:
    return Row((say("{name}, {email}", name=person.name, email=person.email), *(_lost(ctx, one) for one in lost)))


def _lost(ctx: Context, account: Address) -> str:
    where = account.platform.capitalize()
    if account.lost_at is None:
        return say("{place}: {why}", place=where, why=_whys(account.lost_why))
    since = ctx.local(account.lost_at)
    return say("{place}, since {when}: {why}", place=where, when=moment(since), why=_whys(account.lost_why))


def _whys(why: str | None) -> str:
    if why == "removed":
        return say("took me out, or was never given me")
    return say("the account is closed") if why == "closed" else say("blocked me, or took me out")


@part("home", 60)
def at_home(ctx: Context) -> Section | None:
    return _to_mend(ctx) if ctx.roles & HR else None


@part("hr_digest", 80)
def in_digest(ctx: Context) -> Section | None:
    return _to_mend(ctx)


def _to_mend(ctx: Context) -> Section | None:
    """Counts only; names stand in the dialog."""
    day = ctx.now.date()
    own = departments_of(ctx.db, ctx.person.id, ctx.roles, day) if ctx.who else None
    found = [(gap, many) for gap in GAPS if (many := count(ctx.db, gap, day, own))]
    if not found:
        return None
    rows = tuple(Row((_counted(gap, many),), (Button(say("See who"), People.name, gap),)) for gap, many in found)
    return Section(say("Data to mend"), rows=rows)


def _counted(gap: Gap, many: int) -> str:
    if gap == "manager":
        return say_n("{count} person has no manager.", "{count} people have no manager.", many)
    if gap == "account":
        return say_n("{count} person has no account.", "{count} people have no account.", many)
    if gap == "unreachable":
        return say_n("No message reaches {count} person.", "No message reaches {count} people.", many)
    return say_n("{count} person has no time zone.", "{count} people have no time zone.", many)


def _titles() -> dict[Gap, str]:
    return {
        "manager": say("Without manager"), "account": say("Without account"), "unreachable": say("Not to be reached"),
        "zone": say("Without time zone"),
    }  # fmt: skip


def _what_to_do() -> dict[Gap, str]:
    return {
        "manager": say(
            "Nobody reads their check-ins but themselves. Name their manager in the list of people and have it "
            "imported again."
        ),
        "account": say(
            "I cannot write to them. Their e-mail address in the list of people must be that of their account here."
        ),
        "unreachable": say(
            "What I send to them is refused, so nothing is asked of them. Ask them to add or unblock me in the chat "
            "and to write me any word: then they leave this list by themselves."
        ),
        "zone": say(
            "I do not know when their day begins. They can set it with review hours, or it stands in the list of "
            "people, written like Europe/Lisbon."
        ),
    }
