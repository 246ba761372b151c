from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from enum import Enum
from uuid import uuid4

import pytest
import structlog

from bot import log

MARK = "MARKER of an answer"
Read = Callable[[], list[dict[str, object]]]


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    before = (root.handlers, root.level, sys.excepthook, threading.excepthook)
    yield
    root.handlers, level, sys.excepthook, threading.excepthook = before
    root.setLevel(level)
    logging.captureWarnings(False)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Read:
    log.configure("INFO")

    def read() -> list[dict[str, object]]:
        out, err = capsys.readouterr()
        assert MARK not in out + err
        assert err == ""
        return [json.loads(line) for line in out.splitlines()]

    return read


def test_an_event_is_one_line_with_its_time_level_and_source(lines: Read) -> None:
    log.get("bot.delivery").info("sent", outbox_id=uuid4(), outcome="done", seconds=0.25)
    (line,) = lines()
    assert {
        "event": "sent",
        "level": "info",
        "source": "bot.delivery",
        "outcome": "done",
        "seconds": 0.25,
    }.items() <= line.items()
    assert datetime.fromisoformat(str(line["time"])).utcoffset() == datetime.now(UTC).utcoffset()


def test_what_is_not_declared_is_dropped(lines: Read) -> None:
    log.get("bot").info("saved", kind="checkin", wins=MARK, answers={"wins": MARK}, frames=[MARK])
    (line,) = lines()
    assert set(line) == {"event", "level", "time", "source", "kind"}


def test_bound_and_context_values_go_through_the_same_list(lines: Read) -> None:
    structlog.contextvars.bind_contextvars(request_id="r1", body=MARK)
    log.get("bot").bind(text=MARK, workspace="T1").info("opened")
    (line,) = lines()
    assert (line["request_id"], line["workspace"]) == ("r1", "T1")


def test_long_words_are_cut(lines: Read) -> None:
    log.get("bot").info("e" * 5000, reason="x" * 5000)
    (line,) = lines()
    assert (len(str(line["event"])), len(str(line["reason"]))) == (200, 200)


class Colour(Enum):
    RED = "red"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"wins": MARK}, "<dict>"),
        ([MARK], "<list>"),
        (MARK.encode(), "<bytes>"),
        (ValueError(MARK), "ValueError"),
        (Colour.RED, "red"),
        (None, None),
        (True, True),
        (3, 3),
    ],
)
def test_a_declared_field_shows_plain_values_only(lines: Read, given: object, shown: object) -> None:
    log.get("bot").info("event", status=given)
    assert lines()[0]["status"] == shown


def test_an_exception_is_told_by_type_and_place_only(lines: Read) -> None:
    def broken(answer: str) -> None:
        try:
            raise KeyError(answer)
        except KeyError as error:
            raise ValueError(f"cannot read {answer}") from error

    try:
        broken(MARK)
    except ValueError:
        log.get("bot").exception("failed", phrase="checkin")
    (line,) = lines()
    assert (line["error_type"], line["level"], line["phrase"]) == ("ValueError from KeyError", "error", "checkin")
    frames = line["frames"]
    assert isinstance(frames, list)
    assert len(frames) == 2
    assert __file__ in frames[-1]
    assert frames[-1].endswith(" broken")


def test_a_deep_recursion_does_not_fill_the_log(lines: Read) -> None:
    def deeper() -> None:
        deeper()

    try:
        deeper()
    except RecursionError:
        log.get("bot").exception("failed")
    frames = lines()[0]["frames"]
    assert isinstance(frames, list)
    assert len(frames) == 30


def test_a_level_hides_what_is_below(lines: Read) -> None:
    log.get("bot").debug("hidden")
    log.configure("WARNING")
    log.get("bot").info("hidden")
    log.get("bot").warning("shown")
    assert [line["event"] for line in lines()] == ["shown"]


@pytest.mark.parametrize(
    "name",
    ["slack_bolt.App", "slack_sdk.web.async_client", "aiohttp.access", "sqlalchemy.engine", "apscheduler", "other"],
)
def test_another_librarys_words_are_never_repeated(lines: Read, name: str) -> None:
    library = logging.getLogger(name)
    library.debug(MARK)
    library.info("body %s", MARK)
    library.warning("body %s", MARK, extra={"kind": MARK})
    try:
        raise OSError(MARK)
    except OSError:
        library.exception(MARK)
    first, second = lines()
    assert (first["source"], first["level"], first["event"]) == (name, "warning", "library message")
    assert (second["level"], second["error_type"]) == ("error", "OSError")


def test_a_library_with_its_own_output_is_routed_here(lines: Read) -> None:
    library = logging.getLogger("slack_bolt")
    library.addHandler(logging.StreamHandler(sys.stdout))
    library.propagate = False
    library.setLevel(logging.DEBUG)
    log.configure("INFO")
    library.info(MARK)
    library.error(MARK)
    assert [line["source"] for line in lines()] == ["slack_bolt"]


def test_a_warning_is_told_without_its_text(lines: Read) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        warnings.warn(MARK, stacklevel=1)
    assert [line["source"] for line in lines()] == ["py.warnings"]


def test_the_list_holds_before_anything_is_configured(capsys: pytest.CaptureFixture[str]) -> None:
    structlog.reset_defaults()
    log.get("bot").warning("early", wins=MARK, kind="checkin")
    out = capsys.readouterr().out
    assert MARK not in out
    assert json.loads(out)["kind"] == "checkin"


@pytest.mark.parametrize("where", ["raise", "thread"])
def test_an_uncaught_exception_keeps_its_words_to_itself(where: str) -> None:
    act = {
        "raise": f"raise RuntimeError({MARK!r})",
        "thread": f"import threading; threading.Thread(target=int, args=({MARK!r},)).start()",
    }
    script = f"from bot import log; log.configure('INFO')\n{act[where]}"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert MARK not in done.stdout + done.stderr
    assert json.loads(done.stdout)["error_type"] in ("RuntimeError", "ValueError")
    assert json.loads(done.stdout)["event"] == "uncaught exception"
