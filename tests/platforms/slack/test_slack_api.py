"""What Slack's answers mean for a message: it arrived, it was refused, it may try again, or nobody knows."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.messages import Button, Message
from bot.platforms import Destination, Ref, Throttled, Unanswered, Unavailable, Undeliverable
from bot.platforms.slack.api import SlackPlatform
from desk import company
from desk.desk import Desk

ADA = company.person("Ada Byron").user_id
HELLO = Message("Hello")
KEY = "0190a6e2-6f0d-7c58-9f6f-0c5b1e0b7a11"
JSON = "application/json"


@dataclass
class Oddity:
    """A server that answers as it is told, and keeps what it was asked."""

    url: str = ""
    answers: list[dict[str, Any]] = field(default_factory=list)
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        given = await request.json() if request.can_read_body else dict(request.query)
        self.asked.append((request.match_info["method"], given))
        return web.Response(**self.answers.pop(0))


@pytest.fixture
async def odd() -> AsyncIterator[Oddity]:
    server = Oddity()
    app = web.Application()
    app.router.add_route("*", "/{method}", server.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    yield server
    await runner.cleanup()


@pytest.fixture
async def slack(odd: Oddity) -> AsyncIterator[SlackPlatform]:
    platform = SlackPlatform(odd.url)
    await platform.start()
    yield platform
    await platform.stop()


def to(**more: str) -> Destination:
    return Destination("T1", "xoxb-1", **{"user": ADA, "person": "ada", **more})


def said(error: str, status: int = 200, **headers: str) -> dict[str, Any]:
    body = f'{{"ok":false,"error":"{error}"}}'
    return {"status": status, "body": body.encode(), "content_type": JSON, "headers": headers}


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        (said("channel_not_found"), Undeliverable),
        (said("token_revoked"), Undeliverable),
        (said("invalid_blocks"), Undeliverable),
        (said("service_unavailable"), Unavailable),
        (said("ratelimited"), Unavailable),
        (said("internal_error"), Unanswered),
        (said("fatal_error"), Unanswered),
        (said("internal_error", 500), Unanswered),
        ({"status": 503, "text": "<html>", "content_type": "text/html"}, Unanswered),
        ({"status": 502, "body": b'{"ok":', "content_type": JSON}, Unanswered),
        # A proxy in between answered, and nobody knows what it did before.
        ({"status": 200, "text": "<html>", "content_type": "text/html"}, Unanswered),
        ({"status": 407, "text": "log in first"}, Unanswered),
        ({"status": 200, "text": "welcome"}, Unanswered),
        ({"status": 200, "body": b"[1]", "content_type": JSON}, Unanswered),
        ({"status": 200, "body": b""}, Unanswered),
    ],
)
async def test_what_became_of_a_message(
    slack: SlackPlatform, odd: Oddity, answer: dict[str, Any], meaning: type[Exception]
) -> None:
    odd.answers.append(answer)
    with pytest.raises(meaning):
        await slack.send(to(), HELLO, KEY)


@pytest.mark.parametrize("error", ["internal_error", "fatal_error"])
async def test_a_drawing_that_slack_answered_may_be_repeated_at_once(
    slack: SlackPlatform, odd: Oddity, error: str
) -> None:
    odd.answers += [said(error, 500)] * 2
    with pytest.raises(Unavailable):
        await slack.edit(to(), Ref("D1", "1.0"), HELLO)
    with pytest.raises(Unavailable):
        await slack.publish(to(), HELLO)


async def test_without_a_connection_nothing_was_sent(odd: Oddity) -> None:
    platform = SlackPlatform("http://127.0.0.1:1/")
    await platform.start()
    for call in (platform.send(to(), HELLO, KEY), platform.respond(to(respond="http://127.0.0.1:1/x"), HELLO)):
        with pytest.raises(Unavailable):
            await call
    await platform.stop()


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ({"Retry-After": "7"}, 7), ({"retry-after": "120"}, 120), ({"Retry-After": "0"}, 1), ({"Retry-After": "-5"}, 1),
        ({"Retry-After": "1.5"}, 1.5), ({}, 30), ({"Retry-After": "soon"}, 30), ({"Retry-After": "nan"}, 30),
        ({"Retry-After": "inf"}, 30), ({"Retry-After": "1e300"}, 86_400),
    ],
)  # fmt: skip
@pytest.mark.parametrize("body", [b'{"ok":false,"error":"ratelimited"}', b"", b"slow down"])
async def test_retry_after_is_read_whatever_else_stands_in_the_answer(
    slack: SlackPlatform, odd: Oddity, told: dict[str, str], seconds: float, body: bytes
) -> None:
    odd.answers.append({"status": 429, "body": body, "headers": told, "content_type": JSON})
    with pytest.raises(Throttled) as caught:
        await slack.send(to(), HELLO, KEY)
    assert caught.value.seconds == seconds


async def test_a_message_that_cannot_be_drawn_is_refused_before_it_is_sent(slack: SlackPlatform, odd: Oddity) -> None:
    crowded = Message("Hello", buttons=tuple(Button(str(at), "help") for at in range(2000)))
    for call in (slack.send(to(), crowded, KEY), slack.edit(to(), Ref("D1", "1.0"), crowded)):
        with pytest.raises(Undeliverable, match="undrawable"):
            await call
    assert odd.asked == []


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        ({"status": 200, "text": "ok"}, None),
        ({"status": 200, "body": b'{"ok":true}', "content_type": JSON}, None),
        (said("expired_url"), "expired_url"),
        (said("used_url", 404), "used_url"),
        ({"status": 404, "text": "gone"}, "response_url"),
        ({"status": 429, "headers": {"Retry-After": "9"}}, Throttled),
        ({"status": 503}, Unavailable),
    ],
)
async def test_what_a_response_url_answers(
    slack: SlackPlatform, odd: Oddity, answer: dict[str, Any], meaning: object
) -> None:
    odd.answers.append(answer)
    call = slack.respond(to(respond=f"{odd.url}hook"), HELLO)
    if meaning is None:
        await call
    elif isinstance(meaning, str):
        with pytest.raises(Undeliverable, match=meaning):
            await call
    else:
        with pytest.raises((Throttled, Unavailable)) as caught:
            await call
        assert caught.type is meaning
    assert odd.asked[0][1]["replace_original"] is True


# The look-up, against the desk


@pytest.fixture
async def desk() -> AsyncIterator[tuple[Desk, SlackPlatform]]:
    desk = Desk()
    await desk.start()
    platform = SlackPlatform(desk.api_url)
    await platform.start()
    yield desk, platform
    await platform.stop()
    await desk.stop()


def there(**more: str) -> Destination:
    return replace(to(**more), token="xoxb-desk")


async def test_a_message_is_found_by_its_key_among_many(desk: tuple[Desk, SlackPlatform]) -> None:
    slack, since = desk[1], datetime.now(UTC)
    wanted = await slack.send(there(), HELLO, KEY)
    for number in range(205):
        desk[0].workspace.post(wanted.channel, ADA, f"typed {number}")
    assert await slack.look_up(there(), KEY, since) == wanted
    assert await slack.look_up(there(channel=wanted.channel), KEY, since) == wanted
    assert await slack.look_up(there(), "another key", since) is None


async def test_a_look_up_forgives_a_clock_that_is_minutes_ahead_of_slacks(desk: tuple[Desk, SlackPlatform]) -> None:
    slack = desk[1]
    sent = await slack.send(there(), HELLO, KEY)
    ahead = datetime.now(UTC) + timedelta(minutes=5)
    assert await slack.look_up(there(), KEY, ahead) == sent
    assert await slack.look_up(there(), KEY, ahead + timedelta(hours=1)) is None


async def test_a_look_up_of_somebody_never_written_to_finds_nothing(desk: tuple[Desk, SlackPlatform]) -> None:
    assert await desk[1].look_up(there(), KEY, datetime.now(UTC)) is None


async def test_people_come_with_zone_and_language_and_without_bots(desk: tuple[Desk, SlackPlatform]) -> None:
    page = await desk[1].people(replace(there(), workspace=desk[0].workspace.identity.team_id))
    found = {one.user: one for one in page.profiles if one.colleague}
    assert {one.user for one in page.profiles} - found.keys() == {desk[0].workspace.identity.bot_user}
    assert found[ADA].zone == "Europe/Lisbon"
    assert found[ADA].locale
    assert len(found) == len(company.people())


async def test_one_session_serves_every_call(slack: SlackPlatform, odd: Oddity) -> None:
    assert slack.client("one").session is slack.client("two").session is slack.shared.session
    assert isinstance(slack.shared.session, aiohttp.ClientSession)
    assert slack.shared.session.timeout.total == 10
