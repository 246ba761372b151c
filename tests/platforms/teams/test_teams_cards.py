from __future__ import annotations

import dataclasses

import pytest
from card_rules import actions, check_card, walk, words
from hostile_texts import HOSTILE, as_shown
from slack_rules import Json
from slack_samples import ADA, NASTY

from bot.messages import Bar, Button, Fact, Line, Link, Mention, Message, Row, Section, Strong
from bot.platforms.teams.cards import message_card, message_text
from bot.platforms.teams.escape import within


def drawn(message: Message) -> Json:
    card = message_card(message, ADA, frozenset())
    check_card(card)
    return card


def test_everything_of_a_message_is_drawn_in_its_order() -> None:
    message = Message(
        "Your week",
        ("Plain", (Strong("Bold"), " and ", Link("https://a.example/x", "a link"), Mention(ADA, "Ada"))),
        (Fact("Mood", "4 of 5"),),
        (Bar("Answered", 0.5, "3 of 6"),),
        (Row(("A row",), (Button("Open", "okr open"),)),),
        (Button("Go", "checkin"),),
        "A note",
        sections=(Section("Below", ("A line",), note="Its note"),),
    )
    read = words(drawn(message)).replace("\u00a0", " ").split("\n")
    assert read == [
        "Your week", "Plain", "Bold", " and ", "a link", "Ada", "Mood: ", "4 of 5", "█████░░░░░ 3 of 6  Answered",
        "A row", "Open", "Go", "A note", "Below", "A line", "Its note",
    ]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text)[:20])
def test_whatever_was_typed_is_shown_as_text_wherever_it_stands(text: str) -> None:
    lines: tuple[Line, ...] = (text, (Strong(text), Mention(ADA, text)))
    part = Section(text, lines, (Fact(text, text),), (Bar(text, 1, text),), (Row(lines),), note=text)
    for one in (Message(text, lines), Message("T", sections=(part,)), Message(buttons=(Button(text, "p"),))):
        drawn(one)
    card = drawn(Message(lines=(text,)))
    assert words(card).replace("\u2060", "") == as_shown(text)


def test_a_link_leads_only_to_an_address() -> None:
    card = drawn(Message(lines=((Link("javascript:alert(1)", "here"), Link("https://a.example", " ")),)))
    assert [part["url"] for part in walk(card) if "url" in part] == ["https://a.example"]
    assert words(card) == "here\nhttps://a.example"


def test_lines_in_a_text_stay_lines() -> None:
    assert words(drawn(Message(lines=("one\r\ntwo\rthree",)))) == "one\ntwo\nthree"


@pytest.mark.parametrize(("share", "bar"), [(-1, "░" * 10), (0, "░" * 10), (0.5, "█" * 5 + "░" * 5), (7, "█" * 10)])
def test_a_bar_stays_within_its_width(share: float, bar: str) -> None:
    assert words(drawn(Message(bars=(Bar("B", share, "text"),)))) == f"{bar} text\u00a0\u00a0B"


def test_bars_stand_aligned_however_long_their_words() -> None:
    bars = (Bar("x" * 4000, 0.3, "3 of 10"), Bar("Short", 1, "10 of 10"), *(Bar("M", 0, "y" * 99) for _ in range(20)))
    card = drawn(Message(bars=bars))
    assert {part["fontType"] for part in walk(card) if "fontType" in part} == {"monospace"}
    lines = words(card).splitlines()
    assert len(lines) == 22
    assert lines[1] == "█" * 10 + " 10 of 10" + "\u00a0" * 34 + "Short"


def test_the_buttons_of_a_row_stand_under_its_lines() -> None:
    rows = (Row(("One", "Two"), (Button("A", "a"), Button("B", "b"))), Row((), (Button("C", "c"),)), Row(("",)))
    body = drawn(Message(rows=rows))["body"]
    assert [element["type"] for element in body] == ["RichTextBlock", "RichTextBlock", "ActionSet", "ActionSet"]
    assert [element["spacing"] for element in body] == ["medium", "small", "small", "medium"]


def test_what_is_empty_draws_nothing_but_says_so() -> None:
    card = drawn(Message(" ", lines=("", "  ", ()), note=" ", rows=(Row(("",)),), sections=(Section(" "),)))
    assert words(card) == "Nothing here yet."


def test_lines_that_do_not_fit_are_counted() -> None:
    lines = tuple(f"{at:03} " + "x" * 500 for at in range(100))
    card = drawn(Message("Long", lines=lines, buttons=(Button("Go", "p"),)))
    shown = sum(f"{at:03} " in words(card) for at in range(100))
    assert 30 <= shown < 100
    assert f"{100 - shown} more are not shown here." in words(card)
    assert actions(card), "the buttons stay"


def test_rows_that_do_not_fit_are_counted_in_each_section() -> None:
    rows = tuple(Row((f"Row {at}",), (Button("A", "a", ADA), Button("B", "b", ADA))) for at in range(30))
    sections = tuple(Section(f"Section {at}", rows=rows, buttons=(Button("All", "list"),)) for at in range(3))
    card = drawn(Message("Rows", sections=sections))
    hidden = [int(line.split()[0]) for line in words(card).splitlines() if "not shown here" in line]
    assert sum(hidden) + words(card).count("Row ") == 90
    assert words(card).count("All") == 3
    assert words(card).count("Row 0") == 3, "each section says something before the first says all"


def test_sections_that_do_not_fit_are_counted_too() -> None:
    sections = tuple(Section(f"S{at}", ("x" * 100,), buttons=(Button("Go", "p", *[ADA] * 9),)) for at in range(60))
    card = drawn(Message("Many", sections=sections, buttons=(Button("Mine", "p"),)))
    assert "not shown here" in words(card).splitlines()[-1]
    assert "Mine" in words(card)


def test_a_card_says_in_a_few_words_what_is_on_it() -> None:
    assert message_text(Message("T", ("line",), (Fact("F", "v"),))) == "T\nline\nF: v"
    assert message_text(Message("T", summary="Read me")) == "Read me"
    assert message_text(Message()) == "A message for you"
    assert message_text(Message("<at>Grace</at> & \x07")) == "<at>Grace</at> & \ufffd"
    assert len(message_text(Message("🎉" * 3000))) == 1000


def test_a_text_is_cut_to_bytes_as_they_stand_in_json() -> None:
    for text in ("🎉" * 100, '"' * 100, "é" * 100, "x" * 100, "x\n" * 100):
        assert 30 <= len(within(text, 50)) + len(within(text, 50).encode()) <= 100
        assert within(text, 500) == text
    assert within("🎉" * 3, 5) == "…"


def test_a_message_is_left_as_it_was() -> None:
    message = Message(NASTY, (NASTY,))
    drawn(message)
    assert message == dataclasses.replace(message)
