"""Who would be without a manager after an import; and the first of many names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.texts import say_n


def first(count: int, names: Sequence[str]) -> str:
    more, shown = count - len(names), ", ".join(names)
    return say_n("{names} and {count} more", "{names} and {count} more", more, names=shown) if more else shown


def without_manager(found: Mapping[str, Any]) -> Iterator[str]:
    count, names = found["alone"]
    if count:
        yield say_n(
            "{count} person without a manager then, as theirs leaves: {names}",
            "{count} people without a manager then, as theirs leaves: {names}", count, names=first(count, names),
        )  # fmt: skip
    count, names = found["unled"]
    if count:
        yield say_n(
            "{count} arrives without a manager: {names}", "{count} arrive without a manager: {names}", count,
            names=first(count, names),
        )  # fmt: skip
