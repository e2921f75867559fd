"""What a live run costs, and whether it is too much for a page."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from app_parts.language import t
from app_parts.numbers import number
from app_parts.stored import RUN
from sim.scenario import Scenario

MOST_PEOPLE = 20_000
"""Most people of a network that is brought along."""
MOST_SECONDS = 600.0
"""Longest live run; more belongs on the command line."""
_START_SECONDS = 5.0
_PERSON_WEEKS_A_SECOND = 250_000.0
_LEAST_SECONDS_A_WEEK = 0.006


@dataclass(frozen=True)
class Cost:
    """How long a live run takes, in seconds, roughly."""

    seconds: float
    runs: int

    @property
    def too_much(self) -> bool:
        """Whether a page refuses to run it."""
        return self.seconds > MOST_SECONDS

    def words(self) -> str:
        """The cost in a sentence, with what to do where it is too much."""
        if self.too_much:
            return t("cost.too_much", minutes=number(self.seconds / 60, 0))
        if self.seconds < 90:
            return t(
                "cost.seconds",
                runs=self.runs,
                seconds=number(max(5, 5 * round(self.seconds / 5)), 0),
            )
        return t("cost.minutes", runs=self.runs, minutes=number(self.seconds / 60, 0))


def estimate(scenario: Scenario) -> Cost:
    """Cost of comparing the markets of a live run as the scenario says."""
    return cost_of(scenario, scenario.run.replicates * len(RUN))


def cost_of(scenario: Scenario, runs: int) -> Cost:
    """Cost of so many runs of the scenario."""
    people = _people_in(scenario.network.file) or scenario.population.n_consumers
    a_week = people / _PERSON_WEEKS_A_SECOND + _LEAST_SECONDS_A_WEEK
    return Cost(_START_SECONDS + runs * scenario.run.weeks * a_week, runs)


@lru_cache(maxsize=16)
def _people_in(file: str) -> int:
    """People of a network that was brought along, whose names are numbers from 0; else 0."""
    if not file:
        return 0
    try:
        lines = Path(file).read_text(encoding="utf-8").splitlines()
        return 1 + max(int(name) for line in lines for name in line.split(",")[:2])
    except (OSError, ValueError):
        return 0
