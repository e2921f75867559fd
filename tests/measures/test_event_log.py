"""Event logs of large worlds: sampled by whole cascades and whole consumers, traces complete."""

import errno
import os
import tempfile
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from sim.experiments.errors import RunError
from sim.experiments.replicate import RunOptions, replicate
from sim.experiments.reproduce import reproduce_run
from sim.experiments.store import RunSpec, RunStore
from sim.experiments.tracing import money_of_order, tree_of_share
from sim.measures import sampling
from sim.measures.sampling import (
    kept_cascades,
    kept_consumers,
    of_kept_cascades,
    of_kept_consumers,
    sampling_rate,
)
from sim.measures.spool import Spool
from sim.model import MarketModel
from sim.parameters.problems import InputError
from tests.engines.same import lively

SEED, PEOPLE, WEEKS, RATE = 5, 600, 12, 0.2
LOG = ("orders", "shares", "exposures", "transfers", "cascades")


@pytest.fixture
def few_are_many(monkeypatch):
    monkeypatch.setattr(sampling, "LARGEST_WHOLE", int(RATE * PEOPLE))


def scenario_of(market):
    values = {"population.n_consumers": PEOPLE, "referral.levels": 3, "run.weeks": WEEKS}
    return lively(values)


def model_of(market, **how):
    model = MarketModel(scenario_of(market), market=market, rng=SEED, trace=True, **how)
    model.run_for(WEEKS)
    return model


@pytest.fixture(scope="module", params=["referral", "ads"])
def both(request):
    """The whole log of a run and its sampled one, each table by name."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sampling, "LARGEST_WHOLE", int(RATE * PEOPLE))
        logs = [model_of(request.param, whole_log=whole) for whole in (True, False)]
        assert [log.tables_so_far.log_sampling_rate for log in logs] == [1.0, RATE]
        return [SimpleNamespace(**log.tables()) for log in logs]


def rows(table, which):
    return table[which].reset_index(drop=True)


def same(one, other):
    pd.testing.assert_frame_equal(
        one.reset_index(drop=True), other.reset_index(drop=True), check_exact=True
    )


def kept_people(ids):
    return kept_consumers(SEED, np.asarray(ids), RATE)


def kept_roots(ids):
    return kept_cascades(SEED, np.asarray(ids), RATE)


def test_cascades_are_kept_whole(both):
    whole, sampled = both
    same(sampled.cascades, rows(whole.cascades, kept_roots(whole.cascades["root_share"])))
    assert 0 < len(sampled.cascades) < len(whole.cascades) / 2
    of_kept = whole.shares[kept_roots(whole.shares["root_share"])]
    assert of_kept["parent_share"].ge(0).any()
    in_log = sampled.shares["share"].isin(of_kept["share"])
    same(sampled.shares[in_log], of_kept)
    bought = whole.orders[
        whole.orders["share"].isin(of_kept["share"])
        | whole.orders["order"].isin(of_kept["source_order"])
    ]
    same(sampled.orders[sampled.orders["order"].isin(bought["order"])], bought)
    read = whole.exposures[whole.exposures["share"].isin(of_kept["share"])]
    same(sampled.exposures[sampled.exposures["share"].isin(of_kept["share"])], read)
    assert len(read) == of_kept["reads"].sum()


def test_consumers_are_kept_whole(both):
    whole, sampled = both
    for name, column in (("exposures", "consumer"), ("orders", "consumer"), ("shares", "sharer")):
        log, full = getattr(sampled, name), getattr(whole, name)
        same(log[kept_people(log[column])], full[kept_people(full[column])])
        assert kept_people(full[column]).any()


def test_every_order_that_is_kept_has_all_its_money_and_its_way_back(both):
    whole, sampled = both
    ordered = whole.transfers["order"].isin(sampled.orders["order"])
    log = sampled.transfers
    same(log[log["order"] >= 0], whole.transfers[ordered])
    known = set(sampled.shares["share"])
    assert set(sampled.orders["share"]) - {-1} <= known
    assert set(sampled.shares["parent_share"]) - {-1} <= known


def test_nothing_else_is_kept(both):
    whole, sampled = both
    root_of = whole.shares.set_index("share")["root_share"]

    def of_kept(share):
        roots = root_of.reindex(share).to_numpy()
        return kept_roots(np.nan_to_num(roots, nan=-1).astype(np.int64)) & (share >= 0)

    begins = whole.shares["parent_share"].eq(-1) & kept_roots(whole.shares["root_share"])
    orders, reads = sampled.orders, sampled.exposures
    assert (
        kept_people(orders["consumer"])
        | of_kept(orders["share"])
        | orders["order"].isin(whole.shares.loc[begins, "source_order"])
    ).all()
    assert (kept_people(reads["consumer"]) | of_kept(reads["share"])).all()
    same(sampled.shares, whole.shares[whole.shares["share"].isin(sampled.shares["share"])])


def test_books_of_merchants_are_whole_and_clicks_go_with_consumers(both):
    whole, sampled = both
    log, full = [t[t["order"] < 0] for t in (sampled.transfers, whole.transfers)]
    same(log[log["purpose"] != "ad_click"], full[full["purpose"] != "ad_click"])
    clicks = (log["purpose"] == "ad_click").sum()
    all_clicks = (full["purpose"] == "ad_click").sum()
    assert clicks == 0 == all_clicks or 0 < clicks < all_clicks / 2


def test_all_other_tables_know_nothing_of_sampling(both):
    whole, sampled = both
    for name in ("weekly", "merchants", "ledger", "people"):
        same(getattr(sampled, name), getattr(whole, name))


@pytest.mark.parametrize("how", [{"engine": "mesa"}, {"threads": 2}])
def test_engines_and_threads_keep_the_same_rows(few_are_many, how):
    one, other = model_of("ads", threads=1).tables(), model_of("ads", **how).tables()
    for name in LOG:
        same(one[name], other[name])


def test_a_sampled_run_can_be_traced_and_made_again(few_are_many, tmp_path):
    spec = RunSpec(scenario_of("referral"), "referral", SEED)
    run = replicate(spec, RunOptions(trace=True), RunStore(tmp_path / "sampled"))
    assert run.manifest["log_sampling_rate"] == RATE
    assert reproduce_run(run).identical
    full = model_of("referral", whole_log=True).tables()
    for order in run.orders.loc[run.orders["share"] >= 0, "order"]:
        told = money_of_order(run, order)
        assert len(told["transfers"]) == (full["transfers"]["order"] == order).sum()
        assert told["shares"][-1]["parent_share"] == -1
    for root in run.cascades["root_share"]:
        tree = tree_of_share(run, root)["tree"]
        assert len(tree) == (full["shares"]["root_share"] == root).sum()
    partial = run.shares[~run.shares["root_share"].isin(run.cascades["root_share"])]
    with pytest.raises(RunError, match="cascade is not"):
        tree_of_share(run, int(partial["share"].iloc[0]))


def test_rows_of_the_sample_can_be_told_from_those_that_came_with_them(both):
    whole, sampled = both
    manifest = {"seed": SEED, "log_sampling_rate": RATE}
    fair = of_kept_consumers(sampled.orders, manifest)
    same(fair, whole.orders[kept_people(whole.orders["consumer"])])
    assert len(of_kept_cascades(sampled.shares, manifest)) < len(sampled.shares)
    everything = {"seed": SEED, "log_sampling_rate": 1.0}
    assert len(of_kept_consumers(whole.orders, everything)) == len(whole.orders)


def test_no_log_up_to_a_hundred_thousand_consumers_is_sampled():
    assert [sampling_rate(n) for n in (0, 1, 99_999, 100_000)] == [1.0] * 4
    assert sampling_rate(1_000_000) == 0.1
    assert sampling_rate(100_001) < 1.0


def test_a_full_temporary_disk_is_one_line(monkeypatch):
    class Full:
        def seek(self, place):
            pass

        def write(self, rows):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **options: Full())
    spool = Spool(np.dtype([("id", "i8")]))
    with pytest.raises(InputError) as raised:
        spool.append(np.zeros(1, spool.kind))
    (line,) = raised.value.lines
    assert line.startswith(f"{tempfile.gettempdir()}: cannot be written: no space left on device")


def test_a_spool_holds_what_was_appended_and_amended():
    spool = Spool(np.dtype([("id", "i8"), ("seen", "?")]))
    assert len(spool.rows()) == 0
    for first in (0, 3, 3, 1_000):
        spool.append(np.array([(id, False) for id in range(first, first + 3)], spool.kind))
    spool.rows(4, 6)["seen"] = True
    assert spool.rows()["id"].tolist() == [0, 1, 2, 3, 4, 5, 3, 4, 5, 1000, 1001, 1002]
    assert np.flatnonzero(spool.rows()["seen"]).tolist() == [4, 5]
