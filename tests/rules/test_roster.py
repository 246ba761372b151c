"""A people file: what its columns mean, what is wrong with its rows, and what it would change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules.roster import (
    Change,
    Columns,
    Known,
    Knows,
    Plan,
    Terms,
    columns_of,
    compare,
    held_back,
    line_up,
    read_rows,
    recognised,
)
from bot.rules.roster.days import day_of, week_days

TODAY = date(2026, 11, 23)
KNOWS = Knows(
    zone=lambda name: "/" in name,
    language=lambda text: text if len(text) == 2 else "",
    country=lambda text: {"Germany": "DE", "DE": "DE", "Narnia": "XN"}.get(text, ""),
    holidays=lambda country, region: country == "DE" and region in ("", "BY", "DE-BY"),
    region=lambda country, region: region.removeprefix(f"{country}-"),
)
ADA = {"Name": "Ada Byron", "Email": "ada@example.org", "Manager Email": "grace@example.org", "Timezone": "Europe/Rome"}
GRACE = {"Name": "Grace Murray", "Email": "grace@example.org", "Timezone": "America/New_York"}
LINUS = {
    "Name": "Linus Holm",
    "Email": "linus@example.org",
    "Manager Email": "ada@example.org",
    "Timezone": "Asia/Aden",
}


def known(name: str, **more: Any) -> Known:
    email = f"{name.split()[0].lower()}@example.org"
    stored = Known(uuid4(), name, email, None, "Europe/Rome", "en", None, None, None, None, "active")
    return replace(stored, **more)


def read(rows: Sequence[Mapping[str, str]]) -> tuple[Any, Columns, list[str]]:
    head = list(dict.fromkeys(key for row in rows for key in row))
    columns, faults = columns_of(head, 1)
    lines = [(at, [row.get(key, "") for key in head]) for at, row in enumerate(rows, 2)]
    found, wrong = read_rows(lines, columns, KNOWS)
    return found, columns, [fault.told("p.csv") for fault in (*faults, *wrong)]


def plan(
    rows: Sequence[Mapping[str, str]], people: Sequence[Known] = (), *, full: bool = False, zone: str = ""
) -> Plan:
    found, columns, wrong = read(rows)
    assert wrong == []
    return compare(found, people, columns, Terms(full, TODAY, uuid4, zone))


def told(rows: Sequence[Mapping[str, str]], people: Sequence[Known] = (), *, full: bool = False) -> list[str]:
    found, columns, wrong = read(rows)
    return wrong + [one.told("p.csv") for one in compare(found, people, columns, Terms(full, TODAY, uuid4)).faults]


def only(made: Plan) -> Change:
    assert made.faults == []
    [change] = made.changes
    return change


def test_headers_are_known_in_any_writing_and_the_better_one_of_two_counts() -> None:
    head = [
        "Time Zone",
        "E-Mail",
        "full_name",
        "Manager",
        "MANAGER-EMAIL",
        "Dotted Line Manager",
        "Job Title",
        "Gender",
    ]
    columns, faults = columns_of([*head, "Date of Birth", "Race/Ethnicity", "Trace"], 1)
    assert faults == []
    assert {key: columns.title(key) for key in columns.at} == {
        "zone": "Time Zone", "email": "E-Mail", "name": "full_name", "manager": "MANAGER-EMAIL",
        "dotted": "Dotted Line Manager",
    }  # fmt: skip
    assert columns.unused == ("Manager", "Job Title", "Trace")
    assert columns.never == ("Gender", "Date of Birth", "Race/Ethnicity")
    assert recognised(head) > recognised([";".join(head)])


def test_a_head_without_what_is_needed_or_with_something_twice_is_told() -> None:
    def faults(*head: str) -> list[str]:
        return [fault.told("p.csv") for fault in columns_of(head, 3)[1]]

    assert "p.csv, line 3, Name: this column is missing" in faults("Email")[0]
    assert "p.csv, line 3, Email: this column is missing" in faults("First Name", "Last Name")[0]
    assert "line 3, E-Mail: there are 2 columns of this name" in faults("Name", "E-Mail", "email")[0]
    assert faults("Vorname", "Nachname", "Employee Number") == []
    german = {
        "Personalnummer": "employee_id", "Name": "name", "E-Mail": "email", "Führungskraft": "manager",
        "Personalnummer Vorgesetzter": "manager_id", "Abteilung": "department", "Zeitzone": "zone", "Sprache": "locale",
        "Land": "country", "Bundesland": "region", "Arbeitstage": "days", "Eintrittsdatum": "starts",
        "Austrittsdatum": "ends", "Fachlicher Vorgesetzter": "dotted",
    }  # fmt: skip
    columns, _ = columns_of([*german, "Gehaltsgruppe", "Nationalität"], 1)
    assert {columns.titles[key]: key for key in columns.at} == german
    assert columns.never == ("Gehaltsgruppe", "Nationalität")
    assert columns_of(["Name", "E-Mail", "Vorgesetzte"], 1)[0].title("manager") == "Vorgesetzte"


WEEKS = {
    "Mon-Thu": {0, 1, 2, 3}, "Tue – Thu": {1, 2, 3}, "Mo, Mi, Fr": {0, 2, 4}, "monday tuesday": {0, 1},
    "Sun-Thu": {6, 0, 1, 2, 3}, "Fr-Mo": {4, 5, 6, 0}, "Mi.": {2}, "Mon/Wed": {0, 2}, "Do": {3},
}  # fmt: skip


@pytest.mark.parametrize("text", WEEKS)
def test_working_days_are_understood_as_people_write_them(text: str) -> None:
    assert week_days(text) == WEEKS[text]


@pytest.mark.parametrize("text", ["1-5", "M", "T-F", "Mon-", "-", "full time", "Sonnabendnacht"])
def test_what_might_be_other_days_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        week_days(text)


def test_working_days_and_the_place_of_holidays_come_from_the_file_unless_the_person_has_chosen() -> None:
    row = {**ADA, "Manager Email": "", "Working Days": "Mon-Thu", "Holiday Region": "DE-BY"}
    made = only(plan([row]))
    assert [made.values[key] for key in ("work_days", "country", "region")] == ["0,1,2,3", "DE", "BY"]
    stored = known("Ada Byron", country="DE", region="BY")
    assert only(plan([row], [stored])).values == {"work_days": "0,1,2,3"}
    assert plan([row], [replace(stored, chose=True, work_days="1")]).changes == []
    assert plan([row], [replace(stored, work_days="0,1,2,3")]).changes == []


def test_the_place_of_the_company_counts_for_who_has_no_country() -> None:
    def values(row: Mapping[str, str], *people: Known) -> Mapping[str, Any]:
        found, columns, _ = read([{**row, "Manager Email": ""}])
        terms = Terms(False, TODAY, uuid4, place=("DE", "BY"))
        return only(compare(found, people, columns, terms)).values

    assert [values(ADA)[key] for key in ("country", "region")] == ["DE", "BY"]
    assert [values({**ADA, "Country": "Germany"})[key] for key in ("country", "region")] == ["DE", None]
    assert values(ADA, known("Ada Byron")) == {"country": "DE", "region": "BY"}


BAD = {
    "an empty name": ({"Name": ""}, "Name: is empty. Write the person's name."),
    "a name too long": ({"Name": "A" * 201}, "Name: has 201 characters. Up to 200 fit."),
    "an invisible sign": ({"Name": "A\x07da"}, "Name: 'A\\x07da' holds an invisible character. Delete it."),
    "no address": ({"Email": "ada.example.org"}, "Email: 'ada.example.org' is no e-mail address. Write it like ada@"),
    "an address with a blank": ({"Email": "a b@c"}, "Email: 'a b@c' is no e-mail address."),
    "neither address nor number": ({"Email": ""}, "Email: is empty. Write the address of the person's chat account."),
    "a name as manager": ({"Manager Email": "Grace"}, "Manager Email: 'Grace' is no e-mail address. Write the"),
    "an unknown zone": ({"Timezone": "Rome"}, "Timezone: 'Rome' is unknown. Write it like Europe/Lisbon."),
    "an unknown language": ({"Language": "Elvish"}, "Language: 'Elvish' is no language. Write its code, such as de"),
    "an unknown country": ({"Country": "Atlantis"}, "Country: 'Atlantis' is no country. Write its code, such as DE"),
    "a country without holidays": ({"Country": "Narnia"}, "Country: no public holidays are known for XN. Leave it"),
    "an unknown region": ({"Country": "DE", "Holiday Region": "ZZ"}, "Holiday Region: 'ZZ' is unknown in DE. Write a"),
    "a region alone": ({"Country": "", "Holiday Region": "BY"}, "Holiday Region: 'BY' needs a country."),
    "no working days": ({"Working Days": "often"}, "Working Days: 'often' are no working days. Write them"),
    "no day": ({"Start Date": "soon"}, "Start Date: 'soon' is no day. Write it like 2026-11-30."),
    "a day of two readings": ({"Start Date": "03/04/2026"}, "Start Date: '03/04/2026' is no day."),
    "a day that is none": ({"End Date": "2026-02-30"}, "End Date: '2026-02-30' is no day."),
    "an end before the start": ({"Start Date": "2026-05-02", "End Date": "2026-05-01"}, "End Date: 2026-05-01 lies"),
    "no dotted address": ({"Dotted Manager Email": "Eve"}, "Dotted Manager Email: 'eve' is no e-mail address."),
    "an error of the sheet": ({"Department": "#REF!"}, "Department: '#REF!' is an error of the spreadsheet."),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_a_bad_cell_is_told_with_line_column_value_and_what_to_do(what: str) -> None:
    values, words = BAD[what]
    [fault] = read([GRACE, {**ADA, **values}])[2]
    assert fault.startswith(f"p.csv, line 3, {words}")


def test_days_are_read_where_only_one_reading_is_possible() -> None:
    for text in ("2026-11-30", "2026-11-30T00:00:00", "2026-11-30 08:15:00", "30.11.2026"):
        assert day_of(text) == date(2026, 11, 30)
    with pytest.raises(ValueError, match="11/12"):
        day_of("11/12/2026")


def test_new_people_come_with_their_managers_before_them() -> None:
    made = plan([LINUS, ADA, GRACE])
    assert [one.name for one in made.changes] == ["Grace Murray", "Ada Byron", "Linus Holm"]
    assert made.counts() == {"join": 3}
    grace, ada, _ = made.changes
    assert (ada.manager, ada.since, grace.manager) == (grace.person, TODAY, None)
    assert (ada.values["status"], ada.values["locale"], ada.values["zone"]) == ("active", "en", "Europe/Rome")


def test_what_is_as_before_changes_nothing() -> None:
    grace = known("Grace Murray", zone="America/New_York")
    made = plan([ADA, GRACE], [grace, known("Ada Byron", manager=grace.id)])
    assert (made.changes, made.same, made.faults) == ([], 2, [])


def test_a_number_finds_a_person_whose_address_has_changed() -> None:
    ada = known("Ada Byron", email="Ada.Old@example.org", external_id="7")
    change = only(plan([{"Employee Id": "7", "Name": "Ada Byron", "Email": "ada@example.org"}], [ada]))
    assert (change.person, change.kinds, change.values) == (ada.id, {"email"}, {"email": "ada@example.org"})
    assert only(plan([{"Employee Id": "7", "Name": "Ada King"}], [ada])).values == {"name": "Ada King"}
    assert plan([{"Email": "ada.old@example.org", "Name": "Ada Byron"}], [ada]).same == 1, "only the writing differs"


def test_who_is_called_by_the_old_or_the_new_address_is_the_same_manager() -> None:
    grace = known("Grace Murray", external_id="1")
    rows = [
        {**GRACE, "Employee Id": "1", "Email": "g.new@example.org"},
        {**ADA, "Employee Id": "2", "Manager Email": "grace@example.org"},
        {**LINUS, "Employee Id": "3", "Manager Email": "g.new@example.org"},
    ]
    made = plan(rows, [grace])
    assert made.faults == []
    assert [one.manager for one in made.changes if one.new] == [grace.id, grace.id]


def test_managers_may_be_named_by_their_number() -> None:
    rows = [{**ADA, "Employee Id": "2", "Manager ID": "1", "Manager Email": ""}, {**GRACE, "Employee Id": "1"}]
    grace, ada = plan(rows).changes
    assert ada.manager == grace.person
    [fault] = told([{**rows[0], "Manager ID": "9"}, rows[1]])
    assert fault == "p.csv, line 2, Manager ID: nobody has '9'. Add that person or correct it."


KIM = {"Name": "Kim Seo", "Email": "kim@example.org", "Timezone": "Asia/Seoul"}
CLASHES = {
    "one address twice": ([GRACE, KIM, {**GRACE, "Name": "Ida"}], "4, Email: grace@example.org stands in line 2"),
    "one number twice": (
        [{**GRACE, "Employee Id": "1"}, {**KIM, "Employee Id": "1"}],
        "3, Employee Id: 1 stands in line 2 as well. Keep one of them.",
    ),
    "a number and the address of another": (
        [{"Employee Id": "7", "Name": "Ada", "Email": "eve@example.org"}],
        "2, Email: eve@example.org belongs to Eve Moreau (Employee Id 8), Employee Id 7 to Ada Byron (Employee Id 7).",
    ),
    "an address of somebody with another number": (
        [{"Employee Id": "9", "Name": "Eva", "Email": "eve@example.org"}],
        "2, Email: eve@example.org belongs to Eve Moreau (Employee Id 8). Give this person another address, or write",
    ),
    "one person by number and by address": (
        [{"Employee Id": "7", "Name": "Ada", "Email": "new@example.org"}, {"Name": "Ada", "Email": "ada@example.org"}],
        "3, Email: ada@example.org is Ada Byron (Employee Id 7), who stands in line 2 as well. Keep one of them.",
    ),
    "a new person without an address": (
        [{"Employee Id": "9", "Name": "Kim", "Timezone": "Asia/Seoul"}],
        "2, Email: is empty. New people need the address of their chat account.",
    ),
    "a new person without a zone": (
        [{**KIM, "Timezone": ""}], "2, Timezone: is empty. Write a time zone like Europe/Lisbon, or give --zone",
    ),
    "an unknown manager": (
        [{**KIM, "Manager Email": "x@example.org"}],
        "2, Manager Email: nobody has 'x@example.org'. Add that person or correct it.",
    ),
    "oneself": (
        [{**KIM, "Manager Email": "kim@example.org"}],
        "2, Manager Email: nobody manages themselves ('kim@example.org'). Leave it empty at the top.",
    ),
    "an unknown dotted manager": (
        [{**KIM, "Dotted Line": "x@example.org, eve@example.org"}], "2, Dotted Line: nobody has 'x@example.org'.",
    ),
    "one manager for both lines": (
        [GRACE, {**KIM, "Manager Email": "grace@example.org", "Dotted Line": "grace@example.org"}],
        "3, Dotted Line: Grace Murray is the manager already. Leave them out here.",
    ),
    "a manager who has left": (
        [{**KIM, "Manager Email": "grace@example.org"}, {**GRACE, "End Date": "2026-11-20"}],
        "2, Manager Email: 'grace@example.org', Grace Murray, has left (last day 2026-11-20). Name somebody who",
    ),
    "a manager who left long ago": (
        [{**KIM, "Manager Email": "tom@example.org"}],
        "2, Manager Email: 'tom@example.org', Tom Gone, has left (last day 2020-01-01). Name somebody who works here.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", CLASHES)
def test_what_cannot_be_true_of_two_people_is_told(what: str) -> None:
    rows, words = CLASHES[what]
    people = [
        known("Ada Byron", external_id="7"), known("Eve Moreau", external_id="8"),
        known("Tom Gone", status="left", left_on=date(2020, 1, 1)),
    ]  # fmt: skip
    [fault] = told(rows, people)
    assert fault.startswith(f"p.csv, line {words}")


def test_circles_are_told_once_with_their_way_and_also_through_people_who_are_not_in_the_file() -> None:
    grace, linus = known("Grace Murray"), known("Linus Holm", zone="Asia/Aden")
    ada = known("Ada Byron", manager=grace.id)
    [fault] = told([{**GRACE, "Manager Email": "linus@example.org"}], [grace, ada, replace(linus, manager=ada.id)])
    assert fault == (
        "p.csv, line 2, Manager Email: the line goes in a circle: grace@example.org → linus@example.org → "
        "ada@example.org → grace@example.org. Correct one of them."
    )
    rows = [ADA, {**GRACE, "Manager Email": "linus@example.org"}, LINUS]
    assert [fault.split(":")[0] for fault in told(rows)] == ["p.csv, line 2, Manager Email"]


def test_a_dotted_line_downwards_is_a_circle_too() -> None:
    [fault] = told([{**GRACE, "Dotted Manager Email": "linus@example.org"}, ADA, LINUS])
    assert fault.startswith(
        "p.csv, line 2, Dotted Manager Email: the line goes in a circle: grace@example.org → linus@"
    )


def test_a_full_list_lets_go_who_is_not_in_it_and_a_partial_one_does_not() -> None:
    grace = known("Grace Murray", zone="America/New_York")
    people = [grace, known("Ada Byron", manager=grace.id), known("Eve Moreau", manager=grace.id)]
    assert plan([ADA, GRACE], people).leavers == []
    made = plan([ADA, GRACE], people, full=True)
    assert [(one.name, one.last) for one in made.leavers] == [("Eve Moreau", date(2026, 11, 22))]
    assert (made.counts(), made.here, made.same, made.alone) == ({"leave": 1}, 3, 2, [])
    assert "is not in the full file" in told([ADA], people, full=True)[0]
    gone = plan([{"Name": "Ada Byron", "Email": "ada@example.org"}], people, full=True)
    assert gone.alone == ["Ada Byron"], "the file says nothing of managers, and hers is gone"
    assert gone.changes == []


def test_an_end_date_that_is_past_lets_somebody_go_and_a_later_one_is_kept() -> None:
    ada = known("Ada Byron")
    row = {"Name": "Ada Byron", "Email": "ada@example.org"}
    [gone] = plan([{**row, "End Date": "2026-11-20"}], [ada]).leavers
    assert gone.last == date(2026, 11, 20)
    assert only(plan([{**row, "End Date": "2026-11-23"}], [ada])).values == {"left_on": TODAY}, (
        "their last day is today"
    )
    left = replace(ada, status="left", left_on=date(2026, 11, 20))
    assert plan([{**row, "End Date": "2026-11-20"}], [left]).same == 1
    assert plan([{**row, "Name": "Kim", "Email": "kim@example.org", "End Date": "2020-01-01"}]).changes == []
    soon = replace(ada, left_on=date(2026, 12, 31))
    assert plan([row], [soon]).same == 1, "without the column the last day stays"
    assert only(plan([{**row, "End Date": ""}], [soon])).values == {"left_on": None}


def test_who_left_and_is_in_the_file_again_comes_back() -> None:
    ada = known("Ada Byron", status="left", left_on=date(2026, 1, 31))
    grace = known("Grace Murray", zone="America/New_York")
    change = only(plan([ADA, GRACE], [ada, grace]))
    assert change.values == {"status": "active", "left_on": None}
    assert "return" in change.kinds
    assert change.manager == grace.id


def test_a_first_day_to_come_keeps_people_waiting_and_their_lines_too() -> None:
    late = only(plan([{**GRACE, "Start Date": "2026-12-01"}]))
    assert (late.values["status"], late.since) == ("coming", date(2026, 12, 1))
    grace = known("Grace Murray", zone="America/New_York")
    here = only(plan([{**GRACE, "Start Date": "2026-12-01"}], [grace]))
    assert here.values == {"hired_on": date(2026, 12, 1)}, "who works here already goes on working"


def test_zone_and_language_of_a_chat_account_stand_against_the_file() -> None:
    row = {"Name": "Ada Byron", "Email": "ada@example.org", "Timezone": "Asia/Tokyo", "Language": "de"}
    assert only(plan([row], [known("Ada Byron")])).values == {"zone": "Asia/Tokyo", "locale": "de"}
    assert plan([row], [known("Ada Byron", directory=True)]).same == 1


def test_columns_that_the_file_does_not_have_leave_things_as_they_are() -> None:
    grace = known("Grace Murray")
    ada = known("Ada Byron", manager=grace.id, department="R&D", external_id="7", country="DE", region="BY")
    row = {"Name": "Ada Byron", "Email": "ada@example.org"}
    assert plan([row], [grace, ada]).same == 1
    change = only(plan([{**row, "Manager Email": "", "Department": "", "Country": ""}], [grace, ada]))
    assert (change.kinds, change.manager, change.department) == ({"manager", "department"}, None, None)
    assert only(plan([row | {"Preferred Name": "Ada"}], [grace, ada])).values == {"name": "Ada"}


def test_a_dotted_manager_becomes_the_manager_without_a_column_for_the_dotted_line() -> None:
    grace, eve = known("Grace Murray"), known("Eve Moreau")
    ada = known("Ada Byron", manager=grace.id, dotted=frozenset({eve.id}))
    row = {"Name": "Ada Byron", "Email": "ada@example.org", "Manager Email": "eve@example.org"}
    change = only(plan([row], [grace, eve, ada]))
    assert (change.kinds, change.manager, change.dotted) == ({"manager", "dotted"}, eve.id, frozenset())
    assert change.begins == {"manager", "dotted"}


def test_a_zone_for_all_new_people_may_be_given() -> None:
    row = {"Name": "Kim", "Email": "kim@example.org"}
    assert only(plan([row], zone="Asia/Seoul")).values["zone"] == "Asia/Seoul"


def test_the_brake_holds_above_a_tenth_until_the_exact_number_is_said() -> None:
    assert not held_back(10, 100, None)
    assert held_back(11, 100, None)
    assert held_back(11, 100, 12)
    assert not held_back(11, 100, 11)
    assert not held_back(0, 0, None)
    assert held_back(1, 3, None)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.integers(0, 12), st.lists(st.integers(0, 12), max_size=3), max_size=13))
def test_managers_stand_before_their_people_or_a_circle_is_told(above: dict[int, list[int]]) -> None:
    ordered, circles = line_up(above, above)
    assert sorted(ordered) == sorted({*above, *(one for uppers in above.values() for one in uppers)})
    for circle in circles:
        assert all(upper in above[at] for at, upper in zip(circle, (*circle[1:], circle[0]), strict=True))
    if not circles:
        place = {one: at for at, one in enumerate(ordered)}
        assert all(place[upper] < place[at] for at, uppers in above.items() for upper in uppers)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_lines_written_in_that_order_never_make_a_circle_on_the_way(data: st.DataObject) -> None:
    """From any tree to any other of the same people."""
    count = data.draw(st.integers(1, 10))
    before, after = (
        {one: data.draw(uppers(one)) for one in people} for people in (range(count), reversed(range(count)))
    )
    names = data.draw(st.permutations(range(count)))
    after = {names[one]: [names[upper] for upper in above] for one, above in after.items()}
    standing = dict(before)
    for one in line_up(after, after)[0]:
        standing[one] = after[one]
        assert line_up(standing, standing)[1] == []


def uppers(one: int) -> st.SearchStrategy[list[int]]:
    """Somebody of a lower number, or nobody."""
    return st.lists(st.integers(0, one - 1), max_size=2, unique=True) if one else st.just([])


def test_ids_of_new_people_are_made_once() -> None:
    made = plan([ADA, GRACE])
    assert all(isinstance(one.person, UUID) for one in made.changes)
    assert len({one.person for one in made.changes}) == 2
