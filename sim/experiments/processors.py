"""How many things can be done at once on this machine."""

import os


def cores() -> int:
    """Number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def shared_cores(jobs: int | None, threads: int | None, runs: int) -> tuple[int, int]:
    """Jobs and threads of each, so that what was not asked for does not crowd the processors."""
    if jobs is None:
        jobs = max(1, cores() // (threads or 1))
    jobs = max(1, min(jobs, runs))
    return jobs, threads or max(1, cores() // jobs)
