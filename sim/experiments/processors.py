"""How many things are done at once on this machine."""

from sim.kernels.threads import cores, threads_that_pay


def shared_cores(
    jobs: int | None, threads: int | None, runs: int, n_consumers: int
) -> tuple[int, int]:
    """Jobs and threads of each, so that what was not asked for does not crowd the processors.

    The largest of the runs has so many consumers.
    """
    if jobs is None:
        jobs = max(1, cores() // (threads or 1))
    jobs = max(1, min(jobs, runs))
    return jobs, threads or threads_that_pay(cores() // jobs, n_consumers)
