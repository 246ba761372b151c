"""What can go wrong with Slack and Teams, on demand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal["rate_limited", "delay", "lost", "error", "refused"]
KINDS: tuple[str, ...] = get_args(Kind)
TOKENS = ("expired", "audience", "forged", "rolled")


@dataclass
class Fault:
    """The next `times` calls of `method` (`*` is any) are answered 429 with Retry-After `seconds`, or `seconds` late,
    or done but never answered, or with a 500 (on Teams 502), or refused: as a workspace without uploads does it, or on
    Teams somebody who has blocked the bot."""

    kind: Kind
    method: str = "*"
    times: int = 1
    seconds: float = 1.0


class Faults:
    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        # armed, the next press of a button or of Send is delivered twice, as by a nervous finger
        self.double_click = False
        # what is wrong with the token of the next activity from Teams; "" if nothing
        self.next_token = ""

    def add(self, kind: Kind, method: str = "*", times: int = 1, seconds: float = 1.0) -> None:
        if kind not in KINDS:
            raise ValueError(f"{kind!r} is none of {', '.join(KINDS)}")
        self._waiting.append(Fault(kind, method, times, seconds))

    def clear(self) -> None:
        self._waiting.clear()
        self.double_click, self.next_token = False, ""

    def disarm(self, index: int) -> None:
        """Takes back the fault at this place of waiting()."""
        if not 0 <= index < len(self._waiting):
            raise ValueError("there is no such fault any more")
        del self._waiting[index]

    def clicks(self) -> int:
        """How often the press that comes now is delivered."""
        count, self.double_click = 1 + self.double_click, False
        return count

    def arm_token(self, wrong: str) -> None:
        """Of the next activity from Teams; "" takes it back."""
        if wrong and wrong not in TOKENS:
            raise ValueError(f"{wrong!r} is none of {', '.join(TOKENS)}")
        self.next_token = wrong

    def token(self) -> str:
        """What is wrong with the token that is needed now."""
        wrong, self.next_token = self.next_token, ""
        return wrong

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
