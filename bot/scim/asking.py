"""What a request says, cut to what is understood: its body, its page, its conditions."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.rules.scim import Fault, Shown
from bot.scim.describing import MOST
from bot.scim.door import Refused

LARGEST, DEEPEST = 256 * 1024, 12
BODY_SECONDS = 5.0
MEDIA = "application/scim+json"
SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
PAGE = 100


@dataclass(frozen=True)
class Search:
    """`first` counts from 1."""

    filter: str
    first: int
    count: int
    shown: Shown


async def body_of(request: web.Request) -> dict[str, Any]:
    if request.content_type not in (MEDIA, "application/json"):
        raise Fault(f"The body has to be {MEDIA}.", "", 415)
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise Fault("A packed body is not read.", "", 415)
    read = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for piece in request.content.iter_any():
                read += piece
                if len(read) > LARGEST:
                    raise too_large()
    except TimeoutError as error:
        raise Refused("scim_too_slow", 408, "The body took too long.") from error
    except web.RequestPayloadError as error:
        raise Fault("The body is broken off.", "invalidSyntax") from error
    return _object(bytes(read))


def too_large() -> Refused:
    return Refused("scim_too_large", 413, f"A body has at most {LARGEST} bytes.")


def _object(read: bytes) -> dict[str, Any]:
    try:
        found = json.loads(read, parse_constant=_no_number)
        if not isinstance(found, dict):
            raise ValueError
        _depth(found)
        # What no database and no answer can hold.
        json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise Fault("The body is no JSON object that could be read.", "invalidSyntax") from error
    return found


def _no_number(name: str) -> object:
    raise ValueError(name)


def _depth(found: object) -> None:
    level = [found]
    for _ in range(DEEPEST):
        level = [
            inside
            for one in level
            if isinstance(one, dict | list)
            for inside in (one.values() if isinstance(one, dict) else one)
        ]
        if not level:
            return
    raise ValueError


def asked_by_query(query: Mapping[str, str]) -> Search:
    names = {name.lower(): value for name, value in query.items()}
    return Search(names.get("filter", ""), *_page(names), shown_by(query))


def shown_by(query: Mapping[str, str]) -> Shown:
    names = {name.lower(): value for name, value in query.items()}
    return Shown.of(names.get("attributes", "").split(","), names.get("excludedattributes", "").split(","))


def asked_by_body(body: Mapping[str, Any]) -> Search:
    given = {name.lower(): value for name, value in body.items()}
    schemas, found = given.get("schemas"), given.get("filter", "")
    if not isinstance(schemas, list) or SEARCH not in schemas:
        raise Fault(f"The body has to name {SEARCH} among its schemas.", "invalidSyntax")
    if not isinstance(found, str):
        raise Fault("The filter is no text.", "invalidFilter")
    return Search(found, *_page(given), Shown.of(*(_names(given, one) for one in ("attributes", "excludedattributes"))))


def _names(given: Mapping[str, Any], name: str) -> list[str]:
    found = given.get(name) or []
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise Fault(f"{name} is no list of texts.", "invalidSyntax")
    return found


def _page(given: Mapping[str, Any]) -> tuple[int, int]:
    """Below 1 the first is 1, below 0 the count is 0 (RFC 7644, section 3.4.2.4)."""
    numbers = []
    for name, otherwise in (("startindex", 1), ("count", PAGE)):
        try:
            numbers.append(int(str(given.get(name, otherwise))[:12]))
        except ValueError:
            raise Fault(f"{name} is no number.", "invalidValue") from None
    return max(1, numbers[0]), min(MOST, max(0, numbers[1]))


def version_of(user: Mapping[str, Any]) -> str:
    """The same for as long as nothing of the user changes, by whomever."""
    said = {name: value for name, value in user.items() if name != "meta"}
    return f'W/"{hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:24]}"'


def names_version(header: str, version: str) -> bool:
    """Whether this is among those of an If-Match or If-None-Match; weakly, as there are no others here."""
    plain = [one.strip().removeprefix("W/") for one in header.split(",")]
    return "*" in plain or version.removeprefix("W/") in plain
