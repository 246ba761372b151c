"""A form as a modal, one page at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.forms import Field, Form, Group, Note, Raw, Yes
from bot.messages import Strong
from bot.platforms.slack.blocks import TITLE, VIEW, metadata, view_title
from bot.platforms.slack.elements import element, hint, legend
from bot.platforms.slack.escape import Block, context, plain
from bot.platforms.slack.lines import draw_lines, heading
from bot.texts import say

BACK = "page.back"
ADD = "group.add"
ENTRY = "entry."  # begins the action id of an input inside a group


def modal(
    form: Form,
    *,
    page: int,
    token: Mapping[str, object],
    raw: Raw | None = None,
    names: Mapping[str, str] | None = None,
    fresh: Mapping[str, int] | None = None,
) -> Block:
    """`page` counts from 0. `raw` is what was typed so far, over the form's own starts. `token` comes back in
    `private_metadata`; its "groups" says how many entries stand of each group. `names` are those of the people picked.

    Slack keeps what was typed in an input as long as its block id stays; a field whose start must win is drawn under a
    new one by counting up its `fresh`.
    """
    values = {**form.starts(), **(raw or {})}
    groups = token.get("groups")
    sheet = _Sheet(values, names or {}, fresh or {}, form.watched(), groups if isinstance(groups, Mapping) else {})
    count = len(form.pages)
    blocks = heading(form.title) if len(form.title) > TITLE else []
    if count > 1:
        blocks.append(context(say("Page {page} of {pages}", page=page + 1, pages=count)))
    blocks += [block for field in form.visible(values).pages[page] for block in sheet.field(field)]
    if page:
        back = {"type": "button", "action_id": BACK, "text": plain(say("Back"), 75)}
        blocks.append({"type": "actions", "elements": [back]})
    if not VIEW.holds(blocks):
        raise ValueError(f"page {page + 1} of the form {form.title!r} is larger than Slack shows")
    return {
        "type": "modal",
        "callback_id": "form",
        "title": view_title(form.title.strip() or say("Form")),
        "submit": plain(say("Next") if page < count - 1 else form.submit or say("Send"), TITLE),
        "close": plain(say("Cancel"), TITLE),
        "notify_on_close": False,
        "private_metadata": metadata(token),
        "blocks": blocks or [context(say("Nothing is asked here."))],
    }


@dataclass(frozen=True)
class _Sheet:
    values: Raw
    names: Mapping[str, str]
    fresh: Mapping[str, int]
    watched: frozenset[str]
    groups: Mapping[str, object]

    def field(self, field: Field[Any]) -> Iterator[Block]:
        match field:
            case Note():
                yield from draw_lines(((Strong(field.label),) if field.strong else field.label,))
                if told := hint(field):
                    yield context(told)
            case Group():
                yield from self._group(field)
            case _:
                yield from draw_lines(legend(field))
                drawn = element(field, self.values.get(field.key), self.names)
                yield self._input(field, field.key, drawn)

    def _group(self, group: Group) -> Iterator[Block]:
        yield from draw_lines(((Strong(group.label),),))
        if told := hint(group):
            yield context(told)
        entries = _entries(self.values.get(group.key))
        count = self._shown(group, entries)
        needed = max(group.least, 1 if group.required else 0)
        for index in range(count):
            entry = entries[index] if index < len(entries) else {}
            for field in group.fields:
                yield from self._in_entry(group, index, field, entry, needed=index < needed)
        if count < group.most:
            add = {"type": "button", "action_id": ADD, "value": group.key, "text": plain(say("Add another"), 75)}
            yield {"type": "actions", "elements": [add]}

    def _in_entry(self, group: Group, index: int, field: Field[Any], entry: Raw, *, needed: bool) -> Iterator[Block]:
        if isinstance(field, Note):
            yield from self.field(field)
            return
        if index == 0:
            yield from draw_lines(legend(field))
        drawn = element(field, entry.get(field.key), self.names)
        drawn["action_id"] = ENTRY + drawn["action_id"]
        block = self._input(field, group.key, drawn, f"{index}.{field.key}")
        if group.most > 1:
            label = say("{label} ({number})", label=field.label, number=index + 1)
            block["label"] = plain(label, 2000)
        # An entry begun by nobody is dropped, so nothing in it may be required.
        if not needed:
            block["optional"] = True
        yield block

    def _input(self, field: Field[Any], key: str, drawn: Block, inside: str = "") -> Block:
        block: Block = {
            "type": "input",
            "block_id": _block_id(key, inside, self.fresh.get(key, 0)),
            "label": plain(field.label, 2000),
            "element": drawn,
            # Slack would refuse an empty box, but an empty box is an answer.
            "optional": isinstance(field, Yes) or not field.required,
        }
        if told := hint(field):
            block["hint"] = plain(told, 2000)
        if key in self.watched:
            block["dispatch_action"] = True
        return block

    def _shown(self, group: Group, entries: list[Raw]) -> int:
        begun = [index + 1 for index, entry in enumerate(entries) if any(entry.values())]
        kept = self.groups.get(group.key)
        return min(max(group.least, 1, *begun, kept if isinstance(kept, int) else 0), group.most)


def _entries(raw: object) -> list[Raw]:
    return [entry if isinstance(entry, Mapping) else {} for entry in raw] if isinstance(raw, list) else []


def _block_id(key: str, inside: str, fresh: int) -> str:
    block_id = ".".join(filter(None, (key, inside))) + (f"~{fresh}" if fresh else "")
    if "~" in key + inside or len(block_id) > 255:
        raise ValueError(f"{key!r} cannot be the key of a field on Slack")
    return block_id
