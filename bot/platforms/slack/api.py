"""Out to Slack: the Platform that delivery uses, and the few calls that the edge makes itself."""

from __future__ import annotations

import json
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import log, texts
from bot.engine.events import Profile
from bot.messages import Message
from bot.platforms import Destination, Ref, Throttled, Unanswered, Unavailable, Undeliverable
from bot.platforms.slack.blocks import home_view, message_blocks, message_text
from bot.platforms.slack.permissions import Granted

TIMEOUT = 10.0
EVENT = "rapport"
# A look-up begins this much before the first try. Clocks that differ by more could not even be talked to: the door
# turns away what is older than five minutes.
SLACK_BEHIND = timedelta(minutes=6)
LONGEST_PAUSE, USUAL_PAUSE = 86_400.0, 30.0
PASSING = frozenset(
    {"service_unavailable", "team_added_to_org", "ratelimited", "rate_limited", "message_limit_exceeded"}
)
# Slack says of these that part of the work may have been done; who answered without a code was not Slack.
NOT_SLACK = "not_slack"
UNKNOWN = frozenset({"internal_error", "fatal_error", "request_timeout", NOT_SLACK})
PAGE = 200
logger = log.get("slack")


class SlackPlatform:
    """One long-lived session for everything sent; Slack's own retries are off, since the outbox retries."""

    name = "slack"

    def __init__(self, api: str) -> None:
        self._api = api
        self._session: aiohttp.ClientSession | None = None
        self._clients: dict[str, AsyncWebClient] = {}
        # The framework copies this one for each request, session included.
        self.shared = self._client(None)

    async def start(self) -> None:
        # The timeout stands on the session, because the client ignores its own when it is given one.
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT))
        self.shared.session = self._session
        self._clients.clear()

    async def stop(self) -> None:
        if self._session is not None:
            await self._session.close()

    def client(self, token: str) -> AsyncWebClient:
        """One a token; there are as many as workspaces."""
        if token not in self._clients:
            self._clients[token] = self._client(token)
        return self._clients[token]

    def _client(self, token: str | None) -> AsyncWebClient:
        return AsyncWebClient(token=token, base_url=self._api, session=self._session, retry_handlers=[])

    async def about(self, token: str) -> dict[str, Any]:
        """What Slack says of a token: its workspace and the bot's user."""
        return await _asked(lambda: self.client(token).auth_test())

    async def granted(self, token: str) -> Granted:
        answer = await _answered(lambda: self.client(token).auth_test())
        told, date = answer.headers.get("x-oauth-scopes"), answer.headers.get("date")
        scopes = None if told is None else frozenset(one.strip() for one in told.split(",") if one.strip())
        return Granted(str(answer.data.get("team_id") or ""), scopes, parsedate_to_datetime(date) if date else None)

    async def socket_address(self, app_token: str) -> str:
        """Where to open a socket, once and soon."""
        return str((await _asked(lambda: self.shared.apps_connections_open(app_token=app_token)))["url"])

    def forget(self, token: str) -> None:
        self._clients.pop(token, None)

    async def send(self, to: Destination, message: Message, key: str) -> Ref:
        client = self.client(to.token)
        drawn = _drawn(message, to.person, to.locale)
        found = await _asked(
            lambda: client.chat_postMessage(
                channel=to.channel or to.user, unfurl_links=False, unfurl_media=False,
                metadata={"event_type": EVENT, "event_payload": {"key": key}}, **drawn,
            )
        )  # fmt: skip
        return Ref(str(found["channel"]), str(found["ts"]))

    async def edit(self, to: Destination, at: Ref, message: Message) -> None:
        client = self.client(to.token)
        drawn = _drawn(message, to.person, to.locale)
        await _repeatable(lambda: client.chat_update(channel=at.channel, ts=at.message, **drawn))

    async def publish(self, to: Destination, message: Message) -> None:
        client = self.client(to.token)
        with _drawing(to.locale):
            view = home_view(message, to.person)
        await _repeatable(lambda: client.views_publish(user_id=to.user, view=view))

    async def respond(self, to: Destination, message: Message) -> None:
        body = {"replace_original": True, "response_type": "ephemeral", **_drawn(message, to.person, to.locale)}
        assert self._session is not None
        try:
            async with self._session.post(to.respond, json=body) as answer:
                _check_response(answer, await answer.text(errors="replace"))
        except aiohttp.ClientConnectorError as error:
            raise Unavailable("no_connection") from error
        except (TimeoutError, aiohttp.ClientError) as error:
            raise Unanswered(type(error).__name__) from error

    async def look_up(self, to: Destination, key: str, since: datetime) -> Ref | None:
        client = self.client(to.token)
        channel = to.channel
        if not channel:
            opened = await _asked(lambda: client.conversations_open(users=[to.user]))
            channel = str(opened["channel"]["id"])
        cursor = ""
        while True:
            page = await _asked(
                lambda cursor=cursor: client.conversations_history(  # type: ignore[misc]
                    channel=channel, oldest=str((since - SLACK_BEHIND).timestamp()), include_all_metadata=True,
                    limit=PAGE, cursor=cursor or None,
                )
            )  # fmt: skip
            for message in page.get("messages", []):
                if ((message.get("metadata") or {}).get("event_payload") or {}).get("key") == key:
                    return Ref(channel, str(message["ts"]))
            cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return None

    async def people(self, to: Destination) -> AsyncIterator[Profile]:
        client, cursor = self.client(to.token), ""
        while True:
            page = await _asked(
                lambda cursor=cursor: client.users_list(  # type: ignore[misc]
                    limit=PAGE, cursor=cursor or None, include_locale=True
                )
            )
            for member in page.get("members", []):
                if not (member.get("is_bot") or member.get("is_restricted") or member.get("id") == "USLACKBOT"):
                    yield profile(member)
            cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return


def profile(member: dict[str, Any]) -> Profile:
    about = member.get("profile") or {}
    return Profile(
        str(member["id"]), str(about.get("real_name") or member.get("real_name") or ""), str(about.get("email") or ""),
        str(member.get("tz") or ""), str(member.get("locale") or ""), not member.get("deleted"),
    )  # fmt: skip


def _drawn(message: Message, person: str, locale: str) -> dict[str, Any]:
    with _drawing(locale):
        return {"text": message_text(message), "blocks": message_blocks(message, person)}


@contextmanager
def _drawing(locale: str) -> Iterator[None]:
    """What cannot be drawn never can be: nothing of it was sent."""
    try:
        with texts.reader(locale):
            yield
    except (LookupError, TypeError, ValueError) as error:
        logger.error("message.undrawable", error_type=type(error).__name__, exc_info=error)
        raise Undeliverable("undrawable") from error


async def _repeatable(call: Callable[[], Awaitable[Any]]) -> dict[str, Any]:
    """What may be done twice needs no care once Slack has answered, whatever became of it."""
    try:
        return await _asked(call)
    except Unanswered as error:
        if isinstance(error.__cause__, SlackApiError):
            raise Unavailable(str(error)) from error
        raise


def _check_response(answer: aiohttp.ClientResponse, body: str) -> None:
    """A response URL says "ok", or in JSON what it minds."""
    if answer.status == 429:
        raise Throttled(_seconds(answer.headers), "response_url")
    if answer.status >= 500:
        raise Unavailable("response_url")
    try:
        told = json.loads(body)
    except ValueError:
        told = None
    minded = isinstance(told, dict) and told.get("ok") is False
    if answer.status >= 400 or minded:
        raise Undeliverable(str(told.get("error") or "response_url") if isinstance(told, dict) else "response_url")


async def _asked(call: Callable[[], Awaitable[Any]]) -> dict[str, Any]:
    found: dict[str, Any] = (await _answered(call)).data
    return found


async def _answered(call: Callable[[], Awaitable[Any]]) -> Any:
    """Slack's answer; what went wrong is sorted by what is known of the message's fate."""
    try:
        return await call()
    except SlackApiError as error:
        raise _meaning(error) from error
    except aiohttp.ClientConnectorError as error:
        raise Unavailable("no_connection") from error
    except (TimeoutError, aiohttp.ClientError, json.JSONDecodeError) as error:
        raise Unanswered(type(error).__name__) from error
    except AttributeError as error:
        # The library takes every answer for an object and stumbles over a text or a list.
        raise Unanswered(NOT_SLACK) from error


def _meaning(error: SlackApiError) -> Exception:
    response = error.response
    # A body that is no JSON comes as the bare response of the HTTP library, as its text, or as nothing.
    status = getattr(response, "status_code", 0) or getattr(response, "status", 0)
    data = getattr(response, "data", None)
    code = str(data["error"]) if isinstance(data, dict) and data.get("error") else NOT_SLACK
    if status == 429:
        return Throttled(_seconds(response.headers), str(getattr(response, "api_url", "")).rsplit("/", 1)[-1])
    if status >= 500 or code in UNKNOWN:
        return Unanswered(code)
    return Unavailable(code) if code in PASSING else Undeliverable(code)


def _seconds(headers: Any) -> float:
    """Retry-After as told, at least a second; half a minute where it is missing or no number."""
    try:
        told = float(headers.get("Retry-After") or headers.get("retry-after") or USUAL_PAUSE)
    except ValueError:
        return USUAL_PAUSE
    return min(LONGEST_PAUSE, max(1.0, told)) if math.isfinite(told) else USUAL_PAUSE
