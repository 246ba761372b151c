"""The whole matrix of access: role, relation, phase and audience, for every kind of thing, cell by cell."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any, get_args
from uuid import UUID, uuid4

import access_matrix as matrix
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.access import GUARDED, HR, Actor, Subject, may, may_read_field, parties
from bot.access.table import BARRED, RULES
from bot.access.vocabulary import Action, Audience, Kind, Phase, Relation, Role
from bot.storage.people import ROLES

ME, OWNER, ANOTHER = UUID(int=1), UUID(int=2), UUID(int=3)
SALES, LABS = UUID(int=11), UUID(int=12)
EXPECTED = matrix.expected()
KINDS, ACTIONS, PHASES = get_args(Kind), get_args(Action), get_args(Phase)
# How each relation comes about: what is known of the thing, and of me.
RELATED: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "author": ({"owner": ME}, {}),
    "reader": ({"reader": ME}, {}),
    "reader_delegate": ({"reader": ANOTHER}, {"acts_for": frozenset({ANOTHER})}),
    "manager": ({"manager": ME}, {}),
    "manager_delegate": ({"manager": ANOTHER}, {"acts_for": frozenset({ANOTHER})}),
    "shared_with": ({"manager": ME, "shared": True}, {}),
    "earlier_manager": ({"earlier": frozenset({ME})}, {}),
    "second_line": ({"above": frozenset({ME})}, {}),
    "upper": ({"upper": ME}, {}),
    "upper_delegate": ({"upper": ANOTHER}, {"acts_for": frozenset({ANOTHER})}),
    "about": ({"about": ME}, {}),
    "teammate": ({"team": frozenset({ME})}, {}),
    "contradicted": ({"reader": ME, "manager": ME, "upper": ME, "contradicts": frozenset({ME})}, {}),
    "colleague": ({}, {}),
}


def case(party: str, kind: Any, phase: Any = "submitted", audience: str = "manager") -> tuple[Actor, Subject]:
    of, about_me = RELATED.get(party, ({}, {}))
    roles = frozenset({party} & set(ROLES))
    field: Any = {"ticked": "shared_by", "blank": "shared_by"}.get(audience, audience)
    subject = Subject(kind, **{"owner": OWNER, **of}, phase=phase, audience=field, marked=audience == "ticked")
    return Actor(ME, roles, **about_me), subject


def test_every_cell_of_the_matrix_is_as_it_is_written() -> None:
    wrong = []
    everything = product(KINDS, ACTIONS, matrix.PARTIES.values(), PHASES, matrix.ALL.split())
    for kind, action, party, phase, audience in everything:
        if kind == "conversation":
            continue
        actor, subject = case(party, kind, phase, audience)
        # What no line names is a no for everybody.
        wanted = EXPECTED.get((kind, action, party, phase, audience), False)
        if bool(may(actor, action, subject)) is not wanted:
            wrong.append((kind, action, party, phase, audience, wanted))
    assert wrong == []


def test_the_matrix_has_a_column_for_everybody_and_a_cell_for_everything() -> None:
    """Whoever adds a role, a relation, a phase, an audience or an action decides its cells, or this fails."""
    assert set(get_args(Role)) == {"employee", *ROLES}
    assert sorted(matrix.PARTIES.values()) == sorted({*get_args(Relation), *get_args(Role)})
    assert RELATED.keys() == set(get_args(Relation))
    assert matrix.columns() == list(matrix.PARTIES)
    assert {len(letters) for letters in matrix.rows().values()} == {len(matrix.PARTIES)}
    for letter in matrix.LETTERS.values():
        assert set(letter) == set(PHASES)
    assert set(matrix.ALL.split()) == set(get_args(Audience)) - {"shared_by"} | {"ticked", "blank"}
    assert matrix.rows().keys() == RULES.keys()
    assert RULES.keys() >= BARRED.keys()
    named = {kind for kind, _ in RULES} | {"conversation"}
    assert named == set(KINDS)
    assert {action for _, action in RULES} | {"start"} == set(ACTIONS)


@pytest.mark.parametrize("party", get_args(Relation))
def test_each_relation_comes_about_as_it_is_described(party: str) -> None:
    assert party in parties(*case(party, "checkin"))


@pytest.mark.parametrize("role", [*ROLES, "second_line"])
def test_no_role_and_no_second_line_reads_a_check_in(role: str) -> None:
    for phase, audience in product(PHASES, matrix.ALL.split()):
        assert not may(*_with(case(role, "checkin", phase, audience), "read"))
        assert not may(*_with(case(role, "checkin", phase, audience), "respond"))


def _with(made: tuple[Actor, Subject], action: Any) -> tuple[Actor, Any, Subject]:
    return made[0], action, made[1]


@settings(deadline=None)
@given(
    st.sets(st.sampled_from(sorted(set(get_args(Relation)) - {"author", "contradicted"}))),
    st.sets(st.sampled_from(ROLES)), st.sampled_from(sorted(RULES)), st.sampled_from(PHASES),
    st.sampled_from(matrix.ALL.split()),
)  # fmt: skip
def test_several_relations_and_roles_together_give_what_one_of_them_gives(
    related: set[str], roles: set[str], asked: tuple[Any, Any], phase: Any, audience: str
) -> None:
    kind, action = asked
    known: dict[str, Any] = {}
    about_me: dict[str, Any] = {}
    for one in sorted(related):
        # Who is the reader is not also the one who acts for the reader.
        known |= {key: value for key, value in RELATED[one][0].items() if key not in known or value == ME}
        about_me |= RELATED[one][1]
    actor, subject = case("colleague", kind, phase, audience)
    actor, subject = replace(actor, roles=frozenset(roles), **about_me), replace(subject, **known)
    held = parties(actor, subject)
    one_of_them = any(EXPECTED.get((kind, action, party, phase, audience)) for party in held)
    barred = bool(held & BARRED.get((kind, action), frozenset()))
    assert bool(may(actor, action, subject)) is (one_of_them and not barred)


def test_a_partner_deals_with_their_departments_alone() -> None:
    partner = Actor(ME, frozenset({"hr_partner"}), departments=frozenset({SALES}))
    deals: tuple[tuple[Kind, Action, Audience], ...] = (
        ("inbox_item", "settle", "hr"), ("configuration", "change", "hr"), ("aggregate", "read", "aggregate"),
    )  # fmt: skip
    for kind, action, audience in deals:
        of = Subject(kind, owner=OWNER, department=SALES, audience=audience)
        assert may(partner, action, of)
        assert not may(partner, action, replace(of, department=LABS))
        assert not may(partner, action, replace(of, department=None))
        assert may(replace(partner, departments=None), action, replace(of, department=None))


def test_nobody_of_hr_settles_what_is_theirs_or_about_them() -> None:
    hana = Actor(ME, HR)
    assert may(hana, "settle", Subject("inbox_item", owner=OWNER))
    assert not may(hana, "settle", Subject("inbox_item", owner=ME))
    assert not may(hana, "settle", Subject("inbox_item", owner=OWNER, about=ME))
    assert not may(hana, "read", Subject("inbox_item", owner=OWNER, about=ME))


def test_nobody_gives_a_role_to_themselves_and_none_of_the_guarded_ones_in_the_chat() -> None:
    hana = Actor(ME, frozenset({"hr_coordinator"}))
    assert may(hana, "give", Subject("role", owner=OWNER))
    assert not may(hana, "give", Subject("role", owner=ME))
    assert not may(hana, "give", Subject("guarded_role", owner=OWNER))
    assert set(ROLES) > GUARDED


def test_a_delegate_of_whom_the_author_contradicts_reads_nothing_and_a_later_manager_does() -> None:
    sent = Subject("checkin", owner=OWNER, reader=ANOTHER, manager=ANOTHER, contradicts=frozenset({ANOTHER}))
    delegate = Actor(ME, acts_for=frozenset({ANOTHER}))
    assert may(delegate, "read", sent).why == "held_back"
    assert may(Actor(ANOTHER), "read", sent).why == "held_back"
    assert may(Actor(ME), "read", replace(sent, manager=ME, shared=True))


def test_who_acts_for_the_reader_is_still_the_author_of_their_own() -> None:
    mine = Subject("checkin", owner=ME, reader=ANOTHER)
    assert parties(Actor(ME, acts_for=frozenset({ANOTHER})), mine) == {"author", "employee"}


@pytest.mark.parametrize("party", [*RELATED, *ROLES])
def test_what_is_switched_off_nobody_may_but_read_their_own(party: str) -> None:
    for kind, action in RULES:
        actor, subject = case(party, kind)
        decision = may(actor, action, replace(subject, off=frozenset({action})))
        if party == "author" and action == "read":
            assert decision == may(actor, action, subject)
        else:
            assert decision.why == "switched_off"


def test_a_conversation_is_for_everybody_or_for_the_roles_that_it_names() -> None:
    nobody, hana = Actor(uuid4()), Actor(uuid4(), frozenset({"hr_coordinator"}))
    assert may(nobody, "start", Subject("conversation"))
    assert may(hana, "start", Subject("conversation", roles=HR))
    assert may(nobody, "start", Subject("conversation", roles=HR)).why == "not_your_role"


def test_a_field_is_for_whom_it_names_and_its_box_adds_the_manager() -> None:
    reader, sent = Actor(ME), Subject("checkin", owner=OWNER, reader=ME)
    author = Actor(OWNER)
    mood: Any = {"audiences": ("author", "aggregate"), "shared_by": "share_mood"}
    assert may_read_field(author, sent, **mood)
    assert not may_read_field(reader, sent, **mood)
    assert may_read_field(reader, sent, **mood, marked=True)
    assert may_read_field(reader, sent, ("author", "manager"))
    assert not may_read_field(reader, sent, ("author",))
    assert not may_read_field(reader, sent, ("author", "a word from a file to come"))
