"""How price, display, feature and habit move brand choice, from a household scanner panel (catsup).

The panel has one row per purchase of a household, in order: `id`, `choice`, and for every brand b
`price.b`, `disp.b`, `feat.b`. The first purchase of a household only says which brand was bought
before the next one.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.evidence.measurements.estimation import (
    Estimate,
    Floats,
    Ints,
    maximum_likelihood,
    share_of_units,
)
from sim.evidence.measurements.measurement import Findings, Measurement

MEAN_PRICE_YUAN = 55.0
"""Price at which the elasticity is matched: the default mean cost of 50 yuan plus a tenth."""

N_DRAWS = 200
"""Simulated households per household in the mixed logit."""


class Panel(NamedTuple):
    """Purchases (rows) by brands (columns), households in one piece; see `read_panel`."""

    brands: list[str]
    price: Floats
    display: Floats
    feature: Floats
    last: Floats  # 1 for the brand bought the time before
    first: Floats  # 1 for the brand of the household's first purchase
    chosen: Ints  # column of the brand bought
    household: Ints  # 0, 0, ..., 1, 1, ...

    def constants(self) -> Floats:
        """Purchases × brands × (brands − 1): a dummy for every brand but the last."""
        return np.broadcast_to(
            np.eye(len(self.brands))[:, :-1], (*self.price.shape, len(self.brands) - 1)
        )

    def household_starts(self) -> Ints:
        """Row of each household's first purchase."""
        return np.flatnonzero(np.diff(self.household, prepend=-1)).astype(np.int64)

    def price_paid(self) -> float:
        """Mean price of the purchases, in the panel's unit of money."""
        return float(self.price[np.arange(len(self.chosen)), self.chosen].mean())


def read_panel(path: str | Path) -> Panel:
    """The panel of a file, without the first purchase of each household."""
    table = pd.read_csv(path).sort_values("id", kind="stable", ignore_index=True)
    names = [str(name) for name in table.columns]
    brands = [name.removeprefix("price.") for name in names if name.startswith("price.")]
    table["brand"] = table["choice"].map({brand: j for j, brand in enumerate(brands)})
    if table["brand"].isna().any():
        raise ValueError(f"{path}: a choice that is none of the brands {', '.join(brands)}")
    by_household = table.groupby("id")["brand"]
    last, first = by_household.shift(), by_household.transform("first")
    rows = last.notna().to_numpy()

    def columns(prefix: str) -> Floats:
        return table[[f"{prefix}.{brand}" for brand in brands]].to_numpy(np.float64)[rows]

    def dummies(brand: "pd.Series[float]") -> Floats:
        return np.eye(len(brands))[brand.to_numpy()[rows].astype(np.int64)]

    return Panel(
        brands=brands,
        price=columns("price"),
        display=columns("disp"),
        feature=columns("feat"),
        last=dummies(last),
        first=dummies(first),
        chosen=table["brand"].to_numpy()[rows].astype(np.int64),
        household=pd.factorize(table["id"].to_numpy()[rows])[0].astype(np.int64),
    )


def fit_logit(panel: Panel) -> Estimate:
    """(brand constants, price, display, feature, last brand) of a multinomial logit.

    P(j) = exp(u_j) / Σ exp(u), u linear. Source: Guadagni, Little (1983), with the last brand
    bought in place of their smoothed loyalty.
    """
    moved = np.stack([panel.price, panel.display, panel.feature, panel.last], axis=2)
    x = np.concatenate([panel.constants(), moved], axis=2)
    rows, starts = np.arange(len(x)), panel.household_starts()

    def per_unit(values: Floats) -> tuple[Floats, Floats]:
        prob = _softmax(x @ values)
        gradient = x[rows, panel.chosen] - np.einsum("nj,njk->nk", prob, x)
        each = np.log(prob[rows, panel.chosen])
        return np.add.reduceat(each, starts), np.add.reduceat(gradient, starts)

    return maximum_likelihood(per_unit, np.zeros(x.shape[2]))


def own_price_elasticities(panel: Panel, values: Floats) -> Floats:
    """Percent of a brand's sales lost per percent of its price: Σ β·p·P·(1 − P) / Σ P, by brand."""
    moved = np.stack([panel.price, panel.display, panel.feature, panel.last], axis=2)
    prob = _softmax(np.concatenate([panel.constants(), moved], axis=2) @ values)
    slope = values[len(panel.brands) - 1] * panel.price * prob * (1 - prob)
    return np.asarray(slope.sum(axis=0) / prob.sum(axis=0))


class MixedLogit(NamedTuple):
    """A mixed logit: the estimate, and where its parameters stand in it."""

    estimate: Estimate
    last: int
    price_log_median: int
    price_log_sd: int


def fit_mixed_logit(panel: Panel, n_draws: int = N_DRAWS, seed: int = 1) -> MixedLogit:
    """A logit whose price coefficient −exp(m + s·z) and brand constants differ by household.

    The constants are normal, the price coefficient lognormal, display, feature and the last brand
    the same for all. The brand of the first purchase stands in for tastes formed before the
    panel began. Simulated likelihood with scrambled Sobol points.
    Source: Train (2009), Discrete choice methods with simulation, chapter 6; first purchase:
    Wooldridge (2005).
    """
    n_brands, n_homes = len(panel.brands), int(panel.household[-1]) + 1
    same = np.stack([panel.display, panel.feature, panel.last, panel.first], axis=2)
    x = np.concatenate([panel.constants(), same], axis=2)
    n_same, starts, rows = x.shape[2], panel.household_starts(), np.arange(len(x))
    normal = _normal_points(n_homes, n_draws, n_brands, seed)[panel.household]
    for_price, for_brands = normal[:, :, 0], normal[:, :, 1:]
    price = panel.price[:, None, :]

    def per_unit(values: Floats) -> tuple[Floats, Floats]:
        log_median, log_sd, sd = values[n_same], values[n_same + 1], values[n_same + 2 :]
        sensitivity = np.exp(log_median + log_sd * for_price)
        u = (x @ values[:n_same])[:, None, :] - sensitivity[:, :, None] * price
        u[:, :, :-1] += sd * for_brands
        prob = _softmax(u)
        likely = np.log(np.maximum(prob[rows, :, panel.chosen], 1e-300))
        by_home = np.add.reduceat(likely, starts)
        top = by_home.max(axis=1, keepdims=True)
        weight = np.exp(by_home - top)
        each = top[:, 0] + np.log(weight.mean(axis=1))
        weight /= weight.sum(axis=1, keepdims=True)

        slope = -prob
        slope[rows, :, panel.chosen] += 1
        slope *= weight[panel.household][:, :, None]
        by_price = -(slope * price).sum(axis=2) * sensitivity
        gradient = np.concatenate(
            [
                np.einsum("nj,njk->nk", slope.sum(axis=1), x),
                by_price.sum(axis=1)[:, None],
                (by_price * for_price).sum(axis=1)[:, None],
                (slope[:, :, :-1] * for_brands).sum(axis=1),
            ],
            axis=1,
        )
        return each, np.add.reduceat(gradient, starts)

    start = np.zeros(n_same + 1 + n_brands)
    start[n_same] = np.log(max(0.1, -float(fit_logit(panel).values[n_brands - 1])))
    start[n_same + 1 :] = 0.5
    return MixedLogit(maximum_likelihood(per_unit, start), n_brands + 1, n_same, n_same + 1)


def matching_price_sensitivity(
    elasticity: float, mean_price_yuan: float, share: float = 0.0
) -> float:
    """Price sensitivity per yuan at which a logit product has this own-price elasticity.

    Elasticity = −α·p·(1 − P), so α = |elasticity| / (p·(1 − P)); P, the product's own share of
    its choices, is small in the model and taken as 0 on both sides.
    """
    return abs(elasticity) / (mean_price_yuan * (1 - share))


def measure_brands(path: str | Path, mean_price_yuan: float = MEAN_PRICE_YUAN) -> Findings:
    """Price sensitivity, its spread over households, and loyalty to the last brand."""
    panel = read_panel(path)
    logit, mixed = fit_logit(panel), fit_mixed_logit(panel)
    at = len(panel.brands) - 1
    paid = panel.price_paid()
    repeated = panel.last[np.arange(len(panel.chosen)), panel.chosen]
    starts = panel.household_starts()
    counted = f"purchases of {len(starts)} households"
    spread = mixed.estimate.interval_of(lambda v: float(abs(v[mixed.price_log_sd])), positive=True)

    def median_sensitivity(values: Floats) -> float:
        return float(np.exp(values[mixed.price_log_median]))

    def plain(values: Floats) -> float:
        return float(own_price_elasticities(panel, values).mean())

    def figure(
        key: str, what: str, interval: tuple[float, float, float], unit: str, sets: str = ""
    ) -> Measurement:
        return Measurement(key, what, *interval, unit, len(panel.chosen), counted, sets)

    return Findings(
        [
            figure(
                "price_coefficient",
                "price coefficient, the same for all households (logit)",
                logit.interval_of(lambda v: float(v[at])),
                "utility per cent and ounce",
            ),
            figure(
                "own_price_elasticity",
                "own-price elasticity of a brand's sales, mean of the brands (logit)",
                logit.interval_of(plain),
                "% per %",
            ),
            figure(
                "elasticity_small_share",
                "elasticity of a brand of negligible share at the mean price paid, "
                "median household (mixed logit)",
                mixed.estimate.interval_of(lambda v: -median_sensitivity(v) * paid),
                "% per %",
            ),
            figure(
                "price_sensitivity",
                f"median price sensitivity with that elasticity at {mean_price_yuan:g} yuan",
                mixed.estimate.interval_of(
                    lambda v: matching_price_sensitivity(
                        median_sensitivity(v) * paid, mean_price_yuan
                    ),
                    positive=True,
                ),
                "utility per yuan",
            ),
            figure(
                "price_sensitivity_log_sd",
                "spread of price sensitivity over households (mixed logit)",
                spread,
                "log units",
                "demand.price_sensitivity_log_sd",
            ),
            figure(
                "display",
                "coefficient of a display (logit)",
                logit.interval_of(lambda v: float(v[at + 1])),
                "utility",
            ),
            figure(
                "feature",
                "coefficient of a feature ad (logit)",
                logit.interval_of(lambda v: float(v[at + 2])),
                "utility",
            ),
            figure(
                "last_brand",
                "coefficient of the brand bought last, tastes the same for all (logit)",
                logit.interval_of(lambda v: float(v[at + 3])),
                "utility",
            ),
            figure(
                "last_brand_net",
                "coefficient of the brand bought last, tastes by household (mixed logit)",
                mixed.estimate.interval_of(lambda v: float(v[mixed.last])),
                "utility",
            ),
            figure(
                "last_brand_price_share",
                "price cut that the brand bought last is worth, tastes by household",
                mixed.estimate.interval_of(
                    lambda v: float(v[mixed.last]) / median_sensitivity(v) / paid
                ),
                "share of price",
            ),
            figure(
                "repeat_share",
                "purchases of the brand bought last",
                share_of_units(
                    np.add.reduceat(repeated, starts),
                    np.add.reduceat(np.ones(len(repeated)), starts),
                ),
                "share of purchases",
            ),
        ]
    )


def _softmax(u: Floats) -> Floats:
    raised = np.exp(u - u.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True))


def _normal_points(n_homes: int, n_draws: int, n_dimensions: int, seed: int) -> Floats:
    """Standard normal points, households × draws × dimensions, evener than random ones."""
    from scipy.special import ndtri
    from scipy.stats import qmc

    wanted = n_homes * n_draws
    points = qmc.Sobol(n_dimensions, rng=seed).random_base2(int(np.ceil(np.log2(wanted))))
    inside = np.clip(points[:wanted], 1e-6, 1 - 1e-6)
    return np.asarray(ndtri(inside)).reshape(n_homes, n_draws, n_dimensions)
