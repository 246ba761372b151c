"""What happened to an objective, in its dialog: who, when, from what to what, and what they said; page by page."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import world as worlds
from goals import CALLS, Result, field, objective, opened, results_of

from bot.storage.okr.updating import Measured, store_updates

GUIDE = Result("The guide stands", None, None, kind="milestone", steps=("draft", "pilot"))


async def test_an_update_tells_from_what_to_what_of_which_day_and_its_note(chat: worlds.World) -> None:
    of = objective(chat, results=[CALLS, GUIDE, Result("Certified", None, None, kind="binary")])
    calls, _, certified = results_of(chat, of)
    await opened(chat, "ada", of, "Update")
    await chat.submit("ada", **{field("value", calls): "50", field("sure", calls): "6", "note": "A slow start."})
    await chat.later(days=1)
    await opened(chat, "grace", of, "Update")
    day = (chat.clock.now() - timedelta(days=1)).date().isoformat()
    await chat.submit(
        "grace", **{field("value", calls): "62", field("sure", calls): "4", field("value", certified): True}, day=day
    )
    await opened(chat, "ada", of)
    told = chat.told("ada")
    assert "Calls answered within an hour: 50 % → 62 % · confidence 6 → 4 of 10 · as of" in told
    assert "Certified: done · as of" in told
    assert "Calls answered within an hour: 50 % · confidence 6 of 10" in told
    assert "The guide stands: no change" in told
    assert "A slow start." in told
    assert told.index("Grace Murray") < told.index("A slow start.")


async def test_a_change_tells_what_was_there_before_and_leaves_out_what_stayed(chat: worlds.World) -> None:
    top = objective(chat, "hana", "Customers stay", level="company")
    of = objective(chat, parent_id=top)
    (calls,) = results_of(chat, of)
    await opened(chat, "ada", of, "Align…")
    await chat.submit("ada", parent="none")
    await opened(chat, "ada", of, "More…")
    await chat.submit("ada", weight="2", **{f"weight_{calls.id.hex}": "1", f"days_{calls.id.hex}": "7"})
    await opened(chat, "ada", of, "Change…")
    await chat.submit("ada", title="Customers hear from us within the hour")
    await opened(chat, "ada", of)
    told = chat.told("ada")
    assert "Before: it supported Customers stay" in told
    assert "Before: weight 1; Calls answered within an hour (an update every 14 days)" in told
    assert "Before: Customers hear from us the same day; " in told
    assert "Its own key results" not in told


async def test_another_status_is_told_with_its_reason_and_when_it_is_taken_back(chat: worlds.World) -> None:
    of = objective(chat)
    (calls,) = results_of(chat, of)
    await opened(chat, "ada", of, "Update")
    await chat.submit("ada", **{field("value", calls): "80"})
    for status, why in (("at_risk", "The team is halved."), ("numbers", "")):
        await opened(chat, "ada", of, "Another status…")
        await chat.submit("ada", status=status, why=why)
    await opened(chat, "ada", of)
    assert "set its status: at risk" in chat.told("ada")
    assert "The team is halved." in chat.told("ada")
    assert "lets the numbers say its status" in chat.told("ada")


async def test_all_of_a_long_history_can_be_read(chat: worlds.World) -> None:
    of = objective(chat)
    (calls,) = results_of(chat, of)
    with chat.look() as db:
        grace, ada = chat.person(db, "grace").id, chat.person(db, "ada").id
        for at in range(12):
            when = chat.clock.now() + timedelta(minutes=at)
            said = Measured(calls.id, Decimal(41 + at), note=f"Number {at}.")
            store_updates(db, [said], by=grace, behalf=ada if at else None, day=when.date(), at=when)
            db.flush()
    await opened(chat, "ada", of)
    assert "Number 11." in chat.told("ada")
    assert "Grace Murray for Ada Byron" in chat.told("ada")
    assert "Page 1 of 2" in chat.told("ada")
    await chat.press("ada", "Next", chat.view("ada"))
    assert "Calls answered within an hour: 41 %" in chat.told("ada")
    assert "Number 0." in chat.told("ada")
    assert "Number 2." not in chat.told("ada")
    await chat.press("ada", "Open", chat.view("ada"))
    assert "Number 11." in chat.told("ada")
