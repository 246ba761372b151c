from __future__ import annotations

from dataclasses import replace

import pytest
from card_rules import actions, by_id, check_card, words
from hostile_texts import HOSTILE, as_shown
from sent_forms import as_sent
from slack_rules import Json
from slack_samples import ADA, NASTY

from bot.engine.events import Token
from bot.forms import Choice, Form, Group, LongText, Note, Number, Option, People, Rating, ShowIf, Text, Yes
from bot.messages import Message
from bot.platforms.teams.dialogs import form_card, message_dialog
from bot.platforms.teams.raw import read_dialog

TOKEN = Token("checkin", (ADA,), "1", 0, ADA)


def drawn(form: Form, page: int = 0, **more: object) -> Json:
    card = form_card(form, page=page, token=replace(TOKEN, page=page), **more)  # type: ignore[arg-type]
    check_card(card)
    return card


def acts(card: Json) -> dict[str, str]:
    return {one["data"]["rapport"]["act"]: one["title"] for one in actions(card)}


def test_pages_are_turned_and_only_the_last_one_sends() -> None:
    form = Form("A review of the whole last quarter, by those who were in it", tuple((Text(k, k),) for k in "abc"))
    cards = [drawn(form, page) for page in range(3)]
    assert [acts(card) for card in cards] == [
        {"next": "Next"},
        {"next": "Next", "back": "Back"},
        {"submit": "Send", "back": "Back"},
    ]
    assert "Page 2 of 3" in words(cards[1])
    assert all(words(card).startswith(form.title) for card in cards)
    assert acts(drawn(replace(form, submit="Share"), 2))["submit"] == "Share"
    assert [one["data"]["rapport"]["form"]["page"] for one in actions(cards[2])] == [2, 2]


def test_the_token_goes_along_and_no_answer_does() -> None:
    card = drawn(Form.of("T", Text("f", "L")), raw={"f": "secret"})
    (send,) = actions(card)
    assert send["data"] == {"rapport": {"form": TOKEN.pack(), "act": "submit", "fields": {"f": "text"}}}
    assert by_id(card)["f"]["value"] == "secret"


@pytest.mark.parametrize("token", [replace(TOKEN, phrase="a\x00"), replace(TOKEN, ids=("x" * 2000,))])
def test_a_token_that_could_not_be_read_back_is_refused(token: Token) -> None:
    with pytest.raises(ValueError, match="token"):
        form_card(Form.of("T", Text("f", "L")), page=0, token=token)


BLOCKED = Yes("blocked", "Blocked?")
BY = Text("by", "By what?", show_if=ShowIf("blocked", equals=True))


def test_after_next_there_is_always_another_page_and_after_send_perhaps_one_question_more() -> None:
    perhaps = Form("T", ((BLOCKED,), (BY,)))
    assert acts(drawn(perhaps)) == {"submit": "Send"}
    assert acts(drawn(perhaps, raw={"blocked": True})) == {"submit": "Send"}
    assert "Page" not in words(drawn(perhaps))
    assert acts(drawn(perhaps, 1, raw={"blocked": True})) == {"submit": "Send", "back": "Back"}
    assert acts(drawn(Form("T", ((BLOCKED,), (BY, Text("more", "More")))))) == {"next": "Next"}
    chained = replace(BY, key="who", show_if=ShowIf("by", answered=True))
    assert acts(drawn(Form("T", ((BLOCKED,), (BY,), (chained,))), raw={"blocked": True})) == {"submit": "Send"}


def test_a_page_that_is_hidden_is_not_counted() -> None:
    form = Form("T", ((BLOCKED,), (BY,), (Text("more", "More"),)))
    assert "Page 2 of 2" in words(drawn(form, 2))
    assert "Page 3 of 3" in words(drawn(form, 2, raw={"blocked": True}))
    assert "Page 1 of 2" in words(drawn(form)), "not yet known"


def test_a_page_without_fields_is_still_a_card() -> None:
    assert "Nothing is asked here." in words(drawn(Form.of("T", BY)))


def test_an_error_stands_under_its_field() -> None:
    form = Form.of("T", Text("a", "A", help="Help"), Group("g", "G", fields=(Text("t", "T"),), most=1), Text("b", "B"))
    card = drawn(form, errors={"a": "Too short: " + NASTY, "g": "At least one.", "b": "x" * 900})
    read = words(card).split("\n")
    assert read[:3] == ["A *", "Too short: " + NASTY, "Help"]
    assert read[3:6] == ["G *", "At least one.", "T *"]
    assert len(read[7]) <= 240
    runs = [run for part in card["body"] for run in part.get("inlines", ()) if run.get("color") == "attention"]
    assert len(runs) == 3


def test_what_is_wrong_with_the_whole_or_with_another_page_stands_on_top() -> None:
    form = Form("T", ((Text("a", "A"),), (Text("b", "B"),)))
    assert words(drawn(form, errors={"": "Changed meanwhile."})).startswith("Changed meanwhile.\n")
    assert words(drawn(form, notice="Try again.", errors={"b": "Missing."})).startswith("Try again.\nMissing.\n")
    both = words(drawn(form, errors={"a": "Too short.", "b": "Missing."}))
    assert "Missing." not in both
    assert both.split("\n")[2] == "Too short."


GOALS = Group(
    "goals", "Goals", fields=(Text("title", "Title"), Number("target", "Target", required=False)), least=1, most=3
)


def test_what_is_wrong_inside_an_entry_stands_under_its_input() -> None:
    group = Group("g", "Goals", fields=(Text("title", "Title"), Text("to", "To")))
    raw = {"g": [{"title": "a", "to": "1"}, {"title": "b", "to": "2"}]}
    said = words(drawn(Form.of("T", group), raw=raw, errors={group.inside(0, group.fields[1]).key: "No number."}))
    assert "To (1) *\nNo number.\nTitle (2)" in said
    assert not said.startswith("No number.")


def test_a_group_shows_its_entries_and_room_for_one_more() -> None:
    card = drawn(Form.of("T", GOALS), raw={"goals": [{"title": "a"}, {"title": "b", "target": "3"}]})
    shown = by_id(card)
    assert list(shown) == ["goals.0.title", "goals.0.target", "goals.1.title", "goals.1.target"]
    assert [one["label"] for one in shown.values()] == ["Title (1) *", "Target (1)", "Title (2)", "Target (2)"]
    assert shown["goals.1.target"]["value"] == "3"
    assert acts(card) == {"add:goals": "Add another", "submit": "Send"}


@pytest.mark.parametrize(("asked", "shown"), [(0, 1), (2, 2), (3, 3), (9, 3)])
def test_the_token_says_how_many_entries_stand(asked: int, shown: int) -> None:
    card = form_card(Form.of("T", GOALS), page=0, token=replace(TOKEN, groups={"goals": asked}))
    check_card(card)
    assert len(by_id(card)) == shown * 2
    assert ("Add another" in words(card)) is (shown < 3)


def test_an_optional_group_marks_nothing_and_two_groups_do_not_meet() -> None:
    optional = replace(GOALS, least=0, required=False)
    assert "*" not in words(drawn(Form.of("T", optional)))
    assert len(by_id(drawn(Form.of("T", GOALS, replace(GOALS, key="risks"))))) == 4


def test_an_explanation_stands_once_above_the_entries_of_a_group() -> None:
    level = Choice("level", "Level", options=(Option("a", "Low", "Explained"), Option("b", "High")))
    group = Group("g", "G", fields=(Text("t", "T"), level, Note("n", "Read")), least=3)
    assert words(drawn(Form.of("T", group))).count("Explained") == 1


def test_a_note_may_stand_out() -> None:
    card = drawn(Form.of("T", Note("a", "Quiet"), Note("b", "Loud", strong=True)))
    assert [part["inlines"][0].get("weight") for part in card["body"]] == [None, "bolder"]


def test_what_is_stored_gives_way_to_what_is_typed_where_both_do_not_fit() -> None:
    stored = tuple(Note(f"n{at}", "é" * 3000) for at in range(5))
    card = drawn(Form.of("T", *stored, LongText("f", "L")), raw={"f": "🎉" * 3000})
    assert by_id(card)["f"]["value"] == "🎉" * 3000
    assert words(card).count("…") == 5


def test_a_text_far_over_its_limit_gives_way_only_where_it_must() -> None:
    field = LongText("f", "L", limit=500)
    long = dict.fromkeys("abc", "🎉" * 3000)
    assert by_id(drawn(Form.of("T", replace(field, key="a")), raw=long))["a"]["value"] == long["a"]
    three = Form.of("T", *(replace(field, key=key) for key in "abc"))
    assert [one["value"] for one in by_id(drawn(three, raw=long)).values()] == ["🎉" * 500] * 3


def test_a_page_that_teams_could_not_show_is_refused() -> None:
    form = Form.of("Review", *(LongText(key, "L", start="🎉" * 3000) for key in "abc"))
    with pytest.raises(ValueError, match="page 1"):
        drawn(form)


def test_an_empty_dialog_still_says_something() -> None:
    card = message_dialog(Message(), ADA, frozenset(), None)
    check_card(card)
    assert words(card) == "Nothing here yet."


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text)[:20])
def test_whatever_was_typed_stays_text_in_a_form_and_comes_back(text: str) -> None:
    told = {"help": text[:200], "audience": text[:200]}
    options = (Option("a", text, text), Option("b", "B"))
    fields = (
        *(Text("text", text, **told), Rating("rating", text, points=options), Choice("choice", text, options=options)),
        *(Yes("yes", text), People("who", text), Note("note", text), Group("g", text, fields=(Text("t", text),))),
    )
    for field in fields:
        raw = {"text": text, "who": ["u1"], "g": [{"t": text}]}
        card = drawn(
            Form.of(text, field, submit=text), raw=raw, names={"u1": text}, errors={field.key: text}, notice=text
        )
        back = read_dialog(as_sent(card)).raw
        assert back.get("text", as_shown(text)) == as_shown(text)
        assert back.get("g", [{"t": as_shown(text)}]) == [{"t": as_shown(text)}]
