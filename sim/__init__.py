"""Referral rewards against ad bidding: two markets on one world, compared in pairs.

Importing this package is light: the public names are looked up in `sim.api` on first use.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

__all__ = ["MarketModel", "compare", "load_scenario", "run", "sweep", "tune"]


def __getattr__(name: str) -> Any:
    """The public name of that name, from `sim.api`."""
    if name in __all__:
        try:
            return getattr(import_module("sim.api"), name)
        except ModuleNotFoundError as error:
            if error.name != "sim.api":
                raise
        except AttributeError:
            pass
    raise AttributeError(f"module 'sim' has no attribute {name!r}")


def __dir__() -> list[str]:
    """The public names and those already loaded."""
    return sorted({*globals(), *__all__})
