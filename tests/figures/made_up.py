"""Runs whose numbers are made up: the promised columns, without a model."""

import numpy as np
import pandas as pd

from sim.experiments.compare import compare_markets
from sim.experiments.replicate import RunOptions
from sim.experiments.store import RunSpec, RunStore
from sim.ledger import KINDS, PURPOSES
from sim.measures.weekly import WEEKLY_COLUMNS
from sim.scenario import load_scenario

LIFT = {"control": 0.0, "ads": -0.01, "referral": 0.06, "hybrid": 0.03}
FLOWS = {
    "control": {"cost_of_goods": 80, "fixed_cost": 5},
    "ads": {"cost_of_goods": 76, "fixed_cost": 5, "ad_click": 11, "commission": 2},
    "referral": {
        "cost_of_goods": 79,
        "fixed_cost": 5,
        "fee": 2,
        "reward": 1.2,
        "rebate_funding": 2,
        "refund_recovery": 3,
    },
    "hybrid": {"cost_of_goods": 90, "fixed_cost": 9, "ad_click": 9, "reward": 1},
}


def tables(market, seed, weeks, trace=False, sells=True):
    """Tables of a run that sells goods of slowly rising quality, or nothing at all."""
    luck = np.random.default_rng([seed, sum(map(ord, market))])
    lift = LIFT.get(market, 0.0)
    week = np.arange(weeks)
    about = {"market": market, "seed": seed}
    orders = luck.integers(300, 400, weeks) if sells else np.zeros(weeks, dtype=int)
    price = 4500 + 800 * lift * 10 + luck.normal(0, 20, weeks)
    rise = 1 - np.exp(-week / 20)
    values = dict.fromkeys(WEEKLY_COLUMNS, 10 + luck.integers(0, 5, weeks)) | about
    values |= {
        "week": week,
        "orders": orders,
        "gmv_fen": (orders * price).astype(int),
        "mean_quality_sold": np.where(
            sells, 0.55 + lift * rise + luck.normal(0, 0.01, weeks), np.nan
        ),
        "mean_quality_offered": 0.5 + 0.5 * lift * rise + luck.normal(0, 0.004, weeks),
        "mean_price_fen": np.where(sells, price, np.nan),
        "merchant_profit_fen": (orders * price * (0.08 + lift)).astype(int),
        "consumer_surplus_fen": (orders * (900 + 4000 * lift)).astype(int),
        "posts": luck.integers(20, 30, weeks),
        "members": 400,
        "mean_tie_trust": 0.6 - 2 * lift * rise * 0.1 + luck.normal(0, 0.001, weeks),
        "muted_share": 0.02 * rise * (lift > 0),
        "useless_read_share": 0.4 + lift,
    }
    ledger = pd.DataFrame(
        [
            {
                **about,
                "week": one,
                "payer_kind": KINDS[0 if purpose == "purchase" else 1],
                "payee_kind": KINDS[1],
                "purpose": purpose,
                "amount_fen": round(orders[one] * price[one] * share / 100),
                "n_transfers": 1,
            }
            for one in week
            for purpose, share in {"purchase": 100, **FLOWS[market]}.items()
        ],
        columns=["market", "seed", "week", "payer_kind", "payee_kind", "purpose"]
        + ["amount_fen", "n_transfers"],
    )
    ledger["purpose"] = pd.Categorical(ledger["purpose"], categories=PURPOSES)
    made = {
        "weekly": pd.DataFrame(values, columns=WEEKLY_COLUMNS, index=week),
        "merchants": merchants(about, weeks, luck, lift, sells),
        "ledger": ledger,
    }
    if trace:
        made |= {name: pd.DataFrame({"week": week}) for name in ("orders", "shares")}
        made |= {name: pd.DataFrame({"week": week}) for name in ("exposures", "transfers")}
        made["cascades"] = cascades(weeks, luck, 1.6 - 3 * lift)
    return made


def merchants(about, weeks, luck, lift, sells):
    """Ten merchants of five quality levels; the better ones sell more where there is a lift."""
    quality = np.tile(np.arange(5) / 4, 2)
    rows = pd.DataFrame(
        {
            **about,
            "week": np.repeat(np.arange(weeks), 10),
            "merchant": np.tile(np.arange(10), weeks),
            "quality": np.tile(quality, weeks),
            "active": True,
        }
    )
    rate = np.tile(4 + 8 * (quality - 0.3) * lift * 10 + 6 * quality, weeks).clip(0.5)
    rows["orders"] = luck.poisson(rate) if sells else 0
    return rows


def cascades(weeks, luck, slope):
    """Sizes with a heavy tail."""
    n = 2000 if weeks else 0
    size = np.minimum(luck.zipf(1.2 + slope, n), 400)
    return pd.DataFrame(
        {
            "root_share": np.arange(n),
            "kind": pd.Categorical(np.where(np.arange(n) % 5, "product", "invitation")),
            "size": size,
            "first_week": np.arange(n) % max(weeks, 1),
        }
    )


def stored_runs(root, markets, seeds, weeks=30, trace=False, silent=()):
    """Made-up runs in a store; returns the store, the scenario and the specs."""
    scenario = load_scenario("quick").with_values(
        {"run.weeks": weeks, "run.replicates": len(seeds), "run.seed": seeds[0]}
    )
    store = RunStore(root)
    specs = [RunSpec(scenario, market, seed) for seed in seeds for market in markets]
    for spec in specs:
        made = tables(spec.market, spec.seed, weeks, trace, spec.market not in silent)
        ties = {"kept": 0, "dropped": {}}
        facts = {"n_consumers": 500, "ties": ties, "engine": "none", "seconds": 0.0}
        facts |= {"trace": trace, "log_sampling_rate": 1.0}
        store.save(spec, made, facts)
    return store, scenario, specs


def comparison(root, markets=("referral", "ads"), seeds=(1, 2, 3, 4), **made):
    """Folder of a comparison of made-up runs."""
    store, scenario, _ = stored_runs(root, markets, seeds, **made)
    return compare_markets(scenario, markets, len(seeds), store, RunOptions()).folder


def run_folder(root, market="referral", seed=1, **made):
    """Folder of one made-up run."""
    store, _, specs = stored_runs(root, (market,), (seed,), **made)
    return store.folder(specs[0])
