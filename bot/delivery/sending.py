"""One parcel to its platform: looked up first if it may have arrived, and never begun late."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar
from uuid import UUID

from bot import log
from bot.delivery.parcels import Parcel, Sent
from bot.platforms import Platform, Ref, Throttled, Unanswered, Unavailable, Undeliverable

T = TypeVar("T")
UNKNOWN = "unknown_whether_sent"
REFUSALS = (Throttled, Undeliverable, Unavailable, Unanswered)
logger = log.get("delivery")


async def deliver(
    platform: Platform,
    parcel: Parcel,
    patience: float,
    may_send: Callable[[], bool],
    mark: Callable[[UUID], Awaitable[bool]],
    step: Callable[[str], None],
) -> Sent:
    """`patience` is the longest that one answer is waited for, in seconds; `mark` notes that from now on the parcel may
    have arrived, and says whether it is still ours. Never raises but when cancelled.
    """
    if parcel.kind == "file":
        return await _deliver_file(platform, parcel, patience, may_send, mark, step)
    if parcel.kind == "upload":
        return await _hand_over(platform, parcel, patience, may_send, mark, step)
    in_doubt = parcel.kind == "send" and parcel.in_doubt is not None
    if not may_send():
        return Sent(parcel, held=True, unknown=in_doubt)
    if in_doubt and parcel.in_doubt is not None:
        found, error = await _answer(platform.look_up(parcel.to, str(parcel.id), parcel.in_doubt), patience)
        if error is not None or found is not None:
            return Sent(parcel, found, error, unknown=error is not None)
        step("delivery.looked_up")
        if not may_send():
            return Sent(parcel, held=True)
    ref, error = await _answer(_sent(platform, parcel), patience)
    step("delivery.posted")
    return Sent(parcel, ref, error)


async def _deliver_file(
    platform: Platform,
    parcel: Parcel,
    patience: float,
    may_send: Callable[[], bool],
    mark: Callable[[UUID], Awaitable[bool]],
    step: Callable[[str], None],
) -> Sent:
    """Uploaded as often as it takes, since nobody sees that, and shared at most once, since no look-up finds it. Or its
    reader is asked first: then what comes next depends on them.
    """
    if parcel.in_doubt is not None or parcel.at is None:
        return Sent(parcel, error=Undeliverable(UNKNOWN), unknown=True)
    if not may_send():
        return Sent(parcel, held=True)
    ticket, error = await _uploaded(platform, parcel, patience)
    if isinstance(ticket, Ref):
        step("delivery.offered")
        return Sent(parcel, ticket)
    if ticket is None:
        return Sent(parcel, error=error)
    step("delivery.uploaded")
    if not await mark(parcel.id):
        return Sent(parcel, held=True)
    step("delivery.marked")
    _, error = await _answer(platform.share(parcel.to, parcel.at, ticket), patience)
    step("delivery.shared")
    lost = isinstance(error, Unanswered)
    return Sent(parcel, error=Undeliverable(UNKNOWN) if lost else error, unknown=lost)


async def _hand_over(
    platform: Platform,
    parcel: Parcel,
    patience: float,
    may_send: Callable[[], bool],
    mark: Callable[[UUID], Awaitable[bool]],
    step: Callable[[str], None],
) -> Sent:
    """What its reader wanted: uploaded to the place that they gave until it is there, then shown until that is seen.
    The mark stands between, as the place is gone once it was filled.
    """
    there = parcel.in_doubt is not None
    if parcel.at is None:
        return Sent(parcel, error=Undeliverable(UNKNOWN), unknown=there)
    if not may_send():
        return Sent(parcel, held=True, unknown=there)
    if not there:
        ticket, error = await _uploaded(platform, parcel, patience)
        if ticket is None:
            return Sent(parcel, error=error)
        step("delivery.uploaded")
        if not await mark(parcel.id):
            return Sent(parcel, held=True)
        step("delivery.marked")
    _, error = await _answer(platform.share(parcel.to, parcel.at, parcel.to.respond), patience)
    step("delivery.shared")
    return Sent(parcel, error=error, unknown=error is not None)


async def _uploaded(platform: Platform, parcel: Parcel, patience: float) -> tuple[str | Ref | None, Exception | None]:
    """What got no answer may be done again, so it counts as refused for now."""
    found, error = await _answer(platform.upload(parcel.to, parcel.message.files[0], str(parcel.id)), patience)
    return found, Unavailable(str(error)) if isinstance(error, Unanswered) else error


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


async def _answer(call: Awaitable[T], patience: float) -> tuple[T | None, Exception | None]:
    try:
        async with asyncio.timeout(patience):
            return await call, None
    except REFUSALS as error:
        return None, error
    except TimeoutError as error:
        return None, Unanswered(type(error).__name__)
    except Exception as error:
        # A fault of ours in one message: it must not cost the others of its batch their settling.
        logger.error("delivery.broken", error_type=type(error).__name__, exc_info=error)
        return None, Unanswered(type(error).__name__)
