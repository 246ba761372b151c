"""Whether an account can be written to, and since when it cannot."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Instant

# They keep the bot from writing; they took it out; the account is no longer used.
Lost = Literal["blocked", "removed", "closed"]


class Reached:
    """`lost_at` is real, None where it can be reached or nobody knows since when it cannot."""

    reachable: Mapped[bool] = mapped_column(default=True)
    lost_at: Mapped[datetime | None] = mapped_column(Instant)
    lost_why: Mapped[str | None] = mapped_column(String(20))

    def lose(self, why: Lost, real: datetime) -> None:
        """Of several reasons the first counts."""
        if self.reachable:
            self.reachable, self.lost_at, self.lost_why = False, real, why

    def find(self) -> None:
        """It writes, or is written to, again; a row that says so already is not written again."""
        if not self.reachable:
            self.reachable, self.lost_at, self.lost_why = True, None, None
