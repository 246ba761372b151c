"""Last time's plan comes back line by line, and what is carried on stands in the new plan."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.forms import Choice, Form, Note
from bot.questions import carried, carried_answers, carry, fields_of, lines_of, question_set, texts_of

CHECKIN = question_set("checkin")
GRACE = {"manager": "Grace"}
EARLIER = {"next": "Ship the release\n\n  Call Linus  \nRest"}

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Zs", "Zl", "Zp", "Cs")), min_size=1, max_size=5)
LINES = st.lists(WORDS, max_size=6, unique=True)
CHOICES = st.sampled_from(["", "done", "carry_on", "drop"])


def plan(typed: dict[str, object]) -> object:
    fields = fields_of(CHECKIN, names=GRACE, earlier=EARLIER, typed=typed)
    return next(field.start for field in fields if field.key == "next")


def test_each_line_is_offered_with_a_choice_after_a_note() -> None:
    note, *choices = fields_of(CHECKIN, names=GRACE, earlier=EARLIER)[:4]
    assert isinstance(note, Note)
    assert (note.key, note.label, note.audience) == (
        "last_next",
        "You planned this last time. How did it go?",
        "You and Grace",
    )
    assert [(field.key, field.label) for field in choices] == [
        ("last_next.0", "Ship the release"),
        ("last_next.1", "Call Linus"),
        ("last_next.2", "Rest"),
    ]
    for choice in choices:
        assert isinstance(choice, Choice)
        assert not choice.required
        assert [(o.key, o.label) for o in choice.options] == [
            ("done", "Done"),
            ("carry_on", "Carry on"),
            ("drop", "Drop"),
        ]


def test_nothing_is_shown_without_an_earlier_answer() -> None:
    for earlier in ({}, {"next": ""}, {"next": " \n \n"}):
        assert fields_of(CHECKIN, names=GRACE, earlier=earlier)[0].key == "mood"


def test_ten_lines_at_most_and_the_rest_in_the_tenth() -> None:
    lines = lines_of("\n".join(str(n) for n in range(13)))
    assert len(lines) == 10
    assert lines[9] == "9\n10\n11\n12"
    assert len(lines_of("\n".join(str(n) for n in range(10)))) == 10


def test_a_choice_redraws_the_form() -> None:
    form = Form.of("Check-in", *fields_of(CHECKIN, names=GRACE, earlier=EARLIER))
    assert form.watched() == {"blocked", "last_next.0", "last_next.1", "last_next.2"}


def test_an_untouched_form_starts_without_a_plan() -> None:
    assert Form.of("Check-in", *fields_of(CHECKIN, names=GRACE, earlier=EARLIER)).starts().get("next") is None


def test_what_is_carried_on_is_filled_in_below_what_is_typed() -> None:
    assert plan({"last_next.1": "carry_on"}) == "Call Linus"
    assert plan({"next": "Plan Q3", "last_next.1": "carry_on", "last_next.2": "drop"}) == "Plan Q3\nCall Linus"


def test_a_line_is_not_filled_in_twice() -> None:
    assert plan({"next": "Call Linus\nPlan Q3", "last_next.1": "carry_on"}) == "Call Linus\nPlan Q3"


def test_a_line_is_taken_out_again_when_the_choice_changes() -> None:
    assert plan({"next": "Plan Q3\nCall Linus", "last_next.1": "done"}) == "Plan Q3"
    assert plan({"next": "Call Linus", "last_next.1": "drop"}) is None


def test_an_edited_line_stays_whatever_the_choice() -> None:
    assert plan({"next": "Call Linus on Monday", "last_next.1": "done"}) == "Call Linus on Monday"


def test_a_line_that_does_not_fit_stays_out() -> None:
    assert carried("x" * 95, ["abcd", "efghij"], ["carry_on", "carry_on"], 100) == "x" * 95 + "\nabcd"
    assert carried("x" * 100, ["abcd"], ["carry_on"], 100) == "x" * 100


def test_all_lines_of_the_tenth_are_carried_together() -> None:
    assert carried("b", ["a\nb\nc"], ["carry_on"]) == "b\na\nc"
    assert carried("a\nx\nc", ["a\nb\nc"], ["done"]) == "x"


def test_the_raw_answers_hold_the_carried_text_for_the_redraw() -> None:
    typed = {"next": "Plan Q3", "last_next.0": "carry_on", "mood": "4"}
    assert carry(CHECKIN, EARLIER, typed) == {**typed, "next": "Plan Q3\nShip the release"}
    assert carry(CHECKIN, {}, typed) == typed


def test_what_became_of_each_line_is_stored_with_its_words() -> None:
    form = Form.of("Check-in", *fields_of(CHECKIN, names=GRACE, earlier=EARLIER))
    raw = {"progress": "a", "next": "b", "last_next.0": "done", "last_next.2": "carry_on"}
    answers = form.clean(raw)
    assert carried_answers(CHECKIN, answers, EARLIER) == [
        {"line": "Ship the release", "choice": "done"},
        {"line": "Rest", "choice": "carry_on"},
    ]
    assert texts_of(CHECKIN, answers) == {"progress": "a", "next": "b"}


@given(typed=LINES, offered=st.lists(st.tuples(WORDS, CHOICES), max_size=6))
def test_every_carried_line_stands_once_and_no_dropped_one(typed: list[str], offered: list[tuple[str, str]]) -> None:
    lines, choices = [line for line, _ in offered], [choice for _, choice in offered]
    result = carried("\n".join(typed), lines, choices).split("\n")
    kept = {line for line, choice in offered if choice == "carry_on"}
    gone = {line for line, choice in offered if choice in ("done", "drop")} - kept
    assert all(result.count(line) == 1 for line in kept)
    assert not gone & set(result)
    assert [line for line in result if line in typed][: len(typed)] == [line for line in typed if line not in gone]


@given(typed=st.text(max_size=30), offered=st.lists(st.tuples(WORDS, CHOICES), max_size=6))
def test_doing_it_again_changes_nothing(typed: str, offered: list[tuple[str, str]]) -> None:
    lines, choices = [line for line, _ in offered], [choice for _, choice in offered]
    once = carried(typed, lines, choices)
    assert carried(once, lines, choices) == once


@given(typed=st.text(max_size=30), lines=st.lists(WORDS, max_size=6))
def test_without_a_choice_the_typed_text_is_left_alone(typed: str, lines: list[str]) -> None:
    assert carried(typed, lines, [""] * len(lines)) == typed


@given(typed=st.text(max_size=40), lines=st.lists(WORDS, max_size=6))
def test_carrying_never_makes_a_text_too_long(typed: str, lines: list[str]) -> None:
    assert len(carried(typed, lines, ["carry_on"] * len(lines), 40)) <= 40


@given(st.text(max_size=200))
def test_no_word_of_the_earlier_answer_is_lost(text: str) -> None:
    lines = lines_of(text)
    assert len(lines) <= 10
    assert "\n".join(lines).split() == text.split()
