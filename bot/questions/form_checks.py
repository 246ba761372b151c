"""Rules of forms that a table of keys cannot say."""

from __future__ import annotations

from collections.abc import Iterable

from bot.questions.entries import ContentError, Entry
from bot.questions.form_schema import GROUPED, NEVER_REQUIRED
from bot.questions.references import Files, by_key, scales

PEOPLE = ("manager", "author")


def check_form(form: Entry, files: Files) -> None:
    _check_groups(form)
    if "default_questions" in form:
        _check_selection(form, "default_questions")
    for variant in form.get("variants", ()):
        _check_selection(variant, "questions")
    if raters := form.get("recommended_raters"):
        _ordered(raters, "min", "target")
        _ordered(raters, "target", "max")


def _check_groups(form: Entry) -> None:
    """Small groups stay hidden: every group audience needs its number of people."""
    grouped = [q for q in form["questions"] if any(w == "aggregate" or w in GROUPED for w in q["audience"])]
    if grouped and "min_group" not in form:
        raise form.wrong("min_group", f"needed, the audience of '{grouped[0]['key']}' is a group")
    texts = [q for q in grouped if q["kind"] == "text"]
    if texts and "min_group_comments" not in form:
        raise form.wrong("min_group_comments", f"needed, the audience of the text '{texts[0]['key']}' is a group")
    if "min_group_comments" in form and "min_group" not in form:
        raise form.wrong("min_group", "needed with min_group_comments")
    if "min_group_comments" in form and form["min_group_comments"] <= form["min_group"]:
        raise form.wrong("min_group_comments", f"must be above min_group ({form['min_group']})")


def _check_selection(part: Entry, name: str) -> None:
    """What a chosen question names is chosen too, and what decides on showing it comes before it."""
    chosen = part[name]
    questions = by_key(part.root["questions"])
    for at, (key, line) in enumerate(zip(chosen, chosen.lines, strict=True)):
        for link, named in _links(questions[key]):
            if named not in chosen:
                problem = f"'{key}' needs '{named}' ({link}), which is not among them"
                raise ContentError(part.file, line, name, problem)
            if link == "show_if" and chosen.index(named) > at:
                problem = f"'{key}' stands before '{named}', which decides whether it is shown"
                raise ContentError(part.file, line, name, problem)


def _links(question: Entry) -> Iterable[tuple[str, str]]:
    for link in ("shared_by", "carry_over"):
        if link in question:
            yield link, question[link]
    if "show_if" in question:
        yield "show_if", question["show_if"]["question"]


def check_question(question: Entry, files: Files) -> None:
    form = question.root
    _check_flags(question, files)
    _check_picks(question)
    _ordered(question, "min_length", "max_length")
    if "repeat" in question:
        _ordered(question["repeat"], "min", "max")
    if form.get("confidential"):
        _check_confidential(question)
    _check_named(question, by_key(form["questions"]))
    _check_phase(question, form)
    if "show_if" in question:
        _check_show_if(question, question["show_if"], files)


def _check_flags(question: Entry, files: Files) -> None:
    kind = question["kind"]
    if question.get("required") and kind in NEVER_REQUIRED:
        raise question.wrong("required", f"a {kind} is never required")
    if question.get("use_bars") and "repeat_for" not in question:
        raise question.wrong("use_bars", "needs repeat_for")
    if "repeat_for" in question and "competencies" not in files:
        raise question.wrong("repeat_for", "needs the file of competencies")
    check_default(question, files)


def check_default(question: Entry, files: Files) -> None:
    """Of questions and of the fields of a group."""
    if question.get("required") and question["kind"] == "boolean":
        raise question.wrong("required", "a boolean is never required")
    default = question.get("default")
    if default is None:
        return
    if question["kind"] == "boolean" and not isinstance(default, bool):
        raise question.wrong("default", "must be true or false at a boolean")
    if question["kind"] == "person" and default not in PEOPLE:
        raise question.wrong("default", f"must be {' or '.join(PEOPLE)} at a person")


def _check_picks(question: Entry) -> None:
    if question["kind"] not in ("choice", "multi_choice"):
        return
    if "options" in question and "options_from" in question:
        raise question.wrong("options_from", "options or options_from, not both")
    if "options" not in question and "options_from" not in question:
        raise question.wrong("options", f"needed at kind {question['kind']}, or options_from")
    _ordered(question, "min_choices", "max_choices")
    for bound in ("min_choices", "max_choices"):
        if "options" in question and question.get(bound, 0) > len(question["options"]):
            raise question.wrong(bound, f"there are only {len(question['options'])} options")


def _check_confidential(question: Entry) -> None:
    for word in question["audience"]:
        if word != "aggregate" and word not in GROUPED:
            allowed = ", ".join(("aggregate", *GROUPED))
            raise question.wrong("audience", f"'{word}' in a confidential form, which allows only {allowed}")
    if "shared_by" in question:
        raise question.wrong("shared_by", "would show an answer of a confidential form to the manager")


def _check_named(question: Entry, questions: dict[str, Entry]) -> None:
    if "shared_by" in question and questions[question["shared_by"]]["kind"] != "boolean":
        raise question.wrong("shared_by", f"'{question['shared_by']}' is not a boolean")
    if question.get("shared_by") == question["key"]:
        raise question.wrong("shared_by", "names its own question")
    if "carry_over" in question:
        target = questions[question["carry_over"]]
        if target["kind"] != "text" or "repeat" in target:
            raise question.wrong("carry_over", f"'{target['key']}' is not a text with one entry")


def _check_phase(question: Entry, form: Entry) -> None:
    if "phase" not in question:
        return
    if "schedule_days_after_start" not in form:
        raise question.wrong("phase", "needs schedule_days_after_start in the head")
    phases = ["every", *(f"day_{day}" for day in form["schedule_days_after_start"])]
    if question["phase"] not in phases:
        raise question.wrong("phase", f"'{question['phase']}' is none of {', '.join(phases)}")


def _check_show_if(question: Entry, show_if: Entry, files: Files) -> None:
    earlier = {}
    for other in question.root["questions"]:
        if other is question:
            break
        earlier[other["key"]] = other
    if show_if["question"] not in earlier:
        raise show_if.wrong("question", f"'{show_if['question']}' is not an earlier question")
    named = earlier[show_if["question"]]
    if named["kind"] in ("note", "carry_over") or "repeat_for" in named:
        raise show_if.wrong("question", f"'{named['key']}' has no single answer")
    if ("equals" in show_if) == ("answered" in show_if):
        raise show_if.wrong("equals", "either equals or answered")
    if "answered" in show_if and not show_if["answered"]:
        raise show_if.wrong("answered", "can only be true")
    equals = show_if.get("equals")
    # true equals 1 in Python, so the type is compared too
    if "equals" in show_if and not any(type(v) is type(equals) and v == equals for v in _values(named, files)):
        raise show_if.wrong("equals", f"'{show_if['equals']}' can never be the answer to '{named['key']}'")


def _values(question: Entry, files: Files) -> list[object]:
    """The answers that equals can name; none where answers are open or several."""
    if question["kind"] == "boolean":
        return [True, False]
    if question["kind"] == "choice":
        return list(question.get("options") or by_key(files["competencies"]["competencies"]))
    if question["kind"] == "scale":
        scale = scales(files)[question["scale"]]
        return list(range(scale["min"], scale["max"] + 1))
    return []


def check_pip(form: Entry, files: Files) -> None:
    if form["default_duration_days"] not in form["durations_days"]:
        raise form.wrong("default_duration_days", "is none of durations_days")


def check_workshop(form: Entry, files: Files) -> None:
    total = sum(item["minutes"] for item in form["agenda"])
    if form["duration_minutes"] != total:
        raise form.wrong("duration_minutes", f"the agenda has {total} minutes")
    _ordered(form["group_size"], "min", "max")


def check_exercise(exercise: Entry, files: Files) -> None:
    if "scale" not in exercise:
        return
    scale = scales(files)[exercise["scale"]]
    bars = by_key(files["scales"]["bars"])
    for case in exercise["items"]:
        if bars[case["dimension"]]["scale"] != exercise["scale"]:
            raise case.wrong("dimension", f"'{case['dimension']}' has another scale than {exercise['scale']}")
        if not scale["min"] <= case["reference"] <= scale["max"]:
            raise case.wrong("reference", f"{case['reference']} is no value of {exercise['scale']}")


def _ordered(entry: Entry, low: str, high: str) -> None:
    if low in entry and high in entry and entry[low] > entry[high]:
        raise entry.wrong(high, f"{entry[high]} is below {low} ({entry[low]})")
