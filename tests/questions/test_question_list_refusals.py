"""Every rule of the schema for lists, broken once; and for every kind of object each key missing, strange or wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from question_samples import Broken, Case

from bot.questions import ContentError, load_all
from bot.questions.entries import Entry, Items
from bot.questions.list_schema import shape_of
from bot.questions.loading import FOLDER
from bot.questions.reading import Shape, parse_yaml

MOOD = "- {value: 1, label: Very hard}"
BOTH = "{key: l1, title: Entry, track: both"
ENDS = "- {value: 10, label: Practically certain}"

CASES = [
    Case("scales", "key: mood_5", "key: competency_5", "key", "'competency_5' stands here twice"),
    Case("scales", MOOD, "- {value: 2, label: Very hard}", "value", "'2' stands here twice", "label: Hard}"),
    Case("scales", MOOD, "- {value: 6, label: x}", "points", "the values 1, 2, 3, 4, 5", "points:\n      - {value: 6"),
    Case("scales", MOOD, "- {value: a, label: x}", "value", "expected an integer"),
    Case("scales", MOOD, "- {value: 1}", "label", "required at every point"),
    Case("scales", f"      {MOOD}\n", "", "points", "the values", "points:\n      - {value: 2, label: Hard}"),
    Case(
        "scales",
        ENDS,
        "- {value: 9, label: x}",
        "points",
        "the values 1, 10",
        "points:\n      - {value: 1, label: Very un",
    ),
    Case("scales", "    labelled: ends", "    labelled: some", "labelled", "none of all, ends"),
    Case("scales", "    max: 5", "    max: 1", "max", "must be above min (1)"),
    Case("scales", "favourable_from: 4", "favourable_from: 6", "favourable_from", "6 is not between 1 and 5"),
    Case("scales", "healthy_point: 3", "healthy_point: 0", "healthy_point", "0 is not between 1 and 5"),
    Case(
        "scales", ', anchor: "Has not used the skill."', "", "anchor", "needs an anchor at each point", "label: None}"
    ),
    Case("scales", "competency: craft", "competency: crafts", "competency", "did you mean 'craft'?"),
    Case("scales", "    scale: competency_5", "    scale: x", "scale", "not among the scales"),
    Case(
        "scales",
        "    scale: competency_5",
        "    scale: potential_3",
        "4",
        "expected only 1, 2, 3",
        '4: "Delivers reliably',
    ),
    Case("scales", '      3: "Work meets', '      6: "Work meets', "6", "expected only 1, 2, 3, 4, 5"),
    Case("scales", "for_role: people_manager", "for_role: manager", "for_role", "none of people_manager"),
    Case("scales", "source: competencies", "source: bars", "source", "none of competencies"),
    Case("scales", '"{this_level}"', '"{that_level}"', "3", "did you mean 'this_level'?", '3: "{that'),
    Case("scales", '"{this_level}"', '"{this_level"', "3", "not closed", '3: "{this_level"'),
    Case(
        "scales",
        'expects: {this_level}"\n    5',
        'expects: {next_level}"\n    5',
        "4",
        "no placeholder {next_level}",
        '4: "Seen throughout, with',
    ),
    Case("scales", '    4: "Seen throughout, with', '    3: "x', "3", "expected only 4, 5"),
    Case("scales", '    4: "Seen throughout, with', '    x: "x', "x", "expected an integer"),
    Case("competencies", BOTH, "{key: l1, title: Entry, track: all", "track", "none of both"),
    Case(
        "competencies",
        BOTH,
        "{key: l2, title: Entry, track: both",
        "key",
        "'l2' stands here twice",
        "key: l2, title: Ind",
    ),
    Case("competencies", '      l1: "Finishes', '      l9: "Finishes', "l9", "not among the levels"),
    Case("competencies", '      l1: "Finishes', '      l2: "Finishes', "l2", "doubled key", '      l2: "Plans'),
    Case("competencies", "level: l2", "level: l22", "level", "not among the levels; did you mean 'l2'?"),
    Case("competencies", "required: {delivery: 3", "required: {deliver: 3", "deliver", "did you mean 'delivery'?"),
    Case(
        "competencies", "required: {delivery: 3", "required: {delivery: 6", "delivery", "6 is no value of proficiency_5"
    ),
    Case(
        "competencies", "critical: [people_leadership]", "critical: [people]", "critical", "not among the competencies"
    ),
    Case("competencies", ", people_leadership: ", ", x: ", "x", "not among the competencies"),
    Case(
        "competencies", "profile_scale: proficiency_5", "profile_scale: prof", "profile_scale", "not among the scales"
    ),
    Case("competencies", "review_every_months: 12", "review_every_months: 0", "review_every_months", "0 is below 1"),
    Case("bias_lexicon", "unit: word_boundary", "unit: letters", "unit", "none of word_boundary"),
    Case("bias_lexicon", '  info: "Shown', '  hint: "Shown', "hint", "unknown key"),
    Case("bias_lexicon", "severity: suggest", "severity: suggests", "severity", "did you mean 'suggest'?"),
    Case("bias_lexicon", "sources: [snyder_2014", "sources: [snyder", "sources", "did you mean 'snyder_2014'?"),
    Case(
        "bias_lexicon", "terms: [helpful", "terms: [abrasive, helpful", "terms", "stands in 'gender_coded_personality'"
    ),
    Case("bias_lexicon", "terms: [helpful", "terms: [nice, helpful", "terms", "'nice' stands here twice"),
    Case("bias_lexicon", "{term: sweet, nouns", "{term: swet, nouns", "term", "did you mean 'sweet'?"),
    Case(
        "bias_lexicon", "{term: sweet, nouns: [spot]}", "{term: sweet}", "next", "at least one of next, previous, nouns"
    ),
    Case("bias_lexicon", "suggestions: {manpower", "suggestions: {menpower", "menpower", "did you mean 'manpower'?"),
    Case("bias_lexicon", "{key: adea", "{key: editorial", "key", "stands here twice", '{key: editorial, note: "Our'),
    Case("quality_lexicon", "  vague:\n", "  vage:\n", "vage", "did you mean 'vague'?"),
    Case("quality_lexicon", "{term: weak", "{term: weakly", "term", "did you mean 'weak'?"),
    Case("quality_lexicon", "{term: nice, next: [to]}", "{term: nice}", "next", "at least one of"),
    Case("quality_lexicon", "named_things: []", "named_things: {}", "named_things", "expected a list, found a map"),
    Case("okr_examples", "level: team", "level: squad", "level", "none of company"),
    Case("okr_examples", "pillar: customers", "pillar: customer", "pillar", "did you mean 'customers'?"),
    Case("okr_examples", "parent: company_useful", "parent: company", "parent", "not among the objectives"),
    Case(
        "okr_examples",
        "parent: company_useful",
        "parent: company_sound",
        "parent",
        "belongs to the pillar 'sustainability'",
    ),
    Case("okr_examples", "parent: company_useful", "parent: support_first_answer", "parent", "itself"),
    Case(
        "okr_examples", "    parent: company_useful\n", "", "parent", "needed at level department", "key: support_first"
    ),
    Case("okr_examples", "{key: churn90", "{key: activation", "key", "'activation' stands here twice"),
    Case("okr_examples", "unit: percent, start: 42, target: 65", "target: 65", "start", "needed at kind numeric"),
    Case("okr_examples", "start: 42, target: 65", "start: 65, target: 65", "target", "must differ from start"),
    Case("okr_examples", "start: 42, target: 65", "start: 42, target: .inf", "target", "found inf"),
    Case("okr_examples", "weight: 2}", "weight: 0}", "weight", "0 is not above 0"),
    Case("okr_examples", "kind: binary", "kind: binary, start: 1", "start", "belongs to kind numeric, not to binary"),
    Case("okr_examples", "kind: binary", "kind: milestone", "steps", "needed at kind milestone"),
    Case("okr_examples", "comparator: at_least, ", "", "comparator", "needed at kind maintain", "{key: available"),
    Case("okr_examples", "comparator: at_least", "comparator: above", "comparator", "none of at_least, at_most"),
    Case("okr_examples", "{key: list, weight: 1}", "{key: five, weight: 1}", "key", "'five' stands here twice"),
    Case("nudges", 'start: "09:00"', "start: 10:00", "start", "expected a time of day", "send_window"),
    Case("nudges", 'start: "09:00"', 'start: "24:00"', "start", "expected a time of day", "send_window"),
    Case("nudges", 'start: "09:00"', 'start: "18:00"', "end", "must be later than 18:00", "send_window"),
    Case("nudges", "{key: invite, when: opens}", "{key: invitation, when: opens}", "key", "not among the messages"),
    Case("nudges", "when: due_day", "when: due", "when", "none of opens"),
    Case("nudges", "only_if: not_started", "only_if: started", "only_if", "none of not_started"),
    Case("nudges", "to: coordinator", "to: hr", "to", "none of coordinator"),
    Case("nudges", '  invite: "{title}', '  invite: "{titel}', "invite", "did you mean 'title'?"),
    Case("nudges", '  invite: "{title}', '  invite: "{answer}', "invite", "no placeholder {answer} here"),
    Case("nudges", '  invite: "{title}', '  invite: "{title', "invite", "{"),
    Case("nudges", '  invite: "{title}', '  invite: "[Go {title}', "invite", "[button] is not closed"),
    Case(
        "nudges", "max_per_person_per_day: 1", "max_per_person_per_day: -1", "max_per_person_per_day", "-1 is below 0"
    ),
]


@pytest.mark.parametrize("case", CASES, ids=[f"{case.file}, {case.key}: {case.says}" for case in CASES])
def test_a_broken_list_is_refused_with_file_line_and_key(broken: Broken, case: Case) -> None:
    broken.refused(case)


def shapes() -> Iterator[tuple[Shape, str, list[Any]]]:
    """The first object of each kind in the shipped files, by the way to it."""
    seen: set[str] = set()
    for path in sorted(FOLDER.glob("*.yaml")):
        for entry, way in _ways(parse_yaml(path.read_text(), path.name, shape_of(path.stem)), []):
            if entry.shape and entry.shape.name not in seen:
                seen.add(entry.shape.name)
                yield entry.shape, path.stem, way


def _ways(entry: Entry, way: list[Any]) -> Iterator[tuple[Entry, list[Any]]]:
    yield entry, way
    for key, value in entry.items():
        for at, inner in enumerate(value) if isinstance(value, Items) else [(None, value)]:
            if isinstance(inner, Entry):
                yield from _ways(inner, [*way, key] if at is None else [*way, key, at])


SHAPES = list(shapes())


def changed(file: str, way: list[Any]) -> tuple[Any, Any]:
    whole = yaml.safe_load((FOLDER / f"{file}.yaml").read_text())
    part = whole
    for step in way:
        part = part[step]
    return whole, part


def refused(folder: Path, file: str, whole: Any) -> ContentError:
    (folder / f"{file}.yaml").write_text(yaml.safe_dump(whole, sort_keys=False))
    with pytest.raises(ContentError) as caught:
        load_all(folder)
    return caught.value


@pytest.mark.parametrize(("shape", "file", "way"), SHAPES, ids=[shape.name for shape, _, _ in SHAPES])
def test_every_required_key_of_every_object_is_missed(tmp_path: Path, shape: Shape, file: str, way: list[Any]) -> None:
    for name in (name for name, key in shape.keys.items() if key.required):
        whole, part = changed(file, way)
        del part[name]
        error = refused(tmp_path, file, whole)
        assert (error.key, error.problem) == (name, f"required at every {shape.name}")


@pytest.mark.parametrize(("shape", "file", "way"), SHAPES, ids=[shape.name for shape, _, _ in SHAPES])
def test_no_object_takes_an_unknown_key_or_a_wrong_type(
    tmp_path: Path, shape: Shape, file: str, way: list[Any]
) -> None:
    whole, part = changed(file, way)
    part["surprise"] = 1
    assert "unknown key" in refused(tmp_path, file, whole).problem
    for name in shape.keys:
        whole, part = changed(file, way)
        part[name] = [{"x": [None]}]
        assert refused(tmp_path, file, whole).file == f"{file}.yaml"
