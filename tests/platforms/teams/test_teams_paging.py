"""Pages of a form: what hangs on an answer comes after it, and each page fits however it is filled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import content_forms
import pytest
from card_rules import check_card, words
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_samples import ADA, HELP, LONG, full_fields

from bot.engine.events import Token
from bot.forms import (
    MAX_TEXT,
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
    ShowIf,
    Text,
    Yes,
)
from bot.platforms.drawing import options_of
from bot.platforms.teams.dialogs import form_card, paged
from bot.questions import QuestionSet

TOKEN = Token("review.manager", (ADA,), "1", 0, ADA)


def keys(form: Form) -> list[list[str]]:
    return [[field.key for field in page] for page in paged(form).pages]


def full(field: Field[Any]) -> object:
    """As much as anybody can put into it."""
    match field:
        case Rating() | Choice():
            return options_of(field)[-1].key
        case Choices():
            return [option.key for option in options_of(field)][: field.most or 100]
        case Yes():
            return True
        case Day():
            return "2026-11-21"
        case People():
            return [f"{at:036}" for at in range(field.most or 100)]
        case Group():
            return [{one.key: full(one) for one in field.fields} for _ in range(field.most)]
        case Number():
            return "1" * 40
        case Text():
            return "🎉" * min(field.limit, MAX_TEXT)
        case _:
            return None


def cards(form: Form) -> Iterator[dict[str, Any]]:
    """Each page filled to its limits, with something wrong everywhere."""
    raw = {field.key: full(field) for field in form.fields if not isinstance(field, Note)}
    token = Token(
        "review.manager", (ADA, *form.ids), "12", 0, ADA, {f.key: 10 for f in form.fields if isinstance(f, Group)}
    )
    more: dict[str, Any] = {
        "raw": raw,
        "names": {f"{at:036}": "Ada Byron, Countess of Lovelace " * 3 for at in range(100)},
        "errors": {field.key: "This cannot be stored: é " * 40 for field in form.fields},
        "notice": "Nothing is lost. " * 60,
    }
    for page in range(len(form.pages)):
        yield form_card(form, page=page, token=token, **more)


def test_a_form_without_conditions_that_fits_stays_as_it_is() -> None:
    form = Form("T", ((Text("a", "A"), Yes("b", "B")), (Text("c", "C"),)), "Go", ("1",), "2")
    assert paged(form) == form
    assert paged(Form("T", ((),))) == Form("T", ((),))


def test_what_hangs_on_an_answer_stands_on_the_next_page_in_its_order() -> None:
    form = Form(
        "T",
        (
            (
                Yes("blocked", "Blocked?"),
                Note("why", "Why", show_if=ShowIf("blocked", equals=True)),
                Text("by", "By", show_if=ShowIf("blocked", equals=True)),
                Text("topic", "Topic"),
                Text("who", "Who", show_if=ShowIf("by", answered=True)),
                Text("gone", "Gone", show_if=ShowIf("elsewhere", answered=True)),
            ),
            (Text("later", "Later", show_if=ShowIf("blocked", equals=True)),),
        ),
    )
    assert keys(form) == [["blocked", "topic", "gone"], ["why", "by"], ["who"], ["later"]]


def test_every_answer_shows_the_same_fields_as_in_one_piece() -> None:
    form = Form.of("T", Yes("a", "A"), Text("b", "B", show_if=ShowIf("a", equals=True)), Text("c", "C"))
    for raw in ({}, {"a": True}, {"a": True, "b": "x"}):
        assert {f.key for f in paged(form).visible(raw).fields} == {f.key for f in form.visible(raw).fields}


def test_what_is_filled_in_by_answers_stands_after_them() -> None:
    options = (Option("carry_on", "Carry on"), Option("drop", "Drop"))
    lines = tuple(Choice(f"last.{at}", "Line", required=False, redraws=True, options=options) for at in range(2))
    form = Form.of("T", Note("last", "Last time"), *lines, Rating("mood", "Mood"), LongText("next", "Next"))
    assert keys(form) == [["last", "last.0", "last.1"], ["mood", "next"]]
    assert keys(Form.of("T", Rating("mood", "Mood"), *lines)) == [["mood", "last.0", "last.1"]]


def test_a_page_is_split_where_it_would_not_fit_and_a_heading_goes_along() -> None:
    fields = (LongText("a", "A"), Note("n", "Below"), Note("m", "This"), LongText("b", "B"), Text("c", "C"))
    assert keys(Form.of("T", *fields)) == [["a"], ["n", "m", "b", "c"]]
    assert keys(Form.of("T", Note("n", "x" * 15_000), LongText("a", "A"))) == [["n"], ["a"]]


def test_what_stands_in_a_form_does_not_move_its_pages() -> None:
    form = Form.of("T", *(LongText(key, "L", **HELP, limit=1000) for key in "abcdefgh"))
    filled = form.filled(dict.fromkeys("abcdefgh", "🎉" * 1000))
    assert keys(filled) == keys(form)
    assert len(keys(form)) > 1


@pytest.mark.parametrize("field", full_fields(key=36), ids=lambda field: field.key)
def test_a_field_filled_to_its_limit_fits_beside_a_long_title(field: Field[Any]) -> None:
    if isinstance(field, Group):
        # No card holds ten texts of 3000 signs; nothing shipped asks for them.
        field = replace(
            field, fields=(Text("title", "Title", **HELP, limit=300), *field.fields[1:5]), most=5, start=None
        )
    for card in cards(paged(Form.of(LONG, field, submit=LONG))):
        check_card(card)


@pytest.mark.parametrize("qs", content_forms.SETS, ids=lambda qs: qs.key)
def test_every_shipped_question_set_fits_page_by_page_when_filled_to_its_limits(qs: QuestionSet) -> None:
    for form in content_forms.forms(qs):
        split = paged(form)
        for card in cards(split):
            check_card(card)
        for page in range(len(split.pages)):
            assert "…" not in words(form_card(split, page=page, token=TOKEN)), "a word of ours is cut"


LIMITS = st.sampled_from([1, 150, 500, 1500, 3000])
LABELS = st.sampled_from(["L", "What moved forward this week? " * 3, LONG])
HELPS = st.sampled_from(["", "Short", LONG])
FEW = tuple(Option(f"k{at}", f"Label {at}", "Explained at some length " * 9) for at in range(7))
FIELDS: st.SearchStrategy[Field[Any]] = st.one_of(
    st.builds(lambda *a: LongText("", *a[:2], limit=a[2]), LABELS, HELPS, LIMITS),
    st.builds(lambda *a: Rating("", *a, points=FEW[1:6]), LABELS, HELPS),
    st.builds(lambda *a: Choices("", *a, options=FEW), LABELS, HELPS),
    st.builds(lambda *a: Yes("", *a), LABELS, HELPS),
    st.builds(lambda *a: People("", *a, most=20), LABELS, HELPS),
    st.builds(lambda *a: Note("", *a), LABELS, HELPS),
    st.builds(lambda *a: Group("", *a, fields=(Text("t", "T"), Day("d", "D")), most=5), LABELS, HELPS),
)


@settings(deadline=None, max_examples=60)
@given(st.lists(FIELDS, min_size=1, max_size=20), st.data())
def test_any_form_is_split_into_pages_that_fit(fields: list[Field[Any]], data: st.DataObject) -> None:
    named: list[Field[Any]] = []
    for at, field in enumerate(fields):
        earlier = data.draw(st.none() | st.sampled_from([f"f{one}" for one in range(at)] or [None]))
        show_if = ShowIf(earlier, answered=True) if earlier else None
        named.append(replace(field, key=f"f{at}", show_if=show_if))
    form = Form.of("T", *named)
    split = paged(form)
    assert sorted(field.key for field in split.fields) == sorted(field.key for field in named)
    page_of = {field.key: at for at, page in enumerate(split.pages) for field in page}
    assert all(page_of[f.show_if.key] < page_of[f.key] for f in named if f.show_if)
    assert paged(split) == split
    for card in cards(split):
        check_card(card)
