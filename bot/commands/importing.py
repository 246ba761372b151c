"""What every import at the command line does: read the file, tell its faults, write in pieces behind a bar."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot.commands.problem import Problem
from bot.rules.roster import Fault
from bot.sheets import NotASheet

# How many rows are written in one transaction.
PIECE = 200
# Below this many changes it is over before a bar would be read.
LONG = 1000
T = TypeVar("T")


def read_bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Problem(f"{file} cannot be read: {error.strerror}.") from error


def no_sheet(file: str, error: NotASheet) -> Problem:
    place = f"{file}, line {error.line}:" if error.line else file
    return Problem(f"{place} {error}")


def not_imported(file: str, faults: Sequence[Fault]) -> Problem:
    return Problem("\n".join([*(fault.told(file) for fault in faults), "Nothing was imported."]))


def pieces(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    return (rows[at : at + PIECE] for at in range(0, len(rows), PIECE))


@contextmanager
def progress(what: str, size: int) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal for what takes its time; nothing where a file or another program reads along."""
    console = Console(stderr=True)
    if not console.is_terminal or (size and size < LONG):
        yield lambda _: None
        return
    shown = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*shown, console=console, transient=True) as progress:
        bar = progress.add_task(what, total=size or None)
        yield lambda count: progress.advance(bar, count)
