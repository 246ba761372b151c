"""What a request does to the database, recorded from the product and done again without it.

A script holds a request's transactions: its selects and updates as they were given to the session, and the rows that
were written by flushing objects. Doing it again takes the same session, the same loading of objects and the same unit
of work; what falls away is everything else: forms, drawing, rules, encryption.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BinaryExpression, BindParameter, Engine, and_, event, inspect, or_
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import BooleanClauseList

from bot.storage.database import Database

Values = dict[str, Any]


@dataclass(frozen=True)
class Executed:
    statement: Any
    parameters: Any
    options: Any


@dataclass(frozen=True)
class Flushed:
    """New objects as class and values; changed ones as class, key and the values they were given."""

    new: list[tuple[type[Any], Values]]
    changed: list[tuple[type[Any], Any, Values]]


Step = Executed | Flushed


@dataclass
class Script:
    transactions: list[list[Step]] = field(default_factory=list)

    def play(self, database: Database) -> None:
        for steps in self.transactions:
            with database.transaction() as db:
                # The session holds its objects weakly, and the product holds them while it works.
                kept: list[object] = []
                for step in steps:
                    kept.append(_execute(db, step) if isinstance(step, Executed) else _flush(db, step))


def _execute(db: Session, step: Executed) -> object:
    statement = step.statement if step.parameters else _built(step.statement)
    result: Any = db.execute(statement, step.parameters, execution_options=step.options)
    return result.all() if getattr(result, "returns_rows", True) else None


def _built(statement: Any) -> Any:
    """The same with its conditions put together anew, since the product too builds a statement for every call."""
    conditions = getattr(statement, "_where_criteria", ())
    if not conditions:
        return statement
    statement = statement._generate()
    statement._where_criteria = ()
    return statement.where(*map(_again, conditions))


def _again(condition: Any) -> Any:
    if isinstance(condition, BooleanClauseList):
        return (or_ if condition.operator is operators.or_ else and_)(*map(_again, condition.clauses))
    if isinstance(condition, BinaryExpression) and isinstance(condition.right, BindParameter):
        made: Any = condition.operator
        return made(condition.left, condition.right.value)
    return condition


def _flush(db: Session, step: Flushed) -> object:
    new = [cls(**values) for cls, values in step.new]
    db.add_all(new)
    for cls, key, values in step.changed:
        row = db.get(cls, key)
        for name, value in values.items():
            setattr(row, name, value)
    db.flush()
    return new


@contextmanager
def recording(start: Callable[[], Script]) -> Iterator[None]:
    """Every session's work goes into the script that `start` gives when a transaction begins."""
    scripts: dict[Session, list[Step]] = {}

    def began(db: Session, transaction: SessionTransaction) -> None:
        if transaction.parent is None:
            scripts[db] = []
            start().transactions.append(scripts[db])

    def executed(state: ORMExecuteState) -> None:
        # It would flush right after this; done here, the steps stand in the order in which they reach the database.
        state.session.flush()
        step = Executed(state.statement, state.parameters, state.local_execution_options)
        scripts[state.session].append(step)

    def flushing(db: Session, *_: object) -> None:
        new = [(type(row), _values(row)) for row in db.new]
        changed = [(type(row), inspect(row).identity, _changes(row)) for row in db.dirty if db.is_modified(row)]
        scripts[db].append(Flushed(new, changed))

    heard = (("after_transaction_create", began), ("do_orm_execute", executed), ("before_flush", flushing))
    for name, listener in heard:
        event.listen(Session, name, listener)
    try:
        yield
    finally:
        for name, listener in heard:
            event.remove(Session, name, listener)


@contextmanager
def counting(engine: Engine) -> Iterator[list[str]]:
    """Every statement but BEGIN, as the database gets it."""
    seen: list[str] = []

    def executing(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", executing)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", executing)


def _values(row: Any) -> Values:
    return {attr.key: getattr(row, attr.key) for attr in inspect(row).mapper.column_attrs if attr.key in row.__dict__}


def _changes(row: Any) -> Values:
    known = inspect(row)
    return {
        attr.key: known.attrs[attr.key].value
        for attr in known.mapper.column_attrs
        if known.attrs[attr.key].history.has_changes()
    }
