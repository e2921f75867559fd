"""The constants of the rules come from the scenario, every one of them."""

import numba
import pytest

from sim.rules.terms import by_layer, terms_of
from sim.scenario import Scenario


def test_layers_between_are_in_even_steps():
    assert by_layer(0.5, 3.0) == pytest.approx((0.5, 0.5 + 2.5 / 3, 0.5 + 5 / 3, 3.0))
    assert by_layer(0.9, 0.5)[0] == 0.9 and by_layer(0.9, 0.5)[3] == 0.5


def test_kernels_take_the_terms_whole():
    terms = terms_of(Scenario())

    @numba.njit
    def kernel(terms, layer):
        return terms.sharing.kappa[layer] + terms.belief.prior_precision + terms.attention.attention

    assert kernel(terms, 2) == terms.sharing.kappa[2] + 8.0 + 15


CHANGES = {
    "demand.quality_value": ("choice.quality_value", 9.0),
    "belief.own_precision": ("belief.own_precision", 30.0),
    "sharing.attention": ("attention.attention", 7),
    "sharing.annoyance": ("sharing.annoyance", 0.0),
    "sharing.sincerity_kappa_outer": ("sharing.kappa", (0.5, 1.0, 1.5, 2.0)),
    "trust.layer_trust_inner": ("trust.layer_trust", (0.8, 0.7, 0.6, 0.5)),
    "trust.forgetting": ("trust.forgetting", 0.8),
    "trust.credit_half_life_weeks": ("reputation.keep_65536", 32768),
    "trust.leader_min_points": ("reputation.leader_min_points", 5),
}
SET_TO = {
    "sharing.sincerity_kappa_outer": 2.0,
    "trust.layer_trust_inner": 0.8,
    "trust.credit_half_life_weeks": 1.0,
}


@pytest.mark.parametrize("key", CHANGES)
def test_a_parameter_reaches_its_rule(key):
    place, expected = CHANGES[key]
    terms = terms_of(Scenario().with_values({key: SET_TO.get(key, expected)}))
    group, name = place.split(".")
    assert getattr(getattr(terms, group), name) == pytest.approx(expected)


def test_whole_numbers_given_for_reals_become_reals():
    terms = terms_of(Scenario().with_values({"demand.risk_aversion": 0}))
    assert isinstance(terms.choice.risk_aversion, float)
