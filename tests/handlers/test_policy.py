"""Each switch of the policy, pressed and looked for: what is off is neither asked, stored, sent nor shown."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
import world as worlds
from goals import objective
from key_figures import figure
from parts import drawn
from proving import proves
from sqlalchemy import select
from weeks import Weeks

from bot import commands
from bot.commands import Problem, policy
from bot.messages import Button
from bot.storage.audit import AuditEvent
from bot.storage.checkin import CheckIn, CheckInVersion
from bot.storage.contacts import plan_contacts
from bot.storage.notices import NoticeShown
from bot.storage.okr.tables import KeyResult, Objective
from bot.storage.packages import PolicyPackage
from bot.storage.people import Person, Role
from bot.storage.policy import PolicyPreset, PolicySwitch
from bot.storage.programmes import Programme, Turn

WEEK = {"progress": "Shipped search", "next": "Write the guide"}
OPENS, FRIDAY, NEXT = "2026-11-26 10:00", "2026-11-27 11:00", "2026-12-03 10:05"
# Noon in Lisbon is before her day begins; this is in it.
FRIDAY_IN_NEW_YORK, MONDAY = "2026-11-27 15:00", "2026-11-30 09:00"
# Thursday afternoon in Lisbon is Thursday morning in New York.
BOTH_WORK = "2026-11-26 15:00"
COUNTRIES = {"ada": "PT", "linus": "DE", "grace": "US", "eve": "DE", "hana": "DE"}
RESPONSIBLE = ("Acme Ltd, Main Street 1", "privacy@acme.example", "")


@pytest.fixture
def introduced(request: pytest.FixtureRequest) -> bool:
    return "news_to_me" not in request.fixturenames


@pytest.fixture
def news_to_me() -> None:
    """For tests in which nobody had a first contact yet."""


def placed(world: worlds.World) -> None:
    with world.look() as db:
        for who, country in COUNTRIES.items():
            world.person(db, who).country = country


def turn(world: worlds.World, feature: str, state: str = "off", site: str = "PT") -> str:
    return policy.switch(world.app.database, world.clock, feature, state, site, None, "", yes=True)


def grant(world: worlds.World, who: str, role: str) -> None:
    with world.look() as db:
        db.add(Role(person_id=world.person(db, who).id, name=role, starts_on=date(2020, 1, 1)))


@proves("checkins")
async def test_check_ins_off_asks_nothing_closes_what_is_open_and_shows_no_answer(world: worlds.World) -> None:
    placed(world)
    await world.at(OPENS)
    await world.answer("ada", **WEEK)
    await world.at(NEXT)
    assert "Time for your check-in" in world.words("ada")
    turn(world, "checkins")
    await world.settle()
    assert "Check-ins are switched off where you work" in world.words("ada")
    assert [world.ask("ada").state, world.ask("ada").reason] == ["not_expected", "switched_off"]
    assert "Time for your check-in" in world.words("linus"), "who works elsewhere is asked as ever"
    assert "switched off where you work" in await world.reply("ada", "/checkin")
    [checkin] = world.rows(CheckIn)
    await world.read("grace", checkin.id)
    assert "Shipped search" not in world.seen("grace")
    assert "Check-ins are switched off where Ada Byron works" in world.told("grace")
    await world.read("ada", checkin.id)
    assert "Shipped search" in world.told("ada"), "what is their own they read"
    before = len(world.asks("ada"))
    await world.at("2026-12-10 10:05")
    assert len(world.asks("ada")) == before
    turn(world, "checkins", "on")
    await world.at("2026-12-17 10:05")
    assert world.ask("ada").state == "open"


@proves("mood")
async def test_mood_off_vanishes_from_open_forms_and_is_neither_stored_nor_shown(world: worlds.World) -> None:
    placed(world)
    await world.at(OPENS)
    await world.command("ada", "/checkin")
    assert {"mood", "share_mood"} <= set(world.asked("ada"))
    turn(world, "mood")
    await world.submit("ada", mood="4", share_mood=True, **WEEK)
    [version] = world.rows(CheckInVersion)
    assert version.mood is None
    assert not version.numbers.keys() & {"mood", "workload", "share_mood"}
    await world.command("ada", "/checkin")
    assert not {"mood", "share_mood"} & set(world.asked("ada"))
    assert "average" not in world.open_view("ada").words
    await world.command("linus", "/checkin")
    assert "mood" in world.asked("linus")


async def test_what_was_said_of_the_mood_before_is_not_shown_any_more(chat: worlds.World) -> None:
    placed(chat)
    await chat.at(OPENS)
    await chat.answer("ada", mood="4", share_mood=True, **WEEK)
    [checkin] = chat.rows(CheckIn)
    await chat.read("grace", checkin.id)
    assert "How did this week feel?" in chat.told("grace")
    turn(chat, "mood")
    await chat.read("grace", checkin.id)
    assert "Shipped search" in chat.told("grace")
    assert "How did this week feel?" not in chat.told("grace")


async def test_what_is_posted_no_longer_speaks_of_the_mood(world: worlds.World) -> None:
    placed(world)
    await world.at(OPENS)
    await world.answer("ada", mood="4", share_mood=True, **WEEK)
    assert "also how the week felt" in world.words("ada")
    assert "mood only if you share it" in world.words("linus")
    turn(world, "mood", site="PT")
    await world.settle()
    assert "You and Grace Murray can read it." in world.words("ada")
    assert "how the week felt" not in world.words("ada")
    assert "mood only if you share it" in world.words("linus"), "who works elsewhere is asked as ever"


async def test_averages_leave_out_whose_mood_is_off_and_old_ones_are_not_shown(chat: worlds.World) -> None:
    with chat.look() as db:
        made = Weeks.of(db)
        for week in (date(2026, 11, 16), date(2026, 11, 23)):
            there = [one.id for one in db.scalars(select(Person).where(Person.email.like("%@example.org")))]
            people = there if len(there) >= 24 else [*made.hire(12, "Engineering"), *made.hire(12, "Sales")]
            for at, person in enumerate(people):
                db.get_one(Person, person).country = "DE" if at % 12 < 6 else "US"
                made.answered(person, week, 2 + at % 3)
    assert "(24 people)" in await chat.reply("hana", "/review", "figures")
    turn(chat, "mood", site="DE")
    assert "Mood" not in await chat.reply("hana", "/review", "figures"), "theirs are in it"
    await chat.at("2026-11-30 12:00")
    told = await chat.reply("hana", "/review", "figures")
    assert "(12 people)" in told
    assert "Where it was switched off nobody is counted: DE." in told
    turn(chat, "mood", site="")
    assert "Mood" not in await chat.reply("hana", "/review", "figures")


async def test_where_nobody_is_asked_how_the_week_felt_nothing_is_held_back(chat: worlds.World) -> None:
    placed(chat)
    for site in ("PT", "DE", "US"):
        turn(chat, "mood", site=site)
    with chat.look() as db:
        made = Weeks.of(db)
        for person in made.hire(6, "Engineering"):
            db.get_one(Person, person).country = "DE"
            made.answered(person, date(2026, 11, 16), 3)
    told = await chat.reply("hana", "/review", "figures")
    assert "Engineering" in told
    assert "Mood" not in told
    assert "eld back" not in told
    assert "Mood" not in await chat.reply("hana", "/review", "digest")


@proves("nudges")
async def test_reminders_off_sends_none_of_mine_and_none_by_hand(world: worlds.World) -> None:
    placed(world)
    turn(world, "nudges")
    await world.at(OPENS)
    before = {who: len(world.messages(who)) for who in ("ada", "linus")}
    await world.at(BOTH_WORK)
    assert "Ada Byron is not reminded" in await world.reply("grace", "/review", "nudge Ada Byron")
    await world.at(FRIDAY)
    assert len(world.messages("ada")) == before["ada"]
    assert len(world.messages("linus")) > before["linus"]


@proves("digests")
async def test_digests_off_sends_none_on_monday_and_says_so(world: worlds.World) -> None:
    placed(world)
    turn(world, "digests", site="US")
    await world.at(OPENS)
    await world.answer("ada", **WEEK)
    for hour in (10, 16):
        await world.at(f"2026-11-30 {hour}:00")
    assert [one for one in world.titles("grace") if "team's week" in one] == []
    assert any("week for HR" in one for one in world.titles("hana")), "who works elsewhere gets theirs"
    assert "There are no digests here" in await world.reply("grace", "/review", "digest")


@proves("kpis")
async def test_key_figures_off_are_neither_shown_nor_entered_nor_asked_for(world: worlds.World) -> None:
    placed(world)
    await world.at(BOTH_WORK)
    of = figure(world, level="team", values={7: "3"})
    other = figure(world, "Builds that fail", "linus", key="builds", values={7: "9"})
    world.app.engine.sweep()
    await world.settle()
    assert "A value of your key figure is due" in world.words("ada"), "with the check-in, in one message"
    turn(world, "kpis")
    await world.settle()
    assert {one.state for one in world.asks("ada") if one.conversation == "kpi.due"} == {"not_expected"}
    assert "There are no key figures here" in await world.reply("ada", "/okr", "figures")
    await world.press("ada", "Enter a value", world.given("ada", Button("Enter a value", "kpi.enter", of)))
    assert not world.is_filling("ada")
    await world.home("ada")
    assert "look after" not in world.home_words("ada")
    before = len(world.asks("ada"))
    await world.at("2026-12-03 15:00")
    world.app.engine.sweep()
    await world.settle()
    assert [one for one in world.asks("ada")[before:] if one.conversation == "kpi.due"] == []
    await world.press("linus", "Enter a value", world.given("linus", Button("Enter a value", "kpi.enter", other)))
    assert world.is_filling("linus"), "who works elsewhere goes on"


@proves("completion_lists")
async def test_completion_lists_off_names_nobody_to_the_manager(world: worlds.World) -> None:
    placed(world)
    await world.at(BOTH_WORK)
    assert "Ada Byron: open" in await world.reply("grace", "/review", "status")
    turn(world, "completion_lists")
    told = await world.reply("grace", "/review", "status")
    assert "Ada" not in told
    assert "Linus Holm: open" in told
    assert "1 person of your team is not shown by name here" in told
    await world.home("grace")
    assert "Ada" not in world.home_words("grace")
    assert "not shown by name" in await world.reply("grace", "/review", "status Ada Byron")
    assert "is not reminded" in await world.reply("grace", "/review", "nudge Ada Byron")
    before = len(world.messages("grace"))
    await world.at("2026-11-30 16:00")
    assert len(world.messages("grace")) > before, "Monday has its digest"
    assert "Ada" not in world.words("grace")


async def test_a_team_without_names_is_told_in_numbers_if_it_is_not_too_small(chat: worlds.World) -> None:
    turn(chat, "completion_lists", site="")
    with chat.look() as db:
        made = Weeks.of(db)
        people = made.hire(6, "Engineering", chat.person(db, "grace").id)
        for person in people[:4]:
            made.answered(person, date(2026, 11, 16), 3)
        for person in people[4:]:
            made.asked(person, date(2026, 11, 16))
    assert "Without names: 4 of 6 in" in await chat.reply("grace", "/review", "status")
    assert "Somebody" not in chat.seen("grace")


async def test_small_departments_are_told_together_where_names_are_off(chat: worlds.World) -> None:
    with chat.look() as db:
        made = Weeks.of(db)
        for name, count in (("Engineering", 9), ("Sales", 8), ("Legal", 3), ("Front desk", 2)):
            for person in made.hire(count, name):
                made.answered(person, date(2026, 11, 16), 3)
    assert "Legal" in await chat.reply("hana", "/review", "figures")
    turn(chat, "completion_lists", site="")
    told = await chat.reply("hana", "/review", "figures")
    assert "Legal" not in told
    assert "Small departments together" in told
    by_department = await chat.reply("hana", "/review", "status")
    assert "Legal" not in by_department
    assert "Too few people are expected here" in await chat.reply("hana", "/review", "status Legal")


@proves("goals")
async def test_goals_off_lists_asks_and_tells_nothing_and_keeps_what_there_is(world: worlds.World) -> None:
    placed(world)
    for who in ("ada", "linus"):
        objective(world, who)
    with world.look() as db:
        for one in db.query(KeyResult):
            one.created_at -= timedelta(days=30)
    commands.start_programme(world.app.database, world.clock, "okr.updates", "", introduced=True)
    await world.at(OPENS)
    assert "How do your objectives stand?" in world.words("ada")
    turn(world, "goals")
    await world.settle()
    assert "Objectives are switched off where you work" in world.words("ada")
    asked = next(one for one in world.asks("ada") if one.conversation == "okr.updates")
    assert (asked.state, asked.reason) == ("not_expected", "switched_off")
    assert "How do your objectives stand?" in world.words("linus"), "who works elsewhere is asked as ever"
    assert "There are no objectives here" in await world.reply("ada", "/okr")
    assert "All objectives" not in await world.reply("ada", "/review")
    assert "Ada Byron" not in str(drawn(world, "grace", "manager_digest").get("Objectives of your team"))
    assert len(world.rows(Objective)) == 2
    before = len(world.asks("ada"))
    turn(world, "checkins")
    await world.at("2026-12-10 10:05")
    assert len(world.asks("ada")) == before
    turn(world, "goals", "on")
    assert "Customers hear from us the same day" in await world.reply("ada", "/okr")


@proves("feedback")
async def test_comments_off_are_neither_offered_nor_taken_nor_shown(world: worlds.World) -> None:
    placed(world)
    await world.at(BOTH_WORK)
    await world.answer("ada", **WEEK)
    [checkin] = world.rows(CheckIn)
    comment = world.given("grace", Button("Comment…", "checkin.comment", checkin.id))
    await world.press("grace", "Comment…", comment)
    await world.submit("grace", text="Well done indeed")
    await world.read("ada", checkin.id)
    assert "Well done indeed" in world.told("ada")
    turn(world, "feedback")
    await world.press("grace", "Comment…", world.given("grace", Button("Comment…", "checkin.comment", checkin.id)))
    assert not world.is_filling("grace")
    assert "Comments and thanks are switched off here." in world.told("grace")
    assert "Thank" not in world.labels("grace", world.open_view("grace"))
    await world.read("ada", checkin.id)
    assert "Well done indeed" not in world.told("ada")
    assert "Shipped search" in world.told("ada")


@proves("export")
async def test_own_files_off_says_whom_to_ask(world: worlds.World) -> None:
    placed(world)
    turn(world, "export")
    assert "You have a right to a copy. Please ask" in await world.reply("ada", "/review", "mydata")
    await world.press("ada", "Send", world.given("ada", Button("Send", "mydata.send")))
    await world.settle()
    assert await world.files("ada") == []
    assert "Send me the files" in (await world.reply("linus", "/review", "mydata"), *world.labels("linus"))


@proves("import")
async def test_import_off_changes_nobody(chat: worlds.World, tmp_path: Path) -> None:
    policy.switch(chat.app.database, chat.clock, "import", "off", "", None, "")
    with pytest.raises(Problem, match="switched off"):
        commands.import_people(chat.app.database, worlds.roster(tmp_path), chat.clock)
    with pytest.raises(Problem, match="whole company only"):
        turn(chat, "import", "off", "DE")


async def test_the_stricter_rule_counts_and_who_has_no_country_stands_under_each(chat: worlds.World) -> None:
    turn(chat, "mood", "off", "")
    with pytest.raises(Problem, match="stricter rule counts"):
        turn(chat, "mood", "on", "PT")
    turn(chat, "mood", "on", "")
    told = turn(chat, "mood", "off", "JP")
    assert "5 people have no country" in told
    await chat.at(OPENS)
    await chat.command("ada", "/checkin")
    assert "mood" not in chat.asked("ada")


@pytest.mark.parametrize("site", ["XX", "ZZ", "DE-XYZ"])
async def test_what_is_no_place_is_no_site(chat: worlds.World, site: str) -> None:
    with pytest.raises(Problem, match=r"is no (country|part of DE)"):
        turn(chat, "mood", "off", site)
    assert chat.rows(PolicySwitch) == []


async def test_who_stands_under_a_site_only_for_want_of_a_country_is_counted_first(chat: worlds.World) -> None:
    placed(chat)
    with chat.look() as db:
        chat.person(db, "ada").country = None
        chat.person(db, "eve").region = "XYZ"

    def off(site: str) -> str:
        return policy.switch(chat.app.database, chat.clock, "mood", "off", site, None, "")

    with pytest.raises(Problem, match=r"3 people .* work in DE; .*for 1 person besides.*--yes"):
        off("DE")
    with pytest.raises(Problem, match=r"1 person .* work in DE-XYZ; .*for 3 people besides"):
        off("DE-XYZ")
    with chat.look() as db:
        chat.person(db, "ada").country = "PT"
    assert "off for DE (3 people)" in off("DE")


@pytest.mark.parametrize(("day", "why"), [(date(2030, 12, 31), "still to come"), (date(1066, 10, 14), "50 years ago")])
async def test_an_agreement_was_signed_on_a_day_that_can_be(chat: worlds.World, day: date, why: str) -> None:
    with pytest.raises(Problem, match=why):
        policy.preset(chat.app.database, chat.clock, "works-council", day, "")
    assert chat.rows(PolicyPreset) == []


async def test_the_first_contact_carries_the_notice_and_being_sent_is_being_shown(
    chat: worlds.World, news_to_me: None
) -> None:
    policy.notice(chat.app.database, chat.clock, *RESPONSIBLE, "")
    with chat.look() as db:
        for one in db.scalars(select(Turn)):
            one.next_due_at = None
        programme = db.scalars(select(Programme)).one()
        plan_contacts(db, [chat.person(db, "ada").id], programme.id, {}, chat.clock.now())
    await chat.at("2026-11-23 15:00")
    words = chat.words("ada")
    for part in ("I'm Rapport", "Acme Ltd, Main Street 1", "privacy@acme.example", "Legal basis", "No automated"):
        assert part in words
    assert [row.version for row in chat.rows(NoticeShown)] == [1]
    await chat.at(OPENS)
    assert chat.ask("ada").state == "open"


async def test_a_new_notice_comes_right_before_the_question(world: worlds.World) -> None:
    policy.notice(world.app.database, world.clock, *RESPONSIBLE, "")
    await world.at(OPENS)
    titles = world.titles("ada")
    assert titles.index("Privacy notice") < titles.index("Time for your check-in")
    policy.notice(world.app.database, world.clock, *RESPONSIBLE, "")
    await world.at(NEXT)
    assert world.titles("ada").count("Privacy notice") == 1, "nothing is new in it"


@pytest.mark.parametrize("steps", [[FRIDAY, FRIDAY_IN_NEW_YORK], [FRIDAY_IN_NEW_YORK]])
async def test_a_notice_costs_nobody_their_question_when_time_jumps(chat: worlds.World, steps: list[str]) -> None:
    """Grace's day begins when the notice is out and Friday has come in Europe."""
    chat.reports("grace", to="hana")
    policy.notice(chat.app.database, chat.clock, *RESPONSIBLE, "")
    for step in steps:
        await chat.at(step)
    titles = chat.titles("grace")
    assert titles.index("Privacy notice") < titles.index("Time for your check-in")
    await chat.at(MONDAY)
    assert chat.ask("grace").state == "missed", "she was asked"


async def test_a_new_purpose_shows_the_notice_again(chat: worlds.World) -> None:
    turn(chat, "mood", "off", "")
    policy.notice(chat.app.database, chat.clock, *RESPONSIBLE, "")
    await chat.at("2026-11-26 11:30")
    told = len([one for one in chat.titles("ada") if one == "Privacy notice"])
    turn(chat, "mood", "on", "")
    await chat.at("2026-12-03 11:30")
    assert len([one for one in chat.titles("ada") if one == "Privacy notice"]) == told + 1


async def test_who_comes_first_is_shown_the_notice_before_the_form(chat: worlds.World) -> None:
    policy.notice(chat.app.database, chat.clock, *RESPONSIBLE, "")
    await chat.command("ada", "/checkin")
    assert "Please read this before the first question." in chat.told("ada")
    assert not chat.is_filling("ada")
    await chat.press("ada", "Check in")
    assert chat.is_filling("ada")


async def test_the_notice_is_read_again_at_any_time(chat: worlds.World) -> None:
    assert "There is no privacy notice yet" in await chat.reply("ada", "/review", "notice")
    policy.notice(chat.app.database, chat.clock, *RESPONSIBLE, "")
    read = await chat.reply("ada", "/review", "notice")
    assert "Acme Ltd, Main Street 1" in read
    assert "(proposed, not confirmed by your employer yet)" in read
    await chat.command("ada", "/review", "privacy")
    assert "Privacy notice" in chat.labels("ada")


async def test_nothing_starts_before_what_the_preset_wants(chat: worlds.World, tmp_path: Path) -> None:
    database, clock = chat.app.database, chat.clock
    told = policy.preset(database, clock, "works-council", None, "")
    assert "mood: off" in told
    assert "talent: off, when it is built" in told
    assert "notice, dpia, agreement" in told
    with pytest.raises(Problem, match=r"privacy notice.*impact assessment.*date of the agreement"):
        commands.start_programme(database, clock, "checkin", "Sales")
    policy.notice(database, clock, *RESPONSIBLE, "")
    policy.export(database, clock, tmp_path, "en", names=False)
    with pytest.raises(Problem, match="wants first: the date"):
        commands.start_programme(database, clock, "checkin", "Sales")
    policy.preset(database, clock, "works-council", date(2026, 11, 2), "")
    assert "starts for Sales" in commands.start_programme(database, clock, "checkin", "Sales")
    assert "works-council no longer" in policy.preset(database, clock, "default", None, "")
    left = [row.details for row in chat.rows(AuditEvent) if row.action == "policy.preset"][-1]
    assert (left["left"], left["preset"]) == ("works-council", "default")


async def test_the_start_button_says_what_is_missing(chat: worlds.World) -> None:
    policy.preset(chat.app.database, chat.clock, "eu", None, "")
    with chat.look() as db:
        running = db.scalars(select(Programme)).one()
        running.started_at, version = None, running.version
        people = len(worlds.PEOPLE)
        programme = running.id
    start = chat.given("hana", Button("Start", "programmes.start", programme, people, version))
    await chat.press("hana", "Start", start)
    assert "Your company's policy wants first: the privacy notice" in chat.told("hana")
    assert chat.rows(Programme)[0].started_at is None


async def test_the_package_names_nobody_and_says_what_has_changed(chat: worlds.World, tmp_path: Path) -> None:
    placed(chat)
    policy.export(chat.app.database, chat.clock, tmp_path, "en", names=False)
    first = json.loads((tmp_path / "rapport-policy-1.json").read_text("utf-8"))
    assert first["features"]["mood"]["company"]["state"] == "on"
    assert first["features"]["pulse"]["company"]["state"] == "not_built"
    assert first["roles"]["hr_coordinator"]["holders"] == 1
    assert first["changes_since"] is None
    assert "author" in first["access"]["checkin read"]
    turn(chat, "mood", "off", "DE")
    told = policy.export(chat.app.database, chat.clock, tmp_path, "de", names=False)
    assert "1 changes since package 1" in told
    second = json.loads((tmp_path / "rapport-policy-2.json").read_text("utf-8"))
    assert [one["what"] for one in second["changes"]] == ["features.mood.sites.DE"]
    assert second["features"]["mood"]["sites"]["DE"]["state"] == "off"
    made = [tmp_path / f"rapport-policy-{number}.{kind}" for number in (1, 2) for kind in ("html", "json")]
    written = "".join(path.read_text("utf-8") for path in made)
    assert [name for name in worlds.PEOPLE.values() if name in written] == []
    assert "<script" not in written
    for code in ("reader_delegate", "hr_coordinator", "see_state", "guarded_role", "shared_by"):
        assert code not in made[0].read_text("utf-8")
    assert "who acts for the manager to whom it was sent" in made[0].read_text("utf-8")
    told = policy.export(chat.app.database, chat.clock, tmp_path, "fr", names=True)
    assert "There are no words in fr here: the page is in English." in told
    assert "Hana Sato" in (tmp_path / "rapport-policy-3.html").read_text("utf-8")
    assert all("Hana" not in json.dumps(row.body) for row in chat.rows(PolicyPackage))
    assert [row.details["names"] for row in chat.rows(AuditEvent) if row.action == "policy.exported"] == [
        False, False, True,
    ]  # fmt: skip


async def test_the_works_council_makes_the_package_in_the_chat(world: worlds.World) -> None:
    grant(world, "eve", "works_council")
    turn(world, "mood", "off", "DE")
    told = await world.reply("eve", "/review", "policy")
    assert "Mood and workload: DE" in told
    assert "Switched on" in told
    assert "Reminders" in told
    await world.press("eve", "Make the package")
    await world.settle()
    files = dict((await world.files("eve"))[-2:])
    assert sorted(files) == ["rapport-policy-1.html", "rapport-policy-1.json"]
    assert json.loads(files["rapport-policy-1.json"])["features"]["mood"]["sites"]["DE"]["state"] == "off"
    assert "not yours to see" in await world.reply("ada", "/review", "policy")
    await world.press("ada", "?", world.given("ada", Button("?", "policy.package")))
    await world.settle()
    assert len(world.rows(PolicyPackage)) == 1


async def test_what_is_shown_at_the_command_line_says_since_when_and_why(chat: worlds.World) -> None:
    policy.preset(chat.app.database, chat.clock, "eu", None, "")
    turn(chat, "mood", "off", "DE")
    told = policy.show(chat.app.database)
    assert "Preset: eu" in told
    assert "mood DE: off, since 2026-11-23 (by hand)" in told
    assert "talent: not built yet; stays off when it comes, since 2026-11-23 (preset:eu: no legal basis" in told
    assert "Before a programme can start: notice, dpia" in told
