"""Whatever objectives are called and measured in, the file that is written of them is read as the same."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.commands.okr.filing import read_number
from bot.rules.okr.sheet import (
    Goal,
    Known,
    Plan,
    Ref,
    Result,
    Step,
    Who,
    World,
    columns_of,
    compare,
    read_rows,
    recognised,
    written,
)
from bot.sheets import as_csv, as_workbook, read_sheet

PEOPLE = {"ada@example.org": Who("Ada", "Engineering"), "grace@example.org": Who("Grace", left=True)}
WORLD = World(
    PEOPLE, {"engineering": "Engineering"}, {"2026-Q4": (date(2026, 10, 1), date(2026, 12, 31))},
    {"2026-Q4": {"useful": "Customers stay"}}, read_number, date(2026, 11, 23), 14,
)  # fmt: skip
TEXTS = st.text(st.sampled_from("=+-@'\"a1é;,:()[]x \n|"), min_size=1, max_size=12).map(str.strip).filter(bool)
LINES = TEXTS.map(lambda text: " ".join(text.split()))
NUMBERS = st.decimals(-(10**9), 10**9, allow_nan=False, allow_infinity=False, places=3)
WEIGHTS = st.sampled_from([Decimal(text) for text in ("1", "0.5", "2.125", "7")])
KEYS = st.from_regex(r"[a-z0-9][a-z0-9._-]{0,5}", fullmatch=True)
STEPS = st.lists(
    st.builds(Step, KEYS, LINES, WEIGHTS, st.booleans()),
    min_size=1, max_size=3, unique_by=lambda step: step.key,
).map(tuple)  # fmt: skip
COMMON = {
    "title": TEXTS, "unit": st.sampled_from(["", "percent", "€", "days", "%"]), "weight": WEIGHTS,
    "owner": st.sampled_from(["", "ada@example.org", "grace@example.org"]), "source": st.just("") | TEXTS,
    "state": st.sampled_from(["active", "cancelled"]), "confidence": st.none() | st.integers(1, 10),
    "day": st.none() | st.dates(date(2026, 10, 1), date(2026, 11, 23)),
}  # fmt: skip


@st.composite
def results(draw: st.DrawFn, key: str) -> Result:
    kind = draw(st.sampled_from(["numeric", "maintain", "binary", "milestone"]))
    common = {name: draw(one) for name, one in COMMON.items()}
    number = st.none() | (st.sampled_from([Decimal(0), Decimal(1)]) if kind == "binary" else NUMBERS)
    made = Result(key, kind=kind, **common)
    if kind == "milestone":
        return Result(key, kind=kind, steps=draw(STEPS), **common)
    start, target = draw(NUMBERS), draw(NUMBERS)
    comparator = "at_most" if kind == "maintain" else ""
    return Result(
        key, kind=made.kind, start=start, target=target + (start == target), comparator=comparator,
        value=draw(number), **common,
    )  # fmt: skip


@st.composite
def goals(draw: st.DrawFn) -> Goal:
    keys = draw(st.lists(KEYS, max_size=3, unique=True))
    return Goal(
        "2026-Q4", draw(KEYS), draw(st.sampled_from(["company", "individual"])), "ada@example.org", "Engineering",
        draw(st.sampled_from(["", "useful"])), "", draw(st.just("") | TEXTS), (), "committed", draw(TEXTS),
        draw(WEIGHTS), "blend", draw(st.sampled_from([Decimal(0), Decimal("0.125"), Decimal(1)])),
        draw(st.sampled_from(["draft", "active", "paused", "cancelled"])), version=1,
        results={key: draw(results(key)) for key in keys},
    )  # fmt: skip


def compared(data: bytes, stored: dict[Ref, Goal]) -> Plan:
    sheet = read_sheet(data, recognised)
    columns, faults = columns_of(sheet.head, sheet.head_line)
    assert faults == []
    known = {ref: Known(one.level, None) for ref, one in stored.items()}
    return compare(read_rows(sheet.rows, columns, WORLD, stored, ""), stored, known, columns, WORLD)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(goals(), min_size=1, max_size=3, unique_by=lambda goal: goal.key))
def test_what_is_written_is_read_as_the_same(every: list[Goal]) -> None:
    stored = {one.ref: one for one in every}
    for data in (as_csv(written(every)), as_workbook("Objectives", written(every))):
        plan = compared(data, stored)
        assert (plan.faults, plan.changes, plan.same) == ([], [], len(every))


HEAD = "Ziel,Quartal,Objective Key,Ebene,Owner,KR ID,KR,Art,Startwert,Zielwert,Gewicht,Farbe"


def test_columns_have_other_names_and_any_order() -> None:
    plan = compared(f"{HEAD}\nBesser,2026-Q4,a,Unternehmen,ada@example.org,k,Tage,numeric,9,3,2,rot".encode(), {})
    [change] = plan.changes
    assert (change.after.title, change.after.level, change.after.department) == ("Besser", "company", "Engineering")
    result = change.results[0].after
    assert (result.title, result.start, result.target, result.weight) == ("Tage", 9, 3, 2)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ("Besser,2026-Q4,a,team,grace@example.org,,,,,,,", "Owner: Grace has left. Write who looks after it now."),
        ("Besser,2026-Q4,a b,team,ada@example.org,,,,,,,", "Objective Key: 'a b' is no key. Up to 80 letters, digits"),
        ("Besser,2026-Q4,a,team,Ada,,,,,,,", "Owner: 'Ada' is no e-mail address. Write it like ada@example.org."),
        ("#REF!,2026-Q4,a,team,ada@example.org,,,,,,,", "Ziel: '#REF!' is an error of the spreadsheet."),
        ("x,2026-Q4,a,team,ada@example.org,,Tage,,,,,", "KR ID: is empty. Write the key result's key, such as kr1."),
        ("x,2026-Q4,a,team,ada@example.org,k,Tage,numeric,,3,,", "Startwert: is empty. Write where it begins."),
        ("x,2026-Q4,a,team,ada@example.org,k,,binary,,,,", "KR: is empty. Write what is measured."),
        ("x,2026-Q4,a,team,ada@example.org,k,Tage,milestone,,,,", "Steps: is empty. Write its steps, one a line"),
        ("x,2026-Q4,a,team,ada@example.org,k,Tage,numeric,1 Kuh,3,,", "Startwert: '1 Kuh' is no number. Write it"),
        ("x,2026-Q4,a,team,,k,T,binary,,,,", "Owner: is empty. Write the e-mail address of whose objective it is."),
    ],
)  # fmt: skip
def test_a_cell_that_cannot_be_is_told_with_what_mends_it(cells: str, said: str) -> None:
    told = [fault.told("okr.csv") for fault in compared(f"{HEAD}\n{cells}".encode(), {}).faults]
    assert len(told) == 1
    assert told[0].startswith(f"okr.csv, line 2, {said}")
