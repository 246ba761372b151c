"""Who looks after key figures is asked on their cadence; home and Monday's digests tell what is out."""

from __future__ import annotations

from datetime import timedelta

import world as worlds
from key_figures import figure, owned_by

from bot.storage.asks import Ask
from bot.storage.contacts import FirstContact

TUESDAY, MONDAY = "2026-11-24 11:00", "2026-11-30 12:00"
DUE = "A value of your key figure is due"


async def morning(world: worlds.World, days: int = 0) -> None:
    """What the hourly look and the tick do."""
    world.clock.advance(timedelta(days=days))
    world.app.engine.sweep()
    await world.settle()


def asks(world: worlds.World) -> list[Ask]:
    return sorted((one for one in world.rows(Ask) if one.conversation == "kpi.due"), key=lambda one: one.occurrence)


async def test_the_owner_is_asked_once_when_a_value_is_due_and_no_more_when_it_is_in(chat: worlds.World) -> None:
    await chat.at(TUESDAY)
    figure(chat, values={6: "3"})
    await morning(chat)
    assert asks(chat) == []
    await morning(chat, 1)
    assert chat.titles("ada")[-1] == DUE
    before = len(chat.messages("ada"))
    await morning(chat)
    assert len(chat.messages("ada")) == before
    await chat.press("ada", "Enter a value")
    await chat.submit("ada", value="3.5")
    assert [one.state for one in asks(chat)] == ["submitted"]
    assert "up to date" in " ".join(chat.drawn(one) for one in chat.messages("ada"))
    await morning(chat, 6)
    assert len(asks(chat)) == 1
    await morning(chat, 1)
    assert [one.state for one in asks(chat)] == ["submitted", "open"]


async def test_what_is_not_answered_is_asked_again_on_the_next_turn_in_the_place_of_the_old(chat: worlds.World) -> None:
    await chat.at(TUESDAY)
    figure(chat, values={7: "3"})
    await morning(chat)
    for _ in range(6):
        await morning(chat, 1)
    assert len(asks(chat)) == 1
    await morning(chat, 1)
    assert [one.state for one in asks(chat)] == ["closed", "open"]


async def test_several_of_one_day_come_together_and_can_be_put_off(chat: worlds.World) -> None:
    await chat.at(TUESDAY)
    figure(chat, values={7: "3"})
    figure(chat, "Tickets solved in time", key="tickets", cadence=1, values={1: "3"})
    await morning(chat)
    assert "Values of 2 of your key figures are due" in chat.words("ada")
    await chat.press("ada", "Tomorrow")
    assert "I'll remind you" in chat.words("ada")
    assert asks(chat)[0].remind_kind == "snoozed"


async def test_nobody_is_asked_before_their_first_contact(chat: worlds.World) -> None:
    await chat.at(TUESDAY)
    with chat.look() as db:
        db.get_one(FirstContact, chat.person(db, "ada").id).state = "planned"
    figure(chat, values={7: "3"})
    await morning(chat)
    assert asks(chat) == []


async def test_ended_or_given_away_it_is_asked_no_more(chat: worlds.World) -> None:
    await chat.at(TUESDAY)
    of = figure(chat, values={7: "3"})
    await morning(chat)
    await chat.command("hana", "/okr", "figures")
    await chat.press("hana", "Open")
    await chat.press("hana", "End it", chat.open_view("hana"))
    await chat.settle()
    assert [one.state for one in asks(chat)] == ["not_expected"]
    assert DUE not in chat.words("ada")
    owned_by(chat, of, None)
    await morning(chat, 1)
    assert len(asks(chat)) == 1


async def test_home_shows_an_owner_what_is_out_and_others_nothing(chat: worlds.World) -> None:
    await chat.at(TUESDAY)
    figure(chat, values={1: "9"})
    await chat.home("ada")
    assert "Key figures that you look after" in chat.home_words("ada")
    assert "9 days" in chat.home_words("ada")
    await chat.home("linus")
    assert "look after" not in chat.home_words("linus")


async def test_monday_tells_managers_of_their_teams_and_hr_of_all(chat: worlds.World) -> None:
    figure(chat, "Builds that fail", key="builds", level="team", values={1: "9"})
    figure(chat, "Days lost to sickness", who="eve", values={1: "4.2"})
    figure(chat, "Tickets solved in time", who="eve", key="tickets", values={1: "3"})
    figure(chat, "Certificates that have expired", who=None, key="certificates")
    manager = await chat.reply("grace", "/review", "digest")
    assert "Builds that fail" in manager
    assert "out of the band" in manager
    assert "Days lost" not in manager
    told = await chat.reply("hana", "/review", "digest")
    assert "1 in their band, 1 near it, 1 out of it, 1 without data." in told
    assert told.index("Builds that fail") < told.index("Days lost to sickness")
    assert "Tickets" not in told
    assert "Nobody looks after: Certificates that have expired." in told
    assert "Key figures" not in await chat.reply("eve", "/review", "digest")
