"""Does the audit chain hold? Walked page by page: neither memory nor a running bot should feel how long it is."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bot.storage.audit import AuditEvent, AuditSeal
from bot.storage.audit_anchors import Anchor
from bot.storage.audit_seals import BEFORE_ALL, START, UNREADABLE, mac_of, unsealed, window_end
from bot.storage.audit_trimming import Start, starts
from bot.storage.database import Database
from bot.storage.keys import DataKey

PAGE = 500
# Told one by one; of more than these, how many.
MOST = 20

Row = tuple[AuditSeal, AuditEvent | None]
Query = TypeVar("Query", bound=Select[*tuple[Any, ...]])


@dataclass
class Verdict:
    """`breaks` come in the order of the chain, so the first is the first bad position. `trimmed`: where retention let
    it begin; of the anchors so many are of links before that.
    """

    links: int = 0
    head: str = ""
    breaks: list[str] = field(default_factory=list)
    more_breaks: int = 0
    unsealed: list[tuple[int, int]] = field(default_factory=list)
    trimmed: Start | None = None
    anchors_before: int = 0

    def broken(self, what: str) -> None:
        if len(self.breaks) < MOST:
            self.breaks.append(what)
        else:
            self.more_breaks += 1

    def not_sealed(self, seq: int) -> None:
        """First and last of rows in a row."""
        first, last = self.unsealed[-1] if self.unsealed else (seq, seq - 2)
        if last == seq - 1:
            self.unsealed[-1] = (first, seq)
        else:
            self.unsealed.append((seq, seq))


def verify(database: Database, anchors: Iterable[Anchor] = ()) -> Verdict:
    walk = _Walk(database, anchors)
    for row in _links(database):
        walk.take(row)
    walk.finish()
    for seq in _rows_without_link(database):
        walk.verdict.not_sealed(seq)
    return walk.verdict


class _Walk:
    def __init__(self, database: Database, anchors: Iterable[Anchor]) -> None:
        self.verdict = Verdict()
        self._database = database
        self._anchors: dict[int, list[Anchor]] = {}
        for anchor in anchors:
            self._anchors.setdefault(anchor.seq, []).append(anchor)
        self._anchored = 0
        self._anew = False
        # What the next link may have been bound to; None after a gap, when nobody can know.
        self._before: tuple[bytes, ...] | None = (START,)

    def take(self, row: Row | int) -> None:
        number = row if isinstance(row, int) else row[0].id
        if number < 1:
            self.verdict.broken(f"Link {number}: no chain of ours has such a link.")
            return
        self._gap(number)
        self.verdict.links = number
        try:
            if not isinstance(row, int):
                self._take(*row)
                return
        except UNREADABLE:
            # A value of a kind that the column should not hold, which SQLite does not mind.
            pass
        self.verdict.broken(f"Link {number}: it or its row was edited, and cannot be read.")
        self._before = None

    def _take(self, link: AuditSeal, event: AuditEvent | None) -> None:
        head = bytes(link.mac).hex()
        self._before = (link.mac, *self._bound(link, event))
        self.verdict.head = head
        self._compare(link.id, head)

    def finish(self) -> None:
        """Anchors or a trim beyond the last link: it was not the last one once."""
        last = next(iter(self._starts()), None)
        if last and last.link > self.verdict.links:
            self.verdict.broken(f"Link {last.link + 1}: the chain was cut off here; up to {last.link} it was trimmed.")
        beyond = max((seq for seq in self._anchors if seq > self.verdict.links), default=0)
        if beyond:
            anchor = self._anchors[beyond][0]
            self.verdict.broken(
                f"Link {self.verdict.links + 1}: the chain was cut off here; {anchor.at} it had {beyond} links."
            )

    def _gap(self, number: int) -> None:
        expected = self.verdict.links + 1
        if number == expected:
            return
        start = next((one for one in self._starts() if one.link == number - 1), None)
        if start and number > expected:
            self._begin_at(start)
            return
        self._before = None
        others = "" if number == expected + 1 else f", with all up to {number - 1}"
        self.verdict.broken(f"Link {expected}: it was removed{others}.")

    def _starts(self) -> list[Start]:
        """Looked up when needed: rows may be trimmed while this goes on."""
        with self._database.transaction() as db:
            return starts(db, lambda: self._database.keys.audit_key(create=False))

    def _begin_at(self, start: Start) -> None:
        self.verdict.trimmed, self.verdict.links = start, start.link
        self._before = (start.mac,)
        self._compare(start.link, start.mac.hex())
        self.verdict.anchors_before = sum(len(some) for seq, some in self._anchors.items() if seq < start.link)

    def _bound(self, link: AuditSeal, event: AuditEvent | None) -> tuple[bytes, ...]:
        """What the seal of this link should be, where it is not: if only that was edited, the next link still fits."""
        if event is None:
            self.verdict.broken(f"Link {link.id}: row {link.event_seq} was removed.")
            return ()
        key = self._key(link)
        if key is None or self._before is None:
            return ()
        wanted = [mac_of(key, before, link, event) for before in self._before]
        if any(hmac.compare_digest(link.mac, one) for one in wanted):
            return ()
        self.verdict.broken(f"Link {link.id}: row {link.event_seq} was edited, or its seal was.")
        return tuple(wanted[:1])

    def _key(self, link: AuditSeal) -> DataKey | None:
        key = self._database.keys.audit_key(create=False)
        if link.key_id == key.id.hex():
            return key
        self.verdict.broken(f"Link {link.id}: it names another key than the one this chain was begun with.")
        return None

    def _compare(self, number: int, head: str) -> None:
        for anchor in self._anchors.get(number, ()):
            if anchor.head == head:
                self._anchored = number
            elif not self._anew:
                # Every later anchor would say the same.
                self._anew = True
                self.verdict.broken(
                    f"Link {self._anchored + 1}: from here to link {number} something was written anew; "
                    f"it is not the chain that was anchored {anchor.at}."
                )


def _links(database: Database) -> Iterator[Row | int]:
    """A link with its row, or the number of one of which not even the values can be read."""
    after: int | None = None
    while True:
        with database.transaction() as db:
            page = _page(db, after)
        yield from page
        if len(page) < PAGE:
            return
        last = page[-1]
        after = last if isinstance(last, int) else last[0].id


def _page(db: Session, after: int | None) -> list[Row | int]:
    joined = select(AuditSeal, AuditEvent).outerjoin(AuditEvent, AuditEvent.seq == AuditSeal.event_seq)
    try:
        return [(link, event) for link, event in db.execute(_following(joined, after))]
    except UNREADABLE:
        numbers = db.scalars(_following(select(AuditSeal.id), after)).all()
        return [_one(db, number, joined) for number in numbers]


def _following(query: Query, after: int | None) -> Query:
    page = query.order_by(AuditSeal.id).limit(PAGE)
    return page if after is None else page.where(AuditSeal.id > after)


def _one(db: Session, number: int, joined: Select[AuditSeal, AuditEvent]) -> Row | int:
    try:
        link, event = db.execute(joined.where(AuditSeal.id == number)).one()
    except UNREADABLE:
        return number
    return link, event


def _rows_without_link(database: Database) -> Iterator[int]:
    after = BEFORE_ALL
    while True:
        with database.transaction() as db:
            end = window_end(db, after)
            found = [] if end is None else unsealed(db, after, end)
        yield from found
        if end is None:
            return
        after = end
