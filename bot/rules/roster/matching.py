"""Which row is which person: by Employee Id, which stays, else by e-mail, which may change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from bot.rules.roster.columns import Columns, Fault
from bot.rules.roster.plan import Known
from bot.rules.roster.rows import Row


@dataclass
class Match:
    """`rows` by person, known or new. `by_email` and `by_id` find everybody, as they will be called after the import;
    `emails` is how they are named in messages.
    """

    rows: dict[UUID, Row] = field(default_factory=dict)
    by_email: dict[str, UUID] = field(default_factory=dict)
    by_id: dict[str, UUID] = field(default_factory=dict)
    emails: dict[UUID, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def match(rows: Sequence[Row], people: Sequence[Known], columns: Columns, make_id: Callable[[], UUID]) -> Match:
    matching = _Matching(people, columns, make_id)
    for row in rows:
        matching.take(row)
    return matching.done()


class _Matching:
    def __init__(self, people: Sequence[Known], columns: Columns, make_id: Callable[[], UUID]) -> None:
        self._found, self._columns, self._make_id = Match(), columns, make_id
        self._known = {one.id: one for one in people}
        self._emails = {one.email.lower(): one for one in people}
        self._numbers = {one.external_id: one for one in people if one.external_id}
        self._lines: dict[tuple[str, str], int] = {}

    def take(self, row: Row) -> None:
        if self._stands_twice(row):
            return
        numbered = self._numbers.get(row.employee_id) if row.employee_id else None
        addressed = self._emails.get(row.email) if row.email else None
        if numbered and addressed and numbered is not addressed:
            whose = f"{row.email} belongs to {_called(addressed)}, Employee Id {row.employee_id} to {_called(numbered)}"
            self._wrong(row, "email", f"{whose}. Correct one of the two; if both change, import one after the other.")
        elif addressed and row.employee_id and addressed.external_id and not numbered:
            whose = f"{row.email} belongs to {_called(addressed)}"
            self._wrong(row, "email", f"{whose}. Give this person another address, or write that Employee Id.")
        person = numbered or addressed
        who = person.id if person else self._make_id()
        if who in self._found.rows:
            whose = f"{row.email or row.employee_id} is {_called(self._known[who])}"
            line = self._found.rows[who].line
            self._wrong(row, "email", f"{whose}, who stands in line {line} as well. Keep one of them.")
            return
        self._found.rows[who] = row

    def done(self) -> Match:
        found = self._found
        # What somebody was called before still finds them, unless it is somebody else's now.
        for one in self._known.values():
            found.emails[one.id] = one.email
            found.by_email[one.email.lower()] = one.id
            if one.external_id:
                found.by_id[one.external_id] = one.id
        for who, row in found.rows.items():
            if row.email:
                found.emails[who] = row.email
                found.by_email[row.email] = who
            if row.employee_id:
                found.by_id[row.employee_id] = who
        return found

    def _stands_twice(self, row: Row) -> bool:
        twice = False
        for key, value in (("employee_id", row.employee_id), ("email", row.email)):
            line = self._lines.setdefault((key, value), row.line) if value else row.line
            if line != row.line:
                self._wrong(row, key, f"{value} stands in line {line} as well. Keep one of them.")
                twice = True
        return twice

    def _wrong(self, row: Row, key: str, why: str) -> None:
        self._found.faults.append(Fault(row.line, self._columns.title(key), why))


def _called(one: Known) -> str:
    number = f" (Employee Id {one.external_id})" if one.external_id else ""
    return f"{one.name}{number}"
