"""What each conversation puts into the digests, as text; laying them out and sending them is the engine's."""

from __future__ import annotations

import world as worlds
from parts import drawn, lines
from sqlalchemy import delete, select

from bot.conversation import Place
from bot.messages import Section
from bot.storage.asks import Ask
from bot.storage.people import Address, Person, ReportingLine
from bot.storage.programmes import Programme

WEEK = {"progress": "Shipped search", "next": "Write the guide"}
# Thursday afternoon in Lisbon is Thursday morning in New York: Ada and Grace both work.
BOTH_WORK = "2026-11-26 15:00"
MONDAY = "2026-11-30 15:00"


def labels(section: Section) -> list[str]:
    return [button.label for row in section.rows for button in row.buttons]


def hire(world: worlds.World, count: int) -> None:
    """More people for Grace, from today on."""
    today = world.clock.now().date()
    with world.look() as db:
        for number in range(count):
            name, email = f"Report {number:02}", f"report{number}@example.org"
            one = Person(name=name, email=email, zone="Europe/Lisbon", created_at=world.clock.now())
            db.add(one)
            db.flush()
            db.add(ReportingLine(person_id=one.id, manager_id=world.person(db, "grace").id, starts_on=today))


async def a_mood(world: worlds.World, mood: int, *, share: bool = False) -> None:
    await world.answer("ada", mood=str(mood), share_mood=share, **WEEK)


async def test_a_managers_monday_tells_who_waits_and_who_is_late(world: worlds.World) -> None:
    await world.at(BOTH_WORK)
    await world.answer("ada", **WEEK)
    await world.at(MONDAY)
    section = drawn(world, "grace", "manager_digest")["Your team's check-ins"]
    assert lines(section) == [
        "Week from Mon 23 Nov: 1 of 2 in",
        "Ada Byron: sent Thu 26 Nov, 10:00, not read yet",
        "Linus Holm: missed, a late one is welcome",
    ]
    assert labels(section) == ["Read", "Nudge"]
    await world.at("2026-12-02 15:00")
    section = drawn(world, "grace", "manager_digest")["Your team's check-ins"]
    assert "Ada Byron: sent Thu 26 Nov, 10:00, waits for 4 working days" in lines(section)
    assert section.note == "People are answered best within three working days."


async def test_what_was_not_read_of_an_earlier_week_still_waits(chat: worlds.World) -> None:
    await chat.at(BOTH_WORK)
    await chat.answer("ada", **WEEK)
    await chat.at("2026-12-03 15:00")
    section = drawn(chat, "grace", "manager_digest")["Your team's check-ins"]
    assert lines(section)[:2] == [
        "Week from Mon 30 Nov: 0 of 2 in",
        "Ada Byron: sent Thu 26 Nov, 10:00, waits for 5 working days",
    ]
    assert len(section.rows) == 3, "who has not answered this week stands below"


async def test_what_was_missed_is_told_on_one_monday_and_not_again_where_nothing_is_asked_any_more(
    chat: worlds.World,
) -> None:
    await chat.at(BOTH_WORK)
    with chat.look() as db:
        for programme in db.query(Programme).filter_by(conversation="checkin"):
            programme.stopped_at = chat.clock.now()
    await chat.at(MONDAY)
    assert labels(drawn(chat, "grace", "manager_digest")["Your team's check-ins"]) == ["Nudge", "Nudge"]
    for monday in ("2026-12-07 15:00", "2026-12-14 15:00"):
        await chat.at(monday)
        assert drawn(chat, "grace", "manager_digest") == {}


async def test_the_digest_names_at_most_seven(chat: worlds.World) -> None:
    hire(chat, 12)
    await chat.at(BOTH_WORK)
    with chat.look() as db:
        some = db.scalar(select(Ask))
        assert some is not None
        for person in db.scalars(select(Person).where(Person.name.startswith("Report"))):
            db.add(
                Ask(
                    person_id=person.id, about_id=person.id, conversation="checkin", occurrence=some.occurrence,
                    question_set_id=some.question_set_id, programme_id=some.programme_id, zone=person.zone,
                    state="open", opens_at=some.opens_at, due_at=some.due_at, nudges=0, created_at=chat.clock.real(),
                )
            )  # fmt: skip
    section = drawn(chat, "grace", "manager_digest")["Your team's check-ins"]
    assert len(section.rows) == 7
    assert section.note == "and 7 more"
    assert [button.label for button in section.buttons] == ["See all"]


async def test_without_a_team_or_a_question_there_is_nothing_to_say(chat: worlds.World) -> None:
    assert drawn(chat, "grace", "manager_digest") == {}
    await chat.at(BOTH_WORK)
    assert drawn(chat, "ada", "manager_digest") == {}


async def test_no_digest_carries_a_mood_that_was_not_shared_or_why_something_was_left_out(chat: worlds.World) -> None:
    await chat.at(BOTH_WORK)
    await a_mood(chat, 1)
    await chat.press("linus", "Skip this one")
    await chat.press("linus", "Nothing new")
    await chat.at(MONDAY)
    read: tuple[tuple[str, Place], ...] = (("grace", "manager_digest"), ("hana", "hr_digest"))
    for who, place in read:
        sections = drawn(chat, who, place)
        averages = sections.pop("Mood and workload", None)
        assert averages is None or [fact.value for fact in averages.facts] == ["Mood: held back"]
        assert "Mood and workload of my people" not in sections, "two people are too few to be told about"
        shown = str(sections)
        assert "Nothing new" not in shown
        assert "Shipped" not in shown
        assert "mood" not in shown.lower().replace("mood is", "")


async def test_hr_hears_in_counts_what_is_to_be_mended(chat: worlds.World) -> None:
    with chat.look() as db:
        chat.person(db, "linus").zone = "Mars/Olympus"
        db.flush()
        for address in db.scalars(select(Address).filter_by(person_id=chat.person(db, "ada").id)):
            address.lose("blocked", chat.clock.real())
        db.execute(delete(Address).filter_by(person_id=chat.person(db, "eve").id))
    section = drawn(chat, "hana", "hr_digest")["Data to mend"]
    # Grace stands at the head of everybody, so that she needs no manager.
    assert lines(section) == [
        "2 people have no manager.",
        "1 person has no account.",
        "No message reaches 1 person.",
        "1 person has no time zone.",
    ]
    assert labels(section) == ["See who"] * 4


async def test_my_summary_counts_what_i_sent_and_what_others_said(world: worlds.World) -> None:
    assert "My check-ins of the last five weeks" not in drawn(world, "ada", "my_summary")
    await world.at(BOTH_WORK)
    await world.answer("ada", **WEEK)
    await world.home("grace")
    await world.press("grace", "Read", world.home_of("grace"))
    await world.press("grace", "Thank", world.open_view("grace"))
    await world.press("grace", "Comment…", world.open_view("grace"))
    await world.submit("grace", text="The ranking is a joy")
    await world.at("2026-12-03 15:00")
    await world.at("2026-12-05 15:00")
    found = drawn(world, "ada", "my_summary")
    assert lines(found["My check-ins of the last five weeks"]) == [
        "Sent: 1 of 2", "Thanks: 1", "Comments and questions: 1",
    ]  # fmt: skip
    assert "Check in: opens Thu 10 Dec, 10:00" in lines(found["My next dates"])
    assert "The ranking" not in str(found)


async def test_my_mood_needs_six_values_and_counts_the_unshared(chat: worlds.World) -> None:
    for mood in (2, 3, 2, 4, 5, 4):
        assert "My mood" not in drawn(chat, "ada", "my_summary")
        await chat.at(BOTH_WORK) if chat.clock.now() == worlds.MONDAY else await chat.later(weeks=1)
        await a_mood(chat, mood)
    section = drawn(chat, "ada", "my_summary")["My mood"]
    assert lines(section) == [
        "The last three are 2 higher than the three before.",
        "Your last six: 2, 3, 2, 4, 5, 4.",
        "Only you see this, also where you did not share it.",
    ]


async def test_ones_own_things_stand_under_an_own_title(chat: worlds.World) -> None:
    await chat.at(BOTH_WORK)
    await chat.command("ada", "/checkin")
    await chat.choose("ada", blocked=True)
    await chat.submit("ada", blocker="The build is red", **WEEK)
    await chat.at(MONDAY)
    assert drawn(chat, "ada", "manager_digest") == {}
    assert lines(drawn(chat, "ada", "my_summary")["In my way"]) == ["You: open, 4 days"]
    assert lines(drawn(chat, "grace", "manager_digest")["In the way"]) == ["Ada Byron: open, 4 days"]
    await chat.command("ada", "/review", "digest")
    assert "Your team's week" not in chat.words("ada")
    assert "In my way" in chat.words("ada")


async def test_a_blocker_is_as_old_for_every_reader(chat: worlds.World) -> None:
    """Reported in the afternoon, read in the morning: less than four times a day ago, and on the fourth day after."""
    await chat.at(BOTH_WORK)
    await chat.command("ada", "/checkin")
    await chat.choose("ada", blocked=True)
    await chat.submit("ada", blocker="The build is red", **WEEK)
    await chat.at("2026-11-30 09:00")
    assert lines(drawn(chat, "grace", "manager_digest")["In the way"]) == ["Ada Byron: open, 4 days"]
    assert lines(drawn(chat, "ada", "my_summary")["In my way"]) == ["You: open, 4 days"]
