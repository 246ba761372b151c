"""The desk's web server: both platforms for the bot, the page and its control routes for people."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

from desk import control, handing, joining, operating, uploading
from desk.core import Core
from desk.routes import DESK
from desk.teams import chatting

PAGE = Path(__file__).parent / "page"
LOCAL_NAMES = frozenset(("127.0.0.1", "localhost", "[::1]"))
POLICY = "default-src 'self'; img-src 'self' data: http://127.0.0.1:* http://localhost:*; frame-ancestors 'none'"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def build(desk: Core) -> web.Application:
    app = web.Application(middlewares=[_only_from_here], client_max_size=4 * 1024 * 1024)
    app[DESK] = desk
    desk.link.add_routes(app)
    app.router.add_get("/api/{method}", desk.api.call)
    app.router.add_post("/api/{method}", desk.api.call)
    app.router.add_post("/response/{hook}", desk.api.respond)
    uploading.add_routes(app)
    desk.teams.add_routes(app)
    app.router.add_get("/", _page)
    app.router.add_static("/page", PAGE)
    control.add_routes(app)
    handing.add_routes(app)
    chatting.add_routes(app)
    operating.add_routes(app)
    joining.add_routes(app)
    return app


@web.middleware
async def _only_from_here(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Another site must neither read the desk (by a name that resolves to us) nor drive it (by a POST from there)."""
    name = request.host.rpartition(":")[0] if not request.host.endswith("]") else request.host
    if (name or request.host) not in LOCAL_NAMES:
        raise web.HTTPForbidden(text="The desk answers on loopback only.")
    if request.path != "/" and request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site"):
        raise web.HTTPForbidden(text="Another site may not call the desk.")
    if request.path.startswith("/desk/") and request.method != "GET" and request.headers.get("X-Desk") != "1":
        raise web.HTTPForbidden(text="The header X-Desk: 1 is missing.")
    response = await handler(request)
    if not response.prepared:
        response.headers.update({"Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff"})
        response.headers.setdefault("Cache-Control", "no-store")
    return response


async def _page(request: web.Request) -> web.Response:
    return web.Response(text=(PAGE / "index.html").read_text(encoding="utf-8"), content_type="text/html")
