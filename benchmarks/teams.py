"""Teams: a check-in sent from a dialog, to the 200 that says it is stored; and messages that nobody asked for."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
import warnings
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import aiohttp
import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm
from sqlalchemy import func, select, update

from benchmarks import asked, company
from benchmarks.children import ROOT, Child
from benchmarks.figures import Run, both, spread, table
from benchmarks.places import Place, migrated, settings
from benchmarks.teams_side import APP, ISSUER, KEY, TENANT
from bot.app import App, build, open_database
from bot.engine.events import Opened, Origin, Shown, Submitted
from bot.engine.profiles import Who
from bot.forms import Choice
from bot.messages import Button, Message
from bot.platforms import Destination
from bot.platforms.teams.connector import TeamsPlatform
from bot.platforms.teams.drawing import form_card
from bot.platforms.teams.services import Services
from bot.storage.checkin import CheckInVersion
from bot.storage.people import Address
from bot.storage.workspaces import Workspace

AIM, AIM_SENDING, AIM_STOCK = 0.6, 0.3, 5
FILLED, SERVICE = "teams", "http://127.0.0.1:1/service/"
IN_FLIGHT = 16
PROMPT = Message("Your check-in is open", ("Until Friday at four.",), buttons=(Button("Check in", "checkin", "id"),))
HEAD = ("connections", "requests/s", "ratio", "p50 ms", "p99 ms", "cpu ms")
HEAD_SENDING = ("messages/s", "of bare", "times stock")


@dataclass(frozen=True)
class Size:
    """Submissions a round by number of connections, and messages sent."""

    connections: dict[int, int]
    sends: int
    stock: int


FULL = Size({1: 200, 32: 600}, 1500, 150)
QUICK = Size({1: 20, 32: 64}, 50, 10)


def report(places: list[Place], rounds: int, size: Size) -> Iterator[str]:
    yield "teams: a signed task/submit, stored and answered with 200; bare / product"
    rows = []
    for place in places:
        with ExitStack() as stack:
            bare, product = _sides(place, max(size.connections.values()), stack)
            for connections, count in size.connections.items():
                pairs = [(bare.run(connections, count), product.run(connections, count)) for _ in range(rounds)]
                rows.append((f"{place.name}, {connections}", *_figures(pairs)))
    yield table(HEAD, rows)
    yield f"bare: RS256, JSON and the product's own statements, nothing else. Aim: a ratio of {AIM} or more."
    yield from _sending(rounds, size)


def _figures(pairs: list[tuple[Run, Run]]) -> tuple[str, ...]:
    ratio = spread([product.rate / bare.rate for bare, product in pairs])
    half, slow = both(pairs, lambda run: run.percentile(50)), both(pairs, lambda run: run.percentile(99))
    return both(pairs, lambda run: run.rate, 0), ratio, half, slow, both(pairs, lambda run: run.cpu_each, 2)


class Side:
    """One of the two servers; its database is new in every round."""

    def __init__(self, place: Place, name: str, bodies: Path, stack: ExitStack) -> None:
        self._place, self._name, self._bodies = place, name, bodies
        given = {"side": name, "bodies": str(bodies), "jwk": _jwk(), "token": _token()}
        for what, database in (("settings", name), ("scratch", f"{name}_scratch")):
            given[what] = settings(place, place.copy(FILLED, f"teams_{database}")).model_dump(mode="json")
        self.child = stack.enter_context(Child("teams_side", **given))

    def run(self, connections: int, count: int) -> Run:
        before = self.child.ask()
        url = self._place.copy(FILLED, f"teams_{self._name}")
        given = {
            "url": self.child.ready["url"], "token": _token(), "bodies": str(self._bodies), "count": count,
            "connections": connections,
        }  # fmt: skip
        answered = _loaded(given)
        after = self.child.ask()
        if answered["refused"] or _stored(self._place, url) != count:
            raise RuntimeError(f"not everything was stored by {self._name}: {answered['refused']}")
        return Run(count, answered["seconds"], answered["took"], after["cpu"] - before["cpu"])


def _sides(place: Place, people: int, stack: ExitStack) -> tuple[Side, Side]:
    """Both warm: each has answered everybody once."""
    bodies = _fill(place, people)
    bare, product = Side(place, "bare", bodies, stack), Side(place, "product", bodies, stack)
    for side in (bare, product):
        side.run(min(32, people), people)
    return bare, product


def _fill(place: Place, people: int) -> Path:
    url = migrated(place, FILLED)
    database = open_database(settings(place, url), "OFF")
    staff = company.found(database, people)
    asks = asked.ask(database, staff)
    with database.transaction() as db:
        db.execute(update(Workspace).values(platform="teams", external_id=TENANT))
        db.execute(update(Address).values(platform="teams", service=SERVICE))
    app = build(settings(place, url), synchronous="OFF")
    bodies = []
    for one in staff.people:
        shown = _last_page(app, one, str(asks[one.id]))
        bodies.append(json.dumps(_activity(one, {**_button(shown), **asked.WORDS})))
    for database_ in (database, app.database):
        database_.dispose()
    app.pool.shutdown()
    path = place.folder / "activities.json"
    path.write_text(json.dumps(bodies), "utf-8")
    return path


def _last_page(app: App, one: company.Employee, ask: str) -> Shown:
    """Last time's plan stands on a page before it, which is sent first and kept as a draft."""
    who = Who("teams", TENANT, one.user)
    shown = app.engine.handle(Opened(who, f"teams:{ask}:0", "checkin", (ask,), Origin("message"), str(one.id)))
    assert isinstance(shown, Shown)
    done = {field.key: "done" for field in shown.form.pages[0] if isinstance(field, Choice)}
    shown = app.engine.handle(Submitted(who, f"teams:{ask}:1", shown.token, done))
    assert isinstance(shown, Shown)
    return shown


def _button(shown: Shown) -> dict[str, Any]:
    """What stands behind the button that sends the form."""

    def within(drawn: Any) -> Iterator[dict[str, Any]]:
        if isinstance(drawn, dict) and drawn.get("type") == "Action.Submit":
            yield drawn["data"]
        for one in drawn.values() if isinstance(drawn, dict) else drawn if isinstance(drawn, list) else ():
            yield from within(one)

    return next(data for data in within(form_card(shown)) if data["rapport"].get("act") == "submit")


def _activity(one: company.Employee, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "invoke", "name": "task/submit", "id": f"f:{one.user}", "channelId": "msteams", "serviceUrl": SERVICE,
        "timestamp": "2026-11-26T12:00:00Z", "locale": "en-GB", "localTimezone": "Europe/Lisbon",
        "from": {"id": f"29:{one.user}", "name": one.user, "aadObjectId": one.user},
        "recipient": {"id": f"28:{APP}", "name": "Rapport"},
        "conversation": {"id": f"a:{one.user}", "conversationType": "personal", "tenantId": TENANT},
        "channelData": {"tenant": {"id": TENANT}}, "value": {"data": data, "context": {"theme": "default"}},
    }  # fmt: skip


@cache
def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _jwk() -> dict[str, Any]:
    public: dict[str, Any] = json.loads(RSAAlgorithm.to_jwk(_key().public_key()))
    return {**public, "kid": KEY, "endorsements": ["msteams"]}


@cache
def _token() -> str:
    now = int(time.time())
    claims = {"iss": ISSUER, "aud": APP, "serviceurl": SERVICE, "nbf": now - 60, "exp": now + 86_400}
    return jwt.encode(claims, _key(), "RS256", {"kid": KEY})


def _loaded(given: dict[str, Any]) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.teams_load"]
    ended = subprocess.run(command, cwd=ROOT, input=json.dumps(given), stdout=subprocess.PIPE, text=True, check=True)
    answered: dict[str, Any] = json.loads(ended.stdout)
    return answered


def _stored(place: Place, url: str) -> int:
    database = open_database(settings(place, url))
    with database.transaction() as db:
        found = db.scalar(select(func.count()).where(CheckInVersion.version == 1)) or 0
        people = db.scalar(select(func.count(CheckInVersion.author_id.distinct()))) or 0
    database.dispose()
    return found - people


def _sending(rounds: int, size: Size) -> Iterator[str]:
    yield "teams: messages to stored conversations, 16 at a time; bare / product / stock"
    with ExitStack() as stack:
        service = stack.enter_context(Child("stub")).ready["url"].removesuffix("api/")
        found = [asyncio.run(_round(service, size)) for _ in range(rounds)]
    rates = " / ".join(f"{sorted(one[at] for one in found)[len(found) // 2]:.0f}" for at in range(3))
    row = (rates, spread([ours / bare for bare, ours, _ in found]), spread([ours / stock for _, ours, stock in found]))
    yield table(HEAD_SENDING, [row])
    yield f"bare: an aiohttp loop. Aim: {AIM_SENDING} of it or more, and {AIM_STOCK} times stock or more."


async def _round(service: str, size: Size) -> tuple[float, float, float]:
    return await _bare(service, size.sends), await _ours(service, size.sends), await _stock(service, size.stock)


async def _rate(count: int, one: Callable[[int], Awaitable[object]]) -> float:
    numbers = iter(range(count))

    async def line() -> None:
        for at in numbers:
            await one(at)

    begun = time.perf_counter()
    await asyncio.gather(*(line() for _ in range(IN_FLIGHT)))
    return count / (time.perf_counter() - begun)


async def _bare(service: str, count: int) -> float:
    activity = {"type": "message", "summary": PROMPT.title, "attachments": []}
    async with aiohttp.ClientSession(headers={"Authorization": "Bearer token"}) as session:

        async def one(at: int) -> None:
            async with session.post(f"{service}v3/conversations/a:{at}/activities", json=activity) as answer:
                await answer.json()

        return await _rate(count, one)


async def _ours(service: str, count: int) -> float:
    """With drawing and pacing, and without a login, as stock has none here."""
    platform = TeamsPlatform(APP, "", TENANT, "", Services(local=True), frozenset({"checkin"}))
    await platform.start()
    rate = await _rate(
        count, lambda at: platform.send(Destination(TENANT, "", channel=f"a:{at}", service=service), PROMPT, "")
    )
    await platform.stop()
    return rate


async def _stock(service: str, count: int) -> float:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from botbuilder.integration.aiohttp import CloudAdapter, ConfigurationBotFrameworkAuthentication
        from botbuilder.schema import Activity, ChannelAccount, ConversationAccount, ConversationReference

        class Configuration:
            APP_ID, APP_PASSWORD, APP_TYPE, APP_TENANTID = "", "", "MultiTenant", ""

        adapter = CloudAdapter(ConfigurationBotFrameworkAuthentication(Configuration()))

        async def told(turn: Any) -> None:
            await turn.send_activity(Activity(type="message", text=PROMPT.title))

        async def one(at: int) -> None:
            reference = ConversationReference(
                service_url=service.rstrip("/"), channel_id="msteams", bot=ChannelAccount(id="28:a"),
                user=ChannelAccount(id="29:u"), conversation=ConversationAccount(id=f"a:{at}"),
            )  # fmt: skip
            await adapter.continue_conversation(reference, told, "")

        return await _rate(count, one)
