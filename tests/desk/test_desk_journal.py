from __future__ import annotations

from pathlib import Path

from desk_samples import ADA, LINUS, modal, section
from slack_sdk.web.async_client import AsyncWebClient

from desk import company
from desk.desk import Desk
from desk.journal import Journal


async def test_conversations_and_homes_outlive_a_restart_but_views_do_not(tmp_path: Path) -> None:
    path = tmp_path / "kept" / "journal"
    desk = Desk(journal=path)
    await desk.start()
    client = AsyncWebClient("xoxb-desk", base_url=desk.api_url)
    first = await client.chat_postMessage(
        channel=ADA, text="Prompt", blocks=[section("Prompt")], metadata={"event_type": "a", "event_payload": {"k": 1}}
    )
    gone = await client.chat_postMessage(channel=ADA, text="gone")
    await client.chat_delete(channel=first["channel"], ts=gone["ts"])
    await client.chat_update(channel=first["channel"], ts=first["ts"], text="Fertig ✓")
    await client.chat_postEphemeral(channel=first["channel"], user=ADA, text="psst")
    figures = await client.chat_postMessage(channel="C0HR", text="Figures")
    await client.chat_postMessage(channel="C0HR", text="in the thread", thread_ts=figures["ts"])
    desk.workspace.mark_read(ADA)
    await client.chat_postMessage(channel=LINUS, text="unread")
    await client.views_publish(user_id=ADA, view={"type": "home", "blocks": [section("Home")]})
    await client.views_open(trigger_id=desk.workspace.views.trigger(ADA), view=modal(section()))
    await desk.stop()
    with path.open("a") as file:
        file.write('{"kind": "message", "mess')

    for _ in range(2):
        again, journal = company.workspace(), Journal(path)
        journal.attach(again, company.tenant())
        assert [(each.text, each.edited) for each in again.messages(ADA)] == [("Fertig ✓", True)]
        assert again.messages(ADA)[0].metadata == {"event_type": "a", "event_payload": {"k": 1}}
        assert [(each.text, each.thread) for each in again.said_in("C0HR")] == [
            ("Figures", None), ("in the thread", figures["ts"]),
        ]  # fmt: skip
        assert (again.unread(ADA), again.unread(LINUS)) == (0, 1)
        home = again.home(ADA)
        assert home is not None
        assert home.words == "Home"
        assert again.top_view(ADA) is None
        assert again.post(first["channel"], ADA, "later").ts > first["ts"]
        again.remove(again.last_message(ADA))
        journal.close()
