"""Files behind their message: the message first, each file once, and a refusal that costs the message nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import teams_company
import world as worlds
from databases import Databases
from post_office import PostOffice
from sqlalchemy import select

from bot import commands, texts
from bot.clock import real
from bot.conversation import Send
from bot.delivery.sending import UNKNOWN
from bot.engine import outgoing
from bot.messages import File, Message, Section
from bot.storage import outbox
from bot.storage.outbox import OutboxRow
from bot.storage.people import Address
from desk.teams.values import CONSENT, Activity

PICTURE = File("week.png", b"\x89PNG", "Nine of ten answered")
DATA = File("me.json", b'{"secret": "Shipped search"}')
BEGIN, DONE = "files.getUploadURLExternal", "files.completeUploadExternal"


@pytest.fixture
def office(world: worlds.World) -> PostOffice:
    return PostOffice(world)


def put(office: PostOffice, *files: File, key: str = "week") -> list[UUID]:
    """A message with these files; the ids of its rows, the send first."""
    message = Message("Your week", ("Nine of ten answered.",), sections=(Section("Team", files=files),))
    with office.world.look() as db:
        outgoing.enqueue(db, real(), [Send(office.world.person(db, "ada").id, message, key, "reply")])
    rows = [row for row in office.world.rows(OutboxRow) if row.key == key or row.kind == "file"]
    return [row.id for row in sorted(rows, key=lambda row: (row.kind == "file", row.key))]


def files_of(office: PostOffice) -> list[str]:
    return [file["name"] for message in office.world.messages("ada") for file in message.files]


def state(office: PostOffice, row: UUID) -> tuple[str, str | None]:
    stored = office.row(row)
    return stored.state, stored.error


async def test_the_message_goes_first_and_its_files_follow_in_their_order(office: PostOffice) -> None:
    send, *files = put(office, PICTURE, DATA)
    assert [office.row(row).key for row in files] == [f"file:{send}:0", f"file:{send}:1"]
    await office.deliverer().drain()
    first, *rest = office.world.messages("ada")
    assert "Nine of ten" in first.words
    assert [message.thread for message in rest] == [first.ts, first.ts]
    assert files_of(office) == ["week.png", "me.json"]
    assert rest[0].files[0]["alt_txt"] == PICTURE.alt
    assert [state(office, row) for row in (send, *files)] == [("done", None)] * 3
    assert [office.row(row).body_sealed for row in (send, *files)] == [None] * 3, "nothing is kept once it is out"
    await office.deliverer().drain()
    assert len(files_of(office)) == 2


def test_a_file_is_sealed_in_its_own_row_and_nowhere_else(office: PostOffice) -> None:
    send, file = put(office, DATA)
    with office.world.look() as db:
        assert "me.json" not in (db.get_one(OutboxRow, send).body or "")
        assert DATA.content not in (db.get_one(OutboxRow, file).body_sealed or b"")
        assert "me.json" in (db.get_one(OutboxRow, file).body or "")


@pytest.mark.parametrize("method", [BEGIN, DONE])
async def test_a_pause_that_slack_asks_for_delays_the_file_and_nothing_else(method: str, office: PostOffice) -> None:
    send, file = put(office, PICTURE)
    office.world.desk.faults.add("rate_limited", method, seconds=1)
    await office.deliverer().drain()
    assert state(office, send) == ("done", None)
    assert state(office, file) == ("waiting", "throttled")
    assert office.row(file).sending_at is None
    await asyncio.sleep(1)
    office.pass_time()
    await office.deliverer().drain()
    assert files_of(office) == ["week.png"]


async def test_an_upload_that_is_not_answered_is_done_again(office: PostOffice) -> None:
    _, file = put(office, PICTURE)
    office.world.desk.faults.add("lost", BEGIN)
    await office.deliverer().drain()
    assert state(office, file) == ("waiting", "unavailable")
    office.pass_time()
    await office.deliverer().drain()
    assert state(office, file) == ("done", None)
    assert files_of(office) == ["week.png"]


@pytest.mark.parametrize("fault", ["lost", "error"])
async def test_a_showing_whose_end_is_unknown_is_never_repeated_and_can_be_seen(fault: Any, office: PostOffice) -> None:
    send, file = put(office, PICTURE)
    office.world.desk.faults.add(fault, DONE)
    for _ in range(3):
        await office.deliverer().drain()
        office.pass_time()
    assert state(office, send) == ("done", None)
    assert state(office, file) == ("dead", UNKNOWN)
    assert len(files_of(office)) == (fault == "lost")
    assert office.texts("ada") == [office.texts("ada")[0], *[""] * (fault == "lost")], "no word of a refusal"
    told = commands.outbox(office.world.app.database)
    assert f"dead  {file}  file" in told
    assert UNKNOWN in told
    commands.retry(office.world.app.database, [file])
    await office.deliverer().drain()
    assert state(office, file) == ("done", None), "who tries it again wants it shown"


async def test_a_worker_that_died_before_the_showing_is_followed_by_another(office: PostOffice) -> None:
    _, file = put(office, PICTURE)
    office.change(file, lease_token="a worker that died", attempts=1)
    await office.deliverer().drain()
    assert files_of(office) == ["week.png"]


async def test_a_worker_that_died_in_the_showing_leaves_it_to_be_seen(office: PostOffice) -> None:
    _, file = put(office, PICTURE)
    office.change(file, sending_at=real() - timedelta(minutes=2), lease_token="a worker that died")
    await office.deliverer().drain()
    assert state(office, file) == ("dead", UNKNOWN)
    assert files_of(office) == []
    assert office.row(file).sending_at is not None


async def test_a_worker_that_lost_its_lease_shows_nothing(office: PostOffice) -> None:
    _, file = put(office, PICTURE)

    def taken(step: str) -> None:
        if step == "delivery.uploaded":
            office.change(file, lease_token="another worker", due_at=real() + timedelta(minutes=1))

    await office.deliverer(step=taken).drain()
    assert office.called(DONE) == 0
    assert office.row(file).lease_token == "another worker"


@pytest.mark.parametrize(("given", "words"), [(PICTURE, "Nine of ten answered"), (DATA, "ask for it again")])
async def test_a_refused_file_is_told_once_and_its_message_stands(given: File, words: str, office: PostOffice) -> None:
    send, file = put(office, given)
    office.world.desk.faults.add("refused", BEGIN)
    await office.deliverer().drain()
    assert state(office, send) == ("done", None)
    assert state(office, file) == ("dead", "file_uploads_disabled")
    first, told = office.world.messages("ada")
    assert "Your week" in first.words
    assert "could not be sent here" in told.words
    assert words in told.words
    assert not told.files
    commands.retry(office.world.app.database, [file])
    office.world.desk.faults.add("refused", BEGIN)
    await office.deliverer().drain()
    assert len(office.world.messages("ada")) == 2, "once is enough"


async def test_a_missing_permission_does_not_make_the_account_unreachable(office: PostOffice) -> None:
    put(office, PICTURE)
    space = office.world.desk.workspace
    space.identity = replace(space.identity, scopes=space.identity.scopes - {"files:write"})
    await office.deliverer().drain()
    assert "could not be sent here" in office.world.words("ada")
    assert all(address.reachable for address in office.world.rows(Address))


async def test_the_refusal_is_told_in_the_readers_language(office: PostOffice) -> None:
    with office.world.look() as db:
        office.world.person(db, "ada").locale = "de"
    put(office, PICTURE)
    office.world.desk.faults.add("refused", BEGIN)
    await office.deliverer().drain()
    with texts.reader("de"):
        assert texts.say("A picture could not be sent here") in office.world.words("ada")


async def test_a_message_that_is_taken_back_takes_its_files_with_it(office: PostOffice) -> None:
    send, *files = put(office, PICTURE, DATA)
    with office.world.look() as db:
        outbox.cancel_unsent(db, send, real())
    await office.deliverer().drain()
    assert [state(office, row)[0] for row in files] == ["cancelled", "cancelled"]
    assert [office.row(row).body_sealed for row in files] == [None, None]
    assert office.world.messages("ada") == []


async def test_a_message_that_cannot_be_sent_sends_no_file(office: PostOffice) -> None:
    send, file = put(office, PICTURE)
    with office.world.look() as db:
        ada = office.world.person(db, "ada").id
        db.scalars(select(Address).filter_by(person_id=ada)).one().user = "U0NOBODY"
    await office.deliverer().drain()
    assert state(office, send)[0] == "dead"
    assert state(office, file)[0] == "cancelled"
    assert office.called(BEGIN) == 0


async def test_a_message_is_drawn_anew_while_its_file_waits(office: PostOffice) -> None:
    send, file = put(office, PICTURE)
    office.world.desk.faults.add("lost", BEGIN)
    await office.deliverer().drain()
    assert state(office, file)[0] == "waiting"
    with office.world.look() as db:
        outgoing.edit(db, real(), db.get_one(OutboxRow, send), Message("Your week, again"))
        outgoing.edit(db, real(), db.get_one(OutboxRow, send), Message("Your week, once more"))
    await office.deliverer().drain()
    assert "once more" in office.world.words("ada")
    office.pass_time()
    await office.deliverer().drain()
    assert files_of(office) == ["week.png"], "an edit takes no file away"


# Where the platform asks the reader first


@pytest.fixture
async def asking(databases: Databases, database_kind: str, tmp_path: Path) -> AsyncIterator[PostOffice]:
    async with teams_company.running(databases, database_kind, tmp_path) as world:
        await teams_company.on_teams(world)
        yield PostOffice(world)


def questions(office: PostOffice) -> list[Activity]:
    shown = office.world.desk.teams.tenant.messages(teams_company.ADA)
    return [one for one in shown if any(each["contentType"] == CONSENT for each in one.attachments)]


async def test_after_the_message_each_file_is_asked_about_and_its_bytes_wait_sealed(asking: PostOffice) -> None:
    send, *files = put(asking, PICTURE, DATA)
    await asking.deliverer().drain()
    assert [state(asking, row) for row in (send, *files)] == [("done", None), ("offered", None), ("offered", None)]
    assert [one.attachments[0]["name"] for one in questions(asking)] == ["week.png", "me.json"]
    for row in files:
        stored = asking.row(row)
        assert stored.body_sealed
        assert DATA.content not in stored.body_sealed
        assert stored.lease_token is None
    asking.change(due_at=real() - timedelta(seconds=1))
    await asking.deliverer().drain()
    assert len(questions(asking)) == 2, "nothing but an answer or the sweep moves them"


async def test_a_worker_that_died_while_it_asked_is_followed_by_one_that_asks_again(asking: PostOffice) -> None:
    _, file = put(asking, PICTURE)

    def died(step: str) -> None:
        if step == "delivery.offered":
            raise RuntimeError(step)

    with pytest.raises(RuntimeError):
        await asking.deliverer(step=died).drain()
    assert state(asking, file) == ("waiting", None)
    asking.pass_time()
    await asking.deliverer().drain()
    assert state(asking, file) == ("offered", None)
    assert len(questions(asking)) == 2, "better twice than never"


async def test_a_worker_that_lost_its_lease_while_it_asked_settles_nothing(asking: PostOffice) -> None:
    _, file = put(asking, PICTURE)

    def taken(step: str) -> None:
        if step == "delivery.offered":
            asking.change(file, lease_token="another worker", due_at=real() + timedelta(minutes=1))

    await asking.deliverer(step=taken).drain()
    assert state(asking, file) == ("waiting", None)
    assert asking.row(file).lease_token == "another worker"


async def test_a_question_that_cannot_be_asked_is_told_as_any_refused_file(asking: PostOffice) -> None:
    _, file = put(asking, DATA)
    after_the_message = iter(["refused"])

    def refused(step: str) -> None:
        if step == "delivery.settled":
            for fault in after_the_message:
                asking.world.desk.faults.add(fault, "teams.post")

    await asking.deliverer(step=refused).drain()
    assert state(asking, file) == ("dead", "MessageWritesBlocked")
    assert "could not be sent here" in teams_company.last(asking.world).words
    commands.retry(asking.world.app.database, [file])
    await asking.deliverer().drain()
    assert state(asking, file) == ("offered", None), "who tries it again has it asked about"


async def test_what_nobody_answers_is_ended_by_the_sweep_and_its_bytes_go(asking: PostOffice) -> None:
    _, *files = put(asking, PICTURE, DATA)
    await asking.deliverer().drain()
    asking.change(files[0], due_at=real() - timedelta(seconds=1))
    asking.world.app.engine.sweep()
    assert [state(asking, row) for row in files] == [("done", "ended"), ("offered", None)]
    assert asking.row(files[0]).body_sealed is None
    await asking.deliverer().drain()
    assert [one.attachments[0]["name"] for one in questions(asking)] == ["me.json"], "the other question says so"
