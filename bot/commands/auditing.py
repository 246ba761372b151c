"""`rapport audit verify`: does the chain over the audit rows hold, and where does it not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.commands.problem import Problem
from bot.storage import audit_anchors
from bot.storage.audit_anchors import Anchor
from bot.storage.audit_verifying import Verdict, verify
from bot.storage.database import Database

# Runs of rows told one by one.
MOST = 10


@dataclass(frozen=True)
class Audited:
    text: str
    broken: bool


def verify_audit(database: Database, file: Path | None) -> Audited:
    anchors, notices = _anchors(file) if file else ([], [])
    verdict = verify(database, anchors)
    lines = [*notices, *_chain(verdict), *_anchored(verdict, anchors, file), *_unsealed(verdict)]
    return Audited("\n".join(lines), bool(verdict.breaks))


def _anchors(file: Path) -> tuple[list[Anchor], list[str]]:
    anchors: list[Anchor] = []
    notices: list[str] = []
    try:
        for found in audit_anchors.read(file):
            if isinstance(found, Anchor):
                anchors.append(found)
            elif len(notices) < MOST:
                notices.append(f"{file}, line {found}: passed over, it is no anchor (time seq head).")
    except OSError as error:
        raise Problem(f"{file} cannot be read: {error.strerror}.") from error
    if not anchors:
        raise Problem(f"{file} holds no anchor. Each line is: time seq head")
    return anchors, notices


def _chain(verdict: Verdict) -> Iterator[str]:
    if verdict.breaks:
        yield f"The chain is BROKEN. It goes to link {verdict.links}; the first bad position stands first."
        yield from verdict.breaks
        if verdict.more_breaks:
            yield f"… and {verdict.more_breaks} more."
    elif verdict.links:
        yield f"The chain holds up to link {verdict.links}, head {verdict.head}"
        yield from _trimmed(verdict)
    else:
        yield "There is no chain yet: the running bot seals rows within seconds."


def _anchored(verdict: Verdict, anchors: list[Anchor], file: Path | None) -> Iterator[str]:
    if file is None:
        yield "Without --anchor nobody can tell whether its end was cut off."
    elif not verdict.breaks:
        newest = max(anchors, key=lambda one: one.seq)
        compared = len(anchors) - verdict.anchors_before
        if compared:
            yield f"It agrees with every anchor ({compared}), the newest of {newest.at} at link {newest.seq}."
        if verdict.anchors_before:
            yield (
                f"Anchors of before it begins ({verdict.anchors_before}): "
                "what they could be compared with was trimmed, they say nothing."
            )


def _trimmed(verdict: Verdict) -> Iterator[str]:
    begins = verdict.trimmed
    if begins and begins.at:
        yield f"It begins after link {begins.link}: what stood before was trimmed by retention on {begins.at.date()}."


def _unsealed(verdict: Verdict) -> Iterator[str]:
    count = sum(last - first + 1 for first, last in verdict.unsealed)
    if count:
        runs = [f"{first}" if first == last else f"{first} to {last}" for first, last in verdict.unsealed[:MOST]]
        more = ", and more" if len(verdict.unsealed) > MOST else ""
        yield f"Not sealed yet ({count}): row {', '.join(runs)}{more}. The running bot seals within seconds."
