"""Files: announced, uploaded to an address of their own, and then shown in a message."""

from __future__ import annotations

import mimetypes
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from desk.values import Json, Refused

SECONDS = 10 * 60
LARGEST = 1024 * 1024 * 1024


@dataclass
class Upload:
    id: str
    name: str
    length: int
    alt: str
    made_at: float
    content: bytes | None = None
    was_shown: bool = False


class Files:
    def __init__(self, now: Callable[[], float]) -> None:
        self.base = ""
        self._now = now
        self._by_key: dict[str, Upload] = {}
        self._by_id: dict[str, Upload] = {}

    def announce(self, name: str, length: int, alt: str) -> tuple[str, str]:
        """The file's id, and the address that takes its bytes once, within ten minutes."""
        key = secrets.token_hex(12)
        upload = Upload(f"F0{secrets.token_hex(5).upper()}", name, length, alt, self._now())
        self._by_key[key] = self._by_id[upload.id] = upload
        return upload.id, f"{self.base}/upload/{key}"

    def taking(self, key: str) -> Upload:
        upload = self._by_key.get(key)
        if upload is None:
            raise Refused("invalid_upload_url")
        if self._now() - upload.made_at > SECONDS:
            raise Refused("expired_upload_url")
        if upload.content is not None:
            raise Refused("used_upload_url")
        return upload

    def take(self, upload: Upload, content: bytes) -> None:
        if len(content) != upload.length:
            raise Refused("wrong_length")
        upload.content = content

    def show(self, ids: list[str]) -> list[Upload]:
        """All of them, once each."""
        found = [self._by_id.get(each) for each in ids]
        ready = [each for each in found if each is not None and each.content is not None and not each.was_shown]
        if len(ready) != len(ids) or len(set(ids)) != len(ids):
            raise Refused("file_not_found")
        for each in ready:
            each.was_shown = True
        return ready

    def shown(self, file_id: str) -> Upload | None:
        upload = self._by_id.get(file_id)
        return upload if upload is not None and upload.was_shown else None

    def content(self, file_id: str) -> bytes:
        upload = self.shown(file_id)
        return (upload.content if upload else None) or b""

    def bring(self, name: str, content: bytes) -> Upload:
        """What a person sends: it is there and shown at once."""
        made = Upload(f"F0{secrets.token_hex(5).upper()}", name, len(content), "", self._now(), content, True)
        self._by_id[made.id] = made
        return made

    def restore(self, shown: Json, content: bytes) -> None:
        """Puts back what a journal kept."""
        kept = Upload(shown["id"], shown["name"], shown["size"], shown.get("alt_txt", ""), 0.0, content, True)
        self._by_id[kept.id] = kept


def described(upload: Upload, title: str) -> Json:
    """As it stands in a message; the address is one of the desk's page."""
    shown: Json = {
        "id": upload.id,
        "name": upload.name,
        "title": title or upload.name,
        "mimetype": kind_of(upload.name),
        "size": upload.length,
        "url_private": f"/files/{upload.id}",
    }
    return shown | ({"alt_txt": upload.alt} if upload.alt else {})


def kind_of(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "application/octet-stream"
