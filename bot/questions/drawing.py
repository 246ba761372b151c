"""A question set as the fields of a form, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from bot.forms import (
    Choice,
    Choices,
    Day,
    Field,
    Group,
    LongText,
    Note,
    Number,
    Option,
    People,
    Rating,
    Raw,
    ShowIf,
    Text,
    Yes,
)
from bot.questions.audience import audience
from bot.questions.carrying import CARRY_ON, DONE, DROP, carry, carrying, choice_key, lines_of
from bot.questions.ratings import Role, anchored, points
from bot.questions.sets import GroupField, Question, QuestionSet
from bot.texts import content, say

SHORT = 150
NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class _Asked:
    """To whom the questions are put, and what is known already."""

    qs: QuestionSet
    names: Mapping[str, str]
    people: Mapping[str, str]
    earlier: Mapping[str, str]
    role: Role
    order: tuple[str, ...]

    def words(self, question: Question, attribute: str, text: str) -> str:
        return content(f"{self.qs.key}.{question.key}.{attribute}", text) if text else ""

    def audience(self, question: Question) -> str:
        if any(other.shared_by == question.key for other in self.qs.questions):
            return say("Only you, unless you tick it")
        box_above = question.shared_by in self.order[: self.order.index(question.key)]
        return audience(question, self.qs, self.names, box_above=box_above)


def fields_of(
    qs: QuestionSet,
    *,
    names: Mapping[str, str],
    variant: str | None = None,
    earlier: Mapping[str, str] = NOTHING,
    typed: Raw | None = None,
    typed_before: Raw | None = None,
    by: str = "",
    phase: str = "",
    role: Role | None = None,
    people: Mapping[str, str] = NOTHING,
) -> tuple[Field[Any], ...]:
    """The questions that this writer (`by`; the set's own if empty) answers in this phase.

    `names` and `people` have the names and the person ids of "manager", "subject" and "author"; `earlier` has last
    time's texts by question, `typed` the raw answers so far and `typed_before` those of the drawing before; `role` what
    a question asked for each competency is asked for.
    """
    questions = _chosen(qs, variant, by or qs.by, phase)
    asked = _Asked(qs, names, people, earlier, role or Role(), tuple(question.key for question in questions))
    fields = [drawn for question in questions for drawn in _DRAWN[question.kind](asked, question)]
    if typed is None:
        return tuple(fields)
    texts = carry(qs, earlier, typed, typed_before or {})
    targets = {question.carry_over for question in carrying(qs)}
    lines_known = any(earlier.get(target) for target in targets)
    return tuple(
        replace(f, start=texts.get(f.key) or None, computed=True) if f.key in targets and lines_known else f
        for f in fields
    )


def title_of(qs: QuestionSet, variant: str | None = None) -> str:
    if variant is None:
        return content(f"{qs.key}.title", qs.title)
    return content(f"{qs.key}.{variant}.title", qs.variant(variant).title)


def description_of(qs: QuestionSet) -> str:
    return content(f"{qs.key}.description", qs.description)


def _chosen(qs: QuestionSet, variant: str | None, by: str, phase: str) -> list[Question]:
    keys = qs.default_questions if variant is None else qs.variant(variant).questions
    questions = [qs.question(key) for key in keys] if keys else list(qs.questions)
    return [q for q in questions if (q.by or qs.by) == by and (not phase or q.phase in ("", "every", phase))]


def _common(asked: _Asked, question: Question) -> dict[str, Any]:
    return {
        "key": question.key,
        "label": asked.words(question, "label", question.label),
        "help": asked.words(question, "help", question.help),
        "audience": asked.audience(question),
        "required": question.required,
        "show_if": _show_if(asked.qs, question),
    }


def _show_if(qs: QuestionSet, question: Question) -> ShowIf | None:
    condition = question.show_if
    if condition is None:
        return None
    if condition.answered:
        return ShowIf(condition.question, answered=True)
    scale = qs.question(condition.question).kind == "scale"
    return ShowIf(condition.question, equals=str(condition.equals) if scale else condition.equals)


def _text(asked: _Asked, question: Question) -> Iterator[Field[Any]]:
    if question.repeat is None:
        yield _line(question.max_length, min_length=question.min_length or 0, **_common(asked, question))
        return
    entry = _line(
        question.max_length, key="text", label=say("Entry"), required=False, min_length=question.min_length or 0
    )
    yield Group(**_common(asked, question), fields=(entry,), least=_least(question), most=question.repeat.max)


def _line(limit: int | None, **common: Any) -> Text:
    limit = limit or SHORT
    return Text(limit=limit, **common) if limit <= SHORT else LongText(limit=limit, **common)


def _group(asked: _Asked, question: Question) -> Iterator[Field[Any]]:
    entry = tuple(_entry_field(asked, question, inner) for inner in question.fields)
    most = question.repeat.max if question.repeat else 1
    yield Group(**_common(asked, question), fields=entry, least=_least(question), most=most)


def _least(question: Question) -> int:
    """An optional group may stay empty whatever its least number."""
    return question.repeat.min if question.repeat and question.required else 0


def _entry_field(asked: _Asked, question: Question, inner: GroupField) -> Field[Any]:
    label = asked.words(question, f"{inner.key}.label", inner.label)
    common: dict[str, Any] = {"key": inner.key, "label": label, "required": inner.required}
    if inner.kind == "text":
        return _line(inner.max_length, **common)
    if inner.kind == "person":
        return People(**common, start=_person(asked, inner.default))
    if inner.kind == "boolean":
        return Yes(**common, start=inner.default if isinstance(inner.default, bool) else None)
    return Day(**common) if inner.kind == "date" else Number(**common)


def _person(asked: _Asked, default: str | bool | None) -> tuple[str, ...] | None:
    known = asked.people.get(str(default), "")
    return (known,) if known else None


def _boolean(asked: _Asked, question: Question) -> Iterator[Field[Any]]:
    start = question.default if isinstance(question.default, bool) else None
    yield Yes(**{**_common(asked, question), "required": False}, start=start)


def _scale(asked: _Asked, question: Question) -> Iterator[Field[Any]]:
    scale = question.scale
    assert scale is not None
    common = _common(asked, question)
    common["help"] = common["help"] or content(f"scales.{scale.key}.description", scale.description)
    # Of oneself one has always observed something: an optional question is simply left.
    of_oneself = (question.by or asked.qs.by) == "self" and not question.required
    unseen = scale.allow_not_observed and not of_oneself
    rating = Rating(**common, points=points(scale), low=scale.min, high=scale.max, not_observed=unseen)
    if question.repeat_for:
        yield from anchored(asked.qs, question, rating, asked.role)
    else:
        yield rating


def _options(asked: _Asked, question: Question) -> tuple[Option, ...]:
    if question.options_from:
        return tuple(
            Option(o.key, content(f"{question.options_from}.{o.key}.title", o.title)) for o in question.options
        )
    return tuple(Option(o.key, asked.words(question, f"options.{o.key}", o.title)) for o in question.options)


def _choice(asked: _Asked, question: Question) -> Iterator[Field[Any]]:
    yield Choice(**_common(asked, question), options=_options(asked, question))


def _choices(asked: _Asked, question: Question) -> Iterator[Field[Any]]:
    most = question.max_choices
    yield Choices(
        **_common(asked, question), options=_options(asked, question), least=question.min_choices or 0, most=most
    )


def _note(asked: _Asked, question: Question) -> Iterator[Field[Any]]:
    yield replace(_heading(asked, question), audience="")


def _heading(asked: _Asked, question: Question) -> Note:
    return Note(**{**_common(asked, question), "required": False})


def _carry_over(asked: _Asked, question: Question) -> Iterator[Field[Any]]:
    lines = lines_of(asked.earlier.get(question.carry_over, ""))
    if lines:
        yield _heading(asked, question)
    options = (Option(DONE, say("Done")), Option(CARRY_ON, say("Carry on")), Option(DROP, say("Drop")))
    for at, line in enumerate(lines):
        yield Choice(
            key=choice_key(question, at),
            label=line,
            required=False,
            show_if=_show_if(asked.qs, question),
            redraws=True,
            options=options,
        )


_DRAWN: Mapping[str, Callable[[_Asked, Question], Iterator[Field[Any]]]] = {
    "text": _text,
    "scale": _scale,
    "boolean": _boolean,
    "choice": _choice,
    "multi_choice": _choices,
    "number": lambda asked, question: iter([Number(**_common(asked, question))]),
    "date": lambda asked, question: iter([Day(**_common(asked, question))]),
    "person": lambda asked, question: iter(
        [People(**_common(asked, question), start=_person(asked, question.default), most=1)]
    ),
    "note": _note,
    "group": _group,
    "carry_over": _carry_over,
}
