"""Files: an address is asked for, the bytes go there without a token, and then the file is shown under its message."""

from __future__ import annotations

import io
import json
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.messages import File
from bot.platforms import Ref, Throttled, Unanswered, Unavailable, Undeliverable
from bot.platforms.drawing import shorten
from bot.platforms.slack.calling import asked, seconds

MOST_ALT = 1000
TOO_LARGE = 413
# Delivery's own patience ends sooner.
UPLOAD_TIMEOUT = aiohttp.ClientTimeout(total=120)


async def upload(client: AsyncWebClient, session: aiohttp.ClientSession, api: str, file: File) -> str:
    alt = shorten(file.alt, MOST_ALT) or None
    given = await asked(
        lambda: client.files_getUploadURLExternal(filename=file.name, length=len(file.content), alt_txt=alt)
    )
    address = str(given.get("upload_url") or "")
    if not _is_slacks(address, api):
        raise Undeliverable("bad_upload_url")
    await _post(session, address, file.content)
    return json.dumps({"id": str(given["file_id"]), "title": file.name})


async def share(client: AsyncWebClient, at: Ref, ticket: str) -> None:
    await asked(
        lambda: client.files_completeUploadExternal(
            files=[json.loads(ticket)], channel_id=at.channel, thread_ts=at.message
        )
    )


def _is_slacks(address: str, api: str) -> bool:
    """Encrypted, or the very service that is configured: the desk has no certificate."""
    try:
        there, here = urlsplit(address), urlsplit(api)
    except ValueError:
        return False
    return bool(there.hostname) and (there.scheme == "https" or there[:2] == here[:2])


async def _post(session: aiohttp.ClientSession, address: str, content: bytes) -> None:
    """The address is the permission; a redirect could lead anywhere."""
    headers = {"Content-Type": "application/octet-stream"}
    try:
        async with session.post(
            address, data=io.BytesIO(content), headers=headers, allow_redirects=False, timeout=UPLOAD_TIMEOUT
        ) as answer:
            if answer.status == 429:
                raise Throttled(seconds(answer.headers), "upload")
            if answer.status == TOO_LARGE:
                raise Undeliverable("file_too_large")
            if answer.status != 200:
                raise Unavailable("upload_refused")
    except aiohttp.ClientConnectorError as error:
        raise Unavailable("no_connection") from error
    except (TimeoutError, aiohttp.ClientError) as error:
        raise Unanswered(type(error).__name__) from error
