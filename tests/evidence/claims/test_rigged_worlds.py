"""The same code says "contradicted" in worlds in which a claim is false."""

from dataclasses import replace

import pytest

from sim.evidence.claims.board import CLAIMS
from sim.evidence.claims.judging import judge_claims
from sim.evidence.claims.plan import Sizes
from sim.evidence.measured_runs import MeasuredRuns
from sim.experiments.store import RunStore
from sim.scenario import load_scenario

WORLDS = {
    # good goods are dear, nobody cares for quality, no audit sees it and nothing is sent back
    "C1": {
        "screening.audit_correlation": 0.0,
        "screening.recheck_share": 0.0,
        "screening.refund_prob_worst": 0.0,
        "merchants.quality_cost_correlation": 1.0,
        "merchants.cost_cv": 0.25,
        "demand.quality_value": 0.0,
        "demand.risk_aversion": 0.0,
    },
    # everybody praises what pays, reviews are honest
    "C3": {
        "sharing.opportunist_share": 1.0,
        "reviews.fake_share": 0.0,
        "reviews.review_prob": 1.0,
    },
    # advertising costs nothing, all are members and nobody posts, sharing platforms take a tenth
    "C4": {
        "population.initial_member_share": 1.0,
        "ads.n_slots": 0,
        "ads.commission_rate": 0.0,
        "referral.fee_rate": 0.1,
        "sharing.posting_intercept": -20.0,
        "sharing.delight_slope": 0.0,
        "sharing.opportunist_share": 0.0,
    },
    # money moves nobody, annoys nobody and makes nobody less believed; nothing is too dear to want
    "C6": {
        "demand.base_value_yuan": 200.0,
        "sharing.annoyance": 0.0,
        "sharing.sincerity_kappa_inner": 0.0,
        "sharing.sincerity_kappa_outer": 0.0,
        "sharing.money_response": 0.0,
        "sharing.inflation_max": 0.0,
        "sharing.opportunist_share": 0.0,
    },
    # audits see nothing
    "C8": {
        "screening.audit_correlation": 0.0,
        "screening.recheck_share": 0.0,
        "screening.refund_prob_worst": 0.0,
    },
}


@pytest.mark.slow
@pytest.mark.parametrize("name", WORLDS)
def test_a_false_claim_is_contradicted(name, tmp_path):
    claim = next(one for one in CLAIMS if one.name == name)
    scenario = load_scenario("quick").with_values(WORLDS[name])
    runs = MeasuredRuns(RunStore(tmp_path), "rigged")
    sizes = Sizes(replicates=6, repeats=1, screening_replicates=0)
    document, _ = judge_claims(scenario, runs, sizes, [replace(claim, favoured_by=())], jobs=1)
    judged = document["claims"][0]
    assert judged["verdict"] == "contradicted", judged["parts"]
