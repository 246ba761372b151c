"""Pictures and files at the page: seen, read out, saved; and a person who takes their data home."""

from __future__ import annotations

import json
import struct
import urllib.parse
import urllib.request
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import browsing
import pytest
from browsing import PATIENCE, Someone, Windows
from playwright.sync_api import Page, expect

from desk import company

As = Callable[[str], Someone]
ADA = company.person("Ada Byron").user_id
WIDE = [(each, (1180, 900)) for each in ("light", "dark")]


@pytest.fixture(scope="module")
def address(company: Path) -> Iterator[str]:
    with browsing.desk(company, "--weeks", "0", "--port", "0") as (_, url):
        yield url


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A desk without a bot: the test uploads in its place."""
    with browsing.desk(tmp_path_factory.mktemp("alone"), "--no-bot", "--port", "0") as (_, url):
        yield url


def bars() -> bytes:
    """A picture of 480 by 200: three bars on white."""

    def dot(x: int, y: int) -> bytes:
        bar, inside = divmod(x, 160)
        return b"\x4a\x15\x4b" if 40 <= inside < 120 and y > 160 - 50 * bar else b"\xff\xff\xff"

    lines = b"".join(b"\0" + b"".join(dot(x, y) for x in range(480)) for y in range(200))
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", 480, 200, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(lines)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in parts
    )


def call(url: str, method: str, **given: Any) -> Any:
    body = urllib.parse.urlencode({"token": "xoxb-desk", **given}).encode()
    with urllib.request.urlopen(f"{url}/api/{method}", body, timeout=PATIENCE) as answer:
        told = json.load(answer)
    assert told["ok"], told
    return told


def posted(url: str, name: str, content: bytes, **more: str) -> None:
    """A message with one file below it."""
    message = call(url, "chat.postMessage", channel=ADA, text=f"A message with {name}")
    given = call(url, "files.getUploadURLExternal", filename=name, length=len(content), **more)
    with urllib.request.urlopen(given["upload_url"], content, timeout=PATIENCE) as answer:
        assert answer.status == 200
    shown = json.dumps([{"id": given["file_id"], "title": name}])
    call(url, "files.completeUploadExternal", files=shown, channel_id=message["channel"], thread_ts=message["ts"])


def thread_of(page: Page, words: str) -> Any:
    message = page.locator("#log").get_by_test_id("message").filter(has_text=words).last
    message.get_by_test_id("replies").click()
    return page.locator("#thread-log")


@pytest.mark.parametrize(("scheme", "room"), [*WIDE, ("light", (390, 800))])
def test_a_picture_is_seen_and_has_words(scheme: Any, room: Any, alone: str, windows: Windows, tmp_path: Path) -> None:
    posted(alone, "week.png", bars(), alt_txt="Answered: Sales 3, Engineering 6, HR 9")
    page = windows.page(scheme, room)
    page.goto(f"{alone}/#{ADA}")
    thread = thread_of(page, "A message with week.png")
    picture = thread.get_by_role("img", name="Answered: Sales 3, Engineering 6, HR 9").last
    expect(picture).to_be_visible()
    assert picture.evaluate("each => each.complete && each.naturalWidth") == 480
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing sticks out"
    page.screenshot(path=str(tmp_path / f"picture-{scheme}-{room[0]}.png"))
    page.close()


def test_a_document_is_saved_and_never_run_by_the_page(alone: str, windows: Windows, tmp_path: Path) -> None:
    content = b"<script>document.title = 'run'</script>"
    posted(alone, "me.html", content)
    page = windows.page()
    page.goto(f"{alone}/#{ADA}")
    card = thread_of(page, "A message with me.html").get_by_test_id("file").last
    expect(card).to_contain_text("me.html")
    expect(card).to_contain_text(f"{len(content)} B")
    with page.expect_download() as saved:
        card.click()
    saved.value.save_as(tmp_path / "me.html")
    assert (tmp_path / "me.html").read_bytes() == content
    page.close()


def test_ada_takes_her_data_home(someone: As, tmp_path: Path) -> None:
    ada = someone("Ada Byron")
    ada.check_in(ada.thursday())
    ada.fill(progress="Shipped search", next="Write the guide")
    ada.sent()
    ada.receipt()
    ada.say("/review privacy")
    expect(ada.last).to_contain_text("Your check-ins, with every version")
    ada.page.screenshot(path=str(tmp_path / "privacy.png"))
    ada.press("Give me all of it", ada.last)
    expect(ada.last).to_contain_text("owners and admins may reach them")
    ada.press("Send me the files", ada.last)
    message = ada.message("Your data")
    expect(message.get_by_test_id("replies")).to_contain_text("2 replies", timeout=PATIENCE * 1000)
    message.get_by_test_id("replies").click()
    cards = ada.page.locator("#thread-log").get_by_test_id("file")
    expect(cards).to_have_count(2)
    for place, name in enumerate(("my-data.html", "my-data.json")):
        with ada.page.expect_download() as saved:
            cards.nth(place).click()
        assert saved.value.suggested_filename == name
        saved.value.save_as(tmp_path / name)
    ada.page.screenshot(path=str(tmp_path / "mydata.png"))
    records = json.loads((tmp_path / "my-data.json").read_text("utf-8"))["records"]
    assert "Shipped search" in records["checkins"][0]["versions"][0]["texts"].values()
    page = ada.page.context.new_page()
    page.goto((tmp_path / "my-data.html").as_uri())
    expect(page.get_by_role("heading", name="What Rapport stores about Ada Byron")).to_be_visible()
    expect(page.get_by_text("Shipped search")).to_be_visible()
    page.screenshot(path=str(tmp_path / "page.png"), full_page=True)


@pytest.mark.parametrize(("scheme", "width"), [("light", 1180), ("dark", 1180), ("light", 420)])
def test_a_file_is_handed_over_with_the_keys(
    scheme: Any, width: int, alone: str, windows: Windows, tmp_path: Path
) -> None:
    page = windows.page(scheme, (width, 800))
    page.goto(f"{alone}/#{ADA}")
    expect(page.locator("#said")).to_have_text("You are Ada Byron")
    clip = page.get_by_role("button", name="Send a file")
    with page.expect_file_chooser() as asked:
        clip.press("Enter")
    asked.value.set_files({"name": "small.csv", "mimeType": "text/csv", "buffer": b"Name,Email"})
    expect(page.locator("#log").get_by_test_id("file").last).to_contain_text("small.csv")
    expect(clip).to_be_focused()
    large = tmp_path / "large.csv"
    large.write_bytes(b" " * (20 * 1024 * 1024 + 1))
    page.get_by_test_id("attached").set_input_files(large)
    expect(page.get_by_test_id("status")).to_have_text("large.csv is larger than 20 MB, and was not sent")
    page.screenshot(path=str(tmp_path / f"clip-{scheme}-{width}.png"))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing sticks out"
    page.close()


def test_hana_imports_people_from_the_page(someone: As, tmp_path: Path) -> None:
    hana = someone("Hana Sato")
    hana.say("/review import")
    expect(hana.last).to_contain_text("Name is needed, and Email and Timezone for people who are new")
    people = "Name,Email,Timezone\nKim Seo,kim@example.org,Asia/Seoul\n"
    hana.page.get_by_test_id("attached").set_input_files(
        {"name": "people.csv", "mimeType": "text/csv", "buffer": people.encode()}
    )
    expect(hana.last).to_contain_text("Kim", timeout=PATIENCE * 1000)
    hana.page.screenshot(path=str(tmp_path / "import.png"))
    hana.press("Import", hana.last)
    hana.page.get_by_test_id("confirm-yes").click()
    expect(hana.last).to_contain_text("Imported: 1", timeout=PATIENCE * 1000)


def test_a_refused_file_is_told_and_seen_in_the_trouble(someone: As) -> None:
    linus = someone("Linus Holm")
    linus.page.get_by_test_id("trouble-toggle").click()
    linus.page.get_by_test_id("arm-refused").click()
    expect(linus.page.get_by_test_id("armed-list")).to_contain_text("is refused: the workspace takes no files")
    linus.say("/review mydata")
    linus.press("Send me the files", linus.last)
    expect(linus.message("The file my-data.html could not be sent here")).to_be_visible()
    expect(linus.message("Your data").get_by_test_id("replies")).to_contain_text("1 reply")
