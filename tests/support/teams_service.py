"""Microsoft's side of Teams for the tests: an issuer with keys, a login and a connector, all on this machine."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import itertools
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

APP, PASSWORD, TENANT, OTHER_TENANT = "00000000-aaaa-bbbb-cccc-0000000000a1", "the app's secret", "home-1", "branch-2"
ISSUER = "https://api.botframework.com"
BOT = f"28:{APP}"


@functools.cache
def private_key(name: str) -> rsa.RSAPrivateKey:
    """Made once a run: that takes longer than a test."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def published(name: str, endorsements: tuple[str, ...] | None = ("msteams",)) -> dict[str, Any]:
    key: dict[str, Any] = json.loads(RSAAlgorithm.to_jwk(private_key(name).public_key()))
    return {**key, "kid": name, **({} if endorsements is None else {"endorsements": list(endorsements)})}


@dataclass
class Asked:
    method: str
    path: str
    token: str
    body: Any


@dataclass
class Teams:
    """`answers` are given instead of the usual ones, the first first; `lives` is how long a login's token does."""

    url: str = ""
    keys: list[dict[str, Any]] = field(default_factory=lambda: [published("k1")])
    answers: list[dict[str, Any]] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    logins: list[dict[str, str]] = field(default_factory=list)
    login_answers: list[dict[str, Any]] = field(default_factory=list)
    key_reads: int = 0
    members: dict[str, dict[str, Any]] = field(default_factory=dict)
    delay: float = 0.0
    lives: float = 3600
    numbers: Any = field(default_factory=itertools.count)

    @property
    def service(self) -> str:
        return f"{self.url}service/"

    @property
    def openid(self) -> str:
        return f"{self.url}login/v1/.well-known/openidconfiguration"

    def token(
        self, *, kid: str = "k1", signed_by: str = "", headers: dict[str, Any] | None = None, **claims: Any
    ) -> str:
        """As the service signs it; a claim that is None is left out."""
        now = datetime.now(UTC)
        usual = {
            "iss": ISSUER, "aud": APP, "serviceurl": self.service, "nbf": now - timedelta(minutes=1),
            "exp": now + timedelta(hours=1),
        }  # fmt: skip
        payload = {key: value for key, value in {**usual, **claims}.items() if value is not None}
        named = {key: value for key, value in {"kid": kid, **(headers or {})}.items() if value is not None}
        return jwt.encode(payload, private_key(signed_by or kid), "RS256", named)

    def activity(self, kind: str = "message", user: str = "ada", **more: Any) -> dict[str, Any]:
        return {
            "type": kind, "id": f"f:{next(self.numbers)}", "channelId": "msteams", "serviceUrl": self.service,
            "from": {"id": f"29:{user}", "name": user.title(), "aadObjectId": f"aad-{user}"},
            "recipient": {"id": BOT, "name": "Rapport"},
            "conversation": {"id": f"a:{user}", "conversationType": "personal", "tenantId": TENANT},
            "channelData": {"tenant": {"id": TENANT}}, **more,
        }  # fmt: skip

    def invoke(self, name: str, value: Any, user: str = "ada", **more: Any) -> dict[str, Any]:
        return self.activity("invoke", user, name=name, value=value, **more)

    @property
    def sent(self) -> list[Asked]:
        return [one for one in self.asked if one.method in ("POST", "PUT")]

    async def openid_configuration(self, request: web.Request) -> web.Response:
        return web.json_response({"issuer": ISSUER, "jwks_uri": f"{self.url}login/v1/keys"})

    async def jwks(self, request: web.Request) -> web.Response:
        self.key_reads += 1
        await asyncio.sleep(self.delay)
        return web.json_response({"keys": self.keys})

    async def login(self, request: web.Request) -> web.Response:
        form = {key: str(value) for key, value in (await request.post()).items()}
        self.logins.append({**form, "tenant": request.match_info["tenant"]})
        await asyncio.sleep(self.delay)
        if self.login_answers:
            return web.Response(**self.login_answers.pop(0))
        token = f"token-{len(self.logins)}"
        return web.json_response({"token_type": "Bearer", "expires_in": self.lives, "access_token": token})

    async def connector(self, request: web.Request) -> web.Response:
        body = json.loads(await request.read() or b"null")
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        path = request.path.removeprefix("/service/v3/")
        self.asked.append(Asked(request.method, path, token, body))
        if self.answers:
            return web.Response(**self.answers.pop(0))
        if request.method == "GET":
            return web.json_response(self.members.get(path.rpartition("/")[2], {}))
        if path == "conversations":
            return web.json_response({"id": f"a:{body['members'][0]['id'].removeprefix('29:')}"}, status=201)
        return web.json_response({"id": f"m{next(self.numbers)}"}, status=201)


def refusal(status: int, code: str = "", **headers: str) -> dict[str, Any]:
    body = json.dumps({"error": {"code": code or "Error", "message": "no"}}).encode()
    return {"status": status, "body": body, "content_type": "application/json", "headers": headers}


@contextlib.asynccontextmanager
async def running() -> AsyncIterator[Teams]:
    teams = Teams()
    app = web.Application()
    app.router.add_get("/login/v1/.well-known/openidconfiguration", teams.openid_configuration)
    app.router.add_get("/login/v1/keys", teams.jwks)
    app.router.add_post("/login/{tenant}/oauth2/v2.0/token", teams.login)
    app.router.add_route("*", "/service/v3/{path:.*}", teams.connector)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    teams.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    try:
        yield teams
    finally:
        await runner.cleanup()


def texts(card: Any) -> str:
    """Everything that is written on a card, in its order."""
    if isinstance(card, dict):
        own = [str(card[key]) for key in ("text", "title", "label", "value") if isinstance(card.get(key), str)]
        return "\n".join([*own, *filter(None, (texts(one) for one in card.values()))])
    return "\n".join(filter(None, (texts(one) for one in card))) if isinstance(card, list) else ""


def actions(card: Any) -> list[dict[str, Any]]:
    """Every button on a card that sends something, wherever it stands."""
    if isinstance(card, dict):
        own = [card] if card.get("type") == "Action.Submit" else []
        return own + [one for value in card.values() for one in actions(value)]
    return [one for value in card for one in actions(value)] if isinstance(card, list) else []
