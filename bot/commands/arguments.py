"""What is typed behind an option, understood or refused in words."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

import typer

from bot.commands.problem import Problem

FirstDay = Annotated[str, typer.Option("--from", metavar="DAY", help="The first day; today if left out.")]
LastDay = Annotated[str, typer.Option("--until", metavar="DAY", help="The last day, as 2026-12-04; open if left out.")]
EndDay = Annotated[
    str, typer.Option("--until", metavar="DAY", help="The last day, as 2026-12-04; one in the past ends it.")
]
Ends = Annotated[bool, typer.Option("--end", help="It ends now.")]
EvenTheLast = Annotated[bool, typer.Option("--yes", help="Also the last HR coordinator.")]
Only = Annotated[str, typer.Option("--department", help="Only this department; everyone if left out.")]
Introduced = Annotated[bool, typer.Option("--introduced", help="They know of it: no first messages.")]
Full = Annotated[bool, typer.Option("--full/--partial", help="Full: who is not in the file has left.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would change; write nothing.")]
MayLeave = Annotated[int | None, typer.Option("--yes-deactivate", metavar="N", help="So many may leave.")]
ZoneOfNew = Annotated[str, typer.Option("--zone", help="Of new people for whom the file names none.")]
OneDepartment = Annotated[str, typer.Option("--department", help="Only for this one (hr_partner).")]


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
