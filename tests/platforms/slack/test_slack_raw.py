from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sent_forms import as_submitted
from slack_rules import check_view

from bot.forms import (
    NOT_OBSERVED,
    Choice,
    Choices,
    Day,
    Form,
    Group,
    LongText,
    Number,
    Option,
    People,
    Rating,
    Text,
    Yes,
)
from bot.platforms.slack.modals import modal
from bot.platforms.slack.raw import Place, block_ids, errors_response, group_counts, place, read_state

FEW = tuple(Option(f"k{at}", f"Label {at}") for at in range(5))
MANY = tuple(Option(f"k{at}", f"Label {at}") for at in range(30))
MOST = tuple(Option(f"k{at}", f"Label {at}") for at in range(120))

FORM = Form.of(
    "Everything",
    Text("text", "Text"),
    LongText("long.text", "Long"),
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


TYPED = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=50).filter(
    lambda text: not text or bool(text.strip())
)
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
@given(RAW, st.dictionaries(st.sampled_from([field.key for field in FORM.fields]), st.integers(0, 30)))
def test_what_is_drawn_is_read_back(raw: dict[str, Any], fresh: dict[str, int]) -> None:
    view = modal(FORM, page=0, token={}, raw=raw, fresh=fresh)
    check_view(view)
    assert read_state(as_submitted(view)) == raw


def test_an_untouched_form_reads_as_no_answers() -> None:
    raw = read_state(as_submitted(modal(FORM, page=0, token={})))
    texts = dict.fromkeys(("text", "long.text", "number"), "")
    picks = dict.fromkeys(("rating", "nps", "few", "many", "most", "day"))
    lists: dict[str, list[str]] = {key: [] for key in ("some", "several", "lots", "one", "people")}
    assert raw == texts | picks | lists | {"yes": False, "goals": [{"title": "", "target.1": "", "done": False}]}


def test_empty_entries_between_filled_ones_keep_their_places() -> None:
    entries = [{"title": ""}, {"title": "b"}, {"title": ""}]
    form = Form.of("T", Group("goals", "Goals", fields=(Text("title", "T"),)))
    view = as_submitted(modal(form, page=0, token={"groups": {"goals": 3}}, raw={"goals": entries}))
    assert read_state(view) == {"goals": entries}
    assert group_counts(view) == {"goals": 3}
    again = modal(form, page=0, token={"groups": {"goals": 4}}, raw=read_state(view))
    assert group_counts(again) == {"goals": 4}


@pytest.mark.parametrize("view", [{}, {"state": None}, {"state": {}}, {"state": {"values": {}}}, {"blocks": None}])
def test_a_view_without_inputs_has_no_answers(view: dict[str, Any]) -> None:
    assert read_state(view) == {}
    assert block_ids(view) == {}
    assert group_counts(view) == {}


@pytest.mark.parametrize(
    ("block_id", "action_id", "found"),
    [
        ("mood", "rating", Place("mood")),
        ("mood~12", "rating", Place("mood")),
        ("goal.1.done", "choice", Place("goal.1.done")),
        ("goals.11.title", "entry.text", Place("goals", 11, "title")),
        ("goals.0.due.2~3", "entry.day", Place("goals", 0, "due.2")),
    ],
)
def test_an_input_says_which_field_it_stands_for(block_id: str, action_id: str, found: Place) -> None:
    assert place(block_id, action_id) == found


def test_errors_go_to_the_blocks_of_this_page_and_the_others_are_handed_back() -> None:
    view = modal(FORM, page=0, token={}, fresh={"text": 3, "goals": 1})
    problems = {"text": "Too short. " * 50, "goals": "At least one.", "elsewhere": "Missing."}
    response, rest = errors_response(view, problems)
    assert response["response_action"] == "errors"
    assert set(response["errors"]) == {"text~3", "goals.0.title~1"}
    assert len(response["errors"]["text~3"]) <= 200
    assert rest == {"elsewhere": "Missing."}


def test_what_is_wrong_inside_an_entry_stands_at_its_input() -> None:
    group = Group("goals", "Goals", fields=(Text("title", "T"), Number("due.2", "N")))
    view = modal(Form.of("T", group), page=0, token={"groups": {"goals": 2}}, fresh={"goals": 1})
    response, rest = errors_response(
        view, {group.inside(1, group.fields[1]).key: "No number.", "goals.7.title": "Gone."}
    )
    assert response["errors"] == {"goals.1.due.2~1": "No number."}
    assert rest == {"goals.7.title": "Gone."}


def test_every_field_of_a_page_has_its_block() -> None:
    inside = {f"goals.0.{key}" for key in ("title", "target.1", "done")}
    assert set(block_ids(modal(FORM, page=0, token={}))) == {field.key for field in FORM.fields} | inside
