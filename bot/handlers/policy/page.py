"""The package to read and print: one page without scripts or anything from elsewhere, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from html import escape
from typing import Any

from bot.conversation.features import BASES, NEVER
from bot.conversation.features import FEATURES as WORDS
from bot.conversation.roles import ROLES
from bot.handlers.policy import rights
from bot.handlers.policy.package import Package
from bot.handlers.policy.words import BREAK_GLASS, DPIA, LIMITS, NOT_EVALUATED, REASONS, RECORDS, STATES
from bot.rules.policy import BY_KEY
from bot.texts import current, long_day, say, say_n

STYLE = """
:root { color-scheme: light dark; }
body { font: 15px/1.45 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin-top: 2.2rem; border-bottom: 1px solid; break-after: avoid; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .85rem; width: 100%; }
th, td { text-align: start; vertical-align: top; padding: .25rem .5rem; border: 1px solid; hyphens: manual; }
tr { break-inside: avoid; }
@page { size: landscape; }
@media print { .scroll { overflow: visible; } body { margin: 0; max-width: none; font-size: 11px; } }
"""


def draw(made: Package) -> str:
    title = say("What Rapport does here: package {number}", number=made.number)
    stamp = say("Made on {day} from the running configuration. It names no person.", day=long_day(made.made_at.date()))
    parts = (
        _preset(made), _changes(made), _features(made), _roles(made), _access(made), _retention(made), _dpia(),
        _part(say("What is not evaluated"), _list([*map(say, NEVER), say(NOT_EVALUATED)])), _notice(made),
    )  # fmt: skip
    return (
        f'<!doctype html>\n<html lang="{escape(current().replace("_", "-"))}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body><h1>{escape(title)}</h1>"
        f"<p>{escape(stamp if not made.names else '')}</p>{''.join(parts)}</body></html>\n"
    )


def _preset(made: Package) -> str:
    found = made.body["preset"]
    lines = [say("Preset: {preset}, retention terms: {terms}", preset=found["name"], terms=found["retention"])]
    lines += [say("Chosen on {day}", day=_day(found["since"]))] if found["since"] else []
    lines += [say("Date of the agreement: {day}", day=_day(found["agreed_on"]))] if found["agreed_on"] else []
    lines += [say(LIMITS[limit]) for limit in found["limits"]]
    unplaced = made.body["people_without_country"]
    lines += [
        say_n(
            "{count} person has no country in the list of people and stands under the rules of every site.",
            "{count} people have no country in the list of people and stand under the rules of every site.", unplaced,
        )
    ] if unplaced else []  # fmt: skip
    return _part(say("Preset"), _list(lines))


def _changes(made: Package) -> str:
    if made.before is None:
        return ""
    since = say("Since package {number} of {day}", number=made.before.number, day=long_day(made.before.made_at.date()))
    if not made.changes:
        return _part(since, f"<p>{escape(say('Nothing has changed.'))}</p>")
    rows = [(path, _plain(was), _plain(now)) for path, was, now in made.changes]
    return _part(since, _table((say("What"), say("Before"), say("Now")), rows))


def _features(made: Package) -> str:
    heads = (
        say("Feature"), say("Where"), say("State"), say("Since"), say("Switched by"), say("Reason"), say("What for"),
        say("Which data"), say("Who sees it"), say("Legal basis"),
    )  # fmt: skip
    rows = []
    for key, one in made.body["features"].items():
        told = WORDS[key]
        places = [(say("Whole company"), one["company"]), *one["sites"].items()]
        for at, (place, switch) in enumerate(places):
            words = (told.purpose, told.data, told.seen_by) if at == 0 else ("", "", "")
            basis = switch["legal_basis"] or _proposed(key)
            rows.append((say(told.title), place, *_state(switch), *(say(one) if one else "" for one in words), basis))
    return _part(say("Features"), _table(heads, rows))


def _proposed(feature: str) -> str:
    """What the employer may confirm, where nothing was recorded."""
    usual = BY_KEY[feature].basis
    return say(BASES[usual]) if usual == "none" else say("Proposed, to be confirmed: {basis}", basis=say(BASES[usual]))


def _state(switch: dict[str, Any]) -> tuple[str, str, str, str]:
    state = say(STATES[switch["state"]])
    if switch.get("when_built") == "off":
        state = say("not built yet; stays off when it comes")
    who = {"a person": say("a named person"), "the command line": say("the command line")}
    return state, _day(switch["since"]), who.get(switch["by"], ""), _reason(switch["reason"])


def _reason(reason: str) -> str:
    kind, _, rest = reason.partition(":")
    if kind != "preset":
        return say(REASONS[kind])
    preset, _, why = rest.partition(":")
    told = say("preset {preset}", preset=preset)
    return f"{told}: {say(REASONS[why])}" if why else told


def _roles(made: Package) -> str:
    rows = [
        (say(rights.PARTIES[role]), say(ROLES[role]), _plain(found["holders"]), ", ".join(made.names.get(role, ())))
        for role, found in made.body["roles"].items()
    ]
    heads = [say("Role"), say("May"), say("Holders"), say("Names")]
    table = _table(heads, rows) if made.names else _table(heads[:3], [row[:3] for row in rows])
    return _part(say("Roles"), table) + _part(say("In an emergency"), _list([say(one) for one in BREAK_GLASS]))


def _access(made: Package) -> str:
    why = say("Made from the program's own table. Nobody may what does not stand here.")
    found: dict[str, dict[str, str]] = made.body["access"]
    rows = [(rights.right(one), "; ".join(rights.party(*who) for who in may.items())) for one, may in found.items()]
    return _part(say("Who may do what"), f"<p>{escape(why)}</p>{_table((say('Right'), say('Who')), rows)}")


def _retention(made: Package) -> str:
    rows = [(say(RECORDS[key]), _term(one), _run(one["last_run"])) for key, one in _terms(made)]
    return _part(say("How long what is kept"), _table((say("Record"), say("Term"), say("Last run")), rows))


def _terms(made: Package) -> Iterable[tuple[str, dict[str, Any]]]:
    found: dict[str, dict[str, Any]] = made.body["retention"]
    return found.items()


def _term(one: dict[str, Any]) -> str:
    kept = one["kept"]
    if kept is None:
        return say("Not by time")
    days = one["unit"] == "days"
    return say_n("{count} day", "{count} days", kept) if days else say_n("{count} month", "{count} months", kept)


def _run(last: str | None) -> str:
    return _day(last) if last else say("not yet")


def _dpia() -> str:
    inside = "".join(f"<h3>{escape(say(title))}</h3>{_list([say(one) for one in lines])}" for title, lines in DPIA)
    return _part(say("Data protection impact assessment: draft"), inside)


def _notice(made: Package) -> str:
    found = made.body["notice"]
    if found is None:
        return _part(say("Privacy notice"), f"<p>{escape(say('None yet: nobody has said who is responsible.'))}</p>")
    rows = [
        (say("Version"), f"{found['version']}, {_day(found['since'])}"),
        (say("Responsible"), found["controller"]),
        (say("Questions about your data"), found["contact"]),
        (say("Complaints"), found["authority"] or say("The data protection authority where you live or work")),
    ]
    rest = say("Purposes, data and readers in it are those of the features that are on where its reader works.")
    return _part(say("Privacy notice"), f"{_table((), rows)}<p>{escape(rest)}</p>")


def _part(title: str, inside: str) -> str:
    return f"<h2>{escape(title)}</h2>{inside}"


def _list(lines: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>"


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = "".join(f"<th>{escape(one)}</th>" for one in heads)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f'<div class="scroll"><table>{f"<tr>{head}</tr>" if head else ""}{body}</table></div>'


def _day(written: str | None) -> str:
    return long_day(date.fromisoformat(written)) if written else ""


def _plain(value: object) -> str:
    """Data as it stands, for what is only compared."""
    if value is None:
        return "–"
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_plain(one)}" for key, one in value.items())
    return ", ".join(map(_plain, value)) if isinstance(value, list) else str(value)
