"""What is said and asked is tried once: `world` on PostgreSQL, the stricter one, `chat` on SQLite. Storage, engine,
delivery and faults are tried on both.
"""

from __future__ import annotations

import pytest


@pytest.fixture
def database_kind() -> str:
    return "postgresql"
