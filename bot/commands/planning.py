"""`rapport programme apply` and `show`: drafts from a file, and every programme in the words of that file."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

import bot.handlers
from bot.cadence import load_cadence
from bot.clock import Clock
from bot.commands import programme_file
from bot.conversation import discover
from bot.questions.entries import Entry
from bot.questions.stored import asked_by
from bot.storage.audit import record
from bot.storage.database import Database
from bot.storage.members import list_people, size
from bot.storage.programmes import Member, Programme, all_programmes


def apply_programmes(database: Database, clock: Clock, file: Path) -> str:
    """Makes drafts and changes them, all or nothing; one that runs is left as it is. Nothing is ever started here."""
    entries = programme_file.read(file)
    with database.transaction() as db:
        lines = [_applied(db, clock, entry) for entry in entries]
    return "\n".join([*lines, "Nobody is written to before you start it: /review programmes."])


def show_programmes(database: Database, clock: Clock) -> str:
    """A file that `apply` reads; how each stands is a comment."""
    with database.transaction() as db:
        told = [(_state(db, one, clock), programme_file.told(db, one)) for one in reversed(all_programmes(db))]
    if not told:
        return "There are no programmes. Make one with 'rapport programme apply FILE.yaml' or /review programmes."
    return "\n".join(["programmes:", *(_block(state, words) for state, words in told)])


def _applied(db: Session, clock: Clock, entry: Entry) -> str:
    able = {one.name: one for one in discover(bot.handlers).conversations.values() if one.cadence}
    if entry["ask"] not in able:
        raise entry.wrong("ask", f"'{entry['ask']}' cannot be asked. These can: {', '.join(able)}")
    whom = programme_file.population_of(db, entry)
    people = whom.pop("people")
    name = f"{entry['ask']} for {_called(entry)}"
    known = _known(db, entry["ask"], whom)
    questions = asked_by(db, able[entry["ask"]], clock.real())
    # Every second week goes on counting from where it began.
    counted = load_cadence(known.cadence).anchor if known else None
    cadence = programme_file.cadence_of(entry, counted or clock.now().date())
    if known is None:
        known = Programme(conversation=entry["ask"], version=0, created_at=clock.real())
    before = programme_file.told(db, known) if known.version else {}
    if known.started_at is None:
        columns = {**whom, "cadence": cadence.dump(), "question_set_id": questions and questions.id}
        _write(db, clock, known, columns, people)
    wanted = programme_file.told(db, known) if known.started_at is None else _wanted(entry, before)
    differs = [f"  {key}: {before.get(key, 'none')} → {wanted.get(key, 'none')}" for key in {**before, **wanted}
               if before.get(key) != wanted.get(key)]  # fmt: skip
    if known.started_at is not None:
        if not differs:
            return f"{name}: runs as it stands in the file."
        return "\n".join([f"{name}: runs, and is changed in the chat only. The file differs:", *differs])
    if not before:
        verb, differs = "programme.drafted", []
        said = f"{name}: new draft ({size(db, known, clock.now())} people)."
    elif differs:
        verb, said = "programme.redrafted", f"{name}: draft changed."
    else:
        return f"{name}: draft as before."
    record(
        db, clock.real(), verb, actor=None, kind="programme", object_id=known.id, population=known.population,
        cadence=known.cadence, version=known.version,
    )  # fmt: skip
    return "\n".join([said, *differs])


def _known(db: Session, conversation: str, whom: dict[str, Any]) -> Programme | None:
    """The one for these people that was not stopped; of lists the newest."""
    same = {key: whom[key] for key in ("population", "department_id", "manager_id")}
    chosen = select(Programme).filter_by(conversation=conversation, stopped_at=None, **same)
    return db.scalar(chosen.order_by(Programme.created_at.desc()).limit(1).with_for_update())


def _write(db: Session, clock: Clock, programme: Programme, columns: dict[str, Any], people: tuple[UUID, ...]) -> None:
    for name, value in columns.items():
        setattr(programme, name, value)
    programme.version += 1
    db.add(programme)
    db.flush()
    if programme.population == "list":
        gone = (Member.programme_id == programme.id) & Member.person_id.not_in(people)
        db.execute(delete(Member).where(gone))
        list_people(db, programme, people, clock.real(), None)


def _wanted(entry: Entry, before: dict[str, Any]) -> dict[str, Any]:
    """What the file says of one that runs; what it leaves out stays."""
    said = {key: value for key, value in entry.items() if key != "people"}
    return {**before, **said, **({"people": sorted(entry["people"])} if "people" in entry else {})}


def _called(entry: Entry) -> str:
    named = programme_file.NAMED_BY.get(entry["who"])
    if named == "people":
        return f"a list of {len(entry['people'])} people"
    return str(entry[named]) if named else "everyone"


def _state(db: Session, programme: Programme, clock: Clock) -> str:
    count = size(db, programme, clock.now())
    if programme.stopped_at:
        return f"stopped {programme.stopped_at:%Y-%m-%d}"
    if programme.started_at:
        return f"running since {programme.started_at:%Y-%m-%d} for {count} people, version {programme.version}"
    return f"draft for {count} people"


def _block(state: str, words: dict[str, Any]) -> str:
    """A stopped one is a comment altogether: it would come back as a draft."""
    body = yaml.safe_dump([words], sort_keys=False, allow_unicode=True, default_flow_style=False)
    mark = "# " if state.startswith("stopped") else ""
    return "\n".join(f"  {mark}{line}" for line in (f"# {state}" if not mark else state, *body.splitlines()))
