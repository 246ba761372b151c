"""The keys of forms, as tables: kind of object, key, type. One table for each section of the content schema."""

from __future__ import annotations

from bot.forms import MAX_TEXT
from bot.forms.fields import MAX_GROUP
from bot.questions.reading import ByKey, Key, Many, Scalar, Shape, Table

NAME_PATTERN = r"[a-z][a-z0-9_]*"

TEXT = Scalar("text", ("str",))
NAME = Scalar("a name in snake_case", ("str",), NAME_PATTERN)
INTEGER = Scalar("an integer", ("int",))
NUMBER = Scalar("a number", ("int", "float"))
WEIGHT = Scalar("a number", ("int", "float"), above=0)
BOOLEAN = Scalar("a boolean", ("bool",))
ANY = Scalar("a value", ("str", "int", "float", "bool"))
COUNT = Scalar("an integer", ("int",), low=1)
TEXTS = Many(TEXT)
NAMES = Many(NAME)
SOME_TEXTS = Many(TEXT, least=1)


def word(*words: str) -> Scalar:
    return Scalar("a name", ("str",), words=words)


def need(type_: Scalar | Many | Table | Shape | ByKey, of: str = "") -> Key:
    return Key(type_, required=True, of=of)


def head(**keys: Key) -> dict[str, Key]:
    return {"key": need(NAME), "title": need(TEXT), "description": need(TEXT), "version": need(COUNT), **keys}


WRITERS = ("self", "manager", "peer", "report", "either", "participant")
GROUPED = ("subject_if_min_group", "manager_if_min_group", "hr_if_min_group")
AUDIENCE = ("author", "subject", "manager", "hr", "committee", "aggregate", *GROUPED)
KINDS = (
    "text",
    "scale",
    "choice",
    "multi_choice",
    "number",
    "person",
    "date",
    "boolean",
    "note",
    "group",
    "carry_over",
)
ANSWERED = tuple(kind for kind in KINDS if kind != "note")
NEVER_REQUIRED = ("boolean", "note", "carry_over")
LENGTH = Scalar("an integer", ("int",), low=1, high=MAX_TEXT)
PHASE = Scalar("day_N or every", ("str",), r"day_\d+|every")

VARIANT = Shape(
    "variant",
    {
        "key": need(NAME),
        "title": need(TEXT),
        "estimated_minutes": Key(COUNT),
        "questions": need(SOME_TEXTS, ".questions"),
    },
)
GROUP_FIELD = Shape(
    "field",
    {
        "key": need(NAME),
        "kind": need(word("text", "person", "date", "number", "boolean")),
        "label": need(TEXT),
        "required": Key(BOOLEAN),
        "default": Key(ANY, at=("boolean", "person")),
        "max_length": Key(LENGTH, at=("text",), needed_at=("text",)),
    },
)
REPEAT = Shape(
    "repeat",
    {
        "min": need(Scalar("an integer", ("int",), low=0)),
        "max": need(Scalar("an integer", ("int",), low=1, high=MAX_GROUP)),
    },
)
SHOW_IF = Shape("show_if", {"question": need(NAME, ".questions"), "equals": Key(ANY), "answered": Key(BOOLEAN)})
QUESTION = Shape(
    "question",
    {
        "key": need(NAME),
        "kind": need(word(*KINDS)),
        "label": need(TEXT),
        "help": Key(TEXT, at=ANSWERED),
        "by": Key(word(*WRITERS)),
        "required": Key(BOOLEAN, at=ANSWERED),
        "default": Key(ANY, at=("boolean", "person")),
        "audience": need(Many(word(*AUDIENCE), least=1)),
        "shared_by": Key(NAME, of=".questions", at=ANSWERED),
        "scale": Key(NAME, of="scales.scales", at=("scale",), needed_at=("scale",)),
        "use_bars": Key(BOOLEAN, at=("scale",)),
        "repeat_for": Key(word("role_competencies"), at=("scale",)),
        "options": Key(SOME_TEXTS, at=("choice", "multi_choice")),
        "options_from": Key(word("competencies"), of="files", at=("choice", "multi_choice")),
        "min_choices": Key(Scalar("an integer", ("int",), low=0), at=("multi_choice",)),
        "max_choices": Key(COUNT, at=("multi_choice",)),
        "min_length": Key(LENGTH, at=("text",)),
        "max_length": Key(LENGTH, at=("text",), needed_at=("text",)),
        "repeat": Key(REPEAT, at=("text", "group"), needed_at=("group",)),
        "fields": Key(Many(GROUP_FIELD, least=1), at=("group",), needed_at=("group",)),
        "carry_over": Key(NAME, of=".questions", at=("carry_over",), needed_at=("carry_over",)),
        "show_if": Key(SHOW_IF),
        "phase": Key(PHASE),
        "competency": Key(NAME, of="competencies.competencies", at=ANSWERED),
    },
)
RATERS = Shape("recommended_raters", {"min": need(COUNT), "target": need(COUNT), "max": need(COUNT)})
FORM_HEAD = head(
    by=need(word(*WRITERS)),
    second_line=need(word("nothing", "after_sharing")),
    confidential=Key(BOOLEAN),
    min_group=Key(Scalar("an integer", ("int",), low=3)),
    min_group_comments=Key(COUNT),
    cadence=Key(word("weekly", "every_two_weeks", "monthly", "quarterly", "half_yearly", "yearly")),
    estimated_minutes=Key(COUNT),
    enabled_by_default=Key(BOOLEAN),
    default_questions=Key(SOME_TEXTS, of=".questions"),
    variants=Key(Many(VARIANT)),
    skip_reasons=Key(TEXTS),
    recommended_raters=Key(RATERS),
    schedule_days_after_start=Key(Many(COUNT)),
    prompts_bank=Key(TEXTS),
    questions=need(Many(QUESTION, least=1)),
)
FORM = Shape("form", FORM_HEAD)

MILESTONE = Shape(
    "milestone",
    {
        "key": need(NAME),
        "at": need(Scalar("a number", ("int", "float"), low=0, high=1)),
        "title": need(TEXT),
        "outcome": need(SOME_TEXTS),
    },
)
PIP = Shape(
    "improvement plan",
    {
        **FORM_HEAD,
        "durations_days": need(Many(COUNT, least=1)),
        "default_duration_days": need(COUNT),
        "check_in_every_days": need(COUNT),
        "milestones": need(Many(MILESTONE)),
        "hr_checks_before_sharing": need(TEXTS),
    },
)

AGENDA_ITEM = Shape(
    "agenda item", {"key": need(NAME), "minutes": need(COUNT), "title": need(TEXT), "method": need(TEXT)}
)
REWRITE_ITEM = Shape("rewrite item", {"before": need(TEXT), "after": need(TEXT)})
CASE_ITEM = Shape(
    "case item",
    {
        "key": need(NAME),
        "text": need(TEXT),
        "dimension": need(NAME, "scales.bars"),
        "reference": need(INTEGER),
        "reason": need(TEXT),
    },
)
EXERCISE = Shape(
    "exercise",
    {
        "key": need(NAME),
        "title": need(TEXT),
        "scale": Key(NAME, of="scales.scales"),
        "items": need(ByKey("scale", Many(CASE_ITEM, least=1), Many(REWRITE_ITEM, least=1))),
    },
)
FOLLOW_UP = Shape("follow-up", {"key": need(NAME), "kind": need(word("question", "measure")), "text": need(TEXT)})
WORKSHOP = Shape(
    "workshop",
    {
        **FORM_HEAD,
        "duration_minutes": need(COUNT),
        "group_size": need(Shape("group_size", {"min": need(COUNT), "max": need(COUNT)})),
        "for_role": need(word("people_manager")),
        "run_before": need(NAME),
        "outcomes": need(TEXTS),
        "agenda": need(Many(AGENDA_ITEM)),
        "exercises": need(Many(EXERCISE)),
        "follow_up": need(Many(FOLLOW_UP)),
        "materials": need(TEXTS, "files"),
    },
)
