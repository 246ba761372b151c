"""A blocked week, lived by three people: who is stuck, her manager in the same town, and his in New York."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import browsing
import pytest
import story_blocked as story
from browsing import Rows, Someone
from playwright.sync_api import expect

As = Callable[[str], Someone]


@pytest.fixture(scope="module")
def address(company: Path) -> Iterator[str]:
    with browsing.desk(company, "--weeks", "0", "--port", "0") as (_, url):
        yield url


def test_a_blocked_week_is_lived_to_its_end(someone: As, rows: Rows) -> None:
    eve, camille = someone("Eve Moreau"), someone("Camille Petit")
    prompt = eve.thursday()
    eve.check_in(prompt)
    eve.block("blocked").get_by_role("checkbox").check()
    expect(eve.block("blocker")).to_be_visible()
    eve.fill(progress="Two new customers", next="The harbour contract", blocker=story.STUCK)
    eve.sent()
    story.taken(eve, camille)

    # It is afternoon in Berlin and morning in New York.
    eve.clock("hours-3")
    eve.clock("hours-3")
    story.passed_up(eve, camille, "Victor Lang")
    victor = someone("Victor Lang")
    story.solved(eve, camille, victor)
    story.talked_about(eve, camille)
    story.accounted_for(eve, camille, rows)
    story.nothing_in_the_chat(eve, camille, victor)
