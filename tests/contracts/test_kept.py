"""Every table with something of a person is known to retention, holds and erasure, or it is said why it is not."""

from __future__ import annotations

from sqlalchemy import Table

from bot.rules.retention import BY_NAME
from bot.storage.base import Base
from bot.storage.keeping import all_kept, children
from bot.storage.kept import OTHERS
from bot.storage.models import metadata
from bot.storage.sealed import Sealed

metadata()
TABLES = {table.name: table for table in Base.metadata.sorted_tables}
DECLARED = {one.rows.name: one for one in all_kept()}


class Row:
    """Says of whom a sealed text is: the column that its owner is read from."""

    def __getattr__(self, name: str) -> str:
        return name


def people_columns(table: Table) -> set[str]:
    return {key.parent.name for key in table.foreign_keys if key.column.table.name == "person"}


def test_every_table_is_declared_or_listed_with_a_reason() -> None:
    assert sorted(TABLES.keys() - DECLARED.keys() - OTHERS.keys()) == [], "add a `Kept` to its module's KEPT"
    assert sorted(DECLARED.keys() & OTHERS.keys()) == []
    assert sorted(OTHERS.keys() - TABLES.keys()) == []
    assert len(all_kept()) == len(DECLARED), "a table is declared once"
    assert all(OTHERS.values())


def test_a_table_without_declaration_names_nobody_and_seals_nothing_of_a_person() -> None:
    assert [name for name in OTHERS if people_columns(TABLES[name])] == []
    for mapper in Base.registry.mappers:
        if str(mapper.local_table) in OTHERS:
            owners = [one.owner(Row()) for one in vars(mapper.class_).values() if isinstance(one, Sealed)]
            assert set(owners) <= {"installation"}


def test_every_column_that_names_a_person_is_theirs_or_only_names_them() -> None:
    for name, one in DECLARED.items():
        told = [column.key for column in (*one.people, *one.words, *one.named)]
        assert sorted(told) == sorted(people_columns(TABLES[name])), f"{name}: people, words and named"


def test_whose_key_sealed_a_text_is_among_those_whose_erasure_takes_it() -> None:
    for one in DECLARED.values():
        for name, sealed in vars(one.table).items():
            if not isinstance(sealed, Sealed) or not sealed.owner(Row()).startswith("person:"):
                continue
            owner = sealed.owner(Row()).removeprefix("person:")
            taken = {column.key for column in one.people}
            blotted = {column.key for column, text in one.words.items() if text == sealed.column}
            assert owner in taken | blotted, f"{one.rows.name}.{name} would stay and open no more"


def test_every_table_belongs_to_a_class_of_the_table_of_retention() -> None:
    assert {one.record for one in DECLARED.values()} <= BY_NAME.keys()


def test_what_goes_by_time_has_a_time_and_what_does_not_goes_with_a_parent() -> None:
    parents = {child.name for table in TABLES.values() for child, _ in children(table) if table.name != "person"}
    for name, one in DECLARED.items():
        by_time = BY_NAME[one.record].kept is not None
        assert not by_time or one.since is not None or name in parents, f"{name} would stay for ever"
