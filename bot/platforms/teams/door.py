"""In front of everything: who signed, for which bot, over which address, for which tenant; all else is only counted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

import jwt
from botframework.connector.auth import (
    AuthenticationConstants,
    ChannelValidation,
    ClaimsIdentity,
    JwtTokenExtractor,
    SimpleCredentialProvider,
    VerifyOptions,
)

from bot.platforms.teams.keys import CHANNEL, Keys, NoKeys
from bot.platforms.teams.services import Services

LARGEST = 256 * 1024
# Clocks that differ by more than this have to be set right.
LEEWAY = 300
BEARER = re.compile(r"Bearer [\w-]+\.[\w-]+\.[\w-]+", re.ASCII)

Body = Mapping[str, Any]


class Refused(Exception):
    """Not let in; `status` is all that the sender is told."""

    def __init__(self, why: str, status: int) -> None:
        super().__init__(why)
        self.why = why
        self.status = status


class _Extractor(JwtTokenExtractor):  # type: ignore[misc]
    """The library's rules for a token, with our keys: its own are read on the event loop, and it takes a day to see a
    rolled one.
    """

    def __init__(self, keys: Keys) -> None:
        self.validation_parameters = VerifyOptions(
            issuer=[AuthenticationConstants.TO_BOT_FROM_CHANNEL_TOKEN_ISSUER], audience=None, clock_tolerance=LEEWAY,
            ignore_expiration=False,
        )  # fmt: skip
        self.validation_parameters.algorithms = AuthenticationConstants.ALLOWED_SIGNING_ALGORITHMS
        self.open_id_metadata = keys


class Door:
    """`keys` None: authentication is off. A tenant that is not in `tenants` is turned away, signed or not."""

    def __init__(self, app_id: str, tenants: tuple[str, ...], keys: Keys | None, services: Services) -> None:
        self._app = SimpleCredentialProvider(app_id, "")
        self._tenants = {one.lower(): one for one in tenants}
        self._services = services
        self._extractor = _Extractor(keys) if keys else None
        self.refused: Counter[str] = Counter()

    async def claims(self, header: str) -> Body | None:
        """What a good token says; None if authentication is off."""
        if self._extractor is None:
            return None
        if not BEARER.fullmatch(header):
            raise Refused("unsigned", 401)
        try:
            identity: ClaimsIdentity = await self._extractor.get_identity_from_auth_header(header, CHANNEL, [])
            await ChannelValidation.validate_identity(identity, self._app)
        except NoKeys as error:
            raise Refused("no_keys", 503) from error
        except jwt.ExpiredSignatureError as error:
            raise Refused("expired", 401) from error
        except Exception as error:
            # The library raises whatever it stumbles over; none of it lets anybody in.
            raise Refused("forged", 401) from error
        if "exp" not in identity.claims:
            # To the library one without an end is good for ever.
            raise Refused("expired", 401)
        found: Body = identity.claims
        return found

    def admit(self, claims: Body | None, body: Body) -> str:
        """The tenant, as it stands in the settings; the token must have been made for this activity."""
        service = body.get("serviceUrl")
        if body.get("channelId") != CHANNEL:
            raise Refused("channel", 401)
        if not self._services.allows(service) or (claims is not None and claims.get("serviceurl") != service):
            raise Refused("service", 401)
        named = (_tenant(body, "channelData", "tenant", "id"), _tenant(body, "conversation", "tenantId"))
        if not (named[0] or named[1]) or any(one and one not in self._tenants for one in named):
            raise Refused("tenant", 403)
        return self._tenants[named[0] or named[1]]


def _tenant(body: Body, *path: str) -> str:
    found: object = body
    for step in path:
        found = found.get(step) if isinstance(found, Mapping) else None
    if found is None:
        return ""
    # What is no text is no tenant of ours.
    return found.lower() if isinstance(found, str) else "?"
