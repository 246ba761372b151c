"""Every conversation is tried on each platform, and no test says which it is on: `world` on each platform once and each
database once, `chat` on each platform with SQLite.
"""

from __future__ import annotations

from typing import cast

import pytest
from pairs import PAIRS, PLATFORMS


@pytest.fixture(params=PAIRS, ids="-".join)
def pair(request: pytest.FixtureRequest) -> tuple[str, str]:
    return cast("tuple[str, str]", request.param)


@pytest.fixture(params=PLATFORMS)
def platform(request: pytest.FixtureRequest) -> str:
    return str(request.param)
