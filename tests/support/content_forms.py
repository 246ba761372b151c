"""Every shipped question set as forms, and drawn as modals: each variant, each who writes, each level of a role."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from bot.forms import Form
from bot.platforms.slack.modals import modal
from bot.questions import QuestionSet, Role, fields_of, load_all, title_of

SETS = tuple(load_all().sets.values())
PEOPLE = {"manager": "Grace Murray", "subject": "Ada Byron", "author": "Ada Byron"}
# Last time's plan, with no Latin letter in it.
EARLIER = "Написать\nСобрать"


def drawn(qs: QuestionSet) -> Iterator[dict[str, Any]]:
    """In the reader's language, a page for each question; what hangs on another answer is shown too."""
    for whole in forms(qs):
        form = _apart(whole)
        for page in range(len(form.pages)):
            yield modal(form, page=page, token={})


def forms(qs: QuestionSet) -> Iterator[Form]:
    whole = dataclasses.replace(qs, default_questions=())
    competencies = tuple(one.key for one in qs.framework.competencies) if qs.framework else ()
    levels = ("", *qs.framework.levels) if qs.framework else ("",)
    earlier = {question.key: EARLIER for question in qs.questions if question.kind == "text"}
    for writer in sorted({question.by or qs.by for question in qs.questions}):
        for level in levels:
            asked: dict[str, Any] = {"by": writer, "role": Role(competencies, level), "earlier": earlier}
            for names in (PEOPLE, {}):
                yield Form.of(title_of(qs), *fields_of(whole, names=names, **asked))
    for variant in qs.variants:
        yield Form.of(title_of(qs, variant.key), *fields_of(qs, names=PEOPLE, variant=variant.key))


def _apart(form: Form) -> Form:
    return dataclasses.replace(form, pages=tuple((dataclasses.replace(one, show_if=None),) for one in form.fields))
