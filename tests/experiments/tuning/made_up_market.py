"""A market that takes no time: one lever, paired luck, and an optimum that is known."""

import numpy as np

from sim.experiments.tuning.levers import lever_of
from sim.experiments.tuning.quantities import objective_of
from sim.experiments.tuning.search import Question

LEVER = lever_of("referral.reward_rate")
OBJECTIVE = objective_of("consumer_surplus")

SHAPES = {
    "clear": lambda x: 10_000 - 200_000 * (x - 0.12) ** 2,
    "flat": lambda x: 10_000 + 0 * x,
    "edge": lambda x: 10_000 - 5_000 * x,
}


def question(budget=200, levers=(LEVER,), present=(0.06,), constraints=(), other=False, seed=7):
    return Question(levers, (OBJECTIVE,), constraints, (52,), present, budget, other, seed)


def made_up(shape, noise=1.0, luck=0, calls=None):
    """Measures consumer surplus and tie trust after 52 weeks; luck is paired over the values."""

    def quantities(point, number):
        rng = np.random.default_rng([luck, number])
        level, wave = 500 * rng.normal(), rng.normal(size=2)
        if point is None:
            return {"consumer_surplus_fen": 9_600 + level, "mean_tie_trust": 0.6}
        x = point[0]
        own = np.random.default_rng([luck, number, round(1e6 * x)]).normal()
        rest = 60 * (wave[0] * np.sin(20 * x) + wave[1] * np.cos(11 * x) + own)
        surplus = float(SHAPES[shape](x)) + level + noise * rest
        return {"consumer_surplus_fen": surplus, "mean_tie_trust": 0.6 - x + 0.002 * own}

    def measure(asked):
        if calls is not None:
            calls.append(list(asked))
        return [{52: quantities(point, number)} for point, number in asked]

    return measure
