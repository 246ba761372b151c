from __future__ import annotations

import json
from typing import Any

import pytest
from card_rules import by_id, check_card, words
from slack_rules import Json
from slack_samples import ADA, HELP, options

from bot.engine.events import Token
from bot.forms import (
    NOT_OBSERVED,
    Choice,
    Choices,
    Day,
    Field,
    Form,
    Group,
    LongText,
    Note,
    Number,
    Option,
    People,
    Rating,
    Text,
    Yes,
)
from bot.platforms.teams.dialogs import form_card
from bot.platforms.teams.elements import suggestions

TOKEN = Token("checkin", (ADA,), "1", 0, ADA)


def card_of(field: Field[Any], **more: Any) -> Json:
    card = form_card(Form.of("T", field), page=0, token=TOKEN, **more)
    check_card(card)
    return card


def drawn(field: Field[Any], **more: Any) -> Json:
    return by_id(card_of(field, **more))[field.key]


def short(count: int) -> tuple[Option, ...]:
    return tuple(Option(f"k{at}", f"Label {at}") for at in range(count))


@pytest.mark.parametrize(
    ("field", "kind", "style", "many"),
    [
        (Text("f", "L"), "Input.Text", None, None),
        (LongText("f", "L"), "Input.Text", None, None),
        (Number("f", "L"), "Input.Text", None, None),
        (Rating("f", "L"), "Input.ChoiceSet", "expanded", False),
        (Rating("f", "L", low=1, high=10), "Input.ChoiceSet", "expanded", False),
        (Rating("f", "L", low=0, high=10), "Input.ChoiceSet", "filtered", False),
        (Choice("f", "L", options=short(10)), "Input.ChoiceSet", "expanded", False),
        (Choice("f", "L", options=short(11)), "Input.ChoiceSet", "filtered", False),
        (Choices("f", "L", options=short(10)), "Input.ChoiceSet", "expanded", True),
        (Choices("f", "L", options=short(11)), "Input.ChoiceSet", "filtered", True),
        (Yes("f", "L"), "Input.Toggle", None, None),
        (Day("f", "L"), "Input.Date", None, None),
        (People("f", "L"), "Input.ChoiceSet", "filtered", False),
        (People("f", "L", most=3), "Input.ChoiceSet", "filtered", True),
    ],
)
def test_each_kind_has_its_input(field: Field[Any], kind: str, style: str | None, many: bool | None) -> None:
    shown = drawn(field)
    assert (shown["type"], shown.get("style"), shown.get("isMultiSelect")) == (kind, style, many)
    assert shown.get("value") == ("false" if isinstance(field, Yes) else None), "nothing stands in an untouched field"


def test_what_is_required_is_marked_and_never_held_back_by_the_client() -> None:
    assert drawn(Text("f", "L"))["label"] == "L *"
    assert drawn(Text("f", "L", required=False))["label"] == "L"
    assert drawn(Yes("f", "L", required=True))["label"] == "L", "an empty box is an answer"
    assert "isRequired" not in json.dumps(card_of(Text("f", "L", min_length=3)))


def test_an_emptied_field_stays_empty_and_an_untouched_one_keeps_its_start() -> None:
    field = Text("f", "L", start="start")
    assert drawn(field)["value"] == "start"
    assert "value" not in drawn(field, raw={"f": ""})
    assert drawn(field, raw={"other": "x"})["value"] == "start"


def test_an_answer_that_was_refused_is_drawn_as_it_was_typed() -> None:
    assert drawn(Number("f", "L"), raw={"f": "1,250"})["value"] == "1,250"
    too_long = drawn(Text("f", "L", limit=10), raw={"f": "🎉" * 20})
    assert (too_long["value"], too_long["maxLength"]) == ("🎉" * 20, 40)


def test_a_sign_that_no_card_can_carry_is_seen_in_its_place() -> None:
    assert drawn(Text("f", "L"), raw={"f": "a\x00b\ud800c\r\nd"})["value"] == "a\ufffdb\ufffdc\nd"


def test_text_limits_go_to_teams() -> None:
    shown = drawn(LongText("f", "L", limit=1500))
    assert (shown["maxLength"], shown["isMultiline"]) == (1500, True)
    assert drawn(Text("f", "L", limit=9000))["maxLength"] == 3000
    assert drawn(Text("f", "L"))["isMultiline"] is False


def test_rating_points_carry_their_number_and_their_explanation_stands_above() -> None:
    points = (Option("1", "Very hard", "It hurt"), Option("2", "Very well"))
    field = Rating("f", "L", points=points, high=2, not_observed=True, start=2)
    shown = drawn(field)
    assert [one["title"] for one in shown["choices"]] == ["1 · Very hard", "2 · Very well", "Not observed"]
    assert shown["value"] == "2"
    assert drawn(field, raw={"f": NOT_OBSERVED})["value"] == NOT_OBSERVED
    assert words(card_of(field)).startswith("1 · Very hard\n\nIt hurt\nL *")
    assert [one["title"] for one in drawn(Rating("f", "L", high=3))["choices"]] == ["1", "2", "3"]


def test_a_long_option_is_shortened_and_stands_in_full_above() -> None:
    label = "Carry on with the migration of the invoices to the new ledger " * 3
    card = card_of(Choice("f", "L", options=(Option("a", label), Option("b", "Drop"))))
    assert label in words(card)
    assert by_id(card)["f"]["choices"][0]["title"].endswith("…")


def test_a_list_too_long_for_a_card_is_searched_and_keeps_what_is_picked() -> None:
    for many in (short(101), options(90, key=36)):
        field = Choices("f", "L", options=many, start=(many[7].key, many[80].key))
        shown = drawn(field)
        assert shown["choices.data"]["type"] == "Data.Query"
        assert [one["value"] for one in shown["choices"]] == shown["value"].split(",") == [many[7].key, many[80].key]


@pytest.mark.parametrize("key", ["", "k" * 81, "a,b"])
def test_an_option_key_that_could_not_be_read_back_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="option's key"):
        card_of(Choice("f", "L", options=(Option(key, "x"),)))


def test_a_choice_without_options_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing to choose"):
        card_of(Choice("f", "L"))


@pytest.mark.parametrize("key", ["rapport", "msteams", "a,b"])
def test_a_key_that_is_taken_by_the_action_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="key of a field"):
        card_of(Text(key, "L"))


def test_a_kind_that_nobody_draws_is_named() -> None:
    with pytest.raises(TypeError, match="Field"):
        card_of(Field[str]("new", "New"))


def test_people_start_with_their_names_and_are_searched() -> None:
    shown = drawn(People("f", "L", most=3), raw={"f": ["u1", "u2"]}, names={"u1": "Ada [x](https://evil.example)"})
    assert [one["title"].replace("\u2060", "") for one in shown["choices"]] == ["Ada [x](https://evil.example)", "u2"]
    assert shown["value"] == "u1,u2"
    assert json.loads(shown["choices.data"]["dataset"]) == [TOKEN.pack(), "f"]


def test_people_in_a_group_are_searched_for_the_group() -> None:
    group = Group("actions", "L", fields=(Text("what", "What"), People("who", "Who")))
    shown = by_id(card_of(group))["actions.0.who"]
    assert json.loads(shown["choices.data"]["dataset"])[1] == "actions"


def test_every_field_says_who_will_see_it_however_long_its_help() -> None:
    assert words(card_of(Text("f", "L", **HELP))).split("\nSend")[0].endswith("\nWho sees it: You and Grace")
    assert "\nWho sees it: HR\n" in words(card_of(Text("f", "L", audience="HR")))
    assert "\nShort\n" in words(card_of(Note("n", "L", help="Short")))
    assert words(card_of(Text("f", "L"))) == "L *\nSend"
    assert "y" * 2400 in words(card_of(Text("f", "L", help="x" * 50, audience="y" * 2400)))
    with pytest.raises(ValueError, match="audience"):
        card_of(Text("f", "L", audience="y" * 2600))


def test_found_people_are_offered_as_choices() -> None:
    found = suggestions([Option("u1", "Ada " * 100), Option("u2", "Grace")])
    assert [one["value"] for one in found] == ["u1", "u2"]
    assert len(found[0]["title"]) <= 160
