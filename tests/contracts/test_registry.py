"""A conversation is found by its file and appears everywhere by itself; contradictions fail at start."""

from __future__ import annotations

import importlib
import json
import re
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
import world as worlds
from house_tree import ROOT

import bot.handlers
from bot.conversation import FIRST_WORDS, discover

# The recipe's own conversation, so that what CONTRIBUTING tells is what works.
THANKS = textwrap.dedent(re.findall(r"```python\n(.*?)```", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.S)[0])


def thanks(name: str = "thanks", phrase: str = "kudos") -> str:
    return THANKS.replace('name = "thanks"', f'name = "{name}"').replace('("kudos",)', f'("{phrase}",)')


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """A package of handlers with nothing in it yet; files are written into its folder."""
    name = f"handlers_of_{tmp_path.name}"
    (tmp_path / name).mkdir()
    (tmp_path / name / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    yield importlib.import_module(name)
    for module in [module for module in sys.modules if module.split(".")[0] == name]:
        del sys.modules[module]


def write(package: ModuleType, name: str, text: str) -> None:
    (Path(package.__path__[0]) / f"{name}.py").write_text(text, "utf-8")
    importlib.invalidate_caches()


def test_a_new_file_is_a_new_conversation(package: ModuleType) -> None:
    write(package, "thanks", thanks())
    registry = discover(package)
    assert list(registry.conversations) == ["thanks"]
    assert registry.first_words() == ("kudos",)
    assert [part.place for part in registry.parts] == ["menu"]


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (thanks(phrase="kudos again"), "two conversations are named 'thanks'"),
        (thanks("praise"), "praise and thanks both answer to 'kudos'|thanks and praise both answer to 'kudos'"),
        (thanks("praise", "thank you"), "a phrase begins with one of review, checkin, okr, kudos, not 'thank you'"),
    ],
)
def test_what_contradicts_another_conversation_fails_at_start(package: ModuleType, other: str, words: str) -> None:
    write(package, "praise", other)
    write(package, "thanks", thanks())
    with pytest.raises(ValueError, match=words):
        discover(package)


def test_a_confidential_form_stands_in_no_chat(package: ModuleType) -> None:
    write(package, "thanks", thanks().replace("dialog = True", "dialog = confidential = in_chat = True"))
    with pytest.raises(ValueError, match="thanks is confidential"):
        discover(package)


def test_phrases_begin_with_the_four_words_and_say_what_they_do() -> None:
    registry = discover(bot.handlers)
    assert {phrase.split()[0] for phrase in registry.words} <= set(FIRST_WORDS)
    assert [one.name for one in registry.conversations.values() if one.words and not one.summary] == []
    assert [phrase for phrase in registry.words if phrase != " ".join(phrase.split()).casefold()] == []


def test_what_is_asked_by_a_programme_has_questions_a_summary_and_a_prompt() -> None:
    for one in discover(bot.handlers).conversations.values():
        if one.cadence is not None:
            assert one.questions or "expects" in vars(type(one)), f"{one.name} does not say what it asks, or whom"
            assert one.summary, f"{one.name} has no name in a person's list"
            assert "prompt" in vars(type(one)), f"{one.name} cannot be asked"


@pytest.fixture
def new_handler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One more file beside the product's own handlers."""
    monkeypatch.setattr(bot.handlers, "__path__", [*bot.handlers.__path__, str(tmp_path)])
    text = thanks("one.more", "kudos once more")
    home = text.partition("@part")[2].replace('"menu"', '"home"').replace("menu", "home").replace("week", "month")
    (tmp_path / "one_more.py").write_text(f"{text}\n\n@part{home}", "utf-8")
    importlib.invalidate_caches()
    yield
    sys.modules.pop("bot.handlers.one_more", None)
    vars(bot.handlers).pop("one_more", None)


async def test_a_new_file_appears_in_help_menu_and_home(new_handler: None, world: worlds.World) -> None:
    helped = await world.reply("ada", "/review", "help")
    assert "/kudos once more" in helped
    assert "Thank a colleague" in helped
    menu = await world.reply("ada", "/review")
    assert "Thanks this week" in menu
    assert "Thanks this month" not in menu
    await world.home("ada")
    home = world.home_of("ada")
    assert home is not None
    assert "Thanks this month" in json.dumps(home.content)
    await world.command("ada", "/kudos", "once more")
    await world.submit("ada", why="thanks")
    assert "Two words" in world.errors("ada")["why"]
    await world.submit("ada", why="for the cake")
    assert "on their way" in world.words("ada")
