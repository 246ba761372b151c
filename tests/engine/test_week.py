"""Weeks of one person who does anything at any time: what holds in each of them."""

from __future__ import annotations

import os
from collections import Counter
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from one_person import ADA, OnePerson, template
from sqlalchemy import select

from bot.cadence import iso_week
from bot.clock import to_local
from bot.engine.events import Changed, Done, Said, Shown, Submitted
from bot.forms import Choice, Choices, Day, Note, Rating, Text, Yes
from bot.storage.asks import Ask
from bot.storage.base import new_id
from bot.storage.checkin import CheckIn, CheckInVersion
from bot.storage.drafts import Draft
from bot.storage.people import Absence, Person
from bot.storage.receipts import Receipt

WORDS = ("checkin", "back", "away", "hours", "review", "delete my draft", "Search is live", "help")
TEXTS = ("", "Shipped search", "Write the guide\nFix the build", "x" * 2000, "a\x00b", "<!channel> *_~")
STEPS = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=5), timedelta(hours=17), timedelta(days=3))
DAYS = st.integers(min_value=-1, max_value=9)
ANSWERS = {"Check in", "Check in late", "Check in after all", "Back"}
FINAL = {"submitted", "missed", "not_expected", "closed"}


class Weeks(RuleBasedStateMachine):
    folder: Path
    made: Path

    def __init__(self) -> None:
        super().__init__()
        self.one = OnePerson(self.folder, self.made)
        self.snoozes = 0

    def teardown(self) -> None:
        self.one.clock.advance(timedelta(days=15))
        self.one.settle()
        for ask in self.asks():
            if ask.due_at <= self.one.clock.now():
                assert ask.state in FINAL, f"{ask.occurrence} ended as {ask.state}"
        self.one.close()

    def asks(self) -> list[Ask]:
        with self.one.database.transaction() as db:
            ada = db.scalars(select(Person.id).where(Person.name == "Ada Byron")).one()
            return list(db.scalars(select(Ask).filter_by(person_id=ada)))

    @rule(step=st.sampled_from(STEPS))
    def time_passes(self, step: timedelta) -> None:
        end = self.one.clock.now() + step
        while self.one.clock.now() < end:
            self.one.clock.advance(min(timedelta(hours=2), end - self.one.clock.now()))
            self.one.settle()

    @rule(step=st.sampled_from(STEPS))
    def the_bot_is_away(self, step: timedelta) -> None:
        self.one.clock.advance(step)
        self.one.settle()

    @precondition(lambda self: self.one.buttons())
    @rule(data=st.data())
    def press(self, data: st.DataObject) -> None:
        at, button = data.draw(st.sampled_from(self.one.buttons()))
        self.snoozes += button.phrase in ("asks.later", "asks.tomorrow")
        self.one.press(at, button)

    @rule(word=st.sampled_from(WORDS), command=st.booleans())
    def say(self, word: str, command: bool) -> None:
        self.one.handle(Said(ADA, f"said:{new_id()}", word, "review" if command else ""))

    @precondition(lambda self: self.one.form is not None)
    @rule(data=st.data(), send=st.booleans())
    def fill(self, data: st.DataObject, send: bool) -> None:
        shown = self.one.form
        assert shown is not None
        raw = {**shown.raw, **self.answers(data, shown)}
        kind = Submitted if send else Changed
        outcome = self.one.handle(kind(ADA, f"form:{new_id()}", shown.token, raw))
        if isinstance(outcome, Done):
            self.one.form = None

    def answers(self, data: st.DataObject, shown: Shown) -> dict[str, object]:
        found: dict[str, object] = {}
        for one in shown.form.visible(shown.raw).fields:
            match one:
                case Note():
                    continue
                case Yes():
                    found[one.key] = data.draw(st.booleans())
                case Rating() | Choice():
                    keys = [o.key for o in (one.points if isinstance(one, Rating) else one.options)]
                    found[one.key] = data.draw(st.sampled_from([None, *keys]))
                case Choices():
                    found[one.key] = data.draw(st.lists(st.sampled_from([o.key for o in one.options]), unique=True))
                case Day():
                    day = to_local(self.one.clock.now(), "Europe/Lisbon").date() + timedelta(days=data.draw(DAYS))
                    found[one.key] = day.isoformat()
                case Text() if one.key == "zone":
                    found[one.key] = data.draw(st.sampled_from(["Europe/Lisbon", "Pacific/Auckland", "Mars/Base"]))
                case _:
                    found[one.key] = data.draw(st.sampled_from(TEXTS))
        return found

    @precondition(lambda self: self.one.last is not None)
    @rule()
    def the_same_event_comes_again(self) -> None:
        before = self.counts()
        self.one.again()
        assert self.counts() == before

    def counts(self) -> dict[str, object]:
        with self.one.database.transaction() as db:
            kinds = (Receipt, CheckIn, CheckInVersion, Absence, Draft)
            counted: dict[str, object] = {kind.__name__: db.query(kind).count() for kind in kinds}
        return counted | {"messages": len(self.one.came), "states": sorted((a.id, a.state) for a in self.asks())}

    @invariant()
    def an_ask_has_one_prompt_one_reminder_and_what_was_put_off(self) -> None:
        kinds = Counter((came.kind, ask) for came in self.one.came for ask in came.asks)
        assert all(count == 1 for (kind, _), count in kinds.items() if kind in ("prompt", "reminder"))
        assert sum(count for (kind, _), count in kinds.items() if kind == "snoozed") <= self.snoozes

    @invariant()
    def what_comes_by_itself_comes_in_the_send_window_and_only_while_it_is_open(self) -> None:
        for came in self.one.came:
            assert came.acting or came.in_window, f"{came.kind} outside the window"
            if came.kind in ("prompt", "reminder", "snoozed"):
                assert not came.acting
                assert came.states == ("open",)

    @invariant()
    def nudges_keep_to_the_budget(self) -> None:
        days = [came.budget_day for came in self.one.came if came.purpose == "nudge" and came.budget_day]
        assert all(count <= 1 for count in Counter(days).values())
        assert all(count <= 3 for count in Counter(iso_week(day)[0] for day in days).values())

    @invariant()
    def only_what_is_open_is_going_to_be_reminded_of(self) -> None:
        for ask in self.asks():
            if ask.remind_at is not None:
                assert ask.state == "open"
                assert ask.remind_at < ask.due_at

    @invariant()
    def an_answer_and_its_ask_agree(self) -> None:
        with self.one.database.transaction() as db:
            answered = {one.ask_id: one.version for one in db.scalars(select(CheckIn))}
            drafts = list(db.scalars(select(Draft).where(Draft.ask_id.is_not(None))))
            newest = {one: db.query(CheckInVersion).join(CheckIn, CheckIn.id == CheckInVersion.checkin_id)
                      .filter(CheckIn.ask_id == one).count() for one in answered}  # fmt: skip
        states = {ask.id: ask for ask in self.asks()}
        assert {ask.id for ask in states.values() if ask.state == "submitted"} == answered.keys()
        assert newest == answered
        assert all(states[draft.ask_id].closed_at is None for draft in drafts if draft.ask_id)

    @invariant()
    def a_message_offers_only_what_can_be_done(self) -> None:
        states = {ask.id: ask for ask in self.asks()}
        for came in self.one.came:
            for ask in (states[one] for one in came.asks):
                labels = {button.label for at, button in self.one.buttons() if at == came.place}
                if ask.closed_at is not None:
                    assert labels == set()
                elif ask.state == "submitted":
                    assert labels <= {"Read", "Edit", "Who opened this"}
                else:
                    assert labels & ANSWERS


# Shrinking a week takes minutes, and the failing one is told step by step as it is.
PHASES = (Phase.generate,)
FEW = 8
EXAMPLES = int(os.environ.get("RAPPORT_WEEKS", FEW))


def test_whatever_one_person_does_the_week_stays_in_order(tmp_path: Path) -> None:
    Weeks.folder, Weeks.made = tmp_path, template(tmp_path)
    limits = settings(
        max_examples=EXAMPLES, stateful_step_count=40, deadline=None, database=None, derandomize=EXAMPLES == FEW,
        suppress_health_check=list(HealthCheck), phases=PHASES,
    )  # fmt: skip
    run_state_machine_as_test(Weeks, settings=limits)
