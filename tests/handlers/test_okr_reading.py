"""Who reads what of an objective: what a field promised is what its page does."""

from __future__ import annotations

import world as worlds
from goals import TYPED, objective, objectives, opened, set_rules

WHY = "Please say for which customers."


async def added(chat: worlds.World, title: str) -> None:
    await chat.command("ada", "/okr", "add")
    await chat.submit("ada", title=title, **TYPED)
    await chat.later(hours=8)


async def sent_back(chat: worlds.World, by: str = "grace") -> None:
    """Then changed and agreed to, so that everybody it is for can read it."""
    set_rules(chat, agreement=True)
    await added(chat, "Customers hear from us")
    (made,) = objectives(chat)
    await opened(chat, by, made.id, "Send back…")


async def test_why_it_was_sent_back_is_read_only_by_whom_the_field_has_named(chat: worlds.World) -> None:
    await sent_back(chat)
    assert "Who sees it: You, Ada Byron and HR" in chat.told("grace")
    await chat.submit("grace", why=WHY)
    (made,) = objectives(chat)
    await opened(chat, "grace", made.id, "Agree")
    for who in ("ada", "grace", "hana"):
        await opened(chat, who, made.id)
        assert WHY in chat.told(who), who
    await opened(chat, "linus", made.id)
    assert "sent it back" in chat.told("linus")
    assert WHY not in chat.told("linus")


async def test_who_sends_it_back_for_the_manager_names_them_and_both_read_why(chat: worlds.World) -> None:
    chat.delegates("grace", "eve", "2026-11-01", "2026-12-31")
    await sent_back(chat, "eve")
    assert "Who sees it: You, Grace Murray, Ada Byron and HR" in chat.told("eve")
    await chat.submit("eve", why=WHY)
    (made,) = objectives(chat)
    await opened(chat, "grace", made.id)
    assert WHY in chat.told("grace")


async def test_whose_objective_it_is_not_reads_by_name_who_else_sees_what_they_write(chat: worlds.World) -> None:
    of = objective(chat)
    await opened(chat, "grace", of, "Close it…")
    assert "Who sees it: Ada Byron, their team, their managers up the line, and HR" in chat.told("grace")
    await opened(chat, "ada", of, "Close it…")
    assert "Who sees it: You, your team, your managers up the line, and HR" in chat.told("ada")


async def test_what_it_supports_is_named_only_to_who_may_read_that(chat: worlds.World) -> None:
    above = objective(chat, "grace", "Grace's own")
    of = objective(chat, parent_id=above, why="Faster answers keep them.")
    await opened(chat, "linus", of)
    assert "Grace's own" not in chat.told("linus")
    assert "one that is not for you to see – Faster answers keep them." in chat.told("linus")
    await opened(chat, "grace", of)
    assert "Grace's own – Faster answers" in chat.told("grace")


async def test_the_head_of_its_dialog_says_what_it_is(chat: worlds.World) -> None:
    await opened(chat, "ada", objective(chat, title="Customers hear from us the same day, whoever they are"))
    assert chat.open_view("ada").title == "Objective"
    assert "Customers hear from us the same day, whoever they are" in chat.told("ada")
