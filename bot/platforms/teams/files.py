"""Files by consent: a card asks the person, their own store takes the bytes, and a card of the file stays."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import aiohttp

from bot import texts
from bot.engine.events import LARGEST_HANDED, Consented, Origin, Trouble
from bot.messages import File
from bot.platforms import Throttled, Unanswered, Unavailable, Undeliverable
from bot.platforms.drawing import shorten
from bot.platforms.teams.activity import Activity, is_id
from bot.platforms.teams.buttons import OURS
from bot.platforms.teams.calling import PASSING, seconds
from bot.platforms.teams.services import Services
from bot.texts import say

CONSENT = "fileConsent/invoke"
ASKING = "application/vnd.microsoft.teams.card.file.consent"
SHOWING = "application/vnd.microsoft.teams.card.file.info"
MOST_ABOUT, LONGEST_NAME, LONGEST_TYPE = 500, 255, 20
# The store forgets an address that has taken its file, or was not used in time.
FORGOTTEN = frozenset({404, 409, 410, 416})
TOO_LARGE, FULL = 413, 507
# Delivery's own patience ends sooner.
UPLOAD_TIMEOUT = aiohttp.ClientTimeout(total=120)
# Teams waits fifteen seconds for an answer, and then sends the message again.
FETCH_TIMEOUT = aiohttp.ClientTimeout(total=12)
PIECE = 64 * 1024

Json = dict[str, Any]


def asking(file: File, key: str, person: str, locale: str) -> Json:
    """Teams itself draws the name, the size and the two buttons, which carry ids only."""
    with texts.reader(locale):
        where = say("It goes to your own OneDrive once you allow it; this waits for you seven days.")
    about = shorten(f"{file.alt} {where}" if file.alt else where, MOST_ABOUT)
    context = {OURS: {"file": key, "person": person}}
    content = {
        "description": about, "sizeInBytes": len(file.content), "acceptContext": context, "declineContext": context,
    }  # fmt: skip
    return _activity({"contentType": ASKING, "name": file.name, "content": content})


def showing(place: str) -> Json:
    at = json.loads(place)
    content = {"uniqueId": at["id"], "fileType": at["type"]}
    return _activity({"contentType": SHOWING, "name": at["name"], "contentUrl": at["content"], "content": content})


def consent(activity: Activity, services: Services) -> Consented:
    """ValueError for what Teams does not send, and for an address that is none of Microsoft's."""
    value = activity.body.get("value")
    match value:
        case {"type": "fileUpload", "action": "accept", "context": {"rapport": dict(ours)}, "uploadInfo": dict(info)}:
            place = _place(info, services)
        case {"type": "fileUpload", "action": "decline", "context": {"rapport": dict(ours)}}:
            place = ""
        case _:
            raise ValueError("no answer to a file of ours")
    file, person = ours.get("file"), ours.get("person")
    if not is_id(file) or not is_id(person) or not activity.answered:
        raise ValueError("an answer to nothing")
    at = Origin("message", activity.conversation, activity.answered)
    return Consented(activity.who, activity.receipt, UUID(file), str(person), at, place)


async def bring(session: aiohttp.ClientSession, services: Services, place: str, content: bytes) -> None:
    """All of it in one piece. A redirect could lead anywhere, and a token would be sent too far."""
    address = str(json.loads(place)["to"])
    if not services.stores(address):
        raise Undeliverable("store_not_allowed")
    headers = {
        "Content-Type": "application/octet-stream",
        "Content-Range": f"bytes 0-{len(content) - 1}/{len(content)}",
    }
    try:
        async with session.put(
            address, data=io.BytesIO(content), headers=headers, allow_redirects=False, timeout=UPLOAD_TIMEOUT
        ) as answer:
            _understood(answer.status, answer.headers)
    except aiohttp.ClientConnectorError as error:
        raise Unavailable("no_connection") from error
    except (TimeoutError, aiohttp.ClientError) as error:
        raise Unanswered(type(error).__name__) from error


async def fetch(session: aiohttp.ClientSession, services: Services, address: object) -> bytes | Trouble:
    """What somebody sent to the bot, or why it cannot be had. The address is the permission: no token goes along."""
    if not services.stores(address):
        return "no_answer"
    try:
        async with session.get(str(address), allow_redirects=False, timeout=FETCH_TIMEOUT) as answer:
            if answer.status in (401, 403, 404, 410):
                return "gone"
            if answer.status != 200:
                return "no_answer"
            content = bytearray()
            async for piece in answer.content.iter_chunked(PIECE):
                content += piece
                if len(content) > LARGEST_HANDED:
                    return "too_large"
            return bytes(content)
    except (TimeoutError, aiohttp.ClientError):
        return "no_answer"


def _understood(status: int, headers: Mapping[str, str]) -> None:
    if status in (200, 201):
        return
    if status == 429:
        raise Throttled(seconds(headers), "upload")
    if status in FORGOTTEN:
        raise Undeliverable("upload_forgotten")
    if status in (TOO_LARGE, FULL):
        raise Undeliverable("file_too_large" if status == TOO_LARGE else "store_is_full")
    if status < 300 or status >= 500 or status in PASSING:
        # Taken, but not all of it: the rest is not there.
        raise Unavailable(f"http_{status}")
    raise Undeliverable(f"http_{status}")


def _activity(attachment: Json) -> Json:
    return {"type": "message", "attachments": [attachment]}


def _place(info: Mapping[str, Any], services: Services) -> str:
    """What it takes to bring the file there and to show it, in one text that is kept sealed."""
    to, content = info.get("uploadUrl"), info.get("contentUrl")
    if not services.stores(to) or not services.stores(content) or not is_id(info.get("uniqueId")):
        raise ValueError("no place of Microsoft's")
    name, kind = info.get("name"), info.get("fileType") or ""
    if not _plain(name, LONGEST_NAME) or not (kind == "" or _plain(kind, LONGEST_TYPE)):
        raise ValueError("a file without a name")
    place = {"to": to, "content": content, "id": info["uniqueId"], "type": kind, "name": name}
    return json.dumps(place, ensure_ascii=False)


def _plain(given: object, longest: int) -> bool:
    return isinstance(given, str) and 0 < len(given) <= longest and given.isprintable()
