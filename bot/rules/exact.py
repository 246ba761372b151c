"""Decimals of fifty digits of our own, whatever context the thread has; nothing is rounded before it is shown."""

from __future__ import annotations

from contextlib import AbstractContextManager
from decimal import (
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
    localcontext,
)

ZERO, ONE = Decimal(0), Decimal(1)
_TRAPS = [InvalidOperation, DivisionByZero, Overflow]
_EXACT = Context(prec=50, rounding=ROUND_HALF_EVEN, traps=_TRAPS)
# Wide enough for the forty places of any number that somebody typed.
_WIDE = Context(prec=400, rounding=ROUND_HALF_EVEN, traps=_TRAPS)
_PLACES = Decimal("1e-40")


def exactly() -> AbstractContextManager[Context]:
    return localcontext(_EXACT)


def settled(value: Decimal) -> Decimal:
    """Without the crumbs of thirds: of fifty digits the last are not known, so what is compared or shown has forty
    places. Three times a third is 1 again.
    """
    return value.quantize(_PLACES, context=_WIDE)


def rounded(value: Decimal, place: Decimal) -> Decimal:
    """To show it: half up, and a zero without a sign."""
    found = settled(value).quantize(place, ROUND_HALF_UP, _WIDE)
    return found or found.copy_abs()


def plain(value: Decimal) -> Decimal:
    """Without the noughts that nobody typed."""
    whole = value.normalize(_WIDE)
    return whole.quantize(ONE, context=_WIDE) if whole == whole.to_integral_value(context=_WIDE) else whole
