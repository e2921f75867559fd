"""Where a response is best, how sure that is, and whether there is a best place at all.

Everything is read from draws of the response: each draw is the smooth response as it would have
come out with other seeds. The best place of each draw makes the interval of the best place.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Verdict = Literal["optimum", "no clear optimum", "at the edge"]

LOW, HIGH = 2.5, 97.5
"""Percentiles of draws that bound an interval."""
SMALLEST_SHARE = 0.01
"""Smallest effect that matters unless another is given, as a share of the objective at its best."""
_EDGE = 0.01
"""How near to an end of the range a best place counts as lying at it, as a share of the range."""
_WIDEST = 0.5
"""An interval wider than this share of the range names no place."""
_COMPARED = 48
"""Places between which all pairs are compared."""


@dataclass(frozen=True)
class Response:
    """The objective over the levers: estimate (places), draws (draws × places)."""

    places: Floats
    """Places × levers, as shares of the ranges."""
    estimate: Floats
    draws: Floats
    slack: Sequence[tuple[Floats, Floats]] = field(default_factory=list)
    """Estimate and draws of what each constraint leaves; below 0 it is broken."""

    @property
    def allowed(self) -> NDArray[np.bool_]:
        """Places at which every constraint is kept by the means."""
        kept = np.ones(len(self.places), dtype=bool)
        for estimate, _ in self.slack:
            kept &= estimate >= 0.0
        return kept

    @property
    def best_of_draws(self) -> NDArray[np.int64]:
        """Best place of every draw that leaves one; each draw has its own constraints."""
        kept = np.ones(self.draws.shape, dtype=bool)
        for _, draws in self.slack:
            kept &= draws >= 0.0
        heights = np.where(kept, self.draws, -np.inf)
        return np.asarray(heights.argmax(axis=1)[kept.any(axis=1)], dtype=np.int64)


@dataclass(frozen=True)
class Optimum:
    """The best place of a response; places are shares of the ranges of the levers."""

    verdict: Verdict
    reason: str
    """Why the verdict is no optimum: flat, unresolved, wide, none allowed or not defined; else
    empty."""
    best: int | None
    """Index of the best place; None where no place is allowed."""
    low: Floats
    high: Floats
    """Interval of the best place, lever by lever."""
    flat_low: Floats
    flat_high: Floats
    """Places not worse than the best by more than the smallest effect, lever by lever."""
    smallest: float
    """The smallest effect that matters, in units of the objective."""
    edges: tuple[str, ...]
    """For each lever the end at which its best value lies: low, high, or nothing."""
    wide: tuple[bool, ...]
    """For each lever whether the runs leave its best value open."""


def judged(response: Response, smallest: float | None = None) -> Optimum:
    """Where the response is best; `smallest` is the smallest effect, by default 1 % of the best.

    There is no clear optimum where no allowed value is surely worse than the best by more than the
    smallest effect (judged over all pairs of values at once), and where the interval of the best
    place spans more than half of the range of every lever.
    """
    allowed, n_levers = response.allowed, response.places.shape[1]
    if not allowed.any():
        return nowhere(n_levers, "none allowed", smallest or 0)
    best = int(np.where(allowed, response.estimate, -np.inf).argmax())
    if smallest is None:
        smallest = SMALLEST_SHARE * abs(float(response.estimate[best]))
    here = response.places[best]
    of_draws = response.places[response.best_of_draws]
    if not len(of_draws):
        of_draws = here[None]
    low = np.minimum(np.percentile(of_draws, LOW, axis=0), here)
    high = np.maximum(np.percentile(of_draws, HIGH, axis=0), here)
    flat = _flat_region(response, best, smallest)
    flat_low, flat_high = response.places[flat].min(axis=0), response.places[flat].max(axis=0)
    reach = np.ptp(response.places[allowed], axis=0)
    wide = tuple(bool(width) for width in high - low > _WIDEST * np.maximum(reach, 1e-12))
    edges = tuple(_edge(here[k], of_draws[:, k]) for k in range(n_levers))
    surely, perhaps = _loss_of_worst(response, best)
    reason = ""
    verdict: Verdict = "optimum"
    if surely <= smallest:
        verdict, reason = "no clear optimum", "flat" if perhaps <= smallest else "unresolved"
    elif all(wide):
        verdict, reason = "no clear optimum", "wide"
    elif any(edges):
        verdict = "at the edge"
    return Optimum(verdict, reason, best, low, high, flat_low, flat_high, smallest, edges, wide)


def nowhere(n_levers: int, reason: str, smallest: float) -> Optimum:
    """No best place, for that reason."""
    none = np.full(n_levers, np.nan)
    edges, wide = ("",) * n_levers, (True,) * n_levers
    return Optimum("no clear optimum", reason, None, none, none, none, none, smallest, edges, wide)


def _edge(here: float, of_draws: Floats) -> str:
    if here <= _EDGE and np.mean(of_draws <= _EDGE) >= 0.5:
        return "low"
    if here >= 1.0 - _EDGE and np.mean(of_draws >= 1.0 - _EDGE) >= 0.5:
        return "high"
    return ""


def _flat_region(response: Response, best: int, smallest: float) -> NDArray[np.bool_]:
    """Allowed places nearly as good as the best; of one lever, those connected to it."""
    near = response.allowed & (response.estimate >= response.estimate[best] - smallest)
    if response.places.shape[1] > 1:
        return near
    order = np.argsort(response.places[:, 0])
    place = int(np.nonzero(order == best)[0][0])
    connected = np.zeros(len(near), dtype=bool)
    for steps in (order[place:], order[: place + 1][::-1]):
        for index in steps:
            if not near[index]:
                break
            connected[index] = True
    return connected


def _loss_of_worst(response: Response, best: int) -> tuple[float, float]:
    """Bounds of how much worse the worst allowed place is than the best (95 %, all pairs)."""
    places = np.nonzero(response.allowed)[0]
    chosen = places[np.unique(np.linspace(0, len(places) - 1, _COMPARED).astype(int))]
    chosen = np.unique(np.append(chosen, best))
    moved = response.draws[:, chosen] - response.estimate[chosen]
    steps = moved[:, :, None] - moved[:, None, :]
    spread = steps.std(axis=0)
    unit = np.where(spread > 0.0, spread, np.inf)
    reach = float(np.percentile((np.abs(steps) / unit).max(axis=(1, 2)), 95.0))
    loss = response.estimate[best] - response.estimate[chosen]
    of_best = spread[int(np.nonzero(chosen == best)[0][0])]
    return float((loss - reach * of_best).max()), float((loss + reach * of_best).max())


@dataclass(frozen=True)
class Crossing:
    """Where a response falls to a level, as a share of the range, with 95 % interval."""

    place: float | None
    """None where it stays above (`always`) or below (`never`) within the range."""
    low: float | None
    high: float | None
    state: Literal["crosses", "always", "never"]


def last_above(places: Floats, above: Floats, draws: Floats) -> Crossing:
    """The highest place at which a response of one lever is at or above a level.

    `above` is the response less the level at ascending `places`, `draws` the same for each draw.
    """
    place = _falls(places, above)
    if place is None:
        return Crossing(None, None, None, "always" if (above >= 0.0).any() else "never")
    ends = [_falls(places, draw) for draw in draws]
    # a draw that never falls does so beyond the range, one that is never above before it
    known = [
        end if end is not None else (places[-1] if (draw >= 0.0).any() else places[0])
        for end, draw in zip(ends, draws, strict=True)
    ]
    low, high = np.percentile(known, [LOW, HIGH])
    return Crossing(place, min(float(low), place), max(float(high), place), "crosses")


def _falls(places: Floats, above: Floats) -> float | None:
    """Where the last fall through zero is; None if there is none before the end."""
    if above[-1] >= 0.0:
        return None
    before = np.nonzero(above >= 0.0)[0]
    if not len(before):
        return None
    k = int(before[-1])
    share = above[k] / (above[k] - above[k + 1])
    return float(places[k] + share * (places[k + 1] - places[k]))
