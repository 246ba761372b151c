from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import world as worlds
from sqlalchemy import select

from bot import commands
from bot.conversation import Context
from bot.messages import Button
from bot.storage.audit import AuditEvent
from bot.storage.blockers import Blocker
from bot.storage.checkin import CheckIn
from bot.storage.inbox import InboxItem, new_item
from bot.storage.people import Person, ReportingLine, Role, manager_on
from desk import company

WEEK = {"progress": "Shipped search", "next": "Write the guide"}
BOTH_WORK = "2026-11-26 15:00"
QUESTION = "May I see my own file?"


async def asked(world: worlds.World, who: str = "ada", text: str = QUESTION) -> None:
    await world.command(who, "/review", "ask hr")
    await world.submit(who, text=text)


async def disputed(world: worlds.World, **answers: Any) -> None:
    await world.command("ada", "/review", "not my manager")
    await world.submit("ada", **answers)


def item(world: worlds.World) -> InboxItem:
    [found] = world.rows(InboxItem)
    assert isinstance(found, InboxItem)
    return found


def owner(world: worlds.World) -> str:
    taken = item(world).owner_id
    with world.look() as db:
        return db.get_one(Person, taken).name if taken else ""


def hr_too(world: worlds.World, who: str) -> None:
    commands.give_role(world.app.database, company.person(worlds.PEOPLE[who]).email, "hr_partner", world.clock)


async def tap(world: worlds.World, who: str, label: str) -> None:
    """In the open dialog."""
    await world.press(who, label, world.open_view(who))


async def settled(world: worlds.World, who: str = "hana", **answers: Any) -> None:
    await world.press(who, "Open", world.given(who, Button("Open", "inbox.open", item(world).id)))
    await tap(world, who, "Settle…")
    if answers["outcome"] == "changed":
        await world.choose(who, outcome="changed")
    await world.submit(who, **answers)


async def test_a_question_is_answered_and_read(world: worlds.World) -> None:
    await world.at(BOTH_WORK)
    await asked(world)
    assert world.words("ada").startswith("Your question is with HR")
    assert "You get an answer by Mon 30 Nov, 17:30." in world.words("ada")
    assert world.words("hana").startswith("Ada Byron asks HR something")
    assert not [m for who in ("ada", "hana") for m in world.messages(who) if QUESTION in m.words]
    await world.press("hana", "Open")
    assert QUESTION in world.open_view("hana").words
    await tap(world, "hana", "Answer…")
    await world.submit("hana", answer="Of course")
    assert "Of course" in world.open_view("hana").words
    assert world.words("hana").startswith("Ada Byron asks HR something")
    assert "Hana Sato has answered." in world.words("hana")
    assert world.words("ada").startswith("Hana Sato has answered your question to HR")
    assert "Of course" not in world.words("ada")
    await world.press("ada", "Read")
    assert QUESTION in world.open_view("ada").words
    assert "Of course" in world.open_view("ada").words
    await tap(world, "ada", "Ask again…")
    assert world.open_view("ada").title == "Ask HR"
    actions = [row.action for row in world.rows(AuditEvent)]
    assert actions.count("inbox.asked") == actions.count("inbox.answered") == actions.count("inbox.read") == 1


async def test_what_is_asked_and_answered_is_sealed_each_with_its_writers_key(world: worlds.World) -> None:
    await asked(world)
    await world.press("hana", "Open", world.given("hana", Button("Open", "inbox.open", item(world).id)))
    await tap(world, "hana", "Answer…")
    await world.submit("hana", answer="Of course")
    row = item(world)
    assert QUESTION.encode() not in (row.text_sealed or b"")
    assert b"Of course" not in (row.answer_sealed or b"")
    with world.look() as db:
        ada = world.person(db, "ada").id
    world.app.database.keys.forget(f"person:{ada}")
    await world.press("hana", "Open", world.given("hana", Button("Open", "inbox.open", row.id)))
    assert "(erased)" in world.open_view("hana").words
    assert "Of course" in world.open_view("hana").words
    await world.press("ada", "Read", world.given("ada", Button("Read", "inbox.read", row.id)))
    assert "(erased)" in world.open_view("ada").words


async def test_a_contradiction_whose_key_was_erased_can_still_be_settled(chat: worlds.World) -> None:
    await chat.at(BOTH_WORK)
    await disputed(chat, words="It is Linus")
    with chat.look() as db:
        ada = chat.person(db, "ada").id
    chat.app.database.keys.forget(f"person:{ada}")
    await settled(chat, outcome="right")
    assert item(chat).outcome == "right"


async def test_three_thousand_emoji_fit_and_are_shown_whole(chat: worlds.World) -> None:
    await chat.at(BOTH_WORK)
    await asked(chat, text="🙂" * 3000)
    await chat.press("hana", "Open")
    assert chat.open_view("hana").words.count("🙂") == 3000


async def test_sent_twice_a_question_is_one(world: worlds.World) -> None:
    await world.at(BOTH_WORK)
    await world.command("ada", "/review", "ask hr")
    sent = await world.submit("ada", text=QUESTION)
    await world.again(sent)
    assert item(world).state == "open"
    assert len([title for title in world.titles("hana") if "asks HR" in title]) == 1


async def test_taken_and_given_back_it_has_one_owner(world: worlds.World) -> None:
    await world.at(BOTH_WORK)
    hr_too(world, "eve")
    await asked(world)
    pressed = await world.press("hana", "Take it")
    await world.again(pressed)
    assert "Hana Sato takes care of it" in world.words("hana")
    assert "Hana Sato takes care of it" in world.words("eve")
    await world.home("ada")
    assert "Your question: taken by Hana Sato" in world.home_words("ada")
    await world.press("hana", "Open")
    await tap(world, "hana", "Give back")
    assert (item(world).state, item(world).owner_id) == ("open", None)
    assert "Take it" in world.labels("eve")


async def test_two_of_hr_at_once_the_second_is_told(world: worlds.World) -> None:
    await world.at(BOTH_WORK)
    hr_too(world, "eve")
    await asked(world)
    await world.press("eve", "Open")
    stale = world.given("eve", Button("Take it", "inbox.take", item(world).id, "nobody"))
    await world.press("hana", "Take it")
    await tap(world, "eve", "Take it")
    assert "Hana Sato has taken it." in world.open_view("eve").words
    await world.cancel("eve")
    await world.press("eve", "Take it", stale)
    assert owner(world) == "Hana Sato"
    await world.press("eve", "Open", world.given("eve", Button("Open", "inbox.open", item(world).id)))
    await tap(world, "eve", "Take over from Hana Sato")
    assert owner(world) == "Eve Moreau"


async def test_an_answer_to_what_is_answered_keeps_its_text_and_says_who_was_faster(world: worlds.World) -> None:
    await world.at(BOTH_WORK)
    hr_too(world, "eve")
    await asked(world)
    await world.press("eve", "Answer", world.given("eve", Button("Answer", "inbox.answer", item(world).id)))
    await world.press("hana", "Answer", world.given("hana", Button("Answer", "inbox.answer", item(world).id)))
    sent = await world.submit("hana", answer="Of course")
    await world.again(sent)
    await world.submit("eve", answer="Not at all")
    assert "Hana Sato has answered." in world.open_view("eve").words
    assert world.lost("eve", answer="Not at all") == []
    await world.press("ada", "Read")
    assert "Of course" in world.open_view("ada").words
    assert [row.action for row in world.rows(AuditEvent)].count("inbox.answered") == 1


async def test_only_hr_opens_the_inbox_and_its_items(chat: worlds.World) -> None:
    await asked(chat)
    assert "Only HR works with the inbox." in await chat.reply("grace", "/review", "inbox")
    for name in ("inbox.open", "inbox.take", "inbox.answer", "inbox.read", "inbox.withdraw", "inbox.settle"):
        await chat.press("grace", "Go", chat.given("grace", Button("Go", name, item(chat).id, "nobody")))
        assert QUESTION not in str([m.words for m in chat.messages("grace")])
        assert chat.view("grace") is None or QUESTION not in chat.open_view("grace").words
    assert item(chat).state == "open"
    await chat.home("grace")
    assert "HR's inbox" not in chat.home_words("grace")


async def test_the_list_shows_ten_a_page_with_age_and_owner(chat: worlds.World) -> None:
    with chat.look() as db:
        for at in range(12):
            new_item(db, "question", chat.person(db, "ada"), chat.clock.now() + timedelta(minutes=at))
    await chat.later(days=4)
    listed = await chat.reply("hana", "/review", "inbox")
    assert "HR's inbox: 12 wait" in listed
    assert listed.count("asks HR something") == 10
    assert "Ada Byron asks HR something · 4 days · overdue" in listed
    await chat.press("hana", "Next", chat.given("hana", Button("Next", "inbox", 1)))
    assert chat.words("hana").count("asks HR something") == 2
    await chat.home("hana")
    assert "HR's inbox: 12 wait" in chat.home_words("hana")
    assert chat.home_words("hana").count("asks HR something") == 5


async def test_an_empty_inbox_says_so(chat: worlds.World) -> None:
    assert "HR's inbox is empty" in await chat.reply("hana", "/review", "inbox")


async def test_whoever_asked_and_left_gets_no_answer_and_it_can_be_closed(world: worlds.World) -> None:
    await world.at(BOTH_WORK)
    await asked(world)
    with world.look() as db:
        world.person(db, "ada").status = "left"
    await world.press("hana", "Open")
    assert "Ada Byron no longer works here." in world.open_view("hana").words
    await tap(world, "hana", "Close")
    assert item(world).state == "withdrawn"


async def test_a_question_taken_back_is_gone(world: worlds.World) -> None:
    await world.at(BOTH_WORK)
    await asked(world)
    await world.press("ada", "Take it back")
    assert world.words("ada").startswith("You have taken your question back")
    assert "It was taken back" in world.words("hana")
    assert item(world).text_sealed is None


async def test_without_hr_it_says_whom_to_ask(chat: worlds.World) -> None:
    with chat.look() as db:
        for role in db.scalars(select(Role)):
            db.delete(role)
    said = await chat.reply("ada", "/review", "ask hr")
    assert "Nobody of HR is here yet" in said
    assert chat.view("ada") is None


async def test_nobody_decides_what_is_theirs_or_about_them(chat: worlds.World) -> None:
    await chat.at(BOTH_WORK)
    hr_too(chat, "grace")
    await disputed(chat, words="She left us")
    await chat.press("grace", "Open", chat.given("grace", Button("Open", "inbox.open", item(chat).id)))
    assert "This one is not for you to decide" in str([m.words for m in chat.messages("grace")]) + (
        chat.view("grace").words if chat.view("grace") else ""
    )
    await chat.home("grace")
    assert "not my manager" not in chat.home_words("grace")
    assert not [title for title in chat.titles("grace") if "not my manager" in title]


async def test_the_manager_is_right_and_reads_again(world: worlds.World) -> None:
    await world.at(BOTH_WORK)
    await disputed(world)
    await world.command("ada", "/checkin")
    await world.choose("ada", blocked=True)
    await world.submit("ada", **WEEK, blocker="The licence")
    await settled(world, outcome="right")
    assert "HR says that Ada Byron reports to you" in world.titles("grace")
    assert "Ada Byron reported something in the way" in world.titles("grace")
    assert "HR says that Grace Murray is your manager" in world.titles("ada")
    receipt = next(m for m in world.messages("ada") if m.words.startswith("Your check-in is stored"))
    assert "You and Grace Murray can read it." in receipt.words
    [checkin] = world.rows(CheckIn)
    await world.read("grace", checkin.id)
    assert "Shipped search" in world.open_view("grace").words


async def test_the_manager_is_somebody_else_who_reads_what_was_sent_meanwhile(world: worlds.World) -> None:
    await world.at(BOTH_WORK)
    with world.look() as db:
        linus, ada = world.person(db, "linus").id, world.person(db, "ada").id
    await disputed(world, instead=world.picked("linus"))
    await world.command("ada", "/checkin")
    await world.choose("ada", blocked=True)
    await world.submit("ada", **WEEK, blocker="The licence")
    await world.press("hana", "Open")
    assert "Linus Holm" in world.open_view("hana").words
    await world.cancel("hana")
    await settled(world, outcome="changed", manager=world.picked("linus"))
    with world.look() as db:
        manager = manager_on(db, ada, world.clock.now().date())
        assert manager is not None
        assert manager.id == linus
    [checkin] = world.rows(CheckIn)
    assert checkin.reader_id == linus
    assert [one.manager_id for one in world.rows(Blocker)] == [linus]
    assert "Ada Byron now reports to you" in world.titles("linus")
    assert "Ada Byron reported something in the way" in world.titles("linus")
    assert "Ada Byron is not with you any more" in world.titles("grace")
    assert "Your manager here is now Linus Holm" in world.titles("ada")
    await world.read("grace", checkin.id)
    assert "Shipped" not in world.open_view("grace").words
    await world.read("linus", checkin.id)
    assert "Shipped search" in world.open_view("linus").words
    actions = [row.action for row in world.rows(AuditEvent)]
    assert actions.count("inbox.settled") == 1


async def test_settled_by_two_the_second_is_told(world: worlds.World) -> None:
    await world.at(BOTH_WORK)
    hr_too(world, "eve")
    await disputed(world)
    for who in ("eve", "hana"):
        await world.press(who, "Settle", world.given(who, Button("Settle", "inbox.settle", item(world).id)))
    sent = await world.submit("hana", outcome="right")
    await world.again(sent)
    await world.submit("eve", outcome="right")
    assert "Hana Sato has answered." in world.open_view("eve").words
    assert [row.action for row in world.rows(AuditEvent)].count("inbox.settled") == 1


@pytest.mark.parametrize(
    ("whom", "why"),
    [("ada", "Nobody is their own manager."), ("grace", "stands in the list already"), ("eve", "works for Ada Byron")],
)
async def test_a_manager_that_cannot_be_is_refused(chat: worlds.World, whom: str, why: str) -> None:
    await chat.at(BOTH_WORK)
    chat.reports("eve", to="ada")
    await disputed(chat)
    await settled(chat, outcome="changed", manager=chat.picked(whom))
    assert why in str(chat.errors("hana"))
    assert item(chat).state == "open"


async def test_a_list_that_changed_meanwhile_is_shown_first(chat: worlds.World) -> None:
    await chat.at(BOTH_WORK)
    await disputed(chat)
    await chat.press("hana", "Settle", chat.given("hana", Button("Settle", "inbox.settle", item(chat).id)))
    chat.reports("ada", to="linus")
    await chat.submit("hana", outcome="right")
    assert "The list has changed meanwhile." in chat.open_view("hana").words
    assert "Linus Holm, as the list has it" in chat.drawn(chat.open_view("hana"))
    assert item(chat).state == "open"


async def test_somebody_without_a_manager_gets_one_and_what_was_theirs_alone_stays_so(chat: worlds.World) -> None:
    await chat.at("2026-11-26 15:00", "Europe/Berlin")
    await chat.command("eve", "/review", "not my manager")
    await chat.answer("eve", **WEEK)
    await settled(chat, outcome="changed", manager=chat.picked("grace"))
    assert [one.reader_id for one in chat.rows(CheckIn)] == [None]
    assert "Eve Moreau now reports to you" in chat.titles("grace")
    with chat.look() as db:
        assert db.scalar(select(ReportingLine).filter_by(person_id=chat.person(db, "eve").id)) is not None


async def test_nobody_above_may_be_right(chat: worlds.World) -> None:
    await chat.command("eve", "/review", "not my manager")
    await settled(chat, outcome="none")
    assert (item(chat).state, item(chat).outcome) == ("answered", "none")


async def test_the_digest_tells_kinds_and_ages_and_no_names(chat: worlds.World) -> None:
    with chat.look() as db:
        ada: Person = chat.person(db, "ada")
        new_item(db, "question", ada, chat.clock.now() - timedelta(days=9))
        new_item(db, "question", ada, chat.clock.now())
    parts = chat.app.engine.registry.parts_of("hr_digest")
    with chat.look() as db:
        ctx = Context(db=db, now=chat.clock.now(), real_now=chat.clock.real(), registry=chat.app.engine.registry)
        drawn = [section for part in parts if (section := part.draw(ctx))]
    [section] = [one for one in drawn if one.title == "HR's inbox"]
    assert [(fact.label, fact.value) for fact in section.facts] == [
        ("Questions to HR", "2 wait, the oldest 9 days old, 1 overdue")
    ]


async def test_what_stands_beside_an_answer_is_older_and_can_no_longer_be_pressed(world: worlds.World) -> None:
    await world.at(BOTH_WORK)
    await asked(world)
    await world.press("hana", "Take it")
    [mine] = [m for m in world.messages("ada") if "question" in m.words]
    assert mine.words.startswith("Your question to HR: taken by Hana Sato")
    await world.press("hana", "Open", world.given("hana", Button("Open", "inbox.open", item(world).id)))
    await tap(world, "hana", "Answer…")
    await world.submit("hana", answer="Of course")
    older, newer = [m for m in world.messages("ada") if "answered your question" in m.words]
    assert "A newer message here tells you more." in older.words
    assert world.labels("ada", older) == []
    assert world.labels("ada", newer) == ["Read", "Ask again…"]


async def test_what_was_said_of_the_manager_is_older_once_hr_has_settled_it(world: worlds.World) -> None:
    await world.at(BOTH_WORK)
    await disputed(world)
    assert "It was a mistake" in world.labels("ada")
    await settled(world, outcome="changed", manager=world.picked("linus"))
    older, newer = [m for m in world.messages("ada") if "Your manager here is now Linus Holm" in m.words]
    assert world.labels("ada", older) == []
    assert "stays with who read it then" in newer.words
    # Ada has sent nothing meanwhile.
    assert "while HR was looking" not in newer.words
