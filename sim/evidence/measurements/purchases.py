"""How often people buy, and how unequal they are in it, from a cohort's purchase log (CDNOW).

The log has one row per purchase: `customer,date,units,usd`, dates as YYYYMMDD. Purchases of one
customer on one day count once. Everybody in a cohort bought at least once, so the first purchase
is their birth: only repeats are counted, and each customer is watched from that day on.
"""

from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.evidence.measurements.estimation import (
    Z95,
    Estimate,
    Floats,
    Interval,
    maximum_likelihood,
    with_numeric_gradient,
)
from sim.evidence.measurements.measurement import Findings, Measurement

Row = tuple[str, str, Interval, str, str]
"""Key, words, number, unit and parameter of a measurement."""


class Repeats(NamedTuple):
    """Repeat purchases of each customer after the first, in weeks from the first."""

    bought_again: Floats
    weeks_to_last: Floats
    weeks_watched: Floats


def read_purchases(path: str | Path) -> Repeats:
    """Repeat purchases of each customer of a purchase log; watched until its last day."""
    log = pd.read_csv(path, usecols=["customer", "date"], dtype=str)
    log["date"] = pd.to_datetime(log["date"], format="%Y%m%d")
    end = log["date"].max()
    days = log.drop_duplicates().groupby("customer")["date"].agg(["min", "max", "size"])
    return Repeats(
        (days["size"] - 1).to_numpy(np.float64),
        _weeks(days["max"] - days["min"]),
        _weeks(end - days["min"]),
    )


def fit_gamma_poisson(counts: Floats, exposure: Floats) -> Estimate:
    """(log shape, log mean rate) of Gamma-distributed rates behind Poisson counts.

    P(x) = Γ(r+x)/(Γ(r) x!) · (a/(a+T))^r · (T/(a+T))^x with T the exposure, r the shape and r/a
    the mean rate. Source: Ehrenberg (1959), the negative binomial law of buying.
    """
    from scipy.special import gammaln

    def log_likelihood(values: Floats) -> Floats:
        shape = np.exp(values[0])
        scale = shape / np.exp(values[1])
        return np.asarray(
            gammaln(shape + counts)
            - gammaln(shape)
            - gammaln(counts + 1)
            + shape * np.log(scale / (scale + exposure))
            + counts * np.log(exposure / (scale + exposure))
        )

    start = np.array([0.0, np.log(counts.sum() / exposure.sum())])
    return maximum_likelihood(with_numeric_gradient(log_likelihood), start)


def fit_bg_nbd(repeats: Repeats) -> Estimate:
    """(log r, log α, log a, log b): Gamma(r, α) rates, and after each purchase a chance to leave.

    The chance is Beta(a, b) over customers. Raises ValueError where leaving explains the purchases
    no better than staying for ever does, by a likelihood ratio at 95 %.
    Source: Fader, Hardie, Lee (2005), "Counting your customers" the easy way, equation 6.
    """
    from scipy.special import betaln, gammaln

    count, to_last, watched = repeats
    bought = count > 0

    def bought_until(weeks: Floats, r: float, alpha: float) -> Floats:
        times = gammaln(r + count) - gammaln(r) + r * np.log(alpha)
        return np.asarray(times - (r + count) * np.log(alpha + weeks))

    def if_nobody_leaves(values: Floats) -> Floats:
        return bought_until(watched, *np.exp(values))

    def log_likelihood(values: Floats) -> Floats:
        r, alpha, a, b = np.exp(values)
        stayed = betaln(a, b + count) + bought_until(watched, r, alpha)
        left = betaln(a + 1, b + np.maximum(count, 1) - 1) + bought_until(to_last, r, alpha)
        return np.asarray(np.where(bought, np.logaddexp(stayed, left), stayed) - betaln(a, b))

    stay = maximum_likelihood(with_numeric_gradient(if_nobody_leaves), np.zeros(2))
    with np.errstate(over="ignore", invalid="ignore"):  # the search goes far where nobody leaves
        leave = maximum_likelihood(with_numeric_gradient(log_likelihood), np.zeros(4))
    if leave.log_likelihood - stay.log_likelihood < Z95**2 / 2:
        raise ValueError("nobody seems to leave")
    return leave


def measure_purchases(path: str | Path) -> Findings:
    """Shape and rate of purchases, without and with customers who leave.

    Where nobody seems to leave, the numbers of BG/NBD are missing.
    """
    repeats = read_purchases(path)
    n = len(repeats.bought_again)
    stay = fit_gamma_poisson(repeats.bought_again, repeats.weeks_watched)
    found: list[Row] = [
        (
            "nbd_shape",
            "shape of the Gamma distribution of purchase rates, nobody leaves (NBD)",
            stay.interval_of(lambda v: float(np.exp(v[0])), positive=True),
            "1",
            "demand.purchase_rate_shape",
        ),
        (
            "nbd_rate",
            "mean rate of repeat purchases at one shop, nobody leaves (NBD)",
            stay.interval_of(lambda v: float(np.exp(v[1])), positive=True),
            "purchases per customer and week",
            "",
        ),
        (
            "nbd_scale",
            "scale α of that distribution, shape / mean rate",
            stay.interval_of(lambda v: float(np.exp(v[0] - v[1])), positive=True),
            "weeks",
            "",
        ),
    ]
    with suppress(ValueError):
        found += _where_customers_leave(fit_bg_nbd(repeats))
    return Findings(
        [
            Measurement(key, what, *interval, unit, n, "customers", sets)
            for key, what, interval, unit, sets in found
        ]
    )


def _where_customers_leave(leave: Estimate) -> list[Row]:
    return [
        (
            "bg_nbd_shape",
            "shape r where customers may leave after a purchase (BG/NBD)",
            leave.interval_of(lambda v: float(np.exp(v[0])), positive=True),
            "1",
            "",
        ),
        (
            "bg_nbd_scale",
            "scale α where customers may leave (BG/NBD)",
            leave.interval_of(lambda v: float(np.exp(v[1])), positive=True),
            "weeks",
            "",
        ),
        (
            "bg_nbd_leaving",
            "mean chance of leaving after a purchase, a / (a + b) (BG/NBD)",
            leave.interval_of(
                lambda v: float(np.exp(v[2]) / (np.exp(v[2]) + np.exp(v[3]))), positive=True
            ),
            "probability",
            "",
        ),
    ]


def _weeks(times: "pd.Series[pd.Timedelta]") -> Floats:
    return times.dt.days.to_numpy(np.float64) / 7
