"""An activity, read from its JSON as far as the bot needs it. ValueError for what Teams does not send."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from bot.engine.profiles import Reference, Who

LONGEST_ID = 200
LONGEST_USER = 80
# Keys of the outbox are made of it.
LONGEST_RECEIPT = 200
LONGEST_NAME = 200
LONGEST_EMAIL = 320
# Stands in the sign-in name of everybody who was invited from elsewhere.
GUEST = "#ext#"

Body = Mapping[str, Any]


@dataclass(frozen=True)
class Activity:
    """`user` is the directory's id of the sender and `account` Teams' own for this bot; both are "" where nobody of a
    tenant sent it. `answered` is the message that holds the pressed card.
    """

    kind: str
    id: str
    tenant: str
    service: str
    conversation: str
    personal: bool
    user: str
    account: str
    name: str
    bot: str
    answered: str
    body: Body

    @property
    def who(self) -> Who:
        if not self.user:
            raise ValueError("nobody sent it")
        return Who("teams", self.tenant, self.user)

    @property
    def receipt(self) -> str:
        if not self.id:
            raise ValueError("it has no id")
        receipt = f"teams:{self.conversation}:{self.id}"
        if len(receipt) > LONGEST_RECEIPT:
            return f"teams:{hashlib.sha256(receipt.encode()).hexdigest()}"
        return receipt

    @property
    def reference(self) -> Reference | None:
        if not self.user or not self.account:
            return None
        channel = self.conversation if self.personal else ""
        zone, locale = _client(self.body)
        gone = self.kind == "installationUpdate" and str(self.body.get("action", "")).startswith("remove")
        return Reference(
            self.who, self.account, channel, self.service, "", self.name, zone, locale,
            installed=not (gone and self.personal),
        )  # fmt: skip


def read(body: Body, tenant: str) -> Activity:
    conversation, sender = _part(body, "conversation"), _part(body, "from")
    return Activity(
        _name(body.get("type")), _id(body.get("id"), LONGEST_ID), tenant, str(body["serviceUrl"]),
        _name(conversation.get("id")), conversation.get("conversationType", "personal") == "personal",
        _id(sender.get("aadObjectId"), LONGEST_USER), _id(sender.get("id"), LONGEST_ID), _plain(sender.get("name")),
        _id(_part(body, "recipient").get("id"), LONGEST_ID), _id(body.get("replyToId"), LONGEST_ID), body,
    )  # fmt: skip


def is_id(given: object, longest: int = LONGEST_ID) -> bool:
    """Fit for a column of any database and for a piece of an address."""
    if not isinstance(given, str) or not 0 < len(given) <= longest or given in (".", ".."):
        return False
    return given.isascii() and given.isprintable() and " " not in given


def _part(body: Body, key: str) -> Body:
    found = body.get(key)
    if found is None:
        return {}
    if not isinstance(found, Mapping):
        raise ValueError(f"{key} is no object")
    return found


def _name(given: object) -> str:
    if not is_id(given):
        raise ValueError("not an id")
    return str(given)


def _id(given: object, longest: int) -> str:
    """ "" for what is not there."""
    if given is None or given == "":
        return ""
    if not is_id(given, longest):
        raise ValueError("not an id")
    return str(given)


def _plain(given: object) -> str:
    if not isinstance(given, str):
        return ""
    return "".join(sign for sign in given if sign.isprintable())[:LONGEST_NAME].strip()


def introduced(found: Reference, member: Body) -> Reference:
    """With what a roster says of its sender: the e-mail by which people are matched, and whether they are a guest."""
    account = str(member.get("userPrincipalName") or "")
    email = str(member.get("email") or account)
    told = "@" in email and email.isprintable() and len(email) <= LONGEST_EMAIL
    guest = str(member.get("userRole") or "").casefold() == "guest" or GUEST in account.casefold()
    name = found.name or _plain(member.get("name"))
    return replace(found, email=email if told else "", colleague=not guest, name=name)


def _client(body: Body) -> tuple[str, str]:
    """Time zone and language of whoever sent it: on messages they stand at the top, else where the client says them."""
    entities = body.get("entities")
    listed = [one for one in entities if isinstance(one, Mapping)] if isinstance(entities, list) else []
    client: Body = next((one for one in listed if one.get("type") == "clientInfo"), {})
    zone = body.get("localTimezone") or client.get("timezone")
    locale = body.get("locale") or client.get("locale")
    return (str(zone) if _is_zone(zone) else ""), (str(locale) if is_id(locale, 20) else "")


def _is_zone(given: object) -> bool:
    if not is_id(given, 64):
        return False
    try:
        ZoneInfo(str(given))
    except (OSError, ValueError, LookupError):
        return False
    return True
