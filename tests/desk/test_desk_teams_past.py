"""The past of people on Teams is played by what buttons carry and what inputs are called."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from teams_samples import (
    DOLORES,
    RUTH,
    Bot,
    beside,
    button,
    card,
    dialog,
    opening,
    pressed,
    question,
    sending,
    split_desk,
    text,
)

from desk import company
from desk.acting import BUTTONS, REASON, Stuck
from desk.folder import Folder
from desk.past import Act, Reaction, Week, acts
from desk.teams.playing import Player

THEN = datetime(2026, 11, 19, 10, tzinfo=UTC)
WHO = RUTH.object_id
WEEK = Week("Shipped it", "Ship more", blocker="The build", mood=4, share_mood=True, before=("done",))
CHOICES = [{"title": each, "value": each} for each in ("done", "carry_on", "drop")]
MOOD = [{"title": each, "value": each} for each in "12345"]
YES = [{"title": "Yes", "value": "yes"}]
PAGES = (
    card(
        {"type": "Input.ChoiceSet", "id": "last_next.0", "choices": CHOICES},
        question("progress", isRequired=True),
        {"type": "Input.Toggle", "id": "blocked", "title": "Blocked"},
        actions=(sending("Next", "next"),),
    ),
    card(
        question("next", isRequired=True),
        question("blocker"),
        {"type": "Input.ChoiceSet", "id": "mood", "choices": MOOD},
        {
            "type": "Input.ChoiceSet",
            "id": "share_mood",
            "choices": [{"title": "Yes", "value": "yes"}],
            "isMultiSelect": True,
        },
        actions=(sending(), sending("Back", "back")),
    ),
)


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    desk = split_desk(retry_after=())
    await desk.start()
    async with beside(desk) as bot:
        yield bot
    await desk.stop()


async def nothing() -> None:
    pass


def act(does: Any, **more: Any) -> Act:
    return Act(THEN, RUTH.user_id, does, **more)


def player(bot: Bot) -> Player:
    return Player(bot.desk.teams, nothing)


def sent(bot: Bot) -> list[dict[str, Any]]:
    """What was submitted in dialogs, without what is ours."""
    submitted = [each["value"]["data"] for each in bot.heard if each.get("name") == "task/submit"]
    return [{key: value for key, value in data.items() if key != "rapport"} for data in submitted]


def paging(bot: Bot, *pages: dict[str, Any]) -> None:
    left = list(pages)

    async def give(activity: dict[str, Any]) -> Any:
        return dialog(left.pop(0)) if activity.get("name", "").startswith("task/") and left else None

    bot.answer = give


async def test_a_week_is_written_page_by_page(bot: Bot) -> None:
    await bot.post(WHO, card(actions=(opening("Check in", BUTTONS["answer"]),)))
    paging(bot, *PAGES)
    await player(bot).do(WHO, act("answer", week=WEEK))
    assert sent(bot) == [
        {"last_next.0": "done", "progress": "Shipped it", "blocked": "true"},
        {"next": "Ship more", "blocker": "The build", "mood": "4", "share_mood": "yes"},
    ]
    assert bot.desk.teams.tenant.dialog(WHO) is None


async def test_who_skips_says_why_and_who_is_away_until_when(bot: Bot) -> None:
    reasons = tuple(button(each, pressed(REASON, "7", each)) for each in ("not_working", "other"))
    await bot.post(WHO, card(actions=(button("Skip", pressed(BUTTONS["skip"], "7")), opening("Away", BUTTONS["away"]))))
    await bot.post(WHO, card(actions=reasons))
    await player(bot).do(WHO, act("skip", reason="other"))
    assert [each["value"] for each in bot.heard] == [pressed(BUTTONS["skip"], "7"), pressed(REASON, "7", "other")]
    paging(bot, card({"type": "Input.Date", "id": "back"}, actions=(sending(),)))
    await player(bot).do(WHO, act("away", until=date(2026, 11, 24)))
    assert sent(bot) == [{"back": "2026-11-24"}]


def row(name: str) -> dict[str, Any]:
    read = opening("Read", "checkin.read") | {
        "data": pressed("checkin.read", name) | {"msteams": {"type": "task/fetch"}}
    }
    columns = ([text(f"{name}, sent Thursday")], [{"type": "ActionSet", "actions": [read]}])
    return {"type": "ColumnSet", "columns": [{"type": "Column", "items": items} for items in columns]}


async def test_a_manager_reads_and_says_something(bot: Bot) -> None:
    who = DOLORES.object_id
    reading = card(text("Shipped it"), actions=(button("Comment", pressed("checkin.comment", "1")),))
    writing = card(question("text"), actions=(sending(),))

    async def give(activity: dict[str, Any]) -> Any:
        if activity.get("text") == "home":
            await bot.post(who, card({"type": "Container", "items": [row("Caleb Stone"), row("Ruth Avery")]}))
            return None
        return dialog(writing if "press" in activity["value"]["data"]["rapport"] and fetched(bot)[1:] else reading)

    bot.answer = give
    await player(bot).do(who, act("react", reaction=Reaction("Ruth Avery", comment="Well done", blocked=True)))
    assert fetched(bot) == [["Ruth Avery"], ["1"]]
    assert sent(bot)[-1] == {"text": "Well done"}
    assert bot.desk.teams.tenant.dialog(who) is None


def fetched(bot: Bot) -> list[Any]:
    """The ids of what was pressed, in cards and dialogs."""
    data = [each["value"]["data"]["rapport"] for each in bot.heard if each.get("type") == "invoke"]
    return [each["press"][2] for each in data if "press" in each]


async def test_a_button_that_is_not_there_is_told_in_words(bot: Bot) -> None:
    await player(bot).do(WHO, act("ok"))
    with pytest.raises(Stuck, match="looks for asks"):
        await player(bot).do(WHO, act("later"))
    await bot.post(WHO, card(actions=(opening("Check in", BUTTONS["answer"]),)))
    paging(bot, *(PAGES[0] for _ in range(20)))
    with pytest.raises(Stuck, match="could not send 'Check-in'"):
        await player(bot).do(WHO, act("answer", week=WEEK))


def test_only_the_company_on_slack_does_what_needs_slack() -> None:
    there = {one.user_id for one in company.people() if not one.on_slack}
    assert not [each for each in acts(THEN, 1) if each.user in there and each.does == "settle"]


def test_the_bots_settings_name_the_password_by_its_file(tmp_path: Path) -> None:
    folder, teams = Folder(tmp_path), split_desk().teams.settings()
    env = folder.settings("http://127.0.0.1:1/api/", 3000, teams=teams)
    assert Path(env["RAPPORT_TEAMS_APP_PASSWORD_FILE"]).read_text("utf-8") == teams["teams_app_password"]
    assert "RAPPORT_TEAMS_APP_PASSWORD" not in env
    assert env["RAPPORT_TEAMS_AUTH"] == "required"
    assert not [name for name in folder.settings("http://127.0.0.1:1/api/", 3000) if "TEAMS" in name]
