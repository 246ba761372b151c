"""Accounts of nobody on the list of people: HR links each to a person, or says that it is no colleague's."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from bot.access import HR
from bot.conversation import Context, Conversation, News, Reply, part
from bot.conversation.paging import PAGE, page_of
from bot.forms import Answers, Form, Note, People, Rejected
from bot.handlers.accounts import drawing
from bot.handlers.accounts.rights import may_link, may_read, named
from bot.messages import Button, Message, Row, Section
from bot.storage import accounts
from bot.storage.accounts import LooseAccount
from bot.storage.audit import record
from bot.storage.loose import STATES, account_in, counts, loose_accounts, suggestions
from bot.storage.people import Person, addresses_of
from bot.texts import mark, say, say_n


class Accounts(Conversation):
    """The button carries which of them, and the page."""

    name = drawing.ALL
    dialog = True
    words = ("review accounts",)
    summary = mark("Accounts (HR)")
    roles = HR

    def open(self, ctx: Context) -> Form | Reply:
        if not may_read(ctx):
            return Reply(drawing.refusal(), dialog=True)
        state = ctx.args[0] if ctx.args and ctx.args[0] in STATES else STATES[0]
        many = counts(ctx.db)
        asked = int(ctx.args[1]) if ctx.args[1:] and ctx.args[1].isdecimal() else 1
        page = page_of(asked, many.get(state, 0))
        rows = loose_accounts(ctx.db, state, (page[0] - 1) * PAGE, PAGE)
        meant = suggestions(ctx.db, [row for row, _ in rows]) if state == "open" else {}
        return Reply(drawing.listed(ctx, state, rows, meant, many, page), dialog=True)


class Link(Conversation):
    """To the person that was suggested; the button carries both."""

    name = "accounts.link"
    dialog = True

    def open(self, ctx: Context) -> Form | Reply:
        account = named(ctx)
        if account is None or len(ctx.args) < 2:
            return _shown(ctx, account)
        person = ctx.db.get_one(Person, UUID(ctx.args[1]))
        why = _why_not(ctx, account, person)
        return _shown(ctx, account, why) if why else _linked(ctx, account, person)


class Choose(Conversation):
    name = "accounts.choose"
    dialog = True

    def _who(self) -> People:
        return People("person", say("Whose account is it?"), audience=say("HR"))

    def open(self, ctx: Context) -> Form | Reply:
        account = named(ctx)
        # A form that comes back a second time is let through to be recognised.
        if account is None or not may_read(ctx) or (account.state != "open" and ctx.args[1:] != ("sent",)):
            return _shown(ctx, account)
        what = say("Who uses {account} reads and answers as the person you pick.", account=drawing.called(account))
        return Form.of(
            say("Link an account"), Note("what", what), self._who(), submit=say("Link"), ids=(str(account.id), "sent")
        )

    def submit(self, ctx: Context, answers: Answers) -> Reply:
        account = named(ctx)
        if account is None:
            return _shown(ctx, None)
        person = ctx.db.get_one(Person, UUID(answers[self._who()][0]))
        if why := _why_not(ctx, account, person):
            raise Rejected({self._who(): why})
        return _linked(ctx, account, person)


def _why_not(ctx: Context, account: LooseAccount, person: Person) -> str:
    if not may_link(ctx, person.id):
        return say("Nobody links an account to themselves. Another one of HR can.")
    if account.state == "open" and account_in(ctx.db, person.id, account.workspace_id) is not None:
        return say("{name} has an account there already.", name=person.name)
    if person.status == "left":
        return say("{name} no longer works here.", name=person.name)
    return ""


def _linked(ctx: Context, account: LooseAccount, person: Person) -> Reply:
    known = accounts.lock(ctx.db, [person.id], account.workspace_id, [account.user]).get(account.user)
    row = accounts.loose_of(ctx.db, account.workspace_id, [account.user]).get(account.user)
    if row is None or row.state != "open" or accounts.is_held(known):
        # A second click, or somebody was faster: it is shown as it stands.
        return _shown(ctx, row)
    elsewhere = bool(addresses_of(ctx.db, [person.id]))
    accounts.take(ctx.db, row, person, known, ctx.now, ctx.real_now)
    row.state, row.person_id, row.decided_by_id = "linked", person.id, ctx.actor.id
    record(
        ctx.db, ctx.real_now, "account.linked", actor=ctx.actor.id, kind="person", object_id=person.id, why="hand",
        account=str(row.id),
    )  # fmt: skip
    key = f"{LinkedNews.name}:{row.id}:{ctx.now.isoformat()}"
    told = (News(person.id, LinkedNews.name, row.id, key, fresh=True),) if elsewhere else ()
    return Reply(drawing.standing(ctx, row), told, dialog=True)


class LinkedNews(Conversation):
    """Somebody who uses another account already hears of it there, too."""

    name = "accounts.linked"

    def news(self, ctx: Context, about: UUID, since: datetime, until: datetime | None) -> Message | None:
        row = ctx.db.get(LooseAccount, about)
        if row is None or row.state != "linked" or row.person_id != ctx.person.id:
            return None
        by = ctx.db.get(Person, row.decided_by_id) if row.decided_by_id else None
        return drawing.noticed(row, by.name if by else say("HR"))


class Unlink(Conversation):
    name = "accounts.unlink"
    dialog = True

    def open(self, ctx: Context) -> Form | Reply:
        account = named(ctx)
        if account is None or account.person_id is None or not may_link(ctx, account.person_id):
            return _shown(ctx, account)
        known = accounts.lock(ctx.db, [account.person_id], account.workspace_id, [account.user]).get(account.user)
        row = accounts.loose_of(ctx.db, account.workspace_id, [account.user]).get(account.user)
        if row is None or row.state != "linked":
            return _shown(ctx, row)
        if known is not None and accounts.is_held(known):
            accounts.release(ctx.db, known, ctx.real_now, "hand", ctx.actor.id)
        row.state, row.person_id, row.decided_by_id = "open", None, None
        return _shown(ctx, row)


class Ignore(Conversation):
    name = "accounts.ignore"
    dialog = True

    def open(self, ctx: Context) -> Form | Reply:
        return _set(ctx, "open", "ignored", "account.ignored")


class Recall(Conversation):
    name = "accounts.recall"
    dialog = True

    def open(self, ctx: Context) -> Form | Reply:
        return _set(ctx, "ignored", "open", "account.recalled")


def _set(ctx: Context, before: str, after: str, action: str) -> Reply:
    account = named(ctx)
    if account is None or not may_read(ctx):
        return _shown(ctx, account)
    row = accounts.loose_of(ctx.db, account.workspace_id, [account.user]).get(account.user)
    if row is not None and row.state == before:
        row.state, row.decided_by_id = after, ctx.actor.id if after == "ignored" else None
        record(ctx.db, ctx.real_now, action, actor=ctx.actor.id, kind="loose_account", object_id=row.id)
    return _shown(ctx, row)


def _shown(ctx: Context, account: LooseAccount | None, why: str = "") -> Reply:
    return Reply(drawing.standing(ctx, account, why) if may_read(ctx) else drawing.refusal(), dialog=True)


@part("home", 61)
def at_home(ctx: Context) -> Section | None:
    return _waiting(ctx)


@part("hr_digest", 81)
def in_digest(ctx: Context) -> Section | None:
    return _waiting(ctx)


def _waiting(ctx: Context) -> Section | None:
    """A count only; names stand in the dialog."""
    many = counts(ctx.db).get("open", 0) if may_read(ctx) else 0
    if not many:
        return None
    what = say_n("{count} account belongs to nobody in the list of people.",
                 "{count} accounts belong to nobody in the list of people.", many)  # fmt: skip
    return Section(say("Accounts without a person"), rows=(Row((what,), (Button(say("See whose"), drawing.ALL),)),))
