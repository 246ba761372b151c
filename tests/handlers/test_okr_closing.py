"""From state to state: paused, cancelled, closed with a grade, carried over, opened again; each leaves its traces."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import world as worlds
from goals import CALLS, Result, field, newest, objective, objectives, opened, results_of, set_rules
from looking import context
from sqlalchemy import select

from bot import texts
from bot.handlers.okr.standing import view
from bot.handlers.okr.verbs import verbs
from bot.storage.audit import AuditEvent
from bot.storage.okr.goals import steps_of
from bot.storage.okr.tables import Objective, Period

GRADED = {"grade": "0.8", "outcome": "keep", "lesson": "Ask earlier."}


async def measured(chat: worlds.World, of: UUID, value: str = "72") -> None:
    """80 % of the way of CALLS."""
    await opened(chat, "ada", of, "Update")
    await chat.submit("ada", **{field("value", results_of(chat, of)[0]): value})


def state_of(chat: worlds.World, of: UUID) -> str:
    return next(one.state for one in objectives(chat) if one.id == of)


def moves_of(chat: worlds.World, of: UUID) -> list[str]:
    with chat.look() as db:
        return [one.move for one in steps_of(db, of)]


async def test_it_is_paused_resumed_cancelled_and_opened_again_and_each_step_stays(chat: worlds.World) -> None:
    of = objective(chat)
    await opened(chat, "ada", of, "Pause")
    assert "Paused." in chat.told("ada")
    assert "Update" not in chat.labels("ada", chat.view("ada"))
    await chat.press("ada", "Resume", chat.view("ada"))
    await chat.press("ada", "Cancel it", chat.view("ada"))
    assert state_of(chat, of) == "cancelled"
    await chat.press("ada", "Open again", chat.view("ada"))
    assert state_of(chat, of) == "draft"
    await chat.press("ada", "Start", chat.view("ada"))
    assert moves_of(chat, of) == ["pause", "resume", "cancel", "reopen", "activate"]
    with chat.look() as db:
        acts = list(db.scalars(select(AuditEvent.action).where(AuditEvent.object_id == of).order_by(AuditEvent.seq)))
    assert acts == ["okr.paused", "okr.resumed", "okr.cancelled", "okr.reopened", "okr.activated"]


async def test_the_way_back_from_calling_it_off_is_not_called_cancel(chat: worlds.World) -> None:
    of = objective(chat)
    with chat.look() as db, texts.reader("en"):
        ctx = context(chat, db, "ada")
        seen = view(ctx, of)
        assert seen
        (cancel,) = [one for one in verbs(ctx, seen) if one.phrase == "okr.cancel"]
    assert (cancel.label, cancel.deny) == ("Cancel it", "Keep it")


async def test_a_second_click_and_a_button_of_a_past_state_only_show_how_it_stands(chat: worlds.World) -> None:
    of = objective(chat)
    await opened(chat, "ada", of)
    old = chat.open_view("ada")
    pressed = await chat.press("ada", "Pause", old)
    await chat.again(pressed)
    assert moves_of(chat, of) == ["pause"]
    await opened(chat, "grace", of, "Resume")
    await chat.again(pressed)
    assert state_of(chat, of) == "active"
    assert moves_of(chat, of) == ["pause", "resume"]


async def test_only_the_owner_their_manager_and_hr_move_it_and_the_owner_hears(chat: worlds.World) -> None:
    of = objective(chat)
    await opened(chat, "linus", of)
    assert not {"Pause", "Change…", "Close it…", "Align…"} & set(chat.labels("linus", chat.view("linus")))
    await opened(chat, "grace", of, "Pause")
    await chat.later(hours=1)
    await chat.press("ada", "Open", newest(chat, "ada", "Grace Murray has paused your objective"))
    assert "Resume" in chat.labels("ada", chat.view("ada"))


async def test_a_delegate_acts_on_behalf_of_the_manager(chat: worlds.World) -> None:
    of = objective(chat)
    chat.delegates("grace", "eve", "2026-11-01", "2026-12-31")
    await opened(chat, "eve", of, "Pause")
    with chat.look() as db:
        (step,) = steps_of(db, of)
        assert (step.by_id, step.on_behalf_of_id) == (chat.person(db, "eve").id, chat.person(db, "grace").id)


async def test_the_owner_says_another_status_with_a_reason_and_takes_it_back(chat: worlds.World) -> None:
    of = objective(chat)
    await measured(chat, of, "50")
    await opened(chat, "ada", of, "Another status…")
    await chat.submit("ada", status="on_track")
    assert "why" in chat.errors("ada")
    await chat.submit("ada", why="The new line opens next week.")
    said = chat.told("ada")
    assert "on track" in said
    assert "By the numbers it is" in said
    assert "The new line opens" in said
    await opened(chat, "ada", of, "Another status…")
    await chat.submit("ada", status="numbers")
    assert "By the numbers it is" not in chat.told("ada")


async def test_closing_stores_score_grade_and_lesson_and_asks_why_they_differ(chat: worlds.World) -> None:
    of = objective(chat)
    await measured(chat, of)
    chat.clock.advance(timedelta(days=45))
    await chat.command("ada", "/okr")
    assert "please close it" in chat.words("ada")
    await chat.press("ada", "Close it…")
    assert "computed score 0.80" in chat.told("ada")
    await chat.submit("ada", grade="8", outcome="keep")
    assert set(chat.errors("ada")) == {"grade"}
    await chat.submit("ada", grade="90 %", reason="Because.")
    assert set(chat.errors("ada")) == {"reason"}
    await chat.submit("ada", reason="The last week of it came in after the end.", lesson="Ask earlier.")
    assert "Closed with 0.90" in chat.told("ada")
    assert "Lesson: Ask earlier." in chat.told("ada")
    (one,) = objectives(chat)
    assert (one.state, one.score, one.grade, one.outcome) == ("done", Decimal("0.8"), Decimal("0.9"), "keep")
    await chat.press("ada", "Open again", chat.view("ada"))
    (one,) = objectives(chat)
    assert (one.state, one.grade) == ("active", None)
    assert moves_of(chat, of) == ["close", "reopen"]


async def test_what_is_carried_over_begins_where_it_stands_in_the_next_period(chat: worlds.World) -> None:
    set_rules(chat, agreement=True)
    of = objective(
        chat,
        results=[
            CALLS,
            Result("Told", None, None, kind="binary"),
            Result("Guide", None, None, kind="milestone", steps=["one", "two"]),
        ],
    )
    await opened(chat, "ada", of, "Update")
    calls, told, _ = results_of(chat, of)
    await chat.submit("ada", **{field("value", calls): "72", field("value", told): True})
    await opened(chat, "ada", of, "Close it…")
    await chat.submit("ada", **(GRADED | {"grade": "0.6", "outcome": "carry_over"}))
    assert "It goes on in Q1 2027." in chat.told("ada")
    old, new = objectives(chat)
    assert (old.key, old.state, new.state) == (new.key, "done", "draft")
    with chat.look() as db:
        assert db.get_one(Period, new.period_id).key == "2027-Q1"
    assert [(one.kind, one.start, one.target) for one in results_of(chat, new.id)] == [
        ("numeric", Decimal(72), Decimal(80)), ("milestone", None, None),
    ]  # fmt: skip
    await opened(chat, "ada", new.id)
    assert "carried it over from the period before" in chat.told("ada")
    await chat.later(hours=8)
    assert newest(chat, "grace", "Ada Byron asks you to agree")


async def test_what_is_reached_is_not_carried_over(chat: worlds.World) -> None:
    of = objective(chat)
    await measured(chat, of, "90")
    await opened(chat, "ada", of, "Close it…")
    await chat.submit("ada", grade="1", outcome="carry_over")
    assert set(chat.errors("ada")) == {"outcome"}
    assert [one.state for one in chat.rows(Objective)] == ["active"]


async def carried(chat: worlds.World, of: UUID) -> None:
    await opened(chat, "ada", of, "Close it…")
    why = "The rest of it comes in the next one."
    await chat.submit("ada", grade="0.6", reason=why, outcome="carry_over")


async def test_what_is_carried_over_a_second_time_goes_on_in_the_same_draft(chat: worlds.World) -> None:
    set_rules(chat, agreement=True)
    of = objective(chat)
    await carried(chat, of)
    await chat.press("ada", "Open again", chat.view("ada"))
    await measured(chat, of, "60")
    await carried(chat, of)
    assert "It goes on in Q1 2027." in chat.told("ada")
    old, new = objectives(chat)
    assert (old.state, new.state) == ("done", "draft")
    assert [one.start for one in results_of(chat, new.id)] == [Decimal(60)]
    await chat.press("ada", "Open again", chat.view("ada"))
    await opened(chat, "grace", new.id, "Agree")
    await carried(chat, of)
    assert "It goes on in Q1 2027 already; what stands there stays as it is." in chat.told("ada")
    assert [one.state for one in objectives(chat)] == ["done", "active"]


async def test_what_was_called_off_in_the_next_period_is_carried_over_anew(chat: worlds.World) -> None:
    of = objective(chat)
    await carried(chat, of)
    new = objectives(chat)[1].id
    await opened(chat, "ada", new, "Cancel it")
    await opened(chat, "ada", of, "Open again")
    await carried(chat, of)
    assert [one.state for one in objectives(chat)] == ["done", "cancelled", "active"]
