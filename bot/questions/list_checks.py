"""Rules of lists that a table of keys cannot say."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.questions.entries import ContentError, Entry, meant
from bot.questions.references import Files, by_key, scales

# fmt: off
PLACEHOLDERS = frozenset((
    "title", "due_local", "due_time_local", "date", "time", "when", "start", "end", "minutes", "days", "done",
    "total", "count", "answers", "min", "max", "group", "goal", "name", "manager", "sender", "subject", "recipient",
    "delegate", "reviewer", "scopes", "certificate",
))
# fmt: on


def check_scale(scale: Entry, files: Files) -> None:
    low, high = scale["min"], scale["max"]
    if low >= high:
        raise scale.wrong("max", f"must be above min ({low})")
    for name in ("favourable_from", "healthy_point"):
        if name in scale and not low <= scale[name] <= high:
            raise scale.wrong(name, f"{scale[name]} is not between {low} and {high}")
    ends = scale.get("labelled") == "ends"
    wanted = [low, high] if ends else list(range(low, high + 1))
    if sorted(point["value"] for point in scale["points"]) != wanted:
        raise scale.wrong("points", f"expected the values {_listed(wanted)}")
    in_bars = any(bar["scale"] == scale["key"] for bar in scale.root["bars"])
    for point in scale["points"]:
        if scale["evaluative"] and not in_bars and "anchor" not in point:
            raise point.wrong("anchor", "an evaluative scale needs an anchor at each point, here or in bars")


def check_bars(bar: Entry, files: Files) -> None:
    scale = scales(files)[bar["scale"]]
    _exactly(bar, "anchors", range(scale["min"], scale["max"] + 1))


def check_level_anchors(wording: Entry, files: Files) -> None:
    rated = [scales(files)[key] for key in {bar["scale"] for bar in wording.root["bars"]}]
    _exactly(wording, "anchors", sorted({value for scale in rated for value in range(scale["min"], scale["max"] + 1)}))
    for part, allowed in (("anchors", {"this_level", "next_level"}), ("top_level", {"this_level"})):
        for value, text in wording[part].items():
            check_placeholders(wording[part], value, text, allowed)
    upper = [value for value, text in wording["anchors"].items() if "{next_level}" in text]
    _exactly(wording, "top_level", upper)


def check_competency(competency: Entry, files: Files) -> None:
    _exactly(competency, "levels", by_key(competency.root["levels"]))


def check_role_profile(profile: Entry, files: Files) -> None:
    scale = scales(files)[profile.root["profile_scale"]]
    for competency, value in profile["required"].items():
        if not scale["min"] <= value <= scale["max"]:
            raise profile["required"].wrong(competency, f"{value} is no value of {scale['key']}")
    for competency in profile.get("critical", ()):
        if competency not in profile["required"]:
            raise profile.wrong("critical", f"'{competency}' is not required by this profile")


def check_bias_lexicon(lexicon: Entry, files: Files) -> None:
    homes: dict[str, str] = {}
    for category in lexicon["categories"]:
        terms = category["terms"]
        for term, line in zip(terms, terms.lines, strict=True):
            if term in homes:
                raise ContentError(lexicon.file, line, "terms", f"'{term}' stands in '{homes[term]}' already")
            homes[term] = category["key"]
        for term in category.get("suggestions", ()):
            if term not in terms:
                raise category["suggestions"].wrong(term, f"not among the terms{meant(term, terms)}")
        _check_exceptions(category.get("exceptions", ()), terms)


def check_quality_lexicon(lexicon: Entry, files: Files) -> None:
    for cue, exceptions in lexicon["exceptions"].items():
        _check_exceptions(exceptions, lexicon["cues"][cue])


def _check_exceptions(exceptions: Iterable[Entry], terms: list[str]) -> None:
    for exception in exceptions:
        if exception["term"] not in terms:
            raise exception.wrong(
                "term", f"'{exception['term']}' is not among the terms{meant(exception['term'], terms)}"
            )
        if not exception.keys() & {"next", "previous", "nouns"}:
            raise exception.wrong("next", "at least one of next, previous, nouns")


def check_objective(objective: Entry, files: Files) -> None:
    objectives = by_key(objective.root["objectives"])
    if "parent" not in objective:
        if objective["level"] != "company":
            raise objective.wrong("parent", f"needed at level {objective['level']}")
        return
    if "why" not in objective:
        raise objective.wrong("why", "needed with parent")
    parent = objectives[objective["parent"]]
    if parent["pillar"] != objective["pillar"]:
        raise objective.wrong("parent", f"'{parent['key']}' belongs to the pillar '{parent['pillar']}'")
    above, seen = parent, {objective["key"]}
    while above["key"] not in seen and "parent" in above:
        seen.add(above["key"])
        above = objectives[above["parent"]]
    if above["key"] in seen:
        raise objective.wrong("parent", f"'{parent['key']}' hangs on '{objective['key']}' itself")


def check_key_result(result: Entry, files: Files) -> None:
    if "start" in result and result["start"] == result["target"]:
        raise result.wrong("target", "must differ from start")


def check_nudges(nudges: Entry, files: Files) -> None:
    window = nudges["defaults"]["send_window"]
    if window["start"] >= window["end"]:
        raise window.wrong("end", f"must be later than {window['start']}")
    messages = nudges["messages"]
    for key, text in messages.items():
        check_placeholders(messages, key, text, PLACEHOLDERS)
        if re.search(r"[\[\]]", re.sub(r"\[[^\[\]]+\]", "", text)):
            raise messages.wrong(key, "a [button] is not closed or not opened")


def check_placeholders(entry: Entry, key: object, text: str, allowed: Iterable[str]) -> None:
    for name in re.findall(r"\{([^{}]*)\}", text):
        if name not in allowed:
            raise entry.wrong(key, f"no placeholder {{{name}}} here{meant(name, allowed)}")
    if re.search(r"[{}]", re.sub(r"\{[^{}]*\}", "", text)):
        raise entry.wrong(key, "a {placeholder} is not closed or not opened")


def _exactly(entry: Entry, name: str, wanted: Iterable[object]) -> None:
    """The map has each of these keys and no other."""
    keys = list(wanted)
    for key in entry[name]:
        if key not in keys:
            raise entry[name].wrong(key, f"expected only {_listed(keys)}")
    for key in keys:
        if key not in entry[name]:
            raise entry.wrong(name, f"'{key}' is missing")


def _listed(values: Iterable[object]) -> str:
    return ", ".join(str(value) for value in values)
