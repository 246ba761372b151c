"""Whether an account can be written to, since when it cannot, and what it last said of the one who has it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import BigInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.elements import ColumnElement

from bot.storage.base import Instant

# They keep the bot from writing; they took it out; the account is no longer used; it is not theirs.
Lost = Literal["blocked", "removed", "closed", "unlinked"]


class Reached:
    """`lost_at` is real, None where it can be reached or nobody knows since when it cannot. `zone` and `locale` are
    what the account last said, `said` when that was, by the platform's clock; 0 where it does not tell.
    """

    reachable: Mapped[bool] = mapped_column(default=True)
    lost_at: Mapped[datetime | None] = mapped_column(Instant)
    lost_why: Mapped[str | None] = mapped_column(String(20))
    zone: Mapped[str | None] = mapped_column(String(64))
    locale: Mapped[str | None] = mapped_column(String(20))
    said: Mapped[int] = mapped_column(BigInteger, default=0, server_default=text("0"))

    @classmethod
    def is_held(cls) -> ColumnElement[bool]:
        """Rows that are somebody's: what was taken from its person is nobody's."""
        return cls.lost_why.is_distinct_from("unlinked")

    def lose(self, why: Lost, real: datetime) -> None:
        """Of several reasons the first counts."""
        if self.reachable:
            self.reachable, self.lost_at, self.lost_why = False, real, why

    def find(self) -> None:
        """It writes, or is written to, again; a row that says so already is not written again."""
        if not self.reachable:
            self.reachable, self.lost_at, self.lost_why = True, None, None
