"""What is typed behind an option, understood or refused in words."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from bot.commands.problem import Problem


def a_day(option: str, given: str) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise Problem(f"{option} {given}: give a day as year-month-day, such as 2026-12-04.") from None


def an_id(option: str, given: str) -> UUID:
    try:
        return UUID(given)
    except ValueError:
        raise Problem(f"{option} {given}: that is no id of a message. See them with: rapport outbox") from None
