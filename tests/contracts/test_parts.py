"""A new handler file with parts stands in every shared place by itself: nothing else knows of it."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import world as worlds

from bot.conversation import Registry, discover

THROWAWAY = """
from bot.conversation import Context, Conversation, Reply, part
from bot.forms import Form
from bot.messages import Button, Message, Row, Section


class Plants(Conversation):
    name = "plants"
    words = ("review plants",)
    summary = "Water the plants"

    def open(self, ctx: Context) -> Form | Reply:
        return Reply(Message("The plants are watered"))


def drawn(ctx: Context) -> Section:
    button = Button("Water them", "plants")
    return Section(f"Plants of {ctx.person.name}", rows=(Row(("The fern is dry",), (button,)),))


home = part("home", 50)(drawn)
menu = part("menu", 50)(drawn)
manager_digest = part("manager_digest", 50)(drawn)
hr_digest = part("hr_digest", 50)(drawn)
my_summary = part("my_summary", 50)(drawn)
"""


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    name = f"throwaway_{tmp_path.name}"
    (tmp_path / name).mkdir()
    (tmp_path / name / "__init__.py").touch()
    (tmp_path / name / "plants.py").write_text(THROWAWAY, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    yield discover(importlib.import_module(name))
    for module in [module for module in sys.modules if module.split(".")[0] == name]:
        del sys.modules[module]


@pytest.fixture
def planted(chat: worlds.World, registry: Registry) -> worlds.World:
    engine = chat.app.engine
    ours = engine.registry
    more = Registry(
        {**ours.conversations, **registry.conversations}, {**ours.words, **registry.words},
        (*ours.parts, *registry.parts),
    )  # fmt: skip
    engine.house = engine.asking._house = replace(engine.house, registry=more)
    return chat


async def test_it_stands_in_the_home_and_in_the_menu(planted: worlds.World) -> None:
    await planted.home("ada")
    assert "Plants of Ada Byron\nThe fern is dry" in planted.home_words("ada")
    await planted.command("ada", "/review")
    assert "Plants of Ada Byron" in planted.words("ada")
    await planted.press("ada", "Water them")
    assert "The plants are watered" in planted.words("ada")


async def test_it_stands_in_every_digest(planted: worlds.World) -> None:
    planted.reports("eve", "hana")
    await planted.at("2026-12-01T12:00")
    await planted.at("2026-12-07T09:35", "Europe/Berlin")
    assert planted.words("hana").count("Plants of Hana Sato") == 3
    await planted.at("2026-12-07T09:35")
    assert planted.words("ada").count("Plants of Ada Byron") == 1


async def test_its_words_are_understood_and_stand_in_the_help(planted: worlds.World) -> None:
    await planted.command("ada", "/review", "plants")
    assert "The plants are watered" in planted.words("ada")
    await planted.command("ada", "/review", "help")
    assert "/review plants" in planted.words("ada")
