"""Two or three people and one merchant, so that every consequence can be counted by hand.

Ann (0) is a member and buys in week 0. Bo (1) trusts Ann, is no member and needs things from
week 1 on; Cy (2) trusts Bo and needs things from week 2 on. Everybody wants whatever they see,
and luck is all but taken out: posts are always written, read, believed and remembered.
"""

import numpy as np

from sim.model import MarketModel
from sim.network import build_network
from sim.scenario import Scenario
from sim.world.world import build_world, rates_micro

ANN, BO, CY = range(3)
SHOP = 0
TIE_TO_ANN = 3  # behind the rows in which Ann, who trusts nobody, may follow leaders
ALWAYS, NEVER = 10.0, 0.0
CERTAIN = {
    "network.directed": "yes",
    "demand.n_categories": 1,
    "demand.base_value_yuan": 1000.0,
    "demand.price_sensitivity_log_sd": 0.0,
    "belief.initial_market_belief": 0.5,
    "belief.own_precision": 10_000.0,
    "belief.insight_log_sd": 0.0,
    "sharing.posting_intercept": 20.0,
    "sharing.memory_weeks": 1,
    "sharing.posting_intercept_sd": 0.0,
    "sharing.opportunist_share": 0.0,
    "sharing.annoyance": 0.0,
    "sharing.fatigue": 0.0,
    "sharing.inflation_max": 0.0,
    "sharing.sincerity_kappa_inner": 0.0,
    "sharing.sincerity_kappa_outer": 0.0,
    "sharing.invite_prob": 0.0,
    "trust.general_trust_mean": 1.0,
    "trust.general_trust_sd": 0.0,
    "trust.layer_trust_inner": 1.0,
    "trust.layer_trust_outer": 1.0,
    "merchants.n_applicants": 1,
    "merchants.initial_per_category": 1,
    "merchants.cash_weeks": 1000.0,
    "merchants.price_interval_weeks": 1000,
    "merchants.quality_interval_weeks": 1000,
    "screening.markets": [],
    "screening.admit_share": 1.0,
    "referral.reward_rate": 0.1,
    "referral.fee_rate": 0.05,
    "referral.rebate_rate": 0.0,
    "ads.external_link_friction": 0.0,
    "ads.n_slots": 0,
    "hybrid.first_ads_share": 0.0,
}
BAD, GOOD = 0.0, 1.0


class Story:
    """A model to be stepped by hand, told each week who needs something."""

    def __init__(self, folder, engine, market="referral", quality=GOOD, **values):
        file = folder / "ties.csv"
        file.write_text("1,0\n2,1\n")  # Bo trusts Ann, Cy trusts Bo
        changes = {key.replace("__", "."): value for key, value in values.items()}
        scenario = Scenario().with_values(CERTAIN | {"network.file": str(file)} | changes)
        self.world = build_world(scenario, build_network(scenario, 5), 5)
        self.people, self.ties = self.world.consumers, self.world.ties
        self.people.member[:] = [True, False, False]
        self.people.joined_week[:] = [0, -1, -1]
        self.make(quality)
        self.world.platform.member_rate_micro[0] = rates_micro(np.array([ALWAYS]), np.arange(1))
        self.model = MarketModel(
            scenario, market=market, rng=5, engine=engine, trace=True, world=self.world
        )
        assert self.world.merchants.active.tolist() == [True]

    def make(self, quality):
        """Let the merchant sell this quality from now on."""
        self.world.merchants.quality[:] = quality
        self.world.merchants.quality_level[:] = round(4 * quality)

    def silence(self, person):
        """Let this person never post."""
        self.people.sharing_propensity[person] = -100.0

    def week(self, *needy):
        """Live a week in which these people need something."""
        rates = self.people.purchase_rate
        rates[:] = NEVER
        rates[list(needy)] = ALWAYS
        self.model.step()
        self.tables = self.model.tables()
        return self

    def last(self, name, week=None):
        """Rows of a table that the last week left."""
        table = self.tables[name]
        return table[table["week"] == (self.model.week if week is None else week)]

    def paid(self, purpose):
        """(payee, fen) of every transfer of the last week for that purpose."""
        rows = self.last("transfers")
        rows = rows[rows["purpose"] == purpose]
        return list(zip(rows["payee"].tolist(), rows["amount_fen"].tolist(), strict=True))
