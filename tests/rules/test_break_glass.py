from __future__ import annotations

from uuid import UUID

from bot.rules.break_glass import complete, missing

ONE, OTHER = UUID(int=1), UUID(int=2)


def test_nothing_is_opened_by_one_person_however_often_they_approve() -> None:
    assert not complete([])
    assert not complete([ONE])
    assert not complete([ONE, ONE])
    assert complete([ONE, OTHER])


def test_it_is_told_how_many_people_the_role_still_needs() -> None:
    assert (missing([]), missing([ONE]), missing([ONE, ONE]), missing([ONE, OTHER])) == (2, 1, 1, 0)
