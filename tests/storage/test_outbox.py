from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import world as worlds
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot import app as house
from bot.delivery import leasing
from bot.delivery.leasing import Settled
from bot.storage.asks import Ask
from bot.storage.base import new_id
from bot.storage.database import Database
from bot.storage.dead_letters import dead_rows, requeue
from bot.storage.outbox import (
    OutboxRow,
    cancel_unsent,
    draw_again,
    drop_edits,
    drop_orphans,
    nudges_sent,
    supersede_edits,
    trimmable,
)
from bot.storage.people import Address, Person
from bot.storage.posted import PostedAsk
from bot.storage.workspaces import Workspace

NOW = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)
LEASE = timedelta(seconds=60)
AFTER = NOW + LEASE + timedelta(seconds=1)
EVER = itertools.count(1)


@dataclass
class Shelf:
    """Rows in the outbox of one person with one account."""

    database: Database
    person: UUID
    address: UUID
    workspace: UUID
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def put(self, **more: object) -> UUID:
        row = more.pop("id", None) or new_id()
        assert isinstance(row, UUID)
        values: dict[str, object] = {
            "id": row, "key": f"{next(self.numbers)}:{row}", "kind": "send", "purpose": "reply",
            "person_id": self.person, "address_id": self.address, "workspace_id": self.workspace, "due_at": NOW,
            "created_at": NOW, "state": "waiting", "attempts": 0, "locale": "en", "body": "words",
        }  # fmt: skip
        with self.database.transaction() as db:
            db.add(OutboxRow(**values | more))
        return row

    def claim(self, token: str, now: datetime = NOW, limit: int = 20) -> list[UUID]:
        with self.database.transaction() as db:
            return [row.id for row in leasing.claim(db, now, LEASE, token, self.workspace, limit)]

    def settle(self, token: str, *ends: Settled, now: datetime = NOW) -> set[UUID]:
        with self.database.transaction() as db:
            return leasing.settle(db, token, now, ends)

    def row(self, row: UUID) -> OutboxRow:
        with self.database.transaction() as db:
            return db.get_one(OutboxRow, row)

    def state(self, row: UUID) -> str:
        return self.row(row).state


@pytest.fixture
def shelf(database_url: str, tmp_path: Path) -> Iterator[Shelf]:
    database = house.open_database(worlds.settings(tmp_path, database_url), "OFF")
    with database.transaction() as db:
        workspace = Workspace(platform="slack", external_id="T1", name="One", bot_user="U0", created_at=NOW)
        person = Person(name="Ada", email="ada@example.org", zone="Europe/Lisbon", created_at=NOW)
        db.add_all([workspace, person])
        db.flush()
        address = Address(
            person_id=person.id, workspace_id=workspace.id, platform="slack", user="UADA", created_at=NOW
        )  # fmt: skip
        db.add(address)
        db.flush()
        made = Shelf(database, person.id, address.id, workspace.id)
    yield made
    database.dispose()


# Leases


def test_a_claimed_row_is_nobody_elses_until_its_lease_ends(shelf: Shelf) -> None:
    row = shelf.put()
    assert shelf.claim("first") == [row]
    assert shelf.claim("second", NOW + LEASE - timedelta(seconds=1)) == []
    assert shelf.claim("second", AFTER) == [row]


def test_the_first_mark_stays_over_every_crash(shelf: Shelf) -> None:
    row = shelf.put()
    for number in range(3):
        shelf.claim(f"worker {number}", NOW + number * 2 * LEASE)
    assert shelf.row(row).sending_at == NOW
    assert shelf.row(row).attempts == 3


@pytest.mark.parametrize("end", ["done", "dead", "waiting"])
def test_a_worker_whose_lease_ran_out_can_settle_nothing(shelf: Shelf, end: str) -> None:
    row = shelf.put()
    shelf.claim("slow")
    shelf.claim("quick", AFTER)
    before = shelf.row(row)
    assert shelf.settle("slow", Settled(row, end, "late", AFTER), now=AFTER) == set()
    after = shelf.row(row)
    kept = ("state", "lease_token", "due_at", "sending_at", "error", "done_at", "body_sealed")
    assert [getattr(after, name) for name in kept] == [getattr(before, name) for name in kept]
    assert shelf.settle("quick", Settled(row, "done"), now=AFTER) == {row}
    assert shelf.settle("slow", Settled(row, "dead", "later still"), now=AFTER) == set()
    assert shelf.state(row) == "done"


def test_a_refusal_ends_the_doubt_and_a_missing_answer_keeps_it(shelf: Shelf) -> None:
    refused, unanswered = shelf.put(), shelf.put()
    shelf.claim("one")
    later = NOW + timedelta(seconds=5)
    shelf.settle(
        "one", Settled(refused, "waiting", "throttled", later, spared=True),
        Settled(unanswered, "waiting", "unanswered", AFTER, in_doubt=True, leased=True),
    )  # fmt: skip
    assert (shelf.row(refused).sending_at, shelf.row(refused).attempts) == (None, 0)
    assert (shelf.row(unanswered).sending_at, shelf.row(unanswered).attempts) == (NOW, 1)
    assert shelf.claim("two", later) == [refused]


def test_rows_go_in_the_order_they_were_due_and_replies_first(shelf: Shelf) -> None:
    late = shelf.put(purpose="nudge", due_at=NOW - timedelta(minutes=1))
    early = shelf.put(purpose="nudge", due_at=NOW - timedelta(minutes=2))
    reply = shelf.put(purpose="reply")
    assert shelf.claim("one", limit=2) == [reply, early]
    assert shelf.claim("two") == [late]


# Edits and homes


def test_an_edit_waits_for_its_send_and_for_the_edit_before_it(shelf: Shelf) -> None:
    send = shelf.put()
    first, second = shelf.put(kind="edit", target_id=send), shelf.put(kind="edit", target_id=send)
    assert shelf.claim("one") == [send]
    assert shelf.claim("two") == []
    shelf.settle("one", Settled(send, "done"))
    assert shelf.claim("two") == [first]
    assert shelf.claim("three") == []
    shelf.settle("two", Settled(first, "done"))
    assert shelf.claim("three") == [second]


def test_edits_fall_away_with_their_send(shelf: Shelf) -> None:
    dead, taken_back = shelf.put(), shelf.put(due_at=AFTER)
    edits = [shelf.put(kind="edit", target_id=send) for send in (dead, taken_back)]
    shelf.claim("one")
    shelf.settle("one", Settled(dead, "dead", "user_disabled"))
    with shelf.database.transaction() as db:
        assert cancel_unsent(db, taken_back, NOW)
        assert not cancel_unsent(db, dead, NOW)
    assert [shelf.state(edit) for edit in edits] == ["cancelled", "cancelled"]
    assert {shelf.row(edit).body_sealed for edit in edits} == {None}


def test_a_send_that_may_be_out_is_not_taken_back(shelf: Shelf) -> None:
    row = shelf.put()
    shelf.claim("one")
    with shelf.database.transaction() as db:
        assert not cancel_unsent(db, row, NOW)
    shelf.settle("one", Settled(row, "waiting", "throttled", NOW))
    with shelf.database.transaction() as db:
        assert cancel_unsent(db, row, NOW), "it was refused, so it is not out"


def test_an_edit_that_did_not_go_out_gives_way_to_a_newer_one(shelf: Shelf) -> None:
    send = shelf.put(state="done")
    old = shelf.put(kind="edit", target_id=send)
    shelf.claim("one")
    with shelf.database.transaction() as db:
        supersede_edits(db, send, NOW)
    new = shelf.put(kind="edit", target_id=send)
    assert shelf.state(old) == "waiting", "it is on its way"
    shelf.settle("one", Settled(old, "waiting", "unavailable", NOW + LEASE))
    assert shelf.state(old) == "cancelled"
    assert shelf.claim("two") == [new]


@dataclass
class Screen:
    """What one message or home shows; requests may arrive long after they were sent, but not after their lease."""

    shelf: Shelf
    kind: str
    send: UUID
    order: int
    now: datetime = NOW
    drawn: int = 0
    shown: str = ""
    flights: dict[str, tuple[UUID, str, datetime]] = field(default_factory=dict)
    words: dict[UUID, str] = field(default_factory=dict)
    home: UUID | None = None
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def draw(self) -> None:
        self.drawn += 1
        words = str(self.drawn)
        if self.kind == "home" and self.home is not None:
            with self.shelf.database.transaction() as db:
                draw_again(db.get_one(OutboxRow, self.home, with_for_update=True), words, "en", self.now)
            return
        with self.shelf.database.transaction() as db:
            supersede_edits(db, self.send, self.now)
        target = None if self.kind == "home" else self.send
        newest = UUID(int=2**100 + self.order * next(EVER))
        row = self.shelf.put(id=newest, kind=self.kind, target_id=target, due_at=self.now, body=words)
        self.home = row if self.kind == "home" else None

    def claim(self) -> None:
        token = f"worker {next(self.numbers)}"
        with self.shelf.database.transaction() as db:
            rows = leasing.claim(db, self.now, LEASE, token, self.shelf.workspace, 20)
            found = [(row.id, row.body or "") for row in rows]
        assert len(found) <= 1, "two drawings of one thing are on their way at once"
        for row, words in found:
            self.flights[token] = (row, words, self.now + LEASE)

    def arrive(self, which: int) -> None:
        if self.flights:
            _, words, _ = list(self.flights.values())[which % len(self.flights)]
            self.shown = words

    def settle(self, which: int, end: str) -> None:
        """A worker may know that its request arrived, that it was refused, or nothing; a dead one tells nothing."""
        if not self.flights:
            return
        token = list(self.flights)[which % len(self.flights)]
        row, words, until = self.flights[token]
        if end == "lost":
            self.shelf.settle(token, Settled(row, "waiting", end, until, in_doubt=True, leased=True), now=self.now)
            return
        del self.flights[token]
        if end == "done":
            self.shown = words
            self.shelf.settle(token, Settled(row, "done"), now=self.now)
        else:
            self.shelf.settle(token, Settled(row, "waiting", end, self.now), now=self.now)

    def wait(self) -> None:
        """Every lease ends, and with it what was on its way: it arrives at the last moment or never."""
        self.now += LEASE + timedelta(seconds=1)
        self.flights.clear()

    def finish(self) -> None:
        while True:
            self.wait()
            self.claim()
            if not self.flights:
                return
            self.settle(0, "done")


STEPS = st.one_of(
    st.tuples(st.just("draw")),
    st.tuples(st.just("claim")),
    st.tuples(st.just("arrive"), st.integers(0, 2)),
    st.tuples(st.just("settle"), st.integers(0, 2), st.sampled_from(["done", "unavailable", "lost"])),
    st.tuples(st.just("wait")),
)


# Hosts whose clocks disagree give a later row an earlier id.
@pytest.mark.parametrize(("kind", "order"), [("edit", 1), ("edit", -1), ("home", 1)])
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(steps=[("claim",), ("draw",), ("claim",), ("settle", 1, "done"), ("arrive", 0)])
@example(steps=[("claim",), ("draw",), ("settle", 0, "done")])
@example(steps=[("claim",), ("settle", 0, "lost"), ("draw",), ("claim",), ("settle", 1, "done"), ("arrive", 0)])
@given(steps=st.lists(STEPS, min_size=3, max_size=20))
def test_the_last_drawing_is_what_stays_in_whatever_order_things_happen(
    shelf: Shelf, kind: str, order: int, steps: list[tuple[Any, ...]]
) -> None:
    screen = Screen(shelf, kind, shelf.put(state="done"), order)
    screen.draw()
    for name, *given_ in steps:
        getattr(screen, name)(*given_)
    screen.finish()
    assert screen.shown == str(screen.drawn)


def test_a_home_on_its_way_keeps_its_lease_when_it_is_drawn_anew(shelf: Shelf) -> None:
    row = shelf.put(kind="home")
    shelf.claim("one")
    with shelf.database.transaction() as db:
        draw_again(db.get_one(OutboxRow, row), "newer", "en", NOW)
    assert shelf.claim("two") == []
    assert shelf.settle("one", Settled(row, "done")) == {row}
    assert (shelf.state(row), shelf.row(row).body_sealed is None) == ("waiting", False)
    assert shelf.claim("two") == [row]
    shelf.settle("two", Settled(row, "done"))
    assert shelf.state(row) == "done"


# Kept, counted, tried again


def test_nudges_count_by_day_unless_they_never_went_out(shelf: Shelf) -> None:
    day = date(2026, 11, 26)
    for state in ("waiting", "done", "dead", "cancelled"):
        shelf.put(purpose="nudge", budget_day=day, state=state)
    with shelf.database.transaction() as db:
        assert nudges_sent(db, [shelf.person], day, day) == {(shelf.person, day): 2}


def test_what_ended_long_ago_is_trimmed_and_what_still_shows_an_ask_is_kept(shelf: Shelf) -> None:
    old = NOW - timedelta(days=31)
    plain, showing = shelf.put(state="done", done_at=old), shelf.put(state="done", done_at=old)
    recent, waiting = shelf.put(state="done", done_at=NOW), shelf.put()
    ask(shelf, "submitted", showing)
    with shelf.database.transaction() as db:
        past = set(db.scalars(select(OutboxRow.id).where(trimmable(), OutboxRow.done_at < NOW - timedelta(days=30))))
    assert past == {plain}
    assert not past & {showing, recent, waiting}


def test_an_edit_that_was_written_while_its_send_was_given_up_is_let_go(shelf: Shelf) -> None:
    edit = shelf.put(kind="edit", target_id=shelf.put(state="dead", done_at=NOW))
    with shelf.database.transaction() as db:
        drop_orphans(db)
    assert shelf.state(edit) == "cancelled"


def ask(shelf: Shelf, state: str, send: UUID) -> None:
    with shelf.database.transaction() as db:
        one = Ask(
            person_id=shelf.person, about_id=shelf.person, conversation=uuid.uuid4().hex, occurrence=date(2026, 11, 26),
            zone="Europe/Lisbon", state=state, opens_at=NOW, due_at=NOW, created_at=NOW,
        )  # fmt: skip
        db.add(one)
        db.flush()
        db.add(PostedAsk(outbox_id=send, ask_id=one.id))


def test_dead_rows_are_tried_again_from_the_start_but_not_what_nobody_asks_for_any_more(shelf: Shelf) -> None:
    dead = {"state": "dead", "done_at": NOW, "attempts": 12, "error": "gave_up"}
    over, open_, reply = (
        shelf.put(purpose="nudge", **dead), shelf.put(purpose="nudge", **dead), shelf.put(sending_at=NOW, **dead)
    )  # fmt: skip
    ask(shelf, "missed", over)
    ask(shelf, "open", open_)
    with shelf.database.transaction() as db:
        assert requeue(db, AFTER, dead_rows(db)) == (2, 1)
    assert [shelf.state(row) for row in (over, open_, reply)] == ["cancelled", "waiting", "waiting"]
    assert (shelf.row(open_).attempts, shelf.row(open_).due_at, shelf.row(open_).error) == (0, AFTER, None)
    assert shelf.row(reply).sending_at == NOW, "it may have arrived the first time"


def test_a_dead_row_without_an_account_goes_to_the_one_the_person_has_now(shelf: Shelf) -> None:
    row = shelf.put(state="dead", done_at=NOW, address_id=None, workspace_id=None)
    with shelf.database.transaction() as db:
        requeue(db, NOW, dead_rows(db))
    assert (shelf.row(row).address_id, shelf.row(row).workspace_id) == (shelf.address, shelf.workspace)


def test_dropping_the_edits_of_one_send_leaves_those_of_another(shelf: Shelf) -> None:
    one, other = shelf.put(), shelf.put()
    edits = [shelf.put(kind="edit", target_id=send) for send in (one, other)]
    with shelf.database.transaction() as db:
        drop_edits(db, one, NOW)
    assert [shelf.state(edit) for edit in edits] == ["cancelled", "waiting"]
