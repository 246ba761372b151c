"""What a question set asks: the fields, their words, who reads each, and how the answers are split for storing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bot.forms import (
    Answers,
    Choice,
    Choices,
    Day,
    Field,
    Form,
    Group,
    LongText,
    Note,
    Number,
    People,
    Rating,
    ShowIf,
    Text,
    Yes,
)
from bot.questions import QuestionSet, Role, fields_of, load_all, numbers_of, parse, question_set, texts_of, title_of

GRACE = {"manager": "Grace"}
ADA_AND_GRACE = {"manager": "Grace", "subject": "Ada"}


def drawn(key: str, **more: Any) -> dict[str, Field[Any]]:
    return {field.key: field for field in fields_of(question_set(key), **{"names": ADA_AND_GRACE, **more})}


def one(question: str, head: str = "") -> QuestionSet:
    start = '{"key":"x","title":"X","description":"X","version":1,"by":"self","second_line":"nothing"'
    return parse(f'{start}{head},"questions":[{{"key":"q","label":"Q","audience":["author"],{question}}}]}}')


def the_field(question: str) -> Field[Any]:
    (field,) = fields_of(one(question), names={})
    return field


def test_the_short_check_in_asks_its_default_questions() -> None:
    fields = drawn("checkin")
    assert list(fields) == ["mood", "share_mood", "progress", "next", "blocked", "blocker"]
    assert [type(field) for field in fields.values()] == [Rating, Yes, LongText, LongText, Yes, LongText]


def test_the_longer_check_in_asks_all_questions() -> None:
    fields = drawn("checkin", variant="checkin_full")
    keys = "mood workload share_mood progress next blocked blocker credit credit_why topic"
    assert list(fields) == keys.split()
    assert fields["credit_why"].show_if == ShowIf("credit", answered=True)
    assert isinstance(fields["credit"], People)
    assert title_of(question_set("checkin"), "checkin_full") == "Longer check-in"


def test_a_blocker_is_asked_for_only_when_the_box_is_ticked() -> None:
    form = Form.of("Check-in", *fields_of(question_set("checkin"), names=GRACE))
    assert "blocker" not in [field.key for field in form.visible({}).fields]
    assert "blocker" in [field.key for field in form.visible({"blocked": True}).fields]
    assert form.watched() == {"blocked"}


def test_mood_is_a_scale_with_its_words_and_may_be_left() -> None:
    mood = drawn("checkin")["mood"]
    assert isinstance(mood, Rating)
    assert [(point.key, point.label) for point in mood.points][::4] == [("1", "Very hard"), ("5", "Very good")]
    assert not mood.not_observed, "of oneself one has observed something; it may be left"
    assert mood.clean("") is None


def test_required_questions_are_required_and_others_are_not() -> None:
    fields = drawn("checkin", variant="checkin_full")
    assert [key for key, field in fields.items() if field.required] == ["progress", "next"]


def test_a_scale_labelled_at_its_ends_shows_bare_numbers_between() -> None:
    recommend = drawn("exit")["recommend"]
    assert isinstance(recommend, Rating)
    labels = [point.label for point in recommend.points]
    assert labels == ["Not at all likely", *(str(value) for value in range(1, 10)), "Extremely likely"]
    assert (recommend.low, recommend.high) == (0, 10)


def test_a_point_shows_its_anchor_and_a_scale_its_description_where_the_question_has_no_help() -> None:
    rating = drawn("development_plan")["current_level"]
    assert isinstance(rating, Rating)
    assert rating.points[0].help == "Has not used the skill."
    assert rating.help == "Current skill level, used for skill gaps and development plans."


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ('"kind":"text","max_length":150', Text),
        ('"kind":"text","max_length":151', LongText),
        ('"kind":"number"', Number),
        ('"kind":"date"', Day),
        ('"kind":"person"', People),
        ('"kind":"boolean"', Yes),
        ('"kind":"note"', Note),
        ('"kind":"choice","options":[{"key":"a","title":"A"}]', Choice),
        ('"kind":"multi_choice","options":[{"key":"a","title":"A"}]', Choices),
        ('"kind":"text","max_length":9,"repeat":{"min":0,"max":3}', Group),
        ('"kind":"group","repeat":{"min":0,"max":3},"fields":[{"key":"n","kind":"number","label":"N"}]', Group),
    ],
)
def test_every_kind_has_its_field(question: str, kind: type[Field[Any]]) -> None:
    assert type(the_field(question)) is kind


def test_lengths_and_numbers_of_choices_are_kept() -> None:
    results = drawn("manager_review")["results"]
    assert isinstance(results, Text)
    assert (results.min_length, results.limit) == (100, 3000)
    strongest = drawn("self_review")["competencies_strength"]
    assert isinstance(strongest, Choices)
    assert (strongest.least, strongest.most) == (0, 2)


def test_options_are_spoken_and_competencies_have_their_title() -> None:
    aspiration, strongest = drawn("self_review")["aspiration"], drawn("self_review")["competencies_strength"]
    assert isinstance(aspiration, Choice)
    assert isinstance(strongest, Choices)
    assert (aspiration.options[0].key, aspiration.options[0].label) == ("deepen_current_role", "Deepen current role")
    assert (strongest.options[0].key, strongest.options[0].label) == ("delivery", "Delivering results")


def test_a_group_has_its_fields_and_starts_at_the_manager() -> None:
    support = drawn("manager_review", people={"manager": "id-of-grace"})["support"]
    assert isinstance(support, Group)
    assert [type(field) for field in support.fields] == [LongText, People, Day]
    assert support.fields[1].start == ("id-of-grace",)
    assert (support.least, support.most) == (0, 5)


def test_a_text_with_several_entries_is_a_group_of_one_text() -> None:
    expectation = drawn("pip")["expectation"]
    assert isinstance(expectation, Group)
    assert (expectation.least, expectation.most, len(expectation.fields)) == (1, 3, 1)
    assert expectation.clean([{"text": "a"}, {"text": ""}]) == (("a",),)


def test_a_condition_on_a_rating_compares_what_the_platform_hands_back() -> None:
    scale = (
        '{"key":"s","title":"S","description":"D","min":1,"max":2,"allow_not_observed":false,"evaluative":false,'
        '"points":[{"value":1,"label":"A"},{"value":2,"label":"B"}]}'
    )
    head = '{"key":"x","title":"X","description":"X","version":1,"by":"self","second_line":"nothing","questions":['
    first = f'{{"key":"a","kind":"scale","label":"A","audience":["author"],"scale":{scale}}}'
    then = '{"key":"b","kind":"note","label":"B","audience":["author"],"show_if":{"question":"a","equals":2}}'
    form = Form.of("X", *fields_of(parse(f"{head}{first},{then}]}}"), names={}))
    assert [field.key for field in form.visible({"a": "2"}).fields] == ["a", "b"]
    assert [field.key for field in form.visible({"a": "1"}).fields] == ["a"]


def test_each_writer_gets_the_own_questions_only() -> None:
    assert list(drawn("quarterly_review", by="self")) == ["self_result", "self_help"]
    assert "self_result" not in drawn("quarterly_review")
    assert list(drawn("pip", by="self")) == ["employee_comment"]


def test_each_phase_gets_its_questions_and_those_of_every_phase() -> None:
    assert all(key.startswith("d60_") for key in drawn("onboarding", phase="day_60"))
    assert list(drawn("onboarding", phase="day_60", by="manager")) == ["mgr_progress", "mgr_support"]


def test_competencies_of_the_role_are_rated_one_by_one_in_the_wording_of_the_level() -> None:
    fields = drawn("manager_review", role=Role(("delivery", "craft"), "l2"))
    note, rating = fields["bars_ratings"], fields["bars_ratings.delivery"]
    assert isinstance(note, Note)
    assert isinstance(rating, Rating)
    assert rating.label == "Delivering results"
    assert rating.points[2].help.startswith("Plans own work, delivers it")
    assert rating.points[4].help.startswith("Seen throughout, and regularly already: Delivers team results")
    assert "bars_ratings.people_leadership" not in fields


def test_the_top_level_and_people_without_a_level_have_their_own_wording() -> None:
    top = drawn("manager_review", role=Role(("delivery",), "l5"))["bars_ratings.delivery"]
    none = drawn("manager_review", role=Role(("delivery",)))["bars_ratings.delivery"]
    assert isinstance(top, Rating)
    assert isinstance(none, Rating)
    assert top.points[4].help.startswith("Seen throughout, and the way of working is adopted by others: Chooses")
    assert none.points[0].help.startswith("Commitments are often missed")


def test_a_role_without_competencies_is_not_rated_on_any() -> None:
    assert not [key for key in drawn("manager_review") if key.startswith("bars_ratings")]


def test_an_unknown_variant_is_no_check_in() -> None:
    with pytest.raises(KeyError):
        fields_of(question_set("checkin"), names=GRACE, variant="nothing")


AUDIENCES = [
    ("checkin", "progress", "You and Grace"),
    ("checkin", "share_mood", "Only you, unless you tick it"),
    (
        "checkin",
        "mood",
        "You; your manager only if you tick the box below; others only in team averages of 5 or more",
    ),
    ("self_review", "context", "You, Grace and HR"),
    ("self_review", "results", "You, Grace and the committee"),
    ("one_on_one", "agenda", "Both of you"),
    ("one_on_one", "private_notes", "Only you"),
    ("manager_review", "support", "You, Ada and HR; managers above only once it is shared with Ada"),
    ("skills", "level", "You, Ada and HR; others only in team averages of 5 or more"),
    ("exit", "main_reason", "You and HR; others only in counts of 5 or more"),
    ("peer_360", "delivery", "Nobody by name; only in averages of 3 or more"),
    ("peer_360", "relationship", "Nobody by name; only in counts of 3 or more"),
    ("peer_360", "strength", "Nobody by name; Ada, Grace and HR only from 4 people on, shuffled"),
    ("upward_review", "keep", "Nobody by name; Ada only from 5 people on, shuffled"),
    ("workshop", "improve", "Nobody by name; only among 6 texts or more"),
]


@pytest.mark.parametrize(("key", "question", "sentence"), AUDIENCES, ids=[f"{a}.{b}" for a, b, _ in AUDIENCES])
def test_every_question_says_who_reads_the_answer(key: str, question: str, sentence: str) -> None:
    assert drawn(key, role=Role(("delivery",)))[question].audience == sentence


def test_without_a_manager_the_audience_says_so() -> None:
    checkin = drawn("checkin", names={"manager": ""})
    assert checkin["progress"].audience == "You; I know no manager for you yet"
    assert checkin["mood"].audience.startswith("You; I know no manager for you yet; others")
    pip = drawn("pip", names={"subject": "Ada"}, by="self")
    assert pip["employee_comment"].audience == "You and HR; I know no manager for you yet"


def test_every_answer_of_every_shipped_form_has_an_audience() -> None:
    for qs in load_all().sets.values():
        for by in {question.by or qs.by for question in qs.questions}:
            for field in fields_of(qs, names=ADA_AND_GRACE, by=by, role=Role(("delivery",))):
                assert field.audience or isinstance(field, Note), f"{qs.key}.{field.key}"


def cleaned(key: str, raw: dict[str, object], **more: Any) -> Answers:
    return Form.of(key, *drawn(key, **more).values()).clean(raw)


def test_words_are_kept_apart_from_figures() -> None:
    qs = question_set("checkin")
    raw = {"mood": "4", "progress": "Moved", "next": "More", "blocked": True, "blocker": "Access"}
    answers = cleaned("checkin", {**raw, "credit": ["id-of-linus"], "workload": ""}, variant="checkin_full")
    assert texts_of(qs, answers) == {"progress": "Moved", "next": "More", "blocker": "Access", "credit": "id-of-linus"}
    assert numbers_of(qs, answers) == {"mood": 4, "workload": None, "share_mood": False, "blocked": True}


def test_a_hidden_answer_is_stored_nowhere() -> None:
    raw = {"progress": "a", "next": "b", "blocked": False, "blocker": "typed, then unticked"}
    assert "blocker" not in texts_of(question_set("checkin"), cleaned("checkin", raw))


def test_entries_are_words_and_ratings_of_competencies_are_figures() -> None:
    qs = question_set("manager_review")
    answers = Answers(
        {
            "bars_ratings": None,
            "bars_ratings.delivery": 4,
            "support": (("I will ask", ("id-of-grace",), date(2026, 3, 1)),),
            "evidence_read": ("check_ins",),
            "overall": 3,
        }
    )
    assert numbers_of(qs, answers) == {"bars_ratings.delivery": 4, "overall": 3}
    assert texts_of(qs, answers) == {
        "support": '[{"text": "I will ask", "owner": "id-of-grace", "due": "2026-03-01"}]',
        "evidence_read": '["check_ins"]',
    }


def test_numbers_stay_exact() -> None:
    assert numbers_of(one('"kind":"number"'), Answers({"q": Decimal("1.10")})) == {"q": Decimal("1.10")}
