from __future__ import annotations

import dataclasses
from datetime import date
from typing import ClassVar

import pytest
import world as worlds

from bot.conversation import Conversation, Registry
from bot.handlers.checkin import WeeklyCheckIn
from bot.storage.audit import AuditEvent
from bot.storage.finding import people_named
from bot.storage.outbox import OutboxRow
from desk import company

WEEK = {"progress": "Shipped search", "next": "Write the guide"}
OPENS, REMINDS, DUE = "2026-11-26 10:00", "2026-11-27 10:00", "2026-11-27 16:00"
# Thursday afternoon in Lisbon is Thursday morning in New York: Ada and Grace both work.
BOTH_WORK = "2026-11-26 15:00"
BY_NAME = "Grace Murray reminds you of your check-in"


async def nudge(world: worlds.World, text: str = "Ada", who: str = "grace") -> str:
    await world.command(who, "/review", f"nudge {text}")
    return world.words(who)


def use_up(world: worlds.World, who: str, days: list[str]) -> None:
    """Other messages of these days of theirs."""
    real = world.clock.real()
    with world.look() as db:
        person = world.person(db, who).id
        for day in days:
            row = OutboxRow(key=f"used:{day}", kind="send", purpose="nudge", person_id=person, due_at=real)
            row.state, row.created_at, row.budget_day = "done", real, date.fromisoformat(day)
            db.add(row)


def acts(world: worlds.World, action: str) -> list[AuditEvent]:
    return [row for row in world.rows(AuditEvent) if row.action == action]


async def test_when_todays_message_is_out_it_joins_the_next_reminder_under_the_managers_name(
    world: worlds.World,
) -> None:
    await world.at(BOTH_WORK)
    words = await nudge(world)
    assert "Ada Byron gets it with my next reminder, Fri 27 Nov, 05:00 (10:00 for them)" in words, (
        "in the manager's own time"
    )
    assert BY_NAME not in world.titles("ada")
    await world.at(REMINDS)
    assert world.titles("ada") == ["Time for your check-in", BY_NAME]
    assert "It is open until Fri 27 Nov, 16:00. Grace Murray can do this once." in world.words("ada")
    assert world.labels("ada")[0] == "Check in"
    await world.at(DUE)
    assert len(world.messages("ada")) == 2, "it was the reminder, there is no other"
    [act] = acts(world, "ask.nudged")
    with world.look() as db:
        assert (act.actor_id, act.object_id) == (world.person(db, "grace").id, world.asks_in(db, "ada")[0].id)


async def test_with_room_in_the_budget_it_goes_at_once(world: worlds.World) -> None:
    await world.at("2026-11-27 15:00")
    await world.at(DUE)
    await world.at("2026-11-30 15:00")
    assert world.ask("ada").state == "missed"
    assert "Ada Byron gets it now" in await nudge(world)
    assert world.titles("ada")[-1] == BY_NAME
    assert "a late one is welcome until the next opens" in world.words("ada")
    assert world.labels("ada") == ["Check in late"]
    await world.press("ada", "Check in late")
    await world.submit("ada", **WEEK)
    assert world.ask("ada").state == "submitted"


async def test_it_waits_for_the_working_hours_of_who_is_reminded(world: worlds.World) -> None:
    await world.at(BOTH_WORK)
    await world.at(DUE)
    await world.at("2026-11-30 20:00")
    words = await nudge(world)
    assert "Ada Byron gets it Tue 1 Dec, 04:00" in words
    assert "That is when their working time begins." in words
    told = len(world.messages("ada"))
    await world.at("2026-12-01 08:59")
    assert len(world.messages("ada")) == told
    await world.at("2026-12-01 09:00")
    assert world.titles("ada")[-1] == BY_NAME


async def test_when_no_reminder_is_to_come_it_goes_on_the_next_free_day(world: worlds.World) -> None:
    await world.at(REMINDS)
    await world.at("2026-11-27 15:00")
    words = await nudge(world)
    assert "Ada Byron gets it Mon 30 Nov, 04:00" in words
    assert "I write to nobody more than once a day and three times a week." in words
    await world.at(DUE)
    assert world.ask("ada").state == "missed"
    await world.at("2026-11-30 09:00")
    assert world.titles("ada")[-1] == BY_NAME


async def test_when_no_free_day_is_left_the_manager_is_told(world: worlds.World) -> None:
    await world.at(BOTH_WORK)
    await world.at("2026-11-30 09:00")
    use_up(world, "ada", ["2026-11-30", "2026-12-01", "2026-12-02"])
    words = await nudge(world)
    assert "I cannot remind Ada Byron any more" in words
    assert "A word from you works best now." in words
    assert world.labels("grace") == ["My team's week"]
    assert world.ask("ada").nudged_at is None


async def test_a_reminder_that_never_found_a_free_day_is_told_of(world: worlds.World) -> None:
    await world.at("2026-11-27 15:00")
    assert "Ada Byron gets it Mon 30 Nov, 04:00" in await nudge(world)
    use_up(world, "ada", ["2026-11-30", "2026-12-01", "2026-12-02"])
    await world.at("2026-12-03 16:00")
    assert BY_NAME not in world.titles("ada")
    assert "My reminder to Ada Byron did not go out" in world.titles("grace")


async def test_a_second_press_says_when_it_was_done(world: worlds.World) -> None:
    await world.at(BOTH_WORK)
    await nudge(world)
    words = await nudge(world)
    assert "A reminder to Ada Byron is on its way already" in words
    assert "You asked for it Thu 26 Nov, 10:00." in words
    assert "It goes out Fri 27 Nov, 05:00 (10:00 for them)." in words
    await world.command("grace", "/review", "status")
    assert "Ada Byron: open, a reminder goes out Fri 27 Nov, 05:00" in world.words("grace")
    await world.at(REMINDS)
    words = await nudge(world)
    assert "Ada Byron has been reminded already" in words
    assert len(acts(world, "ask.nudged")) == 1
    await world.command("grace", "/review", "status")
    assert "Ada Byron: open, reminded Fri 27 Nov, 05:00" in world.words("grace")


async def test_it_can_be_taken_back_while_it_has_not_gone_out(world: worlds.World) -> None:
    await world.at(BOTH_WORK)
    await nudge(world)
    await world.press("grace", "Take back")
    assert "Ada Byron hears nothing of it." in world.words("grace")
    assert len(acts(world, "ask.nudge_taken_back")) == 1
    await world.at(REMINDS)
    assert world.titles("ada")[-1] == "Your check-in is still open", "the automatic one comes as ever"
    await world.at("2026-11-30 15:00")
    assert "Ada Byron gets it now" in await nudge(world), "taken back, it was not used up"


async def test_what_is_out_cannot_be_taken_back(world: worlds.World) -> None:
    await world.at(BOTH_WORK)
    await nudge(world)
    shown = world.last("grace")
    await world.at(REMINDS)
    await world.press("grace", "Take back", shown)
    assert "It has gone out" in world.words("grace")


async def test_the_button_of_a_row_does_the_same(world: worlds.World) -> None:
    await world.at(BOTH_WORK)
    await world.answer("linus", **WEEK)
    await world.command("grace", "/review", "status")
    await world.press("grace", "Nudge")
    assert "Ada Byron gets it with my next reminder" in world.words("grace")


async def test_a_button_of_last_week_reminds_of_nothing(world: worlds.World) -> None:
    await world.at(BOTH_WORK)
    await world.answer("linus", **WEEK)
    await world.command("grace", "/review", "status")
    old = world.last("grace")
    await world.at("2026-12-03 15:00")
    await world.press("grace", "Nudge", old)
    assert any("The one of Thu 26 Nov can no longer be answered" in one.words for one in world.messages("grace"))


@pytest.mark.parametrize("text", ["Ada", "ada byron", "@ada", "@ada.byron", "mention", "email"])
async def test_a_person_is_meant_by_name_mention_or_address(chat: worlds.World, text: str) -> None:
    await chat.at(BOTH_WORK)
    given = {"mention": f"<@{chat.user('ada')}>", "email": company.person("Ada Byron").email}.get(text, text)
    await chat.say("grace", f"nudge {given}")
    assert "It bears your name." in chat.words("grace")


async def test_an_ambiguous_name_brings_buttons(chat: worlds.World) -> None:
    await chat.at(BOTH_WORK)
    with chat.look() as db:
        chat.person(db, "linus").name = "Ada Holm"
    assert "Whom do you mean?" in await nudge(chat, "ada")
    assert chat.labels("grace") == ["Ada Byron", "Ada Holm"]
    await chat.press("grace", "Ada Holm")
    assert "Ada Holm gets it with my next reminder" in chat.words("grace")
    await nudge(chat, "ada byron")
    assert "Ada Byron gets it with my next reminder" in chat.words("grace"), "the whole name is clear"


async def test_an_unknown_or_missing_name_is_asked_for(chat: worlds.World) -> None:
    assert "I know nobody of that name" in await nudge(chat, "Zoe")
    await chat.command("grace", "/review", "nudge")
    assert "Whom shall I remind?" in chat.words("grace")
    await nudge(chat, "Grace")
    assert "That is you" in chat.words("grace")


@pytest.mark.parametrize("who", ["eve", "hana", "linus"])
async def test_not_my_team_is_refused_with_the_reason_and_whom_to_ask(chat: worlds.World, who: str) -> None:
    await chat.at(BOTH_WORK)
    words = await nudge(chat, who=who)
    assert "Ada Byron is not in your team" in words
    assert "Please ask Grace Murray." in words
    assert chat.ask("ada").nudged_at is None
    assert acts(chat, "ask.nudged") == []


async def test_a_delegate_reminds_in_their_own_name_for_the_manager(world: worlds.World) -> None:
    world.delegates("grace", "eve", "2026-11-23", "2026-12-04")
    await world.at(BOTH_WORK)
    await nudge(world, who="eve")
    await world.at(REMINDS)
    assert world.titles("ada")[-1] == "Eve Moreau reminds you of your check-in"
    [act] = acts(world, "ask.nudged")
    with world.look() as db:
        assert act.on_behalf_of_id == world.person(db, "grace").id


async def test_who_answered_or_was_left_out_is_not_reminded_and_no_reason_is_told(world: worlds.World) -> None:
    await world.at(BOTH_WORK)
    await world.answer("ada", **WEEK)
    assert "Ada Byron has answered already" in await nudge(world)
    await world.press("linus", "Skip this one")
    await world.press("linus", "Nothing new")
    words = await nudge(world, "Linus")
    assert "Nothing is expected of Linus Holm this time" in words
    assert "Nothing new" not in words


async def test_who_is_away_is_not_reminded(world: worlds.World) -> None:
    await world.at(BOTH_WORK)
    await world.command("ada", "/review", "away")
    await world.submit("ada", back="2026-11-27")
    assert world.ask("ada").state == "open"
    assert "Ada Byron is away" in await nudge(world)
    assert world.ask("ada").nudged_at is None


async def test_who_has_not_been_asked_yet_is_asked_first(world: worlds.World) -> None:
    assert "Nothing is open for Ada Byron" in await nudge(world)
    with world.look() as db:
        world.person(db, "ada").day_starts = world.person(db, "ada").day_starts.replace(hour=16)
    await world.at(BOTH_WORK)
    words = await nudge(world)
    assert "Ada Byron has not been asked yet" in words
    assert "I ask Thu 26 Nov, 11:00 (16:00 for them)." in words


async def test_it_comes_when_the_person_wants_to_hear_of_it(world: worlds.World) -> None:
    await world.at(OPENS)
    await world.press("ada", "Later today")
    words = await nudge(world)
    assert "Ada Byron gets it Thu 26 Nov, 08:00" in words
    assert "That is when Ada Byron wants to hear of it." in words
    await world.at("2026-11-26 13:00")
    assert world.titles("ada")[-1] == BY_NAME
    await world.at(REMINDS)
    assert world.titles("ada")[-1] == "Your check-in is still open"


async def test_put_off_after_that_it_keeps_the_name(world: worlds.World) -> None:
    await world.at(OPENS)
    await nudge(world)
    await world.press("ada", "Later today")
    assert "I'll remind you" in world.words("ada")
    await world.at("2026-11-26 13:00")
    assert world.titles("ada")[-1] == BY_NAME


async def test_an_answer_ends_it(world: worlds.World) -> None:
    await world.at(BOTH_WORK)
    await nudge(world)
    await world.answer("ada", **WEEK)
    await world.at(REMINDS)
    assert BY_NAME not in world.titles("ada")


async def test_a_confidential_question_is_never_reminded_of_by_hand(chat: worlds.World) -> None:
    class Confidential(WeeklyCheckIn):
        name = "checkin"
        confidential: ClassVar[bool] = True

    await chat.at(BOTH_WORK)
    engine = chat.app.engine
    one: Conversation = Confidential()
    known = engine.registry
    registry = Registry({**known.conversations, one.name: one}, known.words, known.parts)
    engine.house = dataclasses.replace(engine.house, registry=registry)
    assert "Nothing is open for Ada Byron" in await nudge(chat)
    assert chat.ask("ada").nudged_at is None


async def test_a_name_is_found_without_its_accents(chat: worlds.World) -> None:
    with chat.look() as db:
        chat.person(db, "linus").name = "Línus Hölm"
        chat.person(db, "eve").name = "Linnea Moreau"
        db.flush()
        assert [one.name for one in people_named(db, "linus holm")] == ["Línus Hölm"]
        assert [one.name for one in people_named(db, "linn")] == ["Linnea Moreau"]
        assert people_named(db, "nobody") == []
