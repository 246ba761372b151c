"""One parcel to its platform: looked up first if it may have arrived, and never begun late."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from bot import log
from bot.delivery.parcels import Parcel, Sent
from bot.platforms import Platform, Ref, Throttled, Unanswered, Unavailable, Undeliverable

T = TypeVar("T")
UNKNOWN = "unknown_whether_sent"
REFUSALS = (Throttled, Undeliverable, Unavailable, Unanswered)
logger = log.get("delivery")


@dataclass(frozen=True)
class Way:
    """How a parcel goes: `patience` is the longest that one answer is waited for, in seconds; `mark` notes that from
    now on the parcel may have arrived, and says whether it is still ours.
    """

    platform: Platform
    patience: float
    may_send: Callable[[], bool]
    mark: Callable[[UUID], Awaitable[bool]]
    step: Callable[[str], None]

    async def deliver(self, parcel: Parcel) -> Sent:
        """Never raises but when cancelled."""
        if parcel.kind == "file":
            return await self._share(parcel)
        if parcel.kind == "upload":
            return await self._hand_over(parcel)
        in_doubt = parcel.kind == "send" and parcel.in_doubt is not None
        if not self.may_send():
            return Sent(parcel, held=True, unknown=in_doubt)
        if in_doubt and parcel.in_doubt is not None:
            found, error = await self._answer(self.platform.look_up(parcel.to, str(parcel.id), parcel.in_doubt))
            if error is not None or found is not None:
                return Sent(parcel, found, error, unknown=error is not None)
            self.step("delivery.looked_up")
            if not self.may_send():
                return Sent(parcel, held=True)
        ref, error = await self._answer(_sent(self.platform, parcel))
        self.step("delivery.posted")
        return Sent(parcel, ref, error)

    async def _share(self, parcel: Parcel) -> Sent:
        """Uploaded as often as it takes, since nobody sees that, and shared at most once, since no look-up finds it. Or
        its reader is asked first: then what comes next depends on them.
        """
        if parcel.in_doubt is not None or parcel.at is None:
            return Sent(parcel, error=Undeliverable(UNKNOWN), unknown=True)
        if not self.may_send():
            return Sent(parcel, held=True)
        ticket, error = await self._uploaded(parcel)
        if isinstance(ticket, Ref):
            self.step("delivery.offered")
            return Sent(parcel, ticket)
        if ticket is None:
            return Sent(parcel, error=error)
        if not await self._marked(parcel):
            return Sent(parcel, held=True)
        _, error = await self._answer(self.platform.share(parcel.to, parcel.at, ticket))
        self.step("delivery.shared")
        lost = isinstance(error, Unanswered)
        return Sent(parcel, error=Undeliverable(UNKNOWN) if lost else error, unknown=lost)

    async def _hand_over(self, parcel: Parcel) -> Sent:
        """What its reader wanted: uploaded to the place that they gave until it is there, then shown until that is
        seen. The mark stands between, as the place is gone once it was filled.
        """
        there = parcel.in_doubt is not None
        if parcel.at is None:
            return Sent(parcel, error=Undeliverable(UNKNOWN), unknown=there)
        if not self.may_send():
            return Sent(parcel, held=True, unknown=there)
        if not there:
            ticket, error = await self._uploaded(parcel)
            if ticket is None:
                return Sent(parcel, error=error)
            if not await self._marked(parcel):
                return Sent(parcel, held=True)
        _, error = await self._answer(self.platform.share(parcel.to, parcel.at, parcel.to.respond))
        self.step("delivery.shared")
        return Sent(parcel, error=error, unknown=error is not None)

    async def _uploaded(self, parcel: Parcel) -> tuple[str | Ref | None, Exception | None]:
        """What got no answer may be done again, so it counts as refused for now."""
        found, error = await self._answer(self.platform.upload(parcel.to, parcel.message.files[0], str(parcel.id)))
        return found, Unavailable(str(error)) if isinstance(error, Unanswered) else error

    async def _marked(self, parcel: Parcel) -> bool:
        self.step("delivery.uploaded")
        if not await self.mark(parcel.id):
            return False
        self.step("delivery.marked")
        return True

    async def _answer(self, call: Awaitable[T]) -> tuple[T | None, Exception | None]:
        try:
            async with asyncio.timeout(self.patience):
                return await call, None
        except REFUSALS as error:
            return None, error
        except TimeoutError as error:
            return None, Unanswered(type(error).__name__)
        except Exception as error:
            # A fault of ours in one message: it must not cost the others of its batch their settling.
            logger.error("delivery.broken", error_type=type(error).__name__, exc_info=error)
            return None, Unanswered(type(error).__name__)


async def _sent(platform: Platform, parcel: Parcel) -> Ref | None:
    if parcel.kind == "edit" and parcel.at is not None:
        await platform.edit(parcel.to, parcel.at, parcel.message)
        return None
    if parcel.kind == "home":
        await platform.publish(parcel.to, parcel.message)
        return None
    if parcel.kind == "respond":
        await platform.respond(parcel.to, parcel.message)
        return None
    return await platform.send(parcel.to, parcel.message, str(parcel.id))
