"""What people do in Slack, told to the bot; and what its answers do to their screens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

from desk import payloads, state
from desk.blocks import checked_message, checked_options, checked_view
from desk.files import described
from desk.sending import Exchange, Sender
from desk.values import Json, Message, Refused, Values, View
from desk.workspace import Workspace

SLACKBOT = "USLACKBOT"
TROUBLE = "We had some trouble connecting. Try again?"


class NotSent(Exception):
    """Slack's own client stops here, before the bot hears of it; `errors` by block id."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("; ".join(f"{block}: {why}" for block, why in errors.items()))
        self.errors = errors


class Delivery:
    def __init__(
        self,
        bot_url: str,
        signing_secret: str,
        workspace: Workspace,
        retry_after: Iterable[float] = (0.0, 60.0, 300.0),
    ) -> None:
        self.sender = Sender(bot_url.rstrip("/"), signing_secret)
        self.retry_after = tuple(retry_after)
        self._space = workspace

    @property
    def exchanges(self) -> list[Exchange]:
        return list(self.sender.exchanges)

    async def close(self) -> None:
        await self.sender.close()

    async def command(self, user_id: str, command: str, text: str = "", channel: str | None = None) -> Exchange:
        channel = channel or self._space.open_channel(user_id)
        fields = payloads.command(self._space, user_id, command, text, channel)
        exchange = await self.sender.form("command", user_id, fields)
        if exchange.ok:
            return self._command_answer(exchange, fields["response_url"])
        why = "operation_timeout" if exchange.problem == "http_timeout" else "dispatch_failed"
        self._space.post(channel, SLACKBOT, f"{command} failed with the error “{why}”", only_for=user_id)
        return exchange

    async def say(self, user_id: str, text: str, thread: str | None = None) -> Exchange:
        """A message to the bot; `thread` is the message that it answers."""
        message = self._space.post(self._space.open_channel(user_id), user_id, text, thread=thread)
        return await self.sender.send_event(user_id, payloads.said(self._space, message), self.retry_after)

    async def hand(self, user_id: str, *files: tuple[str, bytes]) -> Exchange:
        """Files in the conversation with the bot."""
        brought = [described(self._space.files.bring(name, content), "") for name, content in files]
        message = self._space.post(self._space.open_channel(user_id), user_id, "", files=brought)
        return await self.sender.send_event(user_id, payloads.said(self._space, message), self.retry_after)

    async def home_opened(self, user_id: str, tab: str = "home") -> Exchange:
        payload = payloads.home_opened(self._space, user_id, tab)
        return await self.sender.send_event(user_id, payload, self.retry_after)

    async def event(self, user_id: str, inner: Json) -> Exchange:
        """Any other event, such as team_join."""
        return await self.sender.send_event(user_id, payloads.event(self._space, inner), self.retry_after)

    async def press(
        self,
        user_id: str,
        container: Message | View | str,
        action: str,
        value: Any = None,
        values: Values | None = None,
        seen: Json | None = None,
    ) -> Exchange:
        """Presses a button, or changes an input that tells the bot at once.

        `action` is an action_id, `block_id/action_id` or a button's label; `value` is what is chosen or typed, for
        other elements than buttons; `values` is what stands in the view by then. `seen` is the button as it stood on a
        screen that was behind: Slack sends that click too.
        """
        place = self._place(user_id, container)
        try:
            block, element = find_element(place.blocks, action)
        except LookupError:
            if seen is None or not isinstance(place, Message):
                raise
            block, element = {"block_id": action.partition("/")[0]}, checked_button(seen)
        values = values or (place.values if isinstance(place, View) else state.initial(place.blocks))
        given: Json = {}
        if element["type"] in state.KEYS:
            given = state.entry(element, value)
            inside = {**values.get(block["block_id"], {}), element["action_id"]: given}
            values = {**values, block["block_id"]: inside}
        elif element["type"] == "overflow":
            given = {"selected_option": next(o for o in element["options"] if value in (o["value"], o["text"]["text"]))}
        if isinstance(place, View):
            place = self._space.views.remember(place, values)
        done = payloads.action(block["block_id"], element, given, self._space.next_ts())
        payload = payloads.block_actions(self._space, user_id, place, [done], values)
        return await self.sender.interaction(user_id, payload)

    async def submit(
        self, user_id: str, view_id: str, values: Values | None = None, *, unchecked: bool = False
    ) -> Exchange:
        view = self._space.views.find(view_id)
        if not unchecked:
            self.refuse_unanswered(view, values)
        view = self._space.views.remember(view, view.values if values is None else values)
        exchange = await self.sender.interaction(user_id, payloads.view_submission(self._space, view))
        try:
            if not exchange.ok:
                raise Refused(exchange.problem)
            self._submission_answer(view, exchange)
        except Refused as refused:
            exchange = self.sender.replace_last(exchange, replace(exchange, problem=str(refused)))
            # the second of two clicks may find the form closed by the first
            with suppress(Refused):
                self._space.views.complain(view, {}, TROUBLE)
        return exchange

    def refuse_unanswered(self, view: View, values: Values | None) -> None:
        """Slack's own client does not send a form with an empty required field."""
        view = self._space.views.remember(view, view.values if values is None else values)
        missing = state.unanswered(view, view.values)
        if missing:
            self._space.views.complain(view, missing)
            raise NotSent(missing)

    async def close_view(self, user_id: str, view_id: str, *, all_views: bool = False) -> Exchange | None:
        """Cancel or Escape closes one view; the cross closes the whole stack."""
        all_views = all_views or bool(self._space.views.find(view_id).content.get("clear_on_close"))
        closing = reversed(self._space.views.stack(user_id)) if all_views else [self._space.views.find(view_id)]
        exchange = None
        for view in list(closing):
            self._space.views.close(view)
            if view.content.get("notify_on_close"):
                cleared = all_views and view.id != view.root
                payload = payloads.view_closed(self._space, view, cleared=cleared)
                exchange = await self.sender.interaction(user_id, payload)
        return exchange

    async def suggest(self, user_id: str, container: Message | View | str, action: str, typed: str) -> list[Json]:
        """The options that the bot offers for what was typed into an external select."""
        place = self._place(user_id, container)
        block, element = find_element(place.blocks, action)
        payload = payloads.suggestion(self._space, user_id, place, block["block_id"], element["action_id"], typed)
        exchange = await self.sender.interaction(user_id, payload)
        if not exchange.ok:
            raise Refused("no_options", exchange.problem)
        return checked_options(exchange.answer)

    async def redeliver(self, exchange: Exchange) -> Exchange:
        """The very same body once more, freshly signed; the screen does not change. Events say that they come again."""
        headers = {"Content-Type": exchange.request_headers["Content-Type"]}
        if headers["Content-Type"] == "application/json":
            headers |= {"x-slack-retry-num": "1", "x-slack-retry-reason": "http_timeout"}
        return await self.sender.send(exchange.kind, exchange.user, exchange.request_body, headers)

    def _place(self, user_id: str, container: Message | View | str) -> Message | View:
        """The container as it is now, not as the caller saw it."""
        if isinstance(container, Message):
            return self._space.message(container.channel, container.ts)
        return self._space.views.find(container.id if isinstance(container, View) else container)

    def _command_answer(self, exchange: Exchange, response_url: str) -> Exchange:
        body = exchange.response_body.decode(errors="replace")
        if not body.strip():
            return exchange
        answer = exchange.answer if isinstance(exchange.answer, dict) else {"text": body}
        hook = self._space.hooks.peek(response_url)
        try:
            blocks = checked_message(answer["blocks"]) if answer.get("blocks") else None
            if not (answer.get("text") or blocks):
                return exchange
            only_for = None if answer.get("response_type") == "in_channel" else hook.user
            author = self._space.identity.bot_user
            hook.ts = self._space.post(hook.channel, author, str(answer.get("text") or ""), blocks, None, only_for).ts
        except Refused as refused:
            return self.sender.replace_last(exchange, replace(exchange, problem=str(refused)))
        return exchange

    def _submission_answer(self, view: View, exchange: Exchange) -> None:
        views = self._space.views
        if not exchange.response_body.strip():
            views.close(view)
            return
        answer = exchange.answer
        kind = answer.get("response_action") if isinstance(answer, dict) else None
        if answer == {}:
            views.close(view)
        elif kind == "clear":
            views.clear(view.user)
        elif kind == "errors":
            views.complain(view, _errors(view, answer.get("errors")))
        elif kind == "update":
            views.update(views.find(view.id), checked_view(answer.get("view"), "modal"))
        elif kind == "push":
            views.push_for(view.user, checked_view(answer.get("view"), "modal"))
        else:
            raise Refused("invalid_response_action", exchange.response_body.decode(errors="replace")[:200])


def _errors(view: View, errors: object) -> dict[str, str]:
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not errors.keys() <= inputs:
        raise Refused("invalid_errors", f"{errors!r} must be by block_id of the inputs {sorted(inputs)}")
    return {str(block): str(why) for block, why in errors.items()}


def buttons(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    for block in blocks:
        for element in state.elements(block):
            yield block, element


def checked_button(seen: Json) -> Json:
    if seen.get("type") != "button" or not isinstance(seen.get("action_id"), str):
        raise ValueError("only a button can be pressed on a screen that is behind")
    return seen


def find_element(blocks: list[Json], action: str) -> tuple[Json, Json]:
    found = list(buttons(blocks))
    for matches in (
        [each for each in found if f"{each[0]['block_id']}/{each[1].get('action_id')}" == action],
        [each for each in found if each[1].get("action_id") == action],
        [each for each in found if each[1].get("text", {}).get("text") == action],
    ):
        if len(matches) == 1:
            return matches[0]
        if matches:
            raise LookupError(f"{len(matches)} elements are called {action!r}; say block_id/action_id")
    known = [str(each[1].get("text", {}).get("text") or each[1].get("action_id")) for each in found]
    raise LookupError(f"nothing called {action!r}; there are {known}")
