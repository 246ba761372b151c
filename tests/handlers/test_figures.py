"""What HR and managers are told of a week: all that may be shown, nothing else, and the same whenever they look."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import world as worlds
from looking import context
from sqlalchemy import event
from weeks import Weeks

from bot.conversation import Place
from bot.handlers import figures
from bot.handlers.figures import blockers
from bot.messages import Section
from bot.storage.asks import Ask
from bot.storage.figures import COMPANY, WeeklyFigures, keep
from bot.storage.people import Membership, Role
from bot.texts import reader

# The clock stands on the Monday after.
WEEK = date(2026, 11, 16)
BEFORE = WEEK - timedelta(days=7)
LATE = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
PARTS = {
    "hr_digest": (figures.participation, figures.in_the_way, figures.averages),
    "manager_digest": (figures.of_people,),
}


def told(world: worlds.World, who: str, place: Place = "hr_digest", **more: Any) -> list[Section]:
    """The parts of the digest that are about figures."""
    with world.look() as db:
        ctx = context(world, db, who)
        assert set(PARTS[place]) <= set(ctx.registry.parts_of(place))
        with reader("en"):
            drawn = [part.draw(dataclasses.replace(ctx, **more)) for part in PARTS[place]]
        return [section for section in drawn if section]


def words(sections: Sequence[Section]) -> str:
    return "\n".join(
        text
        for one in sections
        for text in (
            one.title, *map(str, one.lines), *(f"{bar.label}: {bar.text}" for bar in one.bars),
            *(f"{fact.label}: {fact.value}".replace("\n", ", ") for fact in one.facts), one.note,
        )
    )  # fmt: skip


def answer(
    made: Weeks, people: Sequence[UUID], week: date = WEEK, shared: int = 0, workload: int | None = None
) -> None:
    """Moods 2, 3, 4, 2, 3, ..."""
    for at, person in enumerate(people):
        made.answered(person, week, 2 + at % 3, workload, shared=at < shared)


def sample(world: worlds.World, week: date = WEEK, shared: int = 0) -> None:
    """Engineering 9 of 10, Sales 6 of 12 (2 late, 1 left out), People 3 of 3."""
    with world.look() as db:
        made = Weeks.of(db)
        answer(made, made.hire(9, "Engineering"), week, shared)
        made.asked(made.hire(1, "Engineering", world.person(db, "grace").id)[0], week)
        sales = made.hire(13, "Sales")
        answer(made, sales[:4], week)
        for person in sales[4:6]:
            made.answered(person, week, 3, at=LATE)
        for person in sales[6:12]:
            made.asked(person, week)
        made.asked(sales[12], week, state="not_expected", reason="other")
        answer(made, made.hire(3, "People"), week)


async def test_hr_sees_participation_by_department(chat: worlds.World) -> None:
    sample(chat)
    text = words(told(chat, "hana")[:1])
    assert "72 %, 18 of 25" in text
    assert "Everyone (" in text
    assert "Engineering (90 % on time): 90 %, 9 of 10" in text
    assert "Sales (33 % on time): 50 %, 6 of 12" in text
    assert "People (100 % on time): 100 %, 3 of 3" in text
    assert "Sales: low participation." in text
    assert "There is no week before to compare with." in text
    assert "1 check-in was left out by choice. Their reasons are held back" in text
    assert told(chat, "hana")[0].files == ()


async def test_the_change_to_the_week_before_is_told_in_words(chat: worlds.World) -> None:
    with chat.look() as db:
        made = Weeks.of(db)
        people = made.hire(10, "Engineering")
        answer(made, people[:8], WEEK)
        answer(made, people[:9], BEFORE)
        for person, week in ((people[8], WEEK), (people[9], WEEK), (people[9], BEFORE)):
            made.asked(person, week)
    [section, *_] = told(chat, "hana")
    assert section.lines[0] == "Engineering: 10 points less than the week before."
    assert section.note == ""


async def test_a_week_like_the_one_before_is_told_so(chat: worlds.World) -> None:
    with chat.look() as db:
        made = Weeks.of(db)
        people = made.hire(7, "Engineering")
        for week in (WEEK, BEFORE):
            answer(made, people, week)
    [section, *_] = told(chat, "hana")
    assert section.note == "As many answered as the week before."


async def test_reasons_are_told_where_they_are_many_enough(chat: worlds.World) -> None:
    with chat.look() as db:
        made = Weeks.of(db)
        reasons = ["not_working"] * 6 + ["nothing_new"] * 4 + ["other"] * 2
        answer(made, made.hire(2, "Engineering"))
        for person, reason in zip(made.hire(12, "Sales"), reasons, strict=True):
            made.asked(person, WEEK, state="not_expected", reason=reason)
    text = words(told(chat, "hana")[:1])
    assert "12 check-ins were left out by choice. Not working: 6" in text
    assert "Nothing new" not in text
    assert "Sales: no one expected" in text


async def test_averages_say_how_many_stand_behind_them_and_why_others_are_missing(chat: worlds.World) -> None:
    """People is small, so Sales has to hide with it."""
    sample(chat)
    [mood] = [section for section in told(chat, "hana") if section.title == "Mood and workload"]
    assert {fact.label: fact.value for fact in mood.facts} == {
        "Everyone": "Mood 2.9 of 5 (18 people)",
        "Engineering": "Mood 3.0 of 5 (9 people)",
        "People": "Mood: held back",
        "Sales": "Mood: held back",
    }
    assert mood.note.startswith("Held back: fewer than 5 people stand behind it, or a smaller group or a single answer")


async def test_workload_is_told_as_distance_from_right(chat: worlds.World) -> None:
    with chat.look() as db:
        made = Weeks.of(db)
        for person, load in zip(made.hire(5, "Engineering"), (1, 5, 3, 4, 3), strict=True):
            made.answered(person, WEEK, load, load)
    assert "Engineering: Mood 3.2 of 5 (5 people), Workload 1.0 away from right (5 people)" in words(told(chat, "hana"))


async def test_a_week_is_released_once_and_never_refreshed(chat: worlds.World) -> None:
    sample(chat)
    first = told(chat, "hana")
    with chat.look() as db:
        made = Weeks.of(db)
        answer(made, made.hire(7, "Sales", chat.person(db, "eve").id))
    await chat.at("2026-11-25 10:00")
    assert [dataclasses.replace(one, files=()) for one in told(chat, "hana")] == first
    assert [row.name for row in chat.rows(WeeklyFigures)] == [COMPANY]


async def test_before_monday_at_nine_the_week_before_is_the_last(chat: worlds.World) -> None:
    """It is 09:00 in Berlin, where Hana lives, and 08:00 in Lisbon."""
    sample(chat)
    with chat.look() as db:
        chat.person(db, "hana").zone = "Europe/Lisbon"
    assert told(chat, "hana") == []
    await chat.later(hours=1)
    assert "72 %, 18 of 25" in words(told(chat, "hana"))


async def test_who_is_not_hr_is_told_nothing(chat: worlds.World) -> None:
    sample(chat)
    assert told(chat, "grace") == []
    await chat.command("grace", "/review", "figures")
    assert chat.words("grace").startswith("These figures are not for you")
    assert chat.rows(WeeklyFigures) == []


@pytest.mark.parametrize("role", ["works_council", "auditor", "fairness_analyst"])
async def test_who_sees_figures_of_many_reads_those_of_the_company_alone(chat: worlds.World, role: str) -> None:
    sample(chat)
    with chat.look() as db:
        db.add(Role(person_id=chat.person(db, "eve").id, name=role, starts_on=date(2020, 1, 1)))
    text = await chat.reply("eve", "/review", "figures")
    assert "72 %, 18 of 25" in text
    assert "Everyone (" in text
    assert "Mood 2.9 of 5 (18 people)" in text
    for department in ("Engineering", "Sales", "People"):
        assert department not in text
    assert "/review figures" in await chat.reply("eve", "/review", "help")
    assert told(chat, "eve") == []
    assert "is not yours to see" in await chat.reply("eve", "/review", "status Sales")


async def test_hr_can_look_at_the_last_week_at_any_time(chat: worlds.World) -> None:
    sample(chat)
    await chat.at("2026-11-26 10:00")
    await chat.command("hana", "/review", "figures")
    text = chat.words("hana")
    assert "The week from Mon 16 Nov" in text
    assert "50 %, 6 of 12" in text
    assert "Mood 2.9 of 5 (18 people)" in text


async def test_a_week_in_which_nobody_was_asked_has_no_figures(chat: worlds.World) -> None:
    assert told(chat, "hana") == []
    await chat.command("hana", "/review", "figures")
    assert "Nobody was expected to check in that week." in chat.words("hana")


async def test_an_hr_partner_sees_their_departments_only(chat: worlds.World) -> None:
    sample(chat)
    with chat.look() as db:
        made = Weeks.of(db)
        person = chat.person(db, "eve").id
        db.add(Role(person_id=person, name="hr_partner", department_id=made.departments["Engineering"],
                    starts_on=WEEK))  # fmt: skip
    for one in (*told(chat, "eve"), *told(chat, "eve")):
        assert not any(name in words([one]) for name in ("Sales", "People:", "Everyone"))
        assert "Engineering" in words([one])
    await chat.command("eve", "/review", "figures")
    assert "Sales" not in chat.words("eve")


def blocked(world: worlds.World) -> None:
    with world.look() as db:
        made = Weeks.of(db)
        people = made.hire(6, "Engineering"), made.hire(7, "Care"), made.hire(3, "People"), made.hire(4, "Sales")
        since = datetime(2026, 11, 19, 10, 0, tzinfo=UTC)
        for group, states in zip(people, (("open", "open", "taken"), ("passed_up",), ("open",), ()), strict=True):
            for person, state in zip(group, states, strict=False):
                made.blocked(made.answered(person, WEEK, at=since), state, since)
            for person in group[len(states) :]:
                made.asked(person, WEEK)


async def test_blockers_are_counted_and_old_ones_named(chat: worlds.World) -> None:
    """From Thursday to Monday is two working days, to Tuesday three."""
    blocked(chat)
    text = words(told(chat, "hana"))
    assert "In people's way\n3 open, 1 taken, 1 passed up\n" in text
    await chat.later(days=1)
    text = words(told(chat, "hana"))
    assert "3 open (3 for 3 working days or more), 1 taken, 1 passed up" in text


async def test_blockers_are_counted_for_the_company_so_that_no_department_can_be_computed(chat: worlds.World) -> None:
    blocked(chat)
    [section] = [one for one in told(chat, "hana") if one.title == "In people's way"]
    assert section.lines == ("3 open, 1 taken, 1 passed up",)


@pytest.mark.parametrize(
    ("departments", "line"),
    [
        (("Engineering", "Care"), "2 open, 1 taken, 1 passed up"),
        (("Engineering",), "2 open, 1 taken"),
        # Three are too few; and what remains around all the others is those three.
        (("People",), None),
        (("Engineering", "Care", "Sales", ""), None),
    ],
)
async def test_a_partner_hears_of_blockers_of_enough_people_with_enough_around_them(
    chat: worlds.World, departments: tuple[str, ...], line: str | None
) -> None:
    blocked(chat)
    with chat.look() as db:
        known = {name: str(key) for name, key in Weeks.of(db).departments.items()}
        ctx = context(chat, db, "hana")
        with reader("en"):
            section = blockers.section(ctx, {known.get(name, "None") for name in departments})
    assert (section.lines[0] if section else None) == line


def led(world: worlds.World, answered: int, shared: int, around: int = 9) -> None:
    """Eve leads some in Sales; others are around."""
    with world.look() as db:
        made = Weeks.of(db)
        answer(made, made.hire(answered, "Sales", world.person(db, "eve").id), shared=shared)
        answer(made, made.hire(around, "Sales"))


@pytest.mark.parametrize(
    ("answered", "shared", "around", "line"),
    [
        (6, 0, 9, "Mood 3.0 of 5 (6 people)"),
        (6, 1, 9, "Mood 3.0 of 5 (6 people)"),
        (6, 2, 9, None),
        (6, 6, 9, "Mood 3.0 of 5 (6 people)"),
        (6, 0, 4, None),
        (6, 0, 0, "Mood 3.0 of 5 (6 people)"),
        (4, 0, 9, None),
    ],
)
async def test_a_manager_sees_the_mood_of_enough_people(
    chat: worlds.World, answered: int, shared: int, around: int, line: str | None
) -> None:
    led(chat, answered, shared, around)
    found = told(chat, "eve", "manager_digest")
    assert [one.lines for one in found] == ([(line,)] if line else [])
    assert told(chat, "linus", "manager_digest") == []


async def test_who_leads_people_of_whom_nothing_was_asked_has_nothing_to_read(chat: worlds.World) -> None:
    """Others were asked; that of one's own there is no figure is no reason to write."""
    sample(chat)
    with chat.look() as db:
        Weeks.of(db).hire(6, "Sales", chat.person(db, "eve").id)
    await chat.command("eve", "/review", "digest")
    assert "held back" not in chat.words("eve")
    with chat.look() as db, reader("en"):
        ctx = context(chat, db, "eve")
        assert [one for part in ctx.registry.parts_of("manager_digest") if (one := part.draw(ctx))] == []


async def test_statements_do_not_grow_with_the_company(chat: worlds.World) -> None:
    assert statements(chat, 5) == statements(chat, 40)


def statements(world: worlds.World, groups: int) -> int:
    with world.look() as db:
        made = Weeks.of(db)
        for at in range(groups):
            [manager] = made.hire(1, f"{groups}.{at}")
            answer(made, made.hire(6, f"{groups}.{at}", manager))
        for row in db.query(WeeklyFigures):
            db.delete(row)
    seen: list[str] = []

    def listen(*given: Any) -> None:
        seen.append(given[2])

    event.listen(world.app.database.engine, "before_cursor_execute", listen)
    told(world, "hana")
    event.remove(world.app.database.engine, "before_cursor_execute", listen)
    return len(seen)


async def test_from_the_third_week_on_there_is_a_picture_with_its_words(chat: worlds.World) -> None:
    pytest.importorskip("matplotlib")
    sample(chat)
    body = {"participation": [], "left_out": {}, "averages": {}}
    with chat.look() as db:
        people = {"now": [10, 0, 0, 8, 8], "before": []}
        departments = Weeks.of(db).departments
        rows = [{"department": str(key), **people} for key in departments.values()]
        for back in (1, 2, 3):
            keep(db, WEEK - timedelta(days=7 * back), {COMPANY: {**body, "participation": rows}}, chat.clock.now())
    [file] = told(chat, "hana")[0].files
    assert file.name == "participation-2026-11-16.png"
    assert file.content.startswith(b"\x89PNG")
    assert file.alt.startswith(
        "Participation in 4 weeks, from 26 Oct, 2 Nov, 9 Nov, 16 Nov. Everyone: 80 %, 80 %, 80 %, 72 %"
    )
    assert "Engineering: 80 %, 80 %, 80 %, 90 %" in file.alt
    assert file.alt.endswith("Groups of fewer than 5 people have no chart; their figures stand in the text.")


def everybody(world: worlds.World, week: date, sent: int, left: int = 0, **more: Any) -> None:
    """Of one department of eight, asked in this week, so many answered."""
    with world.look() as db:
        made = Weeks.of(db)
        people = [row.person_id for row in db.query(Membership).filter_by(department_id=made.department("Ops"))]
        people = people or made.hire(8, "Ops")
        answer(made, people[:sent], week)
        for person in people[sent : 8 - left]:
            made.asked(person, week, **more)


async def test_a_week_waits_for_a_question_that_a_pause_has_put_off(chat: worlds.World) -> None:
    due = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
    everybody(chat, WEEK, 2, state="open", due_at=due)
    [section] = told(chat, "hana")
    assert section.lines == (
        "The week from Mon 16 Nov is open until Mon 23 Nov, 17:00: its figures come on Mon 30 Nov.",
    )
    assert not section.bars
    await chat.command("hana", "/review", "figures")
    assert "is open until Mon 23 Nov, 17:00" in chat.words("hana")
    with chat.look() as db:
        for ask in db.query(Ask).filter_by(state="open"):
            ask.state, ask.submitted_at = "submitted", due
    everybody(chat, WEEK + timedelta(days=7), 6)
    chat.clock.advance(timedelta(days=7))
    [section, *_] = told(chat, "hana")
    assert "Ops (75 % on time): 75 %, 6 of 8" in words([section])
    assert "The week from Mon 16 Nov: 100 %, 8 of 8; type review figures." in section.lines
    assert "Ops: 25 points less than the week before." in section.lines


async def test_no_pause_and_no_missing_digest_costs_a_week_its_figures(chat: worlds.World) -> None:
    """Weeks of 2, 9 and 16 November; the Mondays in between were in a pause, and the last week had no question."""
    chat.clock.advance(timedelta(days=7))
    for back, sent in ((2, 4), (1, 8), (0, 6)):
        everybody(chat, WEEK - timedelta(days=7 * back), sent)
    [section, *_] = told(chat, "hana")
    assert section.title == "Check-ins of the week from Mon 16 Nov"
    assert "Ops (75 % on time): 75 %, 6 of 8" in words([section])
    assert "Participation in 3 weeks, from 2 Nov, 9 Nov, 16 Nov. Ops: 50 %, 100 %, 75 %" in section.files[0].alt
    await chat.command("hana", "/review", "figures")
    assert "75 %, 6 of 8" in chat.words("hana")
    await chat.press("hana", "Week before")
    assert "The week from Mon 9 Nov" in chat.words("hana")
    assert "100 %, 8 of 8" in chat.words("hana")
    await chat.press("hana", "Week after")
    assert "The week from Mon 16 Nov" in chat.words("hana")


async def test_a_week_looked_at_late_is_told_as_it_stood_on_its_monday(chat: worlds.World) -> None:
    everybody(chat, WEEK, 4, left=1)
    chat.clock.advance(timedelta(days=8))
    with chat.look() as db:
        made = Weeks.of(db)
        [late] = made.hire(1, "Ops")
        made.answered(late, WEEK, 3, at=chat.clock.now() - timedelta(days=1))
    await chat.command("hana", "/review", "figures")
    assert "50 %, 4 of 8" in chat.words("hana")
