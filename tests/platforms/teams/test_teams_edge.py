"""People on Teams: what they type, press, fill in and look for, and where they are remembered."""

from __future__ import annotations

import ast
import inspect
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import teams_service
import teams_world
from botbuilder.integration.aiohttp import CloudAdapter
from house_tree import modules
from sqlalchemy import delete, select, update
from teams_service import BOT, TENANT, refusal
from teams_world import TeamsWorld, form_data

from bot.delivery import Delivery
from bot.engine.profiles import Who
from bot.platforms.teams import edge
from bot.platforms.teams.permissions import PERMISSIONS
from bot.storage.asks import Ask
from bot.storage.checkin import CheckIn, CheckInVersion
from bot.storage.drafts import Draft
from bot.storage.outbox import OutboxRow
from bot.storage.pace import Pace
from bot.storage.people import Address
from bot.storage.receipts import Receipt
from bot.storage.workspaces import Workspace

WEEK = {"progress": "Shipped <at>search</at>", "next": "Write **the** guide"}
EMPTY = {"progress": "", "next": ""}


async def delivered(there: TeamsWorld) -> None:
    """What waits for Teams is sent, and looked at again as long as something is due."""
    app = there.world.app
    platforms = {"slack": app.slack, "teams": there.platform}
    await Delivery(app.database, platforms, app.run, rate=0, lease=timedelta(seconds=60)).drain()


def card(answer: Any) -> Any:
    return answer["task"]["value"]["card"]["content"]


def versions(there: TeamsWorld) -> int:
    return len(there.world.rows(CheckInVersion))


def address(there: TeamsWorld) -> Address:
    with there.world.look() as db:
        return db.scalars(select(Address).filter_by(user="aad-ada")).one()


# Words


async def test_a_word_is_answered_in_the_chat_with_a_button_that_opens_a_dialog(there: TeamsWorld) -> None:
    assert await there.ask(there.teams.activity(text="<at>Rapport</at> /checkin", entities=[mention()])) is None
    await delivered(there)
    (sent,) = there.teams.sent
    assert sent.path == "conversations/a:ada/activities"
    button, here = teams_service.actions(sent.body)
    assert button["data"]["rapport"]["press"][:2] == [there.person("ada"), "checkin"]
    assert button["data"]["msteams"] == {"type": "task/fetch"}
    assert here["data"] == {"rapport": button["data"]["rapport"]}


def mention(of: str = BOT, text: str = "<at>Rapport</at>", **more: str) -> dict[str, Any]:
    return {"type": "mention", "text": text, "mentioned": {"id": of, "name": "Somebody", **more}}


async def test_a_word_that_comes_twice_is_answered_once(there: TeamsWorld) -> None:
    activity = there.teams.activity(text="help")
    assert [await there.post(activity), await there.post(activity)] == [200, 200]
    await delivered(there)
    assert len(there.teams.sent) == 1
    receipts = {row.key for row in there.world.rows(Receipt)}
    assert f"teams:a:ada:{activity['id']}" in receipts


async def test_long_ids_still_make_a_receipt_of_their_own(there: TeamsWorld) -> None:
    for end in ("1", "2", "2"):
        assert await there.post(there.teams.activity(text="help", id="f:" + "x" * 190 + end,
            conversation={"id": "a:" + "y" * 190, "conversationType": "personal"})) == 200  # fmt: skip
    await delivered(there)
    assert len(there.teams.sent) == 2


async def test_whom_nobody_knows_is_told_whom_to_ask_and_nothing_is_stored(there: TeamsWorld) -> None:
    before = there.counts()
    assert await there.ask(there.teams.activity(user="mallory", text="help")) is None
    (told,) = there.teams.sent
    assert told.path == "conversations/a:mallory/activities"
    assert "Ada" not in teams_service.texts(told.body)
    assert there.counts() == before
    dialog = await there.ask(there.teams.invoke("task/fetch", {"data": {"rapport": {"press": ["", "checkin", []]}}},
                                                "mallory"))  # fmt: skip
    assert dialog["task"]["type"] == "continue"
    assert there.counts() == before


async def test_who_is_on_no_list_and_adds_the_app_is_told_once_whom_to_ask(there: TeamsWorld) -> None:
    there.strangers.add("aad-mallory")
    before = there.counts()
    added = there.teams.activity("installationUpdate", "mallory", action="add")
    for _ in range(2):
        assert await there.ask(added) is None
    await there.ask(there.teams.activity("conversationUpdate", "mallory", membersAdded=[{"id": BOT}]))
    await there.ask(there.teams.activity("installationUpdate", "mallory", action="add-upgrade"))
    (told,) = there.teams.sent
    assert told.path == "conversations/a:mallory/activities"
    assert "You are not on the list of people I work with." in teams_service.texts(told.body)
    await there.ask(there.teams.activity("installationUpdate", "mallory", action="remove"))
    group = {"id": "19:group", "conversationType": "groupChat", "tenantId": TENANT}
    await there.ask(there.teams.activity("installationUpdate", "eve", action="add", conversation=group))
    assert len(there.teams.sent) == 1
    assert there.counts() == before, "nothing is stored of who is unknown"


async def test_who_is_put_on_the_list_is_known_with_the_next_word(there: TeamsWorld) -> None:
    there.strangers.add("aad-eve")
    await there.ask(there.teams.activity(user="eve", text="help"))
    assert "I don't know you yet" in teams_service.texts(there.teams.sent[0].body)
    there.strangers.clear()
    await there.ask(there.teams.activity("typing", "eve"))
    assert "aad-eve" in there.known


async def test_who_is_known_and_adds_the_app_hears_nothing_before_their_first_contact(there: TeamsWorld) -> None:
    await there.ask(there.teams.activity("installationUpdate", action="add"))
    assert there.teams.sent == []
    assert address(there).last_used_at is None, "being given a bot is not having used it"


# Dialogs


async def test_a_dialog_opens_is_filled_and_closes(there: TeamsWorld) -> None:
    opened = await there.fetch("checkin")
    assert opened["task"]["value"]["title"] == "Check-in"
    assert "What moved forward this week?" in teams_service.texts(opened)
    assert await there.submit(opened, **WEEK) is None
    assert versions(there) == 1
    with there.world.look() as db:
        assert "submitted" in {ask.state for ask in db.scalars(select(Ask))}


async def test_what_is_wrong_stands_in_the_same_dialog_and_nothing_typed_is_lost(there: TeamsWorld) -> None:
    opened = await there.fetch("checkin")
    again = await there.submit(opened, progress="", next="Write the guide")
    assert again["task"]["type"] == "continue"
    shown = teams_service.texts(card(again))
    assert "Write the guide" in shown
    told = set(shown.splitlines()) - set(teams_service.texts(card(opened)).splitlines()) - {"Write the guide"}
    assert any("answer" in line for line in told), told
    assert versions(there) == 0
    assert await there.submit(again, **WEEK) is None
    assert versions(there) == 1


async def test_a_form_that_is_sent_twice_is_stored_once(there: TeamsWorld) -> None:
    opened = await there.fetch("checkin")
    data = {**form_data(opened), **WEEK}
    activity = there.teams.invoke("task/submit", {"data": data})
    assert [await there.ask(activity), await there.ask(activity)] == [None, None]
    assert versions(there) == 1
    # With a name of its own, as after a lost connection.
    assert await there.ask({**activity, "id": "f:another"}) is None
    assert versions(there) == 1


async def test_a_dialog_that_is_asked_for_twice_is_drawn_twice(there: TeamsWorld) -> None:
    data = {"rapport": {"press": [there.person("ada"), "checkin", []]}, "msteams": {"type": "task/fetch"}}
    activity = there.teams.invoke("task/fetch", {"data": data})
    first, second = await there.ask(activity), await there.ask(activity)
    assert card(first) == card(second)


async def test_an_error_that_is_sent_twice_is_shown_twice(there: TeamsWorld) -> None:
    opened = await there.fetch("checkin")
    activity = there.teams.invoke("task/submit", {"data": {**form_data(opened), **EMPTY}})
    first, second = await there.ask(activity), await there.ask(activity)
    assert teams_service.texts(first) == teams_service.texts(second)
    assert len(there.world.rows(Draft)) == 1


async def test_a_form_that_can_no_longer_be_sent_keeps_what_was_typed(there: TeamsWorld) -> None:
    opened = await there.fetch("checkin")
    with there.world.look() as db:
        db.execute(delete(Address).filter_by(user="aad-ada"))
    kept = await there.submit(opened, **WEEK)
    shown = teams_service.texts(card(kept))
    assert "Shipped <at>search</at>" in shown
    assert "not stored" in shown
    assert versions(there) == 0


async def test_data_that_the_client_changed_is_refused(there: TeamsWorld) -> None:
    opened = await there.fetch("checkin")
    data = form_data(opened)
    grace = there.person("grace")
    data["rapport"]["form"]["person"] = grace
    answer = await there.ask(there.teams.invoke("task/submit", {"data": {**data, **WEEK}}))
    assert "not stored" in teams_service.texts(card(answer))
    data = {"rapport": {"press": [grace, "checkin", []]}}
    answer = await there.ask(there.teams.invoke("task/fetch", {"data": data}))
    assert "What moved forward" not in teams_service.texts(answer)
    assert versions(there) == 0


async def test_ids_that_the_client_changed_open_and_store_nothing_of_somebody_elses(there: TeamsWorld) -> None:
    await there.world.at("2026-11-26 10:00")
    linus = there.person("linus")
    with there.world.look() as db:
        [ask] = [str(one.id) for one in db.scalars(select(Ask)) if str(one.person_id) == linus]
    opened = await there.fetch("checkin")
    data = form_data(opened)
    data["rapport"]["form"]["ids"] = [ask]
    answer = await there.ask(there.teams.invoke("task/submit", {"data": {**data, **WEEK}}))
    assert "not stored" in teams_service.texts(card(answer))
    assert versions(there) == 0
    await there.world.answer("linus", progress="Rewired the parser", next="Ship it")
    with there.world.look() as db:
        checkin = str(db.scalars(select(CheckIn)).one().id)
    for phrase, one in (("checkin", ask), ("checkin.read", checkin), ("asks.skip", ask)):
        shown = teams_service.texts(await there.fetch(phrase, one))
        assert "Rewired" not in shown, phrase
    assert {one.state for one in there.world.rows(Ask) if str(one.person_id) == linus} == {"submitted"}
    for phrase in ("programmes", "people.gaps", "inbox", "figures"):
        shown = teams_service.texts(await there.fetch(phrase))
        assert "HR" in shown, phrase
        assert "Linus" not in shown, phrase


HOSTILE = "<at>Grace</at> **bold** [press](https://evil.example) <b>html</b><script>x</script> {{DATE(2026-01-01)}}"


async def test_what_people_write_is_shown_as_text_whatever_it_looks_like(there: TeamsWorld) -> None:
    teams_world.move_to_teams(there.world, there.teams.service, "grace")
    await there.world.at("2026-11-26 15:00")
    await there.submit(await there.fetch("checkin"), progress=HOSTILE, next=HOSTILE)
    with there.world.look() as db:
        checkin = str(db.scalars(select(CheckIn)).one().id)
    read = await there.fetch("checkin.read", checkin, user="grace")
    drawn = json.dumps(read)
    runs = [one for one in elements(read) if HOSTILE.split(" {{")[0] in str(one.get("text"))]
    assert [one["type"] for one in runs] == ["TextRun"] * 2
    assert not {"TextBlock", "FactSet"} & {one.get("type") for one in elements(read)}, "those read markdown"
    assert "{{DATE" not in drawn, "a card would work it out"
    assert '"entities"' not in drawn, "nobody is mentioned"


def elements(value: Any) -> list[dict[str, Any]]:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [*([value] if isinstance(value, dict) else []), *(found for one in inside for found in elements(one))]


async def test_a_button_in_a_dialog_changes_the_dialog(there: TeamsWorld) -> None:
    opened = await there.fetch("privacy")
    assert opened["task"]["type"] == "continue"
    press = {"rapport": {"press": [there.person("ada"), "help", []]}}
    answer = await there.ask(there.teams.invoke("task/submit", {"data": press}))
    assert "What I can do" in teams_service.texts(answer)
    assert there.teams.sent == []


async def test_privacy_tells_what_the_app_may_do_here(there: TeamsWorld) -> None:
    shown = teams_service.texts(card(await there.fetch("privacy")))
    assert [name for name, reason in PERMISSIONS.items() if name not in shown or reason not in shown] == []
    assert "chat:write" not in shown


async def test_a_search_finds_people_and_nobody_for_strangers(there: TeamsWorld) -> None:
    token = {"phrase": "checkin", "ids": [], "version": "", "page": 0, "person": there.person("ada"), "groups": {}}
    value = {"kind": "search", "queryText": "lin", "dataset": json.dumps([token, "who"])}
    found = await there.ask(there.teams.invoke("application/search", value))
    assert found == {
        "statusCode": 200, "type": "application/vnd.microsoft.search.searchResponse",
        "value": {"results": [{"value": there.person("linus"), "title": "Linus Holm"}]},
    }  # fmt: skip
    nobody = await there.ask(there.teams.invoke("application/search", value, "mallory"))
    assert nobody["value"] == {"results": []}


# Presses in the chat


async def test_a_form_pressed_in_the_chat_comes_as_a_button_that_opens_it(there: TeamsWorld) -> None:
    value = {"rapport": {"press": [there.person("ada"), "preferences.away", []]}}
    assert await there.ask(there.teams.activity(value=value, replyToId="m1")) is None
    (sent,) = there.teams.sent
    (button,) = teams_service.actions(sent.body)
    assert button["data"]["rapport"]["press"][1] == "preferences.away"
    assert button["data"]["msteams"] == {"type": "task/fetch"}


async def test_words_for_the_presser_are_posted_after_the_commit(there: TeamsWorld) -> None:
    value = {"rapport": {"press": [there.person("ada"), "help", []]}}
    activity = there.teams.activity(value=value, replyToId="m1")
    assert [await there.post(activity), await there.post(activity)] == [200, 200]
    (sent,) = there.teams.sent
    assert "What I can do" in teams_service.texts(sent.body)


async def test_what_is_pressed_in_a_group_is_told_in_ones_own_chat(there: TeamsWorld) -> None:
    value = {"rapport": {"press": ["", "help", []]}}
    group = {"id": "19:group", "conversationType": "groupChat", "tenantId": TENANT}
    await there.ask(there.teams.activity(value=value, replyToId="m1", conversation=group))
    assert [one.path for one in there.teams.sent] == ["conversations", "conversations/a:ada/activities"]


async def test_a_connector_that_is_down_costs_no_answer(there: TeamsWorld) -> None:
    there.teams.answers.append(refusal(503))
    value = {"rapport": {"press": [there.person("ada"), "help", []]}}
    assert await there.post(there.teams.activity(value=value, replyToId="m1")) == 200


def answer_here(there: TeamsWorld, **more: Any) -> dict[str, Any]:
    value = {"rapport": {"press": [there.person("ada"), "checkin", []]}}
    return there.teams.activity(value=value, replyToId="m1", **more)


async def test_a_form_that_may_stand_in_the_chat_is_drawn_in_its_place(there: TeamsWorld) -> None:
    """Also in a message that nobody remembers, such as the first copy of one that was sent again."""
    await there.ask(answer_here(there))
    data = form_data(there.teams.sent[0].body)
    assert await there.ask(there.teams.activity(value={**data, **EMPTY}, replyToId="m1")) is None
    assert await there.ask(there.teams.activity(value={**data, **WEEK}, replyToId="m1")) is None
    assert [(one.method, one.path) for one in there.teams.sent] == [("PUT", "conversations/a:ada/activities/m1")] * 3
    assert "What moved forward" in teams_service.texts(there.teams.sent[1].body)
    assert "Your check-in is stored" in teams_service.texts(there.teams.sent[2].body)
    assert "Shipped" not in teams_service.texts(there.teams.sent[2].body)
    assert versions(there) == 1
    # Sent once more by somebody who has not seen that.
    await there.ask(there.teams.activity(value={**data, **WEEK}, replyToId="m1"))
    assert teams_service.texts(there.teams.sent[3].body) == teams_service.texts(there.teams.sent[2].body)
    assert versions(there) == 1


async def test_a_card_that_was_never_drawn_is_drawn_when_teams_asks_again(there: TeamsWorld) -> None:
    pressed = answer_here(there)
    there.teams.answers.append(refusal(503))
    await there.ask(pressed)
    await there.ask(pressed)
    first, second = there.teams.sent
    assert (first.path, first.body) == (second.path, second.body)
    turned = there.teams.activity(value={**form_data(second.body), **WEEK, "blocked": "true"}, replyToId="m1")
    there.teams.answers.append(refusal(503))
    await there.ask(turned)
    await there.ask(turned)
    assert "What is in the way" in teams_service.texts(there.teams.sent[-1].body)
    last = there.teams.activity(value=form_data(there.teams.sent[-1].body), replyToId="m1")
    await there.ask(last)
    drawn = len(there.teams.sent)
    # Whatever of it comes late changes nothing.
    for late in (pressed, turned, last):
        await there.ask(late)
    assert len(there.teams.sent) == drawn
    assert (versions(there), there.world.rows(Draft)) == (1, [])


async def test_a_card_in_the_chat_whose_data_was_changed_is_refused(there: TeamsWorld) -> None:
    await there.ask(answer_here(there))
    data = form_data(there.teams.sent[0].body)
    data["rapport"]["form"]["person"] = there.person("grace")
    await there.ask(there.teams.activity(value={**data, **WEEK}, replyToId="m1"))
    shown = teams_service.texts(there.teams.sent[-1].body)
    assert "not stored" in shown
    assert "Shipped <at>search</at>" in shown
    assert versions(there) == 0
    before = there.counts()
    for wrong in ({"act": "steal"}, {"fields": []}, {"form": {}}):
        value = {"rapport": {**form_data(there.teams.sent[0].body)["rapport"], **wrong}}
        assert await there.post(there.teams.activity(value=value, replyToId="m1")) == 400
    assert there.counts() == before


async def test_no_form_stands_where_others_are(there: TeamsWorld) -> None:
    group = {"id": "19:group", "conversationType": "groupChat", "tenantId": TENANT}
    await there.ask(answer_here(there, conversation=group))
    assert [one.path for one in there.teams.sent] == ["conversations", "conversations/a:ada/activities"]
    (button,) = teams_service.actions(there.teams.sent[1].body)
    assert button["data"]["msteams"] == {"type": "task/fetch"}
    data = form_data(await there.fetch("checkin"))
    sent = there.teams.activity(value={**data, **WEEK}, replyToId="m1", conversation=group)
    assert await there.post(sent) == 400
    assert versions(there) == 0


# Everything else that Teams sends


async def test_what_needs_no_answer_gets_none_and_an_unknown_invoke_says_so(there: TeamsWorld) -> None:
    for kind in ("typing", "messageReaction", "messageUpdate", "messageDelete", "event", "conversationUpdate", "quux"):
        assert await there.ask(there.teams.activity(kind)) is None
    assert await there.ask(there.teams.activity(attachments=[{"contentType": "image/png"}])) is None
    assert await there.post(there.teams.invoke("composeExtension/query", {})) == 501
    assert there.teams.sent == []


# Where people are written to


async def test_the_reference_is_kept_fresh_and_not_written_again_and_again(there: TeamsWorld) -> None:
    said = {"text": "help", "localTimezone": "Europe/Lisbon", "locale": "pt-PT"}
    for _ in range(3):
        await there.ask(there.teams.activity(**said))
    await there.ask(there.teams.activity("typing"))
    (one,) = there.references
    assert one.who == Who("teams", TENANT, "aad-ada")
    assert (one.account, one.channel) == ("29:ada", "a:ada")
    assert (one.service, one.zone, one.locale) == (there.teams.service, "Europe/Lisbon", "pt-PT")
    assert (one.name, one.email, one.installed) == ("Ada", "", True)
    moved = {**there.teams.activity("typing"), "conversation": {"id": "a:ada-2", "conversationType": "personal"}}
    await there.ask(moved)
    assert [found.channel for found in there.references] == ["a:ada", "a:ada-2"]
    assert there.references[1] == replace(one, channel="a:ada-2")


async def test_who_is_new_is_looked_up_once(there: TeamsWorld) -> None:
    there.teams.members["29:eve"] = {"id": "29:eve", "name": "Eve Moreau", "email": "eve@example.com"}
    for _ in range(2):
        await there.ask(there.teams.activity("installationUpdate", "eve", action="add"))
    await there.ask(there.teams.activity("conversationUpdate", "eve", membersAdded=[{"id": BOT}]))
    asked = [one.path for one in there.teams.asked if one.method == "GET"]
    assert asked == ["conversations/a:eve/members/29:eve"]
    (one,) = there.references
    assert (one.email, one.channel, one.installed) == ("eve@example.com", "a:eve", True)


async def test_who_cannot_be_looked_up_is_remembered_all_the_same(there: TeamsWorld) -> None:
    there.teams.answers.append(refusal(403, "BotNotInConversationRoster"))
    await there.ask(there.teams.activity("installationUpdate", "eve", action="add"))
    (one,) = there.references
    assert (one.who.user, one.email) == ("aad-eve", "")


async def test_who_takes_the_bot_away_is_remembered_as_that(there: TeamsWorld) -> None:
    await there.ask(there.teams.activity("installationUpdate", action="add"))
    await there.ask(there.teams.activity("installationUpdate", action="remove"))
    await there.ask(there.teams.activity("installationUpdate", action="add"))
    assert [one.installed for one in there.references] == [True, False, True]


async def test_a_group_is_nobodys_own_chat(there: TeamsWorld) -> None:
    group = {"id": "19:group", "conversationType": "groupChat", "tenantId": TENANT}
    await there.ask(there.teams.activity("installationUpdate", action="remove", conversation=group))
    await there.ask(there.teams.activity("typing"))
    await there.ask(there.teams.activity("typing", conversation=group))
    assert [(one.channel, one.installed) for one in there.references] == [("", True), ("a:ada", True)]


@pytest.mark.parametrize(
    ("said", "zone", "locale"),
    [
        ({"localTimezone": "Mars/Base", "locale": "x" * 90}, "", ""),
        ({"localTimezone": "../../etc/passwd", "locale": 5}, "", ""),
        ({"entities": [{"type": "clientInfo", "timezone": "Europe/Berlin", "locale": "de-DE"}]},
         "Europe/Berlin", "de-DE"),
    ],
)  # fmt: skip
async def test_zone_and_language_are_taken_where_they_are_real(
    there: TeamsWorld, said: dict[str, Any], zone: str, locale: str
) -> None:
    await there.ask(there.teams.activity("typing", **said))
    assert (there.references[0].zone, there.references[0].locale) == (zone, locale)


# What delivery makes of it


async def test_who_blocked_the_bot_is_unreachable_from_then_on(there: TeamsWorld) -> None:
    await there.ask(there.teams.activity(text="help"))
    there.teams.answers.append(refusal(403, "MessageWritesBlocked"))
    await delivered(there)
    lost = address(there)
    assert (lost.reachable, lost.lost_why, lost.lost_at is None) == (False, "blocked", False)
    [row] = [one for one in there.world.rows(OutboxRow) if one.error]
    assert (row.state, row.error, row.attempts) == ("dead", "MessageWritesBlocked", 1), "not tried again"


async def test_who_unblocks_the_bot_and_writes_is_there_again_at_once(there: TeamsWorld) -> None:
    await test_who_blocked_the_bot_is_unreachable_from_then_on(there)
    # Within the time in which the edge takes the sender for known.
    await there.ask(there.teams.activity(text="help"))
    found = address(there)
    assert (found.reachable, found.lost_why, found.lost_at) == (True, None, None)
    await delivered(there)
    assert len(there.teams.sent) == 2


async def test_who_blocked_the_bot_is_told_where_they_have_another_account(there: TeamsWorld) -> None:
    with there.world.look() as db:
        ada = there.world.person(db, "ada")
        slack = db.scalars(select(Workspace).filter_by(platform="slack")).one()
        other = Address(
            person_id=ada.id, workspace_id=slack.id, platform="slack", user=there.world.user("ada"),
            created_at=there.world.clock.real(),
        )  # fmt: skip
        db.add(other)
        ada.platform = "teams"
    await there.ask(there.teams.activity(text="help"))
    there.teams.answers.append(refusal(403, "MessageWritesBlocked"))
    await delivered(there)
    [row] = [one for one in there.world.rows(OutboxRow) if one.purpose == "reply"]
    assert (row.state, row.address_id, row.workspace_id) == ("done", other.id, slack.id)
    assert "What I can do" in there.world.titles("ada")
    assert address(there).reachable is False
    await there.world.at("2026-11-26 10:00")
    await delivered(there)
    assert any("check-in" in title.lower() for title in there.world.titles("ada")), "asked where they can be reached"
    assert len(there.teams.sent) == 1


async def test_one_conversation_that_had_too_much_does_not_keep_the_others_waiting(there: TeamsWorld) -> None:
    teams_world.move_to_teams(there.world, there.teams.service, "grace")
    there.known.add("aad-grace")
    there.teams.answers.append(refusal(429, **{"Retry-After": "30"}))
    await there.ask(there.teams.activity(text="help"))
    await delivered(there)
    await there.ask(there.teams.activity(text="help", user="grace"))
    await there.ask(there.teams.activity(text="help"))
    await delivered(there)
    assert [one.path for one in there.teams.sent] == [
        "conversations/a:ada/activities", "conversations/a:grace/activities"
    ]  # fmt: skip
    waiting = [one for one in there.world.rows(OutboxRow) if one.state == "waiting"]
    assert [(one.error, one.attempts) for one in waiting] == [("throttled", 0)] * 2
    assert all(one.due_at > there.world.clock.real() + timedelta(seconds=20) for one in waiting)
    assert [one.paused_until for one in there.world.rows(Pace)] == [None] * len(there.world.rows(Pace))


async def test_two_conversations_that_had_too_much_make_the_tenant_wait(there: TeamsWorld) -> None:
    teams_world.move_to_teams(there.world, there.teams.service, "grace")
    there.known.add("aad-grace")
    there.teams.answers += [refusal(429, **{"Retry-After": "30"}), refusal(429, **{"Retry-After": "40"})]
    for user in ("ada", "grace"):
        await there.ask(there.teams.activity(text="help", user=user))
        await delivered(there)
    assert any(one.paused_until for one in there.world.rows(Pace))


async def test_a_pause_is_obeyed_and_the_message_sent_once(there: TeamsWorld) -> None:
    await there.ask(there.teams.activity(text="help"))
    there.teams.answers.append(refusal(429, **{"Retry-After": "30"}))
    await delivered(there)
    await delivered(there)
    assert len(there.teams.sent) == 1
    assert address(there).reachable


async def test_a_conversation_that_had_to_be_made_is_kept(there: TeamsWorld) -> None:
    await there.ask(there.teams.activity(text="help"))
    with there.world.look() as db:
        db.execute(update(Address).filter_by(user="aad-ada").values(channel=None))
    await delivered(there)
    assert [one.path for one in there.teams.sent] == ["conversations", "conversations/a:ada/activities"]
    assert address(there).channel == "a:ada"


async def test_what_is_in_doubt_is_sent_again(there: TeamsWorld) -> None:
    await there.ask(there.teams.activity(text="help"))
    there.teams.answers.append({"status": 200, "text": "<html>", "content_type": "text/html"})
    await delivered(there)
    with there.world.look() as db:
        (row,) = db.scalars(select(OutboxRow).filter_by(state="waiting", error="unanswered"))
        assert row.sending_at is not None
        row.due_at -= timedelta(minutes=5)
    await delivered(there)
    assert len(there.teams.sent) == 2
    assert there.world.rows(OutboxRow)[-1].state == "done"


# The library's own way in


async def test_the_librarys_own_process_is_never_called(there: TeamsWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """It answers every dialog with 500, and every forged token."""

    def never(*given: object, **named: object) -> None:
        raise AssertionError("stock CloudAdapter.process")

    for name in ("process", "process_activity", "continue_conversation", "create_conversation"):
        monkeypatch.setattr(CloudAdapter, name, never)
    opened = await there.fetch("checkin")
    assert await there.submit(opened, **WEEK) is None
    await there.ask(there.teams.activity(text="help"))
    assert await there.post(there.teams.activity(), "a.b.c") == 401


def test_the_librarys_own_process_is_wired_in_nowhere() -> None:
    wrong = [
        f"{module.where}:{node.lineno}"
        for module in (*modules("bot"), *modules("desk"))
        for node in ast.walk(module.tree)
        if (isinstance(node, ast.Attribute) and "Adapter" in node.attr)
        or (isinstance(node, ast.Name) and node.id.endswith("CloudAdapter"))
        or (isinstance(node, ast.ImportFrom | ast.Import) and any("Adapter" in one.name for one in node.names))
    ]
    assert wrong == []
    (route,) = edge.TeamsEdge.routes(object.__new__(edge.TeamsEdge))
    assert inspect.unwrap(route.handler).__func__ is edge.TeamsEdge.process
