"""Programmes run by HR from the chat: drafts, the preview, the start, teams that wait, what runs and is stopped."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
import world as worlds

from bot.clock import to_local
from bot.messages import Button
from bot.storage.asks import Ask
from bot.storage.audit import AuditEvent
from bot.storage.checkin import CheckIn
from bot.storage.contacts import FirstContact
from bot.storage.drafts import Draft
from bot.storage.people import Address, Department, Person, Role
from bot.storage.programmes import Member, Programme, Turn

LATE_TUESDAY = {
    "whom": "everyone", "every": "week", "on": "1", "at": "09:00", "due_on": "2", "due_at": "12:00", "remind_on": "2",
    "remind_at": "09:00",
}  # fmt: skip


def draft_of(world: worlds.World) -> Programme:
    [found] = [one for one in world.rows(Programme) if one.started_at is None]
    return found


def newest(world: worlds.World) -> Programme:
    return max(world.rows(Programme), key=lambda one: one.created_at)


async def drafted(world: worlds.World, who: str = "hana", **more: Any) -> Programme:
    """A draft made in the form, opened on Tuesdays; the answers that show others come first."""
    await world.command(who, "/review", "programmes")
    await world.press(who, "New…")
    given = {**LATE_TUESDAY, **more}
    for key in ("whom", "every"):
        if key in world.asked(who):
            await world.choose(who, **{key: given[key]})
    await world.submit_asked(who, **given)
    return newest(world)


def nobody_knows(world: worlds.World) -> None:
    """As after the installation: nothing runs, and nobody has had a first message."""
    with world.look() as db:
        for table in (FirstContact, Turn, Member, Programme):
            db.execute(sa.delete(table))


def confirms(world: worlds.World, who: str) -> None:
    """A first contact that was sent and answered with OK."""
    with world.look() as db:
        row = db.get_one(FirstContact, world.person(db, who).id)
        row.state, row.sent_at, row.answered_at = "ok", world.clock.now(), world.clock.now()


def card(world: worlds.World) -> Any:
    """What HR presses and reads of a programme; their own first message may have come after it."""
    return [one for one in world.messages("hana") if one.words.startswith("Check in, ")][-1]


def department(world: worlds.World, name: str) -> str:
    [found] = [str(one.id) for one in world.rows(Department) if one.name == name]
    return found


def contact(world: worlds.World, who: str) -> FirstContact | None:
    with world.look() as db:
        found: FirstContact | None = db.get(FirstContact, world.person(db, who).id)
        return found


def turns(world: worlds.World, programme: Programme) -> dict[str, datetime | None]:
    with world.look() as db:
        rows = db.execute(
            sa.select(Person.name, Turn.next_due_at, Turn.zone)
            .join(Turn, Turn.person_id == Person.id)
            .where(Turn.programme_id == programme.id)
        )
        return {name.split()[0].lower(): due and to_local(due, zone) for name, due, zone in rows}


def audited(world: worlds.World, about: Programme) -> list[str]:
    with world.look() as db:
        rows = sa.select(AuditEvent.action).where(AuditEvent.object_id == about.id).order_by(AuditEvent.seq)
        return list(db.scalars(rows))


class TestADraft:
    async def test_writes_to_nobody_before_start_is_pressed(self, world: worlds.World) -> None:
        nobody_knows(world)
        await drafted(world)
        assert world.words("hana").startswith("Check in, draft for everyone (5)")
        assert "every week on Tue at 09:00, in each person's zone" in world.words("hana")
        await world.at("2026-12-08 10:00")
        assert world.rows(FirstContact) == []
        assert world.rows(Turn) == []
        assert all(world.messages(who) == [] for who in ("ada", "grace", "linus", "eve"))

    async def test_is_changed_and_deleted_again(self, chat: worlds.World) -> None:
        made = await drafted(chat)
        await chat.press("hana", "Change…")
        await chat.choose("hana", whom="department")
        await chat.submit("hana", department=department(chat, "Sales"))
        assert chat.words("hana").startswith("Check in, draft for Sales (1)")
        assert "One person is in it: what they answer goes to their manager as always" in chat.words("hana")
        await chat.press("hana", "Delete draft")
        assert chat.words("hana").startswith("The draft for Sales is deleted")
        assert [one for one in chat.rows(Programme) if one.id == made.id] == []
        assert audited(chat, made) == ["programme.drafted", "programme.redrafted", "programme.deleted"]

    @pytest.mark.parametrize(
        ("more", "says"),
        [
            ({"every": "fortnight"}, "every 2 weeks on Tue at 09:00"),
            ({"every": "month", "nth": "1", "on": "3", "due_on": "4"}, "every month on the first Thu at 09:00"),
            ({"every": "month", "nth": "5"}, "every month on the last Tue at 09:00"),
        ],
    )
    async def test_comes_as_often_as_it_was_said(self, chat: worlds.World, more: dict[str, str], says: str) -> None:
        await drafted(chat, **{**more, **({"remind_on": "4"} if more.get("due_on") == "4" else {})})
        assert says in chat.words("hana")

    async def test_of_a_cadence_that_starts_in_the_past_begins_with_the_next_opening(self, chat: worlds.World) -> None:
        await drafted(chat, begins="2026-03-02")
        assert chat.fact(chat.last("hana"), "Next opening").startswith("Tue 24 Nov, 09:00")

    async def test_of_every_second_week_counts_from_the_day_it_may_begin(self, chat: worlds.World) -> None:
        await drafted(chat, every="fortnight", begins="2026-11-25")
        assert chat.fact(chat.last("hana"), "Next opening").startswith("Tue 1 Dec, 09:00")

    @pytest.mark.parametrize("begins", [None, "2026-11-22", "2026-11-24", "2026-11-25"])
    async def test_of_every_second_week_begins_with_the_next_opening_whatever_past_day_is_said(
        self, chat: worlds.World, begins: str | None
    ) -> None:
        await chat.at("2026-11-25 12:00")
        await drafted(chat, every="fortnight", begins=begins)
        assert chat.fact(chat.last("hana"), "Next opening").startswith("Tue 1 Dec, 09:00")

    async def test_of_every_second_week_stays_in_its_weeks_once_it_runs(self, chat: worlds.World) -> None:
        await drafted(chat, every="fortnight")
        await chat.press("hana", "Start for everyone (5)")
        await chat.at("2026-11-25 12:00")
        await chat.press("hana", "Change…", card(chat))
        await chat.submit("hana", at="10:00")
        assert chat.fact(card(chat), "Next opening").startswith("Tue 8 Dec, 10:00")

    async def test_that_is_due_before_it_opens_is_refused_in_words(self, chat: worlds.World) -> None:
        await chat.command("hana", "/review", "programmes")
        await chat.press("hana", "New…")
        await chat.submit("hana", **{**LATE_TUESDAY, "remind_on": "4"})
        assert chat.errors("hana")["due_on"].startswith("It opens first, then reminds, then is due")

    async def test_reminds_of_nothing_if_so_wished(self, chat: worlds.World) -> None:
        made = await drafted(chat)
        await chat.press("hana", "Change…")
        await chat.submit("hana", remind_on="none")
        assert chat.fact(chat.last("hana"), "Reminder").startswith("none")
        cadence = next(one for one in chat.rows(Programme) if one.id == made.id).cadence
        assert (cadence["remind_on"], cadence["remind_at"]) == (None, None)

    async def test_of_a_managers_tree_has_everybody_below_and_not_the_manager(self, chat: worlds.World) -> None:
        await drafted(chat, whom="tree", manager=chat.picked("grace"))
        assert chat.words("hana").startswith("Check in, draft for everyone under Grace Murray (2)")
        await chat.press("hana", "Preview list")
        assert "Ada Byron" in chat.words("hana")
        assert "Grace Murray: " not in chat.words("hana")

    async def test_of_a_list_has_the_people_picked(self, chat: worlds.World) -> None:
        await drafted(chat, whom="list", people=[chat.picked(who) for who in ("ada", "eve")])
        assert chat.words("hana").startswith("Check in, draft for a list of people (2)")

    async def test_says_whom_a_list_names(self, chat: worlds.World) -> None:
        await drafted(chat, whom="list", people=[chat.picked(who) for who in ("ada", "eve")])
        assert chat.fact(chat.last("hana"), "Who").startswith("Ada Byron, Eve Moreau")

    async def test_that_was_changed_is_drawn_anew_on_every_card_of_it(self, world: worlds.World) -> None:
        await drafted(world)
        first = world.place(world.last("hana"))
        await world.press("hana", "Change…")
        await world.submit("hana", on="3", due_on="4", remind_on="none")
        old, new = (
            next(one for one in world.messages("hana") if world.place(one) == at)
            for at in (first, world.place(world.last("hana")))
        )
        assert world.place(old) != world.place(new)
        for shown in (old, new):
            assert "every week on Thu at 09:00" in shown.words
        await world.press("hana", "Start for everyone (5)", new)
        old = next(one for one in world.messages("hana") if world.place(one) == first)
        assert old.words.startswith("Check in, running for everyone (5)")
        assert "Start for everyone (5)" not in world.labels("hana", old)
        await world.press("hana", "All programmes", old)
        await world.press("hana", "Stop", new)
        kept = next(one for one in world.messages("hana") if world.place(one) == first)
        assert kept.words.startswith("Programmes\n"), "what was pressed away stays away"

    @pytest.mark.parametrize("phrase", ["start", "managers", "delete"])
    async def test_pressed_on_a_card_that_is_outdated_is_shown_as_it_stands(
        self, chat: worlds.World, phrase: str
    ) -> None:
        made = await drafted(chat)
        await chat.press("hana", "Change…")
        await chat.submit("hana", on="3", due_on="4", remind_on="none")
        ids = (made.id, 5, 1) if phrase == "start" else (made.id, 1)
        await chat.press("hana", "Press", chat.given("hana", _button(phrase, "Press", *ids)))
        assert "was changed after the card you pressed was drawn" in chat.words("hana")
        assert "every week on Thu at 09:00" in chat.words("hana")
        assert audited(chat, made) == ["programme.drafted", "programme.redrafted"]

    async def test_says_what_starts_and_when_before_it_is_started(self, chat: worlds.World) -> None:
        await drafted(chat)
        asked = chat.drawn(chat.last("hana"))
        assert "5 people are asked every week on Tue at 09:00, on Tue 24 Nov at the earliest." in asked

    async def test_changed_by_two_of_hr_at_once_shows_both(self, chat: worlds.World) -> None:
        made = await drafted(chat)
        card = chat.last("hana")
        with chat.look() as db:
            db.add(Role(person_id=chat.person(db, "eve").id, name="hr_coordinator", starts_on=chat.clock.now().date()))
        await chat.press("hana", "Change…", card)
        await chat.command("eve", "/review", "programmes")
        await chat.press("eve", chat.in_row("eve", "draft"))
        await chat.press("eve", "Change…")
        await chat.submit("eve", at="11:00")
        await chat.submit("hana", at="15:00")
        view = chat.open_view("hana")
        assert "This was changed after you opened it" in str(view.words)
        await chat.submit("hana")
        assert next(one for one in chat.rows(Programme) if one.id == made.id).cadence["at"] == "15:00:00"


class TestTryItOnMe:
    async def test_shows_the_true_message_and_form_and_stores_nothing(self, world: worlds.World) -> None:
        nobody_knows(world)
        await drafted(world)
        await world.press("hana", "Try it on me")
        assert world.words("hana").startswith("Trial: Time for your check-in")
        assert "only you see it" in world.words("hana")
        await world.press("hana", "Check in")
        assert world.asked("hana")[0] == "mood"
        await world.submit("hana", progress="Shipped search", next="Write the guide")
        assert world.words("hana").startswith("Trial: your check-in would be stored now")
        assert (world.rows(Ask), world.rows(CheckIn), world.rows(Draft)) == ([], [], [])

    async def test_a_required_question_is_required_in_a_trial_too(self, chat: worlds.World) -> None:
        await drafted(chat)
        await chat.press("hana", "Try it on me")
        await chat.press("hana", "Check in")
        await chat.choose("hana", blocked=True)
        await chat.force("hana", progress="Shipped search", next="")
        assert chat.errors("hana")
        await chat.cancel("hana")
        assert len(chat.rows(Draft)) == 1
        await chat.press("hana", "Delete my trial")
        assert chat.words("hana").startswith("Your trial is deleted")
        assert chat.rows(Draft) == []


class TestThePreview:
    async def test_says_who_hears_when_by_whom_and_in_which_language(self, world: worlds.World) -> None:
        nobody_knows(world)
        await drafted(world)
        await world.press("hana", "Preview list")
        words = world.words("hana")
        assert words.startswith("List for everyone (5)\nEverybody gets: Weekly check-in.")
        listed = world.last("hana")
        assert world.fact(listed, "Mon 23 Nov").startswith("3 first messages")
        assert world.fact(listed, "After their manager's OK").startswith(
            "2 first messages, on Thu 26 Nov at the earliest"
        )
        assert "after Grace Murray's OK" in words
        assert "manager Grace Murray · Europe/Lisbon · English" in words
        assert "Europe/Berlin · English · no manager" in words

    async def test_marks_who_cannot_be_written_to(self, chat: worlds.World) -> None:
        nobody_knows(chat)
        with chat.look() as db:
            chat.person(db, "ada").zone = ""
            others = Address.person_id != chat.person(db, "hana").id
            db.execute(sa.update(Address).where(others).values(reachable=False))
        await drafted(chat)
        await chat.press("hana", "Preview list")
        assert "no time zone: not asked until one is known" in chat.words("hana")
        assert chat.words("hana").count("no account") == 4

    async def test_names_the_manager_from_outside_who_hears_first(self, chat: worlds.World) -> None:
        nobody_knows(chat)
        await drafted(chat, whom="list", people=[chat.picked(who) for who in ("ada", "linus")])
        await chat.press("hana", "Preview list")
        said = "Grace Murray leads people of this list and gets a first message too, but is asked nothing."
        assert said in chat.words("hana")

    async def test_turns_its_pages(self, chat: worlds.World) -> None:
        with chat.look() as db:
            for number in range(20):
                db.add(
                    Person(
                        name=f"Zoe {number:02}", email=f"zoe{number}@example.org", zone="Europe/Berlin",
                        created_at=chat.clock.now(),
                    )
                )  # fmt: skip
        await drafted(chat)
        await chat.press("hana", "Preview list")
        assert "Page 1 of 3" in chat.words("hana")
        await chat.press("hana", "Next")
        assert "Zoe 05" in chat.words("hana")
        await chat.press("hana", "Next")
        assert "Next" not in chat.labels("hana")
        await chat.press("hana", "Back")
        assert "Page 2 of 3" in chat.words("hana")

    async def test_who_is_taken_out_gets_nothing_and_may_be_put_back(self, world: worlds.World) -> None:
        nobody_knows(world)
        made = await drafted(world)
        await world.press("hana", "Preview list")
        await world.press("hana", world.in_row("hana", "Ada Byron", "Take out"))
        assert "taken out, is asked nothing" in world.words("hana")
        assert world.words("hana").startswith("List for everyone (4)")
        await world.press("hana", "Put back")
        assert world.words("hana").startswith("List for everyone (5)")
        await world.press("hana", world.in_row("hana", "Ada Byron", "Take out"))
        await world.press("hana", "To the programme")
        await world.press("hana", "Start for everyone (4)")
        assert set(turns(world, made)) == {"grace", "linus", "eve", "hana"}
        assert contact(world, "ada") is None
        assert audited(world, made)[1:4] == ["programme.taken_out", "programme.put_back", "programme.taken_out"]


class TestTheStart:
    async def test_introduces_managers_first_and_asks_nobody_who_was_not_introduced(self, world: worlds.World) -> None:
        nobody_knows(world)
        made = await drafted(world)
        await world.press("hana", "Start for everyone (5)")
        words = card(world).words
        assert words.startswith("Check in, running for everyone (5), 2 of them wait for their manager's OK")
        assert "Waiting for Grace Murray's OK (2 people)" in words
        # Nine o'clock in Berlin, three in the night in New York.
        tuesday = datetime.combine(date(2026, 11, 24), time(9))
        known = {"eve": tuesday, "hana": tuesday}
        assert turns(world, made) == {"ada": None, "grace": None, "linus": None, **known}
        for who in known:
            assert (found := contact(world, who)) is not None
            assert (found.state, found.sent_at) == ("sent", world.clock.now())
            assert "I'm Rapport" in world.titles(who)
        assert (found := contact(world, "grace")) is not None
        opens = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("America/New_York"))
        assert (found.state, found.due_at) == ("planned", opens.astimezone(UTC))
        for who in ("ada", "linus"):
            assert (found := contact(world, who)) is not None
            assert (found.state, found.due_at) == ("planned", None)
        assert all(world.messages(who) == [] for who in ("ada", "grace", "linus"))
        assert len(world.rows(Member)) == 5

    async def test_pressed_twice_starts_once_and_says_who_was_first(self, world: worlds.World) -> None:
        made = await drafted(world)
        card = world.last("hana")
        pressed = await world.press("hana", "Start for everyone (5)", card)
        before = len(world.rows(Turn))
        again = world.given("hana", _start(made, 5))
        await world.press("hana", "Start", again)
        assert "Hana Sato has done this already, Mon 23 Nov, 09:00." in world.words("hana")
        await world.redeliver(pressed)
        assert len(world.rows(Turn)) == before
        assert audited(world, made).count("programme.started") == 1

    async def test_of_a_list_that_has_changed_meanwhile_asks_to_look_again(self, chat: worlds.World) -> None:
        made = await drafted(chat)
        with chat.look() as db:
            db.add(Person(name="Zoe", email="zoe@example.org", zone="Europe/Berlin", created_at=chat.clock.now()))
        await chat.press("hana", "Start for everyone (5)")
        assert "The list has changed meanwhile: 6 people are in it now." in chat.words("hana")
        assert newest(chat).started_at is None
        await chat.press("hana", "Start for everyone (6)")
        assert audited(chat, made)[-1] == "programme.started"

    async def test_with_nobody_in_it_has_its_words(self, chat: worlds.World) -> None:
        with chat.look() as db:
            db.add(Department(name="Nobody here", created_at=chat.clock.now()))
        await drafted(chat, whom="department", department=department(chat, "Nobody here"))
        assert "Nobody is in it yet" in chat.words("hana")
        assert not {"Managers first", "Start for Nobody here (0)"} & set(chat.labels("hana"))
        await chat.press("hana", "Start", chat.given("hana", _start(newest(chat), 0)))
        assert "Nobody is in it yet" in chat.words("hana")
        assert newest(chat).started_at is None

    async def test_of_a_person_without_zone_loses_nothing(self, world: worlds.World) -> None:
        with world.look() as db:
            world.person(db, "ada").zone = ""
        made = await drafted(world)
        await world.press("hana", "Start for everyone (5)")
        assert "ada" not in turns(world, made)
        with world.look() as db:
            world.person(db, "ada").zone = "Europe/Lisbon"
        await world.app.run(world.app.engine.sweep)
        assert turns(world, made)["ada"] is not None

    async def test_who_knows_rapport_already_is_asked_at_the_next_opening(self, world: worlds.World) -> None:
        made = await drafted(world)
        await world.press("hana", "Start for everyone (5)")
        assert "The first question comes Tue 24 Nov, 05:30." not in world.words("hana")
        assert set(turns(world, made).values()) == {datetime.combine(date(2026, 11, 24), time(9))}
        await world.at("2026-11-24 09:00")
        assert world.titles("ada") == ["Time for your check-in"]

    async def test_who_joins_later_is_introduced_too_if_so_wished(self, world: worlds.World) -> None:
        made = await drafted(world, joins="yes")
        await world.press("hana", "Start for everyone (5)")
        with world.look() as db:
            db.add(Person(name="Zoe", email="zoe@example.org", zone="Europe/Berlin", created_at=world.clock.now()))
        await world.app.run(world.app.engine.sweep)
        assert turns(world, made)["zoe"] is None
        assert len([one for one in world.rows(FirstContact) if one.state == "planned"]) == 1

    async def test_who_joins_later_is_left_alone_if_not(self, world: worlds.World) -> None:
        with world.look() as db:
            db.execute(sa.delete(Programme).where(Programme.started_at.is_not(None)))
        made = await drafted(world, joins="no")
        await world.press("hana", "Start for everyone (5)")
        with world.look() as db:
            db.add(Person(name="Zoe", email="zoe@example.org", zone="Europe/Berlin", created_at=world.clock.now()))
        await world.app.run(world.app.engine.sweep)
        assert "zoe" not in turns(world, made)

    async def test_of_people_whom_another_programme_asks_already_says_so(self, chat: worlds.World) -> None:
        await drafted(chat)
        assert "5 people in it are asked this by another programme already" in chat.words("hana")

    async def test_of_a_large_company_is_done_in_pieces(
        self, world: worlds.World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("bot.handlers.programmes.starting.BATCH", 2)
        nobody_knows(world)
        made = await drafted(world)
        await world.press("hana", "Start for everyone (5)")
        assert len(turns(world, made)) == 5
        assert len(world.rows(FirstContact)) == 5

    async def test_at_the_weekend_says_on_which_day_the_first_message_goes_out(self, world: worlds.World) -> None:
        nobody_knows(world)
        await world.at("2026-11-28 11:00")
        await drafted(world)
        await world.press("hana", "Start for everyone (5)")
        assert "Started. The first message goes out Mon 30 Nov, 09:00, managers first" in card(world).words


class TestManagersFirst:
    async def test_writes_to_the_managers_and_to_nobody_else(self, world: worlds.World) -> None:
        nobody_knows(world)
        made = await drafted(world)
        await world.press("hana", "Managers first")
        assert "1 manager hears first: Mon 23 Nov, 15:00." in world.words("hana")
        [planned] = world.rows(FirstContact)
        with world.look() as db:
            assert planned.person_id == world.person(db, "grace").id
        assert "draft for everyone (5), the managers have been written to" in world.words("hana")
        assert audited(world, made)[-1] == "programme.managers_first"

    async def test_their_people_follow_three_working_days_after_an_ok(self, world: worlds.World) -> None:
        nobody_knows(world)
        await world.later(hours=8)
        await drafted(world)
        await world.press("hana", "Managers first")
        confirms(world, "grace")
        await world.press("hana", "Start for everyone (5)", card(world))
        thursday = datetime(2026, 11, 26, 9, tzinfo=ZoneInfo("America/New_York"))
        for who in ("ada", "linus"):
            assert (found := contact(world, who)) is not None
            assert found.due_at == thursday.astimezone(UTC)
        assert "Waiting for" not in card(world).words

    async def test_hr_may_start_a_team_without_the_ok(self, world: worlds.World) -> None:
        nobody_knows(world)
        made = await drafted(world)
        await world.press("hana", "Start for everyone (5)")
        await world.press("hana", "Start without", card(world))
        assert "2 people no longer wait for Grace Murray's OK." in card(world).words
        assert (found := contact(world, "ada")) is not None
        assert found.due_at is not None
        assert found.due_at >= world.clock.now() + timedelta(days=3)
        again = world.given("hana", _without(world, made, "grace"))
        await world.press("hana", "Start without", again)
        assert "Nobody waits for this OK any more." in world.words("hana")
        assert audited(world, made).count("programme.started_without") == 1


class TestWhatRuns:
    async def test_a_change_counts_from_the_next_opening_and_leaves_what_is_open(self, world: worlds.World) -> None:
        made = await drafted(world)
        await world.press("hana", "Start for everyone (5)")
        await world.at("2026-11-24 10:00")
        due = world.ask("ada").due_at
        await world.command("hana", "/review", "programmes")
        await world.press("hana", world.in_row("hana", "Check in"))
        if "Change…" not in world.labels("hana"):
            raise AssertionError(world.words("hana"))
        await world.press("hana", "Change…", world.given("hana", _change(made)))
        await world.submit("hana", on="0", due_on="1", remind_on="none")
        assert "For 5 people from Mon 30 Nov, 09:00 on" in world.words("hana")
        assert "what is open stays as it was asked" in world.words("hana")
        assert world.ask("ada").due_at == due
        assert set(turns(world, made).values()) == {datetime.combine(date(2026, 11, 30), time(9))}
        await world.at("2026-11-25 09:00")
        assert world.titles("ada")[-1] == "Your check-in is still open"
        await world.at("2026-11-30 09:00")
        assert world.titles("ada")[-1] == "Time for your check-in"
        assert next(one for one in world.rows(Programme) if one.id == made.id).version == 2
        assert audited(world, made)[-1] == "programme.changed"

    async def test_who_is_taken_out_is_asked_and_reminded_no_more_after_a_question_back(
        self, world: worlds.World
    ) -> None:
        with world.look() as db:
            db.execute(sa.delete(Programme).where(Programme.started_at.is_not(None)))
        made = await drafted(world)
        await world.press("hana", "Start for everyone (5)")
        await world.at("2026-11-24 10:00")
        await world.press("hana", "List", card(world))
        [listed] = [one for one in world.messages("hana") if one.words.startswith("List for")]
        assert "Ada Byron is asked and reminded of nothing more here, and I do not tell them." in world.drawn(listed)
        with world.look() as db:
            out = _button("out", "Take out", made.id, world.person(db, "ada").id, 0)
        await world.press("hana", "Take out", world.given("hana", out))
        assert "ada" not in turns(world, made)
        assert world.ask("ada").remind_at is None
        await world.at("2026-12-03 10:00")
        assert world.titles("ada") == ["Check-in missed"]
        assert len(world.asks("linus")) == 2

    async def test_after_the_stop_nobody_is_asked_or_reminded(self, world: worlds.World) -> None:
        with world.look() as db:
            db.execute(sa.delete(Programme).where(Programme.started_at.is_not(None)))
        made = await drafted(world)
        await world.press("hana", "Start for everyone (5)")
        await world.at("2026-11-24 10:00")
        await world.press("hana", "Stop", world.given("hana", _stop(made)))
        assert "stopped for everyone on Tue 24 Nov" in world.words("hana")
        await world.at("2026-12-10 17:00")
        assert world.titles("ada") == ["Check-in missed"]
        assert len(world.asks("ada")) == 1
        assert audited(world, made)[-1] == "programme.stopped"


class TestWhoMay:
    @pytest.mark.parametrize("who", ["ada", "grace"])
    @pytest.mark.parametrize("phrase", ["programmes", "start"])
    async def test_nobody_but_hr(self, chat: worlds.World, who: str, phrase: str) -> None:
        await chat.command(who, "/review", phrase)
        assert chat.words(who).startswith("Programmes are run by HR")

    @pytest.mark.parametrize(
        "phrase",
        ["show", "new", "change", "preview", "start", "managers", "stop", "delete", "pause", "resume", "trial"],
    )
    async def test_a_button_of_hr_does_nothing_for_others(self, chat: worlds.World, phrase: str) -> None:
        made = await drafted(chat)
        await chat.press("ada", "Press", chat.given("ada", Button("Press", f"programmes.{phrase}", made.id, 5)))
        assert chat.told("ada").startswith("Programmes are run by HR")
        assert not chat.is_asked("ada")
        assert newest(chat).started_at is None

    async def test_a_partner_runs_those_of_their_departments(self, chat: worlds.World) -> None:
        with chat.look() as db:
            sales = db.scalars(sa.select(Department).filter_by(name="Sales")).one()
            eve, today = chat.person(db, "eve"), chat.clock.now().date()
            db.add(Role(person_id=eve.id, name="hr_partner", department_id=sales.id, starts_on=today))
        everyone = await drafted(chat)
        made = await drafted(chat, "eve", whom="department", department=department(chat, "Sales"))
        assert made.department_id is not None
        assert chat.words("eve").startswith("Check in, draft for Sales (1)")
        await chat.press("eve", "Start", chat.given("eve", _start(everyone, 5)))
        assert chat.words("eve").startswith("Programmes are run by HR")
        await chat.command("eve", "/review", "programmes")
        assert "Pause everything until…" not in chat.labels("eve")


class TestMenuAndHome:
    async def test_show_hr_how_programmes_stand(self, world: worlds.World) -> None:
        await drafted(world)
        await world.home("hana")
        assert "running for everyone (5)" in world.home_words("hana")
        assert "draft for everyone (5)" in world.home_words("hana")
        await world.command("hana", "/review")
        assert "Pause everything until…" in world.labels("hana")

    async def test_show_nothing_of_them_to_others(self, world: worlds.World) -> None:
        await world.home("ada")
        assert "Programmes" not in world.home_words("ada")


def _button(phrase: str, label: str, *ids: object) -> Button:
    return Button(label, f"programmes.{phrase}", *ids)


def _start(programme: Programme, count: int) -> Button:
    return _button("start", "Start", programme.id, count, programme.version)


def _change(programme: Programme) -> Button:
    return _button("change", "Change…", programme.id)


def _stop(programme: Programme) -> Button:
    return _button("stop", "Stop", programme.id)


def _without(world: worlds.World, programme: Programme, manager: str) -> Button:
    with world.look() as db:
        return _button("without", "Start without", programme.id, world.person(db, manager).id)
