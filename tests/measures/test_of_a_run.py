"""The tables of real runs agree with one another, in every market, to the fen."""

import networkx as nx
import numpy as np
import pytest

from sim.measures.invariants import check_week
from sim.measures.money_flow import where_each_yuan_goes
from sim.measures.spread import offspring, order_rooted_sizes, reproduction_number
from sim.model import MarketModel
from sim.scenario import load_scenario

WEEKS = 16
SMALL = {"population.n_consumers": 200, "population.initial_member_share": 0.7}
VARIANTS = {
    "referral": {},
    "ads": {},
    "control": {},
    "deep": {"referral.levels": 3, "referral.reward_rate": 0.2, "sharing.memory_weeks": 3},
}


@pytest.fixture(scope="module", params=VARIANTS)
def run(request):
    scenario = load_scenario("quick").with_values(SMALL | VARIANTS[request.param])
    market = request.param if request.param in ("ads", "control") else "referral"
    model = MarketModel(scenario, market=market, rng=11, engine="mesa", trace=True)
    for _ in range(WEEKS):
        model.step()
        check_week(model, model.flows)
    return model


@pytest.fixture(scope="module")
def tables(run):
    return run.tables()


def test_the_weekly_table_counts_what_the_event_log_lists(tables):
    weekly, orders, shares = tables["weekly"], tables["orders"], tables["shares"]
    exposures, merchants = tables["exposures"], tables["merchants"]
    weeks = range(WEEKS)

    def by_week(table):
        return table.groupby("week").size().reindex(weeks, fill_value=0).tolist()

    assert by_week(orders) == weekly["orders"].tolist()
    assert by_week(exposures) == weekly["reads"].tolist()
    assert by_week(shares[shares["kind"] == "product"]) == weekly["posts"].tolist()
    assert by_week(merchants[merchants["active"]]) == weekly["merchants_active"].tolist()
    assert orders["price_fen"].sum() == weekly["gmv_fen"].sum()
    assert orders["surplus_fen"].sum() == weekly["consumer_surplus_fen"].sum()
    assert merchants["orders"].sum() == len(orders)
    assert merchants["profit_fen"].sum() == weekly["merchant_profit_fen"].sum()


def test_every_reward_stands_with_a_share_and_in_the_ledger(run, tables):
    paid = tables["shares"]["reward_fen"].sum()
    assert paid == tables["weekly"]["sharer_income_fen"].sum()
    assert paid == run.ledger.reward_income_fen.sum()
    refunded = tables["orders"].loc[tables["orders"]["refunded"], "order"]
    rewards = tables["transfers"][tables["transfers"]["purpose"] == "reward"]
    assert not rewards["order"].isin(refunded).any()


def test_effort_is_that_of_recommendations_that_pay(run, tables):
    weekly, shares = tables["weekly"], tables["shares"]
    by_week = shares.groupby("week")["effort_fen"].sum().reindex(range(WEEKS), fill_value=0)
    assert by_week.tolist() == weekly["posting_effort_fen"].tolist()
    of_opportunists = (shares["kind"] == "product") & (shares["source_order"] < 0)
    assert (shares["effort_fen"] >= 0).all()
    assert (shares.loc[~shares["rewarded"] | of_opportunists, "effort_fen"] == 0).all()
    assert (weekly["posting_effort_fen"].sum() > 0) == (run.market.name == "referral")


def test_every_order_through_a_post_was_read_before(tables):
    through = tables["orders"][tables["orders"]["share"] >= 0]
    # Who remembers a post for weeks may buy through it twice.
    readers = through.drop_duplicates(["consumer", "share", "channel"])
    assert tables["exposures"]["bought"].sum() == len(readers)
    assert tables["shares"]["orders"].sum() == len(through)
    assert tables["shares"]["reads"].sum() == len(tables["exposures"])


def test_what_merchants_hold_is_what_they_earned_and_were_given(tables):
    merchants, transfers = tables["merchants"], tables["transfers"]
    given = transfers[transfers["purpose"] == "capital"].groupby("payee")["amount_fen"].sum()
    earned = merchants.groupby("merchant")["profit_fen"].sum()
    last = merchants[merchants["week"] == WEEKS - 1].set_index("merchant")["cash_fen"]
    assert (earned.add(given, fill_value=0) - last == 0).all()


def test_conservation(tables):
    ledger, transfers = tables["ledger"], tables["transfers"]
    assert ledger["amount_fen"].sum() == transfers["amount_fen"].sum()
    assert ledger["n_transfers"].sum() == len(transfers)
    for by in ("keeper", "payment"):
        flow = where_each_yuan_goes(ledger, by)
        assert flow["amount_fen"].sum() == tables["weekly"]["gmv_fen"].sum()


def test_cascades_are_the_trees_of_the_log(run, tables):
    """Walked share by share with networkx: the same sizes, depths and distances."""
    shares, orders, cascades = tables["shares"], tables["orders"], tables["cascades"]
    graph = nx.DiGraph()
    share_node = {}
    joined = run.world.consumers.joined_share
    for share in shares.itertuples():
        if share.parent_share < 0:
            share_node[share.share] = ("root", share.share)
            graph.add_node(share_node[share.share], root=share.share)
        elif share.kind == "invitation":
            share_node[share.share] = ("person", share.sharer)
        else:
            share_node[share.share] = ("order", share.source_order)
    for order in orders[orders["share"] >= 0].itertuples():
        graph.add_edge(share_node[order.share], ("order", order.order))
    invitations = set(shares.loc[shares["kind"] == "invitation", "share"])
    for person in np.flatnonzero(joined >= 0):
        if joined[person] in invitations:
            graph.add_edge(share_node[joined[person]], ("person", int(person)))
    roots = cascades.set_index("root_share")
    assert len(graph) == cascades["size"].sum()
    for part in nx.weakly_connected_components(graph):
        (root,) = (node for node in part if node[0] == "root")
        row = roots.loc[root[1]]
        tree = graph.subgraph(part).to_undirected()
        assert row["size"] == len(part)
        assert row["depth"] == nx.eccentricity(tree, root)
        if len(part) > 1:
            mean = nx.average_shortest_path_length(tree)
            assert row["structural_virality"] == pytest.approx(mean, abs=1e-12)
    assert cascades["orders"].sum() == shares["orders"].sum()


def test_the_reproduction_number_is_the_share_of_orders_that_orders_brought(tables):
    orders, shares = tables["orders"], tables["shares"]
    unbought = shares.loc[shares["source_order"] < 0, "share"]
    through = (orders["share"] >= 0) & ~orders["share"].isin(unbought)
    assert reproduction_number(offspring(orders, shares)) == through.mean()
    sizes = order_rooted_sizes(orders, shares, tables["cascades"])
    assert len(sizes) == (orders["share"] < 0).sum()


def test_the_order_in_which_people_act_changes_no_table():
    scenario = load_scenario("quick").with_values(SMALL)
    runs = []
    for activation in (range(200), range(200)[::-1]):
        model = MarketModel(scenario, rng=11, engine="mesa", trace=True, activation=activation)
        model.run_for(4)
        runs.append(model.tables())
    for name, table in runs[0].items():
        assert not table.empty
        assert table.equals(runs[1][name]), name
