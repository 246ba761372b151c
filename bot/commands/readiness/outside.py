"""The public address: whether what a platform sends there gets as far as the bot."""

from __future__ import annotations

import aiohttp

from bot.commands.readiness.findings import Finding, fine, note, stops
from bot.platforms.slack.edge import PATH as SLACK
from bot.platforms.teams.edge import PATH as TEAMS
from bot.settings import Settings
from bot.settings.addresses import web_address

PATIENCE = 10.0
# What the bot itself says to a request that nobody has signed.
TURNED_AWAY = 401
NOT_THERE = frozenset({502, 503, 504})


async def look(settings: Settings, url: str) -> list[Finding]:
    if not url:
        return []
    try:
        base = web_address(url, "both platforms call nothing else").rstrip("/")
    except ValueError as error:
        return [stops(f"--url {url} {error}")]
    paths = [TEAMS] if settings.teams_app_id else []
    paths += [SLACK] if settings.slack_signing_secret else []
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE)) as session:
        return [await _tried(session, settings, f"{base}{path}", path) for path in paths]


async def _tried(session: aiohttp.ClientSession, settings: Settings, address: str, path: str) -> Finding:
    try:
        async with session.post(address, data=b"{}", allow_redirects=False) as answer:
            status = answer.status
    except aiohttp.ClientConnectorCertificateError:
        return stops(f"{address} has a certificate that is not trusted, and no platform calls it.")
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        return stops(f"{address} cannot be reached from here ({type(error).__name__}). Look at name and proxy.")
    if status == TURNED_AWAY:
        return fine(f"{address} answers, and turns away what nobody has signed.")
    here = f"{settings.host}, port {settings.port}"
    if status in NOT_THERE:
        return note(f"{address} answers {status}: nothing runs behind the proxy yet. It passes {path} on to {here}.")
    return stops(f"{address} answers {status}, which is not Rapport. Let your proxy pass {path} on to {here}.")
