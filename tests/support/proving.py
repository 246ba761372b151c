"""Which switch of the policy a test proves: one that would fail if the switch did nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Test = TypeVar("Test", bound=Callable[..., object])


def proves(feature: str) -> Callable[[Test], Test]:
    """Read from the source by `tests/contracts/test_policy.py`."""
    assert feature

    def same(test: Test) -> Test:
        return test

    return same
