"""Every number of a run that claims and patterns of the field ask for, one function each."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.evidence.lived_run import LivedRun
from sim.measures.cascade_sizes import depth_where_followed
from sim.measures.fakes import fake_review_share, fakes_of_low_rated
from sim.measures.quality import exit_hazards
from sim.measures.rates import gross_margin
from sim.measures.sources import conversion_over_ties, errors_at_true_quality
from sim.measures.spread import (
    invitations_per_joiner,
    offspring,
    order_rooted_sizes,
    overdispersion,
    poisson_p,
    reproduction_number,
)
from sim.measures.summary import LAST_WEEKS, OUTCOMES
from sim.measures.usefulness import (
    leaders_lead_later,
    leaders_of,
    leaders_staying,
    referred_outcomes,
    usefulness_persists,
    usefulness_persists_corrected,
)
from sim.measures.welfare import profit_by_size
from sim.network.layers import LAYER_ENDS
from sim.rules.terms import terms_of
from sim.world.applicants import BEST_LEVEL, LEVEL_SD

WEEKS_A_YEAR = 52
#: Reviews that a product with a fair record has; the weight of reviews in a belief is taken there.
FAIR_RECORD = 100
#: Cascades from this size on are called large.
LARGE = 100
#: Layers of ties: the five whom a person trusts most, and all beyond the first fifty.
CLOSEST, FARTHEST = 0, len(LAYER_ENDS)


class RunNumber(NamedTuple):
    """A number of a run: its unit, how it is taken, and whether that needs the event log."""

    unit: str
    of: Callable[[LivedRun], float]
    traced: bool = False


def _per(amount: float, of: float) -> float:
    return amount / of if of else math.nan


def _yuan_a_year(outcome: str) -> Callable[[LivedRun], float]:
    def of(run: LivedRun) -> float:
        counted = run.weeks - run.first_week
        return _per(run.outcomes[outcome] / 100.0 * WEEKS_A_YEAR, counted)

    return of


def _per_order(outcome: str) -> Callable[[LivedRun], float]:
    """An amount per order, in yuan."""
    return lambda run: _per(run.outcomes[outcome] / 100.0, run.outcomes["orders"])


def _platform_take(run: LivedRun) -> float:
    taken = run.outcomes["ad_spend_fen"] + run.outcomes["commission_fen"]
    return _per(taken, run.outcomes["gmv_fen"])


def _ad_cost_per_order(run: LivedRun) -> float:
    taken = run.outcomes["ad_spend_fen"] + run.outcomes["commission_fen"]
    return _per(taken / 100.0, run.outcomes["orders"])


def _platform_cost_with_audits(run: LivedRun) -> float:
    weekly = run.tables["weekly"]
    cost, orders = int(weekly["platform_cost_fen"].sum()), int(weekly["orders"].sum())
    return _per(cost / 100.0, orders)


def _platform_cost_without_founding(run: LivedRun) -> float:
    orders = int(run.tables["weekly"]["orders"].sum())
    return _platform_cost_with_audits(run) - _per(run.founding_audits_fen / 100.0, orders)


def _quality_gained(run: LivedRun) -> float:
    """Quality sold in the last quarter-year of counted weeks less that in the first."""
    sold = run.counted("weekly")["mean_quality_sold"]
    return float(sold.tail(LAST_WEEKS).mean() - sold.head(LAST_WEEKS).mean())


def _tau_early(run: LivedRun) -> float:
    """Rank agreement of sales and quality as the outcome has it, in the first counted weeks."""
    return float(run.counted("weekly")["sales_quality_tau"].head(LAST_WEEKS).mean())


def _exit_log_ratio(run: LivedRun) -> float:
    """Ln of the exit hazard of bad products over that of good ones in the counted weeks.

    Half an exit is added to each, so that a kind nobody left has a hazard too.
    Source of the half: Haldane (1956).
    """
    hazards = exit_hazards(run.counted("merchants")).set_index("quality")
    exits, weeks = hazards["exits"].to_dict(), hazards["merchant_weeks"].to_dict()
    if not (weeks["bad"] and weeks["good"]):
        return math.nan
    of_bad = (exits["bad"] + 0.5) / weeks["bad"]
    return math.log(of_bad / ((exits["good"] + 0.5) / weeks["good"]))


def _small_weekly_profit(run: LivedRun) -> float:
    """Profit of the third of merchants who sold least in all, in yuan per merchant and week."""
    sizes = profit_by_size(run.counted("merchants"))
    smallest = sizes[sizes["size"] == 0]
    fen, weeks = int(smallest["profit_fen"].sum()), int(smallest["merchant_weeks"].sum())
    return _per(fen / 100.0, weeks)


def _third_quarter_surplus(run: LivedRun) -> float:
    """Surplus in the third quarter of the weeks, in yuan per person and year."""
    weekly = run.tables["weekly"]
    first, end = run.weeks // 2, run.weeks // 2 + run.weeks // 4
    there = weekly[(weekly["week"] >= first) & (weekly["week"] < end)]
    fen = int(there["consumer_surplus_fen"].sum())
    return _per(fen / 100.0 * WEEKS_A_YEAR, run.n_consumers * (end - first))


def _household_per_100(run: LivedRun) -> float:
    return _per(100.0 * run.outcomes["household_gain_fen"], run.outcomes["gmv_fen"])


def _fakes_of_low_rated(run: LivedRun) -> float:
    """Share of fake reviews of counted weeks that the lower half by rating has; NaN without any."""
    reviews = run.scenario.reviews
    if reviews.fake_share == 0.0:  # what stands beyond the honest ones is luck
        return math.nan
    return fakes_of_low_rated(run.tables["merchants"], reviews.review_prob, run.first_week)


def _friend_weight(run: LivedRun) -> float:
    """Precision of a post by a friend of mean trust, before there is any experience."""
    trust = float(run.tables["weekly"]["mean_tie_trust"].iloc[0])
    return run.scenario.belief.friend_precision * trust


def _reviews_to_friend(run: LivedRun) -> float:
    belief = run.scenario.belief
    saturated = FAIR_RECORD / (FAIR_RECORD + belief.review_saturation)
    weight = belief.review_precision * saturated * belief.stranger_credibility
    return _per(weight, _friend_weight(run))


def _ad_to_friend(run: LivedRun) -> float:
    return _per(run.scenario.belief.ad_precision, _friend_weight(run))


def _quality_cost_to_worth(run: LivedRun) -> float:
    """Mean cost of a step in quality over v/α, what shoppers would pay for it."""
    merchants, demand = run.scenario.merchants, run.scenario.demand
    sd_yuan = merchants.mean_cost_yuan * merchants.cost_cv
    cost_yuan = merchants.quality_cost_correlation * sd_yuan * BEST_LEVEL / LEVEL_SD
    return _per(cost_yuan * demand.price_sensitivity, demand.quality_value)


def _reads_a_week(run: LivedRun) -> float:
    reads = int(run.ways.loc[run.ways["channel"] == "share", "reads"].sum())
    return _per(reads, run.n_consumers * (run.weeks - run.first_week))


def _conversion(channel: str, layer: int | None = None) -> Callable[[LivedRun], float]:
    """Orders per read of a product post through a channel, over ties of one layer or any."""

    def of(run: LivedRun) -> float:
        ways = run.ways[run.ways["channel"] == channel]
        if layer is not None:
            ways = ways[ways["tie_layer"] == layer]
        return _per(int(ways["orders"].sum()), int(ways["reads"].sum()))

    return of


def _depth(kind: str) -> Callable[[LivedRun], float]:
    def of(run: LivedRun) -> float:
        cascades = run.tables["cascades"]
        return depth_where_followed(cascades[cascades["first_week"] >= run.first_week], kind)

    return of


def _sizes(run: LivedRun) -> np.ndarray:
    """Sizes of the cascades whose first order is of a counted week."""
    orders, tables = run.tables["orders"], run.tables
    sizes = order_rooted_sizes(orders, tables["shares"], tables["cascades"])
    return sizes[(orders.loc[orders["share"] < 0, "week"] >= run.first_week).to_numpy()]


def _share_alone(run: LivedRun) -> float:
    sizes = _sizes(run)
    return float((sizes == 1).mean()) if len(sizes) else math.nan


def _share_large(run: LivedRun) -> float:
    sizes = _sizes(run)
    return float((sizes >= LARGE).mean()) if len(sizes) else math.nan


def _offspring(run: LivedRun) -> np.ndarray:
    """How many orders each order of a counted week brought."""
    orders = run.tables["orders"]
    counts = offspring(orders, run.tables["shares"])
    return counts[(orders["week"] >= run.first_week).to_numpy()]


def _error_by(channel: str) -> Callable[[LivedRun], float]:
    def of(run: LivedRun) -> float:
        table = errors_at_true_quality(run.counted("orders"), run.tables["merchants"])
        errors = table.set_index("channel")["rms_error"]
        return float(errors.get(channel, math.nan))

    return of


def _outcomes(run: LivedRun) -> pd.DataFrame:
    tolerance = terms_of(run.scenario).trust.tolerance
    return referred_outcomes(run.tables["orders"], run.tables["shares"], tolerance)


def _persists(run: LivedRun) -> float:
    return usefulness_persists(_outcomes(run), run.first_week, run.weeks)


def _persists_corrected(run: LivedRun) -> float:
    return usefulness_persists_corrected(_outcomes(run), run.first_week, run.weeks)


def _leads_later(run: LivedRun) -> float:
    middle = (run.first_week + run.weeks) // 2
    leaders = leaders_of(run.tables["exposures"], middle - 13, middle)
    return leaders_lead_later(_outcomes(run), leaders, middle, run.weeks)


def _leaders_stay(run: LivedRun) -> float:
    middle = (run.first_week + run.weeks) // 2
    before = leaders_of(run.tables["exposures"], middle - 13, middle)
    return leaders_staying(before, leaders_of(run.tables["exposures"], run.weeks - 13, run.weeks))


def _invitations(run: LivedRun) -> float:
    return invitations_per_joiner(run.joins, run.n_consumers)


NUMBERS: dict[str, RunNumber] = {
    **{
        name: RunNumber(unit, lambda run, name=name: run.outcomes[name])  # type: ignore[misc]
        for name, unit in OUTCOMES.items()
    },
    "surplus_yuan_a_year": RunNumber(
        "yuan per person and year", _yuan_a_year("consumer_surplus_fen")
    ),
    "household_yuan_a_year": RunNumber(
        "yuan per person and year", _yuan_a_year("household_gain_fen")
    ),
    "household_net_yuan_a_year": RunNumber(
        "yuan per person and year", _yuan_a_year("household_gain_net_fen")
    ),
    "household_per_100_yuan": RunNumber("yuan per 100 yuan spent", _household_per_100),
    "third_quarter_surplus": RunNumber("yuan per person and year", _third_quarter_surplus),
    "price_yuan": RunNumber("yuan", lambda run: run.outcomes["mean_price_fen"] / 100.0),
    "gross_margin": RunNumber(
        "share of sales",
        lambda run: gross_margin(run.tables["weekly"], run.tables["ledger"], run.first_week),
    ),
    "profit_per_order": RunNumber("yuan per order", _per_order("merchant_profit_fen")),
    "small_weekly_profit": RunNumber("yuan per merchant and week", _small_weekly_profit),
    "platform_take": RunNumber("share of sales", _platform_take),
    "ad_cost_per_order": RunNumber("yuan per order", _ad_cost_per_order),
    "platform_cost_per_order": RunNumber("yuan per order", _platform_cost_with_audits),
    "platform_cost_without_founding": RunNumber("yuan per order", _platform_cost_without_founding),
    "quality_gained": RunNumber("quality, 0 to 1", _quality_gained),
    "sales_quality_tau_early": RunNumber(OUTCOMES["sales_quality_tau"], _tau_early),
    "exit_log_ratio": RunNumber("ln of a ratio", _exit_log_ratio),
    "good_turned_away": RunNumber("share of good applicants", lambda run: run.good_turned_away),
    "quality_cost_to_worth": RunNumber("yuan per yuan", _quality_cost_to_worth),
    "fake_reviews": RunNumber(
        "share of reviews",
        lambda run: fake_review_share(run.tables["merchants"], run.scenario.reviews.review_prob),
    ),
    "fakes_of_low_rated": RunNumber("share of fake reviews", _fakes_of_low_rated),
    "reviews_to_friend": RunNumber("times the weight of a friend", _reviews_to_friend),
    "ad_to_friend": RunNumber("times the weight of a friend", _ad_to_friend),
    "purchases_per_read": RunNumber(
        "orders per read", lambda run: conversion_over_ties(run.counted("exposures")), True
    ),
    "orders_per_read_closest": RunNumber("orders per read", _conversion("share", CLOSEST), True),
    "orders_per_read_farthest": RunNumber("orders per read", _conversion("share", FARTHEST), True),
    "orders_per_look_up": RunNumber("orders per read", _conversion("leader"), True),
    "reads_a_week": RunNumber("reads per person and week", _reads_a_week, True),
    "cascades_alone": RunNumber("share of cascades", _share_alone, True),
    "cascades_large": RunNumber("share of cascades", _share_large, True),
    "product_depth": RunNumber("steps", _depth("product"), True),
    "invitation_depth": RunNumber("steps", _depth("invitation"), True),
    "reproduction": RunNumber(
        "orders per order", lambda run: reproduction_number(_offspring(run)), True
    ),
    "dispersion": RunNumber("k", lambda run: overdispersion(_offspring(run)), True),
    "poisson_p": RunNumber("probability", lambda run: poisson_p(_offspring(run)), True),
    "invitations_per_joiner": RunNumber("people per joiner", _invitations, True),
    "error_friends": RunNumber("quality, 0 to 1", _error_by("share"), True),
    "error_strangers": RunNumber("quality, 0 to 1", _error_by("organic"), True),
    "usefulness_persists": RunNumber("correlation", _persists, True),
    "usefulness_persists_corrected": RunNumber("correlation", _persists_corrected, True),
    "leaders_lead_later": RunNumber("share of recommendations", _leads_later, True),
    "leaders_stay": RunNumber("share of leaders", _leaders_stay, True),
}
"""What can be asked of a run, by name."""


def numbers_of(run: LivedRun, traced: bool) -> dict[str, float]:
    """Every number of the run by name; without the event log, those that need none."""
    return {
        name: float(number.of(run))
        for name, number in NUMBERS.items()
        if traced or not number.traced
    }
