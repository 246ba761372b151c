from __future__ import annotations

import copy
import random
from itertools import groupby

import pytest
import world as worlds

from bot.storage.audit import AuditEvent
from bot.storage.checkin import CheckIn, CheckInVersion
from bot.storage.comments import AgendaItem, Comment
from bot.storage.outbox import OutboxRow

WEEK = {"progress": "Shipped search", "next": "Write the guide"}
# Thursday afternoon in Lisbon is Thursday morning in New York: Ada and Grace both work.
BOTH_WORK = "2026-11-26 15:00"


async def sent(world: worlds.World, at: str = BOTH_WORK) -> None:
    """Ada's check-in is there, Grace has opened her home."""
    await world.at(at)
    await world.answer("ada", **WEEK)
    await world.home("grace")


def dialog(world: worlds.World, who: str) -> str:
    return str(world.open_view(who).words)


def home(world: worlds.World, who: str) -> object:
    return world.home_of(who)


async def opened(world: worlds.World, who: str = "grace") -> str:
    await world.home(who)
    await world.press(who, "Read", home(world, who))
    return dialog(world, who)


async def said(world: worlds.World, who: str, label: str, text: str) -> None:
    await world.press(who, label, world.open_view(who))
    await world.submit(who, text=text)


async def test_the_manager_finds_what_is_to_be_read_at_home_and_in_the_menu(world: worlds.World) -> None:
    await sent(world)
    assert "Check-ins to read\nAda Byron, Thu 26 Nov, 10:00" in world.home_words("grace")
    await world.command("grace", "/review")
    assert "Check-ins to read" in world.words("grace")
    shown = await opened(world)
    assert "Ada Byron: check-in of Thu 26 Nov" in shown
    assert "Shipped search" in shown
    assert "Ada Byron sees that you have opened this." in shown
    await world.home("grace")
    assert "Check-ins to read" not in world.home_words("grace")


async def test_the_author_sees_who_opened_it_and_when(world: worlds.World) -> None:
    await sent(world)
    await world.press("ada", "Who opened this")
    assert "Nobody has opened it yet." in dialog(world, "ada")
    await opened(world)
    await world.press("ada", "Who opened this")
    assert "Thu 26 Nov, 15:00: Grace Murray, your manager" in dialog(world, "ada")
    await world.home("ada")
    assert "Thu 26 Nov: opened by your manager" in world.home_words("ada")


async def test_own_reading_leaves_no_trace(chat: worlds.World) -> None:
    await sent(chat)
    await chat.press("ada", "Read")
    assert [row for row in chat.rows(AuditEvent) if row.action == "answer.read"] == []


async def test_a_comment_reaches_the_author_as_news_without_its_words(world: worlds.World) -> None:
    await sent(world)
    await opened(world)
    await said(world, "grace", "Comment…", "The ranking is a joy")
    assert "The ranking is a joy" in dialog(world, "grace")
    assert world.words("ada").startswith("About your check-in of Thu 26 Nov\nGrace Murray wrote a comment.")
    assert "joy" not in world.words("ada")
    assert world.labels("ada") == ["Read", "Reply…", "Thank"]
    await world.press("ada", "Read")
    assert "The ranking is a joy" in dialog(world, "ada")


async def test_they_answer_each_other_as_long_as_they_like(world: worlds.World) -> None:
    await sent(world)
    await opened(world)
    await said(world, "grace", "Ask a follow-up…", "Which index?")
    await world.press("ada", "Reply…")
    await world.submit("ada", text="The second one")
    assert "Which index?" in dialog(world, "ada")
    assert world.words("grace").startswith("About Ada Byron's check-in of Thu 26 Nov\nAda Byron replied.")
    await world.press("grace", "Read")
    await said(world, "grace", "Ask a follow-up…", "And its size?")
    assert [one.kind for one in world.rows(Comment)] == ["follow_up", "reply", "follow_up"]
    assert "The second one" in dialog(world, "grace")


async def test_what_happens_within_a_quarter_of_an_hour_is_one_message(world: worlds.World) -> None:
    await sent(world)
    await opened(world)
    before = len(world.messages("ada"))
    await world.press("grace", "Thank", world.open_view("grace"))
    await said(world, "grace", "Comment…", "One")
    await world.press("grace", "Add to 1:1", world.open_view("grace"))
    assert len(world.messages("ada")) == before + 1
    assert "Grace Murray thanks you." in world.words("ada")
    assert "Grace Murray wrote a comment." in world.words("ada")
    assert "Grace Murray wants to talk about it in your next 1:1." in world.words("ada")
    await world.later(minutes=20)
    await said(world, "grace", "Comment…", "Two")
    assert len(world.messages("ada")) == before + 2
    assert "thanks" not in world.words("ada")


async def test_news_waits_for_the_readers_hours(world: worlds.World) -> None:
    """22:00 in Lisbon is 17:00 in New York: Grace still works, Ada does not."""
    await sent(world, "2026-11-26 21:50")
    await opened(world)
    before = world.titles("ada")
    await said(world, "grace", "Comment…", "Good")
    assert world.titles("ada") == before
    await world.at("2026-11-27 08:59")
    assert world.titles("ada") == before
    await world.at("2026-11-27 09:00")
    assert "About your check-in of Thu 26 Nov" in world.titles("ada")


async def test_what_is_taken_back_before_it_goes_out_is_never_told(world: worlds.World) -> None:
    await sent(world, "2026-11-26 21:50")
    await opened(world)
    before = world.titles("ada")
    await said(world, "grace", "Comment…", "Too harsh")
    await world.press("grace", "Take back", world.open_view("grace"))
    assert "Taken back. Nobody has read it." in dialog(world, "grace")
    assert "Too harsh" not in dialog(world, "grace")
    await world.at("2026-11-27 09:00")
    assert [title for title in world.titles("ada") if title.startswith("About")] == []
    assert before == world.titles("ada")[: len(before)]
    [comment] = world.rows(Comment)
    assert comment.text_sealed is None
    assert world.rows(CheckIn)[0].answered_at is None


async def test_what_is_taken_back_later_is_drawn_out_of_the_news(world: worlds.World) -> None:
    await sent(world)
    await opened(world)
    await said(world, "grace", "Comment…", "Too harsh")
    await world.press("grace", "Take back", world.open_view("grace"))
    assert world.words("ada").startswith("This was taken back")


async def test_what_was_opened_stays(chat: worlds.World) -> None:
    await sent(chat)
    await opened(chat)
    await said(chat, "grace", "Comment…", "Fine")
    still_open = copy.deepcopy(chat.open_view("grace"))
    await chat.press("ada", "Read")
    await chat.press("grace", "Take back", still_open)
    assert "Ada Byron has opened it already, so it stays." in dialog(chat, "grace")
    assert "Fine" in dialog(chat, "grace")


async def test_thanks_are_said_once_and_can_be_taken_back(world: worlds.World) -> None:
    await sent(world)
    await opened(world)
    first = await world.press("grace", "Thank", world.open_view("grace"))
    await world.again(first)
    assert [one.kind for one in world.rows(Comment)] == ["thanks"]
    await world.press("grace", "Take thanks back", world.open_view("grace"))
    assert world.words("ada").startswith("This was taken back")
    assert "Thank" in world.labels("grace", world.open_view("grace"))


async def test_the_author_thanks_from_the_news_itself(world: worlds.World) -> None:
    await sent(world)
    await opened(world)
    await said(world, "grace", "Comment…", "Lovely")
    await world.press("ada", "Thank")
    assert "You have thanked." in world.words("ada")
    assert world.labels("ada") == ["Read", "Reply…", "Take thanks back"]
    assert "Ada Byron thanks you." in world.words("grace")
    await world.press("ada", "Take thanks back")
    assert world.labels("ada") == ["Read", "Reply…", "Thank"]


async def test_the_next_one_to_one_shows_it_to_both_and_it_can_be_taken_off(world: worlds.World) -> None:
    await sent(world)
    await opened(world)
    await world.press("grace", "Add to 1:1", world.open_view("grace"))
    reading = world.open_view("grace")
    await world.home("grace")
    assert "For the next 1:1\nWith Ada Byron: check-in of Thu 26 Nov" in world.home_words("grace")
    await world.home("ada")
    assert "With Grace Murray: check-in of Thu 26 Nov" in world.home_words("ada")
    if world.view("grace") is None:
        await world.show_again("grace", reading)
    await world.press("grace", "Take off the 1:1", world.open_view("grace"))
    assert world.rows(AgendaItem) == []


@pytest.mark.parametrize("who", ["linus", "eve", "hana"])
async def test_nobody_else_reads_it_and_is_told_whom_to_ask(chat: worlds.World, who: str) -> None:
    await sent(chat)
    checkin = chat.rows(CheckIn)[0].id
    await chat.read(who, checkin)
    assert "This is not yours to read" in dialog(chat, who)
    assert "If you think it should be you, please ask HR." in dialog(chat, who)
    assert [row for row in chat.rows(AuditEvent) if row.action == "answer.read"] == []


async def test_a_new_manager_is_told_that_earlier_check_ins_stay_closed(chat: worlds.World) -> None:
    await sent(chat)
    await chat.later(days=1)
    chat.reports("ada", to="eve")
    checkin = chat.rows(CheckIn)[0].id
    await chat.read("eve", checkin)
    assert "It was sent before Ada Byron came to you." in dialog(chat, "eve")
    await chat.read("grace", checkin)
    assert "Shipped search" in dialog(chat, "grace")


async def test_a_form_that_names_another_reader_than_there_is_now_is_asked_again(world: worlds.World) -> None:
    await world.at(BOTH_WORK)
    await world.command("ada", "/checkin")
    world.reports("ada", to="eve")
    await world.submit("ada", **WEEK)
    assert "Your manager has changed meanwhile: Eve Moreau would read this now." in dialog(world, "ada")
    assert world.typed("ada") == WEEK
    assert world.rows(CheckInVersion) == []
    await world.submit("ada", **WEEK)
    assert "You and Eve Moreau can read it." in world.words("ada")


async def test_a_delegate_reads_and_comments_on_behalf_of_the_manager(world: worlds.World) -> None:
    await sent(world)
    world.delegates("grace", to="eve", first="2026-11-23", last="2026-11-27")
    assert "Shipped search" in await opened(world, "eve")
    await said(world, "eve", "Comment…", "I read for Grace this week")
    assert "Eve Moreau wrote a comment." in world.words("ada")
    await world.press("ada", "Read")
    assert "Eve Moreau for Grace Murray" in dialog(world, "ada")
    await world.press("ada", "Who opened this", world.open_view("ada"))
    assert "Eve Moreau, for Grace Murray" in dialog(world, "ada")
    [comment] = world.rows(Comment)
    assert comment.on_behalf_of_id is not None
    await world.later(days=2)
    await world.read("eve", world.rows(CheckIn)[0].id)
    assert "This is not yours to read" in dialog(world, "eve")


async def test_a_comment_to_someone_who_left_is_not_taken_and_stays_on_the_screen(chat: worlds.World) -> None:
    await sent(chat)
    await opened(chat)
    await chat.press("grace", "Comment…", chat.open_view("grace"))
    with chat.look() as db:
        chat.person(db, "ada").status = "left"
    await chat.submit("grace", text="Thank you for everything")
    assert "no longer works here" in dialog(chat, "grace")
    assert chat.lost("grace", text="Thank you for everything") == []
    assert chat.rows(Comment) == []


async def test_an_answer_that_was_erased_meanwhile_says_so(chat: worlds.World) -> None:
    await sent(chat)
    with chat.look() as db:
        ada = chat.person(db, "ada").id
    chat.app.database.keys.forget(f"person:{ada}")
    assert "What was written here was erased." in await opened(chat)


async def test_a_read_of_a_removed_check_in_says_so(chat: worlds.World) -> None:
    await sent(chat)
    await chat.home("grace")
    chat.erase(chat.rows(CheckIn)[0])
    await chat.press("grace", "Read", home(chat, "grace"))
    assert "was removed" in dialog(chat, "grace")


async def test_three_thousand_characters_of_emoji_are_kept(world: worlds.World) -> None:
    await sent(world)
    await opened(world)
    text = "🙂" * 3000
    await said(world, "grace", "Comment…", text)
    [comment] = world.rows(Comment)
    with world.look() as db:
        assert db.get_one(Comment, comment.id).text == text
    await world.press("ada", "Read")
    assert dialog(world, "ada").count("🙂") == 3000


async def test_a_redelivered_comment_is_one(world: worlds.World) -> None:
    await sent(world)
    await opened(world)
    await world.press("grace", "Comment…", world.open_view("grace"))
    exchange = await world.submit("grace", text="Once")
    await world.redeliver(exchange)
    assert len(world.rows(Comment)) == 1
    assert [row.state for row in world.rows(OutboxRow) if row.purpose == "news"] == ["done"]


@pytest.mark.parametrize("seed", range(6))
async def test_who_opened_this_agrees_with_the_audit_rows(world: worlds.World, seed: int) -> None:
    """Whoever tries whatever, in any order: the author is shown exactly the rows; only those who may are in them."""
    chance = random.Random(seed)
    await sent(world)
    world.delegates("grace", to="eve", first="2026-11-23", last="2026-11-27")
    checkin = world.rows(CheckIn)[0].id
    expected: list[str] = []
    for _ in range(chance.randrange(4, 9)):
        who = chance.choice(["ada", "grace", "eve", "linus", "hana"])
        await world.read(who, checkin)
        again = chance.choice(["", "Thank", "Add to 1:1", "Take thanks back"])
        twice = again in world.labels(who, world.open_view(who))
        if twice:
            await world.press(who, again, world.open_view(who))
        if who in ("grace", "eve"):
            role = "your manager" if who == "grace" else "for Grace Murray"
            when = f"{world.clock.now():%a %-d %b, %H:%M}"
            expected += [f"{when}: {worlds.PEOPLE[who]}, {role}"] * (2 if twice else 1)
        await world.later(minutes=chance.randrange(1, 40))
    await world.press("ada", "Who opened this", world.messages("ada")[0])
    shown = [line for line in dialog(world, "ada").splitlines() if "Nov, " in line]
    counted = [(line, len(list(same))) for line, same in groupby(expected[::-1])]
    assert shown == [f"{line} ({count} times)" if count > 1 else line for line, count in counted]
    rows = [row for row in world.rows(AuditEvent) if row.action == "answer.read"]
    assert len(rows) == len(expected)
