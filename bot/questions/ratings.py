"""The points of a scale, and questions asked for each competency of a role in the wording of the person's level."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from bot.forms import Field, Note, Option, Rating
from bot.questions.sets import Competency, Framework, Question, QuestionSet, Scale
from bot.texts import content


@dataclass(frozen=True)
class Role:
    """What the person's role profile requires, and the person's level ("" if there is none)."""

    competencies: tuple[str, ...] = ()
    level: str = ""


def points(scale: Scale) -> tuple[Option, ...]:
    """Every value of the scale; one without a label is its bare number."""
    named = {point.value: point for point in scale.points}
    options = []
    for value in range(scale.min, scale.max + 1):
        where = f"scales.{scale.key}.{value}"
        point = named.get(value)
        label = content(f"{where}.label", point.label) if point else str(value)
        options.append(
            Option(str(value), label, content(f"{where}.anchor", point.anchor) if point and point.anchor else "")
        )
    return tuple(options)


def anchored(qs: QuestionSet, question: Question, rating: Rating, role: Role) -> Iterator[Field[Any]]:
    """The question as a note, then a rating for each competency; nothing where the role requires none."""
    framework = qs.framework
    asked = [c for c in framework.competencies if c.key in role.competencies] if framework else []
    if not framework or not asked:
        return
    yield Note(rating.key, rating.label, rating.help, rating.audience, show_if=rating.show_if)
    for competency in asked:
        points = rating.points
        if question.use_bars and question.scale:
            points = _points(framework, competency, question.scale.key, role.level, rating.points)
        yield replace(
            rating,
            key=f"{question.key}.{competency.key}",
            label=content(f"competencies.{competency.key}.title", competency.title),
            help=content(f"competencies.{competency.key}.description", competency.description),
            points=points,
        )


def _points(
    framework: Framework, competency: Competency, scale: str, level: str, points: tuple[Option, ...]
) -> tuple[Option, ...]:
    """The points with the anchors of the person's level, or the general ones of the competency where it has none."""
    if level in dict(competency.levels):
        texts = _level_anchors(framework, competency, level)
    else:
        texts = _general_anchors(framework, competency, scale)
    return tuple(replace(point, help=texts.get(point.key, point.help)) for point in points)


def _level_anchors(framework: Framework, competency: Competency, level: str) -> dict[str, str]:
    higher = framework.levels[framework.levels.index(level) + 1 :]
    anchors = {value: ("anchors", text) for value, text in framework.anchors}
    if not higher:
        anchors |= {value: ("top_level", text) for value, text in framework.top_level}
    this_level = _indicator(competency, level)
    next_level = _indicator(competency, higher[0]) if higher else ""
    return {
        str(value): content(f"scales.bars_by_level.{part}.{value}", text)
        .replace("{this_level}", this_level)
        .replace("{next_level}", next_level)
        for value, (part, text) in anchors.items()
    }


def _indicator(competency: Competency, level: str) -> str:
    return content(f"competencies.{competency.key}.levels.{level}", dict(competency.levels)[level])


def _general_anchors(framework: Framework, competency: Competency, scale: str) -> dict[str, str]:
    bars = [bar for bar in framework.bars if bar.competency == competency.key and bar.scale == scale]
    return {
        str(value): content(f"scales.{bar.key}.anchors.{value}", text) for bar in bars for value, text in bar.anchors
    }
