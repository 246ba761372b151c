"""What the bot offers and people accept: an address of its own takes the bytes, and the page gives them back."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace

from desk.values import Json, Refused

SECONDS = 15 * 60
RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


@dataclass(frozen=True)
class Stored:
    """`key` is the secret of the upload address; `content` is None until all bytes are there."""

    id: str
    name: str
    key: str
    made_at: float
    content: bytes | None = None


class Files:
    def __init__(self, now: Callable[[], float], told: Callable[[str], None]) -> None:
        self.base = ""
        self._now, self._told = now, told
        self._by_id: dict[str, Stored] = {}
        self._parts: dict[str, bytearray] = {}

    def announce(self, name: str) -> Json:
        """The `uploadInfo` of an accepted offer."""
        file = Stored(secrets.token_hex(8), name, secrets.token_hex(12), self._now())
        self._by_id[file.id] = file
        return {
            "contentUrl": f"{self.base}/teams/files/{file.id}",
            "name": name,
            "uploadUrl": f"{self.base}/teams/upload/{file.key}",
            "uniqueId": file.id,
            "fileType": name.rpartition(".")[2].lower(),
        }

    def take(self, key: str, content: bytes, content_range: str) -> bool:
        """A part, or all of it; True when it is whole."""
        file = next((one for one in self._by_id.values() if one.key == key), None)
        if file is None:
            raise Refused("itemNotFound")
        if self._now() - file.made_at > SECONDS:
            raise Refused("uploadSessionExpired")
        if file.content is not None:
            raise Refused("uploadSessionNotFound")
        found = RANGE.fullmatch(content_range)
        if found is None:
            raise Refused("invalidRequest", "Content-Range is missing")
        first, last, whole = map(int, found.groups())
        parts = self._parts.setdefault(file.id, bytearray())
        if first != len(parts) or last - first + 1 != len(content) or last >= whole:
            raise Refused("invalidRange", f"{content_range} with {len(content)} bytes, {len(parts)} are there")
        parts += content
        if len(parts) < whole:
            return False
        self._by_id[file.id] = replace(file, content=bytes(self._parts.pop(file.id)))
        self._told(file.id)
        return True

    def whole(self, file_id: str) -> Stored | None:
        found = self._by_id.get(file_id)
        return found if found is not None and found.content is not None else None

    def bring(self, name: str, content: bytes) -> Json:
        """What a person sends lies in their own store; the attachment says where the bot may fetch it."""
        file = Stored(secrets.token_hex(8), name, "", self._now(), content)
        self._by_id[file.id] = file
        return {
            "contentType": "application/vnd.microsoft.teams.file.download.info",
            "contentUrl": f"{self.base}/teams/files/{file.id}",
            "name": name,
            "content": {
                "downloadUrl": f"{self.base}/teams/files/{file.id}?tempauth={secrets.token_hex(12)}",
                "uniqueId": file.id,
                "fileType": name.rpartition(".")[2].lower(),
            },
        }

    def restore(self, file_id: str, name: str, content: bytes) -> None:
        """Puts back what a journal kept."""
        self._by_id[file_id] = Stored(file_id, name, "", 0.0, content)
