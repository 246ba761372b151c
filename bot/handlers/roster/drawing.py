"""The message of a list that HR sent: what it would do and what may be pressed, what is wrong, or what was done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from bot.handlers.roster.unled import first, without_manager
from bot.messages import Button, Message, Section
from bot.storage.roster_uploads import CANCELLED, DONE, EXPIRED, IMPORTING, READY, UNREAD, WRONG, RosterUpload
from bot.texts import day, say, say_n

SHOWN = 10
IMPORT, CANCEL = "roster.import", "roster.cancel"
Found = Mapping[str, Any]
# By kind of change: how it is told before, and after.
BEFORE: Mapping[str, Callable[[int, str], str]] = {
    "join": lambda count, names: say_n("{count} joins: {names}", "{count} join: {names}", count, names=names),
    "later": lambda count, names: say_n(
        "{count} joins later: {names}", "{count} join later: {names}", count, names=names
    ),
    "return": lambda count, names: say_n(
        "{count} comes back: {names}", "{count} come back: {names}", count, names=names
    ),
    "leave": lambda count, names: say_n("{count} leaves: {names}", "{count} leave: {names}", count, names=names),
    "manager": lambda count, names: say_n(
        "{count} changes manager: {names}", "{count} change manager: {names}", count, names=names
    ),
    "dotted": lambda count, names: say_n(
        "{count} changes dotted lines: {names}", "{count} change dotted lines: {names}", count, names=names
    ),
    "department": lambda count, names: say_n(
        "{count} changes department: {names}", "{count} change department: {names}", count, names=names
    ),
    "email": lambda count, names: say_n(
        "{count} changes e-mail: {names}", "{count} change e-mail: {names}", count, names=names
    ),
    "other": lambda count, names: say_n(
        "{count} changes otherwise: {names}", "{count} change otherwise: {names}", count, names=names
    ),
}
AFTER: Mapping[str, Callable[[int], str]] = {
    "join": lambda count: say_n("{count} joined", "{count} joined", count),
    "return": lambda count: say_n("{count} came back", "{count} came back", count),
    "leave": lambda count: say_n("{count} left", "{count} left", count),
    "manager": lambda count: say_n("{count} changed manager", "{count} changed manager", count),
    "dotted": lambda count: say_n("{count} changed dotted lines", "{count} changed dotted lines", count),
    "department": lambda count: say_n("{count} changed department", "{count} changed department", count),
    "email": lambda count: say_n("{count} changed e-mail", "{count} changed e-mail", count),
    "other": lambda count: say_n("{count} changed otherwise", "{count} changed otherwise", count),
}


def card(row: RosterUpload, note: str = "") -> Message:
    found = row.found()
    if row.state == READY:
        return _ready(row, found, note)
    if row.state == WRONG:
        return _wrong(row, found)
    if row.state == UNREAD:
        at = say("Line {line}:", line=found["line"]) if found["line"] else say("The file")
        return Message(say("{file} cannot be read", file=row.file), (f"{at} {found['why']}", nothing()))
    if row.state == DONE:
        return _done(found)
    title, line = {
        IMPORTING: (say("Importing {file}", file=row.file), say("Piece by piece; this message says when it is done.")),
        CANCELLED: (say("{file} was not imported", file=row.file), nothing()),
        EXPIRED: (say("{file} waits no longer", file=row.file), _deleted()),
    }.get(row.state, (say("I am reading {file}", file=row.file), say("Nothing is changed before you press Import.")))
    return Message(title, (line, note) if note else (line,))


def refusal() -> Message:
    return Message(say("I read no files"), (say("It was not fetched and is stored nowhere here."),))


def nothing() -> str:
    return say("Nothing was imported.")


def as_file(faults: Sequence[Sequence[Any]]) -> bytes:
    """Every fault on a line of its own."""
    return "\n".join(_fault(one) for one in faults).encode()


def _deleted() -> str:
    return say("It was deleted after a day. Send it again to import it.")


def _fault(fault: Sequence[Any]) -> str:
    line, column, why = fault
    if column:
        return say("Line {line}, {column}: {why}", line=line, column=column, why=why)
    return say("Line {line}: {why}", line=line, why=why)


def _wrong(row: RosterUpload, found: Found) -> Message:
    faults = found["faults"]
    title = say_n("{count} mistake in {file}", "{count} mistakes in {file}", len(faults), file=row.file)
    lines = [_fault(one) for one in faults[:SHOWN]]
    if len(faults) > SHOWN:
        lines.append(say("These are the first; all of them are in the file below."))
    begun = say("What was imported before stays. Mend it and send it again.")
    lines.append(begun if found.get("changed") else say("Nothing was imported. Mend it and send it again."))
    return Message(title, tuple(lines))


def _ready(row: RosterUpload, found: Found, note: str) -> Message:
    part, whole = found["part"], found["whole"]
    title = say_n("{file}: {count} person", "{file}: {count} people", found["rows"], file=row.file)
    lines = [*([note] if note else []), *_notes(found), *_differences(part["names"])]
    lines.append(say_n("{count} as before", "{count} as before", part["same"]))
    lines += without_manager(part)
    buttons = [_import(row, part)] if part["counts"] else []
    sections: tuple[Section, ...] = ()
    if whole is None:
        why = _fault(found["not_whole"][0])
        sections = (Section(say("It cannot be the full list"), (why,)),)
    elif whole["leave"] > part["leave"]:
        sections = (_as_full_list(whole),)
        buttons.append(_import_full(row, whole))
    cancel = Button(say("Cancel"), CANCEL, row.id)
    return Message(title, tuple(lines), sections=sections, buttons=(*buttons, cancel))


def _notes(found: Found) -> Iterator[str]:
    if found["note"]:
        yield found["note"]
    if found["unused"]:
        yield say("Not used: {columns}", columns=", ".join(found["unused"]))
    if found["never"]:
        yield say("Never stored, whatever the file says: {columns}", columns=", ".join(found["never"]))


def _differences(names: Mapping[str, Any]) -> Iterator[str]:
    for kind, told in BEFORE.items():
        if kind in names:
            count, some = names[kind]
            yield told(count, first(count, [_with(kind, *each) for each in some]))


def _with(kind: str, name: str, then: str) -> str:
    if kind == "later":
        return say("{name} (on {day})", name=name, day=day(date.fromisoformat(then)))
    if kind in ("manager", "department"):
        return say("{name} (now {what})", name=name, what=then or say("none"))
    return say("{name} (now {what})", name=name, what=then) if then else name


def _as_full_list(whole: Found) -> Section:
    count, some = whole["names"]["leave"]
    names = first(count, [name for name, _ in some])
    lines = [say_n("{count} would leave: {names}", "{count} would leave: {names}", count, names=names)]
    lines += without_manager(whole)
    return Section(say("If it is the full list"), tuple(lines))


def _import(row: RosterUpload, part: Found) -> Button:
    confirm = _brake(part) if part["braked"] else say("Who is not in the list stays as they are.")
    return Button(say("Import"), IMPORT, row.id, "part", part["leave"], style="primary", confirm=confirm)


def _import_full(row: RosterUpload, whole: Found) -> Button:
    """The number stands on it: who presses it has read it."""
    count = whole["leave"]
    label = say_n("Import, and {count} not in it has left", "Import, and {count} not in it have left", count)
    confirm = _brake(whole) if whole["braked"] else say("They are asked and sent nothing more from then on.")
    return Button(label, IMPORT, row.id, "whole", count, style="danger", confirm=confirm)


def _brake(found: Found) -> str:
    count, here = found["leave"], found["here"]
    return say_n(
        "{count} of {here} people would be deactivated ({share} %). Was the file cut short?",
        "{count} of {here} people would be deactivated ({share} %). Was the file cut short?",
        count, here=here, share=round(count * 100 / here),
    )  # fmt: skip


def _done(found: Found) -> Message:
    counts = found["counts"]
    told = [words(counts[kind]) for kind, words in AFTER.items() if kind in counts]
    if not told:
        return Message(say("Nothing was to be changed"))
    return Message(say("Imported: {what}", what=", ".join(told)))
