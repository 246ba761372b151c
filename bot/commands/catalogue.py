"""Every word a user reads, gathered for translators into bot/texts/rapport.pot, and the languages brought up to it:
`python -m bot.commands.catalogue`."""

from __future__ import annotations

import ast
import io
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from bot.questions import Question, QuestionSet, load_all
from bot.texts import FOLDER

HOUSE = Path(__file__).parent.parent
FILE = FOLDER / "rapport.pot"
SPOKEN = ("say", "mark", "say_n")
WIDTH = 120
HEADER = """# Copy to LANGUAGE.po (de.po, pt_BR.po) and fill in. Made by `make texts`; do not edit.
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"

"""


class Sentence(NamedTuple):
    """A sentence of the code; `many` is its plural. "" where the words are made at run time, at that line."""

    where: str
    line: int
    text: str
    many: str = ""


def template() -> str:
    """The catalogue as it should be: no line numbers and no date, so that it changes only when words do."""
    return HEADER + _written(_gathered())


def renewed(language: str, translated: str) -> str:
    """A translation with the sentences of today: new ones are empty, gone ones are out, nothing is guessed."""
    head = translated.partition("\n\n")[0]
    known, catalogue = read_po(io.StringIO(translated), locale=language), _gathered(language)
    for message in catalogue:
        found = known.get(message.id, message.context) if message.id else None
        if found is not None and found.pluralizable == message.pluralizable and not found.fuzzy:
            message.string = found.string
    return f"{head}\n\n{_written(catalogue)}"


def languages() -> list[Path]:
    return sorted(FOLDER.glob("*.po"))


def _gathered(language: str | None = None) -> Catalog:
    catalogue = Catalog(locale=language)
    for found in sentences():
        if found.text:
            text = (found.text, found.many) if found.many else found.text
            catalogue.add(text, locations=[(found.where, found.line)])
    for where, text in content_words():
        catalogue.add(text, context=where)
    return catalogue


def _written(catalogue: Catalog) -> str:
    written = io.BytesIO()
    write_po(written, catalogue, include_lineno=False, omit_header=True, width=WIDTH)
    return written.getvalue().decode()


def sentences() -> Iterator[Sentence]:
    """Read from the syntax tree: Babel's own reader does not look inside f-strings."""
    for path in sorted(HOUSE.rglob("*.py")):
        where = path.relative_to(HOUSE.parent).as_posix()
        nodes = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
        for node in sorted(nodes, key=lambda node: (node.lineno, node.col_offset)):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in SPOKEN and node.args:
                yield Sentence(where, node.lineno, _literal(node, 0), _literal(node, 1) if name == "say_n" else "")


def _literal(node: ast.Call, at: int) -> str:
    given = node.args[at] if at < len(node.args) else None
    return given.value if isinstance(given, ast.Constant) and isinstance(given.value, str) else ""


def content_words() -> Iterator[tuple[str, str]]:
    """Each text of a content file that is shown, with the context under which the code looks it up."""
    for qs in load_all().sets.values():
        yield from ((where, text) for where, text in (*_set(qs), *_framework(qs)) if text)
    yield from _examples()


def _examples() -> Iterator[tuple[str, str]]:
    """Of objectives, beside the form that asks for one."""
    for one in load_all().files["okr_examples"]["objectives"]:
        yield f"okr_examples.{one['key']}.title", one["title"]
        yield from ((f"okr_examples.{one['key']}.{each['key']}.title", each["title"]) for each in one["key_results"])


def _set(qs: QuestionSet) -> Iterator[tuple[str, str]]:
    yield f"{qs.key}.title", qs.title
    yield f"{qs.key}.description", qs.description
    yield from ((f"{qs.key}.{variant.key}.title", variant.title) for variant in qs.variants)
    yield from ((f"{qs.key}.skip_reasons.{key}", key.replace("_", " ").capitalize()) for key in qs.skip_reasons)
    for question in qs.questions:
        yield from _question(qs.key, question)


def _question(file: str, question: Question) -> Iterator[tuple[str, str]]:
    here = f"{file}.{question.key}"
    yield f"{here}.label", question.label
    yield f"{here}.help", question.help
    yield from ((f"{here}.{field.key}.label", field.label) for field in question.fields)
    options = question.options_from or f"{here}.options"
    for option in question.options:
        yield (f"{options}.{option.key}.title" if question.options_from else f"{options}.{option.key}"), option.title
    if question.scale:
        scale = f"scales.{question.scale.key}"
        yield f"{scale}.description", question.scale.description
        for point in question.scale.points:
            yield f"{scale}.{point.value}.label", point.label
            yield f"{scale}.{point.value}.anchor", point.anchor


def _framework(qs: QuestionSet) -> Iterator[tuple[str, str]]:
    if qs.framework is None:
        return
    for one in qs.framework.competencies:
        yield f"competencies.{one.key}.title", one.title
        yield f"competencies.{one.key}.description", one.description
        yield from ((f"competencies.{one.key}.levels.{level}", text) for level, text in one.levels)
    for bar in qs.framework.bars:
        yield from ((f"scales.{bar.key}.anchors.{value}", text) for value, text in bar.anchors)
    for part, texts in (("anchors", qs.framework.anchors), ("top_level", qs.framework.top_level)):
        yield from ((f"scales.bars_by_level.{part}.{value}", text) for value, text in texts)


if __name__ == "__main__":
    FILE.write_text(template(), "utf-8")
    for path in languages():
        path.write_text(renewed(path.stem, path.read_text("utf-8")), "utf-8")
