"""Answers to the known-answer families of draws, money and the rules of consumers.

Each function takes the inputs of a case and returns the answers by key, and the number of
independent samples where they are frequencies.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import index
from typing import Any

from sim.arithmetic import ln
from sim.draws import CHOICE_SHOCK, philox4x32, uniform
from sim.money import split_fen
from sim.rules import choice, trust
from sim.rules.belief import combine
from sim.rules.rewards import pyramid_threshold
from sim.world.columns import NOBODY

#: Choices made to count how often each option wins.
N_CHOICES = 200_000
_SEED = 1
#: Prior mean and strength of trust in somebody of whom nothing is known: a uniform prior.
_NOTHING_KNOWN = 0.5, 2.0
_WORD_LIMIT = 2**32

Inputs = Mapping[str, Any]
Answered = tuple[dict[str, Any], int | None]
Family = Callable[[Inputs], Answered]


def logit_choice(inputs: Inputs) -> Answered:
    """Return how often each option wins the race of as many people, and the log-sum of weights."""
    utilities = [float(value) for value in inputs["utility"]]
    outside = inputs.get("outside_utility")
    if outside is not None:
        utilities.append(float(outside))
    n = len(utilities)
    if n == 0:
        raise ValueError("utility lists no option")
    partners = [option if outside is None or option < n - 1 else NOBODY for option in range(n)]
    largest = max(utilities)
    weights = [choice.option_weight(utility, largest) for utility in utilities]
    wins = [0] * n
    for consumer in range(N_CHOICES):
        arrivals = [
            choice.arrival(uniform(_SEED, consumer, partner, 0, CHOICE_SHOCK), weight)
            for partner, weight in zip(partners, weights, strict=True)
        ]
        wins[arrivals.index(min(arrivals))] += 1
    probs = [count / N_CHOICES for count in wins]
    return {"choice_prob": probs, "logsum": largest + ln(sum(weights))}, N_CHOICES


def beta_reputation(inputs: Inputs) -> Answered:
    """Return the evidence about a person, and the share of useful outcomes to expect."""
    if "feedback" in inputs:
        forgetting = float(inputs["forgetting"]) if "forgetting" in inputs else 1.0
        useful = useless = 0.0
        for age, outcome in enumerate(reversed(inputs["feedback"])):
            if outcome not in (0, 1):
                raise ValueError(f"feedback must be 0 or 1, not {outcome}")
            # A tie keeps the sum in whole thousandths; cases ask for more digits. So what is left
            # of each piece is added up, where `trust.evidence_after` would round week by week.
            piece = trust.evidence_left(trust.PIECE_MILLI, trust.share_kept(forgetting, age))
            useful += piece if outcome else 0.0
            useless += 0.0 if outcome else piece
    else:
        useful, useless = float(inputs["useful"]), float(inputs["useless"])
    expected = trust.tie_trust(*_NOTHING_KNOWN, useful, useless)
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
