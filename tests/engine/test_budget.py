"""Months of one person who is asked many things: how often they hear of it, when, and whether anything is forgotten."""

from __future__ import annotations

import os
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from one_person import OnePerson, template
from sqlalchemy import select
from survey import Survey, asked

from bot.cadence import iso_week
from bot.conversation import Context, Part, Registry
from bot.engine import Engine, House
from bot.messages import Section
from bot.storage.asks import Ask
from bot.storage.outbox import OutboxRow
from bot.storage.people import Person, ReportingLine, working_times
from bot.storage.posted import PostedAsk

BEGIN, DAYS = datetime(2026, 11, 23, 8, tzinfo=UTC), 28
EXAMPLES = int(os.environ.get("MONTHS", "4"))
# (hours from the beginning, days until it is due, whether it is answered as soon as it is seen)
SURVEYS = st.lists(
    st.tuples(st.integers(0, DAYS * 24 - 24), st.integers(2, 12), st.booleans()),
    max_size=14,
    unique_by=lambda s: (s[0] + 8) // 24,
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return template(tmp_path_factory.mktemp("months"))


def everything(ctx: Context) -> Section | None:
    return Section("Always something", ("to tell on a Monday",))


def prepared(one: OnePerson, surveys: list[tuple[int, int, bool]]) -> None:
    """Ada leads Linus, so that she has a digest each Monday beside her check-ins and the surveys."""
    registry = one.engine.registry
    more = Registry(
        {**registry.conversations, "survey": Survey()}, registry.words,
        (*registry.parts, Part("manager_digest", 1, everything)),
    )  # fmt: skip
    one.engine = Engine(one.database, House(more, one.clock))
    with one.database.transaction() as db:
        people = {person.name: person for person in db.scalars(select(Person))}
        ada, linus = people["Ada Byron"], people["Linus Holm"]
        line = db.scalars(select(ReportingLine).filter_by(person_id=linus.id)).one()
        line.manager_id = ada.id
        for hours, days, _ in surveys:
            db.add(asked(ada, BEGIN + timedelta(hours=hours), timedelta(days=days)))


def press_seen(one: OnePerson, answered: set[datetime]) -> None:
    for at, button in one.buttons():
        if button.phrase != "survey":
            continue
        with one.database.transaction() as db:
            ask = next((ask for ask in db.scalars(select(Ask)) if str(ask.id) in button.ids), None)
            wanted = ask is not None and ask.opens_at in answered
        if wanted:
            one.press(at, button)


@settings(
    max_examples=EXAMPLES, deadline=None, database=None, derandomize=EXAMPLES == 4, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(surveys=SURVEYS)
def test_a_month_keeps_to_the_budget_and_forgets_nothing(made: Path, surveys: list[tuple[int, int, bool]]) -> None:
    one = OnePerson(made.parent, made)
    prepared(one, surveys)
    answered = {BEGIN + timedelta(hours=hours) for hours, _, answer in surveys if answer}
    for _ in range(DAYS * 8):
        one.clock.advance(timedelta(hours=3))
        one.settle()
        press_seen(one, answered)
    _nobody_is_nagged(one)
    _nothing_is_forgotten(one)
    one.close()


def _nobody_is_nagged(one: OnePerson) -> None:
    days = [came.budget_day for came in one.came if came.budget_day]
    assert all(count <= 1 for count in Counter(days).values())
    assert all(count <= 3 for count in Counter(iso_week(day)[0] for day in days).values())
    assert all(came.in_window for came in one.came if not came.acting)
    assert any(came.kind == "digest" for came in one.came)


def _nothing_is_forgotten(one: OnePerson) -> None:
    """Whatever could be asked in somebody's working time stands in a message that was posted."""
    now = one.clock.now()
    with one.database.transaction() as db:
        ada = db.scalars(select(Person).where(Person.name == "Ada Byron")).one()
        hours = working_times(db, [ada], now)[ada.id]
        done = (
            select(PostedAsk.ask_id)
            .join(OutboxRow, OutboxRow.id == PostedAsk.outbox_id)
            .where(OutboxRow.state == "done")
        )
        shown = set(db.scalars(done))
        for ask in db.scalars(select(Ask).where(Ask.person_id == ada.id)):
            first = hours.next_open(ask.opens_at)
            if first is not None and first < min(ask.due_at, now - timedelta(hours=3)):
                assert ask.id in shown, f"{ask.conversation} of {ask.opens_at} was never told ({ask.state})"
