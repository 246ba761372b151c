"""files.*: what the bot uploads, and where it is shown."""

from __future__ import annotations

from desk.arguments import count
from desk.chat import thread_of
from desk.files import LARGEST, described
from desk.values import Json, Refused
from desk.workspace import Workspace

MOST_ALT = 1000
MOST_CHANNELS = 100


def begin(space: Workspace, given: Json) -> Json:
    if str(given["length"]) == "0":
        raise Refused("missing_argument")
    try:
        length = count(given, "length", 1, LARGEST)
    except Refused as refused:
        raise Refused("file_upload_size_restricted" if refused.error == "invalid_limit" else refused.error) from refused
    alt = str(given.get("alt_txt") or "")
    if len(alt) > MOST_ALT:
        raise Refused("alt_txt_too_large")
    file_id, address = space.files.announce(str(given["filename"]), length, alt)
    return {"file_id": file_id, "upload_url": address}


def complete(space: Workspace, given: Json) -> Json:
    """Without a channel the file stays private."""
    listed = given["files"]
    if not isinstance(listed, list) or not all(isinstance(each, dict) and each.get("id") for each in listed):
        raise Refused("invalid_arguments", "[ERROR] must provide an object with an id [json-pointer:/files/0]")
    channels = [str(given["channel_id"])] if given.get("channel_id") else str(given.get("channels") or "").split(",")
    places = [space.resolve(each) for each in channels if each]
    if len(places) > MOST_CHANNELS:
        raise Refused("channels_limit_exceeded")
    if given.get("thread_ts") and len(places) != 1:
        raise Refused("invalid_arguments", "[ERROR] thread_ts goes with exactly one channel")
    threads = [thread_of(space, place, given) for place in places]
    ready = space.files.show([str(each["id"]) for each in listed])
    shown = [described(file, str(each.get("title") or "")) for file, each in zip(ready, listed, strict=True)]
    words = str(given.get("initial_comment") or "")
    for place, thread in zip(places, threads, strict=True):
        space.post(place, space.identity.bot_user, words, thread=thread, files=shown)
    return {"files": [{"id": each["id"], "title": each["title"]} for each in shown]}
