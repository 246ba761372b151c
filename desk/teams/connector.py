"""The connector REST of the service: where the bot posts, changes and deletes activities, and looks people up."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from desk.teams import cards
from desk.teams.tenant import TEAM, App, Tenant
from desk.teams.values import CARD, CONSENT, FILE, Account, Activity
from desk.values import Json

SMALLEST_PAGE, LARGEST_PAGE = 50, 500


class Answer(Exception):
    """What is answered instead, with the service's own code."""

    def __init__(self, status: int, code: str, message: str, **more: Any) -> None:
        super().__init__(f"{code}: {message}")
        self.status, self.code, self.message = status, code, message
        self.body: Json = {"error": {"code": code, "message": message}, **more}


Given = Mapping[str, str]
Method = Callable[["Connector", Given, Json], tuple[int, Any]]


class Connector:
    """Each method takes what stands in the path and query, and the body; it answers a status and JSON."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    @property
    def app(self) -> App:
        return self._tenant.app

    def create(self, given: Given, body: Json) -> tuple[int, Json]:
        members = body.get("members")
        if body.get("isGroup") or not isinstance(members, list) or len(members) != 1:
            raise Answer(400, "BadSyntax", "The desk knows personal chats only: exactly one member.")
        tenant = body.get("tenantId") or (body.get("channelData") or {}).get("tenant", {}).get("id")
        if tenant != self.app.tenant:
            raise Answer(403, "ForbiddenOperationException", f"No app of tenant {tenant}.")
        found = self._tenant.by_account(str(members[0].get("id")))
        if found is None:
            raise Answer(400, "BadSyntax", "Failed to decrypt pairwise id: no such account.")
        if not found.installed:
            raise Answer(403, "ForbiddenOperationException", "Bot is not installed in user's personal scope.")
        made: Json = {"id": found.conversation}
        if body.get("activity"):
            made["activityId"] = self._posted(found, body["activity"]).id
        return 201, made

    def post(self, given: Given, body: Json) -> tuple[int, Json]:
        if body.get("type") == "typing" and self._chat(given):
            # seen for a moment, and no message
            return 201, {"id": self._tenant.next_id()}
        return 201, {"id": self._posted(self._chat(given), body).id}

    def update(self, given: Given, body: Json) -> tuple[int, Json]:
        old = self._own(given)
        text, attachments = _content(body)
        if (text, attachments) != (old.text, old.attachments):
            self._tenant.put(replace(old, text=text, attachments=attachments, edited=True))
        return 200, {"id": old.id}

    def delete(self, given: Given, body: Json) -> tuple[int, Json]:
        self._tenant.remove(self._own(given))
        return 200, {}

    def member(self, given: Given, body: Json) -> tuple[int, Json]:
        found = self._tenant.by_account(given["member"])
        if found is None or found not in self._members(given):
            raise Answer(404, "MemberNotFoundInConversation", "The member is not in the conversation.")
        return 200, self._shown(found)

    def members(self, given: Given, body: Json) -> tuple[int, list[Json]]:
        return 200, [self._shown(each) for each in self._members(given)]

    def paged_members(self, given: Given, body: Json) -> tuple[int, Json]:
        count = max(SMALLEST_PAGE, min(LARGEST_PAGE, _number(given.get("pageSize", "200"))))
        begins = _continued(given.get("continuationToken", ""))
        everyone = self._members(given)
        page: Json = {"members": [self._shown(each) for each in everyone[begins : begins + count]]}
        if begins + count < len(everyone):
            page["continuationToken"] = base64.urlsafe_b64encode(str(begins + count).encode()).decode()
        return 200, page

    def _chat(self, given: Given) -> Account:
        """Whose chat it is, if the bot may write there."""
        found = self._tenant.in_chat(given["conversation"])
        if found is None:
            raise Answer(404, "ConversationNotFound", "Conversation not found.")
        if not found.installed:
            raise Answer(403, "BotNotInConversationRoster", "The bot is not part of the conversation roster.")
        if found.blocked:
            details = "User blocked the conversation with the bot."
            # the service says it in both ways, by age
            raise Answer(403, "MessageWritesBlocked", details, subCode="MessageWritesBlocked", errorCode=209)
        return found

    def _own(self, given: Given) -> Activity:
        chat = self._chat(given)
        found = next((one for one in self._tenant.messages(chat.id) if one.id == given["activity"]), None)
        if found is None or found.sender:
            raise Answer(404, "ActivityNotFoundInConversation", "The bot has posted no such activity here.")
        return found

    def _posted(self, chat: Account, body: Json) -> Activity:
        if body.get("type") != "message":
            raise Answer(400, "BadSyntax", f"The desk shows activities of type message, not {body.get('type')!r}.")
        text, attachments = _content(body)
        if not text and not attachments:
            raise Answer(400, "BadSyntax", "Activity must have text or attachments.")
        return self._tenant.post(chat.id, "", text, attachments)

    def _members(self, given: Given) -> list[Account]:
        if given["conversation"] == TEAM:
            return list(self._tenant.accounts.values())
        found = self._tenant.in_chat(given["conversation"])
        if found is None:
            raise Answer(404, "ConversationNotFound", "Conversation not found.")
        if not found.installed:
            raise Answer(403, "BotNotInConversationRoster", "The bot is not part of the conversation roster.")
        return [found]

    def _shown(self, one: Account) -> Json:
        given, _, surname = one.name.partition(" ")
        return {
            "id": one.account,
            "name": one.name,
            "objectId": one.id,
            "aadObjectId": one.id,
            "givenName": given,
            "surname": surname,
            "email": one.email,
            "userPrincipalName": one.email,
            "tenantId": self.app.tenant,
            "userRole": "user",
        }


def _content(body: Json) -> tuple[str, list[Json]]:
    """The text and attachments of an activity; refused if Teams would not take or draw them."""
    if cards.size(body) > cards.LARGEST:
        raise Answer(413, "MessageSizeTooBig", "Message size too large.")
    text, attachments = body.get("text") or "", body.get("attachments") or []
    if not isinstance(text, str) or not isinstance(attachments, list):
        raise Answer(400, "BadSyntax", "text is a string and attachments are a list.")
    try:
        return text, [_attachment(each) for each in attachments]
    except cards.Undrawable as wrong:
        raise Answer(400, "BadArgument", str(wrong)) from None


def _attachment(given: Any) -> Json:
    kind = given.get("contentType") if isinstance(given, dict) else None
    if kind == CARD:
        return {"contentType": CARD, "content": cards.checked(given.get("content"))}
    if kind == CONSENT:
        content = given.get("content") or {}
        if not given.get("name") or not isinstance(content.get("sizeInBytes"), int):
            raise cards.Undrawable("a file is offered with its name and sizeInBytes")
        return {"contentType": CONSENT, "name": given["name"], "content": content}
    if kind == FILE:
        content = given.get("content") or {}
        if not given.get("contentUrl") or not content.get("uniqueId"):
            raise cards.Undrawable("a file is shown with its contentUrl and uniqueId")
        return {
            "contentType": FILE,
            "name": given.get("name", ""),
            "contentUrl": given["contentUrl"],
            "content": content,
        }
    raise cards.Undrawable(f"attachments of type {kind!r} are not drawn")


def _number(text: str) -> int:
    if not text.isdigit():
        raise Answer(400, "BadArgument", f"{text!r} is no page size")
    return int(text)


def _continued(token: str) -> int:
    try:
        return int(base64.urlsafe_b64decode(token.encode()) or 0)
    except (ValueError, binascii.Error):
        raise Answer(400, "BadArgument", "Invalid continuation token.") from None


METHODS: dict[str, Method] = {
    "teams.create": Connector.create,
    "teams.post": Connector.post,
    "teams.update": Connector.update,
    "teams.delete": Connector.delete,
    "teams.member": Connector.member,
    "teams.members": Connector.members,
    "teams.paged_members": Connector.paged_members,
}
CONVERSATION = "/v3/conversations/{conversation}"
PATHS = (
    ("POST", "/v3/conversations", "teams.create"),
    ("POST", f"{CONVERSATION}/activities", "teams.post"),
    ("POST", f"{CONVERSATION}/activities/{{activity}}", "teams.post"),
    ("PUT", f"{CONVERSATION}/activities/{{activity}}", "teams.update"),
    ("DELETE", f"{CONVERSATION}/activities/{{activity}}", "teams.delete"),
    ("GET", f"{CONVERSATION}/members", "teams.members"),
    ("GET", f"{CONVERSATION}/members/{{member}}", "teams.member"),
    ("GET", f"{CONVERSATION}/pagedmembers", "teams.paged_members"),
)
