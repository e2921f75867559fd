"""Answers to the known-answer families of the markets, as in `sim.evidence.rule_answers`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from operator import index

import numpy as np

from sim import draws
from sim.agents.admission import audit_signals, first_by
from sim.evidence.rule_answers import Answered, Family, Inputs
from sim.rules.auction import GSP, MECHANISMS, allocate
from sim.rules.bidding import settle_bids
from sim.rules.pricing import prices_at_rest
from sim.rules.screening import acceptance_rate, posterior_good
from sim.world.columns import F8, NOBODY

#: Rounds after which bids that still move are said not to come to rest.
MOST_ROUNDS = 10_000
#: Applicants audited: enough that this many are admitted, within bounds.
ADMITTED = 30_000
FEWEST_APPLICANTS, MOST_APPLICANTS = 200_000, 5_000_000
_SEED = 1


def auction(inputs: Inputs) -> Answered:
    """Return winners and prices of the slots that are sold, what they pay, and their sum."""
    if inputs["mechanism"] not in MECHANISMS:
        raise ValueError(f"mechanism must be one of {', '.join(MECHANISMS)}")
    bids, clicks = _numbers(inputs, "bids"), _slot_clicks(inputs)
    quality = _numbers(inputs, "quality") if "quality" in inputs else np.ones(len(bids))
    _same_length(bids=bids, quality=quality)
    mechanism = MECHANISMS.index(inputs["mechanism"])
    winner, price, n_won = allocate(
        mechanism, bids, quality, clicks, float(inputs.get("reserve", 0.0))
    )
    payment = (price * clicks)[:n_won]
    got = {
        "winners": winner[:n_won].tolist(),
        "price_per_click": price[:n_won].tolist(),
        "total_payment": payment.tolist(),
        "revenue": float(payment.sum()),
    }
    return got, None


def balanced_bidding(inputs: Inputs) -> Answered:
    """Return the bids at which bidders come to rest who revise one at a time, from their values."""
    values, clicks = _numbers(inputs, "values"), _slot_clicks(inputs)
    bids = values.copy()
    reserve = float(inputs.get("reserve", 0.0))
    rounds = settle_bids(GSP, values, bids, np.ones(len(bids)), clicks, reserve, 0.0, MOST_ROUNDS)
    if rounds == MOST_ROUNDS:
        raise ArithmeticError(f"bids do not come to rest within {MOST_ROUNDS} rounds")
    return {"bids": bids.tolist()}, None


def logit_pricing(inputs: Inputs) -> Answered:
    """Return prices and shares at which merchants rest who revise with known demand."""
    quality, cost = _numbers(inputs, "quality"), _numbers(inputs, "unit_cost")
    owner = [index(owner) for owner in inputs["owner"]]
    _same_length(quality=quality, unit_cost=cost, owner=owner)
    scale, outside = float(inputs["scale"]), inputs["outside_quality"]
    if scale <= 0.0 or not math.isfinite(scale):
        raise ValueError(f"scale must be positive, not {scale}")
    if outside is None and len(set(owner)) < 2:
        raise ValueError("without rivals and outside option nothing bounds the price")
    price, share = prices_at_rest(
        quality.tolist(), cost.tolist(), scale, None if outside is None else float(outside), owner
    )
    return {"price": price, "share": share}, None


def screening(inputs: Inputs) -> Answered:
    """Return what admission by a noisy audit does to mean quality, or Bayes' rule at the door."""
    if "prior_good" in inputs:
        door = [float(inputs[key]) for key in ("prior_good", "accept_good", "accept_bad")]
        if not all(0.0 <= prob <= 1.0 for prob in door):
            raise ValueError("probabilities lie from 0 to 1")
        return {
            "posterior_good": posterior_good(*door),
            "acceptance_rate": acceptance_rate(*door),
        }, None
    correlation, share = float(inputs["audit_correlation"]), float(inputs["admit_share"])
    if not (0.0 <= correlation <= 1.0 and 0.0 < share <= 1.0):
        raise ValueError("audit_correlation lies from 0 to 1, admit_share above 0 and up to 1")
    n = min(max(math.ceil(ADMITTED / share), FEWEST_APPLICANTS), MOST_APPLICANTS)
    applicant = np.arange(n)
    quality = draws.normal_column(_SEED, applicant, NOBODY, 0, draws.QUALITY)
    signal = audit_signals(_SEED, 0, applicant, quality, correlation)
    admitted = first_by(-signal, round(share * n))
    return {"mean_quality_admitted_sd": float(quality[admitted].mean())}, n


def _numbers(inputs: Inputs, key: str) -> F8:
    values = np.array([float(value) for value in inputs[key]], dtype=np.float64)
    if not np.isfinite(values).all():
        raise ValueError(f"{key} must be finite numbers")
    return values


def _slot_clicks(inputs: Inputs) -> F8:
    clicks = _numbers(inputs, "slot_clicks")
    if (np.diff(clicks) > 0).any() or (clicks < 0).any():
        raise ValueError("slot_clicks must not be negative, nor rise from slot to slot")
    return clicks


def _same_length(**columns: Sequence[float] | F8) -> None:
    if len({len(column) for column in columns.values()}) > 1:
        raise ValueError(f"{', '.join(columns)} must be equally long")


MARKET_FAMILIES: dict[str, Family] = {
    "auction": auction,
    "balanced_bidding": balanced_bidding,
    "logit_pricing": logit_pricing,
    "screening": screening,
}
