"""The filter parser, held against an oracle that knows only how a filter was put together."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scim_client import ENTERPRISE

from bot.rules.scim import Fault, matches, narrowed, parse
from bot.rules.scim.filters import LONGEST, parse_path

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
Test = Callable[[dict[str, Any]], bool]
TEXTS = st.text(st.sampled_from('aAbBé "\\()[]'), max_size=4)
USERS = st.fixed_dictionaries(
    {"id": TEXTS, "userName": TEXTS, "active": st.booleans()},
    optional={
        "title": TEXTS.filter(bool),
        "name": st.fixed_dictionaries({"givenName": TEXTS}),
        "emails": st.lists(st.fixed_dictionaries({"value": TEXTS, "type": TEXTS}), max_size=3),
        ENTERPRISE: st.fixed_dictionaries({"department": TEXTS}),
    },
)
# How an attribute is written, what a user has of it, and whether capitals count.
PLACES: list[tuple[str, Callable[[dict[str, Any]], list[str]], bool]] = [
    ("userName", lambda user: [user["userName"]], False),
    ("id", lambda user: [user["id"]], True),
    ("title", lambda user: [user["title"]] if "title" in user else [], False),
    ("name.givenName", lambda user: [user["name"]["givenName"]] if "name" in user else [], False),
    ("emails", lambda user: [one["value"] for one in user.get("emails", [])], False),
    ("emails.type", lambda user: [one["type"] for one in user.get("emails", [])], False),
    (
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
        lambda user: [user[ENTERPRISE]["department"]] if ENTERPRISE in user else [],
        False,
    ),
]
ORACLE: dict[str, Callable[[str, str], bool]] = {
    "eq": lambda one, other: one == other,
    "co": lambda one, other: other in one,
    "sw": lambda one, other: one[: len(other)] == other,
    "ew": lambda one, other: other == "" or one[-len(other) :] == other,
    "gt": lambda one, other: one > other,
    "ge": lambda one, other: one >= other,
    "lt": lambda one, other: one < other,
    "le": lambda one, other: one <= other,
}


def compares(values: list[str], operator: str, value: str, exact: bool) -> bool:
    def same(text: str) -> str:
        return text if exact else text.casefold()

    if operator == "ne":
        return not compares(values, "eq", value, exact)
    return any(ORACLE[operator](same(one), same(value)) for one in values)


@st.composite
def capitals(draw: st.DrawFn, text: str) -> str:
    return text.swapcase() if draw(st.booleans()) else text


@st.composite
def single(draw: st.DrawFn) -> tuple[str, Test]:
    kind = draw(st.integers(0, 9))
    if kind == 0:
        wanted = draw(st.booleans())
        return f"active eq {json.dumps(wanted)}", lambda user: user["active"] is wanted
    if kind == 1:
        one, other = draw(TEXTS), draw(TEXTS)
        text = f"emails[type eq {json.dumps(one)} and not (value co {json.dumps(other)})]"
        return text, lambda user: any(
            mail["type"].casefold() == one.casefold() and other.casefold() not in mail["value"].casefold()
            for mail in user.get("emails", [])
        )
    if kind == 2:
        one, other = draw(TEXTS), draw(TEXTS)
        text = f"emails[type eq {json.dumps(one)}].value sw {json.dumps(other)}"
        return text, lambda user: any(
            mail["type"].casefold() == one.casefold() and mail["value"].casefold().startswith(other.casefold())
            for mail in user.get("emails", [])
        )
    name, values, exact = draw(st.sampled_from(PLACES))
    name = draw(capitals(name))
    if kind == 3 and name.lower() != "emails":
        return f"{name} {draw(capitals('pr'))}", lambda user: any(values(user))
    operator, value = draw(st.sampled_from([*ORACLE, "ne"])), draw(TEXTS)
    written = f"{name} {draw(capitals(operator))} {json.dumps(value, ensure_ascii=draw(st.booleans()))}"
    return written, lambda user: compares(values(user), operator, value, exact)


def joined(inner: st.SearchStrategy[tuple[str, Test]]) -> st.SearchStrategy[tuple[str, Test]]:
    @st.composite
    def one(draw: st.DrawFn) -> tuple[str, Test]:
        kind = draw(st.sampled_from(["and", "or", "not"]))
        text, test = draw(inner)
        if kind == "not":
            return f"{draw(capitals('not'))} ({text})", lambda user: not test(user)
        other_text, other = draw(inner)
        word = draw(capitals(kind))
        if kind == "and":
            return f"({text}) {word} ({other_text})", lambda user: test(user) and other(user)
        # `and` binds closer; what is joined by `or` needs brackets only inside of others, and has them there.
        return f"{text} {word} {other_text}", lambda user: test(user) or other(user)

    return one()


def bracketed(written: tuple[str, Test]) -> tuple[str, Test]:
    return f"({written[0]})", written[1]


FILTERS = st.recursive(single(), lambda inner: joined(inner).map(bracketed), max_leaves=6)


@unhurried
@given(FILTERS, USERS)
def test_a_filter_means_what_the_oracle_says(written: tuple[str, Test], user: dict[str, Any]) -> None:
    text, test = written
    assert matches(parse(text), user) is test(user), text


@unhurried
@given(FILTERS, USERS)
def test_who_fits_has_what_a_look_up_asks_for(written: tuple[str, Test], user: dict[str, Any]) -> None:
    text, test = written
    looked = narrowed(parse(text))
    if test(user) and "userName" in looked:
        assert looked["userName"].casefold() == user["userName"].casefold()


@unhurried
@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(
    ["userName", "emails", "title", "eq", "pr", "and", "or", "not", "(", ")", "[", "]", '"a"', ".value", "true", "\\"]
), max_size=12).map(" ".join)))  # fmt: skip
def test_the_parser_reads_or_refuses_whatever_it_is_given(text: str) -> None:
    for read in (parse, parse_path):
        with contextlib.suppress(Fault):
            read(text)


def test_and_binds_closer_than_or_and_not_closer_than_both() -> None:
    user = {"userName": "a", "active": True}
    assert matches(parse('userName eq "a" or userName eq "b" and active eq false'), user)
    assert not matches(parse('(userName eq "a" or userName eq "b") and active eq false'), user)
    assert matches(parse('not (active eq false) and userName eq "a"'), user)
    assert matches(parse("title eq null and userName ne null"), user)


def test_what_is_too_long_or_too_deep_is_refused_before_it_costs_anything() -> None:
    for text in ("x" * (LONGEST + 1), "(" * 1900 + "title pr" + ")" * 1900, "not (" * 300 + "title pr" + ")" * 300):
        with pytest.raises(Fault):
            parse(text)
    # A chain is wide, not deep.
    assert matches(parse(" or ".join(["title pr"] * 300)), {"title": "x"})
