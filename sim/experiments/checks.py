"""What is asked of a run or a comparison, checked before anything is done."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sim.experiments.errors import RunError
from sim.experiments.replicate import ENGINES, RunOptions
from sim.markets import MARKETS, market_named
from sim.parameters.problems import Problem
from sim.scenario import Scenario
from sim.scenario.names import closest

MOST_AT_ONCE = 1_024
"""Threads or jobs above which starting them takes longer than what they do."""


class Mistakes(list[str]):
    """Mistakes in what is asked, found one after another to be told together."""

    def tried(self, check: Callable[..., Any], *arguments: Any) -> Any:
        """Return what the check returns, or None where it raises RunError, whose lines are kept."""
        try:
            return check(*arguments)
        except RunError as error:
            self.extend(error.lines)
            return None


def checked_options(
    engine: str | None,
    threads: int | None,
    trace: bool,
    markets: Sequence[str],
    force: bool = False,
    **counts: int | None,
) -> RunOptions:
    """How runs are to be made; RunError tells all mistakes at once, `counts` below 1 included."""
    mistakes = []
    if engine is not None and engine not in ENGINES:
        mistakes.append(f"engine: {engine!r} is not there: give {' or '.join(ENGINES)}")
    for name, count in {"threads": threads, **counts}.items():
        if count is not None and count < 1:
            mistakes.append(f"{name}: {count} is below the lowest value 1")
        elif count is not None and name in ("threads", "jobs") and count > MOST_AT_ONCE:
            mistakes.append(f"{name}: {count} is above the highest value {MOST_AT_ONCE:,}")
    for market in dict.fromkeys(markets):
        try:
            market_named(market)
        except ValueError as error:
            mistakes.append(f"market: {error}")
    if mistakes:
        raise RunError(*mistakes)
    return RunOptions(engine or ENGINES[0], threads, trace, force)


def check_lived(scenario: Scenario | None) -> None:
    """Refuse a world in which nothing can happen: there is nothing to judge in it.

    No scenario stands for one that mistakes leave open.
    """
    if scenario is None:
        return
    mistakes = []
    if scenario.run.weeks == 0:
        mistakes.append("run.weeks: 0 weeks leave nothing to judge: give 1 or more")
    if scenario.population.n_consumers == 0 and not scenario.network.file:
        mistakes.append("population.n_consumers: 0 people leave nothing to judge: give 1 or more")
    if mistakes:
        raise RunError(*mistakes)


def check_pair(markets: Sequence[str]) -> None:
    """Refuse markets that make no pair."""
    named = [market for market in markets if market]
    if len(set(named)) < len(named):
        raise RunError(f"markets: {','.join(markets)}: name each once")
    if len(markets) < 2:
        raise RunError(f"markets: {','.join(markets) or 'none'}: give at least two")


def settings_not_heard(
    markets: Sequence[str], keys: Iterable[str], remedy: str = "run {} too"
) -> list[Problem]:
    """What is wrong with settings of markets that none of `markets` is or has as a side: no effect.

    `remedy` says what to do with markets that do hear them. Nothing where one is not known.
    """
    if not MARKETS.keys() >= set(markets):
        return []
    heard = {name for market in markets for name in _sections_of(market)}
    asked = ((key, key.partition(".")[0]) for key in keys)
    return [
        Problem(
            key=key,
            problem=f"has no effect: {section} is not among the markets run",
            hint=f"{remedy.format(_that_have(section))}, or leave it out",
        )
        for key, section in asked
        if section in MARKETS and section not in heard
    ]


def _that_have(section: str) -> str:
    """The markets in which parameters of that section act, as words."""
    return " or ".join(market for market in MARKETS if section in _sections_of(market))


def _sections_of(market: str) -> set[str]:
    return {market, *(side.name for side in MARKETS[market].sides)}


def outcome_named(name: str, known: Iterable[str]) -> str:
    """The one of `known` given with or without its unit `_fen`; RunError where there is none."""
    short = {full.removesuffix("_fen"): full for full in known}
    if name in short:
        return short[name]
    names = [*short, *short.values()]
    if name in names:
        return name
    guess = closest(name, names)
    hint = f"did you mean {guess}?" if guess else "docs/outcomes.md lists the outcomes"
    raise RunError(f"{name or repr(name)}: unknown outcome: {hint}")
