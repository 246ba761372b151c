"""What the connector's answers mean for a message, and the token that goes with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import teams_service
from teams_service import APP, BOT, PASSWORD, TENANT, Teams, refusal

from bot.delivery.settling import UNREACHABLE
from bot.messages import Button, Message
from bot.platforms import Destination, Ref, Throttled, Unanswered, Unavailable, Undeliverable
from bot.platforms.teams import credentials as login
from bot.platforms.teams.connector import TeamsPlatform
from bot.platforms.teams.credentials import Credentials
from bot.platforms.teams.pacing import BURST, LONGEST_WAIT, RATE, Conversations
from bot.platforms.teams.services import WORLDWIDE, Services

HELLO = Message("Hello", buttons=(Button("Open", "checkin", "id-1"),))
KEY = "0190a6e2-6f0d-7c58-9f6f-0c5b1e0b7a11"
JSON = "application/json"


@pytest.fixture
async def platform(teams: Teams) -> AsyncIterator[TeamsPlatform]:
    made = TeamsPlatform(APP, PASSWORD, TENANT, f"{teams.url}login/", Services(local=True), frozenset({"checkin"}))
    await made.start()
    yield made
    await made.stop()


def to(teams: Teams, **more: str) -> Destination:
    usual = {"user": "aad-ada", "channel": "a:ada", "person": "ada", "service": teams.service, "account": "29:ada"}
    return Destination(TENANT, "", **{**usual, **more})


async def test_a_card_goes_to_the_persons_own_chat(teams: Teams, platform: TeamsPlatform) -> None:
    ref = await platform.send(to(teams), HELLO, KEY)
    (asked,) = teams.asked
    assert (asked.method, asked.path, asked.token) == ("POST", "conversations/a:ada/activities", "token-1")
    assert asked.body["attachments"][0]["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert "Hello" in asked.body["summary"]
    (button,) = teams_service.actions(asked.body)
    assert button["data"]["rapport"]["press"] == ["ada", "checkin", ["id-1"]]
    assert button["data"]["msteams"] == {"type": "task/fetch"}
    assert ref.channel == "a:ada"
    assert ref.message.startswith("m")


async def test_an_edit_draws_the_same_message_anew(teams: Teams, platform: TeamsPlatform) -> None:
    await platform.edit(to(teams), Ref("19:room@thread.tacv2;messageid=1/2", "17:0"), HELLO)
    (asked,) = teams.asked
    assert (asked.method, asked.path) == ("PUT", "conversations/19:room@thread.tacv2;messageid=1/2/activities/17:0")
    assert asked.body["id"] == "17:0"


async def test_nothing_is_put_off_where_no_pace_is_wanted(teams: Teams) -> None:
    platform = TeamsPlatform(
        APP, PASSWORD, TENANT, f"{teams.url}login/", Services(local=True), frozenset(), paced=False
    )  # fmt: skip
    await platform.start()
    # As many as a pace would not let through.
    many = int(BURST + LONGEST_WAIT * RATE) + 5
    await asyncio.gather(*(platform.send(to(teams), HELLO, KEY) for _ in range(many)))
    assert len(teams.asked) == many
    await platform.stop()


async def test_an_account_without_a_conversation_gets_one(teams: Teams, platform: TeamsPlatform) -> None:
    ref = await platform.send(to(teams, channel=""), HELLO, KEY)
    made, sent = teams.asked
    assert made.path == "conversations"
    assert made.body == {
        "isGroup": False, "bot": {"id": BOT}, "members": [{"id": "29:ada"}], "tenantId": TENANT,
        "channelData": {"tenant": {"id": TENANT}},
    }  # fmt: skip
    assert (sent.path, ref.channel) == ("conversations/a:ada/activities", "a:ada")
    with pytest.raises(Undeliverable, match="no_account"):
        await platform.send(to(teams, channel="", account=""), HELLO, KEY)


@pytest.mark.parametrize(
    ("answer", "meaning", "code"),
    [
        (refusal(429, **{"Retry-After": "7"}), Throttled, ""),
        (refusal(412, "PreconditionFailed"), Unavailable, "PreconditionFailed"),
        (refusal(502, "ServiceError"), Unavailable, "ServiceError"),
        (refusal(503), Unavailable, "Error"),
        ({"status": 504, "text": "<html>"}, Unavailable, "http_504"),
        ({"status": 407, "text": "log in first"}, Unavailable, "http_407"),
        (refusal(500, "ServiceError"), Unanswered, "ServiceError"),
        ({"status": 302, "headers": {"Location": "http://127.0.0.1:1/"}}, Unanswered, "http_302"),
        ({"status": 200, "text": "<html>", "content_type": "text/html"}, Unanswered, "not_teams"),
        ({"status": 200, "body": b"[1]", "content_type": JSON}, Unanswered, "not_teams"),
        (refusal(403, "MessageWritesBlocked"), Undeliverable, "MessageWritesBlocked"),
        ({"status": 403, "body": b'{"errorCode":209,"message":"{\\"subCode\\":\\"MessageWritesBlocked\\"}"}'},
         Undeliverable, "MessageWritesBlocked"),
        (refusal(403, "BotNotInConversationRoster"), Undeliverable, "BotNotInConversationRoster"),
        (refusal(403, "NotEnoughPermissions"), Undeliverable, "NotEnoughPermissions"),
        (refusal(404, "ConversationNotFound"), Undeliverable, "ConversationNotFound"),
        (refusal(404, "NotFound"), Undeliverable, "ConversationNotFound"),
        (refusal(413, "MessageSizeTooBig"), Undeliverable, "MessageSizeTooBig"),
        (refusal(400, "BadArgument"), Undeliverable, "BadArgument"),
        (refusal(400, "a code with <signs>"), Undeliverable, "http_400"),
    ],
)  # fmt: skip
async def test_what_became_of_a_message(
    teams: Teams, platform: TeamsPlatform, answer: dict[str, Any], meaning: type[Exception], code: str
) -> None:
    teams.answers.append(answer)
    with pytest.raises((Throttled, Unavailable, Unanswered, Undeliverable)) as caught:
        await platform.send(to(teams), HELLO, KEY)
    assert isinstance(caught.value, meaning)
    assert code in (getattr(caught.value, "code", ""), str(caught.value), "")


def test_who_blocked_the_bot_or_took_it_away_is_marked_unreachable() -> None:
    assert {"MessageWritesBlocked", "BotNotInConversationRoster", "ConversationNotFound"} <= UNREACHABLE.keys()
    assert {"MessageSizeTooBig", "NotEnoughPermissions", "BadArgument"} & UNREACHABLE.keys() == set()


async def test_a_message_that_is_gone_does_not_make_its_reader_unreachable(
    teams: Teams, platform: TeamsPlatform
) -> None:
    for code in ("ActivityNotFoundInConversation", "NotFound"):
        teams.answers.append(refusal(404, code))
        with pytest.raises(Undeliverable) as caught:
            await platform.edit(to(teams), Ref("a:ada", "1"), HELLO)
        assert caught.value.code == code
        assert caught.value.code not in UNREACHABLE


async def test_a_drawing_may_be_repeated_at_once_whatever_was_answered(teams: Teams, platform: TeamsPlatform) -> None:
    teams.answers += [refusal(500), {"status": 302}]
    for _ in range(2):
        with pytest.raises(Unavailable):
            await platform.edit(to(teams), Ref("a:ada", "1"), HELLO)
    teams.answers.append({"status": 200, "body": b""})
    await platform.edit(to(teams), Ref("a:ada", "1"), HELLO)


@pytest.mark.parametrize(
    ("told", "seconds"),
    [({"Retry-After": "7"}, 7), ({"Retry-After": "0"}, 1), ({}, 5), ({"Retry-After": "soon"}, 5),
     ({"Retry-After": "inf"}, 5), ({"Retry-After": "1e300"}, 86_400)],
)  # fmt: skip
async def test_the_pause_that_teams_asks_for_is_obeyed(
    teams: Teams, platform: TeamsPlatform, told: dict[str, str], seconds: float
) -> None:
    teams.answers.append(refusal(429, **told))
    with pytest.raises(Throttled) as caught:
        await platform.send(to(teams), HELLO, KEY)
    assert caught.value.seconds == seconds


async def test_without_a_connection_nothing_was_sent(platform: TeamsPlatform, teams: Teams) -> None:
    with pytest.raises(Unavailable):
        await platform.send(to(teams, service="http://127.0.0.1:1/"), HELLO, KEY)


async def test_what_cannot_be_drawn_or_done_on_teams_is_refused_before_it_is_sent(
    teams: Teams, platform: TeamsPlatform
) -> None:
    crowded = Message("Hello", buttons=tuple(Button("x" * 900, "help", "i" * 300) for _ in range(2000)))
    with pytest.raises(Undeliverable, match="undrawable"):
        await platform.send(to(teams), replace(crowded, lines=("x" * 3000,) * 100), KEY)
    await platform.publish(to(teams), HELLO)
    assert await platform.look_up(to(teams), KEY, datetime.now(UTC)) is None
    assert (await platform.people(to(teams))).profiles == ()
    assert teams.asked == []


# The address that everything goes to


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://smba.trafficmanager.net/emea/", True),
        ("https://smba.trafficmanager.net/emea/0a1b/", True),
        ("https://europe.botframework.com/", True),
        ("https://smba.infra.gcc.teams.microsoft.com/teams", True),
        ("http://smba.trafficmanager.net/emea/", False),
        ("https://evil.trafficmanager.net/", False),
        ("https://smba.trafficmanager.net.evil.example/", False),
        ("https://smba.trafficmanager.net@evil.example/", False),
        ("https://evil.example/?smba.trafficmanager.net", False),
        ("https://evil.example\\.botframework.com/", False),
        ("https://smba.trafficmanager.net:8443/", False),
        ("https://botframework.com.evil.example/", False),
        ("https://notbotframework.com/", False),
        ("https://127.0.0.1/", False),
        ("http://[::1", False),
        ("https://smba.trafficmanager.net:x/", False),
        ("", False),
        (None, False),
    ],
)
def test_the_token_goes_to_microsoft_only(url: Any, allowed: bool) -> None:
    assert Services(local=False).allows(url) is allowed


def test_on_this_machine_nothing_elsewhere_is_called() -> None:
    here = Services(local=True)
    assert here.allows("http://127.0.0.1:9000/teams/service/")
    assert here.allows("http://[::1]:9/")
    assert here.allows("http://localhost/")
    assert not here.allows("https://smba.trafficmanager.net/emea/")
    assert not here.allows("http://127.0.0.1.evil.example/")
    with pytest.raises(ValueError, match="service"):
        here.base("")


def test_who_never_wrote_is_reached_through_the_worldwide_address() -> None:
    assert Services(local=False).base("") == WORLDWIDE
    assert Services(local=False).base("https://smba.trafficmanager.net/in") == "https://smba.trafficmanager.net/in/"


async def test_a_stored_address_that_is_not_allowed_is_not_called(teams: Teams, platform: TeamsPlatform) -> None:
    for service in ("https://evil.example/", "http://10.0.0.1/", ""):
        with pytest.raises(Undeliverable, match="service_not_allowed"):
            await platform.send(to(teams, service=service), HELLO, KEY)
    assert teams.logins == []


# The token


async def test_one_token_serves_every_call_and_is_asked_for_once(teams: Teams, platform: TeamsPlatform) -> None:
    teams.delay = 0.05
    await asyncio.gather(*(platform.send(to(teams, channel=f"a:{at}"), HELLO, KEY) for at in range(20)))
    await platform.send(to(teams), HELLO, KEY)
    (asked,) = teams.logins
    assert asked == {
        "grant_type": "client_credentials", "client_id": APP, "client_secret": PASSWORD, "scope": login.SCOPE,
        "tenant": TENANT,
    }  # fmt: skip
    assert {one.token for one in teams.asked} == {"token-1"}


async def test_a_token_that_was_refused_is_replaced_once(teams: Teams, platform: TeamsPlatform) -> None:
    teams.answers.append(refusal(401, "Unauthorized"))
    await platform.send(to(teams), HELLO, KEY)
    assert [one.token for one in teams.asked] == ["token-1", "token-2"]
    teams.answers += [refusal(401)] * 2
    with pytest.raises(Unavailable):
        await platform.send(to(teams), HELLO, KEY)
    assert len(teams.logins) == 3


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 401, "body": b'{"error":"invalid_client"}', "content_type": JSON},
        {"status": 429},
        {"status": 500},
        {"status": 200, "text": "<html>"},
        {"status": 200, "body": b'{"access_token": "", "expires_in": 5}', "content_type": JSON},
        {"status": 200, "body": b'{"access_token": "t", "expires_in": "soon"}', "content_type": JSON},
    ],
)
async def test_without_a_token_nothing_is_sent_and_it_may_be_tried_again(
    teams: Teams, platform: TeamsPlatform, answer: dict[str, Any]
) -> None:
    teams.login_answers.append(answer)
    with pytest.raises(Unavailable):
        await platform.send(to(teams), HELLO, KEY)
    assert teams.asked == []
    await platform.check()
    await platform.send(to(teams), HELLO, KEY)


class Login:
    def __init__(self) -> None:
        self.now, self.asked, self.fails = 1000.0, 0, False
        self.held = asyncio.Event()
        self.held.set()
        self.credentials = Credentials("https://x/", "t", "a", "p", self.ask, lambda: self.now)

    async def ask(self, url: str, form: Any) -> dict[str, Any]:
        self.asked += 1
        number = self.asked
        await self.held.wait()
        if self.fails:
            raise Unavailable("http_503")
        return {"access_token": f"t{number}", "expires_in": 3600}


async def test_a_token_is_renewed_ahead_while_the_old_one_serves() -> None:
    login = Login()
    assert await login.credentials.token() == "t1"
    login.now += 2999
    assert (await login.credentials.token(), login.asked) == ("t1", 1)
    login.now += 2
    login.held.clear()
    assert [await login.credentials.token() for _ in range(5)] == ["t1"] * 5
    await asyncio.sleep(0)
    assert login.asked == 2
    login.held.set()
    await asyncio.sleep(0.01)
    assert await login.credentials.token() == "t2"


async def test_a_login_that_is_down_costs_nothing_while_a_token_lives() -> None:
    login = Login()
    await login.credentials.token()
    login.fails = True
    login.now += 3100
    for _ in range(5):
        assert await login.credentials.token() == "t1"
        await asyncio.sleep(0)
    assert login.asked == 2
    login.now += 501
    with pytest.raises(Unavailable):
        await login.credentials.token()
    login.fails = False
    assert await login.credentials.token() == "t4"


async def test_whoever_gives_up_waiting_does_not_take_the_token_from_the_others() -> None:
    login = Login()
    login.held.clear()
    waiting = [asyncio.create_task(login.credentials.token()) for _ in range(3)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    await asyncio.sleep(0)
    login.held.set()
    assert await asyncio.gather(*waiting[1:]) == ["t1", "t1"]
    assert login.asked == 1


# The pace of one conversation


def test_one_conversation_is_never_written_to_faster_than_teams_allows() -> None:
    at = [0.0]
    paced, sent = Conversations(lambda: at[0]), list[float]()
    for _ in range(200):
        at[0] += paced.reserve("a:ada")
        sent.append(at[0])
    for window, most in ((1, 7), (2, 8), (30, 60)):
        assert max(sum(start <= one < start + window for one in sent) for start in sent) <= most
    assert paced.reserve("a:grace") == 0


def test_what_would_wait_long_is_put_off() -> None:
    paced = Conversations(lambda: 0.0)
    fitting = int(BURST + LONGEST_WAIT * RATE)
    assert max(paced.reserve("a:ada") for _ in range(fitting)) <= LONGEST_WAIT
    with pytest.raises(Throttled) as put_off:
        paced.reserve("a:ada")
    assert put_off.value.only_here
    assert LONGEST_WAIT < put_off.value.seconds < LONGEST_WAIT + 1
    assert paced.reserve("a:grace") == 0


def test_one_conversation_that_had_too_much_is_left_alone_and_of_two_the_tenant_is() -> None:
    at = [0.0]
    paced = Conversations(lambda: at[0])
    assert paced.told_to_wait("a:ada", 30).only_here
    with pytest.raises(Throttled) as put_off:
        paced.reserve("a:ada")
    assert put_off.value.only_here
    assert 29 < put_off.value.seconds < 32
    assert paced.reserve("a:grace") == 0
    assert paced.told_to_wait("a:ada", 30).only_here, "the same one again says nothing of the others"
    assert not paced.told_to_wait("a:grace", 30).only_here
    at[0] = 31
    assert paced.reserve("a:ada") < 1
    assert paced.told_to_wait("a:linus", 30).only_here, "what is over does not count"
