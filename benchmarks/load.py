"""Sends signed requests over a few connections, each as fast as it is answered, from a process of its own."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks.children import Parent

PATH = "/slack/events"


def main() -> None:
    parent = Parent()
    given = parent.given
    bodies = json.loads(Path(given["bodies"]).read_text("utf-8"))[: given["count"]]
    parent.tell(asyncio.run(sent(given["url"], given["secret"], bodies, given["connections"])))


async def sent(url: str, secret: str, bodies: list[str], connections: int) -> dict[str, Any]:
    """As Slack signs them."""
    stamp = str(int(time.time()))
    return await answered(url, [_request(urlsplit(url).netloc, secret, stamp, body) for body in bodies], connections)


async def answered(url: str, given: list[bytes], connections: int) -> dict[str, Any]:
    """Seconds for all of them and for each. Only an empty 200 counts: the form closes, so it was stored."""
    place, requests = urlsplit(url), iter(given)
    took: list[float] = []
    begun = time.perf_counter()
    lines = (_connection(str(place.hostname), place.port or 80, requests, took) for _ in range(connections))
    refused = [refusal for refusals in await asyncio.gather(*lines) for refusal in refusals]
    return {"seconds": time.perf_counter() - begun, "took": took, "refused": refused[:3]}


def _request(host: str, secret: str, stamp: str, body: str) -> bytes:
    mark = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    head = (
        f"POST {PATH} HTTP/1.1", f"Host: {host}", "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}", f"X-Slack-Request-Timestamp: {stamp}", f"X-Slack-Signature: v0={mark}",
    )  # fmt: skip
    return "\r\n".join((*head, "", body)).encode()


async def _connection(host: str, port: int, requests: Iterator[bytes], took: list[float]) -> list[str]:
    reader, writer = await asyncio.open_connection(host, port)
    refused = []
    for request in requests:
        begun = time.perf_counter()
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        body = await reader.readexactly(_length(head))
        took.append(time.perf_counter() - begun)
        status = head.partition("\r\n")[0]
        if " 200 " not in status or body:
            refused.append(f"{status} {body[:200]!r}")
    writer.close()
    await writer.wait_closed()
    return refused


def _length(head: str) -> int:
    for line in head.split("\r\n"):
        name, _, value = line.partition(":")
        if name.lower() == "content-length":
            return int(value)
    return 0


if __name__ == "__main__":
    main()
