"""What Microsoft says of the app: whether it gives a token for it, and the keys by which its activities are known."""

from __future__ import annotations

from pathlib import Path

import aiohttp

from bot.commands.problem import Problem
from bot.commands.readiness.findings import Finding, fine, note, stops
from bot.commands.teams_manifest import differences
from bot.platforms import Throttled, Unanswered, Unavailable, Undeliverable
from bot.platforms.teams.calling import TokenRefused
from bot.platforms.teams.connector import TeamsPlatform
from bot.platforms.teams.keys import Keys
from bot.platforms.teams.services import Services
from bot.settings import Settings

# Where `rapport manifest teams` writes it if nothing else is said.
PACKAGE = Path("rapport.zip")
UNREADABLE = (aiohttp.ClientError, OSError, TimeoutError, ValueError, LookupError, TypeError)
# Of Entra ID's own, those that come from a wrong setting.
REFUSALS = {
    "AADSTS7000215": "RAPPORT_TEAMS_APP_PASSWORD is wrong: copy the Value of a client secret, not its Secret ID.",
    "AADSTS7000222": "The client secret in RAPPORT_TEAMS_APP_PASSWORD has expired. Make a new one under Certificates & "
    "secrets.",
    "AADSTS700016": "There is no app {app} in the tenant {tenant}. Look at RAPPORT_TEAMS_APP_ID; and the first of "
    "RAPPORT_TEAMS_TENANTS must be the app's own.",
    "AADSTS90002": "There is no tenant {tenant}. The first of RAPPORT_TEAMS_TENANTS must be the app's own Directory "
    "(tenant) ID.",
    "AADSTS900023": "{tenant} is no tenant. The first of RAPPORT_TEAMS_TENANTS must be the app's own Directory "
    "(tenant) ID.",
}


async def look(settings: Settings) -> list[Finding]:
    if not settings.teams_app_id:
        return []
    if settings.teams_auth == "off":
        return [note("RAPPORT_TEAMS_AUTH is off: whatever claims to be Teams is let in. For a try-out here only.")]
    platform = TeamsPlatform(
        settings.teams_app_id, settings.teams_app_password, settings.tenants[0], settings.teams_login,
        Services(settings.teams_is_local), frozenset(),
    )  # fmt: skip
    await platform.start()
    try:
        return [await _token(settings, platform), await _keys(settings, platform)]
    finally:
        await platform.stop()


def package(settings: Settings) -> list[Finding]:
    """The package in this folder, if there is one: Teams shows what was uploaded, whatever version runs."""
    if not settings.teams_app_id or not PACKAGE.exists():
        return []
    try:
        other = differences(PACKAGE, settings.teams_app_id)
    except Problem as error:
        return [note(str(error))]
    if not other:
        return [fine(f"{PACKAGE} is what this version packs.")]
    told = f"{PACKAGE} is not what this version packs ({', '.join(other)})."
    return [note(f"{told} Make it anew with rapport manifest teams, and upload it.")]


async def _token(settings: Settings, platform: TeamsPlatform) -> Finding:
    app, tenant = settings.teams_app_id, settings.tenants[0]
    try:
        await platform.check()
    except (TokenRefused, Undeliverable) as error:
        usual = "Microsoft refuses the app {app} at the tenant {tenant}: {code}. Look at its id, its secret and tenant."
        return stops(REFUSALS.get(error.code, usual).format(app=app, tenant=tenant, code=error.code))
    except (Throttled, Unanswered, Unavailable, *UNREADABLE) as error:
        why = getattr(error, "code", None) or type(error).__name__
        return stops(
            f"Microsoft's login does not answer ({why}). Look at this host's way out to {settings.teams_login}"
        )
    return fine(f"Microsoft gives a token to the app {app} at the tenant {tenant}.")


async def _keys(settings: Settings, platform: TeamsPlatform) -> Finding:
    where = settings.teams_openid
    try:
        count = len(await Keys(where, platform.read).published())
    except UNREADABLE as error:
        why = f"The keys by which Teams is known cannot be read ({type(error).__name__}): nobody could be let in."
        return stops(f"{why} Look at this host's way out to {where}")
    return fine(f"The keys by which Teams is known can be read: {count}.")
