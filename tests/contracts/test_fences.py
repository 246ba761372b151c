"""Where the environment, the wall clock, a platform's name and the terminal may stand."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterator

import pytest
from house_tree import Module, modules

# The platform is a plural; a team is what people call those they work with.
PLATFORM = re.compile(r"slack|(?<![a-z])teams(?![a-z])", re.IGNORECASE)
ROOMS_WITHOUT_PLATFORMS = ("bot.handlers", "bot.rules", "bot.storage")
WALL_CLOCK = {
    ("time", "time"), ("time", "time_ns"), ("time", "localtime"), ("time", "gmtime"), ("datetime", "now"),
    ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"),
}  # fmt: skip


def dotted(node: ast.expr) -> tuple[str, ...]:
    if isinstance(node, ast.Attribute):
        return (*dotted(node.value), node.attr)
    return (node.id,) if isinstance(node, ast.Name) else ("",)


def attributes(module: Module) -> Iterator[tuple[int, tuple[str, ...]]]:
    return ((node.lineno, dotted(node)) for node in ast.walk(module.tree) if isinstance(node, ast.Attribute))


def imported_names(module: Module) -> Iterator[tuple[int, tuple[str, ...]]]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, (node.module or "", alias.name)) for alias in node.names)


def environment(module: Module) -> Iterator[int]:
    for line, names in (*attributes(module), *imported_names(module)):
        if names[-2:] in {("os", "environ"), ("os", "environb"), ("os", "getenv"), ("os", "putenv")}:
            yield line


def wall_clock(module: Module) -> Iterator[int]:
    for line, names in attributes(module):
        if names[-2:] in WALL_CLOCK:
            yield line
    for line, (source, name) in imported_names(module):
        if source == "time" and ("time", name) in WALL_CLOCK:
            yield line


def printing(module: Module) -> Iterator[int]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
            yield node.lineno


FENCES: dict[str, tuple[Callable[[Module], Iterator[int]], str]] = {
    "the environment": (environment, "bot.settings"),
    "the wall clock": (wall_clock, "bot.clock"),
    "print": (printing, "bot.__main__"),
}


@pytest.mark.parametrize("what", FENCES)
def test_stands_only_where_it_belongs(what: str) -> None:
    look, home = FENCES[what]
    wrong = [f"{module.where}:{line}" for module in modules("bot") if module.name != home for line in look(module)]
    assert wrong == []


@pytest.mark.parametrize("what", ["the environment", "the wall clock"])
def test_the_fence_sees_what_stands_in_its_own_room(what: str) -> None:
    look, home = FENCES[what]
    assert [line for module in modules("bot") if module.name == home for line in look(module)]


def platform_words(text: str) -> list[str]:
    """Lines that name a platform; a string that is nothing but an address's value is let through."""
    found = []
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        whole = token.type == tokenize.STRING and token.string.strip("\"'") in ("slack", "teams")
        if (
            token.type in (tokenize.STRING, tokenize.NAME, tokenize.COMMENT)
            and not whole
            and PLATFORM.search(token.string)
        ):
            found.append(f"{token.start[0]}: {token.string[:60]}")
    return found


def test_no_platform_is_named_in_handlers_rules_or_storage() -> None:
    wrong = [
        f"{module.where}:{found}"
        for module in modules("bot")
        if module.name.startswith(ROOMS_WITHOUT_PLATFORMS)
        for found in platform_words(module.text)
    ]
    assert wrong == []


def test_the_words_are_found_in_names_texts_and_comments() -> None:
    assert platform_words("slack_user = 1  # for Teams\n") == ["1: slack_user", "1: # for Teams"]
    assert platform_words('x = "a Slack workspace"\n') == ['1: "a Slack workspace"']
    assert platform_words('platform == "slack"\nsteams = 1\n') == []
    assert platform_words('say("Your team")\nteam_week = 1\n') == []
    assert platform_words("teams_user = 1\n") == ["1: teams_user"]
