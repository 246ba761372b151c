"""Who asks for all that is stored about them gets all of it: no table that knows people is forgotten."""

from __future__ import annotations

from bot.storage.base import Base
from bot.storage.exports import CODED, LEFT_OUT, subjects
from bot.storage.models import metadata


def knows_people() -> set[str]:
    """Tables that refer to a person, or say whose they are."""
    metadata()
    return {
        table.name
        for table in Base.metadata.tables.values()
        if "person_id" in table.columns or any(key.column.table.name == "person" for key in table.foreign_keys)
    } | {"person", "audit_event"}


def exported() -> list[str]:
    return [table for held in subjects() for table in held.tables]


def test_every_table_that_knows_people_is_given_to_them_or_left_out_for_a_reason() -> None:
    assert {"checkin", "comment", "absence"} <= knows_people(), "the look saw nothing"
    assert sorted(knows_people() - set(exported()) - LEFT_OUT.keys()) == [], "add it to a file of bot/storage/exports"


def test_nothing_is_both_given_and_left_out_or_given_twice() -> None:
    assert set(exported()) & LEFT_OUT.keys() == set()
    assert len(exported()) == len(set(exported()))
    assert (set(exported()) | LEFT_OUT.keys()) - Base.metadata.tables.keys() == set()


def test_each_subject_has_a_key_and_a_place_of_its_own_and_says_who_reads_it() -> None:
    held = subjects()
    assert len({one.key for one in held}) == len({one.order for one in held}) == len(held)
    assert [one.key for one in held if not (one.title and one.readers and one.since in one.labels)] == []
    assert [one.key for one in held if one.words and not one.labels.keys() & set(CODED)] == []
