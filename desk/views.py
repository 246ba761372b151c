"""Modals and App Homes: triggers, the stack of at most three, hashes."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace

from desk import state
from desk.values import Json, Refused, Values, View

TRIGGER_SECONDS = 3.0
MOST_VIEWS = 3


@dataclass
class Trigger:
    user: str
    made_at: float
    used: bool = False


class Views:
    def __init__(self, now: Callable[[], float], changed: Callable[[str, str], None]) -> None:
        self._now, self._changed = now, changed
        self._triggers: dict[str, Trigger] = {}
        self._stacks: dict[str, list[View]] = {}
        self._homes: dict[str, View] = {}
        self._counter = itertools.count(1)

    def trigger(self, user: str) -> str:
        trigger_id = f"{next(self._counter)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        self._triggers[trigger_id] = Trigger(user, self._now())
        while len(self._triggers) > 1000:
            del self._triggers[next(iter(self._triggers))]
        return trigger_id

    def stack(self, user: str) -> list[View]:
        return list(self._stacks.get(user, ()))

    def top(self, user: str) -> View | None:
        stack = self._stacks.get(user)
        return stack[-1] if stack else None

    def home(self, user: str) -> View | None:
        return self._homes.get(user)

    def find(self, view_id: str) -> View:
        for view in self._all():
            if view.id == view_id:
                return view
        raise Refused("not_found")

    def by_external_id(self, external_id: str) -> View:
        for view in self._all():
            if external_id and view.external_id == external_id:
                return view
        raise Refused("not_found")

    def open(self, trigger_id: str, content: Json) -> View:
        self._refuse_taken(content)
        user = self._spend(trigger_id)
        self._stacks[user] = []
        return self._place(user, content)

    def push(self, trigger_id: str, content: Json) -> View:
        self._refuse_taken(content)
        user = self._spend(trigger_id)
        if not self._stacks.get(user):
            raise Refused("not_found")
        return self.push_for(user, content)

    def push_for(self, user: str, content: Json) -> View:
        """Puts a view on top without a trigger, as an answer to a submission does."""
        if len(self._stacks[user]) >= MOST_VIEWS:
            raise Refused("push_limit_reached")
        return self._place(user, content)

    def update(self, view: View, content: Json, expected_hash: str | None = None) -> View:
        if expected_hash is not None and expected_hash != view.hash:
            raise Refused("hash_conflict")
        self._refuse_taken(content, but=view.id)
        content = {**content, "blocks": state.identified(content["blocks"])}
        values = state.initial(content["blocks"], kept=view.values)
        return self._replace(replace(view, content=content, hash=self._hash(), values=values, errors={}, notice=""))

    def publish(self, user: str, content: Json, expected_hash: str | None = None) -> View:
        old = self._homes.get(user)
        if old is not None:
            return self.update(old, content, expected_hash)
        self._refuse_taken(content)
        content = {**content, "blocks": state.identified(content["blocks"])}
        view_id = f"V0HOME{user[1:]}"
        self._homes[user] = View(view_id, user, content, self._hash(), view_id, None, state.initial(content["blocks"]))
        self._changed("home", user)
        return self._homes[user]

    def remember(self, view: View, values: Values) -> View:
        """What the person has typed so far; errors shown before are gone."""
        return self._replace(replace(self.find(view.id), values=values, errors={}, notice=""))

    def complain(self, view: View, errors: dict[str, str], notice: str = "") -> View:
        return self._replace(replace(self.find(view.id), errors=errors, notice=notice))

    def close(self, view: View) -> None:
        stack = self._stacks.get(view.user, [])
        self._stacks[view.user] = [each for each in stack if each.id != view.id]
        self._changed("view", view.user)

    def clear(self, user: str) -> None:
        self._stacks.pop(user, None)
        self._changed("view", user)

    def _all(self) -> list[View]:
        return [*itertools.chain.from_iterable(self._stacks.values()), *self._homes.values()]

    def _refuse_taken(self, content: Json, but: str = "") -> None:
        wanted = content.get("external_id")
        if wanted and any(view.external_id == wanted and view.id != but for view in self._all()):
            raise Refused("duplicate_external_id")

    def _spend(self, trigger_id: str) -> str:
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise Refused("invalid_trigger_id")
        if trigger.used:
            raise Refused("exchanged_trigger_id")
        if self._now() - trigger.made_at > TRIGGER_SECONDS:
            raise Refused("expired_trigger_id")
        trigger.used = True
        return trigger.user

    def _place(self, user: str, content: Json) -> View:
        content = {**content, "blocks": state.identified(content["blocks"])}
        stack = self._stacks.setdefault(user, [])
        view_id = f"V{next(self._counter):05d}{secrets.token_hex(3).upper()}"
        root, previous = (stack[0].id, stack[-1].id) if stack else (view_id, None)
        view = View(view_id, user, content, self._hash(), root, previous, state.initial(content["blocks"]))
        stack.append(view)
        self._changed("view", user)
        return view

    def _replace(self, view: View) -> View:
        if view.type == "home":
            self._homes[view.user] = view
            self._changed("home", view.user)
            return view
        stack = self._stacks.get(view.user, [])
        self._stacks[view.user] = [view if each.id == view.id else each for each in stack]
        self._changed("view", view.user)
        return view

    def _hash(self) -> str:
        return f"{int(self._now())}.{secrets.token_hex(4)}"
