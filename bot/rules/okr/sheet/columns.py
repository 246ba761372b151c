"""The columns of a file of objectives, one row a key result: what its headers mean, in any order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from bot.rules.roster import Columns, Fault
from bot.rules.roster.columns import plain

# As they are exported, in this order. What begins with "kr_" is the key result's.
TITLES: dict[str, str] = {
    "period": "Period", "key": "Objective Key", "level": "Level", "owner": "Owner Email", "department": "Department",
    "pillar": "Pillar", "parent": "Parent Key", "why": "Why", "links": "Also Supports", "ambition": "Type",
    "title": "Objective", "weight": "Objective Weight", "rollup": "Roll-up", "alpha": "Alpha", "state": "State",
    "grade": "Grade", "reason": "Grade Reason", "outcome": "Outcome", "lesson": "Lesson", "kr_key": "Key Result Key",
    "kr_title": "Key Result", "kr_kind": "Kind", "kr_unit": "Unit", "kr_start": "Start", "kr_target": "Target",
    "kr_comparator": "Comparator", "kr_weight": "Key Result Weight", "kr_cadence": "Cadence Days",
    "kr_owner": "Key Result Owner Email", "kr_source": "Source", "kr_state": "Key Result State", "kr_steps": "Steps",
    "kr_value": "Current", "kr_confidence": "Confidence", "kr_day": "As Of", "kr_note": "Note",
}  # fmt: skip
# By what is left of a header without blanks, points and capitals; its title is always one.
ALIASES: Mapping[str, tuple[str, ...]] = {
    "period": ("quarter", "okrperiod", "cycle", "zeitraum", "quartal"),
    "key": ("objectiveid", "okey", "okrkey", "okrid", "zielschlüssel"),
    "level": ("objectivelevel", "ebene"),
    "owner": ("owner", "objectiveowner", "objectiveowneremail", "verantwortlich", "owneremailaddress"),
    "department": ("dept", "departmentname", "abteilung"),
    "pillar": ("pillarkey", "strategicpillar", "theme", "säule"),
    "parent": ("parent", "parentobjective", "parentobjectivekey", "supports", "alignedto", "übergeordnet"),
    "why": ("rationale", "whyitsupports", "alignmentreason", "warum"),
    "links": ("secondarylinks", "links", "secondaryparents", "alsosupportskeys"),
    "ambition": ("objectivetype", "ambition", "typ"),
    "title": ("objectivetitle", "goal", "ziel"),
    "weight": ("oweight",),
    "rollup": ("rollupmethod",),
    "alpha": ("ownshare", "blendalpha"),
    "state": ("objectivestate", "objectivestatus", "status"),
    "grade": ("ownergrade", "finalgrade"),
    "outcome": ("decision",),
    "kr_key": ("krkey", "krid", "keyresultid"),
    "kr_title": ("kr", "keyresulttitle", "krtitle", "schlüsselergebnis"),
    "kr_kind": ("krkind", "keyresultkind", "keyresulttype", "krtype", "art"),
    "kr_unit": ("krunit", "einheit"),
    "kr_start": ("startvalue", "baseline", "from", "startwert"),
    "kr_target": ("targetvalue", "goalvalue", "to", "threshold", "zielwert"),
    "kr_comparator": ("direction", "krcomparator"),
    "kr_weight": ("krweight", "weight", "gewicht"),
    "kr_cadence": ("cadence", "updateeverydays"),
    "kr_owner": ("keyresultowner", "krowner", "krowneremail"),
    "kr_source": ("datasource", "quelle"),
    "kr_state": ("krstate", "krstatus", "keyresultstatus"),
    "kr_steps": ("milestones", "schritte"),
    "kr_value": ("currentvalue", "value", "actual", "istwert"),
    "kr_confidence": ("confidence110", "sure", "zuversicht"),
    "kr_day": ("asofday", "valuedate", "updateday", "stand"),
    "kr_note": ("comment", "notiz"),
    "reason": ("reason",),
    "lesson": ("learning", "lehre"),
}  # fmt: skip
HEADERS: Mapping[str, tuple[str, ...]] = {key: (plain(title), *ALIASES.get(key, ())) for key, title in TITLES.items()}


def recognised(headers: Sequence[str]) -> int:
    """How many of these mean something: which separator a file has shows in its first line."""
    names = {plain(header) for header in headers}
    return sum(not names.isdisjoint(known) for known in HEADERS.values())


def title(columns: Columns, key: str) -> str:
    """What the file calls it, or what it would be called."""
    return columns.titles.get(key) or TITLES[key]


def columns_of(headers: Sequence[str], line: int) -> tuple[Columns, list[Fault]]:
    names = [plain(header) for header in headers]
    at = {key: names.index(found[0]) for key, known in HEADERS.items() if (found := [n for n in known if n in names])}
    unused = tuple(header for place, header in enumerate(headers) if header and place not in at.values())
    columns = Columns(at, {key: headers[place] for key, place in at.items()}, len(headers), unused)
    faults = [
        Fault(line, TITLES[key], f"this column is missing. {why}")
        for key, why in (
            ("key", "It tells objectives apart."),
            ("kr_key", "It tells an objective's key results apart."),
        )
        if key not in at and (key == "key" or any(one.startswith("kr_") for one in at))
    ]
    counted = Counter(names)
    faults += [
        Fault(line, headers[place], f"there are {counted[names[place]]} columns of this name. Delete all but one.")
        for place in at.values()
        if counted[names[place]] > 1
    ]
    return columns, faults
