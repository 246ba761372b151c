"""Conversations are tried on each platform without saying which: no test of a handler or of the engine names one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
ROOMS = ("handlers", "engine")
NAMED = re.compile("slack|teams", re.IGNORECASE)
# Tests of what only one platform has, by file: why.
ONE_PLATFORM = {
    "engine/test_asking.py": "accounts are read from a directory",
    "engine/test_digests.py": "rooms",
    "engine/test_filling.py": "a form changes in place while it is filled in",
    "engine/test_landing.py": "answers that only the presser sees; a dialog that the platform did not open",
    "engine/test_referring.py": "a second account of somebody who has one",
    "handlers/test_accounts.py": "a link by hand holds when a directory is read again",
    "handlers/test_home.py": "one of two accounts that no message reaches",
    "handlers/test_preferences.py": "time zone and language are read from a directory",
    "handlers/test_privacy.py": "permissions by their names",
}


def names(source: str) -> Iterator[str]:
    """What code calls things: fixtures, names, attributes, modules, and texts that are a platform's name alone."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Name(id=name) | ast.arg(arg=name) | ast.Attribute(attr=name) | ast.alias(name=name):
                yield name
            case ast.ImportFrom(module=str(name)):
                yield name
            case ast.Constant(value=str(text)) if text.lower() in ("slack", "teams"):
                yield text


def files() -> list[str]:
    return [str(path.relative_to(TESTS)) for room in ROOMS for path in sorted((TESTS / room).rglob("*.py"))]


@pytest.mark.parametrize("file", files())
def test_no_test_of_a_conversation_names_a_platform(file: str) -> None:
    found = sorted({name for name in names((TESTS / file).read_text("utf-8")) if NAMED.search(name)})
    if file in ONE_PLATFORM:
        assert found, f"{file} names none any more: take it off the list"
    else:
        assert found == []


def test_a_fixture_an_attribute_and_a_word_are_found() -> None:
    assert set(names("async def test_a(slack_chat): slack_chat.desk.teams")) == {"slack_chat", "desk", "teams"}
    assert "slack" in list(names('where == "slack"'))
    assert [name for name in names('text = "Slack says so"') if NAMED.search(name)] == []
