"""What can go wrong around runs, told in one line each."""

from sim.parameters.problems import InputError


class StoreError(InputError):
    """Results cannot be read or written."""


class RunError(InputError):
    """What was asked for is no run or comparison that can be made."""


class RunFailed(Exception):
    """Some runs broke off by a fault of the model; `failures` says which and why."""

    def __init__(self, failures: list[str]) -> None:
        super().__init__("\n".join(failures))
        self.failures = failures
