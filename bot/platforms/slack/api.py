"""Out to Slack: the Platform that delivery uses, and the few calls that the edge makes itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot import log
from bot.engine.events import Trouble
from bot.messages import File, Message
from bot.platforms import Destination, Page, Ref, Unanswered, Unavailable
from bot.platforms.drawing import drawable
from bot.platforms.slack import files
from bot.platforms.slack.blocks import home_view, message_blocks, message_text
from bot.platforms.slack.calling import answered, asked, check_response, repeatable
from bot.platforms.slack.members import is_account, profile
from bot.platforms.slack.permissions import Granted

TIMEOUT = 10.0
EVENT = "rapport"
# A look-up begins this much before the first try. Clocks that differ by more could not even be talked to: the door
# turns away what is older than five minutes.
SLACK_BEHIND = timedelta(minutes=6)
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
        return await asked(lambda: self.client(token).auth_test())

    async def granted(self, token: str) -> Granted:
        answer = await answered(lambda: self.client(token).auth_test())
        told, date = answer.headers.get("x-oauth-scopes"), answer.headers.get("date")
        scopes = None if told is None else frozenset(one.strip() for one in told.split(",") if one.strip())
        return Granted(str(answer.data.get("team_id") or ""), scopes, parsedate_to_datetime(date) if date else None)

    async def socket_address(self, app_token: str) -> str:
        """Where to open a socket, once and soon."""
        return str((await asked(lambda: self.shared.apps_connections_open(app_token=app_token)))["url"])

    def forget(self, token: str) -> None:
        self._clients.pop(token, None)

    async def send(self, to: Destination, message: Message, key: str) -> Ref:
        client = self.client(to.token)
        drawn = _drawn(message, to.person, to.locale)
        found = await asked(
            lambda: client.chat_postMessage(
                channel=to.channel or to.user, unfurl_links=False, unfurl_media=False,
                metadata={"event_type": EVENT, "event_payload": {"key": key}}, **drawn,
            )
        )  # fmt: skip
        return Ref(str(found["channel"]), str(found["ts"]))

    async def edit(self, to: Destination, at: Ref, message: Message) -> None:
        client = self.client(to.token)
        drawn = _drawn(message, to.person, to.locale)
        await repeatable(lambda: client.chat_update(channel=at.channel, ts=at.message, **drawn))

    async def upload(self, to: Destination, file: File, key: str) -> str:
        assert self._session is not None
        return await files.upload(self.client(to.token), self._session, self._api, file)

    async def fetch(self, token: str, address: str) -> bytes | Trouble:
        """A file that was sent to the bot, or why it cannot be had."""
        assert self._session is not None
        return await files.fetch(self._session, self._api, address, token)

    async def share(self, to: Destination, at: Ref, ticket: str) -> None:
        await files.share(self.client(to.token), at, ticket)

    async def publish(self, to: Destination, message: Message) -> None:
        client = self.client(to.token)
        with drawable(to.locale, logger):
            view = home_view(message, to.person)
        await repeatable(lambda: client.views_publish(user_id=to.user, view=view))

    async def respond(self, to: Destination, message: Message) -> None:
        body = {"replace_original": True, "response_type": "ephemeral", **_drawn(message, to.person, to.locale)}
        assert self._session is not None
        try:
            async with self._session.post(to.respond, json=body) as answer:
                check_response(answer, await answer.text(errors="replace"))
        except aiohttp.ClientConnectorError as error:
            raise Unavailable("no_connection") from error
        except (TimeoutError, aiohttp.ClientError) as error:
            raise Unanswered(type(error).__name__) from error

    async def look_up(self, to: Destination, key: str, since: datetime) -> Ref | None:
        client = self.client(to.token)
        channel = to.channel
        if not channel:
            opened = await asked(lambda: client.conversations_open(users=[to.user]))
            channel = str(opened["channel"]["id"])
        cursor = ""
        while True:
            page = await asked(
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

    async def people(self, to: Destination, cursor: str = "") -> Page:
        client = self.client(to.token)
        page = await asked(lambda: client.users_list(limit=PAGE, cursor=cursor or None, include_locale=True))
        following = str((page.get("response_metadata") or {}).get("next_cursor") or "")
        return Page(tuple(profile(one, to.workspace) for one in page.get("members", []) if is_account(one)), following)


def _drawn(message: Message, person: str, locale: str) -> dict[str, Any]:
    with drawable(locale, logger):
        return {"text": message_text(message), "blocks": message_blocks(message, person)}
