"""Small groups stay hidden (methodology 10.3 and 5): counts with a total, and all averages of one week together.

What is shown forms a tree: the company, its departments, a manager's people inside one department. Whoever sees all of
it can compute what remains of each set without the shown sets inside it, and nothing else. So each remainder must be
nobody, or at least k people who did not all answer alike; and it must still be so for a reader who takes out of it the
answers that they know anyway.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from operator import add, mul, sub
from typing import NamedTuple

K = 5
MOOD = (1, 2, 3, 4, 5)
# Workload is told as its distance from 3.
WORKLOAD = (0, 1, 2)

# How many gave each value, in the order of the scale.
Counts = tuple[int, ...]


def one_way(sizes: Mapping[str, int], k: int = K, *, zero_is_public: bool = False) -> Set[str]:
    """What to hide of a table whose total is published: small groups, and more while they could be subtracted. Groups
    of nobody count as small unless everybody knows them.
    """
    total = sum(sizes.values())
    if total < k:
        return sizes.keys()
    hidden = {key for key, size in sizes.items() if size < k and not (size == 0 and zero_is_public)}
    shown = sorted(sizes.keys() - hidden, key=lambda key: (sizes[key], key), reverse=True)
    while hidden and shown and (len(hidden) < 2 or sum(sizes[key] for key in hidden) < k):
        hidden.add(shown.pop())
    return hidden


def one_way_counts(counts: Mapping[str, int], k: int = K) -> Set[str]:
    """The same where who is in which group is nobody's business: if all are in one group, its number names everyone."""
    total = sum(counts.values())
    return counts.keys() if total in counts.values() else one_way(counts, k)


class Cell(NamedTuple):
    """Those of one department whose answers one manager reads: how many gave each value, and how many of them share it
    with that manager.
    """

    department: str | None
    manager: str | None
    answers: Counts
    shared: Counts


@dataclass(frozen=True)
class Own:
    """What a reader answered, where it is counted, and whether it is among the shared values there."""

    department: str | None
    manager: str | None
    answer: Counts
    shared: bool = False


@dataclass(frozen=True)
class Reader:
    """Somebody who sees figures besides managers: whose people's shared values they read, and their own answer."""

    key: str
    reads: frozenset[str] = frozenset()
    own: Own | None = None


@dataclass(frozen=True)
class Average:
    """`tenths`: the mean to one decimal, times ten."""

    n: int
    tenths: int


@dataclass(frozen=True)
class Release:
    """None stands where nothing may be shown; managers of whose people nothing may be are not there at all."""

    company: Average | None
    departments: Mapping[str, Average | None]
    by_manager: Mapping[str, Average]


@dataclass(slots=True)
class _Group:
    """People whose sum a reader can compute, and what each reader knows of them already."""

    answers: Counts
    known: dict[str, Counts] = field(default_factory=dict)
    # At least as many as any reader knows here.
    most: int = 0

    def add(self, other: _Group) -> None:
        self.answers = _plus(self.answers, other.answers)
        for key, counts in other.known.items():
            before = self.known.get(key)
            self.known[key] = now = _plus(before, counts) if before else counts
            self.most = max(self.most, sum(now))

    def take_out(self, other: _Group) -> None:
        self.answers = _minus(self.answers, other.answers)
        for key, counts in other.known.items():
            self.known[key] = _minus(self.known[key], counts)

    def safe(self, k: int) -> bool:
        size = sum(self.answers)
        if not _enough(self.answers, k):
            return False
        # So many that nothing any reader knows could matter: spares looking at every one of them.
        if size - self.most >= k and size - max(self.answers) > self.most:
            return True
        for counts in self.known.values():
            rest = _minus(self.answers, counts)
            if any(rest) and not _enough(rest, k):
                return False
        return True

    def empty(self) -> bool:
        return not any(self.answers)


def release(cells: Iterable[Cell], readers: Iterable[Reader], scale: Sequence[int], k: int = K) -> Release:
    """All averages of one question and week at once. Departments go before managers, larger ones before smaller."""
    known = _Known(readers)
    of_department, large = _by_department(cells, known, len(scale), k)
    nothing: dict[str, Average | None] = {key: None for key in of_department if key is not None}
    company = _average(_union(of_department.values(), len(scale)), scale, k)
    if company is None:
        return Release(None, nothing, {})
    shown, rest = _departments(of_department, scale, k)
    averages = nothing | {key: _average(group, scale, k) for key, group in shown.items()}
    return Release(company, averages, _led(large, known, shown, rest, scale, k))


class _Known:
    """What each reader knows of a cell. Every manager is a reader of what their people share. A company has thousands
    of cells, most of them too small to be shown: the group of one is made whenever it is needed.
    """

    def __init__(self, readers: Iterable[Reader]) -> None:
        self._who_reads: dict[str, list[str]] = defaultdict(list)
        self._own: dict[tuple[str | None, str | None], list[tuple[str, Counts]]] = defaultdict(list)
        for reader in readers:
            for manager in reader.reads - {reader.key}:
                self._who_reads[manager].append(reader.key)
            own = reader.own
            if own and any(own.answer) and not (own.shared and own.manager in reader.reads):
                self._own[own.department, own.manager].append((reader.key, own.answer))

    def group(self, cell: Cell) -> _Group:
        group = _Group(cell.answers)
        if cell.manager is not None and any(cell.shared):
            known = dict.fromkeys((cell.manager, *self._who_reads.get(cell.manager, ())), cell.shared)
            group = _Group(cell.answers, known, sum(cell.shared))
        for key, answer in self._own.get((cell.department, cell.manager), ()):
            group.add(_Group((0,) * len(answer), {key: answer}))
        return group


def _departments(
    of_department: Mapping[str | None, _Group], scale: Sequence[int], k: int
) -> tuple[dict[str, _Group], _Group]:
    """Those that may be shown, and all others together: the smallest shown one joins them until they could be shown."""
    shown = {key: one for key, one in of_department.items() if key is not None and _average(one, scale, k)}
    rest = _union((one for key, one in of_department.items() if key not in shown), len(scale))
    smallest_last = sorted(shown, key=lambda key: (sum(shown[key].answers), key), reverse=True)
    while smallest_last and not (rest.empty() or _average(rest, scale, k)):
        rest.add(shown.pop(smallest_last.pop()))
    return shown, rest


def _led(
    cells: Sequence[Cell], known: _Known, shown: Mapping[str, _Group], rest: _Group, scale: Sequence[int], k: int
) -> dict[str, Average]:
    """A manager's people are shown if what remains around them could be, too."""
    around = dict[str | None, _Group](shown.items())
    found: dict[str, Average] = {}
    for cell in sorted(cells, key=lambda cell: (-sum(cell.answers), cell.manager or "")):
        group = known.group(cell)
        average = _average(group, scale, k)
        if average is None or not cell.manager:
            continue
        left = around.get(cell.department, rest)
        left.take_out(group)
        if left.empty() or _average(left, scale, k):
            found[cell.manager] = average
        else:
            left.add(group)
    return found


def _average(group: _Group, scale: Sequence[int], k: int) -> Average | None:
    """None if too few, too alike, or so near an end of the scale that it tells what everyone answered."""
    if not group.safe(k):
        return None
    size = sum(group.answers)
    tenths = round(10 * sum(map(mul, scale, group.answers)) / size)
    return Average(size, tenths) if 10 * min(scale) < tenths < 10 * max(scale) else None


def _by_department(
    cells: Iterable[Cell], known: _Known, width: int, k: int
) -> tuple[dict[str | None, _Group], list[Cell]]:
    """And those large enough to be shown by themselves, of managers whose people are not in two departments."""
    found: dict[str | None, _Group] = defaultdict(lambda: _Group((0,) * width))
    large, departments = [], Counter[str | None]()
    for cell in cells:
        size = sum(cell.answers)
        if size:
            found[cell.department].add(known.group(cell))
            departments[cell.manager] += 1
        if size >= k and cell.manager:
            large.append(cell)
    return found, [cell for cell in large if departments[cell.manager] == 1]


def _union(groups: Iterable[_Group], width: int) -> _Group:
    whole = _Group((0,) * width)
    for group in groups:
        whole.add(group)
    return whole


def _enough(answers: Counts, k: int) -> bool:
    """k people, and not all of one mind: an average of equal answers is everyone's answer."""
    size = sum(answers)
    return size >= k and max(answers) < size


def _plus(one: Counts, other: Counts) -> Counts:
    return tuple(map(add, one, other))


def _minus(one: Counts, other: Counts) -> Counts:
    return tuple(map(sub, one, other))
