"""What this service provider can do and which attributes it keeps, as RFC 7643, sections 5 to 7, has it told."""

from __future__ import annotations

from typing import Any

from bot.rules.scim import CORE, ENTERPRISE, Attribute
from bot.rules.scim.attributes import EXTENSION, USER

MOST = 200
_ABOUT = "urn:ietf:params:scim:schemas:core:2.0"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"


def config(root: str) -> dict[str, Any]:
    return {
        "schemas": [f"{_ABOUT}:ServiceProviderConfig"],
        "patch": {"supported": True},
        "bulk": {"supported": False, "maxOperations": 0, "maxPayloadSize": 0},
        "filter": {"supported": True, "maxResults": MOST},
        "changePassword": {"supported": False},
        "sort": {"supported": False},
        "etag": {"supported": True},
        "authenticationSchemes": [
            {
                "type": "oauthbearertoken", "name": "Bearer token", "primary": True,
                "description": "A token that 'rapport scim token new' prints.",
                "specUri": "https://www.rfc-editor.org/info/rfc6750",
            }
        ],
        "meta": {"resourceType": "ServiceProviderConfig", "location": f"{root}/ServiceProviderConfig"},
    }  # fmt: skip


def resource_types(root: str) -> list[dict[str, Any]]:
    return [
        {
            "schemas": [f"{_ABOUT}:ResourceType"],
            "id": "User",
            "name": "User",
            "endpoint": "/Users",
            "description": "People who work here, or did.",
            "schema": CORE,
            "schemaExtensions": [{"schema": ENTERPRISE, "required": False}],
            "meta": {"resourceType": "ResourceType", "location": f"{root}/ResourceTypes/User"},
        }
    ]


def schemas(root: str) -> list[dict[str, Any]]:
    return [
        _schema(root, CORE, "User", "What is kept of a user; what else the RFC has is taken and not stored.", USER),
        _schema(root, ENTERPRISE, "EnterpriseUser", "Number, department and manager.", EXTENSION),
    ]


def _schema(root: str, schema: str, name: str, about: str, attributes: tuple[Attribute, ...]) -> dict[str, Any]:
    return {
        "schemas": [f"{_ABOUT}:Schema"],
        "id": schema,
        "name": name,
        "description": about,
        "attributes": [_attribute(one) for one in attributes],
        "meta": {"resourceType": "Schema", "location": f"{root}/Schemas/{schema}"},
    }


def _attribute(one: Attribute) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": one.name, "type": one.kind, "multiValued": one.several, "description": one.about,
        "required": one.required, "caseExact": one.exact, "mutability": one.mutable, "returned": "default",
        "uniqueness": "server" if one.unique else "none",
    }  # fmt: skip
    if one.kind == "reference":
        found["referenceTypes"] = ["User"]
    if one.inside:
        found["subAttributes"] = [_attribute(part) for part in one.inside]
    return found


def listed(found: list[dict[str, Any]], total: int | None = None, first: int = 1) -> dict[str, Any]:
    count = len(found) if total is None else total
    return {
        "schemas": [LIST], "totalResults": count, "startIndex": first, "itemsPerPage": len(found), "Resources": found,
    }  # fmt: skip
