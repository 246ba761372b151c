"""Files on Teams: offered by a card, brought where the person allows it, and gone where they do not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import aiohttp
import pytest
import world as worlds
from post_office import PostOffice
from sqlalchemy import update
from teams_company import ADA, GRACE, last, on_teams
from teams_world import TeamsWorld

from bot import app as house
from bot import texts
from bot.clock import real
from bot.conversation import Send
from bot.engine import outgoing
from bot.messages import File, Message
from bot.platforms.teams.services import Services
from bot.storage.outbox import OutboxRow
from desk.teams.values import CONSENT, FILE, Activity

PICTURE = File("week.png", b"\x89PNG of the week", "Nine of ten answered")
UPLOAD, UPDATE, POST = "teams.upload", "teams.update", "teams.post"


@pytest.fixture
async def office(both: worlds.World) -> PostOffice:
    """Ada is on Teams, and a message with a picture waits for her."""
    await on_teams(both)
    with both.look() as db:
        message = Message("Your week", ("Nine of ten answered.",), files=(PICTURE,))
        outgoing.enqueue(db, real(), [Send(both.person(db, "ada").id, message, "week", "reply")])
    return PostOffice(both)


def of_kind(world: worlds.World, kind: str, user: str = ADA) -> list[Activity]:
    shown = world.desk.teams.tenant.messages(user)
    return [one for one in shown if [each["contentType"] for each in one.attachments] == [kind]]


def at(world: worlds.World, message: Activity) -> Activity:
    """What stands there now."""
    return world.desk.teams.tenant.message(ADA, message.id)


def rows(world: worlds.World) -> list[OutboxRow]:
    found = world.rows(OutboxRow)
    return sorted((row for row in found if row.kind in ("file", "upload")), key=lambda row: (row.kind, row.key))


def files(world: worlds.World) -> list[tuple[str, str | None, bool]]:
    """State, why, and whether any byte is kept of each file and upload."""
    return [(f"{one.kind} {one.state}", one.error, bool(one.body_sealed or one.respond_sealed)) for one in rows(world)]


async def offered(world: worlds.World) -> list[Activity]:
    """Ada has asked for her data, and each of the two files is offered."""
    await on_teams(world)
    await world.desk.teams.delivery.say(ADA, "/review mydata")
    await world.settle()
    assert (await world.desk.teams.delivery.press(ADA, last(world), "Send me the files")).ok
    await world.settle()
    return of_kind(world, CONSENT)


async def the_offer(office: PostOffice) -> Activity:
    await office.world.settle()
    [offer] = of_kind(office.world, CONSENT)
    return offer


async def answer(world: worlds.World, offer: Activity, accepted: bool = True) -> None:
    assert (await world.desk.teams.delivery.consent(ADA, offer.id, accepted)).ok
    await world.settle()


async def again(office: PostOffice) -> None:
    office.pass_time()
    await office.world.settle()


def context(offer: Activity) -> Any:
    return offer.attachments[0]["content"]["acceptContext"]


async def invoke(world: worlds.World, message: str, value: Any, user: str = ADA) -> None:
    teams = world.desk.teams
    assert (await teams.delivery.sender.send(teams.activities.invoked(user, "fileConsent/invoke", value, message))).ok
    await world.settle()


def yes(world: worlds.World, offer: Activity, **more: Any) -> Any:
    info = world.desk.teams.tenant.files.announce(str(offer.attachments[0]["name"]))
    return {"type": "fileUpload", "action": "accept", "context": context(offer), "uploadInfo": info, **more}


async def opened(shown: Activity) -> bytes:
    [attachment] = shown.attachments
    async with aiohttp.ClientSession() as session, session.get(attachment["contentUrl"]) as found:
        assert found.status == 200
        return await found.read()


# The whole way


async def test_my_data_is_offered_answered_with_a_yes_brought_and_opens(both: worlds.World) -> None:
    offers = await offered(both)
    assert [one.attachments[0]["name"] for one in offers] == ["my-data.html", "my-data.json"]
    assert files(both) == [("file offered", None, True)] * 2
    for one in offers:
        await answer(both, one)
    shown = of_kind(both, FILE)
    assert [one.id for one in shown] == [one.id for one in offers], "in place of the question"
    assert b"Ada Byron" in await opened(shown[0])
    assert files(both) == [("file done", None, False)] * 2 + [("upload done", None, False)] * 2


async def test_a_card_asks_with_ids_only_and_says_how_much_and_where(office: PostOffice) -> None:
    offer = await the_offer(office)
    [row] = rows(office.world)
    content = offer.attachments[0]["content"]
    assert content["sizeInBytes"] == len(PICTURE.content)
    with office.world.look() as db:
        ids = {"rapport": {"file": str(row.id), "person": str(office.world.person(db, "ada").id)}}
    assert content["acceptContext"] == content["declineContext"] == ids
    assert "OneDrive" in content["description"]


async def test_a_picture_is_offered_with_what_it_shows_in_words(office: PostOffice) -> None:
    offer = await the_offer(office)
    assert PICTURE.alt in offer.attachments[0]["content"]["description"]
    await answer(office.world, offer)
    assert await opened(at(office.world, offer)) == PICTURE.content


async def test_a_no_deletes_the_bytes_and_stands_where_it_was_asked(both: worlds.World) -> None:
    page, data = await offered(both)
    await answer(both, data, accepted=False)
    assert "All right, no my-data.json" in at(both, data).words
    assert files(both) == [("file offered", None, True), ("file done", "declined", False)]
    await answer(both, page)
    assert b"Ada Byron" in await opened(at(both, page)), "each file is asked for by itself"


async def test_who_allows_twice_gets_it_once(both: worlds.World) -> None:
    offer, _ = await offered(both)
    await answer(both, offer)
    shown, count = at(both, offer), len(both.desk.teams.tenant.messages(ADA))
    first = next(one for one in reversed(both.desk.teams.delivery.exchanges))
    assert (await both.desk.teams.delivery.redeliver(first)).ok
    await invoke(both, offer.id, yes(both, offer))
    await invoke(both, offer.id, {"type": "fileUpload", "action": "decline", "context": context(offer)})
    assert at(both, offer) == shown
    assert len(both.desk.teams.tenant.messages(ADA)) == count
    assert len([row for row in rows(both) if row.kind == "upload"]) == 1


async def test_a_yes_outlives_a_restart(both: worlds.World) -> None:
    offer, _ = await offered(both)
    assert (await both.desk.teams.delivery.consent(ADA, offer.id, True)).ok
    assert ("upload waiting", None, True) in files(both), "nothing is called between the commit and the answer"
    other = house.build(both.app.settings, clock=both.clock, synchronous="OFF")
    async with house.answering(other) as url:
        both.desk.delivery.sender.bot_url = url
        await other.delivery.drain()
        assert b"Ada Byron" in await opened(at(both, offer))


async def test_what_nobody_takes_in_seven_days_is_deleted_and_says_so(both: worlds.World) -> None:
    offers = await offered(both)
    assert all(timedelta(days=6, hours=23) < row.due_at - real() < timedelta(days=7) for row in rows(both))
    await both.app.run(both.app.engine.sweep)
    assert files(both) == [("file offered", None, True)] * 2
    PostOffice(both).change(due_at=real())
    await both.app.run(both.app.engine.sweep)
    assert files(both) == [("file done", "ended", False)] * 2
    await both.settle()
    assert ["waits no longer" in at(both, one).words for one in offers] == [True, True]
    await invoke(both, offers[0].id, yes(both, offers[0]))
    assert files(both) == [("file done", "ended", False)] * 2, "too late"


async def test_the_question_and_its_end_are_in_the_readers_language(office: PostOffice) -> None:
    with office.world.look() as db:
        office.world.person(db, "ada").locale = "de"
        db.execute(update(OutboxRow).values(locale="de"))
    offer = await the_offer(office)
    assert "dein eigenes OneDrive" in offer.attachments[0]["content"]["description"]
    await answer(office.world, offer, accepted=False)
    with texts.reader("de"):
        assert texts.say("All right, no {name}", name="week.png") in at(office.world, offer).words


# Who may answer


async def test_nobody_answers_for_somebody_else(both: worlds.World) -> None:
    offer, _ = await offered(both)
    await on_teams(both, GRACE)
    ours = context(offer)["rapport"]
    with both.look() as db:
        grace = str(both.person(db, "grace").id)
    for person in (ours["person"], grace):
        forged = {"rapport": {"file": ours["file"], "person": person}}
        await invoke(both, "1", yes(both, offer, context=forged), GRACE)
        assert "someone else" in last(both, GRACE).words
        await invoke(both, "1", {"type": "fileUpload", "action": "decline", "context": forged}, GRACE)
    assert files(both) == [("file offered", None, True)] * 2
    await answer(both, offer)
    assert b"Ada Byron" in await opened(at(both, offer))


async def test_an_offer_that_is_no_longer_there_is_told(both: worlds.World) -> None:
    offer, _ = await offered(both)
    ours = context(offer)["rapport"]
    send = both.rows(OutboxRow)[0].id
    for file in (str(uuid4()), str(send)):
        await invoke(both, offer.id, yes(both, offer, context={"rapport": {**ours, "file": file}}))
        assert "no longer there" in last(both).words
    assert files(both) == [("file offered", None, True)] * 2


async def test_of_two_questions_about_one_file_the_first_answer_counts(office: PostOffice) -> None:
    """Whose first one was not known to have arrived."""
    settled = iter([lambda: office.world.desk.faults.add("lost", POST)])

    def after_the_message(step: str) -> None:
        if step == "delivery.settled":
            next(settled, lambda: None)()

    await office.deliverer(step=after_the_message).drain()
    await again(office)
    first, second = of_kind(office.world, CONSENT)
    await answer(office.world, first)
    assert await opened(at(office.world, first)) == PICTURE.content
    await answer(office.world, second, accepted=False)
    assert "answered this before" in last(office.world).words
    assert files(office.world) == [("file done", None, False), ("upload done", None, False)]


async def test_a_question_that_is_answered_before_anybody_knows_that_it_arrived_is_not_asked_again(
    office: PostOffice,
) -> None:
    await office.world.settle()
    offer = await the_offer(office)
    [row] = rows(office.world)
    office.change(row.id, state="waiting", lease_token="a worker that asks", due_at=real() + timedelta(minutes=1))
    await answer(office.world, offer)
    assert await opened(at(office.world, offer)) == PICTURE.content
    assert len(of_kind(office.world, CONSENT)) == 0


# Trouble on the way


@pytest.mark.parametrize("fault", ["rate_limited", "error"])
async def test_a_store_that_does_not_take_it_now_is_asked_again(fault: Any, office: PostOffice) -> None:
    offer = await the_offer(office)
    office.world.desk.faults.add(fault, UPLOAD, seconds=0)
    await answer(office.world, offer)
    assert files(office.world)[1][0] == "upload waiting"
    assert at(office.world, offer).attachments[0]["contentType"] == CONSENT
    with office.world.look() as db:
        db.connection().exec_driver_sql("DELETE FROM pace")
    office.world.app.delivery._told_to_wait.clear()
    await again(office)
    assert await opened(at(office.world, offer)) == PICTURE.content


async def test_a_card_that_cannot_be_drawn_now_is_drawn_later_and_nothing_is_brought_twice(office: PostOffice) -> None:
    offer = await the_offer(office)
    office.world.desk.faults.add("error", UPDATE)
    await answer(office.world, offer)
    assert files(office.world)[1] == ("upload waiting", "not_shown", True)
    await again(office)
    assert await opened(at(office.world, offer)) == PICTURE.content
    assert office.called(UPLOAD) == 1


async def test_a_worker_that_died_after_bringing_it_is_followed_by_one_that_shows_it(office: PostOffice) -> None:
    offer = await the_offer(office)

    def died(step: str) -> None:
        if step == "delivery.marked":
            raise RuntimeError(step)

    assert (await office.world.desk.teams.delivery.consent(ADA, offer.id, True)).ok
    with pytest.raises(RuntimeError, match="marked"):
        await office.deliverer(step=died).drain()
    await again(office)
    assert await opened(at(office.world, offer)) == PICTURE.content
    assert office.called(UPLOAD) == 1


async def test_where_nobody_knows_whether_it_arrived_the_reader_is_asked_to_look(office: PostOffice) -> None:
    """The place takes a file once: whoever comes again, be it the client by itself, finds it gone."""
    offer = await the_offer(office)
    office.world.desk.faults.add("lost", UPLOAD)
    await answer(office.world, offer)
    await again(office)
    assert files(office.world)[1][:2] == ("upload dead", "upload_forgotten")
    await office.world.settle()
    assert "could not see the picture arrive" in at(office.world, offer).words
    assert PICTURE.alt in at(office.world, offer).words


async def test_a_place_that_was_used_too_late_is_told(office: PostOffice) -> None:
    offer = await the_offer(office)
    tenant = office.world.desk.teams.tenant
    assert (await office.world.desk.teams.delivery.consent(ADA, offer.id, True)).ok
    tenant.files._now = lambda: real().timestamp() + 16 * 60
    await office.world.settle()
    assert "could not see" in at(office.world, offer).words


@pytest.mark.parametrize("method", [UPLOAD, UPDATE])
async def test_a_refusal_for_good_is_seen_by_the_reader_and_by_who_runs_it(method: str, office: PostOffice) -> None:
    offer = await the_offer(office)
    office.world.desk.faults.add("refused", method)
    await answer(office.world, offer)
    assert files(office.world)[1][0] == "upload dead"
    await office.world.settle()
    assert "could not see the picture arrive" in at(office.world, offer).words


@pytest.mark.parametrize("accepted", [True, False])
async def test_bytes_that_cannot_be_opened_any_more_keep_no_question_open(accepted: bool, office: PostOffice) -> None:
    offer = await the_offer(office)
    office.change(rows(office.world)[0].id, body_sealed=b"not sealed by us")
    await answer(office.world, offer, accepted)
    assert files(office.world) == [("file done", "unreadable" if accepted else "declined", False)]
    assert ("no longer there" if accepted else "All right, no file") in at(office.world, offer).words


# What Teams does not send

ID = "00000000-0000-0000-0000-00000000000a"
OURS = {"rapport": {"file": ID, "person": ID}}
INFO = {
    "uploadUrl": "http://127.0.0.1:1/up?guid=1&overwrite=true", "contentUrl": "http://127.0.0.1:1/week.png",
    "name": "week.png", "uniqueId": "1150D938", "fileType": "png",
}  # fmt: skip
GOOD = {"type": "fileUpload", "action": "accept", "context": OURS, "uploadInfo": INFO}


def elsewhere(**more: Any) -> Any:
    return {**GOOD, "uploadInfo": {**INFO, **more}}


@pytest.mark.parametrize(
    "value",
    [
        None,
        "accept",
        [],
        {},
        {**GOOD, "type": "fileDownload"},
        {**GOOD, "action": "perhaps"},
        {**GOOD, "action": ["accept"]},
        {**GOOD, "context": None},
        {**GOOD, "context": {}},
        {**GOOD, "context": {"rapport": "all"}},
        {**GOOD, "context": {"rapport": {"file": ID}}},
        {**GOOD, "context": {"rapport": {"file": "../etc", "person": ID}}},
        {**GOOD, "context": {"rapport": {"file": 7, "person": ID}}},
        {**GOOD, "context": {"rapport": {"file": ID, "person": ["ada"]}}},
        {**GOOD, "context": {"rapport": {"file": ID, "person": "x" * 201}}},
        {"type": "fileUpload", "action": "decline", "context": {"rapport": {"file": "all", "person": ID}}},
        {"type": "fileUpload", "action": "accept", "context": OURS},
        {**GOOD, "uploadInfo": "http://127.0.0.1:1/up"},
        elsewhere(uploadUrl=None),
        elsewhere(uploadUrl="https://169.254.169.254/latest/meta-data"),
        elsewhere(uploadUrl="https://elsewhere.example/up"),
        elsewhere(uploadUrl="https://contoso.sharepoint.com/up"),
        elsewhere(uploadUrl="file:///etc/passwd"),
        elsewhere(uploadUrl="http://user:word@127.0.0.1/up"),
        elsewhere(uploadUrl="http://127.0.0.1:1/" + "u" * 4000),
        elsewhere(contentUrl="javascript:alert(1)"),
        elsewhere(contentUrl=["http://127.0.0.1:1/"]),
        elsewhere(uniqueId=""),
        elsewhere(uniqueId="a b"),
        elsewhere(name=""),
        elsewhere(name="week\n.png"),
        elsewhere(name="x" * 256),
        elsewhere(fileType={"png": 1}),
        elsewhere(fileType="x" * 21),
    ],
)
async def test_a_value_that_teams_does_not_send_is_400_and_leaves_no_row(value: Any, there: TeamsWorld) -> None:
    before = there.counts()
    assert await there.post(there.teams.invoke("fileConsent/invoke", value, replyToId="m1")) == 400
    assert there.counts() == before
    assert there.edge.door.refused["malformed"] == 1


async def test_an_answer_to_no_message_is_400_and_a_good_one_is_taken(there: TeamsWorld) -> None:
    before = there.counts()
    assert await there.post(there.teams.invoke("fileConsent/invoke", GOOD)) == 400
    assert await there.post({**there.teams.invoke("fileConsent/invoke", GOOD, replyToId="m1"), "id": ""}) == 400
    assert there.counts() == before
    assert await there.post(there.teams.invoke("fileConsent/invoke", GOOD, replyToId="m1")) == 200
    assert there.answer is None
    assert there.counts()["receipt"] == before["receipt"] + 1


async def test_a_stranger_who_answers_leaves_no_row(there: TeamsWorld) -> None:
    before = there.counts()
    assert await there.post(there.teams.invoke("fileConsent/invoke", GOOD, "mallory", replyToId="m1")) == 200
    assert there.counts() == before


@pytest.mark.parametrize(
    ("url", "store"),
    [
        ("https://contoso-my.sharepoint.com/personal/ada/_api/v2.0/drive/items/1/uploadSession?guid='1'", True),
        ("https://contoso-my.sharepoint-df.com/up?a=b", True),
        ("https://emea1-mediap.svc.ms/up", True),
        ("https://sharepoint.com/up", False),
        ("https://contoso.sharepoint.com.evil.example/up", False),
        ("https://evilsharepoint.com/up", False),
        ("https://contoso.sharepoint.com:8443/up", False),
        ("https://user@contoso.sharepoint.com/up", False),
        ("https://contoso.sharepoint.com\\@evil.example/up", False),
        ("https://contoso.sharepoint.com/up#here", False),
        ("http://contoso.sharepoint.com/up", False),
        ("https://smba.trafficmanager.net/teams/", False),
        ("http://127.0.0.1/up", False),
        ("https://10.0.0.1/up", False),
        ("https://[::1/up", False),
        ("", False),
        (7, False),
    ],
)
def test_only_microsofts_stores_are_brought_anything(url: object, store: bool) -> None:
    assert Services(local=False).stores(url) is store
    assert not (store and Services(local=True).stores(url)), "where Teams is played here, nothing leaves this machine"
