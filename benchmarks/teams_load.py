"""Sends activities with a signed token, from a process of its own."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.children import Parent
from benchmarks.load import answered
from bot.platforms.teams.edge import PATH


def request(url: str, token: str, body: str) -> bytes:
    head = (
        f"POST {PATH} HTTP/1.1", f"Host: {urlsplit(url).netloc}", "Content-Type: application/json; charset=utf-8",
        f"Content-Length: {len(body.encode())}", f"Authorization: Bearer {token}",
    )  # fmt: skip
    return "\r\n".join((*head, "", body)).encode()


def main() -> None:
    parent = Parent()
    given = parent.given
    bodies = json.loads(Path(given["bodies"]).read_text("utf-8"))[: given["count"]]
    requests = [request(given["url"], given["token"], body) for body in bodies]
    parent.tell(asyncio.run(answered(given["url"], requests, given["connections"])))


if __name__ == "__main__":
    main()
