"""A directory as RFC 7643 and 7644 describe one. It knows nothing of the bot, and its users are those of the RFCs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import aiohttp

MEDIA = "application/scim+json"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"

# RFC 7644, section 3.3.
CREATED: dict[str, Any] = {
    "schemas": [USER],
    "userName": "bjensen",
    "externalId": "bjensen",
    "name": {"formatted": "Ms. Barbara J Jensen III", "familyName": "Jensen", "givenName": "Barbara"},
    "emails": [{"value": "bjensen@example.com"}],
}
# RFC 7643, section 8.3, with what section 8.2 has besides.
FULL: dict[str, Any] = {
    "schemas": [USER, ENTERPRISE],
    "id": "2819c223-7f76-453a-919d-413861904646",
    "externalId": "701984",
    "userName": "bjensen@example.com",
    "name": {
        "formatted": "Ms. Barbara J Jensen, III", "familyName": "Jensen", "givenName": "Barbara", "middleName": "Jane",
        "honorificPrefix": "Ms.", "honorificSuffix": "III",
    },
    "displayName": "Babs Jensen",
    "nickName": "Babs",
    "profileUrl": "https://login.example.com/bjensen",
    "emails": [
        {"value": "babs@jensen.org", "type": "home"},
        {"value": "bjensen@example.com", "type": "work", "primary": True},
    ],
    "addresses": [
        {
            "streetAddress": "100 Universal City Plaza", "locality": "Hollywood", "region": "CA", "postalCode": "91608",
            "country": "USA", "formatted": "100 Universal City Plaza\nHollywood, CA 91608 USA", "type": "work",
            "primary": True,
        }
    ],
    "phoneNumbers": [{"value": "555-555-5555", "type": "work"}, {"value": "555-555-4444", "type": "mobile"}],
    "ims": [{"value": "someaimhandle", "type": "aim"}],
    "photos": [{"value": "https://photos.example.com/profilephoto/72930000000Ccne/F", "type": "photo"}],
    "userType": "Employee",
    "title": "Tour Guide",
    "preferredLanguage": "en-US",
    "locale": "en-US",
    "timezone": "America/Los_Angeles",
    "active": True,
    "password": "t1meMa$heen",
    "groups": [{"value": "e9e30dba-f08f-4109-8486-d5c6a331660a", "$ref": "../Groups/e9e3", "display": "Tour Guides"}],
    "x509Certificates": [{"value": "MIIDQzCCAqygAwIBAgICEAAwDQYJKoZIhvcNAQEFBQAwTjELMAkGA1UEBhMCVVMx"}],
    ENTERPRISE: {
        "employeeNumber": "701984", "costCenter": "4130", "organization": "Universal Studios",
        "division": "Theme Park", "department": "Tour Operations",
        "manager": {
            "value": "26118915-6090-4610-87e4-49d8ca9f808d", "$ref": "../Users/26118915-6090-4610-87e4-49d8ca9f808d",
            "displayName": "John Smith",
        },
    },
    "meta": {
        "resourceType": "User", "created": "2010-01-23T04:56:22Z", "lastModified": "2011-05-13T04:42:34Z",
        "version": 'W/"3694e05e9dff591"', "location": "https://example.com/v2/Users/2819c223",
    },
}  # fmt: skip
# RFC 7644, section 3.4.2.2: whether the full user fits, None for what is not kept here. Times are left out.
FILTERS: dict[str, bool | None] = {
    'userName Eq "bjensen@example.com"': True,
    'name.familyName co "O\'Malley"': False,
    'userName sw "J"': False,
    'urn:ietf:params:scim:schemas:core:2.0:User:userName sw "B"': True,
    "title pr": True,
    'title pr and userType eq "Employee"': None,
    'title pr or userName eq "Intern"': True,
    'schemas eq "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"': True,
    'title eq "Tour Guide" and (emails co "example.com" or emails.value co "example.org")': True,
    'title ne "Tour Guide" and not (emails co "example.com" or emails.value co "example.org")': False,
    'displayName pr and (emails.type eq "work")': True,
    'displayName pr and emails[type eq "work" and value co "@example.com"]': True,
    'emails[type eq "work" and value co "@example.com"] or ims[type eq "xmpp" and value co "@foo.com"]': None,
    'emails[type eq "home"].value sw "b"': False,
    f'{ENTERPRISE}:department eq "tour operations"': True,
    f'{ENTERPRISE}:manager.value eq "26118915-6090-4610-87e4-49d8ca9f808d"': True,
}


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: Any

    @property
    def id(self) -> str:
        return str(self.body["id"])

    @property
    def work(self) -> dict[str, Any]:
        """What the extension says."""
        return dict(self.body.get(ENTERPRISE, {}))

    @property
    def found(self) -> list[str]:
        """The names of a list."""
        return [one["userName"] for one in self.body["Resources"]]


@dataclass(frozen=True)
class ScimClient:
    """What comes back is in the RFC's form, whatever it is; `token` is sent unless there is none."""

    session: aiohttp.ClientSession
    url: str
    token: str = ""

    async def send(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        said = {"Accept": MEDIA} | ({"Authorization": f"Bearer {self.token}"} if self.token else {})
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        if data is not None:
            said["Content-Type"] = MEDIA
        said |= {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.session.request(method, f"{self.url}/scim/v2{path}", data=data, headers=said) as answer:
            read = await answer.read()
            if answer.status not in (204, 304):
                assert answer.content_type == MEDIA
            found = json.loads(read) if read else None
            if answer.status >= 400:
                assert found["schemas"] == [ERROR]
                assert found["status"] == str(answer.status)
                assert found["detail"]
            return Answer(answer.status, answer.headers, found)

    async def create(self, user: Mapping[str, Any]) -> Answer:
        return await self.send("POST", "/Users", user)

    async def get(self, user: str, **query: str) -> Answer:
        return await self.send("GET", f"/Users/{user}{_query(query)}")

    async def patch(self, user: str, *operations: Mapping[str, Any], **headers: str) -> Answer:
        return await self.send(
            "PATCH", f"/Users/{user}", {"schemas": [PATCH], "Operations": list(operations)}, **headers
        )

    async def search(self, wanted: str = "", **query: str) -> Answer:
        return await self.send("GET", f"/Users{_query(query | ({'filter': wanted} if wanted else {}))}")


def _query(given: Mapping[str, str]) -> str:
    return f"?{urlencode(given)}" if given else ""


def okta(name: str, **more: Any) -> dict[str, Any]:
    """As Okta creates somebody."""
    given, family = name.split(" ")
    address = f"{given.lower()}@example.com"
    return {
        "schemas": [USER], "userName": address, "name": {"givenName": given, "familyName": family},
        "emails": [{"primary": True, "value": address, "type": "work"}], "displayName": name, "locale": "en-US",
        "externalId": f"00u{given.lower()}", "groups": [], "password": "1mz050nq", "active": True, **more,
    }  # fmt: skip


def entra(name: str, **work: Any) -> dict[str, Any]:
    """As Entra creates somebody: both schemas, and the extension only where it has something."""
    given, family = name.split(" ")
    address = f"{given}.{family}@Example.com"
    return {
        "schemas": [USER, ENTERPRISE], "externalId": given.lower(), "userName": address, "active": True,
        "displayName": name, "emails": [{"primary": True, "type": "work", "value": address}],
        "meta": {"resourceType": "User"},
        "name": {"formatted": name, "familyName": family, "givenName": given},
    } | ({ENTERPRISE: work} if work else {})  # fmt: skip


def operations(verb: str, values: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    """One for each path, as Entra writes them."""
    return [{"op": verb, "path": path, "value": value} for path, value in values.items()]
