"""What each role may, in one line each, wherever that is told."""

from __future__ import annotations

from collections.abc import Mapping

from bot.texts import mark

_WATCHES = mark("Reads configuration, this package, figures of the company and who has which role; is shown the audit "
                "trail; nothing about single people")  # fmt: skip
ROLES: Mapping[str, str] = {
    "employee": mark("Own answers; sees who opened them; a copy of all that is stored; contradicts and asks HR"),
    "manager": mark("Reads the check-in text of direct reports; comments; sees their team; averages of at least 5"),
    "second_line": mark("Averages alone; never check-ins, mood or notes of a 1:1"),
    "delegate": mark("Acts for a manager for some days; each act is stored as done for that manager"),
    "hr_coordinator": mark("Runs programmes, sees counts, answers what people ask HR; no text of a check-in"),
    "hr_partner": mark("The same for assigned departments"),
    "hr_case_reviewer": mark("Decides disputes, independently; nothing to decide is built yet"),
    "committee_member": mark("Reads a pack for named people; no pack is built yet"),
    "fairness_analyst": mark("Averages alone"),
    "works_council": _WATCHES,
    "auditor": _WATCHES,
    "it_admin": mark("Installation and keys; no content"),
    "break_glass": mark("Two people together in an emergency; nothing to open is built yet"),
}
