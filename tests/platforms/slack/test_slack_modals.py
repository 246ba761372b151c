from __future__ import annotations

import json
from dataclasses import replace

import pytest
from slack_rules import check_view, inputs, words

from bot.forms import (
    Form,
    Group,
    Number,
    ShowIf,
    Text,
    Yes,
)
from bot.platforms.slack.modals import ADD, BACK, modal


def test_hidden_fields_are_not_drawn_and_watched_ones_report_a_change() -> None:
    blocked = Yes("blocked", "Blocked?")
    by = Text("by", "By what?", show_if=ShowIf("blocked", equals=True))
    form = Form.of("T", blocked, by)
    closed = inputs(modal(form, page=0, token={}))
    assert set(closed) == {"blocked"}
    assert closed["blocked"]["dispatch_action"] is True
    opened = inputs(modal(form, page=0, token={}, raw={"blocked": True}))
    assert set(opened) == {"blocked", "by"}
    assert "dispatch_action" not in opened["by"]
    assert set(inputs(modal(form.filled({"blocked": True}), page=0, token={}))) == {"blocked", "by"}


def test_pages_are_turned_and_only_the_last_one_sends() -> None:
    form = Form("A review of the whole last quarter", ((Text("a", "A"),), (Text("b", "B"),), (Text("c", "C"),)))
    views = [modal(form, page=page, token={}) for page in range(3)]
    for view in views:
        check_view(view)
    assert [view["submit"]["text"] for view in views] == ["Next", "Next", "Send"]
    assert ["Back" in words(view["blocks"]) for view in views] == [False, True, True]
    assert views[2]["blocks"][-1]["elements"][0]["action_id"] == BACK
    assert "Page 2 of 3" in words(views[1]["blocks"])
    assert all(view["blocks"][0]["text"]["text"] == form.title for view in views)
    assert modal(replace(form, submit="Share"), page=2, token={})["submit"]["text"] == "Share"


def test_a_page_whose_fields_are_all_hidden_is_still_a_view() -> None:
    field = Text("a", "A", show_if=ShowIf("b", equals=True))
    check_view(modal(Form.of("T", field), page=0, token={}))


def test_a_field_drawn_afresh_stands_under_a_new_block_id() -> None:
    form = Form.of("T", Text("next", "Next"), Text("other", "Other"))
    view = modal(form, page=0, token={}, raw={"next": "typed\nline"}, fresh={"next": 2})
    assert list(inputs(view)) == ["next~2", "other"]
    assert inputs(view)["next~2"]["element"]["initial_value"] == "typed\nline"


@pytest.mark.parametrize("key", ["a~1", "k" * 256])
def test_a_key_that_could_not_be_read_back_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="key of a field"):
        modal(Form.of("T", Text(key, "L")), page=0, token={})


def test_the_token_goes_along_and_no_answer_does() -> None:
    view = modal(Form.of("T", Text("f", "L")), page=0, token={"ask": "1", "ids": ["a"]}, raw={"f": "secret"})
    assert json.loads(view["private_metadata"]) == {"ask": "1", "ids": ["a"]}
    with pytest.raises(ValueError, match="token"):
        modal(Form.of("T", Text("f", "L")), page=0, token={"a": "x" * 3000})


GOALS = Group(
    "goals", "Goals", fields=(Text("title", "Title"), Number("target", "Target", required=False)), least=1, most=3
)


def test_a_group_shows_its_entries_and_room_for_one_more() -> None:
    view = modal(Form.of("T", GOALS), page=0, token={}, raw={"goals": [{"title": "a"}, {"title": "b", "target": "3"}]})
    check_view(view)
    shown = inputs(view)
    assert list(shown) == ["goals.0.title", "goals.0.target", "goals.1.title", "goals.1.target"]
    assert shown["goals.1.title"]["label"]["text"] == "Title (2)"
    assert shown["goals.1.target"]["element"]["initial_value"] == "3"
    assert shown["goals.1.target"]["element"]["action_id"] == "entry.number"
    assert [shown[key]["optional"] for key in shown] == [False, True, True, True]
    add = view["blocks"][-1]["elements"][0]
    assert (add["action_id"], add["value"]) == (ADD, "goals")


@pytest.mark.parametrize(("asked", "shown"), [(0, 1), (2, 2), (3, 3), (9, 3)])
def test_the_token_says_how_many_entries_stand(asked: int, shown: int) -> None:
    view = modal(Form.of("T", GOALS), page=0, token={"groups": {"goals": asked}})
    check_view(view)
    assert len(inputs(view)) == shown * 2
    assert ("Add another" in words(view)) is (shown < 3)


def test_an_optional_group_requires_nothing() -> None:
    view = modal(Form.of("T", replace(GOALS, least=0, required=False)), page=0, token={})
    assert all(block["optional"] for block in inputs(view).values())


def test_two_groups_on_a_page_do_not_meet() -> None:
    check_view(modal(Form.of("T", GOALS, replace(GOALS, key="risks")), page=0, token={}))


def test_a_group_is_drawn_afresh_as_a_whole() -> None:
    view = modal(Form.of("T", GOALS), page=0, token={}, fresh={"goals": 1})
    assert list(inputs(view)) == ["goals.0.title~1", "goals.0.target~1"]
