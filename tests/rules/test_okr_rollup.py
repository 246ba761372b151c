"""Scores up the tree, with numbers that can be followed by hand."""

from __future__ import annotations

from decimal import Decimal

from okr_forests import node

from bot.rules.okr import NOTHING, Score, Sums, closes_circle, in_loops, pillar_of, pillars, roll_up, summed

D = Decimal
HALF = D("0.5")
COMPANY, SALES, PLATFORM, TEAM = range(4)


def test_rows_of_key_results_become_sums_in_any_order() -> None:
    rows = [(SALES, D(2), D("0.9"), 7), (TEAM, D(1), D(1), None), (SALES, D(1), None, 4)]
    assert summed(rows) == {
        SALES: Sums(scored=D("1.8"), weight=D(3), covered=D(2), confidence=D(18), confident=D(3)),
        TEAM: Sums(scored=D(1), weight=D(1), covered=D(1), confidence=D(0), confident=D(0)),
    }


def test_a_company_objective_blends_its_own_with_what_stands_below() -> None:
    nodes = [
        node(COMPANY, rollup="blend"),
        node(SALES, COMPANY, weight=D(3)),
        node(PLATFORM, COMPANY, rollup="children"),
        node(TEAM, PLATFORM),
    ]
    rows = [(COMPANY, D(1), D("0.9"), 8), (SALES, D(1), D("0.8"), 6), (TEAM, D(1), D("0.4"), 2), (TEAM, D(1), None, 2)]
    found = roll_up(nodes, summed(rows))
    # The team: (0.4 + 0) / 2, half covered; so is the platform, which has its children's.
    assert found[PLATFORM][:2] == found[TEAM][:2] == (D("0.2"), HALF)
    # Children of the company: (3 x 0.8 + 0.2) / 4, covered (3 x 1 + 0.5) / 4; blended with 0.9, covered fully.
    assert found[COMPANY].children == Score(D("0.65"), D("0.875"))
    assert found[COMPANY].own == Score(D("0.9"), D(1))
    assert (found[COMPANY].score, found[COMPANY].coverage) == (D("0.775"), D("0.9375"))
    # Confidence: children (3 x 6 + 2) / 4 = 5, with 8 of its own.
    assert found[COMPANY].confidence == D("6.5")
    assert [found[key].top for key in (COMPANY, SALES, PLATFORM, TEAM)] == [True, False, False, False]


def test_only_children_that_are_active_or_done_count() -> None:
    states = ("active", "done", "draft", "paused", "cancelled")
    nodes = [node(COMPANY, rollup="children"), *(node(at, COMPANY, state=state) for at, state in enumerate(states, 1))]
    rows = [(at, D(1), D(score), None) for at, score in enumerate(("0.2", "0.6", "1", "1", "1"), 1)]
    found = roll_up(nodes, summed(rows))
    assert found[COMPANY].score == D("0.4")
    # They have their own score nevertheless.
    assert found[5].score == 1


def test_a_child_without_a_score_counts_as_0_and_lowers_the_coverage() -> None:
    nodes = [node(COMPANY, rollup="children"), node(SALES, COMPANY), node(TEAM, COMPANY)]
    found = roll_up(nodes, summed([(SALES, D(1), D("0.8"), 9)]))
    assert found[TEAM][:2] == NOTHING
    assert (found[COMPANY].score, found[COMPANY].coverage) == (D("0.4"), HALF)
    assert found[COMPANY].confidence == 9


def test_without_children_there_is_nothing_to_roll_up() -> None:
    found = roll_up([node(COMPANY, rollup="children"), node(SALES, rollup="blend")], summed([(SALES, D(1), HALF, 3)]))
    assert found[COMPANY][:2] == NOTHING
    assert (found[SALES].score, found[SALES].confidence) == (HALF, D(3))


def test_members_of_a_loop_have_no_parent_and_keep_their_other_children() -> None:
    nodes = [
        node(COMPANY, SALES, rollup="children"),
        node(SALES, COMPANY, rollup="blend"),
        node(PLATFORM, PLATFORM),
        node(TEAM, COMPANY),
    ]
    rows = [(key, D(1), D(score), None) for key, score in ((SALES, "0.2"), (PLATFORM, "0.3"), (TEAM, "0.9"))]
    found = roll_up(nodes, summed(rows))
    assert found[COMPANY].score == D("0.9")
    assert found[SALES].score == D("0.2")
    assert found[PLATFORM].score == D("0.3")
    assert in_loops({one.id: one.parent for one in nodes}) == {COMPANY, SALES, PLATFORM}


def test_a_parent_that_is_not_given_is_none() -> None:
    assert roll_up([node(TEAM, 99)], {})[TEAM].top


def test_thousands_above_each_other_are_walked_without_recursion() -> None:
    deep = range(5000)
    nodes = [node(at, at + 1 if at + 1 < len(deep) else None, rollup="children" if at else "own") for at in deep]
    found = roll_up(nodes, summed([(0, D(3), D(1) / 3, 5)]))
    assert found[4999][:2] == found[0][:2]
    assert pillar_of([*nodes[:-1], nodes[-1]._replace(pillar="people")])[0] == "people"


def test_pillars_stand_side_by_side_from_their_top_objectives() -> None:
    nodes = [
        node(COMPANY, pillar="customers", weight=D(2)),
        node(SALES, pillar="customers"),
        node(PLATFORM, COMPANY, pillar="customers"),
        node(TEAM, pillar="people"),
        node(5, pillar="sustainability", state="draft"),
        node(6),
        # It hangs loose below the company's own: the linter's business, not the pillar's.
        node(7, pillar="customers", level="individual"),
        node(8, pillar="reliability", level="team"),
    ]
    rows = [(COMPANY, D(1), D("0.9"), None), (SALES, D(1), D("0.3"), None), (7, D(1), D(1), None), (8, D(1), D(1), 4)]
    found = pillars(nodes, roll_up(nodes, summed(rows)))
    assert found == {"customers": Score(D("0.7"), D(1)), "people": Score(D(0), D(0)), "reliability": Score(D(1), D(1))}


def test_the_pillar_is_inherited_if_there_is_none_of_ones_own() -> None:
    nodes = [
        node(COMPANY, pillar="customers"),
        node(SALES, COMPANY),
        node(TEAM, SALES),
        node(PLATFORM, SALES, pillar="people"),
        node(5),
        node(6, 7),
        node(7, 6, pillar="people"),
    ]
    assert pillar_of(nodes) == {
        COMPANY: "customers", SALES: "customers", TEAM: "customers", PLATFORM: "people", 5: None, 6: None, 7: "people",
    }  # fmt: skip


def test_a_parent_closes_a_circle_if_it_stands_below_already() -> None:
    parents = {SALES: COMPANY, TEAM: SALES, COMPANY: None}
    assert closes_circle(parents, COMPANY, TEAM)
    assert closes_circle(parents, COMPANY, COMPANY)
    assert not closes_circle(parents, TEAM, COMPANY)
    assert not closes_circle(parents, PLATFORM, TEAM)
    # A loop that is stored already, of others: the walk ends.
    assert not closes_circle({SALES: TEAM, TEAM: SALES}, COMPANY, SALES)
