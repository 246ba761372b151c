"""Every word a user reads goes through the catalogues, and the template holds all of them."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from house_tree import modules
from translated import entries, several

from bot.commands import catalogue

LANGUAGES = pytest.mark.parametrize("path", catalogue.languages(), ids=lambda path: path.stem)


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


@LANGUAGES
def test_a_language_has_the_sentences_of_the_template_in_its_order(path: Path) -> None:
    written = path.read_text("utf-8")
    assert written == catalogue.renewed(path.stem, written), "words have changed: run 'make texts'"


@LANGUAGES
def test_a_language_is_complete_and_nothing_in_it_is_guessed(path: Path) -> None:
    assert [one.id for one in entries(path) if one.fuzzy or not all(text.strip() for text in several(one.string))] == []
    assert len(entries(path)) == len(entries(catalogue.FILE))


@LANGUAGES
def test_a_language_has_the_placeholders_of_the_template(path: Path) -> None:
    """A plural form may leave its count out."""
    wrong = []
    for one in entries(path):
        wanted = set(re.findall(r"\{.*?\}", "".join(several(one.id))))
        counts = {"{count}"} if one.pluralizable else set()
        found = [set(re.findall(r"\{.*?\}", text)) for text in several(one.string)]
        wrong += [one.id for each in found if each | counts != wanted | counts]
    assert wrong == []


def test_a_language_is_brought_up_to_date_without_a_guess() -> None:
    old = """# Words.
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"

msgid "Gone"
msgstr "Weg"

msgid "Help"
msgstr "Hilfe"

#, fuzzy
msgid "Undo"
msgstr "Vielleicht"
"""
    new = catalogue.renewed("de", old)
    assert new.startswith("# Words.\n")
    assert "Gone" not in new
    assert "Vielleicht" not in new
    assert 'msgid "Help"\nmsgstr "Hilfe"' in new
    assert 'msgid "Tomorrow"\nmsgstr ""' in new
    assert catalogue.renewed("de", new) == new
