"""How long records are kept: the numbers of each preset, what is past, and settings that are refused."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.rules.retention import (
    BY_NAME,
    CLASSES,
    PRESETS,
    BadSetting,
    Policy,
    a_preset,
    a_setting,
    months_before,
    warning,
)

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)


def test_the_presets_say_what_the_methodology_says() -> None:
    numbers = {name: [Policy(preset).kept(name) for preset in PRESETS] for name in BY_NAME}
    assert numbers == {
        "reviews": [36, 48, 24],
        "check_ins": [18, 18, 18],
        "goals": [36, 48, 24],
        "talent": [12, 12, 12],
        "disputes": [24, 48, 24],
        "confidential": [None, None, None],
        "pulse": [24, 24, 24],
        "participation": [12, 12, 12],
        "signals": [30, 30, 30],
        "exit": [24, 24, 24],
        "audit": [60, 60, 60],
        "requests": [7, 7, 7],
        "messages": [30, 30, 30],
        "person": [None, None, None],
    }
    assert {one.name for one in CLASSES if one.unit == "days"} == {"signals", "requests", "messages"}


def test_months_end_on_the_last_day_of_a_shorter_month() -> None:
    assert months_before(NOW, 9) == datetime(2026, 2, 28, 9, tzinfo=UTC)
    assert months_before(NOW, 12) == datetime(2025, 11, 30, 9, tzinfo=UTC)
    assert months_before(NOW, 600).year == 1976
    assert months_before(datetime(9, 1, 31, tzinfo=UTC), 600).year == 1


def test_what_is_past_follows_the_preset_and_what_was_set_beside_it() -> None:
    policy = Policy("us", {"check_ins": 6, "messages": 10})
    assert policy.past("reviews", NOW) == datetime(2022, 11, 30, 9, tzinfo=UTC)
    assert policy.past("check_ins", NOW) == datetime(2026, 5, 30, 9, tzinfo=UTC)
    assert policy.past("messages", NOW) == datetime(2026, 11, 20, 9, tzinfo=UTC)
    assert policy.past("person", NOW) is None
    assert policy.says("messages") == "10 days"


@pytest.mark.parametrize(
    ("name", "given", "why"),
    [
        ("cheques", "3", "CLASS cheques: there is no such class. Choose one of reviews, check_ins"),
        ("person", "3", "CLASS person: not kept by time"),
        ("check_ins", "0", "MONTHS 0: give whole months from 1 to 600, such as 18."),
        ("check_ins", "-1", "MONTHS -1: give whole months"),
        ("check_ins", "1.5", "MONTHS 1.5: give whole months"),
        ("check_ins", "²", "MONTHS ²: give whole months"),
        ("check_ins", "601", "MONTHS 601: give whole months"),
        ("requests", "many", "DAYS many: give whole days from 1 to 3650, such as 7."),
    ],
)
def test_nonsense_is_refused_by_field_and_fix(name: str, given: str, why: str) -> None:
    with pytest.raises(BadSetting) as refused:
        a_setting(name, given)
    assert str(refused.value).startswith(why)


def test_a_setting_below_what_a_law_may_ask_for_is_allowed_with_a_warning() -> None:
    assert a_setting("reviews", "6") == 6
    assert warning("reviews", 6).startswith("Warning: less than 24 months.")
    assert warning("reviews", 24) == warning("check_ins", 1) == ""


def test_a_preset_is_one_of_three() -> None:
    assert a_preset("US") == "us"
    with pytest.raises(BadSetting, match="PRESET mars: choose one of default, us, eu"):
        a_preset("mars")
