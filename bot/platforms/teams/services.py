"""Which addresses the bot's token may be sent to."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

# For who has never written; Microsoft leads it on to the tenant's own region.
WORLDWIDE = "https://smba.trafficmanager.net/teams/"
# Anybody may have a name under trafficmanager.net, so there only this one.
HOSTS = frozenset({"smba.trafficmanager.net", "smba.infra.gcc.teams.microsoft.com"})
DOMAINS = (".botframework.com", ".botframework.us", ".infra.gov.teams.microsoft.us", ".infra.dod.teams.microsoft.us")
LONGEST = 400


class Services:
    """`local`: Teams is played by this machine, and no address elsewhere is called."""

    def __init__(self, local: bool) -> None:
        self.local = local

    def allows(self, url: object) -> bool:
        if not isinstance(url, str) or len(url) > LONGEST or not (url.isascii() and url.isprintable()):
            return False
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            return False
        if parts.username is not None or parts.query or parts.fragment or "\\" in url or " " in url:
            return False
        if self.local:
            return parts.scheme in ("http", "https") and _is_loopback(host)
        return parts.scheme == "https" and port in (None, 443) and (host in HOSTS or host.endswith(DOMAINS))

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


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
