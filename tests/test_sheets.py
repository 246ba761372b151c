"""Whatever bytes a file has, it is a sheet, or told not to be one."""

from __future__ import annotations

import io
import random

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import sheets
from bot.sheets import NotASheet, read_sheet


def any_score(head: object) -> int:
    return len(str(head))


def read(data: bytes) -> bool:
    """Whether it is a sheet; any other error goes through."""
    try:
        sheet = read_sheet(data, any_score)
    except NotASheet:
        return False
    return all(isinstance(cell, str) for _, cells in sheet.rows for cell in cells)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
def test_any_bytes_are_read_or_told(data: bytes) -> None:
    assert read(data) in (True, False)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_as_on_any_system_and_keep_their_numbers(end: str) -> None:
    sheet = read_sheet(end.join(["", "Name;Mail", 'Ada;"a', 'b"', "Eve;c"]).encode(), any_score)
    assert (sheet.head_line, sheet.head) == (2, ("Name", "Mail"))
    assert [(line, cells[0]) for line, cells in sheet.rows] == [(3, "Ada"), (5, "Eve")]


def workbook() -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for at in range(20):
        book.active.append(["Name", at, 1.5, None, True])
    book.save(out)
    return out.getvalue()


def test_a_damaged_workbook_is_told() -> None:
    whole, chance = workbook(), random.Random(1)
    for _ in range(60):
        broken = bytearray(whole)
        for _ in range(chance.randint(1, 40)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        read(bytes(broken))
        read(whole[: chance.randrange(len(whole))])


def test_what_grows_beyond_all_bounds_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_BYTES", 1000)
    with pytest.raises(NotASheet, match="too large"):
        read_sheet(workbook(), any_score)


def test_cells_are_written_as_a_spreadsheet_shows_them() -> None:
    sheet = read_sheet(workbook(), any_score)
    assert (sheet.head, sheet.rows[0]) == (("Name", "0", "1.5", "", "True"), (2, ["Name", "1", "1.5", "", "True"]))
