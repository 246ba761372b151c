"""One JSON line an event on standard output, made of declared fields only: no answer, name or token can slip in."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from types import TracebackType
from typing import Any, cast
from uuid import UUID

import structlog
from structlog.typing import EventDict, FilteringBoundLogger, Processor, WrappedLogger

FIELDS = frozenset(
    """event level time source request_id event_id receipt_id outbox_id ask_id task_id actor workspace platform
    kind phrase part method step state status outcome code reason error_type
    attempt count seconds lag retry_after version dialect host port seq head""".split()  # noqa: SIM905
)
_LONGEST = 200
_FRAMES = 30
# Their messages hold request bodies, statements and tokens.
_LIBRARIES = (
    "slack_bolt", "slack_sdk", "botframework", "aiohttp", "sqlalchemy", "apscheduler", "asyncio", "alembic",
    "py.warnings",
)  # fmt: skip


def get(name: str) -> FilteringBoundLogger:
    # With its own processors, so that the list holds also before and without `configure`.
    return cast(FilteringBoundLogger, structlog.wrap_logger(None, processors=_PROCESSORS, source=name))


def configure(level: str = "INFO") -> None:
    chosen = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=_PROCESSORS,
        wrapper_class=structlog.make_filtering_bound_logger(chosen),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers = [quiet()]
    root.setLevel(logging.WARNING)
    for name in _LIBRARIES:
        library = logging.getLogger(name)
        library.handlers = []
        library.propagate = True
        library.setLevel(logging.WARNING)
    logging.captureWarnings(True)
    sys.excepthook = _uncaught
    threading.excepthook = lambda args: _uncaught(args.exc_type, args.exc_value, args.exc_traceback)


def quiet() -> logging.Handler:
    return _Quiet()


class _Quiet(logging.Handler):
    """What other libraries log: who, how bad and which exception, never their words."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)

    def emit(self, record: logging.LogRecord) -> None:
        log = get(record.name)
        tell = log.error if record.levelno >= logging.ERROR else log.warning
        tell("library message", exc_info=record.exc_info or None)


def _uncaught(kind: type[BaseException], error: BaseException | None, where: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error or kind(), where)
        return
    get("bot").critical("uncaught exception", exc_info=error)


def _exception(_logger: WrappedLogger, _method: str, fields: EventDict) -> EventDict:
    """`exc_info` as structlog takes it, told by type and place: a message or a local variable may quote an answer."""
    given = fields.pop("exc_info", None)
    if given is True:
        given = sys.exc_info()[1]
    error = given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        fields["error_type"] = " from ".join(type(link).__qualname__ for link in _chain(error))
        fields["frames"] = _Frames(error)
    return fields


def _chain(error: BaseException) -> Iterator[BaseException]:
    link: BaseException | None = error
    for _ in range(5):
        if link is None:
            return
        yield link
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)


class _Frames(list[str]):
    """Made here only: a caller's own list of words under this name is dropped."""

    def __init__(self, error: BaseException) -> None:
        places = [(frame.f_code, line) for frame, line in traceback.walk_tb(error.__traceback__)]
        super().__init__(f"{code.co_filename}:{line} {code.co_name}" for code, line in places[-_FRAMES:])


def _declared(_logger: WrappedLogger, _method: str, fields: EventDict) -> Mapping[str, Any]:
    kept = {name: _short(value) for name, value in fields.items() if name in FIELDS}
    if isinstance(fields.get("frames"), _Frames):
        kept["frames"] = fields["frames"]
    return kept


def _short(value: object) -> object:
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, Enum):
        return _short(value.value)
    if isinstance(value, BaseException):
        return type(value).__qualname__
    if isinstance(value, (str, Decimal, UUID, date)):
        return str(value)[:_LONGEST]
    # A repr could show what the thing holds.
    return f"<{type(value).__qualname__}>"


_PROCESSORS: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
    _exception,
    _declared,
    structlog.processors.JSONRenderer(),
]
