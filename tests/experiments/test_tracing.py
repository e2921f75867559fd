"""A sale followed back to the first post, and a share to all that came of it."""

from types import SimpleNamespace

import pandas as pd
import pytest

from sim.experiments.errors import RunError
from sim.experiments.tracing import money_of_order, tree_of_share

# share 0 brought order 1, whose buyer posted share 2; that brought 3 and 4; share 1 is alone
SHARES = pd.DataFrame(
    {
        "share": [0, 1, 2, 3, 4],
        "sharer": [10, 11, 12, 13, 14],
        "parent_share": [-1, -1, 0, 2, 2],
        "root_share": [0, 1, 0, 0, 0],
    }
)
ORDERS = pd.DataFrame(
    {"order": [0, 1, 2], "share": [-1, 0, 2], "experienced_quality": [0.5, float("nan"), 0.7]}
)
TRANSFERS = pd.DataFrame({"order": [0, 1, 2, 2, -1], "amount_fen": [100, 200, 300, 18, 999]})


@pytest.fixture
def run():
    cascades = pd.DataFrame({"root_share": [0, 1]})
    tables = {"shares": SHARES, "orders": ORDERS, "transfers": TRANSFERS, "cascades": cascades}
    return SimpleNamespace(
        key="k",
        folder="results/x/k",
        manifest={"log_sampling_rate": 1.0},
        table=tables.__getitem__,
        **tables,
    )


def test_money_of_an_order_is_all_its_transfers_and_its_way_back(run):
    told = money_of_order(run, 2)
    assert [row["amount_fen"] for row in told["transfers"]] == [300, 18]
    assert [row["share"] for row in told["shares"]] == [2, 0]


def test_order_without_a_share_has_no_way_back(run):
    assert money_of_order(run, 0)["shares"] == []


def test_what_is_not_a_number_is_told_as_nothing(run):
    assert money_of_order(run, 1)["order"]["experienced_quality"] is None


def test_tree_lists_each_share_below_its_parent(run):
    told = tree_of_share(run, 0)
    assert [(row["share"], row["depth"]) for row in told["tree"]] == [
        (0, 0),
        (2, 1),
        (3, 2),
        (4, 2),
    ]
    assert told["above"] == []


def test_tree_of_a_share_within_a_cascade_has_the_way_above_it(run):
    told = tree_of_share(run, 3)
    assert [row["share"] for row in told["above"]] == [2, 0]
    assert [row["share"] for row in told["tree"]] == [3]


def test_a_long_chain_is_no_trouble(run):
    n = 3000
    run.shares = pd.DataFrame(
        {"share": range(n), "parent_share": range(-1, n - 1), "root_share": [0] * n}
    )
    run.table = {"shares": run.shares}.__getitem__
    assert tree_of_share(run, 0)["tree"][-1]["depth"] == n - 1


@pytest.mark.parametrize("number", [3, -1, 10**12])
def test_unknown_ids_say_which_there_are(run, number):
    with pytest.raises(RunError, match="ids go from 0 to 2"):
        money_of_order(run, number)


def test_a_run_without_orders_says_so(run):
    run.table = {"orders": ORDERS.iloc[:0]}.__getitem__
    with pytest.raises(RunError, match="the run has none"):
        money_of_order(run, 0)


def test_a_share_of_a_cascade_that_is_not_kept_whole_is_refused(run):
    run.manifest["log_sampling_rate"] = 0.025
    run.cascades = pd.DataFrame({"root_share": [1]})
    assert [row["share"] for row in money_of_order(run, 2)["shares"]] == [2, 0]
    with pytest.raises(RunError, match=r"cascade is not: the log keeps 2\.5 %"):
        tree_of_share(run, 2)
    with pytest.raises(RunError, match=r"ids go from 0 to 2, and the log keeps 2\.5 %"):
        money_of_order(run, 3)
