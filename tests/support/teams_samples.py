"""Cards to send, and a bot of a few lines on Teams: it checks tokens and answers what a test tells it to."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import jwt
from aiohttp import web

from desk import company
from desk.desk import Desk
from desk.teams.issuer import ISSUER, SCOPE
from desk.teams.values import CARD

RUTH = company.person("Ruth Avery")
LINUS = company.person("Linus Holm")
DOLORES = company.person("Dolores Vega")


def text(words: str, **more: Any) -> dict[str, Any]:
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": words, **more}]}


def heading(words: str) -> dict[str, Any]:
    return {"type": "TextBlock", "text": words, "style": "heading", "size": "Large", "weight": "Bolder", "wrap": True}


def error(words: str) -> dict[str, Any]:
    return {"type": "TextBlock", "text": words, "color": "Attention", "wrap": True}


def pressed(phrase: str, *ids: str) -> dict[str, Any]:
    return {"rapport": {"press": ["person", phrase, list(ids)]}}


def button(label: str = "Done", data: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {"type": "Action.Submit", "title": label, "data": data or pressed(label.lower()), **more}


def opening(label: str = "Check in", phrase: str = "checkin", *ids: str) -> dict[str, Any]:
    return button(label, pressed(phrase, *ids) | {"msteams": {"type": "task/fetch"}}, associatedInputs="none")


def sending(label: str = "Send", act: str = "submit", **more: Any) -> dict[str, Any]:
    return button(label, {"rapport": {"form": "token", "act": act}}, **more)


def asking(label: str, real: dict[str, Any], sentence: str) -> dict[str, Any]:
    card = {"type": "AdaptiveCard", "version": "1.5", "body": [text(sentence)], "actions": [real]}
    return {"type": "Action.ShowCard", "title": label, "card": card}


def question(key: str = "progress", label: str = "What did you do?", **more: Any) -> dict[str, Any]:
    return {"type": "Input.Text", "id": key, "label": label, **more}


def lookup(key: str = "to", label: str = "To whom?", **more: Any) -> dict[str, Any]:
    query = {"type": "Data.Query", "dataset": json.dumps(["token", key])}
    return {
        "type": "Input.ChoiceSet", "id": key, "label": label, "style": "filtered", "choices": [], "choices.data": query,
        **more,
    }  # fmt: skip


def card(*body: dict[str, Any], actions: tuple[dict[str, Any], ...] = (), **more: Any) -> dict[str, Any]:
    return {"type": "AdaptiveCard", "version": "1.5", "body": list(body), "actions": list(actions), **more}


def attached(content: dict[str, Any]) -> dict[str, Any]:
    return {"contentType": CARD, "content": content}


def dialog(content: dict[str, Any], title: str = "Check-in") -> dict[str, Any]:
    return {"task": {"type": "continue", "value": {"title": title, "width": "medium", "card": attached(content)}}}


Answer = Callable[[dict[str, Any]], Awaitable[Any]]


@dataclass
class Bot:
    """Answers 200 with nothing, or what `answer` says."""

    desk: Desk
    session: aiohttp.ClientSession
    heard: list[dict[str, Any]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    answer: Answer | None = None
    came: asyncio.Condition = field(default_factory=asyncio.Condition)
    _token: str = ""
    _keys: dict[str, Any] = field(default_factory=dict)

    @property
    def settings(self) -> dict[str, str]:
        return self.desk.teams.settings()

    async def handle(self, request: web.Request) -> web.Response:
        activity = json.loads(await request.read())
        try:
            await self.check(request.headers.get("Authorization", ""), activity)
        except (jwt.InvalidTokenError, KeyError) as wrong:
            self.refused.append(type(wrong).__name__)
            return web.Response(status=401)
        async with self.came:
            self.heard.append(activity)
            self.came.notify_all()
        answer = await self.answer(activity) if self.answer else None
        return answer if isinstance(answer, web.Response) else web.json_response(answer) if answer else web.Response()

    async def check(self, authorization: str, activity: dict[str, Any]) -> None:
        token = authorization.removeprefix("Bearer ")
        header = jwt.get_unverified_header(token)
        if header["kid"] not in self._keys:
            metadata = await self._get(self.settings["teams_openid"])
            published = (await self._get(metadata["jwks_uri"]))["keys"]
            self._keys = {each["kid"]: each for each in published if activity["channelId"] in each["endorsements"]}
        key = jwt.PyJWK(self._keys[header["kid"]], algorithm="RS256").key
        claims = jwt.decode(token, key, ["RS256"], audience=self.settings["teams_app_id"], issuer=ISSUER)
        assert claims["serviceurl"] == activity["serviceUrl"]

    async def _get(self, url: str) -> Any:
        async with self.session.get(url) as answer:
            return await answer.json()

    async def ask_token(self, **more: str) -> tuple[int, Any]:
        settings = self.settings
        form = {"grant_type": "client_credentials", "client_id": settings["teams_app_id"], "scope": SCOPE}
        form |= {"client_secret": settings["teams_app_password"], **more}
        url = f"{settings['teams_login']}{more.pop('tenant', settings['teams_tenants'])}/oauth2/v2.0/token"
        async with self.session.post(url, data=form) as answer:
            return answer.status, await answer.json()

    async def call(self, verb: str, path: str, body: Any = None, token: str | None = None) -> tuple[int, Any]:
        """The connector; `token` instead of the bot's own."""
        if not self._token:
            self._token = (await self.ask_token())[1]["access_token"]
        headers = {"Authorization": f"Bearer {self._token if token is None else token}"}
        url = f"{self.desk.teams.activities.service_url}{path}"
        async with self.session.request(verb, url, json=body, headers=headers) as answer:
            return answer.status, await answer.json()

    async def post(self, user: str, *cards: dict[str, Any], words: str = "") -> str:
        """Into the person's chat; its id."""
        body = {"type": "message", "text": words, "attachments": [attached(each) for each in cards]}
        status, answer = await self.call("POST", f"v3/conversations/{self.chat(user)}/activities", body)
        assert status == 201, answer
        return str(answer["id"])

    async def update(self, user: str, activity: str, content: dict[str, Any]) -> None:
        body = {"type": "message", "attachments": [attached(content)]}
        status, answer = await self.call("PUT", f"v3/conversations/{self.chat(user)}/activities/{activity}", body)
        assert status == 200, answer

    def chat(self, user: str) -> str:
        return self.desk.teams.tenant.person(user).conversation

    async def until(self, count: int) -> None:
        async with asyncio.timeout(5), self.came:
            await self.came.wait_for(lambda: len(self.heard) >= count)


@asynccontextmanager
async def beside(desk: Desk) -> AsyncIterator[Bot]:
    """A bot that the desk's Teams knows."""
    app = web.Application()
    async with aiohttp.ClientSession() as session:
        bot = Bot(desk, session)
        app.router.add_post("/api/messages", bot.handle)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        desk.delivery.sender.bot_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield bot
        await runner.cleanup()


def split_desk(**more: Any) -> Desk:
    """The company with some of it on Teams."""
    return Desk(workspace=company.workspace(teams=True), tenant=company.tenant(teams=True), **more)
