"""Initial traits of the consumers, each a function of a keyed draw of their own."""

from __future__ import annotations

import numpy as np
from scipy.special import gammaincinv

from sim import draws
from sim.network.ties import B1, Network
from sim.parameters.problems import Problem, ScenarioError
from sim.scenario import Scenario
from sim.world.columns import F8, NOBODY, ConsumerColumns


def people(scenario: Scenario, network: Network, seed: int) -> ConsumerColumns:
    """Return the columns of ``network.n_people`` consumers in week 0.

    Traits: purchase rates are Gamma over people (so that purchases are negative binomial),
    price sensitivity and insight lognormal, responses to money and concern for credit exponential.
    """
    n = network.n_people
    consumer = np.arange(n, dtype=np.int64)

    def uniform(purpose: int) -> F8:
        return draws.uniform_column(seed, consumer, NOBODY, 0, purpose)

    def normal(purpose: int) -> F8:
        return draws.normal_column(seed, consumer, NOBODY, 0, purpose)

    def exponential(purpose: int, mean: float) -> F8:
        return -mean * np.log(uniform(purpose))

    demand, sharing, trust = scenario.demand, scenario.sharing, scenario.trust
    shape = demand.purchase_rate_shape
    rate = gammaincinv(shape, uniform(draws.PURCHASE_RATE)) / shape
    member = _members(scenario, network, uniform(draws.MEMBER))
    return ConsumerColumns(
        taste_x=network.taste_x,
        taste_y=network.taste_y,
        purchase_rate=rate * demand.purchase_rate_per_week,
        price_sensitivity=demand.price_sensitivity
        * np.exp(demand.price_sensitivity_log_sd * normal(draws.PRICE_SENSITIVITY)),
        insight=np.exp(scenario.belief.insight_log_sd * normal(draws.INSIGHT)),
        sharing_propensity=sharing.posting_intercept
        + sharing.posting_intercept_sd * normal(draws.SHARING_PROPENSITY),
        money_response=exponential(draws.MONEY_RESPONSE, sharing.money_response),
        credit_concern=exponential(draws.CREDIT_CONCERN, sharing.credit_concern),
        mute_threshold=np.clip(
            sharing.mute_threshold_mean + sharing.mute_threshold_sd * normal(draws.MUTE_THRESHOLD),
            0.0,
            1.0,
        ),
        opportunist=uniform(draws.OPPORTUNIST) < sharing.opportunist_share,
        member=member,
        joined_week=np.where(member, 0, -1).astype(np.int32),
        joined_share=np.full(n, NOBODY, dtype=np.int32),
        joined_root=np.full(n, NOBODY, dtype=np.int32),
        market_belief=np.full(n, scenario.belief.initial_market_belief),
        ad_lift=np.zeros(n),
        general_trust=np.clip(
            trust.general_trust_mean + trust.general_trust_sd * normal(draws.GENERAL_TRUST),
            0.0,
            1.0,
        ),
        wallet_fen=np.zeros(n, dtype=np.int64),
        cash_fen=np.zeros(n, dtype=np.int64),
        credit_milli=np.zeros(n, dtype=np.int64),
        streak=np.zeros(n, dtype=np.int32),
        tier=np.zeros(n, dtype=np.int8),
        followers=np.diff(network.follower_start).astype(np.int32),
        side=np.zeros(n, dtype=np.int8),
        side_gain=np.zeros((n, 0)),
    )


def _members(scenario: Scenario, network: Network, u: F8) -> B1:
    """Return who is a member in week 0: those named, in every copy, or a share by chance."""
    named = scenario.population.initial_members
    if not named:
        return u < scenario.population.initial_member_share
    n_names = network.n_people // network.copies
    labels = network.labels or map(str, range(n_names))
    row_of = {label: row for row, label in enumerate(labels)}
    unknown = [name for name in named if name not in row_of]
    if unknown:
        hint = "name people of the network file, or without one numbers from 0"
        problems = [
            Problem(key="population.initial_members", problem=f'nobody is "{name}"', hint=hint)
            for name in unknown
        ]
        raise ScenarioError(problems)
    member = np.zeros((network.copies, n_names), dtype=np.bool_)
    member[:, [row_of[name] for name in named]] = True
    return member.reshape(-1)
