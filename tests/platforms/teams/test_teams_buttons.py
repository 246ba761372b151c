from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from card_rules import actions, check_card, walk
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_rules import Json
from slack_samples import ADA

from bot.engine.events import Token
from bot.messages import Button, Message
from bot.platforms.teams.cards import message_card
from bot.platforms.teams.dialogs import message_dialog
from bot.platforms.teams.raw import read_press

OPENS = frozenset({"checkin"})


def ids(count: int) -> tuple[str, ...]:
    return tuple(f"0190a6e2-6f0d-7c58-9f6f-{at:012}" for at in range(count))


def drawn(*buttons: Button) -> Json:
    card = message_card(Message(buttons=buttons), ADA, OPENS)
    check_card(card)
    return card


def test_buttons_stand_in_rows_of_five() -> None:
    card = drawn(*(Button(f"B{at}", "okr open", at) for at in range(12)))
    assert [len(row["actions"]) for row in card["body"]] == [5, 5, 2]


def test_a_button_brings_back_person_phrase_and_ids() -> None:
    (button,) = actions(drawn(Button("Go", "review.manager", *ids(3))))
    assert read_press(button["data"]) == (ADA, "review.manager", ids(3))
    assert "msteams" not in button["data"]


def test_a_button_that_opens_a_dialog_asks_for_it() -> None:
    (button,) = actions(drawn(Button("Check in", "checkin", ADA)))
    assert button["data"]["msteams"] == {"type": "task/fetch"}
    assert button["associatedInputs"] == "none"
    assert read_press(button["data"]) == (ADA, "checkin", (ADA,))


def test_beside_it_stands_one_that_draws_the_form_in_the_chat_where_that_may_be() -> None:
    button = Button("Check in", "checkin", ADA, style="primary", in_chat=True)
    opening, here = actions(drawn(button))
    assert (here["title"], here["data"]) == ("Answer here", {"rapport": opening["data"]["rapport"]})
    inside = message_dialog(Message(buttons=(button,)), ADA, OPENS, None)
    assert [action["title"] for action in actions(inside)] == ["Check in"]
    assert len(actions(drawn(Button("Other", "other", in_chat=True)))) == 1


def test_a_question_back_stands_before_the_button_itself() -> None:
    card = drawn(Button("Delete", "draft delete", style="danger", confirm="Delete it for good?"))
    (asks,) = card["body"][0]["actions"]
    assert (asks["type"], asks["title"], asks["style"]) == ("Action.ShowCard", "Delete", "destructive")
    assert "data" not in asks
    assert asks["card"]["body"][0]["inlines"][0]["text"] == "Delete it for good?"
    (button,) = asks["card"]["actions"]
    assert (button["title"], button["style"]) == ("Delete", "destructive")
    assert read_press(button["data"]) == (ADA, "draft delete", ())


def test_a_long_label_is_shortened_and_a_style_is_named() -> None:
    plain, go = actions(drawn(Button("x" * 200, "p"), Button("Go", "p", style="primary")))
    assert len(plain["title"]) == 75
    assert "style" not in plain
    assert go["style"] == "positive"


def test_a_button_in_a_dialog_comes_back_to_it() -> None:
    token = Token("inbox", (ADA,), person=ADA)
    message = Message("Feedback", buttons=(Button("Thank", "checkin", ADA),))
    card = message_dialog(message, ADA, OPENS, token)
    check_card(card)
    (button,) = actions(card)
    assert button["data"] == {"rapport": {"press": [ADA, "checkin", [ADA]], "form": token.pack()}}
    assert actions(message_dialog(message, ADA, OPENS, None))[0]["data"] == {
        "rapport": {"press": [ADA, "checkin", [ADA]]}
    }


def test_only_a_long_title_stands_in_the_dialog_itself() -> None:
    for title, blocks in (
        ("Feedback from Grace", 0),
        ("What three colleagues wrote about the migration to the ledger", 1),
    ):
        card = message_dialog(Message(title, ("Line",)), ADA, OPENS, None)
        check_card(card)
        assert [part.get("size") for part in walk(card) if part.get("type") == "TextRun"].count("large") == blocks


@pytest.mark.parametrize("button", [Button("Go", "p", *ids(60)), Button("Go", ""), Button("Go", "p", "a\x00")])
def test_a_button_that_carries_too_much_is_refused(button: Button) -> None:
    with pytest.raises(ValueError, match="carries more"):
        drawn(button)


def test_buttons_that_no_card_can_hold_are_refused() -> None:
    with pytest.raises(ValueError, match="more buttons"):
        drawn(*(Button("Go", "p", *ids(45)) for _ in range(25)))


@pytest.mark.parametrize(
    "data",
    [
        *(
            {},
            {"rapport": None},
            {"rapport": []},
            {"rapport": {}},
            {"rapport": {"press": "p"}},
            {"press": ["p", "q", []]},
        ),
        *({"rapport": {"press": one}} for one in (None, [], ["p"], ["p", "q"], ["p", "q", "r"], ["p", "q", [1]])),
        *({"rapport": {"press": one}} for one in (["p", "q", ["a"], 1], ["p", "", []], [1, "q", []], ["p", 1, []])),
        *({"rapport": {"press": ["p", "q", [one]]}} for one in ("x" * 2000, "\x00", "\ud800", None, ["a"], {})),
    ],
)
def test_anything_else_is_no_button_of_ours(data: Any) -> None:
    with pytest.raises(ValueError, match="not a button"):
        read_press(data)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=10,
)


@settings(deadline=None)
@given(JSON, JSON)
def test_no_data_makes_reading_a_press_fail_otherwise(ours: Any, other: Any) -> None:
    for data in (ours, {"rapport": ours}, {"rapport": {"press": ours, "form": other}}):
        with suppress(ValueError):
            read_press(data)
