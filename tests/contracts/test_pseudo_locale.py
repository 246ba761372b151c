"""No sentence bypasses the catalogues: what people see is drawn in a made-up language, and nothing plain is left."""

from __future__ import annotations

import ast
import dataclasses
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import content_forms
import pseudo
import pytest
import world as worlds
from house_tree import Module, modules
from story import STRANGER, Story
from story_between import Between
from story_team import Team

from bot import texts
from bot.conversation import Context, Conversation, Registry, Reply, problems
from bot.forms import Form, Note, Problem
from bot.messages import Button, Message, Row
from bot.platforms.slack.blocks import dialog, home_view, message_blocks, message_text
from bot.platforms.slack.modals import modal
from bot.platforms.slack.permissions import SCOPES
from bot.questions import QuestionSet, description_of
from desk import company

# What stays as it is in every language: names of people, places and files, words to be typed.
NAMES = [one for name in worlds.PEOPLE.values() for one in (name, name.split()[0])]
PLACES = ["Europe/Lisbon", "Europe/Berlin", "America/New_York"]
ADDRESSES = [company.person(name).email for name in worlds.PEOPLE.values()]
DEPARTMENTS = sorted({company.person(name).department for name in worlds.PEOPLE.values()})
# What each language is called by those who speak it.
LANGUAGES = ["English", "Deutsch"]
FILES = ["my-data.html", "my-data.json"]


def proper(registry: Registry) -> list[str]:
    typed = [one for phrase in registry.words for one in (f"/{phrase}", phrase.removeprefix("review "))]
    return [*ADDRESSES, *NAMES, *PLACES, *DEPARTMENTS, *LANGUAGES, *FILES, *SCOPES, *typed]


@pytest.fixture
def house_locale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with pseudo.shipped(tmp_path, monkeypatch) as locale:
        yield locale


async def everybody_speaks(chat: worlds.World, locale: str, *users: str) -> pseudo.Screens:
    space = chat.desk.workspace
    pseudo.speak(space, users or list(space.members), locale)
    await chat.app.read_directory()
    return pseudo.Screens(space)


def bare(screens: pseudo.Screens, chat: worlds.World) -> dict[str, list[str]]:
    known = proper(chat.app.engine.registry)
    # "Given" is the test's own message, in which a button is handed to someone.
    texts = {text for _, text in screens.shown if text != "Given"}
    return {text: found for text in texts if (found := pseudo.bare(text, known))}


@pytest.mark.parametrize("story", [Story, Between, Team])
async def test_a_whole_story_shows_no_bare_sentence_and_each_person_their_own_language(
    chat: worlds.World, house_locale: str, story: type[Story]
) -> None:
    grace = chat.user("grace")
    pseudo.speak(chat.desk.workspace, [grace], pseudo.OTHER)
    others = [one for one in chat.desk.workspace.members if one != grace]
    screens = await everybody_speaks(chat, house_locale, *others)
    await story(chat, house_locale, {"grace": pseudo.OTHER}).told()
    assert bare(screens, chat) == {}
    assert len({text for _, text in screens.shown}) > 150
    for whose, text in screens.shown:
        own = pseudo.OTHER if whose == grace else pseudo.LOCALE
        assert pseudo.spoken(text) <= {own}, text
    assert {pseudo.OTHER} in map(pseudo.spoken, screens.of(grace))
    stranger = next(one.id for one in chat.desk.workspace.members.values() if one.name == STRANGER)
    assert screens.of(stranger) or story is not Story


class Bare(Conversation):
    """What the tests above are there to find."""

    name = "help"
    words = ("review help",)

    def open(self, ctx: Context) -> Form | Reply:
        return Reply(Message(f"Welcome, {ctx.person.name}", ("1 of 2",), buttons=(Button("Edit", "help"),)))


async def test_a_bare_sentence_is_found(chat: worlds.World, house_locale: str) -> None:
    screens = await everybody_speaks(chat, house_locale)
    engine = chat.app.engine
    one = Bare()
    registry = Registry(
        {**engine.registry.conversations, one.name: one}, {**engine.registry.words, "review help": one},
        engine.registry.parts,
    )  # fmt: skip
    engine.house = dataclasses.replace(engine.house, registry=registry)
    await chat.command("ada", "/review", "help")
    assert bare(screens, chat) == {
        "Welcome, Ada Byron": ["Welcome"],
        "1 of 2": ["of"],
        "Edit": ["Edit"],
        "Welcome, Ada Byron\n1 of 2": ["Welcome", "of"],
    }


def test_a_bare_word_inside_a_sentence_and_a_date_of_another_language_are_found() -> None:
    assert pseudo.bare(f"{pseudo.marked('Left out: {reason}.')}".format(reason="Nothing new")) == ["Nothing", "new"]
    assert pseudo.bare(f"{pseudo.marked('open until')} Fri 27 Nov, 16:00") == ["Fri", "Nov"]
    assert pseudo.bare("Adam &amp; Eve") == ["Adam", "Eve"]
    assert pseudo.bare("Adam, Ada, /review help, help", ["Ada", "help", "/review help"]) == ["Adam"]
    both = pseudo.marked("open until") + pseudo.marked("Help", pseudo.OTHER)
    assert pseudo.spoken(both) == {pseudo.LOCALE, pseudo.OTHER}


@pytest.mark.parametrize("qs", content_forms.SETS, ids=lambda qs: qs.key)
def test_every_form_of_a_shipped_question_set_is_in_the_catalogue(qs: QuestionSet, in_pseudo: str) -> None:
    shown = {text for view in content_forms.drawn(qs) for text in pseudo.read(view)} | {description_of(qs)}
    assert len(shown) > 3
    assert {text: found for text in shown if (found := pseudo.bare(text, NAMES))} == {}


@pytest.fixture
def in_pseudo(house_locale: str) -> Iterator[str]:
    with texts.reader(house_locale):
        yield house_locale


@pytest.mark.parametrize("code", problems.PROBLEMS)
def test_every_problem_of_a_field_is_told_in_the_readers_words(code: str, in_pseudo: str) -> None:
    figures = dict.fromkeys(re.findall(r"\{(\w+)\}", problems.PROBLEMS[code]), "12.5")
    told = problems.problem(Problem.of(code, **figures), date(2026, 11, 26))
    assert pseudo.bare(told) == []
    if set(figures) - set(problems.TYPED):
        assert "12,5" in told, "a decimal is drawn in the reader's way"


def test_what_slack_needs_beside_our_words_is_in_the_catalogue(in_pseudo: str) -> None:
    nothing, sure = Message(""), Message("1", buttons=(Button("2", "help", confirm="3"),))
    long = Message("1", rows=tuple(Row((str(at),), (Button("1", "help"),)) for at in range(200)))
    drawn = [
        dialog(nothing, "", {}), home_view(nothing, ""), {"text": message_text(nothing)}, message_blocks(sure, ""),
        message_blocks(long, ""), modal(Form("", ((), (Note("n", "1"),), ())), page=0, token={}),
        modal(Form("", ((), (Note("n", "1"),), ())), page=1, token={}),
    ]  # fmt: skip
    shown = {text for each in drawn for text in pseudo.read(each)}
    assert {text for text in shown if pseudo.bare(text)} == set()
    assert len(shown) > 10


SPEAKING = ("bot.handlers", "bot.engine", "bot.conversation", "bot.questions", "bot.platforms")
NOUNS = {"Message", "Section", "Fact", "Bar", "Row", "Button", "Strong", "Link", "Note", "Text", "LongText", "Rating"}
NOUNS |= {"Choice", "Choices", "Yes", "Day", "Number", "People", "Group", "of", "Option", "plain", "context"}


def literals(module: Module) -> Iterator[tuple[int, str]]:
    """Words written directly into what people see."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", "") or getattr(node.func, "id", "")
            given = [*node.args, *(one.value for one in node.keywords)] if name in NOUNS else []
            flat = [one for arg in given for one in (arg.elts if isinstance(arg, ast.Tuple) else [arg])]
            yield from ((node.lineno, text) for one in flat if (text := written(one)))


def written(node: ast.expr) -> str:
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    texts = [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    # Keys and names of conversations are small letters without a blank.
    return next((text for text in texts if re.search(r"[A-Z][a-z]|[a-z] [a-z]|[a-z] $|^ [a-z]", text)), "")


def test_no_noun_is_given_words_that_are_in_no_catalogue() -> None:
    """Also where no story comes by."""
    found = [
        f"{module.where}:{line}: {text}"
        for module in modules("bot")
        if module.name.startswith(SPEAKING)
        for line, text in literals(module)
    ]
    assert found == []


def test_such_words_are_found(tmp_path: Path) -> None:
    path = tmp_path / "bare.py"
    path.write_text('Button("Edit", "help")\nMessage(say("Saved"), (f"until {day}", f"up to {n}"), note="Not yet")\n')
    assert list(literals(Module("bare", path))) == [(1, "Edit"), (2, "until "), (2, "up to "), (2, "Not yet")]
