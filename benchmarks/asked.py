"""People in the middle of their week: asked by a posted message, with last week's check-in behind them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from benchmarks.company import WEEK, Company, Employee, fill, lead_of
from bot.storage.asks import Ask
from bot.storage.base import new_id
from bot.storage.checkin import CheckIn, CheckInVersion
from bot.storage.database import Database
from bot.storage.outbox import OutboxRow
from bot.storage.posted import Posted, PostedAsk
from bot.storage.sealed import seal

HOUR = timedelta(hours=1)
WORDS = {
    "progress": "Search is shipped to all customers, the index is rebuilt every night and the old one is gone. " * 3,
    "next": "Write the guide for operators\nMend the build on slow machines\nPlan the next two weeks with Grace",
}
NUMBERS = {"mood": 4, "share_mood": False, "blocked": False}


def ask(database: Database, company: Company) -> dict[UUID, UUID]:
    """The open ask of each person, by person. Every person gets a key, since each has written before."""
    now = datetime.now(UTC)
    this = {one.id: new_id() for one in company.people}
    last = {one.id: new_id() for one in company.people}
    with database.transaction() as db:
        fill(db, Ask, (_ask(company, one, last[one.id], now - WEEK) | {"state": "submitted"} for one in company.people))
        fill(db, Ask, (_ask(company, one, this[one.id], now) for one in company.people))
        _post(db, company, this, now)
        _answer(db, company, last, now - WEEK)
    return this


def _ask(company: Company, one: Employee, ask: UUID, now: datetime) -> dict[str, Any]:
    return {
        "id": ask, "person_id": one.id, "about_id": one.id, "conversation": "checkin", "occurrence": now.date(),
        "programme_id": company.programme, "question_set_id": company.questions, "zone": one.zone, "state": "open",
        "manager_id": lead_of(company.people, one), "opens_at": now - HOUR, "due_at": now + 24 * HOUR,
        "prompted_at": now - HOUR, "remind_at": now + 12 * HOUR, "remind_kind": "reminder", "created_at": now,
    }  # fmt: skip


def _post(db: Session, company: Company, asks: dict[UUID, UUID], now: datetime) -> None:
    sends = {one.id: new_id() for one in company.people}
    fill(db, OutboxRow, (
        {"id": sends[one.id], "key": f"prompt:{asks[one.id]}", "kind": "send", "purpose": "nudge",
         "person_id": one.id, "address_id": one.address, "workspace_id": company.workspace, "state": "done",
         "due_at": now, "attempts": 1, "budget_day": now.date(), "created_at": now, "done_at": now}
        for one in company.people
    ))  # fmt: skip
    fill(db, Posted, (
        {"id": new_id(), "outbox_id": sends[one.id], "workspace_id": company.workspace, "channel": one.channel,
         "message": f"1764{one.at:06}.000100", "posted_at": now}
        for one in company.people
    ))  # fmt: skip
    fill(db, PostedAsk, (
        {"id": new_id(), "outbox_id": sends[one.id], "ask_id": asks[one.id]} for one in company.people
    ))  # fmt: skip


def _answer(db: Session, company: Company, asks: dict[UUID, UUID], then: datetime) -> None:
    written = {one.id: new_id() for one in company.people}
    fill(db, CheckIn, (
        {"id": written[one.id], "ask_id": asks[one.id], "person_id": one.id, "occurrence": then.date(), "version": 1,
         "submitted_at": then}
        for one in company.people
    ))  # fmt: skip
    fill(db, CheckInVersion, (
        _version(company, one, written[one.id], then) for one in company.people
    ))  # fmt: skip


def _version(company: Company, one: Employee, checkin: UUID, then: datetime) -> dict[str, Any]:
    version, text = new_id(), json.dumps({"texts": WORDS, "carried": []})
    return {
        "id": version, "checkin_id": checkin, "author_id": one.id, "version": 1, "question_set_id": company.questions,
        "mood": 4, "numbers": NUMBERS, "language": "en", "submitted_at": then, "created_by": one.id,
        "texts_sealed": seal("checkin_version", "texts_sealed", version, f"person:{one.id}", text),
    }  # fmt: skip
