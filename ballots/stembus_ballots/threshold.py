"""How many is enough: the smallest whole number that satisfies a fraction, exactly."""

from fractions import Fraction

from stembus_ballots.errors import CountError


def smallest_passing(fraction: Fraction, whole: int, *, strict: bool) -> int:
    """The smallest number that is at least (`strict`: more than) `fraction` of `whole`, and never 0.

    Half of 42 is 21, more than half 22; two thirds of 43 is 29. Nothing passes with nobody in favour, so the
    answer is at least 1 also where the whole is 0.
    """
    share = fraction * whole
    rounded_up = -(-share.numerator // share.denominator)
    return max(1, share.numerator // share.denominator + 1 if strict else rounded_up)


def check_fraction(fraction: Fraction, *, strict: bool, where: str) -> None:
    """Raises CountError unless the fraction can be reached: above 0, at most 1, and below 1 where it is strict."""
    if not 0 < fraction <= 1:
        raise CountError(f"{where}: the fraction is {fraction}; give one above 0 and at most 1, like 1/2 or 2/3.")
    if strict and fraction == 1:
        raise CountError(f"{where}: more than all cannot be reached; for unanimity ask for at least 1, not more.")
