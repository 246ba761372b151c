"""On what conversations are tried: each platform once and each database once, or every pair of them."""

from __future__ import annotations

import os
from itertools import product
from typing import cast

import pytest

PLATFORMS = ("slack", "teams")
DATABASES = ("sqlite", "postgresql")
EVERY_PAIR = bool(os.environ.get("RAPPORT_EVERY_PAIR"))
PAIRS = list(product(DATABASES, PLATFORMS) if EVERY_PAIR else zip(DATABASES, PLATFORMS, strict=True))
ON_A_SERVER = [pair for pair in PAIRS if pair[0] == "postgresql"]


@pytest.fixture(params=PAIRS, ids="-".join)
def pair(request: pytest.FixtureRequest) -> tuple[str, str]:
    return cast("tuple[str, str]", request.param)


@pytest.fixture(params=PLATFORMS)
def platform(request: pytest.FixtureRequest) -> str:
    return str(request.param)
