from __future__ import annotations

import pytest
import world as worlds

from bot.storage.audit import AuditEvent
from bot.storage.blockers import Blocker, BlockerStep

TEXT = "The licence for the map data"
WEEK = {"progress": "Shipped search", "next": "Write the guide", "blocked": True, "blocker": TEXT}
# Thursday afternoon in Lisbon is Thursday morning in New York: Ada and Grace both work.
BOTH_WORK = "2026-11-26 15:00"


async def sent(world: worlds.World, at: str = BOTH_WORK) -> None:
    """Ada has reported something in the way; Grace reports to Hana."""
    world.reports("grace", to="hana")
    await world.at(at)
    await blocked_week(world)


async def blocked_week(world: worlds.World) -> None:
    await world.command("ada", "/checkin")
    await world.choose("ada", blocked=True)
    await world.submit("ada", **WEEK)


def state(world: worlds.World) -> str:
    return str(world.rows(Blocker)[0].state)


def moves(world: worlds.World) -> list[str]:
    return [one.move for one in sorted(world.rows(BlockerStep), key=lambda one: one.number)]


def dialog(world: worlds.World, who: str) -> str:
    return str(world.open_view(who).words)


async def passed_up(world: worlds.World) -> None:
    await world.press("grace", "Pass up…")
    await world.submit("grace", line="We need the map licence by Friday")


async def test_the_manager_hears_of_it_at_once_and_without_the_text(world: worlds.World) -> None:
    await sent(world)
    assert world.words("grace").startswith("Ada Byron reported something in the way")
    assert TEXT not in world.words("grace")
    assert world.labels("grace") == ["Read", "I'll take it", "It's solved", "Pass up…"]
    await world.press("grace", "Read")
    assert TEXT in dialog(world, "grace")
    assert "In the way: open" in dialog(world, "grace")


async def test_outside_of_the_managers_hours_it_waits_for_the_next_opening(world: worlds.World) -> None:
    """11:00 in Lisbon is 06:00 in New York."""
    await sent(world, "2026-11-26 11:00")
    assert world.messages("grace") == []
    await world.at("2026-11-26 09:00", "America/New_York")
    assert world.words("grace").startswith("Ada Byron reported something in the way")


async def test_what_is_solved_before_the_manager_works_is_not_an_alarm(world: worlds.World) -> None:
    await sent(world, "2026-11-26 11:00")
    await world.press("ada", "Read")
    await world.press("ada", "It's solved", world.open_view("ada"))
    await world.at("2026-11-26 09:00", "America/New_York")
    assert "Solved: it is out of Ada Byron's way" in world.words("grace")
    assert world.labels("grace") == ["Read"]


async def test_taken_and_solved_by_the_manager_the_employee_is_told_of_each(world: worlds.World) -> None:
    await sent(world)
    await world.press("grace", "I'll take it")
    assert state(world) == "taken"
    assert world.words("ada").startswith("Grace Murray has taken what is in your way")
    assert world.words("grace").startswith("You take care of what is in Ada Byron's way")
    assert world.labels("ada") == ["Read", "It's solved", "Withdraw"]
    await world.later(hours=1)
    await world.press("grace", "It's solved")
    assert world.words("ada").startswith("Grace Murray marked what was in your way as solved")
    assert world.labels("ada") == ["Read", "Still in the way"]
    assert moves(world) == ["report", "take", "solve"]


async def test_passed_up_it_goes_in_the_managers_own_words(world: worlds.World) -> None:
    await sent(world)
    await passed_up(world)
    assert state(world) == "passed_up"
    assert world.words("hana").startswith("Grace Murray passes something in the way of Ada Byron up to you")
    assert "licence" not in world.words("hana")
    await world.press("hana", "See it")
    assert "We need the map licence by Friday" in dialog(world, "hana")
    assert TEXT not in dialog(world, "hana")
    assert "Grace Murray passed what is in your way to Hana Sato, in their own words" in world.words("ada")
    await world.press("ada", "Read")
    assert "We need the map licence by Friday" in dialog(world, "ada")
    await world.press("hana", "I'll take it", world.open_view("hana"))
    assert "Hana Sato has taken what is in your way" in world.words("ada")
    await world.press("hana", "It's solved")
    assert "Hana Sato marked what was in your way as solved" in world.words("ada")
    assert "Solved: it is out of Ada Byron's way" in world.words("grace")


async def test_taken_back_it_is_no_longer_with_the_second_line(world: worlds.World) -> None:
    await sent(world)
    await passed_up(world)
    await world.press("grace", "Take it back")
    assert state(world) == "taken"
    assert world.words("hana").startswith("This is no longer with you")


async def test_without_a_second_line_passing_up_is_not_offered_and_the_dialog_says_why(world: worlds.World) -> None:
    await world.at(BOTH_WORK)
    await blocked_week(world)
    assert "Pass up…" not in world.labels("grace")
    await world.press("grace", "Read")
    assert "It cannot be passed up: nobody stands above you here who could take it." in dialog(world, "grace")


async def test_the_employee_ends_it_and_reports_it_again_within_five_working_days(world: worlds.World) -> None:
    await sent(world)
    await world.press("grace", "I'll take it")
    await world.press("ada", "It's solved")
    assert state(world) == "solved"
    assert "Solved: it is out of Ada Byron's way" in world.words("grace")
    await world.at("2026-12-03 17:00")
    await world.press("ada", "Still in the way", world.messages("ada")[1])
    assert state(world) == "open"
    assert "Ada Byron says again that something is in the way\nReported again" in world.words("grace")


async def test_what_is_in_the_way_again_is_a_new_message_at_once_and_may_be_passed_up(world: worlds.World) -> None:
    world.reports("grace", "hana")
    await world.at(BOTH_WORK)
    await blocked_week(world)
    await world.press("grace", "Pass up…")
    await world.submit("grace", line="A licence is missing")
    await world.press("ada", "It's solved")
    heard = len(world.messages("grace"))
    await world.press("ada", "Still in the way")
    assert len(world.messages("grace")) == heard + 1
    assert "Pass up…" in world.labels("grace")
    assert world.words("hana") == "This is no longer with you\nIt is with the manager again."
    earlier = world.messages("grace")[heard - 1].words
    assert earlier.startswith("About what was in Ada Byron's way")


async def test_after_five_working_days_it_has_ended(chat: worlds.World) -> None:
    await sent(chat)
    await chat.press("grace", "I'll take it")
    await chat.press("ada", "It's solved")
    still_there = chat.last("ada")
    await chat.at("2026-12-04 09:30")
    await chat.press("ada", "Still in the way", still_there)
    assert state(chat) == "solved"


async def test_edited_to_no_it_is_withdrawn_and_back_to_yes_it_is_reported_anew(world: worlds.World) -> None:
    await sent(world)
    await world.press("ada", "Edit")
    await world.choose("ada", blocked=False)
    await world.submit("ada")
    assert state(world) == "withdrawn"
    assert world.words("grace").startswith("Ada Byron has withdrawn it")
    await world.later(hours=1)
    before = len(world.messages("grace"))
    await world.press("ada", "Edit")
    await world.choose("ada", blocked=True)
    await world.submit("ada", blocker="Still the licence")
    assert state(world) == "open"
    assert len(world.messages("grace")) == before + 1


async def test_changed_text_is_a_new_version_without_a_second_alert(world: worlds.World) -> None:
    await sent(world)
    await world.later(hours=1)
    before = len(world.messages("grace"))
    await world.press("ada", "Edit")
    await world.submit("ada", blocker="The licence, and the logo")
    assert len(world.messages("grace")) == before
    assert moves(world) == ["report"]
    await world.press("grace", "Read")
    assert "The licence, and the logo" in dialog(world, "grace")


async def test_two_who_act_at_once_are_told_who_was_faster(world: worlds.World) -> None:
    await sent(world)
    world.delegates("grace", to="eve", first="2026-11-23", last="2026-11-27")
    with world.look() as db:
        blocker = db.query(Blocker).one().id
    await world.press("grace", "I'll take it")
    await world.press("eve", "Take", world.given("eve", worlds.Button("Take", "blocker.take", blocker)))
    assert world.told("eve").startswith("Grace Murray has taken what is in Ada Byron's way")
    assert moves(world) == ["report", "take"]


async def test_a_pass_up_whose_second_line_changed_is_asked_again(world: worlds.World) -> None:
    await sent(world)
    await world.press("grace", "Pass up…")
    world.reports("grace", to="eve")
    await world.submit("grace", line="Please help")
    assert "It would now go to Eve Moreau." in dialog(world, "grace")
    assert state(world) == "open"
    await world.submit("grace", line="Please help")
    assert world.words("eve").startswith("Grace Murray passes something in the way of Ada Byron up to you")


@pytest.mark.parametrize("who", ["linus", "hana"])
async def test_whom_it_does_not_concern_is_told_so(chat: worlds.World, who: str) -> None:
    await sent(chat)
    with chat.look() as db:
        blocker = db.query(Blocker).one().id
    await chat.press(who, "Solved", chat.given(who, worlds.Button("Solved", "blocker.solve", blocker)))
    assert chat.told(who).startswith("This is not with you")
    assert state(chat) == "open"


async def test_second_clicks_change_nothing(world: worlds.World) -> None:
    await sent(world)
    first = await world.press("grace", "I'll take it")
    seen = [message.words for who in ("ada", "grace") for message in world.messages(who)]
    await world.redeliver(first)
    await world.again(first)
    assert [message.words for who in ("ada", "grace") for message in world.messages(who)] == seen
    assert moves(world) == ["report", "take"]


async def test_open_ones_stand_at_home_with_their_age(world: worlds.World) -> None:
    await sent(world)
    await world.later(days=4)
    await world.home("grace")
    assert "In the way\nAda Byron: open, 4 days" in world.home_words("grace")
    await world.home("ada")
    assert "You: open, 4 days" in world.home_words("ada")


async def test_each_step_is_an_audit_row_without_words(world: worlds.World) -> None:
    await sent(world)
    await passed_up(world)
    rows = [row for row in world.rows(AuditEvent) if row.object_kind == "blocker"]
    assert [row.action for row in rows] == ["blocker.report", "blocker.pass_up"]
    assert "licence" not in str([row.details for row in rows])
