"""Tables that people make, as rows of text: CSV in the encodings and with the separators of spreadsheets, and .xlsx;
and tables for them, in which no cell becomes a formula.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

SEPARATORS = (",", ";", "\t")
# Of what is packed small and grows when it is opened.
MOST_BYTES = 300_000_000
ZIP, OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# What letters of other code pages look like when they are read as Windows-1252: signs beside letters, accents in a row.
SIGNS = "¡¢£¤¥¦¨©«¬\xad¯±³¶¸¹»¼½¾¿×÷"
MISREAD = re.compile(rf"[^\W\d_][{SIGNS}]|[{SIGNS}][^\W\d_]|[\xc0-\xff]{{3}}")

# What reading a damaged workbook may end in; an error in its XML is a SyntaxError.
BROKEN = (
    zipfile.BadZipFile, zlib.error, SyntaxError, LookupError, ValueError, TypeError, AttributeError, EOFError, OSError,
    RuntimeError,
)  # fmt: skip

Line = tuple[int, Sequence[str]]
# What a spreadsheet takes for the beginning of a formula, also behind the apostrophe that was put before it.
FORMULA = re.compile(r"'*[=+\-@]")
# Longer numbers lose their last digits in a workbook.
DIGITS = 15


class NotASheet(ValueError):
    """In words, with what to do; `line` where there is one."""

    def __init__(self, why: str, line: int = 0) -> None:
        super().__init__(why)
        self.line = line


@dataclass(frozen=True)
class Sheet:
    """The first row with a word in it, and those after it, with the numbers that a spreadsheet shows beside them."""

    head_line: int
    head: tuple[str, ...]
    rows: tuple[Line, ...]
    note: str = ""


def read_sheet(data: bytes, score: Callable[[Sequence[str]], int]) -> Sheet:
    """`score` says how well a head fits: with it the separator is found, and the sheet in a workbook."""
    if data.startswith(OLD_EXCEL):
        raise NotASheet("is a workbook of an old Excel, or has a password. Save it as .xlsx without one.")
    if data.startswith(ZIP):
        return max((_sheet(lines) for lines in _workbook(data)), key=lambda sheet: score(sheet.head))
    text, note = _text(data)
    first, skip = _first(text)
    separator = max(SEPARATORS, key=lambda one: score(_split(first, one)))
    return _sheet(_records(text, separator, skip), note)


def _sheet(lines: Iterator[Line] | Sequence[Line], note: str = "") -> Sheet:
    rows = iter(lines)
    for line, cells in rows:
        if any(cell.strip() for cell in cells):
            return Sheet(line, _clean(cells), tuple(rows), note)
    return Sheet(1, (), (), note)


def _clean(cells: Sequence[str]) -> tuple[str, ...]:
    return tuple(" ".join(cell.split()) for cell in cells)


def _split(line: str, separator: str) -> tuple[str, ...]:
    try:
        return _clean(next(csv.reader([line], delimiter=separator), []))
    except csv.Error:
        return ()


def _text(data: bytes) -> tuple[str, str]:
    try:
        for mark, encoding in MARKS:
            if data.startswith(mark):
                return data.removeprefix(mark).decode(encoding), ""
        if data[1::2].count(0) * 4 > len(data):
            return data.decode("utf-16-le"), ""
        return data.decode("utf-8"), ""
    except UnicodeDecodeError:
        return _windows(data)


def _windows(data: bytes) -> tuple[str, str]:
    """Excel's "CSV" on a western Windows. Other code pages look much the same, and would give wrong names."""
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        text = "¤a"
    if found := MISREAD.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise NotASheet("has letters whose encoding is not known. Save it as 'CSV UTF-8', or as .xlsx.", line)
    return text, "Read as Windows-1252. If names look wrong below, save it as 'CSV UTF-8'."


def _first(text: str) -> tuple[str, int]:
    """The first line that says something, and how many to leave out before it: Excel writes `sep=;` for itself."""
    skip = 1 if re.match(r"sep=.\r?\n", text) else 0
    lines = io.StringIO(text, newline="")
    return next((line for at, line in enumerate(lines) if at >= skip and line.strip()), ""), skip


def _records(text: str, separator: str, skip: int) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    before = 0
    try:
        for cells in reader:
            line, before = before + 1, reader.line_num
            if line > skip:
                yield line, cells
    except csv.Error as error:
        raise NotASheet(f"{error}. Look for a quote that is not closed, or save it as CSV again.", before + 1) from None


def _workbook(data: bytes) -> list[list[Line]]:
    import openpyxl  # it takes a moment, and most files are CSV

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(one.file_size for one in packed.infolist()) > MOST_BYTES:
                raise NotASheet("is too large once it is opened. Save the sheet with the people as CSV.")
        with warnings.catch_warnings():
            # Of what it does not know in a workbook, such as the colours of a rule; values are not among it.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            return [list(_cells(sheet)) for sheet in book.worksheets]
    except NotASheet:
        raise
    except BROKEN:
        raise NotASheet("is no workbook that can be read. Save it as .xlsx again, or as CSV.") from None


def _cells(sheet: Any) -> Iterator[Line]:
    # What some programs write down as the size of a sheet is too small.
    sheet.reset_dimensions()
    for line, row in enumerate(sheet.iter_rows(), 1):
        yield line, [_written(cell.value, cell) for cell in row]


def _written(value: object, cell: Any) -> str:
    """As the sheet shows it: a whole number without a point, a share as percent, a day without a time."""
    if value is None:
        return ""
    if isinstance(value, float | int) and not isinstance(value, bool):
        # Fifteen digits are what a sheet counts with; behind them stand the crumbs of 0.1 + 0.2.
        found = Decimal(f"{value:.15g}" if isinstance(value, float) else value)
        return f"{as_text(found * 100)} %" if str(cell.number_format).endswith("%") else as_text(found)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time.min else value.isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def as_text(number: Decimal) -> str:
    """Without noughts that nobody typed, and never such that a point may as well be one between thousands."""
    text = format(number.normalize(), "f")
    return f"{text}0" if re.fullmatch(r"-?\d{1,3}\.\d{3}", text) else text


def guarded(text: str) -> str:
    return f"'{text}" if FORMULA.match(text) else text


def as_csv(rows: Iterable[Sequence[str | Decimal]]) -> bytes:
    """With the mark by which Excel knows UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for row in rows:
        writer.writerow([as_text(cell) if isinstance(cell, Decimal) else guarded(cell) for cell in row])
    return codecs.BOM_UTF8 + out.getvalue().encode()


def as_workbook(title: str, rows: Iterable[Sequence[str | Decimal]]) -> bytes:
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(title)
    for row in rows:
        sheet.append([_number(cell) if isinstance(cell, Decimal) else guarded(cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _number(value: Decimal) -> Decimal | str:
    return value if len(value.normalize().as_tuple().digits) <= DIGITS else as_text(value)
