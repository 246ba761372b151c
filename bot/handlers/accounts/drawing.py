"""What is said about accounts: in the list, and of one as it stands."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from bot.conversation import Context
from bot.conversation.paging import of_pages, turning
from bot.messages import Button, Message, Row
from bot.storage.accounts import LooseAccount
from bot.storage.people import Person
from bot.storage.workspaces import Workspace
from bot.texts import moment, say, say_n

ALL = "accounts"


def listed(
    ctx: Context, state: str, rows: list[tuple[LooseAccount, Workspace]], meant: Mapping[UUID, Person],
    counts: Mapping[str, int], page: tuple[int, int],
) -> Message:  # fmt: skip
    titles = {
        "open": say("Accounts without a person"), "ignored": say("Not colleagues"), "linked": say("Linked by hand"),
    }  # fmt: skip
    lines = {
        "open": say(
            "Nobody in the list of people has their e-mail address. Link them, or put that address into the list: then "
            "they are linked by themselves."
        ),
        "ignored": say("Nothing is written to them. If one is a colleague after all, put it back."),
        "linked": say("These stay linked, whatever their e-mail address."),
    }
    drawn = tuple(_row(ctx, account, place, meant.get(account.id)) for account, place in rows)
    what = (lines[state],) if rows else (say("None. That is as it should be."),)
    buttons = (*turning(*page, ALL, state), *_others(state, counts))
    return Message(titles[state], what, rows=drawn, buttons=buttons, note=of_pages(*page))


def _others(state: str, counts: Mapping[str, int]) -> tuple[Button, ...]:
    labels = {
        "open": say("Without a person"),
        "ignored": say_n("{count} is no colleague", "{count} are no colleagues", counts.get("ignored", 0)),
        "linked": say_n("{count} linked by hand", "{count} linked by hand", counts.get("linked", 0)),
    }
    wanted = [one for one in labels if one != state and (one == "open" or counts.get(one))]
    return tuple(Button(labels[one], ALL, one, 1) for one in wanted)


def _row(ctx: Context, account: LooseAccount, place: Workspace, meant: Person | None) -> Row:
    where = say("{platform}, {workspace}, since {when}", platform=place.platform.capitalize(), workspace=place.name,
                when=moment(ctx.local(account.created_at)))  # fmt: skip
    lines = [called(account), where]
    if account.state == "linked":
        lines.append(say("The account of {name}", name=_name(ctx, account.person_id)))
    return Row(tuple(lines), _buttons(account, meant))


def _buttons(account: LooseAccount, meant: Person | None) -> tuple[Button, ...]:
    if account.state == "ignored":
        return (Button(say("Put back"), "accounts.recall", account.id),)
    if account.state == "linked":
        return (unlink(account),)
    no = Button(
        say("Not a colleague"), "accounts.ignore", account.id,
        confirm=say("{account} leaves this list. You can put it back.", account=called(account)),
    )  # fmt: skip
    if meant is None:
        return (Button(say("Link…"), "accounts.choose", account.id), no)
    sure = say("{account} becomes {name}'s: who uses it reads and answers as {name}.", account=called(account),
               name=meant.name)  # fmt: skip
    link = Button(
        say("Link to {name}", name=meant.name), "accounts.link", account.id, meant.id, style="primary", confirm=sure
    )
    return (link, Button(say("Somebody else…"), "accounts.choose", account.id), no)


def unlink(account: LooseAccount) -> Button:
    sure = say("Nothing is written to {account} any more, and who uses it cannot answer.", account=called(account))
    return Button(say("Unlink"), "accounts.unlink", account.id, confirm=sure)


def called(account: LooseAccount) -> str:
    name = account.name or say("Without a name")
    return say("{name}, {email}", name=name, email=account.email) if account.email else name


def standing(ctx: Context, account: LooseAccount | None, why: str = "") -> Message:
    """One account as it stands now, whoever decided it."""
    back = Button(say("All accounts"), ALL)
    if account is None:
        line = say("It was linked by its e-mail address meanwhile, or is no longer used.")
        return Message(say("This account is no longer in the list"), (line,), buttons=(back,))
    lines = [why] if why else []
    names = {"account": called(account), "name": _name(ctx, account.person_id)}
    if account.state == "linked":
        lines.append(say("Linked by {name}.", name=_name(ctx, account.decided_by_id)))
        title = say("{account} is {name}'s account", **names)
        return Message(title, tuple(lines), buttons=(unlink(account), back))
    if account.state == "ignored":
        title = say("{account} is no colleague's", **names)
        recall = Button(say("Put back"), "accounts.recall", account.id)
        return Message(title, (*lines, say("So said {name}.", name=_name(ctx, account.decided_by_id))),
                       buttons=(recall, back))  # fmt: skip
    return Message(say("{account} is nobody's account", **names), tuple(lines), buttons=(back,))


def _name(ctx: Context, person: UUID | None) -> str:
    found = ctx.db.get(Person, person) if person else None
    return found.name if found else say("Somebody who is no longer here")


def refusal() -> Message:
    why = say("HR says whose an account is: coordinators, and partners of the whole company.")
    return Message(say("This is for HR"), (why,))


def noticed(account: LooseAccount, by: str) -> Message:
    """For whom an account was linked to, where they were before."""
    line = say("It is {account}. If it is not yours, tell HR at once: who uses it reads and answers as you.",
               account=called(account))  # fmt: skip
    return Message(say("{name} has linked another account to you", name=by), (line,),
                   buttons=(Button(say("Ask HR…"), "inbox.ask"),))  # fmt: skip
