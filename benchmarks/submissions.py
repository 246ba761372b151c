"""A filled check-in as Slack sends it, the same for everybody but for who sends it and what it belongs to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from benchmarks.asked import WORDS
from benchmarks.company import WORKSPACE, Employee, lead_of
from bot.app import App
from bot.engine.events import Opened, Origin, Shown
from bot.engine.profiles import Who
from bot.platforms.slack.modals import modal

Json = dict[str, Any]


def submissions(app: App, people: list[Employee], asks: Mapping[UUID, UUID]) -> list[str]:
    """The bodies, one a person. The form is the one that the product shows to the first of them, naming each reader."""
    first = people[0]
    view = _view(app, first, asks[first.id])
    bodies = []
    for one in people:
        ids = [str(asks[one.id]), str(lead_of(people, one) or "")]
        token = json.loads(view["private_metadata"]) | {"ids": ids, "person": str(one.id)}
        bodies.append(
            urlencode({"payload": json.dumps(_payload({**view, "private_metadata": json.dumps(token)}, one))})
        )
    return bodies


def _view(app: App, one: Employee, ask: UUID) -> Json:
    who = Who("slack", WORKSPACE, one.user)
    shown = app.engine.handle(Opened(who, "slack:opened", "checkin", (str(ask),), Origin("message"), str(one.id)))
    assert isinstance(shown, Shown), shown
    return modal(shown.form, page=shown.token.page, token=shown.token.pack(), raw=shown.raw, names=shown.names)


def _payload(view: Json, one: Employee) -> Json:
    blocks = [{"block_id": f"b{at}", **block} for at, block in enumerate(view["blocks"])]
    values = {block["block_id"]: _filled(block) for block in blocks if block["type"] == "input"}
    shown = {
        "id": f"V{one.user}", "team_id": WORKSPACE, "app_id": "A0BENCH", "bot_id": "B0BENCH", "hash": "1764.abcdef",
        "root_view_id": f"V{one.user}", "previous_view_id": None, "clear_on_close": False, "external_id": "",
    }  # fmt: skip
    return {
        "type": "view_submission", "team": {"id": WORKSPACE, "domain": "bench"}, "api_app_id": "A0BENCH",
        "user": {"id": one.user, "username": one.user, "name": one.user, "team_id": WORKSPACE}, "token": "unused",
        "trigger_id": f"1764.{one.user}.submitted", "enterprise": None, "is_enterprise_install": False,
        "response_urls": [], "view": {**view, **shown, "blocks": blocks, "state": {"values": values}},
    }  # fmt: skip


def _filled(block: Json) -> Json:
    """A text where one is asked for, the last but one of some choices, and no box ticked."""
    element = block["element"]
    kind = element["type"]
    given: Json = {"type": kind}
    if kind == "plain_text_input":
        key = block["block_id"].partition("~")[0]
        given["value"] = WORDS.get(key, element.get("initial_value"))
    elif kind in ("radio_buttons", "static_select"):
        given["selected_option"] = element["options"][-2]
    elif kind.startswith("multi_users"):
        given["selected_users"] = []
    else:
        given["selected_options"] = []
    return {element["action_id"]: given}
