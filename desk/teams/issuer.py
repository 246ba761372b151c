"""Where tokens come from: those with which activities come to the bot, and those with which the bot calls."""

from __future__ import annotations

import functools
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from desk.teams.tenant import App
from desk.values import Json

ISSUER = "https://api.botframework.com"
SCOPE = f"{ISSUER}/.default"
HOUR = 3600


class NoGrant(Exception):
    """What Entra ID answers instead of a token."""

    def __init__(self, status: int, error: str, description: str) -> None:
        super().__init__(error)
        self.status, self.error, self.description = status, error, description


@dataclass(frozen=True)
class Key:
    id: str
    private: rsa.RSAPrivateKey

    def public(self) -> Json:
        shown: dict[str, Any] = RSAAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        return {**shown, "kid": self.id, "x5t": self.id, "use": "sig", "endorsements": ["msteams"]}


def _new_key() -> Key:
    return Key(secrets.token_urlsafe(20), rsa.generate_private_key(public_exponent=65537, key_size=2048))


# A key takes a tenth of a second to make, and a desk of which nobody asks a token needs none.
_first_key = functools.cache(_new_key)


class Issuer:
    def __init__(self, app: App) -> None:
        self.base = ""
        self._app = app
        self._rolled: Key | None = None

    @property
    def _key(self) -> Key:
        return self._rolled or _first_key()

    def roll(self) -> None:
        """From now on another key signs; the one before is not published any more."""
        self._rolled = _new_key()

    def metadata(self) -> Json:
        return {
            "issuer": ISSUER,
            "authorization_endpoint": "https://invalid.botframework.com",
            "jwks_uri": f"{self.base}/v1/.well-known/keys",
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        }

    def keys(self) -> Json:
        return {"keys": [self._key.public()]}

    def token(self, service_url: str, wrong: str = "") -> str:
        """For an activity to the bot; `wrong` is one of faults.TOKENS, of which `rolled` is right, but by a key that
        nobody has seen before."""
        if wrong == "rolled":
            self.roll()
        now = int(time.time())
        begins = now - 2 * HOUR if wrong == "expired" else now - 10
        claims = {
            "iss": ISSUER,
            "aud": "00000000-0000-4000-8000-000000000000" if wrong == "audience" else self._app.id,
            "serviceurl": service_url,
            "nbf": begins,
            "exp": begins + HOUR,
        }
        signs = _new_key() if wrong == "forged" else self._key
        return jwt.encode(claims, signs.private, algorithm="RS256", headers={"kid": self._key.id, "x5t": self._key.id})

    def grant(self, tenant: str, given: Mapping[str, Any]) -> Json:
        """The bot's client credentials for a token of its own."""
        if tenant != self._app.tenant:
            raise NoGrant(400, "invalid_request", f"AADSTS90002: Tenant '{tenant}' not found.")
        if given.get("grant_type") != "client_credentials":
            raise NoGrant(400, "unsupported_grant_type", "AADSTS70003: The app asked for an unsupported grant type.")
        if given.get("client_id") != self._app.id:
            raise NoGrant(400, "unauthorized_client", "AADSTS700016: Application was not found in the directory.")
        if not secrets.compare_digest(str(given.get("client_secret") or "").encode(), self._app.password.encode()):
            raise NoGrant(401, "invalid_client", "AADSTS7000215: Invalid client secret provided.")
        if given.get("scope") != SCOPE:
            raise NoGrant(400, "invalid_scope", f"AADSTS70011: The scope must be {SCOPE}.")
        now = int(time.time())
        claims = {"aud": ISSUER, "appid": self._app.id, "tid": tenant, "nbf": now - 10, "exp": now + HOUR}
        token = jwt.encode(claims, self._key.private, algorithm="RS256", headers={"kid": self._key.id})
        return {"token_type": "Bearer", "expires_in": HOUR - 1, "ext_expires_in": HOUR - 1, "access_token": token}

    def knows(self, authorization: str) -> bool:
        """Whether this header lets the bot in."""
        scheme, _, token = authorization.partition(" ")
        # what was granted before the key was rolled is still good
        keys = {each.id: each for each in (self._key, _first_key())}
        try:
            key = keys[jwt.get_unverified_header(token)["kid"]].private.public_key()
            claims = jwt.decode(token, key, algorithms=["RS256"], audience=ISSUER)
        except (jwt.InvalidTokenError, KeyError):
            return False
        return scheme == "Bearer" and claims.get("appid") == self._app.id
