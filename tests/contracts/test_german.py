"""German as people read it on Slack: whole, within its limits, for each of its locales."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from decimal import Decimal

import content_forms
import pseudo
import pytest
import slack_rules
import world as worlds
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from story import Story
from story_between import Between
from story_team import Team

from bot import texts
from bot.commands import catalogue
from bot.questions import QuestionSet
from bot.texts import reader, say

# English words and names that stand in German as they are.
SHARED = {"Check-in", "HR", "Details", "Name", "Person", "Rapport", "Region", "Team", "Text", "Workspace"}


@pytest.fixture
def house_locale() -> str:
    return "de"


@pytest.mark.parametrize("locale", ["de", "de-DE", "de_AT", "de-CH", "de-Latn-DE", "DE-de"])
def test_every_german_locale_reads_german(locale: str) -> None:
    with reader(locale):
        assert (say("Tomorrow"), texts.weekday(3)) == ("Morgen", "Do")


@pytest.mark.parametrize("locale", ["en", "en-US", "", "fr-FR", "xx", "d", "d_e", "../texts/de", "x" * 200, "de/../de"])
def test_all_others_read_english_and_so_are_their_dates(locale: str) -> None:
    with reader(locale):
        assert (say("Tomorrow"), texts.day(date(2026, 11, 26))) == ("Tomorrow", "Thu 26 Nov")
        assert texts.moment(datetime(2026, 11, 26, 16, tzinfo=UTC)) == "Thu 26 Nov, 16:00"


def test_days_times_and_numbers_are_written_as_in_german() -> None:
    with reader("de-DE"):
        assert texts.moment(datetime(2026, 11, 26, 16, tzinfo=UTC)) == "Do., 26. Nov., 16:00"
        assert (texts.day(date(2026, 5, 2)), texts.clock(time(8, 5))) == ("Sa., 2. Mai", "08:05")
        assert (texts.number(Decimal("12.5")), texts.number(Decimal("1234.25"))) == ("12,5", "1234,25")
    with reader("de-AT"):
        assert texts.day(date(2026, 1, 6)) == "Di., 6. Jän."


def test_no_reader_waits_for_a_language() -> None:
    texts._compiled.cache_clear()
    texts.load()
    compiled = texts._compiled.cache_info().misses
    with reader("de-DE"):
        assert say("Tomorrow") == "Morgen"
    assert texts._compiled.cache_info().misses == compiled == len(catalogue.languages())


def test_nothing_said_is_nothing_in_every_language() -> None:
    with reader("de"):
        assert say("") == texts.content("checkin.title", "") == ""


@pytest.mark.parametrize("story", [Story, Between, Team])
async def test_a_whole_story_in_german_fits_slack(chat: worlds.World, story: type[Story]) -> None:
    space = chat.desk.workspace
    pseudo.speak(space, list(space.members), "de-DE")
    await chat.app.read_directory()
    screens = pseudo.Screens(space)
    await story(chat, "de-DE").told()
    shown = {text for _, text in screens.shown}
    assert cut(shown) == set()
    assert {text for text in shown if ".." in text} == set()
    assert any("Du und Grace Murray könnt ihn lesen." in text for text in shown)
    assert english() & shown == set()


@pytest.mark.parametrize("qs", content_forms.SETS, ids=lambda qs: qs.key)
def test_every_german_form_fits_slack(qs: QuestionSet) -> None:
    with reader("de"):
        for view in content_forms.drawn(qs):
            slack_rules.check_view(view)
            assert cut(set(pseudo.read(view))) == set()
            assert len(qs.title) > 24 or "…" not in view["title"]["text"]


def cut(shown: set[str]) -> set[str]:
    """What Slack had no room for: neither ends so in the catalogue nor stands somewhere in full."""
    ends = tuple(text for text in strings() if text.endswith("…"))
    found = {text for text in shown if text.endswith("…") and not text.endswith(ends)}
    return {text for text in found if not any(whole.startswith(text[:-1]) for whole in shown - {text})}


def entries() -> list[Message]:
    with (texts.FOLDER / "de.po").open("rb") as source:
        return [one for one in read_po(source, locale="de") if one.id]


def strings() -> list[str]:
    return [text for one in entries() for text in (one.string if isinstance(one.string, tuple) else (one.string,))]


def english() -> set[str]:
    """Sentences that no German should see; what is nothing but placeholders is the same everywhere."""
    ids = {one.id for one in entries() if isinstance(one.id, str)} - SHARED
    return {text for text in ids if re.search("[A-Za-z]", re.sub(r"\{.*?\}", "", text))}


def test_every_sentence_is_german() -> None:
    assert english() & set(strings()) == set()


def test_german_is_printed_as_german_is() -> None:
    """Quotation marks, an ellipsis, no dash between words, and "du" in small letters inside a sentence."""
    odd = re.compile(r"[\"']|\.\.\.| [-–—] |[a-zäöüß,;] (Du|Dein|Dir|Dich|Ihr|Euch)\b|\b(Ihnen|Ihren?)\b|[*]in|:in")
    assert [text for text in strings() if odd.search(text)] == []
