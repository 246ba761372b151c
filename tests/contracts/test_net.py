"""The net under the suite (tests/support/net.py) catches what is planted in each of the places it looks at."""

from __future__ import annotations

import logging
from dataclasses import replace

import net
import pytest
import world as worlds
from sqlalchemy import select

from bot import log
from bot.storage.audit import AuditEvent, record
from desk.sending import Exchange

ANSWER = "MARKER what the customer told me in confidence"
NAME, TOKEN = worlds.PEOPLE["ada"], worlds.TOKEN


@pytest.fixture
def typed() -> None:
    net.typed({"wins": ANSWER})


@pytest.fixture
def cut() -> list[str]:
    """What a leak may look like: whole, cut off, in the middle of other words."""
    return [ANSWER, ANSWER[: net.LONGEST], f"could not store {ANSWER!r}", f"for {NAME}", f"with {TOKEN}"]


def test_a_leak_into_a_log_line_is_caught(typed: None, cut: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    for leak in cut:
        log.get("bot.engine").info("stored", reason=leak)
        assert net.in_logs(capsys.readouterr().out) == ["the log line of bot.engine, level info"]
        # What is not declared is dropped, and what a command prints is no log line.
        log.get("bot.engine").info("stored", answer=leak)
        print(leak)
        assert net.in_logs(capsys.readouterr().out) == []


def test_what_a_library_logs_and_what_breaks_is_looked_at_as_it_is_logged_in_earnest(
    typed: None, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        raise ValueError(ANSWER)
    except ValueError:
        logging.getLogger("aiohttp.server").exception("Error handling %s", ANSWER)
    said = capsys.readouterr().out
    assert '"library message"' in said
    assert "ValueError" in said
    assert net.in_logs(said) == []


def test_a_test_that_logs_an_answer_fails_and_is_told_the_place_and_not_the_text(typed: None) -> None:
    def ended(printed: str) -> pytest.TestReport:
        sections = [("Captured stdout call", printed)]
        return pytest.TestReport("a test", ("a file", 1, "a test"), {}, "passed", None, "call", sections)

    report = net.judged(ended(f'{{"event": "stored {ANSWER}", "source": "bot.engine", "level": "info"}}'))
    assert report.outcome == "failed"
    assert "the log line of bot.engine, level info" in str(report.longrepr)
    assert ANSWER not in str(report.longrepr)
    assert net.judged(ended('{"event": "stored", "source": "bot.engine"}')).outcome == "passed"


async def test_a_leak_into_a_figure_an_error_or_the_audit_trail_is_caught(
    chat: worlds.World, typed: None, cut: list[str]
) -> None:
    exchange = await chat.command("ada", "/review", "help")
    assert net.in_figures(chat.app) == []
    assert net.in_answers(chat.seen_by_the_desk) == []
    for leak in cut:
        assert net.in_answers([answered(exchange, 500, leak)]) == [f"the answer 500 to {exchange.kind}"]
        # What a person sees in an answer that went well is theirs.
        assert net.in_answers([answered(exchange, 200, leak)]) == []
        event = AuditEvent(action="checkin.submitted", details={"state": {"why": leak}})
        assert net.in_audit([event]) == ["the audit row checkin.submitted"]
        with pytest.raises(net.Leak, match="the audit row"):
            net.told(net.in_audit([event]))
    chat.app.delivery.counts.ends[ANSWER, "done"] += 1
    assert net.in_figures(chat.app) == ["/metrics"]
    with pytest.raises(net.Leak, match="/metrics"):
        net.look_through(chat.app, [])
    del chat.app.delivery.counts.ends[ANSWER, "done"]
    chat.app.watch._ends.remove(ANSWER, "done")


async def test_the_world_is_looked_through_with_what_was_typed_in_it(chat: worlds.World) -> None:
    await chat.at("2026-11-26 10:00")
    await chat.answer("ada", progress=ANSWER, next="What comes next is not decided")
    assert net.holds(ANSWER)
    assert net.holds("not quite, and What comes next is not decided")
    assert not net.holds("nothing of it")
    rows = net.audited(chat.app.database)
    assert {"checkin.submitted"} <= {row.action for row in rows}
    with chat.look() as db:
        record(db, chat.clock.real(), "checkin.edited", actor=None, kind="checkin", object_id=None, text=ANSWER)
        db.flush()
        stored = list(db.execute(select(AuditEvent.action, AuditEvent.details)))
        assert net.in_audit(stored) == ["the audit row checkin.edited"]
        # Rows of the trail are not deleted.
        db.rollback()


def answered(exchange: Exchange, status: int, words: str) -> Exchange:
    return replace(exchange, status=status, response_body=words.encode())
