"""The brake of a roster: a file that would let many people go at once is more often cut short than true."""

from __future__ import annotations

# What connectors of HR systems use: more than this share at once is asked about first.
PERCENT = 10


def held_back(leaving: int, here: int, confirmed: int | None) -> bool:
    """Whether so many leave of those who are here that somebody must say the number, and has not said this one."""
    return leaving * 100 > here * PERCENT and leaving != confirmed
