from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
import world as worlds
from looking import counted

from bot.clock import to_utc
from bot.messages import Button
from bot.storage.asks import Ask
from bot.storage.blockers import Blocker
from bot.storage.manager_changes import change_manager
from bot.storage.people import Absence, Person, ReportingLine
from bot.storage.programmes import Turn
from bot.storage.team import team_week
from desk import company

WEEK = {"progress": "Shipped search", "next": "Write the guide"}
# Thursday afternoon in Lisbon is Thursday morning in New York: Ada and Grace both work.
BOTH_WORK = "2026-11-26 15:00"
OVER = "2026-11-27 16:30"


async def status(world: worlds.World, who: str = "grace", text: str = "") -> str:
    await world.command(who, "/review", f"status {text}".strip())
    return world.words(who)


async def blocked(world: worlds.World, who: str) -> None:
    await world.command(who, "/checkin")
    await world.choose(who, blocked=True)
    await world.submit(who, blocker="The build is red", **WEEK)


async def is_away(world: worlds.World, who: str, until: str) -> None:
    await world.command(who, "/review", "away")
    await world.submit(who, back=until)


def hire(world: worlds.World, count: int, manager: str = "grace") -> list[str]:
    """More people for this manager, from today on."""
    names = [f"Report {number:02}" for number in range(count)]
    today = world.clock.now().date()
    with world.look() as db:
        for number, name in enumerate(names):
            one = Person(
                name=name, email=f"report{number}@example.org", zone="Europe/Lisbon", created_at=world.clock.now(),
            )  # fmt: skip
            db.add(one)
            db.flush()
            db.add(ReportingLine(person_id=one.id, manager_id=world.person(db, manager).id, starts_on=today))
    return names


async def test_a_manager_sees_who_is_in_and_who_is_open(world: worlds.World) -> None:
    await world.at(BOTH_WORK)
    await world.answer("ada", **WEEK)
    words = await status(world)
    assert words.splitlines()[:2] == ["Your team's week", "Week from Mon 23 Nov: 1 of 2 in"]
    assert "Linus Holm: open until Fri 27 Nov, 10:00" in words, "the manager's own time"
    assert "Ada Byron: in, Thu 26 Nov, 10:00, not read yet" in words
    assert words.index("Linus") < words.index("Ada"), "what needs somebody stands first"
    assert world.labels("grace") == ["Read", "Nudge", "Read"][1:]
    await world.press("grace", "Read")
    assert "Shipped search" in world.open_view("grace").words
    assert "Ada Byron: in, Thu 26 Nov, 10:00, read" in await status(world)


async def test_what_is_in_the_way_stands_first(world: worlds.World) -> None:
    await world.at(BOTH_WORK)
    await blocked(world, "ada")
    words = await status(world)
    assert "Week from Mon 23 Nov: 1 of 2 in, 1 blocked" in words
    assert "Ada Byron: in the way: open, today; in, Thu 26 Nov, 10:00, not read yet" in words
    assert words.index("Ada") < words.index("Linus")
    assert "The build is red" not in words


async def test_an_absence_is_told_and_a_reason_is_not(world: worlds.World) -> None:
    await world.at(BOTH_WORK)
    await is_away(world, "ada", "2026-12-03")
    await world.press("linus", "Skip this one")
    await world.press("linus", "Nothing new")
    words = await status(world)
    assert "Nothing is expected just now, 1 away" in words
    assert "Ada Byron: away" in words
    assert "Linus Holm: nothing expected this time" in words
    assert "Nothing new" not in words
    assert world.labels("grace") == []


async def test_who_has_missed_it_may_still_be_late(world: worlds.World) -> None:
    await world.at(BOTH_WORK)
    await world.at(OVER)
    assert "Ada Byron: missed, a late one is welcome" in await status(world)
    await world.answer("ada", **WEEK)
    assert "Ada Byron: in late, Fri 27 Nov, 11:30, not read yet" in await status(world)


async def test_who_leads_nobody_is_told_so_kindly(chat: worlds.World) -> None:
    assert "You lead nobody here" in await status(chat, "ada")
    assert "Your team's week" not in (await chat.command("ada", "/review") and chat.words("ada").split("Words I")[0])


async def test_menu_and_home_show_the_week_in_short(world: worlds.World) -> None:
    await world.at(BOTH_WORK)
    await world.command("grace", "/review")
    assert "Your team's week\nWeek from Mon 23 Nov: 0 of 2 in\nNot in yet: Ada Byron, Linus Holm" in world.words(
        "grace"
    )
    await world.home("grace")
    assert "Not in yet: Ada Byron, Linus Holm" in world.home_words("grace")
    await world.press("grace", "See all", world.home_of("grace"))
    shown = (world.last("grace"), world.home_of("grace"))
    assert [place for place in shown if place.words.startswith("Your team's week")]


async def test_ten_rows_stand_on_a_page(chat: worlds.World) -> None:
    names = hire(chat, 23)
    await chat.at(BOTH_WORK)
    words = await status(chat)
    assert "Page 1 of 3" in words
    shown = [name for name in names if name in words]
    for _ in range(2):
        await chat.press("grace", "Next")
        shown += [name for name in names if name in chat.words("grace")]
    assert "Page 3 of 3" in chat.words("grace")
    assert shown == names
    assert "Next" not in chat.labels("grace")
    await chat.press("grace", "Back")
    assert "Page 2 of 3" in chat.words("grace")
    assert "Page 3 of 3" in await status(chat, text="99")


async def test_a_delegate_sees_the_team_for_whom_they_act(world: worlds.World) -> None:
    world.delegates("grace", "eve", "2026-11-23", "2026-12-04")
    await world.at(BOTH_WORK)
    words = await status(world, "eve")
    assert "Ada Byron, for Grace Murray: open until" in words
    world.delegates("grace", "linus", "2026-11-23", "2026-12-04")
    words = await status(world, "linus")
    assert "Ada Byron" in words
    assert "Linus Holm" not in words, "nobody leads themselves"


async def test_another_team_is_refused_with_the_reason_and_whom_to_ask(world: worlds.World) -> None:
    words = await status(world, "eve", "Grace")
    assert "This is not your team" in words
    assert "Please ask Grace Murray." in words
    words = await status(world, "eve", "ada byron")
    assert "Ada Byron reports to Grace Murray; only Grace Murray sees how it stands." in words
    assert "Please ask HR." in await status(world, "eve", company.person("Ada Byron").department)
    assert "I know nobody and no department of that name" in await status(world, "eve", "Zoe")


async def test_one_person_of_mine_can_be_asked_for_by_name_mention_or_address(world: worlds.World) -> None:
    await world.at(BOTH_WORK)
    for text in ("ada", "ADA BYRON", "@Ada Byron", f"<@{world.user('ada')}>", company.person("Ada Byron").email):
        words = await status(world, "grace", text)
        assert words.startswith("Your team's week\nAda Byron: open until"), text


async def test_hr_reads_counts_by_department_and_no_names(world: worlds.World) -> None:
    await world.at(BOTH_WORK)
    await world.answer("ada", **WEEK)
    words = await status(world, "hana")
    assert "HR sees who takes part in counts here, never what was written." in words
    mine = company.person("Ada Byron").department
    assert mine in words
    for text in ("", mine, "Grace"):
        words = await status(world, "hana", text)
        assert "Ada" not in words
        assert "Shipped" not in words
        assert "1 of" in words
    assert "never single ones" in await status(world, "hana", "Ada")


async def test_hr_who_leads_people_finds_both(chat: worlds.World) -> None:
    chat.reports("eve", to="hana")
    await chat.at(BOTH_WORK)
    assert "Eve Moreau: open until" in await status(chat, "hana")
    await chat.press("hana", "By department")
    assert "0 of 1 in, 1 open  Sales" in chat.words("hana")
    await chat.press("ada", "?", chat.given("ada", Button("?", "team.departments")))
    assert any("This is for HR" in one.words for one in chat.messages("ada"))


@pytest.mark.parametrize("place", ["status", "home"])
async def test_a_team_of_any_size_takes_the_same_statements(world: worlds.World, place: str) -> None:
    async def statements() -> int:
        with counted(world) as seen:
            await (status(world) if place == "status" else world.home("grace"))
        return len(seen)

    await world.at(BOTH_WORK)
    await blocked(world, "ada")
    await world.home("grace")
    few = await statements()
    hire(world, 40)
    await world.settle()
    assert await statements() == few


async def test_an_absence_of_another_week_changes_nothing(chat: worlds.World) -> None:
    await chat.at(BOTH_WORK)
    with chat.look() as db:
        ada, grace = chat.person(db, "ada"), chat.person(db, "grace")
        db.add(
            Absence(
                person_id=ada.id, starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 4), created_at=chat.clock.now()
            )
        )
        db.flush()
        found = team_week(db, [grace.id], "checkin", chat.clock.now(), date(2026, 11, 26))
        assert [one.away for one in found] == [False, False]
        later = chat.clock.now() + timedelta(days=60)
        assert [one.ask for one in team_week(db, [grace.id], "checkin", later, date(2027, 1, 25))] == [None, None]


async def test_one_week_is_told_at_a_time_and_which(world: worlds.World) -> None:
    """In Lisbon it is ten o'clock, in New York five; Linus works where nobody has been asked this week."""
    await world.at(BOTH_WORK)
    await world.answer("ada", **WEEK)
    await world.answer("linus", **WEEK)
    with world.look() as db:
        linus = world.person(db, "linus")
        linus.zone = "America/Los_Angeles"
        for turn in db.query(Turn).filter_by(person_id=linus.id):
            turn.next_due_at, turn.zone = to_utc(datetime.combine(date(2026, 12, 3), time(10)), linus.zone), linus.zone
    await world.at("2026-12-03 10:01", "Europe/Lisbon")
    words = await status(world)
    assert "Week from Mon 30 Nov: 0 of 1 in, 1 not asked yet" in words
    assert "Ada Byron: open until Fri 4 Dec, 11:00" in words
    assert "Linus Holm: not asked yet this week; last time in, Thu 26 Nov, 10:00, not read yet" in words
    await world.home("grace")
    assert "Not in yet: Ada Byron\n" in world.home_words("grace")


async def test_home_and_status_say_the_same_of_one_person(world: worlds.World) -> None:
    await world.at(BOTH_WORK)
    await blocked(world, "ada")
    with world.look() as db:
        # It was reported in an earlier week, and this week's answer is missing.
        db.query(Blocker).one().state = "taken"
        db.query(Ask).filter_by(person_id=world.person(db, "ada").id).one().state = "open"
    await world.at(OVER)
    await world.at("2026-11-30 15:00")
    words = await status(world)
    assert "Ada Byron: in the way: taken, 4 days; missed, a late one is welcome" in words
    await world.home("grace")
    assert "Ada Byron: taken, 4 days" in world.home_words("grace")
    assert "Not in yet: Ada Byron, Linus Holm" in world.home_words("grace")
    await world.home("ada")
    assert "In my way\nYou: taken, 4 days" in world.home_words("ada")


async def test_nothing_is_open_until_a_time_that_has_passed(world: worlds.World) -> None:
    """The clock was moved and the bot has not looked yet."""
    await world.at(BOTH_WORK)
    world.clock.advance(timedelta(days=3))
    words = await status(world)
    assert "Ada Byron: missed, a late one is welcome" in words
    assert "open until" not in words


async def test_who_was_away_all_the_time_is_away_and_not_just_not_expected(world: worlds.World) -> None:
    with world.look() as db:
        first = date(2026, 11, 25)
        db.add(Absence(person_id=world.person(db, "ada").id, starts_on=first, ends_on=first + timedelta(days=7),
                       created_at=world.clock.now()))  # fmt: skip
    await world.at(BOTH_WORK)
    await world.at("2026-12-02 15:00")
    assert world.ask("ada").reason == "no_working_time"
    words = await status(world)
    assert "0 of 1 in, 1 away" in words
    assert "Ada Byron: away" in words


async def test_what_was_missed_before_somebody_reported_to_me_is_not_mine_to_see(chat: worlds.World) -> None:
    await chat.at("2026-11-26 10:05")
    await chat.at("2026-11-30 10:00")
    assert "Ada Byron: missed" in await status(chat)
    with chat.look() as db:
        change_manager(
            db, chat.person(db, "ada"), chat.person(db, "eve").id, chat.clock.now(), chat.clock.real()
        )  # fmt: skip
    told = await status(chat, "eve")
    assert "Ada Byron" in told
    assert "missed" not in told
    assert "Nudge" not in chat.labels("eve")
