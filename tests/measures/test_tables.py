"""Every promised table of a run written by hand."""

import numpy as np
import pandas as pd
import pytest

from sim.ledger import InvariantError
from sim.measures.invariants import check_week
from sim.measures.shares import credited_shares, mark_reads_that_sold
from sim.world.columns import LEADER, SHARE
from tests.measures.small_run import ANN, BO, CY, DAN, EVE, SmallRun, two_weeks

PROMISED = {
    "merchants": """market seed week merchant category quality unit_cost_fen price_fen bid_fen
        reward_rate orders profit_fen cash_fen active n_reviews mean_review""",
    "ledger": "market seed week payer_kind payee_kind purpose amount_fen n_transfers",
    "people": """market seed who price_sensitivity insight tier people orders surplus_fen
        sharer_income_fen""",
    "orders": """order week consumer merchant category price_fen channel sharer share tie_layer
        expected_quality experienced_quality surplus_fen refunded""",
    "shares": """share week sharer merchant source_order parent_share root_share kind rewarded
        stated_quality effort_fen reads orders reward_fen""",
    "exposures": """week consumer share sharer merchant channel tie_layer earlier_reads_on_tie
        friends_sharing bought""",
    "transfers": "week payer_kind payer payee_kind payee amount_fen purpose order",
    "cascades": """root_share kind size depth max_breadth structural_virality orders first_week
        last_week""",
}


@pytest.fixture(scope="module")
def tables():
    return two_weeks().tables_so_far.tables()


def test_the_promised_tables_and_columns(tables):
    assert set(tables) == {"weekly", *PROMISED}
    for name, columns in PROMISED.items():
        assert list(tables[name]) == columns.split(), name


def test_untraced_runs_keep_four_tables():
    kept = two_weeks(trace=False).tables_so_far.tables()
    assert set(kept) == {"weekly", "merchants", "ledger", "people"}


def test_all_tables_survive_parquet(tables, tmp_path):
    for name, table in tables.items():
        table.to_parquet(tmp_path / name)
        pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / name), table)


def test_a_run_without_weeks_has_empty_tables_of_the_same_types(tables):
    for name, table in SmallRun().tables_so_far.tables().items():
        assert table.empty or name == "people"
        assert table.dtypes.to_dict() == tables[name].dtypes.to_dict(), name


def test_orders(tables):
    orders = tables["orders"]
    assert orders["order"].tolist() == [0, 1, 2, 3]
    assert orders["week"].tolist() == [0, 0, 1, 1]
    assert orders["channel"].tolist() == ["organic", "catalogue", "share", "share"]
    assert orders["sharer"].tolist() == [-1, -1, ANN, ANN]
    assert orders["tie_layer"].tolist() == [-1, -1, 1, 2]
    assert orders["surplus_fen"].tolist() == [1200, -100, 700, 0]


def test_shares_know_what_they_brought(tables):
    shares = tables["shares"]
    assert shares["share"].tolist() == [0, 1, 2, 3]
    assert shares["sharer"].tolist() == [ANN, BO, EVE, CY]
    assert shares["kind"].tolist() == ["product", "invitation", "product", "product"]
    assert shares["effort_fen"].tolist() == [250, 0, 0, 75]
    assert shares["reads"].tolist() == [3, 1, 0, 0]
    assert shares["orders"].tolist() == [2, 0, 0, 0]
    assert shares["reward_fen"].tolist() == [300, 0, 0, 0]


def test_reads_that_brought_an_order(tables):
    exposures = tables["exposures"]
    bought = exposures.loc[exposures["bought"], ["consumer", "share"]].to_numpy().tolist()
    assert bought == [[CY, 0], [DAN, 0]]


def test_cascades_of_products_and_of_invitations(tables):
    cascades = tables["cascades"].set_index("root_share")
    assert cascades.loc[0, ["size", "depth", "max_breadth", "orders"]].tolist() == [3, 1, 2, 2]
    assert cascades.loc[0, "structural_virality"] == pytest.approx(4 / 3)
    assert cascades.loc[1, ["kind", "size", "orders"]].tolist() == ["invitation", 2, 0]
    assert cascades.loc[2, ["kind", "size", "depth"]].tolist() == ["product", 1, 0]
    assert cascades["last_week"].tolist() == [1, 1, 0]


def test_merchants_stand_as_they_sold_not_as_they_adapted(tables):
    merchants = tables["merchants"].set_index(["week", "merchant"])
    assert merchants.loc[(0, 0), ["quality", "price_fen"]].tolist() == [0.25, 4000]
    assert merchants.loc[(0, 1), "profit_fen"] == 5000 - 4000 - 100 - 100
    assert merchants.loc[(1, 1), "orders"] == 2
    assert merchants.loc[(1, 2), ["orders", "cash_fen"]].tolist() == [0, 0]
    assert (merchants["reward_rate"] == 0.1).all()
    assert np.isnan(merchants["mean_review"]).all()


def test_the_books_agree_with_one_another(tables):
    weekly, ledger, transfers = tables["weekly"], tables["ledger"], tables["transfers"]
    assert weekly["sharer_income_fen"].sum() == tables["shares"]["reward_fen"].sum()
    assert weekly["merchant_profit_fen"].sum() == tables["merchants"]["profit_fen"].sum()
    by = ["week", "payer_kind", "payee_kind", "purpose"]
    sums = transfers.groupby(by, observed=True, as_index=False).agg(
        amount_fen=("amount_fen", "sum"), n_transfers=("amount_fen", "size")
    )
    mine = ledger.drop(columns=["market", "seed"]).sort_values(by)
    pd.testing.assert_frame_equal(
        sums.sort_values(by).reset_index(drop=True),
        mine.reset_index(drop=True),
        check_dtype=False,
    )


def reads_of(consumer, share, channel):
    rows = np.zeros(
        len(consumer), [("consumer", "i4"), ("share", "i8"), ("channel", "i1"), ("bought", "?")]
    )
    rows["consumer"], rows["share"], rows["channel"] = consumer, share, channel
    return rows


def test_an_order_counts_for_the_last_read_of_its_channel():
    """Person 1 reads share 5 in both weeks, in week 1 also at a leader's, and buys over there."""
    before = reads_of([0, 1], [5, 5], [SHARE, SHARE])
    now = reads_of([1, 1], [5, 5], [SHARE, LEADER])
    orders = reads_of([0, 1, 2], [5, 5, -1], [SHARE, LEADER, SHARE])
    columns = (orders["consumer"], orders["share"], orders["channel"])
    mark_reads_that_sold([now, before], *columns)
    # Person 0 remembered for a week; person 1 followed the leader.
    assert before["bought"].tolist() == [True, False]
    assert now["bought"].tolist() == [False, True]


def test_each_level_is_credited_to_the_share_of_its_sharer():
    """Share 2 stands on share 1, that on share 0; a fourth level goes to the share that sold."""
    shares = np.zeros(3, [("sharer", "i4"), ("parent_share", "i8")])
    shares["sharer"], shares["parent_share"] = [10, 11, 12], [-1, 0, 1]
    lowest, payee = np.array([2, 2, 2, 1, 2]), np.array([12, 11, 10, 11, 99])
    assert credited_shares(shares, lowest, payee).tolist() == [2, 1, 0, 1, 2]


def test_the_weeks_by_hand_keep_every_invariant():
    run = SmallRun()
    for week in (run.week_0, run.week_1):
        week()
        check_week(run, run.flows)


def spoiled_wallet(run):
    run.world.consumers.wallet_fen[0] += 1


def spoiled_order(run):
    run.flows.orders.consumer[:] = [DAN, CY]


def spoiled_share(run):
    run.flows.orders.share[0] = -1


def spoiled_refund(run):
    run.flows.orders.refunded[0] = True


def spoiled_read(run):
    run.flows.reads.share[0] = 3


def spoiled_post(run):
    run.world.consumers.member[CY] = False


def spoiled_trust(run):
    run.world.consumers.general_trust[EVE] = 1.1


def spoiled_offer(run):
    run.offer = run.offer._replace(merchant=run.offer.merchant[:1])


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (spoiled_wallet, "wallets hold"),
        (spoiled_order, "orders are sorted"),
        (spoiled_share, "have a share"),
        (spoiled_refund, "return the price"),
        (spoiled_read, "earlier weeks"),
        (spoiled_post, "only members post"),
        (spoiled_trust, "general trust"),
        (spoiled_offer, "on offer"),
    ],
)
def test_what_is_wrong_is_named(spoil, said):
    run = two_weeks()
    spoil(run)
    with pytest.raises(InvariantError, match=said):
        check_week(run, run.flows)
