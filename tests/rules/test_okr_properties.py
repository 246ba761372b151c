"""What holds for all numbers, against the same sums in fractions."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_DOWN, Context, Decimal, localcontext
from fractions import Fraction
from random import Random

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from okr_forests import ALPHAS, WEIGHTS, Forest, Naive, forests, fractions, half_up, scored

from bot.rules.okr import (
    NOTHING,
    Score,
    Weighed,
    blend,
    children,
    maintain,
    milestone,
    numeric,
    own,
    pillar_of,
    pillars,
    raw_numeric,
    roll_up,
    shown,
    summed,
)

CRUMB = Fraction(1, 10**44)
NUMBERS = st.decimals(-(10**9), 10**9, places=4)
PARTS = st.lists(st.tuples(WEIGHTS, st.none() | fractions()), max_size=6)


def weighed(parts: list[tuple[Decimal, Fraction | None]]) -> list[Weighed]:
    return [Weighed(weight, None if true is None else scored(true)) for weight, true in parts]


def total(values: Iterable[Fraction]) -> Fraction:
    return sum(values, Fraction(0))


def same(found: Decimal | None, true: Fraction | None) -> bool:
    """Near by forty digits, and shown as the true value is."""
    if found is None or true is None:
        return found is None and true is None
    return abs(Fraction(found) - true) < CRUMB and Fraction(shown(found)) == half_up(true)


@given(NUMBERS, NUMBERS, NUMBERS)
def test_a_score_stays_between_0_and_1_and_is_the_true_share_of_the_way(
    start: Decimal, target: Decimal, current: Decimal
) -> None:
    assume(start != target)
    true = (Fraction(current) - Fraction(start)) / (Fraction(target) - Fraction(start))
    assert abs(Fraction(raw_numeric(start, target, current)) - true) <= abs(true) * CRUMB
    assert 0 <= numeric(start, target, current) <= 1
    assert same(numeric(start, target, current), min(Fraction(1), max(Fraction(0), true)))


@given(NUMBERS, NUMBERS, NUMBERS)
def test_down_is_as_good_as_up(start: Decimal, target: Decimal, current: Decimal) -> None:
    assume(start != target)
    assert raw_numeric(start, target, current) == raw_numeric(-start, -target, -current)


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS)
def test_nearer_to_the_target_never_scores_less(start: Decimal, target: Decimal, one: Decimal, other: Decimal) -> None:
    assume(start != target)
    nearer, farther = sorted((one, other), reverse=target > start)
    assert numeric(start, target, nearer) >= numeric(start, target, farther)


@given(st.integers(0, 60), st.integers(0, 60))
def test_weeks_and_steps_of_equal_weight_score_alike(held: int, missed: int) -> None:
    steps = [(Decimal(1), True)] * held + [(Decimal(1), False)] * missed
    assert maintain(held, held + missed) == milestone(steps)


@given(PARTS)
def test_an_objective_is_the_true_weighted_mean_and_says_how_much_it_rests_on(
    parts: list[tuple[Decimal, Fraction | None]],
) -> None:
    value, coverage = own(weighed(parts))
    everything = total(Fraction(weight) for weight, _ in parts)
    if not parts:
        assert value is None
        return
    assert same(value, total(Fraction(weight) * (true or 0) for weight, true in parts) / everything)
    assert same(coverage, total(Fraction(weight) for weight, true in parts if true is not None) / everything)
    assert (coverage == 1) is all(true is not None for _, true in parts)


@given(PARTS, st.sampled_from(["0.001", "0.5", "8", "1000000"]))
def test_only_the_proportion_of_weights_matters(parts: list[tuple[Decimal, Fraction | None]], by: str) -> None:
    before, after = own(weighed(parts)), own(weighed([(weight * Decimal(by), true) for weight, true in parts]))
    assert before.value is None or same(after.value, Fraction(before.value))
    assert same(after.coverage, Fraction(before.coverage))


@given(PARTS, st.randoms(use_true_random=False))
def test_the_order_of_key_results_does_not_matter(parts: list[tuple[Decimal, Fraction | None]], random: Random) -> None:
    before = own(weighed(parts))
    random.shuffle(parts)
    after = own(weighed(parts))
    assert before.value is None or same(after.value, Fraction(before.value))
    assert same(after.coverage, Fraction(before.coverage))


@given(PARTS, WEIGHTS)
def test_one_without_a_score_lowers_score_and_coverage_alike(
    parts: list[tuple[Decimal, Fraction | None]], weight: Decimal
) -> None:
    assume(parts)
    before, after = own(weighed(parts)), own(weighed([*parts, (weight, None)]))
    assert before.value is not None
    assert after.value is not None
    everything = total(Fraction(weight) for weight, _ in parts)
    share = everything / (everything + Fraction(weight))
    assert abs(Fraction(after.value) - Fraction(before.value) * share) < CRUMB
    assert abs(Fraction(after.coverage) - Fraction(before.coverage) * share) < CRUMB


@given(fractions(), fractions(), ALPHAS)
def test_a_blend_lies_between_its_parts_and_needs_only_one(one: Fraction, other: Fraction, alpha: Decimal) -> None:
    mine, theirs = Score(scored(one), Decimal(1)), Score(scored(other), Decimal("0.5"))
    assert blend(mine, NOTHING, alpha) == blend(NOTHING, mine, alpha) == mine
    assert same(blend(mine, theirs, alpha).value, Fraction(alpha) * one + (1 - Fraction(alpha)) * other)


@given(st.lists(st.tuples(WEIGHTS, fractions()), max_size=5), WEIGHTS, st.integers(0, 99))
def test_what_is_exactly_half_a_hundredth_goes_up(
    parts: list[tuple[Decimal, Fraction]], weight: Decimal, hundredths: int
) -> None:
    """Of any key results, the last is such that the mean is x.xx5: through thirds, sevenths, 97ths."""
    half = Fraction(2 * hundredths + 1, 200)
    everything = total(Fraction(weight) for weight, _ in parts) + Fraction(weight)
    last = (half * everything - total(Fraction(weight) * true for weight, true in parts)) / Fraction(weight)
    assume(0 <= last <= 1)
    value = own([*(Weighed(weight, scored(true)) for weight, true in parts), Weighed(weight, scored(last))]).value
    assert value is not None
    assert Fraction(shown(value)) == Fraction(hundredths + 1, 100)
    # And once more after it went through a parent and a blend.
    above = children([(Decimal(3), Score(value, Decimal(1))), (Decimal(7), Score(value, Decimal(1)))])
    blended = blend(above, Score(value, Decimal(1)), Decimal("0.3")).value
    assert blended is not None
    assert Fraction(shown(blended)) == Fraction(hundredths + 1, 100)


@given(fractions(), fractions())
def test_the_thread_has_no_say_in_how_exact_it_is(one: Fraction, other: Fraction) -> None:
    def computed() -> tuple[Score, Decimal]:
        score = own([Weighed(Decimal("0.7"), scored(one)), Weighed(Decimal("2.1"), scored(other))])
        assert score.value is not None
        return score, shown(score.value)

    with localcontext(Context(prec=3, rounding=ROUND_DOWN)):
        coarse = computed()
    assert coarse == computed()


@settings(max_examples=150, deadline=None)
@given(forests())
def test_the_roll_up_is_what_a_naive_reader_of_the_methodology_gets(forest: Forest) -> None:
    naive = Naive(forest)
    found = roll_up(forest.nodes, summed(forest.rows))
    assert found.keys() == naive.nodes.keys()
    for key, result in found.items():
        value, coverage = naive.score(key)
        assert same(result.score, value)
        assert same(result.coverage, coverage)
        assert same(result.confidence, naive.confidence(key))
        assert result.top is (naive.above(key) is None)
    side_by_side = pillars(forest.nodes, found)
    for pillar in ("customers", "people"):
        value, coverage = naive.pillar(pillar)
        assert same(side_by_side.get(pillar, NOTHING).value, value)
        assert same(side_by_side.get(pillar, NOTHING).coverage, coverage)


@settings(max_examples=60, deadline=None)
@given(forests(), st.randoms(use_true_random=False))
def test_the_order_of_rows_and_objectives_does_not_matter(forest: Forest, random: Random) -> None:
    before = roll_up(forest.nodes, summed(forest.rows))
    nodes, rows = list(forest.nodes), forest.rows
    random.shuffle(nodes)
    random.shuffle(rows)
    after = roll_up(nodes, summed(rows))
    assert pillar_of(nodes) == pillar_of(forest.nodes)
    for key, result in before.items():
        assert result.score is None or same(after[key].score, Fraction(result.score))
        assert same(after[key].coverage, Fraction(result.coverage))
