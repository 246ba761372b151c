"""What is said and asked is tried once: `world` on PostgreSQL, the stricter one, `chat` on SQLite. Storage, engine,
delivery and faults are tried on both.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from databases import on_postgresql


@pytest.fixture
def database_url(postgresql: str, templates: dict[str, object]) -> Iterator[str]:
    yield from on_postgresql(postgresql, templates)
