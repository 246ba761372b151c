from __future__ import annotations

from datetime import date

import pytest
import world as worlds
from typer.testing import CliRunner

from bot import commands
from bot.__main__ import cli
from bot.storage.delegations import Delegation
from desk import company

# Thursday afternoon in Lisbon is Thursday morning in New York: Ada and Grace both work.
BOTH_WORK = "2026-11-26 15:00"
LAST = date(2026, 12, 4)


def email(who: str) -> str:
    return company.person(worlds.PEOPLE[who]).email


async def delegated(world: worlds.World, who: str, to: str, last: date = LAST, first: date | None = None) -> str:
    said = commands.delegate(world.app.database, world.clock, email(who), email(to), first, last)
    await world.settle()
    return said


async def test_everybody_whom_it_concerns_is_told_who_acts(world: worlds.World) -> None:
    await world.at(BOTH_WORK)
    said = await delegated(world, "grace", "eve")
    assert said == "Eve Moreau acts for Grace Murray with check-ins from 2026-11-26 to 2026-12-04. All are told."
    assert world.words("eve").startswith("You act for Grace Murray from Thu 26 Nov to Fri 4 Dec")
    assert world.words("grace").startswith("Eve Moreau acts for you from Thu 26 Nov to Fri 4 Dec")
    for who in ("ada", "linus"):
        assert world.words(who).startswith("Eve Moreau acts for Grace Murray from Thu 26 Nov to Fri 4 Dec")
    assert not [title for title in world.titles("hana") if "acts for" in title]


async def test_who_leads_nobody_has_nothing_to_pass_on(chat: worlds.World) -> None:
    await chat.at(BOTH_WORK)
    with pytest.raises(commands.Problem, match="Eve Moreau leads nobody"):
        await delegated(chat, "eve", "linus")


async def test_a_colleague_who_would_read_is_told_of_and_what_never_began_was_taken_back(chat: worlds.World) -> None:
    await chat.at(BOTH_WORK)
    assert "Linus Holm reports to Grace Murray too" in await delegated(chat, "grace", "linus", first=date(2026, 12, 2))
    assert "Linus Holm is one of your people" in chat.words("grace")
    await delegated(chat, "grace", "linus", date(2026, 11, 20))
    assert "It was taken back before it began." in chat.words("linus")
    assert "It ended" not in chat.words("linus")


async def test_a_question_names_who_reads_for_the_manager(chat: worlds.World) -> None:
    await chat.at("2026-11-25 15:00")
    await delegated(chat, "grace", "eve")
    await chat.at(BOTH_WORK)
    [asked] = [one for one in chat.messages("ada") if one.words.startswith("Time for your check-in")]
    assert "Until Fri 4 Dec Eve Moreau reads for Grace Murray." in asked.words


async def test_a_receipt_names_who_reads_for_the_manager(world: worlds.World) -> None:
    await world.at(BOTH_WORK)
    await delegated(world, "grace", "eve")
    await world.answer("ada", progress="Shipped search", next="Write the guide")
    receipt = next(m for m in world.messages("ada") if m.words.startswith("Your check-in is stored"))
    assert "Until Fri 4 Dec Eve Moreau reads for Grace Murray." in receipt.words


async def test_it_ends_at_once_when_the_last_day_lies_in_the_past(world: worlds.World) -> None:
    await world.at("2026-11-25 15:00")
    await delegated(world, "grace", "eve")
    await world.later(days=1)
    said = await delegated(world, "grace", "eve", date(2026, 11, 25))
    assert said == "Eve Moreau no longer acts for Grace Murray. All are told."
    assert world.words("eve").startswith("Eve Moreau no longer acts for Grace Murray")
    [delegation] = world.rows(Delegation)
    assert delegation.ends_on == date(2026, 11, 25)


async def test_given_again_it_is_the_same_with_another_end(chat: worlds.World) -> None:
    await chat.at(BOTH_WORK)
    await delegated(chat, "grace", "eve")
    await delegated(chat, "grace", "eve", date(2026, 12, 11))
    [delegation] = chat.rows(Delegation)
    assert delegation.ends_on == date(2026, 12, 11)


@pytest.mark.parametrize(
    ("who", "to", "first", "why"),
    [
        ("grace", "grace", None, "cannot act for themselves"),
        ("eve", "hana", None, "A delegation is not passed on"),
        ("hana", "grace", None, "A delegation is not passed on"),
        ("ada", "linus", date(2026, 12, 7), "lies before --from"),
    ],
)
async def test_what_makes_no_sense_is_refused(
    chat: worlds.World, who: str, to: str, first: date | None, why: str
) -> None:
    await chat.at(BOTH_WORK)
    await delegated(chat, "grace", "eve")
    with pytest.raises(commands.Problem, match=why):
        await delegated(chat, who, to, first=first)
    assert len(chat.rows(Delegation)) == 1


async def test_nobody_acts_for_somebody_unknown(chat: worlds.World) -> None:
    with pytest.raises(commands.Problem, match="Nobody with the address nobody"):
        commands.delegate(chat.app.database, chat.clock, "nobody@example.org", email("eve"), None, LAST)
    with pytest.raises(commands.Problem, match="nothing to end"):
        commands.delegate(chat.app.database, chat.clock, email("grace"), email("eve"), None, date(2020, 1, 1))


@pytest.mark.parametrize(
    ("option", "words"),
    [
        (("--until", "04.12.2026"), "--until 04.12.2026: give a day as year-month-day, such as 2026-12-04."),
        (("--until", "2026-12-04", "--from", "soon"), "--from soon: give a day as year-month-day"),
    ],
)
def test_what_is_no_day_is_told_with_its_option(option: tuple[str, ...], words: str) -> None:
    with pytest.raises(commands.Problem) as told:
        CliRunner().invoke(cli, ["people", "delegate", email("grace"), email("eve"), *option], catch_exceptions=False)
    assert str(told.value).startswith(words)
