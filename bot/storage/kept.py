"""The tables that hold something of a person: to which class of records they belong, and whose they are."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, exists, select

from bot.storage.accounts import LooseAccount
from bot.storage.asks import Ask
from bot.storage.blockers import Blocker, BlockerStep
from bot.storage.checkin import CheckIn, CheckInVersion
from bot.storage.comments import AgendaItem, Comment
from bot.storage.contacts import FirstContact
from bot.storage.delegations import Delegation
from bot.storage.drafts import Draft
from bot.storage.figures import WeeklyFigures, led_by
from bot.storage.inbox import InboxItem
from bot.storage.keeping import Kept
from bot.storage.notices import NoticeShown
from bot.storage.outbox import OutboxRow, trimmable
from bot.storage.people import Absence, Address, Membership, Person, ReportingLine, Role
from bot.storage.posted import Posted, PostedAsk, PostedDigest, PostedNews
from bot.storage.programmes import Member, Programme, Turn
from bot.storage.receipts import Receipt
from bot.storage.rooms import Room
from bot.storage.roster import RosterImport
from bot.storage.roster_uploads import RosterUpload
from bot.storage.scim import ScimUser
from bot.storage.sharing import HistoryShare, ManagerChange


def _posted_for(person: UUID) -> ColumnElement[bool]:
    return Posted.outbox_id.in_(select(OutboxRow.id).where(OutboxRow.person_id == person))


KEPT = (
    # Check-ins, and what came of them
    Kept("check_ins", CheckIn, CheckIn.submitted_at, people=(CheckIn.person_id,), named=(CheckIn.reader_id,)),
    Kept("check_ins", CheckInVersion, people=(CheckInVersion.author_id,)),
    Kept("check_ins", Comment, people=(Comment.author_id,), named=(Comment.on_behalf_of_id,)),
    Kept("check_ins", AgendaItem, people=(AgendaItem.person_id, AgendaItem.manager_id)),
    Kept("check_ins", Blocker, people=(Blocker.person_id,), named=(Blocker.manager_id, Blocker.upper_id)),
    Kept(
        "check_ins", BlockerStep, words={BlockerStep.by_id: "line_sealed"},
        named=(BlockerStep.on_behalf_of_id, BlockerStep.to_id),
    ),
    Kept(
        "check_ins", InboxItem, InboxItem.answered_at, people=(InboxItem.person_id,),
        words={InboxItem.answered_by_id: "answer_sealed"}, named=(InboxItem.about_id, InboxItem.owner_id),
    ),
    Kept("check_ins", HistoryShare, HistoryShare.ended_at, people=(HistoryShare.person_id, HistoryShare.reader_id)),
    Kept("check_ins", Delegation, Delegation.ends_on, people=(Delegation.person_id, Delegation.delegate_id)),
    Kept("check_ins", PostedNews, PostedNews.since, people=(PostedNews.person_id,)),
    # Who was asked
    Kept(
        "participation", Ask, Ask.due_at, Ask.state.not_in(("scheduled", "open")), people=(Ask.person_id, Ask.about_id),
        named=(Ask.acting_for_id, Ask.manager_id, Ask.nudged_by_id),
    ),
    Kept("participation", Absence, Absence.ends_on, people=(Absence.person_id,)),
    Kept(
        "participation", ManagerChange, ManagerChange.told_at, people=(ManagerChange.person_id,),
        named=(ManagerChange.earlier_id, ManagerChange.manager_id),
    ),
    Kept("participation", RosterImport, RosterImport.ended_at, real=True),
    # Technical
    Kept("requests", Receipt, Receipt.at, real=True),
    # The list itself goes after a day, or sooner: `bot/handlers/roster`.
    Kept("requests", RosterUpload, RosterUpload.created_at, people=(RosterUpload.person_id,), real=True),
    Kept("messages", OutboxRow, OutboxRow.done_at, trimmable(), people=(OutboxRow.person_id,), real=True),
    Kept("messages", Posted, Posted.posted_at, ~exists().where(OutboxRow.id == Posted.outbox_id),
         through=_posted_for, real=True),
    Kept("messages", PostedAsk),
    Kept("messages", PostedDigest),
    Kept("messages", Draft, Draft.updated_at, Draft.ask_id.is_(None), people=(Draft.person_id,)),
    # As long as they are known here. The row of a person stays without anything personal, for what others keep.
    Kept("person", Person),
    Kept("person", Address, people=(Address.person_id,)),
    Kept("person", ReportingLine, people=(ReportingLine.person_id,), named=(ReportingLine.manager_id,)),
    Kept("person", Membership, people=(Membership.person_id,)),
    Kept("person", Role, people=(Role.person_id,)),
    Kept("person", FirstContact, people=(FirstContact.person_id,), named=(FirstContact.manager_id,)),
    Kept("person", Member, people=(Member.person_id,)),
    Kept("person", Turn, people=(Turn.person_id,)),
    Kept("person", WeeklyFigures, through=lambda person: WeeklyFigures.name == led_by(person)),
    Kept("person", Programme, named=(Programme.manager_id,)),
    Kept("person", Room, named=(Room.set_by_id,)),
    Kept("person", ScimUser, people=(ScimUser.person_id,)),
    Kept("person", LooseAccount, people=(LooseAccount.person_id,), named=(LooseAccount.decided_by_id,)),
    Kept("person", NoticeShown, people=(NoticeShown.person_id,)),
)  # fmt: skip

# With nothing of a person but, at most, ids; why.
OTHERS = {
    "audit_event": "ids, states, counts and digests only; trimmed in order, by `audit_trimming`",
    "audit_seal": "the chain over it",
    "department": "no people in it",
    "directory_pass": "how far a workspace's directory is read",
    "okr_rules": "how the company works with objectives",
    "pace": "how fast a workspace takes messages",
    "pause": "whole programmes",
    "policy_package": "what was switched on, and numbers of holders; no names",
    "policy_preset": "ids only",
    "policy_switch": "ids only",
    "privacy_notice": "whom the company names in it",
    "question_set": "questions as they were asked",
    "scim_brake": "counts of a day",
    "scim_token": "digests of a directory's tokens",
    "task": "ids only",
    "workspace": "an installation",
    "retention_policy": "how long records are kept",
}
