"""The file to read: one page without scripts or anything from elsewhere, in the person's language and time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from html import escape
from typing import Any

from bot.clock import to_local
from bot.handlers.mydata.document import Gathered
from bot.storage.exports import CODED, LEFT_OUT, Entry, Held
from bot.texts import clock, current, long_day, long_moment, say, say_n, weekday

STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin-top: 2.5rem; border-bottom: 1px solid; }
.readers { opacity: .8; font-size: .9rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .9rem; }
th, td { text-align: start; vertical-align: top; padding: .3rem .6rem; border: 1px solid; }
article { border: 1px solid; border-radius: .5rem; padding: .5rem 1rem; margin: .8rem 0; break-inside: avoid; }
dl { display: grid; grid-template-columns: minmax(6rem, 14rem) 1fr; gap: .2rem 1rem; margin: 0; }
dt { font-weight: 600; }
dd { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
dd > article { white-space: normal; margin-top: 0; }
@media (max-width: 40rem) { dl { display: block; } dd { margin-bottom: .5rem; } }
@media print { body { margin: 0; max-width: none; } }
"""


def draw(made: Gathered, zone: str, summaries: Mapping[str, str]) -> str:
    """`summaries` are the names of conversations, marked."""
    title = escape(say("What Rapport stores about {name}", name=made.name))
    when = long_moment(to_local(made.made_at, zone))
    stamp = escape(say("Made {when}. All times are in your zone, {zone}.", when=when, zone=zone))
    body = "".join(_Part(held, zone, summaries).draw(entries) for held, entries in made.parts)
    left = "".join(f"<li>{escape(say(why))}</li>" for why in LEFT_OUT.values())
    return (
        f'<!doctype html>\n<html lang="{escape(current().replace("_", "-"))}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{title}</title><style>{STYLE}</style></head><body><h1>{title}</h1><p>{stamp}</p>{body}"
        f"<h2>{escape(say('What is not in this file'))}</h2><ul>{left}</ul></body></html>\n"
    )


class _Part:
    def __init__(self, held: Held, zone: str, summaries: Mapping[str, str]) -> None:
        self._held, self._zone, self._summaries = held, zone, summaries

    def draw(self, entries: list[Entry]) -> str:
        held = self._held
        count = say_n("{count} entry", "{count} entries", len(entries))
        readers = say("Read by: {readers}", readers=say(held.readers))
        inside = self._entries(entries) if entries else f"<p>{escape(say('Nothing.'))}</p>"
        return (
            f'<h2>{escape(say(held.title))} <small>({escape(count)})</small></h2><p class="readers">{escape(readers)}'
            f"</p>{inside}"
        )

    def _entries(self, entries: list[Entry]) -> str:
        """A table where each value is small, else one block an entry; what is empty everywhere is left out."""
        keys = [key for key in entries[0] if any(one.get(key) not in (None, "", [], {}) for one in entries)]
        nested = any(isinstance(one.get(key), list | dict) for one in entries for key in keys)
        if nested or len(entries) == 1 or any("text" in one for one in entries):
            return "".join(f"<article>{self._list(one)}</article>" for one in entries)
        head = "".join(f"<th>{self._label(key)}</th>" for key in keys)
        rows = "".join(
            f"<tr>{''.join(f'<td>{self._value(key, one.get(key))}</td>' for key in keys)}</tr>" for one in entries
        )
        return f'<div class="scroll"><table><tr>{head}</tr>{rows}</table></div>'

    def _list(self, entry: Mapping[str, Any]) -> str:
        shown = {key: value for key, value in entry.items() if value not in (None, "", [], {})}
        pairs = (f"<dt>{self._label(key)}</dt><dd>{self._value(key, value)}</dd>" for key, value in shown.items())
        return f"<dl>{''.join(pairs)}</dl>"

    def _label(self, key: str) -> str:
        known = self._held.labels.get(key)
        return escape(say(known) if known else key)

    def _value(self, key: str, value: Any) -> str:
        if isinstance(value, Mapping):
            return self._list(value)
        if isinstance(value, list | tuple):
            inside = (self._value(key, one) for one in value)
            nested = any(isinstance(one, Mapping) for one in value)
            return "".join(f"<article>{one}</article>" for one in inside) if nested else "<br>".join(inside)
        return escape(self._word(key, value))

    def _word(self, key: str, value: Any) -> str:
        """What a person reads for one plain value."""
        if value is None:
            return ""
        if isinstance(value, bool):
            return say("Yes") if value else say("No")
        if isinstance(value, datetime):
            return long_moment(to_local(value, self._zone))
        if isinstance(value, date):
            return long_day(value)
        if isinstance(value, time):
            return clock(value)
        if key == "work_days":
            return ", ".join(weekday(int(number)) for number in str(value).split(",") if number)
        if key == "carried":
            line, _, choice = str(value).rpartition(": ")
            return f"{line}: {_chosen(choice)}"
        words = self._summaries if key == "conversation" else self._held.words if key in CODED else {}
        return say(words[value]) if isinstance(value, str) and value in words else str(value)


def _chosen(choice: str) -> str:
    return {"done": say("Done"), "carry_on": say("Carry on"), "drop": say("Drop")}.get(choice, choice)
