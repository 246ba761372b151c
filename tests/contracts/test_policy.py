"""A switch that switches nothing would be a lie on paper: each has a test that presses it and looks."""

from __future__ import annotations

import ast

from house_tree import ROOT

from bot.conversation.features import FEATURES as WORDS
from bot.conversation.roles import ROLES
from bot.handlers.policy.words import RECORDS
from bot.rules.policy import ASKED_BY, BY_KEY, FEATURES, PRESETS, QUESTIONS
from bot.rules.retention import BY_NAME
from bot.storage.people import ROLES as HELD


def proved() -> set[str]:
    tree = ast.parse((ROOT / "tests" / "handlers" / "test_policy.py").read_text("utf-8"))
    marked = [
        one
        for test in ast.walk(tree)
        if isinstance(test, ast.FunctionDef | ast.AsyncFunctionDef)
        for one in test.decorator_list
        if isinstance(one, ast.Call) and getattr(one.func, "id", "") == "proves"
    ]
    return {str(one.value) for call in marked for one in call.args if isinstance(one, ast.Constant)}


def test_each_switch_has_a_test_that_would_fail_if_it_did_nothing() -> None:
    assert proved() == {one.key for one in FEATURES if one.built}


def test_each_feature_is_told_in_words_and_what_is_built_completely() -> None:
    assert WORDS.keys() == BY_KEY.keys()
    assert [key for key, told in WORDS.items() if BY_KEY[key].built != all(told[1:])] == []


def test_presets_and_questions_name_features_that_there_are() -> None:
    named = {*ASKED_BY.values(), *QUESTIONS, *(key for one in PRESETS.values() for key in one.off)}
    assert named - BY_KEY.keys() == set()


def test_every_role_and_record_of_the_package_has_words() -> None:
    assert set(HELD) <= ROLES.keys()
    assert RECORDS.keys() == BY_NAME.keys()
    assert all(RECORDS.values())
