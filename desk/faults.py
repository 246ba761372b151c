"""What can go wrong with Slack, on demand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal["rate_limited", "delay", "lost", "error"]
KINDS: tuple[str, ...] = get_args(Kind)


@dataclass
class Fault:
    """The next `times` calls of `method` (`*` is any) are answered 429 with Retry-After `seconds`, or `seconds` late,
    or done but never answered, or with a 500."""

    kind: Kind
    method: str = "*"
    times: int = 1
    seconds: float = 1.0


class Faults:
    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(self, kind: Kind, method: str = "*", times: int = 1, seconds: float = 1.0) -> None:
        if kind not in KINDS:
            raise ValueError(f"{kind!r} is none of {', '.join(KINDS)}")
        self._waiting.append(Fault(kind, method, times, seconds))

    def clear(self) -> None:
        self._waiting.clear()

    def waiting(self) -> list[Fault]:
        return list(self._waiting)

    def take(self, method: str) -> Fault | None:
        """The fault that meets this call, used up by one."""
        for fault in self._waiting:
            if fault.method in ("*", method):
                fault.times -= 1
                self._waiting = [each for each in self._waiting if each.times > 0]
                return fault
        return None
