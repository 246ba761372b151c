"""What this host has to offer: the shipped content, a free port, a place for anchors."""

from __future__ import annotations

import errno
import ipaddress
import os
import socket
from collections.abc import Iterator

import aiohttp

from bot import questions
from bot.commands.problem import cannot_listen
from bot.commands.readiness.findings import Finding, fine, note, stops
from bot.settings import Settings

PATIENCE = 3.0


def content() -> Iterator[Finding]:
    try:
        questions.load_all()
    except questions.ContentError as error:
        yield stops(f"A question set cannot be read: {error}")
    else:
        yield fine("The question sets can be read.")


async def port(settings: Settings) -> list[Finding]:
    where = f"{settings.host}, port {settings.port}"
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as trial:
            # As the bot itself does: a connection that is only just over keeps nobody off the port.
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE and await _is_rapport(settings):
            return [note(f"A Rapport is running on {where} already.")]
        return [stops(str(cannot_listen(error, settings.host, settings.port)))]
    return [fine(f"{where} is free.")]


async def _is_rapport(settings: Settings) -> bool:
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE)) as session,
            session.get(f"http://{_reached(settings.host)}:{settings.port}/livez") as answer,
        ):
            return await answer.text() == "alive\n"
    except (aiohttp.ClientError, TimeoutError, ValueError):
        return False


def _reached(host: str) -> str:
    """Where a request finds it: one that listens everywhere is asked at home."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.is_unspecified:
        return "127.0.0.1" if address.version == 4 else "[::1]"
    return host if address.version == 4 else f"[{host}]"


def anchor(settings: Settings) -> Iterator[Finding]:
    file = settings.audit_anchor
    if file is None:
        yield note(
            "The head of the audit chain goes to the log only. RAPPORT_AUDIT_ANCHOR can name a file for it, too; "
            "best where nobody who can change the database can write."
        )
    elif not os.access(file if file.exists() else file.parent, os.W_OK) or file.is_dir():
        yield note(f"The anchors of the audit chain cannot be written to {file}. Mend RAPPORT_AUDIT_ANCHOR.")
    else:
        yield fine(f"The anchors of the audit chain go to {file}.")
