"""Reads a folder of content files, checks all of them against the schema and each other, and makes values of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bot.questions import form_checks as forms
from bot.questions import list_checks as lists
from bot.questions.entries import ContentError, Entry
from bot.questions.list_schema import LISTS, shape_of
from bot.questions.reading import parse_yaml
from bot.questions.references import Files, by_key, check_references, scales
from bot.questions.sets import QuestionSet, Scale, build

FOLDER = Path(__file__).parent.parent / "content"

Check = Callable[[Entry, Files], None]

# By the name of the shape. A form trusts what its questions were found to be: `walk` comes to them first.
CHECKS: Mapping[str, tuple[Check, ...]] = {
    "question": (forms.check_question,),
    "field": (forms.check_default,),
    "form": (forms.check_form,),
    "improvement plan": (forms.check_form, forms.check_pip),
    "workshop": (forms.check_form, forms.check_workshop),
    "exercise": (forms.check_exercise,),
    "scale": (lists.check_scale,),
    "bars": (lists.check_bars,),
    "anchors by level": (lists.check_level_anchors,),
    "competency": (lists.check_competency,),
    "role profile": (lists.check_role_profile,),
    "bias lexicon file": (lists.check_bias_lexicon,),
    "quality lexicon file": (lists.check_quality_lexicon,),
    "objective": (lists.check_objective,),
    "key result": (lists.check_key_result,),
    "nudges file": (lists.check_nudges,),
}


@dataclass(frozen=True)
class Content:
    """`files` holds every file as read-only plain values, for the rooms that use lists and further keys of forms."""

    sets: Mapping[str, QuestionSet]
    scales: Mapping[str, Scale]
    files: Mapping[str, Mapping[str, Any]]


def load_all(folder: Path | None = None) -> Content:
    """Every content file of the folder, or of the product; ContentError names the first file, line and key at fault."""
    return _shipped() if folder is None else _load(folder)


def question_set(key: str) -> QuestionSet:
    """A form as it is shipped."""
    return load_all().sets[key]


@cache
def _shipped() -> Content:
    return _load(FOLDER)


def _load(folder: Path) -> Content:
    files = {path.stem: _read(path) for path in sorted(folder.glob("*.yaml"))}
    for root in files.values():
        check_references(root, files)
    for root in files.values():
        for entry in root.walk():
            for check in CHECKS.get(entry.shape.name, ()) if entry.shape else ():
                check(entry, files)
    sets = {key: _question_set(root, files) for key, root in files.items() if key not in LISTS}
    built = {key: build(Scale, scale) for key, scale in scales(files).items()}
    frozen = {key: _frozen(root) for key, root in files.items()}
    return Content(MappingProxyType(sets), MappingProxyType(built), MappingProxyType(frozen))


def _read(path: Path) -> Entry:
    try:
        text = path.read_bytes().decode()
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ContentError(path.name, line, "", "no UTF-8 text") from error
    root = parse_yaml(text, path.name, shape_of(path.stem))
    if root["key"] != path.stem:
        raise root.wrong("key", f"'{root['key']}' is not the name of the file")
    return root


def _question_set(root: Entry, files: Files) -> QuestionSet:
    known = {field.name for field in fields(QuestionSet)}
    data = {name: value for name, value in root.items() if name in known}
    data["questions"] = [_question(question, files) for question in root["questions"]]
    if any("repeat_for" in question for question in root["questions"]):
        data["framework"] = _framework(files)
    return build(QuestionSet, data)


def _question(question: Entry, files: Files) -> dict[str, Any]:
    """The question with its scale and its options in it, so that a stored set needs no other file."""
    data = dict(question)
    if "scale" in data:
        data["scale"] = scales(files)[data["scale"]]
    if "options_from" in data:
        data["options"] = [
            {"key": entry["key"], "title": entry["title"]} for entry in files["competencies"]["competencies"]
        ]
    elif "options" in data:
        data["options"] = [{"key": key, "title": spoken(key)} for key in data["options"]]
    return data


def _framework(files: Files) -> dict[str, Any]:
    competencies, bars = files["competencies"], files["scales"]["bars"]
    wording = files["scales"]["bars_by_level"]
    return {
        "levels": list(by_key(competencies["levels"])),
        "competencies": [{**entry, "levels": list(entry["levels"].items())} for entry in competencies["competencies"]],
        "bars": [{**bar, "anchors": list(bar["anchors"].items())} for bar in bars],
        "anchors": list(wording["anchors"].items()),
        "top_level": list(wording["top_level"].items()),
    }


def spoken(key: str) -> str:
    """How an option without a title is shown."""
    return key[:1].upper() + key[1:].replace("_", " ")


def _frozen(value: Any) -> Any:
    if isinstance(value, dict):
        return MappingProxyType({key: _frozen(inner) for key, inner in value.items()})
    return tuple(_frozen(inner) for inner in value) if isinstance(value, list) else value
