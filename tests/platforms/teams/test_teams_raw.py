from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from card_rules import by_id, check_card
from hypothesis import given, settings
from hypothesis import strategies as st
from sent_forms import as_sent
from slack_samples import ADA

from bot.engine.events import Token
from bot.forms import (
    NOT_OBSERVED,
    Choice,
    Choices,
    Day,
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
from bot.platforms.teams.raw import read_dialog, read_search

FEW = tuple(Option(f"k{at}", f"Label {at}") for at in range(5))
MANY = tuple(Option(f"k{at}", f"Label {at}") for at in range(30))
MOST = tuple(Option(f"k{at}", f"Label {at}") for at in range(120))
TOKEN = Token("checkin", (ADA, "2"), "3", 0, ADA)

FORM = Form.of(
    "Everything",
    Text("text", "Text"),
    LongText("long.text", "Long"),
    Note("note", "Read this"),
    Number("number", "Number"),
    Rating("rating", "Rating", not_observed=True),
    Rating("nps", "NPS", low=0, high=10),
    Choice("few", "Few", options=FEW),
    Choice("many", "Many", options=MANY),
    Choice("most", "Most", options=MOST),
    Choices("some", "Some", options=FEW),
    Choices("several", "Several", options=MANY),
    Choices("lots", "Lots", options=MOST),
    Yes("yes", "Yes"),
    Day("day", "Day"),
    People("one", "One"),
    People("people", "People", most=5),
    Group("goals", "Goals", fields=(Text("title", "T"), Number("target.1", "N"), Yes("done", "D")), most=10),
)

TYPED = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=50)
NUMBERS = st.sampled_from(["", "1,250", "3.5", "many"])


def one(options: tuple[Option, ...]) -> st.SearchStrategy[str | None]:
    return st.none() | st.sampled_from([option.key for option in options])


def some(options: tuple[Option, ...]) -> st.SearchStrategy[list[str]]:
    keys = [option.key for option in options]
    return st.sets(st.sampled_from(keys), max_size=20).map(lambda picked: [key for key in keys if key in picked])


ENTRY = st.fixed_dictionaries({"title": TYPED.filter(bool), "target.1": NUMBERS, "done": st.booleans()})
RAW = st.fixed_dictionaries(
    {
        "text": TYPED,
        "long.text": TYPED | st.just("x" * 3000),
        "number": NUMBERS,
        "rating": st.none() | st.sampled_from(["1", "5", NOT_OBSERVED]),
        "nps": st.none() | st.integers(0, 10).map(str),
        "few": one(FEW),
        "many": one(MANY),
        "most": one(MOST),
        "some": some(FEW),
        "several": some(MANY),
        "lots": some(MOST),
        "yes": st.booleans(),
        "day": st.none() | st.dates().map(lambda day: day.isoformat()),
        "one": st.lists(st.uuids().map(str), max_size=1),
        "people": st.lists(st.uuids().map(str), max_size=5, unique=True),
        "goals": st.lists(ENTRY, min_size=1, max_size=10),
    }
)


@settings(deadline=None)
@given(RAW)
def test_what_is_drawn_is_read_back(raw: dict[str, Any]) -> None:
    card = form_card(FORM, page=0, token=TOKEN, raw=raw)
    check_card(card)
    assert read_dialog(as_sent(card)).raw == raw


def test_an_untouched_form_reads_as_no_answers() -> None:
    raw = read_dialog(as_sent(form_card(FORM, page=0, token=TOKEN))).raw
    texts = dict.fromkeys(("text", "long.text", "number"), "")
    picks = dict.fromkeys(("rating", "nps", "few", "many", "most", "day"))
    lists: dict[str, list[str]] = {key: [] for key in ("some", "several", "lots", "one", "people")}
    assert raw == texts | picks | lists | {"yes": False, "goals": [{"title": "", "target.1": "", "done": False}]}


def test_what_is_emptied_and_picked_anew_is_read() -> None:
    card = form_card(FORM, page=0, token=TOKEN, raw={"text": "typed", "yes": True, "some": ["k1"]})
    raw = read_dialog(as_sent(card, typed={"text": "", "yes": "false", "some": "k2,k4", "people": "u1,u2"})).raw
    assert (raw["text"], raw["yes"], raw["some"], raw["people"]) == ("", False, ["k2", "k4"], ["u1", "u2"])
    sent = as_sent(card)
    del sent["yes"]
    assert read_dialog(sent | {"yes": True}).raw["yes"] is True


@pytest.mark.parametrize("act", ["submit", "back", "add:goals"])
def test_the_token_and_the_act_come_back(act: str) -> None:
    form = Form("T", ((Text("a", "A"),), tuple(FORM.fields)))
    found = read_dialog(as_sent(form_card(form, page=1, token=TOKEN), act))
    groups = {"goals": 2 if act == "add:goals" else 1}
    assert (found.token, found.act) == (Token("checkin", (ADA, "2"), "3", 1, ADA, groups), act)


def test_one_more_entry_stands_after_add_another_and_none_is_lost() -> None:
    group = Group("goals", "Goals", fields=(Text("title", "T"),), most=3)
    form, token, raw = Form.of("T", group), TOKEN, {}
    for count in (1, 2, 3):
        card = form_card(form, page=0, token=token, raw=raw)
        check_card(card)
        assert list(by_id(card)) == [f"goals.{at}.title" for at in range(count)]
        found = read_dialog(as_sent(card, "add:goals" if count < 3 else "submit", {"goals.0.title": "First"}))
        token, raw = found.token, found.raw
    assert raw == {"goals": [{"title": "First"}, {"title": ""}, {"title": ""}]}


def test_a_search_names_its_dialog_its_field_and_what_is_typed() -> None:
    card = form_card(FORM, page=0, token=TOKEN)
    dataset = by_id(card)["people"]["choices.data"]["dataset"]
    asked = {"kind": "search", "queryText": "Gra", "queryOptions": {"skip": 0, "top": 15}, "dataset": dataset}
    assert read_search(asked) == (TOKEN, "people", "Gra")
    assert read_search({"dataset": dataset}) == (TOKEN, "people", "")


PACKED = TOKEN.pack()


NEXT: dict[str, Any] = {"form": PACKED, "act": "next", "fields": {}}
TOKENS: list[dict[str, Any]] = [
    *({"page": page} for page in ("1", -1, 100, 1e400, None)),
    *({"ids": ids} for ids in ("ab", [1], ["x" * 2000], None)),
    *({"groups": groups} for groups in ([], {"g": 0}, {"g": 10**6}, {"g": "1"}, {"g\x00": 1})),
    *({"phrase": "a\x00"}, {"phrase": 1}, {"person": None}, {"version": 1}),
]
KINDS = (1, None, "number", {}, [], [1], [0, {"a": "text"}], [101, {"a": "text"}], [1, {}], [1, {"a": 1}], ["1", {}])


@pytest.mark.parametrize(
    "ours",
    [
        *(None, [], "x", {}, {"form": PACKED}, {"form": PACKED, "act": "submit"}, {"form": PACKED, "fields": {}}),
        *(NEXT | {"act": act} for act in ("", "open", "add:", "add:goals", 1, None)),
        *(NEXT | {"form": form} for form in (None, [], "x", {}, {"phrase": "p"})),
        *(NEXT | {"form": PACKED | wrong} for wrong in TOKENS),
        *(NEXT | {"fields": fields} for fields in ([], None, *({"f": kind} for kind in KINDS))),
    ],
)
def test_anything_else_is_no_dialog_of_ours(ours: Any) -> None:
    with pytest.raises(ValueError, match="not a"):
        read_dialog({"rapport": ours})


@pytest.mark.parametrize("kind", ["text", "pick", "list", "yes"])
@pytest.mark.parametrize("value", [1, [], {}, ["a"], 1.5])
def test_an_answer_that_no_input_gives_is_refused(kind: str, value: object) -> None:
    ours = {"form": PACKED, "act": "submit", "fields": {"f": kind}}
    with pytest.raises(ValueError, match="not an answer"):
        read_dialog({"rapport": ours, "f": value})


@pytest.mark.parametrize(
    "value",
    [
        *({}, {"queryText": "x"}, {"dataset": None}, {"dataset": ""}, {"dataset": "x"}, {"dataset": "[" * 9000}),
        *({"dataset": json.dumps(one)} for one in ([], {}, [PACKED], [PACKED, ""], [PACKED, 1], [{}, "f"], "x")),
    ],
)
def test_anything_else_is_no_search_of_ours(value: Any) -> None:
    with pytest.raises(ValueError, match=r"not a|Expecting"):
        read_search(value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=10,
)


@settings(deadline=None)
@given(st.sampled_from([*PACKED, ""]), JSON, st.sampled_from(["form", "act", "fields", ""]), JSON)
def test_no_data_makes_reading_a_dialog_fail_otherwise(inner: str, one: Any, outer: str, other: Any) -> None:
    ours = {"form": PACKED | {inner: one}, "act": "submit", "fields": {"f": "text"}} | {outer: other}
    for data in ({"rapport": ours}, {"rapport": one}, {"rapport": ours, "f": other}):
        with suppress(ValueError):
            read_dialog(data)
    with suppress(ValueError):
        read_search({"dataset": json.dumps([PACKED | {inner: one}, other]), "queryText": other})
