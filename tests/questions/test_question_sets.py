"""Question sets are stored as canonical JSON and read back equal, with all they need."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.questions import QuestionSet, Role, dump, fields_of, load_all, parse, question_set

NAMES = {"manager": "Grace", "subject": "Ada"}
SETS = list(load_all().sets.values())


@pytest.mark.parametrize("qs", SETS, ids=[qs.key for qs in SETS])
def test_every_shipped_set_comes_back_equal(qs: QuestionSet) -> None:
    again = parse(dump(qs))
    assert again == qs
    assert dump(again) == dump(qs)


def test_a_stored_set_needs_no_file() -> None:
    qs = parse(dump(question_set("manager_review")))
    role = Role(("delivery",), "l2")
    assert fields_of(qs, names=NAMES, role=role) == fields_of(question_set("manager_review"), names=NAMES, role=role)


def test_json_is_canonical_and_leaves_out_what_goes_without_saying() -> None:
    text = dump(question_set("checkin"))
    stored = json.loads(text)
    assert text == json.dumps(stored, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert "confidential" not in stored
    assert "required" not in stored["questions"][1]


@given(
    st.builds(
        replace,
        st.sampled_from(SETS),
        title=st.text(),
        version=st.integers(),
        confidential=st.booleans(),
        min_group=st.none() | st.integers(),
        skip_reasons=st.lists(st.text()).map(tuple),
    )
)
def test_any_words_and_numbers_come_back_equal(qs: QuestionSet) -> None:
    assert parse(dump(qs)) == qs


def broken(**change: Any) -> str:
    return json.dumps({**json.loads(dump(question_set("checkin"))), **change})


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[]", "expected a QuestionSet"),
        ("{}", "needs key, title"),
        (broken(surprise=1), "has no surprise"),
        (broken(title=1), "expected str"),
        (broken(version=True), "expected int"),
        (broken(min_group="5"), "does not fit"),
        (broken(questions={}), "expected a list"),
        (broken(questions=["mood"]), "expected a Question"),
        (broken(framework=[]), "does not fit"),
        ("{", "Expecting"),
    ],
)
def test_other_json_is_refused(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse(text)
