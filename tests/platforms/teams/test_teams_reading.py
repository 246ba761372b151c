"""Activities and the events they become."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from teams_service import BOT, TENANT, Teams
from teams_world import form_data

from bot.engine.events import Changed, Opened, Origin, Paged, Said, Submitted, Token
from bot.engine.profiles import Who
from bot.forms import Form, Group, Note, Text
from bot.platforms.teams import activity, dialogs, reading

ME = {"type": "mention", "text": "<at>Rapport</at>", "mentioned": {"id": BOT, "name": "Rapport"}}
LINUS = {"type": "mention", "text": "<at>Linus</at>", "mentioned": {"id": "29:l", "name": "Linus", "aadObjectId": "l"}}
GUEST = {"type": "mention", "text": "<at>Guest</at>", "mentioned": {"id": "29:g", "name": "Guest"}}
TOKEN = Token("checkin", ("id-1",), "3", 1, "p", {"goals": 2})


def read(body: dict[str, Any]) -> activity.Activity:
    return activity.read({"serviceUrl": "http://127.0.0.1/", **body}, TENANT)


def said(text: str, *entities: Any) -> str:
    event = reading.message(read(Teams().activity(text=text, entities=list(entities))))
    assert isinstance(event, Said)
    return event.text


@pytest.mark.parametrize(
    ("text", "entities", "read_as"),
    [
        ("checkin", (), "checkin"),
        ("/checkin", (), "checkin"),
        (" / review  status ", (), "review  status"),
        ("<at>Rapport</at> /review status", (ME,), "review status"),
        ("<at>Rapport</at>&nbsp;help\n", (ME,), "help"),
        ("kudos <at>Linus</at> thanks", (LINUS,), "kudos <@l> thanks"),
        ("<at>Rapport</at> kudos <at>Linus</at>", (LINUS, ME), "kudos <@l>"),
        ("kudos <at>Guest</at>", (GUEST,), "kudos <@29:g>"),
        ("I wrote <at>Linus</at>", (), "I wrote <at>Linus</at>"),
        ("*bold* <b>html</b> &amp; [x](y)", (), "*bold* <b>html</b> &amp; [x](y)"),
        ("a", ({"type": "mention"}, "x", {"type": "mention", "text": 1, "mentioned": {}}), "a"),
        ("a @b", ({"type": "mention", "text": "@b", "mentioned": {"id": "<x>", "name": "Bea"}},), "a Bea"),
        ("", (), ""),
    ],
)
def test_words_come_as_they_were_typed(text: str, entities: tuple[Any, ...], read_as: str) -> None:
    assert said(text, *entities) == read_as


def test_whom_it_is_from_and_its_receipt() -> None:
    event = reading.message(read({**Teams().activity(text="help"), "id": "17"}))
    assert event == Said(Who("teams", TENANT, "aad-ada"), "teams:a:ada:17", "help")


def test_a_press_carries_the_message_it_stands_on() -> None:
    value = {"rapport": {"press": ["p", "checkin.read", ["id-1", "2"]]}, "msteams": {"type": "task/fetch"}}
    body = Teams().activity(value=value, replyToId="m1")
    pressed = reading.message(read(body))
    assert isinstance(pressed, Opened)
    assert (pressed.phrase, pressed.args, pressed.bound) == ("checkin.read", ("id-1", "2"), "p")
    assert pressed.origin == Origin("message", "a:ada", "m1", here=True)
    fetched = reading.fetch(read({**body, "type": "invoke", "value": {"data": value}}))
    assert fetched == replace(pressed, origin=Origin("message", "a:ada", "m1", waits=True))
    inside = reading.submit(read({**body, "type": "invoke", "value": {"data": value}}))
    assert isinstance(inside, Opened)
    assert inside.origin == Origin("dialog")


GOALS = Group("goals", "Goals", fields=(Text("goal", "Goal", limit=50),))
PLAN = Form(
    "Plan", ((Text("first", "First", limit=50),), (Text("second", "Second", limit=50), GOALS), (Note("n", "."),))
)


@pytest.mark.parametrize(
    ("act", "kind", "page", "count"),
    [("next", Submitted, 1, 2), ("back", Paged, 0, 2), ("add:goals", Changed, 1, 3)],
)
def test_each_button_of_a_form(act: str, kind: type, page: int, count: int) -> None:
    drawn = dialogs.form_card(PLAN, page=1, token=TOKEN, raw={}, names={}, errors={}, notice="")
    data = {**form_data(drawn, act), "second": "Shipped"}
    event = reading.submit(read(Teams().invoke("task/submit", {"data": data})))
    assert isinstance(event, kind)
    assert isinstance(event, Submitted | Paged | Changed)
    assert event.raw["second"] == "Shipped"
    assert event.token.groups == {"goals": count}
    assert (event.page if isinstance(event, Paged) else event.token.page) == page


def test_the_button_of_the_last_page_sends_the_form() -> None:
    drawn = dialogs.form_card(PLAN, page=2, token=TOKEN, raw={}, names={}, errors={}, notice="")
    event = reading.submit(read(Teams().invoke("task/submit", {"data": form_data(drawn, "submit")})))
    assert isinstance(event, Submitted)


@pytest.mark.parametrize("given", ["", "..", "a b", "a\nb", "é", "x" * 201, None, 5, "\0"])
def test_what_is_no_id(given: Any) -> None:
    assert not activity.is_id(given)
