"""The addresses that take a file's bytes, and those that give them to the page."""

from __future__ import annotations

import logging

from aiohttp import web

from desk.files import kind_of
from desk.routes import DESK
from desk.values import Refused

log = logging.getLogger("desk.uploading")


def add_routes(app: web.Application) -> None:
    app.router.add_post("/upload/{key}", _upload)
    app.router.add_get("/files/{id}", _file)
    app.router.add_get("/files-pri/{id}", _download)


async def _upload(request: web.Request) -> web.Response:
    """No token is asked for: the address is the permission. One that comes all the same was sent too far."""
    files = request.app[DESK].workspace.files
    try:
        if "Authorization" in request.headers:
            raise Refused("invalid_auth")
        upload = files.taking(request.match_info["key"])
        content = bytearray()
        async for piece in request.content.iter_any():
            content += piece
            if len(content) > upload.length:
                break
        files.take(upload, bytes(content))
    except Refused as refused:
        log.warning("upload refused: %s", refused)
        return web.Response(status=400, text=refused.error)
    return web.Response(text=f"OK - {len(content)}")


async def _download(request: web.Request) -> web.Response:
    """For the bot alone: without the token, or the scope, Slack leads to a page to log in."""
    space = request.app[DESK].workspace
    given = request.headers.get("Authorization", "")
    if given != f"Bearer {space.identity.token}" or "files:read" not in space.identity.scopes:
        raise web.HTTPFound("/?redir=files-pri")
    upload = space.files.shown(request.match_info["id"])
    if upload is None:
        raise web.HTTPNotFound
    return web.Response(body=upload.content, content_type=kind_of(upload.name))


async def _file(request: web.Request) -> web.Response:
    files = request.app[DESK].workspace.files
    upload = files.shown(request.match_info["id"])
    if upload is None:
        raise web.HTTPNotFound
    kind = kind_of(upload.name)
    # Only pictures are drawn by the page itself; a document of its own could run there.
    kind = kind if kind in ("image/png", "image/jpeg", "image/gif") else "application/octet-stream"
    return web.Response(body=upload.content, content_type=kind)
