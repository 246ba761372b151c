"""Roles from the chat and at the command line; and who acts for a manager, named by the manager."""

from __future__ import annotations

from datetime import date

import pytest
import world as worlds
from sqlalchemy import select

from bot import commands
from bot.messages import Button
from bot.storage.audit import AuditEvent
from bot.storage.comments import Comment
from bot.storage.delegations import Delegation
from bot.storage.inbox import InboxItem
from bot.storage.people import Department, Membership, Role, roles_on
from desk import company

# Thursday afternoon in Lisbon is Thursday morning in New York, and evening in Tokyo has begun.
BOTH_WORK = "2026-11-26 15:00"


def email(who: str) -> str:
    return company.person(worlds.PEOPLE[who]).email


def ids(world: worlds.World, *who: str) -> list[str]:
    with world.look() as db:
        return [str(world.person(db, one).id) for one in who]


def dialog(world: worlds.World, who: str) -> str:
    return str(world.open_view(who).words)


def held(world: worlds.World, who: str) -> set[str]:
    with world.look() as db:
        return set(roles_on(db, world.person(db, who).id, world.clock.now().date()))


def actions(world: worlds.World, *names: str) -> list[AuditEvent]:
    return [row for row in sorted(world.rows(AuditEvent), key=lambda row: row.seq) if row.action in names]


async def gives(world: worlds.World, who: str, to: str, role: str, **more: str) -> None:
    await world.command(who, "/review", "roles")
    await world.press(who, "Give a role…")
    if more.get("department"):
        await world.choose(who, role=role)
    await world.submit(who, person=world.picked(to), role=role, **more)


async def test_hr_gives_a_role_in_the_chat_and_both_are_told(world: worlds.World) -> None:
    await world.at(BOTH_WORK)
    await gives(world, "hana", "eve", "auditor", last="2026-12-31")
    assert held(world, "eve") == {"auditor"}
    assert "Eve Moreau has the role: auditor" in "".join(world.titles("hana"))
    assert world.words("eve").startswith("You have the role: auditor\nUntil Thu 31 Dec")
    given = actions(world, "role.given")[-1]
    assert [str(given.actor_id)] == ids(world, "hana")
    assert given.details["role"] == "auditor"
    await world.at("2027-01-04 15:00")
    assert held(world, "eve") == set(), "it has ended by itself"


@pytest.mark.parametrize("role", ["works_council", "auditor"])
async def test_who_watches_is_told_how_and_finds_it_in_the_help(chat: worlds.World, role: str) -> None:
    await chat.at(BOTH_WORK)
    await gives(chat, "hana", "eve", role)
    assert "The audit trail is not read in the chat: whoever runs me shows it to you" in chat.words("eve")
    shown = await chat.reply("eve", "/review", "help")
    for phrase in ("review policy", "review figures", "review roles"):
        assert phrase in chat.words("eve")
        assert f"/{phrase}" in shown
    assert "Hana Sato: HR coordinator" in await chat.reply("eve", "/review", "roles")


async def test_the_list_says_who_has_what_and_ends_it(world: worlds.World) -> None:
    await world.at(BOTH_WORK)
    await gives(world, "hana", "grace", "works_council")
    await world.command("hana", "/review", "roles")
    assert "Grace Murray: works council" in world.words("hana")
    assert "Hana Sato: HR coordinator" in world.words("hana")
    [role] = [one for one in world.rows(Role) if one.name == "works_council"]
    await world.press("hana", "End", world.given("hana", Button("End", "roles.end", role.id)))
    assert held(world, "grace") == set()
    assert world.words("grace").startswith("You no longer have the role: works council")
    assert [row.details["role"] for row in actions(world, "role.ended")] == ["works_council"]
    await world.command("hana", "/review", "roles")
    assert "Grace Murray" not in world.words("hana")


async def test_nobody_gives_a_role_to_themselves(chat: worlds.World) -> None:
    await chat.at(BOTH_WORK)
    await gives(chat, "hana", "hana", "auditor")
    assert chat.errors("hana")["person"] == "Nobody gives a role to themselves. Another HR coordinator can."
    assert held(chat, "hana") == {"hr_coordinator"}


async def test_who_runs_the_house_is_not_among_the_choices(chat: worlds.World) -> None:
    await chat.at(BOTH_WORK)
    await chat.command("hana", "/review", "roles")
    await chat.press("hana", "Give a role…")
    choices = chat.drawn(chat.open_view("hana"))
    assert "HR partner" in choices
    for word in ("IT administrator", "emergency access"):
        assert word not in choices
    commands.give_role(chat.app.database, email("eve"), "it_admin", chat.clock)
    [guarded] = [one for one in chat.rows(Role) if one.name == "it_admin"]
    await chat.press("hana", "End", chat.given("hana", Button("End", "roles.end", guarded.id)))
    assert held(chat, "eve") == {"it_admin"}


@pytest.mark.parametrize("phrase", ["roles", "roles.give"])
async def test_only_coordinators_give_roles(phrase: str, chat: worlds.World) -> None:
    await chat.at(BOTH_WORK)
    await chat.press("eve", "Roles", chat.given("eve", Button("Roles", phrase)))
    said = dialog(chat, "eve") if chat.view("eve") else chat.words("eve")
    assert "Roles are given by HR" in said
    await chat.command("eve", "/review")
    assert "/review roles" not in chat.words("eve")


async def test_the_form_says_what_each_role_may_and_leaves_out_where_nothing_is_to_do(chat: worlds.World) -> None:
    await chat.at(BOTH_WORK)
    await chat.command("hana", "/review", "roles")
    assert "It is your own" in chat.drawn(chat.last("hana"))
    await chat.press("hana", "Give a role…")
    choices = chat.drawn(chat.open_view("hana"))
    assert "Runs programmes, sees counts, answers what people ask HR" in choices
    for word in ("HR case reviewer", "committee member"):
        assert word not in choices


async def test_at_the_command_line_the_last_coordinator_leaves_only_with_yes(chat: worlds.World) -> None:
    def ends(*, yes: bool = False) -> str:
        return commands.role(
            chat.app.database, chat.clock, email("hana"), "hr_coordinator", "", "", "", end=True, yes=yes
        )  # fmt: skip

    with pytest.raises(commands.Problem, match="nobody else is"):
        ends()
    assert held(chat, "hana") == {"hr_coordinator"}
    said = ends(yes=True)
    assert "no longer hr_coordinator" in said


async def test_the_last_coordinator_stays(chat: worlds.World) -> None:
    await chat.at(BOTH_WORK)
    [mine] = chat.rows(Role)
    await chat.press("hana", "End", chat.given("hana", Button("End", "roles.end", mine.id)))
    assert chat.words("hana").startswith("Hana Sato stays HR coordinator")
    await gives(chat, "hana", "eve", "hr_coordinator")
    await chat.press("hana", "End", chat.given("hana", Button("End", "roles.end", mine.id)))
    assert held(chat, "hana") == set()


async def test_a_partner_of_one_department_deals_with_it_alone(world: worlds.World) -> None:
    """Eve is a partner for where Ada works, and Linus somewhere else asks HR."""
    await world.at(BOTH_WORK)
    with world.look() as db:
        place = db.scalars(select(Membership.department_id).filter_by(person_id=world.person(db, "ada").id)).one()
        name = db.get_one(Department, place).name
        other = Department(name="Elsewhere", created_at=world.clock.now())
        db.add(other)
        db.flush()
        linus = db.scalars(select(Membership).filter_by(person_id=world.person(db, "linus").id)).one()
        linus.department_id = other.id
    commands.give_role(world.app.database, email("eve"), "hr_partner", world.clock, department=name)
    await world.settle()
    assert world.words("eve").startswith(f"You have the role: HR partner for {name}")
    before = len(world.messages("eve"))
    for who in ("linus", "ada"):
        await world.command(who, "/review", "ask hr")
        await world.submit(who, text=f"A question of {who}")
    assert len(world.messages("eve")) == before + 1, "of Ada's question only"
    await world.command("eve", "/review", "inbox")
    assert "Ada Byron" in world.words("eve")
    assert "Linus" not in world.words("eve")
    with world.look() as db:
        asked = select(InboxItem.id).filter_by(person_id=world.person(db, "linus").id)
        item = db.scalars(asked).one()
    await world.press("eve", "Open", world.given("eve", Button("Open", "inbox.open", item)))
    assert "It comes from a department that is not yours." in world.seen("eve")
    await world.command("eve", "/review", "status Elsewhere")
    assert "Elsewhere is not yours to see" in world.words("eve")
    await world.command("hana", "/review", "inbox")
    assert "Linus" in world.words("hana")


async def test_who_of_hr_opened_a_question_is_shown_to_its_writer(chat: worlds.World) -> None:
    await chat.at(BOTH_WORK)
    await chat.command("ada", "/review", "ask hr")
    await chat.submit("ada", text="Who reads this?")
    [item] = chat.rows(InboxItem)
    await chat.press("hana", "Open", chat.given("hana", Button("Open", "inbox.open", item.id)))
    await chat.press("ada", "Read", chat.given("ada", Button("Read", "inbox.read", item.id)))
    assert "Who opened this\nThu 26 Nov, 15:00: Hana Sato of HR" in dialog(chat, "ada")


async def test_at_the_command_line_a_role_has_days_and_a_department(chat: worlds.World) -> None:
    await chat.at(BOTH_WORK)
    base, clock = chat.app.database, chat.clock
    said = commands.role(base, clock, email("eve"), "hr_partner", "Sales", "2026-12-01", "2026-12-31", end=False)
    assert said == "Eve Moreau is hr_partner of Sales from 2026-12-01 until 2026-12-31. They are told."
    assert held(chat, "eve") == set()
    assert "hr_partner of Sales: Eve Moreau" in commands.list_roles(base, clock)
    again = commands.role(base, clock, email("eve"), "hr_partner", "Sales", "2026-12-01", "2026-12-31", end=False)
    assert again == "Eve Moreau is hr_partner of Sales from 2026-12-01 until 2026-12-31."
    ended = commands.role(base, clock, email("eve"), "hr_partner", "Sales", "", "", end=True)
    assert ended == "Eve Moreau is no longer hr_partner of Sales. They are told."
    assert "hr_partner" not in commands.list_roles(base, clock)
    assert [row.action for row in actions(chat, "role.given", "role.ended")][1:] == ["role.given", "role.ended"]


@pytest.mark.parametrize(
    ("role", "department", "first", "last", "end", "why"),
    [
        ("king", "", "", "", False, "There is no role 'king'"),
        ("auditor", "Sales", "", "", False, "auditor holds for the whole company"),
        ("hr_partner", "Nowhere", "", "", False, "There is no department 'Nowhere'. Departments: "),
        ("auditor", "", "2026-12-02", "2026-12-01", False, "lies before the first day"),
        ("auditor", "", "", "2026-11-01", False, "To end a role: --end"),
        ("auditor", "", "soon", "", False, "--from soon: give a day"),
        ("auditor", "", "", "", True, "Eve Moreau is not auditor"),
    ],
)
async def test_what_makes_no_sense_is_told_and_changes_nothing(
    role: str, department: str, first: str, last: str, end: bool, why: str, chat: worlds.World
) -> None:
    await chat.at(BOTH_WORK)
    with pytest.raises(commands.Problem, match=why):
        commands.role(chat.app.database, chat.clock, email("eve"), role, department, first, last, end=end)
    assert held(chat, "eve") == set()


async def test_an_emergency_takes_two_different_people(chat: worlds.World) -> None:
    await chat.at(BOTH_WORK)
    said = commands.give_role(chat.app.database, email("eve"), "break_glass", chat.clock)
    assert "break_glass takes two different people: 1 more is needed." in said
    assert "1 more is needed" in commands.list_roles(chat.app.database, chat.clock)
    assert "needed" not in commands.give_role(chat.app.database, email("grace"), "break_glass", chat.clock)


async def names(world: worlds.World, who: str, to: str, first: str = "2026-11-26", last: str = "2026-12-04") -> None:
    await world.command(who, "/review", "delegate")
    await world.press(who, "Name somebody…")
    await world.submit(who, person=world.picked(to), first=first, last=last)


async def test_a_manager_names_who_acts_for_them_and_everybody_is_told(world: worlds.World) -> None:
    await world.at(BOTH_WORK)
    await names(world, "grace", "eve")
    assert world.words("eve").startswith("You act for Grace Murray from Thu 26 Nov to Fri 4 Dec")
    for who in ("ada", "linus"):
        assert world.words(who).startswith("Eve Moreau acts for Grace Murray from Thu 26 Nov to Fri 4 Dec")
    [given] = actions(world, "delegation.given")
    assert [str(given.actor_id)] == ids(world, "grace")
    [delegation] = world.rows(Delegation)
    assert (delegation.starts_on, delegation.ends_on) == (date(2026, 11, 26), date(2026, 12, 4))


async def test_what_a_delegate_does_is_stored_as_theirs_on_behalf_of_the_manager(world: worlds.World) -> None:
    await world.at(BOTH_WORK)
    await names(world, "grace", "eve")
    await world.answer("ada", progress="Shipped search", next="Write the guide")
    await world.home("eve")
    await world.press("eve", "Read", world.home_of("eve"))
    await world.press("eve", "Comment…", world.open_view("eve"))
    await world.submit("eve", text="Well done")
    eve, grace = ids(world, "eve", "grace")
    [comment] = world.rows(Comment)
    assert (str(comment.author_id), str(comment.on_behalf_of_id)) == (eve, grace)
    acts = actions(world, "answer.read", "comment.comment")
    assert {(str(row.actor_id), str(row.on_behalf_of_id)) for row in acts} == {(eve, grace)}


async def test_it_is_ended_from_the_list_at_once(chat: worlds.World) -> None:
    await chat.at(BOTH_WORK)
    await names(chat, "grace", "eve")
    await chat.later(days=1)
    await chat.command("grace", "/review", "delegate")
    assert "Eve Moreau, with check-ins, from Thu 26 Nov to Fri 4 Dec" in chat.words("grace")
    [delegation] = chat.rows(Delegation)
    await chat.press("ada", "End", chat.given("ada", Button("End", "delegation.end", delegation.id)))
    assert chat.rows(Delegation)[0].ends_on == date(2026, 12, 4), "it is not Ada's to end"
    await chat.press("grace", "End", chat.given("grace", Button("End", "delegation.end", delegation.id)))
    assert chat.rows(Delegation)[0].ends_on == date(2026, 11, 26)
    assert chat.words("eve").startswith("Eve Moreau no longer acts for Grace Murray")


async def test_a_delegation_that_makes_no_sense_is_refused_at_its_field(chat: worlds.World) -> None:
    await chat.at(BOTH_WORK)
    await names(chat, "grace", "grace")
    assert chat.errors("grace")["person"] == "Nobody acts for themselves. Name somebody else."
    await chat.submit("grace", person=chat.picked("eve"), first="2026-12-04", last="2026-12-01")
    assert chat.errors("grace")["last"] == "That is before the first day."
    chat.delegates("eve", "hana", "2026-11-26", "2026-12-04")
    await chat.submit("grace", person=chat.picked("eve"), first="2026-11-26", last="2026-12-01")
    assert "It is not passed on" in chat.errors("grace")["person"]
    assert len(chat.rows(Delegation)) == 1


async def test_who_leads_nobody_names_nobody(chat: worlds.World) -> None:
    await chat.at(BOTH_WORK)
    await chat.command("ada", "/review", "delegate")
    assert chat.words("ada").startswith("Nobody reports to you here")


async def test_sent_twice_it_is_one_delegation(chat: worlds.World) -> None:
    await chat.at(BOTH_WORK)
    await names(chat, "grace", "eve")
    await names(chat, "grace", "eve")
    assert len(chat.rows(Delegation)) == 1
    assert len(actions(chat, "delegation.given")) == 1
