"""The worlds that claims are judged in. Each is run once on every seed, whatever asks for it."""

from __future__ import annotations

from sim.evidence.claims.statement import Arm, Values, fixed
from sim.parameters import PARAMETERS
from sim.scenario import Scenario

SCREENED, UNSCREENED = ("referral", "ads"), ()
#: A reward that nobody would call small, as a share of the price: the top of the range tried.
HIGH_REWARD = 0.3


def _ban(scenario: Scenario) -> Values:
    """Rewarded sharing is banned through the third quarter of the weeks."""
    weeks = scenario.run.weeks
    return {
        "screening.markets": SCREENED,
        "shocks.host_ban_week": weeks // 2,
        "shocks.host_ban_weeks": weeks // 4,
    }


def _goods(scenario: Scenario, everyday: bool) -> Values:
    """Few categories needed often, tastes of little weight; or many, rarely, a matter of taste.

    There are equally many merchants in both.
    """
    return {
        "screening.markets": SCREENED,
        **breadth(scenario, 0.5 if everyday else 2.0),
        **frequency(scenario, 1.5 if everyday else 0.5),
        "demand.match_value": 0.5 if everyday else 4.0,
    }


def breadth(scenario: Scenario, times: float) -> Values:
    """So many times the categories, and as many merchants in all of them together."""
    categories = scenario.demand.n_categories
    n = int(_within("demand.n_categories", int(times * categories)))
    sellers = categories * scenario.merchants.initial_per_category
    return {"demand.n_categories": n, "merchants.initial_per_category": max(1, sellers // n)}


def frequency(scenario: Scenario, times: float) -> Values:
    """So many times the needs of a person."""
    key = "demand.purchase_rate_per_week"
    return {key: _within(key, times * scenario.demand.purchase_rate_per_week)}


def _within(key: str, value: float) -> float:
    """The value, or the end of what the parameter may be that it lies beyond."""
    low, high = PARAMETERS[key].low, PARAMETERS[key].high
    assert low is not None and high is not None
    return min(high, max(low, value))


def _everyday(scenario: Scenario) -> Values:
    return _goods(scenario, everyday=True)


def _broad(scenario: Scenario) -> Values:
    return _goods(scenario, everyday=False)


_ARMS = (
    Arm("referral, screened", "referral", fixed(screening__markets=SCREENED), traced=True),
    Arm("referral, unscreened", "referral", fixed(screening__markets=UNSCREENED)),
    Arm("ads, screened", "ads", fixed(screening__markets=SCREENED)),
    Arm("ads, unscreened", "ads", fixed(screening__markets=UNSCREENED)),
    Arm(
        "referral, high reward",
        "referral",
        fixed(screening__markets=SCREENED, referral__reward_rate=HIGH_REWARD),
    ),
    Arm(
        "ads, links free",
        "ads",
        fixed(screening__markets=UNSCREENED, ads__external_link_friction=0.0),
    ),
    Arm(
        "ads, links cut",
        "ads",
        fixed(screening__markets=UNSCREENED, ads__external_link_friction=1.0),
    ),
    Arm(
        "ads without ads",
        "ads",
        fixed(screening__markets=UNSCREENED, ads__n_slots=0, ads__commission_rate=0.0),
    ),
    Arm("referral, banned for a while", "referral", _ban),
    Arm(
        "referral, friends unheard",
        "referral",
        fixed(screening__markets=SCREENED, belief__friend_precision=0.0),
    ),
    Arm(
        "referral, reviews unheard",
        "referral",
        fixed(screening__markets=SCREENED, belief__stranger_credibility=0.0),
    ),
    Arm(
        "referral, growing",
        "referral",
        fixed(screening__markets=SCREENED, population__initial_member_share=0.01),
        traced=True,
    ),
    Arm("referral, everyday goods", "referral", _everyday),
    Arm("ads, everyday goods", "ads", _everyday),
    Arm("referral, broad range", "referral", _broad),
    Arm("ads, broad range", "ads", _broad),
)
ARMS = {arm.name: arm for arm in _ARMS}
"""Every arm by name."""
