"""What is known of a run only before its first week."""

from sim.evidence.lived_run import live
from sim.experiments.store import RunSpec
from sim.measures.quality import GOOD_QUALITY
from sim.model import MarketModel
from sim.scenario import load_scenario

#: Quality changes and all merchants are audited again every other week.
RESTLESS = load_scenario("quick").with_values(
    {
        "population.n_consumers": 60,
        "run.weeks": 6,
        "merchants.n_applicants": 24,
        "merchants.initial_per_category": 3,
        "merchants.quality_interval_weeks": 2,
        "screening.recheck_share": 1.0,
    }
)
SPEC = RunSpec(RESTLESS, "referral", 1)


def turned_away(model):
    merchants = model.world.merchants
    return 1.0 - merchants.admitted[merchants.quality >= GOOD_QUALITY].mean()


def test_the_good_turned_away_are_those_of_the_founding():
    model = MarketModel(RESTLESS, market="referral", rng=1, threads=1)
    at_the_founding = turned_away(model)
    model.run_for(RESTLESS.run.weeks)
    assert turned_away(model) != at_the_founding
    assert live(SPEC, traced=False).good_turned_away == at_the_founding
