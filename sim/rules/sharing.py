"""Why people post, what rewards do to a post, and how readers take it."""

from __future__ import annotations

import math
from typing import NamedTuple

from numba.extending import register_jitable

from sim.arithmetic import exp, ln
from sim.compiled import as_real

#: How much less than satisfied people the disappointed like to post, in log-odds.
WARNING_RELUCTANCE = 0.5
#: Reward at which annoyance is stated, as a share of the price.
ANNOYANCE_CUT = 0.1
#: What an opportunist says of whatever pays: the best there is.
BOAST = 1.0
#: Estimates are this close, many times over: in arithmetic of 16 digits they err by 1e-14 or less.
ABOUT = 1e-9
#: From this share of the reward for the receiver on, the split counts as fair.
FAIR_SHARE = 0.5


class SharingTerms(NamedTuple):
    """Constants of posting, of sincerity and of invitations."""

    delight_slope: float  # b+: log-odds per unit of quality above expectation
    warning_slope: float  # b-: log-odds per unit of quality below expectation
    annoyance: float  # useless evidence per rewarded read at a cut of 10 %
    kappa: tuple[float, float, float, float]  # loss of sincerity per unit of cut, by layer
    sincerity_learning: float  # fall of kappa per piece of useful evidence on the tie
    unsolicited_factor: float  # on kappa, for posts nobody asked for
    split_factor: float  # on kappa, when the receiver gets at least half
    disclosure_factor: float  # on kappa, when the reward is disclosed
    inflation_max: float  # most that money makes a sharer overstate quality
    leader_lookup_prob: float  # per need
    invite_prob: float  # per week
    join_prob: float  # per invitation, before trust
    follow_prob: float  # per useful look-up


@register_jitable
def sincerity(
    cut: float,
    layer: int,
    solicited: int,
    receiver_share: float,
    disclosed: int,
    terms: SharingTerms,
) -> float:
    """Return how sincere a rewarded post is taken to be, 0 to 1: exp(-kappa·cut).

    ``cut`` is the sender's reward as a share of the price. kappa rises from inner to outer layers
    (-1, no tie, counts as the outermost), is larger when nobody asked and when the reward is
    disclosed, and falls in proportion to the receiver's share down to ``split_factor`` at one
    half. Source: Verlegh, Ryu, Tuk, Feick 2013, JAMS 41(6) for the directions; the sizes are
    assumed.
    """
    kappa = terms.kappa[3]
    if 0 <= layer < 3:
        kappa = terms.kappa[layer]
    if not solicited:
        kappa *= terms.unsolicited_factor
    if disclosed:
        kappa *= terms.disclosure_factor
    fairness = min(1.0, receiver_share / FAIR_SHARE)
    kappa *= 1.0 - (1.0 - terms.split_factor) * fairness
    return exp(-kappa * cut)


@register_jitable
def learned_sincerity(sincerity: float, useful: float, learning: float) -> float:
    """Return the sincerity of a rewarded post by somebody who has proved useful, 0 to 1.

    sincerity^(1/(1 + learning·useful)), which is exp(-kappa·cut/(1 + learning·useful)): the
    discount fades as useful evidence on the tie accumulates, by half at 1/learning pieces, and
    returns as the evidence is forgotten. The form and the size are assumed.
    """
    known = as_real(useful)
    if known <= 0.0 or learning <= 0.0:
        return sincerity
    return math.pow(sincerity, 1.0 / (1.0 + learning * known))


@register_jitable
def orders_per_rewarded_post(orders: float, posts: float) -> float:
    """Return how many orders a rewarded post brought of late; 0 before there were any."""
    if posts <= 0:
        return 0.0
    return orders / posts


@register_jitable
def expected_income_yuan(
    sender_cut: float,
    price_yuan: float,
    orders_per_rewarded_post: float,
    followers: int,
    mean_degree: float,
) -> float:
    """Return the reward a sharer expects of a post, in yuan.

    cut·price·recent orders per rewarded post·followers/mean number of ties.
    """
    if mean_degree <= 0.0:
        return 0.0
    return sender_cut * price_yuan * orders_per_rewarded_post * (followers / mean_degree)


@register_jitable
def money_motive(money_response: float, expected_income_yuan: float) -> float:
    """Return what money adds to the log-odds of posting: r·ln(1 + E), E in yuan.

    Concave: that a reward is paid matters more than how large it is (Ryu & Feick 2007, Journal of
    Marketing 71(1)).
    """
    return money_response * math.log1p(expected_income_yuan)


@register_jitable
def money_motive_about(money_response: float, expected_income_yuan: float) -> float:
    """Return `money_motive` to within `ABOUT`: its logarithm becomes vector instructions."""
    return money_response * ln(1.0 + expected_income_yuan)


@register_jitable(forceinline=True)
def effort_yuan(
    u: float, index_without_money: float, money_response: float, expected_income_yuan: float
) -> float:
    """Return the effort of writing a post that was written, by the reward it took, in yuan.

    With this luck u the post is written for any expected reward E for which u < 1/(1 + exp(-z0 -
    r·ln(1 + E))), z0 the log-odds without money. The effort is the least of these, (u/(1 - u)·
    exp(-z0))^(1/r) - 1: between 0, where the post would have been written for nothing, and the
    reward that was expected.
    """
    for_nothing = (u < logistic(index_without_money)) | (money_response <= 0.0)
    response = 1.0 if for_nothing else money_response
    # Rounding aside, the least is not above what was expected; dividing may make much of that.
    expected = ln(1.0 + expected_income_yuan)
    least = min((ln(u / (1.0 - u)) - index_without_money) / response, expected)
    effort = min(max(exp(least) - 1.0, 0.0), expected_income_yuan)
    return 0.0 if for_nothing else effort


@register_jitable
def posting_index_satisfied(
    propensity: float,
    delight_slope: float,
    gap: float,
    money: float,
    concern: float,
    credit_at_risk: float,
) -> float:
    """Return the log-odds that a buyer recommends a product.

    a + b+·(x - m) + money - concern·credit at risk, for an experience x not below the belief m
    about the market; ``gap`` = x - m.
    """
    return propensity + delight_slope * gap + money - concern * credit_at_risk


@register_jitable
def posting_index_warning(propensity: float, warning_slope: float, gap: float) -> float:
    """Return the log-odds that a buyer warns of a product.

    a - 1/2 + b-·(m - x), for an experience x below the belief m about the market; ``gap`` = m - x.
    The half makes word of mouth about three times as often positive as negative, as it is found
    to be.
    """
    return propensity - WARNING_RELUCTANCE + warning_slope * gap


@register_jitable
def logistic(z: float) -> float:
    """Return the probability of log-odds z: 1/(1 + exp(-z)), without overflow."""
    odds = exp(-abs(z))  # of the less likely of the two
    return (1.0 if z >= 0.0 else odds) / (1.0 + odds)


@register_jitable
def stated_quality(experienced: float, money: float, inflation_max: float) -> float:
    """Return the quality a post states, 0 to 1.

    x + bound·(1 - exp(-money)): honest without a money motive, never inflated by more than the
    bound. That a small bonus makes advisers give wrong advice is found in experiments; the size
    of the bound is assumed.
    """
    inflation = -inflation_max * math.expm1(-money)
    return min(1.0, max(0.0, experienced + inflation))


@register_jitable
def annoyance_evidence(annoyance: float, cut: float) -> float:
    """Return the useless evidence that reading one rewarded post leaves: annoyance·cut/10 %."""
    return annoyance * (cut / ANNOYANCE_CUT)


@register_jitable
def lure_fen(price_fen: int, recent_orders: int) -> int:
    """Return what an opportunist picks a product by, where posts pay: price·recent sales, in fen.

    The sharer's cut is the same share of every price, so turnover ranks products as income does.
    """
    return price_fen * recent_orders
