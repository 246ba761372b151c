"""*Open* says what an objective's score is made of, and what supports it, as far as the reader may see that."""

from __future__ import annotations

from decimal import Decimal

import world as worlds
from goals import measured, objective, opened

from bot.handlers.okr import supporting

FROM = "Its score comes from"


async def test_a_blended_score_is_told_in_its_shares_with_what_supports_it(chat: worlds.World) -> None:
    of = measured(chat, objective(chat, "grace", "Ours", level="team", rollup="blend", alpha=Decimal("0.3")), "0.5")
    measured(chat, objective(chat, "ada", "Hers", parent_id=of), "1")
    objective(chat, "ada", "Called off", parent_id=of, state="cancelled")
    await opened(chat, "grace", of)
    said = chat.told("grace")
    assert "score 0.85" in said
    assert "its own key results (0.50) by 30 %, what supports it (1.00) by 70 %" in said
    assert "Hers" in said
    assert "Called off" not in said
    await opened(chat, "grace", of, "Open")
    assert FROM not in chat.told("grace"), "its own key results are all of that one"


async def test_of_what_is_not_for_the_reader_only_the_number_is_told(chat: worlds.World) -> None:
    of = objective(chat, "hana", "Customers stay", level="company", rollup="children")
    await opened(chat, "eve", of)
    assert "what supports it, and nothing does yet" in chat.told("eve")
    for who in ("ada", "ada", "linus"):
        objective(chat, who, f"Of {who} alone", parent_id=of)
    await opened(chat, "eve", of)
    assert "alone" not in chat.told("eve")
    assert "3 objectives, not for you to see" in chat.told("eve")
    assert "what supports it (no update yet)" in chat.told("eve")
    for at in range(supporting.SHOWN):
        objective(chat, "grace", f"Shared {at}", level="team", parent_id=of)
    await opened(chat, "eve", of)
    assert "Shared 0" in chat.told("eve")
    assert "and 3 more" in chat.told("eve")
