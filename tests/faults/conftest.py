from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import world as worlds
from databases import Databases
from fault_bench import TEMPLATE, ZONE, Bench, furnish, opened

from desk import company
from desk.desk import Desk
from desk.workspace import Identity, Member, Workspace


@pytest.fixture
async def bench(database_kind: str, databases: Databases, tmp_path: Path) -> AsyncIterator[Bench]:
    people = company.people()
    # All in one zone: a directory that says otherwise would move their check-ins.
    members = [Member(one.user_id, one.name, one.email, ZONE) for one in people]
    desk = Desk(
        workspace=Workspace(Identity(), people=members), signing_secret=worlds.SECRET, token=worlds.TOKEN,
        retry_after=(0, 0, 0), tenant=company.tenant(teams=True),
    )  # fmt: skip
    await desk.start()
    if not databases.has(database_kind, TEMPLATE):
        await furnish(databases, database_kind, tmp_path, desk, people)
    with databases.copy(database_kind, tmp_path, TEMPLATE) as url:
        built = opened(tmp_path, url, desk, people)
        yield built
        await built.close()
    await desk.stop()
