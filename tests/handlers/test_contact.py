from __future__ import annotations

from datetime import datetime

import pytest
import world as worlds
from sqlalchemy import select

from bot.messages import Button
from bot.storage.audit import AuditEvent
from bot.storage.blockers import Blocker
from bot.storage.checkin import CheckIn
from bot.storage.contacts import FirstContact, plan_contacts
from bot.storage.inbox import InboxItem
from bot.storage.outbox import OutboxRow
from bot.storage.people import Role
from bot.storage.programmes import Programme, Turn

WEEK = {"progress": "Shipped search", "next": "Write the guide"}
# Thursday afternoon in Lisbon is Thursday morning in New York: Ada and Grace both work.
BOTH_WORK = "2026-11-26 15:00"


@pytest.fixture
def introduced(request: pytest.FixtureRequest) -> bool:
    return "news_to_me" not in request.fixturenames


@pytest.fixture
def news_to_me() -> None:
    """For tests in which nobody had a first contact yet."""


async def contacted(world: worlds.World, *people: str, at: str = "2026-11-23 15:00") -> None:
    with world.look() as db:
        for turn in db.scalars(select(Turn)):
            turn.next_due_at = None
        programme = db.scalars(select(Programme)).one()
        plan_contacts(db, [world.person(db, one).id for one in people], programme.id, {}, world.clock.now())
    await world.at(at)


async def disputed(world: worlds.World, who: str = "ada", **answers: object) -> None:
    await world.command(who, "/review", "not my manager")
    await world.submit(who, **answers)


def items(world: worlds.World) -> list[InboxItem]:
    return sorted(world.rows(InboxItem), key=lambda item: item.created_at)


async def test_it_says_who_i_am_who_reads_what_and_when_the_first_question_comes(
    chat: worlds.World, news_to_me: None
) -> None:
    await contacted(chat, "ada")
    words = chat.words("ada")
    assert words.startswith("I'm Rapport")
    assert "HR starts a check-in here: each week, about 3 minutes, in this chat." in words
    assert "It is no test" in words
    assert "Your manager here is Grace Murray. Grace Murray reads what you write in a check-in" in words
    assert "1:1" not in words
    assert "review" not in words
    assert "HR sees who has answered" in words
    assert "nobody reads channels" in words
    assert "mood only if you share it" in words
    assert "OK only says that you have read this." in words
    assert "Your first question comes Thu 26 Nov, 10:00." in words
    assert chat.labels("ada") == ["OK", "Not my manager", "My hours", "What is stored", "Ask HR…"]


async def test_ok_leaves_a_receipt_with_the_hours(world: worlds.World, news_to_me: None) -> None:
    await contacted(world, "ada")
    pressed = await world.press("ada", "OK")
    assert world.words("ada").startswith("You are set")
    assert "First question: Thu 26 Nov, 10:00." in world.words("ada")
    assert world.labels("ada") == ["My hours", "What is stored"]
    before = world.rows(FirstContact)[0].answered_at
    await world.again(pressed)
    assert world.titles("ada") == ["You are set"]
    [row] = world.rows(FirstContact)
    assert (row.state, row.answered_at) == ("ok", before)
    assert [one.action for one in world.rows(AuditEvent)].count("contact.ok") == 1
    await world.press("ada", "My hours")
    assert world.open_view("ada").title == "My hours"


async def test_a_manager_reads_what_they_will_see_and_what_is_expected(chat: worlds.World, news_to_me: None) -> None:
    await contacted(chat, "grace")
    words = chat.words("grace")
    assert "I know no manager for you yet" in words
    assert "You read the check-ins of your people" in words
    assert "a reaction within 3 working days" in words
    assert "hear from me once you press OK" not in words
    assert "Not my manager" not in chat.labels("grace")


async def test_after_the_ok_a_manager_keeps_the_duties_and_reads_when_the_people_hear(
    chat: worlds.World, news_to_me: None
) -> None:
    await contacted(chat, "grace")
    [programme] = chat.rows(Programme)
    with chat.look() as db:
        people = [chat.person(db, one).id for one in ("ada", "linus")]
        plan_contacts(db, people, programme.id, dict.fromkeys(people), chat.clock.now())
    await chat.press("grace", "My hours")
    await chat.submit("grace", ends="17:00")
    first = chat.messages("grace")[0]
    assert "2 of your people hear from me once you press OK" in first.words
    assert "lets me write to your people" in first.words
    await chat.press("grace", "OK", first)
    words = chat.messages("grace")[0].words
    assert words.startswith("You are set")
    assert "a reaction within 3 working days" in words
    assert "get such a message from Thu 26 Nov on" in words


async def test_the_first_question_follows_an_absence(chat: worlds.World, news_to_me: None) -> None:
    await contacted(chat, "ada")
    await chat.press("ada", "OK")
    confirmed = chat.place(chat.last("ada"))
    await chat.command("ada", "/review", "away")
    await chat.submit("ada", back="2026-12-12")
    words = next(message.words for message in chat.messages("ada") if chat.place(message) == confirmed)
    # What opens meanwhile is due later, by the days she is away.
    assert "First question: Mon 14 Dec, 09:00." in words
    await chat.command("ada", "/review", "back")
    words = next(message.words for message in chat.messages("ada") if chat.place(message) == confirmed)
    assert "First question: Thu 26 Nov, 10:00." in words


async def test_what_is_stored_opens_as_a_dialog(chat: worlds.World, news_to_me: None) -> None:
    await contacted(chat, "ada")
    await chat.press("ada", "What is stored")
    assert "no channel" in chat.open_view("ada").words


async def test_an_ok_from_before_the_first_contact_does_nothing(chat: worlds.World, news_to_me: None) -> None:
    message = chat.given("ada", Button("OK", "contact.ok"))
    await chat.press("ada", "OK", message)
    assert chat.rows(FirstContact) == []


async def test_not_my_manager_goes_to_hr_and_is_told_where_it_was_pressed(
    world: worlds.World, news_to_me: None
) -> None:
    await contacted(world, "ada")
    await world.press("ada", "Not my manager")
    assert "Grace Murray reads nothing of yours" in world.open_view("ada").words
    await world.submit("ada", words="😀" * 3000)
    [item] = items(world)
    assert (item.kind, item.state) == ("not_my_manager", "open")
    # Two working days on, at the end of Ada's day.
    assert item.due_at == datetime.fromisoformat("2026-11-25T17:30+00:00")
    assert (
        "You say that Grace Murray is not your manager. HR answers by Wed 25 Nov, 17:30"
        in world.messages("ada")[0].words
    )
    assert "Not my manager" not in world.labels("ada", world.messages("ada")[0])
    assert world.words("hana").startswith("Ada Byron says: not my manager")
    assert "😀" not in world.words("hana")
    assert "inbox.not_my_manager" in [row.action for row in world.rows(AuditEvent)]


async def test_said_twice_it_is_one(world: worlds.World) -> None:
    await world.at("2026-11-23 15:00")
    await world.command("ada", "/review", "not my manager")
    sent = await world.submit("ada")
    await world.again(sent)
    assert len(items(world)) == 1
    again = await world.reply("ada", "/review", "not my manager")
    assert "HR answers by" in again
    assert len(items(world)) == 1


async def test_who_changed_managers_since_the_message_is_told_the_new_one(
    world: worlds.World, news_to_me: None
) -> None:
    await contacted(world, "ada")
    world.reports("ada", to="linus")
    message = world.last("ada")
    await world.press("ada", "Not my manager", message)
    assert not world.is_asked("ada")
    assert world.words("ada").startswith("Your manager here is now Linus Holm")
    assert items(world) == []


async def test_a_form_that_named_another_manager_keeps_its_text(chat: worlds.World) -> None:
    await chat.at("2026-11-23 15:00")
    await chat.command("ada", "/review", "not my manager")
    chat.reports("ada", to="linus")
    await chat.submit("ada", words="It is Linus")
    assert items(chat) == []
    assert "it stays so that you can copy it. Your manager here is now Linus Holm" in chat.open_view("ada").words
    assert chat.lost("ada", words="It is Linus") == []


async def test_without_a_manager_hr_is_told_that_one_is_missing(chat: worlds.World) -> None:
    for _ in range(2):
        said = await chat.reply("eve", "/review", "not my manager")
        assert "I know no manager for you" in said
    assert [item.kind for item in items(chat)] == ["no_manager"]


async def test_without_hr_the_hold_stands_and_it_says_whom_to_ask(chat: worlds.World) -> None:
    with chat.look() as db:
        for role in db.scalars(select(Role)):
            db.delete(role)
    await disputed(chat)
    assert "Nobody of HR is here who could settle it yet." in chat.words("ada")
    assert [item.state for item in items(chat)] == ["open"]


async def test_what_was_sent_before_can_no_longer_be_read_by_whom_it_names(world: worlds.World) -> None:
    await world.at(BOTH_WORK)
    await world.answer("ada", **WEEK)
    [checkin] = world.rows(CheckIn)
    await disputed(world)
    await world.read("grace", checkin.id)
    view = world.open_view("grace").words
    assert "Ada Byron says that you are not their manager; HR is looking." in view
    await world.home("grace")
    assert "Shipped search" not in world.seen("grace")
    assert "Ada Byron, " not in world.home_words("grace")
    receipt = next(m for m in world.messages("ada") if m.words.startswith("Your check-in is stored"))
    assert "Nobody but you reads it until HR has settled who your manager is." in receipt.words


async def test_what_is_sent_meanwhile_says_who_reads_it_and_alerts_nobody(world: worlds.World) -> None:
    await world.at(BOTH_WORK)
    await disputed(world)
    before = world.titles("grace")
    question = next(m for m in world.messages("ada") if m.words.startswith("Time for your check-in"))
    assert "Nobody but you reads it until HR has settled who your manager is." in question.words
    await world.command("ada", "/checkin")
    assert "once HR has settled who that is" in world.open_view("ada").words
    await world.choose("ada", blocked=True)
    await world.submit("ada", **WEEK, blocker="The licence")
    receipt = next(m for m in world.messages("ada") if m.words.startswith("Your check-in is stored"))
    assert "Nobody but you reads it until HR has settled who your manager is." in receipt.words
    assert world.titles("grace") == before
    [checkin] = world.rows(CheckIn)
    assert checkin.reader_id is None
    await world.home("ada")
    assert "held back until HR has settled" in world.home_words("ada")


async def test_a_form_opened_before_says_it_when_it_is_sent(chat: worlds.World) -> None:
    await chat.at(BOTH_WORK)
    await chat.command("ada", "/checkin")
    form = chat.open_view("ada")
    await disputed(chat)
    await chat.show_again("ada", form)
    await chat.submit("ada", **WEEK)
    assert "Nobody but you reads it until HR has settled" in chat.open_view("ada").words
    await chat.submit("ada", **WEEK)
    assert [one.reader_id for one in chat.rows(CheckIn)] == [None]


async def test_an_alert_that_waits_for_the_morning_is_not_sent_any_more(world: worlds.World) -> None:
    # Thursday morning in Lisbon is night in New York.
    await world.at("2026-11-26 10:30")
    await world.command("ada", "/checkin")
    await world.choose("ada", blocked=True)
    await world.submit("ada", **WEEK, blocker="The licence")
    await disputed(world)
    await world.at("2026-11-26 12:00", "America/New_York")
    assert not [title for title in world.titles("grace") if "in the way" in title]
    await world.press(
        "ada", "It was a mistake", next(m for m in world.messages("ada") if "It was a mistake" in world.drawn(m))
    )
    assert [title for title in world.titles("grace") if "in the way" in title]


async def test_what_is_in_the_way_is_not_with_them_while_it_is_open(world: worlds.World) -> None:
    await world.at(BOTH_WORK)
    await world.command("ada", "/checkin")
    await world.choose("ada", blocked=True)
    await world.submit("ada", **WEEK, blocker="The licence")
    assert world.words("grace").startswith("Ada Byron reported something in the way")
    await world.home("grace")
    assert "Ada Byron: open" in world.home_words("grace")
    await disputed(world)
    assert not [title for title in world.titles("grace") if "in the way" in title]
    await world.home("grace")
    assert "Ada Byron: open" not in world.home_words("grace")
    [blocker] = world.rows(Blocker)
    for name in ("blocker.take", "blocker.solve", "blocker.pass_up", "blocker.show"):
        await world.press("grace", "Go", world.given("grace", Button("Go", name, blocker.id)))
        assert "HR is looking." in world.told("grace")
    assert [one.state for one in world.rows(Blocker)] == ["open"]


async def test_taken_back_it_is_readable_again(world: worlds.World) -> None:
    await world.at(BOTH_WORK)
    await disputed(world)
    said = world.last("ada")
    await world.answer("ada", **WEEK)
    pressed = await world.press("ada", "It was a mistake", said)
    await world.again(pressed)
    [item] = items(world)
    assert (item.state, item.text_sealed) == ("withdrawn", None)
    [checkin] = world.rows(CheckIn)
    await world.read("grace", checkin.id)
    assert "Shipped search" in world.open_view("grace").words
    receipt = next(m for m in world.messages("ada") if m.words.startswith("Your check-in is stored"))
    assert "You and Grace Murray can read it." in receipt.words


async def test_who_acts_for_the_manager_reads_it_no_more_than_they_do(chat: worlds.World) -> None:
    await chat.at(BOTH_WORK)
    await chat.answer("ada", **WEEK)
    chat.delegates("grace", "eve", "2026-11-26", "2026-12-04")
    await disputed(chat)
    [checkin] = chat.rows(CheckIn)
    await chat.read("eve", checkin.id)
    assert "Ada Byron says that Grace Murray is not their manager" in chat.open_view("eve").words
    await chat.home("eve")
    assert "Ada Byron, " not in chat.home_words("eve")


async def test_nor_does_the_manager_who_acts_for_an_earlier_reader(chat: worlds.World) -> None:
    chat.reports("ada", to="linus")
    await chat.at(BOTH_WORK)
    await chat.answer("ada", **WEEK)
    chat.delegates("linus", "grace", "2026-11-26", "2026-12-04")
    await chat.at("2026-11-27 15:00")
    chat.reports("ada", to="grace")
    await disputed(chat)
    [checkin] = chat.rows(CheckIn)
    await chat.read("grace", checkin.id)
    assert "Held back for now" in chat.open_view("grace").words
    await chat.home("grace")
    assert "Ada Byron, " not in chat.home_words("grace")
    await chat.read("linus", checkin.id)
    assert "Shipped search" in chat.open_view("linus").words


def leaked(chat: worlds.World) -> list[str]:
    """What Grace sees of what is not for her."""
    screen = chat.seen("grace")
    return [secret for secret in ("Shipped", "guide", "licence", "She left") if secret in screen]


async def test_no_path_lets_the_manager_read_while_it_is_open(chat: worlds.World) -> None:
    """Every verb of a check-in and of a blocker, pressed by the manager, before and after HR has taken the item."""
    await chat.at(BOTH_WORK)
    await chat.command("ada", "/checkin")
    await chat.choose("ada", blocked=True)
    await chat.submit("ada", **WEEK, blocker="The licence")
    [checkin] = chat.rows(CheckIn)
    blocker = chat.rows(Blocker)[0].id
    await disputed(chat, words="She left us")
    names = chat.app.engine.registry.conversations
    about = [(name, checkin.id) for name in names if name.startswith("checkin.")]
    about += [(name, blocker) for name in names if name.startswith("blocker.")]
    about += [(name, items(chat)[0].id) for name in names if name.startswith("inbox.")]
    for taken in (False, True):
        if taken:
            await chat.press("hana", "Take it")
            assert items(chat)[0].state == "taken"
        # Drawn anew after every act from now on.
        await chat.home("grace")
        for name, one in about:
            await chat.press("grace", "Go", chat.given("grace", Button("Go", name, one)))
            assert not leaked(chat), name
        for word in ("", "inbox"):
            await chat.command("grace", "/review", word)
        await chat.home_again("grace")
        assert not leaked(chat)
    for row in chat.rows(OutboxRow):
        assert row.state != "dead"
