"""Which sources sell and which are right: conversion of reads, and beliefs against experience."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd


def conversion_by(exposures: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Reads of product posts, orders they brought and orders per read, in each group of ``by``.

    Reads of invitations sell nothing and are left out.
    """
    of_products = exposures[exposures["merchant"] >= 0]
    table = of_products.groupby(list(by), observed=True, as_index=False).agg(
        reads=("bought", "size"), orders=("bought", "sum")
    )
    table["conversion_per_read"] = table["orders"] / table["reads"]
    return table


def belief_errors(orders: pd.DataFrame) -> pd.DataFrame:
    """How far expectations missed experience, in quality (0 to 1), by the channel of the order.

    ``bias`` is the mean of expected less experienced quality; ``rms_error`` the root of their mean
    squared difference, which the noise of experience keeps above zero.
    """
    error = orders["expected_quality"] - orders["experienced_quality"]
    squares = pd.DataFrame({"channel": orders["channel"], "error": error, "square": error**2})
    table = squares.groupby("channel", observed=True, as_index=False).agg(
        orders=("error", "size"), bias=("error", "mean"), rms_error=("square", "mean")
    )
    table["rms_error"] = np.sqrt(table["rms_error"])
    return table


def conversion_over_ties(exposures: pd.DataFrame) -> float:
    """Orders per read of a product post over a tie, look-ups at leaders left out; NaN unread.

    The row V1 of the evidence: purchases per recommendation read, counted as in Leskovec, Adamic
    and Huberman (2007), The dynamics of viral marketing.
    """
    reads = exposures[(exposures["merchant"] >= 0) & (exposures["channel"] == "share")]
    return float(reads["bought"].mean()) if len(reads) else math.nan


def errors_at_true_quality(orders: pd.DataFrame, merchants: pd.DataFrame) -> pd.DataFrame:
    """How far expectations missed the true quality of that week, by the channel of the order.

    ``rms_error``: root of the mean of (expected − true quality)², in quality (0 to 1). Unlike
    `belief_errors` without the noise of single experiences.
    """
    true = merchants[["week", "merchant", "quality"]]
    known = orders[["week", "merchant", "channel", "expected_quality"]].merge(
        true, on=["week", "merchant"], how="left"
    )
    known["square"] = (known["expected_quality"] - known["quality"]) ** 2
    table = known.groupby("channel", observed=True, as_index=False).agg(
        orders=("square", "size"), rms_error=("square", "mean")
    )
    table["rms_error"] = np.sqrt(table["rms_error"])
    return table
