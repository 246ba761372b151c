"""Every rule of the schema for forms, broken once: the file, the line and the key are named."""

from __future__ import annotations

import pytest
from question_samples import Broken, Case

HEAD: list[tuple[str, ...]] = [
    ("title: Weekly check-in", "titel: Weekly check-in", "titel", "unknown key; did you mean 'title'?"),
    ("title: Weekly check-in", "title: 5", "title", "expected text, found an integer (5)"),
    ("title: Weekly check-in", "title: [a]", "title", "expected text, found a list"),
    ("title: Weekly check-in", "title: {a: b}", "title", "expected text, found a map"),
    ("title: Weekly check-in", 'title: " "', "title", "empty text"),
    ("title: Weekly check-in", "title:", "title", "found nothing"),
    ("title: Weekly check-in", "title: 2026-01-01", "title", "quote it if it is text"),
    ("title: Weekly check-in", "5: a", "5", "unknown key"),
    ("title: Weekly check-in", "[a]: b", "", "expected a name as key"),
    ("key: checkin\n", "key: check_in\n", "key", "'check_in' is not the name of the file"),
    ("key: checkin\n", "key: Check-in\n", "key", "expected a name in snake_case"),
    ("version: 1", "version: one", "version", "expected an integer, found text"),
    ("version: 1", "version: true", "version", "expected an integer, found a boolean"),
    ("version: 1", "version: 1.5", "version", "expected an integer, found a number"),
    ("version: 1", "version: 0b_", "version", "no number"),
    ("version: 1", "version: 0", "version", "0 is below 1"),
    ("by: self", "by: selfie", "by", "did you mean 'self'?"),
    ("second_line: nothing", "second_line: all", "second_line", "none of nothing, after_sharing"),
    ("cadence: weekly", "cadence: daily", "cadence", "none of weekly"),
    ("estimated_minutes: 3", "estimated_minutes: soon", "estimated_minutes", "expected an integer"),
    ("estimated_minutes: 3", "confidential: maybe", "confidential", "expected a boolean"),
    ("estimated_minutes: 3", "enabled_by_default: 1", "enabled_by_default", "expected a boolean"),
    ("min_group: 5", "min_group: 2", "min_group", "2 is below 3"),
    (
        "min_group: 5",
        "min_group: 5\nmin_group_comments: 5",
        "min_group_comments",
        "must be above min_group (5)",
        "min_group_comments: 5",
    ),
    ("skip_reasons: [", "skip_reasons: [other, ", "skip_reasons", "'other' stands here twice"),
    ("skip_reasons: [", "skip_reasons: [1, ", "skip_reasons", "expected text"),
    ("skip_reasons: [", "skip_reasons: x #", "skip_reasons", "expected a list, found text"),
    ("default_questions: [", "default_questions: [mud, ", "default_questions", "not among the questions"),
    ("default_questions: [", "default_questions: [mood, ", "default_questions", "stands here twice"),
    ("mood, share_mood, progress", "mood, progress", "default_questions", "'mood' needs 'share_mood' (shared_by)"),
    ("next, blocked, blocker]", "blocked, blocker]", "default_questions", "'last_next' needs 'next' (carry_over)"),
    ("next, blocked, blocker]", "next, blocker]", "default_questions", "'blocker' needs 'blocked' (show_if)"),
    ("blocked, blocker]", "blocker, blocked]", "default_questions", "'blocker' stands before 'blocked'"),
    (
        "min_group: 5\n",
        "min_group: 5\nrecommended_raters: {min: 3, target: 2, max: 8}\n",
        "target",
        "2 is below min (3)",
        "recommended",
    ),
    (
        "min_group: 5\n",
        "min_group: 5\nrecommended_raters: {min: 3, target: 5, max: 4}\n",
        "max",
        "4 is below target (5)",
        "recommended",
    ),
    (
        "min_group: 5\n",
        "min_group: 5\nrecommended_raters: {min: 3, max: 4}\n",
        "target",
        "required at every recommended_raters",
        "recommended",
    ),
    ("min_group: 5\n", "schedule_days_after_start: [x]\n", "schedule_days_after_start", "expected an integer"),
]

MOOD = 'key: mood, kind: scale, label: "How did this week feel?"'
WORKLOAD = 'key: workload, kind: scale, label: "How was your workload?"'
PROGRESS = "required: true, max_length: 1500"
CREDIT = 'key: credit, kind: person, label: "Who helped you this week?"'
SHARE = 'key: share_mood, kind: boolean, label: "Show my manager how this week felt"'
BLOCKER = "show_if: {question: blocked, equals: true}"
BOX = "required: false, default: false, audience: [author, manager]"
TOPIC = '{key: topic, kind: text, label: "Anything to put on the agenda for our next 1:1?", required: false, '


def extra(question: str, key: str) -> tuple[str, str]:
    return question, f"{question}, {key}"


QUESTION: list[tuple[str, ...]] = [
    (MOOD, 'key: mood, kind: scale, kind: text, label: "x"', "kind", "doubled key, first in line"),
    (WORKLOAD, WORKLOAD.replace("key: workload", "key: mood"), "key", "'mood' stands here twice"),
    (MOOD, 'kind: scale, label: "x"', "key", "required at every question"),
    (MOOD, "key: mood, kind: scale", "label", "required at every question"),
    (MOOD, MOOD.replace("scale", "scales"), "kind", "did you mean 'scale'?"),
    (*extra(CREDIT, "by: nobody"), "by", "none of self"),
    ("scale: mood_5", "scale: mood_6", "scale", "not among the scales; did you mean 'mood_5'?"),
    ("scale: mood_5, ", "", "scale", "needed at kind scale"),
    (*extra(CREDIT, "scale: mood_5"), "scale", "belongs to kind scale, not to person"),
    ("shared_by: share_mood", "shared_by: share_mud", "shared_by", "did you mean 'share_mood'?"),
    ("shared_by: share_mood", "shared_by: progress", "shared_by", "'progress' is not a boolean"),
    (*extra(SHARE, "shared_by: share_mood"), "shared_by", "names its own question"),
    (*extra(MOOD, "use_bars: true"), "use_bars", "needs repeat_for"),
    (*extra(MOOD, "repeat_for: role"), "repeat_for", "none of role_competencies"),
    (*extra(CREDIT, "repeat_for: role_competencies"), "repeat_for", "belongs to kind scale"),
    (*extra(CREDIT, "options: [a]"), "options", "belongs to kind choice or multi_choice"),
    (*extra(CREDIT, "options_from: competencies"), "options_from", "belongs to kind choice or multi_choice"),
    (*extra(CREDIT, "min_choices: 1"), "min_choices", "belongs to kind multi_choice"),
    (*extra(CREDIT, "max_choices: 1"), "max_choices", "belongs to kind multi_choice"),
    (*extra(CREDIT, "min_length: 1"), "min_length", "belongs to kind text"),
    (*extra(CREDIT, "max_length: 1"), "max_length", "belongs to kind text"),
    (*extra(CREDIT, "repeat: {min: 0, max: 2}"), "repeat", "belongs to kind text or group"),
    (*extra(CREDIT, "fields: []"), "fields", "expected at least 1 entries"),
    (*extra(CREDIT, "carry_over: next"), "carry_over", "belongs to kind carry_over"),
    (*extra(CREDIT, "competency: craftt"), "competency", "did you mean 'craft'?"),
    (*extra(CREDIT, "phase: day_30"), "phase", "needs schedule_days_after_start"),
    (*extra(CREDIT, "phase: soon"), "phase", "expected day_N or every"),
    (*extra(CREDIT, "default: hr"), "default", "must be manager or author"),
    (*extra(MOOD, "default: 3"), "default", "belongs to kind boolean or person"),
    (BOX, BOX.replace("default: false", "default: author"), "default", "must be true or false"),
    (BOX, BOX.replace("required: false", "required: true"), "required", "a boolean is never required"),
    ('filled in below.", required: false', '", required: true', "required", "a carry_over is never required"),
    ("kind: carry_over, carry_over: next", "kind: carry_over", "carry_over", "needed at kind carry_over"),
    ("carry_over: next", "carry_over: nxt", "carry_over", "did you mean 'next'?"),
    ("carry_over: next", "carry_over: mood", "carry_over", "'mood' is not a text"),
    (PROGRESS, "required: true", "max_length", "needed at kind text"),
    (PROGRESS, "required: true, max_length: 3001", "max_length", "3001 is above 3000"),
    (PROGRESS, f"{PROGRESS}, min_length: 1501", "max_length", "1500 is below min_length (1501)"),
    (PROGRESS, f"{PROGRESS}, repeat: {{min: 2, max: 1}}", "max", "1 is below min (2)"),
    (PROGRESS, f"{PROGRESS}, repeat: {{min: 2, max: 11}}", "max", "11 is above 10"),
    (PROGRESS, f"{PROGRESS}, repeat: {{max: 3}}", "min", "required at every repeat"),
    ("audience: [author, aggregate]", "audience: [author, aggregates]", "audience", "did you mean 'aggregate'?"),
    ("audience: [author, aggregate]", "audience: []", "audience", "expected at least 1"),
    ("audience: [author, aggregate]", "audience: [author, author]", "audience", "stands here twice"),
    (", audience: [author, aggregate]", "", "audience", "required at every question"),
    (BLOCKER, "show_if: {question: blokked, equals: true}", "question", "did you mean 'blocked'?"),
    (BLOCKER, "show_if: {question: topic, answered: true}", "question", "'topic' is not an earlier question"),
    (BLOCKER, "show_if: {question: blocker, answered: true}", "question", "not an earlier question"),
    (BLOCKER, "show_if: {question: last_next, answered: true}", "question", "has no single answer"),
    (BLOCKER, "show_if: {question: blocked}", "equals", "either equals or answered"),
    (BLOCKER, "show_if: {question: blocked, equals: true, answered: true}", "equals", "either equals or answered"),
    (BLOCKER, "show_if: {question: blocked, answered: false}", "answered", "can only be true"),
    (BLOCKER, "show_if: {question: blocked, equals: 1}", "equals", "can never be the answer to 'blocked'"),
    (BLOCKER, "show_if: {question: mood, equals: 6}", "equals", "can never be the answer to 'mood'"),
    (BLOCKER, "show_if: {question: next, equals: x}", "equals", "can never be the answer to 'next'"),
    (BLOCKER, "show_if: {equals: true}", "question", "required at every show_if"),
    (TOPIC, "{key: topic, kind: note, label: x, help: y, ", "help", "not to note"),
    (TOPIC, "{key: topic, kind: note, label: x, required: false, ", "required", "not to note"),
    (TOPIC, "{key: topic, kind: note, label: x, ", "max_length", "belongs to kind text, not to note"),
    (TOPIC, "{key: topic, kind: choice, label: x, ", "max_length", "belongs to kind text"),
    ("    title: Longer check-in", "    titel: x", "titel", "unknown key; did you mean 'title'?"),
    ("    estimated_minutes: 5", "    key: checkin_full", "key", "doubled key"),
    (
        "questions: [last_next, mood, workload, share_mood",
        "questions: [last_next, mood",
        "questions",
        "needs 'share_mood'",
    ),
    ("credit, credit_why, topic]", "credit_why, credit, topic]", "questions", "'credit_why' stands before 'credit'"),
    ("credit, credit_why, topic]", "credits, topic]", "questions", "did you mean 'credit'?"),
]

OTHERS: list[tuple[str, ...]] = [
    ("self_review", "options_from: competencies, max", "max", "options", "needed at kind multi_choice"),
    ("self_review", "options_from: competencies", "options_from: skills", "options_from", "none of competencies"),
    ("self_review", "options_from: comp", "options: [a], options_from: comp", "options_from", "not both"),
    ("self_review", "max_choices: 2", "min_choices: 3, max_choices: 2", "max_choices", "2 is below min_choices (3)"),
    ("manager_review", "min_choices: 1", "min_choices: 8", "min_choices", "there are only 7 options"),
    ("manager_review", "options: [goals", "options: [check_ins, goals", "options", "stands here twice"),
    ("manager_review", "    repeat: {min: 0, max: 5}\n", "", "repeat", "needed at kind group", "key: support"),
    ("manager_review", "default: manager", "default: hr", "default", "must be manager or author"),
    ("manager_review", "required: false, default: manager", "scale: performance_5", "scale", "unknown key"),
    ("manager_review", 'label: "I will", required: false, max_length: 300', 'label: "x"', "max_length", "kind text"),
    (
        "manager_review",
        'kind: date, label: "By when?"',
        "kind: date, max_length: 9, label: x",
        "max_length",
        "not to date",
    ),
    ("manager_review", "{key: due, kind", "{key: text, kind", "key", "'text' stands here twice"),
    ("manager_review", "{key: due, kind: date", "{key: due, kind: scale", "kind", "none of text, person"),
    ("talent", "answered: true", "equals: 4", "equals", "can never be the answer to 'potential'"),
    ("talent", "question: potential, answered: true", "question: promotion_ready, equals: soon", "equals", "never be"),
    ("skills", "second_line: nothing\n", "", "second_line", "required at every form", "key: skills"),
    ("onboarding", "phase: day_60", "phase: day_45", "phase", "'day_45' is none of every, day_30"),
    ("upward_review", "audience: [aggregate]", "audience: [aggregate, hr]", "audience", "'hr' in a confidential form"),
    ("upward_review", "audience: [aggregate]", "audience: [author]", "audience", "'author' in a confidential form"),
    ("workshop", "kind: scale, label", "kind: scale, shared_by: improve, label", "shared_by", "confidential form"),
    ("peer_360", "min_group_comments: 4", "min_group_comments: 3", "min_group_comments", "must be above min_group"),
    ("skills", "min_group: 5\n", "", "min_group", "the audience of 'level' is a group", "key: skills"),
    ("skills", "min_group: 5", "min_group_comments: 9", "min_group", "needed", "key: skills"),
    ("exit", "min_group: 5", "min_group_comments: 9", "min_group", "needed", "key: exit"),
    (
        "exit",
        "audience: [author, hr]",
        "audience: [aggregate]",
        "min_group_comments",
        "'prevent' is a group",
        "key: exit",
    ),
    ("peer_360", "min_group_comments: 4\n", "", "min_group_comments", "'strength' is a group", "key: peer_360"),
    ("self_review", "scale: performance_5", "scale: performance_5, repeat: {min: 0, max: 1}", "repeat", "not to scale"),
    ("pip", "default_duration_days: 60", "default_duration_days: 45", "default_duration_days", "none of durations"),
    ("pip", "at: 0.33", "at: 1.33", "at", "1.33 is above 1"),
    ("pip", "at: 0.33", "at: .nan", "at", "found nan"),
    ("pip", "{key: first, at", "{key: start, at", "key", "stands here twice"),
    ("pip", "outcome: [met,", "outcomes: [met,", "outcomes", "did you mean 'outcome'?"),
    ("workshop", "duration_minutes: 120", "duration_minutes: 121", "duration_minutes", "the agenda has 120 minutes"),
    ("workshop", "group_size: {min: 6, max: 16}", "group_size: {min: 6, max: 5}", "max", "5 is below min (6)"),
    ("workshop", "for_role: people_manager", "for_role: all", "for_role", "none of people_manager"),
    ("workshop", "materials: [scales", "materials: [scale", "materials", "did you mean 'scales'?"),
    ("workshop", "dimension: delivers_results", "dimension: delivers", "dimension", "not among the bars"),
    (
        "workshop",
        "    scale: competency_5",
        "    scale: mood_5",
        "dimension",
        "another scale than mood_5",
        "delivers_results",
    ),
    ("workshop", "reference: 3", "reference: 6", "reference", "6 is no value of competency_5"),
    ("workshop", '{before: "She', '{befor: "She', "befor", "did you mean 'before'?"),
    ("workshop", "kind: measure", "kind: number", "kind", "none of question, measure"),
    ("workshop", 'minutes: 10, title: "Why', 'minutes: ten, title: "Why', "minutes", "expected an integer"),
]


CASES = [
    *(Case("checkin", *case) for case in HEAD),
    *(Case("checkin", *case) for case in QUESTION),
    *(Case(*case) for case in OTHERS),
]


@pytest.mark.parametrize("case", CASES, ids=[f"{case.file}, {case.key}: {case.says}" for case in CASES])
def test_a_broken_form_is_refused_with_file_line_and_key(broken: Broken, case: Case) -> None:
    broken.refused(case)
