from __future__ import annotations

import pytest
import world as worlds

from bot.storage.asks import Ask
from bot.storage.audit import AuditEvent
from bot.storage.checkin import CheckIn, CheckInVersion
from bot.storage.outbox import OutboxRow
from bot.storage.programmes import Turn

WEEK = {"progress": "Shipped search", "next": "Write the guide\nFix the build"}
OPENS, REMINDS, DUE = "2026-11-26 10:00", "2026-11-27 10:00", "2026-11-27 16:00"
NEXT_OPENS, NEXT_DUE = "2026-12-03 10:00", "2026-12-04 16:00"


def written(world: worlds.World) -> list[dict[str, str]]:
    """The texts of every version, in their order."""
    with world.look() as db:
        versions = sorted(db.query(CheckInVersion), key=lambda one: one.version)
        return [one.words()["texts"] for one in versions]  # type: ignore[misc]


async def test_on_thursday_at_ten_in_my_zone_a_direct_message_asks(world: worlds.World) -> None:
    await world.at("2026-11-26 09:59")
    assert world.messages("ada") == []
    await world.at(OPENS)
    assert "Time for your check-in" in world.words("ada")
    assert "About 3 minutes, open until Fri 27 Nov, 16:00" in world.words("ada")
    assert "Grace Murray sees the text; mood only if you share it." in world.words("ada")
    assert "HR sees only whether you answered." in world.words("ada")
    assert world.labels("ada") == ["Check in", "Later today", "Tomorrow", "Skip this one", "I'm away until…"]


async def test_who_has_no_manager_is_told_that_nobody_else_reads(chat: worlds.World) -> None:
    await chat.at(OPENS, "America/New_York")
    assert "I know no manager for you yet, so only you can read it." in chat.words("grace")
    await chat.answer("grace", **WEEK)
    assert "Only you can read it" in chat.words("grace")


async def test_the_whole_story_ends_in_a_receipt(world: worlds.World) -> None:
    await world.at(OPENS)
    await world.press("ada", "Check in")
    exchange = await world.submit("ada", **WEEK)
    assert exchange.status == 200, exchange
    assert world.view("ada") is None
    assert "Your check-in is stored" in world.words("ada")
    assert "Stored Thu 26 Nov, 10:00." in world.words("ada")
    assert "You and Grace Murray can read it." in world.words("ada")
    assert "You can edit it until Fri 27 Nov, 16:00." in world.words("ada")
    assert world.labels("ada") == ["Read", "Edit", "Who opened this"]
    assert len(world.messages("ada")) == 1
    assert "Shipped" not in world.words("ada")
    [version] = world.rows(CheckInVersion)
    assert version.version == 1
    [ask] = [ask for ask in world.rows(Ask) if ask.state == "submitted"]
    assert world.rows(CheckIn)[0].ask_id == ask.id
    assert written(world) == [WEEK]


async def test_each_question_says_who_sees_the_answer(chat: worlds.World) -> None:
    await chat.at(OPENS)
    await chat.press("ada", "Check in")
    hints = chat.hints("ada")
    assert "You and Grace Murray" in hints["progress"]
    assert "Only you, unless you tick it" in hints["share_mood"]
    assert "your manager only if you tick the box below" in hints["mood"]


async def test_an_early_answer_cancels_the_prompt_and_says_which_week_it_is_for(world: worlds.World) -> None:
    await world.at("2026-11-24 15:00")
    await world.command("ada", "/checkin")
    assert "This one is for Thu 26 Nov; you can change it until Fri 27 Nov, 16:00." in world.open_view("ada").words
    await world.submit("ada", **WEEK)
    assert "It is the one for Thu 26 Nov; you will not be asked for it again." in world.words("ada")
    await world.at(OPENS)
    await world.at(REMINDS)
    assert len(world.messages("ada")) == 1
    await world.command("ada", "/checkin")
    assert world.typed("ada") == WEEK


async def test_a_form_opened_early_and_not_sent_leaves_the_prompt_as_it_is(chat: worlds.World) -> None:
    await chat.at("2026-11-24 15:00")
    await chat.command("ada", "/checkin")
    await chat.cancel("ada")
    await chat.at(OPENS)
    assert chat.titles("ada") == ["Time for your check-in"]
    assert [ask.state for ask in chat.asks("ada")] == ["open"]


async def test_a_late_answer_is_taken_while_the_check_in_is_missed(world: worlds.World) -> None:
    await world.at(OPENS)
    await world.at(DUE)
    assert "Check-in missed" in world.words("ada")
    assert "a late one is welcome until the next opens" in world.words("ada")
    await world.press("ada", "Check in late")
    assert "This one was due Fri 27 Nov, 16:00; late answers are welcome." in world.open_view("ada").words
    await world.submit("ada", **WEEK)
    assert world.titles("ada") == ["Your check-in is stored"]
    assert world.labels("ada") == ["Read", "Who opened this"]
    assert [ask.state for ask in world.asks("ada")] == ["submitted"]


async def test_the_next_opening_closes_what_is_unanswered(world: worlds.World) -> None:
    await world.at(OPENS)
    await world.at(DUE)
    await world.press("ada", "Check in late")
    await world.at(NEXT_OPENS)
    old, new = world.messages("ada")
    assert "This check-in is closed" in old.words
    assert "The check-in of Thu 26 Nov is closed. The next one has its own message." in old.words
    assert "Time for your check-in" in new.words
    await world.submit("ada", **WEEK)
    told = world.open_view("ada").words
    assert "What you have changed here is not stored; it stays so that you can copy it." in told
    assert "This check-in is closed. " in told
    assert world.lost("ada", **WEEK) == []
    assert [ask.state for ask in world.asks("ada")] == ["closed", "open"]
    assert world.rows(CheckIn) == []


@pytest.mark.parametrize("label", ["Check in", "Later today", "Tomorrow", "Skip this one"])
async def test_an_old_button_of_a_closed_check_in_answers_politely(chat: worlds.World, label: str) -> None:
    await chat.at(OPENS)
    pressed = await chat.press("ada", "Skip this one")
    await chat.press("ada", "Back")
    asked = await chat.press("ada", label)
    if chat.view("ada"):
        await chat.cancel("ada")
    await chat.at(NEXT_OPENS)
    await chat.redeliver(pressed)
    await chat.again(asked)
    assert "This check-in is closed" in chat.messages("ada")[0].words
    assert not chat.is_asked("ada")
    assert [ask.state for ask in chat.asks("ada")] == ["closed", "open"]


async def test_by_word_the_current_one_opens_until_its_due_also_to_edit(chat: worlds.World) -> None:
    await chat.at(OPENS)
    await chat.answer("ada", **WEEK)
    await chat.at("2026-11-27 15:59")
    await chat.command("ada", "/checkin")
    assert chat.typed("ada") == WEEK
    assert "Edit your check-in" in chat.open_view("ada").title
    await chat.cancel("ada")
    await chat.at(DUE)
    await chat.command("ada", "/checkin")
    assert "This one is for Thu 3 Dec" in chat.open_view("ada").words
    assert chat.typed("ada") == {}


async def test_by_word_an_unanswered_one_opens_late_until_the_next(chat: worlds.World) -> None:
    await chat.at(OPENS)
    await chat.at("2026-12-01 11:00")
    await chat.command("ada", "/checkin")
    assert "This one was due Fri 27 Nov, 16:00" in chat.open_view("ada").words
    await chat.submit("ada", **WEEK)
    await chat.command("ada", "/checkin")
    assert "This one is for Thu 3 Dec" in chat.open_view("ada").words


async def test_an_empty_answer_is_told_at_its_field_and_nothing_typed_is_lost(world: worlds.World) -> None:
    await world.at(OPENS)
    await world.press("ada", "Check in")
    await world.submit("ada", progress="   ", next="Write the guide", mood="4")
    assert world.errors("ada") == {"progress": "Please answer this one; a few words are enough."}
    assert world.typed("ada") == {"progress": "   ", "next": "Write the guide", "mood": "4"}
    assert world.rows(CheckIn) == []
    await world.submit("ada", progress="Shipped search")
    assert world.view("ada") is None
    assert written(world) == [{"progress": "Shipped search", "next": "Write the guide"}]


async def test_a_too_long_answer_is_told_at_its_field(world: worlds.World) -> None:
    await world.at(OPENS)
    await world.press("ada", "Check in")
    await world.force("ada", progress="x" * 100_000, next="Write the guide")
    assert "That is 100000 characters; up to 1500 fit here. Please shorten it." in world.errors("ada")["progress"]
    assert world.typed("ada")["next"] == "Write the guide"
    assert world.rows(CheckIn) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("We moved a lot\x00 of it", "An invisible character after “moved a lot” cannot be stored (number 15)."),
        ("a\ud800b", "An invisible character after “a” cannot be stored (number 2)."),
        ("\x00a", "An invisible character at the beginning cannot be stored."),
        ("\x00a\x01b", "cannot be stored (numbers 1, 3), the first one at the beginning."),
        ("2027-11-28\x00b\x01", "cannot be stored (numbers 11, 13), the first one after “2027-11-28”."),
        ("a" + "\x00" * 9, "(numbers 2, 3, 4, 5, 6, …), the first one after “a”."),
    ],
)
async def test_what_no_database_can_hold_is_refused_at_its_field(world: worlds.World, text: str, told: str) -> None:
    await world.at(OPENS)
    await world.press("ada", "Check in")
    await world.force("ada", progress=text, next="Write the guide")
    assert told in world.errors("ada")["progress"]
    assert world.rows(CheckIn) == []


async def test_what_looks_like_markup_is_stored_and_shown_as_text(world: worlds.World) -> None:
    odd = "<!channel> <@U1> *bold* _it_ ~no~ `x` &amp; <https://example.org|here> & 🎉 \u202e"
    await world.at(OPENS)
    await world.answer("ada", progress=odd, next="a\r\nb")
    assert written(world) == [{"progress": odd.strip(), "next": "a\nb"}]
    await world.press("ada", "Read")
    assert odd.strip() in world.plain(world.open_view("ada"))
    assert world.marked(world.open_view("ada")) == []


async def test_an_edit_makes_a_second_version_and_an_unchanged_one_none(world: worlds.World) -> None:
    await world.at(OPENS)
    await world.answer("ada", **WEEK)
    await world.later(hours=1)
    await world.press("ada", "Edit")
    await world.submit("ada")
    assert world.view("ada") is None
    assert len(world.rows(CheckInVersion)) == 1
    await world.press("ada", "Edit")
    await world.submit("ada", progress="Shipped search and sorting")
    assert written(world) == [WEEK, {**WEEK, "progress": "Shipped search and sorting"}]
    assert "Stored Thu 26 Nov, 11:00." in world.words("ada")
    assert len(world.messages("ada")) == 1
    actions = [event.action for event in world.rows(AuditEvent) if event.action.startswith("checkin")]
    assert actions == ["checkin.submitted", "checkin.edited"]


async def test_after_its_due_a_check_in_is_not_edited(chat: worlds.World) -> None:
    await chat.at(OPENS)
    await chat.answer("ada", **WEEK)
    await chat.press("ada", "Edit")
    await chat.at(DUE)
    await chat.submit("ada", progress="Shipped more")
    assert chat.notice("ada") == (
        "What you have changed here is not stored; it stays so that you can copy it. "
        "This check-in can no longer be edited. It could be edited until Fri 27 Nov, 16:00. "
        "What you had sent before that stays as it was."
    )
    assert chat.lost("ada", progress="Shipped more") == []
    await chat.cancel("ada")
    await chat.press("ada", "Edit")
    assert not chat.is_asked("ada")
    assert "It could be edited until Fri 27 Nov, 16:00." in chat.words("ada")
    assert chat.labels("ada") == ["Read", "Who opened this"]
    assert len(chat.rows(CheckInVersion)) == 1


async def test_who_reads_is_the_manager_of_the_day_and_it_leaves_a_trace(world: worlds.World) -> None:
    await world.at(OPENS)
    await world.answer("ada", **WEEK, mood="2")
    [checkin] = world.rows(CheckIn)
    await world.read("grace", checkin.id)
    assert "Shipped search" in world.open_view("grace").words
    assert "How did this week feel?" not in world.open_view("grace").words
    [seen] = [event for event in world.rows(AuditEvent) if event.action == "answer.read"]
    with world.look() as db:
        assert seen.actor_id == world.person(db, "grace").id
    assert world.rows(CheckIn)[0].seen_at == world.clock.now()
    assert [message for message in world.messages("grace") if "Shipped" in message.words] == []


async def test_a_shared_mood_is_seen_by_the_manager(chat: worlds.World) -> None:
    await chat.at(OPENS)
    await chat.answer("ada", **WEEK, mood="2", share_mood=True)
    [checkin] = chat.rows(CheckIn)
    await chat.read("grace", checkin.id)
    assert "How did this week feel?" in chat.open_view("grace").words
    assert "Show my manager" not in chat.open_view("grace").words


@pytest.mark.parametrize("who", ["eve", "hana", "linus"])
async def test_nobody_else_reads_it(chat: worlds.World, who: str) -> None:
    await chat.at(OPENS)
    await chat.answer("ada", **WEEK)
    [checkin] = chat.rows(CheckIn)
    await chat.read(who, checkin.id)
    assert "This is not yours to read" in chat.open_view(who).words + chat.open_view(who).title
    assert "Shipped" not in chat.open_view(who).words
    assert [event for event in chat.rows(AuditEvent) if event.action == "answer.read"] == []


async def test_my_own_reading_is_no_event(chat: worlds.World) -> None:
    await chat.at(OPENS)
    await chat.answer("ada", **WEEK, mood="2", blocked=True)
    await chat.press("ada", "Read")
    assert "Shipped search" in chat.open_view("ada").words
    assert "How did this week feel?" in chat.open_view("ada").words
    assert [event for event in chat.rows(AuditEvent) if event.action == "answer.read"] == []
    assert chat.rows(CheckIn)[0].seen_at is None


async def test_no_answer_stands_in_the_outbox(world: worlds.World) -> None:
    await world.at(OPENS)
    await world.answer("ada", **WEEK)
    with world.look() as db:
        assert [row for row in db.query(OutboxRow) if "Shipped" in (row.body or "")] == []


async def test_who_is_in_no_programme_is_told_who_starts_it(chat: worlds.World) -> None:
    with chat.look() as db:
        person = chat.person(db, "eve").id
        for turn in db.query(Turn).filter_by(person_id=person):
            db.delete(turn)
    await chat.command("eve", "/checkin")
    assert "No check-in is planned for you" in chat.words("eve")
    assert "HR starts it for your department" in chat.words("eve")


async def test_a_carried_line_that_was_deleted_does_not_come_back_by_itself(chat: worlds.World) -> None:
    await chat.at("2026-11-26T10:01")
    await chat.answer("ada", progress="Shipped search", next="Write the guide\nFix the build")
    await chat.at("2026-12-03T10:01")
    await chat.command("ada", "/checkin")
    await chat.choose("ada", **{"last_next.0": "carry_on"})
    assert chat.typed("ada")["next"] == "Write the guide"
    chat.type_in("ada", next="Rest")
    await chat.choose("ada", **{"last_next.1": "done"})
    assert chat.typed("ada")["next"] == "Rest"
    await chat.cancel("ada")
    await chat.command("ada", "/checkin")
    assert chat.typed("ada")["next"] == "Rest"
    await chat.choose("ada", **{"last_next.1": "carry_on"})
    assert chat.typed("ada")["next"] == "Rest\nFix the build"


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({}, "You and Grace Murray can read it."),
        ({"mood": "2"}, "can read the text; how the week felt stays with you."),
        ({"mood": "2", "share_mood": True}, "can read it, also how the week felt."),
    ],
)
async def test_the_receipt_tells_mood_apart(chat: worlds.World, answers: dict[str, object], said: str) -> None:
    await chat.at(OPENS)
    await chat.answer("ada", **WEEK, **answers)
    assert said in chat.words("ada")


async def test_more_than_three_priorities_are_refused_at_the_question(chat: worlds.World) -> None:
    await chat.at(OPENS)
    await chat.press("ada", "Check in")
    await chat.submit("ada", progress="Shipped search", next="One\nTwo\nThree\nFour\nFive")
    assert chat.errors("ada") == {"next": "At most three, one for each line; these are 5."}
    await chat.submit("ada", progress="Shipped search", next="One\nTwo\nThree")
    assert not chat.is_asked("ada")


async def test_the_receipt_stands_once_the_older_message_points_to_it(chat: worlds.World) -> None:
    await chat.at(OPENS)
    await chat.at(REMINDS)
    prompt, reminder = chat.messages("ada")
    await chat.press("ada", "Check in", prompt)
    await chat.submit("ada", **WEEK)
    older, newer = chat.messages("ada")
    assert older.words == "Your check-in is stored\nA newer message here tells you more."
    assert "You can edit it until" in newer.words
    assert (chat.place(older), chat.place(newer)) == (chat.place(prompt), chat.place(reminder))
