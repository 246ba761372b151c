"""Anchors: where the audit chain stood, kept outside the database, so that a chain that was cut off can be told."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

# Copied from the log its time has fractions of a second.
_LINE = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z) (\d{1,18}) ([0-9a-f]{64})")
_LONGEST = 200


@dataclass(frozen=True)
class Anchor:
    """At this time the chain had `seq` links and ended in `head`."""

    at: str
    seq: int
    head: str

    @classmethod
    def of(cls, real: datetime, seq: int, mac: bytes) -> Anchor:
        return cls(real.strftime("%Y-%m-%dT%H:%M:%SZ"), seq, mac.hex())

    def __str__(self) -> str:
        return f"{self.at} {self.seq} {self.head}"


def append(file: Path, anchor: Anchor) -> None:
    """Durable when this returns. A line that was torn by a power cut stays a line of its own."""
    made = not file.exists()
    with open(os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600), "r+b", buffering=0) as handle:
        size = handle.seek(0, os.SEEK_END)
        torn = size > 0 and os.pread(handle.fileno(), 1, size - 1) != b"\n"
        handle.write(f"{chr(10) if torn else ''}{anchor}\n".encode())
        os.fsync(handle.fileno())
    if made:
        folder = os.open(file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def read(file: Path) -> Iterator[Anchor | int]:
    """Each line; the number of one that is no anchor. A file of another kind is not read into memory either."""
    with file.open("rb") as handle:
        number = 0
        while line := handle.readline(_LONGEST):
            number += 1
            found = _LINE.fullmatch(line.decode("ascii", "replace").rstrip("\r\n"))
            if found:
                yield Anchor(found[1], int(found[2]), found[3])
            elif line.strip():
                yield number
