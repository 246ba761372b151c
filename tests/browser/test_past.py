"""The weeks that the sample company has behind it when it is first seen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import browsing
import pytest
from browsing import Process, Rows

from desk import past

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


@pytest.fixture
def played(tmp_path: Path) -> Iterator[Process]:
    """A desk that plays a week of past, in the same folder in which an earlier one was killed half-way."""
    words = ("desk", "--weeks", "1", "--port", "0")
    first = Process(tmp_path, "first", *words)
    browsing.until("a database", (tmp_path / ".local" / "rapport.db").exists)
    first.kill()
    second = Process(tmp_path, "second", *words)
    yield second
    if second.popen.poll() is None:
        second.end()


def test_four_weeks_are_the_same_each_time_and_mostly_answered() -> None:
    acts = past.acts(NOW)
    assert acts == past.acts(NOW)
    assert [act.week for act in acts] == [act.week for act in past.acts(NOW)]
    assert past.begins(NOW) == acts[0].at < acts[-1].at <= NOW
    answered = sum(act.does == "answer" for act in acts)
    assert 0.75 <= answered / (45 * 4) <= 0.85
    every = {"ok", "settle", "answer", "edit", "later", "skip", "away", "wait", "react", "update"}
    assert {act.does for act in acts} == every
    assert {act.reason for act in acts if act.does == "skip"} == {"not_working", "nothing_new", "other"}
    assert any(act.week.blocker for act in acts if act.week)
    assert {choice for act in acts if act.week for choice in act.week.before} == {"done", "carry_on", "drop"}


def test_everybody_hears_of_rapport_before_the_first_question() -> None:
    acts = past.acts(NOW)
    first = min(act.at for act in acts if act.does in ("answer", "later", "skip", "away"))
    confirmed = [act for act in acts if act.does == "ok"]
    assert max(act.at for act in confirmed) < first
    assert 38 <= len(confirmed) < 45


def test_what_is_carried_on_stands_in_the_next_plan() -> None:
    for user in {act.user for act in past.acts(NOW)}:
        weeks = [act.week for act in past.acts(NOW) if act.user == user and act.does == "answer" and act.week]
        for before, week in pairwise(weeks):
            planned = before.plan.splitlines()
            assert len(week.before) == len(planned)
            going_on = [line for line, choice in zip(planned, week.before, strict=True) if choice == "carry_on"]
            assert set(going_on) <= set(week.plan.splitlines())
            assert week.progress.strip()


def test_a_week_is_played_through_the_bot_and_ends_now_even_after_a_start_cut_short(played: Process) -> None:
    url = played.line(r"Desk: (\S+)\n")[1]
    rows = Rows(played.folder / ".local" / "rapport.db")
    assert abs(browsing.get(f"{url}/desk/clock")["offset"]) < 1
    assert rows.all("SELECT count(*) FROM person") == [(45,)]
    assert rows.all("SELECT state, count(*) FROM objective GROUP BY state ORDER BY state") == [
        ("active", 13), ("done", 4), ("draft", 1), ("paused", 1),
    ]  # fmt: skip
    [(answered, unread)] = rows.all("SELECT count(*), sum(reader_id IS NULL) FROM checkin")
    assert answered >= 30
    assert unread <= 1, "everybody but the head of the company has a manager who may read"
    assert rows.all("SELECT count(*) FROM ask WHERE department_id IS NULL") == [(0,)]
    assert rows.all("SELECT count(*) FROM outbox WHERE state = 'dead'") == [(0,)]
    [(opened,)] = rows.all("SELECT count(*) FROM checkin WHERE seen_at IS NOT NULL")
    assert opened >= 15, "managers have read"
    assert {kind for (kind,) in rows.all("SELECT DISTINCT kind FROM comment")} >= {"thanks", "comment"}
    ada, dolores = (browsing.company.person(name) for name in ("Ada Byron", "Dolores Vega"))
    for place in (f"people/{ada.user_id}", f"teams/{dolores.object_id}"):
        told = browsing.get(f"{url}/desk/{place}")["messages"]
        assert any("Your check-in is stored" in str(message) for message in told)
