"""One check-in through the whole house: asked in Teams, answered there or in Slack, shown in both."""

from __future__ import annotations

import json

import sqlalchemy as sa
import world as worlds
from teams_company import ADA, GRACE, last, on_teams

from bot.storage.checkin import CheckInVersion
from bot.storage.contacts import FirstContact, plan_contacts
from bot.storage.drafts import Draft
from bot.storage.people import Address
from desk.teams.values import Activity, Dialog

WEEK = {"progress": "Shipped search", "next": "Write the guide"}


def dialog(world: worlds.World, user: str = ADA) -> Dialog:
    found = world.desk.teams.tenant.dialog(user)
    assert found is not None
    return found


async def asked_in_teams(world: worlds.World) -> Activity:
    await on_teams(world)
    await world.at("2026-11-26 10:00")
    assert "Check in" in last(world).labels
    return last(world)


async def answered_in_teams(world: worlds.World, prompt: Activity) -> None:
    assert (await world.desk.teams.delivery.press(ADA, prompt, "Check in")).ok
    while (shown := world.desk.teams.tenant.dialog(ADA)) is not None:
        known = {key: value for key, value in WEEK.items() if key in shown.asked}
        assert (await world.desk.teams.delivery.submit(ADA, known, unchecked=True)).ok
        assert world.desk.teams.tenant.dialog(ADA) != shown
    await world.settle()


async def test_who_adds_the_app_is_matched_by_e_mail_and_answered(both: worlds.World) -> None:
    await on_teams(both)
    with both.look() as db:
        [row] = db.scalars(sa.select(Address).filter_by(platform="teams"))
        assert (row.user, row.reachable) == (ADA, True)
        assert row.account == both.desk.teams.tenant.person(ADA).account
        assert row.channel == both.desk.teams.tenant.person(ADA).conversation
    assert "What I can do" in last(both).words


async def test_a_check_in_goes_from_prompt_to_receipt(both: worlds.World) -> None:
    prompt = await asked_in_teams(both)
    assert not [title for title in both.titles("ada") if "check-in" in title.lower()], "asked in one place only"
    await answered_in_teams(both, prompt)
    assert [row.version for row in both.rows(CheckInVersion)] == [1]
    [receipt] = [one for one in both.desk.teams.tenant.messages(ADA) if one.id == prompt.id]
    assert "Grace Murray can read it" in receipt.words
    assert receipt.edited


async def test_what_is_missing_is_told_at_its_field_and_nothing_typed_is_lost(both: worlds.World) -> None:
    prompt = await asked_in_teams(both)
    await both.desk.teams.delivery.press(ADA, prompt, "Check in")
    await both.desk.teams.delivery.submit(ADA, {"next": "Write the guide"}, unchecked=True)
    assert "progress" in dialog(both).errors
    assert dialog(both).values["next"] == "Write the guide"
    assert both.rows(CheckInVersion) == []


async def test_a_draft_begun_in_one_place_is_gone_on_with_in_the_other_and_the_answer_is_shown_in_both(
    both: worlds.World,
) -> None:
    prompt = await asked_in_teams(both)
    await both.command("ada", "/checkin")
    await both.submit("ada", **WEEK)
    [receipt] = [one for one in both.desk.teams.tenant.messages(ADA) if one.id == prompt.id]
    assert "Grace Murray can read it" in receipt.words
    await both.desk.teams.delivery.press(ADA, receipt, "Edit")
    assert dialog(both).values["progress"] == "Shipped search"


async def test_who_was_written_to_in_two_places_reads_the_receipt_in_each(both: worlds.World) -> None:
    prompt = await asked_in_teams(both)
    with both.look() as db:
        both.person(db, "ada").platform = "slack"
    await both.at("2026-11-27 10:00")
    assert "still open" in both.words("ada"), "the reminder stands where she wants it now"
    await both.answer("ada", **WEEK)
    [receipt] = [one for one in both.desk.teams.tenant.messages(ADA) if one.id == prompt.id]
    for words in (receipt.words, both.words("ada")):
        assert "Grace Murray can read it" in words
        assert "A newer message here" not in words


async def test_a_draft_and_an_edit_over_pages_find_what_is_there_on_each_of_them(both: worlds.World) -> None:
    """A plan to look back at and something in the way: three pages."""
    delivery = both.desk.teams.delivery
    await both.answer("ada", **WEEK)
    await on_teams(both)
    await both.at("2026-12-03 10:00")
    prompt = last(both)
    assert (await delivery.press(ADA, prompt, "Check in")).ok
    await delivery.submit(ADA, {"last_next.0": "done"})
    delivery.close_dialog(ADA)
    assert (await delivery.press(ADA, prompt, "Check in")).ok
    assert "Page 2 of 2" in dialog(both).words
    assert "it was not sent yet" in dialog(both).words, "where it is opened, that is told"
    await delivery.submit(ADA, {"progress": "Half of it", "next": "The other half", "blocked": True})
    await delivery.submit(ADA, {"blocker": "No licence"})
    assert both.desk.teams.tenant.dialog(ADA) is None
    await both.settle()

    [receipt] = [one for one in both.desk.teams.tenant.messages(ADA) if one.id == prompt.id]
    assert (await delivery.press(ADA, receipt, "Edit")).ok
    await delivery.submit(ADA)
    stored = {"progress": "Half of it", "next": "The other half", "blocked": "true"}
    assert stored.items() <= dialog(both).values.items()
    await delivery.submit(ADA, {"progress": ""}, unchecked=True)
    assert "progress" in dialog(both).errors
    await delivery.submit(ADA, {"progress": "All of it"})
    assert dialog(both).values == {"blocker": "No licence"}
    await delivery.submit(ADA)
    with both.look() as db:
        newest = db.scalars(sa.select(CheckInVersion).order_by(CheckInVersion.submitted_at)).all()[-1]
        texts = newest.words()["texts"]
    assert texts == {"progress": "All of it", "next": "The other half", "blocker": "No licence"}


async def test_a_second_click_and_a_redelivery_change_nothing(both: worlds.World) -> None:
    prompt = await asked_in_teams(both)
    await answered_in_teams(both, prompt)
    for exchange in both.desk.teams.delivery.exchanges:
        assert (await both.desk.teams.delivery.redeliver(exchange)).ok
    await both.settle()
    assert [row.version for row in both.rows(CheckInVersion)] == [1]


async def test_a_snooze_redraws_the_card_and_asks_again(both: worlds.World) -> None:
    prompt = await asked_in_teams(both)
    assert (await both.desk.teams.delivery.press(ADA, prompt, "Later today")).ok
    await both.settle()
    [card] = [one for one in both.desk.teams.tenant.messages(ADA) if one.id == prompt.id]
    assert "13:00" in card.words
    await both.at("2026-11-26 13:00")
    assert "Check in" in last(both).labels
    assert last(both).id != prompt.id


async def test_the_manager_reads_in_a_dialog_and_nothing_of_it_stands_in_the_chat(both: worlds.World) -> None:
    await on_teams(both, GRACE)
    await both.answer("ada", **WEEK)
    await both.at("2026-11-27 10:00", "America/New_York")
    await both.at("2026-11-30 09:30", "America/New_York")
    digest = next(one for one in both.desk.teams.tenant.messages(GRACE) if "Read" in one.labels)
    assert (await both.desk.teams.delivery.press(GRACE, digest, "Read")).ok
    assert "Shipped search" in dialog(both, GRACE).words
    assert "Shipped search" not in digest.words, "no answer text stands in the chat"


async def test_home_and_where_one_is_written_to_are_words(both: worlds.World) -> None:
    await on_teams(both)
    await both.desk.teams.delivery.say(ADA, "/home")
    await both.settle()
    assert "Your Rapport" in last(both).words
    await both.desk.teams.delivery.say(ADA, "where")
    await both.settle()
    assert (await both.desk.teams.delivery.press(ADA, last(both), last(both).labels[0])).ok
    await both.desk.teams.delivery.submit(ADA, {"platform": "slack"})
    await both.settle()
    await both.at("2026-11-26 10:00")
    assert any("check-in" in title.lower() for title in both.titles("ada"))


async def test_the_first_contact_comes_after_the_app_was_added_and_in_ones_hours(both: worlds.World) -> None:
    with both.look() as db:
        ada = both.person(db, "ada").id
        db.execute(sa.delete(Address).filter_by(person_id=ada))
        db.execute(sa.delete(FirstContact))
        plan_contacts(db, [ada], None, {ada: both.clock.now()}, both.clock.now())
    await both.at("2026-11-23 12:00")
    assert both.desk.teams.tenant.messages(ADA) == []
    both.clock.advance(both.until("2026-11-23 22:30"))
    assert (await both.desk.teams.delivery.install(ADA)).ok
    await both.settle()
    assert both.desk.teams.tenant.messages(ADA) == [], "added in the evening"
    await both.at("2026-11-24 09:00")
    await both.later(hours=1)
    [told] = both.desk.teams.tenant.messages(ADA)
    assert "I'm Rapport" in told.words
    assert "Grace Murray" in told.words
    await both.later(days=1)
    assert len([one for one in both.desk.teams.tenant.messages(ADA) if "I'm Rapport" in one.words]) == 1


async def test_who_takes_the_app_out_is_written_to_elsewhere(both: worlds.World) -> None:
    await on_teams(both)
    assert (await both.desk.teams.delivery.uninstall(ADA)).ok
    with both.look() as db:
        [row] = db.scalars(sa.select(Address).filter_by(platform="teams"))
        assert (row.reachable, row.lost_why) == (False, "removed")
    await both.at("2026-11-26 10:00")
    assert any("check-in" in title.lower() for title in both.titles("ada"))


async def test_sent_twice_the_pages_before_are_kept_and_no_draft_is_left(both: worlds.World) -> None:
    prompt = await asked_in_teams(both)
    await answered_in_teams(both, prompt)
    await both.at("2026-12-03 10:00")
    delivery = both.desk.teams.delivery
    assert (await delivery.press(ADA, last(both), "Check in")).ok
    assert (await delivery.submit(ADA, {"last_next.0": "done"}, unchecked=True)).ok
    sent = await delivery.submit(ADA, {"progress": "Shipped more", "next": "Rest"}, unchecked=True)
    assert (await delivery.sender.send({**json.loads(sent.request_body), "id": "f:again"})).ok
    await both.settle()
    assert [row.version for row in both.rows(CheckInVersion)] == [1, 1]
    assert both.rows(Draft) == []


async def test_a_dialog_that_has_nothing_to_fill_in_shows_what_became_of_it(both: worlds.World) -> None:
    prompt = await asked_in_teams(both)
    await answered_in_teams(both, prompt)
    await both.at("2026-11-30 10:00")
    assert (await both.desk.teams.delivery.press(ADA, both.desk.teams.tenant.message(ADA, prompt.id), "Edit")).ok
    shown = dialog(both)
    assert "It could be edited until Fri 27 Nov, 16:00" in shown.words
    assert shown.title


async def test_who_answers_where_nobody_asked_finds_a_receipt_in_both_places(both: worlds.World) -> None:
    await on_teams(both)
    await both.home("ada")
    await both.at("2026-11-26 10:00")
    assert "Time for your check-in" in both.titles("ada"), "asked in Slack, used last"
    delivery = both.desk.teams.delivery
    assert (await delivery.say(ADA, "checkin")).ok
    await both.settle()
    assert (await delivery.press(ADA, last(both), "Open")).ok
    assert (await delivery.submit(ADA, WEEK, unchecked=True)).ok
    await both.settle()
    assert last(both).words.startswith("Your check-in is stored")
    assert "Grace Murray can read it" in both.words("ada")
