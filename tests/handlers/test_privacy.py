from __future__ import annotations

import world as worlds
from sqlalchemy import select

from bot.messages import Button
from bot.platforms.slack.permissions import SCOPES
from bot.platforms.teams.permissions import PERMISSIONS
from bot.storage.audit import READ, AuditEvent
from bot.storage.checkin import CheckIn
from bot.storage.people import Address

WEEK = {"progress": "Shipped search", "next": "Write the guide"}
OPENS = "2026-11-26 10:00"


async def shown(world: worlds.World, who: str = "ada") -> str:
    await world.press(who, "What", world.given(who, Button("What", "privacy")))
    words = str(world.open_view(who).words)
    await world.cancel(who)
    return words


async def test_it_says_what_is_stored_since_when_and_who_can_read_it(world: worlds.World) -> None:
    before = await shown(world)
    assert "Your check-ins" not in before
    await world.at(OPENS)
    await world.answer("ada", **WEEK)
    told = await shown(world)
    assert "Your check-ins, with every version" in told
    assert "1 entry since Thu, 26 Nov 2026. Read by: You and the manager of that day" in told
    assert "About you" in told
    assert WEEK["progress"] not in told, "what was written is not needed to say that it is stored"


async def test_it_names_everybody_who_opened_an_answer_the_newest_first_and_counts_the_rest(
    world: worlds.World,
) -> None:
    await world.at(OPENS)
    await world.answer("ada", **WEEK)
    assert "Nobody but you, so far." in await shown(world)
    await world.read("grace", _checkin(world))
    await world.cancel("grace")
    assert "Grace Murray opened your answer of Thu 26 Nov" in await shown(world)
    for _ in range(11):
        await world.read("grace", _checkin(world))
        await world.cancel("grace")
    told = await shown(world)
    assert told.count("Grace Murray opened your answer") == 10
    assert "And 2 times before." in told
    readings = [row for row in world.rows(AuditEvent) if row.action == READ]
    assert len(readings) == 12
    assert "Grace Murray opened your answer" not in await shown(world, "grace"), "whose answers they are, nobody else's"


def _checkin(world: worlds.World) -> object:
    [checkin] = world.rows(CheckIn)
    return checkin.id


async def test_a_delegates_opening_names_both(world: worlds.World) -> None:
    await world.at(OPENS)
    await world.answer("ada", **WEEK)
    world.delegates("grace", "eve", "2026-11-26", "2026-12-04")
    await world.read("eve", _checkin(world))
    assert "Eve Moreau, for Grace Murray, opened your answer of" in await shown(world)


async def test_it_lists_exactly_the_permissions_that_the_manifest_asks_for(chat: worlds.World) -> None:
    told = await shown(chat)
    with chat.look() as db:
        ada = chat.person(db, "ada").id
        platform = db.scalars(select(Address.platform).filter_by(person_id=ada)).one()
    asked, others = {"slack": (SCOPES, PERMISSIONS), "teams": (PERMISSIONS, SCOPES)}[platform]
    assert [name for name, reason in asked.items() if name not in told or reason not in told] == []
    assert [reason for reason in others.values() if reason in told] == [], "what it may do elsewhere is not told here"
    assert "channels:read" not in told


async def test_it_says_what_is_never_evaluated_and_whom_to_ask(chat: worlds.World) -> None:
    told = await shown(chat)
    assert "What is not evaluated" in told
    assert "no ranking" in told
    assert "Ask HR." in told


async def test_the_home_leads_to_it(chat: worlds.World) -> None:
    await chat.home("ada")
    await chat.press("ada", "What is stored about me", chat.home_of("ada"))
    assert "What is stored about you" in chat.open_view("ada").title


async def test_its_dialog_leads_on_to_the_files_and_back_to_nothing(chat: worlds.World) -> None:
    await chat.press("ada", "What", chat.given("ada", Button("What", "privacy")))
    await chat.press("ada", "Give me all of it", chat.open_view("ada"))
    assert "owners and admins may reach them" in chat.open_view("ada").words
    await chat.press("ada", "Send me the files", chat.open_view("ada"))
    assert "Your files are on their way" in chat.open_view("ada").words
    assert [name for name, _ in await chat.files("ada")] == ["my-data.html", "my-data.json"]


async def test_typed_it_is_answered_where_it_was_typed(chat: worlds.World) -> None:
    told = await chat.reply("ada", "/review", "privacy")
    assert "What is stored about you" in told
    assert chat.is_alone("ada", chat.last("ada")), "only Ada sees it"
    await chat.say("ada", "privacy")
    assert "Stored, and who can read it" in chat.words("ada")


async def test_who_asks_for_it_leaves_no_trace_but_a_receipt(chat: worlds.World) -> None:
    rows = len(chat.rows(AuditEvent))
    await shown(chat)
    assert len(chat.rows(AuditEvent)) == rows, "reading what is one's own is no event"
