"""HR's channel: a greeting is posted there first, so that a channel that cannot be written to is found out now."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot import texts
from bot.clock import Clock, valid_zone
from bot.commands.problem import Problem
from bot.messages import Message
from bot.platforms import Destination, Throttled, Unanswered, Unavailable, Undeliverable
from bot.platforms.slack.api import SlackPlatform
from bot.settings import Settings
from bot.storage.audit import record
from bot.storage.base import new_id
from bot.storage.database import Database
from bot.storage.rooms import Room, room_for
from bot.storage.workspaces import Workspace, active_workspaces
from bot.texts import say

SLACK_ONLY = (
    "HR's digest stands in channels of Slack only: in Teams the app is in nobody's channel, and each of HR gets the "
    "digest in their own chat."
)
NOT_THERE = frozenset({"not_in_channel", "channel_not_found", "is_archived"})


async def set_room(database: Database, settings: Settings, clock: Clock, channel: str, zone: str) -> str:
    if not valid_zone(zone):
        raise Problem(f"{zone!r} is no time zone. Use a name such as Europe/Lisbon.")
    if "@thread" in channel or channel.startswith("19:"):
        raise Problem(f"{SLACK_ONLY} Nothing was changed.")
    with database.transaction() as db:
        place = _workspace(db)
        to = Destination(place.external_id, place.token or "", channel=channel, locale=settings.locale)
        workspace = place.id
    with texts.reader(settings.locale):
        title, what = say("HR's digest will stand here"), say("On Mondays at 9:30. Everybody in this channel reads it.")
    await _greet(settings, to, Message(title, (what,), summary=title))
    with database.transaction() as db:
        room = room_for(db, "hr") or Room(purpose="hr", created_at=clock.real())
        room.workspace_id, room.channel, room.zone, room.locale = workspace, channel, zone, settings.locale
        room.error = room.digest_due_at = None
        db.add(room)
        db.flush()
        record(db, clock.real(), "room.set", actor=None, kind="room", object_id=room.id)
    return f"HR's digest goes to {channel} from next Monday on, 9:30 in {zone}. Keep the channel private."


def drop_room(database: Database, clock: Clock) -> str:
    with database.transaction() as db:
        room = room_for(db, "hr")
        if room is None:
            return "No channel is set: each of HR gets the digest directly."
        record(db, clock.real(), "room.dropped", actor=None, kind="room", object_id=room.id)
        db.delete(room)
    return "The channel is no longer used: each of HR gets the digest directly."


async def _greet(settings: Settings, to: Destination, message: Message) -> None:
    slack = SlackPlatform(settings.slack_api)
    await slack.start()
    try:
        await slack.send(to, message, str(new_id()))
    except Undeliverable as error:
        if error.code in NOT_THERE:
            raise Problem(
                f"I cannot write to {to.channel} ({error.code}). Take the channel's id from its details in Slack, "
                "invite the app there (/invite @Rapport) and try again. Nothing was changed."
            ) from error
        raise Problem(f"Slack refused: {error.code}. Nothing was changed.") from error
    except (Throttled, Unanswered, Unavailable) as error:
        raise Problem(f"Slack did not answer ({error}). Try again; nothing was changed.") from error
    finally:
        await slack.stop()


def _workspace(db: Session) -> Workspace:
    found = active_workspaces(db)
    slack = [one for one in found if one.platform == SlackPlatform.name]
    if slack:
        return slack[0]
    if found:
        raise Problem(f"{SLACK_ONLY} Nothing was changed.")
    raise Problem("There is no workspace yet: add it first with 'rapport slack add'.")
