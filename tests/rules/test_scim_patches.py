"""Patches as RFC 7644, section 3.5.2, has them, and as directories write them."""

from __future__ import annotations

import contextlib
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scim_client import ENTERPRISE, PATCH, USER

from bot.rules.scim import Fault, Shown, User, drawn, patched, read_user, understood

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
BARBARA: dict[str, Any] = {
    "schemas": [USER], "userName": "bjensen", "active": True, "title": "Guide",
    "name": {"givenName": "Barbara", "familyName": "Jensen"},
    "emails": [{"value": "bjensen@example.com", "type": "work", "primary": True}],
    ENTERPRISE: {"department": "Tours", "manager": {"value": "26118915"}},
}  # fmt: skip
HOME = {"value": "babs@jensen.org", "type": "home"}


def after(*operations: dict[str, Any]) -> dict[str, Any]:
    before = deepcopy(BARBARA)
    made = patched(before, {"schemas": [PATCH], "Operations": list(operations)})
    assert before == BARBARA, "what was given stays as it is"
    return made


def changed(*operations: dict[str, Any]) -> dict[str, Any]:
    made = after(*operations)
    return {name: made.get(name) for name in BARBARA.keys() | made.keys() if made.get(name) != BARBARA.get(name)}


MANAGER = f"{ENTERPRISE}:manager"


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        ({"op": "Add", "path": "title", "value": "Pilot"}, {"title": "Pilot"}),
        ({"op": "replace", "path": "TITLE", "value": "Pilot"}, {"title": "Pilot"}),
        ({"op": "remove", "path": "title"}, {"title": None}),
        ({"op": "replace", "path": "title", "value": ""}, {"title": None}),
        ({"op": "Replace", "path": "active", "value": "False"}, {"active": False}),
        ({"op": "replace", "value": {"active": False, "id": "x"}}, {"active": False}),
        ({"op": "replace", "path": f"{USER}:active", "value": False}, {"active": False}),
        ({"op": "add", "path": "name.givenName", "value": "Babs"},
         {"name": {"givenName": "Babs", "familyName": "Jensen"}}),
        ({"op": "replace", "value": {"name.givenName": "Babs"}},
         {"name": {"givenName": "Babs", "familyName": "Jensen"}}),
        ({"op": "replace", "path": "name", "value": {"GivenName": "Babs"}},
         {"name": {"givenName": "Babs", "familyName": "Jensen"}}),
        ({"op": "remove", "path": "name"}, {"name": None}),
        ({"op": "replace", "path": MANAGER, "value": "4711"},
         {ENTERPRISE: {"department": "Tours", "manager": {"value": "4711"}}}),
        ({"op": "Add", "path": MANAGER, "value": {"value": "4711", "$ref": "../Users/4711", "displayName": "John"}},
         {ENTERPRISE: {"department": "Tours", "manager": {"value": "4711"}}}),
        ({"op": "add", "path": MANAGER, "value": [{"value": "4711"}]},
         {ENTERPRISE: {"department": "Tours", "manager": {"value": "4711"}}}),
        ({"op": "replace", "path": f"{MANAGER}.value", "value": 4711},
         {ENTERPRISE: {"department": "Tours", "manager": {"value": "4711"}}}),
        ({"op": "remove", "path": MANAGER}, {ENTERPRISE: {"department": "Tours"}}),
        ({"op": "replace", "path": MANAGER, "value": None}, {ENTERPRISE: {"department": "Tours"}}),
        ({"op": "replace", "path": MANAGER, "value": {"value": ""}}, {ENTERPRISE: {"department": "Tours"}}),
        ({"op": "remove", "path": ENTERPRISE}, {ENTERPRISE: None}),
        ({"op": "add", "value": {ENTERPRISE: {"department": "Rides"}}},
         {ENTERPRISE: {"department": "Rides", "manager": {"value": "26118915"}}}),
        ({"op": "add", "value": {f"{ENTERPRISE}:department": "Rides"}},
         {ENTERPRISE: {"department": "Rides", "manager": {"value": "26118915"}}}),
        ({"op": "replace", "path": ENTERPRISE.lower(), "value": {"Department": "Rides"}},
         {ENTERPRISE: {"department": "Rides", "manager": {"value": "26118915"}}}),
        ({"op": "replace", "path": 'emails[type eq "work"].value', "value": "b@example.com"},
         {"emails": [{"value": "b@example.com", "type": "work", "primary": True}]}),
        ({"op": "Add", "path": 'emails[type eq "home"].value', "value": "babs@jensen.org"},
         {"emails": [*BARBARA["emails"], {"type": "home", "value": "babs@jensen.org"}]}),
        ({"op": "add", "path": "emails", "value": [HOME]}, {"emails": [*BARBARA["emails"], HOME]}),
        ({"op": "add", "path": "emails", "value": [HOME | {"primary": True}]},
         {"emails": [BARBARA["emails"][0] | {"primary": False}, HOME | {"primary": True}]}),
        ({"op": "replace", "path": "emails", "value": [HOME]}, {"emails": [HOME]}),
        ({"op": "replace", "path": 'emails[value sw "bj"]', "value": HOME},
         {"emails": [HOME | {"primary": True}]}),
        ({"op": "remove", "path": 'emails[type eq "work" and value ew "example.com"]'}, {"emails": None}),
        ({"op": "remove", "path": "emails"}, {"emails": None}),
        ({"op": "add", "path": 'phoneNumbers[type eq "work"].value', "value": "555"}, {}),
        ({"op": "add", "path": "name.middleName", "value": "Jane"}, {}),
        ({"op": "add", "path": 'addresses[type eq "work"].formatted', "value": "x"}, {}),
    ],
)  # fmt: skip
def test_a_patch_does_this(operation: dict[str, Any], expected: dict[str, Any]) -> None:
    assert changed(operation) == expected


def test_later_operations_see_what_earlier_ones_did() -> None:
    made = changed(
        {"op": "add", "path": "emails", "value": [HOME]},
        {"op": "replace", "path": 'emails[type eq "home"].value', "value": "b@jensen.org"},
        {"op": "remove", "path": 'emails[type eq "work"]'},
    )
    assert made == {"emails": [{"value": "b@jensen.org", "type": "home"}]}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["value", "type", "x"]), inner, max_size=3)
    ),
    max_leaves=5,
)
PATHS = st.sampled_from(
    ["title", "name", "name.givenName", "emails", 'emails[type eq "work"]', "emails.value", MANAGER, ENTERPRISE,
     "active", "", 'emails[type eq "home"].value', f"{MANAGER}.value", "meta.version", "schemas", "password", "[", None]
)  # fmt: skip


@unhurried
@given(st.lists(st.fixed_dictionaries(
    {"op": st.sampled_from(["add", "Replace", "REMOVE", "move", None])}, optional={"path": PATHS, "value": JSON}
), min_size=1, max_size=3))  # fmt: skip
def test_whatever_a_patch_says_it_is_done_or_refused_and_can_be_said_again(operations: list[dict[str, Any]]) -> None:
    with contextlib.suppress(Fault):
        made = after(*operations)
        kept = {name: value for name, value in made.items() if name != "schemas"}
        assert read_user(kept | {"schemas": [USER]}) == kept


@unhurried
@given(JSON)
def test_whatever_a_user_is_it_is_understood_or_refused(value: Any) -> None:
    for name in ("userName", "name", "emails", "active", ENTERPRISE, "locale", "meta"):
        with contextlib.suppress(Fault):
            understood(read_user({"schemas": [USER], "userName": "a@example.com", name: value}))


def test_an_address_that_was_only_the_user_name_goes_where_that_goes() -> None:
    before = User("b@example.com", "Barbara", "b@example.com")
    moved = patched(
        drawn(before, as_given=True),
        {"schemas": [PATCH], "Operations": [{"op": "replace", "path": "userName", "value": "c@example.com"}]},
    )
    assert understood(moved, before).email == "c@example.com"
    own = User("b@example.com", "Barbara", "barbara@example.com")
    moved = drawn(own, as_given=True) | {"userName": "c@example.com"}
    assert understood(moved, own).email == "barbara@example.com"


def test_a_name_is_made_of_its_parts_only_where_none_is_given() -> None:
    before = User("b", "Barbara Jensen", "b@example.com", given="Barbara", family="Jensen")
    assert understood(drawn(before, as_given=True) | {"name": {"givenName": "Babs"}}, before).name == "Babs"
    shown = User("b", "Babs", "b@example.com", given="Barbara", family="Jensen")
    assert understood(drawn(shown, as_given=True) | {"name": {"givenName": "B"}}, shown).name == "Babs"


def test_an_answer_shows_what_was_asked_for() -> None:
    assert Shown.of(["name.familyName", "nonsense", "password"], []).of_user(BARBARA) == {
        "schemas": [USER], "name": {"familyName": "Jensen"},
    }  # fmt: skip
    without = Shown.of([], ["emails", "name.givenName", ENTERPRISE + ":manager", "id"]).of_user(BARBARA)
    assert without == {
        "schemas": [USER], "userName": "bjensen", "active": True, "title": "Guide", "name": {"familyName": "Jensen"},
        ENTERPRISE: {"department": "Tours"},
    }  # fmt: skip
