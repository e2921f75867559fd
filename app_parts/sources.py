"""Where the values of the parameters come from, counted from their own statements."""

from dataclasses import dataclass
from functools import lru_cache

from sim.parameters import PARAMETERS

_WAITING = "to be calibrated"


@dataclass(frozen=True)
class Origins:
    """How many parameters there are of each origin."""

    n: int
    calibrated: int
    measured: int
    """Measured or cited."""
    assumed: int
    waiting: int
    """Assumed, and marked to be calibrated."""


@lru_cache(maxsize=1)
def origins() -> Origins:
    """Parameters by origin, as their sources begin."""
    sources = [entry.source for entry in PARAMETERS.values()]
    kinds = [source.split(":", 1)[0] for source in sources]
    return Origins(
        n=len(sources),
        calibrated=kinds.count("calibrated"),
        measured=kinds.count("measured") + kinds.count("cited"),
        assumed=kinds.count("assumed"),
        waiting=sum(_WAITING in source for source in sources),
    )
