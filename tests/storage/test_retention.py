"""What a run of retention deletes: what its preview says, nothing else, and nothing of who is under a hold."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
import world as worlds
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from bot import app as house
from bot.clock import Clock
from bot.commands import Problem, keeping
from bot.storage import holds
from bot.storage.asks import Ask
from bot.storage.audit import AuditEvent
from bot.storage.base import Base, new_id
from bot.storage.blockers import Blocker, BlockerStep
from bot.storage.checkin import CheckIn, CheckInVersion
from bot.storage.comments import AgendaItem, Comment
from bot.storage.database import Database
from bot.storage.delegations import CHECKINS, Delegation
from bot.storage.drafts import Draft
from bot.storage.inbox import InboxItem
from bot.storage.keeping import all_kept, concerning
from bot.storage.outbox import OutboxRow
from bot.storage.people import Absence, Person
from bot.storage.posted import Posted, PostedAsk, PostedNews
from bot.storage.programmes import QuestionSetRow
from bot.storage.receipts import Receipt
from bot.storage.retention import RetentionRun
from bot.storage.sharing import HistoryShare, ManagerChange
from bot.storage.workspaces import Workspace

CLOCK = Clock.fixed(worlds.MONDAY)
NOW = worlds.MONDAY
ADA, GRACE, LINUS = range(3)


@pytest.fixture
def database(database_url: str, tmp_path: Path) -> Iterator[Database]:
    opened = house.open_database(worlds.settings(tmp_path, database_url), "OFF")
    with opened.transaction() as db:
        for name in ("ada", "grace", "linus"):
            db.add(Person(name=name, email=f"{name}@example.org", zone="UTC", created_at=NOW))
        db.add(QuestionSetRow(key="checkin", version=1, digest="1", language="en", body="", created_at=NOW))
        db.add(Workspace(platform="slack", external_id="T1", name="One", bot_user="U1", created_at=NOW))
    yield opened
    opened.dispose()


class Shelf:
    """Puts rows of all kinds of some age into the database, of the people by their number."""

    def __init__(self, db: Session) -> None:
        self.db = db
        self.people = list(db.scalars(sa.select(Person.id).order_by(Person.name)))
        self.questions = db.scalars(sa.select(QuestionSetRow.id)).one()
        self.workspace = db.scalars(sa.select(Workspace.id)).one()

    def put(self, kind: str, days: int, who: int, other: int, *, flag: bool) -> None:
        getattr(self, kind)(NOW - timedelta(days=days), self.people[who], self.people[other], flag)
        self.db.flush()

    def add(self, row: Base) -> Any:
        self.db.add(row)
        self.db.flush()
        return row

    def ask(self, at: datetime, who: UUID, other: UUID, flag: bool) -> Ask:
        made: Ask = self.add(
            Ask(
                person_id=who, about_id=who, conversation=str(new_id()), occurrence=at.date(), zone="UTC", opens_at=at,
                due_at=at, state="open" if flag else "submitted", manager_id=other, created_at=at,
            )
        )  # fmt: skip
        return made

    def checkin(self, at: datetime, who: UUID, other: UUID, flag: bool) -> None:
        row = self.add(
            CheckIn(ask_id=self.ask(at, who, other, False).id, person_id=who, occurrence=self.free_day(who, at),
                    reader_id=other, version=1, submitted_at=at)
        )  # fmt: skip
        self.add(
            CheckInVersion(checkin_id=row.id, author_id=who, version=1, question_set_id=self.questions, numbers={},
                           texts='{"a": "b"}', submitted_at=at, created_by=who)
        )  # fmt: skip
        self.add(Comment(checkin_id=row.id, author_id=other, kind="comment", text="Fine", created_at=at))
        if flag:
            self.add(AgendaItem(checkin_id=row.id, person_id=who, manager_id=other, occurrence=row.occurrence,
                                added_by=other, created_at=at))  # fmt: skip
            stone = self.add(Blocker(checkin_id=row.id, person_id=who, manager_id=other, state="open", opened_at=at,
                                     moved_at=at))  # fmt: skip
            self.add(BlockerStep(blocker_id=stone.id, number=1, move="pass_up", state="open", by_id=other, at=at,
                                 line="Up"))  # fmt: skip

    def free_day(self, who: UUID, at: datetime) -> Any:
        taken = set(self.db.scalars(sa.select(CheckIn.occurrence).filter_by(person_id=who)))
        day = at.date()
        while day in taken:
            day -= timedelta(days=1)
        return day

    def inbox(self, at: datetime, who: UUID, other: UUID, flag: bool) -> None:
        self.add(InboxItem(kind="question", person_id=who, state="answered", text="Why", answered_by_id=other,
                           answer="So", due_at=at, answered_at=None if flag else at, created_at=at))  # fmt: skip

    def message(self, at: datetime, who: UUID, other: UUID, flag: bool) -> None:
        row = self.sent(at, who, "done")
        self.posted(at, row.id)
        if flag:
            self.add(PostedAsk(outbox_id=row.id, ask_id=self.ask(at, other, who, False).id))
        self.sent(at + timedelta(days=9), who, "cancelled", kind="edit", target_id=row.id)

    def news(self, at: datetime, who: UUID, other: UUID, flag: bool) -> None:
        row = self.sent(at, who, "done")
        self.add(PostedNews(outbox_id=row.id, person_id=who, phrase="checkin", about_id=other, since=at))

    def waiting(self, at: datetime, who: UUID, other: UUID, flag: bool) -> None:
        self.sent(at, who, "waiting")

    def sent(self, at: datetime, who: UUID, state: str, **more: Any) -> OutboxRow:
        given = {"kind": "send", "purpose": "reply", "due_at": at, "created_at": at, "state": state, "person_id": who}
        ended = None if state == "waiting" else at
        made: OutboxRow = self.add(OutboxRow(**(given | {"key": str(new_id()), "done_at": ended} | more)))
        return made

    def posted(self, at: datetime, send: UUID) -> None:
        self.add(Posted(outbox_id=send, workspace_id=self.workspace, channel="D1", message=str(new_id()), posted_at=at))

    def lost(self, at: datetime, who: UUID, other: UUID, flag: bool) -> None:
        self.posted(at, new_id())
        self.add(Receipt(key=str(new_id()), kind="done", at=at))

    def draft(self, at: datetime, who: UUID, other: UUID, flag: bool) -> None:
        ask = self.ask(at, who, other, True).id if flag else None
        self.add(Draft(person_id=who, conversation="x", subject=str(new_id()), ask_id=ask, updated_at=at, raw="{}"))

    def spans(self, at: datetime, who: UUID, other: UUID, flag: bool) -> None:
        day = at.date()
        ends = {"starts_on": day, "ends_on": None if flag else day, "created_at": at}
        self.add(Absence(person_id=who, **ends))
        if who != other:
            self.add(Delegation(person_id=who, delegate_id=other, scope=CHECKINS, **ends))
            self.add(HistoryShare(person_id=who, reader_id=other, shared_at=at, ended_at=None if flag else at))
        self.add(ManagerChange(person_id=who, manager_id=other, starts_on=day, told_at=at, created_at=at))


KINDS = ("ask", "checkin", "inbox", "message", "news", "waiting", "lost", "draft", "spans")
AGES = st.sampled_from((0, 6, 8, 29, 31, 200, 364, 367, 540, 560, 900))
ROWS = st.lists(
    st.tuples(st.sampled_from(KINDS), AGES, st.integers(0, 2), st.integers(0, 2), st.booleans()),
    min_size=1,
    max_size=12,
)


def count(database: Database) -> dict[str, int]:
    with database.transaction() as db:
        return {one.rows.name: db.scalar(sa.select(sa.func.count()).select_from(one.rows)) or 0 for one in all_kept()}


def of_people(database: Database, people: list[UUID]) -> dict[str, int]:
    with database.transaction() as db:
        return {
            one.rows.name: db.scalar(
                sa.select(sa.func.count()).select_from(one.rows).where(concerning(one.rows, one.rows, people))
            )
            or 0
            for one in all_kept()
        }


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS, st.sets(st.integers(0, 2), max_size=1), st.sampled_from(("default", "us", "eu")))
def test_a_preview_says_exactly_what_a_run_deletes(
    database: Database, rows: list[tuple[str, int, int, int, bool]], under: set[int], preset: str
) -> None:
    with database.transaction() as db:
        shelf = Shelf(db)
        for kind, days, who, other, flag in rows:
            shelf.put(kind, days, who, other, flag=flag)
        held = [shelf.people[number] for number in under]
        for person in held:
            holds.place(db, db.get_one(Person, person), "CASE-1", NOW, None)
    keeping.preset(database, CLOCK, preset)
    before, theirs, told = count(database), of_people(database, held), keeping.preview(database, CLOCK)
    done = keeping.run(database, CLOCK)
    said = told.splitlines()[0].removeprefix("A run now would delete ").removesuffix(".")
    assert done.splitlines()[0] == f"Deleted: {said}."
    after = count(database)
    with database.transaction() as db:
        last = db.scalars(sa.select(RetentionRun).order_by(RetentionRun.id.desc()).limit(1)).one()
        events = db.scalars(sa.select(AuditEvent).where(AuditEvent.action == "retention.run")).all()
        assert events[-1].details["counts"] == last.counts
        gone = {name: before[name] - after[name] for name in before if name != "retention_run"}
        assert sum(last.counts.values()) == sum(gone.values())
        for hold in holds.standing(db):
            holds.end(db, hold, NOW, None)
    assert of_people(database, held) == theirs


def test_it_goes_in_pieces_and_on_from_where_it_was_cut_off(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.storage.retention.PIECE", 3)
    with database.transaction() as db:
        shelf = Shelf(db)
        for number in range(7):
            shelf.put("checkin", 600 + number, ADA, GRACE, flag=True)
    told = keeping.preview(database, CLOCK)
    pieces: list[str] = []

    def cut(name: str) -> None:
        pieces.append(name)
        if len(pieces) == 2:
            raise RuntimeError

    with pytest.raises(RuntimeError):
        keeping.run(database, CLOCK, cut)
    assert 0 < count(database)["checkin"] < 7
    assert "did not come to its end yet" in keeping.show(database)
    assert keeping.run(database, CLOCK) == told.replace("A run now would delete", "Deleted:")
    assert count(database)["checkin"] == 0
    assert len(keeping.show(database).splitlines()[-1]) > 10
    with database.transaction() as db:
        assert len(db.scalars(sa.select(RetentionRun)).all()) == 1


def test_settings_are_stored_told_and_traced(database: Database) -> None:
    assert keeping.show(database).splitlines()[0] == "Preset: default."
    assert keeping.change(database, CLOCK, "check_ins", "6").startswith("check_ins: 6 months after they were sent")
    assert "Warning: less than 24 months" in keeping.change(database, CLOCK, "reviews", "6")
    with pytest.raises(Problem, match=r"MONTHS 0: give whole months .* Nothing was changed\."):
        keeping.change(database, CLOCK, "check_ins", "0")
    shown = keeping.show(database)
    assert "Preset: default, 2 changed." in shown
    assert "check_ins: 6 months after they were sent, answered or ended (changed)" in shown
    with database.transaction() as db:
        Shelf(db).put("checkin", 200, ADA, GRACE, flag=False)
    assert "2 rows of check_ins" not in keeping.preview(database, CLOCK, "2026-11-23")
    assert "3 rows of check_ins" in keeping.preview(database, CLOCK, "2026-11-23")
    assert "forgotten" in keeping.preset(database, CLOCK, "eu")
    assert "would delete nothing" in keeping.preview(database, CLOCK)
    assert "3 rows of check_ins" in keeping.preview(database, CLOCK, "2028-01-01")
    with database.transaction() as db:
        traced = db.scalars(sa.select(AuditEvent).where(AuditEvent.action == "retention.changed")).all()
    assert [one.details["changed"] for one in traced] == [{"check_ins": 6}, {"reviews": 6}, {"preset": "eu"}]
