"""Every word a user reads goes through the catalogues, and the template holds all of them."""

from __future__ import annotations

import ast
import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po, write_po
from house_tree import modules

from bot import texts
from bot.commands import catalogue
from bot.forms import Choice, Choices, Field, Group, Rating
from bot.questions import QuestionSet, Role, description_of, fields_of, load_all, title_of

SETS = tuple(load_all().sets.values())
NAMES = {"manager": "Grace", "subject": "Ada", "author": "Ada"}


def test_the_template_is_up_to_date() -> None:
    assert catalogue.FILE.read_text("utf-8") == catalogue.template(), "words have changed: run 'make texts'"


def test_no_sentence_is_put_together_before_it_is_looked_up() -> None:
    """A name of a marked sentence may be looked up; an f-string or a sum would be found in no catalogue."""
    wrong = [
        f"{module.where}:{node.lineno}"
        for module in modules("bot")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and (getattr(node.func, "attr", "") or getattr(node.func, "id", "")) in catalogue.SPOKEN
        and any(isinstance(given, ast.JoinedStr | ast.BinOp | ast.Call) for given in node.args[:1])
    ]
    assert wrong == []


def test_a_sentence_has_one_plural_form_in_all_places() -> None:
    plurals: dict[str, set[str]] = {}
    for found in catalogue.sentences():
        if found.text:
            plurals.setdefault(found.text, set()).add(found.many)
    assert {text: forms for text, forms in plurals.items() if len(forms) > 1} == {}


def test_a_context_stands_for_one_text() -> None:
    contexts: dict[str, set[str]] = {}
    for where, text in catalogue.content_words():
        contexts.setdefault(where, set()).add(text)
    assert {where: found for where, found in contexts.items() if len(found) > 1} == {}


@pytest.fixture
def pseudo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A language whose every word stands in brackets."""
    with catalogue.FILE.open("rb") as source:
        template = read_po(source, locale="fr")
    for message in template:
        if message.id:
            ids = message.id if isinstance(message.id, tuple) else (message.id,)
            strings = tuple(f"⟦{text}⟧" for text in ids)
            message.string = strings if message.pluralizable else strings[0]
    with (tmp_path / "fr.po").open("wb") as target:
        write_po(target, template)
    monkeypatch.setattr(texts, "FOLDER", tmp_path)
    texts._catalogue.cache_clear()
    with texts.reader("fr"):
        yield "fr"
    texts._catalogue.cache_clear()


def untranslated(fields: tuple[Field[Any], ...]) -> Iterator[str]:
    for field in fields:
        if isinstance(field, Group):
            yield from untranslated(field.fields)
        words = [field.label, field.help, field.audience]
        if isinstance(field, Rating):
            words += [word for option in field.points for word in (option.label, option.help)]
        if isinstance(field, Choice | Choices):
            words += [word for option in field.options for word in (option.label, option.help)]
        yield from (f"{field.key}: {w}" for w in words if w and "⟦" not in w and not re.fullmatch(r"-?\d+", w))


def writers(qs: QuestionSet) -> set[str]:
    return {question.by or qs.by for question in qs.questions}


@pytest.mark.parametrize("qs", SETS, ids=lambda qs: qs.key)
def test_every_word_of_a_shipped_question_set_is_in_the_catalogue(qs: QuestionSet, pseudo: str) -> None:
    qs = dataclasses.replace(qs, default_questions=())
    competencies = tuple(one.key for one in qs.framework.competencies) if qs.framework else ()
    levels = ("", *qs.framework.levels) if qs.framework else ("",)
    for writer in writers(qs):
        for level in levels:
            found = fields_of(qs, names=NAMES, by=writer, role=Role(competencies, level))
            assert list(untranslated(found)) == []
    titles = [title_of(qs), description_of(qs), *(title_of(qs, variant.key) for variant in qs.variants)]
    assert [title for title in titles if "⟦" not in title] == []
