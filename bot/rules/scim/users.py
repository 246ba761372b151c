"""A user between SCIM's words and ours: what is stored drawn as a resource, and a resource understood."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from bot.rules.scim.attributes import CORE, ENTERPRISE
from bot.rules.scim.fault import Fault

EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


@dataclass(frozen=True, slots=True)
class User:
    """`manager` is an id, or as long as nobody is called that, what the directory called them; then there is no
    `manager_name`. Empty texts are nothing.
    """

    user_name: str
    name: str
    email: str
    active: bool = True
    external_id: str = ""
    given: str = ""
    family: str = ""
    formatted: str = ""
    title: str = ""
    locale: str = ""
    zone: str = ""
    number: str = ""
    department: str = ""
    manager: str = ""
    manager_name: str = ""
    id: UUID | None = None
    created: str = ""


def drawn(user: User, users: str = "", *, as_given: bool = False) -> dict[str, Any]:
    """`users` is the address of all users. `as_given`: without a name that is made of the others, and without meta."""
    manager = {"value": user.manager}
    if not as_given and user.manager_name:
        manager |= {"$ref": f"{users}/{user.manager}", "displayName": user.manager_name}
    inside = _filled(
        employeeNumber=user.number, department=user.department, manager=manager if user.manager else None
    )  # fmt: skip
    made = as_given and user.name == _made_of(user.formatted, user.given, user.family, user.user_name)
    found = {"schemas": [CORE, ENTERPRISE] if inside else [CORE]} | _filled(
        id=str(user.id) if user.id else "", externalId=user.external_id, userName=user.user_name,
        name=_filled(formatted=user.formatted, givenName=user.given, familyName=user.family),
        displayName="" if made else user.name, title=user.title, locale=user.locale, timezone=user.zone,
        emails=[{"value": user.email, "type": "work", "primary": True}],
    )  # fmt: skip
    found["active"] = user.active
    if inside:
        found[ENTERPRISE] = inside
    if not as_given:
        found["meta"] = {"resourceType": "User", "created": user.created, "location": f"{users}/{user.id}"}
    return found


def _filled(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}


def _made_of(formatted: str, given: str, family: str, user_name: str) -> str:
    return formatted or " ".join(filter(None, (given, family))) or user_name


def understood(resource: Mapping[str, Any], before: User | None = None) -> User:
    """Fault for what no person can have."""
    user_name = resource.get("userName", "")
    if not user_name:
        raise Fault("userName is needed.", "invalidValue")
    name, inside = resource.get("name", {}), resource.get(ENTERPRISE, {})
    formatted, given, family = (name.get(part, "") for part in ("formatted", "givenName", "familyName"))
    return User(
        user_name=user_name,
        name=resource.get("displayName") or _made_of(formatted, given, family, user_name)[:200],
        email=_address(resource, user_name, before),
        # Nobody comes back because a directory left this out.
        active=resource.get("active", before.active if before else True),
        external_id=resource.get("externalId", ""),
        given=given,
        family=family,
        formatted=formatted,
        title=resource.get("title", ""),
        locale=_language(resource.get("locale", "")),
        zone=resource.get("timezone", ""),
        number=inside.get("employeeNumber", ""),
        department=inside.get("department", ""),
        manager=inside.get("manager", {}).get("value", ""),
    )


def _address(resource: Mapping[str, Any], user_name: str, before: User | None) -> str:
    """The primary one, else that of work, else the first; without any the userName, if it is one."""
    every = resource.get("emails", [])
    ranked = sorted(every, key=lambda one: (not one.get("primary"), str(one.get("type", "")).lower() != "work"))
    email = str(ranked[0]["value"] if ranked and ranked[0].get("value") else user_name).lower()
    if before and email == before.email.lower() == before.user_name.lower():
        # It was never anything but the userName, and goes where that goes.
        email = user_name.lower() if EMAIL.fullmatch(user_name) else email
    if not EMAIL.fullmatch(email):
        raise Fault("emails has no e-mail address, nor is userName one: a chat account is found by it.", "invalidValue")
    return before.email if before and before.email.lower() == email else email


def _language(text: str) -> str:
    if text and not re.fullmatch(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,2}", text, re.ASCII):
        raise Fault("locale is no language: write it like de or de-DE.", "invalidValue")
    return text
