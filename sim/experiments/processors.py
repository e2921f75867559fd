"""How many things are done at once on this machine."""

from sim.kernels.threads import cores


def shared_cores(jobs: int | None, threads: int | None, runs: int) -> tuple[int, int]:
    """Jobs and threads of each, so that what was not asked for does not crowd the processors."""
    if jobs is None:
        jobs = max(1, cores() // (threads or 1))
    jobs = max(1, min(jobs, runs))
    return jobs, threads or max(1, cores() // jobs)
