"""Cleaned answers split for storing: words that are sealed, and figures that stay plain so that averages are SQL."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, cast

from bot.forms import Answers
from bot.questions.sets import Question, QuestionSet

FIGURES = ("scale", "boolean", "number")
WORDLESS = ("note", "carry_over")

Figure = int | bool | Decimal | None


def texts_of(qs: QuestionSet, answers: Answers) -> dict[str, str]:
    """By field key everything that is no figure, as text; several options and entries as JSON. Empty ones are out.

    Carried lines are not here: `carried_answers` has them with their words.
    """
    answered = _answered(qs, answers)
    found = ((key, _text(q, value)) for key, q, value in answered if q.kind not in (*FIGURES, *WORDLESS))
    return {key: text for key, text in found if text}


def numbers_of(qs: QuestionSet, answers: Answers) -> dict[str, Figure]:
    """By field key ratings, boxes and numbers; None is a question that was shown and left, or "not observed"."""
    return {key: cast(Figure, value) for key, q, value in _answered(qs, answers) if q.kind in FIGURES}


def _answered(qs: QuestionSet, answers: Answers) -> Iterator[tuple[str, Question, object]]:
    """A question asked for each competency has field keys such as "level.delivery"."""
    questions = {question.key: question for question in qs.questions}
    for key, value in answers.by_key().items():
        question = questions.get(key.partition(".")[0])
        heading = question and question.repeat_for and key == question.key
        if question and not heading:
            yield key, question, value


def _text(question: Question, value: Any) -> str:
    if value is None:
        return ""
    if question.kind == "person":
        return str(value[0]) if value else ""
    if question.kind == "group":
        names = [field.key for field in question.fields]
        return _json([{n: _plain(v) for n, v in zip(names, entry, strict=True)} for entry in value])
    if question.repeat:
        return _json([entry[0] for entry in value])
    if question.kind == "multi_choice":
        return _json(list(value))
    return str(_plain(value))


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return value[0] if value else None
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
