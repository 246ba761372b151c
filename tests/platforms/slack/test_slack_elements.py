from __future__ import annotations

from typing import Any

import pytest
from slack_rules import check_view, inputs, words
from slack_samples import HELP, options

from bot.forms import (
    NOT_OBSERVED,
    Choice,
    Choices,
    Day,
    Field,
    Form,
    LongText,
    Number,
    Option,
    People,
    Rating,
    Text,
    Yes,
)
from bot.platforms.slack.elements import suggestions
from bot.platforms.slack.modals import modal


def drawn(field: Field[Any], **more: Any) -> dict[str, Any]:
    view = modal(Form.of("T", field), page=0, token={}, **more)
    check_view(view)
    return inputs(view)[field.key]


@pytest.mark.parametrize(
    ("field", "kind", "action"),
    [
        (Text("f", "L"), "plain_text_input", "text"),
        (LongText("f", "L"), "plain_text_input", "text"),
        (Number("f", "L"), "plain_text_input", "number"),
        (Rating("f", "L"), "radio_buttons", "rating"),
        (Rating("f", "L", low=1, high=10), "radio_buttons", "rating"),
        (Rating("f", "L", low=1, high=10, not_observed=True), "static_select", "rating"),
        (Rating("f", "L", low=0, high=10), "static_select", "rating"),
        (Choice("f", "L", options=options(10)), "radio_buttons", "choice"),
        (Choice("f", "L", options=options(11)), "static_select", "choice"),
        (Choice("f", "L", options=options(101)), "external_select", "choice"),
        (Choices("f", "L", options=options(10)), "checkboxes", "choices"),
        (Choices("f", "L", options=options(11)), "multi_static_select", "choices"),
        (Choices("f", "L", options=options(101)), "multi_external_select", "choices"),
        (Yes("f", "L"), "checkboxes", "yes"),
        (Day("f", "L"), "datepicker", "day"),
        (People("f", "L"), "external_select", "people"),
        (People("f", "L", most=None), "multi_external_select", "people"),
        (People("f", "L", most=3), "multi_external_select", "people"),
    ],
)
def test_each_kind_has_its_element(field: Field[Any], kind: str, action: str) -> None:
    block = drawn(field)
    assert (block["element"]["type"], block["element"]["action_id"]) == (kind, action)
    assert not any(name.startswith("initial") for name in block["element"]), "nothing stands in an untouched field"


def test_an_emptied_field_stays_empty_and_an_untouched_one_keeps_its_start() -> None:
    field = Text("f", "L", start="start")
    assert drawn(field)["element"]["initial_value"] == "start"
    assert "initial_value" not in drawn(field, raw={"f": ""})["element"]
    assert drawn(field, raw={"other": "x"})["element"]["initial_value"] == "start"


def test_an_answer_that_was_refused_is_drawn_as_it_was_typed() -> None:
    assert drawn(Number("f", "L"), raw={"f": "1,250"})["element"]["initial_value"] == "1,250"
    too_long = drawn(Text("f", "L", limit=10), raw={"f": "x" * 20})["element"]
    assert (too_long["initial_value"], too_long["max_length"]) == ("x" * 20, 20)


def test_text_limits_go_to_slack_up_to_its_own() -> None:
    element = drawn(Text("f", "L", limit=9000, min_length=5, multiline=True))["element"]
    assert (element["max_length"], element["min_length"], element["multiline"]) == (3000, 5, True)


def test_rating_points_carry_their_number_and_anchor() -> None:
    points = (Option("1", "Very hard", "It hurt"), Option("2", "Very well"))
    field = Rating("f", "L", points=points, high=2, not_observed=True, start=2)
    shown = drawn(field)["element"]["options"]
    assert [o["text"]["text"] for o in shown] == ["1 · Very hard", "2 · Very well", "Not observed"]
    assert shown[0]["description"]["text"] == "It hurt"
    assert drawn(field)["element"]["initial_option"]["value"] == "2"
    assert drawn(field, raw={"f": NOT_OBSERVED})["element"]["initial_option"]["value"] == NOT_OBSERVED
    assert [o["text"]["text"] for o in drawn(Rating("f", "L", high=3))["element"]["options"]] == ["1", "2", "3"]


def test_long_anchors_stand_in_full_above_the_field() -> None:
    anchor = "Decides well under pressure and explains the decision to those it concerns, in writing."
    points = (Option("1", "Low", "Short"), Option("2", "High", anchor))
    view = modal(Form.of("T", Rating("f", "L", points=points, high=2)), page=0, token={})
    check_view(view)
    assert "2 · High" in words(view["blocks"][0])
    assert anchor in words(view["blocks"][0])
    assert "Short" in words(view["blocks"][0])
    assert not any("description" in option for option in view["blocks"][1]["element"]["options"])


def test_a_long_option_is_shortened_and_stands_in_full_above() -> None:
    label = "Carry on with the migration of the invoices to the new ledger until the end of the quarter"
    view = modal(Form.of("T", Choice("f", "L", options=(Option("a", label), Option("b", "Drop")))), page=0, token={})
    check_view(view)
    assert label in words(view["blocks"][0])
    assert view["blocks"][1]["element"]["options"][0]["text"]["text"].endswith("…")


@pytest.mark.parametrize("key", ["", "k" * 151])
def test_an_option_key_that_slack_refuses_is_refused_here(key: str) -> None:
    with pytest.raises(ValueError, match="option's key"):
        modal(Form.of("T", Choice("f", "L", options=(Option(key, "x"),))), page=0, token={})


def test_a_choice_without_options_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing to choose"):
        modal(Form.of("T", Choice("f", "L")), page=0, token={})


def test_people_start_with_their_names() -> None:
    element = drawn(People("f", "L", most=3), raw={"f": ["u1", "u2"]}, names={"u1": "Ada"})["element"]
    assert [(o["text"]["text"], o["value"]) for o in element["initial_options"]] == [("Ada", "u1"), ("u2", "u2")]
    assert element["max_selected_items"] == 3
    assert element["min_query_length"] == 0
    one = drawn(People("f", "L"), raw={"f": ["u1"]}, names={"u1": "Ada"})["element"]
    assert one["initial_option"]["text"]["text"] == "Ada"


def test_every_field_says_who_will_see_it_however_long_its_help() -> None:
    assert drawn(Text("f", "L", **HELP))["hint"]["text"].endswith("\nWho sees it: You and Grace")
    assert drawn(Text("f", "L", audience="HR"))["hint"]["text"] == "Who sees it: HR"
    assert drawn(Text("f", "L", help="Short"))["hint"]["text"] == "Short"
    assert "hint" not in drawn(Text("f", "L"))
    assert drawn(Text("f", "L", help="x" * 50, audience="y" * 1985))["hint"]["text"].endswith("y" * 1985)
    with pytest.raises(ValueError, match="audience"):
        drawn(Text("f", "L", audience="y" * 2000))


def test_a_box_is_never_required() -> None:
    assert drawn(Yes("f", "L", required=True))["optional"] is True
    assert drawn(Text("f", "L"))["optional"] is False
    assert drawn(Text("f", "L", required=False))["optional"] is True


def test_found_people_are_offered_within_slacks_limits() -> None:
    found = suggestions(Option(f"u{at}", "Ada " * 30) for at in range(120))["options"]
    assert len(found) == 100
    assert all(len(option["text"]["text"]) <= 75 for option in found)
