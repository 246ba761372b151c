"""The Slack app's manifest: up to date, and exactly what the product calls, hears and answers to."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from house_tree import ROOT, modules
from slack_sdk.web.async_client import AsyncWebClient
from typer.testing import CliRunner

import bot.handlers
from bot.__main__ import cli
from bot.commands import Problem
from bot.conversation import discover
from bot.platforms.slack import reading
from bot.platforms.slack.permissions import EVENTS, SCOPES
from desk.arguments import METHODS

URL = "https://rapport.example.com"
VARIANTS = {"slack.json": ("--url", URL), "slack-socket.json": ("--socket",)}
# What each method that a bot token may call asks for, from docs.slack.dev/reference/methods; the library knows the
# methods and not their scopes.
NEEDED = {
    "apps_connections_open": set(),
    "auth_test": set(),
    "chat_delete": {"chat:write"},
    "chat_postEphemeral": {"chat:write"},
    "chat_postMessage": {"chat:write"},
    "chat_update": {"chat:write"},
    "conversations_history": {"im:history"},
    "conversations_open": {"im:write"},
    "files_completeUploadExternal": {"files:write"},
    "files_getUploadURLExternal": {"files:write"},
    "users_info": {"users:read"},
    "users_list": {"users:read"},
    "views_open": set(),
    "views_publish": set(),
    "views_push": set(),
    "views_update": set(),
}  # fmt: skip
HEARD = {
    "app_home_opened": set(), "app_uninstalled": set(), "message.im": {"im:history"}, "team_join": {"users:read"},
    "tokens_revoked": set(), "user_change": {"users:read"},
}  # fmt: skip
# Asked for by no method: the words, a field of the accounts' profiles, and the address of a file that was sent.
BESIDES = {"commands", "files:read", "users:read.email"}


def manifest(*arguments: str) -> Any:
    done = CliRunner().invoke(cli, ["manifest", "slack", *arguments], catch_exceptions=False)
    assert done.exit_code == 0
    return json.loads(done.output)


def called() -> set[str]:
    """Methods of Slack's client that the product names, called or handed over."""
    known = {name for name in dir(AsyncWebClient) if "_" in name and not name.startswith("_")}
    named: Iterator[str] = (
        node.attr
        for module in modules("bot")
        if module.name.startswith("bot.platforms.slack")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute)
    )
    return known & set(named)


@pytest.mark.parametrize("name", VARIANTS)
def test_the_shipped_manifest_is_what_the_command_makes(name: str, tmp_path: Path) -> None:
    out = tmp_path / name
    CliRunner().invoke(cli, ["manifest", "slack", *VARIANTS[name], "--out", str(out)], catch_exceptions=False)
    assert (ROOT / "manifests" / name).read_text("utf-8") == out.read_text("utf-8"), "make manifests"


@pytest.mark.parametrize("arguments", VARIANTS.values())
def test_it_has_the_words_that_some_conversation_answers_to_and_no_other(arguments: tuple[str, ...]) -> None:
    commands = manifest(*arguments)["features"]["slash_commands"]
    registry = discover(bot.handlers)
    assert [one["command"] for one in commands] == [f"/{word}" for word in registry.first_words()]
    assert all(one["description"] for one in commands)


def test_every_method_the_product_calls_has_its_scope() -> None:
    assert {"auth_test", "chat_postMessage", "users_list"} <= called(), "the look saw nothing"
    assert called() - NEEDED.keys() == set(), "say what it needs"
    needed = set().union(*(NEEDED[method] for method in called()), *(HEARD[event] for event in EVENTS)) | BESIDES
    assert set(SCOPES) == needed
    assert manifest("--socket")["oauth_config"]["scopes"] == {"bot": list(SCOPES)}


def test_the_desk_asks_for_the_same_scopes() -> None:
    by_name = {method.replace(".", "_"): set(one.scopes) for method, one in METHODS.items()}
    # Which history depends on the kind of room, and is asked for there.
    by_name["conversations_history"] |= {"im:history"}
    assert {name: scopes for name, scopes in by_name.items() if NEEDED.get(name, scopes) != scopes} == {}
    assert called() - by_name.keys() - {"apps_connections_open"} == set()


def test_it_hears_of_nothing_that_nobody_answers() -> None:
    about = {"team_id": "T1", "event_id": "E1", "event_time": 1_700_000_000}
    events = {
        "app_home_opened": {"type": "app_home_opened", "user": "U1", "tab": "home"},
        "app_uninstalled": {"type": "app_uninstalled"},
        "message.im": {"type": "message", "channel_type": "im", "user": "U1", "text": "help"},
        "team_join": {"type": "team_join", "user": {"id": "U1"}},
        "user_change": {"type": "user_change", "user": {"id": "U1"}},
        "tokens_revoked": {"type": "tokens_revoked", "tokens": {"bot": ["U0"]}},
    }
    assert set(EVENTS) == set(events)
    assert all(reading.event({**about, "event": one}) for one in events.values())
    assert manifest("--socket")["settings"]["event_subscriptions"] == {"bot_events": list(EVENTS)}


def addresses(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        for key, value in part.items():
            if key.endswith("url"):
                yield value
            else:
                yield from addresses(value)
    if isinstance(part, list):
        for value in part:
            yield from addresses(value)


@pytest.mark.parametrize("given", [URL, f"{URL}/", f"{URL}/slack/events"])
def test_every_address_is_the_one_that_the_bot_answers_on(given: str) -> None:
    made = manifest("--url", given)
    assert set(addresses(made)) == {f"{URL}/slack/events"}
    assert len(list(addresses(made))) == 3 + len(made["features"]["slash_commands"])
    assert not made["settings"]["socket_mode_enabled"]


def test_over_a_socket_there_are_no_addresses() -> None:
    made = manifest("--socket")
    assert list(addresses(made)) == []
    assert made["settings"]["socket_mode_enabled"]
    assert made["settings"]["interactivity"] == {"is_enabled": True}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "Give --url"),
        (("--url", URL, "--socket"), "one of them"),
        (("--url", "http://rapport.example.com"), "only plain https addresses"),
        (("--url", "rapport.example.com"), "only plain https addresses"),
        (("--url", "https://me@rapport.example.com"), "only plain https addresses"),
        (("--url", "https://"), "only plain https addresses"),
        (("--socket", "--out", "no/such/folder/slack.json"), "cannot be written: No such file"),
    ],
)
def test_what_slack_would_not_take_is_told(arguments: tuple[str, ...], words: str) -> None:
    with pytest.raises(Problem, match=words):
        CliRunner().invoke(cli, ["manifest", "slack", *arguments], catch_exceptions=False)


def test_it_keeps_to_the_limits_of_its_fields() -> None:
    made = manifest("--url", f"https://{'a' * 60}.example.com")
    about = made["display_information"]
    assert len(about["name"]) <= 35
    assert len(about["description"]) <= 140
    assert 175 <= len(about["long_description"]) <= 4000
    assert all(2 <= len(one["command"]) <= 32 for one in made["features"]["slash_commands"])
    assert len(made["features"]["slash_commands"]) <= 50
