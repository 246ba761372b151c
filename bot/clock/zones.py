"""Instants as a clock on the wall shows them, and back, over every change of clocks."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

# Names that mean another zone on every host.
_HOST_ZONES = frozenset({"localtime", "posixrules", "Factory"})


def valid_zone(name: str) -> bool:
    if name in _HOST_ZONES:
        return False
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def to_local(instant: datetime, zone: str) -> datetime:
    """What a clock on the wall shows there."""
    if instant.utcoffset() is None:
        raise ValueError("An instant needs a zone.")
    return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


def to_utc(local: datetime, zone: str) -> datetime:
    """A time skipped by a clock change means the end of the gap; one that comes twice means the first."""
    if local.tzinfo is not None:
        raise ValueError("A local time has no zone of its own.")
    tz = ZoneInfo(zone)
    before = local.replace(tzinfo=tz, fold=0).astimezone(UTC)
    if to_local(before, zone) == local.replace(fold=0):
        return before
    # In a gap the two readings lie on either side of the change; the change itself is on a whole second.
    after = local.replace(tzinfo=tz, fold=1).astimezone(UTC)
    low, high = math.floor(after.timestamp()), math.ceil(before.timestamp())
    while high - low > 1:
        middle = (low + high) // 2
        if to_local(datetime.fromtimestamp(middle, UTC), zone) >= local:
            high = middle
        else:
            low = middle
    return datetime.fromtimestamp(high, UTC)
