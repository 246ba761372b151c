"""Adding a Slack workspace: the token is tried, then kept sealed; accounts are matched by e-mail."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.commands.problem import Problem
from bot.conversation import Registry
from bot.engine.act import House
from bot.engine.directory import link
from bot.engine.profiles import Profile
from bot.platforms import Destination, Throttled, Unanswered, Unavailable, Undeliverable
from bot.platforms.slack.api import SlackPlatform
from bot.settings import Settings
from bot.storage import audit
from bot.storage.database import Database
from bot.storage.workspaces import Workspace, workspace_by_external


async def add_workspace(database: Database, settings: Settings, token: str) -> str:
    if not token.startswith("xoxb-"):
        raise Problem("A bot token begins with xoxb-. Pipe it in: rapport slack add < token.txt")
    slack = SlackPlatform(settings.slack_api)
    await slack.start()
    try:
        about = await slack.about(token)
        profiles, whole = await _people(slack, Destination(str(about["team_id"]), token))
    except Undeliverable as error:
        raise Problem(f"Slack refused: {error.code}. Check the token and its scopes.") from error
    except (Throttled, Unanswered, Unavailable) as error:
        raise Problem(f"Slack did not answer ({error}). Try again; nothing was changed.") from error
    finally:
        await slack.stop()
    with database.transaction() as db:
        place = _stored(db, about, token).id
    house = House(Registry({}, {}, ()), Clock(settings.clock_file))
    linked = link(database, house, place, profiles)
    rest = "" if whole else " Slack asked to wait: the running bot reads on where it is allowed to."
    return f"{about['team']} is added; {linked} accounts were matched to people by e-mail.{rest}"


async def _people(slack: SlackPlatform, to: Destination) -> tuple[list[Profile], bool]:
    """As many pages as Slack gives at once, and whether that is all."""
    page = await slack.people(to)
    profiles = list(page.profiles)
    while page.following:
        try:
            page = await slack.people(to, page.following)
        except Throttled:
            return profiles, False
        profiles += page.profiles
    return profiles, True


def _stored(db: Session, about: dict[str, Any], token: str) -> Workspace:
    workspace, real = workspace_by_external(db, "slack", str(about["team_id"]), removed=True), Clock().real()
    if workspace is None:
        workspace = Workspace(
            platform="slack", external_id=str(about["team_id"]), name=str(about["team"]),
            bot_user=str(about["user_id"]), enterprise_id=about.get("enterprise_id"), created_at=real,
        )  # fmt: skip
        db.add(workspace)
        db.flush()
        audit.record(db, real, "workspace.added", actor=None, kind="workspace", object_id=workspace.id)
    elif workspace.removed_at is not None:
        workspace.removed_at, workspace.created_at = None, real
        audit.record(db, real, "workspace.restored", actor=None, kind="workspace", object_id=workspace.id)
    workspace.token, workspace.name, workspace.bot_user = token, str(about["team"]), str(about["user_id"])
    db.flush()
    return workspace
