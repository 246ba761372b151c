"""What strangers, broken clients and bad days send to Slack's door, through the real server."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import importlib
import io
import json
import logging
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import aiohttp
import pytest
import sqlalchemy as sa
import structlog
import world as worlds
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import bot.handlers
from bot import app as house
from bot import log
from bot.platforms.slack.door import LARGEST
from bot.storage.checkin import CheckInVersion
from desk import payloads
from desk.sending import FORM, sign

JSON = "application/json"
MEGABYTE = 1024 * 1024
WEEK = {"progress": "Shipped search", "next": "Write the guide"}
one_database = pytest.mark.parametrize("database_kind", ["sqlite"])


def signed(
    body: bytes, *, secret: str = worlds.SECRET, age: int = 0, content_type: str = FORM, **more: str
) -> dict[str, str]:
    stamp = str(int(time.time()) - age)
    made = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": sign(secret, stamp, body)}
    return {"Content-Type": content_type, **made, **more}


class Client:
    """Sends anything to the bot's door."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self.session, self.url = session, url
        self.answers: list[str] = []

    async def send(self, body: Any, headers: Mapping[str, str], method: str = "POST") -> int:
        # As a file, since the client warns of long bytes.
        data = io.BytesIO(body) if isinstance(body, bytes) else body
        async with self.session.request(method, f"{self.url}/slack/events", data=data, headers=headers) as answer:
            self.answers.append(await answer.text())
            return answer.status

    async def signed(self, body: bytes, content_type: str = FORM) -> int:
        return await self.send(body, signed(body, content_type=content_type))

    async def payload(self, payload: Any) -> int:
        return await self.signed(urlencode({"payload": json.dumps(payload)}).encode())

    async def get(self, path: str) -> tuple[int, str]:
        async with self.session.get(f"{self.url}{path}") as answer:
            return answer.status, await answer.text()


@pytest.fixture
async def client(world: worlds.World) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession() as session:
        yield Client(session, world.desk.delivery.sender.bot_url)


def counts(world: worlds.World) -> dict[str, int]:
    tables = sa.inspect(world.app.database.engine).get_table_names()
    with world.look() as db:
        return {name: db.scalar(sa.text(f"SELECT count(*) FROM {name}")) or 0 for name in tables}


@one_database
async def test_whatever_is_not_signed_by_slack_is_turned_away(world: worlds.World, client: Client) -> None:
    body = b"command=%2Freview&text=help"
    good = signed(body)
    stamp, signature = "X-Slack-Request-Timestamp", "X-Slack-Signature"
    before = counts(world)
    cases = {
        "unsigned": {},
        "no time": {signature: good[signature]},
        "no signature": {stamp: good[stamp]},
        "another secret": signed(body, secret="somebody else's signing secret"),
        "another body": signed(b"command=%2Freview&text=other"),
        "too old": signed(body, age=301),
        "from the future": signed(body, age=-302),
        "signature not ASCII": {**good, signature: "v0=" + "é" * 64},
        "signature with full-width digits": {**good, signature: "v0=" + "\uff11" * 64},
        "signature of another version": {**good, signature: good[signature].replace("v0", "v1")},
        "signature in capitals": {**good, signature: good[signature].upper()},
        "empty signature": {**good, signature: ""},
        "cut signature": {**good, signature: good[signature][:-1]},
        "empty time": {**good, stamp: ""},
        "time with 400 digits": {**good, stamp: "1" * 400},
        "time in letters": {**good, stamp: "abc"},
        "negative time": {**good, stamp: f"-{good[stamp]}"},
        "time with a fraction": {**good, stamp: f"{good[stamp]}.0"},
    }
    got = {name: await client.send(body, headers) for name, headers in cases.items()}
    assert got == dict.fromkeys(cases, 401)
    assert await client.send(body, signed(body, secret="")) == 401
    assert counts(world) == before
    assert set(client.answers) == {""}


@one_database
async def test_the_window_is_five_minutes_both_ways(client: Client) -> None:
    body = b'{"type": "url_verification", "challenge": "c0ffee"}'
    got = {age: await client.send(body, signed(body, age=age, content_type=JSON)) for age in (290, -290, 310, -310)}
    assert got == {290: 200, -290: 200, 310: 401, -310: 401}


async def test_both_secrets_open_while_one_replaces_the_other(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'empty.db'}"
    secrets = ("the new signing secret of the app", "the old signing secret of the app")
    app = house.build(worlds.settings(tmp_path, url, slack_signing_secret=",".join(secrets)), synchronous="OFF")
    body = b'{"type": "url_verification", "challenge": "c0ffee"}'
    async with house.answering(app) as address, aiohttp.ClientSession() as session:
        door = Client(session, address)
        got = {s: await door.send(body, signed(body, secret=s, content_type=JSON)) for s in (*secrets, worlds.SECRET)}
    assert list(got.values()) == [200, 200, 401]
    assert json.loads(door.answers[0]) == {"challenge": "c0ffee"}


async def pieces(size: int) -> AsyncIterator[bytes]:
    for _ in range(size // 65536 + 1):
        yield b"a" * 65536


@one_database
async def test_what_is_too_large_is_not_read(world: worlds.World, client: Client) -> None:
    large = b"a" * (LARGEST + 1)
    assert LARGEST == MEGABYTE
    assert await client.send(large, {}) == 413
    assert await client.send(large, signed(large)) == 413
    assert await client.send(pieces(2 * MEGABYTE), {}) == 413
    assert await client.send(b"a" * LARGEST, {}) == 401
    bomb = gzip.compress(b"a" * 64 * MEGABYTE)
    assert await client.send(bomb, {"Content-Encoding": "gzip"}) in (401, 413)
    assert await client.send(b"\x1f\x8b no gzip", {"Content-Encoding": "gzip"}) in (400, 401)
    assert world.app.edge.door.refused["too_large"] >= 3


async def drop_by_drop() -> AsyncIterator[bytes]:
    while True:
        yield b"SECRET"
        await asyncio.sleep(0.02)


@one_database
async def test_a_body_that_does_not_come_to_an_end_is_not_waited_for(
    real_logs: None, world: worlds.World, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    world.app.edge.body_seconds = 0.2
    before = counts(world)
    slow = [client.send(drop_by_drop(), signed(b"SECRET")) for _ in range(20)]
    *refused, word = await asyncio.gather(*slow, world.desk.delivery.command(world.user("ada"), "/review"))
    assert refused == [408] * 20
    assert word.status == 200
    assert world.app.edge.door.refused["too_slow"] == 20
    assert {name for name, count in counts(world).items() if count != before[name]} <= {"receipt"}
    _, figures = await client.get("/metrics")
    assert 'rapport_requests_refused{reason="too_slow"} 20.0' in figures
    assert "SECRET" not in "".join(capsys.readouterr())


async def test_headers_that_do_not_come_to_an_end_are_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house, "HEADERS_SECONDS", 0.3)
    app = house.build(worlds.settings(tmp_path, f"sqlite:///{tmp_path / 'empty.db'}"))
    async with house.answering(app) as address:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(address.rpartition(":")[2]))
        writer.write(b"POST /slack/events HTTP/1.1\r\nHost: x\r\n")
        async with asyncio.timeout(10):
            with contextlib.suppress(ConnectionError):
                for drop in range(500):
                    writer.write(b"X-Drop: 1\r\n" if drop < 40 else b"X")
                    await writer.drain()
                    if reader.at_eof():
                        break
                    await asyncio.sleep(0.02)
            # What was written to a closed one is answered with an error, or with its end.
            with contextlib.suppress(ConnectionError):
                assert await reader.read() == b""
        writer.close()


@one_database
async def test_other_methods_are_not_answered(client: Client) -> None:
    assert {method: await client.send(b"", {}, method) for method in ("GET", "PUT", "DELETE")} == {
        "GET": 405, "PUT": 405, "DELETE": 405,
    }  # fmt: skip


BROKEN = {
    "no JSON": (b"{", JSON),
    "a list": (b"[1]", JSON),
    "a number": (b"7", JSON),
    "nothing": (b"", JSON),
    "invalid UTF-8": (b'{"a": "\xff"}', JSON),
    "nested": (b"[" * 100_000 + b"]" * 100_000, JSON),
    "nested objects": (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, JSON),
    "no form": (b"hello", FORM),
    "an empty form": (b"", FORM),
    "invalid UTF-8 in a form": (b"command=\xff&text=", FORM),
    "invalid UTF-8 written with percent signs": (
        b"team_id=T0DESK&user_id=U1&trigger_id=1&command=%2Freview&text=%FF",
        FORM,
    ),
    "a payload that is no JSON": (b"payload=%7B", FORM),
    "a payload that is a list": (b"payload=%5B1%5D", FORM),
    "a nested payload": (b"payload=" + b"%5B" * 50_000, FORM),
    "no content type": (b"\x00\x01", "application/octet-stream"),
    "an upload": (b"--x--", "multipart/form-data; boundary=x"),
}


@one_database
async def test_a_broken_body_is_a_bad_request_only_when_slack_has_signed_it(
    world: worlds.World, client: Client
) -> None:
    before = counts(world)
    unsigned = {name: await client.send(body, {"Content-Type": kind}) for name, (body, kind) in BROKEN.items()}
    assert unsigned == dict.fromkeys(BROKEN, 401)
    accepted = {name: await client.signed(body, kind) for name, (body, kind) in BROKEN.items()}
    assert accepted == dict.fromkeys(BROKEN, 400)
    assert counts(world) == before
    assert world.app.edge.door.refused["malformed"] == len(BROKEN)


@one_database
async def test_slacks_own_checks_are_answered(client: Client) -> None:
    assert await client.signed(b'{"type": "url_verification", "challenge": "3eZb"}', JSON) == 200
    assert json.loads(client.answers[-1]) == {"challenge": "3eZb"}
    assert await client.signed(b'{"type": "url_verification", "challenge": "3eZb"}', f"{JSON}; charset=utf-8") == 200
    assert await client.signed(b"ssl_check=1&token=x") == 200
    assert await client.send(b"ssl_check=1&token=x", {}) == 401


@one_database
async def test_the_word_payload_is_a_word_like_any_other(world: worlds.World, client: Client) -> None:
    """The framework itself takes a form with this word in it for one that has a field of that name."""
    await world.command("ada", "/review", "payload")
    assert world.exchanges[-1].status == 200
    assert "I did not understand that" in world.exchanges[-1].response_body.decode()


async def true_payloads(world: worlds.World) -> dict[str, Any]:
    """One of each kind that comes in, as the desk sends them."""
    await world.at("2026-11-26 10:00")
    await world.press("ada", "Later today")
    await world.press("ada", "Check in")
    view = world.view("ada")
    await world.submit("ada", progress="", next="")
    await world.command("ada", "/review", "help")
    await world.say("ada", "hello")
    await world.home("ada")
    ada = world.user("ada")
    space = world.desk.workspace
    made: dict[str, Any] = {
        "suggestion": payloads.suggestion(space, ada, view, "credit", "people", "li"),
        "closed": payloads.view_closed(space, view, cleared=True),
    }
    for exchange in world.exchanges:
        fields = dict(parse_qsl(exchange.request_body.decode()))
        if exchange.request_headers["Content-Type"] == JSON:
            event = json.loads(exchange.request_body)
            made[event["event"]["type"]] = event
        else:
            made[exchange.kind] = json.loads(fields["payload"]) if "payload" in fields else fields
    return made


def paths(value: Any, here: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield (*here, key)
        yield from paths(inner, (*here, key))


def changed(payload: Any, path: tuple[Any, ...], **to: Any) -> Any:
    """A copy without what stands at the path, or with `to["value"]` there; a trigger of its own if it has one."""
    copy = json.loads(json.dumps(payload))
    if "trigger_id" in copy:
        copy["trigger_id"] = f"t{time.monotonic_ns()}"
    if "event_id" in copy:
        copy["event_id"] = f"Ev{time.monotonic_ns()}"
    holder = copy
    for key in path[:-1]:
        holder = holder[key]
    if to:
        holder[path[-1]] = to["value"]
    else:
        del holder[path[-1]]
    return copy


async def send(client: Client, payload: Any) -> int:
    if "command" in payload or "api_app_id" not in payload:
        fields = {key: value if isinstance(value, str) else json.dumps(value) for key, value in payload.items()}
        return await client.signed(urlencode(fields, errors="surrogatepass").encode())
    if "event" in payload or payload.get("type") == "event_callback":
        return await client.signed(json.dumps(payload).encode(), JSON)
    return await client.payload(payload)


@one_database
async def test_a_signed_payload_with_a_missing_piece_is_never_an_error_of_ours(
    true: dict[str, Any], client: Client
) -> None:
    got: dict[str, int] = {}
    for kind, payload in true.items():
        for path in paths(payload):
            got[f"{kind}: {'.'.join(map(str, path))}"] = await send(client, changed(payload, path))
    assert len(got) > 300
    assert {name: status for name, status in got.items() if status not in (200, 400, 404)} == {}
    assert {name: got[name] for name in NEEDED} == dict.fromkeys(NEEDED, 400)


NEEDED = (
    "command: team_id", "command: user_id", "command: trigger_id", "message: team_id",
    "message: event_id", "app_home_opened: event_id", "block_actions: team.id", "block_actions: user",
    "block_actions: user.id", "block_actions: trigger_id", "view_submission: user.id", "view_submission: view.id",
    "view_submission: view.blocks", "view_submission: view.private_metadata", "suggestion: block_id",
    "suggestion: view.private_metadata",
)  # fmt: skip
WRONG = st.sampled_from(
    [None, True, 7, -1, "", "x", "\0", "\ud800", "é" * 300, [], ["x"], {}, {"x": "y"}, [[]], "[]", "{}"]
)


@pytest.fixture
async def true(world: worlds.World) -> dict[str, Any]:
    return await true_payloads(world)


many_times = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@one_database
@many_times
@given(data=st.data())
async def test_a_signed_payload_of_another_shape_is_never_an_error_of_ours(
    true: dict[str, Any], client: Client, data: st.DataObject
) -> None:
    payload = true[data.draw(st.sampled_from(sorted(true)))]
    path = data.draw(st.sampled_from(list(paths(payload))))
    assert await send(client, changed(payload, path, value=data.draw(WRONG))) in (200, 400, 404)


@one_database
async def test_kinds_that_nobody_asked_for_are_no_error_of_ours(true: dict[str, Any], client: Client) -> None:
    for kind in ("shortcut", "message_action", "workflow_step_edit", "dialog_submission", "function", "new"):
        assert await client.payload({**true["block_actions"], "type": kind}) in (200, 404)
    for kind in ("app_uninstalled", "tokens_revoked", "channel_rename", "message_changed", "new"):
        assert await client.signed(json.dumps({**true["message"], "event": {"type": kind}}).encode(), JSON) == 200


HEADERS = st.dictionaries(
    st.sampled_from(
        [
            "X-Slack-Request-Timestamp",
            "X-Slack-Signature",
            "Content-Type",
            "X-Slack-Bolt-Lazy-Only",
            "X-Slack-Retry-Num",
        ]
    ),
    st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=80)
    | st.sampled_from([JSON, FORM, "1" * 10, "v0=" + "0" * 64]),
)


@one_database
@many_times
@given(headers=HEADERS, body=st.binary(max_size=300) | st.just(b"payload=%7B%22type%22%3A%22block_actions%22%7D"))
async def test_noise_from_strangers_changes_nothing_and_is_not_repeated(
    world: worlds.World,
    client: Client,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    headers: dict[str, str],
    body: bytes,
) -> None:
    before = counts(world)
    assert await client.send(b"NOISE" + body, headers) in (400, 401)
    assert counts(world) == before
    assert "NOISE" not in caplog.text + "".join(capsys.readouterr()) + client.answers[-1]


async def test_a_recorded_request_that_comes_again_changes_nothing(world: worlds.World, client: Client) -> None:
    await world.command("ada", "/checkin")
    exchange = await world.submit("ada", **WEEK)
    assert exchange.status == 200
    before, messages = counts(world), len(world.messages("ada"))
    for _ in range(3):
        assert await client.send(exchange.request_body, exchange.request_headers) == 200
    await world.settle()
    assert counts(world) == before
    assert len(world.messages("ada")) == messages
    assert [one.version for one in world.rows(CheckInVersion)] == [1]


@one_database
async def test_a_workspace_that_is_not_connected_is_told_so_and_stores_nothing(
    world: worlds.World, true: dict[str, Any], client: Client
) -> None:
    true = json.loads(json.dumps(true).replace(world.desk.workspace.identity.team_id, "T0ELSEWHERE"))
    before = counts(world)
    assert {kind: await send(client, payload) for kind, payload in true.items()} == dict.fromkeys(true, 200)
    answers = dict(zip(true, client.answers, strict=True))
    assert "does not know this workspace" in json.loads(answers["command"])["text"]
    assert json.loads(answers["view_submission"])["response_action"] == "update"
    assert counts(world) == before
    assert world.app.edge.door.refused["not_installed"] == len(true)


async def test_a_failing_database_is_told_as_try_again_and_stores_nothing(world: worlds.World) -> None:
    await world.command("ada", "/checkin")
    before = counts(world)
    with world.look() as db:
        db.execute(sa.text("ALTER TABLE checkin_version RENAME TO elsewhere"))
    refused = await world.submit("ada", **WEEK)
    with world.look() as db:
        db.execute(sa.text("ALTER TABLE elsewhere RENAME TO checkin_version"))
    assert refused.status == 503
    assert refused.response_body == b""
    assert counts(world) == before
    assert world.view("ada") is not None, "the dialog stays with all that was typed"
    assert (await world.submit("ada", **WEEK)).status == 200
    assert [one.version for one in world.rows(CheckInVersion)] == [1]


@pytest.fixture
def real_logs() -> Iterator[None]:
    """As `rapport run` sets them, most talkative."""
    root, hook = logging.getLogger(), sys.excepthook
    handlers, level = list(root.handlers), root.level
    log.configure("DEBUG")
    yield
    root.handlers, sys.excepthook, threading.excepthook = handlers, hook, threading.__excepthook__
    root.setLevel(level)
    logging.captureWarnings(False)
    structlog.reset_defaults()


@pytest.fixture
def failing_handler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One more conversation, whose mistake names the person."""
    monkeypatch.setattr(bot.handlers, "__path__", [*bot.handlers.__path__, str(tmp_path)])
    (tmp_path / "failing.py").write_text(FAILING, "utf-8")
    importlib.invalidate_caches()
    yield
    sys.modules.pop("bot.handlers.failing", None)
    vars(bot.handlers).pop("failing", None)


FAILING = """
from bot.conversation import Conversation


class Failing(Conversation):
    name = "failing"
    words = ("kudos fail",)
    summary = "Fail"

    def open(self, ctx):
        raise ValueError(f"{ctx.person.name} made this fail")
"""


async def test_no_answer_name_or_secret_reaches_a_log_a_figure_or_an_error_page(
    real_logs: None, failing_handler: None, world: worlds.World, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    await world.at("2026-11-26 10:00")
    await world.press("ada", "Check in")
    await world.submit("ada", progress="", next="SECRET-next")
    await world.submit("ada", progress="SECRET-progress", next="SECRET-next", blocked=["yes"])
    await world.say("ada", "SECRET-typed")
    await world.command("ada", "/review", "SECRET-command")
    submission = next(exchange for exchange in world.exchanges if exchange.kind == "view_submission")
    broken = json.loads(dict(parse_qsl(submission.request_body.decode()))["payload"])
    await client.payload({**broken, "user": None, "note": "SECRET-broken"})
    await client.send(b"SECRET-unsigned", {"X-Slack-Signature": "SECRET-signature"})
    failed = await world.command("ada", "/kudos", "fail")
    assert failed.status == 503
    with world.look() as db:
        db.execute(sa.text("ALTER TABLE receipt RENAME TO elsewhere"))
    await world.desk.delivery.command(world.user("ada"), "/review", "SECRET-failing")
    with world.look() as db:
        db.execute(sa.text("ALTER TABLE elsewhere RENAME TO receipt"))
    _, figures = await client.get("/metrics")
    logs = "".join(capsys.readouterr())
    assert logs.count("request.failed") == 2, "the failing requests were to be logged"
    secrets = ("SECRET", "Ada", "Byron", "Grace", "example.org", worlds.TOKEN, worlds.SECRET, worlds.RING, "Shipped")
    for shown in (logs, figures, "".join(client.answers)):
        assert [secret for secret in secrets if secret in shown] == []


async def test_alive_ready_and_figures(world: worlds.World, client: Client) -> None:
    assert await client.get("/livez") == (200, "alive\n")
    assert await client.get("/readyz") == (200, "ready\n")
    await world.answer("ada", **WEEK)
    await client.send(b"", {})
    status, figures = await client.get("/metrics")
    assert status == 200
    for line in (
        'rapport_ack_seconds_count{kind="submitted"} 1.0',
        'rapport_outbox_rows{state="done"}',
        'rapport_requests_refused{reason="unsigned"} 1.0',
        'rapport_deliveries{kind="send",outcome="done"}',
        "rapport_outbox_lag_seconds 0.0",
        "rapport_database_up 1.0",
    ):
        assert line in figures
    world.app.watch.stopping = True
    assert await client.get("/readyz") == (503, "stopping\n")
    assert await client.get("/livez") == (200, "alive\n")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql://nobody@127.0.0.1:1/none", "the database does not answer\n"),
        ("sqlite:///{folder}/empty.db", "migrations are due\n"),
    ],
)
async def test_not_ready_says_why_and_figures_still_come(url: str, words: str, tmp_path: Path) -> None:
    app = house.build(worlds.settings(tmp_path, url.format(folder=tmp_path)))
    async with house.answering(app) as address, aiohttp.ClientSession() as session:
        door = Client(session, address)
        assert await door.get("/readyz") == (503, words)
        assert await door.get("/livez") == (200, "alive\n")
        await door.send(b"", {})
        status, figures = await door.get("/metrics")
        assert status == 200
        assert 'rapport_requests_refused{reason="unsigned"} 1.0' in figures
        assert "rapport_database_up 0.0" in figures
        assert await door.signed(b"command=%2Freview&team_id=T1&user_id=U1&trigger_id=1&text=") == 503
