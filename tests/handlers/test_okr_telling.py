"""What an owner hears when somebody else acts on their objective: by whom, which, and what is next."""

from __future__ import annotations

import pytest
import world as worlds
from goals import field, newest, objective, opened, results_of

TITLE = "Customers hear from us the same day"


@pytest.mark.parametrize(
    ("state", "label", "title", "following"),
    [
        ("active", "Pause", "Grace Murray has paused your objective", "asked for no updates until somebody resumes"),
        ("paused", "Resume", "Grace Murray has resumed your objective", "You are asked for updates again."),
        ("active", "Cancel it", "Grace Murray has cancelled your objective", "it can be opened again"),
        ("cancelled", "Open again", "Grace Murray has opened your objective again", "It is a draft again."),
    ],
)
async def test_who_moves_somebodys_objective_is_named_with_which_one_and_what_is_next(
    chat: worlds.World, state: str, label: str, title: str, following: str
) -> None:
    objective(chat, title="Another one")
    of = objective(chat, state=state)
    await opened(chat, "grace", of, label)
    await chat.later(hours=8)
    told = newest(chat, "ada", title).words
    assert TITLE in told
    assert "Another one" not in told
    assert following in told


async def test_what_was_next_is_taken_back_where_it_is_over(chat: worlds.World) -> None:
    of = objective(chat)
    await opened(chat, "grace", of, "Pause")
    await chat.later(hours=8)
    await chat.press("ada", "Open", newest(chat, "ada", "has paused your objective"))
    await chat.press("ada", "Resume", chat.view("ada"))
    await chat.settle()
    assert "until somebody resumes" not in newest(chat, "ada", "has paused your objective").words


async def test_who_changes_it_and_who_says_how_it_stands_is_named_to_its_owner(chat: worlds.World) -> None:
    of = objective(chat)
    (calls,) = results_of(chat, of)
    await opened(chat, "grace", of, "Change…")
    await chat.submit("grace", **{"results.0.to": "90"})
    await opened(chat, "hana", of, "Update")
    await chat.submit("hana", **{field("value", calls): "60"})
    await chat.later(hours=8)
    changed, updated = (
        newest(chat, "ada", f"{who} your objective").words
        for who in ("Grace Murray has changed", "Hana Sato has updated")
    )
    assert TITLE in changed
    assert TITLE in updated
    assert "60" not in updated, "what was written is read in its dialog"


async def test_who_looks_after_a_key_result_updates_it_without_a_word_to_the_owner(chat: worlds.World) -> None:
    of = objective(chat)
    (calls,) = results_of(chat, of)
    with chat.look() as db:
        db.merge(calls).owner_id = chat.person(db, "eve").id
    await opened(chat, "eve", of, "Update")
    await chat.submit("eve", **{field("value", calls): "60"})
    await opened(chat, "ada", of, "Update")
    await chat.submit("ada", **{field("value", calls): "61"})
    await chat.later(hours=8)
    assert not any("has updated your objective" in one.words for one in chat.messages("ada"))
