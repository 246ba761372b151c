"""Last time's plan, line by line: done, carried on or dropped, and what is carried on stands in the new plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from bot.forms import MAX_TEXT, Answers, Raw
from bot.questions.sets import Question, QuestionSet

DONE, CARRY_ON, DROP = "done", "carry_on", "drop"
MAX_LINES = 10


def lines_of(text: str) -> tuple[str, ...]:
    """The lines of an answer; what is beyond the tenth stands in the tenth."""
    lines = _split(text)
    return (*lines[: MAX_LINES - 1], "\n".join(lines[MAX_LINES - 1 :])) if len(lines) > MAX_LINES else tuple(lines)


def carried(
    typed_text: str, lines: Sequence[str], choices: Sequence[str | None], limit: int = MAX_TEXT,
    before: Sequence[str | None] = (),
) -> str:  # fmt: skip
    """What is typed, plus the lines carried on and minus those done or dropped; a line that does not fit stays out.

    `before` are the choices until now: what was carried on already is the writer's own, to be changed or deleted.
    """
    known = {line for line, choice in zip(lines, before, strict=False) if choice == CARRY_ON}
    kept = {part for line, choice in zip(lines, choices, strict=True) if choice == CARRY_ON for part in _split(line)}
    gone = {
        part for line, choice in zip(lines, choices, strict=True) if choice in (DONE, DROP) for part in _split(line)
    }
    gone -= kept
    text = "\n".join(line for line in typed_text.split("\n") if line.strip() not in gone)
    there = set(_split(text))
    for part in (part for line in lines if line not in known for part in _split(line) if part in kept):
        longer = f"{text.rstrip()}\n{part}" if text.strip() else part
        if part not in there and len(longer) <= limit:
            text = longer
            there.add(part)
    return text


def carry(
    qs: QuestionSet, earlier: Mapping[str, str], typed: Raw, before: Raw = MappingProxyType({})
) -> dict[str, object]:  # fmt: skip
    """The raw answers with every carried text as its choices make it; `before` are the raw answers until now."""
    answers = dict(typed)
    for question in carrying(qs):
        lines = lines_of(earlier.get(question.carry_over, ""))
        choices, until_now = (
            [str(raw.get(choice_key(question, at)) or "") for at in range(len(lines))] for raw in (typed, before)
        )
        text = typed.get(question.carry_over)
        limit = qs.question(question.carry_over).max_length or MAX_TEXT
        if lines:
            answers[question.carry_over] = carried(
                text if isinstance(text, str) else "", lines, choices, limit, until_now
            )
    return answers


def carried_answers(qs: QuestionSet, answers: Answers, earlier: Mapping[str, str]) -> list[dict[str, str]]:
    """What became of each line, as it is stored (sealed, the lines are somebody's words); lines left alone are out."""
    values = answers.by_key()
    chosen = (
        (line, values.get(choice_key(question, at)))
        for question in carrying(qs)
        for at, line in enumerate(lines_of(earlier.get(question.carry_over, "")))
    )
    return [{"line": line, "choice": str(choice)} for line, choice in chosen if choice]


def choice_key(question: Question, at: int) -> str:
    return f"{question.key}.{at}"


def carrying(qs: QuestionSet) -> list[Question]:
    return [question for question in qs.questions if question.kind == "carry_over"]


def _split(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]
