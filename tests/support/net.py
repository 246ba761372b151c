"""A net under the whole suite: what people typed, who they are and what opens doors stands in no log line, no figure,
no answer of an error and no row of the audit trail. Drivers hand in what is typed; each test is looked through at its
end, and is told the place of a leak, not its text.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable, Mapping, Sequence
from typing import Any

import pytest
from prometheus_client import generate_latest
from sqlalchemy import select

from bot import app as house
from bot.storage.audit import AuditEvent
from bot.storage.database import Database
from desk.sending import Exchange

# Shorter ones, and single words, are choices, days and places: they may well stand in a log line by themselves.
SHORTEST = 12
# A leak is often cut: of a long text the beginning is looked for.
LONGEST = 40
_typed: set[str] = set()
_always: set[str] = set()


class Leak(AssertionError):
    pass


def typed(*values: object) -> None:
    """What somebody put into a field or said, until this test ends."""
    for value in values:
        if isinstance(value, str):
            mark = value.strip()[:LONGEST].strip()
            if len(mark) >= SHORTEST and " " in mark:
                _typed.update((mark, json.dumps(mark)[1:-1]))
        elif isinstance(value, Mapping):
            typed(*value.values())
        elif isinstance(value, Sequence):
            typed(*value)


def always(*values: str) -> None:
    """Names and secrets of every test."""
    _always.update(one for one in values if one)


def holds(text: str) -> bool:
    return any(mark in text for mark in _typed) or any(mark in text for mark in _always)


def in_logs(printed: str) -> list[str]:
    """Of what was printed the log lines; what a command tells its operator may name people."""
    lines = (line for line in printed.splitlines() if line.startswith("{") and '"event"' in line)
    return [f"the log line {_event(line)}" for line in lines if holds(line)]


def _event(line: str) -> str:
    try:
        found = json.loads(line)
        return f"of {found.get('source')}, level {found.get('level')}"
    except ValueError:
        return "that is no JSON"


def in_figures(app: house.App) -> list[str]:
    app.watch._count()
    text = generate_latest(app.watch.registry).decode()
    return ["/metrics"] if holds(text) else []


def in_answers(exchanges: Iterable[Exchange]) -> list[str]:
    bad = (one for one in exchanges if one.status >= 400 and holds(one.response_body.decode("utf-8", "replace")))
    return [f"the answer {one.status} to {one.kind}" for one in bad]


def in_audit(rows: Iterable[Any]) -> list[str]:
    return [f"the audit row {row.action}" for row in rows if holds(json.dumps(row.details, ensure_ascii=False))]


def audited(database: Database) -> list[Any]:
    with database.transaction() as db:
        return list(db.execute(select(AuditEvent.action, AuditEvent.details)))


def look_through(app: house.App, exchanges: Iterable[Exchange]) -> None:
    """At the end of a world; Leak names the places."""
    told([*in_figures(app), *in_answers(exchanges), *in_audit(audited(app.database))])


def told(places: Sequence[str]) -> None:
    if places:
        raise Leak(f"What somebody typed, a name or a token stands in {'; '.join(dict.fromkeys(places))}.")


def judged(report: pytest.TestReport) -> pytest.TestReport:
    if report.passed and (places := in_logs(report.capstdout)):
        report.outcome = "failed"
        report.longrepr = f"What somebody typed, a name or a token stands in {'; '.join(dict.fromkeys(places))}."
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    _typed.clear()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return judged((yield))
