"""Addresses of other services: encrypted, or on this machine."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit


def web_address(given: str, sent: str) -> str:
    """The same. ValueError for one that `sent` must not be sent to: whoever listens on the way would have it."""
    parts = urlsplit(given)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("is not a web address.")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ValueError(f"must start with https: {sent}.")
    return given


def is_here(url: str) -> bool:
    return is_loopback(urlsplit(url).hostname or "")


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def listed(given: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in given.split(",") if part.strip())
