"""What an operator asks over HTTP: alive, ready, figures. No person and no text stands in any of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, Histogram, generate_latest
from sqlalchemy import text

from bot import log
from bot.clock import Clock
from bot.delivery import Delivery
from bot.storage import outbox
from bot.storage.database import Database
from bot.storage.migrating import at_head
from bot.storage.tasks import dead_tasks

logger = log.get("web")
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)


class Watch:
    """`refused` counts what the doors turned away, by reason; `trouble` says why nothing
    can come in, if so. Liveness asks no database, readiness does."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        delivery: Delivery,
        refused: Callable[[], dict[str, int]],
        run: Callable[[Callable[[], object]], Awaitable[object]],
        trouble: Callable[[], str] = lambda: "",
    ) -> None:
        self._database = database
        self._clock = clock
        self._delivery = delivery
        self._refused = refused
        self._run = run
        self._trouble = trouble
        self.stopping = False
        self.registry = CollectorRegistry()
        self.ack = Histogram(
            "rapport_ack_seconds", "Event received to outcome committed", ["kind"], buckets=BUCKETS,
            registry=self.registry,
        )  # fmt: skip
        self._rows = Gauge("rapport_outbox_rows", "Outbox rows by state", ["state"], registry=self.registry)
        self._lag = Gauge("rapport_outbox_lag_seconds", "Age of the oldest due row", registry=self.registry)
        self.done_until = Gauge(
            "rapport_done_until_seconds", "Time up to which all that was due is done", registry=self.registry
        )
        self._dead = Gauge("rapport_tasks_dead", "Tasks set aside after failures", registry=self.registry)
        self._ends = Gauge(
            "rapport_deliveries", "Sends by kind and outcome", ["kind", "outcome"], registry=self.registry
        )
        self._doubt = Gauge("rapport_in_doubt", "Rows whose earlier try had no known end", registry=self.registry)
        self._up = Gauge("rapport_database_up", "Whether the database answers", registry=self.registry)
        self._turned = Gauge("rapport_requests_refused", "Turned away at the door", ["reason"], registry=self.registry)

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/livez", self._live), web.get("/readyz", self._ready), web.get("/metrics", self._metrics)]

    async def _live(self, request: web.Request) -> web.Response:
        return web.Response(text="alive\n")

    async def _ready(self, request: web.Request) -> web.Response:
        if self.stopping:
            return web.Response(status=503, text="stopping\n")
        try:
            ready = await self._run(self._is_ready)
        except Exception:
            return web.Response(status=503, text="the database does not answer\n")
        why = self._trouble() if ready else "migrations are due"
        return web.Response(status=503, text=f"{why}\n") if why else web.Response(text="ready\n")

    def _is_ready(self) -> bool:
        with self._database.transaction() as db:
            db.execute(text("SELECT 1"))
            return at_head(db.connection())

    async def _metrics(self, request: web.Request) -> web.Response:
        try:
            await self._run(self._measure)
            self._up.set(1)
        except Exception as error:
            # Just then the other figures are looked at.
            logger.warning("metrics.incomplete", error_type=type(error).__name__)
            self._up.set(0)
        self._count()
        return web.Response(body=generate_latest(self.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    def _measure(self) -> None:
        with self._database.transaction() as db:
            now = self._clock.real()
            for state, count in outbox.states(db).items():
                self._rows.labels(state).set(count)
            oldest = outbox.oldest_due(db, now)
            self._lag.set((now - oldest).total_seconds() if oldest else 0)
            self._dead.set(len(dead_tasks(db)))

    def _count(self) -> None:
        for (kind, outcome), count in self._delivery.counts.ends.items():
            self._ends.labels(kind, outcome).set(count)
        self._doubt.set(self._delivery.counts.in_doubt)
        for reason, count in self._refused().items():
            self._turned.labels(reason).set(count)
