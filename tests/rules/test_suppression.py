"""What is released never tells a small group's figure: checked by exact linear algebra over all that is shown, and for
small companies by going through every set of answers that would give the same figures.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules.suppression import MOOD, Cell, Own, Reader, Release, one_way, one_way_counts, release

SCALE = (1, 2, 3)


@dataclass(frozen=True)
class Person:
    key: str
    department: str | None
    manager: str | None
    value: int
    shared: bool = False


@dataclass(frozen=True)
class Company:
    """`hr` are keys of people; `acts` are a delegate and the manager whose people's check-ins they read."""

    people: tuple[Person, ...]
    hr: frozenset[str] = frozenset()
    acts: frozenset[tuple[str, str]] = frozenset()
    k: int = 5
    scale: tuple[int, ...] = field(default=SCALE)

    def counts(self, people: Sequence[Person]) -> tuple[int, ...]:
        found = Counter(one.value for one in people)
        return tuple(found[value] for value in self.scale)

    def released(self) -> Release:
        return release(self._cells(), self._readers(), self.scale, self.k)

    def _cells(self) -> list[Cell]:
        cells: dict[tuple[str | None, str | None], list[Person]] = defaultdict(list)
        for one in self.people:
            cells[one.department, one.manager].append(one)
        return [
            Cell(department, manager, self.counts(some), self.counts([one for one in some if one.shared]))
            for (department, manager), some in cells.items()
        ]

    def _readers(self) -> list[Reader]:
        by_key = {one.key: one for one in self.people}
        reads = defaultdict(set)
        for delegate, manager in self.acts:
            reads[delegate].add(manager)
        return [Reader(key, frozenset(reads[key]), self._own(by_key.get(key))) for key in sorted({*self.hr, *reads})]

    def _own(self, one: Person | None) -> Own | None:
        if one is None or one.key not in self.hr:
            return None
        return Own(one.department, one.manager, self.counts([one]), one.shared)

    def knowledge(self) -> Iterator[frozenset[str]]:
        """Whose answers each reader knows: what their people share with them, and HR's own."""
        managers = {one.manager for one in self.people if one.manager}
        for reader in sorted({*managers, *self.hr, *(delegate for delegate, _ in self.acts)}):
            reads = {reader, *(manager for delegate, manager in self.acts if delegate == reader)}
            known = {one.key for one in self.people if one.shared and one.manager in reads}
            yield frozenset(known | ({reader} & self.hr))

    def shown_sets(self) -> list[frozenset[str]]:
        """HR's table and every manager's together."""
        shown = self.released()
        sets = [frozenset(one.key for one in self.people)] if shown.company else []
        for by, averages in (("department", shown.departments), ("manager", shown.by_manager)):
            for key, average in averages.items():
                if average:
                    theirs = frozenset(one.key for one in self.people if getattr(one, by) == key)
                    assert average.n == len(theirs)
                    sets.append(theirs)
        return sets


@st.composite
def companies(draw: st.DrawFn, most: int, ks: Sequence[int]) -> Company:
    """Small groups, many of one mind, much shared, and readers of every kind: what is dangerous is frequent."""
    names = [f"p{at}" for at in range(draw(st.integers(1, most)))]
    departments = st.sampled_from(["A", "B", "C", None])
    home = {manager: draw(departments) for manager in ("p0", "p1", "p2")}
    usual = draw(st.sampled_from(SCALE))
    share = draw(st.sampled_from([0, 1, 3]))
    people = []
    for name in names:
        manager = draw(st.sampled_from(["p0", "p1", "p2", None]).filter(lambda one, name=name: one != name))
        stray = draw(st.integers(0, 5)) == 0
        department = draw(departments) if manager is None or stray else home[manager]
        value = usual if draw(st.booleans()) else draw(st.sampled_from(SCALE))
        people.append(Person(name, department, manager, value, draw(st.integers(0, 3)) < share))
    hr = draw(st.frozensets(st.sampled_from(names), max_size=2))
    acts = draw(st.frozensets(st.sampled_from([("p0", "p1"), ("p3", "p2"), ("p2", "p0")]), max_size=2))
    return Company(tuple(people), hr, acts, draw(st.sampled_from(ks)))


def span(rows: list[list[int]]) -> dict[int, list[Fraction]]:
    """Reduced rows by the column that each leads."""
    reduced: dict[int, list[Fraction]] = {}
    for row in rows:
        left = less(reduced, [Fraction(one) for one in row])
        lead = next((at for at, one in enumerate(left) if one), None)
        if lead is None:
            continue
        left = [one / left[lead] for one in left]
        for at, other in reduced.items():
            if other[lead]:
                reduced[at] = [a - other[lead] * b for a, b in zip(other, left, strict=True)]
        reduced[lead] = left
    return reduced


def less(reduced: dict[int, list[Fraction]], row: list[Fraction]) -> list[Fraction]:
    for lead, other in reduced.items():
        if row[lead]:
            row = [a - row[lead] * b for a, b in zip(row, other, strict=True)]
    return row


def small_groups(people: Sequence[str], k: int) -> Iterator[tuple[str, ...]]:
    for size in range(1, k):
        yield from itertools.combinations(people, size)


@settings(max_examples=300, deadline=None)
@given(companies(14, (2, 3, 5)))
def test_no_group_of_fewer_than_k_can_be_computed_from_all_that_is_released(company: Company) -> None:
    shown = company.shown_sets()
    for known in company.knowledge() if shown else ():
        unknown = [one.key for one in company.people if one.key not in known]
        reduced = span([[int(key in some) for key in unknown] for some in shown])
        for group in small_groups(unknown, company.k):
            assert any(less(reduced, [Fraction(key in group) for key in unknown])), (group, shown, known)


@settings(max_examples=300, deadline=None)
@given(companies(7, (2, 3)))
def test_other_answers_of_any_small_group_would_have_given_the_same_figures(company: Company) -> None:
    """By exhaustion, and with the sums as exact as no reader gets them."""
    shown = company.shown_sets()
    given_ = {one.key: one.value for one in company.people}
    sums = {some: sum(given_[key] for key in some) for some in shown}
    for known in company.knowledge() if shown else ():
        unknown = [key for key in given_ if key not in known]
        possible = []
        for values in itertools.product(SCALE, repeat=len(unknown)):
            answers = given_ | dict(zip(unknown, values, strict=True))
            if all(sum(answers[key] for key in some) == total for some, total in sums.items()):
                possible.append(answers)
        for group in small_groups(unknown, company.k):
            assert len({sum(answers[key] for key in group) for answers in possible}) > 1, (group, shown, known)


@settings(max_examples=300, deadline=None)
@given(companies(14, (2, 3, 5)))
def test_no_figure_stands_for_people_who_all_answered_alike(company: Company) -> None:
    """Neither one that is shown, nor one that is left when shown ones and what a reader knows are taken from it."""
    shown = company.shown_sets()
    given_ = {one.key: one.value for one in company.people}
    for some in shown:
        inside = [other for other in shown if other < some]
        left = some.difference(*inside)
        for known in (frozenset(), *company.knowledge()):
            for people in (some - known, left - known):
                assert len({given_[key] for key in people}) != 1, (people, shown, known)


@given(companies(14, (5,)))
def test_shown_sets_lie_inside_each_other_or_apart(company: Company) -> None:
    for one, other in itertools.combinations(company.shown_sets(), 2):
        assert one <= other or other <= one or not one & other


def people(department: str, size: int, manager: str | None = None, shared: int = 0) -> list[Person]:
    """Moods 2, 3, 4, 2, 3, ..."""
    return [Person(f"{department}{manager}{at}", department, manager, 2 + at % 3, at < shared) for at in range(size)]


def company(*groups: list[Person], hr: frozenset[str] = frozenset()) -> Company:
    return Company(tuple(itertools.chain(*groups)), hr, scale=MOOD)


def shown_in(of: Company) -> tuple[set[str], set[str]]:
    shown = of.released()
    return {key for key, one in shown.departments.items() if one}, {key for key, one in shown.by_manager.items() if one}


def test_a_small_department_takes_the_smallest_other_one_with_it() -> None:
    """The sample company: without Care, People would be the company less the others."""
    sample = company(people("Engineering", 18), people("Sales", 14), people("Care", 10), people("People", 3))
    assert shown_in(sample)[0] == {"Engineering", "Sales"}
    assert sample.released().company is not None


def test_departments_of_five_are_shown() -> None:
    assert shown_in(company(people("A", 5), people("B", 5)))[0] == {"A", "B"}


def test_a_team_is_shown_if_the_rest_of_its_department_is_nobody_or_five() -> None:
    assert shown_in(company(people("A", 5, "m"), people("A", 4, "n"), people("B", 9))) == ({"A", "B"}, set())
    assert shown_in(company(people("A", 5, "m"), people("A", 5), people("B", 9))) == ({"A", "B"}, {"m"})
    assert shown_in(company(people("A", 5, "m"), people("B", 9))) == ({"A", "B"}, {"m"})


def test_a_team_in_two_departments_is_not_shown() -> None:
    assert shown_in(company(people("A", 6, "m"), people("A", 6), people("B", 6, "m"), people("B", 6)))[1] == set()


@pytest.mark.parametrize(("shared", "seen"), [(0, True), (1, True), (2, False), (5, False), (6, True)])
def test_those_who_did_not_share_with_their_manager_are_nobody_or_five(shared: int, seen: bool) -> None:
    """Methodology 5: of six, their manager knows what some answered."""
    assert shown_in(company(people("A", 6, "m", shared), people("A", 20)))[1] == ({"m"} if seen else set())


def test_hr_takes_its_own_answer_out() -> None:
    of_five = people("A", 5)
    assert shown_in(company(of_five, people("B", 9)))[0] == {"A", "B"}
    assert shown_in(company(of_five, people("B", 9), hr=frozenset({of_five[0].key})))[0] == set()


def test_what_a_reader_knows_twice_is_taken_out_once() -> None:
    """Hana acts for her own manager, with whom she shared her answer."""
    six = people("A", 6, "m", 1)
    hana = six[0].key
    acting = Company((*six, *people("A", 20)), frozenset({hana}), frozenset({(hana, "m")}), scale=MOOD)
    assert shown_in(acting)[1] == {"m"}


def test_an_average_at_the_end_of_the_scale_is_hidden_however_many_there_are() -> None:
    """4.97 is shown as 5.0."""
    happy = [Person(f"h{at}", "A", None, 5 if at else 4) for at in range(30)]
    assert shown_in(company(happy, people("B", 9), people("C", 9)))[0] == {"C"}


def test_an_average_says_how_many_stand_behind_it() -> None:
    shown = company(people("A", 8)).released().company
    assert shown is not None
    assert (shown.n, shown.tenths) == (8, 29)


def test_a_second_release_of_the_same_week_would_tell_the_late_answer() -> None:
    """Which is why there is none: `tests/handlers/test_figures.py`."""
    early = people("A", 9)
    late = Person("late", "A", None, 1)
    first, second = (company(early, more).released().company for more in ([], [late]))
    assert first is not None
    assert second is not None
    assert round(second.n * second.tenths / 10) - round(first.n * first.tenths / 10) == late.value


def test_fewer_than_five_in_the_whole_company_show_nothing() -> None:
    shown = company(people("A", 4)).released()
    assert (shown.company, shown.departments) == (None, {"A": None})
    assert release([], [], MOOD) == Release(None, {}, {})


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 12)), st.booleans(), st.sampled_from([3, 5]))
def test_hidden_counts_of_a_table_with_a_total_stay_together(sizes: dict[str, int], public: bool, k: int) -> None:
    hidden = one_way(sizes, k, zero_is_public=public)
    assert all(key in hidden for key, size in sizes.items() if size < k and (size or not public))
    # Either nothing is left that a subtraction could tell, or at least two groups are, of k people together.
    if hidden and hidden != sizes.keys():
        assert len(hidden) >= 2
        assert sum(sizes[key] for key in hidden) >= k


@pytest.mark.parametrize(
    ("sizes", "hidden"),
    [
        ({"a": 9, "b": 7, "c": 6}, ""),
        ({"a": 9, "b": 7, "c": 2}, "bc"),
        ({"a": 9, "b": 3, "c": 2}, "bc"),
        ({"a": 9, "b": 7, "c": 2, "d": 1}, "bcd"),
        ({"a": 2, "b": 1, "c": 1}, "abc"),
        ({"a": 7, "b": 7, "c": 1}, "ac"),
        ({"a": 9, "b": 7, "c": 0}, "bc"),
    ],
)
def test_small_groups_and_what_would_tell_them_are_hidden(sizes: dict[str, int], hidden: str) -> None:
    assert "".join(sorted(one_way(sizes))) == hidden


def test_a_group_of_nobody_needs_no_cover_where_everybody_knows_it() -> None:
    assert one_way({"a": 9, "b": 7, "c": 0}, zero_is_public=True) == set()


def test_a_count_that_names_everybody_is_hidden() -> None:
    assert one_way_counts({"not_working": 12, "other": 0}) == {"not_working", "other"}
    assert one_way_counts({"not_working": 12, "nothing_new": 5, "other": 6}) == set()
