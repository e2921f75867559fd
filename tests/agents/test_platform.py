"""The platform's verbs: admission, settlement, audits and entry, in worked examples."""

import numpy as np
import pytest

from sim import ledger
from sim.scenario import Scenario
from sim.week import click_sums
from sim.world.columns import AD, NOBODY
from tests.agents.stand import Stand

SMALL = Scenario().with_values(
    {
        "demand.n_categories": 2,
        "merchants.n_applicants": 80,
        "merchants.initial_per_category": 5,
        "screening.refund_prob_worst": 0.0,
    }
)


def stand(market="referral", **values):
    return Stand(SMALL.with_values(values), market, trace=True)


# --- admission ------------------------------------------------------------------------------------


@pytest.mark.parametrize("market", ["referral", "control"])
@pytest.mark.parametrize("admit_share", [0.0, 0.04, 0.25, 0.333, 1.0])
def test_screened_or_not_the_same_number_is_admitted(market, admit_share):
    model = stand(market, **{"screening.admit_share": admit_share})
    merchants = model.world.merchants
    assert merchants.admitted.sum() == round(admit_share * 80)
    assert not (merchants.active & ~merchants.admitted).any()
    by_category = np.bincount(merchants.category[merchants.active], minlength=2)
    admitted = np.bincount(merchants.category[merchants.admitted], minlength=2)
    assert by_category.tolist() == np.minimum(admitted, 5).tolist()


def test_screening_admits_better_merchants_and_chance_does_not():
    scenario = Scenario()
    screened = Stand(scenario, "referral").world.merchants
    by_chance = Stand(scenario, "control").world.merchants
    assert screened.quality[screened.admitted].mean() > 0.65
    assert by_chance.quality[by_chance.admitted].mean() == pytest.approx(0.5, abs=0.03)


def test_audits_cost_the_platform_and_capital_comes_from_outside():
    model = stand(**{"screening.audit_cost_yuan": 200.0, "merchants.cash_weeks": 26.0})
    totals = model.ledger.close_week(-1)
    assert totals[ledger.PLATFORM, ledger.OUTSIDE, ledger.AUDIT] == (80 * 20_000, 80)
    own = model.world.merchants
    weeks = (own.cash_fen - own.unit_cost_fen)[own.active] / model.platform.fixed_cost_fen()
    assert 13 <= weeks.min() < weeks.max() <= 39
    assert (own.cash_fen[~own.active] == 0).all()


def test_one_more_applicant_whom_nobody_admits_changes_nothing_for_the_others():
    perfect = {"screening.audit_correlation": 1.0, "merchants.quality_cost_correlation": 0.0}
    few = Stand(SMALL.with_values(perfect | {"merchants.n_applicants": 80}), "referral")
    more = Stand(SMALL.with_values(perfect | {"merchants.n_applicants": 81}), "referral")
    assert not more.world.merchants.admitted[80]
    for before, after in zip(few.live(14).world.merchants, more.live(14).world.merchants):
        assert np.array_equal(before, after[:80])


# --- settlement -----------------------------------------------------------------------------------


def settled(model, posts=None, **order):
    """Money that one order moved: {(payer kind, payee kind, purpose): fen}, and the model."""
    model.ledger.close_week(-1)
    model.offer()
    if posts:
        model.posts(**posts)
    merchant = int(np.flatnonzero(model.world.merchants.active)[0])
    model.world.merchants.unit_cost_fen[merchant] = 4_000
    model.orders(**{"consumer": [7], "merchant": [merchant], "price_fen": [5_500]} | order)
    model.settle()
    totals = model.ledger.close_week(0)
    return {key[2]: fen for key, (fen, _) in totals.items()}, merchant


def test_an_order_through_a_rewarded_post():
    # 55 yuan: 40 to the supplier, 1.10 fee, 3.30 to the sharer, 1.10 rebate to the buyer's wallet.
    model = stand(**{"referral.reward_rate": 0.06})
    post = {"sharer": [3], "rewarded": [True], "upline": np.zeros((1, 0))}
    moved, merchant = settled(model, post, share=[0], sharer=[3])
    assert moved == {
        ledger.PURCHASE: 5_500,
        ledger.COST_OF_GOODS: 4_000,
        ledger.FEE: 110,
        ledger.REWARD: 330,
        ledger.REBATE_FUNDING: 110,
    }
    people, own = model.world.consumers, model.world.merchants
    assert people.cash_fen[3] == 330
    assert people.cash_fen[7] == -5_500
    assert people.wallet_fen[7] == 110
    assert own.week_orders[merchant] == own.period_orders[merchant] == 1
    assert own.period_referred[merchant] == 1
    assert own.week_revenue_fen[merchant] == 5_500
    assert own.recent_orders[merchant].tolist() == [1, 0, 0, 0]


def test_an_order_through_an_unpaid_post_pays_no_reward():
    model = stand()
    post = {"sharer": [3], "rewarded": [False], "upline": np.zeros((1, 0))}
    moved, merchant = settled(model, post, share=[0], sharer=[3])
    assert ledger.REWARD not in moved
    assert model.world.merchants.period_referred[merchant] == 0


def test_rebate_is_spent_from_the_wallet():
    # 5 yuan of rebate used: the platform pays them to the buyer, who pays the merchant in full.
    model = stand(**{"referral.rebate_rate": 0.0})
    model.world.consumers.wallet_fen[7] = 800
    moved, _ = settled(model, rebate_used_fen=[500])
    assert moved[ledger.REBATE] == 500
    assert moved[ledger.PURCHASE] == 5_500
    assert model.world.consumers.wallet_fen[7] == 300
    assert model.world.consumers.cash_fen[7] == -5_000


def test_a_refund_leaves_the_buyer_as_before_and_the_merchant_with_the_goods_paid():
    model = stand(**{"screening.refund_prob_worst": 1.0})
    first = int(np.flatnonzero(model.world.merchants.active)[0])
    model.world.merchants.quality[first] = 0.0
    model.world.consumers.wallet_fen[7] = 800
    post = {"sharer": [3], "rewarded": [True], "upline": np.zeros((1, 0))}
    moved, _ = settled(model, post, share=[0], sharer=[3], rebate_used_fen=[500])
    assert model.flows.orders.refunded.tolist() == [True]
    assert moved == {
        ledger.REBATE: 500,
        ledger.PURCHASE: 5_500,
        ledger.COST_OF_GOODS: 4_000,
        ledger.REFUND_RECOVERY: 5_500,
        ledger.REFUND: 5_000,
    }
    assert model.world.consumers.cash_fen[7] == 0
    assert model.world.consumers.wallet_fen[7] == 800
    assert model.world.platform.cash_fen[0] == -80 * 20_000  # the audits, nothing of this order


def test_nothing_is_refunded_where_the_market_does_not_screen():
    model = stand(**{"screening.refund_prob_worst": 1.0, "screening.markets": []})
    model.world.merchants.quality[:] = 0.0
    settled(model)
    assert model.flows.orders.refunded.tolist() == [False]


LEVELS = {"referral.levels": 3, "referral.reward_rate": 0.1, "referral.level_decay": 0.5}


def test_three_levels_divide_a_reward_by_their_weights():
    # 5.50 yuan in the ratio 4 : 2 : 1; the odd fen goes to the sharer.
    post = {"sharer": [3], "rewarded": [True], "upline": np.array([[4, 5]])}
    model = stand(**LEVELS)
    settled(model, post, share=[0], sharer=[3])
    assert model.world.consumers.cash_fen[[3, 4, 5]].tolist() == [315, 157, 78]


def test_whoever_is_missing_above_leaves_the_part_to_the_sharer():
    # 5.50 yuan in the ratio 4 : 2 : 1, the last part unclaimed; who stands twice gets both parts.
    for upline, paid in (([4, NOBODY], [393, 157]), ([4, 3], [393, 157])):
        post = {"sharer": [3], "rewarded": [True], "upline": np.array([upline])}
        model = stand(**LEVELS)
        settled(model, post, share=[0], sharer=[3])
        assert model.world.consumers.cash_fen[[3, 4]].tolist() == paid
        assert model.ledger.totals(0)[ledger.MERCHANT, ledger.CONSUMER, ledger.REWARD] == (550, 2)


def test_with_nobody_above_the_sharer_has_it_all():
    post = {"sharer": [3], "rewarded": [True], "upline": np.array([[NOBODY, NOBODY]])}
    model = stand(**LEVELS)
    settled(model, post, share=[0], sharer=[3])
    assert model.world.consumers.cash_fen[3] == 550


@pytest.mark.parametrize(("guard", "buyers_reward"), [(True, 0), (False, 157)])
def test_the_guard_keeps_buyers_from_earning_on_their_own_purchase(guard, buyers_reward):
    post = {"sharer": [3], "rewarded": [True], "upline": np.array([[7, NOBODY]])}
    model = stand(**LEVELS | {"referral.self_referral_guard": guard})
    settled(model, post, share=[0], sharer=[3])
    assert model.world.consumers.cash_fen[7] == buyers_reward - 5_500
    own_post = {"sharer": [7], "rewarded": [True], "upline": np.array([[NOBODY, NOBODY]])}
    model = stand(**LEVELS | {"referral.self_referral_guard": guard})
    moved, _ = settled(model, own_post, share=[0], sharer=[7])
    assert (ledger.REWARD in moved) == (not guard)


def test_clicks_are_charged_and_counted_with_the_orders_they_brought():
    model = stand("ads")
    model.ledger.close_week(-1)
    model.offer()
    merchant = int(np.flatnonzero(model.world.merchants.active)[0])
    model.orders(consumer=[7], merchant=[merchant], price_fen=[5_500], channel=[AD])
    clicks = {"consumer": [1, 7], "merchant": [merchant, merchant], "price_fen": [30, 40]}
    model.flows.clicks = type(model.flows.clicks)(**{k: np.array(v) for k, v in clicks.items()})
    model.flows.click_sums = click_sums(model.flows.clicks, len(model.world.merchants.cash_fen))
    model.settle()
    totals = model.ledger.close_week(0)
    assert totals[ledger.MERCHANT, ledger.PLATFORM, ledger.AD_CLICK] == (70, 2)
    assert model.world.merchants.period_clicks[merchant] == 2
    assert model.world.merchants.period_ad_orders[merchant] == 1


# --- control after admission, entry ---------------------------------------------------------------


def test_a_merchant_who_turned_bad_is_found_and_delisted():
    model = stand(
        **{
            "screening.audit_correlation": 1.0,
            "screening.recheck_share": 1.0,
            "merchants.long_term_share": 1.0,
            "merchants.repeat_value": 100.0,
        }
    )
    own = model.world.merchants
    bad = np.flatnonzero(own.active)[:2]
    own.quality_level[bad], own.quality[bad] = 0, 0.0
    model.week = 12
    model.platform.recheck()
    assert not own.active[bad].any()
    assert not own.admitted[bad].any()
    assert own.exited_week[bad].tolist() == [12, 12]
    assert model.flows.exits == 2
    assert own.active.sum() == 8


def test_no_audits_between_quarters_nor_where_nobody_screens():
    for market, week, audited in (
        ("referral", 11, False),
        ("referral", 12, True),
        ("control", 12, False),
    ):
        model = stand(market, **{"screening.recheck_share": 1.0})
        scores, model.week = model.world.merchants.audit_score.copy(), week
        model.adapt()
        assert (model.world.merchants.audit_score != scores).any() == audited


def test_newcomers_are_admitted_merchants_who_never_sold_in_order_of_coming():
    model = stand("control", **{"merchants.entry_pace": 0.4})
    own = model.world.merchants
    own.quarter_profit_fen[own.active] = 13 * model.platform.fixed_cost_fen()
    before = own.active.copy()
    model.week = 12
    model.platform.let_enter()
    newcomers = own.active & ~before
    # Profit equals fixed cost: .4 x 5 sellers, 2 newcomers in each category.
    assert np.bincount(own.category[newcomers], minlength=2).tolist() == [2, 2]
    assert own.admitted[newcomers].all()
    assert (own.entered_week[newcomers] == 13).all()
    assert (own.entered_week[before] == 0).all()
    assert model.flows.entries == 4
    assert (own.quarter_profit_fen == 0).all()
    assert (own.cash_fen[newcomers] > 0).all()
    assert (own.cash_fen[newcomers] == own.week_start_cash_fen[newcomers]).all()


def test_newcomers_bid_at_once_and_move_no_bid_of_others():
    model = stand("ads", **{"merchants.entry_pace": 0.4})
    own = model.world.merchants
    own.quarter_profit_fen[own.active] = 13 * model.platform.fixed_cost_fen()
    before, bids, model.week = own.active.copy(), own.bid_fen.copy(), 12
    model.platform.let_enter()
    newcomers = own.active & ~before
    assert newcomers.sum() == 4
    assert (own.bid_fen[newcomers] > 0).all() and (own.budget_fen[newcomers] > 0).all()
    assert (own.bid_fen[before] == bids[before]).all()


def test_who_gave_up_does_not_come_back():
    model = stand("control", **{"screening.admit_share": 0.125})
    for merchant in model.active():
        merchant.close_business()
    model.week = 12
    model.platform.let_enter()
    assert not model.world.merchants.active.any()
