"""`rapport check`: what is missing before `rapport run`, in plain words, each with what to do."""

from __future__ import annotations

from collections.abc import Callable

from bot.commands.readiness import host, outside, slack, stored, teams
from bot.commands.readiness.findings import Finding, fine, note, stops
from bot.settings import Settings, SettingsError
from bot.storage.database import Database

__all__ = ["Finding", "check", "report"]

MARKS = {"fine": "ok", "note": "note", "stops": "STOP"}


async def check(
    load: Callable[[], Settings], open_database: Callable[[Settings], Database], url: str = ""
) -> list[Finding]:
    """Everything is looked at, whatever was found before; nothing is changed and nothing is made. `url` is the public
    address.
    """
    content = list(host.content())
    try:
        settings = load()
    except SettingsError as error:
        wrong = [stops(problem) for problem in error.problems]
        return [*wrong, *content, note("Nothing else was looked at: all of it depends on the settings.")]
    found = [fine("The settings are complete."), *content, *await host.port(settings), *host.anchor(settings)]
    data = stored.look(settings, open_database)
    found += data.findings
    found += await slack.socket(settings.slack_api, settings.slack_app_token)
    for place in data.workspaces:
        found += await slack.look(settings.slack_api, place)
    found += [*await teams.look(settings), *teams.package(settings)]
    found += await outside.look(settings, url)
    return found


def report(found: list[Finding]) -> str:
    lines = [f"{MARKS[one.level]:<6}{one.text}" for one in found]
    stopping = sum(one.level == "stops" for one in found)
    end = f"{stopping} to mend before: rapport run" if stopping else "Nothing stops: rapport run"
    return "\n".join([*lines, "", end])
