"""What can go wrong around runs, told in one line each."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.parameters.problems import InputError

if TYPE_CHECKING:
    import pandas as pd

    from sim.measures.spool import Table


#: What to do about a stored file that is broken.
MEND = "delete its folder and ask again"


class StoreError(InputError):
    """Results cannot be read or written."""


class BrokenFile(StoreError):
    """A stored file is not as it was written; what it describes counts as not there."""


class RunError(InputError):
    """What was asked for is no run or comparison that can be made."""


class LongWait(UserWarning):
    """What was asked for will take days."""


class RunFailed(Exception):
    """Some runs broke off by a fault of the model; `failures` says which and why."""

    def __init__(
        self,
        failures: list[str],
        outcomes: "pd.DataFrame | None" = None,
        reasons: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__("\n".join(failures))
        self.failures = failures
        self.outcomes = outcomes
        """Outcomes of all runs, not numbers in the rows of those that failed; None where the runs
        are kept in folders."""
        self.reasons = reasons or {}
        """Why each failed, by run key."""


class Stopped(BaseException):
    """Raised by who is told of progress, to stop a run between two weeks; no failure of the run.

    On its way up it takes along what the run has come to so far.
    """

    def __init__(self) -> None:
        super().__init__("stopped between two weeks")
        self.tables: Mapping[str, Table] = {}
        self.facts: Mapping[str, Any] = {}
