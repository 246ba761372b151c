"""A form that was opened before somebody, or oneself elsewhere, changed what is stored: nobody's text is lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from bot.forms import Answers, Choice, Choices, Field, Form, Invalid, Note, People, Rating, Raw, Yes
from bot.texts import say


def same(stored: Form, answers: Answers) -> bool:
    """Whether the form, as it is filled from what is stored, has these very answers."""
    try:
        return stored.clean(stored.starts()).by_key() == answers.by_key()
    except Invalid:
        return False


def both(form: Form, stored: Form, raw: Raw, names: Mapping[str, str]) -> Form:
    """The form with what is typed in it, and what is stored above each question that differs."""
    theirs = {field.key: field for field in stored.visible(stored.starts()).fields}
    shown = {field.key for field in form.visible(raw).fields}
    why = say(
        "This was changed after you opened it. What is stored stands above each question, yours is in it. "
        "Send again to replace what is stored."
    )
    pages: list[tuple[Field[Any], ...]] = []
    at = 0
    for number, page in enumerate(form.filled(raw).pages):
        drawn = tuple(each for field in page for each in _beside(field, theirs.get(field.key), raw, names, shown))
        if number and not any(field.key in shown for field in page):
            # Nobody comes to a page of hidden questions: what is stored there is told on the one before.
            pages[at] += tuple(each for each in drawn if each not in page)
            drawn = page
        else:
            at = number
        pages.append(drawn)
    return replace(form, pages=((Note("stale", why, strong=True), *pages[0]), *pages[1:]))


def _beside(
    field: Field[Any], other: Field[Any] | None, raw: Raw, names: Mapping[str, str], shown: set[str]
) -> Iterator[Field[Any]]:
    theirs = _spoken(other, other.raw(other.start), names) if other else ""
    if theirs and theirs != _spoken(field, raw.get(field.key), names):
        alone = say("Stored at “{question}”: {answer}", question=field.label, answer=theirs)
        beside = say("Stored: {answer}", answer=theirs)
        yield Note(f"stored-{field.key}", beside if field.key in shown else alone)
    yield field


def _spoken(field: Field[Any], raw: object, names: Mapping[str, str]) -> str:
    match field:
        case Note():
            return ""
        case Yes():
            return say("Yes") if raw else say("No")
        case Rating():
            labels = {option.key: f"{option.key} · {option.label}" for option in field.points}
        case Choice() | Choices():
            labels = {option.key: option.label for option in field.options}
        case People():
            labels = dict(names)
        case _:
            labels = {}
    return ", ".join(labels.get(str(one), str(one)) for one in _several(raw))


def _several(raw: object) -> Iterator[object]:
    for one in raw if isinstance(raw, list) else [raw]:
        if isinstance(one, Mapping):
            yield from (value for value in one.values() if value not in (None, ""))
        elif one not in (None, ""):
            yield one
