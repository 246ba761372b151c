"""Do the keys fit the database? Whose are lost or wrong, how much cannot be read without them, and what mends it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.storage.audit_seals import last_link
from bot.storage.base import Base
from bot.storage.database import Database
from bot.storage.keys import DataKey, NotInRing, Tampered, Unreadable, key_id_of
from bot.storage.sealed import Sealed
from bot.storage.sealed_columns import SealedColumn, newest, pages, rows_by_id, sealed_columns

# Of each sealed column, at every start.
NEWEST = 20
PIECE = 500
KINDS = {"person": ("person", "people"), "round": ("round", "rounds")}
Trouble = Literal["lost", "erased", "closed", "other"]
"""lost: there is no key; erased: so it should be; closed: it does not open with the ring; other: the text was sealed
with one that is not there."""


@dataclass
class KeyReport:
    """`unnamed`: names that the ring lacks, and how many owners' keys need each. `lost`, `other`: texts by owner.
    `audit`: what is wrong with the key of the audit chain.
    """

    owners: int = 0
    texts: int = 0
    erased: int = 0
    unnamed: Counter[str] = field(default_factory=Counter)
    closed: set[str] = field(default_factory=set)
    lost: Counter[str] = field(default_factory=Counter)
    other: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    audit: str = ""
    _seen: dict[str, tuple[DataKey, ...] | Trouble] = field(default_factory=dict)
    _erased: frozenset[str] | None = None

    @property
    def sound(self) -> bool:
        return not (self.unnamed or self.closed or self.lost or self.other or self.changed or self.audit)

    @property
    def stops(self) -> bool:
        """Nothing would work, or what is written now could not be read later. A person's lost key stops only them."""
        missing = self.lost.keys() | self.other.keys()
        return bool(
            self.unnamed or self.closed or self.audit or "installation" in missing or (missing and not self.texts)
        )


def look(database: Database, *, every_key: bool = False) -> KeyReport:
    """The newest texts of every table, and every stored key if wanted: bounded, for a start."""
    report = KeyReport()
    if every_key:
        _stored(database, report)
    for column in sealed_columns():
        with database.transaction() as db:
            for row in newest(db, column, NEWEST):
                _read(database, report, column, row)
    _audit(database, report)
    return report


def look_at_all(database: Database, told: Callable[[str], None] = lambda line: None) -> KeyReport:
    """Every stored key and every sealed text is opened."""
    report = KeyReport()
    _stored(database, report)
    for column in sealed_columns():
        for page in pages(database, column):
            ids = [row for row, _ in page]
            for at in range(0, len(ids), PIECE):
                with database.transaction() as db:
                    for row in rows_by_id(db, column, ids[at : at + PIECE]):
                        _read(database, report, column, row)
            told(f"{column.name}: {report.texts} texts opened so far.")
    _audit(database, report)
    return report


def words(report: KeyReport) -> Iterator[str]:
    """What is wrong, for the operator: no names of people, no secrets."""
    for name, count in sorted(report.unnamed.items()):
        yield (
            f"RAPPORT_KEY_RING has no key named {name}, and {_many(count, 'stored key')} can be opened with nothing "
            "else. Put it back into the ring, behind the first."
        )
    if report.closed:
        yield (
            f"Stored keys of {_whose(report.closed)} do not open: the ring has another key under the same name, or "
            "they are damaged. Put the right key into RAPPORT_KEY_RING, or bring them back from a backup: "
            "rapport keys restore FILE.keys"
        )
    missing = report.lost + report.other
    if missing and not report.texts:
        yield (
            f"RAPPORT_KEYS opens nothing of this database: it is empty, or another installation's "
            f"(tried: {_texts(missing)} of {_whose(missing)}). Point it to the right place, or bring the keys back "
            "from a backup: rapport keys restore FILE.keys"
        )
    else:
        yield from _missing(report)
    if report.changed:
        yield (
            f"{_texts(report.changed)} of {_whose(report.changed)} do not open though the key is there: changed, or "
            "put into another row. They stand as they are; compare with a backup."
        )
    if report.audit:
        yield (
            f"{report.audit} Without it the trail does not go on. Point RAPPORT_KEYS to where it is, or bring it back "
            "from a backup: rapport keys restore FILE.keys"
        )


def _missing(report: KeyReport) -> Iterator[str]:
    if report.lost:
        yield (
            f"The keys of {_whose(report.lost)} are not in RAPPORT_KEYS and were not erased: nobody can read "
            f"{_texts(report.lost)}. Bring them back from a backup: rapport keys restore FILE.keys"
        )
    if report.other:
        yield (
            f"{_texts(report.other)} of {_whose(report.other)} were sealed with keys that are not in RAPPORT_KEYS: "
            "what is there is older, or another installation's. Bring them back from a backup: "
            "rapport keys restore FILE.keys"
        )


def _stored(database: Database, report: KeyReport) -> None:
    for owner in database.keys.store.ids():
        _keys(database, report, owner)
        report.owners += 1


def _read(database: Database, report: KeyReport, column: SealedColumn, row: Base) -> None:
    found: Any = row
    text: Sealed = column.text()
    owner, ciphertext = text.owner(found), getattr(found, text.column)
    keys = _keys(database, report, owner)
    if keys == "erased":
        report.erased += 1
    elif keys == "lost":
        report.lost[owner] += 1
    elif isinstance(keys, str):
        return
    elif key_id_of(ciphertext) not in {key.id for key in keys}:
        report.other[owner] += 1
    else:
        try:
            getattr(found, column.attribute)
            report.texts += 1
        except Unreadable:
            report.changed[owner] += 1


def _keys(database: Database, report: KeyReport, owner: str) -> tuple[DataKey, ...] | Trouble:
    """Looked up once an owner; a key that does not open is told of once, too."""
    if owner not in report._seen:
        report._seen[owner] = _opened(database, report, owner)
    return report._seen[owner]


def _opened(database: Database, report: KeyReport, owner: str) -> tuple[DataKey, ...] | Trouble:
    try:
        keys = database.keys.stored(owner)
    except NotInRing as error:
        report.unnamed[error.name] += 1
        return "closed"
    except Tampered:
        report.closed.add(owner)
        return "closed"
    if not keys and report._erased is None:
        report._erased = database.keys.store.erased()
    return keys or ("erased" if owner in (report._erased or ()) else "lost")


def _audit(database: Database, report: KeyReport) -> None:
    with database.transaction() as db:
        last = last_link(db)
    if last is None:
        return
    keys = _keys(database, report, "audit")
    if keys in ("lost", "erased"):
        report.audit = "No key for audit is in RAPPORT_KEYS: that of the audit trail."
    elif not isinstance(keys, str) and keys[0].id.hex() != last.key_id:
        report.audit = "The audit chain was begun with another key than the one in RAPPORT_KEYS."


def _whose(owners: set[str] | Counter[str]) -> str:
    counted = Counter(owner.partition(":")[0] for owner in owners)
    return " and ".join(
        _many(count, *KINDS[kind]) if kind in KINDS else f"the {kind}" for kind, count in sorted(counted.items())
    )


def _texts(owners: Counter[str]) -> str:
    return _many(owners.total(), "text")


def _many(count: int, one: str, more: str = "") -> str:
    return f"{count} {one if count == 1 else more or f'{one}s'}"
