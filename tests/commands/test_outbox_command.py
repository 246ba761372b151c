"""`rapport outbox`: what waits and what could not be sent, without a word of its content."""

from __future__ import annotations

from uuid import uuid4

import pytest
import world as worlds
from post_office import PostOffice
from sqlalchemy import update
from typer.testing import CliRunner

from bot.__main__ import cli
from bot.commands import Problem
from bot.storage.people import Address
from bot.storage.tasks import TaskRow

SECRET_WORDS = "I am worn out"


@pytest.fixture
def office(world: worlds.World, monkeypatch: pytest.MonkeyPatch) -> PostOffice:
    loaded = world.app.settings
    for name in ("database_url", "keys", "key_ring", "slack_signing_secret"):
        monkeypatch.setenv(f"RAPPORT_{name.upper()}", getattr(loaded, name))
    monkeypatch.setenv("RAPPORT_SLACK_API", "http://127.0.0.1:1/")
    return PostOffice(world)


def outbox(*arguments: str) -> str:
    result = CliRunner().invoke(cli, ["outbox", *arguments], catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


async def test_it_counts_and_shows_who_missed_what_and_why(office: PostOffice) -> None:
    with office.world.look() as db:
        linus = office.world.person(db, "linus")
        db.execute(update(Address).where(Address.person_id == linus.id).values(user="U0NOBODY"))
    dead = office.put("linus", SECRET_WORDS)
    office.put("ada", SECRET_WORDS)
    await office.deliverer().drain()
    office.put("ada", SECRET_WORDS)
    lines = outbox().splitlines()
    assert lines[0] == "0 held, 1 waiting, 0 offered, 1 done, 0 cancelled, 1 dead"
    when = office.row(dead).done_at
    assert when is not None
    told = [str(dead), "send", "linus.holm@example.org", "channel_not_found", f"{when:%Y-%m-%d %H:%M} UTC"]
    assert lines[1].split("  ") == ["dead", *told]
    assert "--retry" in lines[2]
    assert "worn out" not in outbox()


async def test_with_nothing_dead_there_is_nothing_to_retry(office: PostOffice) -> None:
    assert outbox() == "0 held, 0 waiting, 0 offered, 0 done, 0 cancelled, 0 dead\n"


async def test_one_dead_row_is_tried_again_and_the_others_are_left(office: PostOffice) -> None:
    one, other = (office.put("ada", SECRET_WORDS, state="dead", error="gave_up") for _ in range(2))
    assert outbox("--retry", str(one)).startswith(
        "1 tried again.\n0 held, 1 waiting, 0 offered, 0 done, 0 cancelled, 1 dead"
    )
    await office.deliverer().drain()
    assert office.texts("ada") == [SECRET_WORDS]
    assert (office.row(one).state, office.row(other).state) == ("done", "dead")


async def test_every_dead_row_is_tried_again(office: PostOffice) -> None:
    for who in worlds.PEOPLE:
        office.put(who, state="dead", error="invalid_auth")
    assert outbox("--retry-all").startswith(f"{len(worlds.PEOPLE)} tried again.\n")
    await office.deliverer().drain()
    assert office.everybody() == {who: ["Hello"] for who in worlds.PEOPLE}


async def test_an_id_that_is_not_dead_is_told_and_nothing_is_tried(office: PostOffice) -> None:
    dead, alive, nobody = office.put("ada", state="dead", error="gave_up"), office.put("ada"), uuid4()
    for wrong in (alive, nobody):
        with pytest.raises(Problem, match=f"No dead message has the id {wrong}"):
            outbox("--retry", str(dead), "--retry", str(wrong))
    assert office.row(dead).state == "dead"


def test_what_is_no_id_is_told_in_words(office: PostOffice) -> None:
    with pytest.raises(Problem, match=r"^--retry 999: that is no id of a message\. See them with: rapport outbox$"):
        outbox("--retry", "999")


async def test_tasks_that_failed_too_often_are_shown(office: PostOffice) -> None:
    with office.world.look() as db:
        db.add(
            TaskRow(
                conversation="checkin", step="figures", key="x", at=worlds.MONDAY, cursor={}, state="dead", failures=5,
                error="KeyError", created_at=worlds.MONDAY,
            )
        )  # fmt: skip
    assert "checkin.figures  KeyError" in outbox()
