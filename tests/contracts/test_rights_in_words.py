"""Whoever reads the package reads words: each code of the table of access has one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

import pytest

from bot.access import vocabulary
from bot.conversation.roles import ROLES
from bot.handlers.policy import rights


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        (vocabulary.Kind, rights.KINDS), (vocabulary.Action, rights.ACTIONS), (vocabulary.Phase, rights.PHASES),
        (vocabulary.Audience, rights.AUDIENCES), (vocabulary.Relation, rights.PARTIES),
        (vocabulary.Role, rights.PARTIES),
    ],
)  # fmt: skip
def test_every_code_of_access_has_a_word(codes: Any, words: Mapping[str, str]) -> None:
    assert [code for code in get_args(codes) if not words.get(code)] == []


def test_every_role_of_the_package_has_a_name() -> None:
    assert ROLES.keys() <= rights.PARTIES.keys()
