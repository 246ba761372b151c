"""The keys of lists (scales, competencies, lexicons, objectives, reminders), as tables like those of forms."""

from __future__ import annotations

from bot.questions.form_schema import (
    BOOLEAN,
    COUNT,
    FORM,
    INTEGER,
    NAME,
    NUMBER,
    PIP,
    SOME_TEXTS,
    TEXT,
    TEXTS,
    WEIGHT,
    WORKSHOP,
    head,
    need,
    word,
)
from bot.questions.reading import Key, Many, Scalar, Shape, Table

TRACK = word("both", "individual", "management")
TIME = Scalar("a time of day such as 09:00", ("str",), r"([01]\d|2[0-3]):[0-5]\d")
BUDGET = Scalar("an integer", ("int",), low=0)

POINT = Shape("point", {"value": need(INTEGER), "label": need(TEXT), "anchor": Key(TEXT)})
SCALE = Shape(
    "scale",
    {
        "key": need(NAME),
        "title": need(TEXT),
        "description": need(TEXT),
        "min": need(INTEGER),
        "max": need(INTEGER),
        "allow_not_observed": need(BOOLEAN),
        "evaluative": need(BOOLEAN),
        "favourable_from": Key(INTEGER),
        "healthy_point": Key(INTEGER),
        "labelled": Key(word("all", "ends")),
        "points": need(Many(POINT, least=1, unique="value")),
    },
)
ANCHORS = Table(INTEGER, TEXT)
LEVEL_ANCHORS = Shape(
    "anchors by level",
    {"source": need(word("competencies"), "files"), "anchors": need(ANCHORS), "top_level": need(ANCHORS)},
)
BARS = Shape(
    "bars",
    {
        "key": need(NAME),
        "competency": need(NAME, "competencies.competencies"),
        "title": need(TEXT),
        "scale": need(NAME, ".scales"),
        "anchors": need(ANCHORS),
        "for_role": Key(word("people_manager")),
    },
)
SCALES = Shape(
    "scales file",
    head(scales=need(Many(SCALE, least=1)), bars_by_level=need(LEVEL_ANCHORS), bars=need(Many(BARS))),
)

LEVEL = Shape("level", {"key": need(NAME), "title": need(TEXT), "track": need(TRACK), "scope": need(TEXT)})
COMPETENCY = Shape(
    "competency",
    {
        "key": need(NAME),
        "title": need(TEXT),
        "description": need(TEXT),
        "track": need(TRACK),
        "levels": need(Table(NAME, TEXT), ".levels"),
    },
)
ROLE_PROFILE = Shape(
    "role profile",
    {
        "key": need(NAME),
        "title": need(TEXT),
        "level": need(NAME, ".levels"),
        "required": need(Table(NAME, INTEGER), ".competencies"),
        "critical": Key(TEXTS, of=".competencies"),
    },
)
REVIEW_POLICY = Shape(
    "review policy", {"review_every_months": need(COUNT), "owner": need(NAME), "checks": need(SOME_TEXTS)}
)
COMPETENCIES = Shape(
    "competencies file",
    head(
        levels=need(Many(LEVEL, least=1)),
        competencies=need(Many(COMPETENCY, least=1)),
        role_profiles=need(Many(ROLE_PROFILE)),
        profile_scale=need(NAME, "scales.scales"),
        review_policy=need(REVIEW_POLICY),
    ),
)

EXCEPTION = Shape("exception", {"term": need(TEXT), "next": Key(TEXTS), "previous": Key(TEXTS), "nouns": Key(TEXTS)})
EXCEPTIONS = Many(EXCEPTION, unique="")
MATCHING = Shape(
    "matching",
    {
        "normalise": need(TEXTS),
        "unit": need(word("word_boundary")),
        "inflections": need(word("listed_explicitly")),
        "skip_when": need(TEXTS),
        "skip_after": need(TEXTS),
        "skip_before": need(TEXTS),
    },
)
CATEGORY = Shape(
    "category",
    {
        "key": need(NAME),
        "title": need(TEXT),
        "severity": need(NAME, ".severity"),
        "tip": need(TEXT),
        "sources": need(TEXTS, ".source_notes"),
        "terms": need(SOME_TEXTS),
        "exceptions": Key(EXCEPTIONS),
        "only_if_no_impact_cue_in_sentence": Key(BOOLEAN),
        "suggestions": Key(Table(TEXT, TEXT)),
    },
)
BIAS_LEXICON = Shape(
    "bias lexicon file",
    head(
        language=need(NAME),
        matching=need(MATCHING),
        severity=need(Shape("severity", {"info": need(TEXT), "suggest": need(TEXT), "stop": need(TEXT)})),
        source_notes=need(Many(Shape("source note", {"key": need(NAME), "note": need(TEXT)}))),
        categories=need(Many(CATEGORY)),
    ),
)
CUES = ("situation", "behaviour", "impact", "action", "example", "vague", "trait")
QUALITY_LEXICON = Shape(
    "quality lexicon file",
    head(
        language=need(NAME),
        cues=need(Shape("cue list", {cue: need(TEXTS) for cue in CUES})),
        exceptions=need(Shape("exceptions", {cue: Key(EXCEPTIONS) for cue in CUES})),
        named_things=need(TEXTS),
        tips=need(Table(NAME, TEXT)),
    ),
)

PILLAR = Shape("pillar", {"key": need(NAME), "title": need(TEXT)})
STEP = Shape("step", {"key": need(NAME), "weight": need(WEIGHT)})
KEY_RESULT = Shape(
    "key result",
    {
        "key": need(NAME),
        "title": need(TEXT),
        "kind": need(word("numeric", "milestone", "binary", "maintain")),
        "unit": Key(NAME),
        "start": Key(NUMBER, at=("numeric",), needed_at=("numeric",)),
        "target": Key(NUMBER, at=("numeric",), needed_at=("numeric",)),
        "weight": need(WEIGHT),
        "steps": Key(Many(STEP, least=1), at=("milestone",), needed_at=("milestone",)),
        "comparator": Key(word("at_least", "at_most"), at=("maintain",), needed_at=("maintain",)),
        "threshold": Key(NUMBER, at=("maintain",), needed_at=("maintain",)),
    },
)
OBJECTIVE = Shape(
    "objective",
    {
        "key": need(NAME),
        "level": need(word("company", "department", "team", "individual")),
        "department": Key(NAME),
        "parent": Key(NAME, of=".objectives"),
        "why": Key(TEXT),
        "pillar": need(NAME, ".pillars"),
        "type": need(word("committed", "aspirational")),
        "title": need(TEXT),
        "key_results": need(Many(KEY_RESULT, least=2, most=5)),
    },
)
OKR_EXAMPLES = Shape(
    "objectives file",
    head(pillars=need(Many(PILLAR, least=1)), objectives=need(Many(OBJECTIVE)), checks=need(TEXTS)),
)

DEFAULTS = Shape(
    "defaults",
    {
        "send_window": need(Shape("send_window", {"start": need(TIME), "end": need(TIME)})),
        "send_at": need(TIME),
        "deadline_time": need(TIME),
        "skip_weekends": need(BOOLEAN),
        "skip_public_holidays": need(BOOLEAN),
        "skip_leave": need(BOOLEAN),
        "max_per_person_per_day": need(BUDGET),
        "max_per_person_per_week": need(BUDGET),
        "max_reminders_per_task": need(BUDGET),
        "max_manual_nudges_per_ask": need(BUDGET),
        "bundle_same_day": need(BOOLEAN),
        "bundle_acts_minutes": need(BUDGET),
        "budget_counts": need(TEXTS),
        "budget_leaves_out": need(TEXTS),
        "snooze_options": need(TEXTS),
    },
)
MOMENTS = ("opens", "half_of_window", "two_working_days_before_due", "due_day", "two_working_days_after_due")
SCHEDULE_ENTRY = Shape(
    "schedule entry",
    {
        "key": need(NAME, ".messages"),
        "when": need(word(*MOMENTS)),
        "only_if": Key(word("not_started", "not_submitted")),
        "to": Key(word("coordinator")),
    },
)
NUDGES = Shape(
    "nudges file",
    head(
        defaults=need(DEFAULTS),
        schedule_for_review_task=need(Many(SCHEDULE_ENTRY, unique="")),
        messages=need(Table(NAME, TEXT)),
    ),
)

LISTS = {
    "scales": SCALES,
    "competencies": COMPETENCIES,
    "bias_lexicon": BIAS_LEXICON,
    "quality_lexicon": QUALITY_LEXICON,
    "okr_examples": OKR_EXAMPLES,
    "nudges": NUDGES,
}
SHAPES = {**LISTS, "pip": PIP, "workshop": WORKSHOP}


def shape_of(key: str) -> Shape:
    """A file that is no list is a form, so that a new form needs no entry here."""
    return SHAPES.get(key, FORM)
