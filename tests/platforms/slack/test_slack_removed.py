"""The bot is taken out of a workspace, and comes back."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
import world as worlds

from bot import commands
from bot.storage.audit import AuditEvent
from bot.storage.outbox import OutboxRow
from bot.storage.workspaces import Workspace
from desk import payloads

UNINSTALLED = {"type": "app_uninstalled"}


async def told(world: worlds.World, inner: dict[str, Any], **more: Any) -> int:
    payload = payloads.event(world.desk.workspace, inner) | more
    return (await world.desk.delivery.sender.send_event("", payload, ())).status


def acts(world: worlds.World) -> list[str]:
    rows = world.rows(AuditEvent)
    return [row.action for row in rows if row.action.startswith("workspace.")]


def place(world: worlds.World) -> Workspace:
    [one] = world.rows(Workspace)
    assert isinstance(one, Workspace)
    return one


@pytest.mark.parametrize("inner", [UNINSTALLED, {"type": "tokens_revoked", "tokens": {"bot": ["U0RAPPORT"]}}])
async def test_its_token_is_erased_and_what_waits_dies_in_the_open(world: worlds.World, inner: dict[str, Any]) -> None:
    await world.command("ada", "/review")
    await world.desk.delivery.say(world.user("ada"), "help")
    assert await told(world, inner) == 200
    assert place(world).removed_at is not None
    assert place(world).token_sealed is None
    assert acts(world) == ["workspace.added", "workspace.removed"]
    await world.settle()
    [row] = [one for one in world.rows(OutboxRow) if one.kind == "send"]
    assert (row.state, row.error) == ("dead", "no_account")
    assert "does not know this workspace" in (await world.command("ada", "/review")).answer["text"]
    before = len(world.messages("ada"))
    await world.at("2026-11-26 10:00")
    assert len(world.messages("ada")) == before


async def test_it_is_told_twice_and_done_once(world: worlds.World) -> None:
    assert [await told(world, UNINSTALLED) for _ in range(2)] == [200, 200]
    assert await told(world, {"type": "tokens_revoked", "tokens": {"bot": ["U0RAPPORT"]}}) == 200
    last = world.desk.delivery.exchanges[-1]
    assert (await world.redeliver(replace(last, request_body=last.request_body))).status == 200
    assert acts(world) == ["workspace.added", "workspace.removed"]


async def test_added_again_it_works_as_before(world: worlds.World) -> None:
    await told(world, UNINSTALLED)
    late = json.loads(world.desk.delivery.exchanges[-1].request_body)
    said = await commands.add_workspace(world.app.database, world.app.settings, worlds.TOKEN)
    assert said.startswith("Desk & Co is added")
    assert place(world).removed_at is None
    assert acts(world) == ["workspace.added", "workspace.removed", "workspace.restored"]
    assert (await world.command("ada", "/review")).answer["response_type"] == "ephemeral"
    # The same news, delayed in Slack, is about the time before.
    assert await told(world, UNINSTALLED, event_time=late["event_time"] - 60) == 200
    assert place(world).removed_at is None


@pytest.mark.parametrize("tokens", [{"oauth": ["U0ADA"]}, {"bot": ["U0OTHER"]}, {"bot": []}, {}, None])
async def test_tokens_of_others_are_none_of_its_business(world: worlds.World, tokens: object) -> None:
    assert await told(world, {"type": "tokens_revoked", "tokens": tokens}) == 200
    assert place(world).removed_at is None
    assert acts(world) == ["workspace.added"]


@pytest.mark.parametrize("broken", [{"event_time": None}, {"event_time": 10**400}, {"event_time": -(10**18)}])
async def test_a_removal_of_another_shape_is_a_bad_request(world: worlds.World, broken: dict[str, Any]) -> None:
    assert await told(world, UNINSTALLED, **broken) == 400
    assert await told(world, {"type": "tokens_revoked", "tokens": [1]}) == 400
    assert place(world).removed_at is None


async def test_the_token_does_not_outlive_it_in_this_process(world: worlds.World) -> None:
    await world.command("ada", "/review")
    team = world.desk.workspace.identity.team_id
    found = await world.app.installed.of(team)
    assert found is not None
    client = world.app.slack.client(found.token)
    await told(world, UNINSTALLED)
    assert await world.app.installed.of(team) is None
    assert world.app.slack.client(found.token) is not client
