"""What the engines are compared on: every mechanism happens often in the compared tables."""

from collections import Counter

import pytest

from sim.evidence.mechanisms.printed import MECHANISMS
from sim.world.columns import MUTED, NOBODY
from tests.engines.same import assert_same, lived, lively

OFTEN = 100
WEEKS = 20
#: Worlds in each of which other things happen often.
BUSY = {
    "population.n_consumers": 300,
    "population.initial_member_share": 0.3,
    "sharing.memory_weeks": 2,
    "sharing.attention": 8,
    "sharing.annoyance": 0.15,
    "sharing.follow_prob": 1.0,
    "sharing.leader_lookup_prob": 1.0,
    "sharing.mute_threshold_mean": 0.45,
    "trust.general_trust_mean": 0.9,
    "belief.friend_precision": 60.0,
    "referral.levels": 3,
    "referral.reward_rate": 0.15,
    "referral.receiver_share": 0.3,
    "merchants.n_applicants": 900,
    "merchants.initial_per_category": 40,
    "merchants.cash_weeks": 1.0,
    "merchants.quality_interval_weeks": 2,
    "screening.markets": ["referral", "ads"],
    "screening.recheck_share": 0.5,
    "screening.delist_quality": 0.5,
    "screening.refund_prob_worst": 1.0,
}
NEWCOMERS = BUSY | {
    "population.n_consumers": 400,
    "population.initial_member_share": 0.1,
    "population.join_rate_per_week": 0.06,
    "demand.purchase_rate_per_week": 2.5,
    "sharing.posting_intercept": 1.0,
    "sharing.memory_weeks": 4,
    "sharing.invite_prob": 0.0,
    "referral.self_referral_guard": False,
    "shocks.host_ban_week": 11,
    "shocks.host_ban_weeks": 2,
    "merchants.initial_per_category": 2,
    "merchants.quality_interval_weeks": 1,
    "demand.n_categories": 12,
}
TWO_SIDES = BUSY | {
    "hybrid.reconsider_prob": 1.0,
    "hybrid.gain_rate": 0.5,
    "hybrid.merchant_reconsider_prob": 1.0,
    "hybrid.merchant_inertia": 0.0,
    "population.n_consumers": 400,
    "population.initial_member_share": 0.9,
    "demand.n_categories": 8,
    "merchants.initial_per_category": 20,
    "merchants.quality_interval_weeks": 1,
    "merchants.cash_weeks": 20.0,
    "screening.recheck_share": 0.02,
}
THANKED = {"population.n_consumers": 200, "referral.symbolic": True}
RUNS = (
    ("referral", BUSY),
    ("ads", BUSY),
    ("referral", NEWCOMERS),
    ("referral", THANKED),
    ("hybrid", TWO_SIDES),
)


@pytest.fixture(scope="module")
def compared():
    models = []
    for market, values in RUNS:
        readable = lived(lively(values), market, WEEKS, engine="mesa")
        assert_same(readable, lived(lively(values), market, WEEKS, engine="array", threads=2))
        models.append(readable)
    return models


@pytest.fixture(scope="module")
def tables(compared):
    return [model.tables() for model in compared]


def happened(model):
    """How often each mechanism was at work, as far as the tables and the columns tell."""
    tables, people = model.tables(), model.world.consumers
    orders, shares, reads = tables["orders"], tables["shares"], tables["exposures"]
    transfers, ties = tables["transfers"], model.world.ties
    merchants = model.world.merchants
    counts = {f"order by {name}": n for name, n in orders["channel"].value_counts().items()}
    counts |= {f"read by {name}": (reads["channel"] == name).sum() for name in ("share", "leader")}
    counts |= {f"paid {name}": n for name, n in transfers["purpose"].value_counts().items()}
    counts["order again of the same"] = (model.world.memory.times > 1).sum()
    sharer_of = orders.set_index("order")["sharer"]
    rewards = transfers[transfers["purpose"] == "reward"]
    nearest = sharer_of.loc[rewards["order"]].to_numpy()
    counts["reward further up"] = (rewards["payee"].to_numpy() != nearest).sum()
    counts["order through the own post"] = (orders["sharer"] == orders["consumer"]).sum()
    counts["refund"] = orders["refunded"].sum()
    counts["recommendation"] = ((shares["kind"] == "product") & shares["rewarded"]).sum()
    counts["unrewarded post"] = ((shares["kind"] == "product") & ~shares["rewarded"]).sum()
    counts["opportunist's post"] = (
        (shares["kind"] == "product") & (shares["source_order"] == NOBODY)
    ).sum()
    counts["post passed on"] = (
        (shares["kind"] == "product") & (shares["parent_share"] != NOBODY)
    ).sum()
    counts["invitation"] = (shares["kind"] == "invitation").sum()
    counts["joined by invitation"] = (people.joined_root != NOBODY).sum()
    counts["joined by a purchase"] = (
        (people.joined_share != NOBODY) & (people.joined_root == NOBODY)
    ).sum()
    counts["joined alone"] = (
        (people.joined_share == NOBODY) & (people.joined_week > 0) & people.member
    ).sum()
    counts["tie confirmed"] = (ties.useful_milli > 0).sum()
    counts["tie worn"] = (ties.useless_milli > 0).sum()
    counts["tie muted"] = (ties.marks & MUTED > 0).sum()
    counts["leader followed"] = (ties.followed != NOBODY).sum()
    counts["public credit"] = (people.credit_milli > 0).sum()
    counts["review"] = merchants.review_count.sum()
    counts["entry"] = tables["weekly"]["entries"].sum()
    counts["exit"] = tables["weekly"]["exits"].sum()
    counts["mended or cut quality"] = (
        tables["merchants"].groupby("merchant")["quality"].nunique() > 1
    ).sum()
    counts["new price"] = (tables["merchants"].groupby("merchant")["price_fen"].nunique() > 1).sum()
    del counts["paid running_cost"]  # one a week
    return {name: int(n) for name, n in counts.items()}


def test_every_mechanism_is_at_work(compared):
    counts = Counter()
    for model in compared:
        counts.update(happened(model))
    rare = {name: n for name, n in counts.items() if n < OFTEN}
    assert not rare


@pytest.mark.parametrize("mechanism", MECHANISMS, ids=lambda mechanism: mechanism.name)
def test_every_mechanism_of_the_printed_list_is_compared(compared, tables, mechanism):
    n_fired = 0
    for (market, values), log, model in zip(RUNS, tables, compared, strict=True):
        off = log
        if mechanism.firing != "counted" and mechanism.market == market:
            without = lively(values | dict(mechanism.off))
            off = lived(without, market, WEEKS, engine="array", threads=1).tables()
        n_fired += mechanism.n_fired(log, off, model.scenario)
    assert n_fired >= OFTEN


def test_only_what_a_market_has_is_at_work_in_it(compared):
    referral, ads, _, thanked, hybrid = (happened(model) for model in compared)
    of_ads = ("order by ad", "paid ad_click", "paid commission")
    of_sharing = ("paid fee", "paid reward", "paid rebate", "recommendation", "tie muted")
    for name in of_ads:
        assert referral.get(name, 0) == 0, name
    for name in of_sharing:
        assert ads.get(name, 0) == 0, name
    for name in (*of_ads, *of_sharing):
        assert hybrid.get(name, 0) > 0, name
    for name in ("paid reward", "recommendation", "tie muted"):
        assert thanked.get(name, 0) == 0, name
