"""People, hard texts, and every kind of field filled to its limit."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from bot.forms import (
    Choice,
    Choices,
    Day,
    Field,
    Group,
    LongText,
    Note,
    Number,
    Option,
    People,
    Rating,
    Text,
    Yes,
)

ADA = "0190a6e2-6f0d-7c58-9f6f-0c5b1e0b7a11"
NASTY = "<!channel> <@U1> *bold* _it_ ~no~ `code` <https://evil.example|safe> &amp; @here 🎉 :tada:"
LONG = (f"{NASTY} " * 60)[:3000]
HELP: dict[str, Any] = {"help": LONG, "audience": "You and Grace"}


def options(count: int, label: str = NASTY * 3, key: int = 150) -> tuple[Option, ...]:
    return tuple(Option(f"{at}".rjust(key, "k"), f"{at} {label}", "h" * 76 if at == 0 else "") for at in range(count))


def full_fields(key: int = 150) -> list[Field[Any]]:
    """`key` is how long the keys of options are."""
    ten, many, most = (options(count, key=key) for count in (10, 100, 150))
    points = tuple(Option(str(at), NASTY * 2, LONG) for at in range(1, 11))
    inner: tuple[Field[Any], ...] = (
        Text("title", LONG, **HELP, limit=3000),
        Rating("level", "Level", not_observed=True, start=None),
        People("owner", "Owner"),
        Day("due", "Due", required=False),
        Yes("done", "Done"),
        Note("n", LONG),
    )
    return [
        Text("text", LONG, **HELP, limit=3000, min_length=3000, start=LONG),
        LongText("long", LONG, **HELP, limit=9000, start="🎉" * 3000),
        Number("number", LONG, **HELP, start=Decimal("1e30")),
        Rating("rating", LONG, **HELP, points=points, low=1, high=10, start=10),
        Rating("seldom", LONG, **HELP, points=points, low=1, high=10, not_observed=True),
        Choice("choice", LONG, **HELP, options=ten, start=ten[9].key),
        Choice("choice_many", LONG, **HELP, options=many, start=many[99].key),
        Choice("choice_most", LONG, **HELP, options=most, start=most[149].key),
        Choices("choices", LONG, **HELP, options=ten, start=tuple(o.key for o in ten)),
        Choices("choices_many", LONG, **HELP, options=many, most=100, start=tuple(o.key for o in many)),
        Choices("choices_most", LONG, **HELP, options=most, start=tuple(o.key for o in most[:100])),
        Yes("yes", LONG, **HELP, start=True),
        Day("day", LONG, **HELP, start=date(2026, 11, 26)),
        People("one", LONG, **HELP, start=("u" * 36,)),
        People("people", LONG, **HELP, most=50, start=tuple(f"u{at}" for at in range(50))),
        Group("group", LONG, **HELP, fields=inner, least=1, start=((LONG, 5, ("u1",), date(2026, 1, 2), True, None),)),
        Note("note", LONG, strong=True),
        Note("quiet", LONG * 2),
    ]
