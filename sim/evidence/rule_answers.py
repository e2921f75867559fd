"""Answers to the known-answer families of draws, money and the rules of consumers.

Each function takes the inputs of a case and returns the answers by key, and the number of
independent samples where they are frequencies.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import index
from typing import Any

from sim.draws import CHOICE_SHOCK, gumbel_of, philox4x32, uniform
from sim.money import split_fen
from sim.rules.belief import combine
from sim.rules.choice import best_option, logsumexp
from sim.rules.rewards import pyramid_threshold
from sim.rules.trust import beta_expected, faded_then_added

#: Choices made to count how often each option wins.
N_CHOICES = 200_000
_SEED = 1
_WORD_LIMIT = 2**32

Inputs = Mapping[str, Any]
Answered = tuple[dict[str, Any], int | None]
Family = Callable[[Inputs], Answered]


def logit_choice(inputs: Inputs) -> Answered:
    """Return how often each option wins by the keyed shocks of as many people, and the log-sum."""
    utilities = [float(value) for value in inputs["utility"]]
    outside = inputs.get("outside_utility")
    if outside is not None:
        utilities.append(float(outside))
    n = len(utilities)
    if n == 0:
        raise ValueError("utility lists no option")
    partners = [option if outside is None or option < n - 1 else -1 for option in range(n)]
    wins = [0] * n
    for consumer in range(N_CHOICES):
        totals = [
            value + gumbel_of(uniform(_SEED, consumer, partner, 0, CHOICE_SHOCK))
            for value, partner in zip(utilities, partners, strict=True)
        ]
        wins[best_option(totals, n)] += 1
    probs = [count / N_CHOICES for count in wins]
    return {"choice_prob": probs, "logsum": logsumexp(utilities, n)}, N_CHOICES


def beta_reputation(inputs: Inputs) -> Answered:
    """Return the evidence about a person, and the share of useful outcomes to expect."""
    if "feedback" in inputs:
        forgetting = float(inputs["forgetting"]) if "forgetting" in inputs else 1.0
        useful = useless = 0.0
        for outcome in inputs["feedback"]:
            if outcome not in (0, 1):
                raise ValueError(f"feedback must be 0 or 1, not {outcome}")
            useful = faded_then_added(useful, forgetting, 1, float(outcome))
            useless = faded_then_added(useless, forgetting, 1, 1.0 - outcome)
    else:
        useful, useless = float(inputs["useful"]), float(inputs["useless"])
    expected = beta_expected(useful, useless)
    return {"useful": useful, "useless": useless, "expected": expected}, None


def normal_learning(inputs: Inputs) -> Answered:
    """Return mean and variance of a belief after all signals, each a value and its variance."""
    mean, precision = float(inputs["prior_mean"]), 1.0 / inputs["prior_variance"]
    for value, variance in inputs["signals"]:
        mean, precision = combine(mean, precision, float(value), 1.0 / variance)
    return {"mean": mean, "variance": 1.0 / precision}, None


def reward_split(inputs: Inputs) -> Answered:
    """Return what each level gets of an amount, in fen, and their sum."""
    amounts = split_fen(index(inputs["total_fen"]), [index(w) for w in inputs["weights"]])
    return {"amounts_fen": list(amounts), "sum_fen": sum(amounts)}, None


def philox(inputs: Inputs) -> Answered:
    """Return the four words that the generator behind every draw gives."""
    counter = [index(word) for word in inputs["counter"]]
    key = [index(word) for word in inputs["key"]]
    if len(counter) != 4 or len(key) != 2:
        raise ValueError("counter must have 4 words and key 2")
    if not all(0 <= word < _WORD_LIMIT for word in (*counter, *key)):
        raise ValueError("words must have 32 bits")
    return {"output": list(philox4x32(*counter, *key))}, None


def pyramid_rule(inputs: Inputs) -> Answered:
    """Return whether a scheme meets the legal threshold of pyramid selling."""
    meets = pyramid_threshold(index(inputs["participants"]), index(inputs["levels"]))
    return {"meets_threshold": meets}, None


RULE_FAMILIES: dict[str, Family] = {
    "logit_choice": logit_choice,
    "beta_reputation": beta_reputation,
    "normal_learning": normal_learning,
    "reward_split": reward_split,
    "philox4x32": philox,
    "pyramid_rule": pyramid_rule,
}
