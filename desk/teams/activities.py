"""What the service writes into the activities that it posts to the bot."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from desk.teams.tenant import Tenant
from desk.values import Json


class Activities:
    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self.service_url = ""

    def _base(self, user: str, kind: str, id_: str) -> Json:
        one, app = self._tenant.person(user), self._tenant.app
        now = datetime.fromtimestamp(self._tenant.now(), UTC)
        return {
            "type": kind,
            "id": id_,
            "timestamp": now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "channelId": "msteams",
            "serviceUrl": self.service_url,
            "from": {"id": one.account, "name": one.name, "aadObjectId": one.id},
            "conversation": {"conversationType": "personal", "tenantId": app.tenant, "id": one.conversation},
            "recipient": {"id": app.account, "name": app.name},
            "channelData": {"tenant": {"id": app.tenant}},
        }

    def _by_person(self, user: str, kind: str, id_: str) -> Json:
        """Something a person did; these know where the client is."""
        one = self._tenant.person(user)
        local = datetime.fromtimestamp(self._tenant.now(), ZoneInfo(one.tz)).isoformat(timespec="milliseconds")
        language, _, country = one.locale.partition("-")
        info = {
            "type": "clientInfo",
            "locale": one.locale,
            "country": country or language.upper(),
            "platform": "Web",
            "timezone": one.tz,
        }
        more = {"localTimestamp": local, "localTimezone": one.tz, "locale": one.locale, "entities": [info]}
        return self._base(user, kind, id_) | more

    def said(self, user: str, id_: str, typed: str) -> Json:
        """`@Rapport` and `@Linus Holm` become mentions, as the client offers them while one types."""
        text, mentions = self._mentioned(typed)
        activity = self._by_person(user, "message", id_) | {"text": text, "textFormat": "plain"}
        activity["entities"] += mentions
        return activity

    def _mentioned(self, typed: str) -> tuple[str, list[Json]]:
        known = {one.name: one.account for one in self._tenant.accounts.values()}
        known[self._tenant.app.name] = self._tenant.app.account
        # the longest name first, so that it is not cut short by one that begins like it
        names = "|".join(re.escape(name) for name in sorted(known, key=len, reverse=True))
        found: list[Json] = []

        def tagged(match: re.Match[str]) -> str:
            text = f"<at>{match[1]}</at>"
            found.append({"type": "mention", "mentioned": {"id": known[match[1]], "name": match[1]}, "text": text})
            return text

        return re.sub(rf"(?<!\S)@({names})(?!\w)", tagged, typed), found

    def submitted(self, user: str, id_: str, card: str, data: Json) -> Json:
        """A press on a card in the chat: a message without text, with the card's data."""
        activity = self._by_person(user, "message", id_) | {"value": data, "replyToId": card}
        activity["channelData"] |= {"source": {"name": "message"}, "legacy": {"replyToId": card}}
        return activity

    def invoked(self, user: str, name: str, value: Json, card: str = "") -> Json:
        activity = self._by_person(user, "invoke", f"f:{uuid.uuid4()}") | {"name": name, "value": value}
        activity["channelData"] |= {"source": {"name": "message"}}
        return activity | ({"replyToId": card} if card else {})

    def installed(self, user: str, *, there: bool) -> Json:
        told = self._base(user, "installationUpdate", f"f:{uuid.uuid4()}")
        told |= {"action": "add" if there else "remove", "locale": self._tenant.person(user).locale}
        told["channelData"] |= {"settings": {"selectedChannel": {"id": told["conversation"]["id"]}}}
        return told

    def joined(self, user: str) -> Json:
        """The bot is in this conversation."""
        added = [{"id": self._tenant.app.account}]
        return self._base(user, "conversationUpdate", f"f:{uuid.uuid4()}") | {"membersAdded": added}
