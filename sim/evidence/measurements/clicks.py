"""How often ads are clicked and how often clicks end in a purchase, from a log of ads (Facebook).

The log has one row per ad with `Impressions`, `Clicks`, `Spent`, `Total_Conversion` (enquiries)
and `Approved_Conversion` (purchases). Ads are independent units: an interval over single
impressions would be far too narrow.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from sim.evidence.measurements.estimation import Floats, Interval, ratio_of_units
from sim.evidence.measurements.measurement import Findings, Measurement
from sim.evidence.measurements.purchases import fit_gamma_poisson


def spread_over_ads(counts: Floats, exposure: Floats) -> Interval:
    """Coefficient of variation of the true rate over ads, 1/√shape of a Gamma behind the counts."""
    shape = fit_gamma_poisson(counts, exposure)
    return shape.interval_of(lambda v: float(np.exp(-v[0] / 2)), positive=True)


def measure_ads(path: str | Path) -> Findings:
    """Click-through, conversion per click and price of a click, and how they differ over ads."""
    log = pd.read_csv(path)
    shown, clicks = log["Impressions"].to_numpy(float), log["Clicks"].to_numpy(float)
    bought = log["Approved_Conversion"].to_numpy(float)
    clicked = clicks > 0

    def figure(key: str, what: str, interval: Interval, unit: str, n: int) -> Measurement:
        return Measurement(key, what, *interval, unit, n, "ads")

    n, n_clicked = len(log), int(clicked.sum())
    return Findings(
        [
            figure(
                "click_through",
                "clicks per impression",
                ratio_of_units(clicks, shown),
                "clicks per impression",
                n,
            ),
            figure(
                "click_through_spread",
                "spread of that rate over ads, standard deviation relative to mean",
                spread_over_ads(clicks, shown),
                "share of mean",
                n,
            ),
            figure(
                "enquiries_per_click",
                "enquiries per click",
                ratio_of_units(log["Total_Conversion"].to_numpy(float), clicks),
                "enquiries per click",
                n,
            ),
            figure(
                "purchases_per_click",
                "purchases per click",
                ratio_of_units(bought, clicks),
                "purchases per click",
                n,
            ),
            figure(
                "purchases_per_click_spread",
                "spread of that rate over the ads that were clicked",
                spread_over_ads(bought[clicked], clicks[clicked]),
                "share of mean",
                n_clicked,
            ),
            figure(
                "price_of_click",
                "spend per click",
                ratio_of_units(log["Spent"].to_numpy(float), clicks),
                "units of money per click",
                n,
            ),
        ]
    )
