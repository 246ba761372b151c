"""The desk's Teams from the bot's side and from people's: tokens, connector, dialogs, searches, files."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from botbuilder.schema import Activity as Activity_
from botframework.connector.auth import (
    ChannelValidation,
    ClaimsIdentity,
    JwtTokenValidation,
    SimpleCredentialProvider,
)
from teams_samples import (
    DOLORES,
    LINUS,
    RUTH,
    Bot,
    asking,
    beside,
    button,
    card,
    dialog,
    error,
    heading,
    lookup,
    opening,
    pressed,
    question,
    sending,
    split_desk,
    text,
)

from desk import company, drawn, inspecting
from desk.deliver import NotSent
from desk.desk import Desk
from desk.state import DoesNotFit
from desk.teams.tenant import TEAM
from desk.teams.values import CONSENT, FILE, Activity, Dialog
from desk.values import Refused

WHO = RUTH.object_id


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    desk = split_desk(retry_after=(0, 0, 0), journal=tmp_path / "journal")
    await desk.start()
    yield desk
    await desk.stop()


@pytest.fixture
async def bot(desk: Desk) -> AsyncIterator[Bot]:
    async with beside(desk) as bot:
        yield bot


def last(desk: Desk) -> Activity:
    return desk.teams.tenant.last_message(WHO)


def top(desk: Desk) -> Dialog:
    found = desk.teams.tenant.dialog(WHO)
    assert found is not None
    return found


def answering(bot: Bot, **answers: Any) -> None:
    """By the last word of the invoke's name, or of the activity's type."""

    async def give(activity: dict[str, Any]) -> Any:
        return answers.get(str(activity.get("name") or activity["type"]).rpartition("/")[2])

    bot.answer = give


# Tokens


async def test_an_activity_comes_with_a_token_of_the_published_key(desk: Desk, bot: Bot) -> None:
    exchange = await desk.teams.delivery.say(WHO, "grüße")
    assert exchange.ok
    assert bot.refused == []
    assert bot.heard[0]["text"] == "grüße"


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [("expired", "ExpiredSignatureError"), ("audience", "InvalidAudienceError"), ("forged", "InvalidSignatureError")],
)
async def test_a_bad_token_is_asked_for_and_comes_once(desk: Desk, bot: Bot, wrong: str, refusal: str) -> None:
    desk.faults.arm_token(wrong)
    assert (await desk.teams.delivery.say(WHO, "hello")).status == 401
    assert bot.refused == [refusal]
    assert (await desk.teams.delivery.say(WHO, "hello")).ok


async def test_a_rolled_key_is_published_at_once_and_the_old_one_no_more(desk: Desk, bot: Bot) -> None:
    before = desk.teams.issuer.keys()["keys"]
    desk.faults.arm_token("rolled")
    assert (await desk.teams.delivery.say(WHO, "hello")).ok
    after = desk.teams.issuer.keys()["keys"]
    assert len(after) == 1
    assert after != before
    assert after[0]["endorsements"] == ["msteams"]


def test_an_unknown_trouble_with_tokens_is_refused(desk: Desk) -> None:
    with pytest.raises(ValueError, match="none of"):
        desk.faults.arm_token("stale")


@pytest.mark.parametrize(
    ("given", "status", "why"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "somebody"}, 400, "unauthorized_client"),
        ({"scope": "https://graph.example/.default"}, 400, "invalid_scope"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"tenant": "00000000"}, 400, "invalid_request"),
    ],
)
async def test_only_the_bots_own_credentials_are_worth_a_token(
    bot: Bot, given: dict[str, str], status: int, why: str
) -> None:
    answered, body = await bot.ask_token(**given)
    assert (answered, body["error"]) == (status, why)


async def judged(desk: Desk, activity: dict[str, Any], token: str) -> ClaimsIdentity:
    """By Microsoft's own library, which waits for the keys where it stands: in a thread of its own."""

    async def judge() -> ClaimsIdentity:
        app = desk.teams.tenant.app
        parsed = Activity_.deserialize(activity)
        credentials = SimpleCredentialProvider(app.id, app.password)
        return await JwtTokenValidation.authenticate_request(parsed, f"Bearer {token}", credentials)

    return await asyncio.to_thread(asyncio.run, judge())


async def test_microsofts_own_library_takes_the_token_and_refuses_the_bad_ones(
    desk: Desk, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ChannelValidation, "open_id_metadata_endpoint", bot.settings["teams_openid"])
    await desk.teams.delivery.say(WHO, "hello")
    [activity] = bot.heard
    identity = await judged(desk, activity, desk.teams.issuer.token(activity["serviceUrl"]))
    assert identity.is_authenticated
    assert identity.claims["aud"] == desk.teams.tenant.app.id
    for wrong in ("expired", "audience", "forged"):
        with pytest.raises(Exception, match=r"xpired|audience|AppId|nvalid|Unauthorized|ignature"):
            await judged(desk, activity, desk.teams.issuer.token(activity["serviceUrl"], wrong))
    with pytest.raises(PermissionError):
        await judged(desk, activity, desk.teams.issuer.token("http://127.0.0.1:1/"))


# The connector


async def test_what_the_bot_posts_changes_and_deletes_is_what_the_person_sees(desk: Desk, bot: Bot) -> None:
    activity = await bot.post(WHO, card(heading("Time"), text("Until Friday"), actions=(opening(), button("Later"))))
    assert last(desk).words == "Time\nUntil Friday"
    assert last(desk).labels == ["Check in", "Later"]
    await bot.update(WHO, activity, card(text("Stored")))
    assert last(desk).words == "Stored"
    assert last(desk).edited
    status, _ = await bot.call("DELETE", f"v3/conversations/{bot.chat(WHO)}/activities/{activity}")
    assert status == 200
    assert desk.teams.tenant.messages(WHO) == []


async def test_a_conversation_is_created_once_and_named_each_time(desk: Desk, bot: Bot) -> None:
    tenant, one = desk.teams.tenant.app.tenant, desk.teams.tenant.person(WHO)
    body = {"members": [{"id": one.account}], "tenantId": tenant, "isGroup": False}
    assert await bot.call("POST", "v3/conversations", body) == (201, {"id": one.conversation})
    body["members"] = [{"id": one.id}]
    assert await bot.call("POST", "v3/conversations", body) == (201, {"id": one.conversation})


@pytest.mark.parametrize(
    ("change", "status", "why"),
    [
        ({"members": [{"id": "ruth.avery@example.org"}]}, 400, "BadSyntax"),
        ({"tenantId": "another"}, 403, "ForbiddenOperationException"),
        ({"members": []}, 400, "BadSyntax"),
    ],
)
async def test_a_conversation_with_nobody_known_is_not_created(
    desk: Desk, bot: Bot, change: dict[str, Any], status: int, why: str
) -> None:
    body = {"members": [{"id": desk.teams.tenant.person(WHO).account}], "tenantId": desk.teams.tenant.app.tenant}
    answered, answer = await bot.call("POST", "v3/conversations", body | change)
    assert (answered, answer["error"]["code"]) == (status, why)


@pytest.mark.parametrize("token", ["", "xyz", "e30.e30.e30"])
async def test_without_the_granted_token_nothing_is_done(desk: Desk, bot: Bot, token: str) -> None:
    status, _ = await bot.call("POST", f"v3/conversations/{bot.chat(WHO)}/activities", {"type": "message"}, token)
    assert status == 401
    assert desk.teams.tenant.messages(WHO) == []


async def refusal(bot: Bot, body: Any, where: str = "") -> tuple[int, str]:
    status, answer = await bot.call("POST", f"v3/conversations/{where or bot.chat(WHO)}/activities", body)
    return status, answer["error"]["code"]


async def test_what_the_service_refuses_is_refused(desk: Desk, bot: Bot) -> None:
    words = {"type": "message", "text": "hello"}
    assert await refusal(bot, words, "a:unknown") == (404, "ConversationNotFound")
    assert await refusal(bot, {"type": "message", "text": "x" * 30_000}) == (413, "MessageSizeTooBig")
    assert await refusal(bot, {"type": "message"}) == (400, "BadSyntax")
    assert await refusal(bot, [words]) == (400, "BadSyntax")
    desk.teams.tenant.change(WHO, blocked=True)
    assert await refusal(bot, words) == (403, "MessageWritesBlocked")
    desk.teams.tenant.change(WHO, installed=False)
    assert await refusal(bot, words) == (403, "BotNotInConversationRoster")
    assert desk.teams.tenant.messages(WHO) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "AdaptiveCard", "version": "1.6", "body": []},
        card({"type": "ProgressBar"}),
        card(question(), question()),
        card(
            {"type": "Input.ChoiceSet", "id": "a", "isMultiSelect": True, "choices": [{"title": "a", "value": "a,b"}]}
        ),
        card(actions=tuple(button(str(number)) for number in range(7))),
        card(actions=({"type": "Action.Unknown", "title": "?"},)),
    ],
)
async def test_a_card_that_teams_would_not_draw_is_refused(bot: Bot, wrong: dict[str, Any]) -> None:
    attached = {"contentType": "application/vnd.microsoft.card.adaptive", "content": wrong}
    assert await refusal(bot, {"type": "message", "attachments": [attached]}) == (400, "BadArgument")


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "message", "attachments": {"contentType": "x"}},
        {"type": "message", "attachments": ["x"]},
        {"type": "message", "text": 7},
        {"type": "message", "attachments": [{"contentType": CONSENT, "name": "x", "content": "y"}]},
    ],
)
async def test_what_is_malformed_is_no_fault_of_the_service(bot: Bot, wrong: dict[str, Any]) -> None:
    assert (await refusal(bot, wrong))[0] == 400


@pytest.mark.parametrize(
    "answer", [[], {"task": "x"}, {"task": {"type": "continue", "value": {"card": {"content": 1}}}}]
)
async def test_an_answer_of_any_shape_is_told_as_a_problem(desk: Desk, bot: Bot, answer: Any) -> None:
    answering(bot, fetch=answer)
    await bot.post(WHO, card(actions=(opening(),)))
    exchange = await desk.teams.delivery.press(WHO, last(desk), "Check in")
    assert desk.teams.tenant.dialog(WHO) is None
    assert exchange.problem.startswith("invalid_task") or not answer


async def test_what_is_newer_may_come_with_a_fallback(desk: Desk, bot: Bot) -> None:
    await bot.post(WHO, card({"type": "Chart.Donut", "fallback": text("3 of 4")}))
    assert len(desk.teams.tenant.messages(WHO)) == 1


async def test_typing_is_taken_and_is_no_message(desk: Desk, bot: Bot) -> None:
    status, _ = await bot.call("POST", f"v3/conversations/{bot.chat(WHO)}/activities", {"type": "typing"})
    assert status == 201
    assert desk.teams.tenant.messages(WHO) == []


async def test_the_bot_changes_its_own_activities_only(desk: Desk, bot: Bot) -> None:
    await desk.teams.delivery.say(WHO, "mine")
    path = f"v3/conversations/{bot.chat(WHO)}/activities/{last(desk).id}"
    status, answer = await bot.call("PUT", path, {"type": "message", "text": "yours"})
    assert (status, answer["error"]["code"]) == (404, "ActivityNotFoundInConversation")


async def test_members_are_told_one_by_one_and_by_pages(desk: Desk, bot: Bot) -> None:
    one = desk.teams.tenant.person(WHO)
    status, answer = await bot.call("GET", f"v3/conversations/{bot.chat(WHO)}/members/{one.account}")
    assert status == 200
    assert (answer["email"], answer["aadObjectId"]) == (RUTH.email, one.id)
    status, _ = await bot.call("GET", f"v3/conversations/{bot.chat(WHO)}/members/29:nobody")
    assert status == 404
    status, answer = await bot.call("GET", f"v3/conversations/{TEAM}/pagedmembers?pageSize=1")
    assert [each["name"] for each in answer["members"]] == [each.name for each in company.people() if each.on_teams]
    assert "continuationToken" not in answer
    assert len((await bot.call("GET", f"v3/conversations/{TEAM}/members"))[1]) == 13
    assert (await bot.call("GET", f"v3/conversations/{TEAM}/pagedmembers?continuationToken=xyz"))[0] == 400


async def test_trouble_is_had_on_demand(desk: Desk, bot: Bot) -> None:
    await bot.ask_token()
    words = {"type": "message", "text": "hello"}
    path = f"v3/conversations/{bot.chat(WHO)}/activities"
    await bot.post(WHO, words="first")
    desk.faults.add("rate_limited", "teams.post", seconds=2)
    assert (await bot.call("POST", path, words))[0] == 429
    assert desk.teams.service.calls[-1].response_headers["Retry-After"] == "2"
    desk.faults.add("error", "teams.post")
    assert (await bot.call("POST", path, words))[0] == 502
    desk.faults.add("refused", "teams.post")
    assert (await bot.call("POST", path, words))[0] == 403
    assert len(desk.teams.tenant.messages(WHO)) == 1
    desk.faults.add("lost", "teams.post")
    with pytest.raises(Exception, match="disconnected"):
        await bot.call("POST", path, words)
    assert len(desk.teams.tenant.messages(WHO)) == 2


# What people do


async def test_an_activity_says_who_where_and_in_which_zone(desk: Desk, bot: Bot) -> None:
    await desk.teams.delivery.say(LINUS.object_id, "@Rapport kudos @Ruth Avery for the release")
    [activity] = bot.heard
    one, app = desk.teams.tenant.person(LINUS.object_id), desk.teams.tenant.app
    assert activity["from"] == {"id": one.account, "name": "Linus Holm", "aadObjectId": one.id}
    assert activity["conversation"]["id"] == one.conversation
    assert activity["channelData"]["tenant"]["id"] == app.tenant
    assert activity["localTimezone"] == LINUS.zone
    assert activity["text"] == "<at>Rapport</at> kudos <at>Ruth Avery</at> for the release"
    mentions = [each["mentioned"] for each in activity["entities"] if each["type"] == "mention"]
    assert [each["id"] for each in mentions] == [app.account, desk.teams.tenant.person(WHO).account]


async def test_a_press_brings_the_buttons_data_and_the_inputs_beside_it(desk: Desk, bot: Bot) -> None:
    activity = await bot.post(WHO, card(question(), actions=(button("Done", pressed("checkin", "7")),)))
    exchange = await desk.teams.delivery.press(WHO, last(desk), "Done", {"progress": "All of it"})
    assert exchange.ok
    [heard] = bot.heard
    assert (heard["type"], heard["replyToId"], heard.get("text")) == ("message", activity, None)
    assert heard["value"] == pressed("checkin", "7") | {"progress": "All of it"}


async def test_a_button_that_asks_first_is_pressed_with_its_yes(desk: Desk, bot: Bot) -> None:
    close = asking("Close", button("Close", pressed("round.close", "9")), "Nobody can answer afterwards.")
    await bot.post(WHO, card(text("Round"), actions=(close,)))
    await desk.teams.delivery.press(WHO, last(desk), "Close")
    assert bot.heard[0]["value"] == pressed("round.close", "9")


async def test_buttons_that_look_alike_are_told_apart_by_what_they_do(desk: Desk, bot: Bot) -> None:
    rows = [
        {"type": "ActionSet", "actions": [button("Read", pressed("checkin.read", str(number)))]} for number in (1, 2)
    ]
    await bot.post(WHO, card(*rows))
    with pytest.raises(LookupError, match="2 buttons"):
        await desk.teams.delivery.press(WHO, last(desk), "Read")
    await desk.teams.delivery.press(WHO, last(desk), "checkin.read/2")
    assert bot.heard[0]["value"] == pressed("checkin.read", "2")
    with pytest.raises(LookupError, match="nothing called"):
        await desk.teams.delivery.press(WHO, last(desk), "Write")


async def test_a_dialog_opens_says_what_is_wrong_and_closes(desk: Desk, bot: Bot) -> None:
    form = card(question(isRequired=True, errorMessage="Say something."), actions=(sending(), sending("Back", "back")))
    wrong = card(error("Not stored yet."), question(value="x"), error("Longer, please."), actions=(sending(),))
    answering(bot, fetch=dialog(form), submit=dialog(wrong))
    await bot.post(WHO, card(actions=(opening(),)))
    await desk.teams.delivery.press(WHO, last(desk), "Check in")
    assert (top(desk).title, top(desk).asked, top(desk).labels) == ("Check-in", ["progress"], ["Send", "Back"])
    with pytest.raises(NotSent):
        await desk.teams.delivery.submit(WHO)
    assert top(desk).errors == {"progress": "Say something."}
    with pytest.raises(DoesNotFit):
        await desk.teams.delivery.submit(WHO, {"mood": "5"})
    await desk.teams.delivery.submit(WHO, {"progress": "x"})
    assert bot.heard[-1]["value"]["data"] == {"rapport": {"form": "token", "act": "submit"}, "progress": "x"}
    assert top(desk).errors == {"": "Not stored yet.", "progress": "Longer, please."}
    assert top(desk).values == {"progress": "x"}
    answering(bot)
    await desk.teams.delivery.submit(WHO, {"progress": "longer"})
    assert desk.teams.tenant.dialog(WHO) is None


async def test_an_answer_that_is_no_dialog_leaves_what_was_typed(desk: Desk, bot: Bot) -> None:
    answering(bot, fetch=dialog(card(question(), actions=(sending(),))), submit={"task": {"type": "other"}})
    await bot.post(WHO, card(actions=(opening(),)))
    await desk.teams.delivery.press(WHO, last(desk), "Check in")
    exchange = await desk.teams.delivery.submit(WHO, {"progress": "kept"})
    assert exchange.problem.startswith("invalid_task")
    assert top(desk).notice
    assert top(desk).values == {"progress": "kept"}
    bot.answer = failing
    assert (await desk.teams.delivery.submit(WHO)).status == 500
    assert desk.teams.delivery.exchanges[-1].problem == "http_error: 500"


async def failing(activity: dict[str, Any]) -> web.Response:
    return web.Response(status=500)


async def test_a_dialog_that_was_closed_meanwhile_stays_closed(desk: Desk, bot: Bot) -> None:
    waiting = asyncio.Event()

    async def slow(activity: dict[str, Any]) -> Any:
        if activity["name"] == "task/submit":
            await waiting.wait()
        return dialog(card(question(), actions=(sending(),)))

    bot.answer = slow
    await bot.post(WHO, card(actions=(opening(),)))
    await desk.teams.delivery.press(WHO, last(desk), "Check in")
    sent = asyncio.create_task(desk.teams.delivery.submit(WHO))
    await bot.until(2)
    desk.teams.delivery.close_dialog(WHO)
    waiting.set()
    await sent
    assert desk.teams.tenant.dialog(WHO) is None


async def test_words_alone_are_shown_in_the_dialog(desk: Desk, bot: Bot) -> None:
    answering(bot, fetch={"task": {"type": "message", "value": "That round is over."}})
    await bot.post(WHO, card(actions=(opening(),)))
    await desk.teams.delivery.press(WHO, last(desk), "Check in")
    assert "That round is over." in top(desk).words
    desk.teams.delivery.close_dialog(WHO)
    with pytest.raises(Refused):
        desk.teams.delivery.open_dialog(WHO)


async def test_a_search_brings_what_was_typed_and_its_dataset(desk: Desk, bot: Bot) -> None:
    found = {"results": [{"title": "Ada Byron", "value": "1"}]}
    results = {"statusCode": 200, "type": "application/vnd.microsoft.search.searchResponse", "value": found}
    answering(bot, fetch=dialog(card(lookup(), actions=(sending(),))), search=results)
    await bot.post(WHO, card(actions=(opening("Thank", "kudos"),)))
    await desk.teams.delivery.press(WHO, last(desk), "Thank")
    assert await desk.teams.delivery.suggest(WHO, top(desk), "to", "ad") == [{"title": "Ada Byron", "value": "1"}]
    value = bot.heard[-1]["value"]
    assert (value["queryText"], json.loads(value["dataset"])) == ("ad", ["token", "to"])
    answering(bot, search={"results": []})
    with pytest.raises(Refused, match="invalid_options"):
        await desk.teams.delivery.suggest(WHO, "", "to", "ad")
    await desk.teams.delivery.submit(WHO, {"to": "1"})
    assert bot.heard[-1]["value"]["data"]["to"] == "1"


async def test_marks_and_choices_are_sent_as_texts(desk: Desk, bot: Bot) -> None:
    choices = [{"title": each, "value": each} for each in "abc"]
    body = (
        {"type": "Input.Toggle", "id": "share", "title": "Share"},
        {"type": "Input.ChoiceSet", "id": "one", "choices": choices},
        {"type": "Input.ChoiceSet", "id": "some", "choices": choices, "isMultiSelect": True},
        {"type": "Input.Date", "id": "day"},
        {"type": "Input.Number", "id": "hours", "value": 3},
    )
    answering(bot, fetch=dialog(card(*body, actions=(sending(),))))
    await bot.post(WHO, card(actions=(opening(),)))
    await desk.teams.delivery.press(WHO, last(desk), "Check in")
    assert top(desk).values == {"share": "false", "hours": "3"}
    for wrong in ({"one": "d"}, {"some": ["a", "d"]}, {"day": "soon"}, {"hours": "x"}, {"share": "maybe"}):
        with pytest.raises(ValueError, match=r".+"):
            await desk.teams.delivery.submit(WHO, wrong)
    await desk.teams.delivery.submit(WHO, {"share": True, "some": ["a", "c"], "day": "2026-11-21"})
    data = bot.heard[-1]["value"]["data"]
    assert {key: data[key] for key in ("share", "some", "day", "hours")} == {
        "share": "true", "some": "a,c", "day": "2026-11-21", "hours": "3",
    }  # fmt: skip
    assert "one" not in data


async def test_installing_tells_the_bot_once_and_a_move_of_the_service_again(desk: Desk, bot: Bot) -> None:
    await desk.teams.delivery.install_all()
    kinds = [each["type"] for each in bot.heard]
    assert kinds == ["installationUpdate", "conversationUpdate"] * 13
    assert bot.heard[0]["action"] == "add"
    assert bot.heard[1]["membersAdded"] == [{"id": desk.teams.tenant.app.account}]
    await desk.teams.delivery.install_all()
    assert len(bot.heard) == 26
    desk.teams.activities.service_url = "http://127.0.0.1:1/teams/service/"
    await desk.teams.delivery.install_all()
    assert [each["type"] for each in bot.heard[26:]] == ["conversationUpdate"] * 13
    await desk.teams.delivery.uninstall(WHO)
    assert bot.heard[-1]["action"] == "remove"


async def test_a_message_that_was_not_taken_comes_again_with_the_same_id(desk: Desk, bot: Bot) -> None:
    bot.answer = failing
    await desk.teams.delivery.say(WHO, "hello")
    assert len(bot.heard) == 4
    assert len({each["id"] for each in bot.heard}) == 1
    again = await desk.teams.delivery.redeliver(desk.teams.delivery.exchanges[0])
    assert again.request_body == desk.teams.delivery.exchanges[0].request_body
    assert len(bot.heard) == 5


async def test_a_file_is_offered_accepted_uploaded_and_shown(desk: Desk, bot: Bot) -> None:
    offer = {"description": "Figures", "sizeInBytes": 5, "acceptContext": {"file": 1}, "declineContext": {"file": 1}}
    path = f"v3/conversations/{bot.chat(WHO)}/activities"
    body = {"type": "message", "attachments": [{"contentType": CONSENT, "name": "week.png", "content": offer}]}
    assert (await bot.call("POST", path, body))[0] == 201
    await desk.teams.delivery.consent(WHO, last(desk).id, True)
    value = bot.heard[-1]["value"]
    assert (value["action"], value["context"]) == ("accept", {"file": 1})
    info = value["uploadInfo"]
    for part, sent in ((b"abc", "bytes 0-2/5"), (b"de", "bytes 3-4/5")):
        async with bot.session.put(info["uploadUrl"], data=part, headers={"Content-Range": sent}) as answer:
            assert answer.status == (201 if part == b"de" else 202)
    async with bot.session.put(info["uploadUrl"], data=b"x", headers={"Content-Range": "bytes 0-0/1"}) as answer:
        assert answer.status == 404
    shown = {"uniqueId": info["uniqueId"], "fileType": "png"}
    attachment = {"contentType": FILE, "name": "week.png", "contentUrl": info["contentUrl"], "content": shown}
    assert (await bot.call("POST", path, {"type": "message", "attachments": [attachment]}))[0] == 201
    async with bot.session.get(info["contentUrl"]) as answer:
        assert await answer.read() == b"abcde"
    with pytest.raises(Refused):
        await desk.teams.delivery.consent(WHO, desk.teams.tenant.messages(WHO)[0].id, False)


async def test_chats_files_and_installations_outlive_a_restart(desk: Desk, bot: Bot, tmp_path: Path) -> None:
    await desk.teams.delivery.install(WHO)
    await desk.teams.delivery.say(WHO, "hello")
    activity = await bot.post(WHO, card(text("one")))
    await bot.update(WHO, activity, card(text("two")))
    desk.teams.tenant.mark_read(WHO)
    await bot.post(WHO, card(text("three")))
    desk.teams.tenant.change(DOLORES.object_id, blocked=True)
    info = desk.teams.tenant.files.announce("a.txt")
    desk.teams.tenant.files.take(info["uploadUrl"].rpartition("/")[2], b"hi", "bytes 0-1/2")
    later = split_desk(journal=tmp_path / "journal")
    await later.stop()
    again = later.teams.tenant
    assert [each.words for each in again.messages(WHO)] == ["hello", "two", "three"]
    assert again.unread(WHO) == 1
    assert again.told_at(WHO) == desk.teams.activities.service_url
    assert again.person(DOLORES.object_id).blocked
    file = again.files.whole(info["uniqueId"])
    assert file is not None
    assert file.content == b"hi"


# Beside Slack


async def test_the_page_lists_everybody_once_with_their_platforms(desk: Desk) -> None:
    shown = drawn.people(desk.workspace, desk.teams.tenant)["people"]
    assert [each["name"] for each in shown] == [each.name for each in company.people()]
    by_name = {each["name"]: each for each in shown}
    assert by_name["Linus Holm"]["slack"]
    assert by_name["Linus Holm"]["teams"]
    assert by_name["Ruth Avery"]["slack"] is None
    assert by_name["Ada Byron"]["teams"] is None
    desk.teams.tenant.post(LINUS.object_id, "", "hello")
    shown = drawn.people(desk.workspace, desk.teams.tenant)["people"]
    assert next(each["new"] for each in shown if each["name"] == "Linus Holm") == {"slack": 0, "teams": 1}


def test_without_the_constant_everybody_is_on_slack() -> None:
    assert len(company.workspace(teams=False).members) == 46
    assert company.tenant(teams=False).accounts == {}
    assert len(company.workspace(teams=True).members) == 34


async def test_the_inspector_shows_no_secret_of_either_side(desk: Desk, bot: Bot) -> None:
    await desk.teams.delivery.say(WHO, "hello")
    await bot.post(WHO, card(text("hello")))
    shown = [inspecting.whole(each) for each in (*desk.teams.delivery.exchanges, *desk.teams.service.calls)]
    assert [(each["platform"], each["direction"], each["kind"]) for each in shown] == [
        ("teams", "to_bot", "message"), ("teams", "from_bot", "teams.token"), ("teams", "from_bot", "teams.post"),
    ]  # fmt: skip
    everything = json.dumps(shown)
    assert desk.teams.tenant.app.password not in everything
    assert desk.teams.delivery.exchanges[0].request_headers["Authorization"] not in everything
    assert json.loads(desk.teams.service.calls[0].response_body)["access_token"] not in everything
    assert shown[2]["user"] == WHO
