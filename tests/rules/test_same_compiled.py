"""Every rule gives the same bits as plain Python and compiled."""

import inspect
import random
import struct

import numba
import numpy as np
import pytest

from sim.rules import (
    attention,
    belief,
    choice,
    demand,
    membership,
    pricing,
    reputation,
    rewards,
    sharing,
    sides,
    trust,
)
from sim.rules.rewards import MarketTerms
from sim.rules.terms import terms_of
from sim.scenario import Scenario

N = 2_000
TERMS = terms_of(Scenario())


def unit(rng):
    return (rng.randrange(2**52) + 0.5) / 2**52


def real(low, high):
    return lambda rng: rng.uniform(low, high)


def whole(low, high):
    return lambda rng: rng.randint(low, high)


def just(value):
    return lambda rng: value


def market(rng):
    return MarketTerms(
        *(rng.choice((0.0, rng.random())) for _ in range(3)),
        levels=rng.randint(0, 3),
        level_decay=rng.random(),
        disclosed=rng.randint(0, 1),
        post_friction=0.0,
        n_slots=0,
        fee_rate=0.0,
        commission_rate=0.0,
        refunds=0,
        self_referral_guard=1,
    )


quality, gap, yuan = real(-0.5, 1.5), real(0.0, 1.0), real(0.0, 200.0)
alpha, precision, layer, bit = real(0.05, 2.0), real(0.0, 60.0), whole(-1, 3), whole(0, 1)
evidence, credit, margin = real(0.0, 40.0), whole(0, 10**7), real(0.1, 100.0)

RULES = [
    (demand.n_needs, unit, real(0.0, 10.0)),
    (demand.no_need_prob, real(0.0, 10.0)),
    (demand.needs_more, unit, real(0.0, 10.0), whole(0, 20), unit, unit),
    (demand.n_needs_prob, real(0.0, 10.0), whole(1, 20), unit),
    (demand.need_category, unit, whole(1, 64)),
    (demand.place_of_need, real(-4.0, 4.0), real(0.0, 10.0), real(-4.0, 4.0)),
    (demand.category_at, *[real(-9.0, 9.0)] * 2, whole(1, 64)),
    (demand.needed_again, unit, unit),
    (demand.category_of_need, *[real(-4.0, 4.0)] * 2, unit, unit, real(0.0, 10.0), whole(1, 64)),
    (choice.taste_distance2, *[real(-4.0, 4.0)] * 4),
    (choice.match_value, real(0.0, 50.0)),
    (choice.utility, alpha, yuan, yuan, quality, unit, unit, just(TERMS.choice)),
    (choice.true_utility, alpha, yuan, quality, unit, just(TERMS.choice)),
    (choice.wants_at_true_quality, alpha, yuan, quality, unit, just(TERMS.choice)),
    (choice.surplus_yuan, alpha, real(-20.0, 20.0), real(-5.0, 20.0)),
    (choice.option_weight, real(-800.0, 0.0), real(0.0, 30.0)),
    (choice.arrival, unit, unit),
    (choice.shock_gain, unit, unit),
    (belief.combine, quality, precision, quality, precision),
    (belief.own_signal_precision, precision, real(0.2, 5.0), whole(0, 100)),
    (belief.review_precision, precision, whole(0, 10_000), real(0.1, 50.0), unit),
    (belief.fake_reviews, unit, real(0.0, 0.9), unit),
    (belief.review_score_micro, quality),
    (belief.post_precision, precision, unit, unit),
    (belief.advertised_quality, unit, real(-1.0, 1.0)),
    (belief.experience, unit, real(0.01, 100.0), real(-5.0, 5.0)),
    (belief.move_towards, quality, quality, unit),
    (belief.running_mean, quality, whole(0, 100), quality),
    (attention.reading_weight, layer, unit),
    (attention.reading_priority, unit, real(0.0, 4.0)),
    (attention.freshness, whole(0, 40_000), real(0.0, 3.0)),
    (attention.link_is_cut, unit, unit),
    (attention.looks_up, unit, unit),
    (attention.follows, unit, unit),
    (membership.invites, unit, unit),
    (membership.joins, unit, unit, unit),
    (membership.joins_alone, unit, real(0.0, 1.0)),
    (sides.shelf_at, bit, whole(0, 63), whole(1, 64)),
    (sides.reconsiders, unit, unit),
    (sides.side_to_look, unit, real(-900.0, 900.0), real(-900.0, 900.0)),
    (sides.worth_paying, whole(0, 10**7), unit),
    (
        sides.moves_over,
        whole(-(10**9), 10**9),
        *[whole(-(10**9), 10**9), whole(0, 50)] * 2,
        whole(0, 10**6),
        margin,
    ),
    (attention.remembers, unit, unit, unit, unit),
    (sharing.sincerity, unit, layer, bit, unit, bit, just(TERMS.sharing)),
    (sharing.learned_sincerity, unit, evidence, real(0.0, 3.0)),
    (sharing.orders_per_rewarded_post, real(0.0, 900.0), real(0.0, 900.0)),
    (sharing.expected_income_yuan, unit, yuan, unit, whole(0, 10_000), real(0.0, 200.0)),
    (sharing.money_motive, real(0.0, 3.0), real(0.0, 500.0)),
    (sharing.money_motive_about, real(0.0, 3.0), real(0.0, 500.0)),
    (sharing.effort_yuan, unit, real(-8.0, 5.0), real(0.0, 3.0), real(0.0, 500.0)),
    (sharing.posting_index_satisfied, real(-5.0, 1.0), *[real(0.0, 5.0)] * 5),
    (sharing.posting_index_warning, real(-5.0, 1.0), real(0.0, 5.0), gap),
    (sharing.logistic, real(-800.0, 800.0)),
    (sharing.stated_quality, quality, real(0.0, 5.0), unit),
    (sharing.annoyance_evidence, unit, unit),
    (sharing.lure_fen, whole(1, 100_000), whole(0, 10_000)),
    (trust.prior_trust, layer, unit, real(0.5, 1.5), just(TERMS.trust)),
    (trust.first_impression, unit, unit, real(0.5, 1.5)),
    (trust.tie_trust, unit, real(0.0, 10.0), evidence, evidence),
    (trust.faded, evidence, unit, whole(0, 300)),
    (trust.share_kept, unit, whole(0, 300)),
    (trust.evidence_left, whole(0, 65_535), unit),
    (trust.evidence_after, whole(0, 65_535), unit, evidence),
    (trust.outcome_useful, quality, quality, gap),
    (trust.statement_useful, quality, quality, quality, gap),
    (trust.evidence_of, bit, bit, just(TERMS.trust)),
    (trust.is_muted, unit, unit),
    (trust.general_trust_after, unit, bit, unit),
    (reputation.credit_after, credit, whole(0, 10), bit, whole(1, 5)),
    (reputation.credit_at_risk, credit),
    (reputation.credit_decayed, credit, whole(0, 65536)),
    (reputation.tier_of, credit, bit),
    (reputation.credibility, real(0.1, 10.0), whole(0, 3), just(TERMS.reputation)),
    (reputation.expertise, real(0.1, 10.0), just(TERMS.reputation)),
    (reputation.credibility_with, real(-1.0, 1.0), whole(0, 3), just(TERMS.reputation)),
    (rewards.sender_cut, market),
    (rewards.reward_cut, market),
    (rewards.receiver_share, market),
    (rewards.is_rewarded, market),
    (rewards.uses_own_link, bit, bit),
    (rewards.level_weight, whole(0, 9), unit),
    (rewards.pyramid_threshold, whole(0, 100), whole(0, 9)),
    (pricing.unit_cost, yuan, unit, real(-1.0, 1.0), real(-2.0, 2.0), real(-3.0, 3.0)),
    (pricing.keep_share, *[real(0.0, 0.5)] * 4, unit),
    (pricing.shrunk_share, real(0.0, 900.0), real(0.0, 900.0), unit, real(0.0, 50.0)),
    (pricing.demand_slope, alpha, unit, unit),
    (pricing.even_margin, alpha, whole(0, 50)),
    (pricing.logit_margin, real(0.0, 900.0), real(0.0, 900.0), margin, real(0.0, 50.0)),
    (pricing.best_price, yuan, real(0.05, 1.0), margin),
    (pricing.next_price, yuan, yuan, margin, alpha),
]
#: Not rules of one situation: set-up, columns and whole markets.
NOT_SCALAR = {
    "keep_of_half_life",
    "split_over_levels",
    "prices_at_rest",
    "_logit_shares",
}


def bits(value):
    if isinstance(value, tuple):
        return tuple(bits(part) for part in value)
    return struct.pack("d", value) if isinstance(value, float) else value


@pytest.mark.parametrize("rule, arguments", [(rule, rest) for rule, *rest in RULES])
def test_plain_and_compiled_agree_to_the_last_bit(rule, arguments):
    rng = random.Random(rule.__name__)
    kernel = numba.njit(rule)
    for _ in range(N):
        values = [make(rng) for make in arguments]
        plain, compiled = rule(*values), kernel(*values)
        assert bits(plain) == bits(compiled), values


def test_every_rule_is_in_the_list():
    modules = (
        demand,
        choice,
        belief,
        attention,
        membership,
        sharing,
        trust,
        reputation,
        rewards,
        pricing,
        sides,
    )
    stated = {
        name
        for module in modules
        for name, thing in vars(module).items()
        if inspect.isfunction(thing) and thing.__module__ == module.__name__
    }
    assert stated - NOT_SCALAR == {rule.__name__ for rule, *_ in RULES}


@pytest.mark.parametrize(
    "rule, arguments",
    [
        (belief.running_mean, (0.3, 2, 0.7)),
        (trust.faded, (1.7, 0.95, 3)),
        (trust.tie_trust, (0.8, 4.0, 1.3, 0.7)),
        (sharing.learned_sincerity, (0.7, 1.3, 0.25)),
    ],
)
def test_32_bit_columns_give_64_bit_results(rule, arguments):
    """Evidence and memories are stored in 32 bits; the rules go on in 64."""
    narrow = [np.float32(value) if isinstance(value, float) else value for value in arguments]
    kept = [float(value) if isinstance(value, np.float32) else value for value in narrow]
    # Only the stored columns are narrow; the other arguments are 64-bit reals everywhere.
    columns = {"running_mean": (0,), "faded": (0,), "tie_trust": (2, 3), "learned_sincerity": (1,)}
    stored = columns[rule.__name__]
    mixed = [narrow[place] if place in stored else kept[place] for place in range(len(kept))]
    assert rule(*mixed) == rule(*kept) == numba.njit(rule)(*mixed)


def test_extremes_neither_overflow_nor_turn_into_nothing():
    for utility in (-1e308, -800.0, 0.0, 800.0, 1e308):
        assert 0.0 <= sharing.logistic(utility) <= 1.0
        largest = max(0.0, utility)
        weights = [choice.option_weight(option, largest) for option in (utility, 0.0)]
        assert 0.0 <= min(weights) <= max(weights) == 1.0
        assert all(choice.arrival(0.5, weight) > 0.0 for weight in weights)
