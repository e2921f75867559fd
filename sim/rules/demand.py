"""When consumers need something, and what."""

from __future__ import annotations

from numba.extending import register_jitable

from sim.arithmetic import exp, turn
from sim.draws import normal_of, poisson_from, poisson_goes_on, poisson_term

#: Most needs of one person in one week; further ones are not met. Rates are Gamma over people, so
#: that some have high ones: with the shape of the baseline 0.017 % of the weeks of people have more
#: at its mean rate of 0.8, 3 % at a mean of 3.
MOST_NEEDS = 16


@register_jitable
def n_needs(u: float, rate_per_week: float) -> int:
    """Return the number of needs a person has in a week.

    Poisson with the person's own rate; as rates are Gamma over people, counts are negative
    binomial, the law of fast-moving goods. Source: Ehrenberg 1959, Applied Statistics 8(1).
    """
    return min(poisson_from(u, rate_per_week, no_need_prob(rate_per_week)), MOST_NEEDS)


@register_jitable
def no_need_prob(rate_per_week: float) -> float:
    """Return the probability that a person needs nothing in a week: exp(-rate)."""
    return exp(-rate_per_week)


@register_jitable
def needs_more(u: float, rate_per_week: float, n: int, prob: float, total: float) -> bool:
    """Return whether `n_needs` is above n: of so many needs the probability is ``prob``.

    ``total`` is the sum of the probabilities of at most n needs.
    """
    return poisson_goes_on(u, rate_per_week, n, prob, total) & (n < MOST_NEEDS)


@register_jitable
def n_needs_prob(rate_per_week: float, n: int, before: float) -> float:
    """Return the probability of n needs, where that of one less is ``before``."""
    return poisson_term(rate_per_week, n, before)


@register_jitable
def needed_again(u: float, repeat_share: float) -> bool:
    """Return whether a need arises in a category where something is owned already.

    With probability ``repeat_share``: 1 for goods that are used up, 0 for goods that last.
    """
    return u < repeat_share


@register_jitable
def need_category(u: float, n_categories: int) -> int:
    """Return the category of a need, 0 to n_categories - 1, each as likely."""
    return min(int(u * n_categories), n_categories - 1)


@register_jitable
def category_of_need(
    taste_x: float, taste_y: float, u_x: float, u_y: float, spread: float, n_categories: int
) -> int:
    """Return the category of a need of somebody of this taste, 0 to n_categories - 1.

    A need lies around the own taste, normal with standard deviation ``spread`` in each direction.
    """
    x = place_of_need(taste_x, spread, normal_of(u_x))
    y = place_of_need(taste_y, spread, normal_of(u_y))
    return category_at(x, y, n_categories)


@register_jitable
def place_of_need(taste: float, spread: float, z: float) -> float:
    """Return a coordinate of a need of somebody of this taste: taste + spread·z, z normal."""
    return taste + spread * z


@register_jitable
def category_at(x: float, y: float, n_categories: int) -> int:
    """Return the category of a need at this place in the plane of tastes.

    Categories are equal sectors of the plane. So people of like tastes need like things, while
    every category is needed as often as any other; a very large spread makes all needs alike.
    """
    return need_category(turn(x, y), n_categories)
