"""Facts about sharing in a traced run: how many shares die, how far they reach, who earns."""

from __future__ import annotations

import pandas as pd

from sim.measures.cascade_sizes import share_reaching
from sim.measures.leaders import earned_share_of_top
from sim.measures.sampling import of_kept_cascades, of_kept_consumers
from sim.measures.spread import offspring, reproduction_number
from sim.report.followed import Traced

#: Sizes of cascades whose shares are told.
SIZES = (2, 5, 10, 20, 50, 100)


def facts_of_run(run: Traced) -> pd.DataFrame:
    """One row a fact (market, seed, run_key, fact, value), over the whole run, products only.

    `alone_percent`: cascades in which nobody followed the first post, in % of all; `reaching_N`:
    cascades of at least N buyers, in %; `largest`: buyers of the largest; `reproduction`: orders
    that an order brought through the post about it, on average over all orders;
    `posts_without_order_percent`; `orders_per_1000_reads`; `reads_per_post`;
    `order_share_percent`: orders through posts, in % of all; `earning_percent`: people who ever
    earned a reward, in % of all people; `top_percent`: share of all rewards that went to the
    best-paid hundredth of those who earned any, in %.
    """
    shares = of_kept_cascades(run.table("shares"), run.manifest)
    cascades, orders = run.table("cascades"), of_kept_consumers(run.table("orders"), run.manifest)
    sizes = cascades.loc[cascades["kind"] == "product", "size"]
    posts = shares[shares["kind"] == "product"]
    reached = 100.0 * share_reaching(sizes, SIZES)
    own = of_kept_consumers(run.table("shares"), run.manifest, "sharer")
    earning = own.loc[own["reward_fen"] > 0, "sharer"].nunique()
    people = run.manifest["n_consumers"] * run.manifest["log_sampling_rate"]
    facts = {
        "alone_percent": 100.0 * _mean(sizes == 1),
        **{f"reaching_{size}": float(part) for size, part in zip(SIZES, reached, strict=True)},
        "largest": float(sizes.max()) if len(sizes) else 0.0,
        "reproduction": reproduction_number(offspring(orders, own)),
        "posts_without_order_percent": 100.0 * _mean(posts["orders"] == 0),
        "reads_per_post": _mean(posts["reads"]),
        "orders_per_1000_reads": 1000.0 * posts["orders"].sum() / max(posts["reads"].sum(), 1),
        "order_share_percent": 100.0 * _mean(orders["share"] >= 0),
        "earning_percent": 100.0 * earning / people,
        "top_percent": 100.0 * earned_share_of_top(own, 0.01),
    }
    return pd.DataFrame(
        {
            "market": run.manifest["market"],
            "seed": run.manifest["seed"],
            "run_key": run.key,
            "fact": list(facts),
            "value": list(facts.values()),
        }
    )


def _mean(column: pd.Series) -> float:
    return float(column.mean()) if len(column) else float("nan")
