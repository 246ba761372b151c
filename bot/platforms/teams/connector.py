"""Out to Teams: the Platform that delivery uses, over the connector's REST interface."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

import aiohttp

from bot.engine.events import Trouble
from bot.messages import File, Message
from bot.platforms import Destination, Page, Ref, Throttled, Unavailable, Undeliverable
from bot.platforms.teams import files
from bot.platforms.teams.calling import TokenRefused, answered
from bot.platforms.teams.credentials import Credentials
from bot.platforms.teams.drawing import message_activity
from bot.platforms.teams.pacing import Conversations
from bot.platforms.teams.services import Services

TIMEOUT = 10.0
# Nothing that is asked for is near this.
LARGEST_ANSWER = 1024 * 1024

Json = dict[str, Any]


class TeamsPlatform:
    """One session for everything sent; the outbox retries, nothing here does but once for a token that has ended.
    `opens` are the phrases whose buttons open a dialog; `login` is "" where authentication is off; `paced` False writes
    to one conversation as fast as it can.
    """

    name = "teams"

    def __init__(
        self, app_id: str, password: str, tenant: str, login: str, services: Services, opens: frozenset[str],
        *, paced: bool = True,
    ) -> None:  # fmt: skip
        self.opens = opens
        self.services = services
        self._app_id = app_id
        self._session: aiohttp.ClientSession | None = None
        self._credentials = Credentials(login, tenant, app_id, password, self._log_in) if login else None
        self._conversations = Conversations(paced=paced)

    async def start(self) -> None:
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT))

    async def stop(self) -> None:
        if self._credentials is not None:
            await self._credentials.stop()
        if self._session is not None:
            await self._session.close()

    @property
    def session(self) -> aiohttp.ClientSession:
        assert self._session is not None
        return self._session

    async def check(self) -> None:
        """Raises what went wrong if Microsoft gives no token for the app's id and password."""
        if self._credentials is not None:
            await self._credentials.granted()

    async def read(self, url: str) -> Json:
        """A public JSON object, such as Microsoft's keys."""
        async with self.session.get(url, allow_redirects=False) as answer:
            answer.raise_for_status()
            if (answer.content_length or 0) > LARGEST_ANSWER:
                raise ValueError("too large")
            found = json.loads(await answer.read())
        if not isinstance(found, dict):
            raise ValueError("not an object")
        return found

    async def send(self, to: Destination, message: Message, key: str) -> Ref:
        activity = message_activity(message, to.person, to.locale, self.opens)
        conversation = to.channel or await self._conversation(to)
        return Ref(conversation, await self.post(to.service, conversation, activity))

    async def post(self, service: str, conversation: str, activity: Json) -> str:
        """The new activity's id."""
        found = await self._written("POST", service, conversation, "", activity)
        # Also without an id it has arrived: better not to be edited than to be sent again.
        return str(found.get("id") or "")

    async def edit(self, to: Destination, at: Ref, message: Message) -> None:
        await self.put(to.service, at, message_activity(message, to.person, to.locale, self.opens))

    async def put(self, service: str, at: Ref, activity: Json) -> None:
        body = {**activity, "id": at.message}
        await self._written("PUT", service, at.channel, f"/{_piece(at.message)}", body, repeatable=True)

    async def upload(self, to: Destination, file: File, key: str) -> str | Ref:
        if to.respond:
            await files.bring(self.session, self.services, to.respond, file.content)
            return to.respond
        conversation = to.channel or await self._conversation(to)
        asked = files.asking(file, key, to.person, to.locale)
        return Ref(conversation, await self.post(to.service, conversation, asked))

    async def fetch(self, address: object) -> bytes | Trouble:
        """A file that was sent to the bot, or why it cannot be had."""
        return await files.fetch(self.session, self.services, address)

    async def share(self, to: Destination, at: Ref, ticket: str) -> None:
        await self.put(to.service, at, files.showing(ticket))

    async def publish(self, to: Destination, message: Message) -> None:
        """There is no home to draw: it is typed for."""

    async def respond(self, to: Destination, message: Message) -> None:
        """There are no messages that only the presser sees, so nobody was given such an address."""
        raise Undeliverable("no_response_address")

    async def look_up(self, to: Destination, key: str, since: datetime) -> Ref | None:
        """None: a bot cannot read its own messages, and the connector knows no keys. So what is in doubt is sent again:
        a prompt that comes twice is better than one that never came, and both open the same ask.
        """
        return None

    async def people(self, to: Destination, cursor: str = "") -> Page:
        """Nobody: without the directory's permissions, accounts are learned from what they send."""
        return Page()

    async def member(self, service: str, conversation: str, account: str) -> Json:
        """What the conversation's roster says of one account: name, e-mail and the directory's names."""
        path = f"conversations/{_piece(conversation)}/members/{_piece(account)}"
        return await self._asked("GET", service, path, repeatable=True)

    async def _conversation(self, to: Destination) -> str:
        """The person's own chat with the bot; asking twice gives the same."""
        if not to.account:
            raise Undeliverable("no_account")
        body = {
            "isGroup": False, "bot": {"id": f"28:{self._app_id}"}, "members": [{"id": to.account}],
            "tenantId": to.workspace, "channelData": {"tenant": {"id": to.workspace}},
        }  # fmt: skip
        found = await self._asked("POST", to.service, "conversations", body)
        if not isinstance(found.get("id"), str) or not found["id"]:
            raise Unavailable("no_conversation")
        return str(found["id"])

    async def _written(
        self, method: str, service: str, conversation: str, at: str, body: Json, *, repeatable: bool = False
    ) -> Json:
        await self._conversations.turn(conversation)
        path = f"conversations/{_piece(conversation)}/activities{at}"
        try:
            return await self._asked(method, service, path, body, repeatable=repeatable)
        except Throttled as error:
            raise self._conversations.told_to_wait(conversation, error.seconds) from error

    async def _asked(
        self, method: str, service: str, path: str, body: Json | None = None, *, repeatable: bool = False
    ) -> Json:
        try:
            url = f"{self.services.base(service)}v3/{path}"
        except ValueError as error:
            raise Undeliverable("service_not_allowed") from error
        more: dict[str, Any] = {"repeatable": repeatable}
        if body is not None:
            more["data"] = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        token = await self._credentials.token() if self._credentials else ""
        try:
            return await answered(self.session, method, url, headers=_headers(token), **more)
        except TokenRefused:
            if self._credentials is None:
                raise
            # The password may have been changed meanwhile: once more with a new one.
            self._credentials.forget(token)
            token = await self._credentials.token()
            return await answered(self.session, method, url, headers=_headers(token), **more)

    async def _log_in(self, url: str, form: Mapping[str, str]) -> Json:
        return await answered(self.session, "POST", url, data=dict(form), repeatable=True)


def _headers(token: str) -> dict[str, str]:
    named = {"Content-Type": "application/json"}
    return {**named, "Authorization": f"Bearer {token}"} if token else named


def _piece(given: str) -> str:
    """One piece of an address, whatever signs an id has."""
    return quote(given, safe="")
