"""What people do in Teams, told to the bot; and what its answers do to their screens."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from desk.deliver import NotSent
from desk.sending import Exchange
from desk.teams import answers, cards, filling
from desk.teams.activities import Activities
from desk.teams.sending import Sender
from desk.teams.tenant import Tenant
from desk.teams.values import CONSENT, Activity, Dialog
from desk.values import Json, Refused

TROUBLE = "Something went wrong. Try again."
THEME = {"theme": "default"}


class Delivery:
    def __init__(self, tenant: Tenant, activities: Activities, sender: Sender) -> None:
        self.sender = sender
        self._tenant, self._activities = tenant, activities

    @property
    def exchanges(self) -> list[Exchange]:
        return list(self.sender.exchanges)

    async def close(self) -> None:
        await self.sender.close()

    async def install(self, user: str) -> Exchange:
        """The app is added for this person; the bot hears of it, and where they are."""
        self._tenant.change(user, installed=True)
        await self.sender.send(self._activities.installed(user, there=True))
        return await self._join(user)

    async def _join(self, user: str) -> Exchange:
        exchange = await self.sender.send(self._activities.joined(user))
        if exchange.ok:
            self._tenant.bot_knows(user, self._activities.service_url)
        return exchange

    async def uninstall(self, user: str) -> Exchange:
        self._tenant.change(user, installed=False)
        return await self.sender.send(self._activities.installed(user, there=False))

    async def install_all(self) -> None:
        """As an administrator does it by policy. Who has the app already is left alone, unless the desk has moved to
        another port since: then the bot hears where the service is now."""
        for one in list(self._tenant.accounts.values()):
            told = self._tenant.told_at(one.id)
            if one.installed and not told:
                await self.install(one.id)
            elif one.installed and told != self._activities.service_url:
                await self._join(one.id)

    async def say(self, user: str, text: str) -> Exchange:
        message = self._tenant.post(self._tenant.person(user).id, user, text)
        return await self.sender.send(self._activities.said(user, message.id, text))

    async def hand(self, user: str, *files: tuple[str, bytes]) -> Exchange:
        """Files in the person's own chat with the bot."""
        message = self._tenant.post(self._tenant.person(user).id, user, ", ".join(name for name, _ in files))
        brought = [self._tenant.files.bring(name, content) for name, content in files]
        return await self.sender.send(self._activities.said(user, message.id, "") | {"attachments": brought})

    async def press(
        self, user: str, place: Activity | Dialog, label: str, values: dict[str, Any] | None = None
    ) -> Exchange:
        """Presses a button of a message or of the open dialog.

        `label` is what stands on it or its id or, where several are alike, `phrase/last id`. A button that asks first
        is pressed with its yes. `values` is what stands in the inputs beside it.
        """
        if isinstance(place, Dialog):
            return await self.submit(user, values, label, unchecked=True)
        now = self._tenant.message(user, place.id)
        card, action = cards.inside(now.cards, label)
        entered = filling.initial(card) | filling.entered(card, values or {})
        return await self.act(user, now.id, filling.data_of(action, entered))

    async def act(self, user: str, message: str, data: Json) -> Exchange:
        """What a press on a card in the chat sends; `data` as the client has put it together."""
        kind = data.get("msteams")
        if isinstance(kind, dict) and kind.get("type") == "task/fetch":
            value = {"data": data, "context": THEME}
            return await self._dialog_answer(user, None, self._activities.invoked(user, "task/fetch", value, message))
        return await self.sender.send(self._activities.submitted(user, self._tenant.next_id(), message, data))

    async def submit(
        self, user: str, values: dict[str, Any] | None = None, label: str = "", *, unchecked: bool = False
    ) -> Exchange:
        """Presses a button of the open dialog: the one that sends it, or goes on, if nothing else is said."""
        dialog = self.open_dialog(user)
        action = cards.named(dialog.card, label) if label else cards.primary(dialog.card)
        dialog = self._tenant.show(dialog.typed(filling.entered(dialog.card, values or {})))
        missing = filling.unanswered(dialog.card, dialog.values)
        if missing and not unchecked and action.get("associatedInputs") != "none":
            self._tenant.show(replace(dialog, missing=missing))
            raise NotSent(missing)
        return await self.send_dialog(user, dialog.id, filling.data_of(action, dialog.values))

    async def send_dialog(self, user: str, dialog_id: str, data: Json) -> Exchange:
        """What a press in a dialog sends; `data` as the client has put it together."""
        dialog = self.open_dialog(user)
        if dialog.id != dialog_id:
            raise Refused("not_found")
        activity = self._activities.invoked(user, "task/submit", {"data": data, "context": THEME})
        return await self._dialog_answer(user, dialog, activity)

    def close_dialog(self, user: str) -> None:
        """The cross, or Escape; the bot does not hear of it."""
        self._tenant.close_dialog(user)

    def open_dialog(self, user: str) -> Dialog:
        dialog = self._tenant.dialog(user)
        if dialog is None:
            raise Refused("not_found")
        return dialog

    def type_in(self, user: str, values: dict[str, Any]) -> None:
        """Typed into the open dialog, and not sent."""
        dialog = self.open_dialog(user)
        self._tenant.show(dialog.typed(filling.entered(dialog.card, values)))

    async def suggest(self, user: str, place: Activity | Dialog | str, field: str, typed: str) -> list[Json]:
        """What the bot offers for what was typed into a choice that is looked up: [{title, value}]. A place is named
        by the id of its message; "" is the open dialog."""
        if isinstance(place, str):
            place = self._tenant.message(user, place) if place else self.open_dialog(user)
        inside = [place.card] if isinstance(place, Dialog) else place.cards
        found = [each for card in inside for each in cards.inputs(card) if each["id"] == field]
        query = (found[0] if found else {}).get("choices.data")
        if not isinstance(query, dict) or query.get("type") != "Data.Query":
            raise LookupError(f"{field!r} is not looked up")
        options = {"skip": int(query.get("skip") or 0), "top": int(query.get("count") or 15)}
        value = {
            "queryText": typed,
            "queryOptions": options,
            "dataset": str(query.get("dataset", "")),
            "kind": "search",
        }
        card = "" if isinstance(place, Dialog) else place.id
        exchange = await self.sender.send(self._activities.invoked(user, "application/search", value, card))
        if not exchange.ok:
            raise Refused("no_options", exchange.problem)
        return answers.offered(exchange.answer)

    async def consent(self, user: str, message: str, accepted: bool) -> Exchange:
        """Whether a file that the bot offers may be stored; who says yes gives it an address to upload to."""
        found = self._tenant.message(user, message)
        offer = next((each for each in found.attachments if each["contentType"] == CONSENT), None)
        if offer is None or found.settled:
            raise Refused("not_found")
        verb = "accept" if accepted else "decline"
        value: Json = {"type": "fileUpload", "action": verb, "context": offer["content"].get(f"{verb}Context") or {}}
        if accepted:
            value["uploadInfo"] = self._tenant.files.announce(str(offer["name"]))
        self._tenant.put(replace(found, settled=verb))
        exchange = await self.sender.send(self._activities.invoked(user, "fileConsent/invoke", value, message))
        if not exchange.ok:
            # it may be said once more
            self._tenant.put(replace(self._tenant.message(user, message), settled=""))
        return exchange

    async def redeliver(self, exchange: Exchange) -> Exchange:
        return await self.sender.redeliver(exchange)

    async def _dialog_answer(self, user: str, dialog: Dialog | None, activity: Json) -> Exchange:
        exchange = await self.sender.send(activity)
        try:
            if not exchange.ok:
                raise Refused(exchange.problem)
            self._show(user, dialog, exchange)
        except (Refused, AttributeError, KeyError, TypeError, ValueError) as refused:
            # whatever a bot may answer that is no card
            problem = str(refused) if isinstance(refused, Refused) else f"invalid_task: {refused}"
            exchange = self.sender.replace_last(exchange, replace(exchange, problem=problem))
            now = self._tenant.dialog(user)
            if dialog is not None and now is not None and now.id == dialog.id:
                self._tenant.show(replace(now, notice=TROUBLE))
        return exchange

    def _show(self, user: str, dialog: Dialog | None, exchange: Exchange) -> None:
        """A card takes the dialog's place, words stand alone in it, nothing closes it. Who has closed it meanwhile is
        left alone."""
        if dialog is not None and self._tenant.dialog(user) is None:
            return
        task = exchange.answer.get("task") if isinstance(exchange.answer, dict) else None
        if not exchange.response_body.strip() or not task:
            if dialog is None:
                # nothing opens: the answer, if there is one, comes as a message
                return
            self._tenant.close_dialog(user)
        elif not isinstance(task, dict):
            raise Refused("invalid_task", "task is an object")
        elif task.get("type") == "message" and isinstance(task.get("value"), str):
            card = answers.words(task["value"])
            self._tenant.open_dialog(user, dialog.title if dialog else "", card)
        elif task.get("type") == "continue":
            self._turn(user, dialog, task.get("value"))
        else:
            raise Refused("invalid_task", exchange.response_body.decode(errors="replace")[:200])

    def _turn(self, user: str, dialog: Dialog | None, value: Any) -> None:
        title, card, size = answers.card(value)
        opened = self._tenant.open_dialog(user, title or (dialog.title if dialog else ""), card, size)
        self._tenant.show(opened.typed(filling.initial(card)))
