"""How much friends, strangers and ads weigh in a belief, against what surveys found (row V9)."""

import pytest

from sim.rules import belief, trust
from sim.rules.terms import terms_of
from sim.scenario import Scenario

#: Ties by closeness layer of somebody who trusts as many people as the default network gives.
TIES = (5, 10, 35, 35)


def test_friends_reviews_and_ads_weigh_as_people_say_they_trust_them():
    scenario = Scenario()
    assert scenario.network.mean_degree == sum(TIES)
    terms = terms_of(scenario)
    trusted = [
        trust.prior_trust(layer, scenario.trust.general_trust_mean, 1.0, terms.trust)
        for layer in range(4)
    ]
    mean_trust = sum(t * n for t, n in zip(trusted, TIES, strict=True)) / sum(TIES)
    assert mean_trust == pytest.approx(0.488, abs=0.001)
    friend = belief.post_precision(terms.belief.friend_precision, mean_trust, 1.0)
    reviews = belief.review_precision(
        terms.belief.review_precision,
        100,
        terms.belief.review_saturation,
        terms.belief.stranger_credibility,
    )
    # Nielsen: friend 1, reviews by strangers 0.75 to 0.85, search ads 0.4 to 0.6.
    assert 0.75 <= reviews / friend <= 0.85
    assert 0.4 <= terms.belief.ad_precision / friend <= 0.6
