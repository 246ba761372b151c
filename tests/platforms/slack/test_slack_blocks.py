from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_rules import buttons, check_message, walk, words
from slack_samples import ADA, NASTY

from bot.messages import Bar, Button, Fact, Line, Link, Mention, Message, Row, Section, Strong
from bot.platforms.slack.blocks import message_blocks, message_text
from bot.platforms.slack.escape import escape


def test_every_part_of_a_message_is_drawn() -> None:
    section = Section(
        "Below",
        lines=("A line", (Strong("Strong"), " and ", Link("https://a.example", "a link"), Mention(ADA, "Ada"))),
        facts=(Fact("Due", "Thu 26 Nov"),),
        bars=(Bar("Done", 0.62, "62 %"),),
        rows=(Row(("A row",), (Button("Open", "okr open", "1"),)),),
        buttons=(Button("Go", "checkin"),),
        note="A note",
    )
    message = Message("Title", sections=(section,), lines=("First",), note="Top note")
    blocks = message_blocks(message, ADA)
    check_message(blocks)
    read = words(blocks)
    for part in ("Title", "First", "Top note", "Below", "A line", "Strong", "a link", "Ada", "Due\nThu 26 Nov"):
        assert part in read
    assert "██████░░░░ 62 %  Done" in read
    assert [button["text"]["text"] for button in buttons(blocks)] == ["Open", "Go"]


def test_markup_in_text_comes_out_as_text() -> None:
    lines: tuple[Line, ...] = (NASTY, (Strong(NASTY), NASTY, Mention(ADA, NASTY), Link("https://a.example", NASTY)))
    message = Message(
        NASTY, lines=lines, facts=(Fact(NASTY, NASTY),), bars=(Bar(NASTY, 1, "100 %"),), rows=(Row(lines),), note=NASTY
    )
    blocks = message_blocks(message, ADA)
    check_message(blocks)
    kinds = {part.get("type") for part in walk(blocks)}
    assert not kinds & {"mrkdwn", "user", "broadcast", "channel", "usergroup"}
    assert words(blocks).count(NASTY) == 15


def test_the_text_beside_the_blocks_is_escaped_and_short_enough() -> None:
    assert message_text(Message("T", lines=(NASTY,))) == f"T\n{escape(NASTY)}"
    assert message_text(Message("T", summary="Ada & <!channel>")) == "Ada &amp; &lt;!channel&gt;"
    assert message_text(Message(sections=(Section("Only below"),))) == "Only below"
    assert message_text(Message())


@settings(deadline=None)
@given(st.text(alphabet="&<>a🎉\n", min_size=1, max_size=20), st.integers(100, 300))
def test_a_long_text_beside_the_blocks_is_cut_between_its_characters(piece: str, times: int) -> None:
    summary = piece * times
    text = message_text(Message("T", summary=summary))
    assert text
    assert len(text) <= 4000
    back = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").rstrip("…").rstrip()
    assert (summary.strip() or "T").startswith(back)


def test_a_long_title_is_shortened_and_stands_in_full_below() -> None:
    title = "Goals and more " * 20
    blocks = message_blocks(Message(title), ADA)
    check_message(blocks)
    assert blocks[0]["type"] == "header"
    assert blocks[0]["text"]["text"].endswith("…")
    assert title in words(blocks[1])


def test_more_than_ten_facts_go_on_in_the_next_section() -> None:
    blocks = message_blocks(Message(facts=tuple(Fact(str(at), "v" * 1990) for at in range(6))), ADA)
    check_message(blocks)
    blocks = message_blocks(Message(facts=tuple(Fact(str(at), "v") for at in range(23))), ADA)
    assert [len(block["fields"]) for block in blocks] == [10, 10, 3]


def test_a_fact_is_shortened_to_what_a_field_holds() -> None:
    blocks = message_blocks(Message(facts=(Fact("Label", "x" * 5000),)), ADA)
    check_message(blocks)
    assert len(blocks[0]["fields"][0]["text"]) == 2000


@pytest.mark.parametrize(("share", "bar"), [(-1, "░" * 10), (0, "░" * 10), (0.5, "█" * 5 + "░" * 5), (7, "█" * 10)])
def test_a_bar_stays_within_its_width(share: float, bar: str) -> None:
    assert words(message_blocks(Message(bars=(Bar("B", share, "text"),)), ADA)) == f"{bar} text  B"


def test_bars_stand_aligned_however_long_their_words() -> None:
    bars = (
        Bar("x" * 4000, 0.3, "3 of 10"),
        Bar("Short", 1, "10 of 10"),
        *(Bar("More", 0, "y" * 99) for _ in range(20)),
    )
    blocks = message_blocks(Message(bars=bars), ADA)
    check_message(blocks)
    lines = words(blocks).splitlines()
    assert len(lines) == 22
    assert lines[1] == "█" * 10 + " " + "10 of 10".ljust(42) + "Short"


def test_a_row_with_one_button_holds_it_at_its_side() -> None:
    rows = (
        Row(("Plain",), (Button("Open", "a"),)),
        Row(((Strong("Rich"),),), (Button("Open", "a"),)),
        Row(("Two",), (Button("Open", "a"), Button("Close", "b"))),
        Row((), (Button("Alone", "a"),)),
    )
    blocks = message_blocks(Message(rows=rows), ADA)
    check_message(blocks)
    assert [block["type"] for block in blocks] == ["section", "rich_text", "actions", "section", "actions", "actions"]
    assert blocks[0]["accessory"]["text"]["text"] == "Open"


def test_a_line_longer_than_a_section_is_split_between_words() -> None:
    words_ = " ".join(f"word{at}" for at in range(1200))
    blocks = message_blocks(Message(lines=(words_,)), ADA)
    check_message(blocks)
    assert len(blocks) > 1
    assert "".join(block["text"]["text"] for block in blocks) == words_
    assert all(block["text"]["text"].endswith(" ") for block in blocks[:-1])


def test_rich_lines_too_are_split_and_nothing_of_them_is_lost() -> None:
    line = (Strong("a" * 3500), "b" * 3500, Link("https://a.example", "c" * 3500))
    blocks = message_blocks(Message(lines=(line,)), ADA)
    check_message(blocks)
    assert words(blocks).replace("\n", "") == "a" * 3500 + "b" * 3500 + "c" * 3500


def test_an_address_that_slack_would_refuse_is_text() -> None:
    blocks = message_blocks(
        Message(lines=((Link("javascript:alert(1)", "here"), Link("https://a.example", " ")),)), ADA
    )
    check_message(blocks)
    assert [part["text"] for part in walk(blocks) if part.get("type") == "link"] == ["https://a.example"]


def test_what_is_empty_draws_nothing() -> None:
    assert message_blocks(Message(" ", lines=("", "  ", ()), note=" ", rows=(Row(("",)),)), ADA) == []


def test_lines_that_do_not_fit_are_counted() -> None:
    message = Message("Long", lines=tuple(f"{at:03} " + "x" * 500 for at in range(100)), buttons=(Button("Go", "p"),))
    blocks = message_blocks(message, ADA)
    check_message(blocks)
    shown = sum(f"{at:03} " in words(blocks) for at in range(100))
    assert 20 <= shown < 100
    assert f"{100 - shown} more are not shown here." in words(blocks)
    assert buttons(blocks), "the buttons stay"


def test_rows_that_do_not_fit_are_counted_in_each_section() -> None:
    rows = tuple(Row((f"Row {at}",), (Button("A", "a"), Button("B", "b"))) for at in range(30))
    sections = tuple(Section(f"Section {at}", rows=rows, buttons=(Button("All", "list"),)) for at in range(3))
    blocks = message_blocks(Message("Rows", sections=sections), ADA)
    check_message(blocks)
    assert [block["type"] for block in blocks].count("divider") == 3
    hidden = [int(b["elements"][0]["text"].split()[0]) for b in blocks if b["type"] == "context"]
    assert sum(hidden) + sum("Row " in words(block) for block in blocks) == 90
    assert sum(button["text"]["text"] == "All" for button in buttons(blocks)) == 3


def test_sections_that_do_not_fit_are_counted_too() -> None:
    sections = tuple(Section(f"S{at}", lines=("x" * 100,), buttons=(Button("Go", "p"),)) for at in range(40))
    blocks = message_blocks(Message("Many", sections=sections, buttons=(Button("Mine", "p"),)), ADA)
    check_message(blocks)
    assert "not shown here" in words(blocks[-1])
    assert "Mine" in words(blocks)


def test_escaping_takes_the_ampersand_first() -> None:
    assert escape("<a> & &lt;") == "&lt;a&gt; &amp; &amp;lt;"
