"""Writing to the outbox: sends with the asks they show, edits of what was posted, homes drawn anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import texts
from bot.conversation import News, Room, Send, Task
from bot.engine import words
from bot.messages import Message, dump, files_of, without_files
from bot.storage import outbox
from bot.storage.base import new_id
from bot.storage.outbox import OutboxRow
from bot.storage.people import Address, Person, addresses_of
from bot.storage.posted import PostedAsk, let_show
from bot.storage.rooms import rooms_by_id
from bot.storage.tasks import TaskRow


def enqueue(
    db: Session, real: datetime, sends: Sequence[Send], days: Sequence[date | None] = (), *, at: Address | None = None
) -> int:
    """Outbox rows for these sends; one whose key is there already is left out. `days` are local days of nudges. `at`:
    the account from which their reader has just acted, where an answer belongs.
    """
    if not sends:
        return 0
    known = set(db.scalars(select(OutboxRow.key).where(OutboxRow.key.in_([send.key for send in sends]))))
    fresh = [(s, day) for s, day in zip(sends, days or [None] * len(sends), strict=True) if s.key not in known]
    readers = {send.to for send, _ in fresh if not isinstance(send.to, Room)}
    rooms = rooms_by_id(db, [send.to.id for send, _ in fresh if isinstance(send.to, Room)])
    homes = accounts(db, list(readers))
    rows, files, shown, locales = [], [], [], _locales(db, readers)
    for send, day in fresh:
        row = OutboxRow(
            key=send.key, kind="send", purpose=send.purpose, due_at=real, created_at=real, budget_day=day,
            body=_body(send.message),
        )  # fmt: skip
        if isinstance(send.to, Room):
            place = rooms[send.to.id]
            row.room_id, row.workspace_id, row.locale = place.id, place.workspace_id, place.locale
        else:
            address = at or homes.get(send.to)
            row.person_id, row.locale = send.to, locales.get(send.to, "en")
            row.address_id, row.workspace_id = (address.id, address.workspace_id) if address else (None, None)
        rows.append(row)
        files += _files(row, send.message)
        shown += [PostedAsk(outbox_id=row.id, ask_id=ask) for ask in send.asks]
    db.add_all(rows)
    db.flush()
    db.add_all([*shown, *files])
    return len(rows)


def enqueue_shown(
    db: Session,
    real: datetime,
    send: Send,
    thing: tuple[str, UUID] | None,
    now: datetime,
    day: date | None = None,
    *,
    at: Address | None = None,
) -> None:
    """One send to a person whose message shows this thing from the start."""
    assert not isinstance(send.to, Room)
    if enqueue(db, real, [send], [day], at=at):
        db.flush()
        let_show(db, db.scalars(select(OutboxRow.id).filter_by(key=send.key)).one(), send.to, thing, now)


def _body(message: Message) -> str:
    """Files have rows of their own, and only behind a send."""
    return dump(without_files(message))


def _files(send: OutboxRow, message: Message) -> list[OutboxRow]:
    """A row each, behind the send; besides the file it holds what its reader is told should it be refused."""
    with texts.reader(send.locale):
        return [
            OutboxRow(
                key=f"file:{send.id}:{place}", kind="file", purpose=send.purpose, person_id=send.person_id,
                due_at=send.due_at, created_at=send.created_at, target_id=send.id, address_id=send.address_id,
                room_id=send.room_id, workspace_id=send.workspace_id, locale=send.locale,
                body=dump(words.file_not_sent(file)),
            )
            for place, file in enumerate(files_of(message))
        ]  # fmt: skip


def news_row(db: Session, real: datetime, news: News, reader: Person) -> OutboxRow | None:
    """Held and not drawn yet; None if its key is there already."""
    if db.scalar(select(OutboxRow.id).filter_by(key=news.key)) is not None:
        return None
    row = OutboxRow(
        key=news.key, kind="send", purpose="news", person_id=reader.id, due_at=real, created_at=real, state="held",
        locale=reader.locale,
    )  # fmt: skip
    db.add(row)
    db.flush()
    return row


def _locales(db: Session, people: set[UUID]) -> dict[UUID, str]:
    rows = db.execute(select(Person.id, Person.locale).where(Person.id.in_(people)))
    return {row.id: row.locale for row in rows}


def accounts(db: Session, people: Sequence[UUID]) -> dict[UUID, Address]:
    """The account each is written to: on the platform they chose, else the one last used."""
    found: dict[UUID, Address] = {}
    for address, _ in addresses_of(db, list(people)):
        found.setdefault(address.person_id, address)
    return found


def reached(db: Session, asks: Sequence[UUID]) -> set[UUID]:
    """Asks that stand in a message that was posted, or may have been."""
    sent = OutboxRow.id == PostedAsk.outbox_id
    posted = (OutboxRow.state == "done") | (outbox.waits() & OutboxRow.sending_at.is_not(None))
    return set(db.scalars(select(PostedAsk.ask_id).join(OutboxRow, sent).where(PostedAsk.ask_id.in_(asks), posted)))


def redraw(db: Session, real: datetime, send: OutboxRow, message: Message, *, waits: bool) -> set[UUID]:
    """A posted message shows this instead; returns its send. One that no worker has begun says this from the start if
    something in it still `waits`, else it is taken back.
    """
    if send.state == "waiting":
        row = db.get_one(OutboxRow, send.id, with_for_update=True, populate_existing=True)
        if waits and row.state == "waiting" and row.sending_at is None:
            outbox.rewrite(db, row, _body(message), real)
            return set()
        if not waits and outbox.cancel_unsent(db, row.id, real):
            return set()
    edit(db, real, send, message)
    return {send.id}


def edit(db: Session, real: datetime, send: OutboxRow, message: Message) -> None:
    outbox.supersede_edits(db, send.id, real)
    row = new_id()
    db.add(
        OutboxRow(
            id=row, key=f"edit:{row}", kind="edit", purpose="reply", person_id=send.person_id, due_at=real,
            created_at=real, target_id=send.id, address_id=send.address_id, room_id=send.room_id,
            workspace_id=send.workspace_id, locale=texts.current(), body=_body(message),
        )
    )  # fmt: skip


def respond(db: Session, real: datetime, address: Address, url: str, message: Message) -> None:
    row = new_id()
    db.add(
        OutboxRow(
            id=row, key=f"respond:{row}", kind="respond", purpose="reply", person_id=address.person_id, due_at=real,
            created_at=real, address_id=address.id, workspace_id=address.workspace_id, respond=url,
            locale=texts.current(), body=_body(message),
        )
    )  # fmt: skip


def publish_home(db: Session, real: datetime, address: Address, message: Message) -> None:
    """One row an account, so that only the newest home is ever drawn."""
    key = f"home:{address.id}"
    row = db.scalar(select(OutboxRow).filter_by(key=key).with_for_update())
    if row is None:
        row = OutboxRow(
            key=key, kind="home", purpose="reply", person_id=address.person_id, due_at=real, created_at=real,
            address_id=address.id, workspace_id=address.workspace_id,
        )  # fmt: skip
        db.add(row)
    row.person_id = address.person_id
    outbox.draw_again(row, _body(message), texts.current(), real)


def add_tasks(db: Session, real: datetime, tasks: Iterable[Task]) -> None:
    for task in tasks:
        if db.scalar(select(TaskRow.id).filter_by(key=task.key)) is None:
            db.add(
                TaskRow(
                    conversation=task.conversation, step=task.step, key=task.key, at=task.at, cursor=dict(task.cursor),
                    created_at=real,
                )
            )  # fmt: skip
