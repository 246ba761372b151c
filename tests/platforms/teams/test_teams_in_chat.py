"""The check-in as a card in the chat: filled in where it stands, page by page, until its receipt takes its place."""

from __future__ import annotations

import pytest
import world as worlds
from teams_company import ADA, last, on_teams

from bot.storage.asks import Ask
from bot.storage.checkin import CheckInVersion
from bot.storage.drafts import Draft
from desk.sending import Exchange
from desk.teams.values import Activity

WEEK = {"progress": "Shipped **search**", "next": "Write the guide"}


def now(world: worlds.World, card: Activity) -> Activity:
    """The same message as it stands now."""
    return world.desk.teams.tenant.message(ADA, card.id)


async def press(world: worlds.World, card: Activity, label: str, **values: object) -> Exchange:
    exchange = await world.desk.teams.delivery.press(ADA, card, label, values)
    assert exchange.ok
    await world.settle()
    return exchange


async def typed(world: worlds.World, word: str = "checkin") -> Activity:
    assert (await world.desk.teams.delivery.say(ADA, word)).ok
    await world.settle()
    return last(world)


@pytest.fixture
async def card(both: worlds.World) -> Activity:
    """The form, in the place of the message that offered it."""
    await on_teams(both)
    offer = await typed(both)
    assert offer.labels == ["Open", "Answer here"]
    await press(both, offer, "Answer here")
    assert last(both).id == offer.id
    return last(both)


def versions(world: worlds.World) -> list[int]:
    return [row.version for row in world.rows(CheckInVersion)]


async def test_the_word_offers_the_form_and_a_press_draws_it_in_the_same_message(card: Activity) -> None:
    assert card.edited
    assert card.words.startswith("Check-in\n")
    assert "What moved forward this week? *" in card.words
    assert "Who sees it: You and Grace Murray" in card.words


async def test_sent_it_is_stored_and_its_receipt_stands_in_its_place(both: worlds.World, card: Activity) -> None:
    before = len(both.desk.teams.tenant.messages(ADA))
    await press(both, card, "Send", **WEEK)
    assert versions(both) == [1]
    receipt = now(both, card)
    assert receipt.words.startswith("Your check-in is stored")
    assert "Shipped" not in receipt.words
    assert receipt.labels == ["Read", "Edit", "Who opened this"]
    assert len(both.desk.teams.tenant.messages(ADA)) == before, "nothing else is said"


async def test_what_is_wrong_stands_under_its_field_and_nothing_typed_is_lost(
    both: worlds.World, card: Activity
) -> None:
    await press(both, card, "Send", next=WEEK["next"])
    again = now(both, card)
    assert list(again.errors) == ["progress"]
    await press(both, again, "Send", progress=WEEK["progress"])
    assert versions(both) == [1]
    assert now(both, card).words.startswith("Your check-in is stored")


async def test_pages_turn_in_the_same_message_and_wait_in_the_draft(both: worlds.World, card: Activity) -> None:
    await press(both, card, "Send", **WEEK, blocked=True)
    second = now(both, card)
    assert "What is in the way, and what would help?" in second.words
    assert "What moved forward" not in second.words
    assert len(both.rows(Draft)) == 1
    await press(both, second, "Back", blocker="The door")
    first = now(both, card)
    assert "What moved forward" in first.words
    await press(both, first, "Next" if "Next" in first.labels else "Send")
    await press(both, now(both, card), "Send")
    assert versions(both) == [1]
    assert both.rows(Draft) == []
    assert now(both, card).words.startswith("Your check-in is stored")


async def test_sent_twice_and_brought_again_it_is_stored_once(both: worlds.World, card: Activity) -> None:
    await press(both, card, "Send", **WEEK)
    receipt = now(both, card)
    for exchange in both.desk.teams.delivery.exchanges:
        assert (await both.desk.teams.delivery.redeliver(exchange)).ok
    await both.settle()
    assert versions(both) == [1]
    assert now(both, card) == receipt
    assert both.rows(Draft) == []


async def test_a_second_click_before_the_receipt_is_seen_ends_in_the_receipt(
    both: worlds.World, card: Activity
) -> None:
    await press(both, card, "Send", **WEEK)
    receipt = now(both, card)
    both.desk.teams.tenant.put(card)
    await press(both, card, "Send", **WEEK)
    assert versions(both) == [1]
    assert now(both, card).words == receipt.words


async def test_another_text_from_a_stale_card_is_shown_beside_what_is_stored(
    both: worlds.World, card: Activity
) -> None:
    await press(both, card, "Send", **WEEK)
    both.desk.teams.tenant.put(card)
    await press(both, card, "Send", progress="Shipped more", next=WEEK["next"])
    beside = now(both, card)
    assert "Stored: Shipped **search**" in beside.words
    assert versions(both) == [1]
    await press(both, beside, "Send")
    assert versions(both) == [1, 2]
    assert now(both, card).words.startswith("Your check-in is stored")


async def test_of_two_cards_the_one_that_is_sent_turns_both_into_receipts(both: worlds.World, card: Activity) -> None:
    offer = await typed(both)
    await press(both, offer, "Answer here")
    await press(both, now(both, offer), "Send", **WEEK)
    assert versions(both) == [1]
    for one in (card, offer):
        assert now(both, one).words.startswith("Your check-in is stored")


async def test_answered_elsewhere_the_card_turns_into_the_receipt(both: worlds.World, card: Activity) -> None:
    await both.command("ada", "/checkin")
    await both.submit("ada", **WEEK)
    await both.settle()
    assert now(both, card).words.startswith("Your check-in is stored")


async def test_begun_here_it_is_gone_on_with_in_a_dialog(both: worlds.World, card: Activity) -> None:
    await press(both, card, "Send", **WEEK, blocked=True)
    offer = await typed(both)
    await press(both, offer, "Open")
    dialog = both.desk.teams.tenant.dialog(ADA)
    assert dialog is not None
    assert "What is in the way, and what would help?" in dialog.words


async def test_who_is_asked_elsewhere_is_answered_where_they_typed(both: worlds.World) -> None:
    await on_teams(both)
    where = await typed(both, "where")
    await press(both, where, where.labels[0])
    assert (await both.desk.teams.delivery.submit(ADA, {"platform": "slack"})).ok
    await both.settle()
    offer = await typed(both)
    assert offer.labels == ["Open", "Answer here"]
    before = both.titles("ada")
    await press(both, offer, "Answer here")
    await press(both, now(both, offer), "Send", **WEEK)
    assert now(both, offer).words.startswith("Your check-in is stored")
    assert both.titles("ada") == before


async def test_a_receipt_that_replaces_nothing_comes_where_it_was_sent(both: worlds.World) -> None:
    await on_teams(both)
    where = await typed(both, "where")
    await press(both, where, where.labels[0])
    assert (await both.desk.teams.delivery.submit(ADA, {"platform": "slack"})).ok
    await both.settle()
    await press(both, await typed(both), "Open")
    assert (await both.desk.teams.delivery.submit(ADA, WEEK)).ok
    await both.settle()
    assert last(both).words.startswith("Your check-in is stored")


async def test_the_deadline_does_not_take_the_card_out_of_ones_hands(both: worlds.World, card: Activity) -> None:
    await both.at("2026-11-26 10:00")
    await both.at("2026-11-27 16:01")
    assert now(both, card) == card
    await press(both, card, "Send", **WEEK)
    assert versions(both) == [1]
    assert now(both, card).words.startswith("Your check-in is stored")


async def test_a_card_of_an_ask_that_is_closed_says_why_and_keeps_what_was_typed(
    both: worlds.World, card: Activity
) -> None:
    await both.at("2026-11-26 10:00")
    await both.at("2026-11-27 16:01")
    await both.at("2026-12-03 10:00")
    assert {ask.closed_at is None for ask in both.asks("ada")} == {True, False}
    await press(both, card, "Send", **WEEK)
    left = now(both, card)
    assert "not stored" in left.words
    assert "is closed" in left.words
    assert "Shipped **search**" in left.words
    assert versions(both) == []


async def test_what_is_stored_never_goes_back_into_the_chat(both: worlds.World, card: Activity) -> None:
    await press(both, card, "Send", **WEEK)
    offer = await typed(both)
    assert offer.labels == ["Open"]
    await both.desk.teams.delivery.act(ADA, offer.id, pressed(offer))
    await both.settle()
    assert now(both, offer).words == offer.words
    assert "Shipped" not in "".join(one.words for one in both.desk.teams.tenant.messages(ADA))


def pressed(offer: Activity) -> dict[str, object]:
    """What *Open* carries, without asking for a dialog."""
    [action] = offer.cards[0]["body"][-1]["actions"]
    return {"rapport": action["data"]["rapport"]}


async def test_a_form_of_a_dialog_that_is_sent_from_the_chat_is_kept_and_not_drawn_there(both: worlds.World) -> None:
    await on_teams(both)
    offer = await typed(both, "review away")
    await press(both, offer, "Open" if "Open" in offer.labels else offer.labels[0])
    dialog = both.desk.teams.tenant.dialog(ADA)
    assert dialog is not None
    assert dialog.asked
    [send] = [one for one in dialog.card["actions"] if one["data"]["rapport"]["act"] == "submit"]
    await both.desk.teams.delivery.act(ADA, offer.id, send["data"])
    await both.settle()
    assert now(both, offer).labels == ["Open"]
    assert not [one for one in both.desk.teams.tenant.messages(ADA) if "Input." in str(one.cards)]
    assert not any(ask.reason for ask in both.rows(Ask))
