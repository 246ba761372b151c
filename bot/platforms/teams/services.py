"""Which addresses the bot's token may be sent to, and which may be given people's files."""

from __future__ import annotations

import ipaddress
from urllib.parse import SplitResult, urlsplit

# For who has never written; Microsoft leads it on to the tenant's own region.
WORLDWIDE = "https://smba.trafficmanager.net/teams/"
# Anybody may have a name under trafficmanager.net, so there only this one.
HOSTS = frozenset({"smba.trafficmanager.net", "smba.infra.gcc.teams.microsoft.com"})
DOMAINS = (".botframework.com", ".botframework.us", ".infra.gov.teams.microsoft.us", ".infra.dod.teams.microsoft.us")
LONGEST = 400
# Where Microsoft keeps people's files; each tenant has its own name below these.
STORES = (".sharepoint.com", ".sharepoint-df.com", ".svc.ms")
LONGEST_STORE = 4000


class Services:
    """`local`: Teams is played by this machine, and no address elsewhere is called."""

    def __init__(self, local: bool) -> None:
        self.local = local

    def allows(self, url: object) -> bool:
        parts = _parts(url, LONGEST)
        return parts is not None and not parts.query and self._is(parts, HOSTS, DOMAINS)

    def stores(self, url: object) -> bool:
        """Files may be brought there: it takes no token, so what is in the address is the permission."""
        parts = _parts(url, LONGEST_STORE)
        return parts is not None and self._is(parts, frozenset(), STORES)

    def _is(self, parts: SplitResult, hosts: frozenset[str], domains: tuple[str, ...]) -> bool:
        host = parts.hostname or ""
        if self.local:
            return parts.scheme in ("http", "https") and _is_loopback(host)
        return parts.scheme == "https" and parts.port in (None, 443) and (host in hosts or host.endswith(domains))

    def base(self, url: str) -> str:
        """With a slash at its end. ValueError for an address that may not be called."""
        url = url or ("" if self.local else WORLDWIDE)
        if not self.allows(url):
            raise ValueError("not a service of Microsoft's")
        return url if url.endswith("/") else f"{url}/"


def is_local(url: str) -> bool:
    try:
        return _is_loopback(urlsplit(url).hostname or "")
    except ValueError:
        return False


def _parts(url: object, longest: int) -> SplitResult | None:
    """None for what is no plain address, or names more than a place."""
    if not isinstance(url, str) or len(url) > longest or not (url.isascii() and url.isprintable()):
        return None
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return None if parts.username is not None or parts.fragment or "\\" in url or " " in url else parts


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
